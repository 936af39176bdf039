"""Whether a figure can be read: on a phone, by its colours, and whole.

:func:`objections` draws a figure once, keeps the texts apart, and measures each: how high it is on a phone,
how it stands out against what lies behind it, and whether all of it is on the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser
from matplotlib.patches import Patch

__all__ = ["contrast", "objections"]

#: Pixels of a page ("CSS pixels") for an inch of a figure.
PIXELS_PER_INCH = 110
#: The text column of a page, in its pixels.
COLUMN = 688
#: What a phone of 390 pixels leaves to a figure, in a folded box; outside of one it is 22 more.
PHONE = 336
#: The least height of a text on that phone, in pixels.
SMALLEST = 9.0
#: The least contrast of what is named by its colour, and of any text, by the WCAG's formula.
CONTRAST = 3.0

#: Pixels by which a text may leave the figure: less than the blank that a font leaves around its letters.
_OVERHANG = 2.0


def contrast(color: Any, background: Any = "white") -> float:
    """The contrast of two colours, from 1 to 21: (light + 0.05) / (dark + 0.05), of their luminances."""
    low, high = sorted(_luminance(_over(c, "white")) for c in (color, background))
    return (high + 0.05) / (low + 0.05)


def objections(figure: Figure) -> list[str]:
    """What hinders a reader of the figure: clauses, each with its remedy; an empty list if nothing does."""
    width = figure.get_figwidth()
    found = []
    if width * PIXELS_PER_INCH > COLUMN + 0.5:
        found.append(
            f"it is {width:.3g} in wide, but a page's column holds {COLUMN / PIXELS_PER_INCH:.2f} in: "
            "make it narrower, or put its panels one below the other"
        )
    words = _draw_without_words(figure)
    found += _too_small(words, width)
    found += [clause for word in words if (clause := _cut_off(word, figure) or _too_faint(word))]
    found += _dropped(words, figure)
    found += [clause for ax in figure.axes for clause in _faint_lines(ax)]
    return found


@dataclass(frozen=True)
class _Word:
    """A line of text as it was drawn. ``box`` is left, right, top and bottom, in pixels from the top left."""

    text: str
    size: float
    smallest: float
    color: tuple[float, ...]
    background: tuple[float, ...]
    box: tuple[float, float, float, float]
    clipped: bool


class _Reader(RendererAgg):
    """Draws everything but the texts, and keeps these in a list."""

    def __init__(self, figure: Figure) -> None:
        width, height = figure.bbox.size
        super().__init__(int(width), int(height), figure.dpi)
        self.drawn: list[tuple[Any, ...]] = []

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        wide, high, below = self.get_text_width_height_descent(s, prop, ismath)
        turn = math.radians(angle)
        across = np.array([math.cos(turn), -math.sin(turn)])
        up = np.array([-math.sin(turn), -math.cos(turn)])
        corners = [(x, y) + a * across + b * up for a in (0, wide) for b in (-below, high - below)]
        (left, top), (right, bottom) = np.min(corners, axis=0), np.max(corners, axis=0)
        size = prop.get_size_in_points()
        smallest = min((g[1] for g in _GLYPHS(s, 72, prop).glyphs), default=size) if ismath else size
        box = (left, right, top, bottom)
        self.drawn.append((s, size, smallest, gc.get_rgb(), box, gc.get_clip_rectangle() is not None))


_GLYPHS = MathTextParser("path").parse


def _draw_without_words(figure: Figure) -> list[_Word]:
    reader = _Reader(figure)
    figure.draw(reader)
    picture = np.asarray(reader.buffer_rgba())[..., :3] / 255
    words = []
    for text, size, smallest, color, box, clipped in reader.drawn:
        left, right, top, bottom = (max(0, round(edge)) for edge in box)
        behind = picture[top : bottom + 1, left : right + 1].reshape(-1, 3)
        background = tuple(np.median(behind, axis=0)) if len(behind) else (1.0, 1.0, 1.0)
        words.append(_Word(text, size, smallest, tuple(color), background, box, clipped))
    return words


def _too_small(words: list[_Word], width: float) -> Iterator[str]:
    if not words:
        return
    word = min(words, key=lambda word: word.smallest)
    pixels = min(PHONE / width, PIXELS_PER_INCH) / 72  # for a point, on a phone
    if word.smallest * pixels >= SMALLEST - 0.005:
        return
    needed = math.ceil(10 * SMALLEST / pixels) / 10
    if word.smallest < word.size:
        yield (
            f"the raised or lowered sign in {word.text!r} is {word.smallest * pixels:.1f} px high on a "
            f"phone, but {SMALLEST:g} px are needed: write it in full size, as 1e-3 or w₀"
        )
        return
    narrower = math.floor(100 * word.smallest * PHONE / 72 / SMALLEST) / 100
    yield (
        f"the text {word.text!r} is {word.smallest * pixels:.1f} px high on a phone, but {SMALLEST:g} px are "
        f"needed: make it {needed:g} pt (it is {word.size:g} pt), or the figure {narrower:g} in wide (it is "
        f"{width:.3g} in)"
    )


def _cut_off(word: _Word, figure: Figure) -> str:
    if word.clipped:
        return ""
    wide, high = figure.bbox.size
    left, right, top, bottom = word.box
    beyond = {"left": -left, "right": right - wide, "top": -top, "bottom": bottom - high}
    side = max(beyond, key=lambda side: beyond[side])
    if beyond[side] <= _OVERHANG:
        return ""
    return (
        f"the text {word.text!r} is cut off: it leaves the figure by {beyond[side]:.0f} px at the {side}; "
        "shorten it, break it into two lines, or give it more room"
    )


def _dropped(words: list[_Word], figure: Figure) -> Iterator[str]:
    """What matplotlib leaves out: the words of an annotation whose point lies outside of the axes."""
    drawn = {word.text for word in words}
    for text in (text for ax in figure.axes if ax.get_visible() for text in ax.texts if text.get_visible()):
        lines = [line for line in text.get_text().split("\n") if line.strip()]
        if lines and not drawn.intersection(lines):
            yield (
                f"the text {lines[0]!r} is not drawn: the point that it belongs to lies outside of the axes; "
                "move it, or widen the limits"
            )


def _too_faint(word: _Word) -> str:
    shown = _over(word.color, word.background)
    found = contrast(shown, word.background)
    if found >= CONTRAST:
        return ""
    return (
        f"the text {word.text!r} has a contrast of {found:.2f} with what lies behind it, but {CONTRAST:g} is "
        "needed: give it another colour (those of plotting.look have it on white)"
    )


def _faint_lines(ax: Axes) -> Iterator[str]:
    paper = ax.patch.get_facecolor() if ax.axison and ax.patch.get_visible() else (1, 1, 1, 0)
    background = _over(paper, _over(ax.get_figure().get_facecolor(), "white"))  # type: ignore[union-attr]
    for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
        colors = [color for part in _parts(handle) for color in _colors(part)]
        found = max((contrast(_over(color, background), background) for color in colors), default=CONTRAST)
        if found < CONTRAST:
            yield (
                f"what is labelled {label!r} has a contrast of {found:.2f} with the paper, but {CONTRAST:g} "
                "is needed: draw it darker, or without alpha"
            )


def _parts(handle: Any) -> list[Artist]:
    """The lines, points and areas of a legend's entry: bars and error bars are tuples of them."""
    if isinstance(handle, tuple):
        return [part for child in handle for part in _parts(child)]
    return [handle] if isinstance(handle, Artist) else []


def _colors(artist: Artist) -> Iterator[Any]:
    """The colours that an artist shows, with their opacity."""
    shown: list[Any] = []
    if isinstance(artist, Line2D):
        if artist.get_linestyle() not in ("None", "none", " ", "") and artist.get_linewidth():
            shown.append(artist.get_color())
        if artist.get_marker() not in ("None", "none", " ", "", None):
            shown += [artist.get_markerfacecolor(), artist.get_markeredgecolor()]
    elif isinstance(artist, (Collection, Patch)):
        shown += [artist.get_facecolor(), artist.get_edgecolor()]
    alpha = artist.get_alpha()
    for some in shown:
        for color in to_rgba_array(some):
            yield (*color[:3], color[3] if alpha is None else min(color[3], np.min(alpha)))


def _over(color: Any, background: Any) -> tuple[float, ...]:
    """A colour, as it looks on a background: of a half-transparent one, half shows through."""
    (front,), (back,) = to_rgba_array(color), to_rgba_array(background)
    return tuple(front[:3] * front[3] + back[:3] * (1 - front[3]))


def _luminance(color: tuple[float, ...]) -> float:
    c = np.asarray(color)
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
