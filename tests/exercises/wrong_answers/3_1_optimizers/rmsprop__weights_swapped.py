# misconception: The new square gets α, the old average 1 − α.
# feedback: α and 1 − α are swapped


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = (1 - alpha) * s.get("v", 0.0) + alpha * g * g
    return w - lr * g / (v**0.5 + eps), {"v": v}
