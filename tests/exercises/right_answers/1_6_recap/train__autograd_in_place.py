# differs: autograd, in-place updates and a clone


def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = torch.zeros(X.shape[1], 1, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    losses, best, lowest = [], None, math.inf
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for start in range(0, len(X), batch):
            rows = order[start : start + batch]
            optimizer.zero_grad()
            (c[rows] * (X[rows] @ theta - y[rows]) ** 2).mean().backward()
            optimizer.step()
        with torch.no_grad():
            loss = (c_val * (X_val @ theta - y_val) ** 2).mean().item()
        losses.append(loss)
        if loss < lowest:
            best, lowest = theta.detach().clone(), loss
    return best, losses
