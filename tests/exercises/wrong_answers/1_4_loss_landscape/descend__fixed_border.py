# misconception: Too far is a million.
# feedback: With too_far=200 the path has


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > 1e6:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False
