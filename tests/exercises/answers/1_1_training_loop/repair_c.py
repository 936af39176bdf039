# %% wrong: Comparing once, at the end, is enough. | feedback: Where each round is worse than the one before
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

# %% wrong: The last weight is the best one. | feedback: Where each round is worse than the one before
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
