# misconception: Appending a tensor keeps its numbers.
# feedback: Every row of the path is the same point


def descend(gradient, start, lr, updates, too_far=1e6):
    w = start.clone()
    path = [w]
    for _ in range(updates):
        w -= lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False
