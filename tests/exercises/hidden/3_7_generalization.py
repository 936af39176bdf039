"""The unseen tests of assignment 3.7: other batches, networks, optimizers, answers, runs and units."""

import functools
import math
import random

import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from course_lib.checks import module
from course_lib.compare import paired

the = module("3_7_generalization")


def chance(seed):
    return torch.Generator().manual_seed(seed)


def soft_targets(smoothed, mixed, seed=0):
    g = chance(seed)
    for n, classes, share in ((6, 3, 0.3), (1, 2, 0.9), (9, 10, 0.1), (4, 4, 1.0), (5, 7, 0.25)):
        y = torch.randint(classes - 1, (n,), generator=g)  # the last class is not among them
        the.smooth_case(smoothed, y, classes, share, f"for {n} of {classes} classes and a share of {share},")
        z = the.random(n, classes, seed=seed + n)
        ours = cross_entropy(z, smoothed(y, classes, share))
        theirs = cross_entropy(z, y, label_smoothing=share)
        assert the.close(ours, theirs, 1e-12), (
            f"for a share of {share}, the loss is not torch's with smoothing."
        )
    for shape in ((5, 5), (5,), (3, 2, 4, 4), (4, 1, 4), (1, 6), (7, 7)):
        n = shape[0]
        x, y = the.random(*shape, seed=seed + n), torch.randint(n, (n,), generator=g)
        t = (2 * the.random(n, n, seed=seed + 1)).softmax(dim=1) if n > 3 else one_hot(y, n).to(x.dtype)
        part, partner = torch.rand(n, generator=g), torch.randint(n, (n,), generator=g)
        where = f"for a batch of the shape {tuple(shape)}, and partners of which some come twice,"
        the.mix_case(mixed, x, t, part, partner, where)
        the.mix_case(mixed, x, t, part, torch.randperm(n, generator=g), f"for the shape {tuple(shape)},")
    x, t = the.random(3, 4, seed=seed), torch.eye(3)
    mix = torch.tensor([0.3, 0.6, 0.9])
    the.mix_case(mixed, x, 3 * t, mix, torch.tensor([1, 2, 0]), "for targets that do not sum to 1,")
    ends, partner = torch.tensor([0.0, 1.0, 0.5]), torch.tensor([1, 2, 1])
    the.mix_case(mixed, x, t, ends, partner, "for the parts 0, 1 and 0.5,")

    # A blend of targets is a blend of losses.
    z, y = the.random(6, 4, seed=seed + 2), torch.randint(4, (6,), generator=g)
    part, partner = torch.rand(6, generator=g), torch.randperm(6, generator=g)
    _, t = mixed(z, one_hot(y, 4).to(z.dtype), part, partner)
    halves = part * cross_entropy(z, y, reduction="none")
    halves = halves + (1 - part) * cross_entropy(z, y[partner], reduction="none")
    assert the.close(cross_entropy(z, t), halves.mean(), 1e-12), (
        "the loss on blended targets is not the blend of the two losses."
    )


class Shared(nn.Module):
    """Two layers with one weight, a number without dimensions, and a buffer."""

    def __init__(self, seed):
        super().__init__()
        torch.manual_seed(seed)
        self.scale = nn.Parameter(torch.tensor(2.0))
        self.one, self.two = nn.Linear(3, 3), nn.Linear(3, 3, bias=False)
        self.two.weight = self.one.weight
        self.register_buffer("table", torch.eye(3))
        self.register_buffer("passing", torch.ones(2), persistent=False)


def ema_update(ema_update, seed=0):
    for beta, start in ((0.99, 0), (0.5, 7), (0.0, 3), (1.0, 40), (0.999, 400)):
        where = f"for a net with a batch norm, and β = {beta}"
        the.average_case(ema_update, the.normed, beta, where, start=start, seed=seed)
    where = "for two layers that share a weight, β = 0.8"
    the.average_case(ema_update, Shared, 0.8, where, start=3, seed=seed)
    where = "for a mean in eval mode, without gradients, β = 0.9"
    the.average_case(
        ema_update, the.normed, 0.9, where, start=2, seed=seed, requires_grad_=False, train=False
    )
    where = "for nets of which only some layers are in train mode, β = 0.9"
    the.average_case(ema_update, the.normed, 0.9, where, start=2, seed=seed, still=True)
    the.average_case(ema_update, lambda k: the.normed(k).float(), 0.9, "for float32 nets, β = 0.9", seed=seed)

    # Far from the start it is torch's average.
    net, mean = the.normed(seed), the.normed(seed)
    theirs = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.7))
    theirs.update_parameters(net)
    for t in range(30, 40):
        for k, w in enumerate(net.parameters()):
            w.data += the.random(*w.shape, seed=seed + 10 * t + k)
        ema_update(mean, net, 0.7, t)
        theirs.update_parameters(net)
    pairs = zip(mean.parameters(), theirs.module.parameters(), strict=True)
    assert all(the.close(m.detach(), w.detach(), 1e-12) for m, w in pairs), (
        "for β = 0.7, from t = 30 to 39, the mean is not that of torch."
    )
    # What the start held is forgotten, whatever it was.
    means = [the.normed(seed + k) for k in range(2)]
    for t in range(4):
        for w in net.parameters():
            w.data += 1.0
        for mean in means:
            ema_update(mean, net, 0.9, t)
    pairs = zip(*(mean.parameters() for mean in means), strict=True)
    assert all(the.close(m.detach(), w.detach(), 1e-12) for m, w in pairs), (
        "two means that began elsewhere differ after four moves: the start is not forgotten."
    )
    moving = the.normed(seed)
    for w in moving.parameters():
        w.grad = torch.full_like(w, 2.0)
    for m in means[0].parameters():
        m.grad = None
    ema_update(means[0], moving, 0.9, 5)
    kept = all(w.grad is not None and bool((w.grad == 2.0).all()) for w in moving.parameters())
    assert kept, "the gradients of net have changed."
    assert all(m.grad is None for m in means[0].parameters()), "the mean has got gradients."


def sam_step(sam_step, seed=0):
    # On a quadratic, in closed form.
    q, w0 = the.random(4, seed=seed).abs() + 0.5, the.random(4, seed=seed + 1)
    for lr, rho in ((0.1, 0.2), (0.05, 2.0), (0.2, 0.0), (9.0, 1.0)):
        net = nn.ParameterList([w0[:1].clone(), w0[1:].clone()])
        optimizer = torch.optim.SGD(net.parameters(), lr=lr)

        def loss_of(net=net):
            return 0.5 * (q * torch.cat(list(net)).square()).sum()

        want = w0 - lr * q * (w0 + rho * q * w0 / (q * w0).norm())
        low = 0.5 * (q * w0.square()).sum().item()
        answer = sam_step(net, optimizer, loss_of, rho)
        got = torch.cat([w.detach() for w in net])
        where = f"on ½Σqw², with η = {lr} and ρ = {rho},"
        the.agrees(f"{where} w", got, want)
        the.tools.expect(f"{where} the loss", answer, low)

    rules = {
        "Adam": functools.partial(torch.optim.Adam, lr=0.01),
        "AdamW with much decay": functools.partial(torch.optim.AdamW, lr=0.01, weight_decay=0.9),
        "Nesterov": functools.partial(torch.optim.SGD, lr=0.1, momentum=0.9, nesterov=True),
        "a decay alone": functools.partial(torch.optim.SGD, lr=0.1, weight_decay=0.3),
        "plain SGD": functools.partial(torch.optim.SGD, lr=0.2),
    }
    for name, rule in rules.items():
        make = functools.partial(the.two_layers, rule, seed)
        loss = functools.partial(the.layers_loss, seed=seed + 3)
        the.sam_case(sam_step, make, loss, 0.4, f"with {name},", steps=3)

    def two_rates():
        net, _ = the.two_layers(seed=seed)
        groups = [{"params": layer.parameters(), "lr": 0.1 * (k + 1)} for k, layer in enumerate(net)]
        return net, torch.optim.SGD(groups, lr=0.5)

    the.sam_case(sam_step, two_rates, the.layers_loss, 0.2, "for a rate for each layer,")

    def frozen():
        net, _ = the.two_layers(seed=seed)
        net[0].requires_grad_(False)
        return net, torch.optim.SGD(net.parameters(), lr=0.1)

    the.sam_case(sam_step, frozen, the.layers_loss, 0.2, "for a net with a frozen layer,")
    where = "for a net with a frozen layer, and gradients from before,"
    the.sam_case(sam_step, frozen, the.layers_loss, 0.2, where, stale=True)

    def still():
        net, optimizer = the.two_layers(seed=seed)
        net.eval()
        net[1].train()
        return net, optimizer

    the.sam_case(sam_step, still, the.layers_loss, 0.2, "for a net of which one layer is in train mode,")

    def low():
        net, _ = the.two_layers(seed=seed)
        net.float()
        return net, torch.optim.SGD(net.parameters(), lr=0.1)

    the.sam_case(sam_step, low, the.layers_loss, 0.2, "for a float32 net,", near=1e-5)
    for times, lr in ((1e4, 1e-5), (1e-4, 1e3)):
        make = functools.partial(the.two_layers, functools.partial(torch.optim.SGD, lr=lr), seed)
        where = f"for a loss that is {times:g} times as large,"
        the.sam_case(sam_step, make, lambda net, times=times: times * the.layers_loss(net), 0.2, where)
    make = functools.partial(the.two_layers, functools.partial(torch.optim.SGD, lr=1e6), seed)
    where = "for a loss that is 1e-07 times as large,"
    the.sam_case(sam_step, make, lambda net: 1e-7 * the.layers_loss(net), 0.2, where, near=1e-4)
    make = functools.partial(the.two_layers, seed=seed)
    where = "for gradients that lie around from before,"
    the.sam_case(sam_step, make, the.all_layers_loss, 0.2, where, stale=True)
    decayed = functools.partial(torch.optim.SGD, lr=0.1, momentum=0.9, weight_decay=0.1)
    where = "for a layer that is not used, and gradients from before,"
    make = functools.partial(the.two_layers, decayed, seed)
    the.sam_case(sam_step, make, the.layers_loss, 0.2, where, stale=True)
    where = "for gradients of zeros, with momentum and decay,"
    the.sam_case(
        sam_step,
        functools.partial(the.two_layers, decayed, seed),
        lambda net: 0 * the.layers_loss(net),
        0.3,
        where,
        steps=2,
    )
    where = "with ρ = 0,"
    the.sam_case(sam_step, functools.partial(the.two_layers, decayed, seed), the.layers_loss, 0.0, where)


def calibration(ece, own_zero, seed=0):
    g = chance(seed)
    for n, classes, bins in ((200, 3, 10), (50, 10, 15), (7, 2, 4), (1, 5, 10), (300, 4, 1), (30, 3, 40)):
        p = the.honest(n, classes, seed=seed + n)
        where = f"for {n} rows of {classes} probabilities and {bins} bins,"
        the.ece_case(ece, p, torch.multinomial(p, 1, generator=g)[:, 0], bins, where)
        the.ece_case(ece, p, torch.randint(classes, (n,), generator=g), bins, where)
        the.ece_case(ece, p, p.argmax(dim=1), bins, f"{where} if all are right,")
        the.ece_case(ece, p, p.argmin(dim=1), bins, f"{where} if none is right,")
    edges = the.rows(0.5, 0.625, 0.75, 0.875, 1.0, 0.55, 0.7, 0.8, 0.9, classes=3)
    for number in range(6):
        y = torch.randint(2, (9,), generator=g)
        bins = (8, 4, 16)[number % 3]
        the.ece_case(ece, edges, y, bins, f"for confidences on the edges of {bins} bins,")
    sure = torch.eye(5)[torch.randint(5, (12,), generator=g)]
    the.ece_case(ece, sure, torch.randint(5, (12,), generator=g), 10, "for confidences that are all 1,")
    the.draws_case(own_zero, 1, range(seed, seed + 5))
    the.draws_case(own_zero, 11, range(seed, seed + 40))
    the.draws_case(own_zero, 151, range(seed, seed + 3))
    for n, classes, bins, scale in ((40, 3, 10, 1.0), (200, 10, 15, 3.0), (25, 2, 5, 0.5)):
        p = the.honest(n, classes, seed=seed + n + 1, scale=scale)
        where = f"for {n} rows of {classes} probabilities and {bins} bins,"
        the.zero_case(own_zero, p, bins, where, seed=seed % 1000 + n)


def ablation(ablation, seed=0):
    luck = random.Random(seed)
    for number in range(24):
        settings, tuning, judging = luck.randrange(1, 6), luck.randrange(1, 6), luck.randrange(2, 9)
        seeds = luck.sample(range(1000), tuning + judging)
        hard = [luck.gauss(0, 5) for _ in seeds]  # a hard split is hard for both
        tables = []
        for _ in range(2):
            level = [luck.uniform(20, 40) for _ in range(settings)]
            tables.append([[at + more + luck.gauss(0, 2) for more in hard] for at in level])
        if settings > 2 and number % 2:
            for table in tables:
                for k in luck.sample(range(settings), settings // 2):
                    table[k][luck.randrange(tuning)] = math.nan
        if settings > 1 and number % 3 == 0:  # two equals, of which the first is the best
            for table in tables:
                table[-1][:tuning] = [1.0] * tuning
                table[-2][:tuning] = [1.0] * tuning
        world = the.World(*tables, seeds[:tuning], seeds[tuning:])
        where = f"for {settings} settings each, {tuning} tuning and {judging} judging seeds,"
        the.ablation_case(ablation, world, where)
        best = [
            the.first_best(the.finite(world.part(k, True), the.statistics.mean)) for k in ("plain", "trick")
        ]
        a, b = (world.part(k, False)[at] for k, at in zip(("plain", "trick"), best, strict=True))
        theirs = paired(a, b, resampled="seeds", fixed="the settings")
        again = the.World(*tables, seeds[:tuning], seeds[tuning:])
        got = ablation(again.run, *again.lists.values(), again.tuning, again.judging)
        assert the.close(got, [theirs.mean, theirs.error]), f"{where} paired() has other numbers."
    near = [[10.001, 9.999, 30.0, 31.0], [10.0, 9.999, 20.0, 25.0], [9.9, 10.2, 10.0, 10.0]]
    world = the.World(near, [[1.0, 2.0, 3.0, 9.0]] * 3, (0, 1), (2, 3))
    the.ablation_case(ablation, world, "for two settings that are nearly equal,")
    world = the.World([[3.0, 5.0, 6.0, 8.0]], [[2.0, 4.0, 5.0, 7.0]], range(3, 4), range(7, 10))
    the.ablation_case(ablation, world, "where the trick takes off 1 point on each seed,")
    world = the.World([[0.0, 0.0, 0.0, 2.0]], [[0.0, 0.0, 0.0, 1.0]], (4,), (0, 1, 2))
    the.ablation_case(ablation, world, "for errors of 0,")
    world = the.World([[100.0, 30.0, 33.0], [100.0, 20.0, 24.0]], [[100.0, 25.0, 24.0]] * 2, (1,), (2, 3))
    the.ablation_case(ablation, world, "for settings that all err by 100,")
    two, three = [[1.0] * 5, [2.0] * 5], [[1.0] * 5] * 3
    the.refuses(
        ablation, the.World(two, three, (0,), (1, 2, 3, 4)), "for two settings against three", the.TRIES
    )
    the.refuses(
        ablation, the.World(three, two, (0,), (1, 2, 3, 4)), "for three settings against two", the.TRIES
    )
    world = the.World(two, two, range(0, 3), range(2, 4))
    the.refuses(ablation, world, "for seeds of which one is in both", the.APART)


def matched(matched, seed=0):
    for number, (inputs, hidden, outputs) in enumerate(
        ((3, 6, 2), (6, 6, 6), (1, 4, 1), (4, 2, 3), (5, 1, 2))
    ):
        net, like = (the.network(inputs, hidden, outputs, 100 * seed + 2 * number + k) for k in (1, 2))
        where = f"for {inputs} inputs, {hidden} hidden units and {outputs} outputs,"
        the.matched_case(matched, net, like, where)
        for k, part in enumerate(("enters", "", "leaves")):  # one of them counts for nothing
            one, other = ([v.clone() for v in two] for two in (net, like))
            if part:
                one[k], other[k] = 1e-3 * one[k], 1e-3 * other[k]
                the.matched_case(matched, one, other, f"{where} where what {part} is small,")
        tiny = [[1e-3 * v for v in two] for two in (net, like)]
        the.matched_case(matched, *tiny, f"{where} with small weights,")
        biased = [net[0], 5 * net[1], *net[2:]], [like[0], 5 * like[1], *like[2:]]
        the.matched_case(matched, *biased, f"{where} with large biases,")
        loud = 1.0 + torch.arange(hidden)
        louder = [9 * loud[:, None] * net[0], *net[1:]]
        the.matched_case(matched, louder, like, f"{where} of which some are louder than others,")
    net = the.network(8, 40, 5, 100 * seed + 50)
    order = torch.randperm(40, generator=chance(seed))
    the.matched_case(matched, net, the.renumbered(net, order), "for forty units, and itself renumbered,")
    noisy = [v + 0.3 * the.random(*v.shape, seed=seed + k) for k, v in enumerate(the.renumbered(net, order))]
    the.matched_case(matched, net, noisy, "for forty units, and itself renumbered, with noise,")
    the.matched_case(matched, net, the.network(8, 40, 5, 100 * seed + 51), "for forty units, and a stranger,")
    pair = [the.network(3, 5, 2, 100 * seed + 60 + k) for k in range(2)]
    the.matched_case(matched, *([-v for v in net] for net in pair), "for two networks of other signs,")
