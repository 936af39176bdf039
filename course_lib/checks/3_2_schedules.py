"""The tests of assignment 3.2: a rate for each update."""

import io
import math
import types
import warnings
from contextlib import contextmanager
from unittest import mock

import torch
from torch.overrides import TorchFunctionMode

from course_lib import lr_scheduler, schedules
from course_lib.checks import question
from course_lib.checks.tools import close, expect, explain, locked

LRScheduler = torch.optim.lr_scheduler.LRScheduler
FORBIDDEN = "The formula is yours to write, with math alone: neither torch nor course_lib does it for you."
ENDS = "past the end it must stay at the floor. Let nothing go beyond t = total."
# The functions of course_lib.schedules, and those that its and torch's schedulers are made with.
READY = [
    *(
        one
        for one in vars(schedules).values()
        if isinstance(one, types.FunctionType) and one.__module__ == schedules.__name__
    ),
    LRScheduler.__init__,
    LRScheduler.step,
]


def refused(*_, **__):  # its code runs in the place of a ready function's, and finds no name of this module
    raise AssertionError("ready made")


class Untouched(TorchFunctionMode):
    """While it is on, no function of torch can be called. To ask whether t is a tensor is allowed."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        raise AssertionError("ready made")


@contextmanager
def alone():
    """While an answer runs, let what is ready made fail, whatever name or place it was kept under."""
    if READY[0].__code__ is refused.__code__:  # already on: whoever asks often holds it, for to swap is dear
        yield
        return
    codes = [one.__code__ for one in READY]
    try:
        for one in READY:
            one.__code__ = refused.__code__
        with Untouched():
            yield
    finally:
        for one, code in zip(READY, codes, strict=True):
            one.__code__ = code


def hint_for(error, what):
    """What most likely led to an error in a schedule, or None where its own words say it best."""
    if isinstance(error, AssertionError) and str(error) == "ready made":
        return FORBIDDEN
    if isinstance(error, ZeroDivisionError):
        return f"{what}: division by zero. Before you divide, see which part of the formula t is in."
    if isinstance(error, ValueError) and "math domain" in str(error):
        return f"{what}: a number that math cannot take. Is each t in its own part of the formula?"
    return None


def at(schedule, t, **options):
    """The multiplier that an answer gives, as a number."""
    assert callable(schedule), f"This must be a function, and is {type(schedule).__name__}."
    what = said(t, options)
    try:
        with alone():
            value = schedule(t, **options)
    except NotImplementedError:
        raise
    except Exception as error:
        if (hint := hint_for(error, what)) is None:
            raise
        raise AssertionError(hint) from error
    assert not isinstance(value, complex), f"{what}, your multiplier is a complex number."
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    assert plain, f"{what}, your multiplier is a {type(value).__name__}, and must be a Python number."
    return value


def said(t, options):
    words = ", ".join(f"{name}={value:g}" for name, value in options.items())
    return f"At t = {t} with {words}"


def must_be(schedule, t, want, slips=None, otherwise="work it out on paper and compare.", **options):
    what = f"{said(t, options)} your multiplier"
    expect(what, at(schedule, t, **options), want, slips, otherwise=otherwise)


def the_same_again(schedule, t, **options):
    """See that a schedule remembers nothing: asked late, early, and late again."""
    first = at(schedule, t, **options)
    for other in (0, 3, t + 5):
        at(schedule, other, **options)
    assert at(schedule, t, **options) == first, (
        f"{said(t, options)} your function gives one answer now and another later: it must remember nothing."
    )


# --- 1 -----------------------------------------------------------------------------------------------------


@question(points=3)
def step_decay(step_decay):
    must_be(step_decay, 0, 1, {0.1: "the first step_size updates are made at the peak."}, step_size=30)
    must_be(
        step_decay,
        29,
        1,
        {
            0.1: "the rate falls one update too early. Update 30 is the first at the new rate.",
            0.1 ** (29 / 30): "the exponent must be a whole number: round t / step_size down, with //.",
            29 * 0.1: "γ is raised to a power, **.",
        },
        step_size=30,
    )
    late = "the rate falls one update too late. Update 30 is the first at the new rate."
    theirs = "does 0.5 stand in your function? The factor is gamma: as it was given, and 0.1 if it was not."
    must_be(step_decay, 30, 0.1, {1: late, 0.5: theirs}, step_size=30)
    must_be(
        step_decay,
        90,
        0.125,
        {
            0.001: "0.1 stands in your function. The factor is gamma, as it was given.",
            0.5: "γ is there once for each step that is over, three times here: a power.",
            1.5: "γ is raised to a power, **, not multiplied.",
            3: "γ is raised to a power, **.",
        },
        step_size=30,
        gamma=0.5,
    )
    the_same_again(step_decay, 70, step_size=30)


# --- 2 -----------------------------------------------------------------------------------------------------


@question(points=4)
def cosine(cosine):
    # A quarter of the way: cos 45° = 0.7071.
    degrees = (1 + math.cos(180 * 0.25)) / 2
    must_be(
        cosine,
        25,
        (1 + math.cos(math.pi / 4)) / 2,
        {
            math.cos(math.pi / 4): "that is cos πu alone. Add 1 and halve it.",
            1 + math.cos(math.pi / 4): "is the division by 2 missing?",
            1 + math.cos(math.pi / 4) / 2: "put parentheses: (1 + cos πu), then half of it.",
            (1 + math.cos(0.25)) / 2: "is π missing?",
            degrees: "math.cos takes radians: πu, not 180·u.",
            0.5: "with 2π it would be back at the top at the end: it is half a cosine, πu.",
            (1 - math.cos(math.pi / 4)) / 2: "it rises. Add the cosine.",
            0.75: "that is a straight line.",
            (1 + math.cos(math.pi * 25 / 99)) / 2: "it ends one update early: u = t / T, and T is total.",
            (1 + math.cos(math.pi * 26 / 100)) / 2: "u is t / T: the first update has t = 0.",
            0.1
            + 0.9 * (1 + math.cos(math.pi / 4)) / 2: "does a floor of 0.1 stand in your function? floor is "
            "what it was given, and 0.0 if it was not.",
        },
        total=100,
    )
    slips = {
        0.1: "the floor is where it ends, not where it begins.",
        1.1: "the floor is added, and only the rest, 1 − floor, falls.",
    }
    must_be(cosine, 0, 1, slips, total=100, floor=0.1)
    must_be(
        cosine,
        50,
        0.55,
        {
            0.5: "is the floor left out? It is approached, and reached at the end.",
            0.6: "the floor is added, and only the rest, 1 − floor, falls.",
            0.45: "the floor is missing as a summand: floor + (1 − floor)·…",
            0.05: "the fall is from 1 to floor, so its height is 1 − floor.",
        },
        total=100,
        floor=0.1,
    )
    must_be(
        cosine,
        100,
        0.1,
        {0: "is the floor left out? It is reached at t = total.", -0.8: "is the division by 2 missing?"},
        total=100,
        floor=0.1,
    )
    for t in (101, 150, 200):
        back = 0.1 + 0.9 * (1 + math.cos(math.pi * t / 100)) / 2
        must_be(
            cosine,
            t,
            0.1,
            {
                back: "the cosine rises again. It must end: u is at most 1.",
                0: "past the end it must stay at the floor, which is not 0.",
                1: "past the end it must stay at the floor, not at the peak.",
            },
            ENDS,
            total=100,
            floor=0.1,
        )
    the_same_again(cosine, 70, total=100)


# --- 3 -----------------------------------------------------------------------------------------------------


def rises(schedule, **options):
    """See that a warmup of four updates rises 1/4, 1/2, 3/4, 1."""
    for t, want in enumerate((0.25, 0.5, 0.75, 1)):
        must_be(
            schedule,
            t,
            want,
            {
                t / 4: "it rises as t/W: the first update has the rate 0 and learns nothing. (t + 1)/W.",
                t / 3: "the first update has the rate 0 and learns nothing: (t + 1)/W.",
                (t + 1) / 5: "it arrives one update late: (t + 1)/W, so that update W − 1 has the peak.",
                (t + 2) / 4: "it arrives one update early: the first one has 1/W.",
                0.1 + 0.9 * (t + 1) / 4: "the warmup rises from 1/W, whatever the floor is.",
            },
            warmup=4,
            **options,
        )


@question(points=4)
def warmup_cosine(warmup_cosine):
    options = dict(total=100, warmup=4, floor=0.1)
    rises(warmup_cosine, total=100, floor=0.1)
    must_be(
        warmup_cosine,
        4,
        1,
        {
            1.25: "the warmup is over: t < W, with 4 not below 4.",
            0.1 + 0.9 * (1 + math.cos(math.pi * 0.04)) / 2: "the cosine begins at t = W, with u = 0.",
            0.1 + 0.9 * (1 + math.cos(math.pi / 96)) / 2: "the cosine begins at t = W, with u = 0.",
        },
        **options,
    )
    must_be(
        warmup_cosine,
        52,
        0.55,
        {
            0.1 + 0.9 * (1 + math.cos(math.pi * 0.52)) / 2: "u is the share of what comes after the warmup: "
            "(t − W)/(T − W).",
            0.1 + 0.9 * (1 + math.cos(math.pi * 0.48)) / 2: "the cosine has T − W updates, not T.",
            0.1 + 0.9 * (1 + math.cos(math.pi * 52 / 96)) / 2: "take the warmup off t, too: (t − W)/(T − W).",
            0.5: "is the floor left out?",
            0.6: "the floor is added, and only the rest, 1 − floor, falls.",
            0.45: "the floor is missing as a summand: floor + (1 − floor)·…",
        },
        **options,
    )
    for t in (100, 104, 150, 196):
        back = 0.1 + 0.9 * (1 + math.cos(math.pi * (t - 4) / 96)) / 2
        slips = {0: "past the end it must stay at the floor, which is not 0."}
        if not close(back, 0.1):
            slips[back] = "the cosine rises again. It must end: u is at most 1."
        must_be(warmup_cosine, t, 0.1, slips, ENDS, **options)
    no_warmup = dict(total=10, warmup=0, floor=0.0)
    must_be(warmup_cosine, 0, 1, **no_warmup)
    must_be(warmup_cosine, 5, 0.5, **no_warmup)
    nothing_else = dict(total=4, warmup=4, floor=0.2)
    must_be(warmup_cosine, 3, 1, **nothing_else)
    for t in (4, 9):
        must_be(
            warmup_cosine,
            t,
            0.2,
            {1: "from t = T on it is at the floor, without a cosine too."},
            **nothing_else,
        )
    the_same_again(warmup_cosine, 70, **options)


# --- 4 -----------------------------------------------------------------------------------------------------


@question(points=4)
def wsd(wsd):
    options = dict(total=100, warmup=4, decay=20, floor=0.1)
    rises(wsd, total=100, decay=20, floor=0.1)
    for t in (4, 40, 79):
        slips = {
            1.25: "the warmup is over: t < W, with 4 not below 4.",
            0.1 + 0.9 * (1 - (t - 4) / 96): "it must stay at the peak until the last D updates.",
            0.1 + 0.9 * (1 + (80 - t) / 20): "the decay begins at t = T − D. Before, it is 1.",
        }
        must_be(wsd, t, 1, slips, "between warmup and decay it is 1.", **options)
    early = "it begins to fall one update too early: at t = T − D it still has the peak, with u = 0."
    share = "u is the share of the decay that is over, (t − (T − D))/D, not of the training."
    must_be(wsd, 80, 1, {0.955: early, 0.1 + 0.9 * 18 / 19: early, 0.28: share}, **options)
    must_be(
        wsd,
        90,
        0.55,
        {
            1: "does it fall in its last D updates? They are t = T − D to T − 1.",
            0.5: "is the floor left out?",
            0.6: "the floor is added, and only the rest, 1 − floor, falls.",
            0.45: "the floor is missing as a summand: floor + (1 − floor)·…",
            0.1
            + 0.9 * 0.1: "u is the share of the decay that is over, (t − (T − D))/D, not of the training.",
            0.1 + 0.9 * (1 + math.cos(math.pi * 10 / 20 * 0.5)) / 2: "the decay is a straight line.",
        },
        **options,
    )
    must_be(
        wsd,
        85,
        0.775,
        {
            0.1 + 0.9 * (1 + math.cos(math.pi / 4)) / 2: "the decay is a straight line, not a cosine.",
            0.325: "it rises. 1 − u falls.",
        },
        **options,
    )
    for t in (100, 101, 150):
        on = 0.1 + 0.9 * (1 - (t - 80) / 20)
        slips = {0: "past the end it must stay at the floor, which is not 0.", 1: ENDS}
        if not close(on, 0.1):
            slips[on] = "the line goes on below the floor. It must end: u is at most 1."
        must_be(wsd, t, 0.1, slips, ENDS, **options)
    no_warmup = dict(total=10, warmup=0, decay=5)
    must_be(wsd, 0, 1, **no_warmup)
    must_be(wsd, 9, 0.2, **no_warmup)
    no_decay = dict(total=10, warmup=2, decay=0, floor=0.3)
    must_be(wsd, 9, 1, **no_decay)
    must_be(wsd, 10, 0.3, {1: "from t = T on it is at the floor, without a decay too."}, ENDS, **no_decay)
    the_same_again(wsd, 90, **options)


# --- 5 -----------------------------------------------------------------------------------------------------


def halving(t):
    return 0.5**t


def made(MySchedule, schedule, peaks=(0.4,), initial=None, **more):
    """A fresh optimizer, with a group for each peak, and a fresh scheduler."""
    assert isinstance(MySchedule, type) and issubclass(MySchedule, LRScheduler), (
        "MySchedule must be a class that inherits from LRScheduler."
    )
    groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": peak} for peak in peaks]
    for group, peak in zip(groups, initial or (), strict=initial is not None):
        group["initial_lr"] = peak
    optimizer = torch.optim.SGD(groups, lr=7.0)
    theirs = MySchedule.get_lr

    def watched(self):
        return a_list(theirs(self), len(peaks))

    with mock.patch.object(MySchedule, "get_lr", watched):
        return optimizer, MySchedule(optimizer, schedule, **more)


def a_list(found, groups):
    """What get_lr returned, if it is as it must be."""
    assert found is not None, "get_lr returned None. Is the return missing?"
    kind = f"get_lr must return a list, one rate for each group, and returned a {type(found).__name__}."
    assert isinstance(found, list), kind
    assert len(found) == groups, (
        f"get_lr must return a list, one rate for each group: {groups} here, and not {len(found)}."
    )
    for rate in found:
        plain(rate, "get_lr's list")
    return found


def plain(rate, where):
    numpys = type(rate).__module__ == "numpy"
    why = " Put float(…) around it: torch.load takes no number of NumPy's." if numpys else ""
    assert type(rate) in (int, float), (
        f"The rate in {where} is a {type(rate).__name__}, and must be a plain Python number.{why}"
    )


def rates(optimizer):
    found = [group["lr"] for group in optimizer.param_groups]
    for rate in found:
        plain(rate, "the optimizer")
    return found


def train(optimizer, scheduler, updates):
    """The rates at which updates are made; a row for each update, a rate for each group."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(updates):
            found.append(rates(optimizer))
            optimizer.step()
            scheduler.step()
    return found


def saved(state):
    """A state, once it was on a disk. Only numbers, texts, lists and tensors come back."""
    assert isinstance(state, dict), f"state_dict must return a dict, and returned {type(state).__name__}."
    held = [name for name, value in state.items() if callable(value)]
    assert not held, f"Your state holds a function, under {held[0]!r}. Leave it out."
    file = io.BytesIO()
    try:
        torch.save(state, file)
        file.seek(0)
        return torch.load(file, weights_only=True)
    except Exception as error:
        raise AssertionError(
            "Your state does not survive torch.save and torch.load. It must hold plain numbers and lists of "
            f"them, neither a function nor an optimizer. ({str(error).splitlines()[0]})"
        ) from error


def load(scheduler, state):
    """Load a state, and see that the function is still there."""
    had = [name for name, value in vars(scheduler).items() if callable(value) and state.get(name, 0) is None]
    try:
        scheduler.load_state_dict(state)
    except TypeError:
        if not any(getattr(scheduler, name, None) is None for name in had):
            raise
    for name in had:
        assert getattr(scheduler, name, None) is not None, (
            f"Your state holds None under {name!r}, and loading it puts None where your function was. Let "
            "state_dict leave that entry out."
        )


BORROWED = "Write the scheduler yourself, with LRScheduler and the function that you are given."


def not_borrowed(MySchedule):
    """See that it inherits from LRScheduler alone. What it may not call is refused while it runs."""
    kinds = MySchedule.__mro__ if isinstance(MySchedule, type) else ()
    base = {LRScheduler, torch.optim.lr_scheduler._LRScheduler, object}
    others = [kind for kind in kinds if kind not in base]
    theirs = [kind for kind in others if kind.__module__.split(".")[0] in ("torch", "course_lib")]
    assert not theirs, f"Inherit from LRScheduler itself, not from {theirs[0].__name__}."


def ready_schedulers():
    """Refuse the schedulers of torch and of the library while an answer runs."""
    known = [*vars(torch.optim.lr_scheduler).values(), *vars(lr_scheduler).values()]
    kinds = {one for one in known if isinstance(one, type) and issubclass(one, LRScheduler)}
    kinds -= {LRScheduler, torch.optim.lr_scheduler._LRScheduler}
    return locked(*((kind, ["__init__"]) for kind in kinds if "__init__" in vars(kind)), because=BORROWED)


def resumed(MySchedule, schedule, peaks, after, more, both=False):
    """The rates after a stop: all is made anew, and the state loaded."""
    optimizer, scheduler = made(MySchedule, schedule, peaks)
    train(optimizer, scheduler, after)
    state, optimizers = saved(scheduler.state_dict()), optimizer.state_dict()
    optimizer, scheduler = made(MySchedule, schedule, peaks)
    if both:
        optimizer.load_state_dict(optimizers)
    load(scheduler, state)
    return train(optimizer, scheduler, more)


@question(points=5)
def scheduler(MySchedule):
    not_borrowed(MySchedule)
    with ready_schedulers():
        follows(MySchedule)
        goes_on(MySchedule)


def follows(MySchedule):
    # Halved at each update, from a peak of 0.4.
    optimizer, _ = made(MySchedule, halving)
    first = rates(optimizer)[0]
    slips = {
        1: "that is the multiplier. The rate is the peak times it.",
        0.2: "update 0 is made at f(0): ask the schedule for self.last_epoch, which is 0 at first.",
    }
    expect("With f(t) = 0.5ᵗ and a peak of 0.4 the rate of the first update", first, 0.4, slips)
    found = [row[0] for row in train(*made(MySchedule, halving), 4)]
    slips = {
        0.05: "you multiplied the rate as it was. The peak is self.base_lrs: it stays.",
        0.4: "the rate stands still. Ask the schedule for self.last_epoch.",
    }
    for t, want in enumerate((0.4, 0.2, 0.1, 0.05)):
        expect(f"With f(t) = 0.5ᵗ and a peak of 0.4 the rate of update {t}", found[t], want, slips)

    # Two groups, each with a peak of its own.
    both = train(*made(MySchedule, halving, (0.4, 0.02)), 2)[1]
    for lr, want in zip(both, (0.2, 0.01), strict=True):
        one = {0.2: "each group has its own peak: self.base_lrs, in order."}
        expect("With the peaks 0.4 and 0.02 and f(1) = 0.5 a group's rate at update 1", lr, want, one)

    # It follows the function, not the rate that it finds: a multiplier of 0, and up again.
    found = [row[0] for row in train(*made(MySchedule, lambda t: float(t != 1)), 3)]
    assert all(map(close, found, [0.4, 0.0, 0.4])), (
        f"With multipliers 1, 0, 1 and a peak of 0.4 your rates are {found}, and must be [0.4, 0.0, 0.4]: "
        "the peak times f(t), whatever the rate was before."
    )


def goes_on(MySchedule):
    """See that it goes on after a stop, after any number of updates."""
    through = train(*made(MySchedule, halving, (0.4, 0.02)), 8)
    for after in (0, 1, 4):
        again = resumed(MySchedule, halving, (0.4, 0.02), after, 8 - after)
        for number, (mine, want) in enumerate(zip(again, through[after:], strict=True)):
            for group, (lr, right) in enumerate(zip(mine, want, strict=True)):
                count = f"{after} update{'s' * (after != 1)}"
                what = f"Stopped after {count} and resumed, the rate of update {after + number}"
                if group:
                    what += f", in group {group},"
                first = {want[0]: "that is group 0's. Each group has its own rate."} if group else {}
                known = {
                    right / 2: "you loaded one update too far: no step() is needed to load.",
                    right * 2: "it lags by one update.",
                    # After one update that is the same number, and the likelier slip.
                    0.4: "the optimizer still has the rate that it was made with. Set each group's lr.",
                    0.02: "the optimizer still has the rate that it was made with. Set each group's lr.",
                }
                if not close(lr, right):
                    raise AssertionError(explain(what, lr, right, known | first))
        with_optimizer = resumed(MySchedule, halving, (0.4, 0.02), after, 8 - after, both=True)
        assert with_optimizer == again, (
            "When the optimizer's state is loaded, too, your rates are others: set them, do not multiply."
        )
