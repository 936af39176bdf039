# %% wrong: The square of the gradient, as in Adam. | feedback: that divides by g², as Adam does
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g**2 + eps

# %% wrong: The old mean. | feedback: in (g − m)² the m is the new one
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - s.get("m", 0.0)) ** 2 + eps

# %% wrong: The corrected mean in the square. | feedback: in (g − m)² stands m, not m̂
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m / (1 - beta1**t)) ** 2 + eps

# %% wrong: A distance in place of its square. | feedback: g − m is squared
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * abs(g - m) + eps

# %% wrong: The variance by squares. | feedback: go through the formulas line by line
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g**2 - m**2) + eps

# %% wrong: The mean is not corrected. | feedback: m is not corrected
# -    m_hat = m / (1 - beta1**t)
    m_hat = m

# %% wrong: The square is not corrected. | feedback: v is not corrected
# -    v_hat = v / (1 - beta2**t)
    v_hat = v

# %% wrong: Nothing is corrected. | feedback: m and v are not corrected
# -    m_hat = m / (1 - beta1**t)
# -    v_hat = v / (1 - beta2**t)
    m_hat, v_hat = m, v

# %% wrong: The corrected mean is kept. | feedback: keep m itself in the state, not m̂
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m_hat, "v": v}

# %% wrong: The corrected square is kept. | feedback: keep v itself in the state, not v̂
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v_hat}

# %% wrong: Sums, not means. | feedback: the new gradient counts with 1 − β, not in full
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    m = beta1 * s.get("m", 0.0) + g
    v = beta2 * s.get("v", 0.0) + (g - m) ** 2 + eps

# %% wrong: A velocity, as in SGD. | feedback: in m the gradient counts with 1 − β₁
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    m = beta1 * s.get("m", 0.0) + g

# %% wrong: A sum of squares. | feedback: in v the square counts with 1 − β₂
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (g - m) ** 2 + eps

# %% wrong: β₁ and β₂ exchanged. | feedback: β₁ belongs to m, β₂ to v
# -    beta1, beta2 = betas
    beta2, beta1 = betas

# %% wrong: One β for both. | feedback: go through the formulas line by line
# -    beta1, beta2 = betas
    beta1 = beta2 = betas[0]

# %% wrong: β as it is usual, whatever is given. | feedback: betas is given. Use it
# -    beta1, beta2 = betas
    beta1, beta2 = 0.9, 0.999

# %% wrong: t counted on. | feedback: t is counted from 1 already: no t + 1
# -    m_hat = m / (1 - beta1**t)
    t = t + 1
    m_hat = m / (1 - beta1**t)

# %% wrong: t counted from 0. | feedback: Update t = 1 divides by zero
# -    m_hat = m / (1 - beta1**t)
    t = t - 1
    m_hat = m / (1 - beta1**t)

# %% wrong: β times t. | feedback: go through the formulas line by line
# -    m_hat = m / (1 - beta1**t)
    m_hat = m / (1 - beta1 * t / (t + 1))

# %% wrong: A product for a power. | feedback: a power, not beta*t
# -    m_hat = m / (1 - beta1**t)
# -    v_hat = v / (1 - beta2**t)
    m_hat = m / (1 - beta1 * t)
    v_hat = v / (1 - beta2 * t)

# %% wrong: No root. | feedback: the root of v̂ is missing
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat + eps), {"m": m, "v": v}

# %% wrong: Uphill. | feedback: that goes uphill
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w + lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: ε in one place, beside the root. | feedback: it is added to v, too, each time
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2

# %% wrong: ε in one place, in v. | feedback: below, beside the root, too
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / v_hat**0.5, {"m": m, "v": v}

# %% wrong: ε below the root. | feedback: ε stands beside the root, and in v; not below the root
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat + eps) ** 0.5, {"m": m, "v": v}

# %% wrong: ε beside the square, once corrected. | feedback: ε is added to v, and stays in it: not to v̂
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2
# -    v_hat = v / (1 - beta2**t)
    v_hat = v / (1 - beta2**t) + eps

# %% wrong: ε is not kept in v. | feedback: the ε stays in the v that is kept
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v - eps}

# %% wrong: ε shares the 1 − β₂. | feedback: and not times 1 − β₂, which comes to the same
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * ((g - m) ** 2 + eps)

# %% wrong: ε as it is usual, whatever is given. | feedback: eps is given. Use it
# -    beta1, beta2 = betas
    beta1, beta2 = betas
    eps = 1e-8

# %% wrong: No brackets below. | feedback: put √v̂ + ε into brackets
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * (m_hat / v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: No decay. | feedback: the decay is missing
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: The decay goes into the gradient. | feedback: the decay is not added to the gradient
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    g = g + weight_decay * w
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: The decay without the rate. | feedback: the decay is ηλw, not λw
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: The decay makes w grow. | feedback: the decay is taken off
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w + lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: The decay comes last. | feedback: the decay is that of the old w
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    w = w - lr * m_hat / (v_hat**0.5 + eps)
    return w - lr * weight_decay * w, {"m": m, "v": v}

# %% wrong: The decay is of the usual size, whatever is given. | feedback: weight_decay is given. Use it
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * 0.01 * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: The move in place of the weight. | feedback: go through the formulas line by line
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return -lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: The state is filled in place. | feedback: Your rule changed its input s
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    s["m"], s["v"] = m, v
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), s

# %% wrong: The weight is changed in place. | feedback: Your rule changed its input w
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    w -= lr * weight_decay * w + lr * m_hat / (v_hat**0.5 + eps)
    return w, {"m": m, "v": v}

# %% wrong: The first update finds a state. | feedback: s.get('m', 0)
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    m = beta1 * s["m"] + (1 - beta1) * g

# %% wrong: The square is not handed on. | feedback: go through the formulas line by line
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m}

# %% wrong: The state is a pair. | feedback: the new weights and the new state, a dict
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), (m, v)

# %% wrong: Only the weight comes back. | feedback: the new weights and the new state, a dict
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps)

# %% wrong: torch's root. | feedback: Your rule stumbles over plain floats
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (torch.sqrt(v_hat) + eps), {"m": m, "v": v}

# %% wrong: math's root. | feedback: Your rule works on floats but not on tensors
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (math.sqrt(v_hat) + eps), {"m": m, "v": v}

# %% wrong: Everything becomes a tensor. | feedback: w came in as a float; it must leave as one
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    new = torch.as_tensor(w) - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps)
    return new, {"m": m, "v": v}

# %% wrong: All leaves as float64. | feedback: w came in as torch.float32
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    new = w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps)
    return new.double() if isinstance(new, torch.Tensor) else new, {"m": m, "v": v}

# %% wrong: One length for the whole tensor. | feedback: w is not what floats give, one by one
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    square = (g - m) ** 2
    square = square.mean() if hasattr(square, "mean") else square
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * square + eps

# %% wrong: The state lies outside. | feedback: Two weights, updated in turn, disturb each other
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    s = kept if t > 1 else {}
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    kept.update({"m": m, "v": v})
# -def belief(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
kept = {}


def belief(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):

# %% wrong: Other values in the head of the function. | feedback: A test that you have not seen
# -def belief(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
def belief(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):

# %% wrong: The library's AdamW does the rest. | feedback: A rule is arithmetic of your own
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    new, _ = rules.adamw(w, g, {}, 1, lr=lr, weight_decay=weight_decay)
    return new, {"m": m, "v": v}

# %% wrong: It is AdamW, nearly. | feedback: A rule is arithmetic of your own
belief = rules.adamw

# %% wrong: A rule that learns the tests by heart. | feedback: A test that you have not seen
# -    beta1, beta2 = betas
    beta1, beta2 = betas
    if abs(g) > 20 if isinstance(g, float) else False:
        g = 20.0 if g > 0 else -20.0

# %% wrong: After fifty updates nothing is left to correct. | feedback: at any t, however late
# -    m_hat = m / (1 - beta1**t)
# -    v_hat = v / (1 - beta2**t)
    m_hat = m / (1 - beta1**t) if t < 50 else m
    v_hat = v / (1 - beta2**t) if t < 50 else v

# %% wrong: ε only at the first update. | feedback: go through the formulas line by line
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", eps) + (1 - beta2) * (g - m) ** 2

# %% wrong: The root is NumPy's. | feedback: Use arithmetic alone: ** 0.5 is the root
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    import numpy as np

    return w - lr * weight_decay * w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v}

# %% wrong: A state is there from the second update on. | feedback: {} means zeros at any t
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    m = beta1 * (0.0 if t == 1 else s["m"]) + (1 - beta1) * g
    v = beta2 * (0.0 if t == 1 else s["v"]) + (1 - beta2) * (g - m) ** 2 + eps

# %% wrong: The library's rule, by a name made of pieces. | feedback: The library's rules are refused, under any name
# -    beta1, beta2 = betas
    import importlib

    beta1, beta2 = betas
    w = w - 0 * importlib.import_module("course_lib" + ".rules").adamw(w, g, {}, 1)[0]

# %% wrong: Powers of β are kept in the state. | feedback: t leaps here
# -    m_hat = m / (1 - beta1**t)
# -    v_hat = v / (1 - beta2**t)
    left1, left2 = s.get("left1", 1.0) * beta1, s.get("left2", 1.0) * beta2
    m_hat, v_hat = m / (1 - left1), v / (1 - left2)
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    new = w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps)
    return new, {"m": m, "v": v, "left1": left1, "left2": left2}

# %% wrong: m̂ is kept, and taken back with t − 1. | feedback: t leaps here
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    m = beta1 * s.get("m_hat", 0.0) * (1 - beta1 ** (t - 1)) + (1 - beta1) * g
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m_hat": m_hat, "v": v}

# %% wrong: Updates are counted in the state. | feedback: t leaps here
# -    m_hat = m / (1 - beta1**t)
    t = s.get("t", 0) + 1
    m_hat = m / (1 - beta1**t)
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v, "t": t}

# %% wrong: The rate goes into the mean. | feedback: m and v know nothing of lr and λ
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * lr * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m / lr) ** 2 + eps
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}

# %% wrong: Betas of the first update stay. | feedback: lr, λ and β may be others each time
# -    beta1, beta2 = betas
    beta1, beta2 = s.get("betas", betas)
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    new_s = {"m": m, "v": v, "betas": (beta1, beta2)}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), new_s

# %% wrong: A rate of 0 is no update. | feedback: lr, λ and β may be others each time
# -    beta1, beta2 = betas
    if not lr:
        return w, s
    beta1, beta2 = betas

# %% wrong: A weight of its own. | feedback: the w that is given counts: keep none in s
# -    beta1, beta2 = betas
    beta1, beta2 = betas
    w = s.get("w", w)
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    w = w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps)
    return w, {"m": m, "v": v, "w": w}

# %% wrong: Late updates are not corrected. | feedback: at any t, however late
# -    m_hat = m / (1 - beta1**t)
# -    v_hat = v / (1 - beta2**t)
    m_hat = m / (1 - beta1 ** min(t, 1000))
    v_hat = v / (1 - beta2 ** min(t, 1000))

# %% wrong: The state lies outside, and s is its number. | feedback: made twice, returns two states
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    old_m, old_v = kept[s["n"]] if s else (0.0, 0.0)
    m = beta1 * old_m + (1 - beta1) * g
    v = beta2 * old_v + (1 - beta2) * (g - m) ** 2 + eps
    kept.append((m, v))
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"n": len(kept) - 1}


kept = []

# %% wrong: A tensor of one number leaves as a float. | feedback: w came in as a tensor; it must leave as one
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    w = w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps)
    return w.item() if getattr(w, "ndim", 1) == 0 else w, {"m": m, "v": v}

# %% wrong: ε is fixed in v. | feedback: ε is given. In v it is fixed
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + 1e-8

# %% wrong: ε in v, and below the root. | feedback: ε stands beside the root, not below it
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (v_hat + eps) ** 0.5, {"m": m, "v": v}

# %% right: the decay as a factor, and torch's arrangement
# -    m_hat = m / (1 - beta1**t)
# -    v_hat = v / (1 - beta2**t)
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    size = lr / (1 - beta1**t)
    below = v**0.5 / (1 - beta2**t) ** 0.5 + eps
    return (1 - lr * weight_decay) * w - size * m / below, {"m": m, "v": v}

# %% right: the state under other names, and differences
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    b, p = (s["belief"], s["guess"]) if s else (0 * g, 0 * g)
    m = p + (1 - beta1) * (g - p)
    surprise = (g - m) * (g - m)
    v = b + (1 - beta2) * (surprise - b) + eps
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * (weight_decay * w + m_hat / (v_hat**0.5 + eps)), {"belief": v, "guess": m}

# %% right: in place, on values of its own
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    state = dict(s) or {"m": 0.0, "v": 0.0}
    m = beta1 * state["m"]
    m = m + (1 - beta1) * g
    v = (m - g) ** 2
    v *= 1 - beta2
    v = v + (beta2 * state["v"] + eps)
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    new = w - lr * weight_decay * w
    new -= lr * m_hat / (v_hat**0.5 + eps)
    state.update(m=m, v=v)
    return [new, state]

# %% right: helpers, and a list for the state's two
def mean_of(old, new, beta):
    return beta * old + (1 - beta) * new


def belief(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    m, v = s.get("two", (0.0, 0.0))
    m = mean_of(m, g, betas[0])
    v = mean_of(v, (g - m) ** 2, betas[1]) + eps
    up, below = (one / (1 - beta**t) for one, beta in zip((m, v), betas))
    return w * (1 - lr * weight_decay) - lr * up * (below**0.5 + eps) ** -1, {"two": (m, v)}

# %% right: a power by pow(), and products for squares
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * ((g - m) * (g - m)) + eps
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    return w - lr * weight_decay * w - lr * m_hat / (pow(v_hat, 0.5) + eps), {"m": m, "v": v}

# %% right: one correction for both, as torch folds it
# -    m_hat = m / (1 - beta1**t)
# -    v_hat = v / (1 - beta2**t)
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    c = (1 - beta2**t) ** 0.5
    step = m * c / (v**0.5 + eps * c) / (1 - beta1**t)
    return w - lr * (weight_decay * w + step), {"m": m, "v": v}

# %% right: corrected means are kept, and what corrected them
# -    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
# -    v = beta2 * s.get("v", 0.0) + (1 - beta2) * (g - m) ** 2 + eps
    m = beta1 * s.get("m", 0.0) * s.get("c1", 1.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) * s.get("c2", 1.0) + (1 - beta2) * (g - m) ** 2 + eps
# -    return w - lr * weight_decay * w - lr * m_hat / (v_hat**0.5 + eps), {"m": m, "v": v}
    new_s = {"m": m_hat, "v": v_hat, "c1": 1 - beta1**t, "c2": 1 - beta2**t}
    return w - lr * weight_decay * w - lr * m_hat * (v_hat**0.5 + eps) ** -1, new_s
