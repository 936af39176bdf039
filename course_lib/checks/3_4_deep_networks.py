"""The tests of assignment 3.4: batch norm, norms of a row, clipping, a residual block, loss scaling."""

import copy
import functools
import math
import numbers
from unittest import mock

import torch
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from course_lib.checks import question, tools
from course_lib.checks.tools import (
    OTHERWISE,
    agrees,
    borrowed,
    close,
    expect,
    locked,
    random,
    tensor,
)

# --- what the tests share ----------------------------------------------------------------------------------


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if "leaf variable that requires grad" in said.lower():
        return (
            f"What you were given is changed in place: make a new tensor, without -= and the like. ({said})"
        )
    if "modified by an inplace operation" in said:
        return f"A tensor that autograd still needs is changed in place: make a new one. ({said})"
    if "must be real number" in said or "must be Tensor, not" in said:
        return f"math.sqrt takes a number, torch.sqrt a tensor. ({said})"
    if "'NoneType' object has no attribute" in said or "'NoneType'" in said:
        return f"Something is None here, and is used all the same. ({said})"
    if "Boolean value" in said or "only tensors with one element" in said or "converted to Scalar" in said:
        return f"One number is wanted there, and there is a whole tensor. ({said})"
    return None


call = functools.partial(tools.call, hint_for)


class Own(TorchFunctionMode):
    """While it is on, torch's own norm layers fail, by whatever name they are called."""

    READY = ("batch_norm", "layer_norm", "rms_norm", "group_norm", "instance_norm")

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        ready = any(one in name for one in self.READY)
        assert not ready, f"Write the formula: torch's own norms do not do it for you. (Yours calls {name}.)"
        return func(*args, **(kwargs or {}))


def slopes(what, y, push, leaves):
    """The gradients of (y · push).sum(), by name, as autograd finds them in what an answer made."""
    assert y.requires_grad, (
        f"{what} autograd cannot follow back from what you return. Is it made under torch.no_grad(), or of "
        ".detach()ed tensors?"
    )
    found = torch.autograd.grad((y * push).sum(), list(leaves.values()), allow_unused=True)
    for name, one in zip(leaves, found, strict=True):
        assert one is not None, (
            f"{what} no gradient arrives at {name}. Is it cut off, by .detach() or .item()?"
        )
    return dict(zip(leaves, found, strict=True))


def watched(*tensors):
    return [one.clone().requires_grad_() for one in tensors]


# --- 1 -----------------------------------------------------------------------------------------------------


def batch_hint(error):
    said = str(error)
    if "must match the size" in said or "not broadcastable" in said:
        return f"Two shapes do not fit. A mean over dim=0 has one number for each feature. ({said})"
    return hint_for(error)


def normed(batch_norm, x, gamma, beta, mean, var, training, **settings):
    """What an answer returns, after a look at its form."""
    with Own():
        answer = tools.call(batch_hint, batch_norm, x, gamma, beta, mean, var, training, **settings)
    y, new_mean, new_var = tools.parts_of(answer, 3, "y, new_mean, new_var")
    tensor("y", y, x)
    for name, one, old in (("new_mean", new_mean, mean), ("new_var", new_var, var)):
        tensor(name, one, old)
        assert not one.requires_grad, (
            f"autograd watches {name}. It is a record, and nothing is learned through it: with the graph in "
            "it, each batch would keep all batches before it in memory. Compute it under torch.no_grad(), or "
            "of .detach()ed numbers."
        )
    return y, new_mean, new_var


def line(x, gamma, beta, m, v, eps):
    return gamma * (x - m) / (v + eps).sqrt() + beta


def batch_slips(x, gamma, beta, mean, var, training, momentum, eps):
    """What slips make of y, and the sentence for each."""
    m, v = x.mean(dim=0), x.var(dim=0, correction=0)
    unbiased = x.var(dim=0)
    newer = mean + momentum * (m - mean), var + momentum * (unbiased - var)
    if training:
        right, other = (m, v), (mean, var)
        its = "in training the batch's own mean and variance count, and not the running ones."
        slips = [
            (
                line(x, gamma, beta, m, unbiased, eps),
                "that is normalized with the unbiased variance, divided by n − 1. Normalize with the mean of "
                "(x − m)²; the unbiased one is for new_var.",
            ),
            (
                line(
                    x, gamma, beta, x.mean(dim=1, keepdim=True), x.var(dim=1, correction=0, keepdim=True), eps
                ),
                "that is the mean and variance of each example. Batch norm takes those of each feature, over "
                "the examples: dim=0.",
            ),
            (
                line(x, gamma, beta, x.mean(), x.var(correction=0), eps),
                "that is one mean and variance for the whole batch. Each feature has its own: dim=0.",
            ),
            (line(x, gamma, beta, m, var, eps), its),
            (line(x, gamma, beta, mean, v, eps), its),
        ]
    else:
        right, other = (mean, var), (m, v)
        its = (
            "in eval the running mean and variance count, and not the batch's: what comes out for an example "
            "must not hang on its neighbours."
        )
        slips = [(line(x, gamma, beta, m, unbiased, eps), its)]
    m, v = right
    centered, root = x - m, (v + eps).sqrt()
    return [
        *slips,
        (line(x, gamma, beta, *other, eps), its),
        (
            line(x, gamma, beta, *newer, eps),
            "it is made with the running ones after their update, new_mean and new_var.",
        ),
        (gamma * centered / (v.sqrt() + eps) + beta, "ε belongs inside the root: √(v + ε)."),
        (gamma * centered / v.sqrt() + beta, "ε is missing: √(v + ε)."),
        (line(x, gamma, beta, m, v, 1e-5), "1e-5 stands in your function. ε is eps, as it was given."),
        (
            line(x, gamma, beta, m, v.clamp(min=eps), 0.0),
            "ε is added to the variance: v + ε, and no maximum.",
        ),
        (gamma * centered / (v + eps) + beta, "the root is missing: divide by √(v + ε)."),
        (centered / root, "gamma and beta are missing."),
        (centered / root + beta, "gamma is missing."),
        (gamma * centered / root, "beta is missing."),
        (gamma * (centered / root + beta), "beta is added last, and not multiplied by gamma."),
        (beta * centered / root + gamma, "gamma and beta are swapped: gamma multiplies, beta is added."),
        (gamma * x / root + beta, "the mean is not taken away."),
    ]


def batch_case(batch_norm, x, gamma, beta, mean, var, training, where, **settings):
    """One call on numbers without a plain pencil, beside torch's."""
    eps, momentum = settings.get("eps", 1e-5), settings.get("momentum", 0.1)
    y, new_mean, new_var = normed(batch_norm, x, gamma, beta, mean, var, training, **settings)
    want_mean, want_var = mean.clone(), var.clone()
    want = F.batch_norm(x, want_mean, want_var, gamma, beta, training, momentum, eps)
    slips = batch_slips(x, gamma, beta, mean, var, training, momentum, eps) if len(x) > 1 else []
    agrees(f"{where} y", y, want, slips)
    if not training:
        kept = torch.equal(new_mean, mean) and torch.equal(new_var, var)
        assert kept, (
            f"{where} the running mean and variance are not returned as they came. In eval they rest."
        )
        return
    m, v, n = x.mean(dim=0), x.var(dim=0, correction=0), len(x)
    agrees(
        f"{where} new_mean",
        new_mean,
        want_mean,
        [
            (momentum * mean + (1 - momentum) * m, AROUND),
            (mean, STILL),
            (m, ONLY),
            (0.9 * mean + 0.1 * m, GIVEN),
        ],
    )
    agrees(
        f"{where} new_var",
        new_var,
        want_var,
        [
            (momentum * var + (1 - momentum) * v * n / (n - 1), AROUND),
            (var, STILL),
            (v * n / (n - 1), ONLY),
            ((1 - momentum) * var + momentum * v, BIASED),
            (0.9 * var + 0.1 * v * n / (n - 1), GIVEN),
            (
                (1 - momentum) * var + momentum * v * x.numel() / (x.numel() - 1),
                "n counts the examples, x's rows.",
            ),
            ((1 - momentum) * var + momentum * v * (n - 1) / n, "the factor is n/(n − 1), which is above 1."),
        ],
    )


AROUND = "the momentum is the other way round. It is the share of the new number; the old one keeps the rest."
STILL = "the running one does not move in training."
ONLY = "that is the batch's alone. The running one keeps a share of 1 − momentum of what it was."
GIVEN = "0.1 stands in your function. The momentum is the one that was given, also where that is 0."
SHARP = "The root of 0 has no slope: take the root of … + ε, and no other."
BIASED = "the running variance moves towards the unbiased variance, n/(n − 1) · v."


def batch_gradients(batch_norm, x, gamma, beta, mean, var, training, where, seed, eps=1e-5):
    """See that what arrives at x, gamma and beta is what torch's own batch norm sends there."""
    push = random(*x.shape, seed=seed)

    def of(make):
        mine = watched(x, gamma, beta)
        return slopes(where, make(*mine), push, dict(zip(("x", "gamma", "beta"), mine, strict=True)))

    got = of(lambda *three: normed(batch_norm, *three, mean, var, training, eps=eps)[0])
    want = of(
        lambda *three: F.batch_norm(three[0], mean.clone(), var.clone(), *three[1:], training, 0.1, eps)
    )
    slips = []
    if training:

        def cut(x, gamma, beta, cut_mean, cut_var):
            m, v = x.mean(dim=0), x.var(dim=0, correction=0)
            return line(x, gamma, beta, m.detach() if cut_mean else m, v.detach() if cut_var else v, eps)

        for which, words in (
            ((True, True), "mean and variance hang"),
            ((True, False), "mean hangs"),
            ((False, True), "variance hangs"),
        ):
            one = of(lambda *three, which=which: cut(*three, *which))["x"]
            also = f"the batch's {words} on x, too: no .detach(), no torch.no_grad() around them."
            slips.append((one, also))
    for name in ("gamma", "beta", "x"):
        assert not got[name].isnan().any(), f"{where} the gradient at {name} is NaN. {SHARP}"
        agrees(f"{where} the gradient at {name}", got[name], want[name], slips if name == "x" else ())


@question(points=4)
def batch_norm(batch_norm):
    # One feature, with ε = 5: m = 3, v = 4, and the root is 3; of the running variance, 11, it is 4.
    x, gamma, beta = torch.tensor([[1.0], [5.0]]), torch.tensor([6.0]), torch.tensor([10.0])
    mean, var = torch.tensor([10.0]), torch.tensor([11.0])
    y, new_mean, new_var = normed(batch_norm, x, gamma, beta, mean, var, True, eps=5.0)
    where = "For the batch 1 and 5, gamma 6, beta 10, eps 5, and running 10 and 11, in training"
    slips = batch_slips(x, gamma, beta, mean, var, True, 0.1, 5.0)
    agrees(f"{where}, y", y, torch.tensor([[6.0], [14.0]]), slips)
    expect(f"{where}, new_mean", new_mean, 9.3, {3.7: AROUND, 10.0: STILL, 3.0: ONLY})
    told = {8.3: AROUND, 4.7: AROUND, 11.0: STILL, 8.0: ONLY, 4.0: ONLY, 10.3: BIASED}
    expect(f"{where}, new_var", new_var, 10.7, told)
    y, *_ = normed(batch_norm, x, gamma, beta, mean, var, False, eps=5.0)
    where = where.replace("training", "eval")
    slips = batch_slips(x, gamma, beta, mean, var, False, 0.1, 5.0)
    agrees(f"{where}, y", y, torch.tensor([[-3.5], [2.5]]), slips)

    x, gamma, beta = random(5, 3, seed=1, scale=2.0) + 1, random(3, seed=2), random(3, seed=3)
    mean, var = random(3, seed=4), random(3, seed=5).square() + 0.5
    for training, mode in ((True, "in training"), (False, "in eval")):
        where = f"For a batch of shape (5, 3), {mode},"
        batch_case(batch_norm, x, gamma, beta, mean, var, training, where)
        batch_case(batch_norm, x, gamma, beta, mean, var, training, where, momentum=0.3, eps=0.7)
        batch_gradients(batch_norm, x, gamma, beta, mean, var, training, where, seed=6)
    batch_case(batch_norm, x[:1], gamma, beta, mean, var, False, "For one example alone, in eval,")


# --- 2 -----------------------------------------------------------------------------------------------------


def norm_hint(error):
    said = str(error)
    if "must match the size" in said or "not broadcastable" in said:
        return f"Two shapes do not fit. A mean over the last axis lines up with x if keepdim=True. ({said})"
    if "NoneType" in said:
        return f"bias may be None: then nothing is added. ({said})"
    if "Dimension out of range" in said:
        return f"There may be no axis in front. The last one is dim=-1, however many there are. ({said})"
    if "Boolean value" in said:
        return f"An if takes no tensor. To see whether there is a bias: bias is None. ({said})"
    return hint_for(error)


def rows(norm, x, weight, bias, eps, kind):
    with Own():
        return tensor("What you return", tools.call(norm_hint, norm, x, weight, bias, eps, kind), x)


def torchs(x, weight, bias, eps, kind):
    if kind == "layer":
        return F.layer_norm(x, x.shape[-1:], weight, bias, eps)
    y = F.rms_norm(x, x.shape[-1:], weight, eps)
    return y if bias is None else y + bias


def norm_slips(x, weight, bias, eps, kind):
    last = {"dim": -1, "keepdim": True}
    m = x.mean(**last) if kind == "layer" else 0.0
    c, d = x - m, x.shape[-1]
    b = 0.0 if bias is None else bias
    square = c.square().mean(**last)

    def made(c, square):
        return weight * c / (square + eps).sqrt() + b

    other = x if kind == "layer" else x - x.mean(**last)
    first = tuple(range(x.dim() - 1)) or (0,)
    over = x.mean(dim=first, keepdim=True), x.mean()
    axes = [x - one if kind == "layer" else x for one in over]
    words = (
        "the mean is not taken away. Layer norm does that; RMS norm does not."
        if kind == "layer"
        else "the mean is taken away. RMS norm leaves it: it divides, and does nothing else."
    )
    slips = [
        (made(other, other.square().mean(**last)), words),
        (weight * c / (square.sqrt() + eps) + b, "ε belongs inside the root."),
        (weight * c / square.sqrt() + b, "ε is missing."),
        (weight * c / (square + 1e-5).sqrt() + b, "1e-5 stands in your function. ε is eps, as it was given."),
        (weight * c / (square + eps) + b, "the root is missing."),
        (
            made(c, c.square().sum(**last)),
            "that divides by the root of the sum of squares, not of their mean.",
        ),
        (made(c, square * d / max(d - 1, 1)), "the variance is divided by d, not by d − 1: correction=0."),
        (
            made(x, c.square().mean(**last)),
            "it is divided by the right number, but the mean is not taken away.",
        ),
        (
            made(c, x.square().mean(**last)),
            "the squares are those of x − mean, the variance, not those of x.",
        ),
        (
            made(c, x.var(correction=0, **last)),
            "RMS norm divides by the root of the mean of x², not of the variance.",
        ),
        (
            made(axes[0], axes[0].square().mean(dim=first, keepdim=True)),
            "that is over the axes in front. Each row along the last axis is by itself: dim=-1.",
        ),
        (
            made(axes[1], axes[1].square().mean()),
            "that is one number for the whole tensor. Each row along the last axis has its own.",
        ),
        ((made(c, square) - b) / weight + b, "the weight is missing."),
    ]
    if bias is not None:
        slips += [
            (made(c, square) - b, "the bias is missing, and was given."),
            (weight * ((made(c, square) - b) / weight + b), "the bias is added last, and not multiplied."),
        ]
    return slips


def norm_case(norm, x, weight, bias, eps, kind, where):
    got, want = rows(norm, x, weight, bias, eps, kind), torchs(x, weight, bias, eps, kind)
    agrees(f"{where} what you return", got, want, norm_slips(x, weight, bias, eps, kind))


def norm_gradients(norm, x, weight, bias, eps, kind, where, seed):
    push = random(*x.shape, seed=seed)

    def of(make):
        names = ["x", "weight", "bias"][: 2 + (bias is not None)]
        mine = watched(*(one for one in (x, weight, bias) if one is not None))
        y = make(mine[0], mine[1], mine[2] if bias is not None else None, eps, kind)
        return slopes(where, y, push, dict(zip(names, mine, strict=True)))

    got, want = of(functools.partial(rows, norm)), of(torchs)
    also = (
        "what a row is divided by hangs" if kind == "rms" else "a row's mean, and what it is divided by, hang"
    )
    for name in reversed(got):
        assert not got[name].isnan().any(), f"{where} the gradient at {name} is NaN. {SHARP}"
        agrees(
            f"{where} the gradient at {name}",
            got[name],
            want[name],
            otherwise=f"{also} on x, too: no .detach(), no_grad() or .item().",
        )


@question(points=3)
def norm(norm):
    x, one = torch.tensor([1.0, 4.0, 7.0]), torch.ones(3)
    for kind, want in (("layer", (-1.0, 0.0, 1.0)), ("rms", (0.2, 0.8, 1.4))):
        got = rows(norm, x, one, None, 3.0, kind)
        where = f"For x = (1, 4, 7), weights 1, no bias, eps 3 and the kind {kind!r}, what you return"
        agrees(where, got, torch.tensor(want), norm_slips(x, one, None, 3.0, kind))
    weight, bias = random(6, seed=1), random(6, seed=2)
    for kind in ("layer", "rms"):
        for shape in ((6,), (4, 6), (2, 3, 6)):
            x = random(*shape, seed=3, scale=2.0) + 1
            for b in (bias, None):
                where = f"For the shape {shape}, {'no bias' if b is None else 'a bias'}, and {kind!r},"
                norm_case(norm, x, weight, b, 0.3, kind, where)
                norm_gradients(norm, x, weight, b, 1e-5, kind, where, seed=4)
        flat = torch.zeros(2, 6)
        where = f"For rows of zeros, and {kind!r},"
        norm_case(norm, flat, weight, bias, 1e-5, kind, where)
        norm_gradients(norm, flat, weight, bias, 1e-5, kind, where, seed=5)


# --- 3 -----------------------------------------------------------------------------------------------------

CLIPPERS = (
    "clip_grad_norm_",
    "clip_grad_norm",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
)
CLIPPING = tuple(
    (owner, [name for name in names if hasattr(owner, name)])
    for owner, names in (
        (nn.utils, CLIPPERS),
        (nn.utils.clip_grad, (*CLIPPERS, "_get_total_norm", "_clip_grads_with_norm_")),
    )
)
EXACTLY = "multiply by most/norm, exactly."
NOT_TORCHS = "torch's own clipping does not do it for you: compute the norm, and scale."


def clip_hint(error):
    said = str(error)
    if "NoneType" in said:
        return f"A parameter's .grad may be None: skip it, and go on. ({said})"
    if "non-empty" in said or "at least one" in said or "empty sequence" in said or "empty iterable" in said:
        return f"There may be no gradient at all: then return 0.0. ({said})"
    if isinstance(error, ZeroDivisionError):
        return f"Where all gradients are 0, or none is there, the norm is 0: divide only to clip. ({said})"
    if "has no len()" in said or "is not subscriptable" in said:
        return (
            f"parameters may be an iterator, which has no length and no places: go through it, once. ({said})"
        )
    if "view size is not compatible" in said:
        return f"A gradient may lie in memory in another order. Without .view: .square().sum(). ({said})"
    return hint_for(error)


def holders(grads):
    """Parameters that hold these gradients. None: one without."""
    made = []
    for k, g in enumerate(grads):
        p = nn.Parameter(torch.full((2,), float(k)) if g is None else torch.full_like(g, float(k)))
        p.grad = None if g is None else g.clone(memory_format=torch.preserve_format)
        made.append(p)
    return made


def clip_once(clip_, parameters, most, form=list):
    """Call an answer, and see that it leaves all but the numbers in the gradients as it is."""
    held = [p.grad for p in parameters]
    memory = [g if g is None else g.detach() for g in held]
    values = [p.detach().clone() for p in parameters]
    found = borrowed(clip_, *CLIPPING)
    assert found is None, f"{NOT_TORCHS} (Yours has {found}.)"
    try:
        with locked(*CLIPPING, because=NOT_TORCHS):
            return tools.call(clip_hint, clip_, form(parameters), most, may_change=(1,))
    finally:
        for p, g, old, value in zip(parameters, held, memory, values, strict=True):
            assert torch.equal(p.detach(), value), (
                "You changed a parameter. Clip its gradient, p.grad, alone."
            )
            assert p.grad is g and (g is None or torch.equal(old, g)), (
                "A parameter has a new .grad now, or its .grad has new memory. Write into the numbers that "
                "are there, with .mul_() or *=, for others may hold them."
            )


def returned(answer, where):
    """The norm that an answer returns, as a float."""
    assert answer is not None, f"{where} you return None. Return the norm before clipping."
    assert not isinstance(answer, torch.Tensor), (
        f"{where} you return a tensor. Return a Python float: .item() makes one."
    )
    assert isinstance(answer, numbers.Real), f"{where} you return {type(answer).__name__}, and not a float."
    return float(answer)


def length(grads):
    return math.sqrt(sum(g.square().sum().item() for g in grads if g is not None))


def clip_slips(grads, most):
    """What slips return, and what they make of all gradients in a row."""
    there = [g for g in grads if g is not None]
    own = [length([g]) for g in there]
    total = length(there)
    row = torch.cat([g.flatten() for g in there])
    after = min(total, most)
    numbers_ = [
        (after, "that is the norm after clipping. Return the one before."),
        (sum(own), "that is the sum of the parameters' norms. Their squares add up."),
        (max(own), "that is the largest of the parameters' norms. It is the norm of all entries together."),
        (row.abs().max().item(), "that is the largest entry."),
        (row.abs().sum().item(), "that is the sum of the entries' sizes: square, add up, take the root."),
        (total**2, "the root is missing."),
        (total / math.sqrt(len(row)), "that is the root of the mean of the squares: add them up."),
        (math.sqrt(total), "the root was taken twice."),
    ]
    own_scale = torch.cat(
        [g.flatten() * min(1.0, most / max(size, 1e-300)) for g, size in zip(there, own, strict=True)]
    )
    always = (
        [(row * most / total, "they were scaled up: a small gradient is none to be clipped.")]
        if total
        else []
    )
    if total > most:
        always = [
            (row * most / total**2, "the factor is most/norm, with the norm and not its square."),
            (row * most / (total + 1e-6), "the factor is most/norm, exactly: without 1e-6."),
            (row / total, "they have the length 1 now, and not the length most."),
            (row * most, "they were multiplied by most, and not by most/norm."),
            (row, "nothing was clipped."),
        ]
    slips = [
        *always,
        (
            own_scale,
            "each parameter was clipped by its own norm, which turns the step. One norm and one factor.",
        ),
        (
            row.clamp(-most, most),
            "each entry was clipped. The entries keep their ratios: one factor for all.",
        ),
        *(
            (row * min(1.0, most / value), f"the factor was made of another norm: {words}")
            for value, words in numbers_[1:]
            if value and abs(value - total) > 1e-9
        ),
    ]
    return numbers_, slips


def clip_case(clip_, grads, most, where, form=list):
    """Clip, and look at what is returned and at what became of the gradients."""
    parameters = holders(grads)
    got = returned(clip_once(clip_, parameters, most, form), where)
    there = [g for g in grads if g is not None]
    total = length(there)
    if not there:
        expect(f"{where} the norm that you return", got, 0.0)
        return
    told, slips = clip_slips(grads, most)
    row = torch.cat([g.flatten() for g in there])
    now = torch.cat([p.grad.flatten() for p in parameters if p.grad is not None])
    if len(there) < len(grads) and total > most and torch.equal(now, row):
        raise AssertionError(
            f"{where} nothing was clipped. Does a parameter without a gradient end it? Skip that, and go on."
        )
    if form is not list and total > most and torch.equal(now, row):
        raise AssertionError(
            f"{where} nothing was clipped. An iterator can be gone through once: is the second time empty? "
            "Keep the gradients in a list."
        )
    if total <= most:
        hint = [words for value, words in slips if close(now, value, 1e-7)]
        assert torch.equal(now, row), (
            f"{where} the norm is {total:.4g}, not above most, and yet the gradients have changed"
            + (f": {hint[0]}" if hint else ". Leave them as they are, bit for bit.")
        )
    agrees(f"{where} the gradients, in a row", now, row * min(1.0, most / total) if total else row, slips)
    if total > most:
        share = length([now]) / most
        expect(f"{where} the norm afterwards, in units of most,", share, 1.0, otherwise=EXACTLY)
    hint = [words for value, words in told if abs(value - total) > 1e-9 and close(got, value, 1e-7)]
    expect(f"{where} the norm that you return", got, total, otherwise=hint[0] if hint else OTHERWISE)


def must_raise(clip_, grads, most, where):
    """See that a norm that is not finite raises the error that was asked for, and changes nothing."""
    parameters = holders(grads)
    try:
        with locked(*CLIPPING, because=NOT_TORCHS):
            clip_(parameters, most)
    except FloatingPointError:
        pass
    except NotImplementedError:
        raise
    except Exception as error:
        raise AssertionError(
            f"{where} your function raises {type(error).__name__}. Asked for is FloatingPointError. ({error})"
        ) from error
    else:
        raise AssertionError(
            f"{where} the norm is not finite, and your function raises nothing. Raise FloatingPointError."
        )
    kept = all(
        p.grad is None if g is None else torch.equal(p.grad.nan_to_num(7.0), g.nan_to_num(7.0))
        for p, g in zip(parameters, grads, strict=True)
    )
    assert kept, (
        f"{where} it raises, but the gradients have changed already. Look first, and scale afterwards."
    )


@question(points=4)
def clip(clip_):
    grads = [torch.tensor([1.0, 2.0, 2.0]), torch.full((4,), 2.0)]
    clip_case(clip_, grads, 1.5, "For the gradients (1, 2, 2) and (2, 2, 2, 2), and most = 1.5,")
    clip_case(clip_, grads, 10, "For the gradients (1, 2, 2) and (2, 2, 2, 2), and most = 10,")
    clip_case(clip_, grads, 5.0, "For the gradients (1, 2, 2) and (2, 2, 2, 2), and most = 5,")
    clip_case(clip_, [None, *grads, None], 1.5, "Where some parameters have no gradient,")
    clip_case(clip_, grads, 1.5, "Where the parameters come out of an iterator,", iter)
    grads = [random(3, 4, seed=1), random(5, seed=2, scale=0.1), torch.tensor(-2.0)]
    for most in (0.5, 100.0):
        clip_case(clip_, grads, most, f"For gradients of the shapes (3, 4), (5) and (), and most = {most:g},")
    for form in (list, iter):
        clip_case(clip_, [], 1.0, "Without any parameter,", form)
        clip_case(clip_, [None, None], 1.0, "Where no parameter has a gradient,", form)
    clip_case(clip_, [torch.zeros(3)], 1.0, "Where all gradients are 0,")
    for bad in (math.nan, math.inf, -math.inf):
        for place in (0, 2):
            spoiled = [one.clone() for one in grads]
            spoiled[place].flatten()[0] = bad
            must_raise(
                clip_, spoiled, 0.5, f"With one {bad} in the {'first' if place == 0 else 'last'} gradient,"
            )


# --- 4 -----------------------------------------------------------------------------------------------------


def block_hint(error):
    said = str(error)
    if "has no attribute" in said and "Block" in said:
        return f"Your block has no such part. Asked for are norm, up and down. ({said})"
    if "shapes cannot be multiplied" in said:
        return f"Two layers do not fit: up goes from d to wide, down from wide to d. ({said})"
    if "normalized_shape" in said:
        return f"What comes to the norm has not its size. It has d numbers, and stands before up. ({said})"
    return hint_for(error)


def parameters_of(block):
    """The parameters that were asked for, by name, whatever else holds them, too."""
    return {
        f"{part}.{kind}": getattr(getattr(block, part), kind)
        for part in ("norm", "up", "down")
        for kind in ("weight", "bias")
    }


def made(Block, d, wide):
    """A block, after a look at its parts."""
    assert isinstance(Block, type) and issubclass(Block, nn.Module), "Block must be a class, an nn.Module."
    block = tools.call(block_hint, Block, d, wide)
    where = f"In Block({d}, {wide})"
    for name, kind in (("norm", nn.LayerNorm), ("up", nn.Linear), ("down", nn.Linear)):
        part = getattr(block, name, None)
        assert part is not None, f"{where} there is no part called {name}."
        assert isinstance(part, kind), (
            f"{where}, {name} is of the kind {type(part).__name__}, not {kind.__name__}."
        )
    sizes = {
        "norm": (tuple(block.norm.normalized_shape), (d,), "the norm is over the d numbers that come in"),
        "up": ((block.up.in_features, block.up.out_features), (d, wide), "up goes from d to wide"),
        "down": ((block.down.in_features, block.down.out_features), (wide, d), "down goes from wide to d"),
    }
    for name, (got, want, words) in sizes.items():
        assert got == want, f"{where}, {name} has the size {got}, not {want}: {words}."
    there = parameters_of(block)
    missing = [name for name, p in there.items() if p is None]
    assert not missing, (
        f"{where} the parameter {missing[0]} is missing. Both layers and the norm have a weight and a bias."
    )
    assert block.norm.eps == 1e-5, (
        f"{where}, norm has eps {block.norm.eps:g}. Take it as torch makes it, 1e-5."
    )
    more = [n for n, p in block.named_parameters() if not any(p is one for one in there.values())]
    count = sum(p.numel() for p in block.parameters())
    want = 2 * d * wide + wide + 3 * d
    assert not more, f"{where} there are {count} parameters, not {want}. What is {more[0]} for?"
    frozen = [name for name, p in there.items() if not p.requires_grad]
    assert not frozen, f"{where}, {frozen[0]} cannot learn: its requires_grad is False."
    return block


def stirred(block, seed):
    """Let all parameters of a block be random numbers, so that each of them counts."""
    with torch.no_grad():
        for k, p in enumerate(block.parameters()):
            p.copy_(random(*p.shape, seed=seed + k, scale=0.5))
    return block


def block_ways(block, x):
    """What a block makes of x; and what slips would."""
    n = functools.partial(F.layer_norm, normalized_shape=block.norm.normalized_shape, eps=block.norm.eps)
    n = functools.partial(n, weight=block.norm.weight, bias=block.norm.bias)
    up, down, relu = block.up, block.down, torch.relu
    branch = down(relu(up(n(x))))
    post = "the norm stands after the sum. Here it stands before up, in the branch: x itself goes on."
    slips = [
        (n(x + down(relu(up(x)))), post),
        (n(x + branch), "there are two norms: before up, and after the sum. The one before up is all."),
        (branch, "the way around is missing: x + …"),
        (n(x) + branch, "what goes around is the norm's output. Let x itself go around."),
        (
            n(x) + down(relu(up(x))),
            "the norm stands on the way around, and belongs into the branch, before up.",
        ),
        (
            relu(x + branch),
            "there is a ReLU after the sum, on the way around. It belongs between up and down.",
        ),
        (relu(x + down(up(n(x)))), "the ReLU stands after the sum. It belongs between up and down."),
        (relu(x + down(relu(up(x)))), "there is a ReLU after the sum, and no norm before up."),
        (x + relu(branch), "there is a second ReLU, after down."),
        (x + relu(down(up(n(x)))), "the ReLU stands after down. It belongs between up and down."),
        (x + down(up(relu(n(x)))), "the ReLU stands before up. It belongs between up and down."),
        (x + down(up(n(x))), "the ReLU is missing, between up and down."),
        (x + down(relu(up(x))), "the norm is missing, before up."),
        (x + n(down(relu(up(x)))), "the norm stands at the end of the branch. It belongs before up."),
        (x + n(branch), "there is a second norm, at the end of the branch."),
        (x + down(F.gelu(up(n(x)))), "the bend is a GELU. Asked for is a ReLU."),
        (x + down(F.silu(up(n(x)))), "the bend is a SiLU. Asked for is a ReLU."),
        (x - branch, "the branch is subtracted."),
        (2 * x + branch, "x is added twice."),
        (x + n(x) + branch, "the norm's output is added, too."),
        (x + down(relu(up(F.layer_norm(x, (x.shape[-1],))))), "norm's own weight and bias are not used."),
    ]
    return x + branch, slips


def block_case(block, x, where):
    got = tensor(f"{where} what comes out", tools.call(block_hint, block, x), x)
    want, slips = block_ways(block, x)
    agrees(f"{where} what comes out", got, want, slips)


def block_gradients(block, x, where, seed):
    push = random(*x.shape, seed=seed)

    def of(make):
        (mine,) = watched(x)
        return slopes(where, make(mine), push, parameters_of(block) | {"x": mine})

    got = of(lambda mine: tools.call(block_hint, block, mine))
    want = of(lambda mine: block_ways(block, mine)[0])
    for name in got:
        agrees(f"{where} the gradient at {name}", got[name], want[name])


def started(block, d, wide, where):
    """See that a block begins as was asked for."""
    for name in ("down.weight", "down.bias", "up.bias", "norm.bias"):
        part, kind = name.split(".")
        p = getattr(getattr(block, part), kind)
        why = ": the block shall begin as the identity" if part == "down" else ""
        assert not p.any(), f"{where} {name} is not 0{why}."
    assert close(block.norm.weight.detach(), 1.0), f"{where} norm.weight is not 1, as nn.LayerNorm makes it."
    weight = block.up.weight.detach()
    n = weight.numel()
    want, got, room = 2 / d, weight.square().mean().item(), 6 * math.sqrt(2 / n)
    if abs(got / want - 1) > room:
        known = [
            words
            for value, words in (
                (1 / d, "1/d, which leaves out that a ReLU follows"),
                (1 / (3 * d), "torch's default"),
                (2 / wide, "2/wide, of the outputs. He's counts the inputs"),
                (4 / d**2, "the square: normal_ takes a standard deviation"),
                (math.sqrt(2 / d), "its root: the root was taken once too often"),
                (2 / (d + wide), "Xavier's"),
                (0.0, "0: its units would stay alike, and with down at 0 nothing would ever learn"),
                (1.0, "1, as normal_ draws unless it is told a std"),
            )
            if abs(got - value) <= room * value
        ]
        told = f" That is {known[0]}." if len(known) == 1 else ""
        raise AssertionError(
            f"{where} the mean square of up.weight is {got:.3g}, not about 2/d = {want:.3g}.{told}"
        )
    mean = weight.mean().item()
    assert abs(mean) < 6 * math.sqrt(want / n), f"{where} up.weight has the mean {mean:.3g}, not 0."
    beyond = (weight.abs() > 2 * math.sqrt(want)).double().mean().item()
    assert abs(beyond - 0.0455) < 6 * math.sqrt(0.0455 / n), (
        f"{where} the variance of up.weight is right, but its numbers do not lie as a normal draw does: "
        f"beyond two standard deviations are {beyond:.1%}, not 4.6%. Are they even ones?"
    )
    assert len(weight.abs().unique()) > 0.9 * n, (
        f"{where} many entries of up.weight are equal: draw each of them."
    )


@question(points=4)
def block(Block):
    torch.manual_seed(1)
    one = stirred(made(Block, 4, 6), seed=10)
    for shape in ((3, 4), (4,), (2, 3, 4)):
        where = f"For an input of shape {shape}, with random weights,"
        block_case(one, random(*shape, seed=20) + 1, where)
        block_gradients(one, random(*shape, seed=21), where, seed=22)
    first, second = made(Block, 64, 256), made(Block, 64, 256)
    started(first, 64, 256, "In a new Block(64, 256)")
    x = random(5, 64, seed=30, scale=3.0)
    out = tensor("What a new block puts out", tools.call(block_hint, first, x), x)
    assert torch.equal(out, x), "A new block does not hand on its input as it is."
    assert not close(first.up.weight.detach(), second.up.weight.detach()), (
        "Two new blocks have the same up.weight. Draw each anew, and set no seed."
    )
    started(made(Block, 200, 100), 200, 100, "In a new Block(200, 100)")
    torch.manual_seed(2)
    first = made(Block, 4, 6)
    torch.manual_seed(2)
    second = made(Block, 4, 6)
    assert torch.equal(first.up.weight, second.up.weight), (
        "Two blocks, each made after torch.manual_seed(2), differ: draw from torch's own chance alone."
    )


# --- 5 -----------------------------------------------------------------------------------------------------

SCALERS = ((torch.amp.GradScaler, ("__init__", "scale", "unscale_", "step", "update")),)
NOT_SCALERS = "torch's GradScaler does not do it for you: write the steps."


def step_hint(error):
    said = str(error)
    if "NoneType" in said:
        return f"A parameter that the loss does not use has no gradient, .grad is None: skip it. ({said})"
    if isinstance(error, KeyError):
        return f"scaler has the entries scale, good and every, and no other. ({error})"
    if "element 0 of tensors does not require grad" in said:
        return f"What you call backward() on is cut off from the parameters: no .item(), no no_grad. ({said})"
    if "second time" in said:
        return f"backward() is called twice on one loss. ({said})"
    return hint_for(error)


def state_of(optimizer):
    """A copy of what an optimizer remembers."""
    return copy.deepcopy(optimizer.state_dict()["state"])


def alike(a, b):
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(alike(a[k], b[k]) for k in a)
    return torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b


def one_step(scaled_step, loss_of, parameters, optimizer, scaler, where):
    """Call an answer, and see what it called. Returns whether it says that it made the update."""
    calls, every = [], scaler["every"]
    before = [p.detach().clone() for p in parameters]
    remembered = state_of(optimizer)

    def loss_once():
        calls.append(1)
        return loss_of()

    with (
        locked(*SCALERS, because=NOT_SCALERS),
        mock.patch.object(optimizer, "step", wraps=optimizer.step) as steps,
    ):
        answer = tools.call(step_hint, scaled_step, loss_once, parameters, optimizer, scaler, may_change=(2,))
    assert answer is not None, f"{where} you return None. Return whether the update was made, True or False."
    if isinstance(answer, torch.Tensor) and answer.numel() == 1:
        answer = answer.item()
    assert answer in (True, False), f"{where} you return {answer!r}, and not True or False."
    assert len(calls) == 1, f"{where} loss_of was called {len(calls)} times. Call it once."
    assert scaler["every"] == every, f"{where} every has become {scaler['every']}. Leave it as it is."
    made = steps.call_count
    assert made <= 1, f"{where} optimizer.step() was called {made} times. Once is an update."
    if made == 0:
        still = all(torch.equal(p.detach(), old) for p, old in zip(parameters, before, strict=True))
        assert still, f"{where} a parameter has moved, without optimizer.step()."
        assert alike(state_of(optimizer), remembered), (
            f"{where} no update was made, and yet what the optimizer remembers has changed."
        )
    return bool(answer), bool(made)


def after(scaler, finite):
    """What becomes of a scaler."""
    scale, good, every = (scaler[name] for name in ("scale", "good", "every"))
    if not finite:
        return {"scale": scale / 2, "good": 0, "every": every}
    good += 1
    return {"scale": 2 * scale, "good": 0, "every": every} if good == every else scaler | {"good": good}


def counted(scaler, want, was, finite, where):
    """See that a scaler is what it should be."""
    got, right = (scaler["scale"], scaler["good"]), (want["scale"], want["good"])
    if got == right:
        return
    scale, good = got
    hint = OTHERWISE
    if finite and want["good"] == 0:
        if got == (was["scale"], was["every"]) or (scale == was["scale"] and good == 0):
            hint = "good has reached every: that is when the scale doubles, and not one step later."
            hint = hint if good else "the scale doubles when good reaches every."
        elif scale == want["scale"]:
            hint = "when the scale doubles, good begins anew, at 0."
        elif scale > want["scale"]:
            hint = "the scale doubles once."
    elif finite:
        if scale == 2 * was["scale"]:
            hint = "the scale doubles only when good reaches every."
        elif scale != was["scale"]:
            hint = "the scale stays, until good reaches every."
        elif good == was["good"]:
            hint = "an update that was made counts: good goes up by 1."
        elif good == 0:
            hint = "good begins anew only after a skipped update, or when the scale doubles."
    elif scale == was["scale"]:
        hint = "a gradient that is not finite says that the scale is too large: halve it."
    elif scale == want["scale"]:
        hint = "after a skipped update good begins anew, at 0: every asks for so many in a row."
    elif scale < want["scale"]:
        hint = "the scale halves, once a call, and no more."
    raise AssertionError(
        f"{where} (scale, good) goes from ({was['scale']:g}, {was['good']}) to ({scale:g}, {good}), not to "
        f"({want['scale']:g}, {want['good']}), with every = {was['every']}: {hint}"
    )


def spoiled(w, bad, place=-1):
    """w, whose gradient becomes `bad` in one place, while the loss stays finite."""
    here = torch.zeros_like(w, dtype=torch.bool)
    here.view(-1)[place] = True
    h = 1.0 * w
    h.register_hook(lambda g: torch.where(here, bad, g))
    return h


def skipped(scaled_step, loss_of, parameters, optimizer, scaler, where, why):
    """A call in which some gradient is not finite."""
    was = dict(scaler)
    said, made = one_step(scaled_step, loss_of, parameters, optimizer, scaler, where)
    assert not made, f"{where} your function calls optimizer.step() all the same. {why}"
    assert not said, f"{where} no update is made, which is right, and your function says True."
    counted(scaler, after(was, False), was, False, where)


WHOLE = "Even a step with gradients of 0 moves what has momentum."
ALL = "Look at the gradients of all parameters."
NAN = "NaN is not finite either, nor is −inf: isfinite sees all three."


def settled(scaled_step, loss_of, parameters, optimizer, scaler, where):
    """A call in which all gradients are finite."""
    was = dict(scaler)
    said, made = one_step(scaled_step, loss_of, parameters, optimizer, scaler, where)
    assert made, f"{where} all gradients are finite, and no update was made."
    assert said, f"{where} the update was made, and your function says False."
    counted(scaler, after(was, True), was, True, where)


def half(w, size):
    """A loss whose gradient, `size` at each weight, goes back through float16."""
    return (w.half().double() * size).sum()


@question(points=5)
def scaled_step(scaled_step):
    # By hand: w = 3 and the loss w², so a gradient of 6; an old gradient, 7, lies about.
    w, other = nn.Parameter(torch.tensor([3.0])), nn.Parameter(torch.tensor([5.0]))
    w.grad, other.grad = torch.tensor([7.0]), torch.tensor([7.0])
    optimizer, scaler = torch.optim.SGD([w, other], lr=0.1), {"scale": 8.0, "good": 0, "every": 9}
    where = "For w = 3, the loss w² and scale = 8,"
    settled(scaled_step, lambda: w.square().sum(), [other, w], optimizer, scaler, where)
    assert w.grad is not None, (
        f"{where} .grad is None after the update. Let the unscaled gradient stay there."
    )
    slips = {
        48.0: "it is still multiplied by scale.",
        0.75: "it was divided by scale twice, or the loss was not multiplied by it.",
        384.0: "it was multiplied by scale once more. Divide.",
        55.0: "7, an old gradient, was not cleared, and nothing was divided by scale.",
        6.875: "7, an old gradient, was not cleared: backward() adds to what is there.",
        13.0: "7, an old gradient, was not cleared: backward() adds to what is there.",
    }
    expect(f"{where} the gradient afterwards", w.grad, 6.0, slips)
    slips = {
        3 - 4.8: "that is a step with the gradient still multiplied by scale. Divide before the update.",
        3 - 0.075: "that is a step with a gradient that was divided twice.",
    }
    expect(f"{where} after SGD's update with lr = 0.1, w", w, 2.4, slips)
    assert other.grad is None and other.item() == 5.0, (
        "A parameter that the loss does not use had an old gradient, 7. "
        + ("Then it moved." if other.item() != 5.0 else f"Its .grad is {other.grad.tolist()} afterwards.")
        + " Clear all gradients first, to None: even a 0 is one, with which momentum would go on."
    )

    # Every third update in a row doubles the scale.
    scaler = {"scale": 8.0, "good": 0, "every": 3}
    for k in range(1, 8):
        settled(
            scaled_step, lambda: w.square().sum(), [w, other], optimizer, scaler, f"At update {k} in a row,"
        )
    scaler = {"scale": 1.0, "good": 0, "every": 1}
    settled(scaled_step, lambda: w.square().sum(), [w], optimizer, scaler, "With every = 1,")

    # One entry of one gradient is not finite.
    for bad in (math.inf, math.nan, -math.inf):
        for sick, name in enumerate(("first", "last")):
            weights = [nn.Parameter(random(3, seed=k)) for k in (1, 2)]
            optimizer = torch.optim.SGD(weights, lr=0.1, momentum=0.9)
            if bad is math.nan:
                optimizer = torch.optim.Adam(weights, lr=0.1)
            scaler = {"scale": 1.0, "good": 0, "every": 5}
            fine = lambda weights=weights: sum(w.square().sum() for w in weights)  # noqa: E731
            for k in (1, 2):
                settled(scaled_step, fine, weights, optimizer, scaler, f"At update {k} of two weights,")

            def sickly(weights=weights, sick=sick, bad=bad):
                return sum(
                    (spoiled(w, bad) if k == sick else w).square().sum() for k, w in enumerate(weights)
                )

            where = f"With one {bad} in the gradient of the {name} of two weights,"
            why = NAN if bad is not math.inf else ALL
            skipped(scaled_step, sickly, weights, optimizer, scaler, where, f"{why} {WHOLE}")
            settled(scaled_step, fine, weights, optimizer, scaler, "At the update after a skipped one,")

    # Through float16: what is too small without a scale, and what is too large with one.
    w = nn.Parameter(torch.tensor([1.0, 2.0]))
    optimizer, scaler = torch.optim.SGD([w], lr=1e6), {"scale": 65536.0, "good": 0, "every": 9}
    where = "For a gradient of 1e-9 that goes back through float16, with scale = 65536,"
    settled(scaled_step, lambda: half(w, 1e-9), [w], optimizer, scaler, where)
    want = torch.tensor(1e-9 * 65536).half().double().item() / 65536 * 1e9
    lost = "it is lost on its way, as without a scale: multiply the loss, before backward()."
    expect(f"{where} 10⁹ times the gradient", w.grad[0].item() * 1e9, want, {0.0: lost}, otherwise=OTHERWISE)
    w = nn.Parameter(torch.tensor([1.0, 2.0]))
    optimizer, scaler = torch.optim.SGD([w], lr=0.01), {"scale": 65536.0, "good": 0, "every": 9}
    for _ in range(4):
        where = f"For a gradient of 10 that goes back through float16, with scale = {scaler['scale']:g},"
        skipped(
            scaled_step,
            lambda: half(w, 10.0),
            [w],
            optimizer,
            scaler,
            where,
            "Is the loss multiplied by scale?",
        )
    where = "For a gradient of 10 that goes back through float16, with scale = 4096,"
    settled(scaled_step, lambda: half(w, 10.0), [w], optimizer, scaler, where)
    expect(f"{where} the gradient", w.grad[0], 10.0)
