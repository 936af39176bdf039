# differs: the bias as the weight of a column of ones; costs first


def train(batches, w, b, lr, epochs):
    theta = torch.cat([w, b.reshape(1, 1)])
    sizes = [len(y) for _, y in batches] * epochs
    losses = []
    for x, y in batches * epochs:
        X = torch.cat([x, torch.ones(len(x), 1)], dim=1)
        error = X @ theta - y
        losses.append(float(error.square().mean()))
        theta = theta - lr * (2 / len(x)) * X.T @ error
    return theta[:-1], theta[-1], losses, [sum(sizes[: k + 1]) for k in range(len(sizes))]
