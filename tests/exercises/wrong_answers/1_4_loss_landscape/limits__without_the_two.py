# misconception: The Hessian of the mean squared error is the mean of the squares.
# feedback: the 2 of the squared error is missing in H


def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L
