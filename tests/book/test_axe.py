"""No page has what axe-core, the rules of the WCAG as a program, objects to, wide or narrow, light or dark.

axe.min.js is axe-core 4.14.1 as its makers publish it (npm pack axe-core; licence: MPL 2.0, in its head).
"""

import json
from pathlib import Path

import pytest
from browser import size, wait

pytestmark = pytest.mark.deep
WIDE, NARROW = 1280, 390
SIGHTS = [((WIDE, "light"), (NARROW, "dark")), ((WIDE, "dark"), (NARROW, "light"))]

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """
const done = arguments[0];
const options = { resultTypes: ["violations"], iframes: false };
axe.run(document, options).then(
  ({ violations }) => done(violations.flatMap((v) => v.nodes.map((n) => [v.id, n.target.join(" "), n.html]))),
  (error) => done([["axe itself", String(error), ""]]));
"""
THEME = "document.documentElement.dataset.theme = document.documentElement.dataset.mode = arguments[0]"
OPEN = "for (const fold of document.querySelectorAll('details')) fold.open = true"
DRAWN = "return [...document.querySelectorAll('span.math, div.math')].every((m) => m.querySelector('math'))"
# Others are at a place of what scrolls, and never over.
SETTLED = """
const fades = document.getAnimations().filter((a) => a.timeline instanceof DocumentTimeline);
return fades.every((a) => a.playState !== "running");
"""
# Heads that are a formula: axe reads no MathML, of which screen readers make words.
FORMULA = "return document.querySelector(arguments[0])?.querySelector('math') !== null"


def opened(driver, page):
    """Open a page, and all of its folds."""
    driver.get("about:blank")
    size(driver, WIDE)
    driver.get(page.as_uri())
    wait(lambda: driver.execute_script(DRAWN), "the formulas")
    driver.execute_script(OPEN)
    driver.execute_script(AXE)


def objections(driver, width, theme):
    """What axe objects to on the page that is open: [(rule, where, markup)]."""
    size(driver, width)
    driver.execute_script(THEME, theme)
    wait(lambda: driver.execute_script(SETTLED), "what fades in")
    return [
        one
        for one in driver.execute_async_script(RUN)
        if one[0] != "empty-table-header" or not driver.execute_script(FORMULA, one[1])
    ]


def test_axe_objects_to_nothing(driver, book):
    sources = [page for page in book.pages if "_modules" in page.parts]  # they look alike
    found = {}
    for k, page in enumerate([*(page for page in book.pages if page not in sources), *sources[:1]]):
        opened(driver, page)
        for width, theme in SIGHTS[k % 2]:  # what pages share is seen in all four ways, as each takes long
            if what := objections(driver, width, theme):
                found[f"{book.name(page)}, {width} px, {theme}"] = what[:5]
    assert json.dumps(found, indent=1) == "{}"


def press(driver, name):
    selector = f'.lab button[aria-label^="{name}"]'
    driver.execute_script("document.querySelector(arguments[0]).click()", selector)


def test_nor_to_a_lab_that_has_run_and_to_what_is_remembered(driver, book):
    pages = {page.name: page for page in book.pages}
    opened(driver, pages["the_lab.html"])
    driver.execute_script("localStorage.clear()")
    opened(driver, pages["the_lab.html"])
    for act in ("Add a rule beside", "Take it on: Make Adam's first step", "Add a rule beside", "Run"):
        press(driver, act)
    wait(lambda: driver.find_elements("css selector", ".lab .player-counter"), "the paths")
    driver.execute_script(
        "const area = document.querySelector('.editor-text');"
        "area.value = 'x'; area.dispatchEvent(new Event('input'))"
    )
    press(driver, "Run")
    wait(lambda: driver.find_element("css selector", ".editor-error").text, "the error")
    found = [objections(driver, *sight) for sight in SIGHTS[0] + SIGHTS[1]]
    driver.execute_script(
        "localStorage.setItem('learn-the-training-loop:challenges', arguments[0])",
        json.dumps({"first_step": {"says": "Make it so.", "on": "2026-12-01"}}),
    )
    opened(driver, pages["your_course.html"])
    found += [objections(driver, *sight) for sight in SIGHTS[0] + SIGHTS[1]]
    assert found == [[]] * 8, json.dumps(found, indent=1)


def test_axe_is_asked_in_earnest(driver, book):
    page = next(page for page in book.pages if page.name == "intro.html")
    bad = page.read_text(encoding="utf-8").replace(
        "</article>", '<img src="x.png"><a href="#"></a></article>'
    )
    (book.folder / "bad.html").write_text(bad, encoding="utf-8")
    try:
        opened(driver, book.folder / "bad.html")
        rules = {rule for rule, *_ in objections(driver, WIDE, "light")}
    finally:
        (book.folder / "bad.html").unlink()
    assert {"image-alt", "link-name"} <= rules
