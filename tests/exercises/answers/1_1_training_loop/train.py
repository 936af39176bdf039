# %% wrong: A prediction is only a number. | feedback: what you computed has no record
# -        prediction = w * x
        prediction = w.item() * x

# %% wrong: zero_grad() belongs just before step(). | feedback: nothing may forget the gradient
def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        optimizer.zero_grad()
        optimizer.step()
    return losses

# %% wrong: Before the first round there is nothing to forget. | feedback: a gradient from before your loop came in
def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
        optimizer.zero_grad()
    return losses

# %% wrong: The loss of a round is measured at its end. | feedback: that is the loss after the update
# -        losses.append(loss.item())
# -        optimizer.step()
        optimizer.step()
        losses.append(((w * x - y) ** 2).mean().item())

# %% wrong: A loss is a number. | feedback: append loss.item()
# -        losses.append(loss.item())
        losses.append(loss)

# %% wrong: Any optimizer will do. | feedback: Make no optimizer of your own
# -    losses = []
    losses = []
    optimizer = torch.optim.SGD([w], lr=0.05)

# %% wrong: backward() replaces the old gradient. | feedback: Where is zero_grad()?
# -        optimizer.zero_grad()

# %% wrong: backward() changes the weights. | feedback: Is step() called?
# -        optimizer.step()

# %% wrong: The record of one prediction can be played back in every round. | feedback: A record can be played back once
# -    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
# -    losses = []
    losses = []
    prediction = w * x
    loss = ((prediction - y) ** 2).mean()
# -        prediction = w * x
# -        loss = ((prediction - y) ** 2).mean()

# %% wrong: Only the end matters. | feedback: Return a list with one loss a round
# -    return losses
    return losses[-1] if losses else 0.0

# %% wrong: step() computes the gradient that it needs. | feedback: backward() first
def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        losses.append(loss.item())
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
    return losses

# %% wrong: Mean or sum, the loss is the same. | feedback: that is the sum of the squares
# -        loss = ((prediction - y) ** 2).mean()
        loss = ((prediction - y) ** 2).sum()

# %% wrong: A loss for each example is a loss. | feedback: Take their mean
def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        loss = (w * x - y) ** 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% wrong: step() is w -= lr * w.grad, whatever the optimizer. | feedback: that is plain SGD
# -        optimizer.step()
        with torch.no_grad():
            w -= optimizer.param_groups[0]["lr"] * w.grad

# %% right: a closure
def train(w, x, y, optimizer, steps):
    def closure():
        optimizer.zero_grad()
        loss = (w * x - y).square().mean()
        loss.backward()
        return loss

    return [optimizer.step(closure).item() for _ in range(steps)]

# %% right: forgets by hand
# -        loss = ((prediction - y) ** 2).mean()
# -        optimizer.zero_grad()
        loss = ((prediction - y) ** 2).sum() / len(x)
        w.grad = None

# %% right: forgets first and uses the loss of torch
def train(w, x, y, optimizer, steps):
    losses = []
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=False)
        loss = torch.nn.functional.mse_loss(w * x, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% wrong: Training may end where the loss stays. | feedback: All rounds are made
def train(w, x, y, optimizer, steps):
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((w * x - y) ** 2).mean()
        if losses and abs(losses[-1] - loss.item()) < 1e-12:
            break
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% wrong: The last round needs no update. | feedback: the last round makes its update, too
def train(w, x, y, optimizer, steps):
    losses = []
    for k in range(steps):
        optimizer.zero_grad()
        loss = ((w * x - y) ** 2).mean()
        losses.append(loss.item())
        if k == steps - 1:
            break
        loss.backward()
        optimizer.step()
    return losses

# %% wrong: A large gradient must be clipped. | feedback: also where w hardly changes, and where it grows
def train(w, x, y, optimizer, steps):
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_value_([w], 1000.0)
        optimizer.step()
        losses.append(loss.item())
    return losses
