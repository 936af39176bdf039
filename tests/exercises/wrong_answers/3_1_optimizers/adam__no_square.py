# misconception: In Adam, too: v averages the gradients.
# feedback: v is the mean of the squares of the gradients


def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
