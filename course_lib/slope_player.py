"""A player for one weight: the reader moves the learning rate and the start, and sees slope and step.

The loss is (x·w − y)². Each update of gradient descent leaves 1 − 2·lr·x² of the error x·w − y, so the script
``slope.js`` needs no more than these numbers. As with :mod:`course_lib.player`, a still picture stands in for
it where no script runs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plotting, rules
from course_lib.player import Playable, check_slider, check_words, short

__all__ = ["slope_player", "SlopePlayer"]

#: Where the slider of learning rates ends, as a multiple of 1/x²: a little past the limit.
_MOST = 1.17
#: The learning rates of the still picture, as multiples of 1/x², and what each does.
_STILL = {0.09: "creeps", 0.45: "arrives", 0.9: "swings", 1.08: "runs away"}
#: Updates in the still picture: more would lie on top of each other, or leave it.
_STILL_STEPS = 5
#: How far the picture reaches to each side, as a multiple of the way from the start to the minimum, and how
#: high, as a multiple of the loss at the start.
_REACH, _HEIGHT = 2.5, 5.0
#: Digits of the numbers that are stored: fewer than a float has, so that rounding errors do not show.
_DIGITS = 12
#: The colours of the slope and of the step, in the picture that moves.
_SLOPE_COLOR, _STEP_COLOR = "#0072B2", "#AD3F00"


def slope_player(
    x: float = 3.0,
    y: float = 1.0,
    lr: float = 0.05,
    start: float = 0.0,
    steps: int = 12,
    *,
    title: str,
    description: str,
) -> SlopePlayer:
    """Show gradient descent on the loss (x·w − y)² of one weight, under a rate that the reader moves.

    ``x`` and ``y`` are the example. ``lr`` is the learning rate to begin with; the reader may move it from 0
    to 1.17/x², a little past the limit 1/x². ``start`` is the weight to begin with; the reader may drag it.
    ``steps`` is the number of updates. At each step one sees the tangent, a nudge to the right and the rise
    that it brings, and the step −lr · slope. ``title`` stands above the player; ``description`` says what
    there is to see, for people who cannot see it: it is the picture's alt text. The still picture has four
    learning rates: 0.09, 0.45, 0.9 and 1.08 times 1/x². Returns a :class:`SlopePlayer`: make it the last
    expression of a cell.

    Raises ``ValueError`` unless ``x`` is finite and not 0, ``y`` and ``start`` are finite,
    0 < ``lr`` ≤ 1.17/x², and ``steps`` is a whole number, at least 1; and for an empty ``title`` and a
    ``description`` of 40 characters or fewer.
    """
    if not math.isfinite(x) or x == 0:
        raise ValueError(f"x must be finite and not 0, for else the loss does not depend on w, not {x!r}")
    if not math.isfinite(y):
        raise ValueError(f"y must be finite, not {y!r}")
    if not math.isfinite(start):
        raise ValueError(f"start is a weight: it must be finite, not {start!r}")
    check_slider(lr, _MOST / x**2, f"{_MOST}/x²", steps)
    check_words(title, description)
    return SlopePlayer(float(x), float(y), float(lr), float(start), steps, title, description)


@dataclass(frozen=True)
class SlopePlayer(Playable):
    """Gradient descent on a parabola, ready to be shown. Made by :func:`slope_player`."""

    x: float
    y: float
    lr: float
    start: float
    steps: int
    title: str
    description: str
    kind = "slope"

    @property
    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What the picture shows of the weights, and of the losses."""
        lowest = self.y / self.x
        # A start at the minimum shows the way on which the error is 1.
        way = abs(self.start - lowest) or 1 / abs(self.x)
        height = (way * self.x) ** 2
        return (
            (lowest - _REACH * way, lowest + _REACH * way),
            (-0.04 * _HEIGHT * height, _HEIGHT * height),
        )

    def loss(self, w: Any) -> Any:
        """(x·w − y)², of a number or an array."""
        return (self.x * w - self.y) ** 2

    def path(self, lr: float, steps: int) -> list[float]:
        """The weights that gradient descent comes to, the start first."""
        path = [self.start]
        for _ in range(steps):
            slope = 2 * (self.x * path[-1] - self.y) * self.x
            path.append(rules.sgd(path[-1], slope, {}, len(path), lr=lr)[0])
        return path

    def still(self) -> bytes:
        """The still picture, as PNG bytes: four learning rates, in one valley."""
        (left, right), height = self.bounds
        grid = np.linspace(left, right, 200)
        with plt.rc_context(plotting.STYLE):
            figure, panels = plt.subplots(2, 2, figsize=(5.4, 5.1), sharex=True, sharey=True)
            for ax, (multiple, verdict) in zip(panels.flat, _STILL.items(), strict=True):
                lr = multiple / self.x**2
                path = np.array(self.path(lr, min(self.steps, _STILL_STEPS)))
                ax.plot(grid, self.loss(grid), color="#A0A0A0", lw=1.5)
                ax.plot(path, self.loss(path), "o-", color="#D55E00", lw=1.4)
                ax.plot(self.start, self.loss(self.start), "o", ms=9, mfc="white", mec="black")
                ax.set(ylim=height, xlabel="w", ylabel="loss")
                ax.set_title(f"lr = {lr:.3g}: {verdict}", size=11)
                ax.label_outer()
            figure.suptitle(self.title, x=0.01, ha="left", size=11.5, weight="bold")
            return plotting.png(figure)

    def data(self) -> dict[str, Any]:
        """What the script needs, as plain lists and numbers, the same on every processor."""
        look, bounds, most = plotting.look("SGD"), self.bounds, _MOST / self.x**2
        (left, right), _ = bounds
        return {
            "title": self.title,
            "description": self.description,
            "quantity": "Loss",
            **{name: short(getattr(self, name), _DIGITS) for name in ("x", "y", "lr", "start")},
            "most": short(most, _DIGITS),
            # What the slider is rounded to.
            "unit": short(10.0 ** math.floor(math.log10(most / 50)), _DIGITS),
            "nudge": short(_round_below(0.1 * (right - left)), _DIGITS),
            "steps": self.steps,
            "bounds": [[short(b, _DIGITS) for b in side] for side in bounds],
            "color": look.color,
            "dash": list(look.dash),
            "marker": look.marker,
            "slopeColor": _SLOPE_COLOR,
            "stepColor": _STEP_COLOR,
        }


def _round_below(value: float) -> float:
    """The largest of … 0.1, 0.2, 0.5, 1, 2, 5 … that is not above a value."""
    power = 10.0 ** math.floor(math.log10(value * (1 + 1e-9)))
    return max(m * power for m in (1, 2, 5) if m * power <= value * (1 + 1e-9))
