"""The training loop that the course teaches.

:func:`fit` is the loop. :func:`descend` is the same loop on a landscape, with a rule in place of an
optimizer. :mod:`course_lib.compare` compares what comes out.
"""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

__all__ = ["History", "fit", "descend"]


@dataclass
class History:
    """What a run of :func:`fit` recorded, one entry an update.

    ``loss`` is the batch's loss *before* the update; ``lr`` the learning rate of the first parameter group
    during it; ``examples`` the number of examples seen, this batch included.
    """

    loss: list[float] = field(default_factory=list)
    lr: list[float] = field(default_factory=list)
    examples: list[int] = field(default_factory=list)


def fit(
    model: Callable[[Any], Any],
    loss_fn: Callable[[Any, Any], torch.Tensor],
    batches: Iterable[Any],
    optimizer: torch.optim.Optimizer,
    *,
    epochs: int = 1,
    scheduler: Any = None,
) -> History:
    """Train a model: predict, compare, differentiate, update, repeat. Returns a :class:`History`.

    ``batches`` is anything that can be iterated over again each epoch and yields pairs ``(x, y)``: a
    DataLoader, or a list. ``scheduler``, if given, steps once after each *update*.

    Raises ``ValueError`` for ``epochs`` below 1, if there are no batches, or if no parameter of the optimizer
    has a gradient; ``TypeError`` for an optimizer or a scheduler whose ``step`` wants to be given something
    (a closure, as ``LBFGS``; a metric, as ``ReduceOnPlateau``); and ``FloatingPointError`` as soon as the
    loss or a gradient is no finite number: before the update, so that the parameters are still the last good
    ones. That error has the history up to there as its ``history``.
    """
    if isinstance(epochs, bool) or not isinstance(epochs, numbers.Integral) or epochs < 1:
        raise ValueError(f"epochs must be a whole number, at least 1, not {epochs!r}")
    _refuse_to_give(optimizer)
    _refuse_to_give(scheduler)
    history = History()
    examples = 0
    for _ in range(epochs):
        before = examples
        for x, y in batches:
            prediction = model(x)
            loss = loss_fn(prediction, y)
            optimizer.zero_grad()
            loss.backward()
            _refuse_non_finite(loss, optimizer, history)
            examples += _examples(x)
            history.loss.append(loss.item())
            history.lr.append(float(optimizer.param_groups[0]["lr"]))
            history.examples.append(examples)
            optimizer.step()
            if scheduler is not None:
                scheduler.step()
        if examples == before:
            raise ValueError(
                "there are no batches to train on; an iterator is used up after one epoch, a list is not"
            )
    return history


def _refuse_to_give(driven: Any) -> None:
    """Raise if the ``step`` of an optimizer or a scheduler cannot be called without an argument."""
    step = getattr(type(driven), "step", None)  # of the class: a scheduler wraps the one of an optimizer
    if step is None:
        return
    for name, parameter in list(inspect.signature(step).parameters.items())[1:]:
        variadic = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        if parameter.default is parameter.empty and not variadic:
            raise TypeError(
                f"{type(driven).__name__}.step() wants {name}, which fit does not give: "
                "write the loop of fit yourself, with that argument"
            )


def _examples(x: Any) -> int:
    """How many examples an input holds: several tensors, in a tuple, list or dict, hold a part of each."""
    if isinstance(x, torch.Tensor):
        return len(x) if x.dim() else 1
    parts = list(x.values()) if isinstance(x, Mapping) else x
    if isinstance(parts, (list, tuple)):
        counts = {_examples(part) for part in parts if isinstance(part, (torch.Tensor, Mapping, list, tuple))}
        if len(counts) == 1 and not isinstance(parts[0], (str, bytes)):
            return counts.pop()
    return len(parts) if hasattr(parts, "__len__") else 1


def _refuse_non_finite(loss: torch.Tensor, optimizer: torch.optim.Optimizer, history: History) -> None:
    params = [p for group in optimizer.param_groups for p in group["params"]]
    if all(p.grad is None for p in params):
        raise ValueError(
            "no parameter of the optimizer has a gradient: the optimizer was made with the parameters of "
            "another model, or the loss does not depend on them"
        )
    wrong = ""
    if not loss.isfinite():
        wrong = f"the loss is {loss.item()}"
    else:
        for p in params:
            if p.grad is not None and not p.grad.isfinite().all():
                wrong = f"a gradient of shape {tuple(p.shape)} is not finite"
                break
    if not wrong:
        return
    if history.loss:
        rate = float(optimizer.param_groups[0]["lr"])
        advice = f"after {len(history.loss)} updates; try a smaller learning rate than {rate:g}"
    else:
        advice = "before any update: look for NaN or inf in the data, or for a log, root or division at 0"
    error = FloatingPointError(f"{wrong} {advice}")
    error.history = history  # type: ignore[attr-defined]
    raise error


def descend(
    loss: Callable[[Any], Any],
    rule: Callable[..., Any],
    start: Sequence[float],
    steps: int,
    *,
    gradient: Callable[[torch.Tensor], torch.Tensor] | None = None,
    **hyper: Any,
) -> list[tuple[float, ...]]:
    """Follow a rule down a loss. Returns the path: ``steps + 1`` points as tuples of floats, the start first.

    ``loss`` is a :class:`~course_lib.landscapes.Landscape`, or any function of a float64 tensor; the gradient
    comes from autograd, unless a function ``gradient(w)`` is given. A path that leaves the finite numbers
    ends there.

    Raises ``ValueError`` if ``steps`` is negative.
    """
    if steps < 0:
        raise ValueError(f"steps must be at least 0, not {steps!r}")
    w = torch.tensor(start, dtype=torch.float64)
    path: list[tuple[float, ...]] = [tuple(w.tolist())]
    state: dict[str, Any] = {}
    for t in range(1, steps + 1):
        if gradient is None:
            leaf = w.clone().requires_grad_()
            (g,) = torch.autograd.grad(loss(leaf), leaf)
        else:
            g = gradient(w)
        w, state = rule(w, g, state, t, **hyper)
        if not w.isfinite().all():
            break
        path.append(tuple(w.tolist()))
    return path
