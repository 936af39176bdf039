# %% wrong: zero_grad() can be called where there is no optimizer. | feedback: There is no optimizer here
# -        loss = ((prediction - y) ** 2).mean()
        loss = ((prediction - y) ** 2).mean()
        optimizer.zero_grad()
# -        w.grad = None

# %% wrong: A sum of gradients is mended by dividing by their number. | feedback: Do not thin the old ones out
# -    for _ in range(steps):
    for step in range(steps):
# -            w -= lr * w.grad
# -        w.grad = None
            w -= lr * w.grad / (step + 1)

# %% wrong: A fresh start is due before the update. | feedback: You forget the gradient before it is used
# -        loss.backward()
        loss.backward()
        w.grad.zero_()
# -        w.grad = None

# %% wrong: Now and then is often enough. | feedback: not in every other one
# -    for _ in range(steps):
    for step in range(steps):
# -        w.grad = None
        if step % 2 == 0:
            w.grad = None

# %% wrong: Forgetting once, at the start, is enough. | feedback: Forget it in *each* round
# -    path = [w.item()]
    path = [w.item()]
    w.grad = None
# -        w.grad = None

# %% wrong: It runs, so it is right. | feedback: the gradient of the first round is still inside
# -        w.grad = None

# %% wrong: A tensor with one entry is as good as a number. | feedback: The path must hold plain floats
# -        path.append(w.item())
        path.append(w.detach().clone())

# %% wrong: Only the end of the path matters. | feedback: Return the path, a list
# -    return path
    return w.item()

# %% wrong: A gradient is forgotten by w.grad = 0. | feedback: w.grad cannot be a number
# -        w.grad = None
        w.grad = 0.0

# %% wrong: w.grad is 0 from the beginning. | feedback: Forget with w.grad = None
# -    for _ in range(steps):
    for _ in range(steps):
        w.grad.zero_()
# -        w.grad = None

# %% right: asks autograd directly
def repaired_a(x, y, lr, steps):
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    path = [w.item()]
    for _ in range(steps):
        loss = ((w * x - y) ** 2).mean()
        (gradient,) = torch.autograd.grad(loss, w)
        with torch.no_grad():
            w -= lr * gradient
        path.append(w.item())
    return path

# %% right: none before backward
def repaired_a(x, y, lr, steps):
    """Fit y = w·x. Returns the path of w as a list of floats, the start first."""
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    path = [w.item()]
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        w.grad = None
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.item())
    return path

# %% right: zero after the update
# -        w.grad = None
        w.grad.zero_()

# %% wrong: A loop may end where w hardly moves. | feedback: all rounds are made
def repaired_a(x, y, lr, steps):
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    path = [w.item()]
    for _ in range(steps):
        w.grad = None
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.item())
        if abs(path[-1] - path[-2]) < 1e-8:
            break
    return path

# %% wrong: float32 is precise enough. | feedback: it is close, but no more
def repaired_a(x, y, lr, steps):
    w = torch.tensor(0.0, requires_grad=True)
    path = [w.item()]
    for _ in range(steps):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
        path.append(w.item())
    return path

# %% wrong: A tenth of an old gradient does no harm. | feedback: Forget all of it
def repaired_a(x, y, lr, steps):
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    path = [w.item()]
    for _ in range(steps):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            w.grad *= 0.1
        path.append(w.item())
    return path

# %% wrong: A restless loop needs a smaller learning rate. | feedback: Leave lr and the formulas as they are
def repaired_a(x, y, lr, steps):
    lr = lr / 10
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    path = [w.item()]
    for _ in range(steps):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.item())
    return path
