# misconception: The largest rate that does not explode is the best one.
# feedback: that is twice too long


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 2 / L, 1
    return 2 / L, math.ceil(math.log(shrink) / math.log(1 - mu / L))
