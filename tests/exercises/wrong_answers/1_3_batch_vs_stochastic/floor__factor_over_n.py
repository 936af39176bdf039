# misconception: The factor is the share that was not drawn.
# feedback: not (n − B)/n


def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / n
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))
