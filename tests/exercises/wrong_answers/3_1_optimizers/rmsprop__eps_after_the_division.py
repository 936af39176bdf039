# misconception: a / b + eps divides by b + eps.
# feedback: ε is added after the division


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * (g / v**0.5 + eps), {"v": v}
