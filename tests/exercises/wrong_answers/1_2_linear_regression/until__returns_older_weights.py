# misconception: The weights of the update before may be returned.
# feedback: Return the w and b whose gradient you looked at


def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    old_w, old_b = w, b
    for updates in range(most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        if updates == 0:
            first = length
        if length <= tolerance * first or updates == most:
            return old_w, old_b, updates
        old_w, old_b = w, b
        w, b = w - lr * gradient_w, b - lr * gradient_b
