# differs: torch's functions for tensors, math's for floats


import math

import torch


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    if isinstance(g, float):
        v = alpha * s.get("v", 0.0) + (1 - alpha) * g**2
        return w - lr * g / (math.sqrt(v) + eps), {"v": v}
    v = s["v"].clone() if "v" in s else torch.zeros_like(w)
    v.mul_(alpha).addcmul_(g, g, value=1 - alpha)
    return torch.addcdiv(w, g, v.sqrt().add_(eps), value=-lr), {"v": v}
