# misconception: Drawing without replacement changes nothing.
# feedback: the factor (n − B)/(n − 1) is missing


def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))
