# misconception: The tolerance is compared with the last gradient, not with the first.
# feedback: the loop did not stop


def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    last = None
    for updates in range(most):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        if length == 0 or (last is not None and length <= tolerance * last):
            return w, b, updates
        last = length
        w, b = w - lr * gradient_w, b - lr * gradient_b
    return w, b, most
