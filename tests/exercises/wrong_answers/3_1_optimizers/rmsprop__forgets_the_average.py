# misconception: In RMSProp, too: the state that came in is good enough to give back.
# feedback: the running mean was forgotten


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * g / (v**0.5 + eps), s
