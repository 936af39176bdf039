# misconception: When the loss hardly changes, the loop has arrived.
# feedback: A loss that hardly changes may mean that you walk slowly


def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    before = None
    for updates in range(most + 1):
        error = x @ w + b - y
        loss = (error**2).mean()
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        if before is not None and before - loss <= tolerance * tolerance * before:
            return w, b, updates
        if updates == most:
            return w, b, updates
        before = loss
        w, b = w - lr * gradient_w, b - lr * gradient_b
