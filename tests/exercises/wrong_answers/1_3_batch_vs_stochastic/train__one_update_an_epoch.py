# misconception: The batches are read first, and then comes the update.
# feedback: Make an update for each batch


def train(batches, w, b, lr, epochs):
    x, y = (torch.vstack(parts) for parts in zip(*batches, strict=True))
    losses, seen = [], []
    for epoch in range(epochs):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        seen.append((epoch + 1) * len(x))
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen
