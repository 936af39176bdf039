# %% wrong: The squares go on top, the root of the mean gradient below. | feedback: m̂ goes on top
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * v_hat / (m_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: The first beta belongs to the squares. | feedback: β₁ and β₂ are swapped
# -    """One update of Adam. Returns (new_w, new_s)."""
# -    beta1, beta2 = betas
    beta2, beta1 = betas

# %% wrong: Only the average of the gradients is biased. | feedback: m is corrected, v is not
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v
    return w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: t is 0 at the first update. | feedback: t is 1 at the first update, so take it as it comes
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1 ** (t - 1))
    v_hat = v / (1 - beta2 ** (t - 1))
    return w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: The correction uses t + 1, since t counts from zero. | feedback: your correction uses t + 1
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1 ** (t + 1))
    v_hat = v / (1 - beta2 ** (t + 1))
    return w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: In Adam, too: a / b + eps divides by b + eps. | feedback: ε is added after the division
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * (m_hat / v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: The corrections can be pulled out of the fraction, ε and all (ε̂ in the paper, TensorFlow). | feedback: ε is added to √v before the correction
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    rate = lr * (1 - beta2**t) ** 0.5 / (1 - beta1**t)
    return w - rate * m / (v**0.5 + eps), {"m": m, "v": v}

# %% wrong: In Adam, too: ε protects the root, so it stands inside of it. | feedback: ε is inside the root
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat + eps) ** 0.5, {"m": m, "v": v}

# %% wrong: The corrected averages are what the next update goes on with. | feedback: you kept m̂ and v̂
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), {"m": m_hat, "v": v_hat}

# %% wrong: The averages can be used as they are. | feedback: is the bias correction missing
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    return w - lr * m / (v**0.5 + eps), {"m": m, "v": v}

# %% wrong: In Adam, too: the average of the squares is what we divide by. | feedback: is the root of v̂ missing
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat + eps), {"m": m, "v": v}

# %% wrong: In Adam, too: v averages the gradients. | feedback: v is the mean of the squares of the gradients
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: Weights are always tensors. | feedback: stumbles over plain floats
import torch


def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (torch.sqrt(v_hat) + eps), {"m": m, "v": v}

# %% right: keeps the products of the betas in the state, as the paper's code does, and never raises to a power
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m, v, left1, left2 = s.get("memory", (0.0, 0.0, 1.0, 1.0))
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    left1, left2 = left1 * beta1, left2 * beta2
    update = (m / (1 - left1)) / ((v / (1 - left2)) ** 0.5 + eps)
    return w - lr * update, {"memory": (m, v, left1, left2)}

# %% right: torch's order: the corrections go into the rate and into √v, which then gets ε
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    first = s.get("exp_avg", 0.0)
    first = first + (g - first) * (1 - beta1)
    second = s.get("exp_avg_sq", 0.0) * beta2 + g * g * (1 - beta2)
    rate = lr / (1 - beta1**t)
    denominator = second**0.5 / (1 - beta2**t) ** 0.5 + eps
    return w - rate * first / denominator, {"exp_avg": first, "exp_avg_sq": second}

# %% wrong: How many updates there were is counted beside the function. | feedback: two weights that take turns disturb each other
count = 0


def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    global count
    count = count + 1 if s else 1
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    return w - lr * (m / (1 - beta1**count)) / ((v / (1 - beta2**count)) ** 0.5 + eps), {"m": m, "v": v}

# %% wrong: Tiny gradients are noise. | feedback: for g = 1e-12 your first step
# -    beta1, beta2 = betas
    beta1, beta2 = betas
    g = 0.0 * g if isinstance(g, float) and abs(g) < 1e-9 else g

# %% wrong: The betas are those of the paper. | feedback: those are the betas 0.9 and 0.999
# -    beta1, beta2 = betas
    beta1, beta2 = 0.9, 0.999

# %% wrong: torch has it. | feedback: A rule is arithmetic of your own
from torch.optim._functional import adam

# %% wrong: The course has this rule already. | feedback: A rule is arithmetic of your own
from course_lib import rules


def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    return rules.adam(w, g, s, t, lr=lr, betas=betas, eps=eps)

# %% wrong: v̂ is the largest so far, as in AMSGrad. | feedback: you and torch.optim.Adam part
# -    v_hat = v / (1 - beta2**t)
    v_hat = v / (1 - beta2**t)
    if isinstance(v_hat, torch.Tensor):
        v_hat = torch.maximum(v_hat, torch.as_tensor(s.get("max", 0.0), dtype=v_hat.dtype))
# -    return w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v, "max": v_hat}

# %% wrong: βᵗ is β times t. | feedback: βᵗ is a power
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    return w - lr * (m / (1 - b1 * t)) / (abs(v / (1 - b2 * t)) ** 0.5 + eps), {"m": m, "v": v}

# %% wrong: Both means are corrected by 1 − β₁ᵗ. | feedback: are both corrected by the same β
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    k = 1 - b1**t
    return w - lr * (m / k) / ((v / k) ** 0.5 + eps), {"m": m, "v": v}

# %% wrong: After a thousand updates there is nothing left to correct. | feedback: The correction stays to the end
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    if t <= 1000:
        return w - lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps), {"m": m, "v": v}
    return w - lr * m / (v**0.5 + eps), {"m": m, "v": v}

# %% wrong: v is the squared length of the gradient. | feedback: Each weight has a v of its own
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * (g**2 if isinstance(g, float) else (g**2).sum())
    return w - lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps), {"m": m, "v": v}

# %% right: keeps the powers of the betas as products in s
def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    b1, b2 = betas
    p1, p2 = s.get("p1", 1.0) * b1, s.get("p2", 1.0) * b2
    m = b1 * s.get("m", 0) + (1 - b1) * g
    v = b2 * s.get("v", 0) + (1 - b2) * g**2
    return w - lr * (m / (1 - p1)) / ((v / (1 - p2)) ** 0.5 + eps), {"m": m, "v": v, "p1": p1, "p2": p2}
