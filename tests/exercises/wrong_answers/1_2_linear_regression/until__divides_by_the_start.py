# misconception: Relative means divided by the start, and the start is never zero.
# feedback: do not divide by the length at the start


def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    for updates in range(most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        if updates == 0:
            first = length
        if length / first <= tolerance or updates == most:
            return w, b, updates
        w, b = w - lr * gradient_w, b - lr * gradient_b
