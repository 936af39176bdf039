# misconception: The curvatures stand on the diagonal.
# feedback: the diagonal holds only the curvatures along the axes


def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.diagonal(hessian)
    zero = tolerance * eigenvalues.abs().max()
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"
