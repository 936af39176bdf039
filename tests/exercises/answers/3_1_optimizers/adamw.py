# %% wrong: Weight decay is an L2 penalty: add λw to the gradient. | feedback: you added the decay to the gradient
# -    """One update of AdamW. Returns (new_w, new_s)."""
# -    beta1, beta2 = betas
    beta1, beta2 = betas
    g = g + weight_decay * w
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    step = m_hat / (v_hat**0.5 + eps)
    return w - lr * step, {"m": m, "v": v}

# %% wrong: The factor at update t is (1 − ηλ)ᵗ. | feedback: without a power of t
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = m_hat / (v_hat**0.5 + eps)
    return w * (1 - lr * weight_decay) ** t - lr * step, {"m": m, "v": v}

# %% wrong: λw joins m̂ on top of the fraction. | feedback: the decay was divided
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = (m_hat + weight_decay * w) / (v_hat**0.5 + eps)
    return w - lr * step, {"m": m, "v": v}

# %% wrong: Each update shrinks the weights by λ. | feedback: the decay lacks the factor lr
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = m_hat / (v_hat**0.5 + eps)
    return w - weight_decay * w - lr * step, {"m": m, "v": v}

# %% wrong: First Adam's step, then shrink the result. | feedback: not after it
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = m_hat / (v_hat**0.5 + eps)
    return (w - lr * step) * (1 - lr * weight_decay), {"m": m, "v": v}

# %% wrong: The decay is added. | feedback: w grows
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = m_hat / (v_hat**0.5 + eps)
    return w + lr * weight_decay * w - lr * step, {"m": m, "v": v}

# %% wrong: Weight decay makes up for the bias of the averages. | feedback: is the bias correction missing
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    return w - lr * weight_decay * w - lr * m / (v**0.5 + eps), {"m": m, "v": v}

# %% wrong: AdamW is Adam with another name. | feedback: Is weight_decay used
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = m_hat / (v_hat**0.5 + eps)
    return w - lr * step, {"m": m, "v": v}

# %% right: shrinks the weights first, then calls the learner's own adam
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    shrunk = w * (1 - lr * weight_decay)
    return adam(shrunk, g, s, t, lr=lr, betas=betas, eps=eps)  # noqa: F821 (the answer to question 3)

# %% right: the decay stands beside the finished fraction, under one common rate
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g**2
    fraction = (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps)
    return w - lr * (fraction + weight_decay * w), {"m": m, "v": v}

# %% wrong: In AdamW, too: the corrected averages are what the next update goes on with. | feedback: you and torch.optim.AdamW part
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m_hat, "v": v_hat}

# %% wrong: Weights that rest are left alone. | feedback: Is weight_decay used
# -    beta1, beta2 = betas
    beta1, beta2 = betas
    if isinstance(g, float) and g == 0:
        return w, s

# %% wrong: The decay shrinks the size of the weights, by its sign. | feedback: by a fraction that
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    sign = w / abs(w) if isinstance(w, float) else w.sign()
    return w - lr * weight_decay * sign - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: Only positive weights decay. | feedback: you and torch.optim.AdamW part
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    positive = w if isinstance(w, float) else w.clamp(min=0)
    return w - lr * weight_decay * positive - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: The course has this rule already. | feedback: A rule is arithmetic of your own
from course_lib.rules import adamw

# %% wrong: A zero for λ is no λ. | feedback: With weight_decay=0 your first step
# -    beta1, beta2 = betas
    beta1, beta2 = betas
    weight_decay = weight_decay or 1e-2
