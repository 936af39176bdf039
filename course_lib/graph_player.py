"""A computational graph, drawn from the numbers themselves, and the way back through it, step by step.

A *number* here is any object that remembers how it was made, such as the ``Value`` of lesson 1.5: ``data`` is
its value and ``grad`` its gradient, ``parents`` are the numbers that it was made from, ``slopes`` are the
local slopes, one for each parent, and ``number`` says who was made first. Nothing of it is called: what is
shown was there. As with :mod:`course_lib.player`, a still picture stands in for the player where no script
runs; :func:`graph_figure` is that picture alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from course_lib import graph_picture, plotting
from course_lib.graph import Graph, written
from course_lib.player import Playable, check_words

__all__ = ["graph_player", "graph_figure", "GraphPlayer"]


def graph_player(result: Any, names: Mapping[str, Any], *, title: str, description: str) -> GraphPlayer:
    """Show how a result was made, and how the gradients go back, step by step.

    ``result`` is a number on which ``backward()`` has run. ``names`` is a dict name → number: these become
    the boxes, so it holds the result and all on the way to it. A name may say how its number was made, after
    an equals sign: ``{"w": w, "p = 3w": p}``. Numbers without a name that were not made from named ones are
    constants; they get no box, and their arrows are left out. ``title`` stands above the player;
    ``description`` says what there is to see, for people who cannot see it: it is the picture's alt text.
    Returns a :class:`GraphPlayer`: make it the last expression of a cell.

    The player first makes the values, in the order in which they were made, and writes the local slopes on
    the arrows. Then it goes back, last made, first served: each report, gradient times slope, is one step.
    A sum shows its reports in the order in which they arrive.

    Raises ``TypeError`` for a number without one of the five attributes. Raises ``ValueError`` for no names,
    for an empty name, a name or a number that stands there twice, a result without a name, a number on the
    way without a name, a name that has no part in the result; for a cycle, a parent that was made after its
    child, as many slopes as there are not parents, a value or slope that is not finite; for a result on
    which ``backward()`` has not run, or gradients that are not what the arrows bring (it ran twice, or a
    gradient was not 0 before); for an empty ``title`` and a ``description`` of 40 characters or fewer.
    """
    check_words(title, description)
    return GraphPlayer(Graph.read(result, names), title, description)


def graph_figure(result: Any, names: Mapping[str, Any], *, title: str = "") -> Figure:
    """Draw the graph of a result: values black, local slopes blue, gradients orange, with their sums.

    ``result`` and ``names`` as in :func:`graph_player`, which also says what is refused. A graph that is too
    wide for a page goes downwards; one that has no room that way either raises ``ValueError``. Show the
    figure with :func:`course_lib.plotting.show`.
    """
    graph = Graph.read(result, names)
    return graph_picture.draw(graph.boxes, graph.arrows, graph.layout, title)


@dataclass(frozen=True)
class GraphPlayer(Playable):
    """A computational graph, ready to be shown. Made by :func:`graph_player`."""

    graph: Graph
    title: str
    description: str
    kind = "graph"

    def still(self) -> bytes:
        """The still picture, as PNG bytes: the whole graph, with all its numbers."""
        graph = self.graph
        return plotting.png(graph_picture.draw(graph.boxes, graph.arrows, graph.layout, self.title))

    def data(self) -> dict[str, Any]:
        """What the script needs, as plain lists and texts, the same on every processor."""
        graph, layout = self.graph, self.graph.layout
        return {
            "title": self.title,
            "description": self.description,
            "slopeColor": graph_picture.SLOPE,
            "gradientColor": graph_picture.GRADIENT,
            "boxes": [
                {
                    "name": box.name,
                    "made": box.made,
                    "value": written(box.value),
                    "widest": box.widest(),
                    "slim": box.widest(slim=True),
                    "layer": layout.places[k][0],
                    "row": layout.places[k][1],
                }
                for k, box in enumerate(graph.boxes)
            ],
            "arrows": [
                {
                    "from": arrow.parent,
                    "to": arrow.child,
                    "slope": arrow.label,
                    "via": [list(place) for place in layout.ways[k]],
                    "at": list(layout.labels[k]),
                }
                for k, arrow in enumerate(graph.arrows)
            ],
            "story": graph.story(),
        }
