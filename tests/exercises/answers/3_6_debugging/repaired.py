# %% wrong: The new data in pieces, with a graph. | feedback: a graph is made for the new data
# -        with torch.no_grad():
# -            new_losses.append(cross_entropy(net(x_new), y_new).item())
        pairs = zip(x_new.split(4), y_new.split(4), strict=True)
        total = sum(cross_entropy(net(a), b, reduction="sum").item() for a, b in pairs)
        new_losses.append(total / len(x_new))

# %% wrong: Chance is put back as it was, also what dropout drew. | feedback: or seeded, or set back
# -    losses, new_losses = [], []
    losses, new_losses, state = [], [], torch.get_rng_state()
# -    return losses, new_losses
    torch.set_rng_state(state)
    return losses, new_losses

# %% wrong: A generator for each seed, made once for good. | feedback: for the same seed and the same net again
# -def train(net, x, y, x_new, y_new, lr, epochs, seed):
made = {}


def train(net, x, y, x_new, y_new, lr, epochs, seed):
# -    draw = torch.Generator().manual_seed(seed)
    draw = made.setdefault(seed, torch.Generator().manual_seed(seed))

# %% wrong: Large gradients are clipped. | feedback: for a net whose gradients are large
# -            sgd.step()
            nn.utils.clip_grad_norm_(net.parameters(), 10.0)
            sgd.step()

# %% wrong: Patience of three epochs. | feedback: There is one number for each
# -            new_losses.append(cross_entropy(net(x_new), y_new).item())
            new_losses.append(cross_entropy(net(x_new), y_new).item())
        if len(new_losses) > 3 and min(new_losses[-3:]) > min(new_losses):
            break

# %% wrong: The loop as it was. | feedback: the softmax is taken twice
train = broken

# %% wrong: Probabilities go into the loss. | feedback: the softmax is taken twice: cross_entropy does it by itself
# -            loss = cross_entropy(net(x[pick]), y[pick])
            loss = cross_entropy(net(x[pick]).softmax(dim=1), y[pick])

# %% wrong: Logarithms of probabilities, over the batch. | feedback: losses[0] is
# -            loss = cross_entropy(net(x[pick]), y[pick])
            loss = cross_entropy(net(x[pick]).log_softmax(dim=0), y[pick])

# %% wrong: A softmax for the new data. | feedback: new_losses[0] is
# -            new_losses.append(cross_entropy(net(x_new), y_new).item())
            new_losses.append(cross_entropy(net(x_new).softmax(dim=1), y_new).item())

# %% wrong: Gradients pile up. | feedback: gradients pile up: they are not cleared
# -            sgd.zero_grad()

# %% wrong: Cleared once an epoch. | feedback: the losses before it are right
# -        net.train()
        net.train()
        sgd.zero_grad()
# -            sgd.zero_grad()

# %% wrong: Cleared after each update only. | feedback: a gradient that was there before the first update counts
# -            sgd.zero_grad()
# -            loss.backward()
# -            sgd.step()
            loss.backward()
            sgd.step()
            sgd.zero_grad()

# %% wrong: Cleared between backward and step. | feedback: no weight has moved
# -            sgd.zero_grad()
# -            loss.backward()
            loss.backward()
            sgd.zero_grad()

# %% wrong: The order comes from torch's own chance. | feedback: the order does not hang on seed
# -        for pick in torch.randperm(len(x), generator=draw).split(16):
        for pick in torch.randperm(len(x)).split(16):

# %% wrong: torch's own chance gets the seed. | feedback: losses[0] is
# -    draw = torch.Generator().manual_seed(seed)
    draw = None
    torch.manual_seed(seed + 1)

# %% wrong: A global seed is a seed. | feedback: torch's own chance is drawn from, or seeded
# -    draw = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    draw = torch.Generator().manual_seed(seed)

# %% wrong: torch's generator is seeded, and used. | feedback: torch's own chance is drawn from, or seeded
# -    draw = torch.Generator().manual_seed(seed)
    draw = torch.manual_seed(seed)

# %% wrong: The same order in each epoch. | feedback: each epoch has the same order
# -        net.train()
        net.train()
        draw.manual_seed(seed)

# %% wrong: No order at all. | feedback: losses[0] is
# -        for pick in torch.randperm(len(x), generator=draw).split(16):
        for pick in torch.arange(len(x)).split(16):

# %% wrong: A seed for each epoch. | feedback: the losses before it are right
# -    for _ in range(epochs):
    for epoch in range(epochs):
        draw.manual_seed(seed + epoch)

# %% wrong: The new data in training mode. | feedback: the new data are judged in training mode, with dropout
# -        net.eval()

# %% wrong: eval, and never back. | feedback: after the first look at new data, training goes on in eval mode
# -    for _ in range(epochs):
# -        net.train()
    net.train()
    for _ in range(epochs):

# %% wrong: Back after each look. | feedback: a net that comes in eval mode is trained in it
# -        net.train()

# -            new_losses.append(cross_entropy(net(x_new), y_new).item())
            new_losses.append(cross_entropy(net(x_new), y_new).item())
        net.train()

# %% wrong: In eval mode all the time. | feedback: the net is in eval mode while it learns
# -        net.train()
        net.eval()

# %% wrong: no_grad switches dropout off. | feedback: the new data are judged in training mode, with dropout
# -        net.eval()
        torch.set_grad_enabled(True)

# %% wrong: A graph for the new data. | feedback: a graph is made for the new data
# -        with torch.no_grad():
# -            new_losses.append(cross_entropy(net(x_new), y_new).item())
        new_losses.append(cross_entropy(net(x_new), y_new).item())

# %% wrong: The loss of after the update. | feedback: losses holds the loss after the update
# -            losses.append(loss.item())
            with torch.no_grad():
                losses.append(cross_entropy(net(x[pick]), y[pick]).item())

# %% wrong: Losses as tensors. | feedback: losses holds tensors, with their graphs
# -            losses.append(loss.item())
            losses.append(loss)

# %% wrong: One loss an epoch. | feedback: There is one number for each update
# -            losses.append(loss.item())
# -        net.eval()
        losses.append(loss.item())
        net.eval()

# %% wrong: One look at the new data, at the end. | feedback: There is one number for each epoch
# -        net.eval()
# -        with torch.no_grad():
# -            new_losses.append(cross_entropy(net(x_new), y_new).item())
    net.eval()
    with torch.no_grad():
        new_losses.append(cross_entropy(net(x_new), y_new).item())

# %% wrong: Adam is better. | feedback: the losses before it are right
# -    sgd = torch.optim.SGD(net.parameters(), lr=lr)
    sgd = torch.optim.Adam(net.parameters(), lr=lr)

# %% wrong: With momentum. | feedback: the losses before it are right
# -    sgd = torch.optim.SGD(net.parameters(), lr=lr)
    sgd = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)

# %% wrong: The rest of an epoch is left out. | feedback: There is one number for each update
# -        for pick in torch.randperm(len(x), generator=draw).split(16):
        for pick in torch.randperm(len(x), generator=draw)[: len(x) // 16 * 16].split(16):

# %% wrong: The best weights are put back. | feedback: the weights at the end are others
# -    losses, new_losses = [], []
    losses, new_losses, best = [], [], None
# -            new_losses.append(cross_entropy(net(x_new), y_new).item())
# -    return losses, new_losses
            new_losses.append(cross_entropy(net(x_new), y_new).item())
        if best is None:
            best = {name: w.clone() for name, w in net.state_dict().items()}
    net.load_state_dict(best)
    return losses, new_losses

# %% wrong: Stops when the new loss rises. | feedback: There is one number for each
# -            new_losses.append(cross_entropy(net(x_new), y_new).item())
            new_losses.append(cross_entropy(net(x_new), y_new).item())
        if len(new_losses) > 1 and new_losses[-1] > 0.95 * new_losses[-2]:
            break

# %% wrong: The data are shuffled in place. | feedback: Your function changed
# -        for pick in torch.randperm(len(x), generator=draw).split(16):
        order = torch.randperm(len(x), generator=draw)
        x[:], y[:] = x[order], y[order]
        for pick in torch.arange(len(x)).split(16):

# %% wrong: The losses alone. | feedback: Return two things
# -    return losses, new_losses
    return losses


# %% right: two functions, and gradients by hand
def judged(net, x, y):
    was = net.training
    net.eval()
    with torch.inference_mode():
        loss = cross_entropy(net(x), y)
    net.train(was)
    return float(loss)


def train(net, x, y, x_new, y_new, lr, epochs, seed):
    net.train()
    g = torch.Generator()
    g.manual_seed(seed)
    losses, new = [], []
    while len(new) < epochs:
        order = torch.randperm(x.shape[0], generator=g)
        for start in range(0, len(order), 16):
            pick = order[start : start + 16]
            loss = nn.CrossEntropyLoss()(net(x[pick]), y[pick])
            params = list(net.parameters())
            for p, slope in zip(params, torch.autograd.grad(loss, params)):
                p.data -= lr * slope
            losses.append(loss.item())
        new.append(judged(net, x_new, y_new))
    return losses, new

# %% right: log_softmax and the log-likelihood, cleared before and after
def train(net, x, y, x_new, y_new, lr, epochs, seed):
    optimizer = torch.optim.SGD(net.parameters(), lr)
    optimizer.zero_grad()
    shuffler = torch.Generator().manual_seed(seed)
    losses, new_losses = (), ()
    for epoch in range(epochs):
        for pick in torch.randperm(len(y), generator=shuffler).split(16):
            net.train(True)
            logs = net(x[pick]).log_softmax(dim=-1)
            loss = -logs.gather(1, y[pick].unsqueeze(1)).mean()
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
            losses += (loss.item(),)
        net.train(False)
        with torch.no_grad():
            new_losses += (cross_entropy(net(x_new), y_new).item(),)
    return losses, new_losses

# %% right: all orders are drawn beforehand
def train(net, x, y, x_new, y_new, lr, epochs, seed):
    draw = torch.Generator().manual_seed(seed)
    orders = [torch.randperm(len(x), generator=draw) for _ in range(epochs)]
    sgd = torch.optim.SGD(net.parameters(), lr=lr)
    result = [], []
    for order in orders:
        net.train()
        for x_batch, y_batch in zip(x[order].split(16), y[order].split(16)):
            net.zero_grad()
            loss = cross_entropy(net(x_batch), y_batch)
            loss.backward()
            sgd.step()
            result[0].append(loss.detach().item())
        with torch.no_grad():
            result[1].append(cross_entropy(net.eval()(x_new), y_new).item())
    net.train()
    return result

# %% right: examples are picked one by one
def train(net, x, y, x_new, y_new, lr, epochs, seed):
    sgd = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.0)
    g = torch.Generator().manual_seed(seed)
    losses, new_losses = [], []
    for _ in range(epochs):
        batches = [pick.tolist() for pick in torch.randperm(len(x), generator=g).split(16)]
        net.train()
        for batch in batches:
            xb, yb = torch.stack([x[i] for i in batch]), torch.stack([y[i] for i in batch])
            sgd.zero_grad(set_to_none=True)
            loss = cross_entropy(net(xb), yb)
            loss.backward()
            losses.append(float(loss))
            sgd.step()
        net.eval()
        with torch.no_grad():
            new_losses += [float(cross_entropy(net(x_new), y_new))]
    return losses, new_losses
