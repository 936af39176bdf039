# misconception: All slopes can be measured with one nudge of all weights.
# feedback: all weights are nudged at once


def measure(f, w, h=6e-6):
    nudge = h * w.abs().clamp(min=1.0)
    return (f(w + nudge) - f(w - nudge)) / (2 * nudge)
