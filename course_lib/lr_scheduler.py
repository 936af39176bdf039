"""Schedulers: the schedules of :mod:`course_lib.schedules`, behind torch's protocol.

Each class here is a ``torch.optim.lr_scheduler.LRScheduler``. It drives torch's optimizers and ours::

    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
    scheduler = WarmupCosine(optimizer, total=1000, warmup=50, floor=0.1)
    for x, y in batches:
        ...
        optimizer.step()
        scheduler.step()

The optimizer's ``lr`` is the peak. Update t = 0, 1, … is made at lr · f(t), in every parameter group with
its own lr. One ``scheduler.step()`` is one update here; to count epochs instead, call it once an epoch.

:class:`ReduceOnPlateau` is the one that no function of t can replace: it looks at how training goes.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

import torch
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from course_lib import schedules

__all__ = [
    "Schedule",
    "Constant",
    "Step",
    "MultiStep",
    "Exponential",
    "Polynomial",
    "Cosine",
    "CosineRestarts",
    "LinearWarmup",
    "WarmupCosine",
    "WarmupLinear",
    "InverseSqrt",
    "WSD",
    "OneCycle",
    "ReduceOnPlateau",
]


class Schedule(LRScheduler):
    """Lends a schedule torch's protocol.

    Parameters
    ----------
    optimizer:
        Any ``torch.optim.Optimizer``. Its groups' ``lr`` (``initial_lr``, where an earlier scheduler has
        noted one) are the peaks.
    schedule:
        A function ``schedule(t, **options) -> multiplier``: one of :mod:`course_lib.schedules`, or your own.
    last_epoch:
        The last update that was made; −1 for none. With ``last_epoch=t`` the next update is made at f(t + 1),
        whatever the rate is now. torch's name; torch, too, then asks each group for its ``initial_lr``, which
        an optimizer's ``state_dict`` brings back.
    options:
        What the schedule takes besides t.

    Where nobody else changes the rate it is exactly lr · f(t). A change by another hand (yours, a
    :class:`ReduceOnPlateau`, another scheduler in torch's ``ChainedScheduler``) stays in force: the rate
    that is found is multiplied by f(t)/f(t − 1). Only where f(t − 1) is 0 there is nothing to multiply, and
    a change by you is forgotten. A new scheduler, too, begins at the rate that it finds, times f(0): two of
    them in a ``ChainedScheduler`` give the product, in either order. One of a schedule that this optimizer
    has already takes the old one's place. For a second training, first put the groups' ``lr`` back to their
    ``initial_lr``. In torch's ``SequentialLR`` a schedule counts from its own beginning.

    ``state_dict`` holds where the schedule is and the rates, not the function: ``load_state_dict`` is for a
    scheduler made with the same schedule. It also sets the optimizer's rates.

    Raises ``TypeError`` or ``ValueError`` for a bad option at once, and where the schedule gives anything but
    a finite number that is at least 0; ``ValueError`` for the state of another schedule; ``RuntimeError``
    for a parameter group that was added later.

    torch differs: some of its schedulers (``LambdaLR``) set the rate and undo what others did, others
    (``ExponentialLR``, ``CosineAnnealingLR``) multiply and so keep a wrong rate for ever. ``last_epoch=t``
    sets the rate of update t + 1 in some, and leaves the rate as it is in the others. A ``state_dict`` loaded
    without the optimizer's leaves the rate where it was. The state of any scheduler loads into any other.

    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.SGD([w], lr=0.4)
    >>> scheduler = Schedule(optimizer, schedules.step, step_size=1, gamma=0.5)
    >>> optimizer.step(); scheduler.step()
    >>> optimizer.param_groups[0]["lr"]
    0.2
    """

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        schedule: Callable[..., float],
        *,
        last_epoch: int = -1,
        **options: Any,
    ) -> None:
        _require_optimizer(optimizer)
        if not callable(schedule):
            raise TypeError(f"schedule must be a function of t such as schedules.cosine, not {schedule!r}")
        if isinstance(last_epoch, bool) or not isinstance(last_epoch, numbers.Integral) or last_epoch < -1:
            raise ValueError(f"last_epoch must be an integer, at least -1, not {last_epoch!r}")
        self.schedule: partial[float] = partial(schedule, **options)
        self.multiplier(last_epoch + 1)  # a bad option is noticed before torch writes to the optimizer
        super().__init__(optimizer, last_epoch)

    def multiplier(self, t: float) -> float:
        """f(t), checked."""
        value = self.schedule(t)
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise TypeError(f"a schedule gives numbers; {_name(self.schedule)} gave {value!r} at t={t}")
        number = float(value)
        if not 0 <= number < math.inf:
            name = _name(self.schedule)
            raise ValueError(f"a schedule is finite and at least 0; {name} gave {value!r} at t={t}")
        return number

    def get_lr(self) -> list[float | torch.Tensor]:
        """The rates of update ``last_epoch``; torch's hook, called by :meth:`step`."""
        if not self._get_lr_called_within_step:
            return self.get_last_lr()
        if len(self.optimizer.param_groups) != len(self.base_lrs):
            raise RuntimeError(
                "a parameter group was added after the scheduler was made: give that group an initial_lr, "
                f"and make a new scheduler with last_epoch={self.last_epoch - 1}"
            )
        t = self.last_epoch
        if self._is_initial and t > 0:
            return self._get_closed_form_lr()
        now, before = self.multiplier(t), self.multiplier(t - 1) if t > 0 else 1.0
        groups = list(zip(self.base_lrs, self.optimizer.param_groups, strict=True))
        if self._is_initial:
            if all(group["lr"] == base for base, group in groups):
                self._factors().clear()
            before = next((x for of, x in self._factors() if of is self.schedule.func), 1.0)
        others = math.prod(x for of, x in self._factors() if of is not self.schedule.func)
        self._note(now)
        return [
            base * now * others
            if before == 0
            else base * now
            if group["lr"] == base * before
            else group["lr"] * (now / before)
            for base, group in groups
        ]

    def _get_closed_form_lr(self) -> list[float | torch.Tensor]:
        """Torch's hook for a start, a jump by ``step(epoch)`` and a turn in ``SequentialLR``."""
        now = self.multiplier(self.last_epoch)
        self._factors().clear()
        self._note(now)
        return [base * now for base in self.base_lrs]

    def _factors(self) -> list[tuple[Any, float]]:
        """By what functions have multiplied the optimizer's present rates; noted at the optimizer."""
        factors: list[tuple[Any, float]] = vars(self.optimizer).setdefault("_schedules", [])
        return factors

    def _note(self, factor: float) -> None:
        others = [(of, x) for of, x in self._factors() if of is not self.schedule.func]
        self._factors()[:] = [*others, (self.schedule.func, factor)]

    def state_dict(self) -> dict[str, Any]:
        """Where the schedule is, and all groups' rates. Tensors, numbers and strings only."""
        state = super().state_dict()
        # In a SequentialLR, a schedule whose turn has not come stands before 0.
        here = self.multiplier(max(self.last_epoch, 0))
        return {**state, "schedule": _name(self.schedule), "multiplier": here, "lrs": _rates(self.optimizer)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave, and set the rates.

        Raises ``ValueError``, and changes nothing, when the state is another schedule's: one of another name,
        or with options that would make the rate jump here.
        """
        state = dict(state_dict)
        lrs = _take_rates(state, _name(self.schedule), self.optimizer)
        t, theirs = max(state["last_epoch"], 0), state.pop("multiplier")
        ours = self.multiplier(t)
        if not math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12):
            raise ValueError(
                f"this state is of {_name(self.schedule)} with other options: at t={t} it gave {theirs:.6g}, "
                f"this one gives {ours:.6g}; to go on with new options, make it with last_epoch={t - 1}"
            )
        super().load_state_dict(state)
        _set_rates(self.optimizer, lrs)
        self._note(ours)


# --- the named classes: one schedule each ------------------------------------------------------------------


class Constant(Schedule):
    """:func:`course_lib.schedules.constant` as a scheduler: the peak rate, always."""

    def __init__(self, optimizer: torch.optim.Optimizer, *, last_epoch: int = -1) -> None:
        super().__init__(optimizer, schedules.constant, last_epoch=last_epoch)


class Step(Schedule):
    """:func:`course_lib.schedules.step` as a scheduler. torch: ``StepLR``."""

    def __init__(
        self, optimizer: torch.optim.Optimizer, *, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        super().__init__(optimizer, schedules.step, step_size=step_size, gamma=gamma, last_epoch=last_epoch)


class MultiStep(Schedule):
    """:func:`course_lib.schedules.multi_step` as a scheduler. torch: ``MultiStepLR``."""

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        *,
        milestones: Sequence[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        options = dict(milestones=milestones, gamma=gamma)
        super().__init__(optimizer, schedules.multi_step, last_epoch=last_epoch, **options)


class Exponential(Schedule):
    """:func:`course_lib.schedules.exponential` as a scheduler. torch: ``ExponentialLR``."""

    def __init__(self, optimizer: torch.optim.Optimizer, *, gamma: float, last_epoch: int = -1) -> None:
        super().__init__(optimizer, schedules.exponential, gamma=gamma, last_epoch=last_epoch)


class Polynomial(Schedule):
    """:func:`course_lib.schedules.polynomial` as a scheduler. torch: ``PolynomialLR``, ``LinearLR``."""

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        *,
        total: int,
        power: float = 1.0,
        floor: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        options = dict(total=total, power=power, floor=floor)
        super().__init__(optimizer, schedules.polynomial, last_epoch=last_epoch, **options)


class Cosine(Schedule):
    """:func:`course_lib.schedules.cosine` as a scheduler. torch: ``CosineAnnealingLR``, which has no end."""

    def __init__(
        self, optimizer: torch.optim.Optimizer, *, total: int, floor: float = 0.0, last_epoch: int = -1
    ) -> None:
        super().__init__(optimizer, schedules.cosine, total=total, floor=floor, last_epoch=last_epoch)


class CosineRestarts(Schedule):
    """:func:`course_lib.schedules.cosine_restarts` as a scheduler. torch: ``CosineAnnealingWarmRestarts``.

    It takes parts of epochs as torch's does: ``scheduler.step(epoch + i / len(batches))`` after update i,
    with ``T_0`` in epochs.
    """

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        *,
        T_0: int,
        T_mult: int = 1,
        floor: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        options = dict(T_0=T_0, T_mult=T_mult, floor=floor)
        super().__init__(optimizer, schedules.cosine_restarts, last_epoch=last_epoch, **options)

    def step(self, epoch: float | None = None) -> None:
        """Go to the next update, or to ``epoch``, a number that is at least 0."""
        if epoch is None:
            super().step()
        else:
            self.multiplier(epoch)  # a bad one is noticed before anything changes
            self._step_count += 1
            self._update_lr(epoch)  # type: ignore[arg-type]


class LinearWarmup(Schedule):
    """:func:`course_lib.schedules.linear_warmup` as a scheduler. torch: ``LinearLR`` in ``SequentialLR``."""

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        *,
        warmup: int,
        then: Callable[..., float] = schedules.constant,
        last_epoch: int = -1,
        **options: Any,
    ) -> None:
        options = dict(warmup=warmup, then=then, **options)
        super().__init__(optimizer, schedules.linear_warmup, last_epoch=last_epoch, **options)


class WarmupCosine(Schedule):
    """:func:`course_lib.schedules.warmup_cosine` as a scheduler."""

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        *,
        total: int,
        warmup: int,
        floor: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        options = dict(total=total, warmup=warmup, floor=floor)
        super().__init__(optimizer, schedules.warmup_cosine, last_epoch=last_epoch, **options)


class WarmupLinear(Schedule):
    """:func:`course_lib.schedules.warmup_linear` as a scheduler."""

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        *,
        total: int,
        warmup: int,
        floor: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        options = dict(total=total, warmup=warmup, floor=floor)
        super().__init__(optimizer, schedules.warmup_linear, last_epoch=last_epoch, **options)


class InverseSqrt(Schedule):
    """:func:`course_lib.schedules.inverse_sqrt` as a scheduler. Not in torch."""

    def __init__(self, optimizer: torch.optim.Optimizer, *, warmup: int, last_epoch: int = -1) -> None:
        super().__init__(optimizer, schedules.inverse_sqrt, warmup=warmup, last_epoch=last_epoch)


class WSD(Schedule):
    """:func:`course_lib.schedules.wsd` as a scheduler. Not in torch."""

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        *,
        total: int,
        warmup: int,
        decay: int,
        floor: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        options = dict(total=total, warmup=warmup, decay=decay, floor=floor)
        super().__init__(optimizer, schedules.wsd, last_epoch=last_epoch, **options)


class OneCycle(Schedule):
    """:func:`course_lib.schedules.one_cycle` as a scheduler, with its momentum.

    With ``cycle_momentum``, every step also sets each group's ``momentum``, or the first of its ``betas``, to
    :func:`course_lib.schedules.one_cycle_momentum`: to ``max_momentum`` at once, whatever it was made with.
    Raises ``ValueError`` when a group has neither.

    torch: ``OneCycleLR``, which is given the peak as ``max_lr`` and overwrites the optimizer's ``lr`` and
    ``initial_lr``, so that a later scheduler takes the low start for its peak; here the peak is the
    optimizer's own ``lr``, as everywhere.
    """

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        *,
        total: int,
        warmup: int,
        start: float = 1 / 25,
        floor: float = 1 / 250_000,
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        last_epoch: int = -1,
    ) -> None:
        _require_optimizer(optimizer)
        self.momentum: Callable[[int], float] | None = None
        if cycle_momentum:
            if not all("momentum" in group or "betas" in group for group in optimizer.param_groups):
                raise ValueError(
                    f"{type(optimizer).__name__} has neither momentum nor betas: use cycle_momentum=False"
                )
            self.momentum = partial(
                schedules.one_cycle_momentum,
                total=total,
                warmup=warmup,
                base_momentum=base_momentum,
                max_momentum=max_momentum,
            )
            self.momentum(0)  # a bad option is noticed before torch writes to the optimizer
        options: dict[str, Any] = dict(total=total, warmup=warmup, start=start, floor=floor)
        super().__init__(optimizer, schedules.one_cycle, last_epoch=last_epoch, **options)

    def _update_lr(self, epoch: int | None = None) -> None:
        super()._update_lr(epoch)
        self._set_momentum()

    def _set_momentum(self) -> None:
        if self.momentum is None:
            return
        value = self.momentum(self.last_epoch)
        for group in self.optimizer.param_groups:
            if "momentum" in group:
                group["momentum"] = value
            if "betas" in group:
                group["betas"] = (value, *group["betas"][1:])

    def state_dict(self) -> dict[str, Any]:
        """As :meth:`Schedule.state_dict`; the momentum follows from where the schedule is."""
        return {name: value for name, value in super().state_dict().items() if name != "momentum"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As :meth:`Schedule.load_state_dict`; sets the momentum too."""
        super().load_state_dict(state_dict)
        self._set_momentum()


# --- the schedule that is no function of t -----------------------------------------------------------------


class ReduceOnPlateau(ReduceLROnPlateau):
    """Multiply the rate by ``factor`` when a metric has not improved for more than ``patience`` steps.

    ``scheduler.step(metric)`` counts. A metric a is an improvement on the best one b so far when::

        mode="min":  a < b − margin        mode="max":  a > b + margin

    where the margin is threshold·|b| with ``threshold_mode="rel"`` and ``threshold`` with ``"abs"``. A metric
    that is NaN or infinite is no improvement, and is never the best. After a reduction, ``cooldown`` steps
    count nothing. No rate falls below ``min_lr`` (a number, or one for each group), and a reduction by less
    than ``eps`` is left out.

    Why it is not in :mod:`course_lib.schedules`: the rate depends on the metrics of this very run. Asked for
    its value at t = 500, it would have to train first. So it cannot be drawn beforehand, and to resume it
    needs its state: best, the count of bad steps, the cooldown.

    It may stand beside a :class:`Schedule` on the same optimizer, whose next steps keep the reduction: a
    warmup, then this.

    Raises ``ValueError`` or ``TypeError`` for an option out of range, and ``ValueError`` for the state of
    another scheduler.
    Source: He et al. (2016), "when the error plateaus"; here, torch's.
    torch: ``ReduceLROnPlateau``, from which this one inherits all but the comparison. Its relative margin is
    b·(1 − threshold), or b·(1 + threshold) for ``"max"``, on the wrong side of b when b is negative: a metric
    that stands still, or grows worse by less than the margin, counts as an improvement, and the rate is never
    reduced. It takes −∞ for the best forever, and a ``factor`` that is negative.
    """

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        mode: Literal["min", "max"] = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: int = 0,
        min_lr: list[float] | float = 0,
        eps: float = 1e-8,
    ) -> None:
        _require_optimizer(optimizer)
        for name, choice, choices in (
            ("mode", mode, ("min", "max")),
            ("threshold_mode", threshold_mode, ("rel", "abs")),
        ):
            if choice not in choices:
                raise ValueError(f"{name} must be {choices[0]!r} or {choices[1]!r}, not {choice!r}")
        for name, count in (("patience", patience), ("cooldown", cooldown)):
            if isinstance(count, bool) or not isinstance(count, numbers.Integral):
                raise TypeError(f"{name} must be an integer, not {count!r}")
            if count < 0:
                raise ValueError(f"{name} must be at least 0, not {count!r}")
        if not 0 < factor < 1:
            raise ValueError(f"factor must lie between 0 and 1, not {factor!r}")
        floors = min_lr if isinstance(min_lr, (list, tuple)) else [min_lr]
        for name, value in (("threshold", threshold), ("eps", eps), *(("min_lr", low) for low in floors)):
            if not 0 <= value < math.inf:
                raise ValueError(f"{name} must be finite and at least 0, not {value!r}")
        super().__init__(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps)

    def _is_better(self, a: float, best: float) -> bool:
        if not math.isfinite(a) or not math.isfinite(best):
            return math.isfinite(a)
        margin = self.threshold * abs(best) if self.threshold_mode == "rel" else self.threshold
        return a < best - margin if self.mode == "min" else a > best + margin

    def state_dict(self) -> dict[str, Any]:
        """The options, the best metric, the counters, and all groups' rates."""
        return {**super().state_dict(), "schedule": "reduce_on_plateau", "lrs": _rates(self.optimizer)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave, options too as in torch, and set the rates.

        Raises ``ValueError``, and changes nothing, when the state is another scheduler's.
        """
        state = dict(state_dict)
        lrs = _take_rates(state, "reduce_on_plateau", self.optimizer)
        super().load_state_dict(state)
        _set_rates(self.optimizer, lrs)


# --- what they share ---------------------------------------------------------------------------------------


def _require_optimizer(optimizer: Any) -> None:
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(f"optimizer must be a torch.optim.Optimizer, not a {type(optimizer).__name__}")


def _name(schedule: Any) -> str:
    """The name of a function, of what a partial is made of, or of an object's class."""
    while isinstance(schedule, partial):
        schedule = schedule.func
    return getattr(schedule, "__name__", type(schedule).__name__)


def _rates(optimizer: torch.optim.Optimizer) -> list[Any]:
    """The rates of all groups now; a copy where they are tensors."""
    return [lr.clone() if torch.is_tensor(lr) else lr for lr in (g["lr"] for g in optimizer.param_groups)]


def _set_rates(optimizer: torch.optim.Optimizer, lrs: list[Any]) -> None:
    """Set the rates of all groups; a rate that is a tensor stays the same tensor."""
    for group, lr in zip(optimizer.param_groups, lrs, strict=True):
        if torch.is_tensor(group["lr"]):
            group["lr"].fill_(float(lr))
        else:
            group["lr"] = lr


def _take_rates(state: dict[str, Any], name: str, optimizer: torch.optim.Optimizer) -> list[Any]:
    """Take the rates out of a saved state; raise unless it is a state of this schedule and so many groups."""
    theirs = state.pop("schedule", None)
    if theirs != name:
        whose = "another library's" if theirs is None else f"of the schedule {theirs}"
        raise ValueError(f"this state is {whose}; this scheduler's schedule is {name}")
    lrs, groups = state.pop("lrs"), len(optimizer.param_groups)
    if len(lrs) != groups:
        raise ValueError(f"this state is for {len(lrs)} parameter groups; this optimizer has {groups}")
    return lrs
