# misconception: Who counts how much matters only when the result is judged.
# feedback: as if all examples counted the same


def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    c = torch.ones_like(c)
    lr = 0.1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1]
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        if loss < lowest:
            best, lowest = theta, loss
    return lambda x_new: design((x_new - m) / s) @ best
