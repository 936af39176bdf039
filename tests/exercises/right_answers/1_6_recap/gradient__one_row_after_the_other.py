# differs: a loop over the examples


def gradient(X, y, c, theta):
    total = torch.zeros_like(theta)
    for i in range(len(X)):
        row = X[i : i + 1]
        total = total + 2 * c[i] * (row @ theta - y[i]) * row.T
    return total / len(X)
