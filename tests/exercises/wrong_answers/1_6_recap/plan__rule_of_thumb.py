# misconception: Seven kappa is always enough.
# feedback: 7κ is a rule of thumb


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(7 * L / mu)
