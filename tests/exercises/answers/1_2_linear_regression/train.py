# %% wrong: Predictions need no second dimension. | feedback: each prediction is compared with every answer
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        prediction = (x @ w).squeeze(1) + b
        loss = ((prediction - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return w.detach(), b.detach(), losses

# %% wrong: A loss can be kept as it is, a tensor. | feedback: append loss.item()
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean()
        losses.append(loss)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return w.detach(), b.detach(), losses

# %% wrong: The lesson's single numbers are weights of the right shape. | feedback: A single number has the shape ()
# -    """Gradient descent on the mean squared error, from zeros. Returns (w, b, losses)."""
# -    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    w, b = torch.tensor(0.0), torch.tensor(0.0)
# -        error = x @ w + b - y
        error = w * x + b - y
# -        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()

# %% wrong: The loss of an update is the one it leads to. | feedback: that is the loss after the first update
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
        losses.append(((x @ w + b - y) ** 2).mean().item())
    return w, b, losses

# %% wrong: Each weight may use the others as soon as they are new. | feedback: b was updated with the new w
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        w = w - lr * 2 * x.T @ error / len(x)
        b = b - lr * 2 * (x @ w + b - y).mean(dim=0)
    return w, b, losses

# %% wrong: A line has a slope only. | feedback: b is not updated
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        w = w - lr * 2 * x.T @ error / len(x)
    return w, b, losses

# %% wrong: backward() writes a new gradient over the old one. | feedback: Clear .grad before each backward()
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w.detach(), b.detach(), losses

# %% wrong: The last loss needs an update, too. | feedback: that is after two updates
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates + 1):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses

# %% wrong: w * x + b, as in the lesson, is the prediction with several inputs, too. | feedback: predict with x @ w + b
# -    """Gradient descent on the mean squared error, from zeros. Returns (w, b, losses)."""
# -    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    w, b = torch.zeros(1, 1), torch.zeros(1)
# -        error = x @ w + b - y
        error = w * x + b - y
# -        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
        gradient_w = 2 * x.T @ error / len(x)
        w, b = w - lr * gradient_w, b - lr * 2 * error.mean(dim=0)

# %% wrong: What is computed from a parameter is a parameter. | feedback: call w.requires_grad_() on it
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w = w - lr * w.grad
            b = b - lr * b.grad
    return w.detach(), b.detach(), losses

# %% wrong: The gradient is computed once, before the loop. | feedback: Compute it anew in each round
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    error = x @ w + b - y
    gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
    losses = []
    for _ in range(updates):
        losses.append(((x @ w + b - y) ** 2).mean().item())
        w, b = w - lr * gradient_w, b - lr * gradient_b
    return w, b, losses

# %% wrong: Any start is as good as another. | feedback: w must begin at zero
# -    """Gradient descent on the mean squared error, from zeros. Returns (w, b, losses)."""
# -    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    w, b = torch.ones(x.shape[1], 1), torch.ones(1)

# %% wrong: The loss of all examples is the sum of theirs. | feedback: that is the gradient of a sum
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).sum().item())
        w, b = w - lr * 2 * x.T @ error, b - lr * 2 * error.sum(dim=0)
    return w, b, losses

# %% wrong: The steps follow the mean, but a sum is reported. | feedback: that is a sum over the examples. The loss is their mean.
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).sum().item())
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses

# %% wrong: An update needs no torch.no_grad(). | feedback: Update inside with torch.no_grad()
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad = b.grad = None
    return w.detach(), b.detach(), losses

# %% wrong: The gradient points downhill. | feedback: you walk uphill
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        w, b = w + lr * 2 * x.T @ error / len(x), b + lr * 2 * error.mean(dim=0)
    return w, b, losses

# %% wrong: The best weights are wanted. | feedback: after the last update
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    best = w, b
    losses = []

    def loss(w, b):
        return ((x @ w + b - y) ** 2).mean().item()

    for _ in range(updates):
        losses.append(loss(w, b))
        error = x @ w + b - y
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
        if loss(w, b) < loss(*best):
            best = w, b
    return *best, losses

# %% wrong: At rest the remaining updates can be left out. | feedback: exactly updates updates
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        gw, gb = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        if gw.norm() + gb.norm() < 1e-10:
            break
        losses.append((error**2).mean().item())
        w, b = w - lr * gw, b - lr * gb
    return w, b, losses

# %% wrong: A loop that diverges must stop. | feedback: exactly updates updates
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        loss = (error**2).mean().item()
        if losses and loss > 10 * losses[0]:
            break
        losses.append(loss)
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses

# %% right: autograd in place of the formula
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return w.detach(), b.detach(), losses

# %% right: nn.Linear, MSELoss and SGD
def train(x, y, lr, updates):
    model = torch.nn.Linear(x.shape[1], 1)
    torch.nn.init.zeros_(model.weight)
    torch.nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(updates):
        loss = torch.nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model.weight.detach().T, model.bias.detach(), losses

# %% wrong: One derivative moves all weights, as in the lesson. | feedback: one number for all weights
# -        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean(dim=0)

# %% wrong: A loss that hardly changes is good enough. | feedback: exactly updates updates
# -        losses.append((error**2).mean().item())
        losses.append((error**2).mean().item())
        if len(losses) > 1 and losses[-2] - losses[-1] < 1e-12:
            break

# %% wrong: A loss below a millionth is good enough. | feedback: exactly updates updates
# -        losses.append((error**2).mean().item())
        loss = (error**2).mean().item()
        if loss < 1e-6:
            return w, b, losses
        losses.append(loss)

# %% wrong: An update that makes it worse is taken back. | feedback: w and b are wanted as they are after the last update
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    loss = lambda w, b: ((x @ w + b - y) ** 2).mean().item()
    losses = []
    for _ in range(updates):
        losses.append(loss(w, b))
        error = x @ w + b - y
        new = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
        if loss(*new) <= losses[-1] * (1 + 1e-9):
            w, b = new
    return w, b, losses

# %% wrong: Examples with the same input and answer are one example. | feedback: where two examples are equal
# -    """Gradient descent on the mean squared error, from zeros. Returns (w, b, losses)."""
    table = torch.unique(torch.hstack([x, y]), dim=0)
    x, y = table[:, :-1], table[:, -1:]

# %% wrong: The weights of the last call are a good start. | feedback: Does the second call go on where the first ended?
LAST = {}


def train(x, y, lr, updates):
    w, b = LAST.get(x.shape, (torch.zeros(x.shape[1], 1), torch.zeros(1)))
    losses = []
    for _ in range(updates):
        error = x @ w + b - y
        losses.append((error**2).mean().item())
        w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    LAST[x.shape] = w, b
    return w, b, losses

# %% wrong: No distance is negative, so no answer is. | feedback: with answers around −100
# -    """Gradient descent on the mean squared error, from zeros. Returns (w, b, losses)."""
    y = y.clamp(min=-50.0)

# %% wrong: float32 is the usual kind of weight. | feedback: float64 is the default here
# -    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    w, b = torch.zeros(x.shape[1], 1, dtype=torch.float32), torch.zeros(1, dtype=torch.float32)

# %% wrong: The result may be rounded. | feedback: w is float32
# -    return w, b, losses
    return w.float(), b.float(), losses

# %% wrong: Only the weights are handed back. | feedback: Return three things: return w, b, losses
# -    return w, b, losses
    return w, b

# %% wrong: The last loss is enough. | feedback: losses must be a list of Python floats
# -    return w, b, losses
    return w, b, losses[-1]

# %% wrong: The losses are a tensor. | feedback: losses must be a list of Python floats
# -    return w, b, losses
    return w, b, torch.tensor(losses)

# %% wrong: The loop ends where it returns. | feedback: Does return stand inside of the loop?
# -    return w, b, losses
        return w, b, losses

# %% wrong: .item() belongs to the loss. | feedback: Take .item() only for the list
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean().item()
        loss.backward()

# %% wrong: A gradient is there before backward(). | feedback: is backward() called before it is read?
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean()
        with torch.no_grad():
            w -= lr * w.grad
        loss.backward()

# %% right: switches are changed, a subclass of torch's SGD, and a helper with the name of a helper of the tests
torch.set_num_threads(2)
torch.set_default_dtype(torch.float32)


class line(torch.optim.SGD):
    pass


def walk(x, y, w, b):
    return torch.nn.functional.mse_loss(x @ w + b, y)


def train(x, y, lr, updates):
    w, b = (torch.zeros(*shape, dtype=x.dtype, requires_grad=True) for shape in ((x.shape[1], 1), (1,)))
    optimizer = line([w, b], lr=lr)
    losses = []
    for _ in range(updates):
        optimizer.zero_grad()
        loss = walk(x, y, w, b)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    return w, b, losses

# %% wrong: The weights before the best loss are wanted. | feedback: not the one with the lowest loss so far
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    best = None
    for _ in range(updates):
        e = x @ w + b - y
        losses.append((e**2).mean().item())
        if best is None or losses[-1] <= min(losses):
            best = w, b
        w = w - lr * 2 * x.T @ e / len(x)
        b = b - lr * 2 * e.mean(dim=0)
    return *best, losses

# %% wrong: float32 on the way does no harm. | feedback: it is close, but no more
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    x, y = x.float(), y.float()
    w, b = w.float(), b.float()
    losses = []
    for _ in range(updates):
        e = x @ w + b - y
        losses.append((e**2).mean().item())
        w = w - lr * 2 * x.T @ e / len(x)
        b = b - lr * 2 * e.mean(dim=0)
    return w.double(), b.double(), losses

# %% wrong: Inputs are always standardized first. | feedback: Train on x as it comes in
def train(x, y, lr, updates):
    s = x.std(dim=0, correction=0)
    z = (x - x.mean(dim=0)) / s
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        e = z @ w + b - y
        losses.append((e**2).mean().item())
        w = w - lr * 2 * z.T @ e / len(z)
        b = b - lr * 2 * e.mean(dim=0)
    w = w / s.unsqueeze(1)
    return w, b - x.mean(dim=0) @ w, losses

# %% wrong: A gradient must be clipped. | feedback: the error grows 99-fold
def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        e = x @ w + b - y
        losses.append((e**2).mean().item())
        gw, gb = 2 * x.T @ e / len(x), 2 * e.mean(dim=0)
        w, b = w - lr * gw.clamp(-1e4, 1e4), b - lr * gb.clamp(-1e4, 1e4)
    return w, b, losses

# %% wrong: To forget the gradient of w is enough. | feedback: the gradient of b is not forgotten
def train(x, y, lr, updates):
    w = torch.zeros(x.shape[1], 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = None
        losses.append(loss.item())
    return w.detach(), b.detach(), losses

# %% wrong: A weight begins as a number, as in the lesson's first loop. | feedback: Does w begin as a column, torch.zeros(d, 1)?
# -    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    w, b = 0.0, 0.0
