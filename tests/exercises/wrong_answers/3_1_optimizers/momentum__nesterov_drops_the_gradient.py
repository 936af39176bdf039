# misconception: Nesterov's step is the velocity one update later, βv.
# feedback: The gradient itself is missing


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    step = momentum * v if nesterov else v
    return w - lr * step, {"v": v}
