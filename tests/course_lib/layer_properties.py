"""What the papers say of the rules that look at a whole layer: LARS and LAMB, Muon, Adafactor and SOAP.

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


# --- Adafactor ---------------------------------------------------------------------------------------------


def adafactor_of_the_paper(x, gradients, eps1=1e-30, eps2=1e-3, d=1.0):
    """Shazeer & Stern (2018), Algorithm 4 with the hyperparameters of Algorithm 6: sums, entry by entry."""
    n, m = x.shape
    x = [list(map(float, row)) for row in x]
    sums_of_rows, sums_of_columns = [0.0] * n, [0.0] * m

    def size(matrix):
        return math.sqrt(sum(entry**2 for row in matrix for entry in row) / (n * m))

    for t, g in enumerate(gradients, start=1):
        rho, beta2 = min(1e-2, 1 / math.sqrt(t)), 1 - t**-0.8
        alpha = max(eps2, size(x)) * rho
        squares = [[g[i][j] ** 2 + eps1 for j in range(m)] for i in range(n)]
        for i in range(n):
            sums_of_rows[i] = beta2 * sums_of_rows[i] + (1 - beta2) * sum(squares[i])
        for j in range(m):
            sums_of_columns[j] = beta2 * sums_of_columns[j] + (1 - beta2) * sum(row[j] for row in squares)
        total = sum(sums_of_rows)
        u = [
            [g[i][j] / math.sqrt(sums_of_rows[i] * sums_of_columns[j] / total) for j in range(m)]
            for i in range(n)
        ]
        clipped = max(1.0, size(u) / d)
        x = [[x[i][j] - alpha * u[i][j] / clipped for j in range(m)] for i in range(n)]
    return np.array(x)


def check_adafactor_follows_its_paper(rules):
    """30 changing gradients, none of them small: sums or means, and where ε₁ stands, make no difference."""
    rng = np.random.default_rng(4)
    for shape in ((3, 5), (6, 2)):
        start, gradients = rng.normal(size=shape), rng.normal(size=(30, *shape))
        path = run(rules.adafactor, start, listed(gradients), 30, eps=(1e-30, 1e-3))
        assert np.allclose(path[-1], adafactor_of_the_paper(start, gradients), rtol=1e-11, atol=1e-14)


def check_adafactor_on_rank_one(rules):
    """Where g² is a column times a row, the rows' and columns' means are all there is to know of it."""
    rng = np.random.default_rng(5)
    start, row = rng.normal(size=(4, 6)), rng.uniform(0.1, 10, size=(1, 6))
    signs = rng.choice([-1.0, 1.0], size=(20, 4, 6))
    gradients = signs * (rng.uniform(0.1, 10, size=(20, 4, 1)) * row) ** 0.5
    factored = run(rules.adafactor, start, listed(gradients), 20, lr=0.3)
    whole = run(rules.adafactor, start.ravel(), listed(gradients.reshape(20, -1)), 20, lr=0.3)
    assert np.allclose(np.reshape(whole, (21, 4, 6)), factored, rtol=1e-11, atol=1e-13)


def check_adafactors_steps_are_shares_of_the_weights(rules):
    """Twice the weights, twice the step, whatever the gradient's unit; and d is the limit of a step."""
    rng = np.random.default_rng(6)
    for shape in ((5,), (3, 4)):
        start, gradients = rng.normal(size=shape), rng.normal(size=(15, *shape))
        no_eps = dict(lr=0.1, eps=(0.0, 0.0))
        path = run(rules.adafactor, start, listed(gradients), 15, **no_eps)
        scaled = run(rules.adafactor, 1e3 * start, listed(1e-4 * gradients), 15, **no_eps)
        assert np.allclose(scaled, 1e3 * np.array(path), rtol=1e-10)
        for d in (1.0, 2.0):
            spike = 1e6 * gradients[0]
            s = rules.adafactor(start, gradients[0], {}, 1)[1]
            w, _ = rules.adafactor(start, spike, s, 1000, lr=1e-3, d=d)
            share = np.sqrt(((w - start) ** 2).mean() / (start**2).mean())
            assert close(share, 1e-3 * d, 1e-9)
    zero = np.zeros((2, 3))
    moved = -rules.adafactor(zero, np.ones((2, 3)), {}, 1, lr=0.5, eps=(None, 1e-2))[0]
    assert close(moved, 0.5 * 1e-2)  # the least size of the weights is eps2
    still, _ = rules.adafactor(np.ones((2, 3)), zero, {}, 1)
    assert np.array_equal(still, np.ones((2, 3)))


# --- SOAP --------------------------------------------------------------------------------------------------


def gram_schmidt(columns):
    """An orthonormal basis of the span of the first 1, 2, … columns."""
    found = []
    for column in columns.T:
        for _ in range(2):
            for earlier in found:
                column = column - (earlier @ column) * earlier
        found.append(column / math.sqrt(column @ column))
    return np.array(found).T


def soap_of_the_paper(w, gradients, lr, beta1, beta2, eps, decay, every):
    """Vyas et al. (2025), Algorithms 3 and 4; at first, the singular vectors of the first gradient.

    Those are the eigenvectors of L and R. Adam runs on each direction by itself: the outer product of a
    column of Q_L with one of Q_R.
    """
    first, *rest = gradients
    q_l, _, q_r = np.linalg.svd(first)
    q_r = q_r.T
    shape_l, shape_r = (1 - beta2) * first @ first.T, (1 - beta2) * first.T @ first
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(rest, start=1):
        m = beta1 * m + (1 - beta1) * g
        w = w * (1 - lr * decay)
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                direction = np.outer(q_l[:, i], q_r[:, j])
                v[i, j] = beta2 * v[i, j] + (1 - beta2) * (direction * g).sum() ** 2
                along = (direction * m).sum() / (1 - beta1**t)
                w = w - lr * along / (math.sqrt(v[i, j] / (1 - beta2**t)) + eps) * direction
        shape_l = beta2 * shape_l + (1 - beta2) * g @ g.T
        shape_r = beta2 * shape_r + (1 - beta2) * g.T @ g
        if t % every == 0:
            q_l, q_r = gram_schmidt(shape_l @ q_l), gram_schmidt(shape_r @ q_r)
    return w


def check_soap_follows_its_paper(rules):
    """25 changing gradients, the coordinates followed rarely and at each update: the paper's algorithm."""
    rng = np.random.default_rng(7)
    for shape in ((3, 4), (4, 4), (4, 3)):
        start, gradients = rng.normal(size=shape), rng.normal(size=(25, *shape))
        for every, decay in ((1, 0.0), (3, 0.1), (10, 0.1)):
            expected = soap_of_the_paper(start, gradients, 0.1, 0.9, 0.8, 1e-3, decay, every)
            hyper = dict(lr=0.1, betas=(0.9, 0.8), eps=1e-3, weight_decay=decay)
            path = run(rules.soap, start, listed(gradients), 25, precondition_frequency=every, **hyper)
            assert np.allclose(path[-1], expected, rtol=1e-9, atol=1e-10), (shape, every)


def check_soap_turns_with_the_weights(rules):
    """Without ε the path turns along when weights and gradients are turned, which Adam's does not."""
    rng = np.random.default_rng(8)
    start, gradients = rng.normal(size=(4, 4)), rng.normal(size=(15, 4, 4))
    left, right = rotation(4, rng), rotation(4, rng)
    for rule, hyper, turns in (
        (rules.soap, dict(precondition_frequency=1), True),
        (rules.soap, dict(precondition_frequency=4), True),
        (rules.adamw, {}, False),
    ):
        hyper = dict(lr=0.1, eps=0.0, **hyper)
        path = run(rule, start, listed(gradients), 15, **hyper)
        turned = run(rule, left @ start @ right, listed(left @ gradients @ right), 15, **hyper)
        assert np.allclose(turned, left @ np.array(path) @ right, atol=1e-8) == turns


def check_soap_in_given_coordinates_is_adamw(rules):
    """Where the first gradient is diagonal the coordinates are w's own: AdamW's path, one update later."""
    rng = np.random.default_rng(9)
    start, gradients = rng.normal(size=(4, 4)), rng.normal(size=(20, 4, 4))
    first = np.diag([4.0, 3.0, 2.0, 1.0])
    hyper = dict(lr=0.1, betas=(0.9, 0.95), eps=1e-3, weight_decay=0.1)
    path = run(rules.soap, start, listed([first, *gradients]), 21, precondition_frequency=100, **hyper)
    assert np.array_equal(path[1], start)
    expected = run(rules.adamw, start, listed(gradients), 20, **hyper)
    assert np.allclose(path[1:], expected, rtol=1e-12, atol=1e-13)


def check_soap_leaves_what_has_no_two_sides_to_adamw(rules):
    """A number, a vector and a kernel: AdamW's path from the first update on."""
    rng = np.random.default_rng(10)
    hyper = dict(lr=0.1, betas=(0.9, 0.95), weight_decay=0.1)
    for shape in ((), (5,), (2, 3, 2)):
        start, gradients = rng.normal(size=shape), rng.normal(size=(10, *shape))
        path = run(rules.soap, start, listed(gradients), 10, **hyper)
        assert np.array_equal(path, run(rules.adamw, start, listed(gradients), 10, **hyper)), shape
    assert rules.soap(1.0, 2.0, {}, 1)[0] == rules.adamw(1.0, 2.0, {}, 1, lr=3e-3, betas=(0.95, 0.95))[0]


def check_soap_on_arrays_and_tensors(rules):
    """The same lines on NumPy and on torch, in double and in half precision."""
    rng = np.random.default_rng(11)
    start, gradients = rng.normal(size=(3, 4)), rng.normal(size=(12, 3, 4))
    hyper = dict(lr=0.1, precondition_frequency=2)
    path = run(rules.soap, start, listed(gradients), 12, **hyper)
    tensors = run(rules.soap, torch.tensor(start), listed(torch.tensor(gradients)), 12, **hyper)
    assert np.allclose(path, torch.stack(tensors), rtol=1e-9, atol=1e-10)
    # Half precision has no eigenvectors of its own: single precision's are rounded to it.
    square = torch.tensor(stretched(rng, (4, 4), 0.1), dtype=torch.bfloat16)
    square = square @ square.T
    for half in (torch.bfloat16, torch.float16):
        for word in (rules.eigenvectors, rules.orthonormal):
            exact = word(square.to(half).float())
            assert torch.equal(word(square.to(half)), exact.to(half))
            assert torch.allclose(exact.T @ exact, torch.eye(4), atol=1e-5)


def check_power_iteration_finds_the_eigenvectors(rules):
    """From any start, the largest first; from the eigenvectors themselves it goes nowhere."""
    rng = np.random.default_rng(12)
    exact = rotation(5, rng)
    matrix = exact * np.array([16.0, 8.0, 4.0, 2.0, 1.0]) @ exact.T
    for found in (rules.eigenvectors(matrix), rules.orthonormal(matrix @ exact)):
        assert np.allclose(np.abs(found.T @ exact), np.eye(5), atol=1e-12)
    turned = rotation(5, rng)
    for _ in range(60):
        turned = rules.orthonormal(matrix @ turned)
    assert np.allclose(np.abs(turned.T @ exact), np.eye(5), atol=1e-9)
