# misconception: Biases do not move, so they are left out.
# feedback: Return a list with a tensor for each tensor of weights


def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * w.norm(dim=1, keepdim=True))
    return normalized
