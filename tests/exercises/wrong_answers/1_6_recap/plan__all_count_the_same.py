# misconception: The curvatures do not depend on who counts how much.
# feedback: all examples count the same


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ X / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log(shrink) / math.log(1 - mu / L))
