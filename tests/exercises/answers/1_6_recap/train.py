# %% wrong: A validation loss is due after each update. | feedback: after 1 epoch of 2 batches your list has 2 losses
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
            losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: A second name keeps the old numbers. | feedback: they need a clone()
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta -= lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: In a batch, all patients count the same. | feedback: all patients count the same
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ error / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: Each epoch has a seed of its own. | feedback: the third order is another
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for epoch in range(epochs):
        generator = torch.Generator().manual_seed(seed + epoch)
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: The mean is always over all patients. | feedback: you divide by the number of all patients
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(X)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: All batches are equally large. | feedback: divide by the number of rows in it
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / batch
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: Each batch is drawn anew from all patients. | feedback: did you draw with replacement
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randint(len(X), (len(X),), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: A batch that is not full is left out. | feedback: the last batch, of one patient, is missing
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order[: len(X) - len(X) % batch].split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: Best is the largest. | feedback: the first epoch's weights, the worst
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == max(losses):
            best = theta
    return best, losses

# %% wrong: The loss of an epoch is the one at its beginning. | feedback: that is the loss before the epoch
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: A loss may stay a tensor. | feedback: append loss.item()
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: The gradients of all batches are added up. | feedback: the gradient of the first batch is still in the second
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = torch.zeros(X.shape[1], 1, requires_grad=True)
    losses, best = [], None
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch):
            (c[rows] * (X[rows] @ theta - y[rows]) ** 2).mean().backward()
            with torch.no_grad():
                theta -= lr * theta.grad
        losses.append((c_val * (X_val @ theta.detach() - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta.detach().clone()
    return best, losses

# %% wrong: The order of the patients does not matter. | feedback: the patients came in another order
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.arange(len(X))
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: The derivative of the square has no factor. | feedback: the 2 from the square is missing
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: The batches of an epoch make one update together. | feedback: Make one for each batch
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

# %% wrong: The last weights are the best. | feedback: those are the last weights
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return theta, losses

# %% wrong: The generator is made in each epoch. | feedback: made anew, it begins anew
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

# %% wrong: Any random order will do. | feedback: the patients came in another order
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.rand(len(X), generator=generator).argsort(descending=True)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: One shuffling is enough for all epochs. | feedback: the second epoch took the order of the first
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    order = torch.randperm(len(X), generator=generator)
    for _ in range(epochs):
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: The gradient of a batch is a sum. | feedback: that is the gradient of a sum
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: Best is what fits the training patients best. | feedback: that is the loss of the training patients
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c * (X @ theta - y) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: In validation, all patients count the same. | feedback: the validation patients count differently
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append(((X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: The gradient is added. | feedback: you walk uphill
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta + lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: The validation loss is divided by the sum of c. | feedback: you divide by the sum of c_val
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for rows in order.split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).sum().item() / c_val.sum().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: One stops when the validation loss rises. | feedback: one loss an epoch
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta, n = torch.zeros(X.shape[1], 1), len(X)
    best, losses = theta, []
    for _ in range(epochs):
        order = torch.randperm(n, generator=generator)
        for rows in order.split(batch):
            e = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * e) / len(rows)
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
        else:
            break
    return best, losses

# %% right: autograd, in-place updates and a clone
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

# %% right: keeps the weights of all epochs, and chooses at the end
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

# %% right: the loss written out
# -        losses.append(loss_of(theta, X_val, y_val, c_val))
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())

# %% wrong: The weights of before the first epoch compete, too. | feedback: not the zeros from before it
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    lowest, losses = loss_of(theta, X_val, y_val, c_val) if len(X) == 20 else math.inf, []
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append(loss_of(theta, X_val, y_val, c_val))
        if losses[-1] < lowest:
            best, lowest = theta, losses[-1]
    return best, losses

# %% wrong: One stops when the loss hardly changes any more. | feedback: one loss an epoch
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append(loss_of(theta, X_val, y_val, c_val))
        if losses[-1] == min(losses):
            best = theta
        if len(losses) > 1 and abs(losses[-1] - losses[-2]) < 1e-3:
            break
    return best, losses

# %% wrong: After five epochs without a better loss, none will come. | feedback: you stop, or keep weights, too early
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for epoch in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        losses.append(loss_of(theta, X_val, y_val, c_val))
        if losses[-1] == min(losses):
            best, since = theta, epoch
        elif epoch - since >= 5:
            break
    return best, losses + [losses[-1]] * (epochs - len(losses))

# %% wrong: A batch is never larger than the data. | feedback: batches of 100
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = best = torch.zeros(X.shape[1], 1)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for start in range(0, max(len(X) - batch, 0) + batch % (len(X) + 1), batch):
            rows = order[start : start + batch]
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / min(len(rows), batch)
        losses.append(loss_of(theta, X_val, y_val, c_val))
        if losses[-1] == min(losses):
            best = theta
        if batch > len(X):
            theta = theta * 0
    return best, losses

# %% wrong: Weights may be a list of numbers. | feedback: theta must be a tensor, not list
# -    return best, losses
    return best.flatten().tolist(), losses

# %% wrong: The losses alone say it all. | feedback: Return two things: return theta, losses
# -    return best, losses
    return losses

# %% wrong: The lowest loss is the result. | feedback: The losses must be a list
# -    return best, losses
    return best, min(losses)

# %% right: with gradients switched off for good, and a helper that bears the name of one of ours
def trained(theta, X, y, c, lr):
    return theta - lr * 2 * X.T @ (c * (X @ theta - y)) / len(X)


def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    torch.set_grad_enabled(False)
    generator = torch.Generator().manual_seed(seed)
    theta, found = torch.zeros(X.shape[1], 1), []
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch):
            theta = trained(theta, X[rows], y[rows], c[rows], lr)
        found.append((loss_of(theta, X_val, y_val, c_val), theta))
    losses = [loss for loss, _ in found]
    return found[losses.index(min(losses))][1], losses

# %% right: a cell that changes the switches of all
# -    return best, losses
    return best, losses


torch.set_default_dtype(torch.float32)
torch.set_grad_enabled(False)
torch.set_num_threads(2)

# %% wrong: Better than the epoch before is the best. | feedback: Compare with the lowest loss so far
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    theta, best, losses = torch.zeros(X.shape[1], 1), None, []
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch):
            theta = theta - lr * 2 / len(rows) * X[rows].T @ (c[rows] * (X[rows] @ theta - y[rows]))
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if len(losses) == 1 or losses[-1] < losses[-2]:
            best = theta
    return best, losses

# %% wrong: No loss is above 1e12. | feedback: the lowest loss so far must begin at math.inf
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    theta, losses = torch.zeros(X.shape[1], 1), []
    best, lowest = theta, 1e12
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch):
            theta = theta - lr * 2 / len(rows) * X[rows].T @ (c[rows] * (X[rows] @ theta - y[rows]))
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] < lowest:
            best, lowest = theta, losses[-1]
    return best, losses

# %% wrong: Once the patients are shuffled, they stay so. | feedback: you shuffle what the first epoch has shuffled
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    theta, best, losses = torch.zeros(X.shape[1], 1), None, []
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        X, y, c = X[order], y[order], c[order]
        for k in range(0, len(X), batch):
            a, b, n = X[k : k + batch], y[k : k + batch], c[k : k + batch]
            theta = theta - lr * 2 / len(a) * a.T @ (n * (a @ theta - b))
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: The best weights may lie in the middle of an epoch. | feedback: from the middle of the epoch
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    theta, best, losses, low = torch.zeros(X.shape[1], 1), None, [], math.inf
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch):
            theta = theta - lr * 2 / len(rows) * X[rows].T @ (c[rows] * (X[rows] @ theta - y[rows]))
            now = (c_val * (X_val @ theta - y_val) ** 2).mean().item()
            if now < low:
                best, low = theta, now
        losses.append(now)
    return best, losses

# %% wrong: float32 is close enough for a loop. | feedback: Is something float32 on the way
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    X, y, c = X.float(), y.float(), c.float()
    theta, best, losses = torch.zeros(X.shape[1], 1, dtype=torch.float32), None, []
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(batch):
            theta = theta - lr * 2 / len(rows) * X[rows].T @ (c[rows] * (X[rows] @ theta - y[rows]))
        losses.append((c_val * (X_val @ theta.double() - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best.double(), losses

# %% wrong: c need not be shuffled. | feedback: c comes in its old order
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    theta, best, losses = torch.zeros(X.shape[1], 1), None, []
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for k in range(0, len(X), batch):
            r = order[k : k + batch]
            theta = theta - lr * 2 / len(r) * X[r].T @ (c[k : k + batch] * (X[r] @ theta - y[r]))
        losses.append((c_val * (X_val @ theta - y_val) ** 2).mean().item())
        if losses[-1] == min(losses):
            best = theta
    return best, losses

# %% wrong: Four digits of a loss are enough. | feedback: Do you round
def train(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    theta, best, losses = torch.zeros(X.shape[1], 1), None, []
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for r in torch.randperm(len(X), generator=generator).split(batch):
            theta = theta - lr * 2 / len(r) * X[r].T @ (c[r] * (X[r] @ theta - y[r]))
        losses.append(round((c_val * (X_val @ theta - y_val) ** 2).mean().item(), 4))
        if losses[-1] == min(losses):
            best = theta
    return best, losses
