"""The data and the still picture of the player of one weight.

What the script makes of it is tried in tests/book/test_slope_browser.py.
"""

import re

import pytest
from markup import stored
from matplotlib.axes import Axes

from course_lib import plotting
from course_lib.slope_player import slope_player


def make(**changes):
    words = {"title": "One weight", "description": "The loss of one weight, with a rate that is yours."}
    return slope_player(**{**words, **changes})


def test_the_page_gets_the_numbers_and_no_path():
    shown = make()
    data = stored(shown.markup())
    assert data == shown.data()
    assert [data[name] for name in ("x", "y", "lr", "start", "steps")] == [3, 1, 0.05, 0, 12]
    assert data["most"] == 0.13 and data["unit"] == 0.001 and data["nudge"] == 0.1
    (left, right), (low, high) = data["bounds"]
    assert (left, right) == pytest.approx((-0.5, 7 / 6)) and (low, high) == pytest.approx((-0.2, 5))
    look = plotting.look("SGD")
    assert (data["color"], tuple(data["dash"]), data["marker"]) == (look.color, look.dash, look.marker)
    assert len(shown.markup()) < 1000
    assert '<div class="player" data-kind="slope" data-title="One weight' in shown.markup()


def test_last_bits_do_not_reach_the_page():
    nudge = 1 + 2e-15
    assert make(x=3 * nudge, lr=0.05 * nudge, start=0.5 * nudge).markup() == make(start=0.5).markup()


@pytest.mark.parametrize(
    ("changes", "most", "nudge"),
    [
        ({"x": 1.0, "lr": 0.1}, 1.17, 0.5),
        ({"x": -0.1, "lr": 10.0}, 117, 5),
        ({"x": 100.0, "y": 5.0, "lr": 1e-5}, 1.17e-4, 0.02),
    ],
)
def test_slider_and_triangle_fit_the_example(changes, most, nudge):
    data = make(**changes).data()
    assert data["most"] == pytest.approx(most)
    # Of so many steps is the slider, and round.
    assert 50 <= data["most"] / data["unit"] < 501
    assert data["nudge"] == pytest.approx(nudge)


def drawn(monkeypatch, shown):
    """The panels of the still picture: title -> the weights of the path in it."""
    paths = {}
    real = Axes.set_title

    def record(ax, label, **options):
        (path,) = [line.get_xdata() for line in ax.lines if len(line.get_xdata()) == 6]
        paths[label] = list(path)
        return real(ax, label, **options)

    monkeypatch.setattr(Axes, "set_title", record)
    assert shown.still().startswith(b"\x89PNG")
    return paths


@pytest.mark.parametrize(("x", "y", "start"), [(3.0, 1.0, 0.0), (0.5, -2.0, 3.0), (-2.0, 1.0, -0.5)])
def test_the_picture_shows_four_rates_and_what_it_says_of_them_is_true(monkeypatch, x, y, start):
    paths = drawn(monkeypatch, make(x=x, y=y, start=start, lr=0.1 / x**2))
    rates = [multiple / x**2 for multiple in (0.09, 0.45, 0.9, 1.08)]
    words = ["creeps", "arrives", "swings", "runs away"]
    assert list(paths) == [f"lr = {lr:.3g}: {word}" for lr, word in zip(rates, words, strict=True)]
    shares = []
    for lr, path in zip(rates, paths.values(), strict=True):
        way = [w - y / x for w in path]
        if start == y / x:  # it stands at the minimum, and stays
            assert path == [start] * 6
            continue
        assert len(way) == 6
        for before, after in zip(way, way[1:], strict=False):
            assert after == pytest.approx((1 - 2 * lr * x**2) * before, rel=1e-6, abs=1e-12)
        shares.append((abs(way[-1] / way[0]), way[0] * way[1] > 0))
    if shares:
        creeps, arrives, swings, runs = shares
        assert 0.3 < creeps[0] < 0.4 and creeps[1]
        assert arrives[0] < 1.1e-5 and arrives[1]
        assert 0.3 < swings[0] < 0.4 and not swings[1]
        assert runs[0] > 2 and not runs[1]


def test_the_rates_of_the_picture_are_those_of_lesson_1_1(monkeypatch):
    assert list(drawn(monkeypatch, make())) == [
        "lr = 0.01: creeps",
        "lr = 0.05: arrives",
        "lr = 0.1: swings",
        "lr = 0.12: runs away",
    ]


@pytest.mark.deep
def test_the_picture_is_the_same_each_time_and_leaves_no_figure_open():
    assert make().still() == make().still()
    assert plotting.plt.get_fignums() == []


@pytest.mark.parametrize(
    "changes", [{"lr": 1.17 / 9}, {"steps": 1}, {"y": 0.0}, {"x": -3.0}, {"start": 1e6}, {"start": 1 / 3}]
)
def test_the_bounds_are_included(changes):
    shown = make(**changes)
    assert stored(shown.markup()) and shown.still()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"x": 0.0}, "x must be finite and not 0, for else the loss does not depend on w, not 0.0"),
        ({"x": float("nan")}, "x must be finite"),
        ({"y": float("inf")}, "y must be finite, not inf"),
        ({"start": float("nan")}, "start is a weight: it must be finite"),
        ({"lr": 0}, "lr must be positive and at most 1.17/x² = 0.13, where the slider ends, not 0"),
        ({"lr": -0.1}, "lr must be positive"),
        ({"lr": 0.131}, "lr must be positive and at most 1.17/x² = 0.13"),
        ({"lr": float("nan")}, "lr must be positive"),
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
