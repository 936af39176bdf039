"""Optimizers: each rule of the course under its name, in place of ``torch.optim``'s.

::

    from course_lib import optim

    optimizer = optim.AdamW(model.parameters(), lr=3e-4)

Where torch has an optimizer of that name, the arguments are torch's, in torch's order, and so are the
numbers that come out. What all of them share is in :class:`course_lib.rule_optimizer.RuleOptimizer`:
parameter groups, checkpoints, and ``execution=``, which is ``"plain"``, ``"flat"`` or ``"compiled"``. What
they compute is in :mod:`course_lib.rules` and :mod:`course_lib.wrappers`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import torch

from course_lib import rules, wrappers
from course_lib.rule_optimizer import RuleOptimizer, name_of, require_rule

__all__ = [
    "RuleOptimizer",
    "SGD",
    "Adagrad",
    "Adadelta",
    "RMSprop",
    "Adam",
    "AMSGrad",
    "AdamW",
    "Adamax",
    "NAdam",
    "RAdam",
    "AdEMAMix",
    "Lion",
    "LARS",
    "LAMB",
    "Muon",
    "Adafactor",
    "SOAP",
    "Lookahead",
    "Ranger",
    "SGDScheduleFree",
    "AdamWScheduleFree",
]

Params = Iterable[Any]
Betas = tuple[float, float]


# --- one learning rate for all coordinates ---------------------------------------------------------------


class SGD(RuleOptimizer):
    """:func:`course_lib.rules.sgd` behind torch's protocol. Takes what ``torch.optim.SGD`` takes."""

    def __init__(
        self, params: Params, lr: float = 1e-3, momentum: float = 0.0, dampening: float = 0.0,
        weight_decay: float = 0.0, nesterov: bool = False, *,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(
            lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov
        )
        super().__init__(params, rules.sgd, hyper, maximize=maximize, execution=execution)

    def _check_together(self, hyper: dict[str, Any]) -> None:
        if hyper["nesterov"] and (hyper["momentum"] <= 0 or hyper["dampening"] != 0):
            raise ValueError("nesterov=True needs a momentum above 0 and a dampening of 0")


# --- a learning rate for each coordinate -----------------------------------------------------------------


class Adagrad(RuleOptimizer):
    """:func:`course_lib.rules.adagrad` behind torch's protocol. Takes what ``torch.optim.Adagrad`` takes."""

    def __init__(
        self, params: Params, lr: float = 1e-2, lr_decay: float = 0.0, weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0, eps: float = 1e-10, *,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(
            lr=lr, lr_decay=lr_decay, weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value, eps=eps,
        )  # fmt: skip
        super().__init__(params, rules.adagrad, hyper, maximize=maximize, execution=execution)


class Adadelta(RuleOptimizer):
    """:func:`course_lib.rules.adadelta` behind torch's protocol. Takes what torch's ``Adadelta`` takes."""

    def __init__(
        self, params: Params, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6, weight_decay: float = 0.0,
        *, maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay)
        super().__init__(params, rules.adadelta, hyper, maximize=maximize, execution=execution)


class RMSprop(RuleOptimizer):
    """:func:`course_lib.rules.rmsprop` behind torch's protocol. Takes what ``torch.optim.RMSprop`` takes."""

    def __init__(
        self, params: Params, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8,
        weight_decay: float = 0.0, momentum: float = 0.0, centered: bool = False, *,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(
            lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum, centered=centered
        )
        super().__init__(params, rules.rmsprop, hyper, maximize=maximize, execution=execution)


# --- Adam and its relatives ------------------------------------------------------------------------------


class Adam(RuleOptimizer):
    """:func:`course_lib.rules.adam` behind torch's protocol. Takes what ``torch.optim.Adam`` takes."""

    def __init__(
        self, params: Params, lr: float = 1e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0.0, amsgrad: bool = False, *,
        maximize: bool = False, decoupled_weight_decay: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad)
        rule = rules.adamw if decoupled_weight_decay else rules.adam
        super().__init__(params, rule, hyper, maximize=maximize, execution=execution)


class AMSGrad(RuleOptimizer):
    """:func:`course_lib.rules.amsgrad` behind torch's protocol. In torch it is ``Adam(amsgrad=True)``."""

    def __init__(
        self, params: Params, lr: float = 1e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0.0, *, maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
        super().__init__(params, rules.amsgrad, hyper, maximize=maximize, execution=execution)


class AdamW(RuleOptimizer):
    """:func:`course_lib.rules.adamw` behind torch's protocol. Takes what ``torch.optim.AdamW`` takes."""

    def __init__(
        self, params: Params, lr: float = 1e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 1e-2, amsgrad: bool = False, *,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad)
        super().__init__(params, rules.adamw, hyper, maximize=maximize, execution=execution)


class Adamax(RuleOptimizer):
    """:func:`course_lib.rules.adamax` behind torch's protocol. Takes what ``torch.optim.Adamax`` takes."""

    def __init__(
        self, params: Params, lr: float = 2e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0.0, *, maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
        super().__init__(params, rules.adamax, hyper, maximize=maximize, execution=execution)


class NAdam(RuleOptimizer):
    """:func:`course_lib.rules.nadam` behind torch's protocol. Takes what ``torch.optim.NAdam`` takes."""

    def __init__(
        self, params: Params, lr: float = 2e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0.0, momentum_decay: float = 4e-3, decoupled_weight_decay: bool = False, *,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
            momentum_decay=momentum_decay, decoupled_weight_decay=decoupled_weight_decay,
        )  # fmt: skip
        super().__init__(params, rules.nadam, hyper, maximize=maximize, execution=execution)


class RAdam(RuleOptimizer):
    """:func:`course_lib.rules.radam` behind torch's protocol. Takes what ``torch.optim.RAdam`` takes."""

    def __init__(
        self, params: Params, lr: float = 1e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0.0, decoupled_weight_decay: bool = False, *,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
            decoupled_weight_decay=decoupled_weight_decay,
        )  # fmt: skip
        super().__init__(params, rules.radam, hyper, maximize=maximize, execution=execution)


class AdEMAMix(RuleOptimizer):
    """:func:`course_lib.rules.ademamix` behind torch's protocol. Not in torch; its authors' arguments."""

    def __init__(
        self, params: Params, lr: float = 1e-3, betas: tuple[float, float, float] = (0.9, 0.999, 0.9999),
        alpha: float = 2.0, beta3_warmup: int | None = None, alpha_warmup: int | None = None,
        eps: float = 1e-8, weight_decay: float = 0.0, *, maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(
            lr=lr, betas=betas, alpha=alpha, beta3_warmup=beta3_warmup, alpha_warmup=alpha_warmup, eps=eps,
            weight_decay=weight_decay,
        )  # fmt: skip
        super().__init__(params, rules.ademamix, hyper, maximize=maximize, execution=execution)

    def _check_together(self, hyper: dict[str, Any]) -> None:
        if hyper["beta3_warmup"] and not float(hyper["betas"][2]) > 0:
            raise ValueError("beta3_warmup needs a third beta above 0, such as 0.9999")


# --- only the sign ---------------------------------------------------------------------------------------


class Lion(RuleOptimizer):
    """:func:`course_lib.rules.lion` behind torch's protocol. Not in torch; its authors' arguments."""

    def __init__(
        self, params: Params, lr: float = 1e-4, betas: Betas = (0.9, 0.99), weight_decay: float = 0.0, *,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, betas=betas, weight_decay=weight_decay)
        super().__init__(params, rules.lion, hyper, maximize=maximize, execution=execution)


# --- a learning rate for each layer ----------------------------------------------------------------------


class LARS(RuleOptimizer):
    """:func:`course_lib.rules.lars` behind torch's protocol: each parameter is a layer. Not in torch."""

    def __init__(
        self, params: Params, lr: float = 1e-3, momentum: float = 0.9, weight_decay: float = 0.0,
        trust_coefficient: float = 1e-3, *, maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, momentum=momentum, weight_decay=weight_decay, trust_coefficient=trust_coefficient)
        super().__init__(params, rules.lars, hyper, maximize=maximize, execution=execution)


class LAMB(RuleOptimizer):
    """:func:`course_lib.rules.lamb` behind torch's protocol: each parameter is a layer. Not in torch."""

    def __init__(
        self, params: Params, lr: float = 1e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-6,
        weight_decay: float = 0.0, *, maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
        super().__init__(params, rules.lamb, hyper, maximize=maximize, execution=execution)


# --- whole matrices --------------------------------------------------------------------------------------


class Muon(RuleOptimizer):
    """:func:`course_lib.rules.muon` behind torch's protocol. Takes what ``torch.optim.Muon`` takes, and more.

    Muon is for matrices. Like torch's, this one refuses parameters of another shape, unless ``fallback``
    names an elementwise rule of :mod:`course_lib.rules` for them, such as ``"adamw"``. They then form a
    parameter group of their own, with that rule's hyperparameters, which ``fallback_options`` may change; a
    scheduler sees its learning rate beside Muon's::

        optim.Muon(model.parameters(), lr=0.02, fallback="adamw", fallback_options=dict(lr=3e-4))

    Embeddings and the last layer are matrices, but mostly left to AdamW too: give them in a group of their
    own that names its rule, ``{"params": ..., "rule": "adamw", "lr": 3e-4}``.
    """

    def __init__(
        self, params: Params, lr: float = 1e-3, weight_decay: float = 0.1, momentum: float = 0.95,
        nesterov: bool = True, ns_coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315),
        eps: float = 1e-7, ns_steps: int = 5, adjust_lr_fn: str | None = None, *,
        fallback: str | None = None, fallback_options: dict[str, Any] | None = None,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(
            lr=lr, weight_decay=weight_decay, momentum=momentum, nesterov=nesterov,
            ns_coefficients=ns_coefficients, eps=eps, ns_steps=ns_steps, adjust_lr_fn=adjust_lr_fn,
        )  # fmt: skip
        self._fallback = fallback
        self._fallback_options = fallback_options or {}
        if self._fallback_options and fallback is None:
            raise ValueError("fallback_options need a fallback, such as 'adamw'")
        if fallback is not None:
            _hyper_of(_elementwise(fallback), self._fallback_options)
        super().__init__(params, rules.muon, hyper, maximize=maximize, execution=execution)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group, or two: its matrices, and the rest for the fallback."""
        if not isinstance(param_group, dict):
            return super().add_param_group(param_group)
        if "rule" in param_group:
            own = _hyper_of(_elementwise(param_group["rule"]), {})
            return super().add_param_group({**own, **param_group})
        params = param_group["params"]
        params = [params] if isinstance(params, torch.Tensor) else list(params)
        if not all(isinstance(_tensor(p), torch.Tensor) for p in params):
            return super().add_param_group({**param_group, "params": params})  # raises what torch raises
        rest = [p for p in params if _tensor(p).ndim != 2]
        if not rest:
            return super().add_param_group({**param_group, "params": params})
        if self._fallback is None:
            raise ValueError(
                f"Muon is for matrices; this parameter has shape {tuple(_tensor(rest[0]).shape)}: "
                "give it to another optimizer, or name one for it, as in fallback='adamw'"
            )
        groups_before = list(self.param_groups)
        if matrices := [p for p in params if _tensor(p).ndim == 2]:
            super().add_param_group({**param_group, "params": matrices})
        shared = {name: x for name, x in param_group.items() if name not in self.hyper_names}
        own = _hyper_of(_elementwise(self._fallback), self._fallback_options)
        try:
            super().add_param_group({**shared, **own, "params": rest, "rule": self._fallback})
        except Exception:
            self.param_groups[:] = groups_before
            raise

    def _rule_of(self, group: dict[str, Any]) -> tuple[Callable[..., Any], tuple[str, ...], str]:
        if "rule" not in group:
            return super()._rule_of(group)
        rule = _elementwise(group["rule"])
        return rule, tuple(p.name for p in _keywords(rule)), "entry"

    def __getstate__(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("_fallback", "_fallback_options")}
        return {**super().__getstate__(), **own}


class Adafactor(RuleOptimizer):
    """:func:`course_lib.rules.adafactor` behind torch's protocol. Takes what ``torch.optim.Adafactor`` takes.

    It looks at one parameter at a time, in its own shape: ``"flat"`` joins nothing and gains nothing here.
    """

    def __init__(
        self, params: Params, lr: float = 1e-2, beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3), d: float = 1.0, weight_decay: float = 0.0, *,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, beta2_decay=beta2_decay, eps=eps, d=d, weight_decay=weight_decay)
        super().__init__(params, rules.adafactor, hyper, maximize=maximize, execution=execution)


class SOAP(RuleOptimizer):
    """:func:`course_lib.rules.soap` behind torch's protocol. Not in torch; its authors' arguments, in part.

    Matrices are turned; all other parameters get AdamW's updates, with the same hyperparameters. Leave
    embeddings and the last layer to another optimizer if they are large: a side of n keeps 2n² numbers.

    It looks at one parameter at a time, in its own shape: ``"flat"`` joins nothing and gains nothing here.
    """

    def __init__(
        self, params: Params, lr: float = 3e-3, betas: Betas = (0.95, 0.95), eps: float = 1e-8,
        weight_decay: float = 1e-2, precondition_frequency: int = 10, *,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
            precondition_frequency=precondition_frequency,
        )  # fmt: skip
        super().__init__(params, rules.soap, hyper, maximize=maximize, execution=execution)


def _elementwise(name: str) -> Callable[..., Any]:
    known = [rule for rule, unit in rules.UNITS.items() if unit == "entry"]
    if name not in known:
        raise ValueError(f"the rule for other shapes must be one of {', '.join(known)}, not {name!r}")
    return getattr(rules, name)


def _tensor(p: Any) -> torch.Tensor:
    """The parameter itself, of a parameter or a pair (name, parameter)."""
    return p[1] if isinstance(p, tuple) else p


def _hyper_of(rule: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """A rule's hyperparameters: what is given, and its defaults for the rest."""
    require_rule(rule)
    keywords = _keywords(rule)
    names = [p.name for p in keywords]
    for name in given:
        if name not in names:
            raise TypeError(f"the rule {name_of(rule)} has no {name}: it has {', '.join(names)}")
    for p in keywords:
        if p.default is p.empty and p.name not in given:
            raise TypeError(f"the rule {name_of(rule)} needs {p.name}=")
    return {p.name: given.get(p.name, p.default) for p in keywords}


@functools.cache
def _keywords(rule: Callable[..., Any]) -> list[inspect.Parameter]:
    """The hyperparameters in a rule's signature. A group with a rule of its own asks at every step."""
    keywords = [p for p in inspect.signature(rule).parameters.values() if p.kind is p.KEYWORD_ONLY]
    given = rule.keywords if isinstance(rule, functools.partial) else {}
    return [p for p in keywords if p.name not in given]


# --- wrappers --------------------------------------------------------------------------------------------


class Lookahead(RuleOptimizer):
    """:func:`course_lib.wrappers.lookahead` around any rule, behind torch's protocol. Not in torch.

    The hyperparameters of ``rule`` are given by name, beside Lookahead's own ``k`` and ``alpha``::

        optim.Lookahead(model.parameters(), rules.adamw, lr=3e-4, k=5, alpha=0.5)
    """

    intervals = {**RuleOptimizer.intervals, "alpha": "[0, 1]"}

    def __init__(
        self, params: Params, rule: Callable[..., Any], *, k: int = 5, alpha: float = 0.5,
        maximize: bool = False, execution: str = "plain", **hyper: Any,
    ) -> None:  # fmt: skip
        hyper = {**_hyper_of(rule, hyper), "k": k, "alpha": alpha}  # a rule's own alpha stays its default
        super().__init__(params, _looking_ahead(rule), hyper, maximize=maximize, execution=execution)


@functools.cache
def _looking_ahead(rule: Callable[..., Any]) -> Callable[..., Any]:
    """One object for each rule, so that it is compiled once."""
    return functools.partial(wrappers.lookahead, rule=rule)


class Ranger(RuleOptimizer):
    """:func:`course_lib.wrappers.ranger` behind torch's protocol: RAdam in Lookahead. Not in torch."""

    intervals = {**RuleOptimizer.intervals, "alpha": "[0, 1]"}

    def __init__(
        self, params: Params, lr: float = 1e-3, alpha: float = 0.5, k: int = 6, betas: Betas = (0.95, 0.999),
        eps: float = 1e-5, weight_decay: float = 0.0, *, maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, alpha=alpha, k=k, betas=betas, eps=eps, weight_decay=weight_decay)
        super().__init__(params, wrappers.ranger, hyper, maximize=maximize, execution=execution)


class _ScheduleFree(RuleOptimizer):
    """What the Schedule-Free optimizers share: the parameters are y while training, x while evaluating.

    :meth:`step` raises ``RuntimeError`` between :meth:`eval` and :meth:`train`.
    """

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group, as torch does. Its parameters are the training point y."""
        super().add_param_group(param_group)
        self.param_groups[-1].setdefault("train_mode", True)

    @torch.no_grad()
    def _change_to(self, train_mode: bool) -> None:
        for group in self.param_groups:
            if group["train_mode"] != train_mode:
                for p in group["params"]:
                    if "x" in self.state[p]:
                        # The two change places, so that y comes back as it was, to the last bit.
                        x = self.state[p]["x"]
                        p_before = p.clone()
                        p.copy_(x)
                        x.copy_(p_before)
                group["train_mode"] = train_mode

    def eval(self) -> None:
        """Put the average x into the parameters: to evaluate, and to save the model that you keep."""
        self._change_to(False)

    def train(self) -> None:
        """Put the training point y back into the parameters, before the next update."""
        self._change_to(True)

    def _check_ready(self) -> None:
        if not all(group["train_mode"] for group in self.param_groups):
            raise RuntimeError("the parameters hold the average x since eval(): call train() before step()")


class SGDScheduleFree(_ScheduleFree):
    """:func:`course_lib.wrappers.schedule_free_sgd` behind torch's protocol. Not in torch.

    The arguments are its authors'. Call :meth:`eval` before you evaluate or save the model, and :meth:`train`
    before you train on.
    """

    intervals = {**RuleOptimizer.intervals, "momentum": "[0, 1)"}

    def __init__(
        self, params: Params, lr: float = 1.0, momentum: float = 0.9, weight_decay: float = 0.0,
        warmup_steps: int = 0, *, maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, momentum=momentum, weight_decay=weight_decay, warmup_steps=warmup_steps)
        super().__init__(params, wrappers.schedule_free_sgd, hyper, maximize=maximize, execution=execution)


class AdamWScheduleFree(_ScheduleFree):
    """:func:`course_lib.wrappers.schedule_free_adamw` behind torch's protocol. Not in torch.

    The arguments are its authors'. Call :meth:`eval` before you evaluate or save the model, and :meth:`train`
    before you train on.
    """

    def __init__(
        self, params: Params, lr: float = 2.5e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: float = 0.0, warmup_steps: int = 0, *,
        maximize: bool = False, execution: str = "plain",
    ) -> None:  # fmt: skip
        hyper = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, warmup_steps=warmup_steps)
        super().__init__(params, wrappers.schedule_free_adamw, hyper, maximize=maximize, execution=execution)


# --- what the arguments mean -----------------------------------------------------------------------------

_ARGUMENTS = {
    "params": "tensors, ``(name, tensor)`` pairs, or dicts that describe parameter groups",
    "lr": "the learning rate η: a number, or a tensor with one entry",
    "momentum": "how much of the velocity is left at the next update, β",
    "dampening": "what is kept back of each gradient on its way into the velocity",
    "weight_decay": "how strongly weights are pulled towards 0, λ",
    "nesterov": "look ahead by the velocity: Nesterov's momentum",
    "lr_decay": "how fast the rate falls: η/(1 + (t − 1)·lr_decay)",
    "initial_accumulator_value": "where the sum of squares begins",
    "eps": "what is added to the denominator, ε",
    "rho": "how much of each mean is left at the next update, ρ",
    "alpha": "how much of the mean of squares is left at the next update, α",
    "centered": "subtract the squared mean of the gradients: divide by their deviation",
    "betas": "how much of the mean of the gradients, and of that of their squares, is left at the next "
    "update, β₁, β₂",
    "amsgrad": "divide by the largest mean of squares so far",
    "decoupled_weight_decay": "decay the weights themselves, as AdamW, instead of adding to the gradient",
    "momentum_decay": "how fast the momentum approaches β₁",
    "trust_coefficient": "which share of a layer's length an update may have",
    "ns_coefficients": "the three coefficients of Newton and Schulz' iteration",
    "ns_steps": "how many times it is made",
    "adjust_lr_fn": 'how the rate follows the matrix\'s shape: ``"original"`` or ``"match_rms_adamw"``',
    "beta2_decay": "how fast the mean of squares lengthens its memory, τ in β₂ = 1 − t^τ: at most 0",
    "d": "how large an update may be, in root mean square, before the rate",
    "precondition_frequency": "every how many updates the turned coordinates follow",
    "beta3_warmup": "during how many updates β₃ rises to its value; ``None`` for none",
    "alpha_warmup": "during how many updates α rises to its value; ``None`` for none",
    "fallback": "the name of the rule for parameters that are no matrices",
    "fallback_options": "its hyperparameters, as a dict",
    "rule": "the rule that runs ahead, a function of :mod:`course_lib.rules`",
    "k": "every how many updates the slow weights follow",
    "warmup_steps": "during how many updates the rate rises to η",
    "maximize": "climb instead of descend",
    "execution": '``"plain"``, one parameter after the other; ``"flat"``, small ones together; '
    '``"compiled"``, by machine code. The numbers are the same: see :mod:`course_lib.rule_optimizer`',
    "hyper": "the hyperparameters of ``rule``, by name",
}
#: Where an argument means something else.
_MEANINGS: dict[type, dict[str, str]] = {
    Lookahead: {"alpha": "how far the slow weights follow, from 0 to 1, α"},
    Ranger: {"alpha": "how far the slow weights follow, from 0 to 1, α"},
    AdEMAMix: {
        "alpha": "how much the slow mean counts beside the fast one, α",
        "betas": "how much of the fast mean, of the mean of squares and of the slow mean is left at the next "
        "update, β₁, β₂, β₃",
    },
    Adafactor: {
        "lr": "the largest relative rate η: about which share of the weights' size an update has",
        "eps": "the least √v, ε₁, or ``None`` for the precision's own; the least size of the weights, ε₂",
    },
    Lion: {"betas": "which share the mean has in the update, and how much of it is left at the next, β₁, β₂"},
    SGDScheduleFree: {"momentum": "where gradients are taken: 0 at z, 1 at the mean x, β"},
    AdamWScheduleFree: {
        "betas": "where gradients are taken, 0 at z, 1 at the mean x; how much of the mean of squares is left"
    },
}


def _with_arguments(cls: type) -> str:
    """A class's docstring, and what each argument means, so that ``help`` says it."""
    lines = []
    for name in inspect.signature(cls).parameters:
        meaning = _MEANINGS.get(cls, {}).get(name, _ARGUMENTS[name])
        lines += [f"{name}:", f"    {meaning[0].upper()}{meaning[1:]}."]
    text = "\n".join(["Parameters", "----------", *lines])
    return f"{inspect.cleandoc(cls.__doc__ or '')}\n\n{text}\n"


for _name in __all__[1:]:
    globals()[_name].__doc__ = _with_arguments(globals()[_name])
