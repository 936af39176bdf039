# misconception: The first eigenvalue is the largest.
# feedback: The steepest direction has the largest eigenvalue, the last one


def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    L, mu = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L
