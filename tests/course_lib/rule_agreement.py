"""What the rules must agree with: the precision that they are given, and ``torch.optim``.

As in ``rule_properties.py``, each check is given the rules to judge.
"""

import itertools
from functools import partial
from unittest.mock import patch

import numpy as np
import torch

from course_lib import rules as correct
from course_lib import wrappers
from course_lib.rule_optimizer import unit_of

#: Each rule and wrapper with hyperparameters that use all of its terms.
VARIANTS = [
    ("sgd", {}),
    ("sgd", dict(momentum=0.9, dampening=0.2, weight_decay=0.1)),
    ("sgd", dict(momentum=0.9, weight_decay=0.1, nesterov=True)),
    ("adagrad", dict(lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5)),
    ("adadelta", dict(weight_decay=0.1)),
    ("rmsprop", dict(weight_decay=0.1, momentum=0.9, centered=True)),
    ("adam", dict(weight_decay=0.1)),
    ("amsgrad", dict(weight_decay=0.1)),
    ("adamw", dict(weight_decay=0.1, amsgrad=True)),
    ("adamax", dict(weight_decay=0.1)),
    ("nadam", dict(weight_decay=0.1)),
    ("nadam", dict(weight_decay=0.1, decoupled_weight_decay=True)),
    ("radam", dict(weight_decay=0.1)),
    ("radam", dict(weight_decay=0.1, decoupled_weight_decay=True)),
    ("ademamix", dict(weight_decay=0.1, beta3_warmup=5, alpha_warmup=3)),
    ("lion", dict(weight_decay=0.1)),
    ("lars", dict(weight_decay=0.1)),
    ("lamb", dict(weight_decay=0.1)),
    ("muon", {}),
    ("muon", dict(nesterov=False, adjust_lr_fn="match_rms_adamw")),
    ("adafactor", dict(weight_decay=0.1, d=1.5)),
    ("soap", dict(weight_decay=0.1, precondition_frequency=2)),
    ("lookahead", dict(rule=correct.nadam, k=3)),
    ("ranger", dict(weight_decay=0.1, k=3)),
    ("schedule_free", dict(rule=partial(correct.muon, momentum=0.0), lr=0.1, weight_decay=0.1)),
    ("schedule_free_sgd", dict(weight_decay=0.1, warmup_steps=3)),
    ("schedule_free_adamw", dict(weight_decay=0.1, warmup_steps=3)),
]


def takes_numbers(name, hyper):
    """Whether a variant works entry by entry, so that single numbers give what an array gives."""
    rule = getattr(correct, name, None) or getattr(wrappers, name)
    return unit_of(partial(rule, **hyper)) == "entry"


def check_precision_is_kept(rules):
    """What is given in single precision comes back in single precision, parameters and state."""
    for name, hyper in VARIANTS:
        for make, dtype in (
            (np.ones, np.float32),
            (torch.ones, torch.float32),
            (torch.ones, torch.bfloat16),
        ):
            w, s = make((2, 3), dtype=dtype), {}
            for t in range(1, 8):
                w, s = getattr(rules, name)(w, w, s, t, **hyper)
                kept = [x for x in (w, *s.values()) if not isinstance(x, float)]
                assert all(x.dtype == dtype for x in kept), (name, dtype)


# --- torch's own optimizers --------------------------------------------------------------------------------

#: rule, torch's class, hyperparameters of both, {our name of a state: torch's}.
_MOMENTS = {"m": "exp_avg", "v": "exp_avg_sq"}
_NADAMS = {**_MOMENTS, "mu_product": "mu_product"}
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
    ("adadelta", "Adadelta", dict(), {"v": "square_avg", "u": "acc_delta"}),
    (
        "adadelta",
        "Adadelta",
        dict(lr=0.3, rho=0.7, eps=1e-2, weight_decay=0.1),
        {"v": "square_avg", "u": "acc_delta"},
    ),
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
    ("adamax", "Adamax", dict(lr=0.01), {"m": "exp_avg", "u": "exp_inf"}),
    (
        "adamax",
        "Adamax",
        dict(lr=0.01, betas=(0.5, 0.6), eps=0.1, weight_decay=0.1),
        {"m": "exp_avg", "u": "exp_inf"},
    ),
    ("nadam", "NAdam", dict(lr=0.01), _NADAMS),
    ("nadam", "NAdam", dict(lr=0.01, betas=(0.5, 0.6), eps=0.1, weight_decay=0.1), _NADAMS),
    ("nadam", "NAdam", dict(lr=0.01, weight_decay=0.1, decoupled_weight_decay=True), _NADAMS),
    ("nadam", "NAdam", dict(lr=0.01, momentum_decay=0.3), _NADAMS),
    ("radam", "RAdam", dict(lr=0.01), _MOMENTS),
    ("radam", "RAdam", dict(lr=0.01, betas=(0.8, 0.99), eps=0.1, weight_decay=0.1), _MOMENTS),
    ("radam", "RAdam", dict(lr=0.01, weight_decay=0.1, decoupled_weight_decay=True), _MOMENTS),
    ("radam", "RAdam", dict(lr=0.01, betas=(0.9, 0.5)), _MOMENTS),
]


def at(what, t):
    """For ``assert_close``: where two tensors differ, before torch's own words on by how much."""
    return lambda torchs: f"{what} at update {t}: {torchs}"


def check_rules_are_torchs(rules):
    """50 changing gradients: each rule gives the weights and the states of torch's optimizer."""
    for name, twin, hyper, states in TWINS:
        generator = torch.Generator().manual_seed(0)
        w, s = torch.randn(6, generator=generator, dtype=torch.float64), {}
        p = w.clone().requires_grad_()
        optimizer = getattr(torch.optim, twin)([p], foreach=False, **hyper)
        # torch multiplies NAdam's momenta in single precision: see test_torch_oddities_rules.py.
        tolerance = 1e-8 if name == "nadam" else 1e-12
        for t in range(1, 51):
            size = 10 ** (6 * torch.rand((), generator=generator, dtype=torch.float64) - 3)
            g = p.grad = size * torch.randn(6, generator=generator, dtype=torch.float64)
            optimizer.step()
            w, s = getattr(rules, name)(w, g, s, t, **hyper)
            pairs = [(w, p.detach(), tolerance)]
            for ours, theirs in states.items():
                state = optimizer.state[p][theirs]
                pairs.append((s[ours], state, 1e-5 if ours == "mu_product" else tolerance))
            assert s.keys() == states.keys(), (name, s.keys())
            for ours, theirs, within in pairs:
                ours = torch.as_tensor(ours, dtype=theirs.dtype)
                torch.testing.assert_close(
                    ours, theirs, rtol=within, atol=within, msg=at(f"{name} {hyper}", t)
                )


def in_own_precision():
    """Within this context torch's Muon computes in the weights' precision: it asks for bfloat16 in vain."""
    return patch.object(torch.Tensor, "bfloat16", torch.Tensor.clone)


MUONS = [
    {},
    dict(nesterov=False, momentum=0.8, weight_decay=0.0),
    dict(momentum=0.0, ns_steps=1),
    dict(lr=0.1, weight_decay=0.3, adjust_lr_fn="original", ns_coefficients=(2.0, -1.5, 0.5), ns_steps=9),
    dict(lr=0.1, adjust_lr_fn="match_rms_adamw", eps=10.0),
]


def check_muon_is_torchs(rules):
    """50 changing gradients: but for torch's bfloat16, muon gives the weights and the state of torch's."""
    for hyper in MUONS:
        for shape in ((3, 5), (4, 4), (5, 2)):
            generator = torch.Generator().manual_seed(0)
            w, s = torch.randn(shape, generator=generator, dtype=torch.float64), {}
            p = w.clone().requires_grad_()
            optimizer = torch.optim.Muon([p], **hyper)
            for t in range(1, 51):
                size = 10 ** (6 * torch.rand((), generator=generator, dtype=torch.float64) - 3)
                g = p.grad = size * torch.randn(shape, generator=generator, dtype=torch.float64)
                with in_own_precision():
                    optimizer.step()
                w, s = rules.muon(w, g, s, t, **hyper)
                state = optimizer.state[p]["momentum_buffer"]
                assert s.keys() == {"m"}
                torch.testing.assert_close(w, p.detach(), rtol=1e-11, atol=1e-11, msg=at(hyper, t))
                torch.testing.assert_close(s["m"], state, rtol=1e-12, atol=1e-12, msg=at(hyper, t))


ADAFACTORS = [
    {},
    dict(lr=0.3, beta2_decay=-0.5),
    dict(lr=0.05, eps=(1e-3, 0.5), d=2.0, weight_decay=0.1),
    dict(lr=1.0, eps=(1e-30, 1e-6), d=1.5, beta2_decay=0.0),
]
ADAFACTORS_STATES = {"row": "row_var", "column": "col_var", "v": "variance"}


def check_adafactor_is_torchs(rules):
    """30 changing gradients: numbers, vectors, matrices and stacks get torch's weights and states.

    In units in which ε₁ is small, and in units in which it is not.
    """
    for dtype, within in ((torch.float64, 1e-13), (torch.float32, 1e-5)):
        cases = itertools.product(
            ADAFACTORS, (1.0, torch.finfo(dtype).eps), ((), (7,), (4, 6), (5, 1), (2, 3, 4), (2, 2, 3, 3))
        )
        for hyper, unit, shape in cases:
            generator = torch.Generator().manual_seed(0)
            w, s = torch.randn(shape, generator=generator, dtype=dtype), {}
            p = w.clone().requires_grad_()
            number, number_s = w.sum().item(), {}
            optimizer = torch.optim.Adafactor([p], foreach=False, **hyper)
            for t in range(1, 31):
                size = unit * 10 ** (6 * torch.rand((), generator=generator, dtype=dtype) - 3)
                g = p.grad = size * torch.randn(shape, generator=generator, dtype=dtype)
                optimizer.step()
                w, s = rules.adafactor(w, g, s, t, **hyper)
                assert s.keys() == ({"row", "column"} if len(shape) > 1 else {"v"})
                pairs = [(s[ours], optimizer.state[p][ADAFACTORS_STATES[ours]]) for ours in s]
                for ours, theirs in ((w, p.detach()), *pairs):
                    torch.testing.assert_close(
                        ours, theirs, rtol=within, atol=within, msg=at((hyper, unit, shape), t)
                    )
                if not shape and dtype == torch.float64:
                    number, number_s = rules.adafactor(number, g.item(), number_s, t, **hyper)
                    assert type(number) is float and abs(number - p.item()) < within, (hyper, t)
