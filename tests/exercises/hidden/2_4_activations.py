"""The unseen tests of assignment 2.4."""

import torch
from torch import nn
from torch.nn import functional as F

from course_lib.checks import module
from course_lib.checks.tools import close, expect, random

the = module("2_4_activations")

FROM_TORCH = {"sigmoid": torch.sigmoid, "softplus": lambda z: F.softplus(z, threshold=100), "elu": F.elu}


def safe(sigmoid, softplus, elu, seed=0):
    the.forbidden(sigmoid, softplus, elu)
    bends = {"sigmoid": sigmoid, "softplus": softplus, "elu": elu}
    for name, f in bends.items():
        for number, (shape, scale) in enumerate(
            (((7,), 1.0), ((3, 4), 5.0), ((2, 3, 2), 40.0), ((1,), 300.0))
        ):
            z = random(*shape, seed=100 * seed + number, scale=scale)
            leaf = z.clone().requires_grad_()
            a = FROM_TORCH[name](leaf)
            (want,) = torch.autograd.grad(a.sum(), leaf)
            got, slopes = the.values_and_slopes(name, f, z.tolist())
            where = f"for z of shape {shape} and size {scale:g}"
            assert close(got, a, 1e-12), f"{where} your {name} and torch's differ."
            assert close(slopes, want, 1e-12), f"{where} the slopes of your {name} and of torch's differ."
        for z in (-700.0 - seed % 10, 700.0 + seed % 10, 88.8, -88.8):
            for dtype in (torch.float64, torch.float32):
                value, slope = torch.tensor(the.wanted(name, z), dtype=dtype).tolist()
                got, slopes = the.values_and_slopes(name, f, [z], dtype)
                where = f"at z = {z:g}, in {str(dtype)[6:]},"
                assert close(got[0], value, 1e-6), f"{where} your {name} is {got[0]:g}, not {value:g}."
                assert close(slopes[0], slope, 1e-6), f"{where} its slope is {slopes[0]:g}, not {slope:g}."
        z = random(5, seed=seed + 3)
        z.requires_grad_(False)
        got = the.shaped(name, the.bend(f, z[:0]), z[:0])
        assert len(got) == 0, f"of no numbers, {name} makes {len(got)}."
    for z in (-37.0, -45.0 - seed % 40, -100.0):
        the.small(softplus, z)


def slopes(leaky_relu, gelu, seed=0):
    the.not_by_torch(leaky_relu, gelu)
    for number, (shape, negative) in enumerate((((6,), 0.2), ((3, 4), 0.01), ((2, 2, 2), 0.0), ((4,), 0.5))):
        z = random(*shape, seed=100 * seed + number, scale=3.0)
        a, steep = the.both("leaky_relu", leaky_relu, z, negative)
        where = f"for z of shape {shape} and negative = {negative:g}"
        assert close(a, F.leaky_relu(z, negative), 1e-12), f"{where} your leaky_relu and torch's differ."
        assert close(steep, torch.where(z > 0, 1.0, negative), 1e-12), f"{where} your slopes are wrong."

        leaf = z.clone().requires_grad_()
        want = F.gelu(leaf, approximate="tanh")
        (want_steep,) = torch.autograd.grad(want.sum(), leaf)
        a, steep = the.both("gelu", gelu, z)
        assert close(a, want, 1e-12), f"for z of shape {shape} your gelu and torch's (with tanh) differ."
        assert close(steep, want_steep, 1e-12), f"for z of shape {shape} the slopes of your gelu are wrong."


def network(seed, widths):
    """ReLU layers of which some units are dead for all data, and some fire rarely."""
    torch.manual_seed(1000 + seed)
    layers = []
    for D, H in zip(widths, widths[1:], strict=False):
        layers += [nn.Linear(D, H), nn.ReLU()]
    model = nn.Sequential(*layers, nn.Linear(widths[-1], 2))
    with torch.no_grad():
        for layer in model:
            if isinstance(layer, nn.Linear):
                layer.weight.mul_(2)
                layer.bias.sub_(torch.linspace(0, 6, len(layer.bias)))
    return model


def dead_units(dead_units, seed=0):
    for number, (widths, sizes) in enumerate(
        (((4, 30), (16, 16, 5)), ((6, 20, 25), (8, 8, 8, 1)), ((3, 10, 10, 10), (50,)))
    ):
        model = network(10 * seed + number, widths)
        x = random(sum(sizes), widths[0], seed=100 * seed + number, scale=1.5)
        want, a = [], x
        with torch.no_grad():
            for layer in model:
                a = layer(a)
                if isinstance(layer, nn.ReLU):
                    want.append(int((a == 0).all(dim=0).sum()))
        batches = [(part, torch.zeros(len(part))) for part in x.split(sizes)]
        for how in ("a list", "a generator"):
            got = the.census(dead_units, model, batches if how == "a list" else iter(batches))
            assert got == want, (
                f"for layers {widths} and batches of {sizes}, as {how}, you count {got}, not {want}."
            )
    none = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    got = the.census(dead_units, none, the.pairs([[1.0, 2.0]]))
    assert got == [], f"a model without nn.ReLU has no counts: [], not {got}."


def way_back(way_back, seed=0):
    for number, widths in enumerate(((5, 4), (3, 6, 2), (4, 4, 4), (4, 7, 5, 3, 6))):
        for name, f in (("tanh", torch.tanh), ("softplus", F.softplus)):
            a = random(6, widths[0], seed=100 * seed + number)
            weights, loads = [], []
            for k, (D, H) in enumerate(zip(widths, widths[1:], strict=False)):
                weights.append(random(D, H, seed=100 * seed + 10 * number + k + 50))
                loads.append((a @ weights[-1]).requires_grad_())
                a = f(loads[-1])
            da = random(*a.shape, seed=100 * seed + number + 7)
            grads = torch.autograd.grad((a * da).sum(), loads)
            loads = [z.detach() for z in loads]
            weights = [W.detach() for W in weights]

            def slope(z, f=f):
                with torch.enable_grad():
                    leaf = z.detach().clone().requires_grad_()
                    return torch.autograd.grad(f(leaf).sum(), leaf)[0]

            sizes = the.back(way_back, weights, loads, slope, da)
            for k, (size, g) in enumerate(zip(sizes, grads, strict=True)):
                expect(
                    f"for widths {widths} and {name}, the size at layer {k + 1}",
                    size,
                    g.pow(2).mean().sqrt().item(),
                    otherwise="compare with autograd.",
                )


def predict(predict, seed=0):
    for number, shape in enumerate(((1, 4), (5, 3), (4, 1), (3, 3))):
        z = random(*shape, seed=100 * seed + number, scale=4.0)
        for kind, want in (
            ("number", z),
            ("positive", F.softplus(z)),
            ("share", torch.sigmoid(z)),
            ("classes", torch.softmax(z, dim=1)),
        ):
            got = the.predicted(predict, kind, z)
            assert close(got, want), f"for z of shape {shape}, predict({kind!r}, z) is wrong."
        z = z.float()
        for kind in ("number", "positive", "share", "classes"):
            the.predicted(predict, kind, z)
