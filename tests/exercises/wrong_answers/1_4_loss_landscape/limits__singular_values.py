# misconception: The curvatures are the singular values of the inputs.
# feedback: you took the singular values of X


def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.svdvals(X).flip(0)
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L
