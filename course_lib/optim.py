"""Optimizers: the rules of :mod:`course_lib.rules`, behind the protocol of ``torch.optim``.

Each class here is a ``torch.optim.Optimizer``: it takes parameters or parameter groups, keeps a state for
each parameter, saves and loads a ``state_dict``, takes a closure, and is driven by torch's learning-rate
schedulers. It does so with one rule, which it can execute in three ways:

``execution="plain"``
    The rule is called once for each parameter. The way to read, and to step through with a debugger.
``execution="flat"``
    All parameters of a group are laid, one after the other, in one long tensor, and the rule is called once.
    The parameters become views of that tensor.
``execution="compiled"``
    The same, through ``torch.compile``, which fuses the whole formula into one pass over memory. The first
    two updates take some seconds each, and on a CPU a C++ compiler.

The three give the same numbers.
"""

from __future__ import annotations

import itertools
import math
import numbers
import warnings

import torch

from course_lib import flat, rules

__all__ = ["RuleOptimizer", "SGD", "Adagrad", "RMSprop", "Adam", "AdamW", "RAdam", "LARS", "LAMB"]

EXECUTIONS = ("plain", "flat", "compiled")
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

    #: Whether the rule measures whole parameters, so that several must not be laid into one buffer.
    layerwise = False

    def __new__(cls, *args, **options):
        for name in _TORCH_SWITCHES:
            if name in options:
                ways = ", ".join(repr(way) for way in EXECUTIONS)
                raise TypeError(f"{cls.__name__} takes no {name}: use execution=, one of {ways}")
        return super().__new__(cls)

    def __init__(self, params, rule, defaults, *, maximize=False, execution="plain"):
        if execution not in EXECUTIONS:
            raise ValueError(f"execution must be one of {', '.join(EXECUTIONS)}, not {execution!r}")
        self.rule = rule
        self.hyper_names = tuple(defaults)
        self.execution = execution
        self._buffers = {}
        defaults = {**defaults, "maximize": maximize}
        self._check_hyper(defaults)
        super().__init__(params, defaults)

    def add_param_group(self, param_group):
        """Add a group, as torch does, after checking its hyperparameters: a bad one changes nothing."""
        if isinstance(param_group, dict):
            self._check_hyper({**self.defaults, **param_group})
        super().add_param_group(param_group)

    def _check_hyper(self, hyper):
        for name in (*self.hyper_names, "maximize"):
            if name not in hyper:
                raise ValueError(f"the hyperparameter {name} is missing")
            _check(name, hyper[name])
        self._check_together(hyper)

    def _check_together(self, hyper):
        """Hook for what the hyperparameters must satisfy jointly."""

    def state_dict(self):
        """What torch's ``state_dict`` holds, and under ``"rule"`` the name of the rule."""
        return {**super().state_dict(), "rule": _name(self.rule)}

    def load_state_dict(self, state_dict):
        """Take over what :meth:`state_dict` gave: of the same rule and shapes, under any execution.

        Raises ``ValueError``, and changes nothing, when the state is another rule's or does not fit.
        """
        if state_dict.get("rule") != _name(self.rule):
            theirs = f"of the rule {state_dict['rule']}" if "rule" in state_dict else "another library's"
            raise ValueError(f"this state_dict is {theirs}; this optimizer's rule is {_name(self.rule)}")
        for group, saved in zip(self.param_groups, state_dict["param_groups"], strict=False):
            self._check_hyper(saved)
            for p, key in zip(group["params"], saved["params"], strict=False):
                for name, value in state_dict["state"].get(key, {}).items():
                    if name != "step" and value.shape != p.shape:
                        shapes = f"{name} has shape {tuple(value.shape)}, its parameter {tuple(p.shape)}"
                        raise ValueError(f"this state_dict is another model's: {shapes}")
        super().load_state_dict(state_dict)

    @torch.no_grad()
    def step(self, closure=None):
        """Update every parameter once. Returns what ``closure`` returns, if one is given."""
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
            hyper = {name: group[name] for name in self.hyper_names}
            if self.execution == "plain":
                self._step_plain(params, hyper, group["maximize"])
            else:
                self._step_flat(index, params, hyper, group["maximize"])
        return loss

    def _step_plain(self, params, hyper, maximize):
        for p in params:
            t = self._updates_made(p) + 1
            s = {name: value for name, value in self.state[p].items() if name != "step"}
            new_w, new_s = self.rule(p, -p.grad if maximize else p.grad, s, t, **hyper)
            # A rule may keep w or g itself as a state: store a copy, for both are about to change.
            new_s = {name: x.clone() if x is p or x is p.grad else x for name, x in new_s.items()}
            p.copy_(new_w)
            self.state[p] = {"step": t, **new_s}

    def _step_flat(self, index, params, hyper, maximize):
        together = {}
        for number, p in enumerate(params):
            t = self._updates_made(p) + 1
            layer = number if self.layerwise else None
            together.setdefault((p.dtype, p.device, t, layer, *self.state[p]), []).append(p)
        before, self._buffers[index] = self._buffers.get(index, []), []
        for (_, _, t, *_), members in together.items():
            states = [self.state[p] for p in members]
            buffer = next((b for b in before if b.holds(members, states)), None)
            buffer = buffer or flat.FlatBuffer(members, states)
            buffer.gather_gradients(maximize)
            self._update(buffer.w, buffer.g, buffer.s, t, hyper)
            for p, views in zip(members, buffer.state_views(), strict=True):
                self.state[p] = {"step": t, **views}
            self._buffers[index].append(buffer)

    def _update(self, w, g, s, t, hyper):
        if self.execution == "compiled":
            try:
                return flat.compiled_update(self.rule)(self.rule, w, g, s, t, hyper)
            except torch._dynamo.exc.BackendCompilerFailed as failure:
                why = str(failure).splitlines()[0]
                warnings.warn(f"execution='plain' replaces 'compiled', which fails here: {why}", stacklevel=4)
                self.execution = "plain"
        flat.update(self.rule, w, g, s, t, hyper)

    def _updates_made(self, p):
        return self.state[p].get("step", 0)

    def __getstate__(self):
        own = {"rule": self.rule, "hyper_names": self.hyper_names, "execution": self.execution}
        return {**super().__getstate__(), **own, "_buffers": {}}


# --- the checks ------------------------------------------------------------------------------------------


def _name(rule):
    return getattr(rule, "__name__", type(rule).__name__)


_FLAGS = {"nesterov", "centered", "amsgrad", "decoupled_weight_decay", "maximize"}


def _check(name, value):
    """Raise unless a hyperparameter's value is one that its rule can work with."""
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise TypeError(f"{name} must be True or False, not {value!r}")
        return
    if name == "betas" and not (isinstance(value, (tuple, list)) and len(value) == 2):
        raise TypeError(f"betas must be a pair such as (0.9, 0.999), not {value!r}")
    for number in value if name == "betas" else (value,):
        if isinstance(number, bool) or not isinstance(number, numbers.Real):
            raise TypeError(f"{name} must be made of numbers, not {value!r}")
        if not math.isfinite(number):
            raise ValueError(f"{name} must be finite, not {value!r}")
        if name in ("betas", "alpha") and not 0 <= number < 1:
            raise ValueError(f"{name} must lie in [0, 1), not {value!r}")
        if name != "dampening" and number < 0:
            raise ValueError(f"{name} must be at least 0, not {value!r}")


# --- the named classes: torch's signatures, one rule each --------------------------------------------------


class SGD(RuleOptimizer):
    """:func:`course_lib.rules.sgd` behind torch's protocol. Takes what ``torch.optim.SGD`` takes."""

    def __init__(
        self,
        params,
        lr=1e-3,
        momentum=0.0,
        dampening=0.0,
        weight_decay=0.0,
        nesterov=False,
        *,
        maximize=False,
        execution="plain",
    ):
        hyper = dict(
            lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov
        )
        super().__init__(params, rules.sgd, hyper, maximize=maximize, execution=execution)

    def _check_together(self, hyper):
        if hyper["nesterov"] and (hyper["momentum"] <= 0 or hyper["dampening"] != 0):
            raise ValueError("nesterov=True needs a momentum above 0 and a dampening of 0")


class Adagrad(RuleOptimizer):
    """:func:`course_lib.rules.adagrad` behind torch's protocol. Takes what ``torch.optim.Adagrad`` takes."""

    def __init__(
        self,
        params,
        lr=1e-2,
        lr_decay=0.0,
        weight_decay=0.0,
        initial_accumulator_value=0.0,
        eps=1e-10,
        *,
        maximize=False,
        execution="plain",
    ):
        hyper = dict(
            lr=lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
        )
        super().__init__(params, rules.adagrad, hyper, maximize=maximize, execution=execution)


class RMSprop(RuleOptimizer):
    """:func:`course_lib.rules.rmsprop` behind torch's protocol. Takes what ``torch.optim.RMSprop`` takes."""

    def __init__(
        self,
        params,
        lr=1e-2,
        alpha=0.99,
        eps=1e-8,
        weight_decay=0.0,
        momentum=0.0,
        centered=False,
        *,
        maximize=False,
        execution="plain",
    ):
        hyper = dict(
            lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum, centered=centered
        )
        super().__init__(params, rules.rmsprop, hyper, maximize=maximize, execution=execution)


class Adam(RuleOptimizer):
    """:func:`course_lib.rules.adam` behind torch's protocol. Takes what ``torch.optim.Adam`` takes."""

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0.0,
        amsgrad=False,
        *,
        maximize=False,
        decoupled_weight_decay=False,
        execution="plain",
    ):
        hyper = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad)
        rule = rules.adamw if decoupled_weight_decay else rules.adam
        super().__init__(params, rule, hyper, maximize=maximize, execution=execution)


class AdamW(RuleOptimizer):
    """:func:`course_lib.rules.adamw` behind torch's protocol. Takes what ``torch.optim.AdamW`` takes."""

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=1e-2,
        amsgrad=False,
        *,
        maximize=False,
        execution="plain",
    ):
        hyper = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad)
        super().__init__(params, rules.adamw, hyper, maximize=maximize, execution=execution)


class RAdam(RuleOptimizer):
    """:func:`course_lib.rules.radam` behind torch's protocol. Takes what ``torch.optim.RAdam`` takes."""

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0.0,
        decoupled_weight_decay=False,
        *,
        maximize=False,
        execution="plain",
    ):
        hyper = dict(
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            decoupled_weight_decay=decoupled_weight_decay,
        )
        super().__init__(params, rules.radam, hyper, maximize=maximize, execution=execution)


class LARS(RuleOptimizer):
    """:func:`course_lib.rules.lars` behind torch's protocol: each parameter is a layer. Not in torch."""

    layerwise = True

    def __init__(
        self,
        params,
        lr=1e-3,
        momentum=0.9,
        weight_decay=0.0,
        trust_coefficient=1e-3,
        *,
        maximize=False,
        execution="plain",
    ):
        hyper = dict(lr=lr, momentum=momentum, weight_decay=weight_decay, trust_coefficient=trust_coefficient)
        super().__init__(params, rules.lars, hyper, maximize=maximize, execution=execution)


class LAMB(RuleOptimizer):
    """:func:`course_lib.rules.lamb` behind torch's protocol: each parameter is a layer. Not in torch."""

    layerwise = True

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-6,
        weight_decay=0.0,
        *,
        maximize=False,
        execution="plain",
    ):
        hyper = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
        super().__init__(params, rules.lamb, hyper, maximize=maximize, execution=execution)
