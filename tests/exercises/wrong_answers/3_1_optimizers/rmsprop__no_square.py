# misconception: v averages the gradients.
# feedback: v is the mean of the squares of the gradients


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g
    return w - lr * g / (v**0.5 + eps), {"v": v}
