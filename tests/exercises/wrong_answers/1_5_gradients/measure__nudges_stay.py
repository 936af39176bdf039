# misconception: The nudge of the weight before does no harm.
# feedback: the first weight is still nudged


def measure(f, w, h=6e-6):
    slopes, right, left = torch.zeros_like(w), w.clone(), w.clone()
    for i in range(len(w)):
        step = h * max(1.0, abs(w[i].item()))
        right[i] += step
        left[i] -= step
        slopes[i] = (f(right) - f(left)) / (2 * step)
    return slopes
