# misconception: No row of a direction is zero.
# feedback: A row of zeros gives 0/0


def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        normalized.append(d / length * w.norm(dim=1, keepdim=True))
    return normalized
