# misconception: A sum of squares is a length.
# feedback: row by row, d/‖d‖·‖w‖


def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = (d**2).sum(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * (w**2).sum(dim=1, keepdim=True))
    return normalized
