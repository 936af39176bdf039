"""The unseen tests of assignment 3.3."""

import math
import random

import torch
from torch import nn
from torch.nn import functional as F

from course_lib.checks import module
from course_lib.checks.tools import close, expect

the = module("3_3_initialization")


def fans(fans, seed=0):
    chance = random.Random(seed)
    for _ in range(12):
        groups = chance.choice((1, 1, 2, 3))
        D, H, window = 6 * chance.randrange(1, 5), 6 * chance.randrange(5, 9), chance.randrange(1, 5)
        other = window + 1
        for layer, taps in (
            (nn.Conv1d(D, H, window, groups=groups), window),
            (nn.Conv2d(D, H, (window, other), groups=groups), window * other),
            (nn.ConvTranspose1d(D, H, window, groups=groups), window),
            (nn.ConvTranspose2d(D, H, (window, other), groups=groups, bias=False), window * other),
            (nn.Linear(D, H, bias=False), None),
        ):
            share = groups if taps else 1
            want = [D // share * (taps or 1), H // share * (taps or 1)]
            got = the.counted(fans, layer)
            assert got == want, f"for {layer}, your fans are {got}, not {want}."
    # What they are for: drawn with 1/fan_in, what comes out is as large as what goes in.
    for layer in (nn.Conv2d(8, 16, 3), nn.ConvTranspose2d(16, 8, 3), nn.Conv1d(32, 64, 5, groups=4)):
        fan_in, _ = the.counted(fans, layer)
        with torch.no_grad():
            layer.weight.copy_(the.random(*layer.weight.shape, seed=seed) / math.sqrt(fan_in))
            layer.bias.zero_()
            sides = (32,) * (layer.weight.dim() - 2)
            out = layer(the.random(4, layer.in_channels, *sides, seed=seed + 1))
        inner = out[(..., *([slice(4, -4)] * len(sides)))]
        assert 0.7 < the.rms(inner) < 1.4, (
            f"for {layer}, drawn with 1/fan_in, what comes out has the size {the.rms(inner):.2f}."
        )


def draw(draw, seed=0):
    for number, (shape, fan_in, fan_out) in enumerate(
        (((500, 300), 300, 500), ((2000, 64), 90, 31), ((80, 60, 5, 5), 150, 1000), ((100_000,), 7, 11))
    ):
        for kind in the.KINDS:
            weight = the.drawn(draw, shape, fan_in, fan_out, kind, seed=100 * seed + number)
            where = f"for {kind!r}, the shape {shape}, fan_in {fan_in} and fan_out {fan_out},"
            the.judged(weight, kind, fan_in, fan_out, where)
    for kind in the.KINDS:
        the.drawn(draw, (3, 2), 2, 3, kind, seed=seed)
        the.drawn(draw, torch.Size([4]), 4, 4, kind, seed=seed)


def gains(gains, seed=0):
    def leaky_slope(z):
        return torch.where(z > 0, 1.0, 0.2)

    bends = {
        "a leaky ReLU": (lambda z: F.leaky_relu(z, 0.2), leaky_slope),
        "tanh": (torch.tanh, lambda z: 1 - torch.tanh(z) ** 2),
        "sigmoid": (torch.sigmoid, lambda z: torch.sigmoid(z) * torch.sigmoid(-z)),
        "SiLU": (F.silu, lambda z: torch.sigmoid(z) * (1 + z * torch.sigmoid(-z))),
    }
    sizes = [0.1, 0.5, 1.0, 2.5, 7.0, 0.3 + random.Random(seed).random()]
    # The bell curve by another rule: Simpson's, from −9 to 9 standard deviations.
    points = torch.linspace(-9, 9, 20_001)
    heights = torch.exp(-(points**2) / 2) * (points[1] - points[0]) / math.sqrt(2 * math.pi)
    weights = torch.full_like(points, 2 / 3)
    weights[1::2] = 4 / 3
    weights[0] = weights[-1] = 1 / 3

    def mean(values):
        return (values * heights * weights).sum().item()

    for name, (f, slope) in bends.items():
        for size in sizes:
            there, back = the.both(gains, f, slope, size)
            where = f"for {name} and loads of size {size:.3g}, the gain"
            want = size / math.sqrt(mean(f(size * points) ** 2))
            expect(f"{where} there", there, want, tolerance=2e-3)
            want = 1 / math.sqrt(mean(slope(size * points) ** 2))
            expect(f"{where} back", back, want, tolerance=2e-3)
    slope = lambda z: torch.full_like(z, -3.0)  # noqa: E731
    there, back = the.both(gains, lambda z: -3 * z, slope, 2.0)
    expect("for f(z) = −3z, the gain there", there, 1 / 3, tolerance=2e-3)
    expect("for f(z) = −3z, the gain back", back, 1 / 3, tolerance=2e-3)


def lsuv(lsuv_, seed=0):
    chance = random.Random(seed)
    for number, bend in enumerate((nn.ReLU, nn.Tanh, nn.GELU, nn.Sigmoid)):
        sizes = [chance.randrange(2, 30) for _ in range(chance.randrange(3, 9))]
        x = the.random(40, sizes[0], seed=100 * seed + number, scale=3.0) + chance.choice((0.0, 1.0))
        model = the.network(*sizes, seed=1000 * seed + 100 * number, bend=bend, scale=chance.choice((0.2, 2)))
        kept = x.clone()
        the.scaled(lsuv_, model, x, f"in a network {'-'.join(map(str, sizes))} of {bend.__name__}s,")
        assert torch.equal(x, kept), "your function changed the batch."
    # Neither bends nor anything else needs to stand between.
    model = nn.Sequential(nn.LayerNorm(5), nn.Linear(5, 8), the.Special(8, 8), nn.ReLU(), nn.Linear(8, 2))
    with torch.no_grad():
        for p in model[0].parameters():
            p.copy_(the.random(5, seed=seed + 2))
    the.scaled(
        lsuv_, model, the.random(30, 5, seed=seed), "in a network with a norm, and two layers in a row,"
    )
    x = the.random(2, 3, 4, 9, seed=seed)
    the.scaled(lsuv_, the.touched(the.mixed(seed, 9, 14, 2)), x, "for a batch of the shape (2, 3, 4, 9),")
    # An optimizer that was made before trains on.
    model = the.network(5, 20, 20, 2, seed=seed, scale=5.0)
    rule = torch.optim.SGD(model.parameters(), lr=0.01)
    x = the.random(30, 5, seed=seed + 1)
    lsuv_(model, x)
    before = [p.detach().clone() for p in model.parameters()]
    model(x).square().mean().backward()
    rule.step()
    assert not any(torch.equal(p, old) for p, old in zip(model.parameters(), before, strict=True)), (
        "an optimizer that was made before your function ran no longer trains all parameters."
    )


def prepare(prepare_, seed=0):
    torch.manual_seed(seed)
    chance = random.Random(seed)
    for padding in (None, 3, 0):
        d, classes = chance.choice((48, 96)), chance.choice((3, 20))
        settings = {"d": d, "wide": 5 * d, "blocks": chance.randrange(3, 7), "classes": classes}
        net = the.Net(padding=padding, bias=padding != 3, words=200, **settings)
        the.prepared(prepare_, net, f"with {settings} and padding_idx = {padding},")
        the.starts_at(net, torch.arange(200), classes, f"with {settings} and padding_idx = {padding},")
    # Nested otherwise: the names say what a layer is for, wherever it stands.
    net = nn.ModuleDict(
        {
            "deep": nn.Sequential(nn.ModuleDict({"inner": the.Block(64, 300, True)}), nn.Linear(64, 40)),
            "head": nn.Linear(40, 17, bias=False),
            "up": nn.Linear(150, 64),
            "down": nn.Linear(64, 150),
        }
    )
    the.prepared(prepare_, the.spoil(net), "in a network that is nested otherwise,")
    net = nn.ModuleDict(
        {"setup": nn.Linear(70, 190), "lookup": nn.Embedding(40, 30), "shutdown": the.lookalikes()}
    )
    the.prepared(prepare_, the.touched(the.spoil(net)), "in a network with names that look like others,")
    the.prepared(prepare_, the.spoil(the.Special(80, 170, bias=False)), "in a network that is one layer,")
    # Two networks are not twins.
    first, second = the.Net(), the.Net()
    prepare_(first)
    prepare_(second)
    others = second.state_dict()
    drawn = {name: p for name, p in first.named_parameters() if name != "norm.weight" and p.any()}
    same = [name for name, p in drawn.items() if close(p, others[name])]
    assert not same, f"two networks get the same random numbers, in {', '.join(same)}."
    up = [block.up.weight for block in first.blocks]
    assert not close(up[0], up[1]), "two blocks of one network get the same random numbers."
    # It learns.
    net = the.Net(words=30, first=32, d=32, wide=64, blocks=3, classes=5)
    rule = torch.optim.Adam(net.parameters(), lr=0.01)
    prepare_(net)
    words = torch.arange(30)
    for _ in range(60):
        loss = F.cross_entropy(net(words), words % 5)
        rule.zero_grad()
        loss.backward()
        rule.step()
    assert loss.item() < 0.5, f"after 60 updates the loss is still {loss.item():.2f}."
