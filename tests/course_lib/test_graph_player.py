"""Graphs read off numbers that remember: what is stored and told, the picture, and what is refused.

What the script makes of it is tried in tests/book/test_graph_browser.py.
"""

import itertools
import random
import re

import matplotlib.pyplot as plt
import pytest
from markup import stored
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from remembering import GRAPHS, Value, lesson

from course_lib import plotting
from course_lib.graph import Graph, written
from course_lib.graph_layout import lay_out
from course_lib.graph_player import graph_figure, graph_player

WORDS = {"title": "There and back", "description": "A graph: values to the right, gradients to the left."}


def make(graph=None, **changes):
    return graph_player(*(graph or lesson()), **{**WORDS, **changes})


# --- what is stored ----------------------------------------------------------------------------------------


def test_boxes_and_arrows_are_those_of_the_numbers():
    data = stored(make().markup())
    assert data == make().data()
    assert [(b["name"], b["made"], b["value"]) for b in data["boxes"]] == [
        ("w", "", "1"),
        ("p", "3w", "3"),
        ("e", "p − 1", "2"),
        ("a", "e²", "4"),
        ("r", "w²", "1"),
        ("L", "a + r", "5"),
    ]
    names = [b["name"] for b in data["boxes"]]
    arrows = {(names[a["from"]], names[a["to"]]): a["slope"] for a in data["arrows"]}
    # The constants 3 and -1 have no name, no box and no arrow.
    assert arrows == {
        ("w", "p"): "3",
        ("p", "e"): "1",
        ("e", "a"): "4",
        ("w", "r"): "2",
        ("a", "L"): "1",
        ("r", "L"): "1",
    }
    assert [b["layer"] for b in data["boxes"]] == [0, 1, 2, 3, 1, 4]
    assert '<div class="player" data-kind="graph" data-title="There' in make().markup()


def test_the_numbers_are_read_and_nothing_is_called_or_changed():
    result, names = lesson()
    before = {name: dict(vars(value)) for name, value in names.items()}
    made = next(Value.counter)
    graph_player(result, names, **WORDS).still()
    assert {name: dict(vars(value)) for name, value in names.items()} == before
    assert next(Value.counter) == made + 1


@pytest.mark.parametrize("name", GRAPHS)
def test_the_story_makes_each_value_after_its_parents_and_serves_the_last_made_first(name):
    result, names = GRAPHS[name]()
    graph = Graph.read(result, names)
    values = {label.split(" = ")[0]: value for label, value in names.items()}
    story = graph.story()
    made, served, sums = [], [], {}
    for k, step in enumerate(story):
        for box in step.get("make", []):
            parents = {id(p) for p in values[graph.boxes[box].name].parents}
            named = {id(v): n for n, v in values.items()}
            assert all(n in made for p, n in named.items() if p in parents), "made before its parents"
            made.append(graph.boxes[box].name)
        if "serve" in step:
            assert len(made) == len(values), "the way back begins when all is made"
            served.append(graph.boxes[step["serve"]].name)
        if "sum" in step:
            sums[graph.boxes[step["sum"]["box"]].name] = step["sum"]
        assert k < len(story)
    assert sorted(made) == sorted(values) and made[-1] == served[0]
    order = [values[name].number for name in served]
    assert order == sorted(order, reverse=True), "last made, first served"
    # What has arrived, in the end, is what backward() computed.
    assert {n: s["total"] for n, s in sums.items()} == {n: written(v.grad) for n, v in values.items()}
    inner = sum(len({id(p) for p in v.parents} & {id(q) for q in values.values()}) for v in values.values())
    makings = 1 + sum(1 for v in values.values() if any(p in values.values() for p in v.parents))
    assert len(story) == makings + 1 + inner


def test_a_sum_grows_in_the_order_of_arrival():
    """In the lesson r was made after p, so it reports first; made before p, it reports last."""
    w = Graph.read(*lesson()).boxes[0]
    assert [one.lines() for one in w.sums] == [["1·2 + …"], ["1·2 + 4·3", "= 14"]]
    assert [one.lines(slim=True) for one in w.sums] == [["1·2 + …"], ["1·2", "+ 4·3", "= 14"]]
    assert w.widest(slim=True) == ["1·2 + …", "+ 4·3", "= 14"]
    w = Value(1)
    r = w**2
    e = w * 3 + -1
    p = e.parents[0]
    a = e**2
    L = a + r
    L.backward()
    graph = Graph.read(L, {"w": w, "p": p, "e": e, "a": a, "r": r, "L": L})
    assert graph.boxes[0].sums[-1].lines() == ["4·3 + 1·2", "= 14"]


def test_a_number_used_twice_by_one_brings_two_reports_over_one_arrow():
    w = Value(3)
    L = w * w
    L.backward()
    graph = Graph.read(L, {"w": w, "L": L})
    (arrow,) = graph.arrows
    assert arrow.slopes == (3, 3) and arrow.label == "3 + 3"
    assert graph.boxes[0].sums[-1].lines() == ["1·3 + 1·3", "= 6"]
    assert [step["words"] for step in graph.story()][-1] == (
        "L is served: of those left it was made last. It passes its gradient times the slope to w: "
        "1·3 + 1·3 = 6. Now w has all its reports: its gradient is 6."
    )


def test_minus_signs_stand_in_brackets_where_they_follow_another_sign():
    a, b = Value(2), Value(-3)
    c = a * b
    L = c * a * -1
    c2 = L.parents[0]
    L.backward()
    graph = Graph.read(L, {"a": a, "b": b, "c": c, "d": c2, "L": L})
    assert graph.boxes[0].sums[-1].lines() == ["−1·(−6) + (−2)·(−3)", "= 12"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-2.5, "−2.5"),
        (0.1 + 0.2, "0.3"),
        (1234.5, "1230"),
        (99999, "1e5"),
        (-1.234e-7, "−1.23e−7"),
    ],
)
def test_numbers_have_three_digits(value, text):
    assert written(value) == text


def test_last_bits_do_not_reach_the_page():
    nudged = lesson()
    for value in nudged[1].values():
        value.data *= 1 + 3e-16
        value.slopes = tuple(slope * (1 + 3e-16) for slope in value.slopes)
    assert make(nudged).markup() == make().markup()


# --- where things stand ------------------------------------------------------------------------------------


def graphs_by_chance():
    """Small graphs: each box is made from one or two earlier ones."""
    for seed in range(60):
        chance = random.Random(seed)
        count = chance.randint(2, 12)
        pairs = {(chance.randrange(k), k) for k in range(1, count) for _ in range(chance.randint(1, 2))}
        yield count, sorted(pairs)


@pytest.mark.parametrize(("count", "arrows"), list(graphs_by_chance()))
def test_arrows_lead_forward_and_boxes_keep_apart(count, arrows):
    layout = lay_out(count, arrows)
    layers = [layer for layer, _ in layout.places]
    assert min(layers) == 0
    for (start, end), way in zip(arrows, layout.ways, strict=True):
        assert layers[start] < layers[end]
        # It has a place in each layer that it skips.
        assert [layer for layer, _ in way] == list(range(layers[start] + 1, layers[end]))
    takers = [*((*place, True) for place in layout.places)]
    takers += [(*place, False) for way in layout.ways for place in way]
    for a, b in itertools.combinations(takers, 2):
        if a[0] == b[0]:
            least = 1.0 if a[2] and b[2] else 0.6
            assert abs(a[1] - b[1]) >= least - 0.011, (a, b)
    assert layout == lay_out(count, arrows)


def test_a_line_of_boxes_is_straight_and_a_leaf_stands_before_its_first_use():
    layout = lay_out(4, [(0, 1), (1, 2), (2, 3)])
    assert layout.places == ((0, 0), (1, 0), (2, 0), (3, 0))
    # 3 is given, and used at the end only.
    layout = lay_out(5, [(0, 1), (1, 2), (2, 4), (3, 4)])
    assert [layer for layer, _ in layout.places] == [0, 1, 2, 2, 3]
    assert layout.ways == ((), (), (), ())


def test_arrows_that_need_not_cross_do_not():
    layout = lay_out(6, [(0, 3), (1, 2), (2, 4), (3, 5), (4, 5)])
    row = [row for _, row in layout.places]
    assert (row[0] - row[1]) * (row[3] - row[2]) > 0


# --- the picture -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_in_the_picture_covers_anything(name):
    figure = graph_figure(*GRAPHS[name](), title="A title")
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    (ax,) = figure.axes
    boxes = [p.get_window_extent() for p in ax.patches if isinstance(p, FancyBboxPatch)]
    texts = [(t.get_text(), t.get_window_extent(renderer), t.get_color()) for t in ax.texts]
    assert len(boxes) == len(GRAPHS[name]()[1])
    for a, b in itertools.combinations(boxes, 2):
        assert not a.overlaps(b)
    for (one, a, _), (other, b, _) in itertools.combinations(texts, 2):
        a, b = a.shrunk(0.9, 0.7), b.shrunk(0.9, 0.7)
        assert not a.overlaps(b), (one, other)
    for words, a, color in texts:
        touched = [box for box in boxes if box.overlaps(a.shrunk(0.95, 0.8))]
        if color == "#0072B2" or "title" in words or "from" in words:
            assert not touched, words
        else:
            assert len(touched) == 1 and touched[0].width > a.width, words
    plt.close(figure)


def test_the_picture_has_the_values_the_slopes_and_the_sums():
    figure = graph_figure(*lesson())
    by_color = {}
    for text in figure.axes[0].texts:
        by_color.setdefault(text.get_color(), []).append(text.get_text())
    arrows = [p for p in figure.axes[0].patches if isinstance(p, FancyArrowPatch)]
    plt.close(figure)
    assert len(arrows) == 6
    assert {"w = 1", "p = 3", "e = 2", "a = 4", "r = 1", "L = 5"} <= set(by_color["black"])
    assert sorted(t for t in by_color["#0072B2"] if len(t) < 3) == ["1", "1", "1", "2", "3", "4"]
    (orange,) = [texts for color, texts in by_color.items() if "1·2" in texts]
    assert "= 14" in orange and "orange: gradients, from right to left" in orange
    assert "black: values, from left to right" in by_color["black"]


def test_a_deep_graph_goes_down_and_one_that_is_too_wide_is_refused():
    figure = graph_figure(*GRAPHS["dozen"]())
    words = [text.get_text() for text in figure.axes[0].texts]
    plt.close(figure)
    assert "black: values, from top to bottom" in words
    leaves = [Value(0.1234 * k) for k in range(1, 9)]
    total = leaves[0]
    names = {"leaf number 1": total}
    for k, leaf in enumerate(leaves[1:], start=2):
        total = total + leaf * leaves[0] * leaves[k - 2]
        names[f"leaf number {k}"] = leaf
        names[f"product {k}"], names[f"sum {k}"] = total.parents[1], total
        names[f"half {k}"] = total.parents[1].parents[0]
    total.backward()
    with pytest.raises(ValueError, match=r"in wide, but a figure has 5.4 in: use fewer boxes, or shorter"):
        graph_figure(total, names)
    assert plt.get_fignums() == []


def test_the_figure_can_be_shown_and_read(monkeypatch):
    shown = []
    monkeypatch.setattr(plotting, "display", shown.append)
    for make_graph in GRAPHS.values():
        plotting.show(graph_figure(*make_graph(), title="A title"), alt=WORDS["description"])
    assert len(shown) == len(GRAPHS) and plt.get_fignums() == []


@pytest.mark.deep
def test_the_picture_is_the_same_each_time_and_leaves_no_figure_open():
    assert make().still() == make().still()
    assert plt.get_fignums() == []


# --- what is refused ---------------------------------------------------------------------------------------


def refused(result, names, kind=ValueError):
    with pytest.raises(kind) as raised:
        graph_player(result, names, **WORDS)
    assert plt.get_fignums() == []
    return str(raised.value)


def test_names_must_be_those_of_the_graph():
    L, names = lesson()
    assert "needs names" in refused(L, {})
    assert "' = 3w' has no name in it" in refused(L, {**names, " = 3w": names["w"]})
    assert "the name 'p' stands there twice" in refused(L, {**names, "p": Value(1)})
    assert "'w' and 'v' are the same number" in refused(L, {**names, "v": names["w"]})
    assert "the result has no name" in refused(L, {k: v for k, v in names.items() if v is not L})
    stranger = Value(7)
    assert "'z' has no part in the result" in refused(L, {**names, "z": stranger})
    missing = {k: v for k, v in names.items() if not k.startswith("e ")}
    assert "a number on the way has no name: the 2 that was made from p and −1" in refused(L, missing)
    assert "there is no arrow to draw" in refused(L, {"L": L})


def test_what_is_named_must_remember():
    L, names = lesson()
    words = refused(L, {**names, "x": 3.0}, TypeError)
    assert words.startswith("what is named 'x' is a float without data, grad, parents, slopes, number: a ")
    assert "a parent is a str" in refused(_with_parent("three"), {"L": _with_parent.made}, TypeError)


def _with_parent(parent):
    _with_parent.made = Value(1, (parent,), (1.0,))
    _with_parent.made.grad = 1.0
    return _with_parent.made


def test_backward_must_have_run_once():
    w = Value(2)
    L = w**2
    names = {"w": w, "L": L}
    assert "the gradient of the result 'L' is 0, not 1: call backward() on it, once" in refused(L, names)
    L.backward()
    graph_player(L, names, **WORDS)
    L.backward()
    assert "the gradient of 'w' is 8, but its arrows bring 4: was it 0 before" in refused(L, names)


def test_the_graph_must_be_one():
    w = Value(2)
    L = w**2
    L.backward()
    names = {"w": w, "L": L}
    w.parents, w.slopes = (L,), (1.0,)
    assert "there is a cycle: w was made from itself" in refused(L, names)
    w.parents, w.slopes = (), ()
    w.number = L.number + 1
    assert f"L has number {L.number}, but one of its parents has {w.number}" in refused(L, names)
    w.number = L.number - 1
    L.slopes = (4.0, 1.0)
    assert "L has 1 parents and 2 slopes" in refused(L, names)
    L.slopes = (float("inf"),)
    assert "L has a value, slope or gradient that is not finite: inf" in refused(L, names)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"title": ""}, "title is empty"),
        ({"description": "A graph."}, "the player's description is 'A graph.': say in more than 40"),
    ],
)
def test_words_are_needed(changes, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make(**changes)
