# misconception: A tolerance is a fixed small number.
# feedback: small curvatures are not zero ones


def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = tolerance
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"
