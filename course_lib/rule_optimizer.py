"""What lends a rule torch's protocol: :class:`RuleOptimizer` is a ``torch.optim.Optimizer`` for any rule.

It takes parameters or parameter groups, keeps a state for each parameter, saves and loads a ``state_dict``,
takes a closure, and is driven by torch's learning-rate schedulers. It does so with one rule, which it can
execute in three ways:

``execution="plain"``
    The rule is called once for each parameter. The way to read, and to step through with a debugger.
``execution="flat"``
    Small parameters are laid, one after the other, in one long tensor, and the rule is called once for all of
    them. They become views of that tensor. Some stay where they are: large ones, those not laid out row by
    row (``channels_last``), in shared memory, or in each other's.
``execution="compiled"``
    The same, through ``torch.compile``, which fuses the whole formula into one pass over memory. The first
    two updates take some seconds each, and on a CPU a C++ compiler.

The three give the same numbers.

Under ``"flat"`` and ``"compiled"`` the first step moves small parameters into a tensor that they share. To
save, or send, a model or a part of it, copy: ``{name: x.clone() for name, x in model.state_dict().items()}``.
Without that, ``torch.save`` of a part brings the whole tensor along, and programs that look at the memory of
parameters take all of them for one: at present safetensors' ``save_model`` refuses, and accelerate writes one
of them and no error. ``for p in model.parameters(): p.data = p.data.clone()`` gives each its own memory
again, until the next step.
"""

from __future__ import annotations

import copy
import functools
import itertools
import math
import numbers
import operator
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch

from course_lib import flat, rules

__all__ = ["RuleOptimizer"]

EXECUTIONS = ("plain", "flat", "compiled")
#: What a rule looks at: single entries, a whole parameter, or a whole matrix in its own shape.
UNITS = ("entry", "layer", "matrix")
_TORCH_SWITCHES = ("foreach", "fused", "capturable", "differentiable")


class RuleOptimizer(torch.optim.Optimizer):
    """Lends a rule torch's protocol.

    Parameters
    ----------
    params:
        Tensors, ``(name, tensor)`` pairs, or dicts that describe parameter groups, as in ``torch.optim``.
    rule:
        A function ``rule(w, g, s, t, **hyper) -> (new_w, new_s)``.
    defaults:
        The hyperparameters that the rule takes, with their values. A group may override each.
    maximize:
        Climb instead of descend: the rule is given −g.
    execution:
        ``"plain"``, ``"flat"`` or ``"compiled"``.
    unit:
        What the rule looks at: ``"entry"`` if it is elementwise, ``"layer"`` if it measures whole parameters,
        ``"matrix"`` if it needs their shape. Known for the rules of :mod:`course_lib.rules`; ``"entry"`` for
        others, unless given.

    Parameters whose ``grad`` is ``None`` are skipped, and their update count ``t`` stands still. Gradients
    are never written to. The state of a parameter is the rule's own, under the rule's own names, and
    ``"step"``, the number of updates made.

    Raises ``ValueError`` for a hyperparameter out of its range, ``TypeError`` for an argument of the wrong
    kind, ``RuntimeError`` for a sparse or complex gradient. An error changes nothing.

    torch differs: its state bears other names (``exp_avg`` for m), so the two do not load each other's
    ``state_dict``; ours also names its rule. torch's switches ``foreach``, ``fused``, ``capturable`` and
    ``differentiable`` choose how it executes; here that is ``execution``.

    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = RuleOptimizer([w], rules.sgd, dict(lr=0.1))
    >>> (w**2).sum().backward()
    >>> optimizer.step()
    >>> round(w.item(), 4)
    0.8
    """

    #: Hyperparameters that lie between 0 and 1, and whether the ends belong to them.
    intervals = {"betas": "[0, 1)", "alpha": "[0, 1)", "rho": "[0, 1]"}

    def __new__(cls, *args: Any, **options: Any) -> RuleOptimizer:
        for name in _TORCH_SWITCHES:
            if name in options:
                ways = ", ".join(repr(way) for way in EXECUTIONS)
                raise TypeError(f"{cls.__name__} takes no {name}: use execution=, one of {ways}")
        return super().__new__(cls)

    def __init__(
        self,
        params: Iterable[Any],
        rule: flat.Rule,
        defaults: dict[str, Any],
        *,
        maximize: bool = False,
        execution: str = "plain",
        unit: str | None = None,
    ) -> None:
        if execution not in EXECUTIONS:
            raise ValueError(f"execution must be one of {', '.join(EXECUTIONS)}, not {execution!r}")
        require_rule(rule)
        if unit not in (None, *UNITS):
            raise ValueError(f"unit must be one of {', '.join(UNITS)}, not {unit!r}")
        self.rule = rule
        self.unit = unit or unit_of(rule)
        self.hyper_names = tuple(defaults)
        self.execution = execution
        self._plans: dict[int, _Plan] = {}
        defaults = {**defaults, "maximize": maximize}
        self._check_hyper(defaults)
        super().__init__(params, defaults)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group, as torch does, after checking its hyperparameters: a bad one changes nothing."""
        if isinstance(param_group, dict):
            self._check_hyper({**self.defaults, **param_group})
        super().add_param_group(param_group)

    def _rule_of(self, group: dict[str, Any]) -> tuple[flat.Rule, tuple[str, ...], str]:
        """The rule that updates a group, the names of its hyperparameters, and its unit."""
        return self.rule, self.hyper_names, self.unit

    def _check_hyper(self, hyper: dict[str, Any]) -> None:
        _, names, _ = self._rule_of(hyper)
        for name in (*names, "maximize"):
            if name not in hyper:
                raise ValueError(f"the hyperparameter {name} is missing")
            _check(name, hyper[name], self.intervals.get(name))
        self._check_together(hyper)

    def _check_together(self, hyper: dict[str, Any]) -> None:
        """Hook for what the hyperparameters must satisfy jointly."""

    def state_dict(self) -> dict[str, Any]:
        """What torch's ``state_dict`` holds, and under ``"rule"`` the name of the rule.

        As in torch, no copy: under ``"flat"`` and ``"compiled"`` the next step writes into its tensors.
        ``copy.deepcopy`` it to keep it.
        """
        return {**super().state_dict(), "rule": name_of(self.rule)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave: of the same rule and shapes, under any execution.

        Raises ``ValueError``, and changes nothing, when the state is another rule's or does not fit, and
        ``TypeError`` when it is no state at all.
        """
        if not isinstance(state_dict, dict) or not {"state", "param_groups"} <= state_dict.keys():
            what = "another dict" if isinstance(state_dict, dict) else type(state_dict).__name__
            takes = "what an optimizer's state_dict() gave, with 'state' and 'param_groups'"
            raise TypeError(f"load_state_dict takes {takes}, not {what}")
        if state_dict.get("rule") != name_of(self.rule):
            theirs = f"of the rule {state_dict['rule']}" if "rule" in state_dict else "another library's"
            raise ValueError(f"this state_dict is {theirs}; this optimizer's rule is {name_of(self.rule)}")
        for group, saved in zip(self.param_groups, state_dict["param_groups"], strict=False):
            self._check_hyper(saved)
            for p, key in zip(group["params"], saved["params"], strict=False):
                for name, value in state_dict["state"].get(key, {}).items():
                    if isinstance(value, torch.Tensor) and value.ndim and value.shape != p.shape:
                        shapes = f"{name} has shape {tuple(value.shape)}, its parameter {tuple(p.shape)}"
                        raise ValueError(f"this state_dict is another model's: {shapes}")
        # torch takes over the tensors themselves: an update in place would change the other optimizer's too.
        super().load_state_dict({**state_dict, "state": copy.deepcopy(state_dict["state"])})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter once. Returns what ``closure`` returns, if one is given."""
        self._check_ready()
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        with_gradient = [[p for p in group["params"] if p.grad is not None] for group in self.param_groups]
        for p in itertools.chain(*with_gradient):
            if p.grad.layout is not torch.strided or p.grad.is_complex():
                kind = "complex" if p.grad.is_complex() else "sparse"
                raise RuntimeError(f"{type(self).__name__} takes dense, real gradients; this one is {kind}")
        for index, (group, params) in enumerate(zip(self.param_groups, with_gradient, strict=True)):
            rule, names, unit = self._rule_of(group)
            hyper = {name: group[name] for name in names}
            if self.execution == "plain":
                self._step_plain(params, rule, hyper, group["maximize"])
            else:
                self._step_flat(index, params, rule, unit, hyper, group["maximize"])
        return loss

    def _check_ready(self) -> None:
        """Hook for what must hold before an update; a second :meth:`step` would call torch's hooks twice."""

    def _step_plain(self, params: list[Any], rule: flat.Rule, hyper: dict[str, Any], maximize: bool) -> None:
        for p in params:
            s = dict(self.state[p])
            t = s.pop("step", 0) + 1
            new_w, new_s = rule(p, -p.grad if maximize else p.grad, s, t, **hyper)
            # A rule may keep w or g itself as a state: store a copy, for both are about to change.
            new_s = {name: x.clone() if x is p or x is p.grad else x for name, x in new_s.items()}
            p.copy_(new_w)
            self.state[p] = {"step": t, **new_s}

    def _step_flat(
        self,
        index: int,
        params: list[Any],
        rule: flat.Rule,
        unit: str,
        hyper: dict[str, Any],
        maximize: bool,
    ) -> None:
        plan = self._plans.get(index)
        if plan is None or not self._still_holds(plan, params):
            plan = self._plans[index] = self._lay_out(params, unit, plan)
        for segments in plan.batches:
            step = segments[0].step + 1
            self._update(rule, segments, step, hyper, maximize)
            for segment in segments:
                segment.hand_out(step)

    def _still_holds(self, plan: _Plan, params: list[Any]) -> bool:
        if len(params) != len(plan.params) or not all(map(operator.is_, params, plan.params)):
            return False
        segments = itertools.chain(*plan.batches)
        return all(
            segment.holds(segment.params, [self.state[p] for p in segment.params]) for segment in segments
        )

    def _lay_out(self, params: list[Any], unit: str, before: _Plan | None) -> _Plan:
        """Join parameters to segments, reusing those of the plan before, and segments alike to batches."""
        together: dict[Any, list[Any]] = {}
        tied = flat.overlapping(p for group in self.param_groups for p in group["params"])
        for position, p in enumerate(params):
            alone = position if unit != "entry" or flat.stays(p) or p in tied else None
            together.setdefault((p.dtype, p.device, _kept(self.state[p]), alone), []).append(p)
        known = (
            {segment.params[0]: segment for batch in before.batches for segment in batch} if before else {}
        )
        batches: dict[Any, list[flat.Segment]] = {}
        for (*kind, _), members in together.items():
            states = [self.state[p] for p in members]
            segment = known.get(members[0])
            if segment is None or not segment.holds(members, states):
                shaped = unit == "matrix" or not members[0].is_contiguous()
                segment = flat.Segment(members, states, shaped)
            batches.setdefault((*kind, segment.w.shape), []).append(segment)
        return _Plan(params, list(batches.values()))

    def _update(
        self, rule: flat.Rule, segments: list[flat.Segment], t: int, hyper: dict[str, Any], maximize: bool
    ) -> None:
        first = segments[0]
        numbers = {}
        if not first.s or len(flat.tensors_of(first.s)) < len(first.s):
            numbers = flat.new_numbers(rule, first.w, first.s, t, hyper)
        work = [(segment.w, segment.gradient(maximize), segment.s) for segment in segments]
        self._execute(rule, work, t, hyper)
        for segment in segments:
            segment.s = {**flat.tensors_of(segment.s), **numbers}
            # w is written, not the parameters: tell autograd, which refuses a backward() through old values.
            torch.autograd.graph.increment_version(segment.params)

    def _execute(self, rule: flat.Rule, work: list[Any], t: int, hyper: dict[str, Any]) -> None:
        if self.execution == "compiled":
            try:
                return flat.compiled_update(rule)(work, t, hyper)
            except (
                torch._dynamo.exc.BackendCompilerFailed,
                torch._dynamo.exc.FailOnRecompileLimitHit,
            ) as failure:
                warnings.warn(
                    f"execution='plain' replaces 'compiled', which fails here: {_reason(failure)}",
                    stacklevel=7,
                )
                self.execution = "plain"
        for w, g, s in work:
            flat.update(rule, w, g, s, t, hyper)

    def __getstate__(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("rule", "unit", "hyper_names", "execution")}
        return {**super().__getstate__(), **own, "_plans": {}}


@dataclass(frozen=True)
class _Plan:
    """How a group is executed at once: batches of segments that are alike but for what they hold."""

    params: list[Any]
    batches: list[list[flat.Segment]]


def _kept(state: flat.State) -> tuple[Any, ...]:
    """What parameters must have in common to be updated together: the update count, names, numbers."""
    return tuple(name if isinstance(x, torch.Tensor) else (name, x) for name, x in sorted(state.items()))


def _reason(failure: Any) -> str:
    """The first line of what stopped the compiler."""
    inner = getattr(failure, "inner_exception", None)
    if inner is None:
        return f"the rule took more than {flat.BRANCHES} branches, each of which is compiled"
    return (str(inner).strip() or type(inner).__name__).splitlines()[0]


# --- what is known of a rule -----------------------------------------------------------------------------


def require_rule(rule: Any) -> None:
    """Raise ``TypeError`` unless this can be a rule."""
    if not callable(rule) or isinstance(rule, type) or isinstance(rule, torch.optim.Optimizer):
        what = rule.__name__ if isinstance(rule, type) else repr(rule).splitlines()[0]
        raise TypeError(f"rule must be a function (w, g, s, t, **hyper) such as rules.adam, not {what}")


def unit_of(rule: flat.Rule) -> str:
    """What a rule looks at: ``"entry"``, ``"layer"`` or ``"matrix"``; a wrapper, what its rule looks at."""
    if isinstance(rule, functools.partial):
        return unit_of(rule.keywords.get("rule", rule.func))
    known = {getattr(rules, name): unit for name, unit in rules.UNITS.items()}
    return known.get(rule, "entry")


def name_of(rule: flat.Rule) -> str:
    """A rule's name; of a wrapped one, ``wrapper(rule)``."""
    if isinstance(rule, functools.partial):
        wrapped = rule.keywords.get("rule")
        return f"{name_of(rule.func)}({name_of(wrapped)})" if wrapped else name_of(rule.func)
    return getattr(rule, "__name__", type(rule).__name__)


# --- the checks ------------------------------------------------------------------------------------------

_FLAGS = {"nesterov", "centered", "amsgrad", "decoupled_weight_decay", "maximize"}
_COUNTS = {"ns_steps": 1, "k": 1, "warmup_steps": 0}
_TUPLES = {
    "betas": (2, "a pair such as (0.9, 0.999)"),
    "ns_coefficients": (3, "three numbers such as (2.0, -1.5, 0.5)"),
}
_CHOICES = {"adjust_lr_fn": (None, "original", "match_rms_adamw")}
_ANY_SIGN = {"dampening", "ns_coefficients"}


def _check(name: str, value: Any, interval: str | None) -> None:
    """Raise unless a hyperparameter's value is one that its rule can work with."""
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise TypeError(f"{name} must be True or False, not {value!r}")
        return
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, _CHOICES[name]))}, not {value!r}")
        return
    if name in _COUNTS:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{name} must be a whole number, not {value!r}")
        if value < _COUNTS[name]:
            raise ValueError(f"{name} must be at least {_COUNTS[name]}, not {value!r}")
        return
    if name in _TUPLES:
        length, what = _TUPLES[name]
        if not (isinstance(value, (tuple, list)) and len(value) == length):
            raise TypeError(f"{name} must be {what}, not {value!r}")
    for number in value if name in _TUPLES else (value,):
        if isinstance(number, bool) or not isinstance(number, numbers.Real):
            raise TypeError(f"{name} must be made of numbers, not {value!r}")
        if not math.isfinite(number):
            raise ValueError(f"{name} must be finite, not {value!r}")
        number = float(number)
        if interval and not (0 <= number < 1 or (number == 1 and interval.endswith("]"))):
            raise ValueError(f"{name} must lie in {interval}, not {value!r}")
        if name not in _ANY_SIGN and number < 0:
            raise ValueError(f"{name} must be at least 0, not {value!r}")
