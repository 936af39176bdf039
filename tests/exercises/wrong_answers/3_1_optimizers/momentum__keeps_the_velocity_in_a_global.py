# misconception: One velocity, kept beside the function, is enough.
# feedback: disturb each other


velocity = 0.0


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    global velocity
    if t == 1:
        velocity = 0.0
    velocity = momentum * velocity + g
    step = g + momentum * velocity if nesterov else velocity
    return w - lr * step, {}
