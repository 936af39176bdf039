# misconception: The rate is the largest curvature.
# feedback: that is L itself


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return L, 1
    return L, math.ceil(math.log(shrink) / math.log(1 - mu / L))
