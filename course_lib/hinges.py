"""Hidden units in the plane: their lines, the pieces between these, the output layer that fits best.

A hidden ReLU unit max(0, w·x + b) of two inputs bends what it gives along the line w·x + b = 0. Here it is a
:class:`Unit`: a point of its line, and the direction in which it rises. How steeply it rises is left to the
output layer, which is fitted in closed form. The script ``hinges.js`` does the same in the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Unit", "Network", "Scene", "fit", "pieces", "part", "most_pieces"]

Polygon = list[tuple[float, float]]
Bounds = tuple[tuple[float, float], tuple[float, float]]

#: What is added to the mean squared error, for each squared output weight: two units on one line, or one that
#: is off everywhere, would leave the weights open.
RIDGE = 1e-6
#: Distances below this, in widths of the picture, are rounding errors: the point lies on the line.
_TINY = 1e-9


@dataclass(frozen=True)
class Unit:
    """A hidden unit: 0 on one side of a line through ``point``; it rises towards ``angle``, in degrees."""

    angle: float
    point: tuple[float, float]

    def side(self, x: Any, width: float) -> np.ndarray:
        """How far points lie on the side on which the unit is on, in picture's widths; below 0 it is off."""
        turn = math.radians(self.angle)
        return (np.asarray(x, dtype=float) - self.point) @ [math.cos(turn), math.sin(turn)] / width


@dataclass(frozen=True)
class Network:
    """Hidden units and an output layer on them."""

    units: tuple[Unit, ...]
    weights: np.ndarray
    bias: float
    width: float

    def output(self, x: Any) -> np.ndarray:
        """bias + Σ weight · max(0, side), for points of shape (n, 2)."""
        return self.bias + _hidden(self.units, x, self.width) @ self.weights


@dataclass(frozen=True, eq=False)
class Scene:
    """Points of the classes 0 and 1, hidden units, and the window through which one sees them."""

    points: np.ndarray
    labels: np.ndarray
    units: tuple[Unit, ...]
    bounds: Bounds

    def network(self, units: int | None = None) -> Network:
        """The first so many units, or all of them, with the output layer that fits best."""
        (left, right), _ = self.bounds
        return fit(self.points, self.labels, self.units[:units], right - left)

    def summary(self, units: int | None = None) -> dict[str, float]:
        """What the player shows of the first so many units, or of all.

        "pieces" in the window; "most", how many pieces so many lines can make of a plane; "right", the share
        of points on the right side of the boundary; and "error", the mean squared error of the outputs.
        """
        network = self.network(units)
        outputs = network.output(self.points)
        return {
            "pieces": len(pieces(self.bounds, network.units)),
            "most": most_pieces(len(network.units)),
            "right": float(np.mean((outputs > 0.5) == (self.labels > 0.5))),
            "error": float(np.mean((outputs - self.labels) ** 2)),
        }


def fit(x: Any, y: np.ndarray, units: Sequence[Unit], width: float) -> Network:
    """The output layer whose mean squared error on labels 0 and 1, with a tiny ridge, is smallest.

    Normal equations: (AᵀA/n + 1e-6·I)·weights = Aᵀ(y − mean)/n, where A holds what the units give, less its
    mean over the points. The bias then makes the mean output the mean label; no ridge pulls at it.
    """
    hidden = _hidden(units, x, width)
    mean, middle = hidden.mean(axis=0), float(np.mean(y))
    away = hidden - mean
    gram = away.T @ away / len(y) + RIDGE * np.eye(len(units))
    weights = np.linalg.solve(gram, away.T @ (y - middle) / len(y))
    return Network(tuple(units), weights, middle - float(mean @ weights), width)


def pieces(bounds: Bounds, units: Sequence[Unit]) -> list[Polygon]:
    """The convex polygons into which the units' lines cut the picture: on each, the output is a plane."""
    (left, right), (low, high) = bounds
    found: list[Polygon] = [[(left, low), (right, low), (right, high), (left, high)]]
    for unit in units:
        halves: list[Polygon] = []
        for polygon in found:
            sides = unit.side(polygon, right - left)
            on, off = part(polygon, sides), part(polygon, -sides)
            halves += [on, off] if on and off else [polygon]  # else the line passes it by
        found = halves
    return found


def part(polygon: Polygon, values: np.ndarray) -> Polygon:
    """The part of a convex polygon where a linear function, given at its corners, is positive; else []."""
    values = np.where(np.abs(values) < _TINY, 0, values)
    if values.max() <= 0:
        return []
    kept: Polygon = []
    for k, ((x, y), value) in enumerate(zip(polygon, values, strict=True)):
        if value >= 0:
            kept.append((x, y))
        (next_x, next_y), after = polygon[(k + 1) % len(polygon)], values[(k + 1) % len(polygon)]
        if value * after < 0:
            share = value / (value - after)
            kept.append((x + share * (next_x - x), y + share * (next_y - y)))
    return kept


def most_pieces(units: int) -> int:
    """The most pieces that so many lines can make of a plane: 1 + H + H(H − 1)/2."""
    return 1 + units + units * (units - 1) // 2


def _hidden(units: Sequence[Unit], x: Any, width: float) -> np.ndarray:
    """What the units give: max(0, side), shape (n, units)."""
    sides = [unit.side(x, width) for unit in units]
    return np.maximum(np.stack(sides, axis=1), 0) if sides else np.zeros((len(x), 0))
