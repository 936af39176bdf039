# misconception: The best rate is one over the sum of the curvatures.
# feedback: The best rate makes 1 − ημ and 1 − ηL opposite


def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 1 / (L + mu), 2 / L
