"""The family of optimizers: who stands on whom, since when, and which line was added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from course_lib.plotting import look

__all__ = ["Member", "FAMILY", "family_tree", "outline"]


@dataclass(frozen=True)
class Member:
    """An optimizer in the family. ``parents`` are names: the first is the one that it changes a line of."""

    name: str
    year: int
    adds: str
    parents: tuple[str, ...] = ()


#: Every optimizer of the course, each after its first parent. Years are those of the cited publications.
FAMILY: dict[str, Member] = {
    member.name: member
    for member in (
        Member("SGD", 1951, "w ← w − ηg"),
        Member("Momentum", 1964, "step by v ← βv + g", ("SGD",)),
        Member("Nesterov", 1983, "step by g + βv", ("Momentum",)),
        Member("LARS", 2017, "each layer's push × c‖w‖/‖g‖", ("Momentum",)),
        Member("Lion", 2023, "step by the sign of a mean", ("Momentum",)),
        Member("Muon", 2024, "all directions of v equally long", ("Momentum", "Nesterov")),
        Member("AdaGrad", 2011, "divide by √Σg²", ("SGD",)),
        Member("RMSProp", 2012, "a running mean for the sum", ("AdaGrad",)),
        Member("Adadelta", 2012, "multiply by √(mean of Δ²)", ("RMSProp",)),
        Member("Adafactor", 2018, "v's rows and columns; steps relative to w", ("RMSProp",)),
        Member("Adam", 2015, "m for g; bias correction", ("RMSProp", "Momentum")),
        Member("Adamax", 2015, "max(β₂u, |g|) for √v̂", ("Adam",)),
        Member("NAdam", 2016, "Nesterov's look-ahead for m", ("Adam", "Nesterov")),
        Member("AMSGrad", 2018, "the largest v so far", ("Adam",)),
        Member("AdamW", 2019, "w ← w − ηλw, beside the division", ("Adam",)),
        Member("AdEMAMix", 2025, "a second, slow mean beside m̂", ("AdamW",)),
        Member("SOAP", 2025, "turned to where gradients point", ("AdamW",)),
        Member("RAdam", 2020, "no division while v is young", ("Adam",)),
        Member("LAMB", 2020, "each layer's step × ‖w‖/‖u‖", ("Adam", "LARS")),
        Member("Lookahead", 2019, "around any rule: every k-th step, back"),
        Member("Ranger", 2019, "Lookahead around RAdam", ("Lookahead", "RAdam")),
        Member("Schedule-Free", 2024, "around any rule: keep the path's mean"),
    )
}

_DEPTH, _LINE = 0.32, 0.42  # inches: from a parent to its child, across and down


def family_tree(names: Iterable[str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw the family, or the members ``names``, as an outline: a child stands below its parent.

    Lines lead to the first parent; a second one is named after the plus sign. Narrow enough for a phone.

    Raises ``ValueError`` for names that are not in the family, or if there are none.
    """
    members = _members(names)
    if ax is None:
        ax = plt.subplots(figsize=(4.4, _LINE * len(members) + 0.5))[1]
    depth: dict[str, int] = {}
    row = {member.name: i for i, member in enumerate(members)}
    for member in members:
        here = [parent for parent in member.parents if parent in row]
        depth[member.name] = x = depth[here[0]] + 1 if here else 0
        y = row[member.name]
        if here:
            trunk = x - 1
            ax.plot([trunk, trunk, x], [row[here[0]], y, y], color="#9A9A9A", lw=1.2, zorder=1)
        style = look(member.name)
        ax.plot(x, y, marker=style.marker, color=style.color, mec="white", mew=0.5, ms=9, ls="none", zorder=2)
        ax.annotate(
            member.name,
            (x, y),
            (8, 4),
            textcoords="offset points",
            va="center",
            fontsize=10,
            weight="bold",
            color="black",
        )
        # The year stands right of the name, wherever that ends.
        name = ax.texts[-1]
        others = "".join(f" + {parent}" for parent in here[1:])
        ax.annotate(
            f"  {member.year}{others}",
            (1, 0.5),
            xycoords=name,
            va="center",
            fontsize=9,
            color="#555555",
        )
        ax.annotate(
            member.adds, (x, y), (8, -8), textcoords="offset points", va="center", fontsize=9, color="#222222"
        )
    ax.set(xlim=(-0.4, 4.4 / _DEPTH - 0.8), ylim=(len(members) - 0.3, -0.6))
    ax.axis("off")
    return ax


def outline(names: Iterable[str] | None = None) -> str:
    """The tree in words, for its alt text: each member with its year and those that it stands on.

    Raises ``ValueError`` as :func:`family_tree` does.
    """
    members = _members(names)
    shown = [member.name for member in members]
    lines = []
    for member in members:
        here = [parent for parent in member.parents if parent in shown]
        lines.append(f"{member.name} {member.year}" + (f" on {' and '.join(here)}" if here else ""))
    return "; ".join(lines)


def _members(names: Iterable[str] | None) -> list[Member]:
    wanted = set(FAMILY if names is None else names)
    strangers = sorted(wanted - FAMILY.keys())
    if strangers or not wanted:
        raise ValueError(f"names must be some of {', '.join(FAMILY)}; these are not: {strangers}")
    return [member for member in FAMILY.values() if member.name in wanted]
