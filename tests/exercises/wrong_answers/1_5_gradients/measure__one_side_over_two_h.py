# misconception: Dividing by 2h makes a forward difference central.
# feedback: but divide by 2h. Nudge to both


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w + nudge) - f(w)) / (2 * nudge[i])
    return slopes
