# %% wrong: The number of updates need not be whole. | feedback: nobody makes a part of an update
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.log(shrink) / math.log(1 - mu / L)

# %% wrong: The curvatures do not depend on who counts how much. | feedback: all examples count the same
# -    """The rate 1/L, and the updates until the slowest direction has shrunk so far. Returns (lr, updates)."""
# -    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    curvatures = torch.linalg.eigvalsh(2 * X.T @ X / len(X))

# %% wrong: The logarithm of 1 − 1/κ is −1/κ. | feedback: is an approximation for large
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(L / mu * math.log(1 / shrink))

# %% wrong: The largest rate that does not explode is the best one. | feedback: that is twice too long
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 2 / L, 1
    return 2 / L, math.ceil(math.log(shrink) / math.log(1 - mu / L))

# %% wrong: The best rate is always asked for. | feedback: that is 2/(L + μ)
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 2 / (L + mu), 1
    return 2 / (L + mu), math.ceil(math.log(shrink) / math.log((L - mu) / (L + mu)))

# %% wrong: The formula of lesson 1.2 holds for every rate. | feedback: that is the count for the rate 2/(L + μ)
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log(1 / shrink) / math.log((L + mu) / (L - mu)))

# %% wrong: Both factors of XᵀX are multiplied by c. | feedback: c enters twice
# -    """The rate 1/L, and the updates until the slowest direction has shrunk so far. Returns (lr, updates)."""
# -    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    curvatures = torch.linalg.eigvalsh(2 * (c * X).T @ (c * X) / len(X))

# %% wrong: The flattest direction sets the rate. | feedback: one over the smallest curvature
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / mu, 1
    return 1 / mu, math.ceil(math.log(shrink) / math.log(1 - mu / L))

# %% wrong: One logarithm is as good as another. | feedback: log10 and ln are mixed
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log10(shrink) / math.log(1 - mu / L))

# %% wrong: A round bowl needs no case of its own. | feedback: There is no logarithm of zero
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    return 1 / L, math.ceil(math.log(shrink) / math.log(1 - mu / L))

# %% wrong: The Hessian of the mean squared error is XᵀX/n. | feedback: is the 2 of the Hessian missing
# -    """The rate 1/L, and the updates until the slowest direction has shrunk so far. Returns (lr, updates)."""
# -    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    curvatures = torch.linalg.eigvalsh(X.T @ (c * X) / len(X))

# %% wrong: The rate is the largest curvature. | feedback: that is L itself
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return L, 1
    return L, math.ceil(math.log(shrink) / math.log(1 - mu / L))

# %% wrong: An update that is nearly due counts as made. | feedback: round up
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, int(math.log(shrink) / math.log(1 - mu / L))

# %% wrong: Seven kappa is always enough. | feedback: 7κ is a rule of thumb
def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(7 * L / mu)

# %% wrong: The Hessian is a sum over the examples. | feedback: Do you sum over the examples
# -    """The rate 1/L, and the updates until the slowest direction has shrunk so far. Returns (lr, updates)."""
# -    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X))

# %% wrong: More than a thousand updates are never made. | feedback: the smallest t
def plan(X, c, shrink):
    e = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = e[-1].item(), e[0].item()
    left, t = 1.0, 0
    while left > shrink and t < 1000:
        left *= 1 - mu / L
        t += 1
    return 1 / L, t

# %% wrong: Rounded down plus one is rounded up. | feedback: the smallest t
def plan(X, c, shrink):
    e = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = e[-1].item(), e[0].item()
    keep = 1 - mu / L
    if keep < 1e-12:
        return 1 / L, 1
    return 1 / L, int(math.log(shrink) / math.log(keep)) + 1

# %% wrong: A tensor with one number is a float. | feedback: a float
def plan(X, c, shrink):
    e = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    keep = (1 - e[0] / e[-1]).item()
    return 1 / e[-1], 1 if keep < 1e-12 else math.ceil(math.log(shrink) / math.log(keep))

# %% wrong: It must be below shrink. | feedback: or less
def plan(X, c, shrink):
    e = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = e[-1].item(), e[0].item()
    left, t = 1.0, 0
    while left >= shrink:
        left *= 1 - mu / L
        t += 1
    return 1 / L, t

# %% right: no logarithm: a loop that multiplies
def plan(X, c, shrink):
    hessian = torch.zeros(X.shape[1], X.shape[1])
    for row, count in zip(X, c, strict=True):
        hessian = hessian + 2 * count * torch.outer(row, row) / len(X)
    curvatures = torch.linalg.eigvalsh(hessian)
    left, updates = 1.0, 0
    while left > shrink:
        left = left * (1 - curvatures[0] / curvatures[-1]).item()
        updates += 1
    return (1 / curvatures[-1]).item(), updates

# %% right: singular values of the scaled design matrix
def plan(X, c, shrink):
    stretch = torch.linalg.svdvals((2 * c / len(X)).sqrt() * X) ** 2
    L, mu = stretch.max(), stretch.min()
    kept = (1 - mu / L).clamp(min=1e-300)
    return (1 / L).item(), int((math.log(shrink) / kept.log() - 1e-9).ceil().clamp(min=1))

# %% wrong: The diagonal of the Hessian holds the curvatures. | feedback: Or is that its largest entry
# -    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    curvatures = (2 * X.T @ (c * X) / len(X)).diagonal().sort().values

# %% wrong: The rate is all there is to plan. | feedback: Return two things: return lr, updates
def plan(X, c, shrink):
    return 1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1].item()

# %% wrong: The number of updates may be a tensor. | feedback: must be a whole number, not tensor
def plan(X, c, shrink):
    e = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    kept = (1 - e[0] / e[-1]).clamp(min=1e-300)
    return 1 / e[-1].item(), (math.log(shrink) / kept.log()).ceil()

# %% wrong: There is always a number of updates. | feedback: must be a whole number, not inf
def plan(X, c, shrink):
    e = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    return 1 / e[-1].item(), math.inf

# %% wrong: The mean is over the weights. | feedback: your lr is
# -    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / X.shape[1])

# %% wrong: c is divided by its mean first, as it is 1 anyway. | feedback: your lr is
# -    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c / c.mean() * X) / len(X))

# %% wrong: A round bowl is one with two weights. | feedback: A test that you have not seen: There is no logarithm
# -    if mu > (1 - 1e-9) * L:  # a round bowl
    if len(curvatures) > 1 and mu > (1 - 1e-9) * L:

# %% wrong: What shrinks is the loss. | feedback: shrink the *loss* so far
def plan(X, c, shrink):
    e = torch.linalg.eigvalsh(2 / len(X) * X.T @ (c * X))
    L, mu = e[-1].item(), e[0].item()
    left = (1 - mu / L) ** 2
    if left <= 1e-12:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log(shrink) / math.log(left) - 1e-9)

# %% wrong: float32 is close enough for a plan. | feedback: Is something float32 on the way
def plan(X, c, shrink):
    e = torch.linalg.eigvalsh((2 / len(X) * X.T @ (c * X)).float())
    L, mu = e[-1].item(), e[0].item()
    left = 1 - mu / L
    if left <= 1e-6:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log(shrink) / math.log(left) - 1e-9)

# %% wrong: Eigenvalues come sorted. | feedback: does not sort; eigvalsh does
def plan(X, c, shrink):
    e = torch.linalg.eigvals(2 / len(X) * X.T @ (c * X)).real
    L, mu = e[-1].item(), e[0].item()
    if abs(L - mu) < 1e-9:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log(shrink) / math.log(1 - mu / L) - 1e-9)

# %% wrong: Nearly round is round. | feedback: It takes
def plan(X, c, shrink):
    e = torch.linalg.eigvalsh(2 / len(X) * X.T @ (c * X))
    L, mu = e[-1].item(), e[0].item()
    if L / mu < 1.5:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log(shrink) / math.log(1 - mu / L) - 1e-9)
