# misconception: A line has a slope only.
# feedback: b is not updated


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        w = w - lr * 2 * x.T @ error / len(x)
    return w, b, losses
