"""The unseen tests of assignment 1.6."""

import math
from contextlib import contextmanager

import torch

from course_lib.checks import module
from course_lib.checks.tools import close, expect

the = module("1_6_recap")


@contextmanager
def on(where):
    """Say with which data an answer stops."""
    try:
        yield
    except (AssertionError, NotImplementedError):
        raise
    except Exception as error:
        said = str(error).splitlines()[0] if str(error) else "no message"
        raise AssertionError(f"{where} your code stops. {type(error).__name__}: {said}") from error


def gradient(gradient, seed=0):
    # Other shapes: one example, one weight, as many weights as examples. The mean of c is not 1.
    for number, (n, d) in enumerate([(1, 1), (1, 4), (7, 2), (40, 6), (6, 6)]):
        X, y, c = the.random_problem(n, d, seed=100 * seed + number)
        theta = the.random_problem(d, 2, seed=100 * seed + number + 50)[1]
        with on(f"with X of shape {(n, d)}"):
            found = the.found_gradient(
                gradient, f"with X of shape {(n, d)}, the gradient", X, y, 2.5 * c, theta
            )
        assert close(found, the.by_autograd(X, y, 2.5 * c, theta)), (
            f"with X of shape {(n, d)} and a mean of c of 2.5, you and autograd differ."
        )

    # Far from the answers: nudging would cost digits here.
    X, y, c = the.random_problem(12, 3, seed=100 * seed + 8)
    y, theta = 1e4 * y, the.tensor([0.5], [1.0], [-0.5])
    found = the.found_gradient(gradient, "with answers near 20000, the gradient", X, y, c, theta)
    assert close(found, the.by_autograd(X, y, c, theta)), (
        "with answers near 20000, your gradient is right to some digits only. Do you nudge? Take the formula."
    )

    # At the exact answer it vanishes.
    X, y, c = the.random_problem(30, 3, seed=100 * seed + 9)
    found = the.found_gradient(gradient, "at the exact answer the gradient", X, y, c, the.exact(X, y, c))
    assert close(found, 0), "at the exact answer the gradient must be zero."


def plan(plan, seed=0):
    # Against a loop that starts along the slowest direction.
    cases = [(20, 2, 0.1), (50, 4, 1e-3), (30, 3, 0.5), (8, 3, 0.03), (60, 5, 0.9), (9, 2, 1e-12)]
    for number, (n, d, shrink) in enumerate(cases):
        X, _, c = the.random_problem(n, d, seed=100 * seed + number)
        if number % 2:
            c = 3 * c  # the mean of c need not be 1
        with on(f"with X of shape {(n, d)}"):
            lr, updates = the.planned(plan, X, c, shrink)
        H = torch.autograd.functional.hessian(
            lambda theta, X=X, c=c: (c * (X @ theta) ** 2).mean(), torch.zeros(d, 1, dtype=torch.float64)
        ).reshape(d, d)
        values = torch.linalg.eigvalsh(H)
        due = (1 / values[-1]).item()
        by_sum = "the mean of c is 3 here. Do you divide by the sum of c? Divide by the number of rows."
        expect(
            f"with X of shape {(n, d)} your lr",
            lr,
            due,
            {due: the.DIGITS} | ({3 * due: by_sum} if number % 2 else {}),
        )
        kept, left, due = (1 - values[0] / values[-1]).item(), 1.0, 0
        while left > shrink:
            left, due = left * kept, due + 1
        assert updates == due, (
            f"with X of shape {(n, d)} and shrink = {shrink} you plan {updates} updates. It takes {due}."
        )

    # The Hessian is (2b² 0; 0 2), so that κ = b² = 900: thousands of updates.
    X, c = the.tensor([30, 1], [-30, 1]), the.tensor([1], [1])
    _, updates = the.planned(plan, X, c, 1e-3)
    due = math.ceil(math.log(1e-3) / math.log(1 - 1 / 900))
    assert updates == due, (
        f"with κ = 900 and shrink = 0.001 you plan {updates} updates, but the smallest t is {due}."
    )

    # κ = 1.25: nearly round, and yet a fifth is left after an update.
    X = the.tensor([1.25**0.5, 1], [-(1.25**0.5), 1])
    _, updates = the.planned(plan, X, c, 0.1)
    assert updates == 2, f"with κ = 1.25 and shrink = 0.1 you plan {updates} updates. It takes 2."

    # Only the bias: a single curvature is a round bowl.
    _, _, c = the.random_problem(5, 2, seed=100 * seed + 7)
    lr, updates = the.planned(plan, torch.ones(5, 1, dtype=torch.float64), c, 1e-6)
    expect("with one weight only, the bias, your lr", lr, 0.5)
    assert updates == 1, f"with one weight only, one update is enough; you plan {updates}."

    # Powers that hit shrink: ¾, and (¾)³ = 27/64.
    for shrink, due in ((0.75, 1), (0.421875, 3)):
        _, updates = the.planned(plan, the.tensor([2, 1], [-2, 1]), the.tensor([1], [1]), shrink)
        assert updates == due, (
            f"with L = 8, μ = 2 and shrink = {shrink}, that is (¾)^{due}, you plan {updates} updates, not "
            f"{due}: the smallest t after which shrink, or less, is left."
        )


def by_the_book(X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    """The same with autograd: the weights after each epoch, and their validation losses."""
    generator = torch.Generator().manual_seed(seed)
    theta = torch.zeros(X.shape[1], 1, dtype=torch.float64)
    points, losses = [], []
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        for start in range(0, len(X), batch):
            rows = order[start : start + batch]
            theta = theta - lr * the.by_autograd(X[rows], y[rows], c[rows], theta)
        points.append(theta)
        losses.append(the.loss_of(theta, X_val, y_val, c_val))
    return points, losses


def train(train, seed=0):
    # Batches that come out even and such that do not; of one; of all; of more than there are.
    for number, (n, d, batch, epochs, lr) in enumerate(
        [
            (30, 3, 8, 6, 0.02),
            (12, 1, 12, 4, 0.1),
            (7, 2, 1, 5, 0.03),
            (40, 5, 100, 9, 0.05),
            (25, 4, 5, 1, 0.02),
        ]
    ):
        X, y, c = the.random_problem(n, d, seed=100 * seed + number)
        held_out = the.random_problem(9, d, seed=100 * seed + number + 30)
        points, right = by_the_book(X, y, c, *held_out, lr, batch, epochs, seed + number + 1)
        where = f"with {n} patients, batches of {batch} and {epochs} epoch{'s' * (epochs > 1)}"
        with on(where):
            theta, losses = the.trained(train, X, y, c, *held_out, lr, batch, epochs, seed + number + 1)
        wrong = [place for place, pair in enumerate(zip(losses, right, strict=True), 1) if not close(*pair)]
        assert not wrong, f"{where} your validation losses are others, from epoch {(wrong or [0])[0]} on."
        assert close(theta, points[right.index(min(right))]), f"{where} you do not return the best weights."

    # Training makes the validation patients worse and worse: the first epoch is the best.
    X, y, c = the.random_problem(20, 2, seed=100 * seed + 7)
    theta, losses = the.trained(train, X, y, c, X, -y, c, 0.02, 5, 6, 0)
    assert close(the.loss_of(theta, X, -y, c), losses[0]), (
        "with a validation loss that rises from the first epoch on, return that epoch's weights: not the "
        "last ones, and not the zeros from before it."
    )

    # Large numbers: no validation loss is below a million millions.
    held_out = the.random_problem(9, 2, seed=100 * seed + 37)
    held_out = held_out[0], 1e9 * held_out[1], held_out[2]
    points, right = by_the_book(X, 1e9 * y, c, *held_out, 0.02, 5, 6, seed)
    theta, losses = the.trained(train, X, 1e9 * y, c, *held_out, 0.02, 5, 6, seed)
    assert close(losses, right) and close(theta, points[right.index(min(right))]), (
        "with answers of a thousand millions you do not return the best weights: the lowest loss so far must "
        "begin at math.inf, or with the first epoch's."
    )

    # Nothing to learn: all answers are 0, so that no weight moves. All epochs are made.
    theta, losses = the.trained(train, X, 0 * y, c, X, 0 * y, c, 0.02, 5, 6, 0)
    assert losses == [0.0] * 6 and close(theta, 0), "with answers that are all 0, all weights stay 0."

    # The bias arrives at once and makes it worse; the weight comes slowly, and the last epochs are the best.
    X, y, c = the.tensor([0.3, 1], [-0.3, 1]), the.tensor([1.3], [0.7]), the.tensor([1], [1])
    held_out = the.tensor([-1, 1]), the.tensor([0]), the.tensor([1])
    theta, losses = the.trained(train, X, y, c, *held_out, 0.25, 2, 40, seed)
    right = by_the_book(X, y, c, *held_out, 0.25, 2, 40, seed)[1]
    assert close(losses, right) and close(the.loss_of(theta, *held_out), right[-1]), (
        "with a validation loss that rises for a while, and in the end falls below all before it, you stop, "
        "or keep weights, too early."
    )


def diagnosis(diagnosis, seed=0):
    pass  # what there is to say, the tests that everybody has say


# Splits of the patients on which it costs little to let the validation patients choose the weights.
SPLITS = [1, 4, 2, 6, 8, 13, 19, 22, 27, 32, 33, 34, 39, 42, 43, 47, 48, 50, 51, 54]


def project(project, seed=0):
    # Two splits that show who stops too early, and one that is drawn.
    for number in (0, 9, seed):
        the.hold_to_the_judge(project, SPLITS[number % len(SPLITS)], number, begin="with")

    for number, (n, inputs, unit) in enumerate([(60, 1, 1000.0), (300, 3, 0.01)]):
        data = the.two_groups(100 * seed + number + 10, n, inputs, unit)
        held_out = the.two_groups(100 * seed + number + 20, n, inputs, unit)
        predict, best = the.judged(project, data, held_out, seed + number), the.exact_predict(*data)
        far = the.apart(predict, best, held_out[0])
        assert far < 1.5, (
            f"with {n} examples of {inputs} input{'s' * (inputs > 1)} in other units, your predictions are "
            f"typically {far:.2g} from the exact ones."
        )
