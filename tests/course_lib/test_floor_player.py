"""The data and the still picture of the player of the noise floor.

What the script makes of it is tried in tests/book/test_floor_browser.py.
"""

import re

import pytest
from markup import stored
from matplotlib.axes import Axes

from course_lib import noisy_bowl, plotting, schedules
from course_lib.floor_player import floor_player

PEAKS = [0.05, 0.1, 0.2, 0.5]


def make(**changes):
    words = {
        "title": "A floor",
        "description": "The expected loss under a schedule that is bent by the reader.",
    }
    return floor_player(**{**words, "peaks": PEAKS, "peak": 0.2, "constant": 0.1, **changes})


def test_the_page_gets_the_numbers_and_no_path():
    shown = make()
    data = stored(shown.markup())
    assert data == shown.data()
    assert data["peaks"] == PEAKS and data["constant"] == 0.1 and data["total"] == 100
    assert data["chosen"] == {"peak": 2, "warmup": 5, "decay": 95, "floor": 0, "shape": "cosine"}
    assert data["bowl"] == {"curvature": 1, "noise": 1, "start": 3}
    assert len(shown.markup()) < 700
    assert '<div class="player" data-kind="floor" data-title="A floor' in shown.markup()


def test_last_bits_do_not_reach_the_page():
    nudge = 1 + 2e-15
    other = make(
        peaks=[peak * nudge for peak in PEAKS], peak=0.2 * nudge, constant=0.1 * nudge, start=3 * nudge
    )
    assert other.markup() == make().markup()


@pytest.mark.parametrize(
    ("changes", "powers"),
    [({}, (-3, 1)), ({"start": 1.0}, (-3, 0)), ({"total": 2000}, (-4, 1)), ({"start": 1e9}, (12, 18))],
)
def test_the_axis_holds_what_any_rates_can_come_to(changes, powers):
    assert make(**changes).powers == powers


def test_no_rates_come_lower_than_the_axis():
    """The best rate for each update, found by trying: the axis begins just below what it comes to."""
    moment, rates = 9.0, [k / 1000 for k in range(1, 1000)]
    for _ in range(100):
        moment = min((1 - lr) ** 2 * moment + lr * lr for lr in rates)
    low, _ = make().powers
    assert 10.0**low < moment / 2 < 10.0 ** (low + 1)


def test_the_picture_shows_three_schedules_and_the_constant_rate(monkeypatch):
    drawn = []
    real = Axes.plot

    def record(ax, *values, **options):
        drawn.append((options["label"], list(values[0])))
        return real(ax, *values, **options)

    monkeypatch.setattr(Axes, "plot", record)
    assert make().still().startswith(b"\x89PNG")
    rates = [(name, values) for name, values in drawn if len(values) == 100]
    losses = [values for _, values in drawn if len(values) == 101]
    of = {"total": 100, "warmup": 5}
    wanted = {
        "constant": lambda t: 0.5,
        "cosine": lambda t: schedules.warmup_cosine(t, **of),
        "straight": lambda t: schedules.warmup_linear(t, **of),
        "late": lambda t: schedules.wsd(t, **of, decay=20),
    }
    assert [name for name, _ in rates] == list(wanted)
    for (name, values), loss in zip(rates, losses, strict=True):
        assert values == pytest.approx([0.2 * wanted[name](t) for t in range(100)])
        assert loss == pytest.approx(noisy_bowl.expected_losses(values, start=3.0))


@pytest.mark.deep
def test_the_picture_is_the_same_each_time_and_leaves_no_figure_open():
    assert make().still() == make().still()
    assert plotting.plt.get_fignums() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"warmup": 0},
        {"decay": 0},
        {"warmup": 100, "decay": 0},
        {"floor": 100},
        {"total": 20},
        {"shape": "1 − √x"},
    ],
)
def test_the_bounds_are_included(changes):
    shown = make(**changes)
    assert stored(shown.markup()) and shown.still()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"peaks": [0.2]}, "peaks must be at least 2 positive numbers, rising, not [0.2]"),
        ({"peaks": [0.2, 0.1]}, "peaks must be at least 2"),
        ({"peaks": [0, 0.2]}, "peaks must be at least 2"),
        ({"peaks": [0.2, float("inf")]}, "peaks must be at least 2"),
        ({"peak": 0.3}, "peak must be one of [0.05, 0.1, 0.2, 0.5], not 0.3"),
        ({"warmup": 3}, "warmup must be a percentage from 0 to 100, a multiple of 5, not 3"),
        ({"decay": 105}, "decay must be a percentage"),
        ({"floor": -5}, "floor must be a percentage"),
        ({"warmup": 10}, "warmup and decay have 100 percent together, not 10 + 95"),
        ({"shape": "square"}, "shape must be one of ['straight', 'cosine', '1 − √x'], not 'square'"),
        ({"constant": 0}, "constant must be positive and finite, not 0"),
        ({"curvature": -1.0}, "curvature must be positive"),
        ({"noise": float("inf")}, "noise must be positive and finite"),
        ({"start": float("nan")}, "start must be positive"),
        ({"total": 19}, "total must be a whole number, at least 20, not 19"),
        ({"total": 20.0}, "total must be a whole number"),
        ({"title": " "}, "title is empty"),
        ({"description": ""}, "the player's description is '': say in more than 40"),
    ],
)
def test_what_cannot_be_shown_is_refused(changes, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make(**changes)
