# misconception: A run has diverged when it is no number any more.
# feedback: At lr = 1 this run diverges; you return False


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all():
            return torch.stack(path), True
        path.append(w)
    return torch.stack(path), False
