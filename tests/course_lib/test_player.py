"""The player's data: right, small, the same on every processor, and harmless where no script runs."""

import base64
import dataclasses
import re

import numpy as np
import pytest
from markup import stored

from course_lib import landscapes, plotting, rules, training
from course_lib.player import player

RAVINE = landscapes.ravine()
DESCRIPTION = "SGD zigzags through the ravine; Adam goes straight."


def descend(landscape=RAVINE, steps=40):
    return {
        "SGD": training.descend(landscape, rules.sgd, landscape.start, steps, lr=0.018),
        "Adam": training.descend(landscape, rules.adam, landscape.start, steps, lr=0.3),
    }


def make(landscape=RAVINE, paths=None, **changes):
    words = {"title": "Two optimizers", "description": DESCRIPTION, **changes}
    return player(landscape, descend(landscape) if paths is None else paths, **words)


def test_the_page_gets_what_the_paths_say():
    paths = descend()
    data = stored(make(paths=paths, notes={"SGD": "lr 0.018"}).markup())
    assert [p["name"] for p in data["paths"]] == ["SGD", "Adam"]
    assert [p["note"] for p in data["paths"]] == ["lr 0.018", ""]
    for path in data["paths"]:
        look, points = plotting.look(path["name"]), paths[path["name"]]
        assert (path["color"], tuple(path["dash"]), path["marker"]) == (look.color, look.dash, look.marker)
        assert len(path["points"]) == len(path["loss"]) == len(points)
        for (across, down), (x, y), loss in zip(path["points"], points, path["loss"], strict=True):
            assert abs(-10 + 12 * across / 1000 - x) <= 12 / 1000
            assert abs(2 - 4 * down / 1000 - y) <= 4 / 1000
            assert loss == pytest.approx(RAVINE((x, y)), rel=6e-3)
    assert data["start"] == [83, 125]
    assert data["minima"] == [[833, 500]]


def test_the_last_bits_of_the_paths_do_not_reach_the_page():
    """Another processor rounds differently; the stored text is compared to the letter."""
    paths = descend() | {"Ties": [RAVINE.start, (-9.9985 + 0.0075, 0.5), (-4.0, 0.002), (0.5, 1e-9)]}
    here = make(paths=paths).markup()
    for seed in range(5):
        random = np.random.default_rng(seed)
        nudged = {
            name: [path[0], *(tuple(np.array(p) * (1 + 1e-13 * random.standard_normal(2))) for p in path[1:])]
            for name, path in paths.items()
        }
        assert make(paths=nudged).markup() == here


@pytest.mark.parametrize("landscape", [RAVINE, landscapes.ROSENBROCK, landscapes.BEALE, landscapes.SADDLE])
def test_the_last_bits_of_the_heights_do_not_reach_the_page(landscape):
    nudged = dataclasses.replace(landscape, function=lambda x, y: landscape.function(x, y) * (1 + 1e-14))
    path = {"SGD": [landscape.start]}
    assert make(nudged, path).markup() == make(landscape, path).markup()


@pytest.mark.parametrize("landscape", [RAVINE, landscapes.ROSENBROCK, landscapes.BEALE, landscapes.SADDLE])
def test_contours_stay_on_the_map_and_the_data_stays_small(landscape):
    path = [landscape.start, *landscape.minima]
    shown = make(landscape, {"SGD": path})
    data = shown.data()
    assert all(data["contours"])
    for lines in data["contours"]:
        for line in lines.split("M")[1:]:
            numbers = np.array([int(n) for n in re.findall(r"-?\d+", line)]).reshape(-1, 2)
            corners = numbers.cumsum(axis=0)
            assert corners.min() >= 0 and corners.max() <= 1000
    assert len(shown.markup()) < 40_000


def test_losses_count_from_the_minimum():
    data = make(landscapes.SADDLE, {"SGD": [landscapes.SADDLE.start, (0.0, 1.0)]}).data()
    assert data["quantity"] == "Loss above its minimum"
    first, last = data["paths"][0]["loss"]
    assert first == pytest.approx(landscapes.SADDLE(landscapes.SADDLE.start) + 0.25, rel=6e-3)
    assert last == 0
    assert make().data()["quantity"] == "Loss"


def test_a_negligible_loss_is_zero_and_a_huge_one_is_a_number():
    path = [RAVINE.start, (1e-12, 0.0), (1e200, 0.0)]
    markup = make(paths={"SGD": path}).markup()
    assert "Infinity" not in markup and "NaN" not in markup
    data = stored(markup)["paths"][0]
    assert data["loss"][1] == 0
    assert data["loss"][2] == 1e300
    assert data["points"][2] == [20_000, 500]


@pytest.mark.filterwarnings("error")
def test_a_path_may_end_early():
    paths = descend() | {"SGD": training.descend(RAVINE, rules.sgd, RAVINE.start, 3000, lr=0.05)}
    paths["Adam"] = training.descend(RAVINE, rules.adam, RAVINE.start, 3000, lr=0.3)
    shown = make(paths=paths)
    short, long = shown.data()["paths"]
    assert len(short["points"]) < len(long["points"])
    assert shown.still().startswith(b"\x89PNG")


def test_words_cannot_break_out_of_the_data():
    title = '</script><b title="x">&'
    markup = make(title=title).markup()
    assert markup.count("<script") == markup.count("</script>") == 1
    assert "<b" not in markup
    assert stored(markup)["title"] == title


def test_a_cell_shows_the_picture_first_and_then_the_data(monkeypatch):
    outputs = []
    monkeypatch.setattr("course_lib.player.display", outputs.append)
    shown = make()
    shown._ipython_display_()
    picture, data = outputs
    png, about = picture._repr_png_()
    assert base64.b64decode(png) == shown.still()
    assert about == {"alt": DESCRIPTION, "width": 594, "height": 385}
    assert data._repr_html_() == shown.markup()


def test_without_scripts_the_data_shows_nothing():
    assert re.sub(r"<script.*?</script>|<[^>]*>", "", make().markup(), flags=re.DOTALL) == ""


@pytest.mark.deep
def test_the_picture_is_the_same_each_time_and_leaves_no_figure_open():
    shown = make()
    assert shown.still() == shown.still()
    assert plotting.plt.get_fignums() == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"paths": {}}, "at least one path"),
        ({"paths": {"SGD": []}}, "'SGD' must be a list of points"),
        ({"paths": {"SGD": [(1, 2, 3)]}}, "'SGD' must be a list of points"),
        ({"paths": {"SGD": [(0, 0), (float("nan"), 0)]}}, "leaves the finite numbers"),
        ({"paths": {"SGD": [(0, 0)], "Adam": [(0, 1)]}}, "start at different points"),
        ({"title": " "}, "title is empty"),
        ({"description": "A player."}, "the player's description is 'A player.': say in more than 40"),
        ({"notes": {"Adan": "lr 1"}}, "notes on ['Adan']"),
    ],
)
def test_what_cannot_be_shown_is_refused(changes, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make(**changes)
