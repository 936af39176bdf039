# misconception: The look-ahead uses the velocity from before this gradient.
# feedback: take the new v for the look-ahead


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    old_v = s.get("v", 0.0)
    v = momentum * old_v + g
    step = g + momentum * old_v if nesterov else v
    return w - lr * step, {"v": v}
