# misconception: What a rule once had in s stays there; new_s may be empty.
# feedback: s has no 'v' at update 2


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = g if t == 1 else momentum * s["v"] + g
    step = g + momentum * v if nesterov else v
    return w - lr * step, {}
