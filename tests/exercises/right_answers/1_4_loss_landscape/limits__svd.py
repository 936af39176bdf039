# differs: singular values in place of eigenvalues


def rate_limits(x):
    n = x.shape[0]
    s = torch.linalg.svdvals(torch.cat([torch.ones(n, 1), x], dim=1))
    if len(s) < x.shape[1] + 1:  # fewer examples than weights: flat directions
        s = torch.cat([s, torch.zeros(1)])
    top, low = 2 * float(s[0]) ** 2 / n, 2 * float(s[-1]) ** 2 / n
    return (1 / top, 2 / (top + low), 2 / top)
