# misconception: The Hessian is a sum over the examples.
# feedback: Do you sum over the examples


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log(shrink) / math.log(1 - mu / L))
