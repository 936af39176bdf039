# misconception: The mean of products is the product of means.
# feedback: Multiply first, then take the mean


def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return 2 * error.mean() * x.mean(dim=0).unsqueeze(1), 2 * error.mean(dim=0)
