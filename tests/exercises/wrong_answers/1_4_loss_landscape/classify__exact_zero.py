# misconception: Zero is zero.
# feedback: is a rounding error


def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = 0.0
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"
