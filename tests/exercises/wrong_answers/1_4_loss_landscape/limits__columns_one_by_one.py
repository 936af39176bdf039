# misconception: Each input has its own curvature, so the largest column decides.
# feedback: Is H made of all columns at once?


def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = (2 * (X**2).mean(dim=0)).sort().values
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L
