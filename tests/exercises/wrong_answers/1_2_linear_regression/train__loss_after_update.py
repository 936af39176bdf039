# misconception: The loss of an update is the one it leads to.
# feedback: that is the loss after the first update


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
        losses.append(((x @ w + b - y) ** 2).mean().item())
    return w, b, losses
