# misconception: The mean runs over all numbers of x.
# feedback: Divide by n, not by n·d


def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return 2 * x.T @ error / x.numel(), 2 * error.mean(dim=0)
