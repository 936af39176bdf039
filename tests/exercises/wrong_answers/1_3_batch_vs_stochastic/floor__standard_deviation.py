# misconception: The floor is a distance.
# feedback: The floor is the variance: take no root


def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / (n - 1)
    return math.sqrt(lr * sigma2_batch / (curvature * (2 - lr * curvature)))
