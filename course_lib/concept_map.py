"""A map of what a part of the course has taught: the five verbs of a loop, and what is known about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

__all__ = ["concept_map", "map_in_words"]

#: A verb and its formula, and to it: the lesson, a linking word, the concept.
Verbs = Mapping[tuple[str, str], Sequence[tuple[str, str, str]]]
#: How far to the right a thread runs, the concepts that it joins, a word, and how far down the word stands.
Thread = tuple[float, str, str, str, float]

_WIDTH, _ROW, _SPACE, _GAP = 4.8, 0.4, 0.1, 0.12  # inches


def concept_map(verbs: Verbs, colors: Mapping[str, str], threads: Sequence[Thread] = ()) -> Figure:
    """Draw the verbs, one below the other and joined to a loop, and to the right of each its concepts.

    ``verbs`` is a dict ``("predict", "ŷ = Xθ")`` → list of ``("1.2", "with", "a line, wx + b")``: the lesson,
    a linking word and the concept, so that verb, link and concept make a sentence. ``colors`` has a colour
    for each lesson. ``threads`` join concepts across the verbs: ``(4.5, "a batch", "noise", "brings", -1.5)``
    leads from the concept that starts with "a batch" to the one that starts with "noise", 4.5 inches from the
    left, with its word 1.5 inches below the top. All sizes are inches; the map is 4.8 wide.

    Raises ``ValueError`` for a verb without concepts, a lesson without a colour, or a thread to no concept.
    """
    for (verb, _), concepts in verbs.items():
        if not concepts:
            raise ValueError(f"{verb!r} has no concepts, so there is nothing to draw beside it")
        for lesson, _, concept in concepts:
            if lesson not in colors:
                raise ValueError(f"{concept!r} belongs to lesson {lesson}, which has no colour")
    known = [concept for concepts in verbs.values() for _, _, concept in concepts]
    for _, start, end, word, _ in threads:
        for name in (start, end):
            if not any(concept.startswith(name) for concept in known):
                raise ValueError(f"the thread {word!r} leads to no concept that starts with {name!r}")

    high = round(0.05 + sum(_ROW * len(c) + _SPACE + _GAP for c in verbs.values()), 2)
    fig = plt.figure(figsize=(_WIDTH, high), layout="none")
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, _WIDTH), ylim=(-high, 0))
    ax.axis("off")
    center: dict[str, Any] = {"ha": "center", "va": "center"}
    top, places, middles = -0.05, {}, []
    for (verb, formula), concepts in verbs.items():
        tall = _ROW * len(concepts) + _SPACE
        middle = top - tall / 2
        _box(ax, 0.24, top, 4.14, tall, fc="#ECECEC", ec="none")
        for k, (lesson, link, concept) in enumerate(concepts):
            at, color = top - 0.25 - _ROW * k, colors[lesson]
            ax.plot([1.6, 1.71, 1.71, 1.82], [middle, middle, at, at], color="#808080", lw=1.1)
            _box(ax, 1.82, at + 0.165, 2.49, 0.33, fc="white", ec=color, lw=1.3)
            _box(ax, 1.82, at + 0.165, 0.4, 0.33, fc=color, ec=color, lw=1.3)
            ax.text(2.02, at, lesson, size=10.5, weight="bold", color="white", **center)
            words = rf"$\it{{{link}}}$".replace(" ", r"\ ") + " " + concept
            ax.text(2.29, at, words, size=10.5, va="center_baseline")
            places[concept] = at, color
        _box(ax, 0.3, middle + 0.3, 1.3, 0.6, fc="black", ec="black")
        ax.text(0.95, middle + 0.12, verb, size=11.5, weight="bold", color="white", **center)
        ax.text(0.95, middle - 0.13, formula, size=11.5, color="white", **center)
        middles.append(middle)
        top -= tall + _GAP
    _join(ax, middles)
    for lane, start, end, word, height in threads:
        (begin, color), (arrive, _) = (
            next(at for name, at in places.items() if name.startswith(one)) for one in (start, end)
        )
        begin, arrive = begin - 0.05, arrive + 0.05
        ax.plot([4.31, lane, lane], [begin, begin, arrive], color=color, lw=1.6)
        _arrow(ax, (lane, arrive), (4.31, arrive), color=color, lw=1.6)
        paper = {"fc": "white", "ec": "none", "pad": 1}
        ax.text(lane, height, word, rotation=-90, size=10.5, color=color, bbox=paper, **center)
    return fig


def map_in_words(verbs: Verbs) -> str:
    """What the map shows, for its alt text: "predict: with a line, wx + b (1.2), …; compare: …"."""
    return "; ".join(
        f"{verb}: " + ", ".join(f"{link} {concept} ({lesson})" for lesson, link, concept in concepts)
        for (verb, _), concepts in verbs.items()
    )


def _box(ax: Axes, left: float, top: float, width: float, height: float, **look: Any) -> None:
    style = "round,pad=0,rounding_size=0.08"
    ax.add_patch(FancyBboxPatch((left, top - height), width, height, boxstyle=style, **look))


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], **look: Any) -> None:
    ends = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=ends | look)


def _join(ax: Axes, middles: Sequence[float]) -> None:
    """The thick arrows: from each verb to the next, and from the last back to the first."""
    thick: dict[str, Any] = {"color": "black", "lw": 2.2}
    for above, below in zip(middles, middles[1:], strict=False):
        _arrow(ax, (0.95, above - 0.3), (0.95, below + 0.3), **thick)
    ax.plot([0.3, 0.1, 0.1], [middles[-1], middles[-1], middles[0]], **thick)
    _arrow(ax, (0.09, middles[0]), (0.3, middles[0]), **thick)
