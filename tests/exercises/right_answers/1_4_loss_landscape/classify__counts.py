# differs: counting, with sorted eigenvalues relative to the largest


def classify(hessian, tolerance=1e-9):
    values = torch.linalg.eigvalsh(hessian).tolist()
    scale = max(abs(value) for value in values)
    if scale == 0:
        return "undecided"
    signs = {0 if abs(value / scale) <= tolerance else (1 if value > 0 else -1) for value in values}
    if {1, -1} <= signs:
        return "saddle"
    return {frozenset({1}): "minimum", frozenset({-1}): "maximum"}.get(frozenset(signs), "undecided")
