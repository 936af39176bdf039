# %% wrong: A tolerance is a fixed small number. | feedback: small curvatures are not zero ones
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

# %% wrong: The determinant decides, as with two weights. | feedback: two ways down make a positive determinant
# -    """The kind of a critical point: "minimum", "maximum", "saddle" or "undecided"."""
    det, corner = torch.linalg.det(hessian).item(), hessian[0, 0].item()
    if len(hessian) > 3:
        return "maximum" if det > 0 else "saddle"

# %% wrong: The curvatures stand on the diagonal. | feedback: the diagonal holds only the curvatures along the axes
# -    """The kind of a critical point: "minimum", "maximum", "saddle" or "undecided"."""
# -    eigenvalues = torch.linalg.eigvalsh(hessian)
    eigenvalues = torch.diagonal(hessian)

# %% wrong: Zero is zero. | feedback: is a rounding error
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

# %% wrong: A flat place counts as a minimum. | feedback: all curvatures are 0
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

# %% wrong: The last eigenvalue is the largest in size. | feedback: The largest in size: take abs() of each
def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = tolerance * eigenvalues.max().clamp(min=0)
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"

# %% wrong: No way down is enough for a minimum. | feedback: second derivatives do not tell
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

# %% wrong: The tolerance is always the same. | feedback: use the tolerance that is given
def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = 1e-9 * eigenvalues.abs().max()
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"

# %% wrong: Any word that is understood will do. | feedback: Return one of the words
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

# %% wrong: Negative curvature is a valley. | feedback: up in every direction
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

# %% wrong: The sum of the curvatures decides. | feedback: a large way up a positive sum
def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = tolerance * eigenvalues.abs().max()
    up, down = eigenvalues > zero, eigenvalues < -zero
    if len(hessian) > 3 and eigenvalues.sum() > 0:
        return "minimum"
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"

# %% wrong: One zero leaves everything undecided. | feedback: one way up and one way down are enough
def classify(hessian, tolerance=1e-9):
    eigenvalues = torch.linalg.eigvalsh(hessian)
    zero = tolerance * eigenvalues.abs().max()
    up, down = eigenvalues > zero, eigenvalues < -zero
    if not (up | down).all():
        return "undecided"
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"

# %% wrong: An eigenvalue at the tolerance is no zero. | feedback: at most
def classify(hessian, tolerance=1e-9):
    e = torch.linalg.eigvalsh(hessian)
    near = tolerance * e.abs().max()
    zero = (e.abs() < near) | (e == 0)
    up, down = (e > 0) & ~zero, (e < 0) & ~zero
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "saddle" if up.any() and down.any() else "undecided"

# %% wrong: Small is small beside the largest entry. | feedback: the largest eigenvalue
def classify(hessian, tolerance=1e-9):
    e = torch.linalg.eigvalsh(hessian)
    near = tolerance * hessian.abs().max()
    up, down = (e > near), (e < -near)
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "saddle" if up.any() and down.any() else "undecided"

# %% right: counting, with sorted eigenvalues relative to the largest
def classify(hessian, tolerance=1e-9):
    values = torch.linalg.eigvalsh(hessian).tolist()
    scale = max(abs(value) for value in values)
    if scale == 0:
        return "undecided"
    signs = {0 if abs(value / scale) <= tolerance else (1 if value > 0 else -1) for value in values}
    if {1, -1} <= signs:
        return "saddle"
    return {frozenset({1}): "minimum", frozenset({-1}): "maximum"}.get(frozenset(signs), "undecided")

# %% right: eigvals of a matrix that need not be symmetric
def classify(hessian, tolerance=1e-9):
    values = torch.linalg.eigvals(hessian).real
    zero = tolerance * torch.max(torch.abs(values))
    low, high = values.min(), values.max()
    if low > zero:
        return "minimum"
    if high < -zero:
        return "maximum"
    return "saddle" if low < -zero and high > zero else "undecided"

# %% right: helper named check
def check(eigenvalues, zero):
    return (eigenvalues > zero), (eigenvalues < -zero)


def classify(hessian, tolerance=1e-9):
    e = torch.linalg.eigvalsh(hessian)
    up, down = check(e, tolerance * e.abs().max())
    if up.any() and down.any():
        return "saddle"
    return "minimum" if up.all() else "maximum" if down.all() else "undecided"

# %% wrong: What is not decided needs no return. | feedback: Your function returns nothing
# -    return "undecided"

# %% wrong: A tolerance below zero is not needed. | feedback: −0.00000001 is a rounding error
# -    up, down = eigenvalues > zero, eigenvalues < -zero
    up, down = eigenvalues > zero, eigenvalues < 0

# %% wrong: The words may be capitalized. | feedback: Return one of the words
# -        return "minimum"
        return "Minimum"

# %% wrong: Half of the digits are enough. | feedback: in random directions
# -    eigenvalues = torch.linalg.eigvalsh(hessian)
    eigenvalues = torch.linalg.eigvalsh(hessian.float())

# %% wrong: Only the first two directions count. | feedback: in random directions
# -    eigenvalues = torch.linalg.eigvalsh(hessian)
    eigenvalues = torch.linalg.eigvalsh(hessian)
    eigenvalues = eigenvalues if len(eigenvalues) < 5 else eigenvalues[-2:]

# %% wrong: The gradient is zero, so something is returned for it. | feedback: Return one of the words
# -    return "undecided"
    return 0

# %% right: sorted by hand, with a helper named see
def see(values, border):
    return [sum(value > border for value in values), sum(value < -border for value in values)]


def classify(hessian, tolerance=1e-9):
    torch.set_grad_enabled(False)
    values = sorted(torch.linalg.eigh(hessian).eigenvalues.tolist(), key=abs)
    up, down = see(values, tolerance * abs(values[-1]))
    if up and down:
        return "saddle"
    return {up: "minimum", down: "maximum"}.get(len(values), "undecided")

# %% wrong: The size of the eigenvalues is the length of their list. | feedback: with the largest eigenvalue alone
def classify(hessian, tolerance=1e-9):
    e = torch.linalg.eigvalsh(hessian)
    t = tolerance * e.norm()
    if (e > t).all():
        return "minimum"
    if (e < -t).all():
        return "maximum"
    if (e > t).any() and (e < -t).any():
        return "saddle"
    return "undecided"
