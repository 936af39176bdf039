# misconception: The difference is the slope.
# feedback: For the slope, divide it by 2h


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = f(w + nudge) - f(w - nudge)
    return slopes
