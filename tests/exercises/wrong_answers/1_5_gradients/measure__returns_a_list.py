# misconception: A list of slopes is a gradient.
# feedback: Return a tensor, not list


def measure(f, w, h=6e-6):
    slopes = []
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes.append(((f(w + nudge) - f(w - nudge)) / (2 * nudge[i])).item())
    return slopes
