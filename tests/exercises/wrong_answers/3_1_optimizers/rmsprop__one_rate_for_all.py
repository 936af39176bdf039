# misconception: v is one number: the mean of the squares over all coordinates.
# feedback: From update 1 on you and torch.optim.RMSprop part


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    square = g * g if isinstance(g, float) else (g * g).mean()
    v = alpha * s.get("v", 0.0) + (1 - alpha) * square
    return w - lr * g / (v**0.5 + eps), {"v": v}
