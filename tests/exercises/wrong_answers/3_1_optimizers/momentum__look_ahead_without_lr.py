# misconception: The look-ahead goes βv further, without the factor η.
# feedback: lr multiplies the whole step


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    if nesterov:
        return w - lr * g - momentum * v, {"v": v}
    return w - lr * v, {"v": v}
