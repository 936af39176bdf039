# misconception: Biases are scaled to their own size.
# feedback: The entries for biases must be zero


def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(d.sign() * w.abs())
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * w.norm(dim=1, keepdim=True))
    return normalized
