"""The tests of assignment 2.4: bends that nothing breaks, the dead, and the way back."""

import contextlib
import math

import torch
import torch.nn.functional as F
from torch import nn

from course_lib.checks import question, tools
from course_lib.checks.tools import close, expect

# --- what the tests share ----------------------------------------------------------------------------------


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if "Boolean value" in said:
        return (
            "An if asks for one yes or no, and gets one for each entry. torch.where, .clamp or a mask choose "
            f"entry by entry. ({said})"
        )
    if "must be Tensor, not" in said or "must be real number" in said:
        return (
            f"The functions of math and of torch do not take each other's numbers: torch.exp wants a tensor, "
            f"math.exp a float. ({said})"
        )
    if isinstance(error, OverflowError):
        return f"A number became too large for a float ({said}). No exponential of a positive number!"
    if "only tensors with one element" in said or "converted to Scalar" in said:
        return f"z is a whole tensor: compute with all entries at once, without float() or .item(). ({said})"
    if "cannot be multiplied" in said or "must match" in said:
        return (
            f"Two shapes do not fit ({said}). Print them: the last axis of what comes in, and each of yours."
        )
    if "stack expects" in said:
        return f"The last batch may be smaller: torch.cat joins what torch.stack cannot. ({said})"
    if "list index out of range" in said or "values to unpack" in said:
        return f"The list has another length than your code takes for granted: any, and 1 is one. ({said})"
    if "requires grad" in said or "does not require grad" in said:
        return f"The tensors of this question remember no graph: work out the slope by hand. ({said})"
    if "in-place" in said or "inplace" in said:
        return f"Something was changed in place. Make new tensors, without += and the like. ({said})"
    return None


def call(function, *inputs, **settings):
    return tools.call(hint_for, function, *inputs, **settings)


def something(answer):
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    return answer


def shaped(name, answer, z):
    """An answer, after a look at its form: a tensor with the shape and the type of z."""
    answer = something(answer)
    assert isinstance(answer, torch.Tensor), f"{name} must return a tensor, not {type(answer).__name__}."
    assert answer.shape == z.shape, (
        f"For z of shape {tuple(z.shape)}, {name} returns the shape {tuple(answer.shape)}. "
        "Work entry by entry: the shape stays."
    )
    assert answer.dtype == z.dtype, (
        f"For z of type {str(z.dtype)[6:]}, {name} returns {str(answer.dtype)[6:]}. Take the type of z: "
        "torch.zeros_like(z), torch.full_like(z, …), or .to(z.dtype)."
    )
    return answer


# --- 1 -----------------------------------------------------------------------------------------------------

OWN = "Write the formula yourself: torch.exp, torch.log1p, abs and clamp are enough."


FORBIDDEN = f"torch has {{}}, but here it is forbidden. {OWN}"
#: What torch has ready, and where.
READY = {
    "a sigmoid": (
        (torch, ("sigmoid", "sigmoid_")),
        (torch.Tensor, ("sigmoid", "sigmoid_")),
        (torch.special, ("expit",)),
        (F, ("sigmoid", "silu", "glu")),
        (torch._C._nn, ("silu", "glu")),
    ),
    "a softplus": ((F, ("softplus", "logsigmoid")), (torch._C._nn, ("softplus", "log_sigmoid"))),
    "an ELU": (
        (F, ("elu", "elu_", "celu", "selu")),
        (torch, ("celu", "celu_", "selu", "selu_")),
        (torch._C._nn, ("elu", "elu_")),
    ),
}


def forbidden(*answers):
    """See that no answer is one of torch's own functions, or has one under another name."""
    for answer in answers:
        for what, ready in READY.items():
            assert tools.borrowed(answer, *ready) is None, FORBIDDEN.format(what)


def bend(f, z):
    """What an answer makes of z, without torch's own."""
    with contextlib.ExitStack() as refused:
        for what, ready in READY.items():
            refused.enter_context(tools.locked(*ready, because=FORBIDDEN.format(what)))
        return call(f, z)


def values_and_slopes(name, f, numbers, dtype=torch.float64):
    """What f makes of some numbers, and its slopes by autograd."""
    z = torch.tensor(numbers, dtype=dtype)
    plain = shaped(name, bend(f, z), z)
    leaf = z.clone().requires_grad_()
    a = shaped(name, bend(f, leaf), leaf)
    assert a.requires_grad, (
        f"Autograd cannot go through your {name}: no .item(), .detach(), no_grad() or new torch.tensor(…) on "
        "the way."
    )
    (slopes,) = torch.autograd.grad(a.sum(), leaf)
    return plain, slopes


def wanted(name, z):
    """Value and slope of a bend at one number, by Python's own floats."""
    e = math.exp(-abs(z))
    share = 1 / (1 + e) if z > 0 else e / (1 + e)
    if name == "sigmoid":
        return share, e / (1 + e) ** 2
    if name == "softplus":
        return max(z, 0) + math.log1p(e), share
    return (z, 1.0) if z > 0 else (math.expm1(z), e)


SLIPS = {
    ("sigmoid", 2.0): {
        wanted("sigmoid", -2.0)[0]: "that is σ(−2): the sign of the exponent is turned round.",
        math.exp(2.0) / (1 + math.exp(-2.0)): "the numerator is e to the smaller of z and 0.",
    },
    ("sigmoid", -2.0): {
        1 / (1 + math.exp(-2.0)): "that is σ(2). For a negative z, e to the −|z| also stands on top.",
    },
    ("softplus", 2.0): {
        wanted("softplus", -2.0)[0]: "that is softplus(−2). Add z where z is above 0.",
        4.126928: "that is 2 + softplus(2): z is counted twice. Take e to the −|z| in the logarithm.",
    },
    ("softplus", -2.0): {
        -2 + wanted("softplus", -2.0)[0]: "z is added below zero, too. Add the larger of z and 0.",
        2.126928: "that is softplus(2). Add the larger of z and 0, not |z|.",
    },
    ("elu", 2.0): {
        3.0: "the 1 was not taken away.",
        1.0: "above zero it is z itself, 2, and e⁰ − 1 = 0 adds nothing.",
        2 - 1 + math.exp(2): "both pieces were added without cutting the exponent at 0.",
        math.exp(2) - 1: "above zero it is z itself, 2.",
        0.0: "the piece above zero is missing.",
    },
    ("elu", -2.0): {
        math.exp(-2): "the 1 was not taken away: e to the z, less 1.",
        -2.0: "below zero it is e to the z, less 1.",
        -3 + math.exp(-2): "z is added below zero, too.",
        0.0: "below zero it is e to the z, less 1, and not 0.",
    },
}
OVERFLOW = (
    "No exponential of a positive number may be computed, not even in a branch that is thrown away: "
    "torch.where computes both, and on the way back 0 · ∞ is NaN. Cut z off before exp: z.clamp(max=0), or "
    "−z.abs()."
)


@question(points=5)
def safe(sigmoid, softplus, elu):
    forbidden(sigmoid, softplus, elu)
    bends = {"sigmoid": sigmoid, "softplus": softplus, "elu": elu}
    for name, f in bends.items():
        for z in (2.0, -2.0):
            plain, slopes = values_and_slopes(name, f, [z])
            value, slope = wanted(name, z)
            expect(f"{name} at {z:g}", plain[0], value, SLIPS[name, z], digits=5)
            expect(
                f"The slope of {name} at {z:g}, by autograd,",
                slopes[0],
                slope,
                otherwise="the value is right and the slope is not: is a part cut off from autograd?",
            )
    for name, f in bends.items():
        # From 89 on, exp overflows in float32, and from 710 on in float64.
        for z, dtype in (
            (1e3, torch.float64),
            (-1e3, torch.float64),
            (1e2, torch.float32),
            (-1e2, torch.float32),
        ):
            plain, slopes = values_and_slopes(name, f, [z], dtype)
            value, slope = torch.tensor(wanted(name, z), dtype=dtype).tolist()
            at = f"{z:g}" if dtype == torch.float64 else f"{z:g}, in float32,"
            assert plain.isfinite().all(), f"{name} at {at} is {plain.item():g}, not {value:g}. {OVERFLOW}"
            expect(f"{name} at {at}", plain[0], value)
            assert slopes.isfinite().all(), (
                f"{name} at {at} is right, {value:g}, but its slope by autograd is {slopes.item():g}, "
                f"not {slope:g}. {OVERFLOW}"
            )
            expect(
                f"The slope of {name} at {at} by autograd,",
                slopes[0],
                slope,
                otherwise="is a piece cut off too early?",
            )
    small(softplus)
    for name, f in bends.items():
        z = torch.zeros(1)
        expect(f"{name} at 0", shaped(name, bend(f, z), z)[0], wanted(name, 0.0)[0])
        for numbers in ([[0.5, -0.5], [3.0, -3.0]], 0.25):
            z = torch.tensor(numbers, dtype=torch.float32)
            shaped(name, bend(f, z), z)


def small(softplus, z=-40.0):
    plain, _ = values_and_slopes("softplus", softplus, [z])
    value, _ = wanted("softplus", z)
    assert close(plain[0] / value, 1.0), (
        f"softplus at {z:g} is {plain[0]:.3g}, not {value:.3g}: 1 + e rounds a small e away. "
        "torch.log1p(e) is log(1 + e) without that rounding."
    )


# --- 2 -----------------------------------------------------------------------------------------------------

ON_PAPER = "Work the slope out by hand, entry by entry."
STAY_OUT = f"Here autograd and torch's ready functions stay out. {ON_PAPER}"
OUT = (
    (torch.Tensor, ("prelu",)),
    (torch, ("prelu", "rrelu", "rrelu_")),
    (F, ("gelu", "leaky_relu", "leaky_relu_", "prelu", "rrelu", "rrelu_")),
    (torch._C._nn, ("gelu", "leaky_relu", "leaky_relu_")),
    *tools.AUTOGRAD,
)


def both(name, function, z, *more):
    """Activations and slopes of an answer, after a look at their form."""
    with tools.locked(*OUT, because=STAY_OUT):
        answer = something(call(function, z, *more))
    a, slopes = tools.parts_of(answer, 2, "the activations, the slopes")
    return shaped(name, a, z), shaped(f"{name}, for the slopes,", slopes, z)


def not_by_torch(*answers):
    for answer in answers:
        assert tools.borrowed(answer, *OUT) is None, STAY_OUT


def gelu_by_hand(z):
    """GELU with tanh at one number, and its slope by the complex step."""
    import cmath

    def f(z):
        return z / 2 * (1 + cmath.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))

    return f(z).real, f(complex(z, 1e-100)).imag / 1e-100


def gelu_slips(z):
    """What slips of the pen give for the slope at z."""
    c, k = math.sqrt(2 / math.pi), 0.044715
    t = math.tanh(c * (z + k * z**3))
    rise = c * (1 + 3 * k * z**2)
    return {
        (1 + t) / 2: "the second half of the product rule is missing: z/2 times the slope of t.",
        (1 + t) / 2 + z / 2 * (1 - t**2): "the chain rule is missing: times du/dz.",
        (1 + t) / 2 + z / 2 * (1 - t**2) * c: "du/dz = c·(1 + 3·0.044715·z²): the second part is missing.",
        (1 + t) / 2 + z / 2 * (1 - t**2) * c * (1 + k * z**2): "the slope of z³ is 3z².",
        (1 + t) / 2 + z / 2 * (1 - t**2) * (1 + 3 * k * z**2): "the c is missing in du/dz.",
        (1 + t) / 2 + z / 2 * (1 - t) * rise: "the slope of tanh is 1 − t², with a square.",
        (1 + t) / 2 + z * (1 - t**2) * rise: "the factor ½ is missing in the second part.",
        1 + t + z / 2 * (1 - t**2) * rise: "the factor ½ is missing in the first part.",
        z / 2 * (1 - t**2) * rise: "the first half of the product rule is missing: (1 + t)/2.",
    }


ALMOST = (
    "almost. Is a constant rounded, or is it a difference quotient? Take the formula, worked out on paper."
)


@question(points=5)
def slopes(leaky_relu, gelu):
    not_by_torch(leaky_relu, gelu)
    z = torch.tensor([3.0, -2.0, 0.0])
    a, steep = both("leaky_relu", leaky_relu, z, 0.1)
    expect(
        "leaky_relu(3, 0.1)", a[0], 3.0, {0.3: "above zero it is z itself: is the comparison turned round?"}
    )
    expect(
        "leaky_relu(−2, 0.1)",
        a[1],
        -0.2,
        {
            0.0: "that is a plain ReLU. Below zero it is negative · z.",
            -0.02: "that is with 0.01. Use the negative that was given.",
            0.2: "the sign is lost: negative · z is below zero.",
            0.1: "that is the slope. The activation is negative · z.",
        },
    )
    expect("leaky_relu(0, 0.1)", a[2], 0.0)
    expect("The slope of leaky_relu at 3", steep[0], 1.0, {3.0: "that is z, not the slope."})
    expect(
        "The slope of leaky_relu at −2, with negative = 0.1,",
        steep[1],
        0.1,
        {
            0.0: "that is a plain ReLU's.",
            0.01: "use the negative that was given.",
            -0.1: "the slope is negative, 0.1: it does not change its sign with z.",
            -0.2: "that is the activation, negative · z. Its slope is negative.",
        },
    )
    expect(
        "The slope of leaky_relu at 0, with negative = 0.1,",
        steep[2],
        0.1,
        {
            1.0: "at the kink take the slope from the left: 1 only where z > 0.",
            0.0: "at the kink take the slope from the left.",
            0.55: "at the kink take the slope from the left, not the middle.",
        },
    )
    a, steep = both("leaky_relu", leaky_relu, z)
    expect("leaky_relu(−2), without negative,", a[1], -0.02, otherwise="keep the default, 0.01.")
    a, _ = both("leaky_relu", leaky_relu, z, 2.0)
    larger = "the larger of z and negative · z is that only while negative is below 1. Look at z > 0."
    expect("leaky_relu(3, 2)", a[0], 3.0, {6.0: larger})
    expect("leaky_relu(−2, 2)", a[1], -4.0, {-2.0: larger})
    a, steep = both("leaky_relu", leaky_relu, z, -0.5)
    expect("leaky_relu(−2, −0.5)", a[1], 1.0)
    turned = "the sign of the activation is not that of z where negative is below 0. Look at z > 0."
    expect("The slope of leaky_relu at −2, with negative = −0.5,", steep[1], -0.5, {1.0: turned})

    a, steep = both("gelu", gelu, torch.tensor([1.0, -1.0, 0.0, 2.0]))
    for k, at in enumerate((1.0, -1.0, 0.0, 2.0)):
        value, slope = gelu_by_hand(at)
        slips = {
            at
            * (1 + math.erf(at / math.sqrt(2)))
            / 2: "that is the exact GELU, with Φ. Here: the form with tanh.",
            at / (1 + math.exp(-1.702 * at)): "that is z·σ(1.702 z). Here: the form with tanh.",
            2 * value: "the ½ is missing.",
        }
        near = abs(a[k] - value) < 1e-3
        term = (
            "take c = √(2/π) and 0.044715 as they are, not rounded, and all in the type of z."
            if near
            else ("compare with the formula, term by term.")
        )
        assert close(a[k], value), tools.explain(
            f"gelu at {at:g}", a[k], value, slips, tolerance=1e-6, digits=6, otherwise=term
        )
        slips = {slope: ALMOST} if close(steep[k], slope, 1e-5) else gelu_slips(at)
        expect(f"The slope of gelu at {at:g}", steep[k], slope, slips, digits=6)
    for numbers in ([[0.5, -0.5], [3.0, -3.0]], 0.25):
        z = torch.tensor(numbers, dtype=torch.float32)
        both("leaky_relu", leaky_relu, z)
        both("gelu", gelu, z)
    for at in (1000.0, -1000.0):
        a, steep = both("gelu", gelu, torch.tensor([at]))
        assert a.isfinite().all() and steep.isfinite().all(), (
            f"gelu at {at:g} is {a.item():g}, with slope {steep.item():g}. Leave tanh to torch.tanh, which "
            "is safe."
        )
        expect(f"gelu at {at:g}", a[0], max(at, 0.0))
        expect(f"The slope of gelu at {at:g}", steep[0], float(at > 0), {float(at > 0): ALMOST})


# --- 3 -----------------------------------------------------------------------------------------------------


class Fires(nn.Module):
    """A layer without weights that hands its input on: what goes in is what the next layer sees."""

    def forward(self, x):
        return x


def census(dead_units, model, batches):
    """What an answer counts, after a look at its form."""
    before = [p.detach().clone() for p in model.parameters()]
    mode = model.training
    found = something(call(dead_units, model, batches))
    hooked = any(layer._forward_hooks or layer._forward_pre_hooks for layer in model.modules())
    assert not hooked, "A hook of yours stays on the model: take it off at the end, with its .remove()."
    unchanged = all(torch.equal(p, q) for p, q in zip(model.parameters(), before, strict=True))
    assert unchanged and model.training == mode, "Your census changes the model. Leave it as it is."
    assert isinstance(found, list), f"Return a list of ints, one for each nn.ReLU, not {found!r}."
    assert not any(isinstance(n, torch.Tensor) and n.numel() == 1 for n in found), (
        f"Return a list of ints, not of tensors: {found!r}. A tensor's .item() is a Python number."
    )
    assert all(type(n) is int for n in found), (
        f"Return a list of ints, one for each nn.ReLU, not {found!r}: count the units, over all batches "
        "together."
    )
    return found


def pairs(*rows_of_batches):
    """Batches from lists of rows, with answers that nobody needs."""
    made = [torch.tensor(rows) for rows in rows_of_batches]
    return [(x, torch.zeros(len(x))) for x in made]


@question(points=5)
def dead_units(dead_units):
    model = nn.Sequential(Fires(), nn.ReLU())
    # Four units: one always fires, one in the first batch, one in the last, one never.
    first, second = [[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, -1.0, -2.0]], [[2.0, -1.0, 3.0, -1.0]]
    found = census(dead_units, model, pairs(first, second))
    assert len(found) == 1, (
        f"The model has one nn.ReLU, and you return {len(found)} counts: one for each nn.ReLU."
    )
    expect(
        "Of four units, one fires always, one in the first batch only, one in the last only, one never. Your "
        "count",
        found[0],
        1,
        {
            2: "one of them is silent in one batch, and fires in the other: it lives. Look at all batches "
            "together.",
            3: "a unit that is silent for some example is not dead: it must be silent for all.",
            4: "you add up the silent of each batch. A unit is dead if it is silent in all.",
            0: "the last unit never fires. Count the units (columns), not the examples.",
        },
    )
    found = census(dead_units, model, pairs([[1.0, -1.0], [-1.0, -1.0], [-1.0, -1.0]]))
    expect(
        "With one batch of three examples, in which one of two units fires once, your count",
        found[0],
        1,
        {
            2: "a unit lives if it fires for one example.",
            0: "a unit that never fires is dead. Count columns, not rows.",
        },
        otherwise="count the units, the columns, that are 0 for every row.",
    )
    found = census(dead_units, model, pairs([[-1.0, 0.0, 1e-30]]))
    expect(
        "With one example and the inputs −1, 0 and 1e-30, your count",
        found[0],
        2,
        {
            1: "a unit whose input is exactly 0 shows 0: it counts as silent.",
            3: "1e-30 is small, but not 0: that unit fires.",
        },
    )
    many = [[-1.0, -1.0]] * 499 + [[1.0, -1.0]]
    found = census(dead_units, model, pairs(many[:300], many[300:]))
    expect(
        "Of two units, one fires for the last of 500 examples, one never. Your count",
        found[0],
        1,
        {2: "once in 500 is enough to live. Is there a threshold, or are some examples left out?"},
    )
    # What fires with opposite signs may cancel in a sum of what goes in, not of what comes out.
    found = census(dead_units, model, pairs([[5.0, 1.0], [-5.0, 1.0]], [[-5.0, 1.0]]))
    expect("A unit that fires once strongly, and is far below zero twice, lives. Your count", found[0], 0)
    # A generator, which can be gone through once; and layers that do not count.
    deep = nn.Sequential(
        nn.Linear(2, 2), nn.LeakyReLU(), nn.Tanh(), nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2), nn.ReLU()
    )
    with torch.no_grad():
        for p in deep.parameters():
            p.zero_()
        deep[3].bias.copy_(torch.tensor([1.0, -1.0, 1.0]))
        deep[5].bias.copy_(torch.tensor([-1.0, -1.0]))
    data = pairs([[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]])
    for how, batches in (("as a list", data), ("from a generator", iter(data))):
        found = census(dead_units, deep, batches)
        assert found == [1, 2], (
            "With a leaky ReLU, a tanh and two ReLUs, of which one unit of three and both of two are dead, "
            f"and the batches {how}, you return {found}, not [1, 2]. One count for each nn.ReLU, in order, "
            "none for another layer; and go through the batches once."
        )


# --- 4 -----------------------------------------------------------------------------------------------------


def back(way_back, weights, loads, slope, da):
    """The sizes of an answer, after a look at their form."""

    def hint(error):
        more = " On the way back the last layer comes first, and dz @ W.T is (B, out) @ (out, in)."
        said = hint_for(error)
        return said + more if said and said.startswith("Two shapes") else said

    sizes = something(tools.call(hint, way_back, weights, loads, slope, da))
    assert isinstance(sizes, (list, tuple)), f"Return a list of floats, not {type(sizes).__name__}."
    assert len(sizes) == len(loads), f"For {len(loads)} layers you return {len(sizes)} sizes."
    numbers = [tools.number(size, "Each size") for size in sizes]
    assert not any(isinstance(size, torch.Tensor) for size in sizes), (
        "Return a list of floats, not of tensors: a tensor's .item() is a Python number."
    )
    return numbers


def sloping(z):
    """A slope that a pencil can follow: 0.5 where z is above 0, else 2."""
    return torch.where(z > 0, 0.5, 2.0)


@question(points=4)
def way_back(way_back):
    # One layer, one example, two units: dz = (3, 8) · (0.5, 0.5) = (1.5, 4).
    sizes = back(way_back, [torch.eye(2)], [torch.ones(1, 2)], sloping, torch.tensor([[3.0, 8.0]]))
    rms = math.sqrt((1.5**2 + 4**2) / 2)
    expect(
        "For one layer, da = (3, 8) and slopes ½, dz is (1.5, 4), and your size",
        sizes[0],
        rms,
        {
            2.75: "that is the mean. A size is the root of the mean of the squares.",
            rms**2: "the root is missing.",
            math.sqrt(
                1.5**2 + 4**2
            ): "that is the length, the root of the sum. Take the mean of the squares.",
            2 * rms: "the slope is missing: times f′(z), entry by entry.",
            math.sqrt(73 / 2): "the slope is missing: times f′(z), entry by entry.",
            1.25: "that is the standard deviation: no mean is taken away.",
            1.7677669529663689: "that is the standard deviation: no mean is taken away.",
        },
    )
    # Two layers of different width. dz2 = (4)·0.5 = 2; da1 = 2·(1, 3) = (2, 6); dz1 = (2·2, 6·0.5) = (4, 3).
    weights = [torch.tensor([[1.0, 0.0], [5.0, 1.0], [2.0, 2.0]]), torch.tensor([[1.0], [3.0]])]
    loads = [torch.tensor([[-1.0, 1.0]]), torch.tensor([[1.0]])]
    sizes = back(way_back, weights, loads, sloping, torch.tensor([[4.0]]))
    first = math.sqrt(25 / 2)
    turned = "Layer 1 comes first in the list: turn it round at the end."
    expect("The last of two sizes", sizes[1], 2.0, {first: turned})
    expect(
        "The first of two sizes, with dz = (4, 3) there,",
        sizes[0],
        first,
        {
            2.0: turned,
            math.sqrt(20): "the slope of the first layer is missing.",
            math.sqrt(
                (1 + 9) / 2
            ): "the slope of the first layer, at its own z, is missing or stands in the wrong place.",
        },
        otherwise="on the way from layer 2 to layer 1: dz @ W.T, then times the slope at z₁.",
    )
    # More examples: the size is a mean over all entries.
    sizes = back(
        way_back, [torch.eye(1)], [torch.ones(4, 1)], sloping, torch.tensor([[2.0], [0.0], [0.0], [0.0]])
    )
    expect(
        "For four examples, dz = (1, 0, 0, 0) and your size",
        sizes[0],
        0.5,
        {
            1.0: "the mean goes over all entries, examples too.",
            0.25: "take the root of the mean of all squares, not a mean of absolute values or of rows.",
        },
    )


# --- 5 -----------------------------------------------------------------------------------------------------


def predicted(predict, kind, z):
    """The predictions of an answer, after a look at their form."""
    return shaped(f"predict for {kind!r}", call(predict, kind, z), z)


@question(points=3)
def predict(predict):
    z = torch.tensor([[-2.0, 0.0, 1.0], [3.0, 1.0, 1.0]])
    got = predicted(predict, "number", z)
    tools.same(
        "predict('number', z)",
        got,
        z,
        [(z.clamp(min=0), "a ReLU forbids every negative answer. Return z as it is.")],
        otherwise="return z as it is.",
    )
    got = predicted(predict, "positive", z)
    assert (got > 0).all(), (
        f"A prediction of {got.min():g} is not above 0. A ReLU gives zeros; softplus is above 0 everywhere."
    )
    tools.same(
        "predict('positive', z)",
        got,
        torch.log1p(torch.exp(z)),
        [(torch.exp(z), "that is e to the z. It is above 0, too, but softplus was asked for.")],
        otherwise="softplus was asked for.",
    )
    got = predicted(predict, "share", z)
    softmax = torch.exp(z) / torch.exp(z).sum(dim=1, keepdim=True)
    columns = torch.exp(z) / torch.exp(z).sum(dim=0, keepdim=True)
    sigmoid = 1 / (1 + torch.exp(-z))
    tools.same(
        "predict('share', z)",
        got,
        sigmoid,
        [
            (
                softmax,
                "that is a softmax, which makes the three answers compete. They are independent: sigmoid.",
            ),
            ((torch.tanh(z) + 1) / 2, "tanh squeezes twice as hard: σ(z) = (1 + tanh(z/2))/2."),
            (torch.tanh(z), "that lies between −1 and 1. A probability: sigmoid."),
        ],
        otherwise="the sigmoid of each entry was asked for.",
    )
    got = predicted(predict, "classes", z)
    tools.same(
        "predict('classes', z)",
        got,
        softmax,
        [
            (
                sigmoid,
                "that is a sigmoid of each entry: the rows do not sum to 1. One of C classes: softmax.",
            ),
            (columns, "the columns sum to 1. A row is an example: softmax along dim=1."),
            (torch.log(softmax), "that is the logarithm of the probabilities."),
            (torch.exp(z) / torch.exp(z).sum(), "all entries together sum to 1. Each row by itself: dim=1."),
            (sigmoid / sigmoid.sum(dim=1, keepdim=True), "a softmax divides exponentials, not sigmoids."),
        ],
        otherwise="the softmax of each row was asked for.",
    )
    got = predicted(predict, "positive", torch.tensor([[-40.0]]))
    assert got > 0, (
        "predict('positive', z) is 0 at z = −40: 1 + e rounds a small e away. F.softplus does not."
    )
    far = torch.tensor([[1000.0, 0.0, -1000.0]])
    for kind in ("positive", "share", "classes"):
        got = predicted(predict, kind, far)
        assert got.isfinite().all(), (
            f"For z = (1000, 0, −1000), predict({kind!r}, z) has {got.flatten().tolist()}. Use torch's own "
            "functions: they are safe."
        )
