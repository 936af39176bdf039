# misconception: The h of the division is the h of the argument.
# feedback: Divide by twice the nudge that you made


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w + nudge) - f(w - nudge)) / (2 * h)
    return slopes
