"""The unseen tests of assignment 3.6: other nets, optimizers, logs, loops and runs."""

import math
import pathlib
import random
import tempfile

import torch
from torch import nn

from course_lib.checks import module

the = module("3_6_debugging")


class Tidy(torch.optim.SGD):
    """Changes its rates and clears its gradients in step(), as some do."""

    def step(self, closure=None):
        super().step(closure)
        for group in self.param_groups:
            group["lr"] = 0.5 * group["lr"]
        self.zero_grad()


class Tied(nn.Module):
    """Two layers with one weight, a scale of no dimension, and a buffer of two, which is no parameter."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(2.0))
        self.inner = nn.ModuleDict({"one": nn.Linear(4, 4), "two": nn.Linear(4, 4, bias=False)})
        self.inner["two"].weight = self.inner["one"].weight
        self.register_buffer("table", torch.eye(4))

    def forward(self, x):
        return self.scale * self.inner["two"](torch.tanh(self.inner["one"](x)))


def watched_step(watched_step, seed=0):
    x, y = the.random(9, 4, seed=seed), the.random(9, 4, seed=seed + 1)

    def tied(rule):
        torch.manual_seed(seed)
        net = Tied()
        return net, rule(net.parameters())

    rules = {
        "Adam": lambda p: torch.optim.Adam(p, lr=0.01),
        "AdamW with much decay": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.9),
        "SGD, whose rate is a tensor,": lambda p: torch.optim.SGD(p, lr=torch.tensor(0.1)),
        "an optimizer that changes its rate and clears its gradients in step()": lambda p: Tidy(p, lr=0.1),
    }
    for name, rule in rules.items():
        where = f"with {name} and a net of two layers that share a weight,"
        updates = 1 if "clears" in name else 2
        the.watched_case(
            watched_step, lambda rule=rule: tied(rule), lambda net: the.squares(net, x, y), updates, where
        )

    def convolving():
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 2))
        groups = [{"params": [p], "lr": 0.1 / (k + 1)} for k, p in enumerate(net.parameters())]
        return net, torch.optim.SGD(groups, lr=1.0, momentum=0.5)

    images, aims = the.random(3, 1, 4, 4, seed=seed), the.random(3, 2, seed=seed + 2)
    where = "for a convolution, whose weight has four dimensions, and a group for each parameter,"
    the.watched_case(watched_step, convolving, lambda net: the.squares(net, images, aims), 3, where)
    where = "for layers that are not used, frozen or all zeros,"
    the.watched_case(
        watched_step, lambda: the.with_idle(seed), lambda net: the.idle_loss(net, seed + 3), 3, where
    )
    x, y = the.random(8, 4, seed=seed + 4), the.random(8, 3, seed=seed + 5)
    the.watched_case(
        watched_step, lambda: the.two_rates(seed), lambda net: the.squares(net, x, y), 4, "with momentum,"
    )

    def zeros():
        net, _ = the.two_rates(seed)
        nn.init.zeros_(net[2].weight)
        nn.init.zeros_(net[0].weight)
        return net, torch.optim.SGD(net.parameters(), lr=1e-3)

    where = "for two weights of zeros, of which one moves at first,"
    the.watched_case(watched_step, zeros, lambda net: the.squares(net, x, y), 1, where)

    # Low precision, and a gradient that is no number.
    def low():
        net = the.two_rates(seed)[0].float()
        return net, torch.optim.SGD(net.parameters(), lr=0.1)

    the.watched_case(
        watched_step, low, lambda net: the.squares(net, x.float(), y.float()), 2, "for a float32 net,", 1e-5
    )
    # A gradient of zeros, which decay and momentum do not ask; a frozen layer with an old one; tiny weights.
    where = "for a loss of 0, whose gradients are all 0, with momentum and decay,"
    the.watched_case(
        watched_step, lambda: the.two_rates(seed), lambda net: 0 * the.squares(net, x, y), 2, where
    )

    def thawed():
        net, _ = the.with_idle(seed)
        net[2].weight.grad = the.random(4, 4, seed=seed + 6)
        return net, torch.optim.SGD([net[0].weight, *net[3].parameters()], lr=0.02)

    where = "for a frozen layer that has a gradient from before, and that the optimizer does not hold,"
    the.watched_case(watched_step, thawed, lambda net: the.idle_loss(net, seed + 3), 2, where)

    def tiny():
        net, _ = the.by_hand()
        net.weight.data *= 1e-9
        return net, torch.optim.SGD(net.parameters(), lr=1e-11)

    where = "for a weight of the length 5e-9,"
    the.watched_case(watched_step, tiny, lambda net: net(torch.tensor([6.0, 8.0])).sum(), 1, where)
    sick = x.clone()
    sick[0, 1] = math.nan
    where = "for a batch with a nan in it,"
    the.watched_case(
        watched_step, lambda: the.two_rates(seed), lambda net: the.squares(net, sick, y), 1, where
    )

    def half_sick(net):
        return the.squares(net, x, y) + math.nan * net[2].weight.sum()

    where = "for a gradient that is nan in one layer alone,"
    the.watched_case(watched_step, lambda: the.two_rates(seed), half_sick, 1, where)


class Backward(nn.Module):
    """Calls its layers in the order that the names have not, and one of them twice."""

    def __init__(self, *layers):
        super().__init__()
        self.a, self.b, self.c = layers

    def forward(self, x):
        return self.a(self.b(self.c(x)))


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.grow, self.last = the.Exp(), nn.Tanh()

    def forward(self, x):
        return self.last(self.grow(self.grow(x)))


class Again(nn.Module):
    """The first layer is called twice, and its second answer is bad; before, another's was."""

    def __init__(self):
        super().__init__()
        self.unit, self.grow, self.fill = the.Unit(), the.Exp(), the.Fill()

    def forward(self, x):
        return self.unit(0 * self.fill(self.grow(1e4 * self.unit(x).abs())))


class Healed(nn.Module):
    """One layer is called twice; only its first answer is bad."""

    def __init__(self):
        super().__init__()
        self.unit, self.fill = the.Unit(), the.Fill()

    def forward(self, x):
        return self.unit(1 + self.fill(self.unit(x)))


class Own(nn.Module):
    """Computes between its layers: 1/0 where a ReLU is 0."""

    def __init__(self):
        super().__init__()
        self.first, self.then = nn.ReLU(), nn.Tanh()

    def forward(self, x):
        return self.then(0 * (1 / self.first(x)))


class Pair(nn.Module):
    """The second input of its product is not finite, the first is."""

    def __init__(self):
        super().__init__()
        self.odd, self.times, self.fill, self.late = the.Exp(), the.Times(), the.Fill(), the.Unit()

    def forward(self, x):
        return self.late(0 * self.fill(self.times(x, self.odd(x))))


class Beside(nn.Module):
    """A product of what was filled and of what was not; then all is filled, and divided."""

    def __init__(self):
        super().__init__()
        self.fill, self.times, self.again, self.last = the.Fill(), the.Times(), the.Fill(), the.Unit()

    def forward(self, x):
        return self.last(0 * self.again(self.times(self.fill(x), x)))


def first_bad(first_bad, seed=0):
    chance = random.Random(seed)
    torch.manual_seed(seed)
    x = the.random(5, 3, seed=seed)
    blank = x.clone()
    blank[chance.randrange(5)] = 0
    for k in range(4):
        at = [chance.randrange(3), chance.randrange(3)]
        blocks = [[nn.Linear(3, 3, bias=False), nn.Tanh(), the.Count()] for _ in range(3)]
        blocks[at[0]].insert(at[1] + 1, the.Unit())
        net = nn.Sequential(*[nn.Sequential(*block) for block in blocks])
        net.train(k % 2 == 0)
        the.bad_case(first_bad, net, blank, f"for blocks of which number {at[0]} has a norm of a blank row,")
        the.bad_case(first_bad, net, x, "for the same blocks and a batch without a blank row,")
    big = 1e4 * the.random(5, 3, seed=seed)
    layers = nn.Tanh(), the.Unit(), nn.Sequential(nn.ReLU(), the.Exp())
    the.bad_case(first_bad, Backward(*layers), big, "for layers that run in the other order,")
    the.bad_case(first_bad, Backward(*reversed(layers)), 0 * x, "for layers that run in the other order,")
    layers = the.Unit(), the.Fill(), the.Exp()
    where = "for layers that run in the other order, of which the first and the last fail,"
    the.bad_case(first_bad, Backward(*layers), big.abs() + 1e3, where)
    the.bad_case(first_bad, Healed(), blank, "for a layer that is called twice, of which once fails,")
    where = "for a layer whose first answer is good, and whose second is bad, after another's,"
    the.bad_case(first_bad, Again(), x, where)
    ten = torch.full((2, 2), 10.0)
    the.bad_case(first_bad, Twice(), ten, "for a layer that is called twice, of which once is too often,")
    the.bad_case(
        first_bad, nn.Sequential(nn.Linear(3, 3), Own()), x, "for a block that computes between layers,"
    )
    the.bad_case(first_bad, Own(), x, "for a net that computes between its layers,")
    holed = the.random(5, 3, seed=seed).abs()
    holed[1, 2] = math.nan
    the.bad_case(first_bad, Own(), holed.detach(), "for such a net and a batch with a nan,")
    the.bad_case(first_bad, Pair(), 1e3 * x.abs(), "for a layer with two inputs, of which one is inf,")
    the.bad_case(first_bad, Beside(), holed, "for a layer with two inputs, of which one is x, with a nan,")
    net = nn.Sequential(the.Fill(), nn.Sequential(nn.Tanh(), the.Unit()), nn.Linear(3, 2))
    filled = torch.zeros(4, 3)
    filled[2] = math.nan
    the.bad_case(
        first_bad, net, filled, "for a batch with a nan, a layer that fills holes, and one that fails,"
    )
    healed = nn.Sequential(the.Unit(), the.Fill(), nn.Linear(3, 3, bias=False), the.Unit())
    the.bad_case(
        first_bad, healed, blank, "for a layer that fails, one that hides it, and one that fails again,"
    )
    # Numbers whose sum is infinite, and that are not; all entries but one are bad; and ints.
    large = torch.full((2, 3), 1e308)
    large[1] = the.random(3, seed=seed)
    the.bad_case(first_bad, nn.Sequential(nn.Identity(), the.Count()), large, "for answers of 1e308,")
    the.bad_case(first_bad, nn.Sequential(nn.Identity(), the.Exp()), large, "for inputs of 1e308,")
    # In training mode a batch norm does not ask its running mean; and a part may be in another mode.
    norm = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Tanh())
    norm[1].running_mean[1] = math.nan
    for mode, part in ((True, True), (False, False), (True, False)):
        norm.train(mode)[1].train(part)
        where = f"for a batch norm with a nan in its running mean, in {'train' if part else 'eval'} mode,"
        the.bad_case(first_bad, norm, x, where)
    # Somebody's hook fills the holes before net begins.
    filling = nn.Sequential(nn.Tanh(), the.Unit())
    filling.register_forward_pre_hook(lambda _, inputs: (inputs[0].nan_to_num(),))
    filled = x.clone()
    filled[1] = math.nan
    the.bad_case(first_bad, filling, filled, "for a net with a hook that puts 0 where x has a nan,")
    one = torch.full((1, 1), 1e4)
    the.bad_case(first_bad, nn.Sequential(nn.Identity(), the.Exp()), one, "for one entry, which becomes inf,")
    words = nn.Sequential(nn.Embedding(4, 3), nn.Tanh(), the.Unit())
    with torch.no_grad():
        words[0].weight[2] = 0
    the.bad_case(first_bad, words, torch.tensor([0, 3, 2, 1]), "for an embedding, which takes ints,")
    the.bad_case(first_bad, words, torch.tensor([0, 3, 1]), "for an embedding, which takes ints,")
    with torch.no_grad():
        words[0].weight[1, 1] = -math.inf
    the.bad_case(first_bad, words, torch.tensor([0, 1, 2]), "for an embedding with an inf in its table,")
    # Exceptions, early, late, and before anything.
    for place in range(3):
        parts = [nn.Linear(3, 3, bias=False), the.Unit(), nn.Tanh()]
        parts.insert(place, the.Stop())
        where = f"for a net whose layer {place} raises an exception,"
        if place < 2:
            the.passes_on(first_bad, nn.Sequential(*parts), x, where)
    the.passes_on(
        first_bad, nn.Sequential(nn.Linear(7, 3)), x, "for an input of another width,", RuntimeError
    )


NONE = math.nan
INF = math.inf
FOUR = [1.1, 0.9, 0.6, 0.4]
USUAL = [(0.1, 0.2), (0.05, 0.1)]
LATE_PLAN = (0.01, 0.1, 1e-4, 1e-6)
#: More logs that a pencil makes: (what it is, right, guess, losses, ratios, rates).
PENCIL = (
    ("an inf in the data", "hole", 1.1, [1.1, 0.7, INF, NONE], [*USUAL, (NONE, NONE)], ()),
    ("an inf in the data, in the last line", "hole", 1.1, [1.1, 0.7, INF], [*USUAL, (NONE, NONE)], ()),
    ("a growth up to inf", "rate", 1.1, [1.1, 9.0, INF], [(2.0, 0.02), (0.3, 0.3)], ()),
    ("a growth, with a first ratio of 1.6", "rate", 1.1, [1.1, 9.0, 9.9], [(1.6, 0.02), (0.3, 0.3)], ()),
    ("a growth from 1.5 guesses", "uphill", 1.0, [1.5, 2.0, 2.7], USUAL, ()),
    ("a growth with a frozen layer", "uphill", 0.69, [0.69, 1.1, 2.0], [(0.0, 0.2), (0.0, 4.0)], ()),
    ("a frozen last layer", "stuck", 1.1, FOUR, [(0.2, 0.0), (0.1, 0.0)], ()),
    ("a frozen layer and a late plan", "stuck", 1.1, FOUR, [(0.0, 0.2), (0.0, 1e-4)], LATE_PLAN),
    ("a head that begins at zero", "healthy", 1.1, FOUR, [(0.0, INF), (0.1, 0.2)], ()),
    ("layers that learn by turns", "healthy", 1.1, FOUR, [(0.0, 0.2), (0.1, 0.0)] * 2, ()),
    ("a warmup from 0", "healthy", 1.1, FOUR, [(0.0, 0.0), (0.1, 0.2)], (0.0, 0.05, 0.1, 0.05)),
    ("a rate that is a twentieth halfway", "healthy", 1.1, FOUR, USUAL, (0.1, 0.02, 0.005, 0.001)),
    ("rates as Adam has them", "healthy", 1.1, FOUR, USUAL, (1e-3, 1e-3, 4e-4, 0.0)),
    ("a loss of 0.64 guesses at last", "healthy", 1.1, [1.1, 1.0, 0.85, 0.7], USUAL, ()),
    ("a rate that is gone too early to learn", "plan", 1.1, [1.1, 1.05, 1.0, 1.0], USUAL, LATE_PLAN),
)


def diagnosis(diagnosis, seed=0):
    for what, right, guess, losses, ratios, rates in PENCIL:
        log = []
        for line in the.lines(losses, ratios, rates):  # with other names, and the ratios first
            layers = {"ratio/table": line.pop("ratio/in.weight"), "ratio/b.w": line.pop("ratio/out.weight")}
            log.append(layers | line)
        the.judged(diagnosis, right, log, guess, f"for a log made by hand, {what},")
    for k in range(2):
        for illness in the.ILLNESSES:
            the.diagnosis_case(
                diagnosis, illness, 10 * seed + k + 7, "for a run of another net and other data,"
            )


def repaired(train, seed=0):
    chance = random.Random(seed)
    for k in range(3):
        n, epochs, lr = chance.randrange(17, 60), chance.randrange(2, 5), chance.choice((0.05, 0.2))
        make = (the.dropping, the.plain, the.dropping)[k]
        where = f"for {n} examples, {epochs} epochs, and a net {'with' if k != 1 else 'without'} dropout,"
        the.train_case(train, make, (n, 10), lr, epochs, 100 * seed + 10 * k + 9, where, k == 2, k > 0)

    def normed():
        return nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3))

    the.train_case(
        train, normed, (48, 20), 0.1, 3, seed + 4, "for a net with batch norm,", chance.random() < 0.5
    )
    the.train_case(train, the.plain, (7, 3), 0.1, 1, seed + 5, "for fewer examples than a batch has,")
    for words in ("for 12 epochs, in which new data suffer,", "for the same seed and the same net again,"):
        the.train_case(train, the.plain, (18, 6), 0.5, 12, seed + 6, words)

    def loud():
        net = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3))
        net[0].weight.data *= 50
        return net

    the.train_case(train, loud, (32, 9), 1e-3, 2, seed + 8, "for a net whose gradients are large,")
    the.unseeded(train, "for a net without dropout,", seed)


def resume(save, load, seed=0):
    chance = random.Random(seed)
    for kind in ("sgd", "adamw", "adam"):
        stop, used = chance.randrange(1, 12), chance.choice((0, 0, 2, 5))
        where = f"for {kind}, saved after {stop} updates, and loaded after {used} others,"
        form = chance.choice((str, pathlib.Path))
        the.resume_case(
            save, load, stop, where, seed + 1, kind, used, more=chance.randrange(6, 14), form=form
        )
    the.resume_case(
        save, load, 10, "for a run saved at the end of an epoch,", seed, "sgd", used=3, form=pathlib.Path
    )
    the.resume_case(save, load, 0, "for a run saved before its first update,", seed, "adamw", used=3)
    the.broken_off(save, "for a second save to the same path,", seed, "sgd")
    # Two runs, by turns, each from its own file; and one file twice.
    with tempfile.TemporaryDirectory() as folder:
        wanted = []
        for k in range(2):
            run = the.Run(seed + k, "sgd")
            run.go_on(3 + k)
            the.saved(save, run, f"{folder}/{k}.pt", "for two runs, saved one after the other,")
            run.go_on(6)
            wanted.append(the.parts_of_run(run))
        for k in (0, 1, 0, 1):
            run = the.Run(seed + 9, "sgd")
            the.tools.call(the.resume_hint, load, run, f"{folder}/{k}.pt")
            run.go_on(6)
            where = "for two runs, each loaded twice from its own file, 6 updates later,"
            the.see_parts(the.parts_of_run(run), wanted[k], where)
