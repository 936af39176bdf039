# misconception: The best rate is half way between the best of each direction.
# feedback: that is the mean of 1/L and 1/μ


def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, (1 / L + 1 / mu) / 2, 2 / L
