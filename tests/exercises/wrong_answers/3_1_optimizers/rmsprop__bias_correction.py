# misconception: Every running average is bias-corrected.
# feedback: there is a bias correction


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * g / ((v / (1 - alpha**t)) ** 0.5 + eps), {"v": v}
