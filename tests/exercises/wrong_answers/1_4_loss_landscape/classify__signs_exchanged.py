# misconception: Negative curvature is a valley.
# feedback: up in every direction


def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = tolerance * eigenvalues.abs().max()
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "maximum"
    if down.all():
        return "minimum"
    return "undecided"
