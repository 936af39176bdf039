# misconception: A flat place counts as a minimum.
# feedback: all curvatures are 0


def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = tolerance * eigenvalues.abs().max()
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle"
    if up.all() or not (up | down).any():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"
