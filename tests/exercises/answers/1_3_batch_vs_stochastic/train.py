# %% wrong: w may be updated before the gradient of b is computed. | feedback: b is updated with the new w
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w = w - lr * 2 * x.T @ error / len(x)
            b = b - lr * 2 * (x @ w + b - y).mean(dim=0)
    return w, b, losses, seen

# %% wrong: Seen is what was read before this batch. | feedback: include the batch of the update itself
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            seen.append(examples)
            examples += len(x)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% wrong: Each epoch is counted for itself. | feedback: the count begins anew in each epoch
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        examples = 0
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% wrong: Every batch costs as much as the first. | feedback: the last batch has only one example
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(batches[0][0])
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% wrong: The cost is the number of updates. | feedback: that counts updates
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += 1
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% wrong: The mean is over all n examples, also for a batch. | feedback: divided by the number of *all* examples
# -    """One update for each batch, through the list epochs times. Returns (w, b, losses, seen)."""
    n = sum(len(x) for x, _ in batches)
# -            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
            w, b = w - lr * 2 * x.T @ error / n, b - lr * 2 * error.sum(dim=0) / n

# %% wrong: All batches are as long as the first. | feedback: the last is smaller
# -    """One update for each batch, through the list epochs times. Returns (w, b, losses, seen)."""
    size = len(batches[0][0])
# -            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
            w, b = w - lr * 2 * x.T @ error / size, b - lr * 2 * error.sum(dim=0) / size

# %% wrong: w and b may be changed where they are. | feedback: Your function changed its input number
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w -= lr * 2 * x.T @ error / len(x)
            b -= lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% wrong: Seen is how many examples this update read. | feedback: Add them up
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(len(x))
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% wrong: The loss of an update is the one it leads to. | feedback: that is the loss after the update
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
            losses.append(((x @ w + b - y) ** 2).mean().item())
    return w, b, losses, seen

# %% wrong: backward() overwrites the gradient. | feedback: Clear .grad before each backward()
def train(batches, w, b, lr, epochs):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    losses, seen = [], []
    for x, y in batches * epochs:
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        seen.append((seen[-1] if seen else 0) + len(x))
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w.detach(), b.detach(), losses, seen

# %% wrong: The batches are read first, and then comes the update. | feedback: Make an update for each batch
def train(batches, w, b, lr, epochs):
    x, y = (torch.vstack(parts) for parts in zip(*batches, strict=True))
    losses, seen = [], []
    for epoch in range(epochs):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        seen.append((epoch + 1) * len(x))
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% wrong: epochs is for reporting only. | feedback: Go through the list epochs times
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(1):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% wrong: All batches of an epoch use the weights that it began with. | feedback: the second batch must use the weights that the first update has made
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        w_0, b_0 = w, b
        for x, y in batches:
            error = x @ w_0 + b_0 - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% wrong: Every loop begins at zero. | feedback: begin at the w and b that you are given
# -    """One update for each batch, through the list epochs times. Returns (w, b, losses, seen)."""
    w, b = torch.zeros_like(w), torch.zeros_like(b)

# %% wrong: The gradient of a batch is the sum over its examples. | feedback: that is the gradient of a sum
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error, b - lr * 2 * error.sum(dim=0)
    return w, b, losses, seen

# %% wrong: The steps follow the mean, but a sum is reported. | feedback: that is a sum. The loss is the mean over the batch
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).sum().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% right: the bias as the weight of a column of ones; costs first
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

# %% right: torch's SGD, on copies of w and b
def train(batches, w, b, lr, epochs):
    w, b = torch.nn.Parameter(w.clone()), torch.nn.Parameter(b.clone())
    optimizer = torch.optim.SGD([w, b], lr=lr)
    losses, seen = [], [0]
    for _ in range(epochs):
        for x_batch, y_batch in batches:
            loss = torch.nn.functional.mse_loss(x_batch @ w + b, y_batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            seen.append(seen[-1] + x_batch.shape[0])
    return w.detach(), b.detach(), losses, seen[1:]

# %% wrong: One derivative moves all weights. | feedback: one number for all weights
# -            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
            w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean(dim=0)

# %% wrong: A batch without a gradient ends the training. | feedback: also where the loss rises or hardly changes
# -            losses.append((error**2).mean().item())
            if error.norm() < 1e-12:
                return w, b, losses, seen
            losses.append((error**2).mean().item())

# %% wrong: A batch without a gradient is no update. | feedback: also where the loss rises or hardly changes
# -            losses.append((error**2).mean().item())
            if error.norm() < 1e-12:
                continue
            losses.append((error**2).mean().item())

# %% wrong: A loss that rises ends the training. | feedback: at a rate at which it diverges
# -            losses.append((error**2).mean().item())
            losses.append((error**2).mean().item())
            if losses[-1] > 100 * losses[0]:
                return w, b, losses[:-1], seen

# %% wrong: The best weights are wanted. | feedback: as they are after the last update
def train(batches, w, b, lr, epochs):
    def total(w, b):
        return sum(((x @ w + b - y) ** 2).sum() for x, y in batches)

    losses, seen, examples, best = [], [], 0, (w, b)
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
            if total(w, b) < total(*best):
                best = w, b
    return *best, losses, seen

# %% wrong: The last batch of the last epoch is not trained on. | feedback: w is not updated
# -            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
            if len(losses) < epochs * len(batches):
                w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)

# %% wrong: A batch that comes again has been learned. | feedback: with a batch that comes twice in the list
# -    losses, seen, examples = [], [], 0
    losses, seen, examples = [], [], 0
    batches = list({id(batch): batch for batch in batches}.values())

# %% wrong: Each epoch runs the other way. | feedback: with batches of (4, 4, 2) and 3 inputs, w is
def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for epoch in range(epochs):
        for x, y in batches if epoch % 2 == 0 or len(batches) < 3 else [batches[1], batches[0], *batches[2:]]:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen

# %% wrong: A weight starts at zero where the data allow it. | feedback: begin at the w and b that you are given
# -    losses, seen, examples = [], [], 0
    w, b, losses, seen, examples = 0 * w, 0 * b, [], [], 0

# %% wrong: Losses may stay tensors. | feedback: append loss.item()
# -            losses.append((error**2).mean().item())
            losses.append((error**2).mean())

# %% wrong: The count is a tensor. | feedback: seen must be a list of whole numbers
# -            seen.append(examples)
            seen.append(torch.tensor(examples))

# %% wrong: The cost is one number. | feedback: seen must be a list of whole numbers
# -    return w, b, losses, seen
    return w, b, losses, examples

# %% wrong: The cost is not returned. | feedback: Return four things: return w, b, losses, seen
# -    return w, b, losses, seen
    return w, b, losses

# %% wrong: Weights may be rounded. | feedback: w is float32
# -    return w, b, losses, seen
    return w.float(), b.float(), losses, seen

# %% wrong: What is computed from a parameter is recorded. | feedback: call w.requires_grad_() on it
def train(batches, w, b, lr, epochs):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    losses, seen = [], []
    for x, y in batches * epochs:
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        seen.append((seen[-1] if seen else 0) + len(x))
        with torch.no_grad():
            w, b = w - lr * w.grad, b - lr * b.grad
    return w, b, losses, seen

# %% right: a subclass of torch's SGD, other switches, and a helper with the name of one of the tests
torch.set_num_threads(2)
torch.set_default_dtype(torch.float32)


class Walk(torch.optim.SGD):
    pass


def by_autograd(x, y, w, b):
    return torch.nn.functional.mse_loss(x @ w + b, y)


def train(batches, w, b, lr, epochs):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    optimizer = Walk([w, b], lr=lr)
    losses, seen = [], []
    for x, y in batches * epochs:
        optimizer.zero_grad()
        loss = by_autograd(x, y, w, b)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
        seen.append(sum(seen[-1:]) + len(y))
    return w, b, losses, seen

# %% wrong: What comes in may be recorded. | feedback: it is recorded now
def train(batches, w, b, lr, epochs):
    w.requires_grad_()
    b.requires_grad_()
    losses, seen, total = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            loss = ((x @ w + b - y) ** 2).mean()
            gw, gb = torch.autograd.grad(loss, (w, b))
            losses.append(loss.item())
            w = (w - lr * gw).detach().requires_grad_()
            b = (b - lr * gb).detach().requires_grad_()
            total += len(x)
            seen.append(total)
    return w.detach(), b.detach(), losses, seen

# %% wrong: The rate falls with every epoch. | feedback: Is lr the same in each update?
def train(batches, w, b, lr, epochs):
    losses, seen, total = [], [], 0
    for epoch in range(epochs):
        for x, y in batches:
            e = x @ w + b - y
            losses.append((e**2).mean().item())
            rate = lr / (1 + epoch)
            w = w - rate * 2 * x.T @ e / len(x)
            b = b - rate * 2 * e.mean(dim=0)
            total += len(x)
            seen.append(total)
    return w, b, losses, seen

# %% wrong: All batches are of the mean length. | feedback: divided by the mean length
def train(batches, w, b, lr, epochs):
    losses, seen, total = [], [], 0
    n = sum(len(x) for x, _ in batches)
    for epoch in range(epochs):
        for x, y in batches:
            e = x @ w + b - y
            losses.append((e**2).mean().item())
            w = w - lr * 2 * x.T @ e / n * len(batches)
            b = b - lr * 2 * e.sum(dim=0) / n * len(batches)
            total += len(x)
            seen.append(total)
    return w, b, losses, seen

# %% right: squeezes, which does no harm here
def train(batches, w, b, lr, epochs):
    losses, seen, total = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            e = (x @ w).squeeze() + b - y.squeeze()
            losses.append((e**2).mean().item())
            w = w - lr * 2 * x.T @ e.unsqueeze(1) / len(x)
            b = b - lr * 2 * e.mean(dim=0)
            total += len(x)
            seen.append(total)
    return w, b, losses, seen

# %% wrong: w * x + b, as in lesson 1.2, is the prediction with several inputs, too. | feedback: Predict with x @ w + b, not w * x + b
# -            error = x @ w + b - y
            error = w * x + b - y

# %% wrong: The column of a line is w and b. | feedback: Two shapes do not fit
# -    losses, seen, examples = [], [], 0
    losses, seen, examples, w = [], [], 0, torch.zeros(2, 1)

# %% wrong: What comes in may be recorded, and changed. | feedback: record copies: w = w.clone().requires_grad_()
def train(batches, w, b, lr, epochs):
    w.requires_grad_(), b.requires_grad_()
    losses, seen = [], []
    for x, y in batches * epochs:
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        seen.append(sum(seen[-1:]) + len(x))
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return w.detach(), b.detach(), losses, seen

# %% wrong: A tensor that comes in is recorded by itself. | feedback: Begin with copies that are
def train(batches, w, b, lr, epochs):
    losses, seen = [], []
    for x, y in batches * epochs:
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        seen.append(sum(seen[-1:]) + len(x))
        w, b = w - lr * w.grad, b - lr * b.grad
    return w, b, losses, seen
