# misconception: The weights may be used as scratch paper.
# feedback: Nudge a copy: w.clone()


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        step = h * max(1.0, abs(w[i].item()))
        w[i] += step
        above = f(w)
        w[i] -= 2 * step
        slopes[i] = (above - f(w)) / (2 * step)
        w[i] += step
    return slopes
