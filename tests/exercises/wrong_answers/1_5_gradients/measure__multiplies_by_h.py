# misconception: A slope is the rise times the step, by a slip of precedence.
# feedback: you multiply by h at the end


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w + nudge) - f(w - nudge)) / 2 * nudge[i]
    return slopes
