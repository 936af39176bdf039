# misconception: One logarithm is as good as another.
# feedback: log10 and ln are mixed


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log10(shrink) / math.log(1 - mu / L))
