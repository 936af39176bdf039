# misconception: A round bowl needs no case of its own.
# feedback: There is no logarithm of zero


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    return 1 / L, math.ceil(math.log(shrink) / math.log(1 - mu / L))
