# misconception: The velocity is a running mean, so the new gradient enters it with the weight 1 − β.
# feedback: makes a running mean


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + (1 - momentum) * g
    step = g + momentum * v if nesterov else v
    return w - lr * step, {"v": v}
