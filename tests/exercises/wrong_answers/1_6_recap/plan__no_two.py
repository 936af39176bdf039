# misconception: The Hessian of the mean squared error is XᵀX/n.
# feedback: is the 2 of the Hessian missing


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log(shrink) / math.log(1 - mu / L))
