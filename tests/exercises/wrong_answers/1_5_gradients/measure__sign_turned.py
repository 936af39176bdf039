# misconception: The order of the two points does not matter.
# feedback: the sign is turned round


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w - nudge) - f(w + nudge)) / (2 * nudge[i])
    return slopes
