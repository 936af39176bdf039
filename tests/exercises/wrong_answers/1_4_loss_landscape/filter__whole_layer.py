# misconception: A layer has one length.
# feedback: You scaled the whole matrix at once


def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm()
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * w.norm())
    return normalized
