"""No page has what axe-core, the rules of the WCAG as a program, objects to: wide and light, narrow and dark.

axe.min.js is axe-core 4.14.1 as its makers publish it (npm pack axe-core; licence: MPL 2.0, in its head).
"""

import json
from pathlib import Path

import pytest
from browser import size, wait

pytestmark = pytest.mark.deep

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """
const done = arguments[0];
const options = { resultTypes: ["violations"], iframes: false };
axe.run(document, options).then(
  ({ violations }) => done(violations.flatMap((v) => v.nodes.map((n) => [v.id, n.target.join(" "), n.html]))),
  (error) => done([["axe itself", String(error), ""]]));
"""
BEGIN = """
document.documentElement.dataset.theme = document.documentElement.dataset.mode = arguments[0];
for (const fold of document.querySelectorAll("details")) fold.open = true;
"""
DRAWN = "return [...document.querySelectorAll('span.math, div.math')].every((m) => m.querySelector('math'))"
# Others are at a place of what scrolls, and never over.
SETTLED = """
const fades = document.getAnimations().filter((a) => a.timeline instanceof DocumentTimeline);
return fades.every((a) => a.playState !== "running");
"""
# Heads that are a formula: axe reads no MathML, of which screen readers make words.
FORMULA = "return document.querySelector(arguments[0])?.querySelector('math') !== null"


def objections(driver, page, width, theme):
    """What axe objects to on a page, all folds open: [(rule, where, markup)]."""
    driver.get("about:blank")
    size(driver, width)
    driver.get(page.as_uri())
    driver.execute_script(BEGIN, theme)
    wait(lambda: driver.execute_script(DRAWN), "the formulas")
    wait(lambda: driver.execute_script(SETTLED), "what fades in")
    driver.execute_script(AXE)
    found = driver.execute_async_script(RUN)
    return [
        one for one in found if one[0] != "empty-table-header" or not driver.execute_script(FORMULA, one[1])
    ]


@pytest.mark.parametrize("width, theme", [(1280, "light"), (390, "dark")])
def test_axe_objects_to_nothing(driver, book, width, theme):
    sources = [page for page in book.pages if "_modules" in page.parts]  # they look alike
    pages = [page for page in book.pages if page not in sources] + sources[:1]
    found = {book.name(page): objections(driver, page, width, theme) for page in pages}
    assert json.dumps({name: what[:5] for name, what in found.items() if what}, indent=1) == "{}"


def test_axe_is_asked_in_earnest(driver, book):
    page = next(page for page in book.pages if page.name == "intro.html")
    bad = page.read_text(encoding="utf-8").replace("<h1>", '<img src="x.png"><a href="#"></a><h1>', 1)
    (book.folder / "bad.html").write_text(bad, encoding="utf-8")
    try:
        rules = {rule for rule, *_ in objections(driver, book.folder / "bad.html", 1280, "light")}
    finally:
        (book.folder / "bad.html").unlink()
    assert {"image-alt", "link-name"} <= rules
