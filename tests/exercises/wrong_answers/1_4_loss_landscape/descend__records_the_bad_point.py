# misconception: The point that is too far belongs to the path.
# feedback: The path ends with the last good point: look before you append


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        path.append(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), True
    return torch.stack(path), False
