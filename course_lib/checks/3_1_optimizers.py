"""The tests of assignment 3.1: write the optimizers yourself."""

import copy
import functools
import importlib
import io
from contextlib import ExitStack, contextmanager

import torch

from course_lib.checks import question, tools
from course_lib.checks.tools import expect, forbid, refuse

BY_HAND = 2  # points for the question that a person marks

# --- what the tests of the rules share ---------------------------------------------------------------------

DOUBLE = torch.float64


def step_is(what, got, want, slips=None, **rest):
    """See that a length, known to six digits (ε is 1e-8), is the right one."""
    otherwise = "work this update out on paper and compare."
    expect(what, got, want, slips, **dict(tolerance=1e-6, otherwise=otherwise) | rest)


READY = [
    f"torch.optim.{name}" if name.islower() else name
    for name in ("sgd", "rmsprop", "adam", "adamw", "SGD", "RMSprop", "Adam", "AdamW")
]


@contextmanager
def torchs_own_refused(because):
    """While an answer runs, let torch's finished updates fail, by whatever name they are called."""
    with ExitStack() as refused:
        for name in ("sgd", "rmsprop", "adam", "adamw"):
            made_by = importlib.import_module(f"torch.optim.{name}")
            ready = [one for one in vars(made_by) if one.startswith(("_single_", "_multi_", "_fused_"))]
            refused.enter_context(refuse(made_by, *ready, because=because))
        yield


def own(rule):
    """See that a rule is the learner's own arithmetic."""
    because = "A rule is arithmetic of your own, + - * / and **. Write the formula."
    forbid(rule, "optim", "torch.optim", "course_lib", *READY, because=because)
    finished = str(getattr(rule, "__module__", "")).split(".")[0] in ("torch", "course_lib")
    assert not finished, because
    with torchs_own_refused(because):
        try:
            rule(torch.ones(2), torch.ones(2), {}, 1, lr=0.1)
        except Exception as error:  # anything else that is wrong is found, and said, later
            assert because not in str(error), because


def one_update(rule, w, g, s, t, **hyper):
    """Make one update, and see that the rule keeps its promises. Returns (new_w, new_s)."""
    assert callable(rule), f"This must be a function, and is {type(rule).__name__}."
    before = copy_of((w, g, s))
    try:
        answer = rule(w, g, s, t, **hyper)
    except (ZeroDivisionError, KeyError, TypeError, ValueError, AttributeError) as error:
        hint = hint_for(error, w, t)
        if hint is None:
            raise
        raise AssertionError(hint) from error
    complete = isinstance(answer, (tuple, list)) and len(answer) == 2 and isinstance(answer[1], dict)
    assert complete, (
        "A rule returns two things, the new weights and the new state, a dict: return new_w, new_s"
    )
    for name, now, then in zip("wgs", (w, g, s), before, strict=True):
        assert same(now, then), (
            f"Your rule changed its input {name}. Make a new value, without -=, +=, *= and the like; and "
            "of a dict, a new one: {'v': v}, not s['v'] = v."
        )
    as_it_came(answer[0], w)
    return tuple(answer)


def as_it_came(new, w):
    """See that the new weights are of the old ones' type, precision and shape."""
    if not isinstance(w, torch.Tensor):
        assert not isinstance(new, complex), (
            "You took the root of a negative number. Is the gradient squared, and is the correction "
            "1 - beta**t, a power, not beta*t? (Your new w is a complex number.)"
        )
        assert isinstance(new, (int, float)), (
            f"w came in as a float; it must leave as one, and not as {type(new).__name__}."
        )
        return
    assert isinstance(new, torch.Tensor), (
        f"w came in as a tensor; it must leave as one, and not as {type(new).__name__}."
    )
    tools.precise("Your new w", new, w)
    assert new.dtype == w.dtype, f"w came in as {w.dtype}; it must leave so, and not as {new.dtype}."
    assert new.shape == w.shape, (
        f"w came in with shape {tuple(w.shape)}; it must leave so, and not with {tuple(new.shape)}."
    )


def hint_for(error, w, t):
    """What most likely led to an error in a rule, or None where the error's own words say it best."""
    if isinstance(error, ZeroDivisionError):
        return (
            f"Update t = {t} divides by zero. If that is 1 − βᵗ: "
            "t is 1 at the first update, so take it as it comes."
        )
    if isinstance(error, KeyError):
        if t > 1:
            return f"s has no {error} at update {t}. Return it in new_s at the update before."
        return (
            f"s is {{}} at the first update, so it has no {error} yet. "
            f"Ask with a fallback: s.get({error}, 0)."
        )
    if "NoneType" in str(error):
        return f"Something is None here ({error}). Is it the state? Ask with a fallback: s.get('v', 0)."
    if isinstance(w, torch.Tensor) and isinstance(error, (TypeError, ValueError)):
        return f"Your rule works on floats but not on tensors. Use ** 0.5 in place of math.sqrt. ({error})"
    if isinstance(w, float) and isinstance(error, (TypeError, AttributeError)):
        return (
            f"Your rule stumbles over plain floats ({error}). Use arithmetic only: "
            "** 0.5 in place of torch.sqrt, and 0, not torch.zeros_like, for the first state."
        )
    return None


def copy_of(value):
    """A copy that no change in place can reach: copy.deepcopy, but quick for what rules work on."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, dict):
        return {name: copy_of(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [copy_of(one) for one in value]
    return value if isinstance(value, (int, float)) else copy.deepcopy(value)


def same(a, b):
    """Whether two inputs are equal, bit for bit. (NaN counts as equal: it is not what we look for here.)"""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b) or bool(a.isnan().any())
    return a == b or a != a


def follow(rule, w, gradients, lr, **hyper):
    """The weights after each update. lr is one number, or a sequence with one for each update."""
    rates = [lr] * len(gradients) if isinstance(lr, float) else lr
    s, weights = {}, []
    for t, (g, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        w, s = one_update(rule, w, g, s, t, lr=rate, **hyper)
        weights.append(w)
    return weights


def follow_torch(optimizer_class, w, gradients, lr, **hyper):
    """The same, made by one of torch's own optimizers."""
    rates = [lr] * len(gradients) if isinstance(lr, float) else lr
    p = w.clone().requires_grad_()
    optimizer = optimizer_class([p], lr=rates[0], **hyper)
    weights = []
    for g, rate in zip(gradients, rates, strict=True):
        optimizer.param_groups[0]["lr"] = rate
        p.grad = g.clone()
        optimizer.step()
        weights.append(p.detach().clone())
    return weights


def random_gradients(count, shape=(3,), seed=0, dtype=DOUBLE):
    """Gradients that change from update to update, the same in every run."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator, dtype=dtype) for _ in range(count)]


def journey(shape, seed, updates, dtype, spread):
    """A start, and gradients; with `spread`, of sizes from 0.0001 to 100."""
    start, *pushes = random_gradients(updates + 1, shape, seed, dtype)
    return 3 * start, [g * 10.0 ** (i % 7 - 4) if spread else g for i, g in enumerate(pushes)]


@functools.cache
def torchs_path(name, case, lr, hyper):
    return follow_torch(getattr(torch.optim, name), *journey(*case), lr, **dict(hyper))


def first_difference(mine, theirs):
    """The first update after which two lists of weights differ by more than rounding, or None."""
    for t, (a, b) in enumerate(zip(mine, theirs, strict=True), start=1):
        rtol, atol = (1e-9, 1e-12) if b.dtype == DOUBLE else (1e-5, 1e-6)
        if not torch.allclose(a, b, rtol=rtol, atol=atol):
            return t
    return None


def parted(rule, name, shape, seed, lr, updates=5, dtype=DOUBLE, spread=False, **hyper):
    """The update from which on a rule and torch's optimizer of that name part, or None."""
    case = (shape, seed, updates, dtype, spread)
    theirs = torchs_path(name, case, lr, tuple(hyper.items()))
    return first_difference(follow(rule, *journey(*case), lr, **hyper), theirs)


# --- 1 -----------------------------------------------------------------------------------------------------


@question(points=4)
def momentum(sgd_momentum):
    own(sgd_momentum)
    # One update by hand: w = 1, g = 2, lr = 0.1. All steps are given in units of lr·g.
    w, s = one_update(sgd_momentum, 1.0, 2.0, {}, 1, lr=0.1, momentum=0.9)
    step_is(
        "With w = 1, g = 2 and lr = 0.1 your first step, in units of lr·g,",
        (1.0 - w) / 0.2,
        1,
        {
            0.1: "the gradient enters the velocity whole. A factor 1 − β makes a running mean: that is "
            "Adam's m.",
            -1: "you walk uphill. Subtract lr·v.",
            1.9: "that is Nesterov's step. It is asked for only when nesterov=True.",
            0.0: "w has not moved.",
        },
    )

    # The same gradient again: v = 0.9·2 + 2, so the step is 1.9.
    step_is(
        "With g = 2 twice and momentum = 0.9 your second step, in units of lr·g,",
        (w - one_update(sgd_momentum, w, 2.0, s, 2, lr=0.1, momentum=0.9)[0]) / 0.2,
        1.9,
        {
            1: "the velocity was forgotten. Return the new v in new_s.",
            2: "the old velocity was not multiplied by β.",
        },
    )

    # A constant gradient: what fades and what is added balance at v = g / (1 − β).
    far = follow(sgd_momentum, 0.0, [2.0] * 200, lr=0.1, momentum=0.9)
    step_is(
        "With momentum = 0.9, after 200 equal gradients, your step, in units of lr·g,",
        (far[-2] - far[-1]) / 0.2,
        10,
    )

    # Nesterov, first update: v = g, so the step is g + 0.9·g.
    look_ahead = one_update(sgd_momentum, 1.0, 2.0, {}, 1, lr=0.1, momentum=0.9, nesterov=True)[0]
    step_is(
        "With g = 2 and momentum = 0.9 Nesterov's first step, in units of lr·g,",
        (1.0 - look_ahead) / 0.2,
        1.9,
        {
            1: "take the new v for the look-ahead, the one you have just computed (or is nesterov=True "
            "ignored?).",
            2: "g + v lacks the factor β before v.",
            0.9: "βv is only the look-ahead. The gradient itself is missing: g + βv.",
            10: "lr multiplies the whole step. Put parentheses: lr * (g + momentum * v).",
            2.71: "the look-ahead goes one velocity too far: g + βv, with v = β·(old v) + g.",
        },
    )

    # The second one: v = 1.9·g, so the step is g + 0.9·1.9·g.
    ahead = follow(sgd_momentum, 0.0, [2.0, 2.0], lr=0.1, momentum=0.9, nesterov=True)
    step_is(
        "With g = 2 twice and momentum = 0.9 Nesterov's second step, in units of lr·g,",
        (ahead[0] - ahead[1]) / 0.2,
        2.71,
        {3.439: "the look-ahead has gone into the velocity. What you keep in new_s is v itself."},
    )

    # Another β.
    for flag in (False, True):
        look_ahead = follow(sgd_momentum, 0.0, [2.0, 2.0], lr=0.1, momentum=0.5, nesterov=flag)
        fixed = "0.9 stands in your rule. The factor is `momentum`, as it was given."
        step_is(
            f"With g = 2 twice, momentum=0.5 and nesterov={flag} your second step, in units of lr·g,",
            (look_ahead[0] - look_ahead[1]) / 0.2,
            1.75 if flag else 1.5,
            {2.71: fixed, 1.9: fixed, 2.35: fixed},
        )

    # The rate drops from 0.1 to 0.01: the velocity must not remember the old one.
    slow = follow(sgd_momentum, 0.0, [1.0, 1.0], lr=[0.1, 0.01], momentum=0.9)
    step_is(
        "With g = 1 twice and momentum = 0.9, after lr fell from 0.1 to 0.01, your second step",
        slow[0] - slow[1],
        0.019,
        {0.1: "your velocity has the old rate inside. Keep lr out of v and multiply at the end."},
    )

    # Five changing gradients on a matrix, against torch itself.
    for flag in (False, True):
        t = parted(sgd_momentum, "SGD", (2, 3), 1, 0.1, momentum=0.9, nesterov=flag)
        assert t is None, f"From update {t} on you and torch.optim.SGD(momentum=0.9, nesterov={flag}) part."


# --- 2 -----------------------------------------------------------------------------------------------------


def stays(rule):
    """See that a coordinate without gradient stays where it is, alone and beside others."""
    start = torch.ones(2, dtype=DOUBLE)
    for other in (0.0, 2.0):
        still = follow(rule, start, [torch.tensor([0.0, other], dtype=DOUBLE)] * 3, lr=0.1)[-1]
        what = "no gradient at all" if other == 0 else "the gradient (0, 2)"
        assert still[0] == 1, (
            f"Three times {what}: the first weight must stay 1, and yours is {still[0].item():.4g}. "
            "(NaN comes of 0/0: is ε in the denominator?)"
        )
        assert other or still[1] == 1, f"Three times {what}: both weights must stay 1."


def each_by_itself(rule, length):
    """See that a weight with small gradients makes as long a first step as one with large ones."""
    start, g = torch.zeros(2, dtype=DOUBLE), torch.tensor([1.0, 1000.0], dtype=DOUBLE)
    steps = (-one_update(rule, start, g, {}, 1, lr=0.1)[0] / 0.1).tolist()
    assert all(tools.close(one, length, 1e-6) for one in steps), (
        f"Two weights with the gradients 1 and 1000: their first steps, in units of lr, are {steps[0]:.4g} "
        f"and {steps[1]:.4g}, and both must be {length}. Each weight has a v of its own: no mean, sum or "
        "norm over the tensor."
    )


def hyperparameters_arrive(rule, **more):
    """See that Adam's betas and ε are those that were given: two updates, with the gradients 2 and 0."""
    two = follow(rule, 0.0, [2.0, 0.0], lr=0.1, betas=(0.5, 0.9), eps=0.0, **more)
    step_is(
        "With betas=(0.5, 0.9), after the gradients 2 and 0, your second step, in units of lr,",
        (two[0] - two[1]) / 0.1,
        0.4843221,
        {
            0.670059: "those are the betas 0.9 and 0.999. Use `betas`, as they were given.",
            0.820452: "β₁ and β₂ are swapped. β₁, the first, is the memory of m, β₂ that of v.",
            1 / 3: "v̂ is the largest so far, as in AMSGrad. Here it is the newest, and may fall.",
            0.306310: "you kept m̂ and v̂. Keep m and v, as they were before the correction.",
            0.968644: "you kept m̂. Keep m, as it was before the correction.",
            0.153155: "you kept v̂. Keep v, as it was before the correction.",
        },
    )
    step_is(
        "With eps=1 and the gradient 2 your first step, in units of lr,",
        -follow(rule, 0.0, [2.0], lr=0.1, eps=1.0, **more)[0] / 0.1,
        2 / 3,
        {1: "ε is missing, or a number of your own. Use `eps`, as it was given."},
    )


@question(points=3)
def rmsprop(rmsprop):
    own(rmsprop)
    # Two updates by hand, with g = 2 and lr = 0.1. All steps are given in units of lr.
    # After the first update v = 0.01·g², so the step is g / (0.1·g) = 10.
    w, s = one_update(rmsprop, 1.0, 2.0, {}, 1, lr=0.1, alpha=0.99)
    second = (w - one_update(rmsprop, w, 2.0, s, 2, lr=0.1, alpha=0.99)[0]) / 0.1
    step_is(
        "With w = 1, g = 2, lr = 0.1 and alpha = 0.99 your first step, in units of lr,",
        (1.0 - w) / 0.1,
        10,
        {
            1: (
                "v sums the squares, as AdaGrad does. RMSProp takes their running mean: αv + (1 − α)g²."
                if tools.close(second, 0.5**0.5, 1e-6)
                else "the factor 1 − α before g² is missing: αv + (1 − α)g²."
                if tools.close(second, 1.99**-0.5, 1e-6)
                else "that comes out where there is a bias correction, or where v begins at g². RMSProp has "
                "no correction, and its v begins at zero."
            ),
            1.005: "α and 1 − α are swapped: the old mean gets α.",
            50: "is the root missing? Divide by √v + ε.",
            14.14: "v is the mean of the squares of the gradients, g·g.",
            2e8: "divide by the new v. The old one is still zero.",
            -10: "you walk uphill. Subtract.",
            0.0: "w has not moved.",
        },
    )

    # The same gradient again: v = (1 − 0.99²)·g².
    step_is(
        "With g = 2 twice and alpha = 0.99 your second step, in units of lr,",
        second,
        7.088812,
        {10: "the running mean was forgotten. Return the new v in new_s."},
    )

    # ε = 1 shows where it stands: g / (√v + ε) = 2 / (0.2 + 1).
    rough = (1.0 - one_update(rmsprop, 1.0, 2.0, {}, 1, lr=0.1, eps=1.0)[0]) / 0.1
    step_is(
        "With g = 2 and eps=1 your first step, in units of lr,",
        rough,
        5 / 3,
        {
            1.961: "ε is inside the root. It belongs outside: √v + ε.",
            11: "ε is added after the division. Put parentheses: / (v**0.5 + eps).",
            0: "ε is added after the division. Put parentheses: / (v**0.5 + eps).",
            10: "ε is missing, or a number of your own. It is `eps`, as it was given.",
            2: "that is the larger of √v and ε. They are added.",
        },
    )

    # Another α: v = g²/4.
    step_is(
        "With g = 2 and alpha=0.75 your first step, in units of lr,",
        (1.0 - one_update(rmsprop, 1.0, 2.0, {}, 1, lr=0.1, alpha=0.75)[0]) / 0.1,
        2,
        {10: "0.99 stands in your rule. It is `alpha`, as it was given."},
    )

    stays(rmsprop)
    each_by_itself(rmsprop, 10)

    # Five changing gradients on a matrix, against torch itself.
    t = parted(rmsprop, "RMSprop", (2, 3), 2, 0.01)
    assert t is None, f"From update {t} on you and torch.optim.RMSprop part."


# --- 3 -----------------------------------------------------------------------------------------------------

# The first step of Adam, in units of lr, by slip; g is 2.
FIRST = {
    3.162: "is the bias correction missing?",
    0.7441: "your correction uses t + 1. It is t, which is 1 at the first update.",
    31.62: "m is corrected, v is not.",
    0.1: "v is corrected, m is not.",
    0.5: "is the root of v̂ missing?",
    2.828: "m̂ goes on top, √v̂ below.",
    1.414: "v is the mean of the squares of the gradients, g·g.",
    -1: "you walk uphill. Subtract.",
    0.0: "w has not moved.",
    10: "are both corrected by the same β? Or is v made of m², in place of g²?",
    0.01: "the rate was 0.001, and 0.1 was given. Is lr handed on?",
}


@question(points=4)
def adam(adam):
    own(adam)
    # One update by hand, with g = 2. The first m̂ is g and the first v̂ is g²: the step is exactly lr.
    w, s = one_update(adam, 1.0, 2.0, {}, 1, lr=0.1)
    step_is("With w = 1, g = 2 and lr = 0.1 your first step, in units of lr,", (1.0 - w) / 0.1, 1, FIRST)

    # The same gradient again, and again: every step is lr.
    steady = follow(adam, 0.0, [2.0] * 5, lr=0.1, eps=0.0)
    step_is(
        "Under a constant gradient of 2 your second step, in units of lr,",
        (steady[0] - steady[1]) / 0.1,
        1,
        {
            0.7441: "the running means were forgotten. Return the new m and v in new_s.",
            0.2353: "you kept m̂ and v̂. Keep m and v, as they were before the correction.",
            5.263: "you kept m̂. Keep m, as it was before the correction.",
            0.0447: "you kept v̂. Keep v, as it was before the correction.",
            -5.307: "that is 1 − β·t. βᵗ is a power: beta**t.",
        },
    )
    step_is("After 5 equal gradients w has moved, in units of lr, by a length that", -steady[-1] / 0.1, 5)

    # ε = 1 shows where it stands: m̂ / (√v̂ + ε) = 2 / (2 + 1).
    rough = (1.0 - one_update(adam, 1.0, 2.0, {}, 1, lr=0.1, eps=1.0)[0]) / 0.1
    step_is(
        "With g = 2 and eps=1 your first step, in units of lr,",
        rough,
        2 / 3,
        {
            0.8944: "ε is inside the root. It belongs outside: √v̂ + ε.",
            2: "ε is added after the division. Put parentheses: / (v_hat**0.5 + eps).",
            -9: "ε is added after the division. Put parentheses: / (v_hat**0.5 + eps).",
            0.05949: "ε is added to √v before the correction. Correct v first, then take the root, then "
            "add ε.",
            1: "ε is missing.",
        },
    )
    hyperparameters_arrive(adam)
    each_by_itself(adam, 1)

    # A long silence, then a gradient: m̂ = (1 − β₁)g and √v̂ = √(1 − β₂)·g.
    w, s = 0.0, {}
    for t in range(1, 8001):
        w, s = adam(w, 0.0, s, t, lr=1.0)
    step_is(
        "After 8000 zero gradients, with g = 2, a step, in units of lr,",
        w - one_update(adam, w, 2.0, s, 8001, lr=1.0)[0],
        3.1622777,
        {0.003162: "β₁ and β₂ are swapped. β₁ = 0.9 is the memory of m, β₂ = 0.999 that of v."},
        tolerance=3e-4,
    )

    # Five changing gradients on a matrix, against torch itself.
    t = parted(adam, "Adam", (2, 3), 3, 0.01)
    assert t is None, f"From update {t} on you and torch.optim.Adam part."


# --- 4 -----------------------------------------------------------------------------------------------------


@question(points=4)
def adamw(adamw):
    own(adamw)
    # No gradient at all: only the decay is left. w = 3, lr = 0.1, λ = 0.5: w shrinks by the fraction 0.05.
    w, s = one_update(adamw, 3.0, 0.0, {}, 1, lr=0.1, weight_decay=0.5)
    shrink = (3.0 - w) / 3.0
    assert not abs(shrink) <= 1e-9, (
        "Without a gradient w still shrinks by ηλw; yours stands still. Is weight_decay used?"
    )
    step_is(
        "With w = 3, g = 0, lr = 0.1 and weight_decay = 0.5, without a gradient, w shrinks by a fraction "
        "that",
        shrink,
        0.05,
        {
            1 / 30: "you added the decay to the gradient, and √v̂ divided it away. That is Adam with an L2 "
            "penalty.",
            1 / 12: "you decay twice: beside the step, and in the gradient. The gradient stays plain.",
            0.001: "0.01 stands in your rule. λ is `weight_decay`, as it was given.",
            0.025: "it is ηλw, without a factor ½.",
            0.5: "the decay lacks the factor lr: it is ηλw.",
            5e6: "the decay was divided by √v̂ + ε. Keep it out of the fraction.",
            -0.05: "w grows. Subtract the decay.",
        },
    )
    step_is(
        "With g = 0, lr = 0.1 and weight_decay = 0.5, at the second update, w shrinks by a fraction that",
        (w - one_update(adamw, w, 0.0, s, 2, lr=0.1, weight_decay=0.5)[0]) / w,
        0.05,
        {
            0.0975: "every update shrinks w by the same factor 1 − ηλ, without a power of t.",
            0.1: "every update shrinks w by the same factor 1 − ηλ, without t.",
        },
    )
    idle = follow(adamw, 4.0, [0.0] * 50, lr=0.1, weight_decay=0.5)[-1]
    step_is(
        "After 50 updates without gradient w",
        idle,
        4 * 0.95**50,
        otherwise="each of them leaves 1 − ηλ, so that 4·(1 − ηλ)⁵⁰ is left.",
    )

    # Without decay it is Adam: the first step is lr.
    first = (4.0 - one_update(adamw, 4.0, 2.0, {}, 1, lr=0.1, weight_decay=0.0)[0]) / 0.1
    step_is("With w = 4, g = 2 and weight_decay=0 your first step, in units of lr,", first, 1, FIRST)
    hyperparameters_arrive(adamw, weight_decay=0.0)

    # Both together: 4 − 0.05·4 − 0.1.
    both = one_update(adamw, 4.0, 2.0, {}, 1, lr=0.1, weight_decay=0.5)[0]
    step_is(
        "From w = 4, with ηλ = 0.05 and a step of 0.1, your new w",
        both,
        3.7,
        {3.705: "decay the weights as they were before the step, not after it."},
    )

    # Five changing gradients on a matrix, against torch itself.
    t = parted(adamw, "AdamW", (2, 3), 4, 0.1, weight_decay=0.3)
    assert t is None, f"From update {t} on you and torch.optim.AdamW part."


# --- 5 -----------------------------------------------------------------------------------------------------

BASE = "the base class: super().__init__(params, dict(lr=lr, betas=betas, eps=eps))."


def own_class(MyAdam):
    """See that MyAdam is an optimizer of the learner's own."""
    is_one = isinstance(MyAdam, type) and issubclass(MyAdam, torch.optim.Optimizer)
    assert is_one, (
        "MyAdam must be a class on top of torch.optim.Optimizer: class MyAdam(torch.optim.Optimizer)."
    )
    because = "Write the two methods yourself: no finished optimizer may stand behind them."
    for base in MyAdam.__mro__:
        ready = (
            base.__module__.startswith(("torch.optim", "course_lib")) and base is not torch.optim.Optimizer
        )
        assert not ready, f"{because} (Yours stands on {base.__name__}.)"
    assert "step" in vars(MyAdam), f"{because} (Yours has no step.)"
    ready = [name for name in READY if name.lower().endswith(("adam", "adamw"))]
    forbid(MyAdam, *ready, "_functional", "_fused_adam_", "course_lib", because=because)
    (p,) = parameters([1.0])
    p.grad = torch.ones_like(p)
    with torchs_own_refused(because):
        try:
            MyAdam([p], lr=0.1).step()
        except Exception as error:  # anything else that is wrong is found, and said, later
            assert because not in str(error), because


def parameters(*values):
    """Parameters in float64, one for each list of numbers."""
    return [torch.tensor(v, dtype=DOUBLE, requires_grad=True) for v in values]


def give(params, gradients):
    """Put a gradient on each parameter; None puts none."""
    for p, g in zip(params, gradients, strict=True):
        p.grad = None if g is None else torch.zeros_like(p) + g


@contextmanager
def hints():
    """Say what most likely led to an error in MyAdam."""
    try:
        yield
    except TypeError as error:
        if "Optimizer.__init__" not in str(error):
            raise
        raise AssertionError(f"Hand two things to {BASE} ({error})") from error
    except AttributeError as error:
        if "param_groups" not in str(error) and "has no attribute 'state'" not in str(error):
            raise
        raise AssertionError(f"There are no groups yet. Call {BASE} ({error})") from error
    except ValueError as error:
        if "empty parameter list" not in str(error):
            raise
        raise AssertionError(
            "params may be a generator, as model.parameters() is: it can be gone through only once. Hand it "
            f"on as it comes. ({error})"
        ) from error
    except KeyError as error:
        if error.args[0] in ("lr", "betas", "eps"):
            raise AssertionError(f"The groups have no {error}. Hand it to {BASE}") from error
        raise AssertionError(
            f"There is no {error}. If you looked in self.state[p]: it is empty at the first update, "
            "and then holds what you put there. Put m, v and t there, all three."
        ) from error


def made(MyAdam, params, **settings):
    with hints():
        return MyAdam(params, **settings)


def step(optimizer, closure=None):
    with hints():
        return optimizer.step(closure) if closure else optimizer.step()


def both_follow(optimizer_class, pushes, change=None, **settings):
    """One weight after each update, from 1; `change` may change the group before update number t."""
    (p,) = parameters([1.0])
    optimizer = made(optimizer_class, [p], **settings)
    weights = []
    for t, g in enumerate(pushes, start=1):
        if change is not None:
            change(t, optimizer.param_groups[0])
        give([p], [g])
        step(optimizer)
        weights.append(p.detach().clone())
    return weights


@question(points=5)
def adam_optimizer(MyAdam):
    own_class(MyAdam)
    # One update. Adam's first step is lr, whatever the gradient. It moves the tensor that the model holds.
    p, q = parameters([1.0, 1.0], [[1.0]])
    optimizer = made(MyAdam, [p, q], lr=0.1)
    memory = p.detach()
    give([p, q], [2.0, -3.0])
    step(optimizer)
    assert not torch.equal(p, torch.ones_like(p)), (
        "step() left the parameter where it was. p = … only gives a new tensor the name p: "
        "write into the old one, p.copy_(…)."
    )
    assert torch.equal(memory, p), (
        "step() gave the parameter other memory, as p.data = … does. Who else holds the old one (a model "
        "that shares weights) keeps the old numbers. Write into it, in place: p.copy_(…) or p.sub_(…)."
    )
    kept = p.grad is not None and torch.equal(p.grad, torch.full_like(p, 2.0))
    assert kept, (
        f"step() changed p.grad, from 2 to {None if p.grad is None else p.grad.tolist()}. Only read it: no "
        "mul_, no add_, no zero_ on p.grad."
    )
    step_is(
        "With p = 1, p.grad = 2 and lr = 0.1 your first step, in units of lr,",
        (1.0 - p[0].item()) / 0.1,
        1,
        FIRST,
    )

    # Three updates, each with a gradient of its own, against torch itself.
    pushes = [2.0, -4.0, 1.0]
    mine = both_follow(MyAdam, pushes, lr=0.1)
    t = first_difference(mine, both_follow(torch.optim.Adam, pushes, lr=0.1))
    assert t != 1, "Your first step is right to six digits only: is ε outside of the root, √v̂ + ε?"
    assert t is None, (
        f"Your first step is right, but by update {t} you and torch part. "
        "Is everything kept for the next update: m, v and t, all three in self.state[p]? "
        "(And m and v as they were before the correction?) "
        "(If you call `adam`, it hands back only m and v. t is yours to keep.)"
    )

    # A parameter without gradient is skipped, and its t stands still.
    p, late = parameters([1.0], [1.0])
    optimizer = made(MyAdam, [p, late], lr=0.1)
    for _ in range(3):
        give([p, late], [2.0, None])
        try:
            step(optimizer)
        except (TypeError, AttributeError) as error:
            raise AssertionError(
                f"A parameter whose grad is None broke step(): skip it. ({error})"
            ) from error
    assert late.item() == 1.0, "A parameter whose grad is None moved. Skip it."
    give([p, late], [2.0, 2.0])
    step(optimizer)
    moved = (1.0 - late.item()) / 0.1
    assert tools.close(moved, 1, 1e-6), (
        "A parameter got its first gradient when the others got their fourth. "
        f"Its first step is 1·lr; yours is {moved:.4g}·lr: "
        "each parameter counts its own updates, so keep t in self.state[p]."
    )

    first, second = parameters([1.0], [1.0])
    give([first, second], [None, 2.0])
    step(made(MyAdam, [first, second], lr=0.1))
    assert second.item() != 1.0, (
        "The first of two parameters has no gradient, and the second one stood still, too. Skip the first "
        "and go on: continue, not break or return."
    )

    # A loop may fill the same gradient tensor again and again: zero_grad(set_to_none=False).
    p, q = parameters([1.0], [1.0])
    optimizer, judge = made(MyAdam, [p], lr=0.1), torch.optim.Adam([q], lr=0.1)
    give([p, q], [2.0, 2.0])
    for g in (2.0, -4.0, 1.0):
        p.grad.fill_(g)
        q.grad.fill_(g)
        step(optimizer)
        judge.step()
    refilled = torch.allclose(p, q, rtol=1e-9) and p.grad.item() == 1.0
    assert refilled, (
        "When the loop fills the same gradient tensor again and again, you and torch part: "
        "does your state hold p.grad itself, where a copy belongs?"
    )

    # Every group has its own rate, and its own memory.
    p, q = parameters([1.0], [1.0])
    optimizer = made(MyAdam, [{"params": [p]}, {"params": [q], "lr": 0.001}], lr=0.1)
    give([p, q], [2.0, 2.0])
    step(optimizer)
    steps = 1.0 - p.item(), 1.0 - q.item()
    assert steps[1] != 0, "The parameter of the second group stood still. Go through all groups."
    assert tools.close(steps[0], 0.1, 1e-6) and tools.close(steps[1], 0.001, 1e-9), (
        f"Two groups with lr 0.1 and 0.001 moved by {steps[0]:.4g} and {steps[1]:.4g}: "
        "read group['lr'], not the default of all groups."
    )
    give([p, q], [2.0, -2.0])
    step(optimizer)
    torchs = parameters([1.0], [1.0])
    judge = torch.optim.Adam([{"params": torchs[:1]}, {"params": torchs[1:], "lr": 0.001}], lr=0.1)
    for pair in ([2.0, 2.0], [2.0, -2.0]):
        give(torchs, pair)
        judge.step()
    assert torch.allclose(p, torchs[0], rtol=1e-9) and torch.allclose(q, torchs[1], rtol=1e-9), (
        "Parameters of different groups share their memory: "
        "find the state by the tensor, self.state[p], not by its number."
    )

    # A scheduler halves the rate after each update.
    (p,) = parameters([1.0])
    optimizer = made(MyAdam, [p], lr=0.1)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    for _ in range(3):
        give([p], [2.0])
        step(optimizer)
        scheduler.step()
    assert tools.close(1.0 - p.item(), 0.175, 1e-6), (
        f"Under a scheduler that halves lr = 0.1, three updates move w by 0.175, not {1.0 - p.item():.4g}: "
        "read the rate from the group at every step; a copy made in __init__ grows stale."
    )

    # The betas and ε change, too.
    def change(t, group):
        group.update(betas=(0.9, 0.999) if t < 3 else (0.5, 0.9), eps=1e-8 if t < 4 else 1.0)

    pushes = [2.0, -1.0, 3.0, 1.0, 0.5]
    mine = both_follow(MyAdam, pushes, change, lr=0.1)
    t = first_difference(mine, both_follow(torch.optim.Adam, pushes, change, lr=0.1))
    assert t is None, (
        f"When betas change before update 3, and eps before update 4, you and torch part at update {t}: "
        "read both from the group, at every step."
    )

    # Stop, save to a file, load into a fresh optimizer, go on: bit for bit the same.
    pushes = random_gradients(8, (3,), seed=5)
    (p,) = parameters([1.0, 2.0, 3.0])
    optimizer = made(MyAdam, [p], lr=0.1)
    file = io.BytesIO()
    for i, g in enumerate(pushes):
        if i == 4:
            torch.save({"weights": p.detach().clone(), "optimizer": optimizer.state_dict()}, file)
        give([p], [g])
        step(optimizer)
    file.seek(0)
    saved = torch.load(file)
    resumed = saved["weights"].requires_grad_()
    fresh = made(MyAdam, [resumed], lr=0.5)
    fresh.load_state_dict(saved["optimizer"])
    for g in pushes[4:]:
        give([resumed], [g])
        step(fresh)
    assert torch.equal(p, resumed), (
        "Saved after 4 updates and loaded into a fresh optimizer, the run goes on differently: "
        "is everything that you must remember (m, v and t) in self.state[p]?"
    )
