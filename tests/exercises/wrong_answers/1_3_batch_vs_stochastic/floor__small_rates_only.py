# misconception: The floor is ησ²/(2λ).
# feedback: that is the formula for small rates


def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * 2)
