"""The tests of assignment 1.5: measure, accuse, differentiate."""

import functools
import inspect
import math

import torch

from course_lib.checks import question, tools
from course_lib.checks.tools import close

BY_HAND = 2  # points for the question that a person marks

# --- what the tests share ----------------------------------------------------------------------------------

expect = functools.partial(tools.expect, digits=6)


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if isinstance(error, ZeroDivisionError):
        return (
            f"You divide by zero ({said}). A weight may be 0, and so may a slope: "
            "does the max(…) hold its last entry?"
        )
    if isinstance(error, OverflowError):
        return (
            f"A number became too large ({said}). math.exp(1000) is more than a float can hold; so is "
            "math.exp(-2 * v) for a large negative number v. math.tanh is safe."
        )
    if "Boolean value" in said:
        return (
            "An if asks for one yes or no, and gets one for each weight. Go through them one by one. "
            f"({said})"
        )
    if "0-dim tensor" in said:
        return f"f takes the tensor of all weights, not one of them by itself. ({said})"
    if "'Value'" in said and "unsupported" in said:
        return (
            f"Python cannot do that with a Value ({said}). Compute with its number, value.data, "
            "and wrap the result."
        )
    if "real number" in said:
        return f"The functions of math want a number: value.data, not the Value itself. ({said})"
    return None


def call(function, *inputs, **settings):
    return tools.call(
        hint_for,
        function,
        *inputs,
        advice="To add h and take it away again does not bring back the same number, because of rounding. "
        "Nudge a copy: w.clone().",
        **settings,
    )


def something(answer):
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    return answer


def random(n, seed):
    """Normal random numbers, for each seed the same in every run."""
    return torch.randn(n, generator=torch.Generator().manual_seed(seed))


# --- 1 -----------------------------------------------------------------------------------------------------


def measured(measure, f, w, *h):
    """The slopes of an answer, after a look at their form, and the points at which f was evaluated.

    Of each point: its distances from the weights, and whether it was the tensor w itself.
    """
    start, points = w.clone(), []

    def watched(point):
        assert isinstance(point, torch.Tensor) and point.shape == start.shape, (
            f"f takes the tensor of all weights, of shape {tuple(start.shape)}; you call it with {point!r}."
        )
        points.append((point.detach() - start, point.data_ptr() == w.data_ptr()))
        return f(point)

    slopes = something(call(measure, watched, w, *h))
    assert isinstance(slopes, torch.Tensor), (
        f"Return a tensor, not {type(slopes).__name__}: fill torch.zeros_like(w)."
    )
    assert slopes.shape == w.shape, f"Your slopes have shape {tuple(slopes.shape)}, not {tuple(w.shape)}."
    tools.precise("Your tensor of slopes", slopes, w)
    return slopes, points


def cube(w):
    return w[0] ** 3


@question(points=5)
def measure(measure):
    # f = w³ at 1, h = 0.1, by hand: (1.331 − 0.729) / 0.2 = 3.01.
    slopes, points = measured(measure, cube, torch.tensor([1.0]), 0.1)
    one_side = "you nudge to one side only, but divide by 2h. Nudge to both."
    if any(itself and nudge.any() for nudge, itself in points):
        one_side = (
            "your two points are not w + h and w − h. Is one of them a second name for w, and no copy? "
            "right = w and old = w[i] make no copies: they change when w changes. w.clone() copies the "
            "tensor, w[i].item() the number."
        )
    expect(
        "With f = w³ at 1 and h = 0.1, your slope",
        slopes[0],
        3.01,
        {
            3.31: "that is the forward difference. Nudge to both sides: f(w + h) − f(w − h).",
            2.71: "that is a difference to the left. Nudge to both sides: f(w + h) − f(w − h).",
            6.02: "the points w + h and w − h are 2h apart. Divide by 2h.",
            1.655: one_side,
            1.355: one_side,
            0.0301: "you multiply by h at the end. Divide by 2h.",
            0.602: "that is the rise. For the slope, divide it by 2h.",
            -3.01: "the sign is turned round: f(w + h) − f(w − h).",
            3.0: "that is the exact slope, from a formula or from autograd, or was measured with an h of "
            "your own. Measure it, with the h that was given.",
            3.04: "the nudge was 0.2. It is h·max(1, |w|), the larger of the two: do not add them.",
            0: "nothing was measured. Does your loop reach the last weight? Or are both points two names "
            "of one tensor? Take w.clone().",
        },
    )

    # f = a³·b³ at (1, 1): the slopes are 3.01 each.
    slopes, points = measured(measure, lambda w: w[0] ** 3 * w[1] ** 3, torch.ones(2), 0.1)
    together = (1.1**6 - 0.9**6) / 0.2
    expect(
        "With f = a³b³ at (1, 1), the first slope",
        slopes[0],
        3.01,
        {together: "all weights are nudged at once. Nudge one, and leave the others where they are."},
    )
    still = "the first weight is still nudged while you measure the second. Start from w each time."
    expect(
        "With f = a³b³ at (1, 1), the second slope",
        slopes[1],
        3.01,
        {
            together: still,
            1.1**3 * 3.01: still,
            0.9**3 * 3.01: still,
            0: "only the first slope was measured. Does return stand inside of the loop?",
        },
    )
    assert len(points) == 4, f"For two weights you evaluate f {len(points)} times, not 2·2 = 4."

    # The nudge fits the weight: at w = 10, h = 0.1 it is 1, and the slope 3·10² + 1² = 301.
    for weight in (10.0, -10.0):
        slopes, _ = measured(measure, cube, torch.tensor([weight]), 0.1)
        expect(
            f"With f = w³ and h = 0.1, at w = {weight:g} your slope",
            slopes[0],
            301,
            {
                300.01: "the nudge was 0.1. It must be h·max(1, |w|) = 1, with the absolute value of w.",
                3010.0: "you nudge by h·|w|, but divide by 2h. Divide by twice the nudge that you made.",
                30.001: "you divide by a nudge in proportion to w, but nudge by h alone.",
            },
        )
    small = "The nudge must be h·max(1, |w|), so 0.1: not less than h."
    slopes, _ = measured(measure, cube, torch.tensor([0.5]), 0.1)
    expect(
        "With f = w³ and h = 0.1, at w = 0.5 your slope",
        slopes[0],
        0.76,
        {0.7525: f"the nudge was 0.05. {small}"},
    )
    at_zero = "it is (0.1³ + 0.1³) / 0.2. The nudge is h·max(1, |w|), so 0.1, also where w is 0."
    slopes, _ = measured(measure, cube, torch.tensor([0.0]), 0.1)
    expect("With f = w³ and h = 0.1, at w = 0 your slope", slopes[0], 0.01, otherwise=at_zero)

    # Two weights of different size, a = 10 and b = 0.5: the nudges are 1 and 0.1.
    slopes, _ = measured(measure, lambda w: w[0] ** 3 + w[1] ** 3, torch.tensor([10.0, 0.5]), 0.1)
    own = "Each weight has a nudge of its own, h·max(1, |w_i|)."
    expect(
        "With f = a³ + b³ at (10, 0.5) and h = 0.1, the first slope",
        slopes[0],
        301,
        {300.01: f"the nudge was 0.1, not 1. {own}"},
    )
    expect(
        "With f = a³ + b³ at (10, 0.5) and h = 0.1, the second slope",
        slopes[1],
        0.76,
        {1.75: f"the nudge was 1, not 0.1. {own}"},
    )


# --- 2 -----------------------------------------------------------------------------------------------------

WEIGHTS = (0.25, -1.5, 3.0, 7.0, 0.5)


def accused(suspects, a, m, **settings):
    """Whom a checker accuses, for a formula that says a where the measurement says m."""
    w = torch.tensor(WEIGHTS[: len(a)])

    def loss(at):
        raise AssertionError("Leave f to the measure that you were given: measure(f, w).")

    def gradient(at):
        assert at is w or close(at, w), "Ask the formula at the weights that you were given: gradient(w)."
        return torch.tensor(a)

    def measure(f, at):
        assert f is loss, "Give measure the function f that you were given: measure(f, w)."
        assert at is w or close(at, w), "Measure at the weights that you were given: measure(f, w)."
        return torch.tensor(m)

    return list_of_ints(call(suspects, loss, gradient, w, measure, **settings))


def list_of_ints(found):
    as_list = isinstance(something(found), list) and all(type(i) is int for i in found)
    assert as_list, f"Return a list of ints, such as [0, 2]; not {found!r}."
    return found


def by_complex_step(f, w):
    """Slopes to the last digit: another way to measure, which needs no small difference."""
    rows = torch.complex(w.expand(len(w), -1), 1e-100 * torch.eye(len(w)))
    return torch.stack([f(row).imag for row in rows]) / 1e-100


def patients():
    """The three patients of the notebook, and whom to accuse: (name, f, gradient, w, number)."""
    points = torch.linspace(0, 1, 20)
    answers = 2 * points + 3 + 0.1 * torch.sin(40 * points)

    def loss_a(w):
        return ((w[0] + w[1] * points + w[2] * points**2 - answers) ** 2).mean()

    def gradient_a(w):
        error = w[0] + w[1] * points + w[2] * points**2 - answers
        sick = 2 * error.mean() * (points**2).mean()
        return torch.stack([2 * error.mean(), 2 * (error * points).mean(), sick])

    def loss_b(w):
        return w[0] ** 2 * w[1] + torch.exp(w[1] * w[2]) + 1e-5 * w[3]

    def gradient_b(w):
        e = torch.exp(w[1] * w[2])
        return torch.stack([2 * w[0] * w[1], w[0] ** 2 + e, w[1] * e, torch.tensor(1e-5)])

    def gradient_c(w):
        q = 1 + w[1] ** 2
        return torch.stack([1 / q, -2 * w[0] * w[1] / q**2, 1e-5 * w[2], torch.tensor(0.0)])

    return (
        ("A", loss_a, gradient_a, torch.tensor([1.0, -2.0, 0.5]), 2),
        ("B", loss_b, gradient_b, torch.tensor([1.5, 0.4, -0.8, 2.0]), 1),
        ("C", loss_c, gradient_c, torch.tensor([0.7, 1.2, 3.0, 0.3]), 2),
    )


def loss_c(w):
    return w[0] / (1 + w[1] ** 2) + 1e-5 * w[2] ** 2 + 0 * w[3]


@question(points=5)
def suspects(suspects):
    found = accused(suspects, [1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert found == [], f"Where formula and measurement agree nobody is wrong; you accuse {found}."
    found = accused(suspects, [1.0, 2.0, 3.0], [1.0, -2.0, 3.0])
    assert found != [2], "Only weight 1 has the wrong sign; you accuse [2]. Number the weights from 0."
    assert found == [1], (
        f"Only weight 1 has the wrong sign, 2 against −2: |a − m| is 4 there. You accuse {found}."
    )
    found = accused(suspects, [1.0, 5.0], [2.0, 4.0])
    assert found == [0, 1], (
        f"Weights 0 and 1 are both wrong, in opposite directions; you accuse {found}. "
        "Take the absolute value of each difference, and report every weight, in rising order."
    )
    found = accused(suspects, [4.0, 1.0, 5.0, 1.0], [5.0, 9.0, 5.0, 2.0])
    assert found == [0, 1, 3], (
        f"Weights 0, 1 and 3 are wrong, weight 1 the most; you accuse {found}. Give their numbers in rising "
        "order."
    )

    # Large and small slopes.
    found = accused(suspects, [1e4], [1e4 + 1e-4])
    assert found == [], (
        "10000.0001 measured for 10000 is right to eight digits, and you accuse it: the error must be "
        "relative."
    )
    found = accused(suspects, [1e-6], [2e-6])
    assert found == [0], (
        "2e-6 measured for 1e-6 is wrong by a factor of two, and you acquit it: the error must be relative."
    )
    found = accused(suspects, [1e4, 1e-6], [1e4, 2e-6])
    assert found == [1], (
        f"Beside a large right slope, a small wrong one must be found; you accuse {found}. "
        "Compare each weight by itself, not the gradients as a whole."
    )
    for a, m in ((0.0, 3e-11), (3e-11, 0.0), (0.0, 0.0), (2e-12, -3e-12)):
        found = accused(suspects, [a], [m])
        assert found == [], (
            f"A formula that says {a:g} where {m:g} is measured is right up to the measurement's noise, "
            "and you accuse it. The floor must be one of the numbers under the max."
        )

    # The tolerance that was given.
    found = accused(suspects, [1.0], [1.001], tolerance=0.01)
    assert found == [], (
        "1.001 measured for 1 is an error of 0.001, below the tolerance 0.01, and you accuse it: use the "
        "tolerance that was given, not always 1e-6."
    )

    # What stands under the fraction.
    for a, m in ((1.0, 2.0), (2.0, 1.0), (-1.0, -2.0)):
        found = accused(suspects, [a], [m], tolerance=0.6)
        assert found == [], (
            f"{a:g} against {m:g} has the relative error 1/2, below the tolerance 0.6, and you accuse it. "
            "Divide by the larger of |a| and |m|."
        )
        found = accused(suspects, [a], [m], tolerance=0.4)
        assert found == [0], (
            f"{a:g} against {m:g} has the relative error 1/2, above the tolerance 0.4, and you acquit it. "
            "Divide by the larger of |a| and |m|, not by their sum."
        )
        found = accused(suspects, [a], [m], tolerance=0.5)
        assert found == [], "An error equal to the tolerance is still right: accuse only where it is larger."
    assert accused(suspects, [1.0], [2.0], floor=1.0, tolerance=0.4) == [0], (
        "1 against 2 has the relative error 1/2 with a floor of 1, too, and you acquit it. "
        "The floor is one of the numbers under the max: it is not added."
    )
    assert accused(suspects, [0.0], [1e-3], floor=1.0, tolerance=0.01) == [], (
        "Use the floor that was given, not always 1e-4."
    )

    # No numbers.
    found = accused(suspects, [math.nan, 1.0], [1.0, math.nan])
    also = " Accuse also where the *measured* slope is NaN, not only the formula's." if found == [0] else ""
    assert found == [0, 1], (
        f"With a = (NaN, 1) and m = (1, NaN) both weights are wrong, and you accuse {found}: every "
        f"comparison with NaN is False. Ask 'not error <= tolerance'.{also}"
    )
    found = accused(suspects, [1.0, math.nan, 1.0, 2.0], [1.0, 1.0, 1.0, 3.0])
    assert found == [1, 3], (
        f"The second of four formulas says NaN, and the last one is wrong; you accuse {found}. Judge each "
        "weight by itself."
    )

    # The patients, measured by complex steps.
    for name, f, gradient, w, sick in patients():
        found = list_of_ints(call(suspects, f, gradient, w, by_complex_step))
        assert found == [sick], (
            f"Patient {name} has its bug in the slope of weight {sick}, and only there; you accuse {found}."
        )


# --- 3 -----------------------------------------------------------------------------------------------------


def value_of(function):
    """The class Value of the notebook that an answer stands in."""
    around = getattr(inspect.unwrap(function), "__globals__", None)
    assert around is not None, "Write your answer as a function of your own, with def."
    found = around.get("Value")
    assert inspect.isclass(found), "There is no class Value any more. Run the first cell again."
    return found


def slope_by(result, leaf):
    """How fast result grows with leaf, along all paths of its graph."""
    if result is leaf:
        return 1.0
    return sum(
        slope * slope_by(parent, leaf) for parent, slope in zip(result.parents, result.slopes, strict=True)
    )


def all_before(result):
    """The Values that a result was made from, and the result."""
    known, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if id(value) not in known:
            known[id(value)] = value
            waiting.extend(value.parents)
    return known


def made(what, function, *parents):
    """What an operation makes of its parents: a Value with a slope for each, which hangs on them."""
    before = [(parent.data, parent.grad) for parent in parents]
    result = something(call(function, *parents))
    assert isinstance(result, value_of(function)), (
        f"{what} must return a Value, not {type(result).__name__}: Value(number, parents, slopes)."
    )
    tuples = isinstance(result.parents, tuple) and isinstance(result.slopes, tuple)
    assert tuples, f"{what}: parents and slopes must be tuples. A tuple of one is written (v,), with a comma."
    assert len(result.parents) == len(result.slopes), f"{what}: give one slope for each parent."
    plain = all(isinstance(slope, (int, float)) for slope in result.slopes)
    assert plain, f"{what}: the slopes must be plain numbers. Compute them from .data."
    for parent in result.parents:
        kind = type(parent).__name__
        assert isinstance(parent, value_of(function)), f"{what}: the parents must be Values, not {kind}."
    known = all_before(result)
    assert all(id(parent) in known for parent in parents), (
        f"{what}: the result does not hang on all its parents. Hand over the Values themselves, (a, b), "
        "not their numbers or copies."
    )
    for parent, (data, grad) in zip(parents, before, strict=True):
        assert parent.data == data, f"{what} changes the number of its parent."
        assert parent.grad == grad, (
            f"{what} changes the gradient of its parent. An operation only notes the slopes: .grad stays as "
            "it is until backward."
        )
    return result


@question(points=4)
def operations(tanh, divide):
    Value = value_of(tanh)

    v = Value(0.5)
    t = made("tanh", tanh, v)
    expect("tanh(0.5)", t.data, math.tanh(0.5), otherwise="use math.tanh.")
    expect(
        "The slope of tanh at 0.5",
        slope_by(t, v),
        1 - math.tanh(0.5) ** 2,
        {
            0.75: "that is 1 − v². The slope is 1 − t², with the *result* t.",
            1 - math.tanh(0.5): "that is 1 − t. The slope is 1 − t².",
            1.0: "the slope is that of v itself. tanh has the slope 1 − t².",
            math.tanh(0.5): "that is the result. Its slope is 1 − t².",
            math.tanh(0.5) ** 2 - 1: "the sign is turned round: 1 − t².",
        },
    )
    for far, want in ((1000.0, 1.0), (-1000.0, -1.0)):
        v = Value(far)
        t = made("tanh", tanh, v)
        expect(f"tanh({far:g})", t.data, want, otherwise="use math.tanh.")
        expect(f"The slope of tanh at {far:g}", slope_by(t, v), 0.0, otherwise="1 − t² is 0 there.")

    # A quotient: 1/4, with the slopes 1/4 and −1/16.
    a, b = Value(1.0), Value(4.0)
    quotient = made("divide", divide, a, b)
    expect("1 / 4", quotient.data, 0.25, {4.0: "that is b / a, or a · b."})
    expect(
        "The slope of 1/4 by the upper number",
        slope_by(quotient, a),
        0.25,
        {
            4.0: "that is b. The slope by a is 1/b.",
            1.0: "that is the slope of a sum. The slope by a is 1/b.",
            -0.0625: "the two slopes are exchanged: they stand in the order of the parents.",
        },
    )
    expect(
        "The slope of 1/4 by the lower number",
        slope_by(quotient, b),
        -0.0625,
        {
            0.0625: "the sign. If b grows, a/b falls.",
            -0.25: "that is −a/b. Differentiate a·b⁻¹ by b: the power falls by one more.",
            0.25: "that is the slope by a. Differentiate a·b⁻¹ by b.",
            1.0: "a quotient is not a product. Differentiate a·b⁻¹ by b.",
            -16.0: "that is −b². Differentiate a·b⁻¹ by b.",
        },
    )
    a, b = Value(8.0), Value(5.0)
    quotient = made("divide", divide, a, b)
    expect("8 / 5", quotient.data, 1.6, {1.0: "that is a // b, a whole number."})
    expect("The slope of 8/5 by the upper number", slope_by(quotient, a), 0.2)
    expect(
        "The slope of 8/5 by the lower number",
        slope_by(quotient, b),
        -0.32,
        {-0.04: "that is −1/b². The upper number belongs into it: differentiate a·b⁻¹ by b."},
    )


# --- 4 -----------------------------------------------------------------------------------------------------


def after_backward(backward, result):
    """The result, after backward has run on it."""
    before = [(value, value.parents, value.slopes, value.data) for value in all_before(result).values()]
    answer = call(backward, result)
    assert answer is None, "backward returns nothing: it fills in .grad."
    for value, *then in before:
        assert [value.parents, value.slopes, value.data] == then, (
            "backward changes the parents, the slopes or the number of a Value. It fills in .grad only: who "
            "calls it once more needs them again."
        )
    return result


@question(points=6)
def backward(backward):
    Value = value_of(backward)

    # One arrow after the other: e = 3w + 1, then its square, at w = 2.
    w = Value(2.0)
    p = w * Value(3.0)
    e = p + Value(1.0)
    L = after_backward(backward, e * e)
    expect(
        "The gradient of the result itself", L.grad, 1, otherwise="it is 1, and everything starts from there."
    )
    expect(
        "For L = e·e at e = 7, dL/de",
        e.grad,
        14,
        {
            7.0: "e is used twice, in e·e. Its two reports add up: +=, not =.",
            1.0: "multiply by the local slope. (You do? Then an inner call of backward has set e.grad back "
            "to 1: start at 1 once, outside of what repeats.)",
            0.0: "nothing is there. Does the gradient of the result start at 1? And are old gradients set to "
            "0 before the way back, not on it?",
        },
    )
    slope_alone = "that is the local slope alone. Multiply it by the gradient of the value that is passed on."
    ended = (
        "the way back ended too early, or went in the wrong order. Go on to the parents of the parents, "
        "from the last made to the first."
    )
    twice = "e passed its gradient on more than once. Serve each Value once, when it is complete."
    expect(
        "One arrow farther back, for e = p + 1 and L = e·e at e = 7, dL/dp",
        p.grad,
        14,
        {1.0: slope_alone, 0.0: ended, 7.0: "p was served before e was complete.", 28.0: twice, 21.0: twice},
    )
    expect(
        "At the end of the way, for p = 3w, e = p + 1 and L = e·e at w = 2, dL/dw",
        w.grad,
        42,
        {3.0: slope_alone, 21.0: "w was served before e was complete.", 0.0: ended},
    )

    # Values that hold the same number: a = b = 2, and a + b = a·b = 4.
    a, b = Value(2.0), Value(2.0)
    after_backward(backward, (a + b) * (a * b))
    same = "a + b and a·b both hold 4, and are two Values all the same: tell them apart by .number."
    for leaf, name in ((a, "a"), (b, "b")):
        expect(f"For L = (a + b) · (a·b) at a = b = 2, dL/d{name}", leaf.grad, 12, {4.0: same, 8.0: same})

    # Used three times, and itself made from w: p = 3w, L = p·p + p.
    w = Value(1.0)
    p = w * Value(3.0)
    L = after_backward(backward, p * p + p)
    overwritten = "each report has overwritten the one before. They add up: +=, not =."
    too_early = (
        "p passed its gradient on before all its reports had come in. "
        "Serve the Values in the order of .number, the last made first."
    )
    expect(
        "With p = 3 and L = p·p + p, dL/dp",
        p.grad,
        7,
        {
            3.0: overwritten,
            1.0: overwritten,
            4.0: "a Value that is twice a parent of the same result gives two reports, one for each slope.",
            14.0: "p was served twice. Visit each Value once.",
        },
    )
    slips = {
        3.0: too_early,
        12.0: too_early,
        24.0: "p passed its gradient on more than once. Serve each Value once, when it is complete.",
        9.0: overwritten,
    }
    expect("With p = 3w and L = p·p + p at w = 1, dL/dw", w.grad, 21, slips)

    # The same written the other way round: p + p·p.
    w = Value(1.0)
    p = w * Value(3.0)
    L = after_backward(backward, p + p * p)
    expect("With p = 3w and L = p + p·p at w = 1, dL/dw", w.grad, 21, slips)

    # A second time: the leaf adds up, what has parents starts anew.
    after_backward(backward, L)
    anew = "What has parents starts anew, from 0, in each backward."
    expect(
        "For p = 3w and L = p + p·p at w = 1, after a second backward, dL/dw",
        w.grad,
        42,
        {
            21.0: "a leaf adds the new gradient to the old one, as in torch. You have set it back to 0. (Or "
            "was it not reached: does a global remember what the first backward visited?)",
            63.0: f"p, or L, still held its old gradient. {anew}",
            81.0: f"p still held its old gradient. {anew}",
        },
    )
    expect("After a second backward, dL/dp", p.grad, 7, otherwise=anew)
    expect("After a second backward, the gradient of L itself", L.grad, 1, otherwise=anew)

    # Another result in which p counts for nothing: it is multiplied by 0.
    after_backward(backward, p * Value(0.0) + w)
    expect("After p has had the gradient 7, L = 0·p + w: dL/dp", p.grad, 0, {7.0: anew})

    # Sixteen doublings: 2¹⁶ paths, but only 32 arrows.
    class Watched(Value):  # type: ignore[valid-type, misc]
        """A Value that counts how often its gradient is set."""

        times = 0

        @property
        def grad(self):
            return self.held

        @grad.setter
        def grad(self, number):
            self.held, self.times = number, self.times + 1

    w = Watched(1.0)
    L = w
    for _ in range(16):
        L = L + L
    after_backward(backward, L)
    expect("With L = w, sixteen times doubled by L = L + L, dL/dw", w.grad, 2.0**16)
    assert w.times < 20, (
        f"w was reported to {w.times} times. You follow every path: visit each Value once, the last made "
        "first."
    )
