# differs: the bias as the weight of a column of ones


def mse_gradient(x, y, w, b):
    X = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    theta = torch.cat([w, b.reshape(1, 1)])
    gradient = 2 / len(X) * X.T @ (X @ theta - y)
    return gradient[:-1], gradient[-1]
