# misconception: The velocity sums the gradients; β belongs only to the look-ahead.
# feedback: the old velocity was not multiplied by β


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = s.get("v", 0.0) + g
    step = g + momentum * v if nesterov else v
    return w - lr * step, {"v": v}
