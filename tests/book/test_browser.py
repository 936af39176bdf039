"""The built pages in a real browser, opened from the disk: nothing needs a server."""

from urllib.parse import urlencode

import pytest
from browser import END, HOME, LEFT, RIGHT, SPACE, contrasts, find, move_slider, size, wait


@pytest.fixture
def lesson(book, driver):
    """A page with players, open and ready on a wide screen. The tests try its first one."""
    pages = book.with_players()
    assert pages, "no page of the book has a player"
    size(driver, 1280)
    driver.get(pages[0].as_uri())
    wait(lambda: driver.find_elements("css selector", ".player-live"), "the players")
    # A player that answers a prediction is hidden until that is opened.
    driver.execute_script("for (const fold of document.querySelectorAll('details.answer')) fold.open = true")
    wait(find(driver, ".player-live").is_displayed, "the player, in sight")
    return driver


# --- the player --------------------------------------------------------------------------------------------
# What all players do is tried in test_moves.py, on small pages: here is what their place in the book adds.


@pytest.mark.deep
def test_space_takes_one_step_and_the_pages_own_keys_stay_out_of_it(lesson):
    player = find(lesson, ".player-live")
    before = lesson.execute_script("arguments[0].focus(); return [scrollY, location.href]", player)
    last = int(find(lesson, ".player-slider input").get_attribute("max"))
    for key, expected in [(SPACE, 1), (RIGHT, 2), (LEFT, 1), (END, last), (HOME, 0)]:
        lesson.switch_to.active_element.send_keys(key)
        assert find(lesson, ".player-counter").text == f"step {expected} of {last}"
    assert lesson.execute_script("return [scrollY, location.href]") == before


@pytest.mark.deep
def test_colours_stand_out_in_both_themes(lesson):
    """WCAG asks 4.5 : 1 for text and 3 : 1 for lines."""
    for theme in ("light", "dark"):
        paper, labels, lines = contrasts(
            lesson, theme, {".player-map .player-label": "fill", ".player-map .player-line": "stroke"}
        )
        assert (paper > 0.5) == (theme == "light")
        assert min(labels) >= 4.5 and min(lines) >= 3, f"{theme}: {labels}, {lines}"


# What a label of the map covers, of the marks of its map.
COVERED = """
const found = [];
for (const map of document.querySelectorAll(".player-map")) {
  const marks = [...map.querySelectorAll(".player-marks path, .player-marks text, .player-ring")];
  const labels = [...map.querySelectorAll(".player-label")].filter((label) => label.style.display !== "none");
  for (const label of labels) {
    const a = label.getBoundingClientRect();
    for (const other of [...marks, ...labels]) {
      const b = other.getBoundingClientRect();
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
      const what = other.textContent || other.tagName;
      if (other !== label && !apart) found.push(label.textContent + " on " + what);
    }
  }
}
return found;
"""


@pytest.mark.deep
@pytest.mark.parametrize("width", [1280, 390])
def test_labels_cover_neither_the_minimum_nor_each_other(lesson, width):
    size(lesson, width)
    sliders = lesson.find_elements("css selector", ".player-slider input")
    last = max(int(slider.get_attribute("max")) for slider in sliders)
    for at in sorted({0, 1, *range(0, last, 10), last - 1, last}):
        for slider in sliders:
            move_slider(lesson, slider, at)
        assert lesson.execute_script(COVERED) == [], f"step {at}"


@pytest.mark.deep
def test_the_live_player_takes_the_pictures_place(lesson):
    still = find(lesson, "img.player-still")
    assert not still.is_displayed()
    assert find(lesson, ".player-live").is_displayed()


@pytest.mark.deep
def test_without_scripts_the_picture_stands_there(book, driver):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get(book.with_players()[0].as_uri())
        seen = driver.execute_cdp_cmd("DOMSnapshot.captureSnapshot", {"computedStyles": ["display"]})
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    strings, document = seen["strings"], seen["documents"][0]
    nodes, layout = document["nodes"], document["layout"]

    def attributes(node):
        pairs = [strings[k] for k in nodes["attributes"][node]]
        return dict(zip(pairs[::2], pairs[1::2], strict=True))

    laid_out = {n: bounds for n, bounds in zip(layout["nodeIndex"], layout["bounds"], strict=True)}
    places = [n for n in range(len(nodes["nodeName"])) if attributes(n).get("class") == "player"]
    assert places
    for place in places:
        pictures = [n for n in laid_out if n < place and strings[nodes["nodeName"][n]] == "IMG"]
        *_, width, height = laid_out[max(pictures)]
        assert width > 200 and height > 100, "the still picture is not on the page"
        assert laid_out.get(place, [0, 0, 0, 0])[3] == 0, "the empty player takes room"


@pytest.mark.deep
def test_if_the_player_fails_the_picture_stays(book, driver, tmp_path):
    page = book.with_players()[0]
    text = page.read_text(encoding="utf-8").replace("<head>", f'<head><base href="{page.as_uri()}">', 1)
    broken = tmp_path / "broken_on_purpose.html"
    broken.write_text(text.replace('"contours":', '"contoars":'), encoding="utf-8")
    driver.get(broken.as_uri())
    places = driver.execute_script(
        "return [...document.querySelectorAll('div.player')].map((place) => {"
        "  const still = [...place.closest('.cell_output').querySelectorAll('img')].pop();"
        "  return [still.offsetHeight > 100, place.querySelector('.player-live') === null]})"
    )
    assert places and all(seen and empty for seen, empty in places)


# --- boxes, and the search ----------------------------------------------------------------------------------


def test_code_in_a_boxes_heading_stands_in_the_line_of_its_words(book, driver):
    """In a flex box words, code and formulas would be columns."""
    size(driver, 1280)
    page = next(page for page, soup in book.pages.items() if soup.select("details.myth > summary > code"))
    driver.get(page.as_uri())
    laid = (
        "return [...document.querySelectorAll('details > summary')].map((s) => getComputedStyle(s).display)"
    )
    assert not {"flex", "inline-flex", "grid"} & {*driver.execute_script(laid)}


def test_boxes_unfold_by_keyboard(book, driver):
    size(driver, 1280)
    driver.get((book.folder / "intro.html").as_uri())
    box = find(driver, "details.predict")
    answer = box.find_element("css selector", "p")
    assert not answer.is_displayed()
    box.find_element("css selector", "summary").send_keys("\ue007")  # Enter
    assert answer.is_displayed()


QUESTIONS = [
    "loss does not decrease",
    "loss not decreasing",
    "loss flat",
    "loss increases",
    "nan from the first batch",
    "loss becomes nan",
    "predicts the same value",
    "retain_graph",
    "backward second time",
    "leaf Variable in-place operation",
    "validation loss lower than training loss",
    "memory grows",
    "Adam worse than SGD",
    "lr_scheduler.step() before optimizer.step()",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_search_answers_what_everybody_asks(question, book, driver):
    driver.get((book.folder / "search.html").as_uri() + "?" + urlencode({"q": question}))
    found = wait(lambda: driver.find_elements("css selector", "#search-results li a"), "a search result")
    pages = list(dict.fromkeys(one.get_attribute("href").split("#")[0].split("?")[0] for one in found))
    assert any("it_does_not_learn" in page for page in pages[:3]), pages[:5]


def test_the_search_finds_a_page(book, driver):
    driver.get((book.folder / "search.html").as_uri() + "?q=optimizer")
    found = wait(lambda: driver.find_elements("css selector", "#search-results li a"), "a search result")
    assert any("3_1_optimizers" in (link.get_attribute("href") or "") for link in found)
