# misconception: The error is the answer minus the prediction.
# feedback: the sign is turned round


def mse_gradient(x, y, w, b):
    error = y - (x @ w + b)
    return 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
