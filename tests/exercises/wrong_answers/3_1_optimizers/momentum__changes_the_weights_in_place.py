# misconception: w -= … makes a new value.
# feedback: Your rule changed its input w


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    w -= lr * (g + momentum * v if nesterov else v)
    return w, {"v": v}
