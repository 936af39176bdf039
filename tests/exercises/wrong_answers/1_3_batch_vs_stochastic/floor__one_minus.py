# misconception: The factor of an update stands in the denominator.
# feedback: not 1 − ηλ


def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * (1 - lr * curvature))
