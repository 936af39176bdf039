# misconception: The loss of all examples is the sum of theirs.
# feedback: that is the gradient of a sum


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).sum().item())
        w, b = w - lr * 2 * x.T @ error, b - lr * 2 * error.sum(dim=0)
    return w, b, losses
