"""What theory and the papers say of the rules: one function a property, given the rules to judge.

They take the rules as an argument so that ``test_mutants.py`` can hand them broken ones and see them fail.
"""

import math

import numpy as np
import torch


def close(actual, expected, tolerance=1e-12):
    """Whether numbers or arrays are what is expected, relative to what is expected."""
    actual, expected = np.asarray(actual, dtype=float), np.asarray(expected, dtype=float)
    return bool(np.all(np.abs(actual - expected) <= tolerance * np.abs(expected)))


def run(rule, w, gradient, steps, s=None, /, **hyper):
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


def stationary_variance(rules, curvature, sigma, **hyper):
    """The variance that w settles to under gradients λw + σξ, by running the covariance of (w, v) to its end.

    The rule is linear, so it is asked for its matrix, column by column, and for what one unit of noise does.
    """

    def update(w, v, noise):
        new_w, s = rules.sgd(w, curvature * w + noise, {"v": v}, 2, **hyper)
        return np.array([new_w, s.get("v", 0.0)])

    matrix = np.column_stack([update(1.0, 0.0, 0.0), update(0.0, 1.0, 0.0)])
    noise = update(0.0, 0.0, sigma)
    covariance = np.outer(noise, noise)
    for _ in range(30):  # after n doublings: the sum of the first 2ⁿ terms MᵏbbᵀMᵏᵀ
        covariance = covariance + matrix @ covariance @ matrix.T
        matrix = matrix @ matrix
    return covariance[0, 0]


def check_stationary_variance(rules):
    """SGD settles to ησ²/(λ(2−ηλ)); with momentum to (ησ²/λ)(1+β)/[(1−β)(2(1+β)−ηλ)]."""
    for curvature, sigma, lr in ((1.0, 1.0, 0.1), (3.0, 0.5, 0.4), (0.2, 2.0, 1.0)):
        expected = lr * sigma**2 / (curvature * (2 - lr * curvature))
        assert close(stationary_variance(rules, curvature, sigma, lr=lr), expected, 1e-11)
        for beta in (0.5, 0.9, 0.99):
            bottom = (1 - beta) * (2 * (1 + beta) - lr * curvature)
            expected = lr * sigma**2 / curvature * (1 + beta) / bottom
            measured = stationary_variance(rules, curvature, sigma, lr=lr, momentum=beta)
            assert close(measured, expected, 1e-10), beta


# --- constant gradients, first steps, spikes ---------------------------------------------------------------


def check_constant_gradient(rules):
    """Momentum's step tends to ηg/(1−β); Adam's, Adamax's and Lion's is η·sign(g); AdaGrad's sum is Σ1/√t."""
    for g in (-3.0, 1e-3):
        path = run(rules.sgd, 0.0, constant(g), 600, lr=0.1, momentum=0.9)
        assert close(path[-1] - path[-2], -0.1 * g / (1 - 0.9), 1e-10)
        no_eps = dict(eps=0.0)
        for rule, more in (
            (rules.adam, no_eps),
            (rules.amsgrad, no_eps),
            (rules.adamax, no_eps),
            (rules.lion, {}),
        ):
            path = run(rule, 0.0, constant(g), 300, lr=0.1, **more)
            assert close(path[1:], [-0.1 * t * math.copysign(1, g) for t in range(1, 301)], 1e-11), rule
    path = run(rules.adagrad, 0.0, constant(5.0), 10_000, lr=1.0, eps=0.0)
    assert close(path[-1], -sum(t**-0.5 for t in range(1, 10_001)), 1e-11)
    assert math.isclose(path[-1], -198.5446, abs_tol=1e-4)


def check_adams_first_step(rules):
    """−η·g/(|g| + ε), from tiny gradients to huge ones, whatever the betas."""
    for rule in (rules.adam, rules.amsgrad, rules.adamw, rules.adamax, rules.lamb):
        for g in (1e-12, 5e-7, -1e-3, 1.0, 1e6):
            for eps in (1e-8, 0.5):
                hyper = dict(lr=0.01, eps=eps, weight_decay=0.0)
                step = rule(0.0, g, {}, 1, **hyper)[0]
                assert close(step, -0.01 * g / (abs(g) + eps)), (rule.__name__, g, eps)


def check_nadams_coefficients(rules):
    """A constant gradient shows every number of NAdam's formula: the warming μ, its product, the m ahead."""
    for psi in (4e-3, 0.5):
        mu = [0.9 * (1 - 0.5 * 0.96 ** (t * psi)) for t in range(63)]
        path = run(rules.nadam, 0.0, constant(-3.0), 60, lr=0.1, eps=0.0, momentum_decay=psi)
        for t in range(1, 61):
            product = math.prod(mu[1 : t + 1])
            now, ahead = (1 - mu[t]) / (1 - product), mu[t + 1] / (1 - product * mu[t + 1])
            assert close(path[t] - path[t - 1], 0.1 * (now + ahead * (1 - 0.9**t)), 1e-10), t
        tiny = rules.nadam(0.0, 1e-8, {}, 1, lr=1.0, eps=1e-8, momentum_decay=psi)[0]
        assert close(tiny, -(1 + 0.1 * mu[2] / (1 - mu[1] * mu[2])) / 2)


def check_adadeltas_first_step(rules):
    """−ηg·√ε/√((1−ρ)g² + ε): of the same length for all but tiny gradients."""
    for g in (1e-12, 5e-4, -1e-2, 1.0, 1e6):
        for eps in (1e-6, 0.5):
            step = rules.adadelta(0.0, g, {}, 1, lr=2.0, rho=0.9, eps=eps)[0]
            assert close(step, -2.0 * g * math.sqrt(eps) / math.sqrt(0.1 * g * g + eps)), (g, eps)


def adadelta_of_the_paper(gradients, rho, eps):
    """Zeiler (2012), Algorithm 1."""
    x = squares = updates = 0.0
    for g in gradients:
        squares = rho * squares + (1 - rho) * g**2
        update = -math.sqrt(updates + eps) / math.sqrt(squares + eps) * g
        updates = rho * updates + (1 - rho) * update**2
        x = x + update
    return x


def adamax_of_the_paper(gradients, alpha, beta1, beta2):
    """Kingma & Ba (2015), Algorithm 2."""
    theta = m = u = 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        u = max(beta2 * u, abs(g))
        theta = theta - alpha / (1 - beta1**t) * m / u
    return theta


def lion_of_the_paper(theta, gradients, eta, beta1, beta2, decay):
    """Chen et al. (2023), Algorithm 2."""
    m = 0.0
    for g in gradients:
        c = beta1 * m + (1 - beta1) * g
        theta = theta - eta * (math.copysign(1, c) + decay * theta)
        m = beta2 * m + (1 - beta2) * g
    return theta


def check_rules_follow_their_papers(rules):
    """40 changing gradients: Adadelta, Adamax and Lion are what their papers' algorithms compute."""
    gradients = noise(40, seed=4)
    expected = adadelta_of_the_paper(gradients, 0.8, 1e-4)
    assert close(run(rules.adadelta, 0.0, listed(gradients), 40, rho=0.8, eps=1e-4)[-1], expected, 1e-11)
    expected = adamax_of_the_paper(gradients, 0.1, 0.8, 0.7)
    path = run(rules.adamax, 0.0, listed(gradients), 40, lr=0.1, betas=(0.8, 0.7), eps=0.0)
    assert close(path[-1], expected, 1e-11)
    expected = lion_of_the_paper(2.0, gradients, 0.1, 0.7, 0.9, 0.3)
    path = run(rules.lion, 2.0, listed(gradients), 40, lr=0.1, betas=(0.7, 0.9), weight_decay=0.3)
    assert close(path[-1], expected, 1e-11)


def check_adamaxs_eps(rules):
    """ε stands inside the maximum: u is |g| + ε at first, falls as β₂ᵗ, and stops at ε."""
    w, s = rules.adamax(0.0, 1.0, {}, 1, eps=0.1, betas=(0.9, 0.5))
    assert close(s["u"], 1.1)
    for t, expected in enumerate((0.55, 0.275, 0.1375, 0.1, 0.1), start=2):
        w, s = rules.adamax(w, 0.0, s, t, eps=0.1, betas=(0.9, 0.5))
        assert close(s["u"], expected)


def check_lion_moves_by_lr(rules):
    """Every coordinate moves by η exactly, whatever the gradients; one that has never had any stays."""
    for seed in range(3):
        gradients = [g * 10.0 ** (3 * i % 17 - 8) for i, g in enumerate(noise(40, seed))]
        for g in gradients:
            assert rules.lion(0.0, g, {}, 1, lr=0.1)[0] == -math.copysign(0.1, g)
        steps = np.diff(run(rules.lion, 0.0, listed(gradients), 40, lr=0.125))
        assert np.array_equal(np.abs(steps), np.full(40, 0.125))
    assert rules.lion(3.0, 0.0, {}, 1, lr=0.1)[0] == 3.0
    # The step looks at the newest gradient more than the memory does: 1 − β₁ against 1 − β₂.
    w, s = rules.lion(0.0, -1.0, {"m": 0.09}, 2, lr=0.1, betas=(0.9, 0.99))
    assert w == 0.1 and close(s["m"], 0.0791)


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
    """With ε = 0 Adam and most of its family do not see the gradient's unit. RAdam's first steps do."""
    gradients = noise(30)
    for scale in (1e-6, 1e6):
        for rule in (
            rules.adam,
            rules.amsgrad,
            rules.adamax,
            rules.nadam,
            rules.rmsprop,
            rules.adagrad,
            rules.lion,
        ):
            hyper = {} if rule is rules.lion else dict(eps=0.0)
            path = run(rule, 0.0, listed(gradients), 30, **hyper)
            scaled = run(rule, 0.0, listed([scale * g for g in gradients]), 30, **hyper)
            assert close(scaled, path, 1e-10), rule.__name__
        first = rules.radam(0.0, 1.0, {}, 1)[0]
        assert close(rules.radam(0.0, scale, {}, 1)[0], scale * first)


def check_adadelta_has_the_unit_of_w(rules):
    """With ε = 0: w in units c times smaller, hence gradients c times smaller, takes steps c times larger."""
    gradients = noise(30)
    path = run(rules.adadelta, 0.0, listed(gradients), 30, {"v": 1.0, "u": 0.1}, eps=0.0)
    for c in (1e-3, 1e3):
        start, smaller = {"v": c**-2, "u": 0.1 * c**2}, [g / c for g in gradients]
        assert close(
            run(rules.adadelta, 0.0, listed(smaller), 30, start, eps=0.0), [c * w for w in path], 1e-10
        )
    assert run(rules.adadelta, 0.0, listed(gradients), 30, eps=0.0)[-1] == 0.0  # but nothing starts it


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


def check_amsgrad_outlives_an_overflow(rules):
    """A gradient whose square is infinite stops AMSGrad for good, on floats, arrays and tensors: no NaN."""
    for make in (float, np.array, lambda x: torch.tensor(x, dtype=torch.float64)):
        gradients = [make(g) for g in (1.0, 1e200, -1.0, 2.0)]
        with np.errstate(over="ignore"):
            path = [float(w) for w in run(rules.amsgrad, make(0.5), listed(gradients), 4, lr=0.1)]
        assert math.isclose(path[1], 0.4, rel_tol=1e-6) and path[2:] == [path[1]] * 3, make


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
    """With zero gradient: AdamW w(1−ηλ)ᵗ; Adam + L2 ignores λ; plain SGD's L2 penalty is decoupled decay.

    As AdamW: all that decouple. As Adam + L2: all that divide by the gradient's size.
    """
    for decay in (0.1, 0.01):
        expected = [2.0 * (1 - 0.1 * decay) ** t for t in range(31)]
        for rule, more in (
            (rules.adamw, {}),
            (rules.sgd, {}),
            (rules.radam, dict(decoupled_weight_decay=True)),
            (rules.nadam, dict(decoupled_weight_decay=True)),
            (rules.lion, {}),
        ):
            assert close(run(rule, 2.0, constant(0.0), 30, lr=0.1, weight_decay=decay, **more), expected), (
                rule.__name__
            )
        matrix = np.full((2, 3), 2.0)
        path = run(rules.muon, matrix, constant(0 * matrix), 30, lr=0.1, weight_decay=decay)
        assert close(np.array(path)[:, 1, 2], expected)
    for rule in (rules.adam, rules.adamax, rules.nadam, rules.rmsprop, rules.adagrad):
        weak = run(rule, 20.0, constant(0.0), 30, lr=0.1, eps=0.0, weight_decay=0.01)
        strong = run(rule, 20.0, constant(0.0), 30, lr=0.1, eps=0.0, weight_decay=1.0)
        assert close(weak, strong, 1e-10), rule.__name__
        assert weak[-1] < weak[0]


# --- AdEMAMix ----------------------------------------------------------------------------------------------


def ademamix_of_the_paper(theta, gradients, eta, betas, alpha, warmup, eps, decay):
    """Pagliardini, Ablin & Grangier (2025), Algorithm 1 with its two schedulers, on numbers."""
    beta1, beta2, beta3 = betas
    path, m1, m2, nu = [theta], 0.0, 0.0, 0.0
    for t, g in enumerate(gradients, start=1):
        alpha_t, beta3_t = alpha, beta3
        if warmup:
            alpha_t = min(t * alpha / warmup, alpha)
            start, end, done = math.log(beta1), math.log(beta3), t / warmup
            beta3_t = (
                min(math.exp(start * end / ((1 - done) * end + done * start)), beta3) if done < 1 else beta3
            )
        m1 += (1 - beta1) * (g - m1)
        m2 += (1 - beta3_t) * (g - m2)
        nu += (1 - beta2) * (g**2 - nu)
        numerator = m1 / (1 - beta1**t) + alpha_t * m2
        theta = theta * (1 - eta * decay) - eta * numerator / (math.sqrt(nu / (1 - beta2**t)) + eps)
        path.append(theta)
    return path


def check_ademamix_follows_its_paper(rules):
    """60 changing gradients, without warmups, within them and past them: the path of Algorithm 1."""
    gradients = noise(60, seed=5)
    for warmup in (None, 25, 1000):
        for betas, alpha, decay in (((0.9, 0.999, 0.9999), 8.0, 0.1), ((0.5, 0.9, 0.99), 2.0, 0.0)):
            expected = ademamix_of_the_paper(1.0, gradients, 0.1, betas, alpha, warmup, 1e-6, decay)
            hyper = dict(betas=betas, alpha=alpha, beta3_warmup=warmup, alpha_warmup=warmup)
            path = run(
                rules.ademamix, 1.0, listed(gradients), 60, lr=0.1, eps=1e-6, weight_decay=decay, **hyper
            )
            assert np.allclose(path, expected, rtol=1e-11, atol=1e-12), (warmup, betas)


def check_ademamix_without_its_slow_mean_is_adamw(rules):
    """α = 0, whatever β₃ and the warmups: AdamW's path."""
    gradients = noise(40, seed=6)
    hyper = dict(lr=0.05, eps=1e-3, weight_decay=0.2)
    expected = run(rules.adamw, 2.0, listed(gradients), 40, betas=(0.8, 0.95), **hyper)
    for more in ({}, dict(beta3_warmup=9, alpha_warmup=20), dict(alpha_warmup=0)):
        path = run(
            rules.ademamix, 2.0, listed(gradients), 40, betas=(0.8, 0.95, 0.999), alpha=0.0, **more, **hyper
        )
        assert np.allclose(path, expected, rtol=1e-12, atol=1e-13)


def check_ademamixs_warmups(rules):
    """They end where they say; between, the half-life and α grow in a straight line."""
    for beta in (0.5, 0.9, 0.9999):
        assert close(beta ** rules.half_life(beta), 0.5)
    assert rules.half_life(0.0) == 0.0
    # The authors' code for torch: 1e-8 inside the logarithm.
    theirs = math.log(0.5) / math.log(0.9999 + 1e-8)
    assert close(theirs / rules.half_life(0.9999) - 1, 1e-4, 1e-3)
    start, end, total = rules.half_life(0.9), rules.half_life(0.999), 20
    for t in range(1, total + 5):
        hyper = dict(betas=(0.9, 0.9, 0.999), eps=0.0, lr=1.0, beta3_warmup=total)
        s = rules.ademamix(0.0, 1.0, {"m1": 1.0, "m2": 0.0, "v": 1.0}, t, **hyper)[1]
        expected = start + (end - start) * min(1, t / total)
        assert close(rules.half_life(1 - s["m2"]), expected, 1e-9), t
        # A slow mean of 1, a mean of squares of 1 and nothing else: w moves by α.
        kept = {"m1": 0.0, "m2": 2.0, "v": 2 * (1 - 0.5**t)}
        hyper = dict(betas=(0.0, 0.5, 0.5), eps=0.0, lr=1.0, alpha=3.0, alpha_warmup=total)
        moved = -rules.ademamix(0.0, 0.0, kept, t, **hyper)[0]
        assert close(moved, 3.0 * min(1, t / total), 1e-9), t


def check_the_slow_mean_remembers(rules):
    """1,000 updates after a single push the slow mean still has nine tenths of it, and moves w by it."""
    s = {}
    w = 0.0
    for t in range(1, 1001):
        before = w
        w, s = rules.ademamix(w, 1.0 if t == 1 else 0.0, s, t, lr=1.0, alpha=5.0, eps=1.0)
    assert close(s["m2"], 1e-4 * 0.9999**999) and abs(s["m1"]) < 1e-40
    v_hat = 0.001 * 0.999**999 / (1 - 0.999**1000)
    assert close(before - w, 5.0 * s["m2"] / (v_hat**0.5 + 1.0), 1e-9)
