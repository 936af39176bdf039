# misconception: A nudge to the left is as good as two.
# feedback: that is a difference to the left


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w) - f(w - nudge)) / nudge[i]
    return slopes
