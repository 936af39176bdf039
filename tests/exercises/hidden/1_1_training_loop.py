"""The unseen tests of assignment 1.1."""

import torch

from course_lib.checks import module
from course_lib.checks.tools import close, expect

the = module("1_1_training_loop")


def learn(learn, seed=0):
    # No round at all: nothing changes.
    w, losses = the.learned(learn, [3.0], [1.0], 0.05, 0, 0.7)
    assert w == 0.7 and losses == [], "with steps = 0 the first guess comes back, and an empty list."

    # Two storms of the same distance: two examples with equal x.
    w, losses = the.learned(learn, [2.0, 2.0], [1.0, 3.0], 0.05, 1)
    slips = {0.1: "x.index finds the first only.", 0.2: "x.index finds the first only."}
    slips |= {0.3: "a dict keeps the last only.", 0.6: "a dict keeps the last only."}
    slips = {value: f"examples may have equal x, and each counts: {hint}" for value, hint in slips.items()}
    expect("with two examples of equal x, (2, 1) and (2, 3), after one round, w", w, 0.4, slips)
    expect("with two examples of equal x, (2, 1) and (2, 3), the loss", losses[0], 5.0)

    # A start in the minimum, a rate at which the loss rises, and one at which it stays.
    for lr, start, what in (
        (0.05, 1 / 3, "beginning in the minimum"),
        (0.15, 0.0, "at a rate at which it diverges"),
        (0.11, 0.3, "at a rate at which the loss stays nearly as it is"),
        (2.0, 0.0, "at a rate at which the error grows 35-fold in each round"),
    ):
        w, losses = the.learned(learn, [3.0], [1.0], lr, 5, start)
        assert len(losses) == 5, (
            f"{what} (lr = {lr}, from {start:.3g}), your list has {len(losses)} losses, not 5. The loop "
            "makes `steps` rounds, no fewer: also when the loss is small, and when it rises."
        )
        expect(
            f"{what} (lr = {lr}, from {start:.3g}), after five rounds, w",
            w,
            the.by_the_book([3.0], [1.0], lr, 5, start)[-1],
            {start: "the last w is wanted, not the best."},
            otherwise="all rounds are made, and the last w is returned.",
        )

    # Other data, rates, lengths and guesses.
    for number in range(6):
        x, y = the.made_up(100 * seed + number, 1 + 3 * number)
        guess, lr, steps = number - 2.5, 0.05 + 0.02 * number, 4 + number
        w, losses = the.learned(learn, x, y, lr, steps, guess)
        right = the.by_the_book(x, y, lr, steps, guess)
        where = f"with {len(x)} examples, lr = {lr:.2f} and the first guess {guess},"
        expect(f"{where} after {steps} rounds, w", w, right[-1], otherwise=ALL)
        assert len(losses) == steps, f"{where} {steps} rounds have {steps} losses, not {len(losses)}."
        due = [the.loss_of(one, x, y) for one in right[:-1]]
        place = the.first_difference(losses, due)
        near = " They are close, but no more: do not round." if close(losses, due, 1e-3) else ""
        assert place is None, f"{where} your losses are wrong from round {(place or 0) + 1} on.{near}"
    for unit, y, where in in_units():
        w, losses = the.learned(learn, [3.0], [y], 0.01, 9)
        right = the.by_the_book([3.0], [y], 0.01, 9)
        expect(f"{where} after 9 rounds, w, in these units,", w / unit, right[-1] / unit, otherwise=ALL)
        due = [the.loss_of(one, [3.0], [y]) / unit**2 for one in right[:-1]]
        mine = [one / unit**2 for one in losses]
        assert the.first_difference(mine, due) is None, f"{where} your losses are wrong."


ALL = "all rounds are made, also where w hardly changes, and where it grows."


def in_units():
    """Answers y of other sizes: what counts as small or large must not depend on the unit."""
    for unit in (2.0**-40, 2.0**20):
        yield unit, unit, f"with one example, x = 3 and y = {unit:.2g}, and lr = 0.01,"


def repair_a(repaired_a, seed=0):
    for number in range(5):
        x, y = the.made_up(100 * seed + number, 2 + 3 * number)
        lr, steps = 0.05 + 0.02 * number, 7 * number
        path = the.path_of(repaired_a, the.tensor(x), the.tensor(y), lr, steps)
        place = the.first_difference(path, the.by_the_book(x, y, lr, steps))
        assert place is None, (
            f"with {len(x)} examples and lr = {lr:.2f}, your path is wrong from update {place} on."
        )
    # At rest from the start, and soon at rest; units of other sizes; a rate at which it runs away.
    for y, lr, where in [
        (0.0, 0.05, "where y = 0, so that w is right from the start,"),
        (1.0, 0.05, "with one example, x = 3 and y = 1, and lr = 0.05,"),
        (1.0, 2.0, "at lr = 2, at which w runs away,"),
        *((y, 0.01, where) for _, y, where in in_units()),
    ]:
        steps = 40 if lr == 0.05 else 9
        path = the.call(repaired_a, the.tensor([3.0]), the.tensor([y]), lr, steps)
        assert len(path) == steps + 1, (
            f"{where} {steps} updates make a path of {steps + 1} weights, and yours has {len(path)}: {ALL}"
        )
        unit = y or 1.0
        right = [one / unit for one in the.by_the_book([3.0], [y], lr, steps)]
        place = the.first_difference([one / unit for one in path], right)
        assert place is None, f"{where} your path is wrong from update {place} on: {ALL}"


def repair_b(repaired_b, seed=0):
    for number in range(5):
        x, y = the.made_up(100 * seed + number, 2 + 3 * number)
        lr, steps = 0.05 + 0.02 * number, 7 * number
        w = the.trained_leaf(repaired_b, the.tensor(x), the.tensor(y), lr, steps)
        where = f"with {len(x)} examples and lr = {lr:.2f}, after {steps} rounds,"
        assert w.dtype == torch.float64, f"{where} w has lost its float64 on the way."
        expect(f"{where} w", w, the.by_the_book(x, y, lr, steps)[-1], otherwise=ALL)
        assert w.is_leaf and w.requires_grad, f"{where} your w is not a leaf that requires a gradient."
    w = the.trained_leaf(repaired_b, the.tensor([3.0]), the.tensor([1.0]), 2.0, 9)
    right = the.by_the_book([3.0], [1.0], 2.0, 9)[-1]
    expect("at lr = 2, at which w runs away, after 9 rounds, w", w, right, otherwise=ALL)
    for unit, y, where in in_units():
        w = the.trained_leaf(repaired_b, the.tensor([3.0]), the.tensor([y]), 0.01, 9)
        right = the.by_the_book([3.0], [y], 0.01, 9)[-1]
        what = f"{where} after 9 rounds, w, in these units,"
        expect(what, w.item() / unit, right / unit, otherwise=ALL)


def repair_c(repaired_c, seed=0):
    for number in range(8):
        x, y = the.made_up(100 * seed + number, 1 + 2 * number)
        curvature = 2 * sum(one * one for one in x) / len(x)
        for factor in (0.5, -0.5, -1.5):  # glides, swings, runs away
            lr, steps = (1 - factor) / curvature, 5
            begin = the.by_the_book(x, y, lr, steps, 0.5)[:-1]
            w, loss = the.best_of(repaired_c, x, y, lr, steps, 0.5)
            right = min(begin, key=lambda one: the.loss_of(one, x, y))
            where = f"with {len(x)} examples, lr = {lr:.2g} and 5 rounds from 0.5,"
            other = (
                "the update is w − lr · gradient, whatever the gradient's sign, and w is judged before it."
            )
            expect(f"{where} your best w", w, right, otherwise=other)
            assert close(loss, the.loss_of(right, x, y)), (
                f"{where} your best loss is not that of your best w."
            )
        w, loss = the.best_of(repaired_c, x, y, 0.1, 1, 0.5)
        alone = close(w, 0.5) and close(loss, the.loss_of(0.5, x, y))
        assert alone, f"with {len(x)} examples and steps = 1, only the first guess is judged."
    for unit, y, where in in_units():
        w, loss = the.best_of(repaired_c, [3.0], [y], 0.01, 9)
        right = the.by_the_book([3.0], [y], 0.01, 8)[-1]
        other = "a loss is compared with the best one so far, not with a fixed number."
        what = f"{where} after 9 rounds, your best w, in these units,"
        expect(what, w / unit, right / unit, otherwise=other)
        due = the.loss_of(right, [3.0], [y]) / unit**2
        expect(f"{where} your best loss, in these units,", loss / unit**2, due, otherwise=other)


def train(train, seed=0):
    # Other data; and another optimizer, whose first steps are lr long, whatever the gradient.
    for number in range(5):
        x, y = the.made_up(100 * seed + number, 2 + 3 * number)
        steps = 5 * number
        w, losses = the.trained(train, the.sgd, x, y, steps, start=0.5)
        right = the.by_the_book(x, y, 0.05, steps, 0.5)
        where = f"with {len(x)} examples, after {steps} rounds,"
        expect(f"{where} w", w, right[-1], otherwise=ALL)
        place = the.first_difference(losses, [the.loss_of(one, x, y) for one in right[:-1]])
        assert place is None, f"{where} your losses are wrong from round {(place or 0) + 1} on."
    w, _ = the.trained(train, lambda w: torch.optim.Adam([w], lr=0.01), [3.0], [1.0], 1)
    assert abs(w - 0.01) < 1e-6, f"Adam's first step is lr long: w must be 0.01, not {w:.4g}."

    # A rate at which it diverges, and a start in the minimum: all rounds are made.
    for lr, start in ((0.15, 0.0), (0.05, 1 / 3), (2.0, 0.0)):
        w, losses = the.trained(
            train, lambda w, lr=lr: torch.optim.SGD([w], lr=lr), [3.0], [1.0], 6, start=start
        )
        expect(
            f"with lr = {lr} from {start:.3g}, after 6 rounds, w",
            w,
            the.by_the_book([3.0], [1.0], lr, 6, start)[-1],
            otherwise=ALL,
        )
    for unit, y, where in in_units():
        w, _ = the.trained(train, lambda w: torch.optim.SGD([w], lr=0.01), [3.0], [y], 9)
        right = the.by_the_book([3.0], [y], 0.01, 9)[-1]
        expect(f"{where} after 9 rounds, w, in these units,", w / unit, right / unit, otherwise=ALL)

    # Two trainings in a row go on where the first one ended, with the same optimizer.
    w = the.weight()
    optimizer = torch.optim.SGD([w], lr=0.05, momentum=0.5)
    x, y = the.tensor([3.0]), the.tensor([1.0])
    losses = [one for steps in (2, 3) for one in the.call(train, w, x, y, optimizer, steps, may_change=(1,))]
    at_once = the.trained(train, lambda w: torch.optim.SGD([w], lr=0.05, momentum=0.5), [3.0], [1.0], 5)[1]
    assert the.first_difference(losses, at_once) is None, (
        "two rounds and then three must give what five give. Do you set w or the optimizer back?"
    )
