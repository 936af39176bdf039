# %% wrong: Each input has its own curvature, so the largest column decides. | feedback: that is the largest entry on the diagonal of H
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = (2 * (X**2).mean(dim=0)).sort().values
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L

# %% wrong: The limits are the curvatures. | feedback: that is the curvature L itself
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return L, (L + mu) / 2, L / 2

# %% wrong: The best rate has the difference of the curvatures. | feedback: that is 2/(L − μ)
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L - mu), 2 / L

# %% wrong: The loop diverges when the last direction does. | feedback: The steepest direction diverges first
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / mu

# %% wrong: The bias has nothing to do with the curvature. | feedback: the column of ones for the bias is missing
# -    """Learning rates for the mean squared error of x @ w + b. Returns (glides, best, limit)."""
# -    X = torch.hstack([x, torch.ones(len(x), 1)])
    X = x

# %% wrong: Beyond 1/L it diverges. | feedback: up to 2/L it arrives
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 1 / L

# %% wrong: The best rate is half way between the best of each direction. | feedback: that is the mean of 1/L and 1/μ
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, (1 / L + 1 / mu) / 2, 2 / L

# %% wrong: The best rate is one over the sum of the curvatures. | feedback: The best rate makes 1 − ημ and 1 − ηL opposite
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 1 / (L + mu), 2 / L

# %% wrong: A curvature is a length, so the root is taken. | feedback: you took the root of the eigenvalue
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X)).sqrt()
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L

# %% wrong: The curvatures are the singular values of the inputs. | feedback: you took the singular values of X
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.svdvals(X).flip(0)
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L

# %% wrong: The first eigenvalue is the largest. | feedback: The steepest direction has the largest eigenvalue, the last one
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    L, mu = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L

# %% wrong: The loss is the sum of the squared errors. | feedback: curvature of the sum of the squared errors
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X)
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L

# %% wrong: A number may stay a tensor. | feedback: Return three Python floats
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0], eigenvalues[-1]
    return 1 / L, 2 / (L + mu), 2 / L

# %% wrong: The Hessian of the mean squared error is the mean of the squares. | feedback: the 2 of the squared error is missing in H
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L

# %% right: the Hessian by automatic differentiation
def rate_limits(x):
    def loss(p):
        return ((x @ p[:-1] + p[-1]) ** 2).mean()

    H = torch.autograd.functional.hessian(loss, torch.zeros(x.shape[1] + 1))
    curvature = torch.linalg.eigvalsh(H).tolist()
    return 1 / max(curvature), 2 / (max(curvature) + min(curvature)), 2 / max(curvature)

# %% right: singular values in place of eigenvalues
def rate_limits(x):
    n = x.shape[0]
    s = torch.linalg.svdvals(torch.cat([torch.ones(n, 1), x], dim=1))
    if len(s) < x.shape[1] + 1:  # fewer examples than weights: flat directions
        s = torch.cat([s, torch.zeros(1)])
    top, low = 2 * float(s[0]) ** 2 / n, 2 * float(s[-1]) ** 2 / n
    return (1 / top, 2 / (top + low), 2 / top)

# %% wrong: The lesson's function may answer. | feedback: for checking only
from course_lib.quadratics import curvatures


def rate_limits(x):
    L, mu = curvatures(torch.hstack([x, torch.ones(len(x), 1)]))
    return 1 / L, 2 / (L + mu), 2 / L

# %% wrong: The lesson's Hessian may answer, under another name. | feedback: for checking only
import course_lib.quadratics as q


def rate_limits(x):
    eigenvalues = torch.linalg.eigvalsh(q.mse_hessian(q.design(x)))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L

# %% wrong: Half of the digits are enough. | feedback: right to some 7 digits only
# -    X = torch.hstack([x, torch.ones(len(x), 1)])
    X = torch.hstack([x, torch.ones(len(x), 1)]).float()

# %% right: returns a list of three
# -    return 1 / L, 2 / (L + mu), 2 / L
    return [1 / L, 2 / (L + mu), 2 / L]

# %% wrong: What is printed is returned. | feedback: Your function returns nothing
# -    return 1 / L, 2 / (L + mu), 2 / L
    print(1 / L, 2 / (L + mu), 2 / L)

# %% wrong: The limit comes first. | feedback: The order is glides, best, limit
# -    return 1 / L, 2 / (L + mu), 2 / L
    return 2 / L, 2 / (L + mu), 1 / L

# %% wrong: Inputs are centred, whatever comes in. | feedback: x is centred there
# -    X = torch.hstack([x, torch.ones(len(x), 1)])
    X = torch.hstack([x - x.mean(dim=0), torch.ones(len(x), 1)])

# %% wrong: Flat directions do not count. | feedback: best is
# -    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    mu, L = eigenvalues[eigenvalues > 1e-9 * eigenvalues[-1]][0].item(), eigenvalues[-1].item()

# %% wrong: There is one input. | feedback: With three inputs
def rate_limits(x):
    a, b = 2 * (x[:, 0] ** 2).mean().item(), 2 * x[:, 0].mean().item()
    root = math.sqrt((a - 2) ** 2 + 4 * b * b)
    L, mu = (a + 2 + root) / 2, (a + 2 - root) / 2
    return 1 / L, 2 / (L + mu), 2 / L

# %% right: a helper named curvatures, and NumPy
import numpy as np


def curvatures(X):
    values = np.linalg.eigvalsh(2 * X.T @ X / len(X))
    return values[-1], values[0]


def rate_limits(x):
    torch.set_grad_enabled(False)
    L, mu = curvatures(np.column_stack([np.ones(len(x)), x.numpy()]))
    return 1 / L, 2 / (L + mu), 2 / L

# %% right: a helper named rates
def rates(X):
    H = sum(torch.outer(row, row) for row in X) * 2 / len(X)
    low, *_, high = torch.linalg.eigh(H)[0].tolist()
    return 1 / high, 2 / (high + low), 2 / high


def rate_limits(x):
    return rates(torch.cat([x, x[:, :1] * 0 + 1], dim=1))

# %% wrong: The mean runs over all numbers of x. | feedback: Divide by n
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    e = torch.linalg.eigvalsh(2 * X.T @ X / x.numel())
    return 1 / e[-1].item(), 2 / (e[-1] + e[0]).item(), 2 / e[-1].item()

# %% wrong: A covariance has n − 1 below the line. | feedback: divide by n
def rate_limits(x):
    n = len(x)
    X = torch.hstack([x, torch.ones(n, 1)])
    e = torch.linalg.eigvalsh(2 * X.T @ X / (n - 1))
    return 1 / e[-1].item(), 2 / (e[-1] + e[0]).item(), 2 / e[-1].item()

# %% wrong: L + μ is the sum of all curvatures. | feedback: the largest and the smallest
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    H = 2 * X.T @ X / len(x)
    L = torch.linalg.eigvalsh(H)[-1].item()
    return 1 / L, 2 / torch.trace(H).item(), 2 / L

# %% wrong: There are as many eigenvalues as inputs. | feedback: the last, the largest eigenvalue
def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[min(x.shape[1], 2)].item()
    return 1 / L, 2 / (L + mu), 2 / L
