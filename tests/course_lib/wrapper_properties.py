"""What the papers say of the wrappers: Lookahead, Ranger and Schedule-Free.

As in ``rule_properties.py``, each check is given the rules to judge, the wrappers among them.
"""

import functools
import inspect
import math

import numpy as np
from rule_properties import close, constant, listed, run


def noisy_slope(w, t):
    """A gradient that depends on where it is taken, and changes: of a quadratic, with noise."""
    return np.array([1.0, 4.0, 0.2]) * w + np.random.default_rng(t).normal(size=3)


START = np.array([1.0, -2.0, 3.0])


# --- Lookahead and Ranger ----------------------------------------------------------------------------------


def lookahead_of_the_paper(rule, phi, rounds, k, alpha, **hyper):
    """Zhang et al. (2019), Algorithm 1: the slow weights after each round, the first among them as given."""
    path, s, t = [phi], {}, 0
    for _ in range(rounds):
        theta = phi
        for _ in range(k):
            t += 1
            theta, s = rule(theta, noisy_slope(theta, t), s, t, **hyper)
        phi = phi + alpha * (theta - phi)
        path.append(phi)
    return path


def check_lookahead_follows_its_paper(rules):
    """At every k-th update the weights are the paper's; they are kept as slow ones in between."""
    for rule, hyper in ((rules.sgd, dict(lr=0.1, momentum=0.9)), (rules.adam, dict(lr=0.1))):
        for k, alpha in ((5, 0.5), (3, 0.8), (1, 0.3)):
            expected = lookahead_of_the_paper(rule, START, 8, k, alpha, **hyper)
            w, s = START, {}
            for t in range(1, 8 * k + 1):
                w, s = rules.lookahead(w, noisy_slope(w, t), s, t, rule=rule, k=k, alpha=alpha, **hyper)
                assert np.allclose(s["slow"], expected[t // k], rtol=1e-12, atol=1e-14)
                if t % k == 0:
                    assert np.array_equal(w, s["slow"])


def check_lookaheads_first_synchronization(rules):
    """It goes back towards the initial weights: three steps of 1 from 10, then half of them taken back."""
    path = run(rules.lookahead, 10.0, constant(1.0), 7, rule=rules.sgd, lr=1.0, k=3, alpha=0.5)
    assert path == [10, 9, 8, 8.5, 7.5, 6.5, 7, 6]


def check_lookaheads_defaults(rules):
    """The paper's k = 5 and α = 0.5; Ranger's are those of its author's code."""
    assert defaults(rules.lookahead) == dict(k=5, alpha=0.5)
    assert defaults(rules.ranger) == dict(
        lr=1e-3, alpha=0.5, k=6, betas=(0.95, 0.999), eps=1e-5, weight_decay=0.0
    )


def defaults(rule):
    """A rule's hyperparameters that have a default, with it."""
    parameters = inspect.signature(rule).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def ranger_of_its_author(w, steps, lr, alpha, k, beta1, beta2, eps, decay):
    """Wright's code (2019): RAdam with the threshold 5, decay before the step, slow weights every k."""
    slow, m, v = w, np.zeros_like(w), np.zeros_like(w)
    longest = 2 / (1 - beta2) - 1
    for t in range(1, steps + 1):
        g = noisy_slope(w, t)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        length = longest - 2 * t * beta2**t / (1 - beta2**t)
        w = w - decay * lr * w
        if length > 5:
            rectified = (length - 4) / (longest - 4) * (length - 2) / length * longest / (longest - 2)
            step_size = math.sqrt((1 - beta2**t) * rectified) / (1 - beta1**t)
            w = w - step_size * lr * m / (np.sqrt(v) + eps)
        else:
            w = w - lr / (1 - beta1**t) * m
        if t % k == 0:
            slow = slow + alpha * (w - slow)
            w = slow
    return w


def check_ranger_follows_its_author(rules):
    """20 updates, three synchronizations: Ranger is what its author's code computes."""
    for decay in (0.0, 0.1):
        w, s = START, {}
        hyper = dict(lr=0.1, alpha=0.4, k=6, betas=(0.8, 0.99), eps=1e-3, weight_decay=decay)
        for t in range(1, 21):
            w, s = rules.ranger(w, noisy_slope(w, t), s, t, **hyper)
        expected = ranger_of_its_author(START, 20, 0.1, 0.4, 6, 0.8, 0.99, 1e-3, decay)
        assert np.allclose(w, expected, rtol=1e-11)
        assert s.keys() == {"slow", "base.m", "base.v"}


# --- Schedule-Free -----------------------------------------------------------------------------------------


def schedule_free_of_the_paper(y, steps, gamma, beta, warmup, decay, direction):
    """Defazio et al. (2024), Algorithm 1, with any direction in the gradient's place: y, z and x after it."""
    z = x = y
    total = 0.0
    for t in range(1, steps + 1):
        rate = gamma * min(1.0, t / warmup) if warmup else gamma
        z = z - rate * (direction(noisy_slope(y, t), t) + decay * y)
        total += rate**2
        x = (1 - rate**2 / total) * x + rate**2 / total * z
        y = (1 - beta) * z + beta * x
    return y, z, x, total


def same(w, s, expected):
    """Whether a wrapper's weights and state are the paper's y, z, x and sum of weights."""
    found = (w, s["z"], s["x"], s["weight_sum"])
    return all(np.allclose(a, b, rtol=1e-11, atol=1e-13) for a, b in zip(found, expected, strict=True))


def after(rule, steps, /, **hyper):
    """The weights and the state after some updates along ``noisy_slope``."""
    w, s = START, {}
    for t in range(1, steps + 1):
        w, s = rule(w, noisy_slope(w, t), s, t, **hyper)
    return w, s


def check_schedule_free_sgd_follows_its_paper(rules):
    """y, z, x and the sum of weights are the paper's, with and without momentum, warmup and decay."""
    for beta in (0.0, 0.6, 0.9, 1.0):
        for warmup in (0, 1, 8):
            for decay in (0.0, 0.2):
                hyper = dict(lr=0.2, momentum=beta, weight_decay=decay, warmup_steps=warmup)
                w, s = after(rules.schedule_free_sgd, 20, **hyper)
                expected = schedule_free_of_the_paper(START, 20, 0.2, beta, warmup, decay, lambda g, t: g)
                assert same(w, s, expected), (beta, warmup, decay)
                assert s.keys() == {"z", "x", "weight_sum"} and isinstance(s["weight_sum"], float)


def check_schedule_free_adamw_follows_its_authors(rules):
    """The same around Adam's division, with v̂ corrected and ε after it, as in the authors' code."""
    for beta, warmup, decay in ((0.9, 0, 0.0), (0.6, 8, 0.2), (0.0, 3, 0.1)):
        v = np.zeros(3)

        def direction(g, t):
            nonlocal v
            v = 0.95 * v + 0.05 * g**2
            return g / (np.sqrt(v / (1 - 0.95**t)) + 0.1)

        hyper = dict(lr=0.2, betas=(beta, 0.95), eps=0.1, weight_decay=decay, warmup_steps=warmup)
        w, s = after(rules.schedule_free_adamw, 20, **hyper)
        assert same(w, s, schedule_free_of_the_paper(START, 20, 0.2, beta, warmup, decay, direction))
        assert s.keys() == {"z", "x", "weight_sum", "base.v"}


def check_schedule_free_is_an_average(rules):
    """With β = 0, y and z are the path of SGD itself, and x is the mean of the points that it came to."""
    path = run(rules.sgd, START, noisy_slope, 30, lr=0.1)
    w, s = START, {}
    for t in range(1, 31):
        w, s = rules.schedule_free(w, noisy_slope(w, t), s, t, rule=rules.sgd, lr=0.1, beta=0.0)
        assert np.allclose(w, path[t], rtol=1e-12) and np.array_equal(w, s["z"])
        assert np.allclose(s["x"], np.mean(path[1 : t + 1], axis=0), rtol=1e-11)


def check_schedule_free_at_rate_zero(rules):
    """Where the rate is 0, nothing moves and nothing is divided by zero."""
    w, s = rules.schedule_free_sgd(5.0, 1.0, {}, 1, lr=0.0)
    assert (w, s["z"], s["x"]) == (5.0, 5.0, 5.0)
    w, s = rules.schedule_free_sgd(w, 1.0, s, 2, lr=1.0, momentum=0.5)
    assert (w, s["z"], s["x"]) == (4.0, 4.0, 4.0)


def check_schedule_free_defaults(rules):
    """Those of the authors' classes."""
    assert defaults(rules.schedule_free) == dict(beta=0.9, weight_decay=0.0, warmup_steps=0)
    assert defaults(rules.schedule_free_sgd) == dict(lr=1.0, momentum=0.9, weight_decay=0.0, warmup_steps=0)
    assert defaults(rules.schedule_free_adamw) == dict(
        lr=0.0025, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, warmup_steps=0
    )


# --- wrappers around wrappers ------------------------------------------------------------------------------


def check_wrappers_nest(rules):
    """Wrapped twice, each layer finds its own state, and a layer that does nothing changes nothing."""
    inner = functools.partial(rules.lookahead, rule=rules.nadam, k=3, alpha=0.4)
    gradients = [g * np.ones(3) for g in np.random.default_rng(5).normal(size=13)]
    path = run(inner, START, listed(gradients), 13, lr=0.1)
    idle = run(rules.lookahead, START, listed(gradients), 13, rule=inner, k=1, alpha=1.0, lr=0.1)
    assert close(idle, path)
    w, s = after(rules.schedule_free, 7, rule=inner, lr=0.1)
    moments = {"base.base.m", "base.base.v", "base.base.mu_product"}
    assert s.keys() == {"z", "x", "weight_sum", "base.slow"} | moments
    outer = functools.partial(rules.schedule_free, rule=rules.adam)
    rounds = lookahead_of_the_paper(outer, START, 3, 4, 0.5, lr=0.1, beta=0.8)
    w, s = after(rules.lookahead, 12, rule=outer, k=4, alpha=0.5, lr=0.1, beta=0.8)
    assert np.allclose(w, rounds[-1], rtol=1e-12)
    moments = {"base.base.m", "base.base.v"}
    assert s.keys() == {"slow", "base.z", "base.x", "base.weight_sum"} | moments
