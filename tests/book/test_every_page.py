"""Every page in a real browser, on a desk and then on phones: figures, formulas, widths, requests.

Opening a page is what costs time here (its formulas are drawn anew), so it is opened once,
all that is asked of every page is looked at while it is open, and judged afterwards.
"""

import io
import json
import time
from dataclasses import dataclass

import pytest
from browser import size, wait
from building import ROOT
from PIL import Image

from course_lib import legibility
from tools import notebooks

pytestmark = pytest.mark.deep
UNSEEN = {"remove-cell", "remove-output"}


def stored(path):
    """What a notebook says of each picture that its page shows."""
    return [
        output.metadata.get("image/png", {})
        for cell in notebooks.code_cells(notebooks.read(path))
        if not UNSEEN & set(cell.metadata.get("tags", []))
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]


@pytest.fixture(scope="module")
def figures(book):
    """Page -> its pictures, each with what the notebook says of it."""
    found = {}
    for file, page in book.pages.items():
        notebook = ROOT / book.name(file).replace(".html", ".ipynb")
        if notebook.is_file() and (about := stored(notebook)):
            pictures = page.select("div.cell_output img")
            assert len(pictures) == len(about), book.name(file)
            found[file] = [pair for pair in zip(pictures, about, strict=True) if pair[1]]
    assert sum(map(len, found.values())) >= 2
    return found


def test_the_page_says_what_the_notebook_says_of_a_figure(figures):
    for pairs in figures.values():
        for picture, about in pairs:
            assert picture["alt"] == about["alt"]
            assert picture["style"] == f"width: {about['width']}px; height: {about['height']}px;"


def test_a_figure_has_two_pixels_for_each_of_its_page(figures):
    for file, pairs in figures.items():
        for picture, about in pairs:
            pixels = Image.open(io.BytesIO((file.parent / picture["src"]).read_bytes())).size
            assert pixels == (2 * about["width"], 2 * about["height"])


# --- what a browser makes of it ----------------------------------------------------------------------------

DESK, PHONE, SMALL_PHONE = 1280, 390, 360
THEMES = ("light", "dark")
OPEN = "document.querySelectorAll('details').forEach((box) => { box.open = true; });"
PICTURES = """
document.documentElement.dataset.theme = arguments[0];
return [...document.querySelectorAll("div.cell_output img")].map((picture) => [
  picture.alt, picture.clientWidth, picture.clientHeight,
  picture.clientWidth - parseFloat(getComputedStyle(picture).paddingLeft) * 2,
]);
"""
MISDRAWN = "return [...document.querySelectorAll('mjx-merror, [data-mjx-error]')].map((e) => e.textContent)"
# What is wider than the screen, and stands in nothing of the text that scrolls or cuts it off.
STICKING_OUT = """
const found = [];
for (const node of document.querySelectorAll(".bd-article *")) {
  const box = node.getBoundingClientRect();
  if (box.width === 0 || (box.left >= -1 && box.right <= arguments[0] + 1)) continue;
  let around = node.parentElement;
  while (!around.matches(".bd-article") && getComputedStyle(around).overflowX === "visible") {
    around = around.parentElement;
  }
  if (around.matches(".bd-article")) found.push(node.outerHTML.slice(0, 120));
}
return [document.documentElement.scrollWidth, found.slice(0, 5)];
"""
# What scrolls sideways and no key can reach; and formulas where Tab stops though nothing scrolls.
STOPS = """
const scrolls = (node) =>
  node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX === "auto";
return [
  [...document.querySelectorAll(".bd-article *")].filter((node) => node.tabIndex < 0 && scrolls(node)),
  [...document.querySelectorAll("mjx-container[tabindex]")].filter((node) => !scrolls(node)),
].map((nodes) => nodes.map((node) => node.outerHTML.slice(0, 120)).slice(0, 5));
"""


@dataclass
class Seen:
    """What was seen of one page."""

    formulas: int  # that it has, each of them drawn
    misdrawn: list  # texts of those that are drawn as an error
    pictures: dict  # (screen, theme) -> [(alt, width, height, width without the frame)]
    widths: dict  # phone -> (width of the page, what sticks out)
    stops: list  # on a phone: what scrolls and is no stop of the Tab key, formulas that are one in vain


@pytest.fixture(scope="module")
def seen(book, driver):
    """Page -> what was seen of it; all that pages asked for; what their scripts complained of."""
    driver.get("about:blank")
    list(_requests(driver))
    driver.get_log("browser")
    found = {}
    # The many pages of the library's source look alike: the longest stands for them.
    sources = [page for page in book.pages if "_modules" in page.parts]
    for page in [*(page for page in book.pages if page not in sources), max(sources, key=_length)]:
        pictures, widths = {}, {}
        driver.get("about:blank")  # else the last page is laid out anew before it goes
        size(driver, DESK)
        driver.get(page.as_uri())
        formulas = _typeset(book, driver, page)  # their scripts and fonts come after the page
        misdrawn = driver.execute_script(MISDRAWN)
        driver.execute_script(OPEN)
        for screen in (DESK, PHONE, SMALL_PHONE):
            size(driver, screen)
            for theme in THEMES if screen != SMALL_PHONE else ():
                pictures[screen, theme] = driver.execute_script(PICTURES, theme)
            if screen != DESK:
                widths[screen] = driver.execute_script(STICKING_OUT, screen)
            if screen == PHONE:
                stops = _settled(driver)
        found[page] = Seen(formulas, misdrawn, pictures, widths, stops)
    time.sleep(0.5)  # what other scripts ask for once a page is there
    asked = [url for url, document in _requests(driver) if document.startswith("file:")]
    errors = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    return found, asked, errors


def _settled(driver):
    """The stops, once the page has noticed that the screen is another: at most two seconds later."""
    for _ in range(20):
        stops = driver.execute_script(STOPS)
        if stops == [[], []]:
            break
        time.sleep(0.1)
    return stops


def _length(page):
    return page.stat().st_size


def _requests(driver):
    """What the current record says pages asked for."""
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            yield message["params"]["request"]["url"], message["params"].get("documentURL", "")


def _typeset(book, driver, page):
    """Wait until every formula of a page is drawn, in its own font. How many there are."""
    written = len(book.pages[page].select("span.math, div.math"))
    drawn = "return document.querySelectorAll('mjx-container').length"
    wait(lambda: driver.execute_script(drawn) >= written, f"{written} formulas of {book.name(page)}")
    if written:
        loaded = "return [...document.fonts].some((f) => f.family.startsWith('MJX') && f.status === 'loaded')"
        wait(lambda: driver.execute_script(loaded), "the fonts of the formulas")
    return written


def test_no_request_leaves_the_disk_and_no_script_fails(seen):
    _, asked, errors = seen
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []


def test_formulas_are_drawn(seen, book):
    pages, _, _ = seen
    assert sum(page.formulas for page in pages.values()) > 100
    assert {book.name(file): page.misdrawn for file, page in pages.items() if page.misdrawn} == {}


@pytest.mark.parametrize("width", [PHONE, SMALL_PHONE])
def test_nothing_is_wider_than_a_phone(seen, book, width):
    wide = {}
    for file, page in seen[0].items():
        whole, out = page.widths[width]
        if whole > width or out:
            wide[book.name(file)] = whole, out
    assert wide == {}


def test_the_tab_key_stops_at_what_scrolls_and_at_no_other_formula(seen, book):
    assert {book.name(file): page.stops for file, page in seen[0].items() if page.stops != [[], []]} == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_figure_has_the_room_that_its_text_needs(figures, seen, width, theme):
    """`legibility` reckons with so many pixels for a figure on a phone, and in a page's column."""
    tried = 0
    for file, pairs in figures.items():
        described = {about["alt"]: about for _, about in pairs}
        for alt, wide, high, paper in seen[0][file].pictures[width, theme]:
            if not wide or alt not in described:  # a player stands in its place
                continue
            tried += 1
            room = legibility.PHONE if width == PHONE else legibility.COLUMN
            natural = described[alt]["width"], described[alt]["height"]
            assert paper >= min(natural[0], room - 1), alt
            assert wide / high == pytest.approx(natural[0] / natural[1], rel=0.01), alt
    assert tried > 10
