"""Graphs read off torch's own record: what is shown is what autograd computed, and what is refused."""

import itertools
import re

import matplotlib.pyplot as plt
import pytest
import torch
import torch.nn.functional as F
from matplotlib.patches import FancyBboxPatch

from course_lib.graph import written
from course_lib.tensor_graph import Arrived, TensorGraph, tensor_figure, tensor_player

WORDS = {"title": "There and back", "description": "A graph of tensors: shapes downwards, gradients upwards."}


def drawn(*shape, seed=0, leaf=False):
    tensor = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return tensor.requires_grad_() if leaf else tensor


def network():
    """Two layers, softmax and cross-entropy; x and y are data."""
    x, y = drawn(7, 5), torch.tensor([0, 1, 2, 0, 1, 2, 0])
    W1, b1, W2, b2 = (
        drawn(*shape, seed=k, leaf=True) for k, shape in enumerate(((5, 4), (4,), (4, 3), (3,)), 1)
    )
    z1 = x @ W1 + b1
    a1 = z1.relu()
    z2 = a1 @ W2 + b2
    loss = F.cross_entropy(z2, y)
    names = {"W₁": W1, "x": x, "b₁": b1, "z₁ = x·W₁ + b₁": z1, "W₂": W2, "a₁ = relu(z₁)": a1}
    return loss, {**names, "b₂": b2, "z₂ = a₁·W₂ + b₂": z2, "y": y, "ℓ": loss}


def modules():
    """torch's own layers, whose weights lie the other way round; and a tanh."""
    first, second = torch.nn.Linear(5, 4).double(), torch.nn.Linear(4, 3).double()
    x, y = drawn(6, 5), torch.tensor([0, 1, 2, 0, 1, 2])
    z = first(x)
    a = z.tanh()
    u = second(a)
    loss = F.cross_entropy(u, y, reduction="sum")
    names = {"V": first.weight, "x": x, "c": first.bias, "z": z, "W": second.weight, "a": a}
    return loss, {**names, "b": second.bias, "u": u, "ℓ": loss}


def twice():
    """A tensor that is used three times, two of them by a skip; a column that is broadcast."""
    x, W, s = drawn(4, 3), drawn(3, 3, seed=1, leaf=True), drawn(4, 1, seed=2, leaf=True)
    h = x @ W
    r = h + h.tanh()
    m = r * s
    loss = (m * h).sum()
    return loss, {"W": W, "h": h, "r": r, "s": s, "m": m, "ℓ": loss}


GRAPHS = {"network": network, "modules": modules, "twice": twice}


def test_arrows_say_what_the_way_back_does():
    graph = TensorGraph.read(*network())
    names = [box.name for box in graph.boxes]
    arrows = {(names[a.parent], names[a.child]): a.label for a in graph.arrows}
    assert arrows == {
        ("W₁", "z₁"): "xᵀ ·",
        ("x", "z₁"): "",
        ("b₁", "z₁"): "Σ rows",
        ("z₁", "a₁"): "· (z₁ > 0)",
        ("W₂", "z₂"): "a₁ᵀ ·",
        ("a₁", "z₂"): "· W₂ᵀ",
        ("b₂", "z₂"): "Σ rows",
        ("z₂", "ℓ"): "· (p − y)/B",
        ("y", "ℓ"): "",
    }


def test_torchs_layers_and_other_operations():
    loss, named = modules()
    del named["u"]
    graph = TensorGraph.read(loss, named)
    names = [box.name for box in graph.boxes]
    arrows = {(names[a.parent], names[a.child]): " and ".join(a.does) for a in graph.arrows}
    assert arrows[("V", "z")] == "(xᵀ · {})ᵀ" and arrows[("c", "z")] == "Σ rows {}"
    assert arrows[("z", "a")] == "{} · (1 − a²)"
    # The second layer's output has no name: its way and the loss's are one arrow.
    assert arrows[("a", "ℓ")] == "{} · (p − y) · W"
    assert arrows[("b", "ℓ")] == "Σ rows {} · (p − y)"
    assert arrows[("W", "ℓ")] == "(aᵀ · {} · (p − y))ᵀ"
    graph = TensorGraph.read(*twice())
    names = [box.name for box in graph.boxes]
    arrows = [(names[a.parent], names[a.child], " and ".join(a.does)) for a in graph.arrows]
    assert ("s", "m", "Σ axis 1 {} · r") in arrows
    assert ("h", "r", "{} · 1 and {} · (1 − tanh²)") in arrows


@pytest.mark.parametrize("name", GRAPHS)
def test_what_arrives_is_what_autograd_computes(name):
    """Shape and length of each gradient, against torch.autograd.grad of that tensor alone."""
    loss, names = GRAPHS[name]()
    graph = TensorGraph.read(loss, names)
    tensors = {label.split(" = ")[0]: tensor for label, tensor in names.items()}
    for box in graph.boxes:
        tensor, last = tensors[box.name], box.sums[-1]
        assert box.shape == tuple(tensor.shape)
        if not tensor.requires_grad:
            assert last.lines() == ["no gradient"]
        elif tensor is loss:
            assert last.lines() == ["dℓ = 1"] and box.value == loss.item()
        else:
            (gradient,) = torch.autograd.grad(loss, tensor, retain_graph=True)
            assert isinstance(last, Arrived) and last.complete
            assert last.shape == tuple(gradient.shape) == box.shape
            assert last.length == pytest.approx(gradient.norm().item(), rel=1e-12)
            assert [one.complete for one in box.sums] == [False] * (len(box.sums) - 1) + [True]


def test_what_is_used_twice_waits_for_all_its_reports():
    graph = TensorGraph.read(*twice())
    (h,) = [box for box in graph.boxes if box.name == "h"]
    assert len(h.sums) == 3
    assert h.sums[0].lines()[1].endswith(", so far") and not h.sums[-1].lines()[1].endswith("so far")
    words = [step["words"] for step in graph.story()]
    assert sum("h waits for another report." in one for one in words) == 2


@pytest.mark.parametrize("name", GRAPHS)
def test_the_story_makes_first_and_serves_in_the_order_of_the_real_run(name):
    loss, names = GRAPHS[name]()
    graph = TensorGraph.read(loss, names)
    made, arrived, back = [], [], False
    for step in graph.story():
        for box in step.get("make", []):
            assert not back
            assert all(a.parent in made for a in graph.arrows if a.child == box)
            made.append(box)
        if "sum" in step:
            back = True
            arrived.append(step["sum"]["box"])
        if "arrow" in step:
            arrow = graph.arrows[step["arrow"]]
            assert step["serve"] == arrow.child and step["sum"]["box"] == arrow.parent
            # Who passes on has all its own reports.
            needed = sum(len(a.does) for a in graph.arrows if a.parent == arrow.child)
            assert arrived.count(arrow.child) == max(needed, 1)
    assert sorted(made) == list(range(len(graph.boxes)))
    assert set(arrived) == set(made)


@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_is_changed(name):
    loss, names = GRAPHS[name]()
    before = [(t.detach().clone(), t.grad if t.is_leaf else None) for t in names.values()]
    tensor_player(loss, names, **WORDS).still()
    for tensor, (value, grad) in zip(names.values(), before, strict=True):
        assert torch.equal(tensor.detach(), value) and grad is None
        assert not tensor.is_leaf or tensor.grad is None
    loss.backward()  # the record is still there, and no hook is left
    assert all(t.grad is not None for t in names.values() if t.is_leaf and t.requires_grad)


def test_the_data_are_the_same_each_time_and_last_bits_do_not_reach_the_page():
    assert tensor_player(*network(), **WORDS).markup() == tensor_player(*network(), **WORDS).markup()
    data = tensor_player(*network(), **WORDS).data()
    assert data["joint"] == " " and data["heads"] == ["Tensor", "Shape", "Gradient so far"]
    assert [(box["name"], box["value"]) for box in data["boxes"]][:3] == [
        ("W₁", "(5, 4)"),
        ("x", "(7, 5)"),
        ("b₁", "(4,)"),
    ]
    digits = re.findall(r"length [0-9.e−]+", str(data["story"]))
    assert digits and all(len(one.split()[1].rstrip(".").replace(".", "")) <= 5 for one in digits)


@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_in_the_picture_covers_anything(name):
    figure = tensor_figure(*GRAPHS[name](), title="A title")
    figure.draw_without_rendering()
    (ax,) = figure.axes
    boxes = [p.get_window_extent() for p in ax.patches if isinstance(p, FancyBboxPatch)]
    assert len(boxes) == len(GRAPHS[name]()[1])
    for a, b in itertools.combinations(boxes, 2):
        assert not a.overlaps(b)
    words = [text.get_text() for text in ax.texts]
    plt.close(figure)
    assert any(one.startswith("black: tensors and their shapes, from") for one in words)
    assert "blue: what the way back multiplies by" in words


# --- what is refused ---------------------------------------------------------------------------------------


def refused(loss, names, kind=ValueError):
    with pytest.raises(kind) as raised:
        tensor_player(loss, names, **WORDS)
    assert plt.get_fignums() == []
    return str(raised.value)


def test_names_must_be_those_of_the_graph():
    loss, names = network()
    assert "needs names" in refused(loss, {})
    assert "' = a' has no name in it" in refused(loss, {**names, " = a": names["x"]})
    assert "the name 'x' stands there twice" in refused(loss, {**names, "x = 1": drawn(2)})
    assert "'x' and 'v' are the same tensor" in refused(loss, {**names, "v": names["x"]})
    assert "what is named 'k' is a float, not a tensor" in refused(loss, {**names, "k": 1.0}, TypeError)
    assert "the loss has no name" in refused(loss, {k: v for k, v in names.items() if k != "ℓ"})
    assert "'q' has no part in the loss" in refused(loss, {**names, "q": drawn(7, 5)})
    assert "'q' has no part in the loss" in refused(loss, {**names, "q": drawn(3, leaf=True)})
    without = {k: v for k, v in names.items() if k != "b₁"}
    assert "a leaf of shape (4,) has a gradient and no name" in refused(loss, without)


def test_what_is_used_twice_needs_a_name():
    loss, names = twice()
    without = {k: v for k, v in names.items() if k != "h"}
    assert "is used 3 times and has no name: what Mm made" in refused(loss, without)


def test_the_loss_must_be_one_recorded_number():
    w = drawn(3, leaf=True)
    assert "must be one number" in refused(w * 2, {"w": w}) or "has no name" in refused(w * 2, {"w": w})
    v = w * 2
    assert "must be one number that torch has recorded, and is of shape (3,)" in refused(v, {"w": w, "v": v})
    lone = torch.tensor(1.0)
    assert "without a record" in refused(lone, {"ℓ": lone})


def test_a_freed_record_and_what_is_not_finite_are_refused():
    loss, names = network()
    loss.backward()
    assert "backward() has freed what torch had kept" in refused(loss, names)
    loss, names = network()
    loss.backward(retain_graph=True)
    tensor_player(loss, names, **WORDS)
    w = torch.tensor([0.0], requires_grad=True)
    root = w.sqrt().sum()
    assert "the gradient of 'w' is not finite" in refused(root, {"w": w, "ℓ": root})


def test_words_are_needed():
    for changes, complaint in (
        ({"title": ""}, "title is empty"),
        ({"description": "A graph."}, "say in more"),
    ):
        with pytest.raises(ValueError, match=re.escape(complaint)):
            tensor_player(*network(), **{**WORDS, **changes})


def test_lengths_have_three_digits():
    assert Arrived("z", (2, 3), 0.123456, True).lines() == ["dz (2, 3)", "length 0.123"]
    assert Arrived("z", (2, 3), 2.0, False).total == f"(2, 3), length {written(2.0)}, so far"
