# %% wrong: detach() followed by clone() gives another name for w. | feedback: w has not moved
# -        with torch.no_grad():
# -            w -= lr * w.grad
        copy = w.detach().clone()
        copy -= lr * w.grad

# %% wrong: -= alone does it. | feedback: Put the update under with torch.no_grad()
# -        with torch.no_grad():
# -            w -= lr * w.grad
        w -= lr * w.grad

# %% wrong: With no_grad there is nothing left to forget. | feedback: Keep the line w.grad = None
# -        w.grad = None

# %% wrong: no_grad alone does it. | feedback: could not be trained any further. Change the w that you began with in place
# -            w -= lr * w.grad
# -        w.grad = None
            w = w - lr * w.grad

# %% wrong: w.grad = None right after the update is what makes it None. | feedback: The update must not be recorded
# -        with torch.no_grad():
# -            w -= lr * w.grad
# -        w.grad = None
        w = w - lr * w.grad

# %% wrong: retain_grad is the cure, as the warning says. | feedback: Your w is no leaf
# -        with torch.no_grad():
# -            w -= lr * w.grad
# -        w.grad = None
        w = w - lr * w.grad
        w.retain_grad()

# %% wrong: A trained weight needs no gradient any more. | feedback: could not be trained any further
# -    return w
    return w.detach()

# %% wrong: A trained weight is a number. | feedback: Return the tensor w itself
# -    return w
    return w.item()

# %% right: a new tensor each round
# -        with torch.no_grad():
# -            w -= lr * w.grad
# -        w.grad = None
        w = torch.tensor(w.item() - lr * w.grad.item(), dtype=w.dtype, requires_grad=True)

# %% right: an optimizer
# -        with torch.no_grad():
# -            w -= lr * w.grad
# -        w.grad = None
        optimizer = torch.optim.SGD([w], lr=lr)
        optimizer.step()
        optimizer.zero_grad()

# %% right: detaches and starts anew
# -        with torch.no_grad():
# -            w -= lr * w.grad
# -        w.grad = None
        w = (w - lr * w.grad).detach().requires_grad_()

# %% right: writes into the data
# -        with torch.no_grad():
# -            w -= lr * w.grad
        w.data = w.data - lr * w.grad

# %% wrong: A gradient below a millionth is zero. | feedback: all rounds are made
def repaired_b(x, y, lr, steps):
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        if w.grad.abs() < 1e-6:
            break
        w.data -= lr * w.grad
        w.grad = None
    return w

# %% wrong: One gradient serves all rounds. | feedback: the second round took the gradient of the first
def repaired_b(x, y, lr, steps):
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    loss = ((w * x - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for _ in range(steps):
            w -= lr * w.grad
    w.grad = None
    return w

# %% wrong: The trained weight is the exact solution. | feedback: that is the best weight of all
def repaired_b(x, y, lr, steps):
    best = (x * y).sum() / (x * x).sum()
    return best.clone().detach().requires_grad_()

# %% wrong: A large gradient must be clipped. | feedback: at lr = 2, at which w runs away
def repaired_b(x, y, lr, steps):
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([w], 1000.0)
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    return w
