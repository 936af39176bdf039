# %% wrong: Comparing once, at the end, is enough. | feedback: where each round is worse than the one before
# -        if loss < best_loss:
# -            best_w, best_loss = w, loss
        before = w
# -        w = w - lr * gradient
        w = w - lr * gradient
    if loss < best_loss:
        best_w, best_loss = before, loss

# %% wrong: Every search begins at zero. | feedback: the first guess, the argument w, was ignored
# -    n = len(x)
    n, w = len(x), 0.0

# %% wrong: It is enough to measure the loss again after the update. | feedback: that is the weight *after* the update
def repaired_c(x, y, lr, steps, w=0.0):
    """Of the weights that the rounds begin with, the best one and its loss."""
    n = len(x)
    best_w, best_loss = None, math.inf
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        loss = sum(error[i] ** 2 for i in range(n)) / n
        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
        w = w - lr * gradient
        loss = sum((w * x[i] - y[i]) ** 2 for i in range(n)) / n
        if loss < best_loss:
            best_w, best_loss = w, loss
    return best_w, best_loss

# %% wrong: Higher is better. | feedback: best_w is still None
# -        if loss < best_loss:
        if loss > best_loss:

# %% wrong: Two faults of opposite kind cancel. | feedback: the loop still walks uphill, and w is one update late
# -        loss = sum(error[i] ** 2 for i in range(n)) / n
        loss = sum(error[i] ** 2 for i in range(n)) / n
        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
        w = w + lr * gradient
# -        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
# -        w = w - lr * gradient

# %% wrong: The order was the only fault. | feedback: the loop still walks uphill, so that nothing is better than the start
# -        w = w - lr * gradient
        w = w + lr * gradient

# %% wrong: The sign was the only fault. | feedback: that is the weight *after* the update
def repaired_c(x, y, lr, steps, w=0.0):
    """Of the weights that the rounds begin with, the best one and its loss."""
    n = len(x)
    best_w, best_loss = None, math.inf
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        loss = sum(error[i] ** 2 for i in range(n)) / n
        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
        w = w - lr * gradient
        if loss < best_loss:
            best_w, best_loss = w, loss
    return best_w, best_loss

# %% wrong: The loss can be computed again by whoever wants it. | feedback: Return two things
# -    return best_w, best_loss
    return best_w

# %% wrong: The last weight is the best one. | feedback: where each round is worse than the one before
# -        if loss < best_loss:
# -            best_w, best_loss = w, loss
        best_w, best_loss = w, loss

# %% right: all pairs then the smallest
def repaired_c(x, y, lr, steps, w=0.0):
    n = len(x)
    seen = []
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        seen.append((sum(e**2 for e in error) / n, w))
        w = w - lr * sum(2 * error[i] * x[i] for i in range(n)) / n
    loss, w = min(seen)
    return w, loss

# %% right: keeps the old weight
# -        loss = sum(error[i] ** 2 for i in range(n)) / n
        loss = sum(error[i] ** 2 for i in range(n)) / n
        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
        old = w
        w = w - lr * gradient
# -            best_w, best_loss = w, loss
# -        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
# -        w = w - lr * gradient
            best_w, best_loss = old, loss

# %% wrong: No loss is larger than 100. | feedback: not with a fixed number
def repaired_c(x, y, lr, steps, w=0.0):
    n = len(x)
    best_w, best_loss = w, 100.0
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        loss = sum(error[i] ** 2 for i in range(n)) / n
        if loss < best_loss:
            best_w, best_loss = w, loss
        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
        w = w - lr * gradient
    return best_w, best_loss

# %% wrong: The gradient is a length. | feedback: whatever the gradient's sign
def repaired_c(x, y, lr, steps, w=0.0):
    n = len(x)
    best_w, best_loss = None, math.inf
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        loss = sum(error[i] ** 2 for i in range(n)) / n
        if loss < best_loss:
            best_w, best_loss = w, loss
        gradient = abs(sum(2 * error[i] * x[i] for i in range(n)) / n)
        w = w + lr * gradient
    return best_w, best_loss

# %% wrong: The best weight is the exact solution. | feedback: that is the best weight of all
def repaired_c(x, y, lr, steps, w=0.0):
    w = sum(a * b for a, b in zip(x, y)) / sum(a * a for a in x)
    return w, loss_of(w, x, y)

# %% wrong: The last weight that a round begins with is the best. | feedback: that is the last one
def repaired_c(x, y, lr, steps, w=0.0):
    n = len(x)
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        loss = sum(error[i] ** 2 for i in range(n)) / n
        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
        old = w
        w = w - lr * gradient
    return old, loss

# %% wrong: A loop that runs away needs a smaller learning rate. | feedback: walk with the lr that comes in
def repaired_c(x, y, lr, steps, w=0.0):
    n = len(x)
    lr = min(lr, 0.02)
    best_w, best_loss = None, math.inf
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        loss = sum(error[i] ** 2 for i in range(n)) / n
        if loss < best_loss:
            best_w, best_loss = w, loss
        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
        w = w - lr * gradient
    return best_w, best_loss

# %% right: the smallest of all pairs, by min
def repaired_c(x, y, lr, steps, w=0.0):
    seen = []
    for _ in range(steps):
        seen.append((loss_of(w, x, y), w))
        w -= lr * sum(2 * (w * a - b) * a for a, b in zip(x, y)) / len(x)
    loss, best = min(seen)
    return best, loss

# %% wrong: A loss must be better by a margin. | feedback: not with a fixed number
def repaired_c(x, y, lr, steps, w=0.0):
    n = len(x)
    best_w, best_loss = None, math.inf
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        loss = sum(error[i] ** 2 for i in range(n)) / n
        if loss < best_loss - 1e-9:
            best_w, best_loss = w, loss
        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
        w = w - lr * gradient
    return best_w, best_loss
