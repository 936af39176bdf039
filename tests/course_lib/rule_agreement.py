"""What the rules must agree with: one another's kinds of numbers, and ``torch.optim``.

As in ``rule_properties.py``, each check is given the module of rules to judge.
"""

import numpy as np
import torch
from rule_properties import close, listed, run

#: Each rule with hyperparameters that use all of its terms.
VARIANTS = [
    ("sgd", {}),
    ("sgd", dict(momentum=0.9, dampening=0.2, weight_decay=0.1)),
    ("sgd", dict(momentum=0.9, weight_decay=0.1, nesterov=True)),
    ("adagrad", dict(lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5)),
    ("rmsprop", dict(weight_decay=0.1, momentum=0.9, centered=True)),
    ("adam", dict(weight_decay=0.1)),
    ("amsgrad", dict(weight_decay=0.1)),
    ("adamw", dict(weight_decay=0.1, amsgrad=True)),
    ("radam", dict(weight_decay=0.1)),
    ("radam", dict(weight_decay=0.1, decoupled_weight_decay=True)),
    ("lars", dict(weight_decay=0.1)),
    ("lamb", dict(weight_decay=0.1)),
]


def check_floats_arrays_and_tensors_agree(rules):
    """The same lines give the same numbers on a float, a NumPy array and a torch tensor."""
    rng = np.random.default_rng(3)
    for name, hyper in VARIANTS:
        rule = getattr(rules, name)
        start = rng.normal(size=1 if name in ("lars", "lamb") else 4)
        gradients = rng.normal(size=(12, len(start)))
        array = run(rule, start, listed(gradients), 12, **hyper)[-1]
        tensor = run(rule, torch.tensor(start), listed(torch.tensor(gradients)), 12, **hyper)[-1]
        floats = [
            run(rule, w, listed(g), 12, **hyper)[-1]
            for w, g in zip(start.tolist(), gradients.T.tolist(), strict=True)
        ]
        assert all(isinstance(x, float) for x in floats), name
        assert close(array, floats, 1e-11) and close(tensor, floats, 1e-11), name


def check_inputs_stay_as_they_are(rules):
    """A rule changes none of w, g and s."""
    for name, hyper in VARIANTS:
        rule = getattr(rules, name)
        for make in (np.array, lambda x: torch.tensor(x, dtype=torch.float64)):
            w, g, s = make([1.0, -2.0, 3.0]), make([0.5, 0.1, -4.0]), {}
            for t in (1, 2, 7):
                before = [x.tolist() for x in (w, g, *s.values())]
                new_w, new_s = rule(w, g, s, t, **hyper)
                assert [x.tolist() for x in (w, g, *s.values())] == before, name
                w, s = new_w, new_s


def check_precision_is_kept(rules):
    """What is given in single precision comes back in single precision, parameters and state."""
    for name, hyper in VARIANTS:
        for make, dtype in (
            (np.ones, np.float32),
            (torch.ones, torch.float32),
            (torch.ones, torch.bfloat16),
        ):
            w, s = make(3, dtype=dtype), {}
            for t in range(1, 8):
                w, s = getattr(rules, name)(w, w, s, t, **hyper)
                assert all(x.dtype == dtype for x in (w, *s.values())), (name, dtype)


# --- torch's own optimizers --------------------------------------------------------------------------------

#: rule, torch's class, hyperparameters of both, {our name of a state: torch's}.
_MOMENTS = {"m": "exp_avg", "v": "exp_avg_sq"}
TWINS = [
    ("sgd", "SGD", dict(lr=0.1), {}),
    ("sgd", "SGD", dict(lr=0.1, weight_decay=0.1), {}),
    ("sgd", "SGD", dict(lr=0.1, momentum=0.9), {"v": "momentum_buffer"}),
    ("sgd", "SGD", dict(lr=0.1, momentum=0.9, weight_decay=0.1), {"v": "momentum_buffer"}),
    ("sgd", "SGD", dict(lr=0.1, momentum=0.5, dampening=0.3), {"v": "momentum_buffer"}),
    ("sgd", "SGD", dict(lr=0.1, momentum=0.9, nesterov=True), {"v": "momentum_buffer"}),
    ("sgd", "SGD", dict(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1), {"v": "momentum_buffer"}),
    ("adagrad", "Adagrad", dict(lr=0.1), {"v": "sum"}),
    ("adagrad", "Adagrad", dict(lr=0.1, lr_decay=0.2, weight_decay=0.1, eps=1e-3), {"v": "sum"}),
    ("adagrad", "Adagrad", dict(lr=0.1, initial_accumulator_value=0.5), {"v": "sum"}),
    ("rmsprop", "RMSprop", dict(lr=0.01), {"v": "square_avg"}),
    ("rmsprop", "RMSprop", dict(lr=0.01, alpha=0.9, eps=0.1, weight_decay=0.1), {"v": "square_avg"}),
    ("rmsprop", "RMSprop", dict(lr=0.01, momentum=0.9), {"v": "square_avg", "b": "momentum_buffer"}),
    ("rmsprop", "RMSprop", dict(lr=0.01, centered=True), {"v": "square_avg", "g_mean": "grad_avg"}),
    (
        "rmsprop",
        "RMSprop",
        dict(lr=0.01, centered=True, momentum=0.9, weight_decay=0.1),
        {"v": "square_avg", "g_mean": "grad_avg", "b": "momentum_buffer"},
    ),
    ("adam", "Adam", dict(lr=0.01), _MOMENTS),
    ("adam", "Adam", dict(lr=0.01, betas=(0.5, 0.6), eps=0.1, weight_decay=0.1), _MOMENTS),
    ("adam", "Adam", dict(lr=0.01, betas=(0.0, 0.9)), _MOMENTS),
    ("adam", "Adam", dict(lr=0.01, amsgrad=True), {**_MOMENTS, "v_max": "max_exp_avg_sq"}),
    (
        "adam",
        "Adam",
        dict(lr=0.01, amsgrad=True, weight_decay=0.1, betas=(0.9, 0.5)),
        {**_MOMENTS, "v_max": "max_exp_avg_sq"},
    ),
    ("adamw", "AdamW", dict(lr=0.01), _MOMENTS),
    ("adamw", "AdamW", dict(lr=0.01, weight_decay=0.0), _MOMENTS),
    ("adamw", "AdamW", dict(lr=0.01, weight_decay=0.3, betas=(0.8, 0.9), eps=0.1), _MOMENTS),
    ("adamw", "AdamW", dict(lr=0.01, amsgrad=True), {**_MOMENTS, "v_max": "max_exp_avg_sq"}),
    ("radam", "RAdam", dict(lr=0.01), _MOMENTS),
    ("radam", "RAdam", dict(lr=0.01, betas=(0.8, 0.99), eps=0.1, weight_decay=0.1), _MOMENTS),
    ("radam", "RAdam", dict(lr=0.01, weight_decay=0.1, decoupled_weight_decay=True), _MOMENTS),
    ("radam", "RAdam", dict(lr=0.01, betas=(0.9, 0.5)), _MOMENTS),
]


def check_rules_are_torchs(rules):
    """50 changing gradients: each rule gives the weights and the states of torch's optimizer."""
    for name, twin, hyper, states in TWINS:
        generator = torch.Generator().manual_seed(0)
        w, s = torch.randn(6, generator=generator, dtype=torch.float64), {}
        p = w.clone().requires_grad_()
        optimizer = getattr(torch.optim, twin)([p], foreach=False, **hyper)
        for t in range(1, 51):
            size = 10 ** (6 * torch.rand((), generator=generator, dtype=torch.float64) - 3)
            g = p.grad = size * torch.randn(6, generator=generator, dtype=torch.float64)
            optimizer.step()
            w, s = getattr(rules, name)(w, g, s, t, **hyper)
            pairs = [(w, p.detach())] + [
                (s[ours], optimizer.state[p][theirs]) for ours, theirs in states.items()
            ]
            assert s.keys() == states.keys(), (name, s.keys())
            for ours, theirs in pairs:
                torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12, msg=f"{name} {hyper} at {t}")
