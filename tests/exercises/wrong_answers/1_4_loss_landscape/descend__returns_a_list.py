# misconception: A list of points is a path.
# feedback: path must be a tensor with a row for each point


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return path, True
        path.append(w)
    return path, False
