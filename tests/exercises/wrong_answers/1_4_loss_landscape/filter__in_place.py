# misconception: The direction may be scaled where it lies.
# feedback: changed its input number 1


def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        d /= length
        d *= w.norm(dim=1, keepdim=True)
        normalized.append(d)
    return normalized
