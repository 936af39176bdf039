# differs: an explicit buffer of zeros, and in-place arithmetic on copies for tensors


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = s["v"] if s else 0 * g
    if isinstance(w, float):
        v = v * momentum + g
        return w - lr * (g + momentum * v if nesterov else v), dict(v=v)
    v = v.clone()
    v.mul_(momentum).add_(g)
    new_w = w.clone()
    new_w.add_(v, alpha=-lr * momentum if nesterov else -lr)
    if nesterov:
        new_w.add_(g, alpha=-lr)
    return new_w, dict(v=v)
