# differs: eigvals of a matrix that need not be symmetric


def classify(hessian, tolerance=1e-9):
    values = torch.linalg.eigvals(hessian).real
    zero = tolerance * torch.max(torch.abs(values))
    low, high = values.min(), values.max()
    if low > zero:
        return "minimum"
    if high < -zero:
        return "maximum"
    return "saddle" if low < -zero and high > zero else "undecided"
