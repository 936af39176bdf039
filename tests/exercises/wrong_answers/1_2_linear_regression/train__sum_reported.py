# misconception: The steps follow the mean, but a sum is reported.
# feedback: that is a sum over the examples. The loss is their mean.


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).sum().item())
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses
