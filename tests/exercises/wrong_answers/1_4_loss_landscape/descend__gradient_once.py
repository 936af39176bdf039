# misconception: The gradient stays what it was at the start.
# feedback: compute the gradient anew


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path, g = start, [start], gradient(start)
    for _ in range(updates):
        w = w - lr * g
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False
