"""The unseen tests of assignment 3.8: other trees, kinds, networks, loops and runs."""

import functools
import math
import random

import torch
from torch import nn

from course_lib.checks import module
from course_lib.compare import paired
from course_lib.lr_scheduler import WarmupCosine
from course_lib.training import fit

the = module("3_8_case_studies")


def parts(parts, seed=0):
    for number, m in enumerate((5, 9, 10, 16, 37)):
        data = the.grove(seed + number, m, D=number + 1, units=10.0 ** (number - 2))
        the.parts_case(parts, *data, seed + 7 * number, f"for {m} trees,")
    x, y, tree = the.grove(seed + 8, 13, D=2)
    the.parts_case(parts, x, y, tree.sort().values, seed, "for leaves that come tree by tree,")
    the.parts_case(
        parts, x, y, tree.sort(descending=True).values, seed, "for trees that come from high to low,"
    )
    data = the.grove(seed + 9, 15, constant=0)
    the.parts_case(parts, *data, seed + 1, "for a measurement that is the same in all leaves,")
    data = the.still_in_training(seed + 10, 20, seed + 2)
    the.parts_case(parts, *data, seed + 2, "for a measurement that is the same in training alone,")
    x, y, tree = the.grove(seed + 11, 12)
    where = "for a measurement that hardly differs,"
    the.parts_case(parts, torch.cat([1e-11 * x[:, :1], x[:, 1:]], dim=1), y, tree, seed, where)
    for m in (9, 11):
        tree, x = torch.arange(m), the.random(m, 3, seed=seed)
        the.parts_case(parts, x, tree % 3, tree, seed + 3, f"for {m} trees of one leaf each,")
    the.parts_case(parts, *the.huge(seed + 13), seed, "for trees with huge numbers,")
    where = "for leaves that are alike in part, and some that are equal,"
    the.parts_case(parts, *the.alike_in_part(seed + 14, seed + 6), seed + 6, where)
    x, y, tree = the.datasets.leaves(seed % 1000, trees=20, each=8)
    the.parts_case(parts, x, y, tree, seed + 4, "for leaves as in the project, eight of each tree,")
    # Whatever the test's leaves are, what is known of training does not change.
    x, y, tree = the.grove(seed + 12, 18)
    rows = the.rows_of(tree, the.shuffled(tree.unique(), seed), 18 // 5)
    first = the.call(the.at_once(parts), x, y, tree, seed)
    x[rows[1]] += 9.0
    x[rows[2]] *= 5.0
    second = the.call(the.at_once(parts), x, y, tree, seed)
    assert the.close(first[0][0], second[0][0]), "the training part hears of the other leaves."


def baseline(baseline, seed=0):
    for number, (n, m, classes, D) in enumerate(
        ((30, 41, 3, 2), (80, 37, 7, 4), (12, 5, 2, 1), (200, 90, 10, 6))
    ):
        data = the.patches(seed + 5 * number, n, m, classes, D=D)
        where = f"for {n} leaves of {classes} kinds, and {m} new ones,"
        the.baseline_case(baseline, *data, classes, where)
    for without in ((0,), (2,), (4,), (0, 1), (1, 3), (3, 4)):
        data = the.patches(seed + sum(without), 35, 31, 5, without=without)
        where = f"for five kinds, without training leaves of {' and '.join(map(str, without))},"
        the.baseline_case(baseline, *data, 5, where)
    x, y, x_new, y_new = the.patches(seed + 60, 35, 31, 4, without=(1,))
    where = "for large measurements, and kind 1 without training leaves,"
    the.baseline_case(baseline, *the.at_their_own_means(1e4 * x, y, 1e4 * x_new, y_new, 4), where)
    x, y, x_new, y_new = the.patches(seed + 70, 20, 9, 3)
    where = "for 900 new leaves of twelve kinds,"
    the.baseline_case(baseline, *the.long_row(seed + 100), 12, where)
    where = "for new leaves far away from those of the one kind that has training leaves,"
    the.baseline_case(baseline, *the.far_away(), 3, where)
    where = "for leaves of one kind alone,"
    the.baseline_case(baseline, x, torch.full_like(y, 1), x_new, y_new, 3, where)
    the.baseline_case(baseline, x, y, x_new[:1], y_new[:1], 3, "for one new leaf,")
    the.baseline_case(baseline, 100 * x, y, 100 * x_new, y_new, 3, "for measurements in a small unit,")
    for classes in (5, 9):
        where = f"for {classes} kinds, of which no leaf has the last,"
        the.baseline_case(baseline, *the.patches(seed + 80, 40, 31, 4), classes, where)
    where = "for new leaves that lie nearly in the middle between two means,"
    the.baseline_case(baseline, *the.between(seed + 90), 2, where)
    unlike = torch.tensor([1.0, 30.0, 0.1])
    where = "for measurements in unlike units,"
    the.baseline_case(baseline, unlike * x, y, unlike * x_new, y_new, 3, where)


def start(start, seed=0):
    for number, (classes, lr, updates) in enumerate(
        ((2, 0.01, 20), (6, 0.1, 7), (3, 0.003, 2), (4, 0.3, 15))
    ):
        x, y = the.batch_of(seed + number, n=4 + number, classes=classes)
        net = the.small_net(seed % 1000 + number, classes=classes)
        where = f"for {classes} kinds, the rate {lr:g} and {updates} updates,"
        the.start_case(start, net, x, y, lr, updates, where)
    x, y = the.batch_of(seed + 8, n=2)
    the.start_case(start, the.small_net(seed % 1000 + 8), x, y, 0.1, 70, "for 70 updates,")
    where = "for a leaf that is soon known,"
    the.start_case(start, *the.soon_by_heart(seed + 14), 0.045, 16, where)
    x, y = the.batch_of(seed + 15, n=40)
    the.start_case(start, the.small_net(seed % 1000 + 15), x, y, 0.05, 5, "for a batch of 40,")
    x, y = the.batch_of(seed + 16, n=7, classes=3)
    where = "for a net that ends in a mean of each two logits,"
    the.start_case(start, the.pooled(seed % 1000 + 16), x, y, 0.05, 5, where)
    x, y = the.batch_of(seed + 9, n=7, classes=5)
    y = y.clamp(max=2)
    net = the.small_net(seed % 1000 + 9, classes=5, drop=0.4, norm=True)
    net[3].eval()
    for p in net.parameters():
        p.grad = torch.full_like(p, 2.0)
    the.start_case(start, net, x, y, 0.05, 6, "for a net with dropout and a batch norm,")
    where = "for a net with dropout of a rarer kind, further in,"
    the.start_case(start, the.dropped(seed % 1000 + 17), x, y, 0.05, 4, where)
    where = "for a net in which two layers share a weight, and another one is frozen,"
    the.start_case(start, the.often_used(seed % 1000 + 18), x, y, 0.05, 4, where)
    net = the.small_net(seed % 1000 + 10, classes=5)
    net[0].weight.requires_grad_(False)
    the.start_case(start, net, x, y, 0.05, 6, "for a net of which a layer is frozen,")
    the.start_case(start, net.eval(), x[:1], y[:1], 0.05, 6, "for a batch of one, and a net in eval mode,")


def groups(groups, seed=0):
    luck = random.Random(seed)
    for make in (
        the.small_net,
        the.tower,
        the.tied,
        the.twins,
        the.narrow,
        lambda: the.narrow()[:-1],
        the.alike_inside,
        the.by_names,
        the.again,
        lambda: the.small_net(norm=True),
    ):
        for factor in (luck.uniform(0.05, 0.9), 1.0, 3.0, 0.0):
            lr, decay = luck.uniform(0.001, 0.5), luck.choice([0.0, luck.uniform(0.01, 0.6)])
            where = f"for the rate {lr:.4f}, the factor {factor:.3f} and the decay {decay:.3f},"
            the.groups_case(groups, make(), lr, factor, decay, where)
    for frozen in (
        ("0.",),
        ("6.",),
        ("0.", "1.", "4.", "5."),
        ("4.bias", "1."),
        ("6.0.weight", "6.2.weight"),
    ):
        where = f"for a net in which what begins with {' and '.join(frozen)} is frozen,"
        the.groups_case(groups, the.tower(frozen), 0.2, 0.3, 0.1, where)
    the.groups_case(groups, nn.Sequential(nn.Linear(3, 2)), 0.2, 0.3, 0.1, "for a head without a body,")
    deep = nn.Sequential(*(nn.Linear(3, 3) for _ in range(6)))
    the.groups_case(groups, deep, 0.2, 0.3, 0.1, "for a body of five layers,")
    net = the.small_net()
    for p in net.parameters():
        p.grad = torch.ones_like(p)
    the.groups_case(groups, net.eval(), 0.2, 0.3, 0.1, "for a net in eval mode, with gradients,")
    # What torch makes of them: one update with gradients of 0 shows who decays, and how fast.
    net = the.small_net()
    before = {name: p.detach().clone() for name, p in net.named_parameters()}
    optimizer = torch.optim.AdamW(the.call(groups, net, 0.2, 0.5, 0.1))
    for p in net.parameters():
        p.grad = torch.zeros_like(p)
    optimizer.step()
    for name, p in net.named_parameters():
        left = 1.0 - {"0.weight": 0.01, "2.weight": 0.02}.get(name, 0.0)
        assert the.close(p.detach(), left * before[name]), f"with gradients of 0, {name} decays otherwise."


def train(train, seed=0):
    small = seed % 1000
    rules = {
        "SGD": functools.partial(torch.optim.SGD, lr=0.2),
        "momentum and decay": functools.partial(torch.optim.SGD, lr=0.1, momentum=0.8, weight_decay=0.1),
        "AdamW": functools.partial(torch.optim.AdamW, lr=0.05),
        "RMSprop": functools.partial(torch.optim.RMSprop, lr=0.01),
    }
    cases = (
        (10, 3, 4, 3, 0.4),
        (9, 9, 5, 2, 0.2),
        (7, 2, 2, 0, math.inf),
        (12, 5, 3, 8, 0.05),
        (5, 50, 3, 1, 1.0),
    )
    for number, (n, batch, epochs, warmup, clip) in enumerate(cases):
        name = list(rules)[number % 4]
        x, y = the.batch_of(seed + number, n=n)
        where = f"for {n} rows in batches of {batch}, {epochs} epochs, W = {warmup}, {name},"
        make = the.made(rules[name], two=number % 2 == 0, seed=small + number)
        the.train_case(train, make, x, y, epochs, batch, warmup, clip, seed + number, where)
    x, y = the.batch_of(seed + 8, n=9)
    make = the.made(rules["AdamW"], norm=True, seed=small + 8)
    the.train_case(train, make, x, y, 2, 5, 1, 0.5, seed, "for a net with a batch norm,", still=True)

    def frozen():
        net = the.small_net(small + 9)
        net[0].requires_grad_(False)
        return net, rules["SGD"]([p for p in net.parameters() if p.requires_grad])

    the.train_case(train, frozen, x, y, 2, 4, 2, 0.1, seed, "for a net with a frozen layer,")

    def stale():
        net, optimizer = the.made(rules["SGD"], seed=small + 10)()
        for p in net.parameters():
            p.grad = torch.ones_like(p)
        return net, optimizer

    the.train_case(train, stale, x, y, 2, 4, 2, 0.3, seed, "for gradients that lie around from before,")

    def warm():
        net, optimizer = the.made(rules["momentum and decay"], seed=small + 12)()
        for p in net.parameters():
            p.grad = torch.ones_like(p)
        optimizer.step()
        return net, optimizer

    where = "for an optimizer that has momentum from before,"
    the.train_case(train, warm, x, y, 2, 4, 2, 0.3, seed, where)
    where = "for four groups,"
    the.train_case(train, the.in_four(small + 14), x, y, 2, 4, 2, 0.1, seed, where)
    where = "for a net that comes in train mode, and a layer inside of another one in eval mode,"
    the.train_case(train, the.half_still(small + 15), x, y, 2, 3, 1, 0.5, seed, where)
    where = "for a net with a parameter that it does not use,"
    the.train_case(train, the.made(also=the.Spare, seed=small + 16), x, y, 2, 4, 1, 0.1, seed, where)
    where = "for gradients of 0 (decay and momentum move the weights),"
    make = the.made(rules["momentum and decay"], classes=1, seed=small + 17)
    the.train_case(train, make, x, 0 * y, 2, 3, 1, 0.5, seed, where)

    def apart(*inputs):
        with torch.random.fork_rng(devices=[]):
            return train(*inputs)

    where = "for a net that draws chance, as dropout does (the batches have a generator of their own),"
    the.train_case(apart, the.made(also=the.Draws, seed=small + 18), x, y, 3, 4, 1, 0.5, seed, where)
    the.train_case(train, the.made(seed=small), x, y, 1, 9, 0, 0.1, seed, "for one update,")

    # Without clipping it is the library's loop.
    nets = [the.small_net(small + 11) for _ in range(2)]
    adams = [rules["AdamW"](net.parameters()) for net in nets]
    found = the.call(train, nets[0], adams[0], x, y, 3, 4, 2, 1e9, seed, hint=the.train_hint)
    g = torch.Generator().manual_seed(seed)
    batches = [(x[r], y[r]) for _ in range(3) for r in torch.randperm(9, generator=g).split(4)]
    plan = WarmupCosine(adams[1], total=9, warmup=2)
    theirs = fit(nets[1], the.cross_entropy, batches, adams[1], scheduler=plan)
    assert the.close(torch.tensor(found), torch.tensor(theirs.loss)), (
        "without clipping, it is not fit's loop."
    )

    make, known, kinds = the.known_already(small + 13)
    where = "for a long run, whose losses are small, with two unlike rates,"
    the.train_case(train, make, known, kinds, 10, 2, 3, 0.5, seed, where)
    for units in (1e4, 1e12, 1e30):
        where = f"for measurements of size {units:g}, and gradients that are long, and clipped,"
        the.train_case(train, the.straight(small), units * x, y, 2, 4, 2, 0.7, seed, where)

    net, optimizer = the.made(seed=small)()
    try:
        train(net, optimizer, x[:, :2], y, 2, 4, 1, 0.5, seed)
    except FloatingPointError:
        words = "you raise a FloatingPointError. Let all other errors through: what do you catch?"
        raise AssertionError(f"for leaves that do not fit the net, {words}") from None
    except Exception:
        pass  # as it should be: a mistake in the program is seen
    bad = x.clone()
    bad[-1, 0] = math.inf
    where = "for a measurement that is inf,"
    the.stops(train, the.small_net(small), bad, y, where, finite=False)
    where = "for a finite loss, and a gradient too long for a number,"
    the.stops(train, *the.nowhere(seed), where)
    blank = the.random(4, 3, seed=seed)
    blank[1] = 0.0
    where = "for a finite loss with a gradient that is not,"
    the.stops(train, the.rooted(small), blank, torch.tensor([0, 1, 2, 1]), where)
    luck = random.Random(seed)
    for n, batch, epochs in ((9, 3, 3), (10, 4, 4), (4, 4, 7)):
        last = epochs * math.ceil(n / batch) - 1
        for at in (1, luck.randrange(2, last), last - 1, last):
            where = f"for a gradient that is not finite at update {at} of {last + 1}, from 0 on,"
            the.stops_late(train, n, batch, epochs, at, where, small + at)


def project(project, seed=0):
    luck = random.Random(seed)
    for _ in range(12):
        n, k = luck.randrange(2, 7), luck.randrange(1, 5)
        seeds = luck.sample(range(1000), n + k)
        first = luck.choice([1.0, 0.3, 0.01, 0.007])
        at = first * 2.0 ** luck.choice([-4, -3, -2, -1, 0, 1, 2, 3, 4])
        at *= luck.uniform(0.8, 1.2)
        lucky = {one: luck.gauss(0, 2) for one in seeds}
        steep, death = luck.uniform(1, 8), luck.choice([math.inf, 2.5 * at])
        odd = luck.choice(seeds[:k])

        def valid(rate, one, at=at, lucky=lucky, steep=steep, death=death, odd=odd):
            if rate > death and one == odd:
                return math.inf
            rough = math.sin(50.0 * math.log(rate) + one)  # luck that a mean over seeds takes out, in part
            return 20.0 + steep * abs(math.log2(rate / at)) + lucky[one] + 0.5 * rough

        errors = [luck.uniform(10, 30) for _ in range(n)]
        better = luck.choice([0.0, 1.0, 4.0, 9.0])
        base = [error + luck.gauss(better, 3) for error in errors]
        floor = luck.choice([0.0, 8.0, sum(errors) / n - 0.5, sum(errors) / n + 0.5])
        world = the.World(valid, the.off(errors, seeds[k:]), first, seeds[:k], seeds[k:], base, floor)
        where = f"for {k} tuning and {n} judging seeds, and {first:g} to begin with,"
        the.project_case(project, world, where)
        again = the.World(valid, the.off(errors, seeds[k:]), first, seeds[:k], seeds[k:], base, floor)
        _, gain, error, _ = project(again.run, first, seeds[:k], seeds[k:], base, floor)
        theirs = paired(base, errors, resampled="seeds", fixed="the rate")
        assert the.close([gain, error], [theirs.mean, theirs.error]), f"{where} paired() has other numbers."

    def world(valid, base, errors, floor, first=1.0, tuning=(0,)):
        judging = range(10, 10 + len(base))
        return the.World(valid, the.off(errors, judging), first, tuning, judging, base, floor)

    flat = the.valley(1.0)
    three = [20.0, 20.0, 20.0, 20.0]
    exact = world(flat, [23.0, 23.0, 23.0, 19.0], three, 8.0)  # a gain of 2, an error of 1
    the.project_case(project, exact, "for a gain of exactly two of its errors,")
    more = world(flat, [23.5, 23.5, 23.5, 19.5], three, 8.0)
    the.project_case(project, more, "for a gain of two and a half of its errors,")
    the.project_case(
        project, world(flat, [30.0, 31.0], [20.0, 20.0], 20.0), "for a mean error that is the floor,"
    )
    even = [30.0, 30.0, 30.0]
    for nets, where in ((20.0, "10"), (30.0, "0"), (35.0, "−5")):
        equal = world(flat, even, [nets] * 3, 8.0)
        the.project_case(project, equal, f"for a gain of {where} for each seed,")
    worse = world(flat, [10.0, 11.0, 12.0], [30.0, 35.0, 31.0], 8.0)
    the.project_case(project, worse, "for a network that is worse than the baseline,")
    the.project_case(
        project, world(flat, [3.0, 4.0], [5.0, 9.0], 9.0), "for a leak that is worse than the baseline,"
    )

    def table(**scores):
        found = {float(key[1:].replace("_", ".")): value for key, value in scores.items()}
        return lambda rate, one: found.get(rate, 50.0)

    gains = [30.0, 31.0, 35.0], [20.0, 22.0, 21.0], 8.0
    plateau = table(r0_125=30.0, r0_25=9.0, r0_5=9.0, r1=9.0, r2=9.0)
    the.project_case(project, world(plateau, *gains), "for four rates that are equally good,")
    up = table(r0_5=20.0, r1=15.0, r2=11.0, r4=10.0, r8=10.0)
    the.project_case(project, world(up, *gains), "for a best rate far above,")
    dip = table(r0_25=30.0, r0_5=12.0, r1=20.0, r2=10.0, r4=30.0)
    the.project_case(project, world(dip, *gains), "for two dips,")
    zero = table(r0_5=1.0, r1=0.0, r2=1.0)
    the.project_case(project, world(zero, *gains), "for a validation error of 0,")

    edge = table(r0_25=1.0, r0_5=0.0, r1=1.0, r2=2.0)
    the.project_case(project, world(edge, *gains), "for a validation error of 0 at an edge,")
    for hair in (3e-3, 1e-7):
        below = world(flat, [30.0, 34.0], [20.0 - hair, 20.0 - hair], 20.0)
        the.project_case(project, below, f"for a mean error that is {hair:g} below the floor,")
    some = world(flat, [20.4, 22.1, 23.8], [20.0, 20.0, 20.0], 8.0)
    the.project_case(project, some, "for a gain a little above two of its errors, for three seeds,")
    for dies in (True, False):
        the.project_case(project, the.unlike(dies), "for tuning seeds of much luck,")

    steep = table(r0_5=math.inf, r1=100.0, r2=100.0, r4=math.inf)
    the.project_case(project, world(steep, *gains), "for runs that live and err by 100,")
    the.project_case(project, world(the.valley(2.0**-12), *gains), "for a best rate that is far below,")
    spread = world(flat, [30.0, 31.0, 29.0, 33.0], [2.0, 2.0, 2.0, 16.0], 8.0)
    the.project_case(project, spread, "for test errors of 2, 2, 2 and 16,")

    def above(rate, one):  # all of the first three die
        return math.inf if rate > 0.2 else 10.0 + abs(math.log2(rate / 0.03125))

    the.project_case(project, world(above, *gains, tuning=(3, 1)), "for runs that die above the rate 0.2,")

    def often(rate, one):  # the higher of the first three rates die less often; what lies below lives
        return (
            math.inf
            if one < {2.0: 1, 1.0: 2, 0.5: 3}.get(rate, 4 * (rate > 2))
            else the.valley(0.125)(rate, one)
        )

    where = "for three rates that die, the smallest of them the most often,"
    the.project_case(project, world(often, *gains, tuning=range(4)), where)

    def distant(exponent):  # better and better up to there
        return lambda rate, one: 90.0 - 0.5 * abs(exponent) + 0.5 * abs(math.log2(rate) - exponent)

    for exponent in (-110, 75):
        where = f"for a best rate of 2^{exponent},"
        the.project_case(project, world(distant(exponent), *gains), where)
    for apart in (1e-9, 1e-4, 0.004, 0.04, 0.4):
        near = table(r0_25=30.0, r0_5=10.1 + apart, r1=10.1, r2=30.0)
        the.project_case(project, world(near, *gains), f"for scores that are {apart:g} apart,")
    for kind in (RuntimeError, ArithmeticError, OverflowError, ZeroDivisionError, KeyError):
        broken = world(flat, *gains)
        broken.breaks = lambda rate, one, kind=kind: kind("broken") if rate == 2.0 else None
        the.goes_through(project, broken, kind, f"for a run that stops with {kind.__name__}:", the.FOREIGN)

    def judged(rate, one):  # one of the judging seeds
        return math.inf if one == 11 else flat(rate, one)

    words = "the run dies, and you catch its error. Without it there is no mean: let it through."
    where = "for the judged run of one seed,"
    the.goes_through(project, world(judged, *gains), FloatingPointError, where, words)
