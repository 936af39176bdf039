# misconception: sigma2 has to be squared.
# feedback: Do not square it


def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2**2 / size * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))
