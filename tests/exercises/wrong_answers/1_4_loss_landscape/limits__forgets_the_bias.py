# misconception: The bias has nothing to do with the curvature.
# feedback: the column of ones for the bias is missing


def rate_limits(x):
    X = x
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    return 1 / L, 2 / (L + mu), 2 / L
