# misconception: The last loss needs an update, too.
# feedback: that is after two updates


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates + 1):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses
