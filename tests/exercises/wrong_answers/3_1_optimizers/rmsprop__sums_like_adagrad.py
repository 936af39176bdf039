# misconception: v sums all squares.
# feedback: v sums the squares, as AdaGrad does


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = s.get("v", 0.0) + g * g
    return w - lr * g / (v**0.5 + eps), {"v": v}
