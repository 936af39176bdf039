# differs: the Hessian by automatic differentiation


def rate_limits(x):
    def loss(p):
        return ((x @ p[:-1] + p[-1]) ** 2).mean()

    H = torch.autograd.functional.hessian(loss, torch.zeros(x.shape[1] + 1))
    curvature = torch.linalg.eigvalsh(H).tolist()
    return 1 / max(curvature), 2 / (max(curvature) + min(curvature)), 2 / max(curvature)
