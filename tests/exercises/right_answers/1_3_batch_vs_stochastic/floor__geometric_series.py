# differs: what each update adds, summed as a geometric series


def noise_floor(lr, curvature, sigma2, size, n):
    shrink = (1 - lr * curvature) ** 2
    if shrink >= 1 and lr > 0:
        return float("inf")
    return lr**2 * (sigma2 * (n - size)) / (size * (n - 1)) / (1 - shrink)
