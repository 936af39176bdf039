# differs: 0/0 repaired afterwards


def filter_normalize(direction, weights):
    return [
        torch.nan_to_num(torch.nn.functional.normalize(d, dim=1, eps=0.0))
        * torch.linalg.vector_norm(w, dim=1)[:, None]
        if w.ndim > 1
        else 0 * w
        for d, w in zip(direction, weights, strict=True)
    ]
