# misconception: A number may stay a tensor.
# feedback: Return three Python floats


def rate_limits(x):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0], eigenvalues[-1]
    return 1 / L, 2 / (L + mu), 2 / L
