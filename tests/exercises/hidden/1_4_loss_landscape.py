"""The unseen tests of assignment 1.4."""

import math

import torch

from course_lib.checks import module
from course_lib.checks.tools import close

the = module("1_4_loss_landscape")


def limits(rate_limits, seed=0):
    # Other shapes, fewer examples than weights, and two equal columns.
    for number, (n, d) in enumerate([(1, 1), (7, 1), (40, 6), (2, 3), (100, 4)]):
        x = the.random_inputs(n, d, seed=100 * seed + number)
        see_rates(rate_limits, x, f"with x of shape {(n, d)}")
    x = 100 * the.random_inputs(9, 1, seed=100 * seed + 50)
    see_rates(rate_limits, torch.hstack([x, x]), "with two equal columns")


def see_rates(rate_limits, x, where):
    X = torch.hstack([x, torch.ones(len(x), 1)])
    eigenvalues = torch.linalg.eigvalsh(2 / len(X) * X.T @ X)
    L, mu = eigenvalues[-1].item(), eigenvalues[0].item()
    found = the.rates(rate_limits, x)
    for name, rate, want in zip(
        ("glides", "best", "limit"), found, (1 / L, 2 / (L + mu), 2 / L), strict=True
    ):
        if not close(rate / want, 1):
            assert not close(rate / want, 1, 1e-5), (
                f"{where}, {name} is right to some 7 digits only. Does something on the way become float32?"
            )
            positive = eigenvalues[eigenvalues > 1e-9 * L][0].item()
            skipped = name == "best" and close(rate * (L + positive) / 2, 1, 1e-5)
            hint = " μ is the smallest eigenvalue, also where it is 0." if skipped else ""
            raise AssertionError(f"{where}, {name} is {rate:.6g}, not {want:.6g}.{hint}")


def descend(descend, seed=0):
    # Bowls in other directions, with one weight or several; one update, or none.
    for number, (d, lr, updates) in enumerate([(1, 0.3, 7), (5, 0.11, 20), (3, 0.2, 0), (4, 0.05, 1)]):
        A = the.random(d, d, seed=100 * seed + number)
        curvature = A @ A.T / d + torch.eye(d)
        start = the.random(d, seed=100 * seed + 50 + number)
        path, diverged = the.walked(descend, lambda w, H=curvature: H @ w, start, lr, updates)
        want = the.on_a_bowl(curvature, start, lr, updates)
        where = f"with {d} weights and {updates} updates"
        assert path.shape == want.shape, (
            f"{where} path has shape {tuple(path.shape)}, not {tuple(want.shape)}: a row for the start and "
            "for each update, and all updates are made, also where the gradient is short."
        )
        place = the.first_difference(path, want)
        assert place is None, f"{where} the path is wrong from t = {place} on."
        assert not diverged, f"{where} the run arrives, and you say that it diverged."

    # In the minimum from the start: the gradient is zero.
    path, diverged = the.walked(descend, lambda w: w, torch.zeros(2), 0.1, 4)
    assert path.shape == (5, 2) and not diverged, (
        f"where the gradient is zero, 4 updates are made, too, and the path has updates + 1 rows, not "
        f"{len(path)}."
    )

    # A border of its own: 8 doublings from 1 are 256 > 200. Reaching it exactly is not too far.
    for sign in (1.0, -1.0):
        start = torch.tensor([sign])
        doubling = f"doubling from {sign:g}"
        path, diverged = the.walked(descend, lambda w: -w, start, 1.0, 50, too_far=200.0)
        assert diverged and len(path) == 8, (
            f"{doubling}, with too_far=200, the path has {len(path)} rows, not 8: use the too_far that comes "
            "in."
        )
        path, diverged = the.walked(descend, lambda w: -w, start, 1.0, 3, too_far=8.0)
        assert not diverged and len(path) == 4, f"{doubling} to {8 * sign:g}: 8 is not larger than too_far=8."
        path, diverged = the.walked(descend, lambda w: -w, start, 1.0, 50)
        assert diverged and len(path) == 20, (
            f"{doubling}, 2²⁰ is the first point beyond a million: the path has 20 rows, not "
            f"{len(path)}. Keep the default of too_far."
        )

    # From 900000 to −900000 and back: far from the start, but no coordinate is larger than a million.
    path, diverged = the.walked(descend, lambda w: w, torch.tensor([9e5, 9e5]), 2.0, 3)
    assert not diverged and len(path) == 4, (
        "from (900000, 900000) to (−900000, −900000) and back, no coordinate is larger than too_far in "
        "absolute value: the run has not diverged. Neither the length nor the way from the start matters."
    )

    # A start beyond the border, from where the descent leads back.
    path, diverged = the.walked(descend, lambda w: w, torch.tensor([8.0]), 0.5, 2, too_far=5.0)
    assert not diverged and len(path) == 3, (
        "from 8, with too_far = 5, the updates lead to 4 and 2. The start itself is not judged: a run has "
        "diverged as soon as an update leads there, too far."
    )

    # Infinity, on either side, and in one coordinate only.
    for bad in (math.inf, -math.inf, math.nan):
        g = torch.tensor([1.0, bad, 1.0])
        path, diverged = the.walked(descend, lambda w, g=g: g, torch.ones(3), 1.0, 3, too_far=math.inf)
        assert diverged and len(path) == 1, (
            f"where one entry of the gradient is {bad}, the first update leads to a point that is not "
            "finite, even if too_far is infinite."
        )


def turned(eigenvalues, seed):
    """A symmetric matrix with these eigenvalues, in random directions."""
    size = len(eigenvalues)
    Q, _ = torch.linalg.qr(the.random(size, size, seed=seed))
    H = Q @ torch.diag(torch.tensor(eigenvalues)) @ Q.T
    return (H + H.T) / 2


def classify(classify, seed=0):
    cases = [
        ([1.0, 2.0, 3.0], "minimum"),
        ([-1.0, -2.0, -0.5, -4.0], "maximum"),
        ([5.0, 4.0, 3.0, 2.0, -0.1], "saddle"),
        ([5.0, 4.0, 0.0], "undecided"),
        ([-5.0, -4.0, 0.0], "undecided"),
        ([3.0, 0.0, 0.0, -1.0], "saddle"),
        ([1e-7, 1e-3, 1.0], "minimum"),
        ([-1e-7, 1e-3, 1.0], "saddle"),
        ([7.0], "minimum"),
        ([-7.0], "maximum"),
    ]
    for number in range(6):
        drawn = the.random(2 + number % 4, seed=100 * seed + 50 + number).round().tolist()
        up, down = max(drawn) > 0, min(drawn) < 0
        flat = 0.0 in drawn
        want = "saddle" if up and down else "undecided" if flat else "minimum" if up else "maximum"
        cases.append((drawn, want))
    for number, (eigenvalues, want) in enumerate(cases):
        for scale in (1.0, 1e-14, 1e14):
            the.see(
                classify,
                scale * turned(eigenvalues, 100 * seed + number),
                want,
                "the answer does not depend on scale and directions.",
                f"a Hessian with the eigenvalues {eigenvalues}, times {scale:g}, in random directions,",
            )


def filter(filter_normalize, seed=0):
    # Random networks, with one input, one output and one hidden unit, too; and a row of zero weights.
    for number, (inputs, hidden, outputs) in enumerate([(3, 4, 2), (1, 7, 1), (6, 1, 5), (2, 2, 2)]):
        shapes = [(hidden, inputs), (hidden,), (outputs, hidden), (outputs,)]
        first = 100 * seed + 10 * number
        weights = [the.random(*shape, seed=first + k) for k, shape in enumerate(shapes)]
        direction = [the.random(*shape, seed=first + 5 + k) for k, shape in enumerate(shapes)]
        weights[0][0] = 0
        parts = the.normalized(filter_normalize, direction, weights)
        for k, (d, w, found) in enumerate(zip(direction, weights, parts, strict=True)):
            where = f"with weights of the shapes {shapes}, part {k}"
            if w.ndim == 1:
                assert close(found, 0), f"{where} is a bias, and its entries must be zero."
            else:
                want = d / d.norm(dim=1, keepdim=True) * w.norm(dim=1, keepdim=True)
                assert close(found, want), f"{where} is not d/‖d‖·‖w‖, row by row."
