"""Answers to the lab's challenges, as changes of the rule that each begins with and of its sliders."""

M_HAT, V_HAT = ("m / (1 - beta1**t)", "m"), ("v / (1 - beta2**t)", "v")
LION = [
    ("    m = beta1", "    c = beta1"),
    ("(1 - beta1) * g\n", "(1 - beta1) * g\n    m = beta2 * s.get('m', 0.0) + (1 - beta2) * g\n"),
    ("    g = g + weight_decay * w\n", ""),
    (
        "    return w - lr * m_hat / (v_hat**0.5 + eps), new_s",
        "    return w - lr * (sign(c) + weight_decay * w), {'m': m}",
    ),
    ("    m_hat = m / (1 - beta1**t)\n", ""),
    ("    v_hat = v / (1 - beta2**t)\n", ""),
]

#: A challenge → changes that solve it: pairs (before, after) of the text, and a dict of sliders.
RIGHT = {
    "no corrections": ("first_step", [M_HAT, V_HAT], {}),
    "the corrections forgotten at t = 1": (
        "first_step",
        [("    m_hat = ", "    k = t if t > 1 else 10**9\n    m_hat = "), ("**t)", "**k)")],
        {},
    ),
    "the best of theory": ("momentum_alone", [], {"lr": 0.032, "momentum": 0.65}),
    "slower, with more momentum": ("momentum_alone", [], {"lr": 0.02, "momentum": 0.75}),
    "Lion": ("lion_from_adam", LION, {}),
    "the largest v, always": ("amsgrad_example", [("    if amsgrad:", "    if True:")], {}),
    "a shorter memory, by a slider": ("first_step", [V_HAT], {"betas": [0.9, 0.9]}),
    "no division": ("amsgrad_example", [("m_hat / (v_hat**0.5 + eps)", "m_hat")], {}),
}  # fmt: skip

#: A challenge → changes that do not, and words that are said of them.
WRONG = {
    "Adam as it is": ("first_step", [], {}, "the first step is 1 lr"),
    "only m uncorrected": ("first_step", [M_HAT], {}, "the first step is 0.1 lr"),
    "only v uncorrected": ("first_step", [V_HAT], {}, "the first step is 31.6 lr"),
    "every step longer": ("first_step", [("w - lr *", "w - 10**0.5 * lr *")], {}, "step 3000 is 3.16 lr"),
    "always down": ("first_step", [M_HAT, V_HAT, ("m_hat /", "abs(m_hat) /")], {}, "first step is -3.16 lr"),
    "plain descent at its best rate": ("momentum_alone", [], {"lr": 0.02}, "away"),
    "momentum 0.9": ("momentum_alone", [], {"lr": 0.016, "momentum": 0.9}, "away"),
    "too fast": ("momentum_alone", [], {"lr": 10.0, "momentum": 0.5}, "diverges"),
    "Nesterov": ("momentum_alone", [], {"lr": 0.01, "momentum": 0.8, "nesterov": True}, "nesterov"),
    "by another rule": ("momentum_alone", [("return w - lr * step", "return 0.5 * w")], {}, "sliders alone"),
    "Adam for Lion": ("lion_from_adam", [], {}, "update 1"),
    "the sign of m after its update": (
        "lion_from_adam", [("m_hat / (v_hat**0.5 + eps)", "sign(m)")], {}, "elsewhere",
    ),
    "the decay inside the gradient": (
        "lion_from_adam",
        [*(pair for pair in LION if "g = g" not in pair[0]), (" + weight_decay * w), ", "), ")],
        {}, "decay 0.1",
    ),
    "Lion called": ("lion_from_adam", [("return w", "return lion(w, g, s, t, lr=lr); w")], {}, "out lion"),
    "Adam for AMSGrad": ("amsgrad_example", [], {}, "In the example it ends at 1"),
    "always to the left": (
        "amsgrad_example", [("w - lr * m_hat / (v_hat**0.5 + eps)", "w - lr")], {}, "In the mirror of the",
    ),
    "uphill": ("amsgrad_example", [("return w - lr", "return w + lr")], {}, "In a plain slope"),
    "by its own option": ("amsgrad_example", [("amsgrad=False", "amsgrad=True")], {}, "ends at 1"),
    "without the bias correction": ("amsgrad_example", [M_HAT, V_HAT], {}, "In the example it ends at 1"),
}  # fmt: skip
