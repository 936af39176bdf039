"""The checks of the rules can fail: each known mistake, made on purpose, is caught by the check it names."""

import inspect

import pytest
from mutation import broken, passes, wrong
from test_rules import CHECKS, RULES, namespace

from course_lib import rules, wrappers

#: mistake: (the rule or wrapper, its text, what replaces it, the check that must notice).
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
    "noise's momentum kept whole": (
        "sgd",
        "v = g if first",
        "g = g if first else (1 - momentum) * g\n    v = g if first",
        "check_stationary_variance",
    ),
    "old velocity": ("sgd", "else v\n", "else s.get('v', v)\n", "check_rate_of_heavy_ball"),
    "velocity in place": (
        "sgd",
        "v = g if first else momentum",
        "if not first: s['v'] *= momentum\n    v = g if first else 1",
        "check_inputs_stay_as_they_are",
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
    # Adadelta
    "Adadelta without eps above": ("adadelta", "(u + eps)", "u", "check_adadeltas_first_step"),
    "Adadelta eps outside": (
        "adadelta",
        "(v + eps) ** 0.5",
        "(v**0.5 + eps)",
        "check_adadeltas_first_step",
    ),
    "Adadelta roots swapped": (
        "adadelta",
        "(u + eps) ** 0.5 / (v + eps) ** 0.5",
        "(v + eps) ** 0.5 / (u + eps) ** 0.5",
        "check_adadelta_has_the_unit_of_w",
    ),
    "Adadelta without upper root": (
        "adadelta",
        "(u + eps) ** 0.5",
        "(u + eps)",
        "check_adadelta_has_the_unit_of_w",
    ),
    "Adadelta keeps lr·Δ": ("adadelta", "step * step}", "lr**2 * step * step}", "check_rules_are_torchs"),
    "Adadelta uses the new u": (
        "adadelta",
        'u = s.get("u", 0.0)',
        'u = rho * s.get("u", 0.0) + (1 - rho) * g * g',
        "check_rules_follow_their_papers",
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
    "AMSGrad keeps the newest": (
        "adam",
        'maximum(v, s.get("v_max", 0.0))',
        "v",
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
        "maximum(v, ",
        "maximum(v / (1 - beta2**t), ",
        "check_amsgrad_keeps_the_largest_v",
    ),
    "AMSGrad is Adam": ("amsgrad", "amsgrad=True", "amsgrad=False", "check_reddis_counterexample"),
    "maximum by multiplying": (
        "maximum",
        'a.clip(b) if hasattr(a, "clip") else max(a, b)',
        "(a >= b) * a + (a < b) * b",
        "check_amsgrad_outlives_an_overflow",
    ),
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
    "RAdam eps in root": ("radam", "(v**0.5 + eps)", "(v + eps) ** 0.5", "check_radams_rectification"),
    "RAdam eps after the correction": (
        "radam",
        "* (1 - beta2**t) ** 0.5 / (v**0.5 + eps)",
        "/ ((v / (1 - beta2**t)) ** 0.5 + eps)",
        "check_radams_rectification",
    ),
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
    # Adam's relatives
    "Adamax without maximum": (
        "adamax",
        "maximum(abs(g) + eps, ",
        "(abs(g) + eps + ",
        "check_constant_gradient",
    ),
    "Adamax forgets nothing": ("adamax", "beta2 * s.get", "1 * s.get", "check_rules_follow_their_papers"),
    "Adamax, signed": ("adamax", "abs(g)", "g", "check_rules_follow_their_papers"),
    "Adamax squares": ("adamax", "abs(g) + eps", "abs(g) * abs(g) + eps", "check_any_scale"),
    "Adamax eps outside": (
        "adamax",
        'maximum(abs(g) + eps, beta2 * s.get("u", 0.0))',
        'maximum(abs(g), beta2 * s.get("u", 0.0)) + eps',
        "check_adamaxs_eps",
    ),
    "Adamax, no correction": ("adamax", "m / (1 - beta1**t)", "m", "check_adams_first_step"),
    "Adamax corrects u": ("adamax", "m_hat / u", "m_hat / (u / (1 - beta2**t))", "check_adams_first_step"),
    "NAdam without look-ahead": ("nadam", "mu_next / (1", "mu / (1", "check_nadams_coefficients"),
    "NAdam without warming": (
        "nadam",
        "(1 - 0.5 * 0.96 ** (t *",
        "(1 - 0.0 * 0.96 ** (t *",
        "check_nadams_coefficients",
    ),
    "NAdam, powers for the product": (
        "nadam",
        's.get("mu_product", 1.0) * mu',
        "mu**t",
        "check_nadams_coefficients",
    ),
    "NAdam, product not kept": (
        "nadam",
        's.get("mu_product", 1.0) * mu',
        "mu",
        "check_rules_are_torchs",
    ),
    "NAdam without root": ("nadam", "v_hat**0.5 + eps", "v_hat + eps", "check_scale_invariance"),
    "NAdam eps in root": ("nadam", "(v_hat**0.5 + eps)", "(v_hat + eps) ** 0.5", "check_rules_are_torchs"),
    "NAdam precedence": ("nadam", "/ (v_hat**0.5 + eps)", "/ v_hat**0.5 + eps", "check_rules_are_torchs"),
    "NAdam, no correction of v": ("nadam", "v / (1 - beta2**t)", "v", "check_nadams_coefficients"),
    "NAdam decays twice": (
        "nadam",
        "else:\n        g = g",
        "if True:\n        g = g",
        "check_any_decoupled_decay",
    ),
    # AdEMAMix
    "AdEMAMix is AdamW": ("ademamix", "alpha * m2)", "0 * m2)", "check_the_slow_mean_remembers"),
    "AdEMAMix, slow mean corrected": (
        "ademamix",
        "alpha * m2)",
        "alpha * m2 / (1 - beta3**t))",
        "check_ademamix_follows_its_paper",
    ),
    "AdEMAMix, betas 2 and 3 swapped": (
        "ademamix",
        "beta1, beta2, beta3 = betas",
        "beta1, beta3, beta2 = betas",
        "check_ademamix_follows_its_paper",
    ),
    "AdEMAMix, fast mean not corrected": (
        "ademamix",
        "m1 / (1 - beta1**t)",
        "m1",
        "check_ademamix_without_its_slow_mean_is_adamw",
    ),
    "AdEMAMix, decay in the gradient": (
        "ademamix",
        "(v_hat**0.5 + eps) + weight_decay * w",
        "(v_hat**0.5 + eps + weight_decay * w)",
        "check_ademamix_without_its_slow_mean_is_adamw",
    ),
    "AdEMAMix, decay without lr": (
        "ademamix",
        "w - lr * step, {",
        "w - lr * step - (1 - lr) * weight_decay * w, {",
        "check_any_decoupled_decay",
    ),
    "AdEMAMix, warmup from 0": (
        "ademamix",
        "alpha * t / alpha_warmup",
        "alpha * (t - 1) / alpha_warmup",
        "check_ademamixs_warmups",
    ),
    "AdEMAMix, β₃ in a straight line": (
        "ademamix",
        "0.5 ** (1 / ((1 - done) * half_life(beta1) + done * half_life(beta3)))",
        "(1 - done) * beta1 + done * beta3",
        "check_ademamixs_warmups",
    ),
    "AdEMAMix, eps in root": (
        "ademamix",
        "(v_hat**0.5 + eps)",
        "(v_hat + eps) ** 0.5",
        "check_ademamix_follows_its_paper",
    ),
    "half-life of e": ("half_life", "math.log(0.5)", "-1", "check_ademamixs_warmups"),
    "half-life of nothing": ("half_life", " if beta > 0 else 0.0", "", "check_ademamixs_warmups"),
    # the sign
    "Lion without sign": ("lion", "sign(beta1", "(beta1", "check_lion_moves_by_lr"),
    "Lion, betas swapped": ("lion", "beta1, beta2 = betas", "beta2, beta1 = betas", "check_lion_moves_by_lr"),
    "Lion, sign of the new m": (
        "lion",
        "sign(beta1 * m + (1 - beta1) * g)",
        "sign(beta2 * m + (1 - beta2) * g)",
        "check_rules_follow_their_papers",
    ),
    "Lion, decay inside the sign": (
        "lion",
        "(1 - beta1) * g) + weight_decay * w",
        "(1 - beta1) * g + weight_decay * w)",
        "check_weight_decay",
    ),
    "sign by comparing": (
        "sign",
        "x / (abs(x) + (x == 0))",
        "(x > 0) * 1.0 - (x < 0) * 1.0",
        "check_precision_is_kept",
    ),
    "sign divides by zero": ("sign", "(abs(x) + (x == 0))", "abs(x)", "check_lion_moves_by_lr"),
    "sign of zero is 1": ("sign", "x / (abs(x) + (x == 0))", "1.0 - 2.0 * (x < 0)", "check_mirrored"),
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
    "LAMB eps in root": ("lamb", "(v_hat**0.5 + eps)", "(v_hat + eps) ** 0.5", "check_adams_first_step"),
    "LAMB, no bias correction": (
        "lamb",
        "m / (1 - beta1**t)",
        "m",
        "check_layers_at_zero",
    ),
    # matrices
    "Muon is momentum": (
        "muon",
        "orthogonal(u, ns_coefficients, ns_steps, eps)",
        "u",
        "check_muon_ignores_scale_and_rotation",
    ),
    "Muon evens out the entries": (
        "muon",
        "orthogonal(u, ns_coefficients, ns_steps, eps)",
        "sign(u)",
        "check_muon_ignores_scale_and_rotation",
    ),
    "Muon, decay in the gradient": (
        "muon",
        "w - lr * weight_decay * w - lr",
        "w - lr",
        "check_weight_decay",
    ),
    "Muon, no momentum": ("muon", 'momentum * s.get("m", 0.0) +', "0 * g +", "check_muon_is_torchs"),
    "Muon, sum for mean": ("muon", "0.0) + (1 - momentum) * g", "0.0) + g", "check_muon_is_torchs"),
    "Muon, Nesterov always": ("muon", "if nesterov else m", "if True else m", "check_muon_is_torchs"),
    "Muon, sides swapped": (
        "muon",
        "rows / columns",
        "columns / rows",
        "check_muon_finds_the_orthogonal_factor",
    ),
    "Muon, root missing": ("muon", "max(rows, columns) ** 0.5", "max(rows, columns)", "check_muons_rate"),
    "Muon takes vectors": (
        "muon",
        "len(shape) != 2",
        "len(shape) > 3",
        "check_muon_refuses_what_is_no_matrix",
    ),
    "Newton-Schulz not normalized": (
        "orthogonal",
        "x / maximum(l2_norm(x), eps)",
        "x / maximum(0 * l2_norm(x), eps)",
        "check_muon_evens_out_singular_values",
    ),
    "Newton-Schulz of zero": (
        "orthogonal",
        "maximum(l2_norm(x), eps)",
        "l2_norm(x)",
        "check_muon_ignores_scale_and_rotation",
    ),
    "Newton-Schulz stops early": (
        "orthogonal",
        "range(steps)",
        "range(steps - 1)",
        "check_muon_evens_out_singular_values",
    ),
    "Newton-Schulz forgets to turn back": (
        "orthogonal",
        "return x.T if tall else x",
        "return x",
        "check_muon_finds_the_orthogonal_factor",
    ),
    "Newton-Schulz, cubic": (
        "orthogonal",
        "(b * squares + c * squares @ squares)",
        "(b * squares)",
        "check_muon_finds_the_orthogonal_factor",
    ),
    # Adafactor
    "Adafactor, rows only": (
        "adafactor",
        "row * column / maximum(mean(row, -2), eps1)",
        "row * (1 + 0 * column)",
        "check_adafactor_on_rank_one",
    ),
    "Adafactor, product not divided": (
        "adafactor",
        "row * column / maximum(mean(row, -2), eps1)",
        "row * column",
        "check_adafactors_steps_are_shares_of_the_weights",
    ),
    "Adafactor, sides swapped": (
        "adafactor",
        "maximum(mean(row, -2), eps1)",
        "maximum(mean(row, -1), eps1)",
        "check_adafactor_follows_its_paper",
    ),
    "Adafactor not clipped": (
        "adafactor",
        "(u / maximum(rms(u) / d, 1.0))",
        "u",
        "check_adafactors_steps_are_shares_of_the_weights",
    ),
    "Adafactor always normalized": (
        "adafactor",
        "maximum(rms(u) / d, 1.0)",
        "(rms(u) / d)",
        "check_adafactor_follows_its_paper",
    ),
    "Adafactor, absolute steps": (
        "adafactor",
        " * maximum(rms(w), eps2)",
        "",
        "check_adafactors_steps_are_shares_of_the_weights",
    ),
    "Adafactor never slows": ("adafactor", "min(lr, t**-0.5)", "lr", "check_adafactor_is_torchs"),
    "Adafactor, decay first": (
        "adafactor",
        "    squares = g * g",
        "    w = w - lr * weight_decay * w\n    weight_decay = 0.0\n    rate = min(lr, t**-0.5) * "
        "maximum(rms(w), eps2)\n    squares = g * g",
        "check_adafactor_is_torchs",
    ),
    "Adafactor, decay at the relative rate": (
        "adafactor",
        "lr * weight_decay * w",
        "rate * weight_decay * w",
        "check_any_decoupled_decay",
    ),
    "Adafactor, ε₁ beside the root": (
        "adafactor",
        "maximum(v**0.5, eps1)",
        "(v**0.5 + eps1)",
        "check_adafactor_is_torchs",
    ),
    "Adafactor, ε₁ squared away": (
        "adafactor",
        "maximum(v**0.5, eps1)",
        "v**0.5",
        "check_adafactor_is_torchs",
    ),
    "Adafactor, weights swapped": (
        "adafactor",
        "beta2 = 1 - t**beta2_decay",
        "beta2 = t**beta2_decay",
        "check_adafactor_follows_its_paper",
    ),
    "rms is a norm": (
        "rms",
        "square.mean()",
        "square.sum()",
        "check_adafactors_steps_are_shares_of_the_weights",
    ),
    "rms without root": ("rms", "** 0.5", "** 1", "check_adafactor_follows_its_paper"),
    "mean is a sum": ("mean", " / max(1, x.shape[axis])", "", "check_adafactor_is_torchs"),
    "epsilon of double precision": (
        "_epsilon",
        "float(_library(x).finfo(x.dtype).eps)",
        "sys.float_info.epsilon * 1e9",
        "check_adafactor_is_torchs",
    ),
    # SOAP
    "SOAP is AdamW": (
        "soap",
        "p.T @ g @ q, p.T @ m @ q",
        "g, m",
        "check_soap_follows_its_paper",
    ),
    "SOAP does not turn back": ("soap", "p @ step @ q.T", "step", "check_soap_turns_with_the_weights"),
    "SOAP turns back twice": (
        "soap",
        "p @ step @ q.T",
        "p.T @ step @ q",
        "check_soap_turns_with_the_weights",
    ),
    "SOAP, v not turned": (
        "soap",
        "(1 - beta2) * turned_g * turned_g",
        "(1 - beta2) * g * g",
        "check_soap_turns_with_the_weights",
    ),
    "SOAP, m kept turned": (
        "soap",
        '"m": m, "v": v, "p": p',
        '"m": turned_m, "v": v, "p": p',
        "check_soap_follows_its_paper",
    ),
    "SOAP counts from t": (
        "soap",
        "k, p, q = t - 1,",
        "k, p, q = t,",
        "check_soap_in_given_coordinates_is_adamw",
    ),
    "SOAP never follows": (
        "soap",
        "k % precondition_frequency == 0",
        "False",
        "check_soap_follows_its_paper",
    ),
    "SOAP follows each update": (
        "soap",
        "k % precondition_frequency == 0",
        "True",
        "check_soap_follows_its_paper",
    ),
    "SOAP follows before the step": (
        "soap",
        "    m = beta1",
        "    p, q = orthonormal(left @ p), orthonormal(right @ q)\n    m = beta1",
        "check_soap_follows_its_paper",
    ),
    "SOAP, sides swapped": (
        "soap",
        "g @ g.T\n",
        "g.T @ g\n",
        "check_soap_on_arrays_and_tensors",
    ),
    "SOAP forgets L": ("soap", 's.get("left", 0.0)', "0.0", "check_soap_follows_its_paper"),
    "SOAP, decay in the gradient": (
        "soap",
        "w - lr * weight_decay * w - lr * (p",
        "w - lr * (p",
        "check_soap_follows_its_paper",
    ),
    "SOAP turns kernels": (
        "soap",
        "!= 2",
        "< 2",
        "check_soap_leaves_what_has_no_two_sides_to_adamw",
    ),
    "smallest eigenvectors first": (
        "eigenvectors",
        "_library(x).flip(_library(x).linalg.eigh(x)[1], (1,))",
        "_library(x).linalg.eigh(x)[1]",
        "check_power_iteration_finds_the_eigenvectors",
    ),
    "not at right angles": (
        "orthonormal",
        "_library(x).linalg.qr(x)[0]",
        "x / (x * x).sum(0) ** 0.5",
        "check_power_iteration_finds_the_eigenvectors",
    ),
    "half precision throughout": (
        "_in_single",
        "x.dtype.itemsize >= 4",
        "True",
        "check_soap_on_arrays_and_tensors",
    ),
    # wrappers
    "Lookahead, slow from zero": (
        "lookahead",
        's.get("slow", w)',
        's.get("slow", 0.0 * w)',
        "check_lookaheads_first_synchronization",
    ),
    "Lookahead, first synchronization does not count": (
        "lookahead",
        "    if t % k == 0:",
        "    if t == k:\n        slow = w\n    elif t % k == 0:",
        "check_lookaheads_first_synchronization",
    ),
    "Lookahead, one update late": (
        "lookahead",
        "t % k == 0",
        "t % k == 1",
        "check_lookahead_follows_its_paper",
    ),
    "Lookahead, fast weights go on": (
        "lookahead",
        "w = slow = (1",
        "slow = (1",
        "check_lookahead_follows_its_paper",
    ),
    "Lookahead, α on the wrong side": (
        "lookahead",
        "(1 - alpha) * slow + alpha * w",
        "alpha * slow + (1 - alpha) * w",
        "check_lookahead_of_one_is_the_rule",
    ),
    "Lookahead starts the rule anew": (
        "lookahead",
        "_base_state(s)",
        "{}",
        "check_lookahead_of_one_is_the_rule",
    ),
    "Lookahead, old slow weights": (
        "lookahead",
        '    return w, _joined({"slow": slow}',
        '    return w, _joined({"slow": s.get("slow", slow)}',
        "check_lookahead_follows_its_paper",
    ),
    "Lookahead with the code's α": (
        "lookahead",
        "alpha: float = 0.5",
        "alpha: float = 0.8",
        "check_lookaheads_defaults",
    ),
    "Ranger on Adam": ("ranger", "rule=rules.radam", "rule=rules.nadam", "check_ranger_follows_its_author"),
    "Ranger, coupled decay": (
        "ranger",
        "decoupled_weight_decay=True",
        "decoupled_weight_decay=False",
        "check_ranger_follows_its_author",
    ),
    "Schedule-Free, gradient at the mean": (
        "schedule_free",
        "(1 - beta) * z + beta * x, _",
        "beta * z + (1 - beta) * x, _",
        "check_schedule_free_is_an_average",
    ),
    "Schedule-Free, last z for x": (
        "schedule_free",
        "(1 - c) * x + c * z",
        "z",
        "check_schedule_free_is_an_average",
    ),
    "Schedule-Free, weights lr": (
        "schedule_free",
        "0.0) + lr * lr\n    c = lr * lr /",
        "0.0) + lr\n    c = lr /",
        "check_schedule_free_sgd_follows_its_paper",
    ),
    "Schedule-Free, decay at z": (
        "schedule_free",
        "weight_decay * w\n",
        "weight_decay * z\n",
        "check_schedule_free_sgd_follows_its_paper",
    ),
    "Schedule-Free, decay without lr": (
        "schedule_free",
        "lr * weight_decay * w",
        "weight_decay * w",
        "check_schedule_free_adamw_follows_its_authors",
    ),
    "Schedule-Free steps from y": (
        "schedule_free",
        'rule(s.get("z", w)',
        "rule(w",
        "check_schedule_free_sgd_follows_its_paper",
    ),
    "Schedule-Free, warmup from 0": (
        "schedule_free",
        "lr * t / warmup_steps",
        "lr * (t - 1) / warmup_steps",
        "check_schedule_free_sgd_follows_its_paper",
    ),
    "Schedule-Free divides by no warmup": (
        "schedule_free",
        "    if t < warmup_steps:\n        lr = lr * t / warmup_steps",
        "    lr = lr * min(1, t / warmup_steps)",
        "check_schedule_free_sgd_follows_its_paper",
    ),
    "Schedule-Free divides by no rate": (
        "schedule_free",
        " if weight_sum > 0 else 0.0",
        "",
        "check_schedule_free_at_rate_zero",
    ),
    "Schedule-Free, x from zero": (
        "schedule_free",
        's.get("x", w)',
        's.get("x", 0.0)',
        "check_schedule_free_at_rate_zero",
    ),
    "Schedule-Free AdamW with momentum": (
        "schedule_free_adamw",
        "betas=(0.0, beta2)",
        "betas=(beta, beta2)",
        "check_schedule_free_adamw_follows_its_authors",
    ),
    "Schedule-Free AdamW keeps m": (
        "_adam_without_momentum",
        '{"v": s["v"]}',
        "s",
        "check_schedule_free_adamw_follows_its_authors",
    ),
    "Schedule-Free SGD at Adam's rate": (
        "schedule_free_sgd",
        "lr: float = 1.0",
        "lr: float = 0.0025",
        "check_schedule_free_defaults",
    ),
    "wrapped state unnamed": ("_joined", "_BASE + name", "name", "check_wrappers_nest"),
    "wrapped state shared": ("_base_state", "name.removeprefix(_BASE)", "name", "check_wrappers_nest"),
    # what two rules share
    "norm without root": ("l2_norm", "** 0.5", "** 1", "check_layers_move_in_proportion"),
    "ratio 0 at zero": (
        "_trust_ratio",
        "(bottom + unusable) + unusable",
        "(bottom + unusable)",
        "check_layers_at_zero",
    ),
}


def mutant(name, old, new):
    """All rules and wrappers, but with one text replaced in one of them."""
    function = getattr(RULES, name)
    return namespace(rules, wrappers, broken(inspect.getmodule(function), wrong(function, old, new)))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("mistake", MUTANTS)
def test_mistake_is_caught(mistake):
    name, old, new, check = MUTANTS[mistake]
    assert not passes(CHECKS[check], mutant(name, old, new)), f"{check} does not notice: {mistake}"


def test_every_check_catches_a_mistake():
    assert {check for *_, check in MUTANTS.values()} == CHECKS.keys()


def test_every_word_that_rules_use_has_a_mutant():  # of rules themselves test_one_rule.py asks it
    assert {*rules.__all__} - {*rules.UNITS} <= {name for name, *_ in MUTANTS.values()}


def test_adam_without_bias_correction_starts_too_fast():
    adam = inspect.getsource(rules.adam)
    uncorrected = adam.replace("m / (1 - beta1**t)", "m").replace("v / (1 - beta2**t)", "v")
    first = broken(rules, {adam: uncorrected}).adam(0.0, 7.0, {}, 1, lr=1.0, eps=0.0)[0]
    assert round(-first, 3) == 3.162
