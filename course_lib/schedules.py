"""Schedules: how the learning rate changes during training, as pure functions.

Every schedule has the same shape::

    multiplier = schedule(t, **options)

==============  ====================================================================================
``t``           which update this is, counted from 0: the first update is made at the rate of t = 0
``multiplier``  what the peak rate is multiplied by, from 0 to 1
==============  ====================================================================================

``total``, ``warmup``, ``decay``, ``step_size``, ``milestones`` and ``T_0`` count updates. To count epochs
instead, call a schedule once an epoch, with the epoch's number for t. ``total`` is how many updates the
training makes, t = 0, …, total − 1. ``floor`` is the multiplier at which a decay ends: it is reached at
t = total, so that no update is wasted at a rate of 0, and kept ever after.

A schedule remembers nothing: plot it, ask it for any t in any order, then train with it. Options are fixed
with ``functools.partial``, and schedules are combined by arithmetic:

>>> from functools import partial
>>> halved = partial(cosine, total=4, floor=0.5)
>>> [round(halved(t), 3) for t in range(6)]
[1.0, 0.927, 0.75, 0.573, 0.5, 0.5]

:mod:`course_lib.lr_scheduler` makes them schedulers that torch knows. Bad options raise ``TypeError`` for
the wrong kind and ``ValueError`` for a value out of range, at the first call.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Sequence
from typing import Any

__all__ = [
    "constant",
    "step",
    "multi_step",
    "exponential",
    "polynomial",
    "cosine",
    "cosine_restarts",
    "linear_warmup",
    "warmup_cosine",
    "warmup_linear",
    "inverse_sqrt",
    "wsd",
    "one_cycle",
    "one_cycle_momentum",
]


# --- steps and curves --------------------------------------------------------------------------------------


def constant(t: int) -> float:
    """Always the peak rate.

    Formula: f(t) = 1.

    Ends: none.
    torch: an optimizer without a scheduler. Its ``ConstantLR`` is something else: ``factor`` for
    ``total_iters`` steps, then 1.
    """
    _check(t=t)
    return 1.0


def step(t: int, *, step_size: int, gamma: float = 0.1) -> float:
    """Multiply by ``gamma`` every ``step_size`` updates.

    Formula: f(t) = γ^⌊t / step_size⌋.

    Ends: 1 for the first ``step_size`` updates; no last value.
    Source: Krizhevsky et al. (2012) divide by 10 three times, by hand; He et al. (2016), on CIFAR-10, twice.
    torch: ``StepLR``, the same.
    """
    _check(t=t, step_size=step_size, gamma=gamma)
    return gamma ** (t // step_size)


def multi_step(t: int, *, milestones: Sequence[int], gamma: float = 0.1) -> float:
    """Multiply by ``gamma`` at every milestone.

    Formula: f(t) = γ^n, where n milestones are ≤ t. Update number ``milestone`` is the first at the new rate.

    Ends: 1 before the first milestone, constant after the last. A milestone listed twice counts twice.
    Source: as :func:`step`.
    torch: ``MultiStepLR``, the same.
    """
    _check(t=t, milestones=milestones, gamma=gamma)
    return gamma ** sum(milestone <= t for milestone in milestones)


def exponential(t: int, *, gamma: float) -> float:
    """Multiply by ``gamma`` at every update.

    Formula: f(t) = γᵗ.

    Ends: 1 at t = 0; tends to 0.
    Source: Senior et al. (2013) compare it with others.
    torch: ``ExponentialLR``, the same up to rounding: it multiplies the last rate, so that a rate changed by
    hand stays changed, and a rate not loaded with its checkpoint stays wrong.
    """
    _check(t=t, gamma=gamma)
    return gamma**t


def polynomial(t: int, *, total: int, power: float = 1.0, floor: float = 0.0) -> float:
    """Fall as a power of the time that is left. With ``power=1``, a straight line.

    Formula, with x = min(t / total, 1)::

        f(t) = floor + (1 − floor)(1 − x)^power

    Ends: 1 at t = 0, ``floor`` from t = total on.
    Source: the "poly" policy of Caffe; Chen et al. (2018) take power 0.9.
    torch: ``PolynomialLR``, with no floor. Stepped one by one, it divides the rates before and after, which
    rounds; for power 1 ``LinearLR(start_factor=1, end_factor=floor)`` has a floor.
    """
    _check(t=t, total=total, power=power, floor=floor)
    return floor + (1 - floor) * (1 - _progress(t, 0, total)) ** power


def cosine(t: int, *, total: int, floor: float = 0.0) -> float:
    """Fall along half a cosine: slowly, quickly, slowly.

    Formula, with x = min(t / total, 1)::

        f(t) = floor + (1 − floor)(1 + cos πx)/2

    Ends: 1 at t = 0, ``floor`` from t = total on.
    Source: Loshchilov & Hutter (2017), one cycle.
    torch: ``CosineAnnealingLR`` has no end: at t = 1.5·T_max it is back at half of the peak, at 2·T_max at
    the peak. Its ``eta_min`` is a rate, the same for all groups; ``floor`` is a share of each group's peak.
    """
    _check(t=t, total=total, floor=floor)
    return floor + (1 - floor) * _half_cosine(_progress(t, 0, total))


def cosine_restarts(t: float, *, T_0: int, T_mult: int = 1, floor: float = 0.0) -> float:
    """Cosines one after the other, each ``T_mult`` times as long as the one before: warm restarts.

    Formula, at update s of a cycle of T updates, T = T_0, T_0·T_mult, T_0·T_mult², …::

        f(t) = floor + (1 − floor)(1 + cos(πs/T))/2

    With ``T_0`` in epochs, t may be a part of an epoch, such as 2.25.

    Ends: 1 at the first update of every cycle; the last one is still above ``floor``; no end.
    Source: Loshchilov & Hutter (2017).
    torch: ``CosineAnnealingWarmRestarts``, the same when stepped one by one. ``step(epoch)`` finds the cycle
    by a logarithm in floats, now and then the wrong one: with ``T_0=1, T_mult=3`` epoch 121 is a restart, and
    torch sets the floor. Here cycles are counted in integers, exact for any t.
    """
    if isinstance(t, numbers.Integral) or not isinstance(t, numbers.Real):
        _check(t=t)
    elif not 0 <= t < math.inf:
        raise ValueError(f"t must be at least 0 and finite, not {t!r}")
    _check(T_0=T_0, T_mult=T_mult, floor=floor)
    s, length = t, T_0
    if T_mult == 1:
        s = t % T_0
    while s >= length:
        s, length = s - length, length * T_mult
    return floor + (1 - floor) * _half_cosine(s / length)


# --- warmup ------------------------------------------------------------------------------------------------


def linear_warmup(t: int, *, warmup: int, then: Callable[..., float] = constant, **options: Any) -> float:
    """Rise in a straight line to the peak, then follow any other schedule from its beginning.

    Formula::

        f(t) = (t + 1)/warmup          t < warmup
        f(t) = then(t − warmup)        t ≥ warmup

    ``then`` is any function of an update index; ``options`` go to it, and count from the end of the warmup:
    ``linear_warmup(t, warmup=10, then=cosine, total=90)`` ends at t = 100.

    Ends: 1/warmup at t = 0, never 0, which would waste the first update; 1 at t = warmup − 1, the last
    update of the warmup. With ``warmup`` 0 or 1 there is nothing to rise.
    Source: Goyal et al. (2017). Why it helps is contested: Liu et al. (2020), Ma & Yarats (2021).
    torch: ``LinearLR(start_factor=1/warmup, total_iters=warmup − 1)`` inside ``SequentialLR``; its default
    starts at 1/3 and takes 5 steps.
    """
    if not callable(then):
        raise TypeError(f"then must be a schedule, a function of t such as cosine, not {then!r}")
    _check(t=t, warmup=warmup)
    after = then(max(t - warmup, 0), **options)  # asked at once, so that a bad option is noticed at once
    return (t + 1) / warmup if t < warmup else after


def warmup_cosine(t: int, *, total: int, warmup: int, floor: float = 0.0) -> float:
    """Rise in a straight line, fall along a cosine.

    Formula, with x = min((t − warmup)/(total − warmup), 1)::

        f(t) = (t + 1)/warmup                        t < warmup
        f(t) = floor + (1 − floor)(1 + cos πx)/2     t ≥ warmup

    Ends: 1/warmup at t = 0, 1 at t = warmup − 1 and t = warmup, ``floor`` from t = total on.
    Source: Goyal et al. (2017) and Loshchilov & Hutter (2017); the usual choice for transformers, with
    a warmup of 1 to 10 % of ``total`` and a floor of 0 to 0.1.
    torch: ``SequentialLR`` of ``LinearLR`` and ``CosineAnnealingLR``, which rises again past ``total``.
    Hugging Face's ``get_cosine_schedule_with_warmup`` rises as t/warmup: its first update has rate 0.
    """
    _check(t=t, total=total, warmup=warmup, floor=floor)
    if t < warmup:
        return (t + 1) / warmup
    return floor + (1 - floor) * _half_cosine(_progress(t, warmup, total))


def warmup_linear(t: int, *, total: int, warmup: int, floor: float = 0.0) -> float:
    """Rise in a straight line, fall in a straight line.

    Formula, with x = min((t − warmup)/(total − warmup), 1)::

        f(t) = (t + 1)/warmup                t < warmup
        f(t) = floor + (1 − floor)(1 − x)    t ≥ warmup

    Ends: as :func:`warmup_cosine`.
    Source: Devlin et al. (2019), for BERT.
    torch: ``SequentialLR`` of two ``LinearLR``.
    """
    _check(t=t, total=total, warmup=warmup, floor=floor)
    if t < warmup:
        return (t + 1) / warmup
    return floor + (1 - floor) * (1 - _progress(t, warmup, total))


def inverse_sqrt(t: int, *, warmup: int) -> float:
    """Rise in a straight line, fall as 1/√t: the "Noam" schedule of the first transformer.

    Formula::

        f(t) = min((t + 1)/warmup, √(warmup/(t + 1)))

    With ``warmup`` 0, as with 1, f(t) = 1/√(t + 1).

    Ends: 1/warmup at t = 0, 1 at t = warmup − 1; tends to 0. It needs no ``total``.
    Source: Vaswani et al. (2017), who write the rate itself, d^−½ · min(n^−½, n·warmup^−1.5) with n = t + 1:
    their peak is (d·warmup)^−½, ours 1.
    torch: has none.
    """
    _check(t=t, warmup=warmup)
    warmup = max(warmup, 1)
    return min((t + 1) / warmup, math.sqrt(warmup / (t + 1)))


def wsd(t: int, *, total: int, warmup: int, decay: int, floor: float = 0.0) -> float:
    """Warmup, stable, decay: rise, stay at the peak, and fall in a straight line during the last updates.

    Formula, with x = min((t − (total − decay))/decay, 1)::

        f(t) = (t + 1)/warmup                t < warmup
        f(t) = 1                             warmup ≤ t ≤ total − decay
        f(t) = floor + (1 − floor)(1 − x)    t ≥ total − decay

    Until t = total − decay it is the same for every ``total``: training can go on without a decision when to
    stop.

    Ends: as :func:`warmup_cosine`.
    Source: Hu et al. (2024), whose decay is exponential; straight: Hägele et al. (2024), who prefer 1 − √x.
    torch: has none.
    """
    _check(t=t, total=total, warmup=warmup, decay=decay, floor=floor)
    if t < warmup:
        return (t + 1) / warmup
    return floor + (1 - floor) * (1 - _progress(t, total - decay, total))


# --- one cycle ---------------------------------------------------------------------------------------------


def one_cycle(t: int, *, total: int, warmup: int, start: float = 1 / 25, floor: float = 1 / 250_000) -> float:
    """One cycle: up from ``start`` to the peak and down to next to nothing, both along half a cosine.

    Formula::

        f(t) = 1 − (1 − start)(1 + cos πx)/2        t < warmup,  x = t/(warmup − 1)
        f(t) = floor + (1 − floor)(1 + cos πx)/2    t ≥ warmup,  x = min((t + 1 − warmup)/(total − warmup), 1)

    Ends: ``start`` at t = 0, 1 at t = warmup − 1, ``floor`` from t = total − 1 on: here, as in torch, the
    last update is made at the floor, which is not 0. With ``warmup=1`` the first update has the peak rate;
    with ``warmup=0`` the fall began before it.
    Source: Smith & Topin (2019), Smith (2018), with straight lines and a third phase; this shape: fastai.
    torch: ``OneCycleLR(max_lr, total_steps=total, pct_start=warmup/total)``, whose ``div_factor`` is 1/start
    and ``final_div_factor`` start/floor. Past its end it rises again once (t = total), then raises an error.
    It divides by zero when ``pct_start·total_steps`` is 1, and never meets its peak when that is no integer.
    """
    _check(t=t, total=total, warmup=warmup, start=start, floor=floor)
    return _cycle(t, total, warmup, start, 1.0, floor)


def one_cycle_momentum(
    t: int, *, total: int, warmup: int, base_momentum: float = 0.85, max_momentum: float = 0.95
) -> float:
    """The momentum that goes with :func:`one_cycle`: low where the rate is high. Not a multiplier.

    Formula, with the same x as there::

        m(t) = base + (max − base)(1 + cos πx)/2    t < warmup
        m(t) = max − (max − base)(1 + cos πx)/2     t ≥ warmup

    Ends: ``max_momentum`` at t = 0, ``base_momentum`` at t = warmup − 1, ``max_momentum`` from t = total − 1.
    Source: Smith (2018).
    torch: ``OneCycleLR(cycle_momentum=True)``, which is its default; differs as in :func:`one_cycle`.
    """
    _check(t=t, total=total, warmup=warmup, base_momentum=base_momentum, max_momentum=max_momentum)
    return _cycle(t, total, warmup, max_momentum, base_momentum, max_momentum)


# --- what they share ---------------------------------------------------------------------------------------


def _progress(t: int, first: int, last: int) -> float:
    """How far t is on the way from ``first`` to ``last``: 0 before it, 1 after it."""
    if t >= last:
        return 1.0
    return (t - first) / (last - first) if t > first else 0.0


def _half_cosine(x: float) -> float:
    """From 1 at x = 0 to 0 at x = 1, both exactly."""
    return (1 + math.cos(math.pi * x)) / 2


def _cycle(t: int, total: int, warmup: int, start: float, peak: float, end: float) -> float:
    """From ``start`` at t = 0 to ``peak`` at t = warmup − 1 to ``end`` at t = total − 1."""
    if t < warmup:
        return _between(peak, start, _progress(t, 0, warmup - 1))
    return _between(end, peak, _progress(t, warmup - 1, total - 1))


def _between(end: float, start: float, x: float) -> float:
    """Along half a cosine from ``start`` at x = 0 to ``end`` at x = 1, both exactly, and never beyond them.

    end + (start − end)·h is the same number, but not in floats: from 0.1 to 1 it begins at 0.0999…98.
    """
    h = _half_cosine(x)
    low, high = sorted((start, end))
    return min(max(start * h + end * (1 - h), low), high)


#: The least value of what counts updates.
_LEAST = {"t": 0, "warmup": 0, "decay": 0, "total": 1, "step_size": 1, "T_0": 1, "T_mult": 1}
#: Where a number may lie, in words, and whether it does.
_RANGES: dict[str, tuple[str, Callable[[float], bool]]] = {
    "gamma": ("above 0 and at most 1", lambda x: 0 < x <= 1),
    "power": ("above 0 and finite", lambda x: 0 < x < math.inf),
    "floor": ("from 0 to 1", lambda x: 0 <= x <= 1),
    "start": ("from 0 to 1", lambda x: 0 <= x <= 1),
    "base_momentum": ("at least 0 and below 1", lambda x: 0 <= x < 1),
    "max_momentum": ("at least 0 and below 1", lambda x: 0 <= x < 1),
}
_ORDERED = [("warmup", "total"), ("floor", "start"), ("base_momentum", "max_momentum")]


def _check(**options: Any) -> None:
    """Raise unless every option, by its name, has a value that schedules can work with."""
    for name, value in options.items():
        if name == "milestones":
            # A generator would be used up by the first call.
            if not isinstance(value, (list, tuple)):
                raise TypeError(f"milestones must be a list such as [30, 60], not {value!r}")
            for milestone in value:
                _check_count("each of the milestones", milestone, 0)
        elif name in _LEAST:
            _check_count(name, value, _LEAST[name])
        else:
            words, lies_there = _RANGES[name]
            if isinstance(value, bool) or not isinstance(value, numbers.Real):
                raise TypeError(f"{name} must be a number {words}, not {value!r}")
            if not lies_there(float(value)):
                raise ValueError(f"{name} must be {words}, not {value!r}")
    for low, high in _ORDERED:
        if low in options and high in options and options[low] > options[high]:
            raise ValueError(f"{low} must not exceed {high}, but {options[low]!r} > {options[high]!r}")
    if "decay" in options and options["warmup"] + options["decay"] > options["total"]:
        needed = options["warmup"] + options["decay"]
        raise ValueError(f"total must be at least warmup + decay = {needed}, not {options['total']!r}")


def _check_count(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be an integer, at least {least}, not {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, not {value!r}")
