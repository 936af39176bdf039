# differs: no logarithm: a loop that multiplies


def plan(X, c, shrink):
    hessian = torch.zeros(X.shape[1], X.shape[1])
    for row, count in zip(X, c, strict=True):
        hessian = hessian + 2 * count * torch.outer(row, row) / len(X)
    curvatures = torch.linalg.eigvalsh(hessian)
    left, updates = 1.0, 0
    while left > shrink:
        left = left * (1 - curvatures[0] / curvatures[-1]).item()
        updates += 1
    return (1 / curvatures[-1]).item(), updates
