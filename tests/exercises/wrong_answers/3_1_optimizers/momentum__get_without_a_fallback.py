# misconception: get gives 0 for what is not there.
# feedback: Ask with a fallback: s.get('v', 0)


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v") + g
    step = g + momentum * v if nesterov else v
    return w - lr * step, {"v": v}
