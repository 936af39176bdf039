"""Signals in deep networks, in few numbers: histograms of activations, their spread, gradients' sizes.

:mod:`course_lib.depth_player` shows them. All numbers are such that the last bits of the activations do not
show in them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Run", "BARS", "numbers", "spread", "limits", "bars", "beyond", "powers"]

#: Bars of a histogram. Odd, so that on a symmetric axis zero lies in the middle of one.
BARS = 41
#: The share of activations at either end that may lie beyond a histogram's axis.
_TAIL = 0.005
#: A logarithmic axis has at most so many powers of ten.
_POWERS = 16
#: Shares of an axis or of the largest activation that are rounding noise.
_NOISE = 1e-12


@dataclass(frozen=True, eq=False)
class Run:
    """What one network did: each layer's activations, as a flat array, and the gradient's size there."""

    layers: list[np.ndarray]
    gradients: list[float]

    @classmethod
    def read(cls, run: Any, where: str) -> Run:
        """From a pair of lists. ``where`` says in complaints which run it is."""
        if not isinstance(run, (tuple, list)) or len(run) != 2:
            raise ValueError(f"{where}: a run is a pair, the layers' activations and the gradients' sizes")
        layers = [numbers(layer, f"{where}, layer {k}") for k, layer in enumerate(run[0], 1)]
        gradients = [float(size) for size in run[1]]
        if len(gradients) != len(layers):
            raise ValueError(f"{where}: there are {len(layers)} layers, but {len(gradients)} gradients")
        for k, size in enumerate(gradients, 1):
            if not 0 <= size < math.inf:
                raise ValueError(
                    f"{where}, layer {k}: the gradient's size must be finite and at least 0: {size!r}"
                )
        return cls(layers, gradients)

    @property
    def spreads(self) -> list[float]:
        """The standard deviation of each layer's activations."""
        return [spread(layer) for layer in self.layers]


def numbers(values: Any, where: str) -> np.ndarray:
    """A tensor, an array or a list of any shape, as a flat array. All must be finite, else ``ValueError``."""
    array = values.detach().cpu().double().numpy() if hasattr(values, "detach") else values
    array = np.array(array, dtype=float).reshape(-1)
    if len(array) == 0:
        raise ValueError(f"{where}: there are no activations")
    if not np.isfinite(array).all():
        raise ValueError(f"{where}: some activations are not finite; take fewer layers, or a smaller setting")
    return array


def spread(values: np.ndarray) -> float:
    """The standard deviation of values. What is rounding noise beside them counts as 0."""
    largest = float(np.abs(values).max())
    share = float(np.std(values / largest)) if largest > 0 else 0.0  # the square of a large value has no room
    return share * largest if share > _NOISE else 0.0


def limits(layers: Sequence[np.ndarray]) -> tuple[float, float]:
    """Where the axis of a histogram begins and ends: round numbers around all values but for the tails."""
    ends = np.quantile(np.concatenate(layers), [_TAIL, 1 - _TAIL])
    low, high = min(float(ends[0]), 0.0), max(float(ends[1]), 0.0)
    if low == high:
        return -1.0, 1.0
    unit = 10.0 ** math.floor(math.log10((high - low) * (1 + _NOISE)))
    unit /= 10 if high - low < 2 * unit else 2
    return math.floor(low / unit + 1e-9) * unit, math.ceil(high / unit - 1e-9) * unit


def bars(values: np.ndarray, low: float, high: float) -> list[int]:
    """The heights of a histogram's bars, the tallest 100. The outermost also hold what lies beyond."""
    counts, _ = np.histogram(np.clip(values, low, high), BARS, (low, high))
    tallest = counts.max()
    return [int((200 * count + tallest) // (2 * tallest)) for count in counts]


def beyond(layers: Sequence[np.ndarray], low: float, high: float) -> tuple[bool, bool]:
    """Whether any value lies below an axis, and above it."""
    edge = 1e-9 * (high - low)
    return any(a.min() < low - edge for a in layers), any(a.max() > high + edge for a in layers)


def powers(sizes: Sequence[float]) -> tuple[int, int, bool]:
    """From which power of ten to which a logarithmic axis goes, and whether anything lies below it."""
    some = [size for size in sizes if size > 0] or [1.0]
    top = math.ceil(math.log10(max(some)) - 1e-9)
    bottom = max(math.floor(math.log10(min(some)) + 1e-9), top - _POWERS)
    return min(bottom, top - 1), top, min(sizes) < 10.0**bottom * (1 - 1e-9)
