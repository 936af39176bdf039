# misconception: The first state has to be a tensor of zeros.
# feedback: and 0, not torch.zeros_like, for the first state


import torch


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", torch.zeros_like(w)) + g
    step = g + momentum * v if nesterov else v
    return w - lr * step, {"v": v}
