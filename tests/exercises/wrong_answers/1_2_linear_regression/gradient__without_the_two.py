# misconception: The derivative of a square is the thing itself.
# feedback: the 2 from the square is missing


def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return x.T @ error / len(x), error.mean(dim=0)
