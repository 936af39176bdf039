"""The unseen tests of assignment 2.7."""

from contextlib import contextmanager

import torch

from course_lib.checks import module
from course_lib.checks.tools import close, expect

the = module("2_7_recap")


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


def prepare(prepare, seed=0):
    for number, (n, D) in enumerate([(23, 3), (5, 1), (60, 7), (442, 10), (23, 3)]):
        x, y = the.some_data(n, D, 100 * seed + number)
        x, y = 5 * x + torch.arange(D, dtype=torch.float64), 70 * y + 150
        where = f"with {n} patients, {D} inputs and seed {seed + number},"
        if n == 5:  # three to fit; a column that is the same for all of them
            x = torch.cat([x, torch.full((n, 1), 0.1, dtype=torch.float64)], dim=1)
        with on(where):
            parts = the.prepared(prepare, x, y, seed + number, where)
        right = the.split_and_scale(x, y, seed + number)
        for name in the.PARTS:
            why = ": one column is 0.1 for all." if n == 5 and name[0] == "x" else "."
            assert close(parts[name], right[name]), f"{where} your {name} is another{why}"

    # Far from 0, the mean of squares minus the squared mean loses its digits.
    x, y = the.some_data(30, 2, 100 * seed + 8)
    where = "with inputs near 1e5,"
    parts, right = the.prepared(prepare, x + 1e5, y, seed, where), the.split_and_scale(x + 1e5, y, seed)
    assert close(parts["x_fit"], right["x_fit"], 1e-8), (
        f"{where} x_fit is not precise: subtract the mean first, and square then."
    )

    # Who is in the test set must not reach the rest.
    x, y = the.some_data(30, 2, 100 * seed + 9)
    first = torch.randperm(30, generator=torch.Generator().manual_seed(seed))[:6]
    spoiled_x, spoiled_y = x.clone(), y.clone()
    spoiled_x[first], spoiled_y[first] = 1e6, -1e6
    where = "with absurd numbers in the test set,"
    clean = the.prepared(prepare, x, y, seed, where)
    spoiled = the.prepared(prepare, spoiled_x, spoiled_y, seed, where)
    for name in the.PARTS[:4]:
        assert close(clean[name], spoiled[name]), f"{where} {name} changes: the test set leaks into it."


def gradient(gradient, seed=0):
    for number, (n, D, H, decay) in enumerate(
        [(1, 1, 1, 0.0), (1, 4, 3, 0.2), (9, 2, 5, 0.0), (7, 7, 7, 1.5), (40, 3, 20, 0.01)]
    ):
        weights = the.some_weights((D, H, 1), 100 * seed + number)
        x, y = the.some_data(n, D, 100 * seed + number + 50)
        where = f"with {n} patients, {D} inputs, {H} units and decay {decay},"
        with on(where):
            found = the.found_gradient(gradient, where, weights, x, y, decay)
        for name, mine, right in zip(the.NAMES, found, the.by_autograd(weights, x, y, decay), strict=True):
            assert close(mine, right), f"{where} {name} is not what autograd finds."

    # Far from the answers: nudging would cost digits here.
    weights, (x, y) = the.some_weights((3, 4, 1), 100 * seed + 8), the.some_data(12, 3, 100 * seed + 9)
    found = the.found_gradient(gradient, "with answers near a million,", weights, x, 1e6 * y, 0.1)
    for name, mine, right in zip(the.NAMES, found, the.by_autograd(weights, x, 1e6 * y, 0.1), strict=True):
        assert close(mine, right), (
            f"with answers near a million, {name} is right to some digits only, or wrong."
        )


def train(train, seed=0):
    for number, (n, sizes, batch, patience, most, lr, decay) in enumerate(
        [
            (30, (3, 5, 1), 8, 50, 6, 0.02, 0.1),
            (12, (1, 1), 12, 3, 9, 0.1, 0.0),
            (7, (2, 4, 1), 1, 4, 5, 0.01, 0.0),
            (25, (2, 1), 100, 2, 30, 0.2, 0.5),
            (20, (4, 6, 1), 5, 1, 40, 0.05, 0.0),
            (16, (2, 8, 1), 4, 3, 60, 0.1, 0.01),
        ]
    ):
        weights = the.some_weights(sizes, 100 * seed + number)
        data = (
            *the.some_data(n, sizes[0], 100 * seed + number + 20),
            *the.some_data(9, sizes[0], 100 * seed + number + 40),
        )
        inputs = weights, data, lr, decay, batch, patience, seed + number, most
        points, right = the.by_the_book(*inputs)
        where = (
            f"with {n} patients, sizes {sizes}, batches of {batch}, patience {patience} and most = {most},"
        )
        with on(where):
            best, losses = the.trained(train, *inputs)
        assert len(losses) == len(right), f"{where} your list has {len(losses)} losses, not {len(right)}."
        assert close(losses, right), f"{where} your validation losses are others."
        kept = points[right.index(min(right))]
        assert all(close(mine, one) for mine, one in zip(best, kept, strict=True)), (
            f"{where} you do not return the weights of the best epoch."
        )

    # Nothing gets better after the first epoch: equal losses are not better.
    line = [the.tensor([0.0]), the.tensor(0.0)]
    data = the.column(1, 2), the.column(0, 0), the.column(1), the.column(1)
    _, losses = the.trained(train, line, data, 0.1, 0.0, 2, 3, seed)
    assert losses == [1.0] * 4, (
        f"with nothing to learn the loss stays 1, and with patience = 3 four epochs are made: the first, and "
        f"three that are not better. You make {len(losses)}."
    )

    # `most` has a default.
    line, data = the.swings(1.75)
    best, losses = the.parts_of(the.call(train, line, data, 0.45, 0.0, 1, 5, seed), 2, "best, losses")
    assert len(losses) == 6, f"with patience = 5 you make {len(losses)} epochs, not 6."
    _, losses = the.parts_of(the.call(train, line, data, 0.1, 0.0, 1, 1000, seed), 2, "best, losses")
    assert len(losses) == 200, f"without most, 200 epochs are made at most. You make {len(losses)}."


def diagnosis(diagnosis, seed=0):
    pass  # what there is to say, the tests that everybody has say


def verdict(verdict, seed=0):
    words = set()
    for number, (K, a, b, shift) in enumerate(
        [(5, 3, 4, 0.0), (2, 1, 6, 5.0), (12, 8, 8, -3.0), (30, 2, 1, 0.4), (4, 5, 5, -0.3), (9, 4, 2, 2.0)]
    ):
        generator = torch.Generator().manual_seed(1000 * seed + number)
        exactly = dict(generator=generator, dtype=torch.float64)
        luck = torch.rand(K, 1, **exactly) * 10
        given = [
            torch.rand(K, k, **exactly) + luck + extra
            for k, extra in ((a, 0), (a, 0), (b, shift), (b, shift))
        ]
        n_test = 10 + number
        inputs = *given, 50 + 7 * number, n_test
        right, plain, longer, _ = the.by_formula(*inputs)
        where = f"with {K} splits, {a} and {b} settings,"
        with on(where):
            mean, error, word = the.judged(verdict, *inputs)
        expect(f"{where} the mean difference", mean, right)
        expect(f"{where} the standard error", error, longer, {plain: "the correction is missing."})
        due = (
            "no difference seen" if abs(right) <= 2 * longer else ("the line" if right > 0 else "the network")
        )
        assert word == due, (
            f"{where} a mean difference of {right:.4g} and an error of {longer:.4g}, you say {word!r}."
        )
        words.add(due)

    # Two splits of differences d: just short of two errors (plain 1, the correction 1 to seven digits),
    # exactly two (plain 1, the correction 2), just beyond; and an error of 0.
    for d, n_train, n_test, due in (
        ((2.99, 0.99), 10**9, 10, "no difference seen"),
        ((5, 3), 2, 3, "no difference seen"),
        ((3.01, 1.01), 10**9, 10, "the line"),
        ((3, 3), 2, 3, "the line"),
        ((0, 0), 2, 3, "no difference seen"),
    ):
        where = f"with the differences {d[0]} and {d[1]}, n_train = {n_train} and n_test = {n_test},"
        zero = the.column(0, 0)
        with on(where):
            _, _, word = the.judged(verdict, zero, zero, zero, the.column(*d), n_train, n_test)
        assert word == due, (
            f"{where} you say {word!r}, not {due!r}: is the mean further than two errors from 0?"
        )
