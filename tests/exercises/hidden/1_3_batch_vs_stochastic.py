"""The unseen tests of assignment 1.3."""

import math
import random

import torch

from course_lib.checks import module
from course_lib.checks.tools import close, expect, same

the = module("1_3_batch_vs_stochastic")
tensor, zeros = the.tensor, the.zeros


def minibatches(minibatches, seed=0):
    # Other sizes.
    for n, size in ((1, 1), (7, 7), (23, 6), (100, 33), (12, 4), (9, 2), (4, 10)):
        where = f"with n = {n} and size = {size}"
        batches = the.epoch(minibatches, n, size, the.seeded(100 * seed + n), where, d=1 + n % 3)
        assert sorted(the.together(batches)) == list(range(n)), f"{where} each example comes exactly once."
        sizes = [len(batch) for batch in batches]
        assert sizes == the.sizes_of(n, size), (
            f"{where} the batches have {sizes} examples, not {the.sizes_of(n, size)}."
        )

    # Examples that cannot be told apart.
    ones = torch.ones(5, 2, dtype=torch.float64), torch.ones(5, 1, dtype=torch.float64)
    pairs = the.dealt(minibatches, *ones, 2, the.seeded(seed), "with five equal examples")
    sizes = [len(x_batch) for x_batch, _ in pairs]
    assert sizes == [2, 2, 1], (
        f"with five equal examples and size = 2 the batches have {sizes} examples, not [2, 2, 1]. Equal "
        "examples are several all the same: shuffle row numbers."
    )

    # All orders are equally likely: six of them for three examples.
    generator = the.seeded(100 * seed + 3)
    for size in (2, 3, 8):
        counts = {}
        for _ in range(900):
            order = tuple(the.together(the.epoch(minibatches, 3, size, generator)))
            counts[order] = counts.get(order, 0) + 1
        assert len(counts) == 6 and min(counts.values()) > 90, (
            f"with n = 3 and size = {size}, of the six orders of three examples, some never or hardly come: "
            f"{counts}. A shuffle gives every order the same chance: torch.randperm does. Also a single "
            "batch is shuffled."
        )

    # In 150 epochs of 30 examples each of them is in the first batch now and then, and in the last.
    epochs = [the.epoch(minibatches, 30, 5, generator) for _ in range(150)]
    for place, name in ((0, "first"), (-1, "last")):
        missing = set(range(30)) - {row for batches in epochs for row in batches[place]}
        assert not missing, (
            f"in 150 epochs some of 30 examples are never in the {name} batch: shuffle all of them."
        )
    assert len({tuple(the.together(batches)) for batches in epochs}) == 150, (
        "of 150 epochs some have the same order: shuffle anew each time."
    )


def train(train, seed=0):
    for number, (sizes, d, epochs) in enumerate(
        [((4, 4, 2), 3, 3), ((1, 1, 1), 1, 2), ((7,), 2, 5), ((5, 1), 4, 1)]
    ):
        batches = the.some_batches(sizes, d, 100 * seed + number)
        follow(train, batches, 0.05, epochs, f"with batches of {sizes} and {d} inputs, ")

    # The same batch twice; answers below zero; a rate at which it diverges; nothing to learn; no epoch.
    (x, y), other = batches = the.some_batches((3, 2), 2, 100 * seed + 10)
    follow(train, [batches[0], other, batches[0]], 0.05, 2, "with a batch that comes twice in the list, ")
    follow(train, [(x, y - 100), other], 0.05, 2, "with answers around −100, ")
    follow(train, batches, 3.0, 4, "at a rate at which it diverges, ")
    follow(train, batches, 60.0, 3, "at a rate at which it diverges at once, ")
    right = [(x, x @ torch.full((2, 1), 0.3, dtype=torch.float64) - 0.2) for x, _ in batches]
    follow(train, right, 0.05, 3, "where every example is predicted exactly, ")
    follow(train, batches, 0.05, 0, "with epochs = 0, ")
    follow(train, [right[0], *batches], 0.05, 2, "with a first batch that is predicted exactly, ")


def follow(train, batches, lr, epochs, where):
    """Compare what `train` returns with torch's SGD."""
    d = batches[0][0].shape[1]
    start = torch.full((d, 1), 0.3, dtype=torch.float64), tensor([-0.2])
    w, b, losses, seen = the.trained(train, batches, *start, lr, epochs, where)
    right = the.by_autograd(batches, *start, lr, epochs)
    other = "torch's SGD ends elsewhere. w and b are wanted as they are after the last update."
    same(f"{where}w", w, right[0], otherwise=other)
    same(f"{where}b", b, right[1], otherwise=other)
    for place, (mine, theirs) in enumerate(zip(losses, right[2], strict=True), start=1):
        assert close(mine, theirs), (
            f"{where}your loss number {place} is not that of its batch before the update."
        )
    assert seen == right[3], f"{where}seen is {seen}, not {right[3]}."


def epoch_loss(epoch_loss, seed=0):
    for number, (sizes, d) in enumerate([((3, 8, 1), 2), ((1,), 1), ((40, 40, 7), 5), ((2, 2, 2), 1)]):
        batches = the.some_batches(sizes, d, 100 * seed + number + 20)
        compare(epoch_loss, batches, f"with batches of {sizes} and {d} inputs, ")
    first, second = the.some_batches((2, 3), 2, 100 * seed + 30)
    compare(epoch_loss, [first, second, first], "with a batch that comes twice in the list, ")
    compare(epoch_loss, [(x, y - 100) for x, y in (first, second)], "with answers around −100, ")


def compare(epoch_loss, batches, where):
    x, y = (torch.vstack(parts) for parts in zip(*batches, strict=True))
    w, b = torch.linspace(-1, 1, x.shape[1], dtype=torch.float64).unsqueeze(1), tensor([0.3])
    right = ((x @ w + b - y) ** 2).mean().item()
    other = "the second is that of all examples at once."
    expect(f"{where}the loss", the.loss_over(epoch_loss, batches, w, b), right, otherwise=other)


def noise(gradient_noise, seed=0):
    judge(gradient_noise, the.four(), [[3, 1], [3, 1], [0, 2]], "with a batch that is drawn twice, ")
    equal = the.four()[[0, 0, 1]]
    judge(gradient_noise, equal, [[0, 1], [2, 2]], "where two examples have equal gradients, ")
    judge(gradient_noise, the.four()[:1], [[0], [0]], "with a single example, ")
    for number, (n, d, size, draws) in enumerate(
        [(9, 1, 3, 7), (20, 4, 1, 30), (5, 3, 5, 1), (12, 2, 6, 11)]
    ):
        generator = the.seeded(100 * seed + number)
        gradients = torch.randn(n, d, generator=generator, dtype=torch.float64) + 3
        batches = torch.randint(n, (draws, size), generator=generator).tolist()
        judge(gradient_noise, gradients, batches, f"with n = {n}, d = {d} and batches of {size}, ")


def judge(gradient_noise, gradients, batches, where):
    bias, noise = the.measured(gradient_noise, gradients, batches)
    off = torch.stack([gradients[batch].mean(dim=0) for batch in batches]) - gradients.mean(dim=0)
    other = "take the mean of each batch's rows, and then that of all draws."
    same(f"{where}the bias", bias, off.mean(dim=0), otherwise=other)
    expect(f"{where}the noise", noise, (off**2).sum().item() / len(batches), otherwise=other)


def floor(noise_floor, seed=0):
    chance = random.Random(seed)
    cases = [(0.01, 0.5, 2.0, 1, 2), (0.3, 6.0, 0.7, 16, 1000), (0.9, 1.0, 5.0, 4, 7), (3.0, 0.5, 1.0, 1, 2)]
    for _ in range(4):
        curvature, n = chance.uniform(0.1, 9), chance.randint(2, 99)
        lr = chance.uniform(0.01, 1.9) / curvature
        cases.append((lr, curvature, chance.uniform(0.1, 5), chance.randint(1, n - 1), n))
    cases += [(2.0**40, 2.0**-40, 1.0, 1, 3), (2.0**-40, 2.0**40, 1.0, 1, 3)]  # curvatures in other units
    cases.append((2 - 2.0**-13, 1.0, 1.0, 1, 3))  # just below the limit
    for lr, curvature, sigma2, size, n in cases:
        right = lr * sigma2 * (n - size) / (size * (n - 1) * curvature * (2 - lr * curvature))
        expect(
            f"with η = {lr:.4g}, λ = {curvature:.4g}, σ² = {sigma2:.4g}, B = {size} and n = {n}, the floor",
            the.floor_of(noise_floor, lr, curvature, sigma2, size, n),
            right,
            otherwise=f"the limit is 2/λ = {2 / curvature:.4g}, and here η is below it.",
        )
    for lr, curvature in ((5.0, 0.5), (4.0, 0.5), (0.5, 4.0), (0.75, 4.0)):
        floor = the.floor_of(noise_floor, lr, curvature, 1.0, 1, 2)
        assert floor == math.inf, (
            f"at λ = {curvature} and η = {lr}, not below the limit {2 / curvature:g}, return math.inf."
        )
    floor = the.floor_of(noise_floor, 3.0, 1.0, 1.0, 5, 5)
    assert floor == math.inf, (
        f"with B = n = 5, λ = 1 and η = 3, above the limit 2, return math.inf, not {floor:g}: without noise "
        "the loop runs away, too."
    )
