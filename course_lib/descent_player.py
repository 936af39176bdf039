"""A player for one idea: the reader moves the step size and the start, and sees where gradient descent goes.

On the ravine ½(μu² + Lv²) each update of gradient descent multiplies u by 1 − ημ and v by 1 − ηL, so the
script ``descent.js`` needs no more than these numbers to draw any path. As with :mod:`course_lib.player`, a
still picture stands in for it where no script runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt

from course_lib import landscapes, plotting, rules
from course_lib.player import Playable, check_slider, check_words, contours, place, short
from course_lib.training import descend

__all__ = ["descent_player", "DescentPlayer"]

#: Where the slider of step sizes ends, as a multiple of 1/L: a little past the limit, 2/L.
_MOST = 2.2
#: The step sizes of the still picture, as multiples of 1/L: below 1/L, below the limit, past it.
_STILL = {0.5: "glides", 1.8: "zigzags and arrives", 2.1: "diverges"}
#: Updates in the still picture: more would lie on top of each other.
_STILL_STEPS = 20
#: Digits of the numbers that are stored: fewer than a float has, so that rounding errors do not show.
_DIGITS = 12


def descent_player(
    *,
    steep: float,
    flat: float,
    lr: float,
    start: tuple[float, float],
    steps: int,
    title: str,
    description: str,
) -> DescentPlayer:
    """Show gradient descent on the ravine ½(flat·x² + steep·y²), under a step size that the reader moves.

    ``steep`` is the larger curvature, L, and ``flat`` the smaller one, μ. ``lr`` is the step size η to begin
    with; the reader may move it from 0 to 2.2/L. ``start`` is the point ``(x, y)`` to begin with, on the map
    (x from −10 to 2, y from −2 to 2); the reader may drag it. ``steps`` is the number of updates. ``title``
    stands above the player; ``description`` says what there is to see, for people who cannot see it: it is
    the picture's alt text. Returns a :class:`DescentPlayer`: make it the last expression of a cell.

    Raises ``ValueError`` unless 0 < ``flat`` ≤ ``steep`` < ∞, 0 < ``lr`` ≤ 2.2/L, ``start`` is a point on the
    map and ``steps`` is a whole number, at least 1; and for an empty ``title`` and a ``description`` of 40
    characters or fewer.
    """
    if not 0 < flat < math.inf:
        raise ValueError(f"flat is a curvature: it must be positive and finite, not {flat!r}")
    if not flat <= steep < math.inf:
        raise ValueError(f"steep must be finite and at least flat = {flat:g}, not {steep!r}")
    check_slider(lr, _MOST / steep, f"{_MOST}/steep", steps)
    landscape = landscapes.ravine(steep=steep, flat=flat)
    if len(start) != 2:
        raise ValueError(f"start must be a point (x, y), not {start!r}")
    if not _on(landscape, start):
        (x0, x1), (y0, y1) = landscape.bounds
        raise ValueError(
            f"start must be a point on the map, x from {x0:g} to {x1:g} and y from {y0:g} to {y1:g}, "
            f"not {start!r}"
        )
    check_words(title, description)
    return DescentPlayer(steep, flat, lr, (float(start[0]), float(start[1])), steps, title, description)


@dataclass(frozen=True)
class DescentPlayer(Playable):
    """Gradient descent on a ravine, ready to be shown. Made by :func:`descent_player`."""

    steep: float
    flat: float
    lr: float
    start: tuple[float, float]
    steps: int
    title: str
    description: str
    kind = "descent"

    @property
    def landscape(self) -> landscapes.Landscape:
        """The ravine."""
        return landscapes.ravine(steep=self.steep, flat=self.flat)

    def still(self) -> bytes:
        """The still picture, as PNG bytes: three step sizes, one below the other."""
        with plt.rc_context(plotting.STYLE):
            figure, panels = plt.subplots(len(_STILL), 1, figsize=(5.4, 5.6), sharex=True)
            for ax, (multiple, verdict) in zip(panels, _STILL.items(), strict=True):
                steps = min(self.steps, _STILL_STEPS)
                path = descend(self.landscape, rules.sgd, self.start, steps, lr=multiple / self.steep)
                off = [t for t, w in enumerate(path) if not _on(self.landscape, w)]
                path = path[: off[1] + 1] if len(off) > 1 else path  # no need to follow it any farther
                plotting.trajectories(self.landscape, {"SGD": path}, ax, labels=False)
                ax.set_title(f"η = {multiple:g}/L: {verdict}", size=10.5)
                ax.label_outer()
            figure.suptitle(self.title, x=0.01, ha="left", size=11.5, weight="bold")
            return plotting.png(figure)

    def data(self) -> dict[str, Any]:
        """What the script needs, as plain lists and numbers, the same on every processor."""
        landscape, look = self.landscape, plotting.look("SGD")
        return {
            "title": self.title,
            "description": self.description,
            "quantity": "Loss",
            **{name: short(getattr(self, name), _DIGITS) for name in ("steep", "flat", "lr")},
            "most": _MOST,
            "start": [short(value, _DIGITS) for value in self.start],
            "steps": self.steps,
            "bounds": [[short(b) for b in side] for side in landscape.bounds],
            "minima": place(landscape.bounds, landscape.minima),
            "contours": contours(landscape),
            "color": look.color,
            "dash": list(look.dash),
            "marker": look.marker,
        }


def _on(landscape: landscapes.Landscape, point: Sequence[float]) -> bool:
    """Whether a point lies on the map. No number that is not finite does."""
    return all(low <= value <= high for value, (low, high) in zip(point, landscape.bounds, strict=True))
