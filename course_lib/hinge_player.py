"""A player for hidden units in the plane: the reader adds them, one by one, and drags their lines.

Each ReLU unit bends the output along a line. At each change the script ``hinge.js`` fits the output layer
anew, in closed form, as :mod:`course_lib.hinges` does, and draws the pieces and the boundary. As with
:mod:`course_lib.player`, a still picture stands in for it where no script runs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plotting
from course_lib.hinges import Bounds, Scene, Unit, part, pieces
from course_lib.player import Playable, check_words, short

__all__ = ["hinge_player", "hinge_summary", "HingePlayer"]

#: So many points and units are drawn at most: more would hide each other.
_MOST_POINTS, _MOST_UNITS = 150, 8
#: The picture's width, as a multiple of its height; the room around the points, as a share of their extent.
_ASPECT, _ROOM = 1.5, 0.12
#: Digits of the points' extent, and decimals of the angles: what is fitted is what the page has.
_DIGITS, _DECIMALS = 5, 2
#: The classes' colours and markers.
_LOOKS = (("#0072B2", "o"), ("#C24E00", "^"))


def hinge_player(x: Any, y: Any, weights: Any, biases: Any, *, title: str, description: str) -> HingePlayer:
    """Show two classes of points, and the boundary that hidden ReLU units make, while the reader moves them.

    ``x`` has the points, shape (n, 2), at most 150; ``y`` their classes 0 and 1, shape (n, 1) or (n,).
    ``weights``, shape (2, H), and ``biases``, shape (H,), are those of the hidden layer, H at most 8: unit k
    is on where ``x @ weights[:, k] + biases[k]`` is positive. (``nn.Linear`` keeps the transpose: give its
    ``weight.T``.) Lists, arrays or tensors. The player begins without a unit, and adds one at each step, in
    the order given. The reader may drag each unit's line, and turn it. The output layer is fitted anew at
    each change: its mean squared error on the labels, plus 1e-6 for each squared weight, is the smallest that
    there is (:func:`course_lib.hinges.fit`). The boundary is where the output is 0.5. Lengths are measured in
    widths of the picture, so that only the place and the direction of a unit's line count, not how long its
    weights are.

    ``title`` stands above the player; ``description`` says what there is to see, for people who cannot see
    it: it is the alt text of the still picture, which has all units; :func:`hinge_summary` has the numbers
    for it. Returns a :class:`HingePlayer`: make it the last expression of a cell.

    Raises ``ValueError`` for other shapes, numbers that are not finite, labels that are not 0 and 1, a class
    without points, points on one spot, a unit whose weights are both 0; and for an empty ``title`` and a
    ``description`` of 40 characters or fewer.
    """
    scene = _scene(x, y, weights, biases)
    check_words(title, description)
    return HingePlayer(scene, title, description)


def hinge_summary(x: Any, y: Any, weights: Any, biases: Any) -> list[dict[str, float]]:
    """The numbers that the player shows of 0, 1, 2, … units, as they are given: a dict for each.

    "pieces" in the picture; "most", how many pieces so many lines can make of a plane; "right", the share of
    points on the right side of the boundary; "error", the mean squared error. Arguments, and what is refused,
    are those of :func:`hinge_player`.
    """
    scene = _scene(x, y, weights, biases)
    return [scene.summary(units) for units in range(len(scene.units) + 1)]


@dataclass(frozen=True, eq=False)
class HingePlayer(Playable):
    """Points and hidden units, ready to be shown. Made by :func:`hinge_player`."""

    scene: Scene
    title: str
    description: str
    kind = "hinge"

    def still(self) -> bytes:
        """The still picture, as PNG bytes: all units, as they were given."""
        scene = self.scene
        network, (xs, ys) = scene.network(), scene.bounds
        with plt.rc_context({**plotting.STYLE, "axes.grid": False}):
            figure, ax = plt.subplots(figsize=(5.4, 3.9))
            ax.add_patch(plt.Rectangle((xs[0], ys[0]), xs[1] - xs[0], ys[1] - ys[0], fc="#DCEAF3"))
            for polygon in pieces(scene.bounds, scene.units):
                above = part(polygon, network.output(polygon) - 0.5)
                if above:
                    ax.fill(*np.array(above).T, color="#F8E4D6", lw=0)
                ax.fill(*np.array(polygon).T, fc="none", ec="#767676", lw=0.8, zorder=1.5)
            grid = np.meshgrid(np.linspace(*xs, 241), np.linspace(*ys, 161))
            output = network.output(np.stack([g.ravel() for g in grid], axis=1)).reshape(grid[0].shape)
            if output.min() < 0.5 < output.max():
                ax.contour(*grid, output, levels=[0.5], colors="black", linewidths=2.6)
            for label, (color, marker) in enumerate(_LOOKS):
                chosen = scene.points[scene.labels == label].T
                ax.plot(*chosen, marker, color=color, ms=4.5, mec="white", mew=0.5)
            ax.set(xlim=xs, ylim=ys, aspect="equal", xlabel="x₁", ylabel="x₂", title=self.title)
            return plotting.png(figure)

    def data(self) -> dict[str, Any]:
        """What the script needs, as plain lists and numbers, the same on every processor."""
        scene = self.scene
        return {
            "title": self.title,
            "description": self.description,
            "bounds": [_plain(ends) for ends in scene.bounds],
            "points": [_plain(point) for point in scene.points.tolist()],
            "labels": [int(label) for label in scene.labels],
            "units": [{"angle": short(u.angle, 15), "point": _plain(u.point)} for u in scene.units],
            "looks": [{"color": color, "marker": marker} for color, marker in _LOOKS],
        }


def _scene(x: Any, y: Any, weights: Any, biases: Any) -> Scene:
    """The arguments, checked and rounded: what is fitted here is what the page has."""
    points, labels = _numbers(x, "x"), _numbers(y, "y")
    if points.ndim != 2 or points.shape[1] != 2 or not 2 <= len(points) <= _MOST_POINTS:
        raise ValueError(f"x must be 2 to {_MOST_POINTS} points, of shape (n, 2), not {points.shape}")
    if labels.shape not in ((len(points),), (len(points), 1)):
        raise ValueError(
            f"y must hold one label for each of the {len(points)} points, not be of shape {labels.shape}"
        )
    labels = labels.reshape(-1)
    if set(labels.tolist()) != {0.0, 1.0}:
        raise ValueError("y must hold the classes 0 and 1, both of them, and nothing else")
    if np.ptp(points, axis=0).max() == 0:
        raise ValueError("x has all its points on one spot: there is no boundary to see")
    slopes, offsets = _numbers(weights, "weights"), _numbers(biases, "biases")
    if slopes.ndim != 2 or len(slopes) != 2 or not 1 <= slopes.shape[1] <= _MOST_UNITS:
        raise ValueError(
            f"weights must be of shape (2, H), H from 1 to {_MOST_UNITS}, not {slopes.shape} "
            "(nn.Linear keeps the transpose: give its weight.T)"
        )
    if offsets.shape != slopes.shape[1:]:
        raise ValueError(
            f"biases must be of shape ({slopes.shape[1]},), one for each unit, not {offsets.shape}"
        )
    for k, slope in enumerate(slopes.T):
        if not slope.any():
            raise ValueError(f"unit {k + 1} has only weights 0: it has no line")
    decimals = _DIGITS - math.ceil(math.log10(np.ptp(points, axis=0).max()))
    points = np.array([[_near(value, decimals) for value in point] for point in points.tolist()])
    bounds = _bounds(points, decimals)
    units = tuple(_unit(w, float(b), bounds, decimals) for w, b in zip(slopes.T, offsets, strict=True))
    return Scene(points, labels, units, bounds)


def _numbers(values: Any, name: str) -> np.ndarray:
    """As an array, of a list, an array or a tensor."""
    array = np.array(values.tolist() if hasattr(values, "tolist") else values, dtype=float)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds numbers that are not finite")
    return array


def _near(value: float, decimals: int) -> float:
    """Rounded; a tie, or what rounding errors make of one, goes away from zero."""
    return round(value + math.copysign(10.0 ** -(decimals + 6), value), decimals) + 0.0


def _plain(values: Any) -> list[float]:
    """For the page: whole numbers where they are whole."""
    return [short(value, 15) for value in values]


def _bounds(points: np.ndarray, decimals: int) -> Bounds:
    """A window around the points, with some room, of the picture's shape."""
    low, high = points.min(axis=0), points.max(axis=0)
    half_x, half_y = (high - low) * (0.5 + _ROOM)
    half = max(half_y, half_x / _ASPECT)
    across, up = (low + high) / 2
    ends = [(across - _ASPECT * half, across + _ASPECT * half), (up - half, up + half)]
    (left, right), (bottom, top) = [(_near(a, decimals), _near(b, decimals)) for a, b in ends]
    return (left, right), (bottom, top)


def _unit(weights: np.ndarray, bias: float, bounds: Bounds, decimals: int) -> Unit:
    """A unit at the middle of its line in the picture; where that misses it, at its nearest point."""
    length = math.hypot(*weights)
    across, up = weights / length
    middle = np.array([(low + high) / 2 for low, high in bounds])
    foot = middle - (middle @ weights + bias) / length * np.array([across, up])
    # Along the line from the foot: where it enters the picture, and where it leaves.
    enters, leaves = -math.inf, math.inf
    for start, step, (low, high) in zip(foot, (-up, across), bounds, strict=True):
        if abs(step) > 1e-12:
            ends = sorted(((low - start) / step, (high - start) / step))
            enters, leaves = max(enters, ends[0]), min(leaves, ends[1])
        elif not low <= start <= high:
            enters, leaves = math.inf, -math.inf
    if enters < leaves:
        foot = foot + (enters + leaves) / 2 * np.array([-up, across])
    angle = _near(math.degrees(math.atan2(up, across)), _DECIMALS) % 360
    return Unit(angle, (_near(float(foot[0]), decimals), _near(float(foot[1]), decimals)))
