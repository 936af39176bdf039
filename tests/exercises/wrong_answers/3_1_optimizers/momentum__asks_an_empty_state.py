# misconception: s holds a velocity from the very first update on.
# feedback: s is {} at the first update, so it has no 'v' yet. Ask with a fallback: s.get('v', 0).


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s["v"] + g
    step = g + momentum * v if nesterov else v
    return w - lr * step, {"v": v}
