# misconception: The start may be walked on.
# feedback: changed its input number 2


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start.clone()]
    for _ in range(updates):
        w -= lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), True
        path.append(w.clone())
    return torch.stack(path), False
