# misconception: The gradient points the way to go.
# feedback: You walk uphill


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w + lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False
