# misconception: ε protects the root, so it stands inside of it.
# feedback: ε is inside the root


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * g / (v + eps) ** 0.5, {"v": v}
