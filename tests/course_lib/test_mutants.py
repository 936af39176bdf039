"""The checks of the rules can fail: each known mistake, made on purpose, is caught by the check it names."""

import inspect
import types

import pytest
from test_rules import CHECKS

from course_lib import rules

SOURCE = inspect.getsource(rules)

#: mistake: (the rule, its text, what replaces it, the check that must notice).
MUTANTS = {
    # gradient descent and momentum
    "uphill": ("sgd", "w - lr * g, {}", "w + lr * g, {}", "check_descent_on_a_quadratic"),
    "double rate": ("sgd", "w - lr * g, {}", "w - 2 * lr * g, {}", "check_best_rate_of_descent"),
    "no momentum": ("sgd", 'momentum * s["v"] + (1', "(1", "check_rate_of_heavy_ball"),
    "velocity (1−μ)g": ("sgd", "(1 - dampening) * g", "(1 - momentum) * g", "check_constant_gradient"),
    "damped first velocity": ("sgd", "v = g if", "v = (1 - dampening) * g if", "check_first_velocity"),
    "dampening ignored": ("sgd", "(1 - dampening) * g", "g", "check_first_velocity"),
    "Nesterov sign": ("sgd", "g + momentum * v if", "g - momentum * v if", "check_rate_of_nesterov"),
    "Nesterov adds v whole": ("sgd", "g + momentum * v if", "g + v if", "check_nesterov_is_the_look_ahead"),
    "Nesterov is heavy ball": ("sgd", "g + momentum * v if", "v if", "check_stability_limits"),
    "Nesterov with the old v": (
        "sgd",
        "g + momentum * v if",
        'g + momentum * s.get("v", 0.0) if',
        "check_nesterov_is_the_look_ahead",
    ),
    "decay not times lr": (
        "sgd",
        "w - lr * g, {}",
        "w - lr * (g - weight_decay * w) - weight_decay * w, {}",
        "check_weight_decay",
    ),
    # AdaGrad and RMSProp
    "AdaGrad forgets": ("adagrad", "+ g * g", "* 0.9 + g * g", "check_constant_gradient"),
    "AdaGrad without root": ("adagrad", "v**0.5 + eps", "v + eps", "check_scale_invariance"),
    "AdaGrad decays from t": ("adagrad", "(t - 1) * lr_decay", "t * lr_decay", "check_adagrads_rate"),
    "AdaGrad starts at 0": ("adagrad", "initial_accumulator_value) +", "0.0) +", "check_adagrads_rate"),
    "AdaGrad eps in root": ("adagrad", "(v**0.5 + eps)", "(v + eps) ** 0.5", "check_rules_are_torchs"),
    "RMSProp weights swapped": (
        "rmsprop",
        "(1 - alpha) * g * g",
        "alpha * g * g",
        "check_rmsprops_first_step",
    ),
    "RMSProp eps in root": ("rmsprop", "(v**0.5 + eps)", "(v + eps) ** 0.5", "check_rules_are_torchs"),
    "RMSProp precedence": ("rmsprop", "g / (v**0.5 + eps)", "g / v**0.5 + eps", "check_rules_are_torchs"),
    "centered, mean not squared": (
        "rmsprop",
        "v - g_mean * g_mean",
        "v - g_mean",
        "check_centered_rmsprop",
    ),
    "centered, below zero": ("rmsprop", "v = (v > 0) * v", "pass", "check_centered_rmsprop"),
    "RMSProp momentum unused": (
        "rmsprop",
        'momentum * s.get("b", 0.0) + step',
        "step",
        "check_rules_are_torchs",
    ),
    # Adam
    "Adam without root": ("adam", "v_hat**0.5 + eps", "v_hat + eps", "check_adams_first_step"),
    "Adam eps in root": ("adam", "(v_hat**0.5 + eps)", "(v_hat + eps) ** 0.5", "check_adams_first_step"),
    "Adam precedence": ("adam", "/ (v_hat**0.5 + eps)", "/ v_hat**0.5 + eps", "check_adams_first_step"),
    "Adam t+1": ("adam", "beta1**t)", "beta1 ** (t + 1))", "check_adams_first_step"),
    "Adam t from 0": ("adam", "beta2**t)", "beta2 ** (t - 1))", "check_adams_first_step"),
    "Adam, no correction of m": ("adam", "m / (1 - beta1**t)", "m", "check_adams_first_step"),
    "Adam, no correction of v": ("adam", "v / (1 - beta2**t)", "v", "check_adams_first_step"),
    "Adam, g not squared": ("adam", "(1 - beta2) * g * g", "(1 - beta2) * g", "check_scale_invariance"),
    "Adam, m not weighted": ("adam", "(1 - beta1) * g", "g", "check_constant_gradient"),
    "Adam, betas swapped": ("adam", "beta1, beta2 = betas", "beta2, beta1 = betas", "check_adam_after_zeros"),
    "Adam uses g, not m": ("adam", "lr * m_hat", "lr * g", "check_adam_after_zeros"),
    "Adam, variance centered": (
        "adam",
        "v_hat = v /",
        "v_hat = (v - m * m) /",
        "check_special_cases_of_adam",
    ),
    "Adam in place": (
        "adam",
        "g = g + weight_decay * w",
        "g += weight_decay * w",
        "check_inputs_stay_as_they_are",
    ),
    "Adam leaves arithmetic": ("adam", "v_hat**0.5", "v_hat.sqrt()", "check_floats_arrays_and_tensors_agree"),
    "AMSGrad keeps the least": (
        "adam",
        "where(v_max > v",
        "where(v_max < v",
        "check_amsgrad_keeps_the_largest_v",
    ),
    "AMSGrad never looks back": (
        "adam",
        "v = new_s[",
        "new_s[",
        "check_reddis_counterexample",
    ),
    "AMSGrad, max of v̂": (
        "adam",
        "where(v_max > v, v_max, v)",
        "where(v_max > v / (1 - beta2**t), v_max, v / (1 - beta2**t))",
        "check_amsgrad_keeps_the_largest_v",
    ),
    "AMSGrad widens": ("adam", 's.get("v_max", v)', 's.get("v_max", 0.0)', "check_precision_is_kept"),
    # AdamW and RAdam
    "AdamW coupled": (
        "adamw",
        "adam(w - lr * weight_decay * w, g,",
        "adam(w, g + weight_decay * w,",
        "check_weight_decay",
    ),
    "AdamW decay without lr": (
        "adamw",
        "w - lr * weight_decay * w",
        "w - weight_decay * w",
        "check_weight_decay",
    ),
    "RAdam from 4": ("radam", "rho <= 5", "rho <= 4", "check_radams_rectification"),
    "RAdam unrectified": ("radam", "w - lr * r * m_hat", "w - lr * m_hat", "check_radams_rectification"),
    "RAdam r without root": (
        "radam",
        "(rho_inf - 2) * rho)) ** 0.5",
        "(rho_inf - 2) * rho))",
        "check_radams_rectification",
    ),
    "RAdam ρ with t−1": (
        "radam",
        "2 * t * beta2**t /",
        "2 * (t - 1) * beta2**t /",
        "check_radams_rectification",
    ),
    # layers
    "LARS without ‖w‖": (
        "lars",
        "trust_coefficient * w_norm,",
        "trust_coefficient,",
        "check_layers_move_in_proportion",
    ),
    "LARS, no decay below": (
        "lars",
        "g_norm + weight_decay * w_norm",
        "g_norm",
        "check_layers_follow_their_papers",
    ),
    "LARS, decay outside": (
        "lars",
        "p * (g + weight_decay * w)",
        "p * g + weight_decay * w",
        "check_layers_follow_their_papers",
    ),
    "LAMB without ratio": ("lamb", "lr * p * u", "lr * u", "check_layers_move_in_proportion"),
    "LAMB, ratio without decay": (
        "lamb",
        "l2_norm(w), l2_norm(u)",
        "l2_norm(w), l2_norm(u - weight_decay * w)",
        "check_layers_follow_their_papers",
    ),
    "LAMB, no bias correction": (
        "lamb",
        "m / (1 - beta1**t)",
        "m",
        "check_layers_at_zero",
    ),
    "norm without root": ("l2_norm", "** 0.5", "** 1", "check_layers_move_in_proportion"),
    "ratio 0 at zero": (
        "_trust_ratio",
        "(bottom + unusable) + unusable",
        "(bottom + unusable)",
        "check_layers_at_zero",
    ),
}


def mutant(rule, old, new):
    """The module of rules with one text in one rule replaced."""
    whole = inspect.getsource(getattr(rules, rule))
    docstring = getattr(rules, rule).__doc__
    head, body = whole.split(docstring)
    assert body.count(old) == 1, (
        f"{rule} has changed: {old!r} occurs {body.count(old)} times; mend this table"
    )
    broken = types.ModuleType("mutant")
    exec(SOURCE.replace(whole, head + docstring + body.replace(old, new)), broken.__dict__)
    return broken


def passes(check, module):
    """Whether a check passes; a mutant may also stop it by an error such as a division by zero."""
    try:
        check(module)
    except Exception:
        return False
    return True


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("mistake", MUTANTS)
def test_mistake_is_caught(mistake):
    rule, old, new, check = MUTANTS[mistake]
    assert not passes(CHECKS[check], mutant(rule, old, new)), f"{check} does not notice: {mistake}"


def test_every_check_catches_a_mistake():
    assert {check for *_, check in MUTANTS.values()} == CHECKS.keys()


def test_adam_without_bias_correction_starts_too_fast():
    uncorrected = SOURCE.replace("m / (1 - beta1**t)", "m").replace("v / (1 - beta2**t)", "v")
    broken = types.ModuleType("mutant")
    exec(uncorrected, broken.__dict__)
    assert round(-broken.adam(0.0, 7.0, {}, 1, lr=1.0, eps=0.0)[0], 3) == 3.162
