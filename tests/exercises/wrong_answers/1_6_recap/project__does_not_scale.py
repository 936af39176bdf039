# misconception: The units of the inputs do not matter.
# feedback: the loop has exploded


def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = 0.0, 1.0
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 0.02
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        best = theta
    return lambda x_new: design((x_new - m) / s) @ best
