# misconception: One h suits every weight.
# feedback: the nudge was 0.1. It must be h


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h
        slopes[i] = (f(w + nudge) - f(w - nudge)) / (2 * nudge[i])
    return slopes
