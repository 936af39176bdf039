"""The data of the player of step sizes: what the script needs, the same on every processor.

What the script makes of it is tried in tests/book/test_descent_browser.py.
"""

import re

import pytest
from markup import stored

from course_lib import landscapes, player, plotting
from course_lib.descent_player import descent_player


def make(**changes):
    settings = {
        "steep": 10.0,
        "flat": 1.0,
        "lr": 0.15,
        "start": (-9.0, 1.5),
        "steps": 30,
        "title": "One valley, any step size",
        "description": "Gradient descent in a long valley, with a step size that is yours.",
    }
    return descent_player(**{**settings, **changes})


def test_the_page_gets_the_numbers_and_no_path():
    shown = make(lr=2 / 11)
    data = stored(shown.markup())
    assert data == shown.data()
    assert (data["steep"], data["flat"], data["steps"], data["start"]) == (10, 1, 30, [-9, 1.5])
    assert data["lr"] == pytest.approx(2 / 11, rel=1e-11)
    assert data["most"] == 2.2
    assert data["bounds"] == [[-10, 2], [-2, 2]] and data["minima"] == [[833, 500]]
    look = plotting.look("SGD")
    assert (data["color"], tuple(data["dash"]), data["marker"]) == (look.color, look.dash, look.marker)
    assert "paths" not in data and len(shown.markup()) < 10_000


def test_the_contours_are_those_of_the_other_player():
    ravine = landscapes.ravine(steep=10, flat=1)
    other = player.player(ravine, {"SGD": [ravine.start]}, title="Other", description="x" * 41)
    assert make().data()["contours"] == other.data()["contours"]


def test_last_bits_do_not_reach_the_page():
    nudge = 1 + 2e-15
    nudged = make(lr=2 / 11 * nudge, steep=10 * nudge, start=(-9 * nudge, 1.5 * nudge))
    assert nudged.markup() == make(lr=2 / 11).markup()


def test_the_page_can_tell_the_players_apart():
    assert '<div class="player" data-kind="descent" data-title="One valley' in make().markup()


def test_the_picture_shows_three_step_sizes(monkeypatch):
    """Below 1/L, below the limit and past it: what the titles say is what the paths do."""
    drawn = []
    real = plotting.trajectories

    def record(landscape, paths, ax, **options):
        drawn.append((paths["SGD"], ax))
        return real(landscape, paths, ax, **options)

    monkeypatch.setattr(plotting, "trajectories", record)
    assert make().still().startswith(b"\x89PNG")
    glide, zigzag, diverge = [path for path, _ in drawn]
    titles = [ax.get_title("left") for _, ax in drawn]
    assert titles == ["η = 0.5/L: glides", "η = 1.8/L: zigzags and arrives", "η = 2.1/L: diverges"]
    heights = [[y for _, y in path] for path in (glide, zigzag, diverge)]
    assert all(y > 0 for y in heights[0])
    assert all(a * b < 0 and abs(b) < abs(a) for a, b in zip(heights[1], heights[1][1:], strict=False))
    assert all(a * b < 0 and abs(b) > abs(a) for a, b in zip(heights[2], heights[2][1:], strict=False))
    assert abs(heights[2][-1]) > 2 and len(heights[2]) < len(heights[1])
    (start,) = {path[0] for path in (glide, zigzag, diverge)}
    assert start == (-9.0, 1.5)
    for multiple, path in [(0.5, glide), (1.8, zigzag), (2.1, diverge)]:
        for t, (x, y) in enumerate(path):
            assert (x, y) == pytest.approx((-9 * (1 - multiple / 10) ** t, 1.5 * (1 - multiple) ** t))


@pytest.mark.deep
def test_the_picture_is_the_same_each_time_and_leaves_no_figure_open():
    assert make().still() == make().still()
    assert plotting.plt.get_fignums() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"flat": 10.0},
        {"lr": 2.2 / 10},
        {"start": (2, -2)},
        {"start": (0.0, 0.0)},
        {"steps": 1},
        {"steep": 300.0, "lr": 0.001},
    ],
)
def test_the_bounds_are_included(changes):
    shown = make(**changes)
    assert stored(shown.markup()) and shown.still()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"flat": 0}, "flat is a curvature: it must be positive and finite, not 0"),
        ({"flat": -1}, "flat is a curvature"),
        ({"flat": float("nan")}, "flat is a curvature"),
        ({"flat": float("inf")}, "flat is a curvature"),
        ({"steep": 0.5}, "steep must be finite and at least flat = 1, not 0.5"),
        ({"steep": float("inf")}, "steep must be finite"),
        ({"steep": float("nan")}, "steep must be finite"),
        ({"lr": 0}, "lr must be positive and at most 2.2/steep = 0.22, where the slider ends, not 0"),
        ({"lr": -0.1}, "lr must be positive"),
        ({"lr": 0.23}, "lr must be positive and at most 2.2/steep = 0.22"),
        ({"lr": float("nan")}, "lr must be positive"),
        ({"start": (-11.0, 0.0)}, "start must be a point on the map, x from -10 to 2 and y from -2 to 2"),
        ({"start": (0.0, 2.5)}, "start must be a point on the map"),
        ({"start": (float("nan"), 0.0)}, "start must be a point on the map"),
        ({"start": (0.0, float("inf"))}, "start must be a point on the map"),
        ({"start": (0.0, 1.0, 2.0)}, "start must be a point (x, y)"),
        ({"steps": 0}, "steps must be a whole number, at least 1, not 0"),
        ({"steps": 2.5}, "steps must be a whole number"),
        ({"steps": True}, "steps must be a whole number"),
        ({"title": " "}, "title is empty"),
        ({"description": ""}, "the player's description is '': say in more than 40"),
    ],
)
def test_what_cannot_be_shown_is_refused(changes, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make(**changes)
