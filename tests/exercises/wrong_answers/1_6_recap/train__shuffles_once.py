# misconception: One shuffling is enough for all epochs.
# feedback: the second epoch took the order of the first


def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    order = torch.randperm(len(X), generator=generator)
    for _ in range(epochs):
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses
