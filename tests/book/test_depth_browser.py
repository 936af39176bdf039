"""The player of signals in deep networks in a real browser: it shows what is stored, and nothing else."""

import math
import re

import pytest
import small_page
import torch
from browser import END, HOME, LEFT, RIGHT, SPACE, contrasts, find, move_slider, wait
from selenium.webdriver.support.ui import Select
from small_page import opened

from course_lib.depth_player import depth_player

pytestmark = pytest.mark.deep

UP, DOWN, PAGE_UP, PAGE_DOWN, TAB = "\ue013", "\ue015", "\ue00e", "\ue00f", "\ue004"
GAINS, LAYERS = (0.25, 0.5, 1.0, 1.5, 3.0), 6
BENDS = {"tanh": torch.tanh, "ReLU": torch.relu, "sigmoid": torch.sigmoid}
MIDDLE = 2  # where the slider begins
DESCRIPTION = (
    "Histograms of a deep network's activations, layer by layer, under a gain that the reader moves."
)
INPUTS = torch.randn(40, 10, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def run(bend, gain):
    generator = torch.Generator().manual_seed(1)
    activations, a = [], INPUTS
    for _ in range(LAYERS):
        a = bend(
            gain * a @ torch.randn(a.shape[1], 10, generator=generator, dtype=torch.float64) / math.sqrt(10)
        )
        activations.append(a)
    return activations, [gain ** (3 * (LAYERS - k)) for k in range(1, LAYERS + 1)]


def shown(**changes):
    runs = {name: {gain: run(bend, gain) for gain in GAINS} for name, bend in BENDS.items()}
    words = {"title": "Signals", "description": DESCRIPTION}
    return depth_player(runs, **{"inputs": INPUTS, **words, **changes})


DATA = shown().data()
NAMES = {0.25: "a fourth", 1.0: "the one and only"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("depth")
    small_page.write(folder / "one.html", small_page.cell(shown()))
    nothing = ([[0.0, 0.0]] * 3, [1.0, 0.0, 1e-30])
    large = ([[1e200, -1e200], [1e-9, 1e-9], [3.0, 3.0]], [1e200, 1.0, 1e-200])
    words = {
        "inputs": [1.0, 2.0],
        "title": "Odd",
        "description": DESCRIPTION,
        "setting": "standard deviation",
    }
    odd = depth_player({"odd": {-1: nothing, 1: large}}, **words)
    small_page.write(folder / "odd.html", small_page.cell(odd))
    small_page.write(folder / "named.html", small_page.cell(shown(names=NAMES, choice="Bend")))
    return folder


@pytest.fixture
def page(pages, driver):
    return opened(driver, pages / "one.html")


def step_to(driver, step):
    move_slider(driver, find(driver, ".player-slider input"), step)


def choose(driver, name):
    Select(find(driver, ".player-choices select")).select_by_visible_text(name)


def set_gain(driver, k):
    move_slider(driver, find(driver, ".player-setting input"), k)


def number(text):
    return float(text.replace("−", "-"))


def table(driver):
    return [cell.text for cell in driver.find_elements("css selector", ".player-live tbody td")]


# What is drawn: the bars' heights as percents, and, of both charts, the places of the dots and of the marker.
DRAWN = """
const middles = (path) => (path.getAttribute("d").match(/M[^Z]+Z/g) ?? []).map((shape) => {
  const corners = shape.slice(1, -1).split("L").map((p) => p.split(" ").map(Number));
  const of = (k) => (Math.min(...corners.map((c) => c[k])) + Math.max(...corners.map((c) => c[k]))) / 2;
  return [of(0), of(1)];
});
const base = Number(document.querySelector(".player-histogram .player-scale line").getAttribute("y1"));
const bars = [...document.querySelector(".player-bar").getAttribute("d").matchAll(
  /M([-.\\d]+) ([-.\\d]+)v([-.\\d]+)h([-.\\d]+)v([-.\\d]+)Z/g)].map((m) => m.slice(1).map(Number));
const width = Number(document.querySelector(".player-histogram").getAttribute("viewBox").split(" ")[2]);
const charts = [...document.querySelectorAll(".player-chart")].map((chart) => ({
  lines: [...chart.querySelectorAll(".player-scale line")].map((l) => Number(l.getAttribute("y1"))),
  labels: [...chart.querySelectorAll(".player-scale text")].map((t) => t.textContent),
  dots: middles(chart.querySelector(".player-dots")), head: middles(chart.querySelector(".player-head")),
}));
return { base, bars, width, charts,
  axis: [...document.querySelectorAll(".player-histogram .player-scale text")].map((t) => t.textContent),
  heading: document.querySelector(".player-heading").textContent };
"""


def compare(driver, name, k, step):
    function = next(one for one in DATA["functions"] if one["name"] == name)
    layer = function["runs"][k][step - 1] if step else DATA["inputs"]
    where, mean, spread, zeros, gradient = table(driver)
    assert where == (f"{step} of {LAYERS}" if step else "inputs")
    assert [number(text) for text in (mean, spread, zeros)] == pytest.approx(
        [layer["mean"], layer["spread"], layer["zeros"]], rel=1e-3
    )
    if step:
        assert number(gradient) == pytest.approx(layer["gradient"], rel=1e-3)
    else:
        assert gradient == "–"
    drawn = driver.execute_script(DRAWN)
    assert drawn["heading"] == (
        f"layer {step} of {LAYERS}: {name}, gain {DATA['settings'][k]}" if step else "the inputs"
    )
    compare_bars(drawn, layer["bars"])
    low, high = (function if step else DATA["inputs"])["limits"]
    beyond = (function if step else DATA["inputs"])["beyond"]
    texts = [f"{'≤ ' * beyond[0]}{low:g}", f"{'≥ ' * beyond[1]}{high:g}"]
    assert drawn["axis"][:2] == [text.replace("-", "−") for text in texts]
    spreads = [DATA["inputs"]["spread"], *[one["spread"] for one in function["runs"][k]]]
    gradients = [one["gradient"] for one in function["runs"][k]]
    compare_chart(drawn["charts"][0], spreads, DATA["spreads"], step)
    compare_chart(drawn["charts"][1], gradients, DATA["gradients"], step - 1)


def compare_bars(drawn, bars):
    there = [(k, share) for k, share in enumerate(bars) if share]
    assert len(drawn["bars"]) == len(there)
    wide = (drawn["width"] - 28) / 41
    full = max(bar[4] for bar in drawn["bars"])  # of the tallest
    for (k, share), (x, y, up, across, down) in zip(there, drawn["bars"], strict=True):
        assert x == pytest.approx(14 + k * wide, abs=0.06) and across == pytest.approx(wide, abs=0.006)
        assert y == drawn["base"] and down == -up
        assert down / full == pytest.approx(share / 100, abs=2e-3)


def compare_chart(chart, sizes, axis, reached):
    """The dots lie where their powers of ten are, between the lines of the lowest and the highest power."""
    bottom, top, _ = axis
    every = -(-(top - bottom) // 4)
    per_power = (chart["lines"][0] - chart["lines"][1]) / every
    assert len(chart["dots"]) == len(sizes)
    for (_, y), size in zip(chart["dots"], sizes, strict=True):
        power = max(math.log10(size), bottom)  # or on the floor
        assert y == pytest.approx(chart["lines"][0] - per_power * (power - bottom), abs=0.2)
    across = [x for x, _ in chart["dots"]]
    steps = [b - a for a, b in zip(across, across[1:], strict=False)]
    assert max(steps) - min(steps) < 0.2
    if reached < 0:
        assert chart["head"] == []
    else:
        (place,) = chart["head"]
        assert place == pytest.approx(chart["dots"][reached], abs=0.2)


def test_the_list_is_of_activations_unless_told_otherwise(page, driver):
    assert find(driver, ".player-choices label").text.startswith("Activation")


@pytest.mark.parametrize("name", BENDS)
@pytest.mark.parametrize("k", range(len(GAINS)))
def test_what_it_shows_is_what_is_stored(page, name, k):
    choose(page, name)
    set_gain(page, k)
    for step in range(LAYERS + 1):
        step_to(page, step)
        compare(page, name, k, step)


def test_it_begins_with_the_first_function_and_the_middle_setting(page):
    compare(page, "tanh", MIDDLE, 0)
    assert find(page, ".player-set").text == "1"
    assert page.execute_script("return document.querySelector('.player-setting input').value") == str(MIDDLE)


def test_the_keyboard_moves_the_setting_and_leaves_the_layer(page):
    step_to(page, 3)
    slider = find(page, ".player-setting input")
    assert slider.accessible_name == "gain" and slider.get_attribute("aria-valuetext") == "gain 1"
    for keys, k in [
        (RIGHT, 3),
        (UP * 2, 4),
        (LEFT, 3),
        (DOWN * 2, 1),
        (PAGE_UP, 4),
        (PAGE_DOWN, 1),
        (HOME + LEFT, 0),
        (END + RIGHT, 4),
    ]:
        slider.send_keys(keys)
        compare(page, "tanh", k, 3)
        assert slider.get_attribute("aria-valuetext") == f"gain {GAINS[k]:g}"
        assert find(page, ".player-set").text == f"{GAINS[k]:g}"
    slider.send_keys(SPACE)
    compare(page, "tanh", 4, 4)
    assert page.switch_to.active_element == slider


def test_the_function_and_the_setting_stay_while_one_steps_and_plays(page):
    choose(page, "ReLU")
    set_gain(page, 1)
    live = find(page, ".player-live")
    live.send_keys(SPACE * 2)
    compare(page, "ReLU", 1, 2)
    live.send_keys("p")
    set_gain(page, 4)
    assert find(page, ".player-play").text == "Pause", "moving the gain does not stop the walk"
    wait(
        lambda: find(page, ".player-counter").text == f"step {LAYERS} of {LAYERS}",
        "the last layer",
        seconds=20,
    )
    compare(page, "ReLU", 4, LAYERS)
    live.send_keys(HOME)
    compare(page, "ReLU", 4, 0)


def test_nothing_is_built_anew(page):
    page.execute_script(
        "for (const s of ['svg', '.player-bar', '.player-head', 'select', 'input'])"
        "  document.querySelectorAll(s).forEach((node) => (node.kept = true))"
    )
    choose(page, "sigmoid")
    set_gain(page, 0)
    step_to(page, 4)
    assert page.execute_script(
        "return ['svg', '.player-bar', '.player-head', 'select', 'input'].every("
        "   (s) => [...document.querySelectorAll(s)].every((node) => node.kept))"
    )


def test_it_says_where_it_stands_when_it_rests(page):
    find(page, ".player-live").send_keys(SPACE * 2)
    layer = DATA["functions"][0]["runs"][MIDDLE][1]
    status = find(page, ".player-status")
    wait(lambda: "Step 2 " in status.get_attribute("textContent"), "the announcement")
    said = status.get_attribute("textContent")
    assert said.startswith(f"Step 2 of {LAYERS}. tanh, gain 1, layer 2 of {LAYERS}: mean ")
    spread, gradient = re.search(r"standard deviation (\S+), .* gradient (\S+)\.$", said).groups()
    assert number(spread) == pytest.approx(layer["spread"], rel=1e-3)
    assert number(gradient) == pytest.approx(layer["gradient"], rel=1e-3)
    for chart, what in zip(
        page.find_elements("css selector", ".player-chart"), ("Standard", "Size"), strict=True
    ):
        assert chart.get_attribute("aria-label").startswith(what)
        assert "logarithmic" in chart.get_attribute("aria-label")


def test_bars_and_lines_stand_out_in_both_themes(page):
    step_to(page, 2)
    for theme in ("light", "dark"):
        drawn = {".player-bar": "fill", ".player-chart .player-line": "stroke", ".player-zero": "stroke"}
        paper, *ratios = contrasts(page, theme, {**drawn, ".player-chart .player-head": "fill"})
        assert (paper > 0.5) == (theme == "light")
        assert all(min(ratio) >= 3 for ratio in ratios), (theme, ratios)


@pytest.mark.parametrize("width", [360, 390, 700, 1280])
def test_nothing_jumps_while_the_setting_moves_and_words_stay_on_their_pictures(pages, driver, width):
    opened(driver, pages / "one.html", width)
    heights = set()
    for name in BENDS:
        choose(driver, name)
        for k in range(len(GAINS)):
            set_gain(driver, k)
            step_to(driver, LAYERS - k)
            heights.add(find(driver, ".player-live").rect["height"])
            assert driver.execute_script(SPILLED) == []
    assert len(heights) == 1
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1280])
def test_names_of_settings_come_and_go_and_nothing_moves(pages, driver, width):
    opened(driver, pages / "named.html", width)
    assert find(driver, ".player-choices label").text.startswith("Bend")
    slider, heights = find(driver, ".player-setting input"), set()
    step_to(driver, 2)
    for k, gain in enumerate(GAINS):
        set_gain(driver, k)
        name = NAMES.get(gain, "")
        assert find(driver, ".player-named").text.strip() == name
        spoken = f"gain {gain:g}, {name}" if name else f"gain {gain:g}"
        assert slider.get_attribute("aria-valuetext") == spoken
        heights.add(find(driver, ".player-live").rect["height"])
    assert len(heights) == 1
    status = find(driver, ".player-status")
    set_gain(driver, 0)
    find(driver, ".player-live").send_keys(SPACE)
    wait(lambda: "Step 3 " in status.get_attribute("textContent"), "the announcement")
    assert f"tanh, gain 0.25, a fourth, layer 3 of {LAYERS}: mean" in status.get_attribute("textContent")


def test_without_names_there_is_no_line_for_them(page):
    assert page.find_elements("css selector", ".player-named") == []


# Words that leave their picture, and words of one picture that lie on each other.
SPILLED = """
const found = [];
for (const svg of document.querySelectorAll(".player-live svg")) {
  const around = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll("text")].map((t) => [t.textContent, t.getBoundingClientRect()]);
  for (const [text, box] of boxes) {
    if (box.left < around.left - 1 || box.right > around.right + 1) found.push(text);
  }
  boxes.forEach(([a, p], k) => boxes.slice(k + 1).forEach(([b, q]) => {
    const across = p.left < q.right && q.left < p.right;
    if (across && p.top < q.bottom - 2 && q.top < p.bottom - 2) found.push([a, b]);
  }));
}
return found;
"""


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_at_all_and_very_much(pages, driver, width):
    """Layers of zeros, gradients of 0, sizes that no axis has room for: the floor says that it is one."""
    driver.get_log("browser")
    opened(driver, pages / "odd.html", width)
    assert driver.find_elements("css selector", ".player-choices select") == [], "there is one function only"
    for k in (0, 1):
        set_gain(driver, k)
        for step in range(4):
            step_to(driver, step)
            assert all(text and "NaN" not in text for text in table(driver))
            assert "NaN" not in find(driver, ".player-live").get_attribute("outerHTML")
            assert driver.execute_script(SPILLED) == []
    spreads, gradients = driver.execute_script(DRAWN)["charts"]
    for chart, lowest in ((spreads, "≤ 10¹⁸⁴"), (gradients, "≤ 10¹⁸⁴")):
        assert chart["labels"][1] == lowest
        assert max(y for _, y in chart["dots"]) == pytest.approx(chart["lines"][0], abs=0.2), "on the floor"
    label = find(driver, ".player-chart").get_attribute("aria-label")
    assert "What is below 10¹⁸⁴ is drawn there." in label
    assert find(driver, ".player-setting label").text == "standard deviation"
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    assert [e for e in driver.get_log("browser") if e["level"] == "SEVERE"] == []
