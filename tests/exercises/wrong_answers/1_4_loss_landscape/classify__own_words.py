# misconception: Any word that is understood will do.
# feedback: Return one of the words


def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = tolerance * eigenvalues.abs().max()
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle point"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"
