"""The player of hidden units in a real browser: what it shows of the lines is what Python computes."""

import re

import numpy as np
import pytest
import small_page
from browser import END, LEFT, RIGHT, SPACE, contrasts, find, move_slider, wait
from selenium.webdriver.support.ui import Select
from small_page import opened

from course_lib import datasets
from course_lib.hinge_player import hinge_player
from course_lib.hinges import Scene, Unit

pytestmark = pytest.mark.deep

UP, DOWN, SHIFT, TAB = "\ue013", "\ue015", "\ue008", "\ue004"
DESCRIPTION = "Two moons, the lines of hidden units, and the boundary that they make."
WEIGHTS = [[1.0, -1.0, 0.3, 0.9, -0.5], [0.1, 0.8, -1.0, 0.7, -0.9]]
BIASES = [0.2, 0.3, 0.2, -1.2, 0.1]
UNITS = len(BIASES)


def shown(weights=WEIGHTS, biases=BIASES, data=None):
    x, y = data or datasets.two_moons(80)
    return hinge_player(x, y, weights, biases, title="Units", description=DESCRIPTION)


#: Two lines that nearly meet, three lines through one point, and one of these once more.
CLOSE = [[1, 1, 1, 0, 1, -1], [0, 0, 0, 1, 1, -1]], [0, -0.005, -0.5, -0.25, -0.75, 0.75]
SCENE = shown().scene
(LEFTMOST, RIGHTMOST), (LOWEST, HIGHEST) = SCENE.bounds


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hinge")
    small_page.write(folder / "one.html", small_page.cell(shown()))
    x, y = datasets.xor(40)
    odd = (
        [[1, 1, 1, 0], [0, 0, 0, 1]],
        [0, 0, 5, -4],
    )  # two on one line, one off the points, one off the picture
    others = shown(*odd, data=(x, y)), shown([[1], [1]], [0], data=(1000 * x, y)), shown(data=(x / 1e4, y))
    small_page.write(folder / "others.html", *map(small_page.cell, others))
    small_page.write(folder / "off.html", small_page.cell(others[0]))
    small_page.write(folder / "close.html", small_page.cell(shown(*CLOSE)))
    return folder


@pytest.fixture
def page(pages, driver):
    return opened(driver, pages / "one.html")


def step_to(driver, step):
    move_slider(driver, find(driver, ".player-slider input"), step)


def number(text):
    return float(text.replace("−", "-"))


def table(driver):
    """Units, pieces, the most pieces, points right of each class, the share right, the error."""
    units, found, *classes, share, error = [
        cell.text for cell in driver.find_elements("css selector", ".player-live tbody td")
    ]
    pieces, most = re.fullmatch(r"(\d+) \(at most (\d+)\)", found).groups()
    right = [tuple(map(int, text.split(" of "))) for text in classes]
    return int(units), int(pieces), int(most), right, number(share), number(error)


def handle(driver, name):
    (found,) = [h for h in handles(driver) if h.accessible_name.startswith(name)]
    return found


def handles(driver):
    return [h for h in driver.find_elements("css selector", ".player-handle") if h.is_displayed()]


def unit_of(driver, given):
    """The chosen unit, as its handles say that it lies. What was not moved has more digits there."""
    text = handle(driver, "Move").get_attribute("aria-valuetext")
    point = [number(part.split(" = ")[1]) for part in text.split(", ")]
    angle = float(handle(driver, "Turn").get_attribute("aria-valuenow"))
    same = point == pytest.approx(given.point, abs=0.0051)
    return Unit(angle, given.point if same else tuple(point))


def compare(driver, units):
    """What the page shows of these units is what Python computes."""
    scene = Scene(SCENE.points, SCENE.labels, tuple(units), SCENE.bounds)
    expected = scene.summary()
    there, pieces, most, right, share, error = table(driver)
    assert (there, pieces, most) == (len(units), expected["pieces"], expected["most"])
    assert share == pytest.approx(expected["right"], rel=5.1e-3)
    assert error == pytest.approx(expected["error"], rel=5.1e-3)
    network, labels = scene.network(), scene.labels
    is_right = (network.output(scene.points) > 0.5) == (labels > 0.5)
    assert right == [(int(is_right[labels == c].sum()), int((labels == c).sum())) for c in (0, 1)]
    drawn = driver.execute_script(DRAWN)
    assert drawn["points"] == [count for c in (0, 1) for count in (right[c][0], right[c][1] - right[c][0])]
    # The boundary is where the output is 0.5: at each end of its segments. What is shaded ends there, too.
    assert network.output(points_of(drawn, "boundary") if drawn["boundary"] else [(0, 0)]) == pytest.approx(
        0.5, abs=0.02
    )
    for side, sign in (("below", -1), ("above", 1)):
        if drawn[side]:
            assert (sign * (network.output(points_of(drawn, side)) - 0.5)).min() > -0.02
    for unit, line in zip(units, drawn["lines"], strict=True):
        assert unit.side(points_of({**drawn, "line": line}, "line"), 1.0) == pytest.approx(0, abs=0.01)


def points_of(drawn, name):
    across, down = np.array(drawn[name], dtype=float).T
    x = LEFTMOST + across / drawn["width"] * (RIGHTMOST - LEFTMOST)
    return np.stack([x, HIGHEST - down / drawn["height"] * (HIGHEST - LOWEST)], axis=1)


DRAWN = """
const map = document.querySelector(".player-plane");
const [, , width, height] = map.getAttribute("viewBox").split(" ").map(Number);
const ends = (d) => (d.match(/[ML][^MLZ]+/g) ?? []).map((p) => p.slice(1).split(" ").map(Number));
const of = (path) => ends(path.getAttribute("d"));
const [below, above] = map.querySelectorAll(".player-half");
const counts = [...map.querySelectorAll(".player-right, .player-wrong")];
const hinges = [...map.querySelectorAll(".player-hinge")].filter((h) => h.style.display !== "none");
return { width, height, below: of(below), above: of(above),
  boundary: of(map.querySelector(".player-boundary")),
  points: counts.map((p) => p.getAttribute("d").split("Z").length - 1),
  lines: hinges.map((h) => of(h.querySelector(".player-hinge-line"))) };
"""


# --- it computes what Python computes ----------------------------------------------------------------------


@pytest.mark.parametrize("step", range(UNITS + 1))
def test_what_it_shows_of_the_given_units_is_what_python_computes(page, step):
    step_to(page, step)
    compare(page, SCENE.units[:step])


def test_lines_that_nearly_meet_are_two_and_lines_that_meet_are_one(pages, driver):
    opened(driver, pages / "close.html")
    scene, counts = shown(*CLOSE).scene, []
    for step in range(7):
        step_to(driver, step)
        counts.append(table(driver)[1])
        assert counts[-1] == scene.summary(step)["pieces"]
    assert counts == [1, 2, 3, 4, 8, 12, 12]


def mouse(driver, kind, x, y):
    button = {"button": "left", "buttons": 1 if kind != "Released" else 0, "clickCount": 1}
    driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": f"mouse{kind}", "x": x, "y": y, **button})


def middle(driver, name):
    ring = handle(driver, name).find_element("css selector", ".player-ring")
    script = "const b = arguments[0].getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]"
    return driver.execute_script(script, ring)


def drag(driver, name, across, down, after=lambda: None):
    x, y = middle(driver, name)
    mouse(driver, "Pressed", x + 3, y - 2)
    mouse(driver, "Moved", x + 3 + across, y - 2 + down)
    after()
    mouse(driver, "Released", x + 3 + across, y - 2 + down)


@pytest.mark.parametrize("step", [1, 3, UNITS])
def test_dragging_moves_the_line_and_fits_anew_while_the_button_is_down(page, step):
    step_to(page, step)
    units = list(SCENE.units[:step])
    page.execute_script(
        "for (const s of ['svg', '.player-handle', '.player-hinge-line', 'select'])"
        "  document.querySelectorAll(s).forEach((node) => (node.kept = true))"
    )
    x, y = middle(page, "Move")
    before = unit_of(page, units[-1])

    def during():
        moved = unit_of(page, units[-1])
        assert moved.angle == before.angle and moved.point != before.point
        compare(page, [*units[:-1], moved])

    drag(page, "Move", -60, 40, during)
    assert middle(page, "Move") == pytest.approx((x - 60, y + 40), abs=1.6), "it jumped under the pointer"
    units[-1] = unit_of(page, units[-1])

    def turned():
        now = unit_of(page, units[-1])
        assert now.angle != units[-1].angle and now.point == units[-1].point
        compare(page, [*units[:-1], now])

    drag(page, "Turn", -35, 70, turned)
    end = find(page, ".player-map").get_attribute("outerHTML")
    mouse(page, "Moved", 30, 30)
    assert find(page, ".player-map").get_attribute("outerHTML") == end, "it follows a pointer that let go"
    assert page.execute_script(
        "return ['svg', '.player-handle', '.player-hinge-line', 'select'].every("
        "   (s) => [...document.querySelectorAll(s)].every((node) => node.kept))"
    )
    # And what was moved stays moved, as one steps on and back.
    units[-1] = unit_of(page, units[-1])
    step_to(page, 0)
    step_to(page, step)
    compare(page, units)


def test_the_turning_handle_goes_where_the_pointer_goes(page):
    step_to(page, 2)
    (x, y), (px, py) = middle(page, "Move"), middle(page, "Turn")
    for goal in (30, 200, 350):
        angle = float(handle(page, "Turn").get_attribute("aria-valuenow"))
        reach = 120
        mouse(page, "Pressed", px, py)
        turn = np.radians(goal + np.degrees(np.arctan2(y - py, px - x)) - angle)
        mouse(page, "Moved", x + reach * np.cos(turn), y - reach * np.sin(turn))
        mouse(page, "Released", x + reach * np.cos(turn), y - reach * np.sin(turn))
        assert float(handle(page, "Turn").get_attribute("aria-valuenow")) == pytest.approx(goal, abs=1.5)
        px, py = middle(page, "Turn")


def choose(driver, name):
    Select(find(driver, ".player-choices select")).select_by_visible_text(name)


def test_each_unit_can_be_chosen_and_all_lines_brought_back(page):
    choose(page, "unit 3")
    assert find(page, ".player-counter").text == f"step 3 of {UNITS}", "it comes, with those before it"
    units = list(SCENE.units[:3])
    for k in (1, 0):
        choose(page, f"unit {k + 1}")
        assert handle(page, "Move").accessible_name == f"Move unit {k + 1}"
        handle(page, "Move").send_keys(RIGHT * 4 + UP * 3)
        handle(page, "Turn").send_keys(LEFT * 5)
        units[k] = unit_of(page, units[k])
        compare(page, units)
    assert units[0] != SCENE.units[0] and units[1] != SCENE.units[1]
    find(page, "[aria-label^='Lines as given']").click()
    compare(page, SCENE.units[:3])
    choose(page, "none")
    assert handles(page) == [] and find(page, ".player-counter").text.startswith("step 3 ")
    find(page, ".player-live").send_keys(SPACE)
    assert handle(page, "Move").accessible_name == "Move unit 4", "the newest is chosen"


def test_a_line_that_is_pressed_is_chosen(page):
    step_to(page, UNITS)
    ends = "const l = arguments[0].getBoundingClientRect(); return [l.x + l.width / 2, l.y + l.height / 2]"
    for k, line in enumerate(page.find_elements("css selector", ".player-hinge-line")):
        if k == 2:
            x, y = page.execute_script(ends, line)  # the middle of the line
            mouse(page, "Pressed", x + 3, y + 3)
            mouse(page, "Released", x + 3, y + 3)
            assert handle(page, "Move").accessible_name == f"Move unit {k + 1}"
            assert find(page, ".player-choices select").get_property("value") == str(k + 1)
    hinges = page.find_elements("css selector", ".player-hinge")
    chosen = ["player-chosen" in hinge.get_attribute("class") for hinge in hinges]
    assert chosen == [k == 2 for k in range(UNITS)]


# --- keys, fingers, and the ends of the picture ------------------------------------------------------------


def test_the_keyboard_reaches_the_handles_and_moves_them(page):
    step_to(page, 2)
    scrolled = page.execute_script("document.querySelector('.player-live').focus(); return scrollY")
    page.switch_to.active_element.send_keys(TAB)
    move = page.switch_to.active_element
    assert move.accessible_name == "Move unit 2"
    x, y = unit_of(page, SCENE.units[1]).point
    for keys, by in [
        (RIGHT, (0.05, 0)),
        (UP * 3, (0, 0.15)),
        (SHIFT + LEFT, (-0.5, 0)),
        (SHIFT + DOWN, (0, -0.5)),
    ]:
        page.switch_to.active_element.send_keys(keys)
        there = unit_of(page, Unit(0, (99, 99))).point
        assert there == pytest.approx((x + by[0], y + by[1]), abs=0.026), keys
        x, y = there
    move.send_keys(TAB)
    turn = page.switch_to.active_element
    assert turn.accessible_name == "Turn unit 2"
    angle = float(turn.get_attribute("aria-valuenow"))
    for keys, by in [(RIGHT, 3), (LEFT * 3, -9), (SHIFT + UP, 15), (SHIFT + RIGHT, 15)]:
        turn.send_keys(keys)
        now = float(turn.get_attribute("aria-valuenow"))
        assert abs(now - angle - by) <= 1, keys
        angle = now
    turn.send_keys(SHIFT + RIGHT * 24)  # once around, past 360
    assert float(turn.get_attribute("aria-valuenow")) == pytest.approx(angle, abs=1)
    assert turn.get_attribute("aria-valuetext") == f"rises towards {angle:g} degrees"
    assert page.execute_script("return scrollY") == scrolled
    assert find(page, ".player-counter").text.startswith("step 2 "), "the arrows belong to the handle here"
    turn.send_keys(SPACE)
    assert find(page, ".player-counter").text.startswith("step 3 ")


def inside(driver):
    board = find(driver, ".player-map").rect
    for name in ("Move", "Turn"):
        x, y = middle(driver, name)
        scroll = driver.execute_script("return scrollY")
        assert board["x"] + 9 < x < board["x"] + board["width"] - 9, name
        assert board["y"] + 5 < y + scroll < board["y"] + board["height"] - 5, name


@pytest.mark.parametrize("width", [360, 1280])
def test_both_handles_stay_on_the_picture(pages, driver, width):
    opened(driver, pages / "one.html", width)
    step_to(driver, 4)
    for across, down in [(LEFT, UP), (RIGHT, UP), (RIGHT, DOWN), (LEFT, DOWN)]:
        handle(driver, "Move").send_keys(SHIFT + across * 20 + down * 20)
        for _ in range(8):
            handle(driver, "Turn").send_keys(SHIFT + RIGHT * 3)
            inside(driver)


def test_a_finger_drags_the_line_and_scrolls_the_page_elsewhere(pages, driver):
    opened(driver, pages / "one.html", 390)
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        step_to(driver, 3)
        x, y = middle(driver, "Move")
        before = unit_of(driver, Unit(0, (99, 99)))
        swipe(driver, x, y, 40, -30)
        wait(lambda: unit_of(driver, Unit(0, (99, 99))) != before, "the line under the finger")
        assert middle(driver, "Move") == pytest.approx((x + 40, y - 30), abs=1.6)
        assert driver.execute_script("return scrollY") == 0, "dragging scrolled the page"
        after = unit_of(driver, Unit(0, (99, 99)))
        swipe(driver, 200, 600, 0, -250)
        wait(lambda: driver.execute_script("return scrollY") > 50, "the page to scroll")
        assert unit_of(driver, Unit(0, (99, 99))) == after
    finally:
        driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def swipe(driver, x, y, across, down):
    def touch(kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    touch("Start", (x, y))
    for k in range(1, 11):
        touch("Move", (x + k * across / 10, y + k * down / 10))
    touch("End")


def test_it_says_where_it_stands_when_it_rests(page):
    find(page, ".player-live").send_keys(SPACE * 2)
    expected = SCENE.summary(2)
    said = f"Step 2 of {UNITS}. 2 units, {expected['pieces']} pieces, share right {expected['right']:.3g}"
    status = find(page, ".player-status")
    wait(lambda: status.get_attribute("textContent").startswith(said), "the announcement")
    assert find(page, ".player-map").get_attribute("role") == "group", "an image would hide the handles"


# --- looks -------------------------------------------------------------------------------------------------


def test_lines_and_points_stand_out_in_both_themes(page):
    step_to(page, 3)
    for theme in ("light", "dark"):
        lines = {
            ".player-hinge-line": "stroke",
            ".player-hinge-arrow": "stroke",
            ".player-boundary": "stroke",
        }
        points = {".player-right": "fill", ".player-wrong": "stroke", ".player-ring": "stroke"}
        paper, *ratios = contrasts(page, theme, {**lines, **points})
        assert (paper > 0.5) == (theme == "light")
        assert all(min(ratio) >= 3 for ratio in ratios), (theme, ratios)


NUMBERS = """
const all = [...document.querySelectorAll(".player-hinge-name")];
const names = all.filter((n) => n.getBoundingClientRect().width);
const boxes = names.map((n) => n.getBoundingClientRect()), found = [];
boxes.forEach((a, k) => boxes.slice(k + 1).forEach((b) => {
  if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) found.push([k + 1]);
}));
return [names.map((n) => n.textContent), found];
"""


@pytest.mark.parametrize("name", ["one", "close"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_units_numbers_do_not_cover_each_other(pages, driver, width, name):
    opened(driver, pages / f"{name}.html", width)
    for step in range(UNITS + 1):
        step_to(driver, step)
        names, covered = driver.execute_script(NUMBERS)
        assert names == [str(k + 1) for k in range(step)] and covered == []


@pytest.mark.parametrize("width", [360, 390, 700, 1280])
def test_nothing_jumps_while_lines_are_chosen_and_moved(pages, driver, width):
    opened(driver, pages / "one.html", width)
    step_to(driver, 3)
    heights = {find(driver, ".player-live").rect["height"]}
    for choice in ("none", "unit 1", "unit 3"):
        choose(driver, choice)
        heights.add(find(driver, ".player-live").rect["height"])
    for keys in (LEFT * 5, UP * 3, SHIFT + RIGHT * 9):
        handle(driver, "Move").send_keys(keys)
        heights.add(find(driver, ".player-live").rect["height"])
    assert len(heights) == 1


def test_other_data_than_the_lessons(pages, driver):
    """Two units on one line, one that no point feels, one off the picture; large numbers, small ones."""
    driver.get_log("browser")
    opened(driver, pages / "others.html")
    lives = driver.find_elements("css selector", ".player-live")
    assert len(lives) == 3
    for live in lives:
        live.send_keys(END)
        cells = [cell.text for cell in live.find_elements("css selector", "tbody td")]
        assert all(cell and "NaN" not in cell for cell in cells), cells
        assert "NaN" not in live.find_element("css selector", ".player-map").get_attribute("outerHTML")
    assert [e for e in driver.get_log("browser") if e["level"] == "SEVERE"] == []


def test_a_line_off_the_picture_can_be_fetched(pages, driver):
    opened(driver, pages / "off.html")
    step_to(driver, 4)
    inside(driver)
    assert table(driver)[1:3] == (2, 11)
    handle(driver, "Move").send_keys(DOWN)  # its line comes to the edge of the picture
    assert table(driver)[1:3] == (4, 11)
