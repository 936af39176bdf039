"""What the papers say of the rules that look at a whole layer: LARS and LAMB, and Muon.

As in ``rule_properties.py``, each check is given the rules to judge.
"""

import math

import numpy as np
import torch
from rule_properties import close, listed, run

# --- layers ------------------------------------------------------------------------------------------------


def check_layers_move_in_proportion(rules):
    """‖Δw‖ = η‖w‖ for LAMB and LARS without decay, unchanged when the gradient is scaled."""
    rng = np.random.default_rng(0)
    w, g = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    for rule, hyper in (
        (rules.lars, dict(momentum=0.0, trust_coefficient=1.0)),
        (rules.lamb, dict(eps=0.0)),
    ):
        moved = [rule(w, scale * g, {}, 1, lr=0.01, **hyper)[0] for scale in (1.0, 1e-6, 1e6)]
        for new_w in moved:
            assert close(np.linalg.norm(new_w - w), 0.01 * np.linalg.norm(w), 1e-10), rule.__name__
            assert np.allclose(new_w, moved[0], rtol=1e-10), rule.__name__


def check_layers_at_zero(rules):
    """Where a norm is 0 the ratio is 1: zero weights can leave zero, a zero gradient moves nothing."""
    zero, g = np.zeros(3), np.array([1.0, -2.0, 2.0])
    assert close(rules.lars(zero, g, {}, 1, lr=0.1, momentum=0.0)[0], -0.1 * g)
    assert close(rules.lamb(zero, g, {}, 1, lr=0.1, eps=0.0)[0], -0.1 * np.sign(g))
    for rule in (rules.lars, rules.lamb):
        assert np.array_equal(rule(g, zero, {}, 1)[0], g), rule.__name__


def lars_of_the_paper(w, gradients, lr, momentum, decay, trust):
    """You, Gitman & Ginsburg (2017), Algorithm 1: the rate stands inside the velocity."""
    v = np.zeros_like(w)
    for g in gradients:
        local = trust * np.linalg.norm(w) / (np.linalg.norm(g) + decay * np.linalg.norm(w))
        v = momentum * v + lr * local * (g + decay * w)
        w = w - v
    return w, v / lr


def lamb_of_the_paper(w, gradients, lr, beta1, beta2, eps, decay):
    """You et al. (2020), Algorithm 2, with φ(z) = z."""
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        r = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        w = w - lr * np.linalg.norm(w) / np.linalg.norm(r + decay * w) * (r + decay * w)
    return w, m, v


def check_layers_follow_their_papers(rules):
    """50 changing gradients: LARS and LAMB are what their papers' algorithms compute."""
    rng = np.random.default_rng(2)
    start = rng.normal(size=(4, 3))
    gradients = [10 ** rng.uniform(-2, 2) * rng.normal(size=(4, 3)) for _ in range(50)]
    for decay in (0.0, 0.1):
        w, s = start, {}
        for t, g in enumerate(gradients, start=1):
            w, s = rules.lars(w, g, s, t, lr=0.5, momentum=0.9, weight_decay=decay, trust_coefficient=0.02)
        expected = lars_of_the_paper(start, gradients, 0.5, 0.9, decay, 0.02)
        assert np.allclose(w, expected[0], rtol=1e-11) and np.allclose(s["v"], expected[1], rtol=1e-11)
        w, s = start, {}
        for t, g in enumerate(gradients, start=1):
            w, s = rules.lamb(w, g, s, t, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=decay)
        expected = lamb_of_the_paper(start, gradients, 0.01, 0.8, 0.95, 1e-6, decay)
        for ours, theirs in zip((w, s["m"], s["v"]), expected, strict=True):
            assert np.allclose(ours, theirs, rtol=1e-11, atol=1e-14)


# --- whole matrices ----------------------------------------------------------------------------------------


def rotation(size, rng):
    """A random orthogonal matrix."""
    return np.linalg.qr(rng.normal(size=(size, size)))[0]


def stretched(rng, shape, smallest):
    """A random matrix whose singular values run from 1 down to ``smallest``."""
    short = min(shape)
    singular = np.geomspace(1, smallest, short)
    return (rotation(shape[0], rng)[:, :short] * singular) @ rotation(shape[1], rng)[:short]


def check_muon_evens_out_singular_values(rules):
    """Every singular value above 0.0016 of the norm comes into [0.68, 1.21], the smaller ones up to 1.21."""
    rng = np.random.default_rng(0)
    plain = dict(lr=1.0, weight_decay=0.0, momentum=0.0, adjust_lr_fn="original")
    for shape in ((8, 8), (4, 16), (2, 2)):
        for smallest in (1e-1, 1e-2, 4e-3):
            g = stretched(rng, shape, smallest)
            assert np.linalg.svd(g, compute_uv=False).min() / np.linalg.norm(g) > 0.0016
            singular = np.linalg.svd(rules.muon(0 * g, g, {}, 1, **plain)[0], compute_uv=False)
            assert 0.68 < singular.min() and singular.max() < 1.21, (shape, smallest)
        singular = np.linalg.svd(rules.muon(0 * g, stretched(rng, shape, 1e-5), {}, 1, **plain)[0])[1]
        assert singular.max() < 1.21
    for sigma in np.geomspace(0.00161, 1, 100):
        singular = -np.diag(rules.muon(np.zeros((2, 2)), np.diag([1.0, sigma]), {}, 1, **plain)[0])
        assert 0.68 < singular.min() and singular.max() < 1.21, sigma


def check_muon_finds_the_orthogonal_factor(rules):
    """With coefficients that converge, the step of g = UΣVᵀ is UVᵀ, for wide, square and tall matrices."""
    rng = np.random.default_rng(1)
    slow = dict(ns_coefficients=(15 / 8, -10 / 8, 3 / 8), ns_steps=40, weight_decay=0.0)
    for shape in ((3, 7), (5, 5), (7, 3)):
        g = rng.normal(size=shape)
        u, _, vt = np.linalg.svd(g, full_matrices=False)
        for nesterov in (True, False):
            w, _ = rules.muon(0 * g, g, {}, 1, lr=1.0, nesterov=nesterov, **slow)
            assert np.allclose(w, -(max(1, shape[0] / shape[1]) ** 0.5) * u @ vt, atol=1e-12), shape


def check_muon_ignores_scale_and_rotation(rules):
    """The path is the same for gradients of any unit, and turns with w and g when both are turned."""
    rng = np.random.default_rng(2)
    start, gradients = rng.normal(size=(4, 6)), rng.normal(size=(12, 4, 6))
    left, right = rotation(4, rng), rotation(6, rng)
    path = run(rules.muon, start, listed(gradients), 12, lr=0.1)
    for scale in (1e-4, 1e6):
        scaled = run(rules.muon, start, listed(scale * gradients), 12, lr=0.1)
        assert np.allclose(scaled, path, rtol=1e-10, atol=1e-12)
    turned = run(rules.muon, left @ start @ right, listed(left @ gradients @ right), 12, lr=0.1)
    assert np.allclose(turned, left @ np.array(path) @ right, atol=1e-11)
    still, _ = rules.muon(start, 0 * start, {}, 1, weight_decay=0.0)
    assert np.array_equal(still, start)


def check_muons_rate(rules):
    """ "match_rms_adamw" makes a step's root mean square about 0.2η for a full-rank g, whatever the shape."""
    rng = np.random.default_rng(3)
    converging = dict(ns_coefficients=(15 / 8, -10 / 8, 3 / 8), ns_steps=40, weight_decay=0.0)
    for shape in ((3, 7), (5, 5), (7, 3)):
        g = rng.normal(size=shape)
        w, _ = rules.muon(0 * g, g, {}, 1, lr=0.1, adjust_lr_fn="match_rms_adamw", **converging)
        assert close(math.sqrt((w * w).mean()), 0.2 * 0.1, 1e-10)


def check_muon_refuses_what_is_no_matrix(rules):
    """A number, a vector and a kernel get a sentence that says what would be right."""
    for w, what in (
        (1.0, "a number"),
        (np.ones(3), "of shape (3,)"),
        (torch.ones(2, 3, 1), "of shape (2, 3, 1)"),
    ):
        try:
            rules.muon(w, w, {}, 1)
        except ValueError as error:
            assert what in str(error) and "takes a matrix" in str(error) and "adamw" in str(error)
        else:
            raise AssertionError(f"muon took what is {what}")
