"""The tests of assignment 3.3: fans, draws, gains, layers scaled on data, and a whole network."""

import math

import torch
from torch import nn

from course_lib.checks import question, tools
from course_lib.checks.tools import close, expect

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


def random(*shape, seed, scale=1.0):
    """Normal random numbers, for each seed the same in every run."""
    return scale * torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def rms(t):
    return t.square().mean().sqrt().item()


# --- 1 -----------------------------------------------------------------------------------------------------


def counted(fans, layer):
    answer = call(fans, layer)
    both = tools.parts_of(answer, 2, "fan_in, fan_out")
    for name, one in zip(("fan_in", "fan_out"), both, strict=True):
        tools.number(one, name)
        assert not isinstance(one, float), f"{name} must be an int, and is {one}: // divides whole numbers."
    return list(both)


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
    assert weight.is_leaf and not weight.requires_grad, "Return plain numbers, which autograd does not watch."
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
    assert abs(mean) < 6 * size / math.sqrt(n), (
        f"{where} the mean of {n} draws is {mean:.3g}. It should be 0: are some signs missing?"
    )
    if abs(got / want - 1) > 0.03:
        known = [words for times, words in TIMES if abs(got / want / times - 1) < 0.03]
        if abs(got / want**2 - 1) < 0.03:
            known = ["the square of what it should be: a standard deviation is the root of the variance"]
        for name, other in (
            ("fan_out", variance(kind, fan_out, fan_in)),
            ("the number of weights", variance(kind, n, n)),
        ):
            if abs(got / other - 1) < 0.03 and abs(other / want - 1) > 0.1:
                known = [f"what {name} in the place of fan_in would give"]
        told = f": {known[0]}" if known else ""
        raise AssertionError(f"{where} the variance of {n} draws is {got:.3g}, not {want:.3g}{told}.")
    edge = math.sqrt(3 * want)
    farthest = weight.abs().max().item()
    if kind in ("xavier", "torch"):
        assert farthest <= edge * (1 + 1e-9), (
            f"{where} the variance is right, but a draw is {farthest:.3g} large. An even draw has an edge: "
            f"here {edge:.3g}. Is it torch.randn in place of torch.rand?"
        )
    else:
        beyond = (weight.abs() > 2 * size).double().mean().item()
        assert abs(beyond - 0.0455) < 0.01, (
            f"{where} the variance is right, but {beyond:.1%} of the draws lie beyond two standard "
            "deviations. Of a normal draw, 4.6 % do. Is it torch.rand in place of torch.randn?"
        )


@question(points=4)
def draw(draw):
    for kind in KINDS:
        weight = drawn(draw, LARGE, 400, 300, kind, seed=1)
        judged(weight, kind, 400, 300, f"For {kind!r}, fan_in 400 and fan_out 300,")
        # A convolution's weight: the fans are not to be read from the shape.
        weight = drawn(draw, (80, 60, 3, 3), 540, 720, kind, seed=2)
        judged(weight, kind, 540, 720, f"For {kind!r}, the shape (80, 60, 3, 3), fan_in 540 and fan_out 720,")


# --- 3 -----------------------------------------------------------------------------------------------------


def both(gains, f, slope, size):
    answer = tools.parts_of(call(gains, f, slope, size), 2, "there, back")
    return [tools.number(one, name) for one, name in zip(answer, ("there", "back"), strict=True)]


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
                2.0: "that is a variance. The gain is its root.",
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
    expect("For tanh and loads of size 1, the gain there", there, 1.5925, **NEAR)
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
    held = [(layer.weight, layer.bias) for layer in linear]
    before = [layer.weight.detach().clone() for layer in linear]
    call(lsuv_, model, x)
    for k, (layer, (weight, bias), old) in enumerate(zip(linear, held, before, strict=True), start=1):
        assert layer.weight is weight and layer.bias is bias, (
            f"{where} layer {k} has a new parameter. An optimizer that was made before would go on with the "
            "old one: write into the tensors that are there, .mul_(), .div_() or .zero_()."
        )
        assert weight.requires_grad and weight.grad_fn is None, f"{where} layer {k} can no longer learn."
        assert not bias.any(), f"{where} the biases of layer {k} are not 0."
        ratio = weight.detach() / old
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
    if number > 1:
        return (
            "were the layers below scaled already when you measured? Go from the bottom up, and carry x "
            "through each scaled layer."
        )
    return "divide by the root of the mean square, once the biases are 0."


@question(points=4)
def lsuv(lsuv_):
    x = torch.tensor([[3.0, 4.0], [4.0, 3.0]])
    model = nn.Sequential(nn.Linear(2, 1))
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor([[2.0, 1.0]]))
        model[0].bias.fill_(7.0)
    scaled(lsuv_, model, x, "For one layer, w = (2, 1) and b = 7, and x = (3, 4) and (4, 3),")
    x = random(50, 6, seed=1) + 0.5
    scaled(lsuv_, network(6, 20, 20, 3, seed=2), x, "In a network 6-20-20-3 of ReLUs,")
    scaled(lsuv_, network(6, 9, 4, seed=3, bend=nn.Tanh, scale=0.1), x, "In a network 6-9-4 of tanhs,")


# --- 5 -----------------------------------------------------------------------------------------------------


class Block(nn.Module):
    def __init__(self, d, wide, bias):
        super().__init__()
        self.up, self.bend, self.down = nn.Linear(d, wide), nn.ReLU(), nn.Linear(wide, d, bias=bias)

    def forward(self, x):
        return x + self.down(self.bend(self.up(x)))


class Net(nn.Module):
    """A network of residual blocks on words, whose parameters all begin with something wrong."""

    def __init__(self, words=50, d=64, wide=256, blocks=2, classes=10, padding=None, bias=True):
        super().__init__()
        self.words = nn.Embedding(words, d, padding_idx=padding)
        self.enter = nn.Linear(d, d, bias=bias)
        self.blocks = nn.Sequential(*[Block(d, wide, bias) for _ in range(blocks)])
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, classes)
        with torch.no_grad():
            for p in self.parameters():
                p.fill_(3.0)

    def forward(self, words):
        return self.head(self.norm(self.blocks(self.enter(self.words(words)))))


def about(name, weight, want, where):
    """See that a weight was drawn around 0, with the variance that it should have."""
    n, weight = weight.numel(), weight.detach()
    got, room = weight.square().mean().item(), 6 * math.sqrt(2 / n)
    assert not close(weight, 3.0), f"{where} the weight of {name} is as it was."
    assert not bool((weight == 0).all()), f"{where} the weight of {name} is 0. Here it must be drawn."
    D = weight.shape[1]
    if abs(got / want - 1) > room:
        times = [
            f" That is {words}."
            for value, words in (
                (2 / D, "He's, 2/fan_in"),
                (1 / D, "1/fan_in"),
                (2 / len(weight), "2/fan_out: torch keeps the weight as (out, in)"),
                (1 / len(weight), "1/fan_out: torch keeps the weight as (out, in)"),
                (1 / (3 * D), "torch's default"),
                (4 / D**2, "the square of 2/fan_in: normal_ takes a standard deviation"),
                (1 / D**2, "the square of 1/fan_in: normal_ takes a standard deviation"),
                (math.sqrt(want), "the root of it: was a variance wanted, and its root given?"),
                (1.0, "1, as nn.Embedding begins"),
            )
            if abs(got / value - 1) <= min(room, 0.2)
        ]
        raise AssertionError(
            f"{where} the mean square of the weight of {name} is {got:.3g}, not about {want:.3g}."
            + "".join(times[:1])
        )
    mean = weight.mean().item()
    assert abs(mean) < 6 * math.sqrt(want / n), (
        f"{where} the weight of {name} has the mean {mean:.3g}, not 0."
    )
    assert weight.unique().numel() > n / 2, f"{where} many weights of {name} are equal: draw each of them."


def prepared(prepare_, net, where, padding=None):
    held = dict(net.named_parameters())
    call(prepare_, net)
    now = dict(net.named_parameters())
    for name, p in held.items():
        assert now.get(name) is p, (
            f"{where} {name} is a new parameter. An optimizer that was made before would go on with the old "
            "one: write into the tensor that is there, as nn.init does."
        )
        assert p.requires_grad and p.grad_fn is None, f"{where} {name} can no longer learn."
        if name.endswith("bias"):
            assert not p.any(), f"{where} {name} is not 0."
    layers = dict(net.named_modules())
    for name, module in layers.items():
        role = name.split(".")[-1]
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
            about(name, rows, 0.02**2, where)
        elif isinstance(module, nn.Linear):
            if role == "down":
                assert not module.weight.any(), (
                    f"{where} the weight of {name} is not 0: a block shall begin as the identity."
                )
                continue
            want = {"up": 2 / module.in_features, "head": 0.01**2}.get(role, 1 / module.in_features)
            about(name, module.weight, want, where)


@question(points=5)
def prepare(prepare_):
    torch.manual_seed(1)
    net = Net()
    prepared(prepare_, net, "In a network of two blocks,")
    words = torch.arange(50)
    with torch.no_grad():
        loss = nn.functional.cross_entropy(net(words), words % 10).item()
    expect("With ten classes, the loss at the start", loss, math.log(10), tolerance=0.01)
    prepared(prepare_, Net(padding=0), "With padding_idx = 0,")
    prepared(prepare_, Net(bias=False), "Where some layers have no bias,")
