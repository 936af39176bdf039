"""The tests of assignment 3.7: soft targets, an average, SAM, an honest zero, an ablation, a matching."""

import copy
import functools
import itertools
import math
import statistics
from unittest import mock

import torch
from scipy.optimize import linear_sum_assignment
from torch import nn
from torch.nn.functional import one_hot
from torch.optim import swa_utils

from course_lib import compare
from course_lib.checks import question, tools
from course_lib.checks.tools import agrees, close, explain, flat_of, locked, parts_of, random, tensor, told

# --- what the tests share ----------------------------------------------------------------------------------


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if "Boolean value" in said or "only tensors with one element" in said or "converted to Scalar" in said:
        return f"One number is wanted there, and there is a whole tensor. ({said})"
    if "must match the size" in said or "mat1 and mat2" in said or "shape mismatch" in said:
        return f"Two shapes do not fit: write down the shape of each thing in that line. ({said})"
    if "'NoneType'" in said:
        return f"Something is None here, and is used all the same. ({said})"
    return None


CHANCE = (
    "torch's own chance is drawn from, or seeded. Nothing here needs it: leave it to the data and dropout."
)


def call(function, *inputs, hint=hint_for):
    """:func:`tools.call_undisturbed`, with this assignment's words."""
    return tools.call_undisturbed(hint, function, *inputs, chance=CHANCE)


MODES = "a network is in another mode now. Leave train and eval mode as they are."


def modes_of(net):
    return [layer.training for layer in net.modules()]


def once_more(function, *inputs):
    """What an answer that is wrong says of other inputs, or None where it stops: that tells slips apart."""
    try:
        return call(function, *inputs)
    except Exception:  # its first mistake is what the learner hears of
        return None


# --- 1 -----------------------------------------------------------------------------------------------------

ROW_BY_ROW = (
    "part has one number for each row. Give it as many dimensions as x has, part.reshape(n, 1, …), or it "
    "goes along the last one."
)


def smooth_case(smoothed, y, classes, share, where):
    hard = one_hot(y, classes).to(torch.float64)
    want = (1 - share) * hard + share / classes
    got = tensor(f"{where} what smoothed returns", call(smoothed, y, classes, share), want)
    other = classes - 1
    slips = [
        (hard, "it is not smoothed."),
        (
            (1 - share) * hard + share / other * (1 - hard),
            "the share is spread over all C classes, the right one too: it gets 1 − ε + ε/C.",
        ),
        ((1 - share) * hard + share / other, "divide the share by C, the number of classes, not by C − 1."),
        ((1 - share) * hard + share, "divide the share by C: the row must sum to 1."),
        (hard + share / classes, "first take the share off the right class: multiply by 1 − ε."),
        ((1 - share) * hard, "what is taken off the right class must be given to all."),
        (
            (1 - share) * hard + share / classes * (1 - hard),
            "the right class gets its part of the share, too: 1 − ε + ε/C.",
        ),
        (share * hard + (1 - share) / classes, "ε and 1 − ε are swapped."),
        ((1 - share) * hard + share / len(y), "divide the share by the number of classes, not of examples."),
        ((1 - share) * hard + share * hard.mean(dim=0), "the spread is even, 1/C for each class."),
        (want.log(), "these are logarithms. Return the probabilities."),
    ]
    agrees(f"{where} smoothed's", got, want, slips, "each row is (1 − ε)·t + ε/C.")


def blended(v, part, other):
    return part * v + (1 - part) * other


def mix_case(mixed, x, t, part, partner, where):
    answer = parts_of(call(mixed, x, t, part, partner), 2, "the inputs, the targets")
    back = torch.zeros_like(partner)
    back[partner] = torch.arange(len(partner))
    labels = t.argmax(dim=1)
    for name, got, v in zip(("inputs", "targets"), answer, (x, t), strict=True):
        wide = part.reshape(-1, *[1] * (v.dim() - 1))
        want = blended(v, wide, v[partner])
        got = tensor(f"{where} what mixed returns for the {name}", got, want)
        slips = [
            (v, f"the {name} are not blended. Inputs and targets are, alike."),
            (v[partner], "those are the partners alone."),
            (blended(v[partner], wide, v), "the part is the row's own, and 1 − part its partner's."),
            (blended(v, part[0], v[partner]), "each row has a part of its own, and you take one for all."),
            (
                blended(v, part.mean(), v[partner]),
                "each row has a part of its own, and you take one for all.",
            ),
            (blended(v, 0.5, v[partner]), "the part is given. It is not one half."),
            (
                blended(v, wide, v[back]),
                "you blend row partner[i] with row i. Row i gets its own partner: x[partner].",
            ),
            (blended(v, wide, v.roll(1, dims=0)), "the partner is given. It is not the row before."),
            (blended(v, wide, v.roll(-1, dims=0)), "the partner is given. It is not the row after."),
            (blended(v, wide, v.flip(0)), "the partner is given. It is not the row from the other end."),
            (blended(v, wide, v[partner[0]]), "each row has a partner of its own, and you take one for all."),
            (blended(v, wide, wide[partner]), "something else than the partner's row is blended in."),
            (wide * v, "the partner's row is missing."),
            (wide * v + v[partner], "multiply the partner's row by 1 − part."),
            (v + (1 - wide) * v[partner], "multiply the row itself by its part."),
            (
                blended(v, wide.clamp(min=0.5), v[partner]),
                "the part is taken as it is, also where it is smaller than one half.",
            ),
            (wide.maximum(1 - wide) * v + wide.minimum(1 - wide) * v[partner], "take the part as it is."),
            (blended(v, wide**2, v[partner]), "the part is squared somewhere."),
        ]
        if name == "targets":
            slips += [
                (
                    t[torch.where(part >= 0.5, torch.arange(len(t)), partner)],
                    "targets are blended as inputs are: no class wins.",
                ),
                (one_hot(want.argmax(dim=1), t.shape[1]), "targets are blended: no class wins."),
                (one_hot(labels, t.shape[1]), "targets are blended as inputs are."),
            ]
        for narrow in (part, part[:, None]):
            try:
                crosswise = blended(v, narrow, v[partner])
            except RuntimeError:  # the shapes do not fit, and an answer could not have computed it
                continue
            if crosswise.shape == want.shape:
                slips.append((crosswise, ROW_BY_ROW))
        agrees(f"{where} the {name}'", got, want, slips, "row i is part·x[i] + (1 − part)·x[partner[i]].")


@question(points=3)
def soft_targets(smoothed, mixed):
    smooth_case(smoothed, torch.tensor([2, 0]), 4, 0.2, "For the classes 2, 0 of 4 and a share of 0.2,")
    smooth_case(smoothed, torch.tensor([1, 0, 1]), 5, 0.1, "For the classes 1, 0, 1 of 5 and a share of 0.1,")
    smooth_case(smoothed, torch.tensor([2, 0]), 3, 0.0, "For a share of 0,")
    x = torch.tensor([[10.0, 0.0], [0.0, 10.0]])
    t = torch.eye(2)
    part, swap = torch.tensor([0.75, 0.4]), torch.tensor([1, 0])
    mix_case(mixed, x, t, part, swap, "For two rows of two numbers, the parts 0.75 and 0.4, and each other,")
    x, t = random(4, 3, seed=1), one_hot(torch.tensor([0, 2, 1, 1]), 3).to(torch.float64)
    part, partner = torch.tensor([0.9, 0.2, 0.6, 1.0]), torch.tensor([2, 0, 3, 1])
    mix_case(mixed, x, t, part, partner, "For four rows of three numbers,")
    x, t = random(2, 2, 3, seed=2), torch.eye(2)
    mix_case(
        mixed, x, t, torch.tensor([0.7, 0.2]), torch.tensor([1, 0]), "For inputs of the shape (2, 2, 3),"
    )


# --- 2 -----------------------------------------------------------------------------------------------------

READY = ((swa_utils.AveragedModel, ("__init__",)), (swa_utils, swa_utils.__all__))
NO_SWA = "torch.optim.swa_utils does not do it for you: write what it does."


def average_hint(error):
    said = str(error)
    if "leaf variable that requires grad" in said.lower():
        return (
            "A parameter that learns is changed in place, and autograd watches. Do it under "
            f"torch.no_grad(). ({said})"
        )
    if "cast" in said.lower() or "dtype" in said.lower() or "lerp" in said:
        return (
            "A buffer may be an int, such as the count of batches that a batch norm has seen: it has no "
            f"mean. Copy buffers. ({said})"
        )
    if isinstance(error, ZeroDivisionError):
        return f"t is 0 at the first move: nothing may be divided by it. ({said})"
    return hint_for(error)


class Plain(nn.Module):
    """One weight and no more."""

    def __init__(self, w):
        super().__init__()
        self.w = nn.Parameter(torch.tensor([w]))


def normed(seed):
    """Layers, a batch norm between them, and a frozen bias."""
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    net[2].bias.requires_grad_(False)
    return net


def average_slips(old, w, beta, t):
    """What slips make of a parameter, by the factor that they use."""
    b = min(beta, t / (t + 10))

    def factor(b, words):
        return b * old + (1 - b) * w, words

    return [
        (old, "it has not moved. (m = … makes a new tensor; m.copy_(…) writes into m.)"),
        factor(
            beta, "that is the factor β. Take the smaller one of β and t/(t + 10): the start is forgotten."
        ),
        factor(t / (t + 10), "the factor t/(t + 10) goes beyond β: take the smaller of the two."),
        factor(1 - b, "b belongs to the mean, and 1 − b to the new weight."),
        factor(
            min(beta, (t + 1) / (t + 11)),
            "that is the factor for t + 1. t counts the moves before this one, and is 0 at the first.",
        ),
        factor(min(beta, (t + 1) / (t + 10)), "on top stands t, not t + 1: the first move copies."),
        factor(min(beta, t / (t + 11)), "below stands t + 10, not t + 11."),
        factor(min(beta, t / 10), "the factor is t/(t + 10), not t/10."),
        factor(min(beta, t / (t + 1)), "that is the plain mean of all. Below stands t + 10."),
        factor(beta * t / (t + 10), "take the smaller of β and t/(t + 10), not their product."),
        factor(beta**t, "that is a power of β. The factor is min(β, t/(t + 10))."),
        factor(1 - beta, "that is the factor 1 − β."),
        factor(0.0, "w is copied. That is right at the first move only."),
        factor(min(beta, (t - 1) / (t + 9)), "t need not be counted down: it is 0 at the first move."),
        (old + (1 - b) * w, "the mean's own part is missing: multiply it by b."),
        (b * old + w, "multiply the new weight by 1 − b."),
        (old - (1 - b) * (w - old), "it moves away from w."),
    ]


def average_case(ema_update, make, beta, where, start=0, moves=3, seed=0, still=False, **given):
    """Some moves of the mean, beside those of a twin: ``make(seed)`` gives a network.

    Where it is ``still``, one layer of each is in eval mode, and the rest of net, too.
    """
    net, mean = make(seed), make(seed + 1)
    if still:
        net.eval()
        next(mean.children()).eval()
    for name, setting in given.items():
        getattr(mean, name)(setting)
    held = {name: m.detach().view(-1) for name, m in mean.named_parameters()}
    tensors = {**dict(mean.named_parameters()), **dict(mean.named_buffers())}
    for m in mean.parameters():
        m.grad = torch.full_like(m, 3.0)
    float32 = any(w.dtype == torch.float32 for w in net.parameters())
    for t in range(start, start + moves):
        for k, w in enumerate(net.parameters()):
            w.data.copy_(random(*w.shape, seed=seed + 100 * t + k))
        for k, w in enumerate(net.buffers()):
            w.copy_(10 * random(*w.shape, seed=seed + 100 * t + 50 + k).abs() + 3)
        b = min(beta, t / (t + 10))
        before = {name: m.detach().clone() for name, m in mean.named_parameters()}
        stood = {name: m.clone() for name, m in mean.named_buffers()}
        of_net = {name: w.clone() for name, w in net.state_dict().items()}
        flags, of_flags = ([w.requires_grad for w in one.parameters()] for one in (mean, net))
        modes = modes_of(mean), modes_of(net)
        with locked(*READY, because=NO_SWA):
            call(ema_update, mean, net, beta, t, hint=average_hint)
        at = f"{where} and t = {t},"
        for name, w in net.state_dict().items():
            assert torch.equal(w, of_net[name]), f"{at} {name} of net has changed. Only mean moves."
        assert modes == (modes_of(mean), modes_of(net)), f"{at} {MODES}"
        learns = [m.requires_grad for m in mean.parameters()]
        assert all(m.grad_fn is None for m in mean.parameters()), (
            f"{at} the mean hangs on a graph, which grows with each move. Work under torch.no_grad()."
        )
        now = dict(mean.named_parameters())
        for name, m in now.items():
            assert m is tensors[name], (
                f"{at} {name} of mean is another tensor now. Write into the one that is there: m.copy_(…)."
            )
        assert learns == flags, f"{at} requires_grad of mean's parameters has changed."
        kept = all(m.grad is not None and bool((m.grad == 3.0).all()) for m in mean.parameters())
        assert kept, f"{at} the gradients of mean have changed. Leave .grad as it is."
        assert of_flags == [w.requires_grad for w in net.parameters()], (
            f"{at} requires_grad of net's parameters has changed."
        )
        for (name, m), w in zip(now.items(), net.parameters(), strict=True):
            old, near = before[name], 1e-6 if float32 else 1e-9
            want = b * old + (1 - b) * w.detach()
            got = tensor(f"{at} {name} of mean", m.detach(), want)
            if float32:
                got, old, want, w = (v.double() for v in (got, old, want, w.detach()))
            if not close(got, want, near):
                slips = average_slips(old, w.detach(), beta, t)
                if close(got, b**2 * old + (1 - b**2) * w.detach(), near):
                    slips = [(got, "it is moved twice. A weight that two layers share is moved once.")]
                if not learns[list(now).index(name)] and close(got, old):
                    slips = [(old, "it has not moved. Frozen parameters take part, too.")]
                elif not learns[list(now).index(name)]:
                    slips = [(w, "it is copied. Frozen parameters are averaged, too."), *slips]
                agrees(f"{at} {name} of mean", got, want, slips, "it is b·(mean) + (1 − b)·(net).")
            assert torch.equal(held[name], m.detach().view(-1)), (
                f"{at} {name} of mean lies in another memory now: who holds a part of it does not see the "
                "new numbers. Write into the tensor that is there: m.copy_(…)."
            )
        for (name, m), w in zip(mean.named_buffers(), net.buffers(), strict=True):
            if torch.equal(m, w) and m.dtype == w.dtype:
                continue
            words = "Buffers are copied, with copy_."
            if torch.equal(m, stood[name]):
                words = "It is as it was. " + words
                if name not in of_net:
                    words += " mean.buffers() has them all; state_dict() leaves some buffers out."
            elif m.is_floating_point() and close(m, b * stood[name] + (1 - b) * w):
                words = "It is averaged. " + words
            raise AssertionError(f"{at} {name}, a buffer of mean, is not that of net. {words}")
        apart = all(m.data_ptr() != w.data_ptr() for m, w in zip(mean.buffers(), net.buffers(), strict=True))
        assert apart, f"{at} mean and net share a buffer now: what one does, the other has. Copy it."
        for name, m in mean.named_buffers():
            assert m is tensors[name], (
                f"{at} {name}, a buffer of mean, is another tensor now. Write into the one that is there: "
                "m.copy_(…)."
            )


@question(points=3)
def ema_update(ema_update):
    assert tools.borrowed(ema_update, *READY) is None, NO_SWA
    mean, net = Plain(4.0), Plain(1.0)
    with locked(*READY, because=NO_SWA):
        call(ema_update, mean, net, 0.9, 5, hint=average_hint)
    old, w = torch.tensor([4.0]), torch.tensor([1.0])
    where = "For a mean of 4, w = 1, β = 0.9 and t = 5,"
    assert torch.equal(net.w.detach(), w), f"{where} w of net has changed. Only mean moves."
    got = tensor(f"{where} the mean", mean.w.detach(), old)
    slips = average_slips(old, w, 0.9, 5)
    agrees(f"{where} the mean", got, (old + 2 * w) / 3, slips, "it is b·4 + (1 − b)·1.")
    average_case(ema_update, normed, 0.9, "For two layers, a batch norm between them, β = 0.9")
    average_case(ema_update, normed, 0.9, "For β = 0.9", start=90, moves=2, seed=20)
    where = "For a mean that is frozen, a net in eval mode, β = 0.9"
    average_case(ema_update, normed, 0.9, where, start=5, moves=1, still=True, requires_grad_=False)


# --- 3 -----------------------------------------------------------------------------------------------------

DOWN = "it steps from the point uphill. Come down first, to w."
UNUSED = (
    "a parameter that the loss does not use has moved. Its .grad must be None, as zero_grad() leaves it, "
    "not 0: or decay and momentum move it."
)
FROZEN = "a frozen parameter has moved. Clear each .grad, its old one, too: optimizer.zero_grad() does."
AWAY = (
    "the optimizer gets the right weights, and the right gradient. Is its memory, such as momentum, cleared, "
    "or does something move after its step?"
)


def sam_hint(error):
    said = str(error)
    if "leaf variable that requires grad" in said.lower():
        return (
            "A weight is changed in place, and autograd watches. Climb and come down under "
            f"torch.no_grad(). ({said})"
        )
    if "does not require grad" in said:
        return f"loss_of() needs its graph: do not call it under torch.no_grad(). ({said})"
    if "second time" in said or "modified by an inplace" in said:
        return f"The gradient uphill takes a new loss: call loss_of() again, up there. ({said})"
    if isinstance(error, ZeroDivisionError):
        return f"The gradient is all zeros, and its length 0: there is no uphill. ({said})"
    if "'NoneType'" in said:
        return f"A parameter that the loss does not use has no gradient, .grad is None: skip it. ({said})"
    return hint_for(error)


def gradients(net, loss_of):
    """Of each parameter: its gradient, or None."""
    ws = [w for w in net.parameters() if w.requires_grad]
    found = iter(torch.autograd.grad(loss_of(net), ws, allow_unused=True))
    return [next(found) if w.requires_grad else None for w in net.parameters()]


def length_of(vectors):
    return math.sqrt(sum(v.square().sum().item() for v in vectors if v is not None))


def moved(net, steps):
    """A copy of a network, its parameters moved."""
    other = copy.deepcopy(net)
    with torch.no_grad():
        for w, step in zip(other.parameters(), steps, strict=True):
            if step is not None:
                w += step
    return other


def scaled(factors, vectors):
    return [None if v is None else f * v for f, v in zip(factors, vectors, strict=True)]


def uphill(g, rho):
    length = length_of(g)
    return scaled([rho / length if length else 0.0] * len(g), g)


def sam_slips(net, loss_of, rho, lr):
    """For plain SGD: what slips make of the parameters, as one vector, and their sentences."""

    def at(climb):
        return gradients(moved(net, climb), loss_of)

    def step(g, start):
        return flat_of(moved(start, scaled([-lr] * len(g), g)))

    g = gradients(net, loss_of)
    n, length = len(g), length_of(g) or 1.0
    e = uphill(g, rho)
    there, down, up = at(e), scaled([-1.0] * n, e), moved(net, e)
    twice = at(scaled([2.0] * n, e))
    lengths = [0.0 if v is None else v.norm().item() for v in g]
    summed = [None if a is None else a + b for a, b in zip(g, there, strict=True)]
    raw = at(scaled([rho] * n, g))
    return [
        (step(there, up), DOWN),
        (step(g, net), "that is the plain step. Take the gradient uphill, and step with it."),
        (step(g, up), "that is the gradient at w, and the step from uphill. It is the other way around."),
        (
            step(summed, net),
            "both gradients were added up. Clear the first one before you call backward() again.",
        ),
        (
            step(summed, up),
            "both gradients were added up, and the step starts uphill. Clear the first one; come down.",
        ),
        (step(at(down), net), "you went downhill for the second gradient. Go up: w + ρ·g/‖g‖."),
        (step(raw, net), "the way up is too long or too short by the factor ‖g‖: divide by it."),
        (step(at(scaled([1 / length] * n, g)), net), "the way up must have the length ρ, not 1."),
        (
            step(at(scaled([rho / length**2] * n, g)), net),
            "you divide by the sum of squares. The length is its root.",
        ),
        (
            step(at(scaled([rho / v if v else 0.0 for v in lengths], g)), net),
            "each layer has a length of its own in it. ‖g‖ is that of all layers together.",
        ),
        (
            step(at(scaled([rho / (sum(lengths) or 1.0)] * n, g)), net),
            "you add up the lengths of the layers. Add up their squares, and take one root.",
        ),
        (
            step(at([None if v is None else rho * v.sign() for v in g]), net),
            "that is a step of ρ in each entry. Divide g by its length.",
        ),
        (step(there, moved(net, down)), "you came down by more than you had climbed: below w."),
        (step(twice, net), "you climbed twice as far as ρ."),
        (step(twice, moved(net, e)), "you climb again in place of coming down."),
        (
            flat_of(net),
            "nothing has moved. Is optimizer.step() called after the descent, and with a gradient?",
        ),
        (flat_of(up), "you end uphill. Come down, and call optimizer.step()."),
        (
            flat_of(moved(moved(net, scaled([-lr] * n, g)), scaled([-lr] * n, there))),
            "there are two steps in it, one with each gradient. Only the second one counts.",
        ),
    ]


def idle(net, start, there):
    """Which sentence belongs to what has moved, though it has no gradient; None where nothing has."""
    places, at = {"unused": [], "frozen": []}, 0
    for w, v in zip(net.parameters(), there, strict=True):
        if v is None:
            places["unused" if w.requires_grad else "frozen"] += range(at, at + w.numel())
        at += w.numel()
    for kind, words in (("unused", UNUSED), ("frozen", FROZEN)):
        if not close(flat_of(net)[places[kind]], start[places[kind]]):
            return words
    return None


def flat_gradients(net):
    return torch.cat(
        [(torch.zeros_like(w) if w.grad is None else w.grad).flatten() for w in net.parameters()]
    ).clone()


def sam_case(sam_step, make, loss_of, rho, where, steps=2, near=1e-9, stale=False):
    """Some steps, beside those of a twin. ``make()`` gives a network and its optimizer.

    Where it is ``stale``, gradients lie around from before.
    """
    (net, optimizer), (twin, its) = make(), make()
    plain = type(its) is torch.optim.SGD and its.defaults["momentum"] == its.defaults["weight_decay"] == 0
    plain = plain and len(its.param_groups) == 1
    if stale:
        for w in net.parameters():
            w.grad = torch.ones_like(w)
    for k in range(steps):
        at = f"{where} step {k + 1}:" if steps > 1 else where
        began = copy.deepcopy(twin)
        g = gradients(twin, loss_of)
        climb = uphill(g, rho)
        with torch.no_grad():
            low, high = loss_of(twin).item(), loss_of(moved(twin, climb)).item()
        start = flat_of(twin)
        there = gradients(moved(twin, climb), loss_of)
        for w, v in zip(twin.parameters(), there, strict=True):
            w.grad = v
        wanted = flat_gradients(twin)
        its.step()
        calls, modes, taken, step = [], [], [], optimizer.step

        def watched(calls=calls, modes=modes):
            calls.append(flat_of(net))
            modes.append(modes_of(net))
            return loss_of(net)

        def observed(*args, taken=taken, step=step, **kwargs):
            taken.append((flat_of(net), flat_gradients(net)))
            return step(*args, **kwargs)

        with mock.patch.object(optimizer, "step", side_effect=observed) as stepped:
            answer = call(sam_step, net, optimizer, watched, rho, hint=sam_hint)
        for group, its_group in zip(optimizer.param_groups, its.param_groups, strict=True):
            for name in its_group.keys() - {"params"}:
                assert group.get(name) == its_group[name], (
                    f"{at} {name} of the optimizer has changed. It is not yours to set: call step()."
                )
        assert len(calls) == 2, (
            f"{at} loss_of() is called {len(calls)} times. It is called twice: at w, and uphill."
        )
        assert stepped.call_count == 1, (
            f"{at} optimizer.step() is called {stepped.call_count} times, not once."
        )
        assert close(calls[0], start, near), f"{at} the first loss is not taken at w, where the step begins."
        assert length_of(g) or not calls[1].isnan().any(), (
            f"{at} there is no uphill, and the second loss is taken at nan: 0/0 is nan. Where g is all "
            "zeros, do not climb."
        )
        right, mine = flat_of(twin), flat_of(net)
        if not close(mine, right, near):
            slips = sam_slips(began, loss_of, rho, its.defaults["lr"]) if plain else []
            flatly = close(calls[1], start) and length_of(climb)
            words = idle(net, start, there)
            if flatly and 0 < length_of(g) < 1e-3:
                words = words or "the second loss is taken at w, too: a small gradient has an uphill, too."
            words = words or told(mine, slips)
            if flatly:
                words = words or "the second loss is taken at w, too. Climb first."
            if not words:
                way = (calls[1] - start).norm().item()
                short = (length_of(climb) - way) / (length_of(climb) or 1.0)
                if 1e-9 < short < 1e-6 or 1e-9 < short < 0.5 and length_of(g) < 1e-6:
                    words = (
                        "the way up is a little shorter than ρ. Add nothing to ‖g‖: 1e-12 at most, against a "
                        "division by 0."
                    )
                elif abs(way - length_of(climb)) > 1e-6 and not math.isnan(way):
                    words = f"the way up has the length {way:.3g}, not {length_of(climb):.3g}."
                elif way and not close(calls[1] - start, flat_of(moved(twin, climb)) - right, 1e-6):
                    words = "the second gradient is not taken at w + ρ·g/‖g‖."
                elif close(taken[0][0], start, near) and close(taken[0][1], wanted, near):
                    words = AWAY
            place = (mine - right).abs().nan_to_num(math.inf).argmax()
            what = f"{at} weight {place.item()} of the network"
            words = words or "the step starts from w, with the gradient of uphill alone."
            if stale and words not in (UNUSED, FROZEN):
                words = "clear them, before you call backward() for the first time."
            raise AssertionError(explain(what, mine[place], right[place].item(), {}, otherwise=words))
        assert not isinstance(answer, torch.Tensor), (
            f"{at} you return a tensor. Return a number: loss.item()."
        )
        assert answer is not None, f"{at} you return nothing. Return the loss at w, a float."
        ending = {
            high: "that is the loss uphill. Return the one at w, where the step begins.",
            loss_of(twin).item(): "that is the loss after the step. Return the one at w, where it begins.",
        }
        tools.expect(f"{at} the loss", answer, low, ending, tolerance=near)
        assert all(one == modes_of(twin) for one in (*modes, modes_of(net))), f"{at} {MODES}"
        flags = [w.requires_grad for w in twin.parameters()]
        assert flags == [w.requires_grad for w in net.parameters()], f"{at} requires_grad has changed."


def one_weight(w=3.0):
    net = Plain(w)
    return net, torch.optim.SGD(net.parameters(), lr=0.05)


def square(net):
    return net.w.square().sum()


def two_layers(rule=None, seed=0):
    """Two layers that are used, and one that is not."""
    torch.manual_seed(seed)
    net = nn.ModuleList([nn.Linear(3, 4), nn.Linear(4, 2), nn.Linear(2, 2)])
    rule = rule or functools.partial(torch.optim.SGD, lr=0.1)
    return net, rule(net.parameters())


def layers_loss(net, seed=1):
    a = torch.tanh(net[0](random(6, 3, seed=seed).to(net[0].weight.dtype)))
    return (net[1](a) - random(6, 2, seed=seed + 1).to(a.dtype)).square().mean()


def all_layers_loss(net):
    """The same number, with a gradient of zeros for the layer that is not used."""
    return layers_loss(net) + 0 * net[2](torch.ones(2)).sum()


@question(points=4)
def sam_step(sam_step):
    where = "For w² from w = 3, with η = 0.05 and ρ = 0.5,"
    sam_case(sam_step, one_weight, square, 0.5, where, steps=1)
    where = "For two layers that are used and one that is not,"
    sam_case(sam_step, two_layers, layers_loss, 0.3, where, steps=1)
    where = "For gradients that lie around from before,"
    sam_case(sam_step, two_layers, all_layers_loss, 0.3, where, steps=1, stale=True)
    decay = functools.partial(torch.optim.SGD, lr=0.1, momentum=0.9, weight_decay=0.5)
    where = "For gradients that lie around from before, a layer that is not used, and a decay of 0.5,"
    sam_case(sam_step, lambda: two_layers(decay), layers_loss, 0.3, where, steps=1, stale=True)
    where = "With momentum 0.9 and a decay of 0.5,"
    sam_case(sam_step, lambda: two_layers(decay), layers_loss, 0.3, where, steps=3)
    where = "For w² from w = 0, where the gradient is all zeros,"
    sam_case(sam_step, lambda: one_weight(0.0), square, 0.5, where, steps=1)


# --- 4 -----------------------------------------------------------------------------------------------------


def calibration_hint(error):
    said = str(error)
    if isinstance(error, ZeroDivisionError):
        return f"A bin may be empty: it adds nothing. ({said})"
    if "out of bounds" in said or "out of range" in said:
        return f"A confidence of 1 belongs to the last bin: there is none after it. ({said})"
    return hint_for(error)


def ece_of(p, y, bins, which=None, measure=None, sure=None, said=None):
    """The expected calibration error; with ``which``, … as slips have it."""
    top, best = p.max(dim=1)
    sure, said = top if sure is None else sure, best if said is None else said
    right = (said == y).to(p.dtype)
    which = (sure * bins).long().clamp(max=bins - 1) if which is None else which
    gaps = [(right[which == b].mean() - sure[which == b].mean()).item() for b in which.unique()]
    counts = [(which == b).sum().item() / len(y) for b in which.unique()]
    pairs = list(zip(counts, gaps, strict=True))
    if measure is not None:
        return measure(counts, gaps)
    return sum(count * abs(gap) for count, gap in pairs)


def ece_slips(p, y, bins):
    top, said = p.max(dim=1)
    right = (said == y).to(p.dtype)
    upper = (top * bins).ceil().long() - 1
    rounded = (top * bins).round().long().clamp(max=bins - 1)
    narrow = ((top - top.min()) / (top.max() - top.min()).clamp(min=1e-9) * bins).long().clamp(max=bins - 1)
    of_right = p.gather(1, y[:, None])[:, 0]
    shifted = ((top - 1 / p.shape[1]) / (1 - 1 / p.shape[1]) * bins).long().clamp(0, bins - 1)
    order, rank = top.argsort(), torch.empty(len(y), dtype=torch.long)
    rank[order] = torch.arange(len(y)) * bins // len(y)
    plain, below = ece_of(p, y, bins), top < 1
    lost = ece_of(p[below], y[below], bins) * below.sum().item() / len(y) if below.any() else 0.0
    first = torch.zeros_like(said)
    mean_of = ece_of(p, y, bins, measure=lambda counts, gaps: statistics.mean(map(abs, gaps)))
    return [
        (lost, "a confidence of 1 is left out. It belongs to the last bin."),
        (
            ece_of(p, y, bins, which=(top * bins).long()),
            "a confidence of 1 has a bin of its own. It belongs to the last one.",
        ),
        (
            ece_of(p, y, bins, said=first),
            "the answer is the class of the largest probability, not class 0.",
        ),
        (
            ece_of(p, y, bins, said=first, sure=p[:, 0]),
            "the answer is the class of the largest probability, not class 0.",
        ),
        (
            ece_of(p, y, bins, which=upper),
            "an answer on the edge of two bins belongs to the upper one: b ≤ bins·confidence.",
        ),
        (ece_of(p, y, bins, which=rounded), "bins·confidence is rounded: cut it off, .long()."),
        (ece_of(p, y, bins, which=narrow), "the bins reach from 0 to 1, not from the least to the most."),
        (ece_of(p, y, bins + 1), "there are as many bins as `bins` says: you have one more."),
        (ece_of(p, y, max(bins - 1, 1)), "there are as many bins as `bins` says: you have one less."),
        (ece_of(p, y, 10), "`bins` says how many bins there are. Is it always 10?"),
        (100 * plain, "that is in points, from 0 to 100. Return it from 0 to 1."),
        (plain * len(y), "divide by the number of answers."),
        (abs((right - top).mean().item()), "a distance has no sign, bin by bin: take abs() in each bin."),
        ((right - top).mean().item(), "a distance has no sign, bin by bin: take abs() in each bin."),
        ((top - right).mean().item(), "a distance has no sign, bin by bin: take abs() in each bin."),
        ((right - top).abs().mean().item(), "that takes abs() of each answer. Take the mean of a bin first."),
        ((right - top).square().mean().item(), "that squares each answer's distance: abs() of each bin's."),
        (
            ece_of(p, y, bins, measure=lambda c, g: sum(a * b * b for a, b in zip(c, g, strict=True))),
            "the distances are not squared.",
        ),
        (mean_of, "a bin counts as much as it has answers: weigh it by n_b/n."),
        (
            ece_of(p, y, bins, measure=lambda c, g: sum(map(abs, g)) / bins),
            "a bin counts as much as it has answers: weigh it by n_b/n, not by 1/bins.",
        ),
        (ece_of(p, y, bins, measure=lambda c, g: sum(map(abs, g))), "weigh each bin by n_b/n."),
        (ece_of(p, y, bins, measure=lambda c, g: max(map(abs, g))), "that is the largest distance."),
        (ece_of(p, y, bins, which=shifted), "the bins reach from 0 to 1, also where no confidence can be."),
        (ece_of(p, y, bins, which=rank), "the bins are equally wide. Yours hold equally many answers."),
        (
            ece_of(p, y, bins, sure=of_right),
            "the confidence is the largest probability, not that of what was true.",
        ),
        (ece_of(p, y, bins, sure=p.mean(dim=1)), "the confidence is the largest probability of a row."),
        (ece_of(p, y, bins, sure=p[:, 0]), "the confidence is the largest probability, not that of class 0."),
        (ece_of(p.softmax(dim=1), y, bins), "p holds probabilities already: no softmax."),
        (
            sum(
                ece_of(p, y, bins, measure=lambda c, g, b=b: c[b] * abs(g[b]))
                for b in without_last(top, bins)
            ),
            "the last bin is missing.",
        ),
    ]


def without_last(top, bins):
    """The places of the bins in use, but for the last one of all."""
    used = (top * bins).long().clamp(max=bins - 1).unique().tolist()
    return [place for place, b in enumerate(used) if b < bins - 1]


@functools.cache
def told_apart():
    """A batch on which slips of the ECE give different numbers."""
    p, sure = honest(30, 3, seed=5), torch.eye(3)[[0, 1, 2, 1, 2]]
    y = torch.multinomial(p, 1, generator=torch.Generator().manual_seed(1))[:, 0]
    return torch.cat([p, sure]), torch.cat([y, torch.tensor([0, 2, 2, 1, 0])]), 8


def ece_case(ece, p, y, bins, where):
    got = call(ece, p, y, bins, hint=calibration_hint)
    assert not isinstance(got, torch.Tensor), f"{where} ece returns a tensor. Return a number: .item()."
    assert got is not None, f"{where} ece returns None. Is a line with return missing?"
    want = ece_of(p, y, bins)
    got = tools.number(got, f"{where} the ECE")
    if close(got, want, 1e-9):
        return
    again = once_more(ece, *told_apart())
    pairs = zip(ece_slips(p, y, bins), ece_slips(*told_apart()), strict=True)
    slips = [slip for slip, (there, _) in pairs if again is None or close(again, there)]
    words = told(got, slips)
    if words is None and math.isnan(got):
        words = "the mean of an empty bin is no number. It adds nothing: leave it out."
    if words is None and math.isclose(got, want, abs_tol=1e-6):
        words = tools.FIRST_DIGITS
    words = words or "per bin: the share of right answers minus the mean confidence, abs(), times n_b/n."
    raise AssertionError(explain(f"{where} the ECE", got, want, {}, otherwise=words))


def rows(*tops, classes=2):
    """Probabilities: a class 0 of this confidence each, the rest spread evenly."""
    top = torch.tensor(tops)[:, None]
    return torch.cat([top, (1 - top).expand(-1, classes - 1) / (classes - 1)], dim=1)


def spread_of(p, bins, draws=2000, seed=0):
    """The mean and the standard deviation of the ECE of p, for classes drawn from p."""
    g = torch.Generator().manual_seed(seed)
    sure, _ = p.max(dim=1)
    which = one_hot((sure * bins).long().clamp(max=bins - 1), bins).to(p.dtype)
    right = (torch.rand(draws, len(p), generator=g) < sure).to(p.dtype)
    found = ((right - sure) @ which).abs().sum(dim=1) / len(p)
    return found.mean().item(), found.std().item()


def zero_of(own_zero, p, bins, draws, generator, where):
    before = torch.get_rng_state()
    got = tools.call(calibration_hint, own_zero, p, bins, draws, generator)
    assert torch.equal(before, torch.get_rng_state()), (
        f"{where} own_zero draws from torch's own chance, or seeds it. Draw from the generator that it gets."
    )
    assert not isinstance(got, torch.Tensor), f"{where} own_zero returns a tensor. Return a number."
    assert got is not None, f"{where} own_zero returns None. Is a line with return missing?"
    return tools.number(got, f"{where} the own zero")


OTHER_ROWS = "classes are drawn without looking at the row, or with another row's probabilities."
ONCE = "Are classes drawn once, and used again? Draw afresh each time."
COLUMN = "each answer is compared with all classes: y has the shape (n, 1): take [:, 0]."


def sure_case(own_zero, where="For four rows whose classes are sure, 2, 0, 3, 1, and ten draws,"):
    """Where each class is sure, the zero is 0, exactly."""
    p = torch.eye(4)[[2, 0, 3, 1]]
    got = zero_of(own_zero, p, 10, 10, torch.Generator().manual_seed(0), where)
    words = {
        0.75: COLUMN,
        3.0: COLUMN,
        1.0: "each answer is wrong. Is it drawn with the row's own probabilities?",
    }
    if got != zero_of(own_zero, p, 10, 10, torch.Generator().manual_seed(1), where):
        words = {}  # chance, and no slip's number
    each = "what is drawn is always right. Draw with the row's own probabilities, not without looking at the "
    each += "row, nor with another row's probabilities."
    tools.expect(f"{where} the own zero", got, 0.0, words, otherwise=each)


def draws_case(own_zero, draws, seeds, same=False):
    """One row, where the ECE is 0.25 or 0.75 in each draw: the mean tells how many draws there are."""
    where = f"For one row, (0.75, 0.25), and {draws} draws,"
    p = torch.tensor([[0.75, 0.25]])
    found = [zero_of(own_zero, p, 10, draws, torch.Generator().manual_seed(k), where) for k in seeds]

    def fits(value, draws):
        count = 2 * draws * (value - 0.25)
        return abs(count - round(count)) < 1e-6 and 0 <= round(count) <= draws

    off = [value for value in found if not fits(value, draws)]
    if off:
        others = (n for n in (draws - 1, draws + 1, 10, 20, 50, 100) if n and all(fits(v, n) for v in found))
        other = next(others, None)
        words = f"It is that of {other} draws, it seems."
        if other is None:
            words = f"The ECE is 0.25 or 0.75 in each draw: the mean is 0.25 + k/{2 * draws}, with a whole k."
        raise AssertionError(f"{where} the own zero is {off[0]:.4g}. {words}")
    ends = [value for value in found if close(value, 0.25) or close(value, 0.75)]
    varied = len({round(value, 2) for value in found}) == 2
    if draws > 1 and len(ends) == len(found) >= 20 and (varied or same):
        high = sum(value > 0.5 for value in found) / len(found)
        words = "that is the largest of them. Return their mean." if high > 0.5 else ONCE
        words = "that is the median or the least of them. Return their mean." if high < 0.15 else words
        raise AssertionError(
            f"{where} the own zero is that of a single draw, in {len(found)} of {len(found)} cases: {words}"
        )


def zero_case(own_zero, p, bins, where, seed=0, draws=200):
    """See that the mean is right, within six standard errors, and that chance is used as it should."""
    want, spread = spread_of(p, bins)
    where = f"{where} with {draws} draws,"

    def made(k):
        return torch.Generator().manual_seed(1000 * seed + k)

    g = made(0)
    state = g.get_state()
    got = zero_of(own_zero, p, bins, draws, g, where)
    assert not torch.equal(state, g.get_state()), (
        f"{where} nothing is drawn from the generator, or it is set back. Draw from it, and leave it there."
    )
    assert got == zero_of(own_zero, p, bins, draws, made(0), where), (
        f"{where} own_zero gives something else for a generator of the same seed. Where is chance from?"
    )
    few = [zero_of(own_zero, p, bins, 10, made(k), where) for k in range(1, 21)]
    assert len(set(few)) > 1, (
        f"{where} generators of other seeds give the same. Are classes drawn from it? Leave its seed alone."
    )
    allowed = 6 * spread * math.sqrt(1 / draws + 1 / 2000) + 1e-9
    if abs(got - want) > allowed:
        _, said = p.max(dim=1)
        C = p.shape[1]
        uniform = p.new_full(p.shape, 1 / C)
        off = {
            100 * want: "that is in points. Return it from 0 to 1.",
            want * draws: "that is the sum over the draws. Return their mean.",
            want / draws: "that is divided by the draws twice.",
            ece_of(p, said, bins): "the network's own answers are taken for the truth. Draw the classes.",
            drawn_ece(
                p, uniform, bins
            ): "each class is drawn as often as the others. Draw with the row's own probabilities.",
            drawn_ece(p, p.mean(dim=0).expand_as(p), bins): OTHER_ROWS,
            drawn_ece(p, p.roll(1, dims=0), bins): OTHER_ROWS,
            0.0: "a calibrated network does not get 0: the shares in a bin are luck.",
            drawn_once(p, bins): "that is one ECE of all draws together, with less luck in it. "
            "Take the ECE of each draw, then the mean.",
        }
        near = min(off, key=lambda value: abs(value - got))
        told_so = abs(near - got) <= 0.04 * abs(near) + 1e-9
        words = off[near] if told_so else "draw classes with p itself, take their ECE, and the mean of many."
        raise AssertionError(explain(f"{where} the own zero", got, want, {}, digits=2, otherwise=words))
    assert statistics.stdev(few) < 0.6 * spread, (
        f"{where} the mean of ten draws varies as much as one draw. {ONCE}"
    )


def drawn_ece(p, q, bins, draws=200):
    """The mean ECE of p for classes drawn from q."""
    g = torch.Generator().manual_seed(7)
    return statistics.mean(ece_of(p, torch.multinomial(q, 1, generator=g)[:, 0], bins) for _ in range(draws))


def drawn_once(p, bins, draws=400):
    g = torch.Generator().manual_seed(7)
    many = p.repeat(draws, 1)
    return ece_of(many, torch.multinomial(many, 1, generator=g)[:, 0], bins)


def honest(n, classes, seed, scale=1.5):
    return random(n, classes, seed=seed, scale=scale).softmax(dim=1)


@question(points=4)
def calibration(ece, own_zero):
    four = rows(0.75, 0.75, 0.75, 0.75)
    where = "For four answers of the confidence 0.75 and 10 bins, of which"
    ece_case(ece, four, torch.tensor([0, 0, 0, 1]), 10, f"{where} three are right,")
    ece_case(ece, four, torch.tensor([1, 0, 0, 1]), 10, f"{where} two are right,")
    p = torch.tensor([[0.17, 0.72, 0.11], [0.12, 0.25, 0.63], [0.56, 0.24, 0.2]])
    where = "For the answers 1, 2, 0, of the confidences 0.72, 0.63, 0.56, of which the second is wrong,"
    ece_case(ece, p, torch.tensor([1, 0, 0]), 10, where)
    p = rows(0.95, 0.92, 0.91, 0.65, 0.62, classes=3)
    where = "For the confidences 0.95, 0.92, 0.91, 0.65, 0.62, of which the third is wrong,"
    ece_case(ece, p, torch.tensor([0, 0, 2, 0, 0]), 10, where)
    p = rows(0.81, 0.61, 0.84, 0.57, 0.9, 0.76, classes=3)
    where = (
        "For the confidences 0.81, 0.61, 0.84, 0.57, 0.9, 0.76, of which the second and the third are wrong,"
    )
    ece_case(ece, p, torch.tensor([0, 1, 1, 0, 0, 0]), 8, f"{where[:-1]}, and 8 bins,")
    where = "For the confidences 1, 1, 0.95, of which the second is wrong,"
    ece_case(ece, rows(1.0, 1.0, 0.95), torch.tensor([0, 1, 0]), 10, where)
    where = "For the confidences 0.75, 0.7, 0.8 and 4 bins, of which the first is wrong,"
    ece_case(ece, rows(0.75, 0.7, 0.8), torch.tensor([1, 0, 0]), 4, where)
    sure_case(own_zero)
    where, g = "For one answer of the confidence 0.5, and three draws,", torch.Generator().manual_seed(0)
    got = zero_of(own_zero, rows(0.5), 10, 3, g, where)
    words = {
        0.0: "right or wrong, it is 0.5 away in each draw. A calibrated network does not get 0.",
        1.5: "that is the sum over the draws. Return their mean.",
        50.0: "that is in points. Return it from 0 to 1.",
    }
    each = "right or wrong, it is 0.5 away in each draw. Take the ECE of each draw, then the mean."
    tools.expect(f"{where} the own zero", got, 0.5, words, otherwise=each)
    draws_case(own_zero, 7, range(40))
    draws_case(own_zero, 151, range(3))
    zero_case(own_zero, honest(60, 4, seed=3), 10, "For 60 rows of four probabilities,")
    draws_case(own_zero, 7, range(40), same=True)


# --- 5 -----------------------------------------------------------------------------------------------------

COMPARE = ((compare, ("paired", "tune", "race")),)
BY_YOURSELF = "course_lib.compare does not do it for you: write what it does."


def ablation_hint(world, error):
    said = str(error)
    if isinstance(error, (ZeroDivisionError, statistics.StatisticsError)):
        if not any(seed in world.judging for *_, seed in world.calls):
            return f"Nothing meets the seeds that judge: seeds that tuned do not judge. ({said})"
        return f"Something is divided by 0: there may be one tuning seed only. ({said})"
    if "unhashable" in said:
        return f"A setting is a dict, and no key of a dict. Use its place in the list. ({said})"
    if "must be an integer" in said or "slice" in said:
        return f"Seeds come in any sequence, such as range(4). ({said})"
    return None


class World:
    """Errors by setting and seed, and a list of what was run."""

    def __init__(self, plain, trick, tuning, judging):
        """``plain`` and ``trick``: errors of each setting, with the tuning seeds, then the judging ones."""
        self.tuning, self.judging = tuning, judging
        self.lists = {
            name: [{"decay": 0.01 * k, name: float(name == "trick")} for k in range(len(table))]
            for name, table in (("plain", plain), ("trick", trick))
        }
        self.tables = {"plain": plain, "trick": trick}
        self.calls = []

    def where_is(self, setting):
        assert setting is not None, (
            "run gets None: no setting was chosen. Is an error of 100 lower than where you begin?"
        )
        for name, settings in self.lists.items():
            for k, one in enumerate(settings):
                if one == setting:
                    return name, k
        raise AssertionError(f"run gets {setting!r}, which is none of the settings.")

    def run(self, setting, seed):
        name, k = self.where_is(setting)
        seeds = [*self.tuning, *self.judging]
        assert seed in seeds, f"run gets the seed {seed!r}, which is neither in tuning nor in judging."
        self.calls.append((name, k, seed))
        return self.tables[name][k][seeds.index(seed)]

    def part(self, name, tuning):
        """The errors of the settings, over the tuning or the judging seeds."""
        n = len(self.tuning)
        return [row[:n] if tuning else row[n:] for row in self.tables[name]]


def finite(rows, of):
    """``of`` each row, and inf where a run died."""
    return [math.inf if any(map(math.isnan, row)) else of(row) for row in rows]


def first_best(scores, pick=min):
    return scores.index(pick(scores))


def mean_error(a, b):
    d = [one - two for one, two in zip(a, b, strict=True)]
    return statistics.mean(d), statistics.stdev(d) / math.sqrt(len(d))


def last_best(scores):
    return len(scores) - 1 - first_best(scores[::-1])


def deaf(rows):
    """The means of what is left, without the runs that died."""
    return [statistics.mean([v for v in row if not math.isnan(v)] or [math.inf]) for row in rows]


def costly(rows):
    """The means, where a run that died counts as an error of 100."""
    return [statistics.mean(100.0 if math.isnan(v) else v for v in row) for row in rows]


def by(score, pick=min):
    """The place of the best setting by a score of the tuning seeds' errors, inf where a run died."""
    return lambda world, name: first_best(finite(world.part(name, True), score), pick)


def worst(world, name):
    scores = finite(world.part(name, True), statistics.mean)
    return first_best([-math.inf if score == math.inf else score for score in scores], max)


def right_for(only):
    """The right setting for one of the two, the first for the other."""
    return lambda world, name: by(statistics.mean)(world, name) if name == only else 0


CHOSEN = (  # what slips choose: the place of a setting in its list
    (
        lambda world, name: last_best(finite(world.part(name, True), statistics.mean)),
        "of equals take the first.",
    ),
    (
        lambda world, name: first_best([statistics.mean(row) for row in world.part(name, True)]),
        "min() of numbers with a nan among them is not the lowest: nan < 1 and 1 < nan are both False. A "
        "setting of which a run died is out.",
    ),
    (
        lambda world, name: first_best(deaf(world.part(name, True))),
        "a setting of which a run died (nan) is out, whatever its other runs say.",
    ),
    (
        lambda world, name: first_best(costly(world.part(name, True))),
        "a setting of which a run died (nan) is out. It is not one with a large error.",
    ),
    (by(min), "the best setting is the one with the lowest mean error, not with the lowest single one."),
    (by(max), "the best setting is the one with the lowest mean error, not with the best worst run."),
    (by(statistics.median), "the best setting is the one with the lowest mean error, not median."),
    (by(lambda row: row[0]), "all tuning seeds tune: their mean. You take the first one."),
    (by(lambda row: row[-1]), "all tuning seeds tune: their mean. You take the last one."),
    (worst, "the worst setting was chosen: the error is to be low."),
    (right_for("trick"), "the rival was not tuned: its first setting was taken."),
    (right_for("plain"), "the trick was not tuned: its first setting was taken."),
    (
        lambda world, name: by(statistics.mean)(world, "plain"),
        "the same place in both lists was taken: each has a best setting of its own.",
    ),
    (
        lambda world, name: by(statistics.mean)(world, "trick"),
        "the same place in both lists was taken: each has a best setting of its own.",
    ),
    (lambda *_: 0, "the first setting of each list was taken. Tune both: the lowest mean error."),
    (lambda *_: -1, "the last setting of each list was taken. Tune both: the lowest mean error."),
)


def spreads(a, b):
    """What slips make of the standard error."""
    d = [one - two for one, two in zip(a, b, strict=True)]
    n, ss = len(d), sum((v - statistics.mean(d)) ** 2 for v in d)
    apart = statistics.variance(a) / n + statistics.variance(b) / n
    return [
        (math.sqrt(apart), "that is for runs that are no pairs: subtract first."),
        (math.sqrt(statistics.variance(a) / n), "that is of the rival's errors alone. Subtract first."),
        (math.sqrt(statistics.variance(b) / n), "that is of the trick's errors alone. Subtract first."),
        (math.sqrt(ss / (n - 1)), "that is the spread of single differences: divide by √n."),
        (math.sqrt(ss / n), "that is the spread of single differences, and divided by n."),
        (math.sqrt(ss) / n, "below the root stands n(n − 1), not n²."),
        (math.sqrt(ss / (n - 1)) / n, "the spread is divided by √n, not by n."),
        (ss / (n * (n - 1)), "the root is missing."),
        (ss / (n - 1), "that is the variance of single differences."),
        (math.sqrt(ss / (n - 1)) / math.sqrt(max(n - 1, 1)), "the spread is divided by √n."),
        (2 * math.sqrt(ss / (n * (n - 1))), "that is two standard errors. One is asked for."),
        (math.sqrt(sum(v * v for v in d) / (n * (n - 1))), "subtract the mean of the differences first."),
        (sum(abs(v - statistics.mean(d)) for v in d) / n, "square the distances, and take the root."),
    ]


def ablation_case(ablation, world, where):
    plain, trick = (world.lists[name] for name in ("plain", "trick"))
    before = copy.deepcopy(world.lists)
    with locked(*COMPARE, because=BY_YOURSELF):
        hint = functools.partial(ablation_hint, world)
        answer = call(ablation, world.run, plain, trick, world.tuning, world.judging, hint=hint)
    assert world.lists == before, f"{where} a setting or a list of settings has changed. Only read them."
    gain, error = parts_of(answer, 2, "the mean, the standard error")
    for what, value in (("mean", gain), ("standard error", error)):
        assert not isinstance(value, torch.Tensor), f"{where} the {what} is a tensor. Return floats: .item()."
        tools.number(value, f"{where} the {what}")
    best = {k: first_best(finite(world.part(k, True), statistics.mean)) for k in ("plain", "trick")}
    a, b = (world.part(name, False)[best[name]] for name in ("plain", "trick"))
    want = mean_error(a, b)
    used = len({one[:2] for one in world.calls if one[2] in world.judging})
    assert used <= 2, (
        f"{where} {used} settings meet the seeds that judge. They choose nothing: only the two best do."
    )
    assert used == 2, (
        f"{where} {used} settings meet the seeds that judge. The two best ones do: seeds that tuned do not "
        "judge."
    )
    for name, settings in world.lists.items():
        for k, row in enumerate(world.part(name, True)):
            seeds = [seed for seed in world.tuning if (name, k, seed) not in world.calls]
            assert not seeds or len(settings) == 1 or any(map(math.isnan, row)), (
                f"{where} setting {k} of {name} does not meet the tuning seed {seeds[0]}. Each setting meets "
                "each tuning seed."
            )
    twice = len(world.calls) - len(set(world.calls))
    assert not twice, (
        f"{where} {twice} of {len(world.calls)} runs are made for the second time. Keep what came out."
    )
    if close(gain, want[0]) and close(error, want[1]):
        return
    if close(gain, want[0], 1e-6) and close(error, want[1], 1e-6):
        raise AssertionError(f"{where} what you return is right in its first digits only. Is it float32?")
    if close(gain, want[0]):
        words = told(error, spreads(a, b)) or "it is √(Σ(d − d̄)² / (n(n − 1))), over the judging seeds."
        raise AssertionError(explain(f"{where} the standard error", error, want[1], {}, otherwise=words))
    slips = [
        (-want[0], "the sign is wrong: it is the rival's error minus that with the trick."),
        (want[0] * len(a), "that is a sum. Take the mean."),
        (statistics.median(x - y for x, y in zip(a, b, strict=True)), "that is the median. Take the mean."),
        (statistics.mean(abs(x - y) for x, y in zip(a, b, strict=True)), "differences keep their signs."),
        (want[0] / statistics.mean(a), "points are asked for, not a share of the rival's error."),
        (100 * want[0] / statistics.mean(a), "points are asked for, not a share of the rival's error."),
        (want[1], "the mean comes first, then the standard error."),
    ]
    for choose, sentence in CHOSEN:
        pair = (world.part(name, False)[choose(world, name)] for name in ("plain", "trick"))
        found, _ = mean_error(*pair)
        slips.append((found, sentence))
        slips.append((-found, f"{sentence} And what it takes off is the rival's error minus that with it."))
    slips = [(value, sentence) for value, sentence in slips if not close(value, want[0])]
    words = told(gain, slips) or "which setting is best over the tuning seeds? Then pair by pair."
    raise AssertionError(explain(f"{where} what the trick takes off", gain, want[0], {}, otherwise=words))


def refuses(ablation, world, what, sentence):
    """See that it raises a ValueError, and runs nothing."""
    try:
        with locked(*COMPARE, because=BY_YOURSELF):
            ablation(world.run, *world.lists.values(), world.tuning, world.judging)
    except ValueError:
        count = len(world.calls)
        assert not count, f"{what}, you raise a ValueError after {count} runs. Look before anything is run."
        return
    except NotImplementedError:
        raise
    except Exception as error:
        kind = type(error).__name__
        raise AssertionError(
            f"{what}, your code stops with {kind}: {error}. Raise a ValueError. {sentence}"
        ) from error
    raise AssertionError(f"{what}, no ValueError is raised. {sentence}")


TRIES = "Both get as many tries."
APART = "Seeds that tune do not judge."


@question(points=3)
def ablation(ablation):
    assert tools.borrowed(ablation, *COMPARE) is None, BY_YOURSELF
    where = "For judged errors of 12, 14, 17 against 10, 12, 12,"
    plain = [[4.0, 11.0, 12.0, 15.0], [2.0, 12.0, 14.0, 17.0], [6.0, 19.0, 22.0, 25.0], [5.0, 9.0, 5.0, 16.0]]
    trick = [[4.0, 9.0, 6.0, 7.0], [2.0, 10.0, 12.0, 12.0], [6.0, 8.0, 9.0, 13.0], [5.0, 15.0, 11.0, 10.0]]
    ablation_case(ablation, World(plain, trick, [0], [5, 6, 7]), where)
    where = "For five settings each, three tuning and three judging seeds,"
    plain = [
        [21.9, 8.7, 23.5, 13.2, 12.7, 17.2],
        [11.1, 24.7, 15.3, 14.0, 10.9, 16.5],
        [11.6, 20.7, 17.0, 17.9, 17.4, 12.8],
        [11.1, 17.4, 29.6, 17.4, 19.2, 18.5],
        [24.7, 9.2, 16.9, 18.6, 14.3, 16.7],
    ]
    trick = [
        [11.2, 22.6, 14.3, 19.5, 10.6, 15.1],
        [15.2, 11.6, 10.6, 18.9, 17.1, 19.6],
        [24.1, 21.5, 8.4, 11.3, 15.2, 14.3],
        [17.1, 8.8, 9.1, 10.5, 16.7, 13.7],
        [17.1, 18.4, 24.1, 16.8, 11.1, 12.3],
    ]
    ablation_case(ablation, World(plain, trick, range(3), range(100, 103)), where)
    where = "For two settings each, of which one died,"
    nan = math.nan
    plain = [[nan, 2.0, 5.0, 3.0], [9.0, 8.0, 11.0, 14.0]]
    trick = [[9.0, 9.0, 10.0, 12.0], [1.0, nan, 4.0, 2.0]]
    ablation_case(ablation, World(plain, trick, [3, 1], [0, 2]), where)
    where = "For four tuning seeds, where three settings died,"
    plain = [[1.0, nan, 1.0, 1.0, 7.0, 9.0], [40.0] * 4 + [30.0, 33.0], [41.0] * 4 + [20.0, 21.0]]
    trick = [[40.0] * 4 + [25.0, 24.0], [1.0, 1.0, nan, 1.0, 3.0, 2.0], [0.5, nan, nan, nan, 11.0, 8.0]]
    ablation_case(ablation, World(plain, trick, range(4), range(4, 6)), where)
    where = "For two settings each that are equally good on the tuning seeds,"
    plain = [[8.0, 6.0, 9.0, 7.5], [6.0, 8.0, 12.0, 9.0]]
    trick = [[5.0, 5.0, 6.0, 7.0], [5.0, 5.0, 4.0, 4.5]]
    ablation_case(ablation, World(plain, trick, [0, 1], [8, 9]), where)
    one, two = [[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0], [1.0, 3.0, 4.0]]
    refuses(ablation, World(one, two, [0], [1, 2]), "For one setting against two", TRIES)
    refuses(ablation, World(two, one, [0], [1, 2]), "For two settings against one", TRIES)
    refuses(ablation, World(one, one, [2], [1, 2]), "For a tuning seed that judges, too", APART)


# --- 6 -----------------------------------------------------------------------------------------------------


def matched_hint(error):
    said = str(error)
    if "requires grad" in said or "numpy" in said.lower() and "convert" in said:
        return f"SciPy takes an array: .numpy() of a tensor without a graph. ({said})"
    if "index" in said and "out of bounds" in said:
        return f"An index belongs to a hidden unit: rows of W, entries of b, columns of V. ({said})"
    return hint_for(error)


def renumbered(net, order):
    W, b, V, c = net
    return [W[order], b[order], V[:, order], c]


def apart(one, other):
    """The sum of the squares of all differences."""
    return sum((u - v).square().sum().item() for u, v in zip(one, other, strict=True))


def nearest(net, like):
    """The renumbering nearest to ``like``: tried one by one where there are few, else by SciPy."""
    hidden = len(net[1])
    if hidden <= 6:
        orders = [torch.tensor(order) for order in itertools.permutations(range(hidden))]
        return min(orders, key=lambda order: apart(renumbered(net, order), like))
    return assigned(units(net), units(like))


def units(net, parts="WbV"):
    """A row for each hidden unit: what enters it, and what leaves it."""
    rows = {"W": net[0], "b": net[1][:, None], "V": net[2].T}
    return torch.cat([rows[part] for part in parts], dim=1)


def assigned(mine, theirs, maximize=True, rate=None):
    alike = theirs @ mine.T if rate is None else rate(theirs, mine)
    return torch.as_tensor(linear_sum_assignment(alike.numpy(), maximize=maximize)[1])


def greedy(mine, theirs):
    """Each unit of theirs, in turn, takes the one most alike that is left."""
    alike, order = theirs @ mine.T, []
    for row in alike:
        row = row.clone()
        row[order] = -math.inf
        order.append(row.argmax().item())
    return torch.tensor(order)


def pairs_first(mine, theirs):
    """The most alike pair of all first, then the next."""
    alike, order = (theirs @ mine.T).clone(), torch.zeros(len(mine), dtype=torch.long)
    for _ in mine:
        i, j = divmod(alike.argmax().item(), len(mine))
        order[i] = j
        alike[i, :], alike[:, j] = -math.inf, -math.inf
    return order


def matched_slips(net, like):
    mine, theirs = units(net), units(like)
    right = assigned(mine, theirs)
    found = [
        (torch.arange(len(right)), "nothing is renumbered."),
        (
            right.argsort(),
            "the order is upside down: unit i of the new network is the one that goes with unit i of like. "
            "The columns of A are the units that you pick from.",
        ),
        (assigned(mine, theirs, maximize=False), "these are the pairs least alike: maximize=True."),
        (greedy(mine, theirs), "taking in turn the best that is left is not the best pairing of all."),
        (pairs_first(mine, theirs), "taking the best pair first is not the best pairing of all."),
        (theirs.norm(dim=1).argsort().argsort(), "what is sorted is no pairing."),
        (assigned(mine, theirs, rate=lambda a, b: (a @ b.T).abs()), "an inner product has a sign: no abs()."),
        (
            assigned(*(one / one.norm(dim=1, keepdim=True) for one in (mine, theirs))),
            "the inner products are not divided by the lengths: it is not the angle that counts.",
        ),
        (
            assigned(mine, theirs, maximize=False, rate=torch.cdist),
            "the squares of the distances add up, not the distances.",
        ),
    ]
    words = "it is as if not all of W, b and V counted: what enters a unit does, and what leaves it."
    for left in ("W", "b", "V", "Wb", "WV", "bV"):
        found.append((assigned(units(net, left), units(like, left)), words))
    words = "W, b and V count alike: one of them counts more than once."
    for twice in ("WWbV", "WbbV", "WbVV"):
        found.append((assigned(units(net, twice), units(like, twice)), words))
    by_size = mine.norm(dim=1).argsort()[theirs.norm(dim=1).argsort().argsort()]
    found.append((by_size, "units were sorted by size. Pair by inner products."))
    return found


def matched_case(matched, net, like, where):
    answer = call(matched, list(net), list(like), hint=matched_hint)
    got = list(parts_of_four(answer, where))
    got = [
        tensor(f"{where} {name} of the new network", g, w)
        for name, g, w in zip("WbVc", got, net, strict=True)
    ]
    order = nearest(net, like)
    best = renumbered(net, order)
    assert close(got[3], net[3]), (
        f"{where} c has changed. It belongs to the outputs, which keep their numbers."
    )
    if all(close(g, w) for g, w in zip(got, best, strict=True)):
        return
    parts = {name: places(units(got, name), units(net, name)) for name in "WbV"}
    if places(units(got), units(net)) is None:
        lost = [name for name, found in parts.items() if found is None]
        still = [name for name, found in parts.items() if found == list(range(len(order)))]
        words = "All that belongs to a unit moves with it: its row of W, its entry of b, its column of V."
        if lost:
            words = f"{lost[0]} is no renumbering of net's. {words}"
        elif still:
            words = f"{' and '.join(still)} is as it was. {words}"
        raise AssertionError(f"{where} the new network computes something else than net. {words}")
    pair = network(3, 8, 2, 5), network(3, 8, 2, 6)
    again = once_more(matched, *map(list, pair))
    slips = zip(matched_slips(net, like), matched_slips(*pair), strict=True)
    known = [
        words
        for (one, words), (two, _) in slips
        if close(units(net)[one], units(got)) and (again is None or close(units(pair[0])[two], units(again)))
    ]
    words = known[0] if known else "there is a renumbering that lies nearer."
    now, ours = apart(got, like), apart(best, like)
    raise AssertionError(explain(f"{where} the squared distance", now, ours, {}, otherwise=words))


def parts_of_four(answer, where):
    assert answer is not None, f"{where} you return None. Return the list [W, b, V, c]."
    assert isinstance(answer, (list, tuple)) and len(answer) == 4, (
        f"{where} return a list of four: [W, b, V, c]."
    )
    return answer


def places(got, given):
    """Which row of ``given`` stands at each place of ``got``; None where that is none."""
    order = []
    for row in got:
        left = [k for k, one in enumerate(given) if close(row, one) and k not in order]
        if not left:
            return None
        order.append(left[0])
    return order


def network(inputs, hidden, outputs, seed, scale=1.0):
    shapes = (hidden, inputs), (hidden,), (outputs, hidden), (outputs,)
    return [random(*shape, seed=10 * seed + k, scale=scale) for k, shape in enumerate(shapes)]


@question(points=3)
def matched(matched):
    W, b = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([1.0, -1.0, 0.0])
    net = [W, b, torch.tensor([[1.0, 3.0, -2.0]]), torch.tensor([4.0])]
    like = [*renumbered(net, torch.tensor([1, 2, 0]))[:3], torch.tensor([7.0])]
    where = "For a network of three hidden units, and itself, renumbered by 1, 2, 0, with another c,"
    matched_case(matched, net, like, where)
    for seed in (87, 83, 78):
        net, like = network(2, 5, 3, seed), network(2, 5, 3, seed + 1000)
        matched_case(matched, net, like, "For two networks of five hidden units,")
