# misconception: The determinant decides, as with two weights.
# feedback: two ways down make a positive determinant


def classify(hessian, tolerance=1e-9):
    det, corner = torch.linalg.det(hessian).item(), hessian[0, 0].item()
    if len(hessian) > 3:
        return "maximum" if det > 0 else "saddle"
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = tolerance * eigenvalues.abs().max()
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"
