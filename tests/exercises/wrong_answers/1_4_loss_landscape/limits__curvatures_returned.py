# misconception: The limits are the curvatures.
# feedback: that is the curvature L itself


def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return L, (L + mu) / 2, L / 2
