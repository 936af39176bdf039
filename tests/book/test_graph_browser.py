"""The player of a computational graph in a real browser: what it does beside what all players do."""

import pytest
import small_page
from browser import END, SPACE, find, move_slider, size, wait
from small_page import opened

from course_lib.graph import written
from course_lib.graph_player import graph_player
from tests.course_lib.remembering import GRAPHS

pytestmark = pytest.mark.deep

DESCRIPTION = "A computational graph: values from left to right, gradients from right to left."


@pytest.fixture(scope="module")
def graphs():
    return {name: make() for name, make in GRAPHS.items()}


@pytest.fixture(scope="module")
def pages(graphs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("graph")
    for name, graph in graphs.items():
        shown = graph_player(*graph, title="There and back", description=DESCRIPTION)
        small_page.write(folder / f"{name}.html", small_page.cell(shown))
    return folder


@pytest.fixture
def page(pages, driver):
    return opened(driver, pages / "lesson.html")


def texts(driver, selector):
    return [node.text for node in driver.find_elements("css selector", selector)]


def boxes(driver):
    """Box -> the lines that stand in it, but for how it was made."""
    lines = driver.execute_script(
        "return [...document.querySelectorAll('.player-graph g:has(> .player-box)')].map((box) =>"
        " [...box.querySelectorAll('.player-value, .player-sum')].map((t) => t.textContent).filter(Boolean))"
    )
    return {value.split(" = ")[0]: [value, *sums] for value, *sums in lines}


def table(driver):
    """Name -> value and gradient so far."""
    rows = driver.find_elements("css selector", ".player-live tbody tr")
    found = [[cell.text for cell in row.find_elements("css selector", "th, td")] for row in rows]
    return {name.split(" = ")[0]: (value, gradient) for name, value, gradient in found}


def test_first_the_values_then_the_gradients_last_made_first_served(page):
    live = find(page, ".player-live")
    told = [find(page, ".player-caption").text]
    shown = [boxes(page)]
    slopes = [texts(page, ".player-local")]
    for _ in range(12):
        live.send_keys(SPACE)
        told.append(find(page, ".player-caption").text)
        shown.append(boxes(page))
        slopes.append(texts(page, ".player-local"))
    assert find(page, ".player-counter").text == "step 12 of 12"
    assert told == [
        "Given: w = 1.",
        "Made: p = 3w = 3. Local slope: 3 by w.",
        "Made: e = p − 1 = 2. Local slope: 1 by p.",
        "Made: a = e² = 4. Local slope: 4 by e.",
        "Made: r = w² = 1. Local slope: 2 by w.",
        "Made: L = a + r = 5. Local slopes: 1 by a and 1 by r.",
        "The way back begins at L, with 1: L grows as fast as itself.",
        "L is served: of those left it was made last. It passes its gradient times the slope to a: 1·1 = 1. "
        "Now a has all its reports: its gradient is 1.",
        "L passes its gradient times the slope to r: 1·1 = 1. Now r has all its reports: its gradient is 1.",
        "r is served: of those left it was made last. It passes its gradient times the slope to w: 1·2 = 2. "
        "w waits for another report.",
        "a is served: of those left it was made last. It passes its gradient times the slope to e: 1·4 = 4. "
        "Now e has all its reports: its gradient is 4.",
        "e is served: of those left it was made last. It passes its gradient times the slope to p: 4·1 = 4. "
        "Now p has all its reports: its gradient is 4.",
        "p is served: of those left it was made last. It passes its gradient times the slope to w: 4·3 = 12. "
        "Now w has all its reports: its gradient is 14.",
    ]
    assert shown[0] == {"w": ["w = 1"], "p": ["p"], "e": ["e"], "a": ["a"], "r": ["r"], "L": ["L"]}
    assert [sum(bool(text) for text in row) for row in slopes[:7]] == [0, 1, 2, 3, 4, 6, 6]
    assert shown[5] == {
        "w": ["w = 1"],
        "p": ["p = 3"],
        "e": ["e = 2"],
        "a": ["a = 4"],
        "r": ["r = 1"],
        "L": ["L = 5"],
    }
    assert shown[6]["L"] == ["L = 5", "1"]
    assert shown[9]["w"] == ["w = 1", "1·2 + …"]
    assert shown[12] == {
        "w": ["w = 1", "1·2 + 4·3", "= 14"],
        "p": ["p = 3", "4·1 = 4"],
        "e": ["e = 2", "1·4 = 4"],
        "a": ["a = 4", "1·1 = 1"],
        "r": ["r = 1", "1·1 = 1"],
        "L": ["L = 5", "1"],
    }


@pytest.mark.parametrize("name", GRAPHS)
def test_at_the_end_the_table_has_all_values_and_gradients(name, graphs, pages, driver):
    opened(driver, pages / f"{name}.html")
    assert all(gradient == "" for _, gradient in table(driver).values())
    find(driver, ".player-live").send_keys(END)
    _, names = graphs[name]
    expected = {label.split(" = ")[0]: (written(v.data), written(v.grad)) for label, v in names.items()}
    assert table(driver) == expected


def test_what_is_served_and_what_gets_a_report_light_up(page):
    move_slider(page, find(page, ".player-slider input"), 9)
    lit = page.execute_script(
        "const name = (box) => box.querySelector('.player-value').textContent;"
        "const map = document.querySelector('.player-graph');"
        "return [...map.querySelectorAll('.player-now:has(.player-box)'), "
        "        ...map.querySelectorAll('.player-gets')].map(name)"
    )
    assert lit == ["r = 1", "w = 1"]
    assert [text for text in texts(page, ".player-sent") if text] == ["1·2"]
    widths = {
        selector: find(page, selector).value_of_css_property("stroke-width")
        for selector in (".player-now .player-box", ".player-gets .player-box", ".player-now .player-edge")
    }
    assert set(widths.values()) == {"3.5px"}, "by their width, not by colour alone"


OVERLAPS = """
const box = (node) => node.getBoundingClientRect(), found = [];
const apart = (p, q, by) => p.right <= q.left + by || q.right <= p.left + by
  || p.bottom <= q.top + by || q.bottom <= p.top + by;
const map = document.querySelector(".player-graph");
const frames = [...map.querySelectorAll(".player-box")];
const labels = [...map.querySelectorAll(".player-local, .player-sent")].filter((t) => t.textContent);
const inside = [...map.querySelectorAll("g:has(> .player-box)")];
for (const a of frames) {
  for (const b of frames) if (a !== b && !apart(box(a), box(b), 0)) found.push("two boxes");
}
for (const a of labels) {
  for (const b of frames) if (!apart(box(a), box(b), 2)) found.push(a.textContent + " on a box");
  for (const b of labels) {
    if (a !== b && !apart(box(a), box(b), 3)) found.push(a.textContent + " on " + b.textContent);
  }
}
for (const group of inside) {
  const [frame, ...words] = group.children, around = box(frame);
  for (const text of words.filter((t) => t.textContent)) {
    const one = box(text);
    const wide = one.left < around.left || one.right > around.right;
    const high = one.top < around.top - 1 || one.bottom > around.bottom + 1;
    if (wide || high) found.push(text.textContent + " leaves its box");
  }
}
// An arrow's line under a box that is not its own.
for (const line of map.querySelectorAll(".player-edge")) {
  const long = line.getTotalLength(), to = line.getScreenCTM();
  for (let at = 12; at < long - 4; at += 3) {
    const p = line.getPointAtLength(at).matrixTransform(to);
    for (const b of frames.map(box)) {
      const across = p.x > b.left + 1 && p.x < b.right - 1, down = p.y > b.top + 1 && p.y < b.bottom - 1;
      if (across && down) found.push("an arrow under a box");
    }
  }
}
return [...new Set(found)];
"""


@pytest.mark.parametrize("width", [1280, 800, 390])
@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_covers_anything(name, pages, driver, width):
    opened(driver, pages / f"{name}.html", width)
    slider = find(driver, ".player-slider input")
    for at in range(int(slider.get_attribute("max")) + 1):
        move_slider(driver, slider, at)
        assert driver.execute_script(OVERLAPS) == [], at
    # Text is not scaled below what one can read.
    high = find(driver, ".player-value").rect["height"]
    assert high >= 12


def test_it_goes_to_the_right_where_there_is_room_and_down_where_there_is_none(pages, driver):
    def across():
        """From the first box to the last, across and down."""
        first, *_, last = (b.rect for b in driver.find_elements("css selector", ".player-box"))
        return last["x"] - first["x"], last["y"] - first["y"]

    opened(driver, pages / "lesson.html", 1280)
    right, down = across()
    assert right > 400 and abs(down) < 60
    size(driver, 390)
    wait(lambda: across()[1] > 200, "the graph, turned")
    assert abs(across()[0]) < 100


def test_every_arrow_leads_forward_and_ends_at_its_box(page):
    """The first box that an arrow leaves and the one that it reaches, by their places."""
    ends = page.execute_script(
        "return [...document.querySelectorAll('.player-edge')].map((line) => {"
        "  const to = line.getScreenCTM(), at = (k) => line.getPointAtLength(k).matrixTransform(to);"
        "  const a = at(0), b = at(line.getTotalLength());"
        "  const near = (p) => {"
        "    for (const g of document.querySelectorAll('.player-graph g:has(> .player-box)')) {"
        "      const r = g.firstChild.getBoundingClientRect();"
        "      if (p.x > r.left - 10 && p.x < r.right + 10 && p.y > r.top - 10 && p.y < r.bottom + 10)"
        "        return g.querySelector('.player-value').textContent;"
        "    }"
        "  };"
        "  return near(a) + near(b); })"
    )
    assert sorted(ends) == sorted(["w = 1p", "pe", "ea", "aL", "w = 1r", "rL"])
