"""The training loop that the course teaches.

:func:`fit` is the loop. :func:`descend` is the same loop on a landscape, with a rule in place of an
optimizer. :mod:`course_lib.compare` compares what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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

    Raises ``ValueError`` for ``epochs`` below 1 or if there are no batches, and ``FloatingPointError`` as
    soon as the loss or a gradient is no finite number: before the update, so that the parameters are still
    the last good ones.
    """
    if not isinstance(epochs, int) or epochs < 1:
        raise ValueError(f"epochs must be a whole number, at least 1, not {epochs!r}")
    history = History()
    examples = 0
    for _ in range(epochs):
        before = examples
        for x, y in batches:
            prediction = model(x)
            loss = loss_fn(prediction, y)
            optimizer.zero_grad()
            loss.backward()
            _refuse_non_finite(loss, optimizer, len(history.loss))
            examples += len(x)
            history.loss.append(loss.item())
            history.lr.append(optimizer.param_groups[0]["lr"])
            history.examples.append(examples)
            optimizer.step()
            if scheduler is not None:
                scheduler.step()
        if examples == before:
            raise ValueError(
                "there are no batches to train on; an iterator is used up after one epoch, a list is not"
            )
    return history


def _refuse_non_finite(loss: torch.Tensor, optimizer: torch.optim.Optimizer, updates: int) -> None:
    advice = f"after {updates} updates; try a smaller learning rate than {optimizer.param_groups[0]['lr']:g}"
    if not loss.isfinite():
        raise FloatingPointError(f"the loss is {loss.item()} {advice}")
    for group in optimizer.param_groups:
        for p in group["params"]:
            if p.grad is not None and not p.grad.isfinite().all():
                raise FloatingPointError(f"a gradient of shape {tuple(p.shape)} is not finite {advice}")


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
