# differs: no zeros: the first velocity is the gradient itself, as in torch


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    if t == 1:
        v = g
    else:
        v = momentum * s["momentum_buffer"] + g
    if nesterov:
        return w - lr * (momentum * v + g), {"momentum_buffer": v}
    return w - lr * v, {"momentum_buffer": v}
