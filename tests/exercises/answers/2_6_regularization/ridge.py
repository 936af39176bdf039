# %% wrong: The column of ones is a column like the others. | feedback: the penalty touches b, too
def ridge(X, y, lam):
    n, d = X.shape
    A = torch.cat([X, torch.ones(n, 1)], dim=1)
    w = torch.linalg.solve(A.T @ A + n * lam * torch.eye(d + 1), A.T @ y)
    return w[:d], w[d]

# %% wrong: Ridge adds λ. | feedback: the factor n is missing
# -    w = torch.linalg.solve(centred.T @ centred + n * lam * torch.eye(d), centred.T @ y)
    w = torch.linalg.solve(centred.T @ centred + lam * torch.eye(d), centred.T @ y)

# %% wrong: torch's convention is this one. | feedback: the factor is nλ/2
# -    w = torch.linalg.solve(centred.T @ centred + n * lam * torch.eye(d), centred.T @ y)
    w = torch.linalg.solve(centred.T @ centred + n * lam / 2 * torch.eye(d), centred.T @ y)

# %% wrong: The 2 of the penalty's gradient stays. | feedback: the factor is 2nλ
# -    w = torch.linalg.solve(centred.T @ centred + n * lam * torch.eye(d), centred.T @ y)
    w = torch.linalg.solve(centred.T @ centred + 2 * n * lam * torch.eye(d), centred.T @ y)

# %% wrong: Whoever centres is done. | feedback: for centred columns b is 0
# -    return w, y.mean() - mean @ w
    return w, (y - y.mean()).mean()

# %% wrong: The bias is the mean of y. | feedback: that is the mean of y
# -    return w, y.mean() - mean @ w
    return w, y.mean()

# %% wrong: There is nothing to centre. | feedback: nothing was centred
# -    centred = X - mean
    centred = X

# %% wrong: The penalty can be left out of the matrix. | feedback: least squares, without a penalty
# -    w = torch.linalg.solve(centred.T @ centred + n * lam * torch.eye(d), centred.T @ y)
    w = torch.linalg.lstsq(centred, y[:, None]).solution[:, 0]

# %% wrong: λ is added to every entry of the matrix. | feedback: the slope of the penalized loss by w
# -    w = torch.linalg.solve(centred.T @ centred + n * lam * torch.eye(d), centred.T @ y)
    w = torch.linalg.solve(centred.T @ centred + n * lam, centred.T @ y)

# %% wrong: The mean of x times w is added. | feedback: the sign is turned round
# -    return w, y.mean() - mean @ w
    return w, y.mean() + mean @ w


# %% right: a column of ones that is not penalized
def ridge(X, y, lam):
    n, d = X.shape
    A = torch.cat([X, torch.ones(n, 1)], dim=1)
    pull = n * lam * torch.eye(d + 1)
    pull[d, d] = 0
    w = torch.linalg.solve(A.T @ A + pull, A.T @ y)
    return w[:d], w[d]


# %% right: least squares on more rows
def ridge(X, y, lam):
    n, d = X.shape
    centred, target = X - X.mean(0), y - y.mean()
    rows = torch.cat([centred, math.sqrt(n * lam) * torch.eye(d)])
    w = torch.linalg.lstsq(rows, torch.cat([target, torch.zeros(d)])[:, None]).solution[:, 0]
    return w, y.mean() - (X @ w).mean()

# %% wrong: A penalty below a thousandth is too small to matter. | feedback: the slope of the penalized loss by w
# -    w = torch.linalg.solve(centred.T @ centred + n * lam * torch.eye(d), centred.T @ y)
    w = torch.linalg.solve(centred.T @ centred + n * max(lam, 1e-3) * torch.eye(d), centred.T @ y)

# %% wrong: float32 does for the mean. | feedback: Is something float32 on the way
# -    mean = X.mean(dim=0)
    mean = (X.float() / 3).mean(dim=0).double() * 3
