# misconception: A curvature is a length, so the root is taken.
# feedback: you took the root of the eigenvalue


def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X)).sqrt()
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L
