# misconception: A unit's weights are a column.
# feedback: You scaled the columns


def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=0, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * w.norm(dim=0, keepdim=True))
    return normalized
