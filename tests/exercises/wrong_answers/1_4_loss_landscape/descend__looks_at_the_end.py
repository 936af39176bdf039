# misconception: It is enough to look at the end.
# feedback: Stop at once


def descend(gradient, start, lr, updates, too_far=1e6):
    w, path = start, [start]
    for _ in range(updates):
        w = w - lr * gradient(w)
        path.append(w)
    return torch.stack(path), bool(
        (~torch.stack(path).isfinite()).any() or torch.stack(path).abs().max() > too_far
    )
