# misconception: The number of updates need not be whole.
# feedback: nobody makes a part of an update


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.log(shrink) / math.log(1 - mu / L)
