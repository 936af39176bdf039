"""A bowl with noise: the expected loss of SGD on it, exactly, for any sequence of learning rates.

One weight w, the loss ½λw², and a gradient λw + ξ whose noise ξ has mean 0 and variance σ², drawn anew at
each update. Nothing is simulated: mean and variance of w obey a recursion. Lesson 3.2 asks it what a schedule
does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from course_lib import schedules

__all__ = ["expected_losses", "floor", "bent"]

#: How a decay may fall, by its name: from 1 to 0, given how much of it is left, from 1 to 0.
DECAYS = {
    "straight": lambda left: left,
    "cosine": lambda left: (1 - math.cos(math.pi * left)) / 2,
    "1 − √x": lambda left: 1 - math.sqrt(1 - left),
}


def expected_losses(
    rates: Iterable[float], *, curvature: float = 1.0, noise: float = 1.0, start: float = 1.0
) -> list[float]:
    """The expected loss before the first update, and after each.

    Formula, with w̄ the mean of w and V its variance::

        w̄ ← (1 − ηλ) w̄
        V ← (1 − ηλ)² V + η²σ²
        expected loss = ½λ(w̄² + V)

    ``rates`` are the learning rates η of the updates, in order; ``curvature`` is λ, ``noise`` the standard
    deviation σ, and ``start`` the weight to begin with: w̄ at first, where V is 0.
    """
    mean, variance = start, 0.0
    losses = [curvature / 2 * (mean * mean + variance)]
    for lr in rates:
        kept = 1 - lr * curvature
        mean, variance = kept * mean, kept * kept * variance + lr * lr * noise * noise
        losses.append(curvature / 2 * (mean * mean + variance))
    return losses


def floor(lr: float, *, curvature: float = 1.0, noise: float = 1.0) -> float:
    """The expected loss that a constant rate comes to: ½ησ²/(2 − ηλ). Infinite from ηλ = 2 on."""
    room = 2 - lr * curvature
    return lr * noise * noise / (2 * room) if room > 0 else math.inf


def bent(
    t: int, *, total: int, warmup: int, decay: int, floor: float = 0.0, shape: str = "straight"
) -> float:
    """:func:`course_lib.schedules.wsd`, with a choice of how its decay falls, by ``shape``:
    "straight", "cosine" or "1 − √x".

    With no decay it is constant after the warmup. With ``warmup + decay == total`` and the shape "cosine" it
    is :func:`course_lib.schedules.warmup_cosine`.

    Raises ``ValueError`` for an unknown shape.
    """
    if shape not in DECAYS:
        raise ValueError(f"shape must be one of {', '.join(map(repr, DECAYS))}, not {shape!r}")
    left = schedules.wsd(t, total=total, warmup=warmup, decay=decay)
    if t < max(warmup, total - decay):
        return left  # on its way up, or at the peak
    return floor + (1 - floor) * DECAYS[shape](left)
