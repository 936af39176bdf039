"""What all that moves has in common, for each kind of player: on small pages, in a real browser.

What one kind does beside it is tried in `test_<kind>_browser.py`.
"""

import io
import json
import re
import time

import pytest
import small_page
from browser import END, HOME, LEFT, RIGHT, SPACE, at_each_step, contrasts, find, move_slider, size, wait
from PIL import Image
from small_page import opened

from course_lib import datasets, landscapes, rules, training
from course_lib.depth_player import depth_player
from course_lib.descent_player import descent_player
from course_lib.floor_player import floor_player
from course_lib.graph_player import graph_player
from course_lib.hinge_player import hinge_player
from course_lib.player import player
from course_lib.ring_player import ring_player
from course_lib.slope_player import slope_player
from tests.course_lib.remembering import lesson

pytestmark = pytest.mark.deep

TAB, ESCAPE = "\ue004", "\ue00c"
WORDS = {"title": "Something moves", "description": "What there is to see, for people who cannot see it."}


def paths():
    ravine = landscapes.ravine()
    walks = {
        "SGD": training.descend(ravine, rules.sgd, ravine.start, 60, lr=0.05),  # it diverges, and ends early
        "Momentum": training.descend(ravine, rules.sgd, ravine.start, 60, lr=0.01, momentum=0.9),
        "Adam": training.descend(ravine, rules.adam, ravine.start, 60, lr=0.3),
    }
    return player(ravine, walks, **WORDS)


def depths():
    """Signals that fade, and signals that grow, through five layers; one of them is empty."""
    runs = {name: {gain: signals(gain) for gain in (0.01, 0.5, 3)} for name in ("tanh", "ReLU")}
    return depth_player(runs, inputs=[-1.0, 0.0, 1.0], **WORDS)


def signals(gain):
    layers = [[gain**k * value for value in (-1, -0.5, 0, 2)] for k in range(1, 6)]
    return [*layers[:4], [0.0]], [gain ** (5 - k) for k in range(5)]


KINDS = {
    "paths": paths,
    "descent": lambda: descent_player(steep=10.0, flat=1.0, lr=0.15, start=(-9.0, 1.5), steps=40, **WORDS),
    "slope": lambda: slope_player(lr=0.1, steps=40, **WORDS),
    "graph": lambda: graph_player(*lesson(), **WORDS),
    "hinge": lambda: hinge_player(
        *datasets.two_moons(60), [[1, -1, 0, 1], [0, 1, -1, 1]], [0.2, 0, 0, -0.9], **WORDS
    ),
    "depth": depths,
    "floor": lambda: floor_player([0.05, 0.2, 2.1], peak=0.2, constant=0.1, total=40, **WORDS),
    "ring": lambda: ring_player([[1, 2, 3], [-10, 20, 30], [100, 200, -300]], nbytes=12, **WORDS),
}


@pytest.fixture(scope="module")
def cells():
    return {kind: small_page.cell(make()) for kind, make in KINDS.items()}


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def file(kind, cells, tmp_path_factory):
    return small_page.write(tmp_path_factory.mktemp(kind) / "page.html", cells[kind])


@pytest.fixture
def page(file, driver):
    """A page with one player of the kind, ready, on a wide screen."""
    driver.get("about:blank")
    driver.get_log("browser")
    return opened(driver, file)


def last_of(driver):
    return int(find(driver, ".player-slider input").get_attribute("max"))


def step(driver):
    number, last = re.fullmatch(r"step (\d+) of (\d+)", find(driver, ".player-counter").text).groups()
    assert int(last) == last_of(driver)
    return int(number)


def complaints(driver):
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


def picture(driver):
    """All that the picture shows, as text."""
    return find(driver, ".player-map").get_attribute("outerHTML")


# --- it starts ---------------------------------------------------------------------------------------------


def test_it_starts_in_place_of_its_picture_and_nothing_complains(page):
    assert find(page, ".player-live").is_displayed()
    assert not find(page, "img").is_displayed()
    assert step(page) == 0
    assert complaints(page) == []
    live = find(page, ".player-live")
    assert live.aria_role == "group" and live.accessible_name == WORDS["title"]
    assert find(page, ".player-map").get_attribute("aria-label") == WORDS["description"]


def test_nothing_moves_unasked(page):
    before = picture(page)
    time.sleep(1.2)
    assert step(page) == 0 and picture(page) == before


@pytest.mark.parametrize("defer", [False, True])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_the_order_of_the_scripts_does_not_matter(order, defer, cells, driver, tmp_path):
    names = sorted(script.name for script in small_page.STATIC.glob("*.js"))
    opened(driver, small_page.write(tmp_path / "page.html", *cells.values(), order=order, defer=defer))
    assert len(driver.find_elements("css selector", ".player-live")) == len(KINDS)
    scripts = driver.find_elements("css selector", "script[src]")
    assert [script.get_attribute("src").split("/")[-1] for script in scripts] != names
    assert complaints(driver) == []


def stored(cell):
    return re.search(r'<script type="application/json">(.*?)</script>', cell, re.DOTALL).group(1)


def without(cell, key):
    data = json.loads(stored(cell))
    del data[key]
    return cell.replace(stored(cell), json.dumps(data))


#: What the players cannot do without: to be made, and to be drawn, once they are on the page.
NEEDED = {
    "paths": ("contours", "minima"),
    "descent": ("bounds", "minima"),
    "slope": ("bounds", "slopeColor"),
    "graph": ("story", "slopeColor"),
    "hinge": ("bounds", "points"),
    "depth": ("settings", "inputs"),
    "floor": ("chosen", "powers"),
    "ring": ("steps", "holds"),
}
FAULTS = ["no JSON", "it cannot be made", "it cannot be drawn", "no data", "nobody knows this kind"]


@pytest.mark.parametrize("fault", FAULTS)
def test_if_one_fails_its_picture_stays_and_the_others_move(fault, kind, cells, driver, tmp_path):
    cell = cells[kind]
    broken = {
        "no JSON": cell.replace(stored(cell), stored(cell)[:-1]),
        "it cannot be made": without(cell, NEEDED[kind][0]),
        "it cannot be drawn": without(cell, NEEDED[kind][1]),
        "no data": cell.replace(stored(cell), ""),
        "nobody knows this kind": re.sub(
            r'class="player"( data-kind="\w+")?', 'class="player" data-kind="juggler"', cell
        ),
    }[fault]
    assert broken != cell
    driver.get("about:blank")
    driver.get_log("browser")
    opened(driver, small_page.write(tmp_path / "page.html", broken, cells["descent"]))
    first, second = driver.find_elements("css selector", "img")
    assert first.is_displayed() and first.size["height"] > 100 and not second.is_displayed()
    assert len(driver.find_elements("css selector", ".player-live")) == 1
    (complaint,) = complaints(driver)
    assert "its picture stays" in complaint


def test_a_part_that_fails_takes_no_other_with_it(cells, driver, tmp_path):
    parts = """<script>
      (window.courseParts ??= {}).juggler = () => { throw new Error("dropped"); };
      window.courseParts.second = (course) => course.moves.add("descent", () => ({}));
    </script>"""
    driver.get("about:blank")
    driver.get_log("browser")
    opened(driver, small_page.write(tmp_path / "page.html", parts, *cells.values()))
    assert len(driver.find_elements("css selector", ".player-live")) == len(KINDS)
    dropped, twice = complaints(driver)
    assert "juggler" in dropped and "could not be made" in dropped
    assert "second" in twice and "descent" in twice


@pytest.mark.parametrize("missing", ["frame.js", "looks.js", "moves.js"])
def test_if_a_script_is_missing_the_pictures_stay(missing, cells, driver, tmp_path):
    names = [s.name for s in small_page.STATIC.glob("*.js") if s.name != missing]
    page = small_page.write(tmp_path / "page.html", *cells.values(), order=names)
    size(driver, 1280)
    driver.get(page.as_uri())
    wait(lambda: driver.execute_script("return document.readyState") == "complete", "the page")
    assert all(image.is_displayed() for image in driver.find_elements("css selector", "img"))
    assert driver.find_elements("css selector", ".player-live") == []


def test_one_that_was_hidden_lays_itself_out_when_it_is_seen(kind, cells, driver, tmp_path):
    folded = f"<details><summary>Show</summary>{cells[kind]}</details>"
    size(driver, 390)
    driver.get(small_page.write(tmp_path / "page.html", folded).as_uri())
    wait(lambda: driver.find_elements("css selector", ".player-live"), "the player")
    find(driver, "summary").click()
    board = find(driver, ".player-map")
    wait(lambda: laid_out(driver, board), "the picture, laid out anew")
    assert driver.execute_script(SPILLED) == []


def laid_out(driver, board):
    """Whether the drawing has as many units as it has pixels: its text is not scaled."""
    wide = float(board.get_dom_attribute("viewBox").split()[2])
    return board.rect["width"] > 200 and abs(wide - board.rect["width"]) <= 4


# What leaves its picture, of texts.
SPILLED = """
const found = [];
for (const map of document.querySelectorAll(".player-map, .player-chart")) {
  const around = map.getBoundingClientRect();
  for (const text of map.querySelectorAll("text")) {
    const box = text.getBoundingClientRect();
    if (!box.width) continue;
    const out = box.left < around.left - 1 || box.right > around.right + 1
      || box.top < around.top - 2 || box.bottom > around.bottom + 2;
    if (out) found.push(text.textContent);
  }
}
return found;
"""


# --- hands and keys ----------------------------------------------------------------------------------------


def test_the_keys(page):
    live, last = find(page, ".player-live"), last_of(page)
    assert last > 2
    start = picture(page)
    scrolled = page.execute_script("arguments[0].focus(); return scrollY", live)
    for key, expected in [
        (SPACE, 1),
        (RIGHT, 2),
        (LEFT, 1),
        (END, last),
        (RIGHT, last),
        (HOME, 0),
        (LEFT, 0),
    ]:
        page.switch_to.active_element.send_keys(key)
        assert step(page) == expected
        assert (picture(page) == start) == (expected == 0)
    assert page.execute_script("return scrollY") == scrolled, "a key scrolled the page"
    live.send_keys("p")
    assert find(page, ".player-play").text == "Pause"
    live.send_keys("P")
    assert find(page, ".player-play").text == "Play"


@pytest.mark.parametrize("where", [".player-live", ".player-play", ".player-slider input", "select"])
def test_escape_stops_it_wherever_the_focus_is(page, where):
    find(page, ".player-live").send_keys("p")
    assert find(page, ".player-play").text == "Pause"
    page.execute_script(f"document.querySelector('.player-live {where}, {where}').focus()")
    page.switch_to.active_element.send_keys(ESCAPE)
    assert find(page, ".player-play").text == "Play"
    held = step(page)
    page.switch_to.active_element.send_keys(ESCAPE)
    assert find(page, ".player-play").text == "Play" and step(page) == held, "Escape never starts it"


def test_the_keyboard_reaches_each_control_and_sees_where_it_is(page):
    live = find(page, ".player-live")
    all_ = "button, select, input, [tabindex]"
    controls = [node for node in live.find_elements("css selector", all_) if node.is_displayed()]
    page.execute_script("arguments[0].focus()", live)
    reached = []
    for _ in range(len(controls) + 1):
        page.switch_to.active_element.send_keys(TAB)
        if not page.execute_script("return arguments[0].contains(document.activeElement)", live):
            break
        reached.append(page.switch_to.active_element)
        assert reached[-1].accessible_name, reached[-1].get_attribute("outerHTML")
        assert page.execute_script(SEEN), reached[-1].get_attribute("outerHTML")
    assert reached == controls


# Whether what has the focus shows it: by an outline, or, on the map, by a thick ring.
SEEN = """
const node = document.activeElement, ring = node.querySelector(".player-ring");
if (ring) return parseFloat(getComputedStyle(ring).strokeWidth) >= 3;
const style = getComputedStyle(node);
return style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2;
"""


def test_the_buttons_and_the_slider(page):
    controls, last = find(page, ".player-controls"), last_of(page)
    buttons = {b.text: b for b in controls.find_elements("css selector", "button")}

    def off():
        return [text for text, b in buttons.items() if b.get_attribute("aria-disabled") == "true"]

    assert off() == ["‹ Back", "Reset"]
    buttons["Step ›"].click()
    buttons["Step ›"].click()
    assert step(page) == 2 and off() == []
    buttons["‹ Back"].click()
    assert step(page) == 1
    slider = find(page, ".player-slider input")
    slider.send_keys(RIGHT)
    assert step(page) == 2, "one key press on the slider is one step"
    move_slider(page, slider, last)
    assert step(page) == last and off() == ["Step ›"]
    assert slider.get_attribute("aria-valuetext") == f"step {last} of {last}"
    buttons["Reset"].click()
    assert step(page) == 0


def test_it_plays_to_the_end_and_begins_anew(page):
    play, last = find(page, ".player-play"), last_of(page)
    find(page, ".player-live").send_keys(END + LEFT)
    play.click()
    assert play.text == "Pause"
    wait(lambda: step(page) == last, "the end", seconds=20)
    assert play.text == "Play"
    play.click()
    assert step(page) < last and play.text == "Pause"
    find(page, ".player-live").send_keys(LEFT)
    assert play.text == "Play", "a step stops it"


# --- people who listen -------------------------------------------------------------------------------------


def test_it_says_where_it_stands_when_it_rests(page):
    find(page, ".player-live").send_keys(SPACE)
    status, last = find(page, ".player-status"), last_of(page)
    assert status.get_attribute("role") == "status"
    wait(lambda: status.get_attribute("textContent").startswith(f"Step 1 of {last}. "), "the announcement")
    assert len(status.get_attribute("textContent")) > 20, "and what is there"


def test_nothing_is_said_while_it_plays(page):
    """Whatever is read aloud by itself when it changes: live regions, and <output>."""
    find(page, ".player-live").send_keys(END + HOME)
    wait(lambda: "Step 0" in find(page, ".player-status").get_attribute("textContent"), "the announcement")
    page.execute_script(
        "const live = '[aria-live], output, [role=status], [role=alert], [role=log]';"
        "window.said = [];"
        "new MutationObserver((changes) => {"
        "  for (const { target } of changes) {"
        "    const node = target.nodeType === 1 ? target : target.parentElement;"
        "    if (node && node.closest(live)) window.said.push(node.outerHTML);"
        "  }"
        "}).observe(document.querySelector('.player-live'),"
        "  { subtree: true, childList: true, characterData: true });"
    )
    find(page, ".player-speed select").send_keys(HOME)  # slowly: each step would leave time to say it
    find(page, ".player-play").click()
    wait(lambda: step(page) >= 2, "two steps")
    time.sleep(0.6)
    assert find(page, ".player-play").text == "Pause"
    assert page.execute_script("return window.said") == []
    find(page, ".player-play").click()
    wait(lambda: page.execute_script("return window.said.length"), "what it says at rest")


# --- looks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_words_of_the_pictures_stand_out(page, theme):
    for at in (0, 1, last_of(page) // 2, last_of(page)):
        move_slider(page, find(page, ".player-slider input"), at)
        selectors = {".player-map text": "fill", ".player-chart text": "fill", ".player-live td": "color"}
        paper, *found = contrasts(page, theme, selectors)
        assert (paper > 0.5) == (theme == "light")
        assert min(ratio for ratios in found for ratio in ratios) >= 4.5, (at, found)


@pytest.mark.parametrize("width", [360, 390, 520, 1280])
def test_a_phone_has_room_and_nothing_jumps(file, driver, width):
    opened(driver, file, width)
    heights = at_each_step(
        driver, 'return document.querySelector(".player-live").getBoundingClientRect().height'
    )
    assert len(set(heights)) == 1, "what lies below moves while one steps"
    for at, spilled in enumerate(at_each_step(driver, SPILLED)):
        assert spilled == [], at
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width


def test_it_follows_the_width_of_the_page(page):
    board = find(page, ".player-map")
    for width in (390, 800, 1280):
        size(page, width)
        wait(lambda: laid_out(page, board), f"the picture on {width} pixels", seconds=20)


def test_on_paper_it_is_its_picture(page):
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert find(page, "img").is_displayed()
        assert not find(page, ".player-live").is_displayed()
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


#: By the WCAG's 1.4.12, nothing may be lost if a reader sets text so far apart, or even farther.
SPACING = "letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important"
STYLES = {
    "apart": f".player-live * {{ {SPACING} }}",
    "very far apart": ".player-mark { letter-spacing: 0.8em !important }",
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("width", [1280, 390])
def test_text_may_be_set_farther_apart(file, driver, width, style):
    opened(driver, file, width)
    element = f"<style>{STYLES[style]}</style>"
    driver.execute_script("document.head.insertAdjacentHTML('beforeend', arguments[0])", element)
    # A frame, for what is laid out anew because of it.
    driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    for ends, lines in driver.execute_script(MARKS):
        assert ends == pytest.approx(lines, abs=2.1), "a mark's name left its line"
    assert driver.execute_script(OVERLAPS) == []


# Where the marks' names end, and where their lines are.
MARKS = """
return [...document.querySelectorAll(".player-rail")].map((rail) => {
  const boxes = (name) => [...rail.querySelectorAll(name)].map((node) => node.getBoundingClientRect());
  return [boxes(".player-mark").map((b) => b.right), boxes(".player-tick").map((b) => b.right)];
});
"""

# Marks' names that cover each other.
OVERLAPS = """
const names = [...document.querySelectorAll(".player-mark")], found = [];
for (const a of names) for (const b of names) {
  const p = a.getBoundingClientRect(), q = b.getBoundingClientRect();
  const apart = p.right <= q.left + 1 || q.right <= p.left + 1
    || p.bottom <= q.top + 1 || q.bottom <= p.top + 1;
  if (a !== b && !apart) found.push([a.textContent, b.textContent]);
}
return found;
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_seen_in_forced_colours(page, theme):
    features = {"forced-colors": "active", "prefers-color-scheme": theme}
    emulated = [{"name": name, "value": value} for name, value in features.items()]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": emulated})
    try:
        assert page.execute_script("return matchMedia('(forced-colors: active)').matches")
        for at in (0, last_of(page) // 2):
            move_slider(page, find(page, ".player-slider input"), at)
            _, *found = contrasts(page, "light", {".player-map text": "fill", ".player-chart text": "fill"})
            assert min(ratio for ratios in found for ratio in ratios) >= 4.5
        for slider in page.find_elements("css selector", ".player-live input[type=range]"):
            pixels = Image.open(io.BytesIO(slider.screenshot_as_png)).convert("L")
            # From top to bottom, a quarter from the right, where no thumb is.
            column = [pixels.getpixel((pixels.width * 3 // 4, y)) for y in range(pixels.height)]
            assert max(column) - min(column) > 100, "the slider's track cannot be seen"
        for tick in page.find_elements("css selector", ".player-tick"):
            pixels = Image.open(io.BytesIO(tick.screenshot_as_png)).convert("L")
            around = Image.open(io.BytesIO(find(page, ".player-rail").screenshot_as_png)).convert("L")
            paper = around.getpixel((1, around.height - 2))
            assert abs(pixels.getpixel((pixels.width // 2, 2)) - paper) > 100, "a mark's line cannot be seen"
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
