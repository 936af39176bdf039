"""The still picture of a computational graph: boxes with values and gradients, arrows with local slopes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Protocol

import matplotlib.pyplot as plt
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from course_lib import plotting
from course_lib.graph_layout import Layout, Place

SLOPE, GRADIENT, GREY = "#0072B2", "#C04F00", "#606060"

#: In points.
_SIZE, _LINE, _PAD, _ACROSS, _MARGIN = 10.5, 15.0, 6.0, 12.0, 4.0
_WIDTH = 5.4 * 72
#: The least and the most between two layers.
_ALONG, _MOST_ALONG = 34.0, 70.0


class _Lines(Protocol):
    def lines(self, slim: bool = False) -> list[str]: ...


class _DrawnBox(Protocol):
    """What a box must have to be drawn."""

    @property
    def made(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def sums(self) -> Sequence[_Lines]: ...


class _DrawnArrow(Protocol):
    """What an arrow must have to be drawn."""

    @property
    def parent(self) -> int: ...
    @property
    def child(self) -> int: ...
    @property
    def label(self) -> str: ...


def draw(
    boxes: Sequence[_DrawnBox],
    arrows: Sequence[_DrawnArrow],
    layout: Layout,
    title: str,
    legend: tuple[str, str, str] = ("values", "local slopes", "gradients"),
) -> Figure:
    """Draw a graph (see :mod:`course_lib.graph`), 5.4 inches wide. ``legend`` says what each colour is.

    From left to right, or downwards where that is too wide, even with sums of many lines.
    Raises ``ValueError`` if neither has room.
    """
    labels = [_width(arrow.label, True) for arrow in arrows]
    ways = [(down, slim) for down in (False, True) for slim in (False, True)]
    plans = [_Plan(layout, [_lines(box, slim) for box in boxes], labels, down) for down, slim in ways]
    plan = next((plan for plan in plans if plan.wide <= _WIDTH - 2 * _MARGIN), None)
    if plan is None:
        least = min(plan.wide for plan in plans) / 72
        raise ValueError(
            f"this graph is {least:.1f} in wide, but a figure has {_WIDTH / 72:g} in: use fewer boxes, or "
            "shorter names"
        )
    head = 24.0 if title else 6.0
    below = 3 * _LINE + 10
    height = head + plan.high + below
    with plt.rc_context(plotting.STYLE):
        figure = plt.figure(figsize=(_WIDTH / 72, height / 72), layout="none")
        ax = figure.add_axes((0, 0, 1, 1))
        ax.axis("off")
        ax.set(xlim=(0, _WIDTH), ylim=(height, 0))  # in points, from the top left
        if title:
            ax.text(_MARGIN, 8, title, size=11.5, weight="bold", va="top")
        for arrow, way, (piece, share) in zip(arrows, layout.ways, layout.labels, strict=True):
            _arrow(ax, plan.way(arrow.parent, way, arrow.child, head), plan.down, piece, share, arrow.label)
        for place, (wide, high), lines in zip(layout.places, plan.boxes, plan.texts, strict=True):
            x, y = plan.place(place, head)
            corner = (x - wide / 2 + 3, y - high / 2 + 3)  # of what the padding surrounds
            look: Any = dict(boxstyle="round,pad=3", fc="white", zorder=3)
            ax.add_patch(FancyBboxPatch(corner, wide - 6, high - 6, **look))
            for k, (text, color, bold) in enumerate(lines):
                up = y + (k - (len(lines) - 1) / 2) * _LINE
                _text(ax, x, up, text, color, bold)
        there, back = ("top to bottom", "bottom to top") if plan.down else ("left to right", "right to left")
        black, blue, orange = legend
        rows = [
            (f"black: {black}, from {there}", "black"),
            (f"blue: {blue}", SLOPE),
            (f"orange: {orange}, from {back}", GRADIENT),
        ]
        for k, (words, color) in enumerate(rows):
            up = height - below + 10 + (k + 0.5) * _LINE
            ax.text(_MARGIN + 2, up, words, color=color, size=_SIZE, va="center")
    return figure


class _Plan:
    """Where things lie, in points, if the graph goes to the right, or down."""

    def __init__(
        self, layout: Layout, texts: list[list[tuple[str, str, bool]]], labels: list[float], down: bool
    ) -> None:
        self.layout, self.texts, self.down = layout, texts, down
        self.boxes = size = [
            (max(_width(text, bold) for text, _, bold in lines) + 2 * _PAD, len(lines) * _LINE + _PAD)
            for lines in texts
        ]
        along, across = (1, 0) if down else (0, 1)
        layers = max(layer for layer, _ in layout.places) + 1
        self.sizes = [
            max((size[k][along] for k, (layer, _) in enumerate(layout.places) if layer == one), default=0.0)
            for one in range(layers)
        ]
        # All that takes room across: the boxes, and a little for each arrow that passes.
        takers = [(*place, size[k][across]) for k, place in enumerate(layout.places)]
        takers += [(*place, 8.0) for way in layout.ways for place in way]
        takers.sort()
        pairs = [(a, b) for a, b in combinations(takers, 2) if a[0] == b[0]]
        self.pitch = max((((a[2] + b[2]) / 2 + _ACROSS) / (b[1] - a[1]) for a, b in pairs), default=1.0)
        self.first = min(row * self.pitch - thick / 2 for _, row, thick in takers)
        breadth = max(row * self.pitch + thick / 2 for _, row, thick in takers) - self.first
        # A label that stands nearest to a box has a third of the gap on that side.
        gap = 44.0 if down else max(_ALONG, (max(labels, default=0.0) / 2 + 4) / 0.34)
        least = sum(self.sizes) + (layers - 1) * gap
        if not down and layers > 1:
            spare = (_WIDTH - 2 * _MARGIN - least) / (layers - 1)
            gap += min(max(spare, 0.0), _MOST_ALONG)
        length = sum(self.sizes) + (layers - 1) * gap
        self.wide, self.high = (breadth, length) if down else (length, breadth)
        begin = 0.0 if down else (_WIDTH - length) / 2
        self.edge = (_WIDTH - breadth) / 2 if down else 0.0
        self.starts = [begin + sum(self.sizes[:k]) + k * gap for k in range(layers)]

    def place(self, place: Place, head: float) -> tuple[float, float]:
        layer, row = place
        along = self.starts[layer] + self.sizes[layer] / 2
        across = self.edge + row * self.pitch - self.first
        return (across, head + along) if self.down else (along, head + across)

    def way(
        self, parent: int, through: Sequence[Place], child: int, head: float
    ) -> list[tuple[float, float]]:
        """The points that an arrow passes: it bends between two layers, and goes straight through them."""
        first, last = self.layout.places[parent], self.layout.places[child]
        ends = [(first, self.boxes[parent]), *((place, None) for place in through), (last, self.boxes[child])]
        axis = 1 if self.down else 0
        points = []
        for k, (place, size) in enumerate(ends):
            middle = self.place(place, head)
            halves = self.sizes[place[0]] / 2, (size[axis] / 2 if size else 0.0)
            stops = [-halves[0], halves[0]]
            if k == 0:
                stops = [halves[1], halves[0]]
            elif k == len(ends) - 1:
                stops = [-halves[0], -halves[1]]
            if stops[0] == stops[-1] and k:  # no way is left, which an arrowhead would need
                stops = stops[:1]
            for stop in stops:
                points.append((middle[0], middle[1] + stop) if self.down else (middle[0] + stop, middle[1]))
        return points


def _arrow(
    ax: Any, points: list[tuple[float, float]], down: bool, piece: int, share: float, label: str
) -> None:
    axis = 1 if down else 0
    curves = []
    for a, b in zip(points, points[1:], strict=False):
        half = (a[axis] + b[axis]) / 2
        bends = [(p[0], half) if down else (half, p[1]) for p in (a, b)]
        curves.append([a, *bends, b])
    corners = [points[0], *(corner for curve in curves for corner in curve[1:])]
    way = Path(corners, [Path.MOVETO, *[Path.CURVE4] * (len(corners) - 1)])
    look: Any = dict(arrowstyle="-|>", mutation_scale=12, color=GREY, lw=1.5, zorder=2, shrinkA=0, shrinkB=0)
    ax.add_patch(FancyArrowPatch(path=way, **look))
    weights = [c * (1 - share) ** (3 - k) * share**k for k, c in enumerate((1, 3, 3, 1))]
    curve = curves[2 * piece + 1]
    x, y = (sum(w * corner[k] for w, corner in zip(weights, curve, strict=True)) for k in (0, 1))
    _text(ax, x, y, label, SLOPE, True, bbox=dict(boxstyle="round,pad=0.12", fc="white", ec="none"), zorder=4)


def _lines(box: _DrawnBox, slim: bool) -> list[tuple[str, str, bool]]:
    """What stands in a box: (text, colour, whether it is bold)."""
    made = [(box.made, GREY, False)] if box.made else []
    return [*made, (box.text, "black", True)] + [(line, GRADIENT, True) for line in box.sums[-1].lines(slim)]


def _text(ax: Any, x: float, y: float, text: str, color: str, bold: bool, **more: Any) -> None:
    look = {
        "size": _SIZE,
        "weight": "bold" if bold else "normal",
        "ha": "center",
        "va": "center",
        "zorder": 5,
    }
    ax.text(x, y, text, color=color, **{**look, **more})


def _width(text: str, bold: bool) -> float:
    """Of a text, in points."""
    font = FontProperties(family=plt.rcParams["font.family"], size=_SIZE, weight="bold" if bold else "normal")
    return RendererAgg(1, 1, 72).get_text_width_height_descent(text, font, False)[0]
