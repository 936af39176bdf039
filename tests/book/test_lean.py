"""Pages load what they use, and all that they use is there."""

import gzip
from urllib.parse import unquote, urlsplit

from browser import wait

from tools import lean

PACKED = {".html", ".js", ".css", ".svg"}  # what a server packs on its way
FONTS = 0.3e6  # of formulas and icons, about: which of them, a browser finds out
ICONS = (
    '{a:1,both:[512,512,["two","left-right"],"f07e","M1 2"],sun:[1,2,[],"f185","M3"],'
    '"circle-half":[512,512,[9680],"f042",["M4","M5"]],last:[1,1,[],"f0",""]}'
)


def files(file, page):
    """The page's file, and the scripts, styles and pictures that it loads."""
    tags = page.select("script[src], img[src], link[rel=stylesheet][href]")
    loaded = {urlsplit(tag.get("src") or tag["href"]).path for tag in tags}
    return [file, *((file.parent / unquote(path)).resolve() for path in loaded)]


def sent(file):
    """Bytes on their way from a server that packs."""
    content = file.read_bytes()
    return len(gzip.compress(content)) if file.suffix in PACKED else len(content)


def test_no_page_weighs_more_than_two_megabytes_on_its_way(book):
    weights = {
        book.name(file): FONTS + sum(map(sent, files(file, page))) for file, page in book.pages.items()
    }
    assert max(weights.values()) < 2e6, max(weights, key=weights.get)


def test_only_named_icons_stay():
    assert lean.only(ICONS, {"sun", "circle-half"}) == (
        '{a:1,sun:[1,2,[],"f185","M3"],"circle-half":[512,512,[9680],"f042",["M4","M5"]],}'
    )
    assert "both" in lean.only(ICONS, {"left-right"})
    assert lean.only(ICONS, {"both", "sun", "circle-half", "last"}) == ICONS


def test_each_icon_of_a_page_is_drawn(book, driver):
    for stem in ("intro", "search", "2_4_activations"):
        (file,) = [file for file in book.pages if file.stem == stem]
        driver.get(file.as_uri())
        wait(lambda: driver.execute_script("return !document.querySelector('i.fa-solid, i.fas')"), "icons")
        drawn = driver.execute_script(
            "return [...document.querySelectorAll('svg.svg-inline--fa')].map((icon) => "
            "[icon.dataset.icon, icon.querySelector('path')?.getAttribute('d')?.length ?? 0])"
        )
        assert len(drawn) >= 8
        assert [name for name, length in drawn if length < 20] == []


def test_formulas_are_drawn_and_said_without_mathjaxs_menu(book, driver):
    script = book.folder / "_static" / "mathjax" / lean.MATHJAX
    assert (
        script.stat().st_size < 0.8e6
        and not (book.folder / "_static" / "mathjax" / "ui" / "menu.js").exists()
    )
    (file,) = [file for file in book.pages if file.stem == "2_4_activations"]
    driver.get(file.as_uri())
    wait(lambda: driver.execute_script("return window.MathJax?.startup?.promise !== undefined"), "MathJax")
    drawn, said, stops = driver.execute_async_script(
        "const done = arguments[0]; MathJax.startup.promise.then(() => done(['mjx-container', "
        "'mjx-container > mjx-assistive-mml > math', 'mjx-container[tabindex]'].map((what) => "
        "document.querySelectorAll(what).length)))"
    )
    assert drawn == said > 50
    assert stops < 5  # those that scroll


def test_the_searchs_index_is_loaded_where_the_search_is(book):
    for file, page in book.pages.items():
        loaded = [name for name in ("searchindex", "sphinx_highlight") if page.select(f"script[src*={name}]")]
        assert len(loaded) == 2 * (file.name == "search.html"), book.name(file)
