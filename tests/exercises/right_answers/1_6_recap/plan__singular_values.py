# differs: singular values of the scaled design matrix


def plan(X, c, shrink):
    stretch = torch.linalg.svdvals((2 * c / len(X)).sqrt() * X) ** 2
    L, mu = stretch.max(), stretch.min()
    kept = (1 - mu / L).clamp(min=1e-300)
    return 1 / L, int((math.log(shrink) / kept.log()).ceil().clamp(min=1))
