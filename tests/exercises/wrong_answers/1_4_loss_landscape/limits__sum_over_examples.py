# misconception: The loss is the sum of the squared errors.
# feedback: curvature of the sum of the squared errors


def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X)
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L
