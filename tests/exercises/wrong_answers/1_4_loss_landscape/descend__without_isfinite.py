# misconception: NaN is larger than any number.
# feedback: A comparison with NaN is always false


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if w.abs().max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False
