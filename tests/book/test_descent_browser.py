"""The player of step sizes in a real browser, on a small page of its own: the book need not be built."""

import math

import pytest
import small_page
from browser import END, HOME, LEFT, RIGHT, SPACE, contrasts, find, move_slider, wait
from selenium.webdriver import ActionChains
from small_page import opened

from course_lib import landscapes, rules, training
from course_lib.descent_player import descent_player

pytestmark = pytest.mark.deep

UP, DOWN, PAGE_UP, PAGE_DOWN, TAB = "\ue013", "\ue015", "\ue00e", "\ue00f", "\ue004"
STEEP, FLAT, STEPS = 10.0, 1.0, 30
BEST = 2 / (1 + FLAT / STEEP)  # 2/(L+μ), as a multiple of 1/L

DESCRIPTION = "Gradient descent in a valley, with a step size that the reader moves."


def cell(**changes):
    settings = {"steep": STEEP, "flat": FLAT, "lr": 0.15, "start": (-9.0, 1.5), "steps": STEPS, **changes}
    return small_page.cell(descent_player(title="Any step size", description=DESCRIPTION, **settings))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A page with one player; one with narrower and rounder valleys."""
    folder = tmp_path_factory.mktemp("descent")
    one = cell()
    others = [cell(steep=100.0, lr=0.02), cell(steep=1.0, lr=1.0), cell(steep=1.1, lr=1.0)]
    small_page.write(folder / "one.html", one)
    small_page.write(folder / "several.html", one, *others)
    return folder


@pytest.fixture
def page(pages, driver):
    """The page with one player, ready, on a wide screen."""
    return opened(driver, pages / "one.html", 1280)


def set_eta(driver, multiple):
    """Move the step size to a multiple of 1/L, as a finger would."""
    move_slider(driver, find(driver, ".player-eta-slider"), multiple)


def number(text):
    return float(text.replace("−", "-"))


def table(driver):
    """x, y, the loss and the theory's loss, as the table shows them."""
    cells = driver.find_elements("css selector", ".player-live tbody td")
    return [number(cell.text) for cell in cells]


def start_of(driver):
    text = find(driver, ".player-handle").get_attribute("aria-valuetext")
    x, y = text.removeprefix("u = ").split(", v = ")
    return number(x), number(y)


def valuetext(driver):
    return find(driver, ".player-eta-slider").get_attribute("aria-valuetext")


def corners(driver, selector):
    """The corners of a drawn line, in pixels of its drawing."""
    drawn = find(driver, selector).get_attribute("d").removeprefix("M")
    return [tuple(map(float, corner.split())) for corner in drawn.split("L")]


def path(multiple, start, steep=STEEP, flat=FLAT):
    landscape = landscapes.ravine(steep=steep, flat=flat)
    return training.descend(landscape, rules.sgd, start, STEPS, lr=multiple / steep)


# --- the theory comes true ---------------------------------------------------------------------------------


@pytest.mark.parametrize("multiple", [0.5, 1, 1.37, BEST, 2, 2.1])
def test_what_it_shows_is_what_the_rule_does(page, multiple):
    set_eta(page, multiple)
    for presses in ("", RIGHT * 13 + UP * 2, LEFT * 5 + DOWN * 31):
        find(page, ".player-handle").send_keys(presses)
        compare(page, multiple)


def compare(page, multiple):
    expected = path(multiple, start_of(page))
    loss = landscapes.ravine(steep=STEEP, flat=FLAT)
    slowest = max(abs(1 - multiple * FLAT / STEEP), abs(1 - multiple))
    for step in (0, 1, 2, 7, STEPS):
        move_slider(page, find(page, ".player-slider input"), step)
        x, y, shown, theory = table(page)
        assert (x, y) == pytest.approx(expected[step], rel=5.1e-3, abs=1e-12)
        assert shown == pytest.approx(loss(expected[step]), rel=5.1e-3, abs=1e-12)
        assert theory == pytest.approx(loss(expected[0]) * slowest ** (2 * step), rel=5.1e-3)
        assert shown <= theory * 1.01, "the theory's line is a bound"
    box = find(page, ".player-map").get_dom_attribute("viewBox").split()
    width, height = float(box[2]), float(box[3])
    for line in (".player-map .player-line", ".player-map .player-ghost"):
        drawn = corners(page, line)
        assert len(drawn) == STEPS + 1
        for (across, down), (x, y) in zip(drawn, expected, strict=True):
            assert across == pytest.approx((x + 10) / 12 * width, abs=0.06)
            assert down == pytest.approx(min(max((2 - y) / 4, -20), 20) * height, abs=0.06)


@pytest.mark.parametrize(
    ("multiple", "text"),
    [
        (0, "η = 0, 0/L: stays where it is"),
        (0.5, "η = 0.05, 0.5/L: glides"),
        (1, "η = 0.1, 1/L: glides"),
        (1.01, "η = 0.1, 1/L: glides"),  # so near to a mark, the slider holds on to it
        (1.5, "η = 0.15, 1.5/L: zigzags and arrives"),
        (BEST, "η = 0.182, 2/(L+μ): zigzags and arrives, at the best rate"),
        (1.9, "η = 0.19, 1.9/L: zigzags and arrives"),
        (2, "η = 0.2, 2/L, the limit: swings to and fro for ever"),
        (2.05, "η = 0.205, 2.05/L: diverges"),
        (2.2, "η = 0.22, 2.2/L: diverges"),
    ],
)
def test_it_says_what_the_theory_says(page, multiple, text):
    set_eta(page, multiple)
    assert valuetext(page) == text
    exact = 1 if multiple == 1.01 else multiple
    reading = find(page, ".player-reading").text
    x, y = [f"{1 - factor:.3g}".replace("-", "−") for factor in (exact * FLAT / STEEP, exact)]
    assert f"multiplies u by 1 − ημ = {x} and v by 1 − ηL = {y}." in reading
    assert text.split(": ")[1] in reading and f"ηL = {exact:.3g}:" in reading


def test_the_words_come_true(page):
    """Each verdict, held against the path that torch's rule takes."""
    for multiple in (0.3, 0.9, 1.2, 1.7, 1.95, 2, 2.1):
        set_eta(page, multiple)
        heights = [y for _, y in path(multiple, start_of(page))]
        flips = any(a * b < 0 for a, b in zip(heights, heights[1:], strict=False))
        trend = abs(heights[-1]) - abs(heights[0])
        words = find(page, ".player-reading").text
        assert ("glides" in words) == (not flips)
        assert ("diverges" in words) == (trend > 1e-9)
        assert ("swings to and fro for ever" in words) == (abs(trend) <= 1e-9)
        assert ("arrives." in words) == (flips and trend < -1e-9)


def test_a_start_on_an_axis_is_told_apart(page):
    """It never feels the other curvature: there the general words would be wrong."""
    handle = find(page, ".player-handle")
    handle.send_keys(DOWN * 15)
    assert start_of(page) == (-9, 0)
    set_eta(page, 2.1)
    assert valuetext(page).endswith("glides from here, diverges from any start off the axis")
    set_eta(page, 0.5)
    assert valuetext(page).endswith("0.5/L: glides")
    handle.send_keys(RIGHT * 90)
    assert start_of(page) == (0, 0)
    set_eta(page, 2.1)
    assert valuetext(page).endswith("starts at the minimum, diverges from any start off the axis")


def test_the_dashed_line_falls_by_the_slowest_factor(page):
    """In pixels: its slope is log₁₀ρ² decades a step. The scale stays while the step size moves."""
    heights, powers = scale(page)
    decade = (heights[1] - heights[0]) / (powers[0] - powers[1])
    for multiple in (0.5, 1.5, BEST):
        set_eta(page, multiple)
        slowest = max(abs(1 - multiple * FLAT / STEEP), abs(1 - multiple))
        drawn = corners(page, ".player-chart .player-guide")
        assert len(drawn) == STEPS + 1
        fall = (drawn[-1][1] - drawn[0][1]) / STEPS
        assert fall == pytest.approx(-2 * math.log10(slowest) * decade, rel=5e-3)
        for guide, loss in zip(drawn, corners(page, ".player-chart .player-ghost"), strict=True):
            assert loss[1] >= guide[1] - 0.11, "a loss above the theory's bound"
        assert scale(page) == (heights, powers)
    dashes = find(page, ".player-chart .player-guide").value_of_css_property("stroke-dasharray")
    assert dashes not in ("", "none")


def scale(driver):
    """The chart's lines: their heights in pixels, and the powers of ten that stand beside them."""
    lines = driver.find_elements("css selector", ".player-chart .player-scale line")
    heights = [float(line.get_attribute("y1")) for line in lines]
    _, *texts = [t.text for t in driver.find_elements("css selector", ".player-chart .player-scale text")]
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    powers = [0 if t == "1" else int(t.removeprefix("10").translate(digits)) for t in texts[: len(lines)]]
    return heights, powers


# --- the marks ---------------------------------------------------------------------------------------------


def test_each_mark_stands_where_its_step_size_is(page):
    """A press on the slider above a mark's line sets that step size."""
    slider = find(page, ".player-eta-slider")
    names = [b.text for b in page.find_elements("css selector", ".player-mark")]
    assert names == ["1/L", "2/(L+μ)", "2/L, the limit"]
    lines = page.find_elements("css selector", ".player-tick")
    box = slider.rect
    for line, multiple, name in zip(lines, [1, BEST, 2], names, strict=True):
        middle = line.rect["x"] + line.rect["width"] / 2
        assert middle == pytest.approx(box["x"] + 11 + multiple / 2.2 * (box["width"] - 22), abs=0.6)
        set_eta(page, 0.3)
        across = round(middle - (box["x"] + box["width"] / 2))
        ActionChains(page).move_to_element_with_offset(slider, across, 0).click().perform()
        assert f", {name}:" in valuetext(page)


def test_a_marks_name_sets_its_step_size_exactly(page):
    for button, factor in zip(
        page.find_elements("css selector", ".player-mark"), [0, 1 - BEST, -1], strict=True
    ):
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        text = f"1 − ηL = {factor:.3g}.".replace("-", "−")
        assert text in find(page, ".player-reading").text
    move_slider(page, find(page, ".player-slider input"), STEPS)
    assert table(page)[1] == 1.5, "at 2/L exactly the steep coordinate only changes its sign"


def test_space_makes_a_step_after_a_mark_was_clicked(page):
    (mark, *_) = page.find_elements("css selector", ".player-mark")
    mark.click()
    page.switch_to.active_element.send_keys(SPACE)
    assert find(page, ".player-counter").text == f"step 1 of {STEPS}"
    # Whoever came by the keyboard presses the mark, and stays on it.
    page.execute_script("arguments[0].focus()", mark)
    mark.send_keys(SPACE)
    assert page.switch_to.active_element == mark
    assert find(page, ".player-counter").text == f"step 1 of {STEPS}"


MARKS = """
return [...document.querySelectorAll(".player-rail")].map((rail) => {
  const box = (node) => node.getBoundingClientRect().toJSON();
  const all = (selector) => [...rail.querySelectorAll(selector)].map(box);
  return { rail: box(rail), names: all(".player-mark"), lines: all(".player-tick") };
});
"""


@pytest.mark.parametrize("width", [1280, 390])
def test_no_mark_covers_another(pages, driver, width):
    opened(driver, pages / "several.html", width)
    for rail in driver.execute_script(MARKS):
        names, lines = rail["names"], rail["lines"]
        assert len(names) == len(lines) >= 2
        for k, name in enumerate(names):
            assert rail["rail"]["left"] - 1 <= name["left"] and name["right"] <= rail["rail"]["right"] + 1
            assert name["bottom"] <= rail["rail"]["bottom"] + 1
            for other in names[:k] + lines[:k] + lines[k + 1 :]:
                apart = (
                    name["right"] <= other["left"] + 1
                    or other["right"] <= name["left"] + 1
                    or name["bottom"] <= other["top"] + 1
                    or other["bottom"] <= name["top"] + 1
                )
                assert apart, (width, k, name, other)


def test_a_round_bowl_has_two_marks_and_begins_on_one(pages, driver):
    opened(driver, pages / "several.html", 1280)
    bowl = driver.find_elements("css selector", ".player-live")[2]
    assert [b.text for b in bowl.find_elements("css selector", ".player-mark")] == [
        "1/L = 2/(L+μ)",
        "2/L, the limit",
    ]
    assert "1 − ημ = 0 and v by 1 − ηL = 0." in bowl.find_element("css selector", ".player-reading").text


# --- hands and keys ----------------------------------------------------------------------------------------


def middle(driver):
    """The middle of the start's ring, in pixels of the window."""
    return driver.execute_script(
        "const box = document.querySelector('.player-ring').getBoundingClientRect();"
        "return [box.x + box.width / 2, box.y + box.height / 2]"
    )


def mouse(driver, kind, x, y):
    event = {"type": f"mouse{kind}", "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
    driver.execute_cdp_cmd("Input.dispatchMouseEvent", event)


def swipe(driver, x, y, across, down):
    """A finger, in ten moves."""

    def touch(kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    touch("Start", (x, y))
    for k in range(1, 11):
        touch("Move", (x + k * across / 10, y + k * down / 10))
    touch("End")


def test_dragging_the_start_redraws_the_path_at_once(page):
    """While the button is down, and in the same drawing: what is built anew loses the pointer."""
    page.execute_script(
        "for (const s of ['svg', '.player-handle', '.player-line'])"
        "  document.querySelectorAll(s).forEach((node) => (node.kept = true))"
    )
    move_slider(page, find(page, ".player-slider input"), 5)
    before, (x, y) = corners(page, ".player-map .player-line"), middle(page)
    losses = corners(page, ".player-chart .player-line")
    mouse(page, "Pressed", x + 4, y + 3)
    mouse(page, "Moved", x + 104, y + 53)
    during = corners(page, ".player-map .player-line")
    assert len(during) == len(before) == 6
    assert (during[0][0] - before[0][0], during[0][1] - before[0][1]) == pytest.approx((100, 50), abs=1.1)
    assert corners(page, ".player-chart .player-line") != losses
    assert middle(page) == pytest.approx((x + 100, y + 50), abs=1.1), "it jumped under the pointer"
    mouse(page, "Moved", x + 134, y + 153)
    mouse(page, "Released", x + 134, y + 153)
    end = start_of(page)
    assert corners(page, ".player-map .player-line")[0] != during[0]
    mouse(page, "Moved", x + 10, y + 10)
    assert start_of(page) == end, "the start follows a pointer that has let go"
    assert page.execute_script(
        "return document.activeElement.matches('.player-handle') &&"
        " ['svg', '.player-handle', '.player-line'].every("
        "   (s) => [...document.querySelectorAll(s)].every((node) => node.kept))"
    )
    assert find(page, ".player-counter").text.startswith("step 5 ")


def test_a_hand_hits_the_axes_and_keys_reach_them(page):
    """An axis is one pixel wide. Two pixels beside it count as on it; ten do not."""
    x, y = middle(page)
    height = page.execute_script(
        "return document.querySelector('.player-map').getBoundingClientRect().height"
    )
    axis = y + 1.5 / 4 * height  # the start is at y = 1.5, the map from 2 to -2
    mouse(page, "Pressed", x, y)
    for beside, on in ((2, True), (-2, True), (10, False)):
        mouse(page, "Moved", x, axis + beside)
        assert (start_of(page)[1] == 0) == on, beside
    mouse(page, "Released", x, axis + 10)
    handle = find(page, ".player-handle")
    assert -0.15 < start_of(page)[1] < 0
    handle.send_keys(UP * 2)
    assert start_of(page)[1] in (0, 0.1)
    handle.send_keys(DOWN)
    assert start_of(page)[1] in (-0.1, 0)


def test_the_start_stays_on_the_map(page):
    x, y = middle(page)
    mouse(page, "Pressed", x, y)
    mouse(page, "Moved", 0, 0)
    mouse(page, "Released", 0, 0)
    assert start_of(page) == (-10, 2)
    find(page, ".player-handle").send_keys(LEFT + UP)
    assert start_of(page) == (-10, 2)


def test_a_finger_drags_the_start_and_scrolls_the_page_elsewhere(pages, driver):
    opened(driver, pages / "one.html", 390)
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        before, (x, y) = start_of(driver), middle(driver)
        swipe(driver, x, y, 60, 100)
        after = wait(lambda: start_of(driver) != before and start_of(driver), "the start under the finger")
        assert middle(driver) == pytest.approx((x + 60, y + 100), abs=1.1)
        assert driver.execute_script("return scrollY") == 0, "dragging the start scrolled the page"
        swipe(driver, 250, 150, 0, -120)
        wait(lambda: driver.execute_script("return scrollY") > 50, "the page to scroll")
        assert start_of(driver) == after
    finally:
        driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_the_keyboard_moves_the_start(page):
    find(page, ".player-live").send_keys(TAB)
    handle = page.switch_to.active_element
    assert handle.get_attribute("aria-label") == "Start"
    first = corners(page, ".player-map .player-ghost")
    scrolled = page.execute_script("return scrollY")
    for presses, at in [(RIGHT, (-8.9, 1.5)), (DOWN * 3, (-8.9, 1.2)), (LEFT * 2 + UP, (-9.1, 1.3))]:
        handle.send_keys(presses)
        assert start_of(page) == at
    handle.send_keys("\ue008" + RIGHT)  # with Shift
    assert start_of(page) == (-8.1, 1.3)
    assert corners(page, ".player-map .player-ghost") != first
    assert page.execute_script("return scrollY") == scrolled
    assert find(page, ".player-counter").text == f"step 0 of {STEPS}", "the arrows belong to the handle here"
    handle.send_keys(SPACE)
    assert find(page, ".player-counter").text == f"step 1 of {STEPS}"
    assert page.switch_to.active_element == handle


def test_the_keyboard_moves_the_step_size_and_stops_at_the_marks(page):
    slider = find(page, ".player-eta-slider")
    assert (
        page.execute_script("return arguments[0].labels[0].innerText", slider)
        == "Learning rate η (step size)"
    )
    assert valuetext(page) == "η = 0.15, 1.5/L: zigzags and arrives"
    for presses, expected in [
        (RIGHT, "1.51/L"),
        (UP, "1.52/L"),
        (LEFT * 2 + DOWN, "1.49/L"),
        (PAGE_UP, "1.5/L"),
        (PAGE_UP * 3, "1.8/L"),
        (RIGHT * 2, "2/(L+μ)"),
        (RIGHT, "1.82/L"),
        (PAGE_UP * 2, "2/L, the limit"),
        (RIGHT, "2.01/L"),
        (END, "2.2/L"),
        (RIGHT, "2.2/L"),
        (HOME, "0/L"),
        (LEFT, "0/L"),
        (PAGE_UP * 11, "1.1/L"),
        (PAGE_DOWN, "1/L"),
    ]:
        slider.send_keys(presses)
        assert f", {expected}: " in valuetext(page), expected
    assert find(page, ".player-counter").text == f"step 0 of {STEPS}", "the arrows belong to the slider here"
    slider.send_keys(SPACE)
    assert find(page, ".player-counter").text == f"step 1 of {STEPS}"


def test_it_steps_and_plays_as_the_other_player(page):
    player = find(page, ".player-live")
    counter = find(page, ".player-counter")
    for keys, expected in [(SPACE, 1), (RIGHT, 2), (LEFT, 1), (END, STEPS), (HOME, 0)]:
        player.send_keys(keys)
        assert counter.text == f"step {expected} of {STEPS}"
        assert len(corners(page, ".player-map .player-line")) == expected + 1
        assert len(corners(page, ".player-map .player-ghost")) == STEPS + 1
    player.send_keys("p")
    set_eta(page, 1.2)
    assert find(page, ".player-play").text == "Pause", "moving the step size does not stop the walk"
    wait(lambda: not counter.text.startswith("step 0 "), "the first step")
    player.send_keys("p")


def test_every_control_has_a_name(page):
    player = find(page, ".player-live")
    page.execute_script("arguments[0].focus()", player)
    names = []
    for _ in range(20):
        page.switch_to.active_element.send_keys(TAB)
        name = page.execute_script(
            "const a = document.activeElement;"
            "if (!arguments[0].contains(a)) return null;"
            "return a.ariaLabel || a.labels?.[0]?.firstChild.textContent.trim() || ''",
            player,
        )
        if name is None:
            break
        names.append(name)
    marks = [f"Set η to {name}" for name in ("1/L", "2/(L+μ)", "2/L, the limit")]
    buttons = ["Play", "Back one step", "Step forward", "Reset to the start"]
    assert names == ["Start", "Learning rate η (step size)", *marks, *buttons, "Speed", "Step"]
    # An image would hide the handle from people who listen.
    assert find(page, ".player-map").get_attribute("role") == "group"
    assert find(page, ".player-map").get_attribute("aria-label") == DESCRIPTION


def test_it_says_where_it_stands_when_it_rests(page):
    find(page, ".player-live").send_keys(SPACE)
    status = find(page, ".player-status")
    said = f"Step 1 of {STEPS}. u = −7.65, v = −0.75, loss 32.1."
    wait(lambda: status.get_attribute("textContent") == said, "the announcement")


# --- looks -------------------------------------------------------------------------------------------------


def test_colours_stand_out_in_both_themes(page):
    for theme in ("light", "dark"):
        paper, *ratios = contrasts(
            page,
            theme,
            {
                ".player-map .player-line": "stroke",
                ".player-guide": "stroke",
                ".player-ring": "stroke",
                ".player-tick": "backgroundColor",
                ".player-map .player-label": "fill",
                ".player-mark": "color",
                ".player-reading": "color",
            },
        )
        assert (paper > 0.5) == (theme == "light")
        assert all(min(lines) >= 3 for lines in ratios[:4]), (theme, ratios)
        assert all(min(texts) >= 4.5 for texts in ratios[4:]), (theme, ratios)


def test_a_phone_has_room_and_nothing_jumps(pages, driver):
    for width in (360, 390, 520, 560):
        opened(driver, pages / "one.html", width)
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width
        heights = set()
        for multiple in (0, 0.5, 1, 1.5, BEST, 2, 2.1):
            set_eta(driver, multiple)
            heights.add(find(driver, ".player-live").rect["height"])
        assert len(heights) == 1, f"at {width} pixels, what lies below the slider moves while it is dragged"
