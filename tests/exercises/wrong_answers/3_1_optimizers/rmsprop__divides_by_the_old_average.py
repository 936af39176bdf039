# misconception: First step, then update the average.
# feedback: divide by the new v


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = s.get("v", 0.0 * g)
    new_w = w - lr * g / (v**0.5 + eps)
    return new_w, {"v": alpha * v + (1 - alpha) * g * g}
