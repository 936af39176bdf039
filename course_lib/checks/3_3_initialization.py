"""The tests of assignment 3.3: fans, draws, gains, layers scaled on data, and a whole network."""

import inspect
import math
import numbers

import numpy as np
import torch
from torch import nn

from course_lib.checks import question, tools
from course_lib.checks.tools import close, expect, random

# --- what the tests share ----------------------------------------------------------------------------------


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if "leaf Variable that requires grad" in said or "leaf variable that requires grad" in said.lower():
        return f"A parameter is changed in place while autograd watches: work under torch.no_grad(). ({said})"
    if "must be real number" in said or "must be Tensor, not" in said:
        return f"math.sqrt takes a number, torch.sqrt a tensor. ({said})"
    if "'NoneType' object has no attribute" in said or "'NoneType' object is not" in said:
        return f"Something is None here. A layer may have no bias, a table no padding row. ({said})"
    if "only tensors with one element" in said or "converted to Scalar" in said or "Boolean value" in said:
        return f"One number is wanted there, and there is a whole tensor. ({said})"
    return None


def call(function, *inputs, **settings):
    return tools.call(hint_for, function, *inputs, **settings)


def rms(t):
    return t.square().mean().sqrt().item()


def plain(one):
    """Numbers of numpy and the like, as Python's."""
    if isinstance(one, numbers.Integral):
        return int(one)
    return float(one) if isinstance(one, numbers.Real) else one


def normal_share(t):
    """Which share of a normal draw, in standard deviations, lies below each entry."""
    return torch.special.ndtr(t)


def even_share(t):
    """The same for an even draw between ±1."""
    return ((t + 1) / 2).clamp(0, 1)


def in_order(values):
    return torch.from_numpy(np.sort(values.detach().flatten().numpy()))


def sizes_of(values):
    """How many sizes there are, counted without signs."""
    return 1 + int((in_order(values.abs()).diff() > 0).sum())


def stray(values, share):
    """How far the draws lie from their distribution: the largest distance between the two shares.

    Times the root of their number, it goes beyond 4 once in 10¹³ right draws.
    """
    below = share(in_order(values))
    n = len(below)
    steps = torch.arange(n + 1, dtype=below.dtype) / n
    farthest = max((steps[1:] - below).max().item(), (below - steps[:-1]).max().item())
    return farthest * math.sqrt(n)


def state(model):
    """What a start must leave as it is: the parameters' places, grad, what can learn, and each mode."""
    parts = {
        name: (p, p.requires_grad, p.grad, None if p.grad is None else p.grad.clone())
        for name, p in model.named_parameters()
    }
    return parts, {name: module.training for name, module in model.named_modules()}


def left(model, before, answer, called, where):
    """See that `state` is what it was, and that nothing was returned."""
    parts, modes = before
    now = dict(model.named_parameters())
    for name, (p, learns, grad, values) in parts.items():
        assert now.get(name) is p, (
            f"{where} {name} is a new parameter. An optimizer that was made before would go on with the old "
            "one: write into the tensor that is there, .mul_(), .zero_(), .normal_() or nn.init."
        )
        assert p.grad_fn is None and p.requires_grad >= learns, f"{where} {name} can no longer learn."
        assert p.requires_grad == learns, (
            f"{where} {name} was frozen, and can learn now. Leave that as it is."
        )
        if p.grad is not grad or (values is not None and not torch.equal(p.grad, values)):
            raise AssertionError(
                f"{where} the .grad of {name} was changed. Neither backward() nor zero_grad() is needed."
            )
    assert now.keys() == parts.keys(), (
        f"{where} there are new parameters: {', '.join(now.keys() - parts.keys())}."
    )
    for name, module in model.named_modules():
        assert module.training == modes[name], (
            f"{where} your function changed the mode: .train() and .eval() stay as they were."
        )
    assert answer is None, (
        f"{called} returns {type(answer).__name__}. It works in place: return nothing, so that nobody takes "
        "it for a copy."
    )


# --- 1 -----------------------------------------------------------------------------------------------------


CHANGED = "You changed the layer. To count its fans, read it, and leave it as it is."


def fans_hint(error):
    said = str(error)
    if "leaf variable that requires grad" in said.lower() or "cannot assign" in said:
        return f"{CHANGED} ({said})"
    return hint_for(error)


def look_of(layer):
    """All that can be read off a layer: its settings and its parameters."""
    own = {name: value for name, value in vars(layer).items() if not name.startswith("_")}
    return own, [(name, p, p.detach().clone(), p.requires_grad) for name, p in layer.named_parameters()]


def counted(fans, layer):
    settings, weights = look_of(layer)
    answer = tools.call(fans_hint, fans, layer)
    now, after = look_of(layer)
    as_it_was = now == settings and [name for name, *_ in after] == [name for name, *_ in weights]
    for (_, p, values, learns), (_, old, before, learned) in zip(after, weights, strict=False):
        as_it_was = as_it_was and p is old and learns == learned and torch.equal(values, before)
    assert as_it_was, CHANGED
    both = [plain(one) for one in tools.parts_of(answer, 2, "fan_in, fan_out")]
    for name, one in zip(("fan_in", "fan_out"), both, strict=True):
        tools.number(one, name)
        assert not isinstance(one, float), f"{name} must be an int, and is {one}: // divides whole numbers."
    return both


@question(points=3)
def fans(fans):
    fan_in, fan_out = counted(fans, nn.Linear(3, 5))
    turned = "the two are swapped, or the weight was read the wrong way round: torch keeps it as (out, in)."
    expect("For nn.Linear(3, 5), fan_in", fan_in, 3, {5: turned, 15: "that is the number of weights."})
    expect("For nn.Linear(3, 5), fan_out", fan_out, 5, {3: turned})

    fan_in, fan_out = counted(fans, nn.Conv2d(2, 7, 3))
    slips = {
        2: "that counts the channels. Each is looked at through a window of 3 × 3.",
        6: "the window has 3 × 3 places, not 3.",
        63: turned,
        126: "that is the number of weights.",
    }
    expect("For nn.Conv2d(2, 7, 3), fan_in", fan_in, 18, slips)
    slips = {
        7: "an input is looked at from 3 × 3 places, by each of the 7 channels.",
        18: turned,
        21: "the window has 3 × 3 places, not 3.",
    }
    expect("For nn.Conv2d(2, 7, 3), fan_out", fan_out, 63, slips)
    fan_in, _ = counted(fans, nn.Conv1d(4, 6, 5))
    expect("For nn.Conv1d(4, 6, 5), fan_in", fan_in, 20, {100: "in one dimension the window has 5 places."})

    fan_in, fan_out = counted(fans, nn.ConvTranspose2d(2, 7, 3))
    read = (
        "it was read from the weight as if this were a plain convolution. A transposed one keeps its weight "
        "as (in, out, …)."
    )
    expect("For nn.ConvTranspose2d(2, 7, 3), fan_in", fan_in, 18, {63: read})
    expect("For nn.ConvTranspose2d(2, 7, 3), fan_out", fan_out, 63, {18: read})
    fan_in, fan_out = counted(fans, nn.Conv2d(4, 6, 1, groups=2))
    groups = "with two groups, an output sees half of the inputs, and an input reaches half of the outputs."
    expect("For nn.Conv2d(4, 6, 1, groups=2), fan_in", fan_in, 2, {4: groups, 1: groups})
    expect("For nn.Conv2d(4, 6, 1, groups=2), fan_out", fan_out, 3, {6: groups, 1.5: groups})


# --- 2 -----------------------------------------------------------------------------------------------------

KINDS = ("he", "lecun", "xavier", "torch")
LARGE = (300, 400)
UNLIKE = ((LARGE, 50, 250), ((100, 120, 3, 3), 200, 700))


def drawn(draw, shape, fan_in, fan_out, kind, seed):
    """What an answer draws, after a look at its form and at where its chance comes from."""

    def once(seed):
        generator = torch.Generator().manual_seed(seed)
        return call(draw, shape, fan_in, fan_out, kind, generator), generator

    usual = torch.get_rng_state()
    weight, used = once(seed)
    assert torch.equal(usual, torch.get_rng_state()), (
        "Your draw also uses torch's global chance. Hand the generator on: generator=generator."
    )
    assert isinstance(weight, torch.Tensor), f"draw must return a tensor, not {type(weight).__name__}."
    assert weight.shape == torch.Size(shape), (
        f"For the shape {tuple(shape)}, draw returns the shape {tuple(weight.shape)}. The fans say how large "
        "the numbers are, and nothing about the shape."
    )
    tools.precise("What draw returns", weight, torch.zeros(1))
    assert weight.is_leaf and not weight.requires_grad, (
        "Return plain numbers, which autograd does not watch: a tensor, and no nn.Parameter."
    )
    fresh = torch.Generator().manual_seed(seed)
    assert not torch.equal(used.get_state(), fresh.get_state()), (
        "Your draw takes no number from the generator. Without it, nobody can repeat a run."
    )
    again, _ = once(seed)
    assert torch.equal(weight, again), "Two generators of the same seed must give the same weights."
    other, _ = once(seed + 1)
    assert not torch.equal(weight, other), "Two generators of different seeds give the same weights."
    return weight


def variance(kind, fan_in, fan_out):
    return {"he": 2 / fan_in, "lecun": 1 / fan_in, "xavier": 2 / (fan_in + fan_out)}.get(
        kind, 1 / (3 * fan_in)
    )


#: A variance that is so many times the right one, and the slip that gives it.
TIMES = (
    (2, "twice what it should be"),
    (1 / 2, "half of what it should be"),
    (3, "three times what it should be: an even draw between ±edge has the variance edge²/3"),
    (1 / 3, "a third of what it should be: an even draw between ±edge has the variance edge²/3"),
    (1 / 4, "a quarter of what it should be: torch.rand lies between 0 and 1, twice that less 1 between ±1"),
    (6, "six times what it should be: that is He's"),
)


def judged(weight, kind, fan_in, fan_out, where):
    """Mean, variance and form of many draws."""
    n, want = weight.numel(), variance(kind, fan_in, fan_out)
    got, size = weight.var(correction=0).item(), math.sqrt(want)
    mean = weight.mean().item()
    sizes = sizes_of(weight)
    assert sizes > 0.9 * n, (
        f"{where} many weights are equal, or equal but for the sign: {n} weights have {sizes} sizes. "
        "Draw each of them."
    )
    assert abs(mean) < 6 * size / math.sqrt(n), (
        f"{where} the mean of {n} draws is {mean:.3g}. It should be 0: are some signs missing?"
    )
    if abs(got / want - 1) > 0.03:
        known = [words for times, words in TIMES if abs(got / want / times - 1) < 0.03]
        if abs(got / want**2 - 1) < 0.03:
            known = ["the square of what it should be: a standard deviation is the root of the variance"]
        taps = math.prod(weight.shape[2:])
        read = (weight.shape[1] * taps, weight.shape[0] * taps) if weight.dim() > 1 else (n, n)
        for words, other in (
            (
                "what the fans that its shape suggests would give. Use those that are given",
                variance(kind, *read),
            ),
            ("what fan_out in the place of fan_in would give", variance(kind, fan_out, fan_in)),
            ("what the number of weights in the place of fan_in would give", variance(kind, n, n)),
        ):
            if abs(got / other - 1) < 0.03 and abs(other / want - 1) > 0.1:
                known = [words]
        told = f": {known[0]}" if known else ""
        raise AssertionError(f"{where} the variance of {n} draws is {got:.3g}, not {want:.3g}{told}.")
    edge = math.sqrt(3 * want)
    farthest = weight.abs().max().item()
    if kind in ("xavier", "torch"):
        assert farthest <= edge * (1 + 1e-9), (
            f"{where} the variance is right, but a draw is {farthest:.3g} large. An even draw has an edge: "
            f"here {edge:.3g}. Is it torch.randn in place of torch.rand?"
        )
        if stray(weight / edge, even_share) > 4:
            inner = (weight.abs() < edge / 2).double().mean().item()
            raise AssertionError(
                f"{where} the variance is right, but the draws do not lie evenly between ±{edge:.3g}: within "
                f"half of that lie {inner:.1%}. Of an even draw half do, and all places "
                "are equally likely."
            )
    else:
        beyond = (weight.abs() > 2 * size).double().mean().item()
        assert abs(beyond - 0.0455) < 0.01, (
            f"{where} the variance is right, but {beyond:.1%} of the draws lie beyond two standard "
            "deviations. Of a normal draw, 4.6 % do. Is it torch.rand in place of torch.randn?"
        )
        assert stray(weight / size, normal_share) < 4, (
            f"{where} the variance is right, but the draws do not lie as a normal draw does. Use torch.randn."
        )


@question(points=4)
def draw(draw):
    for kind in KINDS:
        weight = drawn(draw, LARGE, 400, 300, kind, seed=1)
        judged(weight, kind, 400, 300, f"For {kind!r}, fan_in 400 and fan_out 300,")
        # The fans are not to be read from the shape. (So many draws that 3 % are 6 standard deviations.)
        for seed, (shape, fan_in, fan_out) in enumerate(UNLIKE, start=2):
            weight = drawn(draw, shape, fan_in, fan_out, kind, seed)
            where = f"For {kind!r}, the shape {shape}, fan_in {fan_in} and fan_out {fan_out},"
            judged(weight, kind, fan_in, fan_out, where)


# --- 3 -----------------------------------------------------------------------------------------------------


SPOILED = (
    "`normal` was changed, the tensor that the first cell makes. Make a new one, size * normal, without *= "
    "or .mul_(), and no `normal` of your own. Run the first cell again."
)


def setup_normal(gains):
    """The notebook's `normal`, where it has one of the first cell's form."""
    one = getattr(inspect.unwrap(gains), "__globals__", {}).get("normal") if callable(gains) else None
    return one if isinstance(one, torch.Tensor) and one.shape == (20_000,) else None


def both(gains, f, slope, size):
    usual = setup_normal(gains)
    if usual is not None:
        kept = usual.detach().clone()
        assert close(kept, torch.special.ndtri((torch.arange(20_000) + 0.5) / 20_000)), SPOILED
    try:
        answer = tools.parts_of(call(gains, f, slope, size), 2, "there, back")
    finally:
        now = setup_normal(gains)
        changed = usual is not None and (now is not usual or not torch.equal(now, kept))
        if changed:  # for whoever comes next
            inspect.unwrap(gains).__globals__["normal"] = usual
            with torch.no_grad():
                usual.copy_(kept)
    assert not changed, SPOILED
    return [tools.number(plain(one), name) for one, name in zip(answer, ("there", "back"), strict=True)]


def relu(z):
    return z.clamp(min=0)


def step(z):
    return (z > 0).to(z.dtype)


def double(z):
    return 2 * z


def two(z):
    return torch.full_like(z, 2.0)


NEAR = {"tolerance": 2e-3}


@question(points=4)
def gains(gains):
    for size in (1.0, 3.0):
        there, back = both(gains, double, two, size)
        where = f"For f(z) = 2z and loads of size {size:g}, the gain"
        slips = {
            0.5 / size: "the gain shall bring the mean square back to size², not to 1.",
            0.25 / size**2: "that is a variance, and it brings the mean square to 1, not back to size².",
            2.0: "that is how much f enlarges. The weights must undo it.",
            0.25: "that is the square: a gain is a standard deviation, not a variance.",
            math.sqrt(3) / 2: "the loads are not even, but normal: size * normal.",
        }
        expect(f"{where} there", there, 0.5, slips, **NEAR)
        slips = {
            2.0: "that is the slope. The weights must undo it.",
            0.25: "that is the square: a gain is a standard deviation, not a variance.",
        }
        expect(f"{where} back", back, 0.5, slips, **NEAR)
    there, back = both(gains, relu, step, 1.0)
    for way, got in (("there", there), ("back", back)):
        expect(
            f"For ReLU the gain {way}",
            got,
            math.sqrt(2),
            {
                2.0: "that is a variance, or one over a mean. Take one over the root of a mean of squares.",
                math.sqrt(0.5): "that is how much a ReLU leaves. The gain undoes it.",
                math.sqrt(1 / (0.5 - 0.5 / math.pi)): (
                    "that keeps the variance of the activations. Take the mean square: the next layer sums "
                    "squares, and a ReLU's outputs have a mean."
                ),
                math.sqrt(2 * math.pi): "that is one over the mean. Take the root of the mean of squares.",
            },
            **NEAR,
        )
    # tanh: at 0 there is nothing to undo; far out nearly everything.
    there, back = both(gains, torch.tanh, lambda z: 1 - torch.tanh(z) ** 2, 0.01)
    expect("For tanh and loads of size 0.01, the gain there", there, 1.0, **NEAR)
    expect("For tanh and loads of size 0.01, the gain back", back, 1.0, **NEAR)
    there, back = both(gains, torch.tanh, lambda z: 1 - torch.tanh(z) ** 2, 1.0)
    expect(
        "For tanh and loads of size 1, the gain there",
        there,
        1.5925,
        {1.4674: "that is the other one, the gain back. Are the two swapped? Return there, back."},
        **NEAR,
    )
    expect(
        "For tanh and loads of size 1, the gain back",
        back,
        1.4674,
        {1.5925: "that is the gain there. Backwards it is the slopes that shrink."},
        **NEAR,
    )


# --- 4 -----------------------------------------------------------------------------------------------------


def network(*sizes, seed, bend=nn.ReLU, scale=1.0):
    """A network with random weights and biases, of layers that do not fit each other."""
    layers = []
    for k, (D, H) in enumerate(zip(sizes, sizes[1:], strict=False)):
        layer = nn.Linear(D, H)
        with torch.no_grad():
            layer.weight.copy_(random(H, D, seed=seed + k, scale=scale))
            layer.bias.copy_(random(H, seed=seed + 50 + k))
        layers += [layer, bend()]
    return nn.Sequential(*layers[:-1])


def scaled(lsuv_, model, x, where):
    """See that an answer scales a network's layers on x, and does nothing else."""
    linear = [layer for layer in model if isinstance(layer, nn.Linear)]
    others = {
        f"model[{k}], a {type(layer).__name__}": (layer, [p.detach().clone() for p in layer.parameters()])
        for k, layer in enumerate(model)
        if not isinstance(layer, nn.Linear)
    }
    weights = [layer.weight.detach().clone() for layer in linear]
    before = state(model)
    answer = call(lsuv_, model, x)
    left(model, before, answer, "lsuv_", where)
    for name, (layer, values) in others.items():
        assert all(map(torch.equal, layer.parameters(), values)), (
            f"{where} {name}, has changed. Only the nn.Linear layers are to be scaled; leave the rest alone."
        )
    for k, (layer, old) in enumerate(zip(linear, weights, strict=True), start=1):
        assert not layer.bias.any(), f"{where} the biases of layer {k} are not 0."
        ratio = layer.weight.detach() / old
        assert close(ratio, ratio.flatten()[0].item(), 1e-6) and ratio.flatten()[0] > 0, (
            f"{where} the weights of layer {k} are not what they were, times one positive number."
        )
    with torch.no_grad():
        for k, layer in enumerate(model):
            x = layer(x)
            if isinstance(layer, nn.Linear):
                number = linear.index(layer) + 1
                expect(
                    f"{where} the size (root mean square) of what layer {number} puts out",
                    rms(x),
                    1.0,
                    tolerance=1e-6,
                    otherwise=why(model, number, x, k),
                )


def why(model, number, z, place):
    """What most likely went wrong with a layer whose output z has not the size 1."""
    if abs(z.std(correction=0).item() - 1) < 1e-6 or abs(z.std().item() - 1) < 1e-6:
        return "its standard deviation is 1. Asked for is the root mean square, without taking the mean away."
    a = model[place + 1](z) if place + 1 < len(model) else None
    if a is not None and abs(rms(a) - 1) < 1e-6:
        return "what comes out of the bend after it has size 1. Measure before the bend."
    if abs(rms(z) - 1) < 0.05:
        return "that is near 1, and not 1: divide by the size, however near it was to 1."
    if number > 1:
        return (
            "were the layers below scaled already when you measured? Go from the bottom up, and carry x "
            "through each scaled layer."
        )
    return "divide by the root of the mean square, once the biases are 0."


def touched(model):
    """A network in .eval(), with gradients, whose first parameter is frozen."""
    model.eval()
    for k, p in enumerate(model.parameters()):
        p.grad = random(*p.shape, seed=k)
        p.requires_grad_(k > 0)
    return model


class Special(nn.Linear):
    """A linear layer of a class of its own."""


def single(w, b):
    model = nn.Sequential(nn.Linear(2, 1))
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor([w]))
        model[0].bias.fill_(b)
    return model


def mixed(seed, *sizes):
    """A norm with numbers of its own, a subclass of nn.Linear, a bend, and a plain layer."""
    D, wide, H = sizes
    model = nn.Sequential(
        nn.LayerNorm(D), Special(D, wide), nn.Tanh(), nn.LayerNorm(wide), nn.Linear(wide, H)
    )
    with torch.no_grad():
        for k, p in enumerate(model.parameters()):
            p.copy_(random(*p.shape, seed=seed + k, scale=2.0))
    return model


@question(points=4)
def lsuv(lsuv_):
    x = torch.tensor([[3.0, 4.0], [4.0, 3.0]])
    scaled(
        lsuv_, single([2.0, 1.0], 7.0), x, "For one layer, w = (2, 1) and b = 7, and x = (3, 4) and (4, 3),"
    )
    for size in (1.04, 1.004, 1.0004):
        w = [2 * size / math.sqrt(110.5), size / math.sqrt(110.5)]
        scaled(lsuv_, single(w, 0.0), x, f"For one layer that puts out the size {size} at first,")
    x = random(50, 6, seed=1) + 0.5
    scaled(lsuv_, network(6, 20, 20, 3, seed=2), x, "In a network 6-20-20-3 of ReLUs,")
    scaled(lsuv_, network(6, 9, 4, seed=3, bend=nn.Tanh, scale=0.1), x, "In a network 6-9-4 of tanhs,")
    scaled(lsuv_, mixed(4, 6, 12, 5), x, "In a network with LayerNorms and a subclass of nn.Linear,")
    x = random(5, 7, 6, seed=5) + 0.5
    scaled(lsuv_, network(6, 20, 3, seed=6), x, "For a batch of the shape (5, 7, 6),")
    scaled(lsuv_, touched(mixed(7, 6, 12, 5)), x, "In a network in .eval(), with .grad and a frozen weight,")


# --- 5 -----------------------------------------------------------------------------------------------------


class Block(nn.Module):
    def __init__(self, d, wide, bias):
        super().__init__()
        self.up, self.bend, self.down = nn.Linear(d, wide), nn.ReLU(), nn.Linear(wide, d, bias=bias)

    def forward(self, x):
        return x + self.down(self.bend(self.up(x)))


def spoil(net):
    """Let all parameters begin with something wrong."""
    with torch.no_grad():
        for p in net.parameters():
            p.fill_(3.0)
    return net


def lookalikes():
    """Names that only look like up, down and head, and other modules that bear these names."""
    wide = nn.ModuleDict({"0": nn.Linear(96, 250), "other": nn.LayerNorm(40)})
    inner = {"head": nn.Linear(96, 35), "Up": nn.Linear(96, 250), "up": nn.Embedding(60, 30)}
    odd = {"up": nn.LayerNorm(96), "down": nn.Embedding(70, 96, padding_idx=4), "head": nn.LayerNorm(40)}
    names = ("backup", "upper", "down_up", "down2", "Down", "heads", "subhead")
    layers = {name: nn.Linear(96, 250) for name in names}
    return spoil(
        nn.ModuleDict(
            {
                **layers,
                "special": Special(96, 250),
                "up": wide,
                "decoder": nn.ModuleDict(inner),
                "odd": nn.ModuleDict(odd),
            }
        )
    )


class Net(nn.Module):
    """A network of residual blocks on words, whose parameters all begin with something wrong."""

    def __init__(self, words=50, first=48, d=72, wide=320, blocks=2, classes=10, padding=None, bias=True):
        super().__init__()
        self.words = nn.Embedding(words, first, padding_idx=padding)
        self.enter = nn.Linear(first, d, bias=bias)
        self.blocks = nn.Sequential(*[Block(d, wide, bias) for _ in range(blocks)])
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, classes)
        spoil(self)

    def forward(self, words):
        return self.head(self.norm(self.blocks(self.enter(self.words(words)))))


def slips_of(weight, want, is_table):
    """Mean squares that slips give, and what to say of each."""
    told = [(math.sqrt(want), "its root: the root was taken once too often")]
    if is_table:
        return [*told, (1.0, "1, as nn.Embedding begins")]
    H, D = weight.shape
    return [
        (2 / D, "He's, 2/fan_in"),
        (1 / D, "1/fan_in"),
        (2 / H, "2/fan_out: torch keeps the weight as (out, in)"),
        (1 / H, "1/fan_out: torch keeps the weight as (out, in)"),
        (1 / (3 * D), "torch's default"),
        (4 / D**2, "the square of 2/fan_in: normal_ takes a standard deviation"),
        (1 / D**2, "the square of 1/fan_in: normal_ takes a standard deviation"),
        (0.01**2, "the head's"),
        *told,
        (1.0, "1: normal_ takes a mean first, and then the standard deviation"),
    ]


def about(name, weight, want, where, is_table=False):
    """See that a weight was drawn around 0, with the variance that it should have.

    All rooms are 6 standard deviations of a right draw, or more.
    """
    n, weight = weight.numel(), weight.detach()
    got, room = weight.square().mean().item(), 6 * math.sqrt(2 / n)
    assert not close(weight, 3.0), f"{where} the weight of {name} is as it was."
    assert not bool((weight == 0).all()), f"{where} the weight of {name} is 0. Here it must be drawn."
    empty = (weight == 0).all(dim=1).nonzero().flatten().tolist()
    assert not empty, f"{where} row {empty[0]} of the weight of {name} is 0, and is no padding."
    if abs(got / want - 1) > room:
        known = [
            words
            for value, words in slips_of(weight, want, is_table)
            if abs(got / value - 1) <= min(room, 0.2) and abs(value / want - 1) > room
        ]
        told = f" That is {known[0]}." if len(known) == 1 else ""
        raise AssertionError(
            f"{where} the mean square of the weight of {name} is {got:.3g}, not about {want:.3g}.{told}"
        )
    mean = weight.mean().item()
    assert abs(mean) < 6 * math.sqrt(want / n), (
        f"{where} the weight of {name} has the mean {mean:.3g}, not 0."
    )
    assert sizes_of(weight) > 0.9 * n, (
        f"{where} many weights of {name} are equal, or equal but for the sign: draw each of them."
    )
    assert stray(weight / math.sqrt(want), normal_share) < 4, (
        f"{where} the mean square of the weight of {name} is right, but its numbers do not lie as a normal "
        "draw does. Are they even ones, of torch.rand or uniform_?"
    )


def prepared(prepare_, net, where):
    before = state(net)
    left(net, before, call(prepare_, net), "prepare_", where)
    for name, p in net.named_parameters():
        if name.split(".")[-1] == "bias":
            assert not p.any(), f"{where} {name} is not 0."
    drawn_ones = {}
    for path, module in net.named_modules():
        role, name = path.split(".")[-1], path or "the net itself"
        if isinstance(module, nn.LayerNorm):
            assert close(module.weight.detach(), 1.0), f"{where} the weight of {name}, a LayerNorm, is not 1."
        elif isinstance(module, nn.Embedding):
            rows = module.weight.detach()
            if module.padding_idx is not None:
                assert not rows[module.padding_idx].any(), (
                    f"{where} row {module.padding_idx} of {name}, the padding, is not 0: it was drawn over. "
                    "Its gradient is 0, so training never mends it."
                )
                keep = torch.arange(len(rows)) != module.padding_idx
                rows = rows[keep]
            about(name, rows, 0.02**2, where, is_table=True)
            drawn_ones[name] = module.weight.detach()
        elif isinstance(module, nn.Linear):
            if role == "down":
                assert not module.weight.any(), (
                    f"{where} the weight of {name} is not 0: a block shall begin as the identity."
                )
                continue
            want = {"up": 2 / module.in_features, "head": 0.01**2}.get(role, 1 / module.in_features)
            about(name, module.weight, want, where)
            drawn_ones[name] = module.weight.detach()
    twins(drawn_ones, where)


def twins(weights, where):
    """See that no two weights hold the same random numbers, whatever their scale."""
    firsts = {name: weight.flatten()[:400] for name, weight in weights.items()}
    for name, one in firsts.items():
        for other, two in firsts.items():
            if other == name:
                break
            n = min(len(one), len(two))
            alike = torch.nn.functional.cosine_similarity(one[:n], two[:n], dim=0).item()
            assert abs(alike) < 0.6, (  # of right draws it is 1/√n, at most 0.07
                f"{where} {other} and {name} hold the same random numbers, but for their scale. Draw each "
                "anew, and set no seed."
            )


def starts_at(net, words, classes, where):
    """See that the loss at the start is that of guessing.

    With n words and logits of h·w, w of the size 0.01 and h of the norm √d: on the mean above log C by
    0.01²·d/2, give or take 0.01·√(d/n).
    """
    d, n = net.head.in_features, len(words)
    with torch.no_grad():
        loss = nn.functional.cross_entropy(net(words), words % classes).item()
    room = 6 * 0.01 * math.sqrt(d / n) + 0.01**2 * d
    assert abs(loss - math.log(classes)) < room, (
        f"{where} the loss at the start is {loss:.3f}, not about log {classes} = {math.log(classes):.3f}."
    )


@question(points=5)
def prepare(prepare_):
    torch.manual_seed(1)
    net = Net()
    prepared(prepare_, net, "In a network of two blocks,")
    starts_at(net, torch.arange(50), 10, "In a network of two blocks, with ten classes,")
    prepared(prepare_, Net(padding=0), "With padding_idx = 0,")
    prepared(prepare_, Net(bias=False), "Where some layers have no bias,")
    prepared(prepare_, lookalikes(), "Where names only look like others, or belong to other modules,")
    prepared(prepare_, spoil(nn.Linear(96, 250)), "Where the net is one nn.Linear,")
    prepared(prepare_, touched(Net()), "In a network in .eval(), with .grad and a frozen weight,")
