"""A step-through player: optimizers walk down a landscape, one step at a time, under the reader's finger.

:func:`player` computes nothing about optimization. It takes finished paths, and shows them twice: as a still
picture, for notebooks, for paper and for pages without scripts; and as stored data, from which the scripts of
the built book make the player that replaces the picture (``moves.js`` says how). No kernel, no widget.

In other players the reader moves the step size and the start: :mod:`course_lib.descent_player`, for two
weights, and :mod:`course_lib.slope_player`, for one. :mod:`course_lib.graph_player` goes forth and back
through a computational graph. Each is a ``Playable``.
"""

from __future__ import annotations

import html
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from contourpy import contour_generator
from IPython.display import HTML, display

from course_lib import plotting
from course_lib.landscapes import Landscape

__all__ = ["player", "Player"]

Bounds = tuple[tuple[float, float], tuple[float, float]]

#: Positions are stored in thousandths of the map's width and height: a page is narrower than 1000 pixels.
_UNITS = 1000
#: A point farther off the map than so many widths is drawn there: its line leaves about in its direction.
_FAR = 20
#: Losses below this share of the first one count as zero: their digits are rounding noise, which differs from
#: processor to processor, and the stored text is compared to the letter.
_NEGLIGIBLE = 1e-10
#: What is stored for a loss that overflows: JSON has no infinity.
_HUGE = 1e300


def player(
    landscape: Landscape,
    paths: Mapping[str, Any],
    *,
    title: str,
    description: str,
    notes: Mapping[str, str] | None = None,
) -> Player:
    """Show optimizers' paths over a landscape, step by step.

    ``paths`` is a dict name → list of points ``(x, y)``, the start first, as
    :func:`course_lib.training.descend` returns them. A path that is shorter than the longest one has
    diverged. ``title`` stands above the player; ``description`` says what there is to see, for people who
    cannot see it: it is the picture's alt text, filled with the run's numbers. ``notes``, a dict name → a few
    words (a learning rate), stand beside the names. Returns a :class:`Player`: make it the last expression of
    a cell.

    Raises ``ValueError`` for no paths, for an empty path, for a point that is not finite, for paths that do
    not start at the same point, for an empty ``title``, a ``description`` of 40 characters or fewer, and for
    notes on names that have no path.
    """
    if not paths:
        raise ValueError("a player needs at least one path")
    check_words(title, description)
    arrays = {name: np.asarray(path, dtype=float) for name, path in paths.items()}
    for name, path in arrays.items():
        if path.ndim != 2 or len(path) == 0 or path.shape[1] != 2:
            raise ValueError(f"the path of {name!r} must be a list of points (x, y), at least one")
        if not np.isfinite(path).all():
            raise ValueError(f"the path of {name!r} leaves the finite numbers; end it before it does")
    starts = {tuple(path[0]) for path in arrays.values()}
    if len(starts) > 1:
        raise ValueError(f"the paths start at different points: {sorted(starts)}")
    strangers = sorted(set(notes or {}) - set(paths))
    if strangers:
        raise ValueError(f"there are notes on {strangers}, but the paths are {list(paths)}")
    return Player(landscape, arrays, title, description, dict(notes or {}))


def check_words(title: str, description: str) -> None:
    """Raise ``ValueError`` for an empty title, and for a description that says too little."""
    if not title.strip():
        raise ValueError("the player's title is empty: people who cannot see it have only its words")
    plotting.check_alt(description, "the player's description")


def check_slider(lr: float, most: float, limit: str, steps: int) -> None:
    """Raise ``ValueError`` for a rate beyond ``most``, which is written ``limit``, and for no steps."""
    if not 0 < lr <= most * (1 + 1e-9):
        raise ValueError(
            f"lr must be positive and at most {limit} = {most:.4g}, where the slider ends, not {lr!r}"
        )
    if not isinstance(steps, int) or isinstance(steps, bool) or steps < 1:
        raise ValueError(f"steps must be a whole number, at least 1, not {steps!r}")


class Playable(ABC):
    """What a cell shows twice: as a picture, and as the data from which the scripts make a player."""

    title: str
    description: str
    #: Which player the scripts make: its name in ``course.moves.add``. The plain one has none.
    kind = ""

    @abstractmethod
    def still(self) -> bytes:
        """The still picture, as PNG bytes."""

    @abstractmethod
    def data(self) -> dict[str, Any]:
        """What the script needs, as plain lists and numbers, the same on every processor."""

    def markup(self) -> str:
        """The stored data as HTML. It shows nothing where no script runs."""
        text = json.dumps(self.data(), ensure_ascii=False, separators=(",", ":"))
        # "</script>" inside the data would end it.
        text = text.replace("<", "\\u003c")
        kind = f' data-kind="{self.kind}"' if self.kind else ""
        return (
            f'<div class="player"{kind} data-title="{html.escape(self.title)}">'
            f'<script type="application/json">{text}</script></div>'
        )

    def _ipython_display_(self) -> None:
        display(plotting.picture(self.still(), alt=self.description))
        display(HTML(self.markup()))


@dataclass(frozen=True, repr=False)
class Player(Playable):
    """Paths over a landscape, ready to be shown. Made by :func:`player`."""

    landscape: Landscape
    paths: dict[str, np.ndarray]
    title: str
    description: str
    notes: dict[str, str]

    def still(self) -> bytes:
        """The still picture, as PNG bytes."""
        with plt.rc_context(plotting.STYLE):
            figure, ax = plt.subplots()
            plotting.trajectories(self.landscape, self.paths, ax)
            ax.set_title(self.title)
            return plotting.png(figure)

    def data(self) -> dict[str, Any]:
        """What the script needs, as plain lists and numbers, the same on every processor."""
        lowest = min(float(self.landscape.function(*m)) for m in self.landscape.minima)
        (start,) = {tuple(path[0]) for path in self.paths.values()}
        return {
            "title": self.title,
            "description": self.description,
            "quantity": "Loss" if lowest == 0 else "Loss above its minimum",
            "bounds": [[short(b) for b in side] for side in self.landscape.bounds],
            "start": place(self.landscape.bounds, [start])[0],
            "minima": place(self.landscape.bounds, self.landscape.minima),
            "contours": contours(self.landscape),
            "paths": [
                {
                    "name": name,
                    "note": self.notes.get(name, ""),
                    "color": plotting.look(name).color,
                    "dash": list(plotting.look(name).dash),
                    "marker": plotting.look(name).marker,
                    "points": place(self.landscape.bounds, path),
                    "loss": self._losses(path, lowest),
                }
                for name, path in self.paths.items()
            ],
        }

    def __repr__(self) -> str:
        return f"Player({self.title!r}: {', '.join(self.paths)})"

    def _losses(self, path: np.ndarray, lowest: float) -> list[float]:
        """The loss at each point, three digits; what is negligible is 0, what overflows is huge."""
        with np.errstate(over="ignore", invalid="ignore"):
            losses = self.landscape.function(*path.T) - lowest
        losses = np.nan_to_num(losses, nan=_HUGE, posinf=_HUGE)
        return [short(loss) if loss > _NEGLIGIBLE * losses[0] else 0 for loss in losses.tolist()]


def place(bounds: Bounds, points: Any) -> list[list[int]]:
    """Points as whole thousandths of the map, counted from its top left corner."""
    (x0, x1), (y0, y1) = bounds
    x, y = np.asarray(points, dtype=float).T
    across, down = (x - x0) / (x1 - x0), (y1 - y) / (y1 - y0)
    # A tie, or what rounding errors make of one, goes upwards.
    whole = np.floor(np.clip([across, down], -_FAR, _FAR) * _UNITS + 0.5 + 1e-6)
    return whole.T.astype(int).tolist()


def contours(landscape: Landscape, levels: int = 13, grid: int = 481) -> list[str]:
    """Contour lines, evenly spaced in the logarithm of the height, as SVG paths, in thousandths."""
    (x0, x1), (y0, y1) = landscape.bounds
    x, y = np.linspace(x0, x1, grid), np.linspace(y0, y1, grid)
    height = landscape.function(*np.meshgrid(x, y))
    lowest = min(height.min(), *(landscape.function(*m) for m in landscape.minima))
    height = np.log10(height - lowest + 1e-2)
    low, high = height.min(), height.max()
    lines = contour_generator(x, y, height).lines
    at = [low + (high - low) * (k + 0.5) / levels for k in range(levels)]
    return [
        " ".join(_svg_path(_thin(place(landscape.bounds, line))) for line in lines(level)) for level in at
    ]


def short(value: float, digits: int = 3) -> float:
    """So many significant digits: a whole number where it is one."""
    # What is a tie but for its last bits goes away from zero.
    value = float(f"{value * (1 + 10.0 ** (-digits - 6)):.{digits}g}")
    return int(value) if value == int(value) and abs(value) < 1e6 else value


def _thin(points: Any, tolerance: float = 0.7) -> list[list[int]]:
    """Leave out the points that a straight line comes as near as ``tolerance`` (Douglas & Peucker 1973)."""
    points = np.array(points)
    kept, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        chord, inside = points[last] - points[first], points[first + 1 : last] - points[first]
        length = math.hypot(*chord)
        if len(inside) == 0:
            continue
        if length == 0:  # a closed line: how far from its end
            far = np.hypot(*inside.T)
        else:
            far = abs(chord[0] * inside[:, 1] - chord[1] * inside[:, 0]) / length
        if far.max() > tolerance:
            middle = first + 1 + int(far.argmax())
            kept.add(middle)
            spans += [(first, middle), (middle, last)]
    return points[sorted(kept)].tolist()


def _svg_path(points: Any) -> str:
    """``M`` to the first point, ``l`` with the steps to the others."""
    (x, y), *_ = points
    steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in zip(points, points[1:], strict=False)]
    return f"M{x} {y}l" + " ".join(steps)
