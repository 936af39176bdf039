# misconception: The corrections can be pulled out of the fraction, ε and all (ε̂ in the paper, TensorFlow).
# feedback: ε is added to √v before the correction


def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    rate = lr * (1 - beta2**t) ** 0.5 / (1 - beta1**t)
    return w - rate * m / (v**0.5 + eps), {"m": m, "v": v}
