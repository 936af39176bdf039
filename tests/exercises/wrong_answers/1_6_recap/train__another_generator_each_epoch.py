# misconception: Each epoch has a seed of its own.
# feedback: the third order is another


def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for epoch in range(epochs):
        generator = torch.Generator().manual_seed(seed + epoch)
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses
