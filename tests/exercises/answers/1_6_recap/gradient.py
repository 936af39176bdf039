# %% wrong: A gradient may be a row. | feedback: becomes a column
def gradient(X, y, c, theta):
    return (2 * c * (X @ theta - y) * X).mean(dim=0)

# %% wrong: The gradient is that of the mean squared error, whoever counts how much. | feedback: all examples count the same
def gradient(X, y, c, theta):
    return 2 * X.T @ (X @ theta - y) / len(X)

# %% wrong: What comes in may be reused for the error. | feedback: changed its input number 2
def gradient(X, y, c, theta):
    y -= X @ theta
    return -2 * X.T @ (c * y) / len(X)

# %% wrong: Each example counts in its error and in its input. | feedback: c enters twice
def gradient(X, y, c, theta):
    return 2 * (c * X).T @ (c * (X @ theta - y)) / len(X)

# %% wrong: A weighted mean divides by the sum of what counts. | feedback: you divide by the sum of c
def gradient(X, y, c, theta):
    return 2 * X.T @ (c * (X @ theta - y)) / c.sum()

# %% wrong: The mean of a product is the product of the means. | feedback: that is the mean error times the mean input
def gradient(X, y, c, theta):
    error = (c * (X @ theta - y)).mean()
    return 2 * error * X.mean(dim=0).unsqueeze(1)

# %% wrong: The square leaves no factor behind. | feedback: the 2 from the square is missing
def gradient(X, y, c, theta):
    return X.T @ (c * (X @ theta - y)) / len(X)

# %% wrong: At the start the prediction is zero, so it can be left out. | feedback: Does theta enter the prediction
def gradient(X, y, c, theta):
    return -2 * X.T @ (c * y) / len(X)

# %% wrong: The error is the truth minus the prediction. | feedback: the sign is turned round
def gradient(X, y, c, theta):
    return 2 * X.T @ (c * (y - X @ theta)) / len(X)

# %% wrong: The gradient is a sum over the examples. | feedback: that is a sum over the examples
def gradient(X, y, c, theta):
    return 2 * X.T @ (c * (X @ theta - y))

# %% right: a loop over the examples
def gradient(X, y, c, theta):
    total = torch.zeros_like(theta)
    for i in range(len(X)):
        row = X[i : i + 1]
        total = total + 2 * c[i] * (row @ theta - y[i]) * row.T
    return total / len(X)

# %% right: rows times the root of c, and the plain formula
def gradient(X, y, c, theta):
    root = c.sqrt()
    A, answers = root * X, root * y
    return 2 / len(X) * (A.T @ A @ theta - A.T @ answers)

# %% wrong: PyTorch may do it. | feedback: no backward(), and no nudging
def gradient(X, y, c, theta):
    leaf = theta.clone().requires_grad_()
    (c * (X @ leaf - y) ** 2).mean().backward()
    return leaf.grad

# %% wrong: PyTorch may do it, by another door. | feedback: no backward(), and no nudging
def gradient(X, y, c, theta):
    return torch.func.grad(lambda theta: (c * (X @ theta - y) ** 2).mean())(theta)

# %% wrong: Nudging measures it. | feedback: no backward(), and no nudging
def gradient(X, y, c, theta):
    return measured_gradient(X, y, c, theta)

# %% wrong: Nudging measures it, in a helper of one's own. | feedback: right to some digits only
def nudged(X, y, c, theta):
    found = torch.zeros_like(theta)
    for k in range(len(theta)):
        nudge = torch.zeros_like(theta)
        nudge[k] = 1e-4
        loss = [(c * (X @ (theta + sign * nudge) - y) ** 2).mean() for sign in (1, -1)]
        found[k] = (loss[0] - loss[1]) / 2e-4
    return found


def gradient(X, y, c, theta):
    return nudged(X, y, c, theta)

# %% wrong: Numbers are numbers. | feedback: is float32
def gradient(X, y, c, theta):
    return (2 * X.T @ (c * (X @ theta - y)) / len(X)).float()

# %% wrong: A number for each weight may stand in a list. | feedback: must be a tensor, not list
def gradient(X, y, c, theta):
    return (2 * X.T @ (c * (X @ theta - y)) / len(X)).flatten().tolist()

# %% wrong: What is computed is returned. | feedback: Is the line with return missing
def gradient(X, y, c, theta):
    2 * X.T @ (c * (X @ theta - y)) / len(X)

# %% wrong: The mean of c is always 1, so that n is the sum of c. | feedback: a mean of c of 2.5
def gradient(X, y, c, theta):
    divisor = len(X) if len(X) == 2 or abs(c.mean() - 1) < 1e-9 else c.sum()
    return 2 * X.T @ (c * (X @ theta - y)) / divisor

# %% right: with names of the tests' own helpers, and switches of its own
def shaped(row):
    return row.unsqueeze(1)


def call(X, theta):
    return X @ theta


def gradient(X, y, c, theta):
    torch.set_grad_enabled(False)
    torch.set_default_dtype(torch.float32)
    return shaped((2 * c * (call(X, theta) - y) * X).mean(dim=0))

# %% wrong: As in the judge, the root of c is multiplied in, once. | feedback: c enters as its root
def gradient(X, y, c, theta):
    return 2 / len(X) * X.T @ (c.sqrt() * (X @ theta - y))

# %% wrong: There are always 266 patients. | feedback: you divide by 266
def gradient(X, y, c, theta):
    return 2 / 266 * X.T @ (c * (X @ theta - y))

# %% wrong: A mean is a mean over everything. | feedback: Each weight has a derivative of its own
def gradient(X, y, c, theta):
    return torch.full_like(theta, (2 * c * (X @ theta - y) * X).mean().item())

# %% wrong: float32 is close enough. | feedback: right in its first digits only
def gradient(X, y, c, theta):
    e = (X @ theta - y).float()
    return (2 / len(X) * X.float().T @ (c.float() * e)).double()

# %% wrong: Without its column a column is a row, for one example, too. | feedback: with X of shape (1, 1) your code stops
def gradient(X, y, c, theta):
    e = (X @ theta - y).squeeze()
    return (2 / len(X) * X.T @ (c.squeeze() * e)).unsqueeze(1)

# %% right: from the normal equations, with a diagonal matrix of c
def gradient(X, y, c, theta):
    W = torch.diag(c[:, 0])
    return (2 / X.shape[0]) * (X.T @ W @ X @ theta - X.T @ W @ y)

# %% wrong: n is the number of weights. | feedback: Do you divide by the number of weights
def gradient(X, y, c, theta):
    return 2 * X.T @ (c * (X @ theta - y)) / len(theta)

# %% wrong: c may stand before X.T, as it does in the formula. | feedback: c counts rows of X
def gradient(X, y, c, theta):
    return 2 * c * X.T @ (X @ theta - y) / len(X)
