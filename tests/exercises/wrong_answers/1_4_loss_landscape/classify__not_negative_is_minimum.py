# misconception: No way down is enough for a minimum.
# feedback: second derivatives do not tell


def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = tolerance * eigenvalues.abs().max()
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle"
    if up.any() and not down.any():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"
