# misconception: Evaluations cost nothing.
# feedback: you evaluate f 8 times


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        right = (f(w + nudge) - f(w)) / nudge[i]
        left = (f(w) - f(w - nudge)) / nudge[i]
        slopes[i] = (right + left) / 2
    return slopes
