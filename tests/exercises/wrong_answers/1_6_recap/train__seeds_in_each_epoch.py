# misconception: The generator is made in each epoch.
# feedback: made anew, it begins anew


def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses
