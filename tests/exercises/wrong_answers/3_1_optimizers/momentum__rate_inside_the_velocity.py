# misconception: v ← βv − ηg and w ← w + v is the same thing. (It is, until a schedule changes η.)
# feedback: your velocity has the old rate inside


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) - lr * g
    return w + (momentum * v - lr * g if nesterov else v), {"v": v}
