# misconception: The path tells by itself whether it diverged.
# feedback: Return two things: return path, diverged


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        if not w.isfinite().all() or w.abs().max() > too_far:
            return torch.stack(path)
        path.append(w)
    return torch.stack(path)
