# misconception: The best rate is always asked for.
# feedback: that is 2/(L + μ)


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 2 / (L + mu), 1
    return 2 / (L + mu), math.ceil(math.log(shrink) / math.log((L - mu) / (L + mu)))
