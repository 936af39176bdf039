# misconception: The rule is looked at after each update.
# feedback: you make 1 updates, not 0


def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    first = None
    for updates in range(1, most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        first = length if first is None else first
        w, b = w - lr * gradient_w, b - lr * gradient_b
        error = x @ w + b - y
        now = torch.cat([2 * x.T @ error / len(x), 2 * error.mean(dim=0, keepdim=True)]).norm()
        if now <= tolerance * first:
            break
    return w, b, updates
