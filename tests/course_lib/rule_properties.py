"""What theory and the papers say of the rules: one function a property, given the module of rules to judge.

They take the module as an argument so that ``test_mutants.py`` can hand them broken rules and see them fail.
"""

import math

import numpy as np


def close(actual, expected, tolerance=1e-12):
    """Whether numbers or arrays are what is expected, relative to what is expected."""
    actual, expected = np.asarray(actual, dtype=float), np.asarray(expected, dtype=float)
    return bool(np.all(np.abs(actual - expected) <= tolerance * np.abs(expected)))


def run(rule, w, gradient, steps, s=None, **hyper):
    """The path of a rule: w after 0, 1, …, ``steps`` updates. ``gradient`` is a function of (w, t)."""
    path, s = [w], s or {}
    for t in range(1, steps + 1):
        w, s = rule(w, gradient(w, t), s, t, **hyper)
        path.append(w)
    return path


def constant(g):
    """A gradient that is the same everywhere."""
    return lambda w, t: g


def slope(curvature):
    """The gradient of ½·curvature·w²."""
    return lambda w, t: curvature * w


def listed(values):
    """A gradient that update t reads from a list."""
    return lambda w, t: values[t - 1]


# --- gradient descent and momentum on a quadratic ----------------------------------------------------------

MU, L = 1.0, 100.0
KAPPA = L / MU


def quadratic(w, t):
    """The gradient of ½(μw₀² + Lw₁²)."""
    return np.array([MU, L]) * w


def rate(path):
    """The factor by which a path shrinks at each step, in the long run.

    At the best momentum the iterates are (a + bk)ρᵏ, so they are divided by k first.
    """
    k = (len(path) - 1) // 2
    return ((np.linalg.norm(path[2 * k]) / (2 * k)) / (np.linalg.norm(path[k]) / k)) ** (1 / k)


def grows(rule, **hyper):
    """Whether a path along the steepest direction of the quadratic moves away from the minimum."""
    return abs(run(rule, 1.0, slope(L), 3000, **hyper)[-1]) > 1


def check_descent_on_a_quadratic(rules):
    """w_t = (1 − ηλ)ᵗ w₀."""
    for curvature in (1.0, 7.0):
        path = run(rules.sgd, 3.0, slope(curvature), 50, lr=0.1)
        assert close(path, [(1 - 0.1 * curvature) ** t * 3.0 for t in range(51)])


def check_best_rate_of_descent(rules):
    """η = 2/(L + μ) shrinks the error by (κ−1)/(κ+1) at every step; other rates are slower."""

    def shrinks(lr):
        path = run(rules.sgd, np.ones(2), quadratic, 400, lr=lr)
        return (np.linalg.norm(path[400]) / np.linalg.norm(path[200])) ** (1 / 200)

    best = 2 / (L + MU)
    assert close(shrinks(best), (KAPPA - 1) / (KAPPA + 1), 1e-9)
    assert math.isclose(shrinks(best), 0.980198, abs_tol=1e-6)
    assert all(shrinks(f * best) > shrinks(best) for f in (0.8, 0.99, 1.005))


def check_stability_limits(rules):
    """η < 2/L; heavy ball: η < 2(1+β)/L; Nesterov: η < 2(1+β)/((1+2β)L)."""
    for beta in (0.0, 0.5, 0.9):
        heavy = dict(momentum=beta)
        limit = 2 * (1 + beta) / L
        assert not grows(rules.sgd, lr=0.99 * limit, **heavy)
        assert grows(rules.sgd, lr=1.01 * limit, **heavy)
    for beta in (0.5, 0.9):
        nesterov = dict(momentum=beta, nesterov=True)
        limit = 2 * (1 + beta) / ((1 + 2 * beta) * L)
        assert not grows(rules.sgd, lr=0.99 * limit, **nesterov)
        assert grows(rules.sgd, lr=1.01 * limit, **nesterov)


def check_rate_of_heavy_ball(rules):
    """At η = 4/(√L+√μ)² and β = ((√κ−1)/(√κ+1))² the rate is √β."""
    beta = ((math.sqrt(KAPPA) - 1) / (math.sqrt(KAPPA) + 1)) ** 2
    lr = 4 / (math.sqrt(L) + math.sqrt(MU)) ** 2
    path = run(rules.sgd, np.ones(2), quadratic, 600, lr=lr, momentum=beta)
    assert close(rate(path), 9 / 11, 1e-4)


def check_rate_of_nesterov(rules):
    """At η = 1/L and β = (√κ−1)/(√κ+1) the rate is 1 − 1/√κ."""
    beta = (math.sqrt(KAPPA) - 1) / (math.sqrt(KAPPA) + 1)
    path = run(rules.sgd, np.ones(2), quadratic, 600, lr=1 / L, momentum=beta, nesterov=True)
    assert close(rate(path), 1 - 1 / math.sqrt(KAPPA), 1e-4)


def check_nesterov_is_the_look_ahead(rules):
    """The iterate is Sutskever's θ + μv, where v ← μv − η∇f(θ + μv) and θ ← θ + v."""
    lr, mu = 0.004, 0.9
    path = run(rules.sgd, np.array([1.0, -2.0]), quadratic, 60, lr=lr, momentum=mu, nesterov=True)
    theta, v = np.array([1.0, -2.0]), np.zeros(2)
    for w in path:
        assert np.allclose(w, theta + mu * v, rtol=1e-12, atol=1e-13)
        v = mu * v - lr * quadratic(theta + mu * v, None)
        theta = theta + v


def check_first_velocity(rules):
    """The velocity starts as g itself, whatever the dampening: the first step is η·g."""
    for dampening in (0.0, 0.3):
        path = run(rules.sgd, 0.0, constant(2.0), 2, lr=0.1, momentum=0.9, dampening=dampening)
        assert close(path[1], -0.2)
        assert close(path[2] - path[1], -0.1 * (0.9 * 2 + (1 - dampening) * 2))


# --- constant gradients, first steps, spikes ---------------------------------------------------------------


def check_constant_gradient(rules):
    """Momentum's step tends to ηg/(1−β); Adam's is η·sign(g) from the first; AdaGrad's sum is Σ1/√t."""
    for g in (-3.0, 1e-3):
        path = run(rules.sgd, 0.0, constant(g), 600, lr=0.1, momentum=0.9)
        assert close(path[-1] - path[-2], -0.1 * g / (1 - 0.9), 1e-10)
        for rule in (rules.adam, rules.amsgrad):
            path = run(rule, 0.0, constant(g), 300, lr=0.1, eps=0.0)
            assert close(path[1:], [-0.1 * t * math.copysign(1, g) for t in range(1, 301)], 1e-11)
    path = run(rules.adagrad, 0.0, constant(5.0), 10_000, lr=1.0, eps=0.0)
    assert close(path[-1], -sum(t**-0.5 for t in range(1, 10_001)), 1e-11)
    assert math.isclose(path[-1], -198.5446, abs_tol=1e-4)


def check_adams_first_step(rules):
    """−η·g/(|g| + ε), from tiny gradients to huge ones, whatever the betas."""
    for rule in (rules.adam, rules.amsgrad, rules.adamw, rules.lamb):
        for g in (1e-12, 5e-7, -1e-3, 1.0, 1e6):
            for eps in (1e-8, 0.5):
                hyper = dict(lr=0.01, eps=eps, weight_decay=0.0)
                step = rule(0.0, g, {}, 1, **hyper)[0]
                assert close(step, -0.01 * g / (abs(g) + eps)), (rule.__name__, g, eps)


def check_adam_after_zeros(rules):
    """After a long run of zeros a spike moves η(1−β₁)/√(1−β₂), whatever its height."""
    for spike in (1e-3, 1e3):
        w, _ = rules.adam(0.0, spike, {"m": 0.0, "v": 0.0}, 100_000, lr=0.1, eps=0.0)
        assert close(w, -0.1 * 0.1 / math.sqrt(0.001))


def check_rmsprops_first_step(rules):
    """η/√(1−α)·sign(g): there is no bias correction."""
    w, _ = rules.rmsprop(0.0, 4.0, {}, 1, lr=0.1, alpha=0.99, eps=0.0)
    assert close(w, -1.0)


def check_adagrads_rate(rules):
    """``lr_decay`` divides the rate by 1 + (t−1)·decay; the accumulator starts where it is told to."""
    hyper = dict(lr=1.0, lr_decay=0.5, initial_accumulator_value=3.0, eps=0.0)
    path = run(rules.adagrad, 0.0, constant(1.0), 3, **hyper)
    assert close(path[1:], -np.cumsum([1 / 2, 1 / 1.5 / math.sqrt(5), 1 / 2 / math.sqrt(6)]))


def check_centered_rmsprop(rules):
    """With a gradient that hardly changes the centered variance stays a number, and is smaller than v."""
    for g in (0.1, 3.7, 7.3):
        path = run(rules.rmsprop, 0.0, constant(g), 5000, centered=True)
        assert all(isinstance(w, float) and math.isfinite(w) for w in path)
    w, s = rules.rmsprop(0.0, 2.0, {"v": 5.0, "g_mean": 1.0}, 2, lr=1.0, alpha=0.5, eps=0.0, centered=True)
    assert close([s["v"], s["g_mean"], w], [4.5, 1.5, -2 / math.sqrt(4.5 - 1.5**2)])


# --- scale -------------------------------------------------------------------------------------------------


def noise(steps, seed=0):
    """``steps`` random gradients."""
    return np.random.default_rng(seed).normal(size=steps).tolist()


def check_scale_invariance(rules):
    """With ε = 0 Adam, RMSProp and AdaGrad do not see the gradient's unit. RAdam's first steps do."""
    gradients = noise(30)
    for scale in (1e-6, 1e6):
        for rule in (rules.adam, rules.amsgrad, rules.rmsprop, rules.adagrad):
            path = run(rule, 0.0, listed(gradients), 30, eps=0.0)
            scaled = run(rule, 0.0, listed([scale * g for g in gradients]), 30, eps=0.0)
            assert close(scaled, path, 1e-10), rule.__name__
        first = rules.radam(0.0, 1.0, {}, 1)[0]
        assert close(rules.radam(0.0, scale, {}, 1)[0], scale * first)


def check_special_cases_of_adam(rules):
    """Adam(β=0,0) is sign descent; Adam(0, β₂) is RMSProp times √(1−β₂ᵗ)."""
    gradients = noise(40)
    path = run(rules.adam, 0.0, listed(gradients), 40, lr=0.1, betas=(0.0, 0.0), eps=0.0)
    assert close(np.diff(path), -0.1 * np.sign(gradients), 1e-11)
    adam = np.diff(run(rules.adam, 0.0, listed(gradients), 40, lr=0.1, betas=(0.0, 0.9), eps=0.0))
    rmsprop = np.diff(run(rules.rmsprop, 0.0, listed(gradients), 40, lr=0.1, alpha=0.9, eps=0.0))
    assert close(adam, rmsprop * np.sqrt(1 - 0.9 ** np.arange(1, 41)), 1e-10)


# --- the counterexample, and the rectification -------------------------------------------------------------


def reddi(rule, steps=20_000, c=3.0, alpha=0.5):
    """Where a rule ends on Reddi's problem: +c every third time, −1 otherwise, on [−1, 1]. The best is −1."""
    w, s = 0.0, {}
    for t in range(1, steps + 1):
        g = c if t % 3 == 1 else -1.0
        w, s = rule(w, g, s, t, lr=alpha / math.sqrt(t), betas=(0.0, 1 / (1 + c * c)), eps=0.0)
        w = min(1.0, max(-1.0, w))
    return w


def check_reddis_counterexample(rules):
    """Adam walks to +1, the worst point; AMSGrad to −1, the best."""
    assert reddi(rules.adam) > 0.99
    assert reddi(rules.amsgrad) < -0.99


def check_amsgrad_keeps_the_largest_v(rules):
    """The maximum is taken of v, before the bias correction."""
    beta2, v, v_max = 0.9, 0.0, 0.0
    w, s = 0.0, {}
    for t, g in enumerate((5.0, 0.1, -0.2, 1.0, 7.0, 0.0), start=1):
        before = w
        w, s = rules.amsgrad(w, g, s, t, lr=1.0, betas=(0.0, beta2), eps=0.0)
        v = beta2 * v + (1 - beta2) * g * g
        v_max = max(v, v_max)
        assert close(s["v_max"], v_max)
        assert math.isclose(w - before, -g / math.sqrt(v_max / (1 - beta2**t)), rel_tol=1e-10, abs_tol=1e-13)


def check_radams_rectification(rules):
    """β₂ = 0.999: ρ is 4.996 at step 5 and 5.994 at step 6: five steps of momentum, then rectified Adam."""
    rho = {t: 1999 - 2 * t * 0.999**t / (1 - 0.999**t) for t in range(1, 12)}
    assert round(rho[5], 3) == 4.996 and round(rho[6], 3) == 5.994
    gradients = noise(11, seed=1)
    path = run(rules.radam, 0.0, listed(gradients), 11, lr=0.1, eps=1e-3)
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        step = 0.1 * m / (1 - 0.9**t)
        if t >= 6:
            r = math.sqrt((rho[t] - 4) * (rho[t] - 2) * 1999 / (1995 * 1997 * rho[t]))
            step *= r * math.sqrt(1 - 0.999**t) / (math.sqrt(v) + 1e-3)
        assert math.isclose(path[t] - path[t - 1], -step, rel_tol=1e-9, abs_tol=1e-14), t


# --- weight decay ------------------------------------------------------------------------------------------


def check_weight_decay(rules):
    """With zero gradient: AdamW w(1−ηλ)ᵗ; Adam + L2 ignores λ; plain SGD's L2 penalty is decoupled decay."""
    for decay in (0.1, 0.01):
        expected = [2.0 * (1 - 0.1 * decay) ** t for t in range(31)]
        for rule, more in (
            (rules.adamw, {}),
            (rules.sgd, {}),
            (rules.radam, dict(decoupled_weight_decay=True)),
        ):
            assert close(run(rule, 2.0, constant(0.0), 30, lr=0.1, weight_decay=decay, **more), expected), (
                rule.__name__
            )
    for rule in (rules.adam, rules.rmsprop, rules.adagrad):
        weak = run(rule, 20.0, constant(0.0), 30, lr=0.1, eps=0.0, weight_decay=0.01)
        strong = run(rule, 20.0, constant(0.0), 30, lr=0.1, eps=0.0, weight_decay=1.0)
        assert close(weak, strong, 1e-10), rule.__name__
        assert weak[-1] < weak[0]


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
