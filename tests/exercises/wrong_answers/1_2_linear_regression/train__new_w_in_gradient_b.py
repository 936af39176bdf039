# misconception: Each weight may use the others as soon as they are new.
# feedback: b was updated with the new w


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        w = w - lr * 2 * x.T @ error / len(x)
        b = b - lr * 2 * (x @ w + b - y).mean(dim=0)
    return w, b, losses
