# misconception: A second name is a copy.
# feedback: a second name for w


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        right, left = w, w
        step = h * max(1.0, abs(w[i].item()))
        right[i] += step
        above = f(right)
        left[i] -= step
        slopes[i] = (above - f(left)) / (2 * step)
    return slopes
