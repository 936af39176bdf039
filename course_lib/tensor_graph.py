"""The graph that torch has recorded of a loss, tensor by tensor, and the way back through it, step by step.

Where :mod:`course_lib.graph_player` reads numbers that remember how they were made, this reads torch's own
record: ``grad_fn`` and ``next_functions`` say what was made from what. Then the way back is really run, with
a hook on each operation, and what is shown is what went over each arrow: in which order, of which shape, how
long. ``.grad`` stays as it was, and so does the record. The player and the picture are those of
:mod:`course_lib.graph_player`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from matplotlib.figure import Figure

from course_lib import graph_picture, plotting
from course_lib.graph import written
from course_lib.graph_layout import Layout, lay_out
from course_lib.player import Playable, check_words

__all__ = [
    "tensor_player",
    "tensor_figure",
    "TensorPlayer",
    "TensorGraph",
    "TensorBox",
    "TensorArrow",
    "Arrived",
]

LEGEND = ("tensors and their shapes", "what the way back multiplies by", "gradients")
NONE = "no gradient"


def tensor_player(
    loss: torch.Tensor, names: Mapping[str, torch.Tensor], *, title: str, description: str
) -> TensorPlayer:
    """Show how a loss was made from tensors, and how the gradients go back, step by step.

    ``loss`` is one number that torch has recorded, before ``backward()`` (or after
    ``backward(retain_graph=True)``). ``names`` is a dict name → tensor: these become the boxes. It holds the
    loss, all leaves that have a gradient, and those on the way that are to be seen; what has no name becomes
    part of an arrow. Data that need no gradient may be named too. The boxes come in the order of the names,
    each after what it was made from. A name may say how its tensor was made:
    ``{"x": x, "z = xW + b": z}``. ``title`` stands above the player; ``description`` says what there is to
    see: it is the picture's alt text. Returns a :class:`TensorPlayer`: make it the last expression of a cell.

    An arrow bears what the way back does there: ``· Wᵀ`` multiplies from the right, ``xᵀ ·`` from the left,
    ``Σ rows`` adds up the rows of a tensor that was used for each of them. For an operation without such
    words stands torch's name of it.

    Raises ``TypeError`` for a name whose value is no tensor. Raises ``ValueError`` for no names, for an empty
    name, a name or a tensor that stands there twice, a loss without a name, that is not one number, or that
    torch has not recorded; for a leaf without a name, a name that has no part in the loss, a tensor on the
    way that is used twice and has no name; for a record that ``backward()`` has freed, and for gradients that
    are not finite; for an empty ``title`` and a ``description`` of 40 characters or fewer.
    """
    check_words(title, description)
    return TensorPlayer(TensorGraph.read(loss, names), title, description)


def tensor_figure(loss: torch.Tensor, names: Mapping[str, torch.Tensor], *, title: str = "") -> Figure:
    """Draw the graph of a loss: tensors black, what the way back multiplies by blue, gradients orange.

    ``loss`` and ``names`` as in :func:`tensor_player`, which also says what is refused. Show the figure with
    :func:`course_lib.plotting.show`.
    """
    graph = TensorGraph.read(loss, names)
    return graph_picture.draw(graph.boxes, graph.arrows, graph.layout, title, LEGEND)


# --- what is shown -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrived:
    """A gradient after so many reports: its shape, its length (the root of the sum of all squares)."""

    name: str
    shape: tuple[int, ...]
    length: float
    complete: bool

    @property
    def total(self) -> str:
        """Shape and length, in one line."""
        so_far = "" if self.complete else ", so far"
        return f"{self.shape}, length {written(self.length)}{so_far}"

    def lines(self, slim: bool = False) -> list[str]:
        """``["dz (64, 10)", "length 0.12"]``; slim ones are the same."""
        if self.shape == () and self.complete:
            return [f"d{self.name} = {written(self.length)}"]
        so_far = "" if self.complete else ", so far"
        return [f"d{self.name} {self.shape}", f"length {written(self.length)}{so_far}"]


@dataclass(frozen=True)
class _Nothing:
    """What data get: no gradient."""

    total: str = NONE

    def lines(self, slim: bool = False) -> list[str]:
        return [NONE]


@dataclass(frozen=True)
class TensorBox:
    """A named tensor. ``sums`` is its gradient after each report, in the order of their arrival."""

    name: str
    made: str
    shape: tuple[int, ...]
    #: Of one number; else None.
    value: float | None
    sums: tuple[Arrived | _Nothing, ...]

    @property
    def what(self) -> str:
        """The shape; of one number the value."""
        return str(self.shape) if self.value is None else f"= {written(self.value)}"

    @property
    def text(self) -> str:
        """Name and shape: ``"z (64, 10)"``."""
        return f"{self.name} {self.what}"

    def widest(self, slim: bool = False) -> list[str]:
        """For each line of the gradient, the longest text that will stand there."""
        all_lines = [one.lines(slim) for one in self.sums]
        count = max(map(len, all_lines))
        return [max((lines[k] for lines in all_lines if k < len(lines)), key=len) for k in range(count)]


@dataclass(frozen=True)
class TensorArrow:
    """From a tensor to one that was made from it; both are places in the list of boxes.

    ``does`` says what the way back does with a gradient, which stands where ``{}`` is: once, or several times
    where there are several ways from the one to the other. It is empty where nothing goes back.
    """

    parent: int
    child: int
    does: tuple[str, ...]

    @property
    def label(self) -> str:
        """What it does, without the gradient: ``"· Wᵀ"``."""
        return " and ".join(one.replace("{}", "").replace("  ", " ").strip() for one in self.does)


@dataclass(frozen=True)
class TensorGraph:
    """A loss, and all named tensors that it was made from, each after what it was made from."""

    boxes: tuple[TensorBox, ...]
    arrows: tuple[TensorArrow, ...]
    #: What reports in which order on the way back: the arrow, and which of its ways. Those of data have none.
    reports: tuple[tuple[int, int], ...]

    @classmethod
    def read(cls, loss: torch.Tensor, names: Mapping[str, torch.Tensor]) -> TensorGraph:
        """Read the graph off torch's record. Raises what ``tensor_player`` says."""
        return _read(loss, names)

    @cached_property
    def layout(self) -> Layout:
        """Where the boxes stand, in layers and rows."""
        return lay_out(len(self.boxes), [(arrow.parent, arrow.child) for arrow in self.arrows])

    def story(self) -> list[dict[str, Any]]:
        """What happens at each step: the words, and what is new, as :meth:`course_lib.graph.Graph.story`."""
        made_from = {k: [a for a in self.arrows if a.child == k] for k in range(len(self.boxes))}
        given = [k for k, arrows in made_from.items() if not arrows]
        words = ", ".join(self.boxes[k].text for k in given)
        told: list[dict[str, Any]] = [{"words": f"Given: {words}.", "make": given}]
        for k, arrows in made_from.items():
            if arrows:
                box = self.boxes[k]
                how = f"{box.name} = {box.made}" if box.made else box.name
                of = "of shape " if box.value is None else "one number, "
                told.append({"words": f"Made: {how}, {of}{box.what}.", "make": [k]})
        last = len(self.boxes) - 1
        name = self.boxes[last].name
        words = f"The way back begins at {name}, with d{name} = 1: {name} grows as fast as itself."
        told.append({"words": words, "serve": last, "sum": self._sum(last, 0, "1")})
        arrived = [0] * len(self.boxes)
        for k, which in self.reports:
            arrow = self.arrows[k]
            child, parent = self.boxes[arrow.child], self.boxes[arrow.parent]
            if not arrow.does:
                words = f"{parent.name} needs no gradient, so none is computed."
                told.append({"words": words, "serve": arrow.child, "sum": self._sum(arrow.parent, 0, "")})
                continue
            sent = arrow.does[which].format("1" if arrow.child == last else f"d{child.name}")
            now = parent.sums[arrived[arrow.parent]]
            words = f"From {child.name} to {parent.name} goes {sent}. "
            if isinstance(now, Arrived) and now.complete:
                words += f"d{parent.name} has the shape of {parent.name}, {now.shape}; its length is "
                words += f"{written(now.length)}."
            else:
                words += f"{parent.name} waits for another report."
            told.append(
                {
                    "words": words,
                    "serve": arrow.child,
                    "arrow": k,
                    "sum": self._sum(arrow.parent, arrived[arrow.parent], sent),
                }
            )
            arrived[arrow.parent] += 1
        return told

    def _sum(self, box: int, count: int, sent: str) -> dict[str, Any]:
        now = self.boxes[box].sums[count]
        return {"box": box, "lines": now.lines(), "slim": now.lines(), "total": now.total, "sent": sent}


@dataclass(frozen=True)
class TensorPlayer(Playable):
    """The graph of a loss, ready to be shown. Made by :func:`tensor_player`."""

    graph: TensorGraph
    title: str
    description: str
    kind = "graph"

    def still(self) -> bytes:
        """The still picture, as PNG bytes: the whole graph, with all its gradients."""
        graph = self.graph
        return plotting.png(graph_picture.draw(graph.boxes, graph.arrows, graph.layout, self.title, LEGEND))

    def data(self) -> dict[str, Any]:
        """What the script needs, as plain lists and texts, the same on every processor."""
        graph, layout = self.graph, self.graph.layout
        return {
            "title": self.title,
            "description": self.description,
            "slopeColor": graph_picture.SLOPE,
            "gradientColor": graph_picture.GRADIENT,
            "heads": ["Tensor", "Shape", "Gradient so far"],
            "joint": " ",
            "boxes": [
                {
                    "name": box.name,
                    "made": box.made,
                    "value": box.what,
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


# --- reading torch's record --------------------------------------------------------------------------------


@dataclass
class _Way:
    """From a named tensor back to another: the operations between, and by which input one leaves each."""

    parent: str
    child: str
    steps: list[tuple[Any, int]]


@dataclass
class _Run:
    """What the hooks have caught: of each operation, when it ran, what came in and what went out."""

    order: list[Any] = field(default_factory=list)
    received: dict[Any, tuple[Any, ...]] = field(default_factory=dict)
    passed: dict[Any, tuple[Any, ...]] = field(default_factory=dict)


def _read(loss: torch.Tensor, names: Mapping[str, torch.Tensor]) -> TensorGraph:
    made, tensors = _named(names)
    result = next((name for name, tensor in tensors.items() if tensor is loss), None)
    if result is None:
        raise ValueError(f"the loss has no name: add it to the names, which are {list(tensors)}")
    if loss.numel() != 1 or loss.grad_fn is None:
        raise ValueError(
            f"the loss {result!r} must be one number that torch has recorded, and is of shape "
            f"{tuple(loss.shape)}{'' if loss.grad_fn else ', without a record'}"
        )
    nodes = _nodes(loss.grad_fn)
    owner = _owners(tensors, nodes)
    ways = list(_ways(tensors, owner, nodes))
    reached = {way.parent for way in ways} | {result}
    run = _run_back(loss, nodes)
    data = dict(_data(tensors, ways, {name for name in tensors if name not in reached}))
    order = _order(list(tensors), ways, data)
    place = {name: k for k, name in enumerate(order)}

    came: dict[str, list[torch.Tensor]] = {name: [] for name in order}
    does: dict[tuple[int, int], list[str]] = {}
    when: list[tuple[int, tuple[int, int], int]] = []
    sums: dict[str, list[Arrived]] = {name: [] for name in order}
    expected = {name: sum(way.parent == name for way in ways) for name in order}
    ways.sort(key=lambda way: (run.order.index(way.steps[-1][0]), way.steps[-1][1]))
    for way in ways:
        last, edge = way.steps[-1]
        report = run.passed[last][edge].detach()
        came[way.parent].append(report)
        so_far = torch.stack([one.expand(report.shape) for one in came[way.parent]]).sum(0)
        complete = len(came[way.parent]) == expected[way.parent]
        sums[way.parent].append(
            Arrived(way.parent, tuple(report.shape), _length(so_far, way.parent), complete)
        )
        found = does.setdefault((place[way.parent], place[way.child]), [])
        when.append((run.order.index(last), (place[way.parent], place[way.child]), len(found)))
        found.append(_does(way, tensors, run))
    for name, (child, node) in data.items():
        does[place[name], place[child]] = []
        when.append((run.order.index(node), (place[name], place[child]), 0))
    arrows = tuple(TensorArrow(*pair, tuple(words)) for pair, words in does.items())
    number = {pair: k for k, pair in enumerate(does)}
    when.sort(key=lambda one: one[0])  # of equals, the one that was found first
    reports = tuple((number[pair], which) for _, pair, which in when)
    boxes = []
    for name in order:
        tensor = tensors[name]
        value = tensor.item() if tensor.numel() == 1 and tensor.dim() == 0 else None
        if name == result:
            arrived: tuple[Arrived | _Nothing, ...] = (Arrived(name, (), 1.0, True),)
        else:
            arrived = tuple(sums[name]) or (_Nothing(),)
        boxes.append(TensorBox(name, made[name], tuple(tensor.shape), value, arrived))
    return TensorGraph(tuple(boxes), arrows, reports)


def _named(names: Mapping[str, torch.Tensor]) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
    """How each tensor was made, and the tensor, by name."""
    if not names:
        raise ValueError("a graph needs names: a dict of name → tensor, for each box")
    made: dict[str, str] = {}
    tensors: dict[str, torch.Tensor] = {}
    for label, tensor in names.items():
        name, _, how = (part.strip() for part in label.partition("="))
        if not name:
            raise ValueError(f"{label!r} has no name in it: write 'z', or 'z = xW + b'")
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f"what is named {name!r} is a {type(tensor).__name__}, not a tensor")
        if name in tensors:
            raise ValueError(f"the name {name!r} stands there twice: each box needs its own")
        if same := [other for other, one in tensors.items() if one is tensor]:
            raise ValueError(f"{same[0]!r} and {name!r} are the same tensor: give it one name")
        made[name], tensors[name] = how, tensor
    return made, tensors


def _nodes(start: Any) -> list[Any]:
    """All operations that the loss was made by, and its leaves, the loss's first."""
    found, waiting = [start], [start]
    while waiting:
        for node, _ in waiting.pop().next_functions:
            if node is not None and node not in found:
                found.append(node)
                waiting.append(node)
    return found


def _owners(tensors: Mapping[str, torch.Tensor], nodes: list[Any]) -> dict[Any, str]:
    """For the operation that made a named tensor, or for a leaf's, its name."""
    owner: dict[Any, str] = {}
    for name, tensor in tensors.items():
        if tensor.grad_fn is not None:
            node: Any = tensor.grad_fn
        else:
            node = next((n for n in nodes if getattr(n, "variable", None) is tensor), None)
        if node in nodes:
            owner[node] = name
        elif tensor.requires_grad:
            raise ValueError(f"{name!r} has no part in the loss: leave it out of the names")
    for node in nodes:
        if hasattr(node, "variable") and node not in owner:
            raise ValueError(
                f"a leaf of shape {tuple(node.variable.shape)} has a gradient and no name: add it to the "
                "names"
            )
    uses: dict[Any, int] = {}
    for node in nodes:
        for child, _ in node.next_functions:
            if child is not None:
                uses[child] = uses.get(child, 0) + 1
    for node, count in uses.items():
        if count > 1 and node not in owner:
            raise ValueError(
                f"a tensor on the way is used {count} times and has no name: what {_called(node)} made; "
                "add it to the names"
            )
    return owner


def _ways(tensors: Mapping[str, torch.Tensor], owner: dict[Any, str], nodes: list[Any]) -> Iterator[_Way]:
    for start, child in owner.items():
        if tensors[child].grad_fn is None:
            continue
        waiting: list[tuple[Any, list[tuple[Any, int]]]] = [(start, [])]
        while waiting:
            node, before = waiting.pop()
            for edge, (next_node, _) in enumerate(node.next_functions):
                if next_node is None:
                    continue
                steps = [*before, (node, edge)]
                if next_node in owner:
                    yield _Way(owner[next_node], child, steps)
                else:
                    waiting.append((next_node, steps))


def _data(
    tensors: Mapping[str, torch.Tensor], ways: list[_Way], names: set[str]
) -> Iterator[tuple[str, tuple[str, Any]]]:
    """For data that need no gradient: into which tensor they go, and the operation that keeps them."""
    for name, tensor in tensors.items():
        if name not in names:
            continue
        found = (
            (way.child, node)
            for way in ways
            for node, _ in way.steps
            for kept in _kept(node).values()
            if _is(kept, tensor) or _is(kept, tensor.t() if tensor.dim() == 2 else tensor)
        )
        if (place := next(found, None)) is None:
            raise ValueError(f"{name!r} has no part in the loss: leave it out of the names")
        yield name, place


def _order(names: list[str], ways: list[_Way], data: Mapping[str, tuple[str, Any]]) -> list[str]:
    """The names in the order in which they were given, but each after what it was made from."""
    made_from: dict[str, set[str]] = {name: set() for name in names}
    for parent, child in [(way.parent, way.child) for way in ways] + [(n, c) for n, (c, _) in data.items()]:
        made_from[child].add(parent)
    order: list[str] = []
    while len(order) < len(names):
        ready = (name for name in names if name not in order and made_from[name] <= set(order))
        order.append(next(ready))
    return order


def _run_back(loss: torch.Tensor, nodes: list[Any]) -> _Run:
    """Run the way back once, with a hook on each operation. Neither ``.grad`` nor the record changes."""
    run = _Run()

    def watch(node: Any) -> Callable[..., None]:
        def caught(passed: tuple[Any, ...], received: tuple[Any, ...]) -> None:
            run.order.append(node)
            run.passed[node], run.received[node] = passed, received

        return caught

    hooks = [node.register_hook(watch(node)) for node in nodes if not hasattr(node, "variable")]
    try:
        leaves = [node.variable for node in nodes if hasattr(node, "variable")]
        torch.autograd.grad(loss, leaves, retain_graph=True)
    except RuntimeError as error:
        if "second time" not in str(error):
            raise
        raise ValueError(
            "backward() has freed what torch had kept: draw the graph before, or call "
            "backward(retain_graph=True)"
        ) from None
    finally:
        for hook in hooks:
            hook.remove()
    return run


def _length(gradient: torch.Tensor, name: str) -> float:
    length = gradient.double().norm().item()
    if not length < float("inf"):
        raise ValueError(f"the gradient of {name!r} is not finite")
    return length


# --- words for what an operation does on the way back ------------------------------------------------------


def _does(way: _Way, tensors: Mapping[str, torch.Tensor], run: _Run) -> str:
    does, steps = "{}", way.steps
    if [_called(node) for node, _ in steps[:2]] == ["NllLoss", "LogSoftmax"]:
        mean = steps[0][0]._saved_reduction == 1
        does, steps = "{} · (p − y)/B" if mean else "{} · (p − y)", steps[2:]
    for node, edge in steps:
        word = _word(node, edge, way, tensors)
        came, goes = run.received[node][0].shape, run.passed[node][edge].shape
        if came != goes and (word == "{}" or _called(node) in ("Sub", "Mul")):  # it was broadcast
            lost = len(came) - len(goes)
            axes = [k for k in range(len(came)) if k < lost or goes[k - lost] != came[k]]
            over = "rows" if axes == [0] else f"axis {', '.join(map(str, axes))}"
            word = word.replace("{}", f"Σ {over} {{}}")
        does = word.replace("{}", does)
    return does if does != "{}" else "{} · 1"


def _word(node: Any, edge: int, way: _Way, tensors: Mapping[str, torch.Tensor]) -> str:
    kind, kept = _called(node), _kept(node)

    def known(key: str) -> str:
        return _name_of(kept.get(key), tensors)

    if kind in ("Mm", "Addmm"):
        left, right = ("self", "mat2") if kind == "Mm" else ("mat1", "mat2")
        if kind == "Addmm" and edge == 0:
            return "{}"
        if edge == (0 if kind == "Mm" else 1):
            return f"{{}} · {_turned(known(right))}"
        return f"{_turned(known(left))} · {{}}"
    if kind == "Mul":
        return f"{{}} · {known('other' if edge == 0 else 'self')}"
    inner = way.parent if node is way.steps[-1][0] else "…"
    outer = way.child if node is way.steps[0][0] else kind.lower()
    return {
        "Add": "{}",
        "Sub": "{}" if edge == 0 else "(−1) · {}",
        "T": "({})ᵀ",
        "Relu": f"{{}} · ({inner} > 0)",
        "Tanh": f"{{}} · (1 − {outer}²)",
        "Sigmoid": f"{{}} · {outer}(1 − {outer})",
        "Exp": f"{{}} · {outer}",
        "Log": f"{{}} / {inner}",
        "Pow": f"{{}} · 2{inner}" if getattr(node, "_saved_exponent", None) == 2 else "{} · Pow′",
        "Mean": "{} / n",
        "Sum": "{} · 1",
    }.get(kind, f"{{}} · {kind}′")


def _called(node: Any) -> str:
    """The operation's name: ``Mm`` of ``MmBackward0``."""
    return str(node.name()).rsplit("::", 1)[-1].split("Backward")[0]


def _kept(node: Any) -> dict[str, torch.Tensor]:
    """The tensors that an operation keeps for the way back, by torch's names of them."""
    found = {}
    for attribute in dir(node):
        if attribute.startswith("_saved_"):
            try:
                value = getattr(node, attribute)
            except RuntimeError:  # freed
                continue
            if isinstance(value, torch.Tensor):
                found[attribute.removeprefix("_saved_")] = value
    return found


def _is(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether two tensors are the same numbers in the same memory."""
    return (
        a.shape == b.shape
        and a.stride() == b.stride()
        and a.data_ptr() == b.data_ptr()
        and a.dtype == b.dtype
    )


def _name_of(tensor: torch.Tensor | None, tensors: Mapping[str, torch.Tensor]) -> str:
    if tensor is not None:
        for name, one in tensors.items():
            if _is(tensor, one):
                return name
            if one.dim() == 2 and _is(tensor, one.t()):
                return f"{name}ᵀ"
    return "…"


def _turned(name: str) -> str:
    return name.removesuffix("ᵀ") if name.endswith("ᵀ") else f"{name}ᵀ"
