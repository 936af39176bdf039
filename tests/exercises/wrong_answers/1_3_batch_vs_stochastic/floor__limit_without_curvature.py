# misconception: The limit is 2.
# feedback: return math.inf


def noise_floor(lr, curvature, sigma2, size, n):
    if lr >= 2 or lr * curvature == 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))
