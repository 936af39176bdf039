"""What lends a rule torch's protocol: :class:`RuleOptimizer` is a ``torch.optim.Optimizer`` for any rule.

It takes parameters or parameter groups, keeps a state for each parameter, saves and loads a ``state_dict``,
takes a closure, and is driven by torch's learning-rate schedulers. It does so with one rule, which it can
execute in three ways:

``execution="plain"``
    The rule is called once for each parameter. The way to read, and to step through with a debugger.
``execution="flat"``
    Small parameters are copied, one after the other, into one long tensor, the rule is called once for all of
    them, and they are copied back. Some are updated one by one, where they are: large ones, those not laid
    out row by row (``channels_last``), in shared memory, or in each other's.
``execution="compiled"``
    The same, through ``torch.compile``, which fuses the whole formula into one pass over memory. The first
    two updates take some seconds each, and on a CPU a C++ compiler.

The three give the same numbers, and under each of them every parameter stays in its own memory. What cannot
be executed at once, tensors of other classes (``DTensor``) or a rule that the compiler does not take, is
executed plainly, and a warning says so.
"""

from __future__ import annotations

import copy
import functools
import inspect
import math
import numbers
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import torch

from course_lib import flat, rules

__all__ = ["RuleOptimizer"]

EXECUTIONS = ("plain", "flat", "compiled")
#: What a rule looks at: single entries, a whole parameter, or a whole matrix in its own shape.
UNITS = ("entry", "layer", "matrix")
_TORCH_SWITCHES = ("foreach", "fused", "capturable", "differentiable")


def _without_switches(init: Callable[..., None]) -> Callable[..., None]:
    """A constructor that takes torch's switches too, if they ask for nothing; of the same signature."""

    @functools.wraps(init)
    def taking_switches(self: RuleOptimizer, *args: Any, **options: Any) -> None:
        for name in _TORCH_SWITCHES:
            if options.pop(name, None):
                ways = ", ".join(repr(way) for way in EXECUTIONS)
                raise TypeError(f"{type(self).__name__} takes no {name}: use execution=, one of {ways}")
        init(self, *args, **options)

    return taking_switches


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
    ``"step"``, the number of updates made; what others keep there too stays.

    A hyperparameter is a number, of Python or NumPy, or a tensor with one entry, whose value is read anew at
    each update.

    Raises ``ValueError`` for a hyperparameter out of its range, ``TypeError`` for an argument of the wrong
    kind, ``RuntimeError`` for a gradient that is sparse, complex or made of integers. An error changes
    nothing.

    torch differs: its state bears other names (``exp_avg`` for m), so the two do not load each other's
    ``state_dict``; ours also names its rule. torch's switches ``foreach``, ``fused``, ``capturable`` and
    ``differentiable`` choose how it executes; here that is ``execution``, and they are taken only where they
    ask for nothing (``None``, ``False``). torch computes with a rate that is a tensor where it can, which
    lets a gradient flow into it; here it is a number.

    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = RuleOptimizer([w], rules.sgd, dict(lr=0.1))
    >>> (w**2).sum().backward()
    >>> optimizer.step()
    >>> round(w.item(), 4)
    0.8
    """

    #: Hyperparameters that lie between 0 and 1, and whether the ends belong to them.
    intervals = {"betas": "[0, 1)", "alpha": "[0, 1)", "rho": "[0, 1]"}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__init__" in vars(cls):
            cls.__init__ = _without_switches(cls.__init__)  # type: ignore[method-assign]

    @_without_switches
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
        self._groups: dict[int, flat.Group] = {}
        self._names: set[str] = set()  # of the states that the rule has made; others' stay as they are
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
        rule, names, _ = self._rule_of(hyper)
        known = defaults_of(rule)
        for name in (*names, "maximize"):
            if name not in hyper:
                raise ValueError(f"the hyperparameter {name} is missing")
            default = known.get(name, inspect.Parameter.empty)
            _check(name, hyper[name], _interval(self.intervals.get(name), default), default)
        self._check_together(hyper)

    def _check_together(self, hyper: dict[str, Any]) -> None:
        """Hook for what the hyperparameters must satisfy jointly."""

    def state_dict(self) -> dict[str, Any]:
        """What torch's ``state_dict`` holds, and under ``"rule"`` the name of the rule, also in each group.

        A copy: what happens to the optimizer later does not show in it. Numbers of a state, such as
        ``"step"``, are tensors in it, because some formats (``torch.distributed.checkpoint``) restore only
        tensors in place.

        torch differs: its tensors are the optimizer's own, and the next step writes into them.
        """
        packed = super().state_dict()
        numbers = self._names | {"step"}
        state = {
            key: {name: _as_tensor(x) if name in numbers else x for name, x in kept.items()}
            if isinstance(kept, dict)
            else kept
            for key, kept in packed["state"].items()
        }
        groups = [
            {**saved, "rule": name_of(self._rule_of(group)[0])}
            for group, saved in zip(self.param_groups, packed["param_groups"], strict=True)
        ]
        return _copied({**packed, "state": state, "param_groups": groups, "rule": name_of(self.rule)})

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave: of the same rule and shapes, under any execution.

        A hyperparameter that the state lacks, as from an older release, stays what it is. A state without
        the rule's name is taken if it has all that the rule keeps.

        Raises ``ValueError``, and changes nothing, when the state is another rule's or does not fit, and
        ``TypeError`` when it is no state at all.
        """
        if not isinstance(state_dict, dict) or not {"state", "param_groups"} <= state_dict.keys():
            what = "another dict" if isinstance(state_dict, dict) else type(state_dict).__name__
            takes = "what an optimizer's state_dict() gave, with 'state' and 'param_groups'"
            raise TypeError(f"load_state_dict takes {takes}, not {what}")
        if "rule" in state_dict:
            self._require_same(state_dict["rule"], self.rule)
        state, groups = _keyed(state_dict), []
        for group, saved in zip(self.param_groups, state_dict["param_groups"], strict=False):
            saved = dict(saved)
            groups.append(saved)
            rule, names, unit = self._rule_of(group)
            marked = "rule" in saved or "rule" in state_dict
            if "rule" in saved:
                self._require_same(saved["rule"], rule)
                if "rule" not in group:
                    del saved["rule"]
            elif any(switch in saved for switch in _TORCH_SWITCHES) and not marked:
                self._require_same(None, rule)
            if not marked and not set(names) <= saved.keys():
                self._require_same(None, rule)
            for name in (*names, "maximize"):
                saved.setdefault(name, group[name])
            self._check_hyper(saved)
            self._fit(state, group["params"], saved, marked)
        # Those that there are too many of are for torch to refuse.
        groups += state_dict["param_groups"][len(groups) :]
        # torch takes over the tensors themselves: an update in place would change the other optimizer's too.
        super().load_state_dict({**state_dict, "state": copy.deepcopy(state), "param_groups": groups})

    def _require_same(self, theirs: str | None, rule: flat.Rule) -> None:
        if theirs != name_of(rule):
            whose = "another library's" if theirs is None else f"of the rule {theirs}"
            raise ValueError(f"this state_dict is {whose}; this optimizer's rule is {name_of(rule)}")

    def _fit(self, state: dict[Any, Any], params: list[Any], saved: dict[str, Any], marked: bool) -> None:
        """Raise unless a group's saved states fit its parameters; make the numbers in them numbers again."""
        of_group = [(p, state[key]) for p, key in zip(params, saved["params"], strict=False) if key in state]
        if not of_group:
            return
        rule, names, _ = self._rule_of(saved)
        hyper = {name: _value(saved[name]) for name in names}
        of_axes = {axes: flat.first_state(rule, hyper, axes) for axes in {p.dim() for p, _ in of_group}}
        for p, kept in of_group:
            made = of_axes[p.dim()]
            self._names.update(made)
            if not marked and not {"step", *made} <= kept.keys():
                self._require_same(None, rule)
            for name, value in kept.items():
                if not isinstance(value, torch.Tensor):
                    continue
                if name == "step" or (name in made and not isinstance(made[name], torch.Tensor)):
                    kept[name] = int(value) if name == "step" else value.item()
                elif name in made and value.ndim and value.shape != (right := flat.shape_of(made[name], p)):
                    shapes = f"{name} has shape {tuple(value.shape)}, its parameter {tuple(p.shape)}"
                    if right != p.shape:
                        shapes += f", for which it would be {right}"
                    raise ValueError(f"this state_dict is another model's: {shapes}")

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter once. Returns what ``closure`` returns, if one is given."""
        self._check_ready()
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        everybody = [p for group in self.param_groups for p in group["params"]]
        for p in everybody:
            if p.grad is not None and (p.grad.layout is not torch.strided or not p.grad.is_floating_point()):
                raise RuntimeError(
                    f"{type(self).__name__} takes dense, real gradients; this one is {_kind(p.grad)}"
                )
        for index, group in enumerate(self.param_groups):
            params = [p for p in group["params"] if p.grad is not None]
            rule, names, unit = self._rule_of(group)
            hyper = {name: _value(group[name]) for name in names}
            if self.execution != "plain" and (unfit := flat.unfit(params)):
                self._go_plain(f"which takes no parameter that is {unfit}")
            if self.execution == "plain":
                self._step_plain(params, rule, hyper, group["maximize"])
                continue
            failure = self._groups.setdefault(index, flat.Group()).step(
                params,
                [self.state[p] for p in params],
                rule,
                hyper,
                unit=unit,
                maximize=group["maximize"],
                names=self._names,
                everybody=everybody,
                compiled=self.execution == "compiled",
            )
            if failure:
                self._go_plain(f"which fails here: {failure}")
        return loss

    def _check_ready(self) -> None:
        """Hook for what must hold before an update; a second :meth:`step` would call torch's hooks twice."""

    def _step_plain(self, params: list[Any], rule: flat.Rule, hyper: dict[str, Any], maximize: bool) -> None:
        for p in params:
            state = self.state[p]
            s = dict(state)
            t = s.pop("step", 0) + 1
            new_w, new_s = rule(p, -p.grad if maximize else p.grad, s, t, **hyper)
            # A rule may keep w or g itself as a state: store a copy, for both are about to change.
            new_s = {name: x.clone() if x is p or x is p.grad else x for name, x in new_s.items()}
            p.copy_(new_w)
            for name in self._names - new_s.keys():
                state.pop(name, None)
            self._names.update(new_s)
            state.update(step=t, **new_s)

    def _go_plain(self, why: str) -> None:
        warnings.warn(f"execution='plain' replaces {self.execution!r}, {why}", stacklevel=5)
        self.execution = "plain"

    def __getstate__(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("rule", "unit", "hyper_names", "execution", "_names")}
        return {**super().__getstate__(), **own, "_groups": {}}


# --- values ------------------------------------------------------------------------------------------------


def _value(x: Any) -> Any:
    """A hyperparameter as Python's own: a number for a tensor with one entry, or a number of NumPy's."""
    if type(x) in (float, int, bool, str, type(None)):
        return x
    if isinstance(x, torch.Tensor):
        return x.item()
    if isinstance(x, (tuple, list)):
        return tuple(map(_value, x))
    if isinstance(x, numbers.Integral):
        return int(x)
    return float(x) if isinstance(x, numbers.Real) else x


def _as_tensor(x: Any) -> Any:
    """A number of a state as a tensor that loses nothing of it."""
    if type(x) is int:
        return torch.tensor(x, dtype=torch.int64)
    return torch.tensor(x, dtype=torch.float64) if type(x) is float else x


def _copied(x: Any) -> Any:
    """The same with copies of all tensors, also of those in dicts, lists and tuples."""
    if isinstance(x, torch.Tensor):
        return x.detach().clone()
    if type(x) is dict:
        return {key: _copied(each) for key, each in x.items()}
    return type(x)(map(_copied, x)) if type(x) in (list, tuple) else x


def _keyed(state_dict: dict[str, Any]) -> dict[Any, Any]:
    """The states of a ``state_dict``, copied as far as they may be changed, each under its parameter's key.

    ``torch.distributed.checkpoint`` puts what is no tensor in the state of parameter 0 under ``"0"``.
    """
    known = {key for group in state_dict["param_groups"] for key in group["params"]}
    state = {key: dict(x) if isinstance(x, dict) else x for key, x in state_dict["state"].items()}
    for key in list(state):
        if isinstance(key, (int, str)) and key not in known and str(key).isdecimal():
            if int(key) not in known:
                raise ValueError(f"this state_dict has a state for parameter {key}, which is in no group")
            state[int(key)] = {**state.get(int(key), {}), **state.pop(key)}
    return state


def _kind(grad: torch.Tensor) -> str:
    """What kind of gradient this is that no rule can take."""
    if grad.layout is not torch.strided:
        return "sparse"
    return "complex" if grad.is_complex() else f"of {grad.dtype}".replace("torch.", "")


# --- what is known of a rule -----------------------------------------------------------------------------


def require_rule(rule: Any) -> None:
    """Raise ``TypeError`` unless this can be a rule."""
    if callable(rule) and not isinstance(rule, (type, torch.optim.Optimizer)):
        return
    what = rule.__name__ if isinstance(rule, type) else repr(rule).splitlines()[0]
    if isinstance(rule, torch.optim.Optimizer):
        what = f"an optimizer, {type(rule).__name__}"
    raise TypeError(f"rule must be a function (w, g, s, t, **hyper) such as rules.adam, not {what}")


def unit_of(rule: flat.Rule) -> str:
    """What a rule looks at: ``"entry"``, ``"layer"`` or ``"matrix"``; a wrapper, what its rule looks at."""
    if isinstance(rule, functools.partial):
        return unit_of(rule.keywords.get("rule", rule.func))
    known = {getattr(rules, name): unit for name, unit in rules.UNITS.items()}
    return known.get(rule, "entry")


@functools.cache
def defaults_of(rule: flat.Rule) -> dict[str, Any]:
    """The defaults in a rule's signature, and in that of a rule that it wraps: what its values are like."""
    keywords = rule.keywords if isinstance(rule, functools.partial) else {}
    wrapped = defaults_of(keywords["rule"]) if "rule" in keywords else {}
    own = inspect.signature(rule).parameters.values()
    return {**wrapped, **{p.name: p.default for p in own if p.default is not p.empty}}


def name_of(rule: flat.Rule) -> str:
    """A rule's name; of a wrapped one, ``wrapper(rule)``."""
    if isinstance(rule, functools.partial):
        wrapped = rule.keywords.get("rule")
        return f"{name_of(rule.func)}({name_of(wrapped)})" if wrapped else name_of(rule.func)
    return getattr(rule, "__name__", type(rule).__name__)


# --- the checks ------------------------------------------------------------------------------------------

_FLAGS = {"nesterov", "centered", "amsgrad", "decoupled_weight_decay", "maximize"}
_COUNTS = {
    **dict.fromkeys(("ns_steps", "k", "precondition_frequency"), 1),
    **dict.fromkeys(("warmup_steps", "beta3_warmup", "alpha_warmup"), 0),
}
_LENGTHS = {2: "a pair", 3: "three numbers"}
_CHOICES = {"adjust_lr_fn": (None, "original", "match_rms_adamw")}
_ANY_SIGN = {"dampening", "ns_coefficients"}
_AT_LEAST, _AT_MOST = {"d": 1}, {"beta2_decay": 0}


def _interval(interval: str | None, default: Any) -> str | None:
    """An interval, unless the rule's own default lies outside: another thing then bears the name."""
    inside = not isinstance(default, (int, float)) or 0 <= default <= 1
    return interval if inside else None


def _check(name: str, value: Any, interval: str | None, default: Any) -> None:
    """Raise unless a hyperparameter's value is one that its rule can work with. ``default`` is the rule's."""
    if value is None and default is None:
        return
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise TypeError(f"{name} must be True or False, not {value!r}")
        return
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, _CHOICES[name]))}, not {value!r}")
        return
    if name in _COUNTS:
        if isinstance(value, bool) or not isinstance(value, numbers.Integral):
            raise TypeError(f"{name} must be a whole number, not {value!r}")
        if value < _COUNTS[name]:
            raise ValueError(f"{name} must be at least {_COUNTS[name]}, not {value!r}")
        return
    listed = isinstance(value, (tuple, list))
    if isinstance(default, tuple) and not (listed and len(value) == len(default)):
        raise TypeError(f"{name} must be {_LENGTHS[len(default)]} such as {default}, not {value!r}")
    for i, number in enumerate(value if listed and not isinstance(default, (int, float)) else [value]):
        if number is None and isinstance(default, tuple) and default[i] is None:
            continue
        if isinstance(number, torch.Tensor) and number.numel() != 1:
            raise ValueError(f"{name} must be a number, or a tensor with one entry, not {value!r}")
        if isinstance(number, torch.Tensor):
            number = number.item()
        if isinstance(number, bool) or not isinstance(number, numbers.Real):
            raise TypeError(f"{name} must be made of numbers, not {value!r}")
        if not math.isfinite(number):
            raise ValueError(f"{name} must be finite, not {value!r}")
        number = float(number)
        if interval and not (0 <= number < 1 or (number == 1 and interval.endswith("]"))):
            raise ValueError(f"{name} must lie in {interval}, not {value!r}")
        if name not in {*_ANY_SIGN, *_AT_MOST} and number < _AT_LEAST.get(name, 0):
            raise ValueError(f"{name} must be at least {_AT_LEAST.get(name, 0)}, not {value!r}")
        if number > _AT_MOST.get(name, math.inf):
            raise ValueError(f"{name} must be at most {_AT_MOST[name]}, not {value!r}")
