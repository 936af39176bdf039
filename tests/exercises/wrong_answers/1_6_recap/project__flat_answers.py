# misconception: A row of answers is as good as a column.
# feedback: Does anything but the bias move


def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    y, y_val, c, c_val = y.squeeze(1), y_val.squeeze(1), c.squeeze(1), c_val.squeeze(1)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 0.02
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error).mean(dim=1, keepdim=True) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        if loss < lowest:
            best, lowest = theta, loss
    return lambda x_new: design((x_new - m) / s) @ best
