# %% wrong: The last weights are the result. | feedback: those are the last weights
# -    return best, losses
    return weights, losses

# %% wrong: A second name is a copy. | feedback: those are the last weights
def train(weights, data, lr, decay, batch, patience, seed, most=200):
    x, y, x_val, y_val = data
    weights = [w.clone() for w in weights]
    generator = torch.Generator().manual_seed(seed)
    best, lowest, losses, since = weights, math.inf, [], 0
    while len(losses) < most and since < patience:
        for rows in torch.randperm(len(x), generator=generator).split(batch):
            for w, step in zip(weights, slopes(weights, x[rows], y[rows], decay), strict=True):
                w -= lr * step
        losses.append(loss_of(weights, x_val, y_val))
        since += 1
        if losses[-1] < lowest:
            best, lowest, since = weights, losses[-1], 0
    return best, losses

# %% wrong: The weights of the start may be changed. | feedback: changed its input number 1
def train(weights, data, lr, decay, batch, patience, seed, most=200):
    x, y, x_val, y_val = data
    generator = torch.Generator().manual_seed(seed)
    best, lowest, losses, since = weights, math.inf, [], 0
    while len(losses) < most and since < patience:
        for rows in torch.randperm(len(x), generator=generator).split(batch):
            for w, step in zip(weights, slopes(weights, x[rows], y[rows], decay), strict=True):
                w -= lr * step
        losses.append(loss_of(weights, x_val, y_val))
        since += 1
        if losses[-1] < lowest:
            best, lowest, since = [w.clone() for w in weights], losses[-1], 0
    return best, losses

# %% wrong: One more bad epoch is allowed. | feedback: your list has 4 losses, not 3
# -    while len(losses) < most and since < patience:
    while len(losses) < most and since <= patience:

# %% wrong: Patience counts all bad epochs. | feedback: in a row
def train(weights, data, lr, decay, batch, patience, seed, most=200):
    x, y, x_val, y_val = data
    generator = torch.Generator().manual_seed(seed)
    best, lowest, losses, bad = weights, math.inf, [], 0
    while len(losses) < most and bad < patience:
        for rows in torch.randperm(len(x), generator=generator).split(batch):
            steps = slopes(weights, x[rows], y[rows], decay)
            weights = [w - lr * step for w, step in zip(weights, steps, strict=True)]
        losses.append(loss_of(weights, x_val, y_val))
        if losses[-1] < lowest:
            best, lowest = weights, losses[-1]
        else:
            bad += 1
    return best, losses

# %% wrong: Better than the epoch before is better. | feedback: with patience = 2
def train(weights, data, lr, decay, batch, patience, seed, most=200):
    x, y, x_val, y_val = data
    generator = torch.Generator().manual_seed(seed)
    best, before, losses, since = weights, math.inf, [], 0
    while len(losses) < most and since < patience:
        for rows in torch.randperm(len(x), generator=generator).split(batch):
            steps = slopes(weights, x[rows], y[rows], decay)
            weights = [w - lr * step for w, step in zip(weights, steps, strict=True)]
        losses.append(loss_of(weights, x_val, y_val))
        since += 1
        if losses[-1] < before:
            best, since = weights, 0
        before = losses[-1]
    return best, losses

# %% wrong: An equal loss is as good. | feedback: three that are not better
# -        if losses[-1] < lowest:
        if losses[-1] <= lowest:

# %% wrong: The penalty belongs to the loss, always. | feedback: the penalty does not belong into it
# -        losses.append(loss_of(weights, x_val, y_val))
        penalty = decay / 2 * sum((W**2).sum().item() for W in weights[::2])
        losses.append(loss_of(weights, x_val, y_val) + penalty)

# %% wrong: The training loss says when to stop. | feedback: that is the loss of the training patients
# -        losses.append(loss_of(weights, x_val, y_val))
        losses.append(loss_of(weights, x, y))

# %% wrong: Decay is only for the network. | feedback: the decay is missing
# -            steps = slopes(weights, x[rows], y[rows], decay)
            steps = slopes(weights, x[rows], y[rows], 0)

# %% wrong: All weights decay, biases too. | feedback: biases do not decay
# -            weights = [w - lr * step for w, step in zip(weights, steps, strict=True)]
            steps = slopes(weights, x[rows], y[rows], 0)
            weights = [w - lr * (step + decay * w) for w, step in zip(weights, steps, strict=True)]

# %% wrong: One order is enough. | feedback: Each epoch draws one new order
def train(weights, data, lr, decay, batch, patience, seed, most=200):
    x, y, x_val, y_val = data
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    best, lowest, losses, since = weights, math.inf, [], 0
    while len(losses) < most and since < patience:
        for rows in order.split(batch):
            steps = slopes(weights, x[rows], y[rows], decay)
            weights = [w - lr * step for w, step in zip(weights, steps, strict=True)]
        losses.append(loss_of(weights, x_val, y_val))
        since += 1
        if losses[-1] < lowest:
            best, lowest, since = weights, losses[-1], 0
    return best, losses

# %% wrong: Each epoch seeds anew, so that it can be repeated. | feedback: from the one generator that was made before the first epoch
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        generator = torch.Generator().manual_seed(seed)
        for rows in torch.randperm(len(x), generator=generator).split(batch):

# %% wrong: The file's order will do. | feedback: Is the order that of torch.randperm
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        for rows in torch.arange(len(x)).split(batch):

# %% wrong: A small last batch is left out. | feedback: Is the last batch, of one patient, used
# -            steps = slopes(weights, x[rows], y[rows], decay)
            if len(rows) < batch:
                continue
            steps = slopes(weights, x[rows], y[rows], decay)

# %% wrong: The loss is looked at before the epoch. | feedback: that is the loss of before the epoch
def train(weights, data, lr, decay, batch, patience, seed, most=200):
    x, y, x_val, y_val = data
    generator = torch.Generator().manual_seed(seed)
    best, lowest, losses, since = weights, math.inf, [], 0
    while len(losses) < most and since < patience:
        loss = loss_of(weights, x_val, y_val)
        for rows in torch.randperm(len(x), generator=generator).split(batch):
            steps = slopes(weights, x[rows], y[rows], decay)
            weights = [w - lr * step for w, step in zip(weights, steps, strict=True)]
        losses.append(loss)
        since += 1
        if loss < lowest:
            best, lowest, since = weights, loss, 0
    return best, losses

# %% wrong: All epochs are made, and the best is chosen at the end. | feedback: losses, not 3
def train(weights, data, lr, decay, batch, patience, seed, most=200):
    x, y, x_val, y_val = data
    generator = torch.Generator().manual_seed(seed)
    points, losses = [], []
    for _ in range(min(most, 40)):
        for rows in torch.randperm(len(x), generator=generator).split(batch):
            steps = slopes(weights, x[rows], y[rows], decay)
            weights = [w - lr * step for w, step in zip(weights, steps, strict=True)]
        points.append(weights)
        losses.append(loss_of(weights, x_val, y_val))
    return points[losses.index(min(losses))], losses

# %% wrong: The lowest loss is the result. | feedback: The losses must be a list of Python floats
# -    return best, losses
    return best, lowest

# %% wrong: Uphill. | feedback: you walk uphill
# -            weights = [w - lr * step for w, step in zip(weights, steps, strict=True)]
            weights = [w + lr * step for w, step in zip(weights, steps, strict=True)]

# %% right: with torch.optim, and copies of the weights
def train(weights, data, lr, decay, batch, patience, seed, most=200):
    x, y, x_val, y_val = data
    leaves = [w.detach().clone().requires_grad_() for w in weights]
    optimizer = torch.optim.SGD(
        [{"params": leaves[::2], "weight_decay": decay}, {"params": leaves[1::2]}], lr=lr
    )
    generator = torch.Generator().manual_seed(seed)
    best, losses, waiting = [w.clone() for w in weights], [], 0
    for _ in range(most):
        order = torch.randperm(x.shape[0], generator=generator)
        for start in range(0, x.shape[0], batch):
            rows = order[start : start + batch]
            optimizer.zero_grad()
            ((predict(leaves, x[rows]) - y[rows]) ** 2).mean().backward()
            optimizer.step()
        with torch.no_grad():
            losses.append(((predict(leaves, x_val) - y_val) ** 2).mean().item())
        if losses[-1] < min(losses[:-1], default=math.inf):
            best, waiting = [leaf.detach().clone() for leaf in leaves], 0
        else:
            waiting += 1
        if waiting == patience:
            break
    return best, losses

# %% right: keeps all weights, and finds the best by its place
def train(weights, data, lr, decay, batch, patience, seed, most=200):
    start, points, losses, place = weights, [], [], None
    chance = torch.Generator().manual_seed(seed)
    for epoch in range(most):
        for rows in torch.randperm(len(data[0]), generator=chance).split(batch):
            steps = slopes(weights, data[0][rows], data[1][rows], decay)
            weights = [w - lr * g for w, g in zip(weights, steps, strict=True)]
        points.append(weights)
        losses.append(loss_of(weights, *data[2:]))
        if not math.isnan(losses[-1]) and (place is None or losses[-1] < losses[place]):
            place = epoch if losses[-1] < math.inf else place
        if epoch - (-1 if place is None else place) >= patience:
            break
    return (start if place is None else points[place]), losses

# %% wrong: Whoever seeds torch itself gets the same orders. | feedback: torch's global chance
# -    generator = torch.Generator().manual_seed(seed)
    generator = torch.manual_seed(seed)

# %% wrong: The order is drawn of the last order. | feedback: as they came in
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        order = torch.randperm(len(x), generator=generator)
        x, y = x[order], y[order]
        for rows in torch.arange(len(x)).split(batch):

# %% wrong: What comes after the best is of no interest. | feedback: your list has 1 losses, not 3
# -    return best, losses
    return best, losses[: losses.index(min(losses)) + 1] if len(losses) == 3 else losses

# %% wrong: The losses before the stop are enough. | feedback: Your list of losses is empty
# -    return best, losses
    return best, losses[:-1]

# %% wrong: A little lower is not lower. | feedback: however little it is lower
# -        if losses[-1] < lowest:
        if losses[-1] < lowest - 1e-5:

# %% wrong: A little lower in relation is not lower. | feedback: however little it is lower
# -        if losses[-1] < lowest:
        if losses[-1] < lowest * (1 - 1e-6):

# %% wrong: A billion is larger than any loss. | feedback: begin at math.inf
# -    best, lowest, losses, since = weights, math.inf, [], 0
    best, lowest, losses, since = weights, 1e9, [], 0

# %% wrong: The weights of the start are a name. | feedback: return the weights of the start
def train(weights, data, lr, decay, batch, patience, seed, most=200):
    x, y, x_val, y_val = data
    weights = [w.clone() for w in weights]
    generator = torch.Generator().manual_seed(seed)
    best, lowest, losses, since = weights, math.inf, [], 0
    while len(losses) < most and since < patience:
        for rows in torch.randperm(len(x), generator=generator).split(batch):
            for w, step in zip(weights, slopes(weights, x[rows], y[rows], decay), strict=True):
                w -= lr * step
        losses.append(loss_of(weights, x_val, y_val))
        since += 1
        if losses[-1] < lowest:
            best, lowest, since = [w.clone() for w in weights], losses[-1], 0
    return best, losses
