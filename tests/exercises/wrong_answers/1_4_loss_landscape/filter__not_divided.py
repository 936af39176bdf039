# misconception: Multiplying by the length of the weights is enough.
# feedback: but not divided by their own length


def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d * w.norm(dim=1, keepdim=True))
    return normalized
