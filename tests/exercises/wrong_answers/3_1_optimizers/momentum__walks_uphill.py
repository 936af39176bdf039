# misconception: The update adds the velocity.
# feedback: you walk uphill


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    step = g + momentum * v if nesterov else v
    return w + lr * step, {"v": v}
