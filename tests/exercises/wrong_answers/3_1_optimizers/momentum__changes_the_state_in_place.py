# misconception: The dict that comes in is mine to write into.
# feedback: Your rule changed its input s


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    s["v"] = momentum * s.get("v", 0.0) + g
    step = g + momentum * s["v"] if nesterov else s["v"]
    return w - lr * step, s
