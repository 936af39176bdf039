"""Figures: one style, one look for each optimizer, labels on the lines instead of a legend, one way to show.

Colours go back to Okabe and Ito's, which people with any colour vision can tell apart, and are dark enough
for white paper; dashes and markers say the same in greyscale.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Image, display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.ticker import Formatter, LogFormatterSciNotation
from PIL import Image as Pixels

from course_lib import legibility

if TYPE_CHECKING:
    from course_lib.landscapes import Landscape

__all__ = [
    "Look",
    "look",
    "use_style",
    "show",
    "picture",
    "png",
    "contours",
    "trajectories",
    "curves",
    "bands",
    "label_ends",
]

#: An alt text has more characters than this: fewer only name the figure.
SHORTEST_ALT = 40
#: Stored pixels for each pixel of a page: screens of laptops and phones have so many.
_SHARPNESS = 2


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
    "Nesterov": Look("#0699E8", (6, 2, 1, 2), "D"),
    "AdaGrad": Look("#009E73", (2, 1.5), "^"),
    "RMSProp": Look("#AE8D46", (4, 1.5), "v"),
    "Adam": Look("#D55E00", (), "P"),
    "AMSGrad": Look("#7F3C00", (3, 1, 1, 1), "X"),
    "AdamW": Look("#AD6A9E", (8, 2), "*"),
    "Adadelta": Look("#81772C", (2, 1, 1, 1), "p"),
    "Adamax": Look("#AA4466", (7, 1.5), "d"),
    "NAdam": Look("#C16857", (5, 1.5, 1, 1.5), "H"),
    "RAdam": Look("#882255", (1, 1), "<"),
    "LARS": Look("#6B6B6B", (5, 1, 1, 1), ">"),
    "LAMB": Look("#559588", (5, 1, 1, 1, 1, 1), "h"),
    "Lion": Look("#BE8934", (1.5, 1), "8"),
    "Muon": Look("#332288", (), "s"),
    "Lookahead": Look("#6A89C0", (9, 2), "D"),
    "Ranger": Look("#114466", (3, 1.5, 1, 1.5), "v"),
    "Schedule-Free": Look("#117733", (4, 2), "^"),
    # Batch sizes, where the rule is the same for all.
    "Full batch": Look("#000000", (), "s"),
    "Mini-batch": Look("#0072B2", (6, 2), "o"),
    "Single example": Look("#D55E00", (2, 1.5), "^"),
}
_SPARE = [Look("#5533AA"), Look("#228855", (4, 2)), Look("#AA4499", (2, 2)), Look("#6F8FB3", (6, 2, 1, 2))]


def look(name: str) -> Look:
    """The look of an optimizer. A variant such as ``"Adam, lr=0.1"`` looks like what it starts with."""
    family = name.split(",")[0].strip()
    if family in _LOOKS:
        return _LOOKS[family]
    return _SPARE[sum(map(ord, name)) % len(_SPARE)]


#: The settings of :func:`use_style`.
STYLE: Any = {
    "figure.figsize": (5.4, 3.5),
    "figure.dpi": legibility.PIXELS_PER_INCH,
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.labelsize": 10.5,
    "axes.grid": True,
    "grid.color": "#E5E5E5",
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.0,
    "font.size": 10.5,
    "legend.frameon": False,
}


def use_style() -> None:
    """Set the course's style for all figures from here on: 5.4 inches wide, text of 10.5 points and more."""
    plt.rcParams.update(STYLE)


def show(fig: Figure, *, alt: str) -> None:
    """Show a figure, and close it: the last line of a cell that draws.

    ``alt`` says what the figure shows, for people who cannot see it, in a sentence or more: an f-string,
    filled with the numbers of the run. On logarithmic axes, small and large numbers are written as 1e-4 and
    1e5. (The raised signs of powers are too small for a phone.)

    Raises ``TypeError`` for what is no figure, and ``ValueError`` for an ``alt`` of 40 characters or fewer,
    for a figure wider than a page's column, and for what cannot be read: text below 9 pixels on a phone, text
    that leaves the figure, text or labelled lines whose contrast with what lies behind them is below 3.
    """
    if not isinstance(fig, Figure):
        raise TypeError(f"show takes a figure, not {type(fig).__name__}: the figure of axes ax is ax.figure")
    check_alt(alt)
    display(picture(png(fig), alt=alt))


def check_alt(alt: str, what: str = "alt") -> None:
    """Raise ``ValueError`` if an alt text says too little."""
    if len(alt.strip()) <= SHORTEST_ALT:
        raise ValueError(
            f"{what} is {alt!r}: say in more than {SHORTEST_ALT} characters what the figure shows, for those "
            "who cannot see it"
        )


def picture(png: bytes, *, alt: str) -> Image:
    """A picture of :func:`png`, to be displayed at half its pixels: sharp on fine screens."""
    wide, high = Pixels.open(io.BytesIO(png)).size
    return Image(png, width=wide // _SHARPNESS, height=high // _SHARPNESS, alt=" ".join(alt.split()))


def png(fig: Figure) -> bytes:
    """A figure as PNG bytes, always the same, of two pixels for each of the page. The figure is closed.

    Raises ``ValueError`` for what cannot be read, as :func:`show` does.
    """
    per_inch = legibility.PIXELS_PER_INCH
    fig.set_dpi(per_inch)
    fig.set_size_inches(*(np.round(fig.get_size_inches() * per_inch) / per_inch))
    for ax in fig.axes:
        _write_powers_plainly(ax)
    if labelled := [ax for ax in fig.axes if _end_labels(ax)]:
        fig.draw_without_rendering()  # lays out the axes
        for ax in labelled:
            _place_labels(ax)
    if objections := legibility.objections(fig):
        raise ValueError(f"this figure cannot be read by all: {'; '.join(objections)}")
    drawn, stored = io.BytesIO(), io.BytesIO()
    fig.savefig(drawn, format="png", dpi=_SHARPNESS * per_inch)
    plt.close(fig)
    # 256 colours take a third of the room. The most distant ones are kept, so none is off by much.
    pixels = Pixels.open(drawn).convert("RGB")
    pixels = pixels.quantize(256, method=Pixels.Quantize.MAXCOVERAGE, kmeans=1, dither=Pixels.Dither.NONE)
    pixels.save(stored, format="png", optimize=True)
    return stored.getvalue()


class _Plain(Formatter):
    """Labels the ticks that another formatter labels, with signs of full size: 0.01, 1, 1e5."""

    def __init__(self, chosen: Formatter) -> None:
        self.chosen = chosen

    def set_locs(self, locs: Any) -> None:
        self.chosen.set_locs(locs)

    def __call__(self, x: float, pos: int | None = None) -> str:
        if not self.chosen(x, pos):
            return ""
        if x == 0 or 1e-3 <= abs(x) < 1e5:
            return self.fix_minus(f"{x:g}")
        digits, power = f"{x:e}".split("e")
        return f"{self.fix_minus(f'{float(digits):g}')}e{int(power)}"


def _write_powers_plainly(ax: Axes) -> None:
    for axis in (ax.xaxis, ax.yaxis):
        for get, put in (
            (axis.get_major_formatter, axis.set_major_formatter),
            (axis.get_minor_formatter, axis.set_minor_formatter),
        ):
            if type(get()) is LogFormatterSciNotation:
                put(_Plain(get()))


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
        ax.plot(x, y, color=style.color, ls="none", marker=style.marker, ms=4, mew=0)
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
    """Draw the median over seeds as a line and the middle half of the seeds as a band.

    ``runs`` is a dict name → array of shape (seeds, points). The band shows what a typical run gives. It
    proves nothing about a difference: of two rivals whose bands overlap, one may be better with every seed.
    For that there is :func:`course_lib.compare.paired`.
    """
    ax = _new_axes(ax)
    for name, values in runs.items():
        style, values = look(name), np.asarray(values)
        at = np.arange(values.shape[1]) if x is None else x
        ax.fill_between(at, *np.quantile(values, (0.25, 0.75), axis=0), color=style.color, alpha=0.15, lw=0)
        ax.plot(at, np.median(values, 0), **style.line, label=name)
    if log:
        ax.set_yscale("log")
    if labels:
        label_ends(ax)
    return ax


class _EndLabel(Annotation):
    """A line's label, beside its right end, so many points at least from the next one."""

    def __init__(self, line: Any, gap: float) -> None:
        super().__init__(
            line.get_label(),
            (1, 0),
            xycoords="axes fraction",
            xytext=(5, 0),
            textcoords="offset points",
            color=line.get_color(),
            weight="bold",
            va="center",
            clip_on=False,
        )
        self.line = line
        self.gap = gap


def label_ends(ax: Axes, *, gap: float = 13) -> None:
    """Write each line's label beside its right end, in its colour, and apart from the other labels.

    :func:`show` puts them right once more, where limits or titles were changed since.
    """
    drawn: list[Any] = list(ax.get_lines())
    for line in drawn:
        if line.get_label()[0] != "_" and len(line.get_xdata()):
            ax.add_artist(_EndLabel(line, gap))
    ax.figure.canvas.draw()
    _place_labels(ax)


def _end_labels(ax: Axes) -> list[_EndLabel]:
    return [text for text in ax.texts if isinstance(text, _EndLabel)]


def _place_labels(ax: Axes) -> None:
    ends = sorted(
        (
            (ax.transData.transform((label.line.get_xdata()[-1], label.line.get_ydata()[-1]))[1], label)
            for label in _end_labels(ax)
        ),
        key=lambda end: end[0],
    )
    low, high = ax.transAxes.transform([(0, 0), (0, 1)])[:, 1]
    scale = 72 / ax.figure.dpi
    floor = -np.inf
    for number, (y, label) in enumerate(ends):
        ceiling = high * scale - label.gap * (len(ends) - 1 - number)
        place = min(max(np.clip(y, low, high) * scale, floor + label.gap), ceiling)
        floor = place
        label.xyann = (5, place - low * scale)
