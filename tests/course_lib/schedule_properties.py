"""What the formulas, the papers and torch say of the schedules: one function a property.

Like the checks of the rules, they take the module as an argument so that ``test_schedule_mutants.py`` can
hand them broken schedules and see them fail.
"""

import itertools
import math
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from torch.optim import lr_scheduler as torchs

#: The same examples on every run, nothing written to disk, no clocks.
deterministic = settings(
    derandomize=True, deadline=None, max_examples=60, database=None, phases=(Phase.explicit, Phase.generate)
)

HUGE = 10**15
counts = st.integers(1, 300) | st.integers(1, HUGE)
fractions = st.floats(0, 1)
#: The schedules that come to an end at ``total``.
ENDING = ("polynomial", "cosine", "warmup_cosine", "warmup_linear", "wsd", "one_cycle")
WARM = ("linear_warmup", "warmup_cosine", "warmup_linear", "inverse_sqrt", "wsd")


@st.composite
def options_of(draw, name, largest=HUGE):
    """Good options for the schedule of that name."""
    total = draw(st.integers(1, min(300, largest)) | st.integers(1, largest))
    warmup = draw(st.sampled_from([0, min(1, total), total]) | st.integers(0, total))
    floor = draw(st.sampled_from([0.0, 0.1, 1.0]) | fractions)
    return {
        "constant": {},
        "step": dict(step_size=total, gamma=draw(st.floats(0.01, 1))),
        "multi_step": dict(milestones=draw(st.lists(st.integers(0, 400), max_size=5)), gamma=0.5),
        "exponential": dict(gamma=draw(st.floats(0.01, 1))),
        "polynomial": dict(total=total, floor=floor, power=draw(st.floats(0.2, 4))),
        "cosine": dict(total=total, floor=floor),
        "cosine_restarts": dict(T_0=total, T_mult=draw(st.integers(1, 4)), floor=floor),
        "linear_warmup": dict(warmup=warmup),
        "warmup_cosine": dict(total=total, warmup=warmup, floor=floor),
        "warmup_linear": dict(total=total, warmup=warmup, floor=floor),
        "inverse_sqrt": dict(warmup=warmup),
        "wsd": dict(total=total, warmup=warmup, decay=draw(st.integers(0, total - warmup)), floor=floor),
        "one_cycle": dict(total=total, warmup=warmup, start=draw(st.floats(floor, 1)), floor=floor),
    }[name]


NAMES = (*ENDING, "constant", "step", "multi_step", "exponential", "cosine_restarts", *WARM[:1], WARM[3])


def for_all(names, *strategies, largest=HUGE):
    """Hold a property ``holds(name, options, *values)`` for examples of every schedule of those names."""

    def run(holds):
        for name in names:

            @deterministic
            @given(st.tuples(st.just(name), options_of(name, largest), *strategies))
            def on_one_schedule(example):
                holds(*example)

            on_one_schedule()

    return run


def values(schedule, updates, **options):
    """The multipliers of the first updates."""
    return [schedule(t, **options) for t in range(updates)]


def close(actual, expected, tolerance=1e-12):
    """Whether numbers are what is expected, to within a tolerance."""
    return bool(np.allclose(actual, expected, rtol=tolerance, atol=tolerance))


# --- by hand -----------------------------------------------------------------------------------------------

HALF = math.sqrt(0.5)

#: Schedule, options, its first multipliers.
BY_HAND = [
    ("constant", {}, [1, 1, 1]),
    ("step", dict(step_size=2, gamma=0.5), [1, 1, 1 / 2, 1 / 2, 1 / 4, 1 / 4]),
    ("step", dict(step_size=1), [1, 0.1, 0.01]),
    ("multi_step", dict(milestones=[1, 3], gamma=0.5), [1, 1 / 2, 1 / 2, 1 / 4, 1 / 4]),
    ("multi_step", dict(milestones=(3, 1, 1), gamma=0.5), [1, 1 / 4, 1 / 4, 1 / 8]),
    ("multi_step", dict(milestones=[]), [1, 1]),
    ("exponential", dict(gamma=0.5), [1, 1 / 2, 1 / 4, 1 / 8]),
    ("polynomial", dict(total=4), [1, 3 / 4, 1 / 2, 1 / 4, 0, 0]),
    ("polynomial", dict(total=4, power=2.0, floor=0.2), [1, 0.65, 0.4, 0.25, 0.2, 0.2]),
    ("polynomial", dict(total=1), [1, 0, 0]),
    ("cosine", dict(total=4), [1, (1 + HALF) / 2, 1 / 2, (1 - HALF) / 2, 0, 0, 0, 0, 0]),
    ("cosine", dict(total=2, floor=0.1), [1, 0.55, 0.1, 0.1]),
    ("cosine", dict(total=1), [1, 0, 0]),
    ("cosine_restarts", dict(T_0=2, T_mult=2), [1, 1 / 2, 1, (1 + HALF) / 2, 1 / 2, (1 - HALF) / 2, 1]),
    ("cosine_restarts", dict(T_0=2, floor=0.2), [1, 0.6, 1, 0.6, 1]),
    ("cosine_restarts", dict(T_0=1), [1, 1, 1]),
    ("linear_warmup", dict(warmup=4), [1 / 4, 1 / 2, 3 / 4, 1, 1, 1]),
    ("linear_warmup", dict(warmup=1), [1, 1]),
    ("linear_warmup", dict(warmup=0), [1, 1]),
    ("warmup_cosine", dict(total=6, warmup=2), [1 / 2, 1, 1, (1 + HALF) / 2, 1 / 2, (1 - HALF) / 2, 0, 0]),
    ("warmup_cosine", dict(total=3, warmup=1, floor=0.1), [1, 1, 0.55, 0.1, 0.1]),
    ("warmup_cosine", dict(total=2, warmup=0), [1, 1 / 2, 0, 0]),
    ("warmup_cosine", dict(total=1, warmup=1), [1, 0, 0]),
    ("warmup_cosine", dict(total=1, warmup=0), [1, 0, 0]),
    ("warmup_linear", dict(total=6, warmup=2), [1 / 2, 1, 1, 3 / 4, 1 / 2, 1 / 4, 0, 0]),
    ("warmup_linear", dict(total=2, warmup=2, floor=0.5), [1 / 2, 1, 1 / 2, 1 / 2]),
    ("inverse_sqrt", dict(warmup=2), [1 / 2, 1, math.sqrt(2 / 3), HALF, math.sqrt(2 / 5)]),
    ("inverse_sqrt", dict(warmup=1), [1, HALF, math.sqrt(1 / 3), 1 / 2]),
    ("inverse_sqrt", dict(warmup=0), [1, HALF, math.sqrt(1 / 3), 1 / 2]),
    ("wsd", dict(total=7, warmup=2, decay=2), [1 / 2, 1, 1, 1, 1, 1, 1 / 2, 0, 0]),
    ("wsd", dict(total=3, warmup=0, decay=0, floor=0.5), [1, 1, 1, 1 / 2, 1 / 2]),
    ("wsd", dict(total=1, warmup=1, decay=0), [1, 0, 0]),
    ("wsd", dict(total=4, warmup=2, decay=2, floor=0.2), [1 / 2, 1, 1, 0.6, 0.2, 0.2]),
    ("one_cycle", dict(total=5, warmup=3, start=0.2, floor=0.1), [0.2, 0.6, 1, 0.55, 0.1, 0.1]),
    ("one_cycle", dict(total=3, warmup=1, start=0.2, floor=0.1), [1, 0.55, 0.1, 0.1]),
    ("one_cycle", dict(total=2, warmup=0, start=0.2, floor=0.1), [0.55, 0.1, 0.1]),
    ("one_cycle", dict(total=1, warmup=0, start=0.2, floor=0.1), [0.1, 0.1]),
    ("one_cycle", dict(total=1, warmup=1, start=0.2, floor=0.1), [1, 0.1]),
    ("one_cycle", dict(total=2, warmup=2), [1 / 25, 1, 1 / 250_000]),
    (
        "one_cycle_momentum",
        dict(total=5, warmup=3, base_momentum=0.8, max_momentum=0.9),
        [0.9, 0.85, 0.8, 0.85, 0.9, 0.9],
    ),
    ("one_cycle_momentum", dict(total=2, warmup=1), [0.85, 0.95, 0.95]),
    ("one_cycle_momentum", dict(total=1, warmup=0), [0.95, 0.95]),
]


def check_values_worked_out_by_hand(schedules):
    """Small cases, with every warmup of 0 and 1 and every total of 1 among them."""
    for name, options, expected in BY_HAND:
        actual = values(getattr(schedules, name), len(expected), **options)
        assert close(actual, expected), (name, options, actual)


# --- what holds for all ------------------------------------------------------------------------------------


def check_bounds(schedules):
    """No rate is above the peak, or below the floor (after the warmup: it may start lower), at any t."""

    @for_all(NAMES, counts)
    def holds(name, options, t):
        value = getattr(schedules, name)(t, **options)
        warming_up = name in WARM and t < options["warmup"]
        least = 0.0 if warming_up else options.get("floor", 0.0)
        assert least <= value <= 1, (name, options, t, value)

    @deterministic
    @given(options_of("one_cycle"), st.integers(0, 300), *[st.sampled_from((0.85, 0.9, 0.95))] * 2)
    def momentum(options, t, one, other):
        low, high = sorted((one, other))
        length = {name: options[name] for name in ("total", "warmup")}
        value = schedules.one_cycle_momentum(t, base_momentum=low, max_momentum=high, **length)
        assert low <= value <= high, (low, high, length, t, value)

    momentum()
    for rate in (0.1, 0.85, 0.9):  # from a number to the same number: nothing is between them
        flat = {
            schedules.one_cycle_momentum(t, total=100, warmup=50, base_momentum=rate, max_momentum=rate)
            for t in range(100)
        }
        assert flat == {rate}, flat


def check_ends(schedules):
    """At ``total`` the floor is reached, exactly, and kept for ever."""

    @for_all(ENDING, st.integers(0, 3) | st.integers(0, HUGE))
    def holds(name, options, later):
        schedule = getattr(schedules, name)
        assert schedule(options["total"] + later, **options) == options["floor"], (name, options, later)

    @for_all(("polynomial", "cosine", "cosine_restarts", "step", "exponential", "constant"))
    def begins(name, options):
        assert getattr(schedules, name)(0, **options) == 1, (name, options)

    @for_all(("one_cycle",), st.sampled_from((0.1, 0.2, 0.3)), largest=60)
    def starts(name, options, start):
        options = {**options, "start": start, "floor": min(options["floor"], start)}
        if options["warmup"] > 1:
            assert schedules.one_cycle(0, **options) == start, options


def check_peak_after_warmup(schedules):
    """The last update of the warmup is made at the peak, exactly; the first not at 0."""

    @for_all((*WARM, "one_cycle"))
    def holds(name, options):
        schedule, warmup = getattr(schedules, name), options["warmup"]
        if warmup > 0:
            assert schedule(warmup - 1, **options) == 1, (name, options)
        if name != "one_cycle":
            assert schedule(0, **options) == 1 / max(warmup, 1), (name, options)


def check_monotone(schedules):
    """Up during the warmup, never up after it; every decay falls."""

    @for_all((*ENDING, "linear_warmup", "inverse_sqrt"), largest=60)
    def holds(name, options):
        path = values(getattr(schedules, name), 70, **options)
        top = max(options.get("warmup", 0) - 1, 0)
        rise, fall = path[: top + 1], path[top:]
        assert all(a < b or a == 1 for a, b in itertools.pairwise(rise)), (name, options)
        assert all(a >= b for a, b in itertools.pairwise(fall)), (name, options)

    @for_all(("step", "multi_step", "exponential"), largest=60)
    def falls(name, options):
        path = values(getattr(schedules, name), 70, **options)
        assert all(a >= b for a, b in itertools.pairwise(path)), (name, options)


def check_continuity(schedules):
    """No step from one update to the next is larger than the steepest slope: no jump where two parts join."""

    @for_all(("cosine", "warmup_cosine", "warmup_linear", "wsd", "one_cycle"), largest=200)
    def holds(name, options):
        path = values(getattr(schedules, name), options["total"] + 3, **options)
        fall = options.get("decay", options["total"] - options.get("warmup", 0))
        rise = max(options.get("warmup", 0) - (name == "one_cycle"), 1)
        if fall == 0:
            path = path[: options["total"]]  # a decay of no updates is a jump, and meant to be one
        steepest = 1 if name in ("warmup_linear", "wsd") else math.pi / 2
        rises, falls = np.maximum(np.diff(path), 0), np.maximum(-np.diff(path), 0)
        height = 1 - options["floor"]
        if fall > 0:
            assert all(falls <= height * steepest / fall + 1e-12), (name, options)
        slope = 1 / rise if name != "one_cycle" else (1 - options["start"]) * steepest / rise
        assert all(rises <= slope + 1e-12), (name, options)

    @deterministic
    @given(options_of("polynomial", 200), st.floats(1, 4))
    def polynomial(options, power):
        options = {**options, "power": power}
        path = values(schedules.polynomial, options["total"] + 3, **options)
        assert all(np.abs(np.diff(path)) <= power * (1 - options["floor"]) / options["total"] + 1e-12)

    polynomial()


def check_nothing_is_remembered(schedules):
    """The same t gives the same value, in whatever order and however often it is asked."""

    @for_all(NAMES, largest=60)
    def holds(name, options):
        schedule = partial(getattr(schedules, name), **options)
        forth = [schedule(t) for t in range(70)]
        back = [schedule(t) for t in reversed(range(70))][::-1]
        assert forth == back


def check_indices_of_numpy(schedules):
    """NumPy's integers are integers."""

    @for_all(NAMES, st.integers(0, 2**62))
    def holds(name, options, t):
        schedule = getattr(schedules, name)
        assert math.isclose(schedule(np.int64(t), **options), schedule(t, **options), rel_tol=1e-12)


# --- one by one --------------------------------------------------------------------------------------------


def check_steps(schedules):
    """``step`` falls at every multiple of ``step_size``, ``multi_step`` at every milestone, not one later."""

    @deterministic
    @given(st.integers(1, 10**6), st.integers(1, 30), st.floats(0.5, 1))
    def holds(step_size, n, gamma):
        step = partial(schedules.step, step_size=step_size, gamma=gamma)
        assert close([step(n * step_size - 1), step(n * step_size)], [gamma ** (n - 1), gamma**n])
        multi_step = partial(schedules.multi_step, milestones=[n, 3 * n], gamma=gamma)
        at = (n - 1, n, 3 * n - 1, 3 * n, HUGE)
        assert close([multi_step(t) for t in at], [1, gamma, gamma, gamma**2, gamma**2])

    holds()


def check_restarts(schedules):
    """Every cycle is one cosine of its own length, exact for cycles that begin beyond 10¹⁵."""

    @deterministic
    @given(st.integers(1, 1000), st.integers(1, 10), st.data())
    def holds(T_0, T_mult, data):
        restarts = partial(schedules.cosine_restarts, T_0=T_0, T_mult=T_mult, floor=0.1)
        if T_mult == 1:
            cycle = data.draw(st.integers(1, HUGE))
            begins, length, before = cycle * T_0, T_0, T_0
        else:
            cycle = data.draw(st.integers(1, math.ceil(math.log(2 * HUGE, T_mult))))
            begins = T_0 * (T_mult**cycle - 1) // (T_mult - 1)
            length, before = T_0 * T_mult**cycle, T_0 * T_mult ** (cycle - 1)
        s = data.draw(st.integers(0, length - 1))
        assert restarts(begins) == 1
        assert restarts(begins + s) == schedules.cosine(s, total=length, floor=0.1)
        assert restarts(begins - 1) == schedules.cosine(before - 1, total=before, floor=0.1)

    holds()
    first = 3**40 // 2  # the first update of the cycle of length 3⁴⁰, about 6·10¹⁸: no float holds it
    assert schedules.cosine_restarts(first, T_0=1, T_mult=3) == 1
    assert schedules.cosine_restarts(first - 1, T_0=1, T_mult=3) < 1e-12
    assert close(schedules.cosine_restarts(3 * (2**54 + 1) + 1, T_0=3), 0.75)


def check_warmup_then_anything(schedules):
    """After the warmup the other schedule begins with its own t = 0; options are handed on."""

    @for_all(("step", "polynomial", "cosine", "cosine_restarts", "wsd"), st.integers(0, 300), counts)
    def holds(name, options, warmup, t):
        then = getattr(schedules, name)
        if "warmup" not in options:
            warm = schedules.linear_warmup(warmup + t, warmup=warmup, then=then, **options)
            assert warm == then(t, **options)
        fixed = schedules.linear_warmup(warmup + t, warmup=warmup, then=partial(then, **options))
        assert fixed == then(t, **options)

    @for_all(("warmup_cosine", "warmup_linear"), counts)
    def known(name, options, t):
        total, warmup = options["total"], options["warmup"]
        if warmup < total:
            then = schedules.cosine if name == "warmup_cosine" else schedules.polynomial
            composed = schedules.linear_warmup(
                t, warmup=warmup, then=then, total=total - warmup, floor=options["floor"]
            )
            assert close(getattr(schedules, name)(t, **options), composed)


def check_inverse_sqrt_is_the_papers(schedules):
    """Vaswani et al. (2017): d^−½·min(n^−½, n·W^−1.5), divided by its peak (d·W)^−½."""

    @deterministic
    @given(counts, st.integers(0, HUGE))
    def holds(warmup, t):
        n = t + 1
        paper = 512**-0.5 * min(n**-0.5, n * warmup**-1.5) / (512 * warmup) ** -0.5
        assert math.isclose(schedules.inverse_sqrt(t, warmup=warmup), paper, rel_tol=1e-12)
        assert close(schedules.inverse_sqrt(4 * warmup - 1, warmup=warmup), 0.5)

    holds()


def check_wsd_needs_no_total_until_it_decays(schedules):
    """As long as it is stable, a longer training has the same rates; the decay takes ``decay`` updates."""

    @deterministic
    @given(options_of("wsd", 300), st.integers(1, 100))
    def holds(options, more):
        total, decay = options["total"], options["decay"]
        longer = {**options, "total": total + more}
        stable = total - decay + 1 if decay else total
        assert values(schedules.wsd, stable, **options) == values(schedules.wsd, stable, **longer)
        path = values(schedules.wsd, total + 1, **options)[total - decay :]
        assert close(path, np.linspace(1, options["floor"], decay + 1) if decay else [options["floor"]])

    holds()


def check_momentum_mirrors_the_rate(schedules):
    """One-cycle's momentum is as far between its bounds as the rate between its own, upside down."""

    @deterministic
    @given(options_of("one_cycle"), counts)
    def holds(options, t):
        t = t % (2 * options["total"])
        same = dict(total=options["total"], warmup=options["warmup"])
        low = options["start"] if t < options["warmup"] else options["floor"]
        share = schedules.one_cycle(t, **{**options, "start": 0.0, "floor": 0.0})
        assert close(schedules.one_cycle(t, **options), low + (1 - low) * share)
        momentum = schedules.one_cycle_momentum(t, **same, base_momentum=0.5, max_momentum=0.9)
        assert close(momentum, 0.9 - 0.4 * share)

    holds()


# --- torch's -----------------------------------------------------------------------------------------------


def rates_of(make, updates, peak=0.3, **hyper):
    """Rate and momentum of each update, read from an optimizer that a torch scheduler drives."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=peak, **hyper)
    scheduler = make(optimizer)
    seen = []
    for update in range(updates):
        seen.append((optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["momentum"]))
        optimizer.step()
        if update < updates - 1:
            scheduler.step()
    return np.array(seen).T


def in_sequence(optimizer, warmup, then):
    """torch's way to say a linear warmup of (t + 1)/warmup and then another scheduler."""
    first = torchs.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1)
    return torchs.SequentialLR(optimizer, [first, then], milestones=[warmup])


#: Schedule, options, torch's scheduler for a peak of 0.3, how many updates they agree.
TWINS = [
    ("constant", {}, lambda o: torchs.ConstantLR(o, factor=1.0), 30),
    ("step", dict(step_size=7, gamma=0.3), lambda o: torchs.StepLR(o, 7, 0.3), 60),
    ("step", dict(step_size=1), lambda o: torchs.StepLR(o, 1), 9),
    (
        "multi_step",
        dict(milestones=[30, 4, 9, 9], gamma=0.5),
        lambda o: torchs.MultiStepLR(o, [30, 4, 9, 9], 0.5),
        60,
    ),
    ("exponential", dict(gamma=0.97), lambda o: torchs.ExponentialLR(o, 0.97), 200),
    ("polynomial", dict(total=40, power=0.9), lambda o: torchs.PolynomialLR(o, 40, 0.9), 60),
    ("polynomial", dict(total=40, power=3.0), lambda o: torchs.PolynomialLR(o, 40, 3.0), 60),
    ("polynomial", dict(total=40, floor=0.2), lambda o: torchs.LinearLR(o, 1.0, 0.2, 40), 60),
    ("cosine", dict(total=40), lambda o: torchs.CosineAnnealingLR(o, 40), 41),
    ("cosine", dict(total=40, floor=0.1), lambda o: torchs.CosineAnnealingLR(o, 40, eta_min=0.03), 41),
    ("cosine_restarts", dict(T_0=7), lambda o: torchs.CosineAnnealingWarmRestarts(o, 7), 60),
    (
        "cosine_restarts",
        dict(T_0=3, T_mult=2, floor=0.1),
        lambda o: torchs.CosineAnnealingWarmRestarts(o, 3, 2, eta_min=0.03),
        200,
    ),
    ("linear_warmup", dict(warmup=8), lambda o: torchs.LinearLR(o, 1 / 8, 1.0, 7), 30),
    (
        "warmup_cosine",
        dict(total=40, warmup=8, floor=0.1),
        lambda o: in_sequence(o, 8, torchs.CosineAnnealingLR(o, 32, eta_min=0.03)),
        41,
    ),
    (
        "warmup_linear",
        dict(total=40, warmup=8, floor=0.1),
        lambda o: in_sequence(o, 8, torchs.LinearLR(o, 1.0, 0.1, 32)),
        60,
    ),
    (
        "inverse_sqrt",
        dict(warmup=9),
        lambda o: torchs.LambdaLR(o, lambda t: min((t + 1) ** -0.5, (t + 1) * 9**-1.5) * 3),
        60,
    ),
]


def check_schedules_are_torchs(schedules):
    """Update by update the rate that torch's scheduler puts into an optimizer."""
    for name, options, make, updates in TWINS:
        ours = 0.3 * np.array(values(getattr(schedules, name), updates, **options))
        theirs = rates_of(make, updates)[0]
        assert np.allclose(ours, theirs, rtol=1e-12, atol=1e-14), (name, options, abs(ours - theirs).max())


def check_one_cycle_is_torchs(schedules):
    """Rate and momentum are ``OneCycleLR``'s, from the first to the last update."""
    for total, warmup, div, final_div in ((40, 12, 25.0, 1e4), (10, 3, 10.0, 100.0), (20, 0, 25.0, 1e4)):
        same = dict(total=total, warmup=warmup)

        def make(optimizer, total=total, warmup=warmup, div=div, final_div=final_div):
            return torchs.OneCycleLR(
                optimizer,
                0.3,
                total_steps=total,
                pct_start=warmup / total,
                div_factor=div,
                final_div_factor=final_div,
                base_momentum=0.8,
                max_momentum=0.9,
            )

        rates, momenta = rates_of(make, total, momentum=0.5)
        ours = values(schedules.one_cycle, total, **same, start=1 / div, floor=1 / div / final_div)
        assert close(0.3 * np.array(ours), rates)
        bounds = dict(base_momentum=0.8, max_momentum=0.9)
        assert close(values(schedules.one_cycle_momentum, total, **same, **bounds), momenta)


# --- bad input ---------------------------------------------------------------------------------------------

#: Schedule, options, what must be raised, words that the sentence must hold.
NONSENSE = [
    ("step", dict(step_size=0), ValueError, "step_size must be at least 1, not 0"),
    ("step", dict(step_size=2.5), TypeError, "step_size must be an integer, at least 1, not 2.5"),
    ("step", dict(step_size=3, gamma=0.0), ValueError, "gamma must be above 0 and at most 1, not 0.0"),
    ("exponential", dict(gamma=1.1), ValueError, "gamma must be above 0 and at most 1, not 1.1"),
    ("exponential", dict(gamma=-0.5), ValueError, "gamma must be above 0"),
    ("exponential", dict(gamma=math.nan), ValueError, "gamma must be above 0 and at most 1, not nan"),
    ("exponential", dict(gamma="0.9"), TypeError, "gamma must be a number above 0 and at most 1, not '0.9'"),
    ("exponential", dict(gamma=True), TypeError, "gamma must be a number"),
    ("multi_step", dict(milestones=30), TypeError, r"milestones must be a list such as \[30, 60\], not 30"),
    ("multi_step", dict(milestones=iter([3])), TypeError, "milestones must be a list"),
    ("multi_step", dict(milestones=[3, 4.0]), TypeError, "each of the milestones must be an integer"),
    ("multi_step", dict(milestones=[-1]), ValueError, "each of the milestones must be at least 0, not -1"),
    ("polynomial", dict(total=0), ValueError, "total must be at least 1, not 0"),
    ("polynomial", dict(total=4, power=0.0), ValueError, "power must be above 0 and finite, not 0.0"),
    ("polynomial", dict(total=4, power=math.inf), ValueError, "power must be above 0 and finite, not inf"),
    ("cosine", dict(total=-5), ValueError, "total must be at least 1, not -5"),
    ("cosine", dict(total=10.0), TypeError, "total must be an integer, at least 1, not 10.0"),
    ("cosine", dict(total=True), TypeError, "total must be an integer"),
    ("cosine", dict(total=4, floor=-0.1), ValueError, "floor must be from 0 to 1, not -0.1"),
    ("cosine", dict(total=4, floor=1.5), ValueError, "floor must be from 0 to 1, not 1.5"),
    ("cosine", dict(total=4, floor=None), TypeError, "floor must be a number from 0 to 1, not None"),
    ("cosine_restarts", dict(T_0=0), ValueError, "T_0 must be at least 1, not 0"),
    ("cosine_restarts", dict(T_0=4, T_mult=0), ValueError, "T_mult must be at least 1, not 0"),
    ("cosine_restarts", dict(T_0=4, T_mult=1.5), TypeError, "T_mult must be an integer, at least 1, not 1.5"),
    ("linear_warmup", dict(warmup=-1), ValueError, "warmup must be at least 0, not -1"),
    ("linear_warmup", dict(warmup=5, total=3), TypeError, "total"),
    ("linear_warmup", dict(warmup=5, then=0.5), TypeError, "then must be a schedule, .* not 0.5"),
    ("warmup_cosine", dict(total=5, warmup=6), ValueError, "warmup must not exceed total, but 6 > 5"),
    ("warmup_linear", dict(total=5, warmup=6), ValueError, "warmup must not exceed total, but 6 > 5"),
    ("inverse_sqrt", dict(warmup=1.5), TypeError, "warmup must be an integer, at least 0, not 1.5"),
    (
        "wsd",
        dict(total=5, warmup=3, decay=3),
        ValueError,
        r"total must be at least warmup \+ decay = 6, not 5",
    ),
    ("wsd", dict(total=5, warmup=3, decay=-1), ValueError, "decay must be at least 0, not -1"),
    ("one_cycle", dict(total=5, warmup=6), ValueError, "warmup must not exceed total, but 6 > 5"),
    ("one_cycle", dict(total=5, warmup=1, start=2.0), ValueError, "start must be from 0 to 1, not 2.0"),
    (
        "one_cycle",
        dict(total=5, warmup=1, start=0.1, floor=0.2),
        ValueError,
        "floor must not exceed start, but 0.2 > 0.1",
    ),
    (
        "one_cycle_momentum",
        dict(total=5, warmup=1, max_momentum=1.0),
        ValueError,
        "max_momentum must be at least 0 and below 1, not 1.0",
    ),
    (
        "one_cycle_momentum",
        dict(total=5, warmup=1, base_momentum=0.9, max_momentum=0.8),
        ValueError,
        "base_momentum must not exceed max_momentum, but 0.9 > 0.8",
    ),
]

#: For every schedule, good options.
GOOD = {name: options for name, options, _ in reversed(BY_HAND)}


def check_nonsense_is_refused(schedules):
    """One sentence that says what would be right, at any t."""
    for name, options, error, message in NONSENSE:
        for t in (0, 100):
            with pytest.raises(error, match=message) as raised:
                getattr(schedules, name)(t, **options)
            assert "\n" not in str(raised.value)


def check_an_index_is_a_whole_number(schedules):
    """t counts updates: no negative, no fraction, no bool."""
    for name, options in GOOD.items():
        for t, error, message in (
            (-1, ValueError, "t must be at least 0, not -1"),
            (1.0, TypeError, "t must be an integer, at least 0, not 1.0"),
            (True, TypeError, "t must be an integer, at least 0, not True"),
            ("3", TypeError, "t must be an integer, at least 0, not '3'"),
            (None, TypeError, "t must be an integer"),
            (torch.tensor(1.0), TypeError, "t must be an integer"),
        ):
            if name == "cosine_restarts" and isinstance(t, float):
                continue  # with T_0 in epochs, it takes parts of them
            with pytest.raises(error, match=message):
                getattr(schedules, name)(t, **options)
