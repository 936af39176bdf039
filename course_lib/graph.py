"""A computational graph, read off numbers that remember how they were made, and the story of its two ways.

:mod:`course_lib.graph_player` says what such numbers are, and what is refused. Here they are read, and
nothing of them is called.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from course_lib.graph_layout import Layout, lay_out
from course_lib.player import short

__all__ = ["Graph", "Box", "Arrow", "Sum", "written"]

_NEEDED = ("data", "grad", "parents", "slopes", "number")
#: By what share a gradient may differ from what its arrows bring: rounding.
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Arrow:
    """From a number to one that was made from it; both are places in the list of boxes."""

    parent: int
    child: int
    #: One, or several where a number was used twice, as in w·w.
    slopes: tuple[float, ...]

    @property
    def label(self) -> str:
        """The local slopes, as one writes them."""
        return " + ".join(_written(slope, first=k == 0) for k, slope in enumerate(self.slopes))


@dataclass(frozen=True)
class Sum:
    """A gradient as it grows: the reports so far, and whether more will come."""

    terms: tuple[str, ...]
    total: float
    complete: bool

    def lines(self, slim: bool = False) -> list[str]:
        """The sum in lines: ``["4·1 = 4"]``, or ``["1·2 + 4·3", "= 14"]``; ``slim`` ones have one report."""
        each = 1 if slim else 2
        groups = [" + ".join(self.terms[k : k + each]) for k in range(0, len(self.terms), each)]
        lines = [groups[0], *(f"+ {group}" for group in groups[1:])]
        if not self.complete:
            return [*lines[:-1], lines[-1] + " + …"]
        if self.terms == (written(self.total),):
            return lines
        total = "= " + written(self.total)
        return [*lines, total] if slim or len(self.terms) > 1 else [f"{lines[0]} {total}"]


@dataclass(frozen=True)
class Box:
    """A number with a name. ``sums`` is its gradient after each report, in the order of their arrival."""

    name: str
    made: str
    value: float
    sums: tuple[Sum, ...]

    @property
    def text(self) -> str:
        """Name and value: ``"p = 3"``."""
        return f"{self.name} = {written(self.value)}"

    def widest(self, slim: bool = False) -> list[str]:
        """For each line of the gradient, the longest text that will stand there."""
        all_lines = [one.lines(slim) for one in self.sums]
        return [
            max((lines[k] for lines in all_lines if k < len(lines)), key=len)
            for k in range(max(map(len, all_lines)))
        ]


@dataclass(frozen=True)
class Graph:
    """A result, and all named numbers that it was made from, in the order in which they were made."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    #: The arrows in the order in which they report, on the way back.
    reports: tuple[int, ...]

    @classmethod
    def read(cls, result: Any, names: Mapping[str, Any]) -> Graph:
        """Read the graph off the numbers. Raises what ``graph_player`` says."""
        if not names:
            raise ValueError("a graph needs names: a dict of name → number, for each box")
        labels = _labels(names)
        nodes = sorted(_boxes(result, names), key=lambda node: node.number)
        place = {id(node): k for k, node in enumerate(nodes)}
        arrows = []
        for child, node in enumerate(nodes):
            slopes: dict[int, list[float]] = {}
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                if id(parent) in place:
                    slopes.setdefault(place[id(parent)], []).append(float(slope))
            arrows += [Arrow(parent, child, tuple(found)) for parent, found in slopes.items()]
        # Last made, first served.
        reports = sorted(range(len(arrows)), key=lambda k: -arrows[k].child)
        grads = [float(node.grad) for node in nodes]
        boxes = []
        for k, node in enumerate(nodes):
            name, made = labels[id(node)]
            incoming = [arrows[report] for report in reports if arrows[report].parent == k]
            sums = _sums(incoming, grads)
            _compare(name, grads[k], sums[-1].total, is_result=node is result)
            boxes.append(Box(name, made, float(node.data), sums))
        return cls(tuple(boxes), tuple(arrows), tuple(reports))

    @cached_property
    def layout(self) -> Layout:
        """Where the boxes stand, in layers and rows."""
        return lay_out(len(self.boxes), [(arrow.parent, arrow.child) for arrow in self.arrows])

    def story(self) -> list[dict[str, Any]]:
        """What happens at each step: the words, and what is new.

        ``make`` are boxes that get their value, ``serve`` is the box that reports, over an ``arrow``, and
        ``sum`` the gradient that grows.
        """
        made_from = {k: [a for a in self.arrows if a.child == k] for k in range(len(self.boxes))}
        given = [k for k, arrows in made_from.items() if not arrows]
        words = ", ".join(self.boxes[k].text for k in given)
        told: list[dict[str, Any]] = [{"words": f"Given: {words}.", "make": given}]
        for k, arrows in made_from.items():
            if not arrows:
                continue
            box = self.boxes[k]
            how = f"{box.name} = {box.made} = " if box.made else f"{box.name} = "
            slopes = " and ".join(f"{arrow.label} by {self.boxes[arrow.parent].name}" for arrow in arrows)
            many = "Local slopes" if len(arrows) > 1 else "Local slope"
            told.append({"words": f"Made: {how}{written(box.value)}. {many}: {slopes}.", "make": [k]})
        last = len(self.boxes) - 1
        name = self.boxes[last].name
        words = f"The way back begins at {name}, with 1: {name} grows as fast as itself."
        told.append({"words": words, "serve": last, "sum": self._sum(last, 0, "1")})
        arrived = [0] * len(self.boxes)
        served = None
        for k in self.reports:
            arrow = self.arrows[k]
            child, parent = self.boxes[arrow.child], self.boxes[arrow.parent]
            grad = child.sums[-1].total
            sent = " + ".join(_product(grad, slope, first=n == 0) for n, slope in enumerate(arrow.slopes))
            arrived[arrow.parent] += len(arrow.slopes)
            now = parent.sums[arrived[arrow.parent] - 1]
            who = "" if arrow.child == served else f"{child.name} is served: of those left it was made last. "
            served = arrow.child
            passed = written(grad * sum(arrow.slopes))
            words = f"{who}It passes its gradient times the slope to {parent.name}: {sent} = {passed}. "
            if now.complete:
                words += f"Now {parent.name} has all its reports: its gradient is {written(now.total)}."
            else:
                words += f"{parent.name} waits for another report."
            told.append(
                {
                    "words": words if who else words.replace("It passes", f"{child.name} passes", 1),
                    "serve": arrow.child,
                    "arrow": k,
                    "sum": self._sum(arrow.parent, arrived[arrow.parent] - 1, sent),
                }
            )
        return told

    def _sum(self, box: int, count: int, sent: str) -> dict[str, Any]:
        """A gradient after so many reports, as the script needs it."""
        now = self.boxes[box].sums[count]
        lines = {"lines": now.lines(), "slim": now.lines(slim=True)}
        return {"box": box, **lines, "total": written(now.total), "sent": sent}


def written(value: float) -> str:
    """Three significant digits, with a real minus sign."""
    value = short(value)
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e4:
        text = f"{value:g}"
    else:
        digits, power = f"{value:e}".split("e")
        text = f"{float(digits):g}e{int(power)}"
    return text.replace("-", "−")


def _written(value: float, *, first: bool) -> str:
    """A number in a product or a sum: in brackets, if it is negative and does not begin it."""
    return written(value) if first or value >= 0 else f"({written(value)})"


def _product(gradient: float, slope: float, *, first: bool = True) -> str:
    """A report: gradient times slope, as it begins a sum, or as it goes on."""
    return f"{_written(gradient, first=first)}·{_written(slope, first=False)}"


def _labels(names: Mapping[str, Any]) -> dict[int, tuple[str, str]]:
    """For each number its name, and how it was made."""
    labels: dict[int, tuple[str, str]] = {}
    for label, node in names.items():
        name, _, made = (part.strip() for part in label.partition("="))
        if not name:
            raise ValueError(f"{label!r} has no name in it: write 'p', or 'p = 3w'")
        if missing := [attribute for attribute in _NEEDED if not hasattr(node, attribute)]:
            raise TypeError(
                f"what is named {name!r} is a {type(node).__name__} without {', '.join(missing)}: a number "
                f"of the graph has {', '.join(_NEEDED)}"
            )
        if name in {other for other, _ in labels.values()}:
            raise ValueError(f"the name {name!r} stands there twice: each box needs its own")
        if id(node) in labels:
            raise ValueError(f"{labels[id(node)][0]!r} and {name!r} are the same number: give it one name")
        labels[id(node)] = (name, made)
    return labels


def _boxes(result: Any, names: Mapping[str, Any]) -> list[Any]:
    """The named numbers, once it is clear that they and all that is unnamed can be drawn."""
    named = {id(node): label.partition("=")[0].strip() for label, node in names.items()}
    if id(result) not in named:
        raise ValueError(f"the result has no name: add it to the names, which are {list(named.values())}")
    found = _ancestors(result, named)
    if strangers := [name for key, name in named.items() if key not in found]:
        raise ValueError(f"{strangers[0]!r} has no part in the result: leave it out of the names")
    varies = set(named)  # what was made from a named number
    for node in found.values():
        if any(id(parent) in varies for parent in node.parents):
            if id(node) not in named:
                raise ValueError(
                    f"a number on the way has no name: the {written(node.data)} that was made from "
                    f"{' and '.join(named.get(id(p), written(p.data)) for p in node.parents)}; "
                    "add it to the names"
                )
            varies.add(id(node))
    if not any(id(parent) in named for parent in result.parents):
        raise ValueError("the result was not made from any of the names: there is no arrow to draw")
    return [node for key, node in found.items() if key in named]


def _ancestors(result: Any, named: Mapping[int, str]) -> dict[int, Any]:
    """All that the result was made from, and itself, parents first."""
    found: dict[int, Any] = {}
    open_: set[int] = set()
    waiting = [(result, False)]
    while waiting:
        node, done = waiting.pop()
        key = id(node)
        if done:
            open_.discard(key)
            found[key] = node
            continue
        if key in found:
            continue
        name = named.get(key, "a number without a name")
        if missing := [attribute for attribute in _NEEDED if not hasattr(node, attribute)]:
            raise TypeError(f"a parent is a {type(node).__name__} without {', '.join(missing)}")
        if len(node.parents) != len(node.slopes):
            raise ValueError(
                f"{name} has {len(node.parents)} parents and {len(node.slopes)} slopes: it needs one for each"
            )
        for value in (node.data, node.grad, *node.slopes):
            if not math.isfinite(value):
                raise ValueError(f"{name} has a value, slope or gradient that is not finite: {value!r}")
        open_.add(key)
        waiting.append((node, True))
        for parent in reversed(node.parents):
            if id(parent) in open_:
                raise ValueError(f"there is a cycle: {name} was made from itself")
            waiting.append((parent, False))
    for key, node in found.items():
        if late := [parent.number for parent in node.parents if parent.number >= node.number]:
            raise ValueError(
                f"{named.get(key, 'a number without a name')} has number {node.number}, but one of its "
                f"parents has {late[0]}: a parent was made before its child"
            )
    return found


def _sums(incoming: list[Arrow], grads: list[float]) -> tuple[Sum, ...]:
    """A gradient after each report; the result's begins, and ends, with 1."""
    if not incoming:
        return (Sum(("1",), 1.0, True),)
    parts = [(grads[arrow.child], slope) for arrow in incoming for slope in arrow.slopes]
    totals = [sum(g * s for g, s in parts[: k + 1]) for k in range(len(parts))]
    terms = [_product(g, s, first=k == 0) for k, (g, s) in enumerate(parts)]
    return tuple(Sum(tuple(terms[: k + 1]), total, k == len(parts) - 1) for k, total in enumerate(totals))


def _compare(name: str, grad: float, brought: float, *, is_result: bool) -> None:
    """Raise ``ValueError`` for a gradient that is not what the arrows bring."""
    if math.isclose(grad, brought, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE * 1e-3):
        return
    if is_result:
        raise ValueError(
            f"the gradient of the result {name!r} is {written(grad)}, not 1: call backward() on it, once"
        )
    raise ValueError(
        f"the gradient of {name!r} is {written(grad)}, but its arrows bring {written(brought)}: was it 0 "
        "before, and did backward() run once?"
    )
