"""Hidden units in the plane: the fit, the pieces, and the data and the still picture of their player.

What the script makes of them is tried in tests/book/test_hinge_browser.py.
"""

import itertools
import re
import warnings

import numpy as np
import pytest
import torch
from markup import stored

from course_lib import datasets, plotting
from course_lib.hinge_player import hinge_player, hinge_summary
from course_lib.hinges import Unit, fit, part, pieces

SQUARE = ((0.0, 3.0), (0.0, 2.0))
WORDS = {"title": "Units", "description": "Points of two classes, and what hidden units make of them."}


def layer(units, seed=0):
    """A hidden layer whose lines go through the two moons."""
    generator = torch.Generator().manual_seed(seed)
    weights = torch.randn(2, units, generator=generator, dtype=torch.float64)
    through = torch.rand(units, 2, generator=generator, dtype=torch.float64) * torch.tensor([2.0, 1.0]) - 0.2
    return weights, -(through.T * weights).sum(0)


def make(**changes):
    x, y = datasets.two_moons(100)
    weights, biases = layer(5)
    given = {"x": x, "y": y, "weights": weights, "biases": biases, **WORDS, **changes}
    return hinge_player(**given)


# --- the fit -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 3, 5])
@pytest.mark.parametrize("data", [datasets.two_moons, datasets.rings, datasets.xor])
def test_the_fit_is_least_squares_but_for_its_ridge(data, count):
    x, y = (values.numpy() for values in data(100, seed=3))
    weights, biases = (values.numpy() for values in layer(5, seed=1))
    scene = hinge_player(x, y, weights, biases, **WORDS).scene
    hidden = np.maximum(x @ weights[:, :count] + biases[:count], 0)
    free = np.hstack([hidden, np.ones((len(x), 1))])
    best, *_ = np.linalg.lstsq(free, y, rcond=None)
    least = np.mean((free @ best - y) ** 2)
    assert scene.summary(count)["error"] == pytest.approx(least, rel=2e-3)
    assert np.mean(scene.network(count).output(scene.points)) == pytest.approx(np.mean(y), abs=1e-12)


def test_the_fit_minimizes_the_error_and_the_ridge_that_it_names():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 2)), (rng.random(40) > 0.5).astype(float)
    units = [Unit(angle, tuple(rng.normal(size=2) / 2)) for angle in (10.0, 130.0, 250.0)]
    network = fit(x, y, units, 4.0)
    hidden = np.stack([np.maximum(unit.side(x, 4.0), 0) for unit in units], axis=1)

    def objective(weights, bias):
        return np.mean((bias + hidden @ weights - y) ** 2) + 1e-6 * np.sum(weights**2)

    least = objective(network.weights, network.bias)
    for k, step in itertools.product(range(4), (1e-3, -1e-3)):
        moved = np.append(network.weights, network.bias) + step * (np.arange(4) == k)
        assert objective(moved[:3], moved[3]) > least


@pytest.mark.parametrize("count", [0, 1, 4])
def test_the_share_right_is_counted_where_the_output_is_above_one_half(count):
    x, y = datasets.two_moons(100)
    scene = make().scene
    outputs = scene.network(count).output(scene.points)
    right = sum(bool(output > 0.5) == bool(label) for output, label in zip(outputs, y[:, 0], strict=True))
    assert scene.summary(count)["right"] == right / 100
    assert right > 60 or count == 0 and right == 50, "where all is 0.5, it says class 0"


def test_two_units_on_one_line_and_one_that_is_off_everywhere_are_no_trouble():
    """The twins share what one has, and the idle one gets nothing: its weight is not open."""
    x, y = datasets.two_moons(60)
    scene = hinge_player(x, y, [[1, 1, 2], [1, 1, 0]], [-0.5, -0.5, -100], **WORDS).scene
    one, three = scene.network(1).weights, scene.network(3).weights
    assert three[:2] == pytest.approx([one[0] / 2] * 2, rel=1e-4) and three[2] == 0
    assert scene.summary(3)["pieces"] == 2
    assert scene.summary(3)["error"] == pytest.approx(scene.summary(1)["error"], rel=1e-5)


# --- the pieces --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_the_pieces_are_the_patterns_of_on_and_off(seed):
    """Counted on a grid that is fine enough to meet all but slivers; and they fill the picture."""
    rng = np.random.default_rng(seed)
    units = [Unit(360 * rng.random(), (3 * rng.random(), 2 * rng.random())) for _ in range(6)]
    found = pieces(SQUARE, units)
    inner = [np.mean(polygon, axis=0) for polygon in found]
    patterns = {tuple(bool(unit.side(point, 3) > 0) for unit in units) for point in inner}
    assert len(patterns) == len(found), "each piece has a pattern of its own"
    grid = np.stack(np.meshgrid(np.linspace(0.001, 2.999, 700), np.linspace(0.001, 1.999, 500)), -1)
    seen = np.unique(np.stack([unit.side(grid, 3).ravel() > 0 for unit in units], axis=1), axis=0)
    assert {tuple(row) for row in seen.tolist()} <= patterns
    sizes = [area(polygon) for polygon in found]
    assert sum(sizes) == pytest.approx(6) and sum(size > 1e-4 for size in sizes) <= len(seen)


def area(polygon):
    x, y = np.array(polygon).T
    return 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))


@pytest.mark.parametrize(
    ("units", "count"),
    [
        ([], 1),
        ([(0, (1, 1))], 2),
        ([(0, (1, 1)), (0, (2, 1)), (180, (0.5, 1))], 4),  # parallel
        ([(0, (1, 1)), (180, (1, 0.3))], 2),  # the same line
        ([(0, (1, 1)), (90, (1, 1)), (45, (1, 1))], 6),  # all through one point
        ([(0, (1, 1)), (90, (1, 1)), (45, (1.2, 1))], 7),  # in general position
        ([(0, (4, 1)), (90, (1, -1))], 1),  # both miss the picture
        ([(90, (1, 2)), (45, (3, 2))], 1),  # along its edge, and through its corner only
    ],
)
def test_pieces_that_a_pencil_counts(units, count):
    assert len(pieces(SQUARE, [Unit(angle, point) for angle, point in units])) == count


def test_a_part_of_a_polygon():
    square = [(0, 0), (2, 0), (2, 2), (0, 2)]
    assert part(square, np.array([-1, 1, 1, -1])) == [(1, 0), (2, 0), (2, 2), (1, 2)]
    assert part(square, np.array([0, 1, 0, -1])) == [(0, 0), (2, 0), (2, 2)]
    assert part(square, np.array([1, 1, 1, 1])) == square
    assert part(square, np.array([-1, 0, 0, -1])) == part(square, np.full(4, 1e-12)) == []


@pytest.mark.parametrize(("units", "most"), [(0, 1), (1, 2), (2, 4), (3, 7), (4, 11), (5, 16)])
def test_so_many_lines_make_at_most_so_many_pieces(units, most):
    x, y = datasets.two_moons(40)
    for seed in range(10):
        summary = hinge_summary(x, y, *layer(5, seed))[units]
        assert summary["most"] == most and summary["pieces"] <= most


# --- what is stored, and the picture -----------------------------------------------------------------------


def test_the_page_gets_points_lines_and_no_fit():
    shown = make()
    data = stored(shown.markup())
    assert data == shown.data()
    assert set(data) == {"title", "description", "bounds", "points", "labels", "units", "looks"}
    x, y = datasets.two_moons(100)
    assert np.array(data["points"]) == pytest.approx(x.numpy(), abs=6e-5)
    assert data["labels"] == y[:, 0].int().tolist()
    assert len(data["units"]) == 5 and len(shown.markup()) < 3000
    (left, right), (low, high) = data["bounds"]
    assert (right - left) / (high - low) == pytest.approx(1.5, rel=1e-3)
    for k, extent in enumerate([(left, right), (low, high)]):
        assert extent[0] < x[:, k].min() - 0.1 and extent[1] > x[:, k].max() + 0.1
    assert '<div class="player" data-kind="hinge" data-title="Units' in shown.markup()


def test_each_units_line_and_side_are_those_of_its_weights():
    x, y = datasets.two_moons(60)
    weights, biases = layer(8, seed=4)
    biases[7] = 100  # its line misses the picture: it is on everywhere
    shown = hinge_player(x, y, weights, biases, **WORDS)
    places = torch.randn(200, 2, dtype=torch.float64)
    given = (places @ weights + biases) / weights.norm(dim=0)
    (left, right), (low, high) = shown.scene.bounds
    for k, unit in enumerate(shown.scene.units):
        assert unit.side(places, 1.0) == pytest.approx(given[:, k].numpy(), abs=0.02)
        assert 0 <= unit.angle < 360
        # Its point is the middle of what the picture shows of the line.
        along = np.radians(unit.angle + 90)
        way = np.linspace(-6, 6, 24001)[:, None] * [np.cos(along), np.sin(along)] + unit.point
        inside = ((way >= [left, low]) & (way <= [right, high])).all(axis=1).nonzero()[0]
        assert (len(inside) > 0) == (k != 7)
        if k != 7:
            assert inside[0] + inside[-1] == pytest.approx(24000, abs=8)


def test_neither_the_length_of_the_weights_nor_last_bits_reach_the_page():
    weights, biases = layer(5)
    lengths = torch.tensor([1.0, 2.0, 0.1, 30.0, 5.0], dtype=torch.float64)
    x, _ = datasets.two_moons(100)
    assert make(weights=lengths * weights, biases=lengths * biases).markup() == make().markup()
    assert make(x=x * (1 + 2e-15), weights=weights * (1 - 2e-15)).markup() == make().markup()
    ties = torch.tensor(
        [[0.0, 0.0], [1.0, 1.0], [0.00005, 0.00015], [0.25255, -0.12345]], dtype=torch.float64
    )
    stored = [make(x=ties * nudge, y=[0, 1, 0, 1]).markup() for nudge in (1, 1 + 4e-16, 1 - 4e-16)]
    assert len(set(stored)) == 1


def test_points_far_from_zero_keep_their_digits():
    x, y = datasets.two_moons(60)
    weights, biases = layer(3)
    far = torch.tensor([5000.0, -300.0], dtype=torch.float64)
    here = hinge_summary(x, y, weights, biases)
    there = hinge_summary(x + far, y, weights, biases - far @ weights)
    for a, b in zip(here, there, strict=True):
        assert a["pieces"] == b["pieces"] and a["error"] == pytest.approx(b["error"], rel=1e-2)


@pytest.mark.parametrize("kind", ["list", "array", "float32", "with gradients", "flat labels"])
def test_lists_arrays_and_tensors(kind):
    x, y = datasets.two_moons(40)
    weights, biases = layer(3)
    expected = hinge_player(x, y, weights, biases, **WORDS)
    change = {
        "list": lambda value: value.tolist(),
        "array": lambda value: value.numpy(),
        "float32": lambda value: value.float(),
        "with gradients": lambda value: value.clone().requires_grad_(),
        "flat labels": lambda value: value.reshape(-1) if value is y else value,
    }[kind]
    shown = hinge_player(*map(change, (x, y, weights, biases)), **WORDS)
    if kind == "float32":
        assert shown.scene.points == pytest.approx(expected.scene.points, abs=2e-4)
    else:
        assert shown.markup() == expected.markup()


@pytest.mark.deep
def test_the_picture_is_the_same_each_time_and_leaves_no_figure_open():
    assert make().still() == make().still()
    assert make().still() != make(biases=layer(5)[1] + 0.1).still()
    assert plotting.plt.get_fignums() == []


def test_a_picture_without_a_boundary():
    """A unit that is off at all points leaves the mean label, here 0.34, everywhere."""
    warnings.simplefilter("error")
    assert (
        make(y=torch.arange(100) % 3 == 0, weights=[[1.0], [0.0]], biases=[-50.0])
        .still()
        .startswith(b"\x89PNG")
    )


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"x": torch.zeros(100)}, "x must be 2 to 150 points, of shape (n, 2), not (100,)"),
        ({"x": torch.zeros(151, 2)}, "x must be 2 to 150 points, of shape (n, 2), not (151, 2)"),
        ({"x": torch.full((100, 2), float("nan"))}, "x holds numbers that are not finite"),
        ({"x": torch.ones(100, 2)}, "x has all its points on one spot: there is no boundary to see"),
        (
            {"y": torch.ones(10, 1)},
            "y must hold one label for each of the 100 points, not be of shape (10, 1)",
        ),
        ({"y": torch.ones(100)}, "y must hold the classes 0 and 1, both of them"),
        ({"y": torch.arange(100) % 3}, "y must hold the classes 0 and 1, both of them, and nothing else"),
        ({"weights": layer(5)[0].T}, "weights must be of shape (2, H), H from 1 to 8, not (5, 2) (nn.Linear"),
        ({"weights": torch.ones(2, 9), "biases": torch.ones(9)}, "weights must be of shape (2, H)"),
        ({"weights": torch.ones(2, 0), "biases": torch.ones(0)}, "weights must be of shape (2, H)"),
        ({"biases": torch.ones(4)}, "biases must be of shape (5,), one for each unit, not (4,)"),
        ({"biases": torch.full((5,), float("inf"))}, "biases holds numbers that are not finite"),
        ({"weights": torch.eye(2, 5)}, "unit 3 has only weights 0: it has no line"),
        ({"title": " "}, "title is empty"),
        ({"description": ""}, "the player's description is '': say in more than 40"),
    ],
)
def test_what_cannot_be_shown_is_refused(changes, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make(**changes)
