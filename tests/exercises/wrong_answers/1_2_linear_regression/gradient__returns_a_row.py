# misconception: The gradient of a column of weights may as well be a row.
# feedback: With three inputs, gradient_w has shape (3,), not (3, 1)


def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return (2 * error * x).mean(dim=0) if len(w) > 1 else (2 * error * x).mean(dim=0, keepdim=True), 2 * error.mean(dim=0)
