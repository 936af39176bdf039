# misconception: A nudge in proportion to the weight is always right.
# feedback: not less than h


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(abs(w[i].item()), 1e-3)
        slopes[i] = (f(w + nudge) - f(w - nudge)) / (2 * nudge[i])
    return slopes
