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

# %% wrong: In AdamW, too: the corrected averages are what the next update goes on with. | feedback: you kept m̂ and v̂
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

# %% wrong: A zero for λ is no λ. | feedback: weight_decay=0 your first step
# -    beta1, beta2 = betas
    beta1, beta2 = betas
    weight_decay = weight_decay or 1e-2

# %% wrong: λ is 0.01. | feedback: 0.01 stands in your rule
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    b1, b2 = betas
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    step = (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps)
    return w - lr * 0.01 * w - lr * step, {"m": m, "v": v}

# %% wrong: The decay stands in both places. | feedback: you decay twice
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    b1, b2 = betas
    g = g + weight_decay * w
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    step = (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps)
    return w - lr * weight_decay * w - lr * step, {"m": m, "v": v}

# %% wrong: The penalty is λw²/2, so its half decays. | feedback: without a factor ½
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    b1, b2 = betas
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    step = (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps)
    return w - lr * weight_decay / 2 * w - lr * step, {"m": m, "v": v}

# %% wrong: adam knows its rate. | feedback: Is lr handed on
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    return w - lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps), {"m": m, "v": v}


def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    new, s = adam(w, g, s, t)
    return new - lr * weight_decay * w, s

# %% wrong: adam knows its betas. | feedback: those are the betas 0.9 and 0.999
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    return w - lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps), {"m": m, "v": v}


def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    new, s = adam(w, g, s, t, lr=lr)
    return new - lr * weight_decay * w, s

# %% wrong: adam knows its ε. | feedback: ε is missing, or a number of your own
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    return w - lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps), {"m": m, "v": v}


def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    new, s = adam(w, g, s, t, lr=lr, betas=betas)
    return new - lr * weight_decay * w, s

# %% wrong: After a thousand updates AdamW needs no correction. | feedback: The correction stays to the end
def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    b1, b2 = betas
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    c1, c2 = (1 - b1**t, 1 - b2**t) if t <= 1000 else (1, 1)
    return w - lr * weight_decay * w - lr * (m / c1) / ((v / c2) ** 0.5 + eps), {'m': m, 'v': v}
