"""Where a graph's boxes stand: in layers, so that all arrows lead forward, and in rows, so that few cross."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

__all__ = ["Layout", "lay_out"]

Place = tuple[int, float]

#: Where on its curve an arrow's label may stand, the best first.
_SPOTS = (0.5, 0.4, 0.6, 0.3, 0.7)
#: So far apart, in rows, labels between the same two layers do not touch.
_APART = 0.2


@dataclass(frozen=True)
class Layout:
    """``places`` has a layer and a row for each box. ``ways`` has, for each arrow, the places between that it
    passes: one in each layer that it skips. ``labels`` has, for each arrow, the piece of its way and the
    share of that piece at which its label stands.
    """

    places: tuple[Place, ...]
    ways: tuple[tuple[Place, ...], ...]
    labels: tuple[tuple[int, float], ...]


def lay_out(count: int, arrows: Sequence[tuple[int, int]]) -> Layout:
    """Lay out boxes 0, 1, …, of which each arrow ``(start, end)`` leads to a later one.

    A box stands in the layer after the last one that leads to it, and one that none leads to right before the
    first that it leads to. Arrows that skip layers take a free place in each.
    """
    layer = _layers(count, arrows)
    # Free places are numbered after the boxes.
    chains, at, members = [], list(layer), [[] for _ in range(max(layer) + 1)]  # type: list, list, list
    for start, end in arrows:
        between = list(range(len(at), len(at) + layer[end] - layer[start] - 1))
        at += range(layer[start] + 1, layer[end])
        chains.append([start, *between, end])
    for node, where in enumerate(at):
        members[where].append(node)
    links = [pair for chain in chains for pair in zip(chain, chain[1:], strict=False)]
    order = _order(members, links)
    row = _rows(order, links, count)
    ways = tuple(tuple((at[node], row[node]) for node in chain[1:-1]) for chain in chains)
    places = tuple((layer[box], row[box]) for box in range(count))
    return Layout(places, ways, _labels([[(at[n], row[n]) for n in chain] for chain in chains]))


def _layers(count: int, arrows: Sequence[tuple[int, int]]) -> list[int]:
    layer = [0] * count
    for box in range(count):
        layer[box] = max((layer[start] + 1 for start, end in arrows if end == box), default=0)
    for box in range(count):
        if not any(end == box for _, end in arrows):
            layer[box] = min((layer[end] - 1 for start, end in arrows if start == box), default=0)
    return layer


def _order(members: list[list[int]], links: list[tuple[int, int]]) -> list[list[int]]:
    """The order in each layer, by its neighbours' middle, to and fro, and by exchange: fewest crossings."""
    order = [list(layer) for layer in members]
    best, fewest = [list(layer) for layer in order], _crossings(order, links)
    for sweep in range(12):
        forward = sweep % 2 == 0
        for layer in order if forward else order[::-1]:
            place = {node: k for one in order for k, node in enumerate(one)}
            near = {node: [a if b == node else b for a, b in links if node in (a, b)] for node in layer}
            side = {node: [place[n] for n in near[node] if ((n, node) in links) == forward] for node in layer}
            layer.sort(key=lambda node: (fmean(side[node]) if side[node] else place[node], place[node]))  # noqa: B023
        for layer in order:
            for k in range(len(layer) - 1):
                before = _crossings(order, links)
                layer[k], layer[k + 1] = layer[k + 1], layer[k]
                if _crossings(order, links) >= before:
                    layer[k], layer[k + 1] = layer[k + 1], layer[k]
        if (now := _crossings(order, links)) < fewest:
            best, fewest = [list(layer) for layer in order], now
    return best


def _crossings(order: list[list[int]], links: list[tuple[int, int]]) -> int:
    where = {node: (depth, k) for depth, layer in enumerate(order) for k, node in enumerate(layer)}
    ends = [(*where[a], where[b][1]) for a, b in links]
    return sum(p[0] == q[0] and (p[1] - q[1]) * (p[2] - q[2]) < 0 for p, q in combinations(ends, 2))


def _rows(order: list[list[int]], links: list[tuple[int, int]], places: int) -> dict[int, float]:
    """A row for each: as near to its neighbours' middle as those beside it in its layer allow.

    Boxes keep one row between them, and a free place, which is numbered from ``places`` on, half a row. What
    nothing leads to gives way to the others, so that the way of the result is straight.
    """
    row = {node: k - (len(layer) - 1) / 2 for layer in order for k, node in enumerate(layer)}
    inner = {end for _, end in links}
    near = {node: [b if a == node else a for a, b in links if node in (a, b)] for node in row}
    weight = {node: 8.0 if node in inner else 1.0 for node in row}
    for sweep in range(60):
        for layer in order if sweep % 2 == 0 else order[::-1]:
            steps = [0.0]
            for one, other in zip(layer, layer[1:], strict=False):
                steps.append(steps[-1] + (1.0 if max(one, other) < places else 0.6))
            wanted = []
            for node, step in zip(layer, steps, strict=True):
                total = sum(weight[n] for n in near[node])
                middle = sum(weight[n] * row[n] for n in near[node]) / total if total else row[node]
                wanted.append((middle - step, weight[node]))
            for node, place, step in zip(layer, _rising(wanted), steps, strict=True):
                row[node] = place + step
    middle = (min(row.values()) + max(row.values())) / 2
    return {node: round(place - middle, 2) + 0.0 for node, place in row.items()}


def _rising(wanted: list[tuple[float, float]]) -> list[float]:
    """The numbers nearest to those wanted, each with a weight, that do not fall (pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in wanted:
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, u, m), (b, v, n) = pools[-2:]
            pools[-2:] = [((a * u + b * v) / (u + v), u + v, m + n)]
    return [value for value, _, count in pools for _ in range(count)]


def _labels(chains: list[list[Place]]) -> tuple[tuple[int, float], ...]:
    """A spot for each arrow's label, away from the others: on its first piece if there is one."""
    taken: list[tuple[int, float]] = []
    chosen = []
    for chain in chains:
        pieces = list(zip(chain, chain[1:], strict=False))
        spots = [(k, t, _spot(piece, t)) for k, piece in enumerate(pieces) for t in _SPOTS]

        def room(spot: tuple[int, float, Place]) -> float:
            where, row = spot[2]
            return min((abs(row - other) for layer, other in taken if layer == where), default=9.0)

        best = next((spot for spot in spots if room(spot) >= _APART), None) or max(spots, key=room)
        taken.append(best[2])
        chosen.append((best[0], best[1]))
    return tuple(chosen)


def _spot(piece: tuple[Place, Place], t: float) -> Place:
    """The layer before, and the row, of a point of a curve that leaves and arrives along the layers."""
    (layer, row), (_, end) = piece
    return layer, row + (end - row) * (3 * t**2 - 2 * t**3)
