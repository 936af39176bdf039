# misconception: Far means large.
# feedback: A large negative coordinate is far away too


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or w.max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False
