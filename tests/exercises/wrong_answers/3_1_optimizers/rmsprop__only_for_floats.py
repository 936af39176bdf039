# misconception: math.sqrt takes the root of anything.
# feedback: Your rule works on floats but not on tensors. Use ** 0.5 in place of math.sqrt.


import math


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * g / (math.sqrt(v) + eps), {"v": v}
