"""The unseen tests of assignment 3.9."""

import math
import random

import torch

from course_lib import rules
from course_lib.checks import module
from course_lib.compare import paired

the = module("3_9_whats_next")


def data(split, scaled, rows_at, seed=0):
    small = seed % 1000
    for number, (people, most) in enumerate([(5, 3), (9, 6), (44, 2), (4, 3), (1, 3), (130, 5), (12, 1)]):
        who = the.visits(people, seed + number, most)
        the.split_case(split, who, small + number, f"for {people} people and the seed {small + number},")
        # As many people, who come as often, and are others; and the same seed.
        with the.right_before(f"for {people} other people,"):
            the.split_case(split, who.flip(0) * 5 + 2, small + number, "")
    who = the.visits(23, seed + 50) * 10**12 - 5
    the.split_case(split, who, seed, f"for people with long numbers and the seed {seed},")
    who = (2**53 + torch.arange(10)).repeat_interleave(2)
    the.split_case(split, who, seed, "for people with long numbers, one beside the other,")
    for number, (n, D, fits) in enumerate([(30, 4, 12), (9, 1, 4), (50, 6, 50)]):
        x = the.with_gaps(n, D, seed + number)
        fit = torch.cat([torch.tensor([2, 0, 1]), 3 + torch.randperm(n - 3, generator=the.seeded(seed))])
        the.scaled_case(scaled, x, fit[:fits], f"for {n} rows of {D} columns, of which {fits} fit,")
        with the.right_before(f"for {n} other rows of {D} columns,"):
            the.scaled_case(scaled, x.mul_(-2.0).add_(3.0), fit[:fits], "")  # in place
        for unit in (1e-15, 1e-9, 1e-3, 1e9):
            the.scaled_case(scaled, unit * x, fit[:fits], f"for columns in units of {unit:g},")
    x = the.with_gaps(40, 12, seed + 10, share=0.3)
    the.scaled_case(scaled, x, torch.arange(0, 40, 2), "for twelve columns,")
    x = the.with_gaps(300, 2, seed + 11)
    the.scaled_case(scaled, x, torch.arange(290), "for 300 rows,")
    x = the.random(12, 2, seed=seed)
    the.scaled_case(scaled, x, torch.tensor([0, 5, 6, 11]), "for data without a gap,")
    spoiled = torch.cat([x, torch.full((3, 2), 1e9)])
    the.scaled_case(scaled, spoiled, torch.arange(12), "for absurd numbers among the rows of the test,")
    x = the.with_gaps(25, 2, seed + 9)
    the.scaled_case(scaled, 1e5 + x, torch.arange(0, 25, 2), "for numbers near 1e5,")

    for number, (n, batch) in enumerate([(6, 3), (11, 4), (5, 9), (7, 7), (8, 1), (1, 2), (30, 8)]):
        order = torch.randperm(200, generator=the.seeded(seed + number))
        fit, mine = order[:n].clone(), small + number
        k = math.ceil(n / batch)
        updates = [*range(2 * k + 1), 17 * k + k - 1, 999 * k, 3]
        the.dealt_case(rows_at, fit, (0, 1), batch, small, f"for {n} rows and the seed {small}, again,")
        where = f"for {n} rows, batches of {batch} and the seed {mine},"
        the.dealt_case(rows_at, fit, updates, batch, mine, where)
        with the.right_before(f"for {n} other rows, batches of {batch} and the same seed,"):
            the.dealt_case(rows_at, fit.neg_().add_(500), updates, batch, mine, "")  # in place


def network(logits, start, seed=0):
    for number, (n, D, H, branches, C) in enumerate(
        [(1, 1, 1, 1, 1), (7, 4, 6, 5, 5), (3, 5, 5, 1, 5), (4, 2, 9, 2, 3), (6, 3, 3, 0, 3), (5, 5, 5, 2, 5)]
    ):
        where = f"for n, D, H, C = {n}, {D}, {H}, {C} and {branches} branches,"
        weights = the.some_weights(D, H, branches, C, seed % 1000 + number)
        x = the.random(n, D, seed=seed + number)
        the.logits_case(logits, weights, x, where)
        for size in (1e-4, 1e4):
            the.logits_case(logits, weights, size * x, f"{where} and inputs of the size {size:g},")
        the.start_case(start, D, H, branches, C, seed + number, where)
    low = [w.float() for w in the.some_weights(4, 5, 2, 3, seed % 1000 + 20)]
    the.logits_case(logits, low, the.random(6, 4, seed=seed + 20).float(), "for float32,", near=1e-4)
    the.start_case(start, 40, 30, 5, 10, seed, "for D, H, C = 40, 30, 10 and five branches,")

    # A branch that starts at zero leaves what the network without it says.
    weights = start(5, 8, 3, 4, seed)
    x = the.random(6, 5, seed=seed + 30)
    bare = logits([weights[0], weights[-1]], x)
    assert the.close(logits(weights, x), bare, 1e-12), (
        "at its start, the network with three branches does not say what the one without them says."
    )
    # A row's answer is that row's own.
    weights = the.some_weights(5, 6, 2, 3, seed % 1000 + 31)
    alone = torch.cat([logits(weights, row[None]) for row in x])
    assert the.close(logits(weights, x), alone, 1e-12), "a row's answer hangs on the other rows."


def belief(belief, seed=0):
    luck = random.Random(seed)
    for number in range(12):
        hyper = {
            "lr": luck.uniform(0.01, 0.5),
            "betas": (luck.uniform(0.1, 0.95), luck.uniform(0.1, 0.999)),
            "eps": 10 ** luck.uniform(-8, -1),
            "weight_decay": luck.choice([0.0, 0.1, 1.0]),
        }
        gradients = [luck.gauss(0, 10 ** luck.uniform(-3, 2)) for _ in range(8)]
        where = f"for case {number}, eight gradients of many sizes,"
        the.belief_case(belief, luck.gauss(0, 2), gradients, where, **hyper)
    # β₁ = 0: the gradient is what was expected, and ε alone is left in v: that is SGD.
    lr, eps, beta2 = 0.01, 1e-2, 0.9
    w, s = 3.0, {}
    for t in range(1, 8):
        g = luck.gauss(0, 5)
        new, s = the.by_rule.one_update(
            belief, w, g, s, t, lr=lr, betas=(0.0, beta2), eps=eps, weight_decay=0.0
        )
        step = lr * g / ((eps / (1 - beta2)) ** 0.5 + eps)
        assert the.near(new, w - step), (
            "for β₁ = 0 it is SGD with the rate η/(√(ε/(1 − β₂)) + ε), and is not."
        )
        w = new
    # Gradients of zeros move nothing but the decay, with the values that stand in the head of the function.
    w, s = 2.0, {}
    for t in range(1, 6):
        w, s = the.by_rule.one_update(belief, w, 0.0, s, t)
    assert the.near(w, 2.0 * (1 - 1e-3 * 0.01) ** 5), (
        "for gradients of 0 and the given defaults, the decay alone acts: w(1 − ηλ)ᵗ."
    )
    gradients, path, s = [luck.gauss(0, 1) for _ in range(5)], [1.0], {}
    for t, g in enumerate(gradients, start=1):
        w, s = the.by_rule.one_update(belief, path[-1], g, s, t)
        path.append(w)
    right = the.believed(1.0, gradients, **the.USUAL)
    assert all(map(the.near, path[1:], right)), "with the given defaults, w is another."
    # Where updates moved nothing, t leaps, and a state is {} at any t.
    for _ in range(4):
        hyper = {
            "lr": luck.uniform(0.01, 0.5),
            "betas": (luck.uniform(0.5, 0.95), luck.uniform(0.5, 0.999)),
            "eps": 10 ** luck.uniform(-8, -1),
            "weight_decay": 0.1,
        }
        times = sorted(luck.sample(range(2, 12), 4))
        where = f"for updates t = {', '.join(map(str, times))},"
        the.belief_case(belief, 1.0, [luck.gauss(0, 1) for _ in times], where, times=times, **hyper)
    hyper = {"lr": 0.1, "betas": (0.9, 0.99), "eps": 1e-6, "weight_decay": 0.1}
    many = [luck.gauss(0.5, 1) for _ in range(150)]
    the.belief_case(belief, 1.0, many, "for 150 updates,", **hyper)
    the.belief_kinds(belief, seed)


def loop(go_on, seed=0):
    small = seed % 100_000
    for number, (shapes, updates, clip) in enumerate(
        [
            (((1,),), 4, 0.5),
            (((2, 3), (3,)), 6, 10.0),
            (((4,), (2, 5), (5, 1), (1,)), 3, 40.0),
            (((3, 3), (2,)), 5, 1e-3),
            (((2, 2), (3,)), 4, 1e9),
        ]
    ):
        task = the.Task(shapes, seed=small + number)
        where = (
            f"for weights of the shapes {', '.join(map(str, shapes))}, {updates} updates and clip {clip:g},"
        )
        run = the.loop_case(go_on, task, the.fresh(task, small + 9), updates, clip, where)
        the.loop_case(go_on, task, run, 2, clip, f"{where} and two more,")
        the.resume_case(go_on, task, the.fresh(task, small + 8), 2, 3, clip, where)
    for bad in (math.nan, math.inf, "kink", "loss"):
        task = the.Task(the.SHAPES, seed=small + 20, bad={0: bad, 3: bad})
        where = f"for gradients that are not finite at the updates 0 and 3 ({bad}),"
        if bad == "loss":
            where = "for a loss that is infinite at the updates 0 and 3, and gradients that are finite,"
        run = the.loop_case(go_on, task, the.fresh(task, small + 21), 5, 12.0, where)
        the.resume_case(go_on, task, run, 1, 2, 12.0, where)
        the.resume_case(go_on, task, the.fresh(task, small + 21), 1, 3, 12.0, where)
    for bad in ({1: math.nan, 2: math.inf, 3: "kink"}, dict.fromkeys(range(5), math.nan)):
        task = the.Task(the.SHAPES, seed=small + 24, bad=bad)
        where = f"for gradients that are not finite at the updates {', '.join(map(str, bad))},"
        the.loop_case(go_on, task, the.fresh(task, small + 25), 5, 12.0, where)
    task = the.Task(the.SHAPES, seed=small + 28, still={0})
    run = the.fresh(task, 0)
    run["weights"] = [0 * w for w in run["weights"]]
    the.loop_case(go_on, task, run, 1, 9.0, "for weights of zeros and a rate of 0,")
    # Long runs: forty updates, and in two parts.
    task = the.Task(((2,), (1, 2)), seed=small + 26, bad={30: math.nan})
    run = the.loop_case(go_on, task, the.fresh(task, small + 27), 40, 3.0, "for forty updates,")
    the.loop_case(go_on, task, run, 12, 3.0, "for forty updates and twelve more,")
    task = the.Task(the.SHAPES, seed=small + 22, flat={0, 2})
    the.loop_case(go_on, task, the.fresh(task, small + 23), 4, 12.0, "for gradients of zeros at first,")

    # A run that was begun by somebody else, far on: t, states and log are its own.
    task = the.Task(the.SHAPES, seed=small + 30)
    run = the.fresh(task, small + 31)
    run = {
        **run,
        "t": 1002 + seed % 7,  # far from the log, whose lines somebody keeps elsewhere
        "log": [{"t": 999, "loss": 1.0, "gradient": 2.0, "rate": 0.1, "ratio": 0.0}],
    }
    run["states"] = [{"m": torch.ones_like(w), "seen": 5} for w in run["weights"]]
    the.loop_case(go_on, task, run, 3, 12.0, "for a run that somebody else began,")

    the.loop_case(go_on, task, {**run, "log": []}, 3, 12.0, "for such a run, whose log was cleared,")

    many = [{**run["log"][0], "t": t} for t in range(1500)]
    the.loop_case(go_on, task, {**run, "log": many}, 2, 12.0, "for such a run, whose log is long,")

    # Two runs in turn do not meet.
    tasks = [the.Task(the.SHAPES, seed=small + 40 + k) for k in range(2)]
    runs = [the.fresh(task, small + 50) for task in tasks]
    for step in range(3):
        where = f"for two runs, used in turn, in turn {step},"
        runs = [
            the.loop_case(go_on, task, run, 2, 12.0, where) for task, run in zip(tasks, runs, strict=True)
        ]
    # Torch's own AdamW, over some updates without clipping.
    task = the.Task(the.SHAPES, seed=small + 60)
    task.rule = lambda w, g, s, t, *, lr: rules.adamw(w, g, s, t, lr=lr)
    start = the.fresh(task, small + 61)
    found = go_on(start, 6, task.loss_of, task.rule, task.schedule, 1e9)["weights"]
    ws = [torch.nn.Parameter(w.clone()) for w in start["weights"]]
    adam = torch.optim.AdamW(ws, lr=1.0)
    for t in range(6):
        adam.param_groups[0]["lr"] = task.schedule(t)
        adam.zero_grad()
        task.loss_of(ws, t).backward()
        adam.step()
    assert all(the.close(a, b.detach(), 1e-10) for a, b in zip(found, ws, strict=True)), (
        "with AdamW as the rule, the weights are not those of torch's AdamW after six updates."
    )


def verdict(verdict, seed=0):
    luck = random.Random(seed)
    seen = set()
    for number in range(40):
        count, tuning, judging = luck.randrange(3, 7), luck.randrange(1, 6), luck.randrange(2, 9)
        seeds = luck.sample(range(1000), tuning + judging)
        hard = [luck.gauss(0, 3) for _ in seeds]  # a hard split is hard for both
        names, table = luck.sample(["Yogi", "AdamW", "Tiger", "New", "SGD", "a"], 2), {}
        clear = {8: 40.0, 10: -40.0}.get(number)  # one is far ahead, whatever the luck
        lead = clear or luck.choice([0.0, 0.0, 0.2, 2.0, -2.0])
        for k, name in enumerate(names):
            rates = sorted(luck.sample([0.001 * 2**j for j in range(10)], count))
            best = luck.randrange(count) if number % 3 == 0 else luck.randrange(1, count - 1)
            rows, noise = [], 0.5 if clear else luck.choice([0.5, 0.5, 8.0])
            for j in range(count):
                level = 20.0 + 6 * abs(j - best) + k * lead
                rows.append([level + more + luck.gauss(0, noise) for more in hard])
            if number % 4 == 1:  # the best but one dies
                j = luck.choice([j for j in range(count) if j != best])
                rows[j] = [1.0] * len(seeds)
                rows[j][luck.randrange(tuning)] = math.nan
            if number % 5 == 2:  # a run dies while judging
                if luck.random() < 0.7:
                    for dead in luck.sample(range(judging), luck.randrange(1, judging + 1)):
                        rows[best][tuning + dead] = math.nan
            table[name] = dict(zip(rates, rows, strict=True))
        world = the.World(table, seeds[:tuning], tuple(seeds[tuning:]))
        where = f"for {count} rates each, {tuning} tuning and {judging} judging seeds,"
        the.verdict_case(verdict, world, where)
        seen.add(the.right_of(world)[1])
        if the.right_of(world)[2] is not None:
            best = the.right_of(world)[0]
            a, b = (world.judged(name, best[name]) for name in names)
            theirs = paired(a, b, resampled="seeds", fixed="the rates")
            got = verdict(world.run, world.rates, world.tuning, world.judging)
            assert the.close(got[2:], [theirs.mean, theirs.error]), f"{where} paired() has other numbers."
    # The edge of two errors, on both sides of 0, and an error of 0.
    for d, due in (
        ((-5.0, -1.0, -1.0, -1.0), "exactly two errors below 0"),
        ((5.0, 1.0, 1.0, 1.0), "exactly two errors above 0"),
        *(
            ((size * one, size * (3 * one + off)), f"{size:g} times {2 * one:g}, {words} two errors")
            for size in (1.0, 1e-4, 1e3)
            for one in (1.0, -1.0)
            for off, words in ((-1e-5 * one, "barely more than"), (1e-5 * one, "barely less than"))
        ),
        ((0.2, 0.3), "a little above 0, by five errors"),
        ((-0.2, -0.3), "a little below 0, by five errors"),
        ((0.0, 0.0), "0, with an error of 0"),
        ((-1.0, -1.0, -1.0), "−1, with an error of 0"),
        ((2.0, 2.0), "2, with an error of 0"),
        ((-1.0,) * 4 + (0.01,) * 5, "more than two errors below 0, and most differences are above"),
        ((1.0,) * 4 + (-0.01,) * 5, "more than two errors above 0, and most differences are below"),
        ((1e4 + 0.1, 1e4 + 0.2, 1e4 + 0.4), "near ten thousand, and the error below a tenth"),
    ):
        world = the.judged_world([10.0 + one for one in d], [10.0] * len(d))
        the.verdict_case(verdict, world, f"where the mean is {due},")
    nan = math.nan
    for a, b in (
        ([nan, nan, 3.0], [1.0, 1.0, 1.0]),
        ([1.0, 2.0], [nan, nan]),
        ([nan, 1.0], [nan, 1.0]),
        ([nan, nan, nan, 1.0], [1.0, 1.0, 1.0, nan]),
        ([1.0, nan, 1.0], [nan, nan, 1.0]),
    ):
        the.verdict_case(verdict, the.judged_world(a, b), "where several runs die while judging,")
    # The best rate is at an edge, and a run of its neighbour died.
    for rates in ((0.1, 0.2, 0.4), (0.4, 0.2, 0.1)):
        rows = dict(zip(rates, ([9.0] * 3, [nan, 5.0, 5.0], [1.0] * 3), strict=True))
        for name in ("New", "AdamW"):
            world = the.judged_world([5.0, 7.0], [6.0, 9.0])
            world.table[name] = dict(sorted(rows.items()))
            the.verdict_case(verdict, world, "where a run of the rate beside the best one died,")
    # Short lists: of one rate or two, the best one is at the edge.
    one = {"new": {0.1: [1.0, 2.0, 3.0]}, "old": {0.1: [2.0, 3.0, 4.0]}}
    the.verdict_case(verdict, the.World(one, (0,), (1, 2)), "for one rate each,")
    two = {"new": {0.1: [1.0, 2.0, 3.0], 1.0: [2.0] * 3}, "old": {0.1: [3.0] * 3, 1.0: [2.0, 3.0, 4.0]}}
    the.verdict_case(verdict, the.World(two, (0,), (1, 2)), "for two rates each,")
    for little in (1e-6, 5e-8, 5e-10):
        close_by = {
            name: {0.1 * 2**k: [5.0 - d * little, 4.0, 4.5 + k] for k, d in enumerate((0, 1, 2, 1))}
            for name in "ab"
        }
        the.verdict_case(verdict, the.World(close_by, (0,), (1, 2)), "for means that differ by very little,")
    same = [1.0, 2.0, 3.0]
    world = {name: {0.1: same, 1.0: same, 10.0: same} for name in ("new", "old")}
    the.verdict_case(verdict, the.World(world, (0,), (1, 2)), "for rates that are all alike,")
    for size in (1e5, 1e13):
        high = {
            name: {
                0.1: [5 * size] * 3,
                1.0: [2 * size, k * size, 4 * k * size],
                10.0: [3 * size] * 3,
                1e2: [nan] * 3,
            }
            for k, name in enumerate("ab")
        }
        the.verdict_case(verdict, the.World(high, (0,), (1, 2)), f"for losses of the size {size:g},")
        low = {
            name: {rate: [-loss for loss in row] for rate, row in rows.items()} for name, rows in high.items()
        }
        for rows in low.values():
            rows[1.0][0] = -9 * size
        the.verdict_case(verdict, the.World(low, (0,), (1, 2)), f"for losses of the size −{size:g},")
    a, b = ([10.0 + luck.gauss(0, 1) for _ in range(40)] for _ in range(2))
    world = the.judged_world(a, b, tuning=range(12))
    the.verdict_case(verdict, world, "for twelve tuning and forty judging seeds,")

    world = the.judged_world([5.0, 7.0], [6.0, 9.0], tuning=(1, 2, 51))
    the.by_pairs.refuses(verdict, world, "for a tuning seed, the last, that judges, too", the.SEALED)
    world = the.judged_world([5.0, 7.0], [6.0, 9.0], tuning=range(4998, 5001), judging=range(5000, 5002))
    the.by_pairs.refuses(verdict, world, "for ranges that share a seed", the.SEALED)
    world = the.judged_world([5.0, 7.0, 1.0], [6.0, 9.0, 1.0], tuning=(1, 5, 2), judging=(8, 5, 9))
    the.by_pairs.refuses(verdict, world, "for seeds of which the middle ones are one", the.SEALED)
    world = the.judged_world([5.0, 7.0], [6.0, 9.0])
    del world.table["New"][0.4]
    the.by_pairs.refuses(verdict, world, "for two rates against three", the.SAME_COUNT)
    assert seen == set(the.WORDS), f"these worlds have the words {seen} alone: this test is broken."
