# misconception: The bias is not part of the prediction.
# feedback: Does b enter the prediction?


def mse_gradient(x, y, w, b):
    error = x @ w - y
    return 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
