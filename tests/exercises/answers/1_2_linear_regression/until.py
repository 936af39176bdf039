# %% wrong: The tolerance is a length. | feedback: the tolerance is relative
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    for updates in range(most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        if updates == 0:
            first = length
        if length <= tolerance or updates == most:
            return w, b, updates
        w, b = w - lr * gradient_w, b - lr * gradient_b

# %% wrong: After a for loop over range(most), its counter stands at most. | feedback: count the updates that were made
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    for updates in range(most):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        if updates == 0:
            first = length
        if length <= tolerance * first:
            break
        w, b = w - lr * gradient_w, b - lr * gradient_b
    return w, b, updates

# %% wrong: Relative means divided by the start, and the start is never zero. | feedback: do not divide by the length at the start
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    for updates in range(most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        if updates == 0:
            first = length
        if length / first <= tolerance or updates == most:
            return w, b, updates
        w, b = w - lr * gradient_w, b - lr * gradient_b

# %% wrong: The length of a vector is its largest entry. | feedback: that is the largest entry
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    for updates in range(most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = max(gradient_w.abs().max(), gradient_b.abs().max())
        if updates == 0:
            first = length
        if length <= tolerance * first or updates == most:
            return w, b, updates
        w, b = w - lr * gradient_w, b - lr * gradient_b

# %% wrong: The rule is looked at after each update. | feedback: you make 1 updates, not 0
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    first = None
    for updates in range(1, most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        first = length if first is None else first
        w, b = w - lr * gradient_w, b - lr * gradient_b
        error = x @ w + b - y
        now = torch.cat([2 * x.T @ error / len(x), 2 * error.mean(dim=0, keepdim=True)]).norm()
        if now <= tolerance * first:
            break
    return w, b, updates

# %% wrong: When the loss hardly changes, the loop has arrived. | feedback: A loss that hardly changes may mean that you walk slowly
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    before = None
    for updates in range(most + 1):
        error = x @ w + b - y
        loss = (error**2).mean()
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        if before is not None and before - loss <= tolerance * tolerance * before:
            return w, b, updates
        if updates == most:
            return w, b, updates
        before = loss
        w, b = w - lr * gradient_w, b - lr * gradient_b

# %% wrong: The tolerance is compared with the last gradient, not with the first. | feedback: the loop did not stop
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    last = None
    for updates in range(most):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        if length == 0 or (last is not None and length <= tolerance * last):
            return w, b, updates
        last = length
        w, b = w - lr * gradient_w, b - lr * gradient_b
    return w, b, most

# %% wrong: The weights of the update before may be returned. | feedback: Return the w and b whose gradient you looked at
# -    """Gradient descent from zeros, until the gradient is short. Returns (w, b, updates)."""
# -    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    old_w, old_b = w, b
# -            return w, b, updates
            return old_w, old_b, updates
        old_w, old_b = w, b

# %% wrong: The length of a vector is the sum of its squares. | feedback: that is the squared length
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    for updates in range(most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = gradient_w.square().sum() + gradient_b.square().sum()
        if updates == 0:
            first = length
        if length <= tolerance * first or updates == most:
            return w, b, updates
        w, b = w - lr * gradient_w, b - lr * gradient_b

# %% wrong: Short enough means shorter than the tolerance. | feedback: let ≤ include equality
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    for updates in range(most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        if updates == 0:
            first = length
        if length < tolerance * first or updates == most:
            return w, b, updates
        w, b = w - lr * gradient_w, b - lr * gradient_b

# %% wrong: Lengths of parts add up. | feedback: that is a sum of lengths
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    for updates in range(most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = gradient_w.norm() + gradient_b.norm()
        if updates == 0:
            first = length
        if length <= tolerance * first or updates == most:
            return w, b, updates
        w, b = w - lr * gradient_w, b - lr * gradient_b

# %% wrong: The update that was computed is made before the loop ends. | feedback: the tenth had made it short enough
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    first, updates = None, 0
    while updates < most:
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        first = length if first is None else first
        w, b = w - lr * gradient_w, b - lr * gradient_b
        updates += 1
        if length <= tolerance * first:
            break
    return w, b, updates

# %% wrong: The bias is not part of the gradient. | feedback: that is when the gradient by w alone is short
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    for updates in range(most + 1):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = gradient_w.norm()
        if updates == 0:
            first = length
        if length <= tolerance * first or updates == most:
            return w, b, updates
        w, b = w - lr * gradient_w, b - lr * gradient_b

# %% wrong: A tiny absolute tolerance is added, as in allclose. | feedback: the tolerance is relative
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    first = None
    for t in range(most + 1):
        error = x @ w + b - y
        gw, gb = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = torch.cat([gw.flatten(), gb]).norm()
        first = length if first is None else first
        if length <= tolerance * first + 1e-8 or t == most:
            return w, b, t
        w, b = w - lr * gw, b - lr * gb

# %% wrong: The start's length is at least 1. | feedback: the tolerance is relative
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    first = None
    for t in range(most + 1):
        error = x @ w + b - y
        gw, gb = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = torch.cat([gw.flatten(), gb]).norm().item()
        first = max(length, 1.0) if first is None else first
        if length <= tolerance * first or t == most:
            return w, b, t
        w, b = w - lr * gw, b - lr * gb

# %% right: a while loop, autograd and torch.cat
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)

    def gradient():
        return torch.autograd.grad(((x @ w + b - y) ** 2).mean(), [w, b])

    parts = gradient()
    goal = tolerance * torch.cat([part.flatten() for part in parts]).norm()
    updates = 0
    while updates < most and torch.cat([part.flatten() for part in parts]).norm() > goal:
        with torch.no_grad():
            w -= lr * parts[0]
            b -= lr * parts[1]
        updates += 1
        parts = gradient()
    return w.detach(), b.detach(), updates

# %% wrong: A gradient that grows will not become short. | feedback: at a rate at which it diverges
# -        if length <= tolerance * first or updates == most:
        if length <= tolerance * first or length > 1.5 * first or updates == most:

# %% wrong: A length of a millionth is good enough in any unit. | feedback: the tolerance is relative
# -        if length <= tolerance * first or updates == most:
        if length <= max(tolerance * first, 1e-6) or updates == most:

# %% wrong: The best weights that were met are wanted. | feedback: as they are after the last update
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    best = None
    for updates in range(most + 1):
        error = x @ w + b - y
        if best is None or error.norm() <= best[2].norm():
            best = w, b, error
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = torch.cat([gradient_w[:, 0], gradient_b]).norm()
        first = length if updates == 0 else first
        if length <= tolerance * first or updates == most:
            return best[0], best[1], updates
        w, b = w - lr * gradient_w, b - lr * gradient_b

# %% wrong: Shorter than, but equal at the very start. | feedback: ≤ includes equality
# -        if length <= tolerance * first or updates == most:
        if first == 0 or length < tolerance * first or updates == most or tolerance == 1:

# %% wrong: The last gradient is not looked at, and the loop goes on by itself. | feedback: never make more than most
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    updates, first = 0, None
    while True:
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = torch.cat([gradient_w[:, 0], gradient_b]).norm()
        first = length if first is None else first
        if length <= tolerance * first:
            return w, b, updates
        w, b = w - lr * gradient_w, b - lr * gradient_b
        updates += 1
        if updates >= max(most, 1):
            return w, b, updates

# %% wrong: Where the loop runs out nothing is returned. | feedback: Is the line with return missing at its end?
# -    for updates in range(most + 1):
    for updates in range(most):

# %% wrong: The gradient is that of the sum. | feedback: your loop runs away
# -        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        gradient_w, gradient_b = 2 * x.T @ error, 2 * error.sum(dim=0)

# %% wrong: The number of updates is not part of the answer. | feedback: Return three things: return w, b, updates
# -            return w, b, updates
            return w, b

# %% wrong: The updates are a list. | feedback: updates must be a number
# -            return w, b, updates
            return w, b, list(range(updates))

# %% wrong: The result may be rounded. | feedback: w is float32
# -            return w, b, updates
            return w.float(), b.float(), updates

# %% right: squares are compared, and the count is a tensor
def train_until(x, y, lr, tolerance, most):
    X = torch.hstack([x, torch.ones_like(y)])
    theta = torch.zeros(X.shape[1], 1)
    gradient = lambda: 2 / len(X) * X.T @ (X @ theta - y)
    goal = tolerance * gradient().norm()
    updates = torch.tensor(0)
    for _ in range(most):
        if gradient().norm() <= goal:
            break
        theta = theta - lr * gradient()
        updates += 1
    return theta[:-1], theta[-1], updates

# %% wrong: A loop that explodes may be ended. | feedback: Nothing else stops the loop
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    first = last = None
    for k in range(most):
        e = x @ w + b - y
        gw, gb = 2 * x.T @ e / len(x), 2 * e.mean(dim=0)
        length = torch.cat([gw.flatten(), gb]).norm()
        if first is None:
            first = length
        if length <= tolerance * first or (last is not None and length > 10 * last):
            return w, b, k
        last = length
        w, b = w - lr * gw, b - lr * gb
    return w, b, most

# %% right: one vector of all weights, and math.hypot
import math


def train_until(x, y, lr, tolerance, most):
    d = x.shape[1]
    X = torch.hstack([x, torch.ones(len(x), 1)])
    theta = torch.zeros(d + 1, 1)

    def g(t):
        return 2 * X.T @ (X @ t - y) / len(x)

    goal = tolerance * math.hypot(*g(theta).flatten().tolist())
    count = 0
    while math.hypot(*g(theta).flatten().tolist()) > goal and count < most:
        theta = theta - lr * g(theta)
        count += 1
    return theta[:-1], theta[-1], count

# %% wrong: No tolerance is smaller than rounding. | feedback: with tolerance = 0
def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    first = None
    for k in range(most):
        e = x @ w + b - y
        gw, gb = 2 * x.T @ e / len(x), 2 * e.mean(dim=0)
        length = torch.cat([gw.flatten(), gb]).norm()
        if first is None:
            first = length
        if length <= max(tolerance, 1e-12) * first or not length.isfinite():
            return w, b, k
        w, b = w - lr * gw, b - lr * gb
    return w, b, most

# %% wrong: One derivative moves all weights, as in question 1. | feedback: repair question 1 first
# -        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        gradient_w, gradient_b = 2 * (error * x).mean().expand(w.shape), 2 * error.mean(dim=0)

# %% wrong: The last update that is allowed may be followed by one more. | feedback: Go on only while fewer than most have been made
def train_until(x, y, lr, tolerance, most):
    w, b, updates, first = torch.zeros(x.shape[1], 1), torch.zeros(1), 0, None
    while updates <= most:
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        first = length if first is None else first
        if length <= tolerance * first:
            break
        w, b = w - lr * gradient_w, b - lr * gradient_b
        updates += 1
    return w, b, updates
