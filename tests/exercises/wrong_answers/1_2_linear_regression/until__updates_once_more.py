# misconception: The update that was computed is made before the loop ends.
# feedback: the tenth had made it short enough


def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    first, updates = None, 0
    while updates < most:
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        first = length if first is None else first
        w, b = w - lr * gradient_w, b - lr * gradient_b
        updates += 1
        if length <= tolerance * first:
            break
    return w, b, updates
