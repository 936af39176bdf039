# differs: keeps the weights of all epochs, and chooses at the end


def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    torch.manual_seed(seed)
    points, theta = [], torch.zeros(X.shape[1], 1)
    for _ in range(epochs):
        order = torch.randperm(X.shape[0])
        X_now, y_now, c_now = X[order], y[order], c[order]
        for start in range(0, X.shape[0], batch):
            part = slice(start, start + batch)
            theta = theta - lr * gradient_of(X_now[part], y_now[part], c_now[part], theta)
        points.append(theta)
    losses = [float((c_val * (X_val @ point - y_val).square()).mean()) for point in points]
    return points[losses.index(min(losses))], losses


def gradient_of(X, y, c, theta):
    return 2 * (c * (X @ theta - y) * X).mean(dim=0).unsqueeze(1)
