# misconception: The batches of an epoch make one update together.
# feedback: Make one for each batch


def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        gradients = []
        for rows in torch.randperm(len(X), generator=generator).split(batch):
            error = X[rows] @ theta - y[rows]
            gradients.append(2 * X[rows].T @ (c[rows] * error) / len(rows))
        theta = theta - lr * sum(gradients) / len(gradients)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses
