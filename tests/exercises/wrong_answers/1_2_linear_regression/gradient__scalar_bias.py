# misconception: The gradient of the bias is a plain number.
# feedback: gradient_b must be a tensor, not float


def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return 2 * x.T @ error / len(x), 2 * error.mean().item()
