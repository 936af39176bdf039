# misconception: The average of the squares is what we divide by.
# feedback: is the root missing


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * g / (v + eps), {"v": v}
