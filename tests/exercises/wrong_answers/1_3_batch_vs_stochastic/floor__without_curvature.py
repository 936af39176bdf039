# misconception: The floor does not depend on the curvature but for the limit.
# feedback: λ is missing


def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / (n - 1)
    return lr * sigma2_batch / (2 - lr * curvature)
