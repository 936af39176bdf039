# misconception: A weight is at least as large as its size.
# feedback: with the absolute value of w


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, w[i].item())
        slopes[i] = (f(w + nudge) - f(w - nudge)) / (2 * nudge[i])
    return slopes
