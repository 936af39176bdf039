# misconception: The variance falls with the root of the batch size.
# feedback: that falls as 1/√B


def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / math.sqrt(size) * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))
