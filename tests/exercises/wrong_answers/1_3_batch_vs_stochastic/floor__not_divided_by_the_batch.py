# misconception: A batch's gradient is as noisy as an example's.
# feedback: divide by B


def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))
