# misconception: The errors may be written over the answers.
# feedback: changed its input number 2


def mse_gradient(x, y, w, b):
    y -= x @ w + b
    return -2 * x.T @ y / len(x), -2 * y.mean(dim=0)
