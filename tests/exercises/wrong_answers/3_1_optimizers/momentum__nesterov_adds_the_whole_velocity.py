# misconception: Nesterov's step is the gradient plus the velocity.
# feedback: lacks the factor β before v


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    step = g + v if nesterov else v
    return w - lr * step, {"v": v}
