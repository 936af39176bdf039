# misconception: The logarithm of 1 − 1/κ is −1/κ.
# feedback: is an approximation for large


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(L / mu * math.log(1 / shrink))
