# differs: keeps the products of the betas in the state, as the paper's code does, and never raises to a power


def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m, v, left1, left2 = s.get("memory", (0.0, 0.0, 1.0, 1.0))
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    left1, left2 = left1 * beta1, left2 * beta2
    update = (m / (1 - left1)) / ((v / (1 - left2)) ** 0.5 + eps)
    return w - lr * update, {"memory": (m, v, left1, left2)}
