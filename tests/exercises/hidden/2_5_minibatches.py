"""The unseen tests of assignment 2.5."""

import random

import torch
from torch.utils.data import DataLoader

from course_lib.checks import module

the = module("2_5_minibatches")


def sampler(Shuffled, seed=0):
    for n in (1, 2, 7, 40):
        the.check_orders(Shuffled, n, seed=10 * seed + n, epochs=4)
    # Used in turn, two samplers keep their own places.
    one, two = the.made(Shuffled, 9, seed), the.made(Shuffled, 9, seed + 1)
    right = [the.permutations(9, each, 2) for each in (seed, seed + 1)]
    got = [[the.epoch(one, 9)], [the.epoch(two, 9)]]
    got[0].append(the.epoch(one, 9))
    got[1].append(the.epoch(two, 9))
    assert got == right, (
        f"two samplers, with the seeds {seed} and {seed + 1}, used in turn, disturb each other."
    )
    same = the.made(Shuffled, 6, seed)
    pairs = the.call(lambda: [(i, j) for i in same for j in same])
    assert len(pairs) == 36, (
        f"a loop over a sampler of 6, in a loop over the same one, makes {len(pairs)} turns, not 36: each "
        "for needs an iterator of its own. Let __iter__ yield, or return iter(…) of a list."
    )
    first, *others = the.permutations(6, seed, 7)
    outer = [i for i, _ in pairs[::6]]
    assert outer == first, (
        f"with a loop over a sampler of 6 in a loop over the same one, the outer one gives {outer}, not "
        f"{first}: the inner one has taken its order away. Keep the order in a variable of __iter__, not in "
        "self."
    )
    assert [j for _, j in pairs] == sum(others, []), (
        "with a loop over a sampler in a loop over the same one, the inner loops have other orders than the "
        "generator's next ones."
    )


def loader(Loader, seed=0):
    the.own(Loader)
    chance = random.Random(seed)
    for n, size in ((1, 1), (1, 3), (6, 1), (7, 3), (8, 4), (9, 4), (5, 9), (0, 2)):
        numbers = list(range(n))
        chance.shuffle(numbers)
        the.check_loader(Loader, numbers, size)
    # A sampler may leave out examples, and repeat some.
    some = [chance.randrange(30) for _ in range(11)]
    the.check_loader(Loader, some, 4, n=30)
    the.check_lazy(Loader, [chance.randrange(20) for _ in range(12)], 5)
    twice = the.call(Loader, "abc", [2, 0, 1], 2, "".join)
    pairs = the.call(lambda: list(zip(twice, twice, strict=True)))
    assert pairs == [("ca", "ca"), ("b", "b")], (
        f"two loops at once over one loader get {pairs}, and not each the batches ca and b: what an epoch "
        "needs belongs into __iter__, not into self."
    )

    # And torch's.
    x = the.random(23, 3, seed=seed)
    data = [(row, k) for k, row in enumerate(x)]

    def collate(pairs):
        return torch.stack([row for row, _ in pairs]), torch.tensor([k for _, k in pairs])

    for size in (4, 23, 24):
        for drop_last in (False, True):
            order = list(range(23))
            chance.shuffle(order)
            mine = the.loaded(the.call(Loader, data, order, size, collate, drop_last), 30)
            theirs = list(
                DataLoader(data, batch_size=size, sampler=order, collate_fn=collate, drop_last=drop_last)
            )
            same = len(mine) == len(theirs) and all(
                torch.equal(a, b)
                for one, two in zip(mine, theirs, strict=True)
                for a, b in zip(one, two, strict=True)
            )
            assert same, (
                f"with 23 examples, batch_size = {size} and drop_last = {drop_last}, "
                "your batches are not torch's."
            )


def padding(pad, seed=0):
    chance = random.Random(seed)
    for number in range(6):
        lengths = [chance.randrange(7) for _ in range(chance.randrange(1, 6))] + [chance.randrange(1, 4)]
        rows = [the.random(length, seed=100 * seed + 10 * number + k) for k, length in enumerate(lengths)]
        value = chance.choice([(), (0.0,), (-1.5,), (7,)])
        for row in rows[::2]:
            row[::2] = value[0] if value else 0.0
        the.check_pad(pad, rows, *value)
    the.check_pad(pad, [the.random(4, seed=seed)])
    the.check_pad(pad, [the.random(3, seed=seed), the.random(3, seed=seed + 1)], 2.0)
    the.check_pad(pad, [the.tensor([]), the.tensor([])])
    one = the.call(pad, [the.tensor([1.0, 2.0]), the.tensor([3.0])])[0]
    the.call(pad, [the.tensor([4.0]), the.tensor([5.0])])
    assert one.tolist() == [[1.0, 2.0], [3.0, 0.0]], "a second call of pad changes the batch of the first."


def scale(standardize, seed=0):
    for number, (n, m, d) in enumerate(((20, 5, 3), (7, 1, 1), (2, 9, 4), (50, 50, 2))):
        train = 3 * the.random(n, d, seed=100 * seed + number) + 5
        test = 2 * the.random(m, d, seed=100 * seed + 50 + number) - 4
        the.check_scale(standardize, train, test, f"for random tables of {n} and {m} rows and {d} columns")
    train, test = the.random(9, 4, seed=seed), the.random(3, 4, seed=seed + 1)
    train[:, 1], train[:, 3] = 0.3, -7.0
    the.check_scale(standardize, train, test, "with constant columns of 0.3 and −7")
    test[:, 0] = 2.0
    the.check_scale(standardize, train, test, "with a column that is constant in test only")
    the.check_scale(standardize, train[:1], test, "with a single row in train")
    far = the.random(9, 2, seed=seed + 3)
    where = "with entries near a million (the mean of squares minus the squared mean loses its digits there)"
    the.check_scale(standardize, far + 1e6, far[:2] + 1e6, where)


def report(mean_loss, seed=0):
    large = the.tensor([[1e8, 1.0, 2.0]]), torch.tensor([[True, True, True]])
    the.check_mean(mean_loss, [large, large], "with losses of 1e8 beside 1 and 2, your mean")
    chance = random.Random(seed)
    for number in range(6):
        batches = []
        for k in range(chance.randrange(1, 6)):
            shape = chance.randrange(1, 5), chance.randrange(1, 7)
            losses = the.random(*shape, seed=1000 * seed + 10 * number + k) + 3 * k - 4
            mask = the.random(*shape, seed=1000 * seed + 500 + 10 * number + k) > 0.3
            losses[~mask] = chance.choice([0.0, 50.0, float("nan"), float("inf"), float("-inf")])
            batches.append((losses, mask))
        batches.append((the.tensor([[2.5]]), torch.tensor([[True]])))
        the.check_mean(mean_loss, batches, f"for {len(batches)} random batches, your mean")
    zero = the.tensor([[0.0, 0.0, 6.0]]), torch.tensor([[True, True, True]])
    the.check_mean(mean_loss, [zero], "with losses that are 0, and count, your mean")
