# %% wrong: The start may be walked on. | feedback: changed its input number 2
# -    """Gradient descent. Returns (path, diverged)."""
# -    w, path = start, [start]
    w, path = start, [start.clone()]
# -        w = w - lr * gradient(w)
        w -= lr * gradient(w)
# -        path.append(w)
        path.append(w.clone())

# %% wrong: Too far is a million. | feedback: with too_far=200, the path has
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > 1e6:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: The gradient stays what it was at the start. | feedback: compute the gradient anew
# -    """Gradient descent. Returns (path, diverged)."""
# -    w, path = start, [start]
    w, path, g = start, [start], gradient(start)
# -        w = w - lr * gradient(w)
        w = w - lr * g

# %% wrong: It is enough to look at the end. | feedback: Stop at once
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        path.append(w)
    return torch.stack(path), bool(
        (~torch.stack(path).isfinite()).any() or torch.stack(path).abs().max() > too_far
    )

# %% wrong: Stopping early says it. | feedback: At lr = 1 this run diverges; you return False
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), False
        path.append(w)
    return torch.stack(path), False

# %% wrong: Appending a tensor keeps its numbers. | feedback: Every row of the path is the same point
# -    """Gradient descent. Returns (path, diverged)."""
# -    w, path = start, [start]
    w = start.clone()
    path = [w]
# -        w = w - lr * gradient(w)
        w -= lr * gradient(w)

# %% wrong: A run has diverged when it is no number any more. | feedback: At lr = 1 this run diverges; you return False
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all():
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: The path tells by itself whether it diverged. | feedback: Return two things: return path, diverged
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path)
        path.append(w)
    return torch.stack(path)

# %% wrong: The point that is too far belongs to the path. | feedback: The path ends with the last good point: look before you append
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        path.append(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), True
    return torch.stack(path), False

# %% wrong: A list of points is a path. | feedback: path must be a tensor with a row for each point
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return path, True
        path.append(w)
    return path, False

# %% wrong: The path begins after the first update. | feedback: The path has 10 rows after 10 updates
# -    """Gradient descent. Returns (path, diverged)."""
# -    w, path = start, [start]
    w, path = start, []

# %% wrong: The gradient points the way to go. | feedback: You walk uphill
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w + lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: Far means large. | feedback: A large negative coordinate is far away too
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or w.max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: NaN is larger than any number. | feedback: A comparison with NaN is always false
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if w.abs().max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: Diverged is when every coordinate is not finite. | feedback: a coordinate
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().any() or (w.abs() > too_far).any():
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: Too far means far from the start. | feedback: in absolute value
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or (w - start).abs().max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: The start may have diverged, too. | feedback: as soon as an update leads there
# -    """Gradient descent. Returns (path, diverged)."""
# -    w, path = start, [start]
    w, path = start, [start]
    if (w.abs() > too_far).any():
        return torch.stack(path), True
# -        if not w.isfinite().all() or w.abs().max() > too_far:
        if not w.isfinite().all() or (w.abs() > too_far).any():

# %% wrong: Where the gradient is zero the loop may end. | feedback: updates + 1 rows
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        g = gradient(w)
        if g.norm() < 1e-12:
            break
        w = w - lr * g
        if not w.isfinite().all() or (w.abs() > too_far).any():
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% right: a table that is filled and cut
def descend(gradient, start, lr, updates, too_far=1e6):
    table = torch.zeros(updates + 1, len(start))
    table[0] = start
    for t in range(updates):
        new = table[t] - lr * gradient(table[t].clone())
        if bool(
            torch.isnan(new).any() | torch.isinf(new).any() | (new > too_far).any() | (new < -too_far).any()
        ):
            return table[: t + 1].clone(), True
        table[t + 1] = new
    return table, False

# %% right: a while loop, a clone, and a norm of infinite order
def descend(gradient, start, lr, updates, too_far=1e6):
    path, diverged = [start.clone()], False
    while len(path) <= updates and not diverged:
        candidate = torch.sub(path[-1], gradient(path[-1]), alpha=lr)
        size = torch.linalg.vector_norm(candidate, ord=math.inf).item()
        diverged = not (size <= too_far and math.isfinite(size))
        if not diverged:
            path.append(candidate)
    return torch.vstack(path), diverged

# %% wrong: A path may be float32. | feedback: is float32
# -    return torch.stack(path), False
    return torch.stack(path).float(), False

# %% wrong: A run diverges as soon as it gets farther away. | feedback: Before, no coordinate is larger than too_far
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        new = w - lr * gradient(w)
        if not new.isfinite().all() or new.abs().max() > w.abs().max():
            return torch.stack(path), True
        w = new
        path.append(w)
    return torch.stack(path), False

# %% wrong: The last update need not be looked at. | feedback: If the last update is the one
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, []
    for t in range(updates + 1):
        if t < updates and (not w.isfinite().all() or w.abs().max() > too_far):
            return torch.stack(path), True
        path.append(w)
        w = w - lr * gradient(w)
    return torch.stack(path), False

# %% wrong: A tensor that says True is True. | feedback: diverged must be True or False, not Tensor
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    bad = torch.tensor(False)
    for _ in range(updates):
        w = w - lr * gradient(w)
        bad = ~w.isfinite().all() | (w.abs().max() > too_far)
        if bad:
            break
        path.append(w)
    return torch.stack(path), bad

# %% wrong: Too far is the length of the point. | feedback: Neither the length nor
# -        if not w.isfinite().all() or w.abs().max() > too_far:
        if not w.isfinite().all() or w.norm() > too_far:

# %% wrong: The descent may end where it hardly moves. | feedback: updates + 1 rows
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        new = w - lr * gradient(w)
        if torch.equal(new, w):
            break
        w = new
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: The update has a memory. | feedback: After 2 updates you are at
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path, v = start, [start], 0 * start
    for _ in range(updates):
        v = 0.5 * v + gradient(w)
        w = w - lr * v
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: What has no else returns nothing. | feedback: Your function returns nothing
# -    return torch.stack(path), False

# %% wrong: The gradient may be asked for one coordinate at a time. | feedback: After 1 update you are at
def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * torch.stack([gradient(w[i]).flatten()[0] for i in range(len(w))])
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% right: a helper named walked, and no recording
def walked(w, gradient, lr):
    return w - lr * gradient(w)


def descend(gradient, start, lr, updates, too_far=1e6):
    torch.set_grad_enabled(False)
    points = [start]
    for _ in range(updates):
        new = walked(points[-1], gradient, lr)
        if any(not math.isfinite(one) or abs(one) > too_far for one in new.tolist()):
            return torch.stack(points), True
        points.append(new)
    return torch.stack(points), False

# %% wrong: A run is lost when all coordinates are. | feedback: One coordinate that is too far is enough
def descend(gradient, start, lr, updates, too_far=1e6):
    w = start
    path = [w]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or (w.abs() > too_far).all():
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: A short gradient ends the descent. | feedback: all updates are made
def descend(gradient, start, lr, updates, too_far=1e6):
    w = start
    path = [w]
    for _ in range(updates):
        g = gradient(w)
        if g.norm() < 1e-10:
            break
        w = w - lr * g
        if not (w.abs() <= too_far).all():
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False

# %% wrong: The start may be recorded. | feedback: it is recorded now
def descend(gradient, start, lr, updates, too_far=1e6):
    start.requires_grad_()
    w = start
    path = [w.detach()]
    for _ in range(updates):
        w = (w - lr * gradient(w)).detach()
        if not (w.abs() <= too_far).all() or not w.isfinite().all():
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False
