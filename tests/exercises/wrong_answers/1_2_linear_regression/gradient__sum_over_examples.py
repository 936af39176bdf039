# misconception: The loss is the sum of the squared errors.
# feedback: that is a sum over the examples


def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return 2 * x.T @ error, 2 * error.sum(dim=0)
