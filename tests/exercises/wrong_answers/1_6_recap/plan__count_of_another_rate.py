# misconception: The formula of lesson 1.2 holds for every rate.
# feedback: that is the count for the rate 2/(L + μ)


def plan(X, c, shrink):
    curvatures = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))
    L, mu = curvatures[-1].item(), curvatures[0].item()
    if L - mu < 1e-9 * L:
        return 1 / L, 1
    return 1 / L, math.ceil(math.log(1 / shrink) / math.log((L + mu) / (L - mu)))
