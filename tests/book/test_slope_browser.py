"""The player of one weight in a real browser, on a small page: what it does beside what all players do."""

import pytest
import small_page
from browser import END, HOME, LEFT, RIGHT, SPACE, at_each_step, find, move_slider
from small_page import opened

from course_lib.slope_player import slope_player

pytestmark = pytest.mark.deep

UP, DOWN, PAGE_UP = "\ue013", "\ue015", "\ue00e"
X, Y, STEPS = 3.0, 1.0, 12
#: In the slider's unit, multiples of 1/(2x²).
CURVATURE = 2 * X * X
DESCRIPTION = "The loss of one weight, its slope, and the step that the learning rate makes of it."


def cell(**changes):
    return small_page.cell(slope_player(title="One weight", description=DESCRIPTION, **changes))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slope")
    small_page.write(folder / "one.html", cell())
    others = [cell(x=-0.02, y=5.0, lr=1000.0, start=100.0), cell(x=40.0, y=0.0, lr=0.0003, start=0.0)]
    small_page.write(folder / "others.html", *others)
    return folder


@pytest.fixture
def page(pages, driver):
    return opened(driver, pages / "one.html")


def set_rate(driver, lr):
    move_slider(driver, find(driver, ".player-eta-slider"), lr * CURVATURE)


def number(text):
    return float(text.replace("−", "-"))


def table(driver):
    """Weight, loss, slope, step, and what is left of the error, as the table shows them."""
    return [number(cell.text) for cell in driver.find_elements("css selector", ".player-live tbody td")]


def valuetext(driver, selector=".player-eta-slider"):
    return find(driver, selector).get_attribute("aria-valuetext")


def walk(lr, start):
    path = [start]
    for _ in range(STEPS):
        w = path[-1]
        path.append(w - lr * 2 * (X * w - Y) * X)
    return path


@pytest.mark.parametrize("lr", [0.01, 0.05, 0.07, 0.1, 0.12])
@pytest.mark.parametrize("presses", ["", RIGHT * 13, LEFT * 5])
def test_what_it_shows_is_what_the_loop_does(page, lr, presses):
    set_rate(page, lr)
    find(page, ".player-handle").send_keys(presses)
    start = number(valuetext(page, ".player-handle").removeprefix("w = "))
    assert start == pytest.approx({"": 0, RIGHT * 13: 0.65, LEFT * 5: -0.25}[presses])
    path = walk(lr, start)
    for step in (0, 1, 2, 5, STEPS):
        move_slider(page, find(page, ".player-slider input"), step)
        w, loss, slope, change, left = table(page)
        error, steep = X * path[step] - Y, 2 * (X * path[step] - Y) * X
        near = {"rel": 5.1e-3, "abs": 1e-12}
        assert w == pytest.approx(path[step], **near)
        assert loss == pytest.approx(error**2, **near)
        assert slope == pytest.approx(steep, **near)
        assert change == pytest.approx(-lr * steep, **near)
        assert left == pytest.approx(1 - 2 * lr * X**2, abs=5e-3)
        before = X * path[step - 1] - Y if step else 0
        if abs(before) > 1e-6:  # and it is the share that was left
            assert error / before == pytest.approx(1 - 2 * lr * X**2, abs=1e-6)


@pytest.mark.parametrize(
    ("lr", "text"),
    [
        (0, "lr = 0: stays where it is"),
        (0.01, "lr = 0.01: creeps"),
        (0.05, "lr = 0.05: arrives, from one side"),
        (1 / 18, "lr = 0.0556, 1/(2x²): lands at once: lands at once"),
        (0.1, "lr = 0.1: swings from side to side, and arrives"),
        (1 / 9, "lr = 0.111, 1/x², the limit: swings to and fro for ever"),
        (0.12, "lr = 0.12: runs away, from side to side"),
        (0.13, "lr = 0.13: runs away, from side to side"),
    ],
)
def test_it_says_what_becomes_of_the_walk(page, lr, text):
    set_rate(page, lr)
    assert valuetext(page) == text
    left = f"{1 - 2 * lr * X**2:.3g}".replace("-", "−")
    reading = find(page, ".player-reading").text
    assert f"Of the error, each step leaves 1 − 2·lr·x² = {left}." in reading
    # The words come true.
    errors = [w - Y / X for w in walk(lr, 0.0)]
    swings = all(a * b < 0 for a, b in zip(errors, errors[1:], strict=False) if abs(a) > 1e-12)
    ratio = abs(errors[-1] / errors[0])
    assert ("side to side" in reading or "to and fro" in reading) == (swings and lr != 1 / 18)
    assert ("runs away" in reading) == (ratio > 1 + 1e-9)
    assert ("for ever" in reading or "stays" in reading) == (abs(ratio - 1) < 1e-9)
    assert ("lands at once" in reading) == (abs(errors[1]) < 1e-12)


def test_the_marks_set_their_rates_exactly(page):
    first, second = page.find_elements("css selector", ".player-mark")
    first.click()
    page.switch_to.active_element.send_keys(SPACE)
    assert find(page, ".player-counter").text == f"step 1 of {STEPS}"
    w, loss, slope, step, left = table(page)
    assert (w, loss, slope, step, left) == (0.333, 0, 0, 0, 0)
    second.click()
    for at in (0, 1, 2, STEPS):
        move_slider(page, find(page, ".player-slider input"), at)
        assert table(page)[1] == 1 and table(page)[4] == -1


def test_the_keyboard_moves_the_rate_in_thousandths_and_stops_at_the_marks(page):
    slider = find(page, ".player-eta-slider")
    for presses, expected in [
        (RIGHT, "0.051"),
        (UP, "0.052"),
        (LEFT * 2 + DOWN, "0.049"),
        (PAGE_UP, "0.05"),
        (PAGE_UP, "0.0556, 1/(2x²)"),
        (PAGE_UP, "0.06"),
        (PAGE_UP * 6, "0.111, 1/x², the limit"),
        (RIGHT, "0.112"),
        (END, "0.13"),
        (RIGHT, "0.13"),
        (HOME, "0"),
        (LEFT, "0"),
    ]:
        slider.send_keys(presses)
        assert valuetext(page).startswith(f"lr = {expected}"), expected
    assert find(page, ".player-counter").text == f"step 0 of {STEPS}", "the arrows belong to the slider here"


GEOMETRY = """
const map = document.querySelector(".player-curve");
const drawn = (name) => map.querySelector(name).getAttribute("d").slice(1).split(/[ML]/);
const corners = (name) => drawn(name).map((p) => p.split(" ").map(Number));
const [, , width, height] = map.getAttribute("viewBox").split(" ").map(Number);
return { width, height, triangle: corners(".player-triangle"), tangent: corners(".player-tangent"),
  arrow: corners(".player-arrow") };
"""


def test_the_triangle_lies_on_the_tangent_and_the_arrow_ends_below_the_next_weight(page):
    for start in ("", RIGHT * 14):
        find(page, ".player-handle").send_keys(start)
        for at in (0, 1):
            move_slider(page, find(page, ".player-slider input"), at)
            seen = page.execute_script(GEOMETRY)
            left, right = -0.5, 7 / 6  # 2.5 times the way from the start to the minimum, to each side
            across = seen["width"] / (right - left)
            w, loss, slope, step, _ = table(page)
            (ax, ay), (bx, by), (cx, cy) = seen["triangle"]
            assert ax == pytest.approx((w - left) * across, abs=0.8)
            assert by == ay and cx == bx, "a nudge to the right, then straight up or down"
            assert bx - ax == pytest.approx(0.1 * across, abs=0.3)
            (px, py), (qx, qy) = seen["tangent"]
            steepness = (qy - py) / (qx - px)
            assert (cy - by) == pytest.approx(steepness * (bx - ax), abs=0.3)
            ground = (seen["height"] - 30) / (5 + 0.2)  # pixels for one of loss
            assert steepness == pytest.approx(-slope * ground / across, rel=0.02, abs=0.01)
            (fx, _), (tx, _), *_ = seen["arrow"]
            assert fx == pytest.approx(ax, abs=0.1) and tx - fx == pytest.approx(step * across, abs=0.8)


def test_dragging_the_start_moves_it_along_the_curve(page):
    box = "const b = document.querySelector('.player-ring').getBoundingClientRect();"
    x, y = page.execute_script(box + "return [b.x + b.width / 2, b.y + b.height / 2]")
    for kind, at in [("Pressed", (x, y)), ("Moved", (x + 150, y - 40)), ("Released", (x + 150, y - 40))]:
        event = {"type": f"mouse{kind}", "x": at[0], "y": at[1]}
        button = {"button": "left", "buttons": 1, "clickCount": 1}
        page.execute_cdp_cmd("Input.dispatchMouseEvent", {**event, **button})
    after = page.execute_script(box + "return [b.x + b.width / 2, b.y + b.height / 2]")
    assert after[0] == pytest.approx(x + 150, abs=2.1)
    w = number(valuetext(page, ".player-handle").removeprefix("w = "))
    assert w == pytest.approx(150 / page.execute_script(GEOMETRY)["width"] * 5 / 3, abs=0.006)
    assert table(page)[0] == pytest.approx(w)


def test_the_start_stays_on_the_picture(page):
    handle = find(page, ".player-handle")
    for presses in (LEFT * 30, RIGHT * 60):
        handle.send_keys(presses)
        ring, board = find(page, ".player-ring").rect, find(page, ".player-map").rect
        assert board["x"] < ring["x"] and ring["x"] + ring["width"] < board["x"] + board["width"]
        assert board["y"] < ring["y"]
        limits = [float(handle.get_attribute(f"aria-value{end}")) for end in ("min", "max")]
        assert float(handle.get_attribute("aria-valuenow")) in limits


WORDS_APART = """
const all = [...document.querySelectorAll(".player-map text:not(.player-scale *)")];
const shown = all.filter((t) => t.getBoundingClientRect().width);
const words = shown.filter((t) => t.matches(".player-nudge, .player-rise, .player-step")), found = [];
for (const a of words) for (const b of shown) {
  const p = a.getBoundingClientRect(), q = b.getBoundingClientRect();
  const apart = p.right <= q.left + 1 || q.right <= p.left + 1
    || p.bottom <= q.top + 3 || q.bottom <= p.top + 3;
  if (a !== b && !apart) found.push(a.textContent + " on " + b.textContent);
}
return found;
"""


@pytest.mark.parametrize("width", [1280, 390, 360])
@pytest.mark.parametrize("lr", [0.01, 0.05, 0.1, 0.12])
def test_its_words_do_not_cover_each_other(pages, driver, width, lr):
    opened(driver, pages / "one.html", width)
    set_rate(driver, lr)
    for start in ("", RIGHT * 7, RIGHT * 9, LEFT * 25):  # the last is near the left edge
        find(driver, ".player-handle").send_keys(start)
        for at, covered in enumerate(at_each_step(driver, WORDS_APART)):
            assert covered == [], (start, at)
        move_slider(driver, find(driver, ".player-slider input"), 0)
        assert find(driver, ".player-handle text").is_displayed(), f"no room to name the start: {start!r}"


def test_other_examples_than_the_lessons(pages, driver):
    """A tiny x, a huge one, a negative one, and a start at the minimum."""
    driver.get_log("browser")  # what other pages said
    opened(driver, pages / "others.html")
    assert len(driver.find_elements("css selector", ".player-live")) == 2
    for live in driver.find_elements("css selector", ".player-live"):
        live.send_keys(SPACE * 3)
        cells = live.find_elements("css selector", "tbody td")
        assert all(cell.text not in ("", "NaN") for cell in cells)
        assert "NaN" not in live.find_element("css selector", ".player-map").get_attribute("outerHTML")
    assert [e for e in driver.get_log("browser") if e["level"] == "SEVERE"] == []
