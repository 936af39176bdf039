# differs: the average written as a move toward the new square; other names


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    old = s.get("mean_square", 0.0)
    mean_square = old + (1 - alpha) * (g**2 - old)
    denominator = eps + mean_square**0.5
    return w - g * (lr / denominator), {"mean_square": mean_square}
