"""The tests of assignment 3.6: a watched update, the first bad layer, diagnoses, a repair, a resume."""

import copy
import functools
import gc
import itertools
import math
import os
import pickle
import random as chances
import statistics
import tempfile
import weakref
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from course_lib.checks import question, tools
from course_lib.checks.tools import close, explain, flat_of, locked, random
from course_lib.monitor import Monitor

# --- what the tests share ----------------------------------------------------------------------------------


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if "'NoneType'" in said:
        return f"Something is None here, and is used all the same. ({said})"
    if "Boolean value" in said or "only tensors with one element" in said or "converted to Scalar" in said:
        return f"One number is wanted there, and there is a whole tensor. ({said})"
    if "second time" in said:
        return f"backward() is called once more on a loss whose graph is used up. ({said})"
    return None


def both(names):
    """Names as one reads them."""
    names = list(names)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# --- 1 -----------------------------------------------------------------------------------------------------

NOT_MONITOR = "The course's Monitor does not do it for you: write what it does."
COPY = "Is what you kept from before the step the weight itself? It moves, too: keep a copy, with .clone()."
MEASURE = (
    "that is the rate times the gradient over the weight. Momentum, decay and Adam's scaling move "
    "weights, too: measure, before and after."
)
STILL = "Something that stands still has a ratio, too: 0.0. It is what you look for."


def line_hint(error):
    said = str(error)
    if "'NoneType'" in said:
        return f"A parameter that the loss does not use has no gradient, .grad is None: skip it. ({said})"
    if isinstance(error, ZeroDivisionError):
        return f"A weight that is all zeros has the length 0: the text says what its ratio is. ({said})"
    if "leaf variable that requires grad" in said.lower():
        return f"A weight is changed in place, outside of the optimizer. Only look at it. ({said})"
    if "does not require grad" in said:
        return f"backward() was called before: there is nothing to call it on. ({said})"
    return hint_for(error)


def sizes(net):
    """Of each watched weight: itself, and a copy."""
    return {name: (p, p.detach().clone()) for name, p in net.named_parameters() if p.dim() > 1}


def ratio(moved, size):
    return moved / size if size else math.inf if moved > 0 else moved


def line_of(net, optimizer, loss):
    """One update and its line; and what slips make of it: {key: [(number, sentence)]}."""
    there = {name: p.grad.clone() for name, p in net.named_parameters() if p.grad is not None}
    line = {"loss": loss.item(), "gradient": math.sqrt(sum(g.square().sum().item() for g in there.values()))}
    line |= {f"lr/{k}": float(group["lr"]) for k, group in enumerate(optimizer.param_groups)}
    rates = {id(p): float(group["lr"]) for group in optimizer.param_groups for p in group["params"]}
    lengths = {name: g.norm().item() for name, g in there.items()}
    wide = [lengths[name] for name, g in there.items() if g.dim() > 1]
    held = [lengths[name] for name in there if id(net.get_parameter(name)) in rates]
    free = [lengths[name] for name in there if net.get_parameter(name).requires_grad]
    n, length = sum(g.numel() for g in there.values()), line["gradient"]
    slips = {
        "gradient": [
            (length**2, "that is the sum of squares. The root is missing."),
            (sum(lengths.values()), LENGTHS),
            (math.hypot(*wide), "the biases' gradients belong to it."),
            (math.sqrt(length**2 / n), "that divides by the number of entries: a length does not."),
            (max(lengths.values()), "that is one parameter's. Take all together."),
            (max(g.abs().max().item() for g in there.values()), "that is the largest entry."),
            (sum(g.abs().sum().item() for g in there.values()), "that is a sum of sizes, without squares."),
            (list(lengths.values())[-1], "that is the last parameter's alone."),
            (list(lengths.values())[0], "that is the first parameter's alone."),
            (math.hypot(*free), FROZEN),
            (math.hypot(*held), ALL),
            (0.0, "Is it taken after the step, when the gradients are cleared, or of those that have none?"),
        ]
    }
    before = sizes(net)
    optimizer.step()
    for k, group in enumerate(optimizer.param_groups):
        words = "that is the rate after step(). The line is about this update: read it before."
        slips[f"lr/{k}"] = [(float(group["lr"]), words)]
        slips[f"lr/{k}"].append((line["lr/0"], "that is the first group's rate. Each group has its own."))
    for name, (p, old) in before.items():
        step, size, now = (p.detach() - old).norm().item(), old.norm().item(), p.detach().norm().item()
        line[f"ratio/{name}"] = ratio(step, size)
        g = lengths.get(name, 0.0)
        entries = p.numel()
        told = [
            (rates.get(id(p), line["lr/0"]) * g / size if size else math.nan, MEASURE),
            (line["lr/0"] * g / size if size else math.nan, MEASURE),
            (g / size if size else math.nan, "that is the gradient over the weight: nothing was measured."),
            (0.0, COPY),
            (math.inf, "a ratio is infinite only where a weight of all zeros moves."),
            (step, "that is how far it moved. Divide by the weight's length before the update."),
            (
                ratio(step, now),
                "that is divided by the weight's length after the update. Take the one before.",
            ),
            (ratio(size, step), "the ratio is upside down."),
            (ratio(step, size) ** 2, "that is the square of the ratio: the roots are missing."),
            (ratio(abs(now - size), size), LENGTH),
            (ratio(now - size, size), LENGTH),
            (step / (1 + size), "something is added to the weight's length."),
            (ratio(step, size) / math.sqrt(entries), "that divides by the number of entries, on top only."),
            (ratio(step, size) * math.sqrt(entries), "that divides by the number of entries, below only."),
            (((p.detach() - old) / old).norm().item(), "divide length by length, not entry by entry."),
            (((p.detach() - old) / old).abs().mean().item(), "divide length by length, not entry by entry."),
        ]
        slips[f"ratio/{name}"] = told
    return line, slips


FROZEN = "a frozen parameter may have a gradient, from before: then it belongs to it."
ALL = "that is over what the optimizer holds. All parameters of net that have a gradient belong to it."
LENGTH = "that compares two lengths. A weight that turns keeps its length: take the length of what moved."
LENGTHS = "that is a sum of lengths. Add up the squares, and take one root."


def see_keys(got, want, where):
    assert got is not None, f"{where} you return None. Return the line, a dict."
    assert isinstance(got, dict), f"{where} you return a {type(got).__name__}. Return the line, a dict."
    missing = [key for key in want if key not in got]
    more = [key for key in got if key not in want]
    words = ""
    if any(str(key).endswith("bias") for key in more):
        words = " Ratios are for parameters of two or more dimensions: a bias begins at 0."
    elif missing and all(key.startswith("ratio/") and want[key] in (0.0, math.inf) for key in missing):
        words = f" {STILL}" if want[missing[0]] == 0 else " A weight that begins at 0 has a ratio, too."
    assert not missing, f"{where} your line lacks {both(missing)}.{words or ' Its keys are in the table.'}"
    assert not more, f"{where} your line has {both(map(repr, more))}, which nobody asked for.{words}"


def as_near(value, right, near):
    """Whether a number is another one, in parts of it. nan is nan, inf inf, and 0 only 0."""
    if not math.isfinite(right):
        return value == right or math.isnan(value) and math.isnan(right)
    return abs(value - right) <= near * abs(right)


def see_line(got, want, slips, where, near=1e-9):
    for key, right in want.items():
        value, what = got[key], f"{where} {key!r}"
        assert not isinstance(value, torch.Tensor), (
            f"{what} is a tensor. Put numbers into the log, with .item(): a tensor may hold its whole "
            "graph in memory, and goes on changing if it is somebody's."
        )
        value = tools.number(value, what)
        if as_near(value, right, near):
            continue
        told = [
            words
            for slip, words in slips.get(key, ())
            if as_near(value, slip, near) and not as_near(slip, right, near) and not math.isnan(slip)
        ]
        if math.isinf(right) and not math.isnan(value):
            told = ["a weight of all zeros that moves has an infinite ratio, math.inf."]
        if not told and key.startswith("ratio/") and right == 0 and not math.isnan(value):
            told = [
                "a weight of all zeros that stays where it is has the ratio 0.0, as all that stand still."
            ]
        if not told and math.isnan(value):
            told = ["0/0 is no number: the text says what the ratio of a weight of all zeros is."]
        if not told and as_near(value, right, 1e-3):
            told = [
                "it is nearly right. Is something small added, such as 1e-8, is it rounded, is it float32?"
            ]
        raise AssertionError(explain(what, value, right, {}, otherwise=(told or [tools.OTHERWISE])[0]))


def watched_case(watched_step, make, loss_of, updates, where, near=1e-9):
    """Some updates, beside the same ones of a twin. ``make()`` gives a net and its optimizer."""
    (net, optimizer), (twin, its) = make(), make()
    for k in range(updates):
        for one, rule in ((net, optimizer), (twin, its)):
            rule.zero_grad()
            loss = loss_of(one)
            loss.backward()
            if one is net:
                mine = loss
        at = f"{where} update {k + 1}:" if updates > 1 else f"{where}"
        want, slips = line_of(twin, its, loss)
        flags = [p.requires_grad for p in net.parameters()]
        with (
            locked((Monitor, ("__init__", "__call__")), because=NOT_MONITOR),
            mock.patch.object(optimizer, "step", wraps=optimizer.step) as steps,
        ):
            got = tools.call(line_hint, watched_step, net, optimizer, mine)
        held = weakref.ref(mine)
        del mine
        count = steps.call_count
        assert count == 1, f"{at} optimizer.step() was called {count} times. One call of yours is one update."
        for (name, p), q in zip(net.named_parameters(), twin.parameters(), strict=True):
            same = torch.equal(p, q) or bool((p.isnan() & q.isnan() | (p == q)).all())
            assert same, (
                f"{at} {name} is not what optimizer.step() alone makes of it. An instrument looks, and "
                "changes nothing."
            )
            kept = (p.grad is None) == (q.grad is None) and (
                p.grad is None or bool((p.grad.isnan() & q.grad.isnan() | (p.grad == q.grad)).all())
            )
            assert kept, f"{at} the gradient of {name} has changed. Only look at it."
        assert flags == [p.requires_grad for p in net.parameters()], f"{at} requires_grad has changed."
        see_keys(got, want, at)
        see_line(got, want, slips, at, near)
        if held() is not None:
            gc.collect()
        assert held() is None, (
            f"{at} the loss is still held somewhere, and with it the graph of the whole update. Keep numbers."
        )


def by_hand():
    net = nn.Linear(2, 1, bias=False)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([[3.0, 4.0]]))
    return net, torch.optim.SGD(net.parameters(), lr=0.1)


def two_rates(seed=0):
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))
    groups = [{"params": net[0].parameters()}, {"params": net[2].parameters(), "lr": 0.03}]
    return net, torch.optim.SGD(groups, lr=0.1, momentum=0.9, weight_decay=0.05)


def with_idle(seed=0):
    """The second layer is not used, the third is frozen, the fourth begins at 0; one bias is left out."""
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 2))
    net[2].requires_grad_(False)
    nn.init.zeros_(net[3].weight)
    return net, torch.optim.SGD([p for p in net.parameters() if p is not net[0].bias], lr=0.02)


def idle_loss(net, seed=1):
    a = torch.tanh(net[0](random(5, 3, seed=seed)))
    return (net[3](net[2](a)) - random(5, 2, seed=seed + 1)).square().mean()


def squares(net, x, y):
    return (net(x) - y).square().mean()


@question(points=4)
def watched_step(watched_step):
    where = "For the weight (3, 4), the gradient (6, 8) and plain SGD with lr = 0.1,"
    watched_case(watched_step, by_hand, lambda net: net(torch.tensor([6.0, 8.0])).sum(), 1, where)
    x, y = random(8, 4, seed=1), random(8, 3, seed=2)
    where = "For two layers and two rates, with momentum and decay,"
    watched_case(watched_step, two_rates, lambda net: squares(net, x, y), 3, where)
    where = "For layers of which one is not used, one frozen, and one all zeros,"
    watched_case(watched_step, with_idle, idle_loss, 2, where)


# --- 2 -----------------------------------------------------------------------------------------------------


class Unit(nn.Module):
    """Rows of length 1. A row of zeros is 0/0."""

    def forward(self, a):
        return a / a.norm(dim=1, keepdim=True)


class Exp(nn.Module):
    def forward(self, a):
        return a.exp()


class Fill(nn.Module):
    """Puts 0 where there is no number."""

    def forward(self, a):
        return a.nan_to_num(0.0, 0.0, 0.0)


class Times(nn.Module):
    """Takes two things, and multiplies."""

    def forward(self, a, b):
        return a * b


class Stop(nn.Module):
    """A layer that raises."""

    def forward(self, a):
        raise ArithmeticError("this layer stops here")


class Count(nn.Module):
    """Hands on what comes, and counts how often."""

    calls = 0

    def forward(self, a):
        self.calls += 1
        return a


def hooks_of(net):
    return {
        name: tuple(
            list(getattr(m, f"_{kind}hooks").values())
            for kind in ("forward_", "forward_pre_", "backward_", "backward_pre_")
        )
        for name, m in net.named_modules()
    }


def everywhere():
    hooks = nn.modules.module
    return len(hooks._global_forward_hooks) + len(hooks._global_forward_pre_hooks)


def returns_of(net, x):
    """What a look at each module's return shows, in order.

    (name, clean inputs?, clean answer?, class, one clean input?, a nan in the answer?, finite sums?)
    """
    seen = []

    def see(name, module, inputs, out):
        clean = [bool(one.isfinite().all()) for one in inputs]
        good, nan = bool(out.isfinite().all()), bool(out.isnan().any())
        sums = all(bool(one.sum().isfinite()) for one in inputs)
        seen.append((name, all(clean), good, type(module).__name__, any(clean), nan, sums))

    hooks = [m.register_forward_hook(functools.partial(see, name)) for name, m in net.named_modules()]
    try:
        net(x)
    finally:
        for hook in hooks:
            hook.remove()
    return seen


def bad_hint(error):
    said = str(error)
    if isinstance(error, IndexError):
        return f"Nothing may be bad at all: then return None. ({said})"
    if "'tuple' object" in said:
        return f"A hook gets its layer's inputs as a tuple, for there may be several. ({said})"
    if isinstance(error, FloatingPointError):
        return f"Return the name. What you raise inside of a hook must be caught by you. ({said})"
    if "forward()" in said or "shapes cannot be multiplied" in said:
        return f"A layer is called with other inputs than net calls it with. Call net(x) alone. ({said})"
    return hint_for(error)


LEFT = (
    "your hooks are still there afterwards. Each register_… returns a handle: call its .remove(), in a "
    "finally, so that it happens after an exception, too."
)


def see_hooks(net, before, everywhere_before, where):
    now = hooks_of(net)
    gone = [
        name
        for name, old in before.items()
        if any(hook not in kept for kept, had in zip(now[name], old, strict=True) for hook in had)
    ]
    assert not gone, f"{where} a hook is gone that was there before, and not yours. Remove your own only."
    assert now == before and everywhere() == everywhere_before, f"{where} {LEFT}"


def bad_case(first_bad, net, x, where):
    seen = returns_of(net, x)
    want = next((one[0] for one in seen if one[1] and not one[2]), None)
    before, outside = hooks_of(net), everywhere()
    weights, modes = flat_of(net) if list(net.parameters()) else None, [m.training for m in net.modules()]
    counters = [m for m in net.modules() if isinstance(m, Count)]
    for one in counters:
        one.calls = 0
    got = tools.call(bad_hint, first_bad, net, x)
    see_hooks(net, before, outside, where)
    assert modes == [m.training for m in net.modules()], f"{where} train or eval mode has changed."
    assert weights is None or torch.equal(weights, flat_of(net)), f"{where} a weight has changed."
    for one in counters:
        assert one.calls <= 1, f"{where} a layer was called {one.calls} times. Call net(x) once."
    if got == want and type(got) is type(want):
        return
    assert got is None or isinstance(got, str), (
        f"{where} what you return is of the type {type(got).__name__}. Return the layer's name, a string, "
        "as net.named_modules() has it, or None."
    )
    raise AssertionError(f"{where} you return {got!r}, not {want!r}: {why_bad(got, want, seen, net)}")


def why_bad(got, want, seen, net):
    """What most likely led to another name."""
    bad = [one for one in seen if not one[2]]
    made = [one for one in bad if one[1]]
    kinds = {one[0]: one[3] for one in seen}
    name = dict(net.named_modules())
    if got is not None and got not in name:
        if got in kinds.values():
            return "that is its class. Return its name, as net.named_modules() has it."
        return "there is no layer of that name. Use the names that net.named_modules() has."
    if want is None:
        if not bad:
            return (
                "each layer's answer is finite, in the mode that net is in. (The sum of large numbers "
                "may not be.)"
            )
        if got is not None:
            return "what came in was not finite there already. Nobody made it here: it came with the data."
    if got is None:
        if want == "":
            return "net itself is a layer, too, with the name ''. It was made by its own arithmetic."
        if any(one[0] == want and one[2] for one in seen):
            return "a layer may be called more than once, and one bad answer is enough."
        if not all(one[6] for one in made):
            return "its inputs are finite, each entry. (The sum of large numbers may not be.)"
        if not any(one[5] for one in made):
            return "inf is not finite either, and what comes out at the end need not show it."
        if list(name[want].children()):
            return "a layer that holds others may compute, too: it is one of net.named_modules()."
        if want not in [n for n, _ in net.named_children()]:
            return "it lies inside of another layer. named_modules() goes through all of them."
        return "one entry of its answer is not finite, and its inputs are. inf counts, and one is enough."
    of_got = [one for one in seen if one[0] == got]
    if all(one[2] for one in of_got):
        return "the answer of that one is finite in each entry. (The sum of large numbers may not be.)"
    if of_got and not any(one[1] for one in of_got):
        if any(one[4] for one in of_got):
            return "one of its inputs was not finite. All of them must be."
        return "its input was not finite already. The answer is, of the one that made it from finite inputs."
    if list(name[got].children()) and want.startswith(f"{got}." if got else ""):
        return "the layer inside of it was the first. It returns before the one that holds it."
    if made and made[-1][0] == got:
        return "that is the last one. The first counts."
    return "another one answered earlier. What counts is the order in which layers return, not of names."


def passes_on(first_bad, net, x, where, error=ArithmeticError):
    before, outside = hooks_of(net), everywhere()
    try:
        got = tools.call(lambda _: None, first_bad, net, x)
    except error:
        pass
    else:
        raise AssertionError(
            f"{where} you return {got!r}. Let the exception pass: your finally cleans up, and the caller "
            "learns of it."
        )
    now = hooks_of(net)
    assert now == before and everywhere() == outside, f"{where} {LEFT}"


def suspect(seed=0):
    """A blank row becomes 0/0 in layer 2."""
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(3, 4, bias=False), nn.ReLU(), Unit(), nn.Linear(4, 2))
    x = random(5, 3, seed=seed)
    x[3] = 0
    return net, x


class Small(nn.Module):
    """Parts with names, and a body of several."""

    def __init__(self, middle):
        super().__init__()
        self.head = nn.Linear(4, 2)  # the last, though it stands first
        self.body = nn.Sequential(nn.Linear(3, 4), middle, nn.Tanh())

    def forward(self, x):
        return self.head(self.body(x))


@question(points=4)
def first_bad(first_bad):
    net, x = suspect()
    where = "For Linear, ReLU, Unit (which divides a row by its length), Linear and a batch with a blank row,"
    bad_case(first_bad, net, x, where)
    bad_case(first_bad, net, random(5, 3, seed=8), "For the same net and a batch without a blank row,")
    holed = random(5, 3, seed=8)
    holed[2, 1] = math.nan
    bad_case(first_bad, net, holed, "For a batch that has a nan itself,")
    where = "For a net in parts, head and body, whose layer body.1 divides a blank row by its length,"
    torch.manual_seed(1)
    small = Small(Unit())
    nn.init.zeros_(small.body[0].bias)
    bad_case(first_bad, small, x, where)
    where = "For a net in parts, head and body, whose layer body.1 answers inf,"
    bad_case(first_bad, Small(Exp()), 1e4 * random(6, 3, seed=2), where)
    net[1].register_forward_hook(lambda *_: None)
    bad_case(first_bad, net, x, "For a net that has a hook of somebody else's,")
    stops = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.Tanh(), Stop()), nn.Linear(4, 2))
    passes_on(first_bad, stops, x, "For a net in which a layer raises an exception,")


# --- 3 -----------------------------------------------------------------------------------------------------

ILLNESSES = ("healthy", "hole", "rate", "uphill", "stuck", "plan", "labels")
#: What tells an illness, in the words of the question.
TELLS = {
    "healthy": "no fingerprint fits: the loss falls well below a guess's, and each layer moves.",
    "hole": "some loss is no number, and none before it was above twice a guess's.",
    "rate": "the loss grows above twice a guess's, and the first update moved a layer by more than "
    "its length.",
    "uphill": "the loss grows above twice a guess's, and no layer moved by more than its length at first.",
    "stuck": "there is a layer whose ratio is 0 in every line.",
    "plan": "halfway through the log the rate is below a hundredth of the largest one.",
    "labels": "the loss stays above 0.8 of a guess's in every line, and all layers move as usual.",
}
#: What leads from one to another: (right, given) → words.
MIXED = {
    ("healthy", "plan"): "a rate that ends near 0 was planned so, and it may begin there. What counts is the "
    "one halfway: whether it is below a hundredth of the largest.",
    ("healthy", "stuck"): "a ratio that is small, or 0 in some lines, is none that is 0 in every line.",
    ("healthy", "labels"): "the loss begins at a guess's, and leaves it.",
    ("hole", "rate"): "a nan is no growth, nor is an inf: compare finite losses only.",
    ("hole", "uphill"): "a nan is no growth, nor is an inf: compare finite losses only.",
    ("hole", "healthy"): "is nan seen, and inf? nan is neither above nor below: math.isfinite tells.",
    ("hole", "labels"): "is nan seen, and inf? nan is neither above nor below: math.isfinite tells.",
    ("rate", "hole"): "the losses went through large numbers before they were none.",
    ("uphill", "hole"): "the losses went through large numbers before they were none.",
    ("rate", "uphill"): "look at the first line's ratios, of all layers.",
    ("uphill", "stuck"): "a growth stands higher in the table than a layer that never moves.",
    ("uphill", "rate"): "look at the first line's ratios: later ones are large in both.",
    ("rate", "healthy"): "the loss may come back, when all units are dead. Look at the largest finite one.",
    ("rate", "labels"): "the loss may come back, when all units are dead. Look at the largest finite one.",
    ("rate", "stuck"): "dead units stand still later. In the first line they moved, by far.",
    ("stuck", "labels"): "the loss may be a guess's, too. A ratio of 0 in every line comes first.",
    ("stuck", "plan"): "a ratio of 0 in every line stands higher in the table than the rate.",
    ("stuck", "healthy"): "the loss falls, and yet one layer never moves. Look at each layer.",
    ("plan", "labels"): "look at the rate first: a plan stands higher in the table.",
    ("plan", "healthy"): "look at the rate halfway, beside the largest one.",
    ("labels", "healthy"): "it never falls below 0.8 of a guess's.",
}


def patient(illness, seed):
    """The log of a run that has this illness, and a guess's loss. Net, data and length hang on the seed."""
    chance = chances.Random(f"{illness} {seed}")
    classes, features = chance.randrange(3, 8), chance.randrange(8, 17)
    widths = [chance.choice((12, 16, 24)) for _ in range(chance.choice((1, 2)))]
    updates, first = chance.choice((40, 60)), chance.uniform(0.12, 0.2)
    guess = math.log(classes)
    g = torch.Generator().manual_seed(chance.randrange(10**6))

    def normal(*shape):
        return torch.randn(*shape, generator=g, dtype=torch.float64)

    layers = []
    for wide, D in zip([*widths, classes], [features, *widths], strict=True):
        layers += [nn.Linear(D, wide, dtype=torch.float64), nn.ReLU()]
        with torch.no_grad():
            layers[-2].weight.copy_(normal(wide, D) * math.sqrt(2 / D))
            layers[-2].bias.zero_()
    net = nn.Sequential(*layers[:-1])
    net[-1].weight.data *= 0.3
    centres = 2 * normal(classes, features)
    stuck = illness == "stuck" and chance.choice(("detach", "frozen", "zeros"))
    if stuck == "zeros":
        for p in net.parameters():
            nn.init.zeros_(p)
    if stuck == "frozen":
        net[0].requires_grad_(False)
    hole = updates // 2 + chance.randrange(8)
    whole = chance.choice((True, False))  # or stopped, once something is seen
    plans = {"none": lambda k: 1.0, "cosine": lambda k: (1 + math.cos(math.pi * k / (updates - 1))) / 2}
    plans["warmup"] = lambda k: min(1.0, (k + 1) / 8)
    share = plans[chance.choice(list(plans)) if illness in ("healthy", "labels", "stuck") else "none"]
    if illness == "plan":  # three milestones, meant as epochs
        share = lambda k: 0.1 ** sum(k >= at * updates for at in (0.25, 0.36, 0.45))  # noqa: E731

    def batch(k):
        y = torch.randint(classes, (48,), generator=g)
        x = centres[y] + normal(48, features)
        if illness == "labels":
            y = torch.randint(classes, (48,), generator=g)
        if illness == "hole" and k == hole:
            x[5, 2] = math.nan
        out = net[-1](net[:-1](x).detach()) if stuck == "detach" else net(x)
        return cross_entropy(out, y)

    batch(0).backward()
    sizes = [(p.grad.norm() / p.detach().norm()).item() for p in net.parameters() if _moves(p)]
    unit = max(sizes, default=1.0)
    if illness == "rate":
        first = chance.choice((2.0, 4.0, 8.0))
    sgd = torch.optim.SGD(net.parameters(), lr=first / unit, maximize=illness == "uphill")
    log = []
    start = copy.deepcopy(net.state_dict())
    while True:  # a rate that is far too high, and that the loss shows
        monitor = Monitor(net, sgd)
        for k in range(updates):
            sgd.param_groups[0]["lr"] = first / unit * share(k)
            loss = batch(k)
            sgd.zero_grad()
            loss.backward()
            with monitor(loss, 48):
                sgd.step()
            value = loss.item()
            if not whole and (not math.isfinite(value) or illness == "uphill" and value > 2.5 * guess):
                break
        log = monitor.history
        grown = max(line["loss"] for line in log if math.isfinite(line["loss"]))
        if illness != "rate" or grown > 4 * guess:
            break
        first *= 2
        net.load_state_dict(start)
    for line in log:
        del line["seconds"], line["per_second"], line["examples"]
    return log, guess


def _moves(p):
    return p.dim() > 1 and p.grad is not None and bool(p.grad.any()) and bool(p.detach().any())


told = functools.cache(patient)


def clear(illness, log, guess):
    """Whether a log shows its illness with room on both sides: the tests use no other."""
    losses = [line["loss"] for line in log]
    finite = [one for one in losses if math.isfinite(one)]
    keys = [key for key in log[0] if key.startswith("ratio/")]
    top, low = max(finite) / guess, min(finite) / guess
    rates = [line["lr/0"] for line in log]
    half = rates[len(rates) // 2] / max(rates)
    first = max(log[0][key] for key in keys)
    still = any(all(line[key] == 0 for line in log) for key in keys)
    grows = illness in ("rate", "uphill")
    end = statistics.median(finite[-max(1, len(finite) // 4) :]) / guess
    return (
        (top > 2.3 if grows else top < 1.7)
        and ((first > 1.5) == (illness == "rate"))
        and (grows or first < 0.5)
        and (still == (illness == "stuck"))
        and (illness == "hole" or grows or len(finite) == len(losses))
        and (end < 0.6 or illness != "healthy")
        and (half < 0.005 if illness == "plan" else half > 0.1)
        and (low > 0.87 if illness == "labels" else grows or illness in ("stuck", "hole") or low < 0.7)
    )


def clear_patient(illness, seed):
    """The first clear log from this seed on."""
    return next(one for k in itertools.count() if clear(illness, *(one := told(illness, 1000 * seed + k))))


def diagnosis_hint(error):
    said = str(error)
    if isinstance(error, KeyError):
        return f"Layers' names differ from net to net: take the keys that begin with 'ratio/'. ({said})"
    if isinstance(error, (IndexError, ValueError)):
        return f"A log may be short, and hold many or no bad lines: {said}"
    return hint_for(error)


def diagnosis_case(diagnosis, illness, seed, where):
    judged(diagnosis, illness, *clear_patient(illness, seed), where)


def judged(diagnosis, illness, log, guess, where):
    """See that the answer's word for a log is the right one, or say what tells the two apart."""
    mine = copy.deepcopy(log)
    got = tools.call(diagnosis_hint, diagnosis, mine, guess)
    assert repr(mine) == repr(log), f"{where} your function changed the log. Only read it."
    if got == illness:
        return
    assert got is not None, f"{where} you return None: at the end, what fits nothing is 'healthy'."
    assert got in ILLNESSES, f"{where} you return {got!r}. The words are {both(ILLNESSES)}."
    words = MIXED.get((illness, got), TELLS[illness])
    if got in ("rate", "uphill") and illness not in ("rate", "uphill", "hole"):
        words = "its loss stays below twice a guess's."
    losses = [line["loss"] for line in log]
    shown = ", ".join(f"{one / guess:.2g}" for one in (losses[0], losses[len(losses) // 2], losses[-1]))
    raise AssertionError(
        f"{where} what ails this run is {illness!r}, and you answer {got!r}: {words} (Its loss, in guesses, "
        f"at first, halfway and last: {shown}.)"
    )


def lines(losses, ratios, rates=()):
    """A log made by hand: of two layers, whose ratios are pairs; the last pair and rate go on."""
    last = len(losses) - 1
    return [
        {
            "update": k + 1,
            "loss": loss,
            "gradient": 1.0,
            "lr/0": rates[min(k, len(rates) - 1)] if rates else 0.1,
            "ratio/in.weight": ratios[min(k, last, len(ratios) - 1)][0],
            "ratio/out.weight": ratios[min(k, last, len(ratios) - 1)][1],
        }
        for k, loss in enumerate(losses)
    ]


USUAL = [(0.1, 0.2), (0.05, 0.1)]
#: Logs that a pencil makes: (right, guess, losses, ratios, rates).
PENCIL = (
    ("hole", 1.1, [1.1, 0.7, math.nan], [(0.1, 0.2), (0.1, 0.2), (math.nan, math.nan)], ()),
    ("rate", 1.1, [1.1, 9.0, math.nan], [(0.02, 2.0), (0.01, 0.03), (math.nan, math.nan)], ()),
    ("uphill", 0.69, [0.69, 1.1, 2.0], [(0.1, 0.2), (1.5, 4.0)], ()),
    ("labels", 0.69, [0.7, 0.69, 0.68, 0.7], USUAL, ()),
    ("healthy", 3.0, [3.0, 2.0, 1.2, 0.9], USUAL, ()),
    ("stuck", 1.1, [1.1, 0.9, 0.6, 0.4], [(0.0, 0.2), (0.0, 0.1)], ()),
    ("stuck", 1.1, [1.1, 1.1, 1.1, 1.1], [(0.0, 0.0)], ()),
    ("healthy", 1.1, [1.1, 0.9, 0.6, 0.4], [(0.1, 0.2), (0.1, 0.1), (0.0, 0.0)], (0.1, 0.1, 0.05, 0.0)),
    ("plan", 1.1, [1.1, 0.8, 0.7, 0.7], [(0.1, 0.2), (1e-4, 1e-4)], (0.01, 0.1, 1e-4, 1e-6)),
)


@question(points=4)
def diagnosis(diagnosis):
    for right, guess, losses, ratios, rates in PENCIL:
        shown = ", ".join(f"{loss:g}" for loss in losses)
        where = f"For the losses {shown} with guess {guess:g},"
        if right in ("rate", "uphill"):
            where = f"{where} and ratios of {ratios[0][0]:g} and {ratios[0][1]:g} in the first line,"
        if right == "stuck":
            where = f"{where} and ratios of {both(f'{pair[0]:g}' for pair in ratios)} in one layer,"
        if rates:
            where = f"{where} and the rates {', '.join(f'{rate:g}' for rate in rates)},"
        judged(diagnosis, right, lines(losses, ratios, rates), guess, where)
    for seed in range(2):
        for illness in ILLNESSES:
            diagnosis_case(diagnosis, illness, seed, f"For patient {seed + 1},")


# --- 4 -----------------------------------------------------------------------------------------------------

#: What is left to repair, in the words of the checklist.
FAULTS = {
    "softmax": "the softmax is taken twice: cross_entropy does it by itself (check 3)",
    "uncleared": "gradients pile up: they are not cleared (the gallery's F)",
    "chance": "the order does not hang on seed: randperm draws from another generator (check 7)",
    "asked": "the new data are judged in training mode, with dropout (check 8)",
    "back": "after the first look at new data, training goes on in eval mode",
    "given": "a net that comes in eval mode is trained in it",
    "never": "the net is in eval mode while it learns, without dropout. Call net.train() first",
    "old": "a gradient that was there before the first update counts",
    "late": "losses holds the loss after the update. Asked for is the one before it",
    "again": "each epoch has the same order: the generator is seeded anew",
}
CHANCE = (
    "torch's own chance is drawn from, or seeded, or set back: dropout and whoever comes after the loop draw "
    "from it. The order comes from a generator of its own, which has the seed."
)
FOUR = ("softmax", "uncleared", "chance", "asked")


def loop(net, x, y, x_new, y_new, lr, epochs, seed, faults=()):
    """The loop of question 4, with these faults."""
    sgd = torch.optim.SGD(net.parameters(), lr=lr)
    draw = torch.Generator().manual_seed(seed)
    if "old" not in faults and "uncleared" not in faults:
        sgd.zero_grad()
    losses, new_losses = [], []
    for _ in range(epochs):
        if "never" in faults:
            net.eval()
        elif ("back" if losses else "given") not in faults:
            net.train()
        if "again" in faults:
            draw.manual_seed(seed)
        order = torch.randperm(len(x), generator=None if "chance" in faults else draw)
        for pick in order.split(16):
            answers = net(x[pick])
            if "softmax" in faults:
                answers = answers.softmax(dim=1)
            loss = cross_entropy(answers, y[pick])
            loss.backward()
            sgd.step()
            if "uncleared" not in faults:
                sgd.zero_grad()
            if "late" in faults:
                with torch.no_grad():
                    loss = cross_entropy(net(x[pick]), y[pick])
            losses.append(loss.item())
        with torch.no_grad():
            if "asked" not in faults:
                net.eval()
            new_losses.append(cross_entropy(net(x_new), y_new).item())
    return losses, new_losses


def train_hint(error):
    said = str(error)
    if "second time" in said:
        return f"backward() goes through a graph that is used up. ({said})"
    if "does not require grad" in said:
        return f"The losses of the batches need a graph: no torch.no_grad() around the updates. ({said})"
    return hint_for(error)


def near(a, b):
    return len(a) == len(b) and all(close(one, other, 1e-9) for one, other in zip(a, b, strict=True))


def graph_in_eval(net, inputs, output, x_new):
    """Whether this is a look at new data, all or some, with a graph."""
    new = (inputs[0][:, None] == x_new).all(dim=2).any(dim=1).all()
    return not net.training and output.requires_grad and bool(new)


def train_case(train, make, sizes, lr, epochs, seed, where, evaluated=False, old=False, classes=3):
    """A whole training, beside the right one; where it differs, the faults that make the same difference."""
    n, n_new = sizes
    x, y = (
        random(n, 4, seed=seed + 1),
        torch.randint(classes, (n,), generator=torch.Generator().manual_seed(seed + 2)),
    )
    x_new, y_new = random(n_new, 4, seed=seed + 3), y.repeat(2)[:n_new]
    x = x + 2 * nn.functional.one_hot(y, 4)

    def ready():
        torch.manual_seed(seed)
        net = make()
        net.train(not evaluated)
        if old:
            for p in net.parameters():
                p.grad = torch.ones_like(p)
        torch.manual_seed(seed + 7)
        return net

    def other(faults):
        net = ready()
        return (*loop(net, x, y, x_new, y_new, lr, epochs, seed, faults), flat_of(net))

    right, chance = other(()), torch.get_rng_state()
    net, looks = ready(), []
    spy = net.register_forward_hook(lambda *seen: looks.append(graph_in_eval(*seen, x_new)))
    answer = tools.call(train_hint, train, net, x, y, x_new, y_new, lr, epochs, seed)
    kept = torch.equal(chance, torch.get_rng_state())
    spy.remove()
    losses, new_losses = tools.parts_of(answer, 2, "losses, new_losses")
    updates = epochs * -(-n // 16)
    for name, one, count, of in (
        ("losses", losses, updates, "update"),
        ("new_losses", new_losses, epochs, "epoch"),
    ):
        assert isinstance(one, (list, tuple)), f"{where} {name} is a {type(one).__name__}. Return a list."
        tensors = [v for v in one if isinstance(v, torch.Tensor)]
        assert not tensors, f"{where} {name} holds tensors, with their graphs. Keep numbers: .item()."
        assert len(one) == count, (
            f"{where} the length of {name} is {len(one)}. There is one number for each {of}: {count}."
        )
    weights = flat_of(net)
    if near(losses, right[0]) and near(new_losses, right[1]) and close(weights, right[2]):
        assert not any(looks), (
            f"{where} a graph is made for the new data. Nobody calls backward() there: torch.no_grad()."
        )
        assert kept, f"{where} {CHANCE}"
        return
    assert not torch.equal(weights, flat_of(ready())), (
        f"{where} no weight has moved. An update is backward(), then step(); clear the gradients before "
        "both, or after both."
    )
    for count in range(1, 5):
        for faults in itertools.combinations(FAULTS, count):
            if (
                {"asked", "back"} <= set(faults)
                or "never" in faults
                and {*faults} & {"back", "given", "asked"}
            ):
                continue
            if count > 2 and not set(faults) <= {*FOUR, "given"}:
                continue
            a, b, w = other(faults)
            if near(losses, a) and near(new_losses, b) and close(weights, w):
                told = "; and ".join(FAULTS[one] for one in faults)
                raise AssertionError(f"{where} this is left: {told}.")
    raise AssertionError(f"{where} {first_difference(losses, new_losses, weights, right)}")


def first_difference(losses, new_losses, weights, right):
    for k, (got, want) in enumerate(zip(losses, right[0], strict=True)):
        if not close(got, want):
            why = (
                "it is the mean cross-entropy of the first batch, before any update, with the order that "
                "the generator draws."
                if k == 0
                else "the losses before it are right. Does something of the update before hang on?"
            )
            return explain(f"losses[{k}]", got, want, {}, otherwise=why)
    for k, (got, want) in enumerate(zip(new_losses, right[1], strict=True)):
        if not close(got, want):
            why = "it is the mean cross-entropy of all new data, in eval mode, after the epoch."
            return explain(f"new_losses[{k}]", got, want, {}, otherwise=why)
    return "the losses are right, and the weights at the end are others. Each batch makes one update."


def dropping():
    return nn.Sequential(nn.Linear(4, 12), nn.ReLU(), nn.Dropout(0.4), nn.Linear(12, 3))


def plain():
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))


def unseeded(train, where, seed=0):
    """See that the answer leaves the chance of others alone."""
    x, y = random(20, 4, seed=seed), torch.arange(20) % 3
    torch.manual_seed(seed)
    net = plain()
    before = torch.get_rng_state()
    tools.call(train_hint, train, net, x, y, x, y, 0.1, 2, seed + 5)
    assert torch.equal(before, torch.get_rng_state()), f"{where} {CHANCE}"


@question(points=3)
def repaired(train):
    where = "For a net without dropout, 40 examples and 3 epochs,"
    train_case(train, plain, (40, 9), 0.2, 3, 1, where)
    unseeded(train, "For a net without dropout,")
    train_case(train, dropping, (50, 11), 0.2, 3, 2, "For a net with dropout, 50 examples and 3 epochs,")
    where = "For a net with old gradients that comes in eval mode,"
    train_case(train, dropping, (33, 8), 0.1, 2, 3, where, evaluated=True, old=True)


# --- 5 -----------------------------------------------------------------------------------------------------


class Run:
    """A run: all that it consists of. `go_on(k)` makes k updates."""

    def __init__(self, seed, kind="adam", n=37):
        torch.manual_seed(seed)
        D = 3
        self.x = random(n, D, seed=77)
        self.y = (self.x[:, 0] * self.x[:, 1] > 0).long() + (self.x[:, 2] > 1)
        middle = nn.BatchNorm1d(6) if kind == "sgd" else nn.Tanh()
        self.net = nn.Sequential(nn.Linear(D, 6), middle, nn.Dropout(0.2), nn.Linear(6, 3))
        if kind == "adam":
            self.optimizer = torch.optim.Adam(self.net.parameters(), lr=0.02)
            self.plan = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, 50)
        elif kind == "sgd":
            groups = [
                {"params": self.net[0].parameters()},
                {"params": [*self.net[1:].parameters()], "lr": 0.2},
            ]
            self.optimizer = torch.optim.SGD(groups, lr=0.1, momentum=0.9, nesterov=True)
            self.plan = torch.optim.lr_scheduler.StepLR(self.optimizer, 4, 0.7)
        else:
            self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=0.03, amsgrad=True)
            self.plan = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(self.optimizer, 3, 2)
        self.draw = torch.Generator().manual_seed(seed)
        self.left, self.losses = [], []

    def go_on(self, updates):
        for _ in range(updates):
            if not self.left:
                self.left = list(torch.randperm(len(self.x), generator=self.draw).split(8))
            pick = self.left.pop(0)
            loss = cross_entropy(self.net(self.x[pick]), self.y[pick])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.plan.step()
            self.losses.append(loss.item())


#: What a checkpoint holds, and what is said where it is not as it was.
PARTS = {
    "parameters": "the weights: net.state_dict().",
    "buffers": "the net's buffers, as batch norm's running mean: net.state_dict() has them, "
    "parameters() not.",
    "optimizer": "what the optimizer remembers, momenta and counts: optimizer.state_dict().",
    "rates": "the learning rates of the groups: they are in optimizer.state_dict().",
    "plan": "how far the plan is: plan.state_dict().",
    "draw": "the state of the generator that shuffles: draw.get_state() and set_state().",
    "left": "the batches that are left in this epoch: left.",
    "losses": "the losses so far: losses.",
    "random": "the state of torch's own chance, from which dropout draws: torch.get_rng_state().",
    "modes": "train or eval mode.",
}


def parts_of_run(run):
    """A copy of all that the next update hangs on."""
    saved = run.optimizer.state_dict()
    return copy.deepcopy(
        {
            "parameters": [p.detach() for p in run.net.parameters()],
            "buffers": list(run.net.buffers()),
            "optimizer": saved["state"],
            "rates": [group["lr"] for group in saved["param_groups"]],
            "plan": {key: value for key, value in run.plan.state_dict().items() if not callable(value)},
            "draw": run.draw.get_state(),
            "left": [tuple(torch.as_tensor(pick).tolist()) for pick in run.left],
            "losses": list(run.losses),
            "random": torch.get_rng_state(),
            "modes": [part.training for part in run.net.modules()],
        }
    )


def alike(a, b):
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(alike(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and torch.equal(a, b)
    return a == b


def resume_hint(error):
    said = str(error)
    if isinstance(error, AssertionError):
        return None
    if "weights_only" in said.lower() or isinstance(error, pickle.UnpicklingError):
        return (
            "torch.load refuses your file: something in it is no tensor, number, string, list or dict, "
            "such as a whole optimizer. Save state_dict()s, and states."
        )
    if isinstance(error, KeyError):
        return f"load asks for something that save does not write: {said}"
    if isinstance(error, FileNotFoundError):
        return (
            "A file is not found: is it the one that save was given, with all it needs in it? (It may "
            f"have been moved since.) {said}"
        )
    return hint_for(error)


@contextmanager
def guarded():
    """While an answer runs: no pickle of its own, no trust in a file, no move from another folder."""
    ours = torch.load

    def careful(*given, **settings):
        assert settings.get("weights_only", True) is not False, (
            "weights_only=False runs whatever a file says. A checkpoint of tensors, numbers, lists and "
            "dicts needs no such trust: torch.load(path)."
        )
        return ours(*given, **settings)

    def near_by(move):
        def moved(source, to, **more):
            assert Path(source).resolve().parent == Path(to).resolve().parent, (
                "The file that is moved to its place comes from another folder, which may lie on another "
                "disk: then moving is copying, and may stop halfway. Write it beside its place."
            )
            return move(source, to, **more)

        return moved

    with ExitStack() as all_of_them:
        for owner, name, new in (
            (torch, "load", careful),
            (os, "replace", near_by(os.replace)),
            (os, "rename", near_by(os.rename)),
        ):
            all_of_them.enter_context(mock.patch.object(owner, name, new))
        yield


def saved(save, run, path, where):
    """One call of save: it changes nothing of the run, leaves one file, and a new one."""
    before, was = parts_of_run(run), os.stat(path).st_ino if os.path.exists(path) else None
    others = set(os.listdir(Path(path).parent)) - {Path(path).name}
    with guarded():
        tools.call(resume_hint, save, run, path)
    now = parts_of_run(run)
    for name in PARTS:
        assert alike(now[name], before[name]), f"{where} save changes the run: {PARTS[name]}"
    assert os.path.exists(path), f"{where} there is no file at path after save(run, path)."
    more = set(os.listdir(Path(path).parent)) - {Path(path).name} - others
    assert not more, (
        f"{where} {both(sorted(more))} lies beside the checkpoint after save: clean up, or move it."
    )
    try:
        torch.load(path)
    except Exception as error:
        raise AssertionError(
            f"{where} {resume_hint(error) or f'torch.load cannot read your file: {error}'}"
        ) from None
    assert was is None or os.stat(path).st_ino != was, (
        f"{where} the old checkpoint is overwritten in its place: a crash in the middle leaves half of "
        "each. Write another file beside it, then os.replace(new, path)."
    )
    return before


def see_parts(got, want, where):
    lost = [name for name in PARTS if not alike(got[name], want[name])]
    if lost == ["plan", "rates"] or lost == ["rates"]:
        lost = ["rates"]
    assert not lost, f"{where} something is not what it was: {PARTS[lost[0]]}" + (
        f" (Of {len(PARTS)} such things {len(lost)} differ: {', '.join(lost)}.)" if len(lost) > 1 else ""
    )


def resume_case(save, load, stop, where, seed=0, kind="adam", used=0, more=9, form=str):
    """Save at an update, go on; load into another run, go on; compare bit for bit."""
    with tempfile.TemporaryDirectory() as folder:
        path = form(Path(folder) / "run.pt")
        straight = Run(seed, kind)
        straight.go_on(stop)
        want = saved(save, straight, path, where)
        straight.go_on(more)
        end = parts_of_run(straight)
        moved = form(Path(folder) / "elsewhere.pt")
        os.replace(path, moved)
        fresh = Run(seed + 1, kind)
        fresh.go_on(used)
        same = [*fresh.net.parameters()], fresh.net, fresh.optimizer, fresh.plan
        size = os.path.getsize(moved)
        with guarded():
            tools.call(resume_hint, load, fresh, moved)
        random_now = torch.get_rng_state()
        held = all(p is q for p, q in zip(same[0], fresh.net.parameters(), strict=True))
        assert held and (fresh.net, fresh.optimizer, fresh.plan) == same[1:], (
            f"{where} load puts other objects in place of the run's net, optimizer, plan or weights: what "
            "holds the old ones goes on with them. Fill what is there, with load_state_dict."
        )
        torch.set_rng_state(random_now)
        see_parts(parts_of_run(fresh), want, f"{where} after load,")
        fresh.go_on(more)
        see_parts(parts_of_run(fresh), end, f"{where} {more} updates after load,")
        assert os.path.exists(moved) and os.path.getsize(moved) == size, f"{where} load changes the file."


class Crash(Exception):
    """The disk is full, or the power is gone."""


def broken_off(save, where, seed=0, kind="adam"):
    """A crash in the middle of a save leaves the old checkpoint whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "run.pt")
        run = Run(seed, kind)
        run.go_on(2)
        saved(save, run, path, where)
        old = Path(path).read_bytes()
        run.go_on(3)

        def half(_, to, *__, **___):
            if hasattr(to, "write"):
                to.write(b"half a file")
            else:
                Path(to).write_bytes(b"half a file")
            raise Crash

        def never(*_, **__):
            raise Crash

        for what, broken in (
            ("while torch.save writes", [(torch, "save", half)]),
            ("before the new file is moved", [(os, "replace", never), (os, "rename", never)]),
        ):
            with ExitStack() as crash:
                for owner, name, new in broken:
                    crash.enter_context(mock.patch.object(owner, name, new))
                try:
                    save(run, path)
                    swallowed = True
                except Crash:
                    swallowed = False
            kept = os.path.exists(path) and Path(path).read_bytes() == old
            if swallowed and what.startswith("while"):
                raise AssertionError(
                    f"{where} after a crash {what}, save returns as if all were well. Let the exception pass."
                )
            assert kept or swallowed, (
                f"{where} after a crash {what}, the old checkpoint is no longer there, whole. Write "
                "another file beside it, and only when that is done os.replace(new, path)."
            )
        saved(save, run, path, where)  # and the next save is as if nothing had been
        run.go_on(1)
        saved(save, run, path, where)


@question(points=5)
def resume(save, load):
    for stop, when in (
        (3, "in the middle of an epoch"),
        (5, "at the end of an epoch"),
        (0, "before it begins"),
    ):
        resume_case(save, load, stop, f"For a run saved {when}, after {stop} updates,")
    resume_case(save, load, 7, "For a run with batch norm and momentum,", kind="sgd", seed=3)
    where = "For a load into a run that has made 3 updates, and a pathlib.Path,"
    resume_case(save, load, 4, where, used=3, seed=4, form=Path)
    broken_off(save, "For a second save to the same path,")
