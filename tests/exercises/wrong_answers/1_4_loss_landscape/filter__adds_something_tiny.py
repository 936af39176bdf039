# misconception: A tiny number added to the length is harmless.
# feedback: something tiny was added to its length


def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        length = length + 1e-8
        normalized.append(d / length * w.norm(dim=1, keepdim=True))
    return normalized
