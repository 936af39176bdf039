"""Figures: one style, one look for each optimizer, labels on the lines instead of a legend.

Colours are Okabe and Ito's, which people with any colour vision can tell apart; dashes and markers say the
same in greyscale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from course_lib.landscapes import Landscape

__all__ = ["Look", "look", "use_style", "contours", "trajectories", "curves", "bands", "label_ends"]


@dataclass(frozen=True)
class Look:
    """How an optimizer looks in every figure. ``dash`` holds lengths on and off; ``()`` is solid."""

    color: str
    dash: tuple[float, ...] = ()
    marker: str = "o"

    @property
    def line(self) -> dict[str, Any]:
        """Colour and dashes, as keyword arguments of ``Axes.plot``."""
        return {"color": self.color, "ls": (0, self.dash) if self.dash else "-"}


_LOOKS = {
    "SGD": Look("#000000", (), "o"),
    "Momentum": Look("#0072B2", (6, 2), "s"),
    "Nesterov": Look("#56B4E9", (6, 2, 1, 2), "D"),
    "AdaGrad": Look("#009E73", (2, 1.5), "^"),
    "RMSProp": Look("#E69F00", (4, 1.5), "v"),
    "Adam": Look("#D55E00", (), "P"),
    "AMSGrad": Look("#7F3C00", (3, 1, 1, 1), "X"),
    "AdamW": Look("#CC79A7", (8, 2), "*"),
    "Adadelta": Look("#999933", (2, 1, 1, 1), "p"),
    "Adamax": Look("#AA4466", (7, 1.5), "d"),
    "NAdam": Look("#E0703C", (5, 1.5, 1, 1.5), "H"),
    "RAdam": Look("#882255", (1, 1), "<"),
    "LARS": Look("#6B6B6B", (5, 1, 1, 1), ">"),
    "LAMB": Look("#44AA99", (5, 1, 1, 1, 1, 1), "h"),
    "Lion": Look("#DDAA33", (1.5, 1), "8"),
    "Muon": Look("#332288", (), "s"),
    "Lookahead": Look("#6699CC", (9, 2), "D"),
    "Ranger": Look("#114466", (3, 1.5, 1, 1.5), "v"),
    "Schedule-Free": Look("#117733", (4, 2), "^"),
    # Batch sizes, where the rule is the same for all.
    "Full batch": Look("#000000", (), "s"),
    "Mini-batch": Look("#0072B2", (6, 2), "o"),
    "Single example": Look("#D55E00", (2, 1.5), "^"),
}
_SPARE = [Look("#5533AA"), Look("#228855", (4, 2)), Look("#AA4499", (2, 2)), Look("#7799BB", (6, 2, 1, 2))]


def look(name: str) -> Look:
    """The look of an optimizer. A variant such as ``"Adam, lr=0.1"`` looks like what it starts with."""
    family = name.split(",")[0].strip()
    if family in _LOOKS:
        return _LOOKS[family]
    return _SPARE[sum(map(ord, name)) % len(_SPARE)]


def use_style() -> None:
    """Set the course's style for all figures from here on."""
    plt.rcParams.update(
        {
            "figure.figsize": (7.2, 4.0),
            "figure.dpi": 110,
            "figure.constrained_layout.use": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlelocation": "left",
            "axes.titlesize": 12,
            "axes.titleweight": "bold",
            "axes.labelsize": 10.5,
            "axes.grid": True,
            "grid.color": "#E5E5E5",
            "grid.linewidth": 0.8,
            "lines.linewidth": 2.0,
            "font.size": 10.5,
            "legend.frameon": False,
        }
    )


def _new_axes(ax: Axes | None) -> Axes:
    return plt.subplots()[1] if ax is None else ax


def contours(landscape: Landscape, ax: Axes | None = None, *, levels: int = 14) -> Axes:
    """Draw a landscape's contour lines, spaced evenly in the logarithm of the height, and its minima."""
    ax = _new_axes(ax)
    (x0, x1), (y0, y1) = landscape.bounds
    x, y = np.meshgrid(np.linspace(x0, x1, 240), np.linspace(y0, y1, 240))
    height = landscape.function(x, y)
    lowest = min(height.min(), *(landscape.function(*m) for m in landscape.minima))
    height = np.log10(height - lowest + 1e-2)
    ax.contourf(x, y, height, levels=levels, cmap="Greys", alpha=0.22, zorder=0)
    ax.contour(x, y, height, levels=levels, colors="#A0A0A0", linewidths=0.6, linestyles="solid", zorder=1)
    for minimum in landscape.minima:
        ax.plot(*minimum, marker="*", ms=13, mfc="white", mec="black", ls="none", zorder=4)
    ax.set(xlim=(x0, x1), ylim=(y0, y1), xlabel="first weight", ylabel="second weight")
    ax.grid(False)
    return ax


def trajectories(
    landscape: Landscape, paths: Mapping[str, Any], ax: Axes | None = None, *, labels: bool = True
) -> Axes:
    """Draw paths over a landscape's contours, a dot each step. ``paths``: a dict name → list of points."""
    ax = contours(landscape, ax)
    for name, path in paths.items():
        style = look(name)
        x, y = np.array(path).T
        ax.plot(x, y, **style.line, lw=1.6, zorder=2, label=name)
        dots: dict[str, Any] = {"marker": style.marker, "ms": 4.5, "mec": "white", "mew": 0.5}
        ax.plot(x, y, color=style.color, ls="none", **dots)
    start = next(iter(paths.values()))[0]
    ax.plot(*start, "o", ms=9, mfc="white", mec="black", mew=1.5, zorder=5)
    if labels:
        label_ends(ax)
    return ax


def curves(
    lines: Mapping[str, Any],
    ax: Axes | None = None,
    *,
    x: Sequence[float] | None = None,
    labels: bool = True,
    log: bool = True,
) -> Axes:
    """Draw one curve for each name: ``lines`` is a dict name → values. Labels stand at the curves' ends."""
    ax = _new_axes(ax)
    for name, values in lines.items():
        style = look(name)
        at = range(len(values)) if x is None else x
        ax.plot(at, values, **style.line, label=name)
    if log:
        ax.set_yscale("log")
    if labels:
        label_ends(ax)
    return ax


def bands(
    runs: Mapping[str, Any],
    ax: Axes | None = None,
    *,
    x: Sequence[float] | None = None,
    labels: bool = True,
    log: bool = True,
) -> Axes:
    """Draw the median over seeds as a line and the range of all seeds as a band.

    ``runs`` is a dict name → array of shape (seeds, points).
    """
    ax = _new_axes(ax)
    for name, values in runs.items():
        style, values = look(name), np.asarray(values)
        at = np.arange(values.shape[1]) if x is None else x
        ax.fill_between(at, values.min(0), values.max(0), color=style.color, alpha=0.15, lw=0)
        ax.plot(at, np.median(values, 0), **style.line, label=name)
    if log:
        ax.set_yscale("log")
    if labels:
        label_ends(ax)
    return ax


def label_ends(ax: Axes, *, gap: float = 13) -> None:
    """Write each line's label beside its right end, in its colour, and apart from the other labels."""
    drawn: list[Any] = list(ax.get_lines())
    lines = [line for line in drawn if line.get_label()[0] != "_" and len(line.get_xdata())]
    ax.figure.canvas.draw()
    ends = sorted(
        ((ax.transData.transform((line.get_xdata()[-1], line.get_ydata()[-1]))[1], line) for line in lines),
        key=lambda end: end[0],
    )
    low, high = ax.transAxes.transform([(0, 0), (0, 1)])[:, 1]
    scale = 72 / ax.figure.dpi
    floor = -np.inf
    for number, (y, line) in enumerate(ends):
        ceiling = high * scale - gap * (len(ends) - 1 - number)
        place = min(max(np.clip(y, low, high) * scale, floor + gap), ceiling)
        floor = place
        ax.annotate(
            line.get_label(),
            (1, 0),
            xycoords=("axes fraction", "axes fraction"),
            xytext=(5, place - low * scale),
            textcoords="offset points",
            color=line.get_color(),
            weight="bold",
            va="center",
        )
