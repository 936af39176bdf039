# misconception: Weight decay makes up for the bias of the averages.
# feedback: is the bias correction missing


def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    return w - lr * weight_decay * w - lr * m / (v**0.5 + eps), {"m": m, "v": v}
