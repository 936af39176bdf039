# The nudges are the rows of a diagonal matrix.


def measure(f, w, h=6e-6):
    steps = h * torch.clamp(w.abs(), min=1.0)
    rises = [f(w + row) - f(w - row) for row in torch.diag(steps)]
    return torch.stack(rises) / (2 * steps)
