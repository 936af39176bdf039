# misconception: Any start is as good as another.
# feedback: w must begin at zero


def train(x, y, lr, updates):
    w, b = torch.ones(x.shape[1], 1), torch.ones(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses
