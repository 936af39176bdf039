# misconception: The flattest direction sets the rate.
# feedback: one over the smallest curvature


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / mu, 1
    return 1 / mu, math.ceil(math.log(shrink) / math.log(1 - mu / L))
