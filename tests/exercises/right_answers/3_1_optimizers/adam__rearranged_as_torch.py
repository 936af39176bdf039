# differs: torch's order: the corrections go into the rate and into √v, which then gets ε


def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    first = s.get("exp_avg", 0.0)
    first = first + (g - first) * (1 - beta1)
    second = s.get("exp_avg_sq", 0.0) * beta2 + g * g * (1 - beta2)
    rate = lr / (1 - beta1**t)
    denominator = second**0.5 / (1 - beta2**t) ** 0.5 + eps
    return w - rate * first / denominator, {"exp_avg": first, "exp_avg_sq": second}
