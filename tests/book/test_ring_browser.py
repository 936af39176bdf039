"""The player of the ring all-reduce in a real browser: it shows what is stored, and nothing else."""

import random
import re

import pytest
import small_page
from browser import HOME, RIGHT, find, move_slider, wait
from small_page import opened

from course_lib.ring_player import ring_player, ring_steps

pytestmark = pytest.mark.deep

DESCRIPTION = "Workers in a ring add up their gradients, one chunk a step; then the sums go round."
SIZES = (2, 4, 8)


def gradients(N):
    draw = random.Random(N)
    return [[draw.randrange(-120, 121) for _ in range(N)] for _ in range(N)]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ring")
    for N in SIZES:
        shown = ring_player(gradients(N), nbytes=1000 * N, title="A ring", description=DESCRIPTION)
        small_page.write(folder / f"{N}.html", small_page.cell(shown))
    return folder


def step_to(driver, step):
    move_slider(driver, find(driver, ".player-slider input"), step)


# What is drawn: each box's place, its text, how full it is, whether it just got something; and the arrows.
DRAWN = """
const number = (node, name) => Number(node.getAttribute(name));
const groups = [...document.querySelectorAll(".player-ring-map g g")];
const boxes = groups.filter((g) => g.querySelector(".player-chunk"));
return {
  boxes: boxes.map((g) => {
    const frame = g.querySelector(".player-chunk");
    return {
      x: number(frame, "x"), y: number(frame, "y"),
      wide: number(frame, "width"), tall: number(frame, "height"),
      full: number(g.querySelector(".player-load"), "width") / number(frame, "width"),
      text: g.querySelector("text").textContent,
      got: frame.classList.contains("player-got"), whole: frame.classList.contains("player-whole-sum"),
    };
  }),
  tips: [...document.querySelectorAll(".player-send-tip")].map((tip) => {
    const m = tip.getAttribute("d").match(/M([-.\\d]+) ([-.\\d]+)/);
    return m && [Number(m[1]), Number(m[2])];
  }),
  lines: [...document.querySelectorAll(".player-send")].map((line) => line.getAttribute("d")),
};
"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("N", SIZES)
def test_what_it_shows_is_what_the_ring_leaves_behind(pages, driver, N, width):
    opened(driver, pages / f"{N}.html", width)
    for at, step in enumerate(ring_steps(gradients(N))):
        step_to(driver, at)
        drawn = driver.execute_script(DRAWN)
        boxes = {(i // N, i % N): box for i, box in enumerate(drawn["boxes"])}
        assert len(boxes) == N * N
        for (r, k), box in boxes.items():
            assert box["text"] == str(step.values[r][k]).replace("-", "−")
            assert box["full"] == pytest.approx(step.holds[r][k] / N, abs=0.01)
            assert box["got"] == (at > 0 and step.sent[(r - 1) % N] == k)
            assert box["whole"] == (step.holds[r][k] == N)
            if r:
                assert box["y"] > boxes[r - 1, k]["y"] + box["tall"], "one row below the other"
            if k:
                assert box["x"] > boxes[r, k - 1]["x"] + box["wide"], "one column beside the other"
        if at == 0:
            assert drawn["tips"] == [None] * N and drawn["lines"] == [""] * N
            continue
        for r, (x, y) in enumerate(drawn["tips"]):
            to = boxes[(r + 1) % N, step.sent[r]]
            assert x == pytest.approx(to["x"] + to["wide"] / 2, abs=0.6), "it points to the chunk's column"
            assert y == pytest.approx(to["y"], abs=0.6), "and to the next worker's box"


@pytest.mark.parametrize("N", SIZES)
def test_the_table_and_the_words(pages, driver, N):
    opened(driver, pages / f"{N}.html")
    for at, step in enumerate(ring_steps(gradients(N))):
        step_to(driver, at)
        cells = [cell.text for cell in driver.find_elements("css selector", ".player-live tbody td")]
        assert cells[:2] == [step.phase, f"{1000 * at:,}"]
        assert re.fullmatch(r"\d\.\d\d", cells[2]) and abs(float(cells[2]) - at / N) <= 0.005 + 1e-9
        assert cells[3] == f"{1000 * at * N:,}"
        assert cells[4] == str(step.holds[0].count(N))
        words = find(driver, ".player-caption").text
        assert ("adds it" in words) == (step.phase == "reduce-scatter")
        assert ("takes it" in words) == (step.phase == "all-gather")
        assert ("one whole sum" in words) == (at == N - 1) and ("all sums" in words) == (at == 2 * N - 2)


def test_it_says_what_is_sent_and_how_much(pages, driver):
    opened(driver, pages / "4.html")
    find(driver, ".player-live").send_keys(HOME + RIGHT)
    status = find(driver, ".player-status")
    wait(lambda: "Step 1 of 6" in status.get_attribute("textContent"), "the announcement")
    for r, k in enumerate(ring_steps(gradients(4))[1].sent):
        assert f"Worker {r} sends chunk {k} to {(r + 1) % 4}." in status.get_attribute("textContent")
    assert "Each has sent 1,000 bytes." in status.get_attribute("textContent")
