"""Figures arrive on the pages as they were shown: sharp, described, and large enough on a phone."""

import io

import pytest
from browser import size
from building import ROOT
from PIL import Image

from course_lib import legibility
from tools import notebooks

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


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_figure_has_the_room_that_its_text_needs(figures, driver, width, theme):
    """`legibility` reckons with so many pixels for a figure on a phone, and in a page's column."""
    size(driver, width)
    for file, pairs in figures.items():
        driver.get(file.as_uri())
        rendered = driver.execute_script(
            """
            document.documentElement.dataset.theme = arguments[0];
            document.querySelectorAll("details").forEach((box) => { box.open = true; });
            return [...document.querySelectorAll("div.cell_output img")].map((picture) => [
              picture.alt, picture.clientWidth, picture.clientHeight,
              picture.clientWidth - parseFloat(getComputedStyle(picture).paddingLeft) * 2,
            ]);
            """,
            theme,
        )
        described = {about["alt"]: about for _, about in pairs}
        for alt, wide, high, paper in rendered:
            if not wide or alt not in described:  # a player stands in its place
                continue
            room = legibility.PHONE if width == 390 else legibility.COLUMN
            natural = described[alt]["width"], described[alt]["height"]
            assert paper >= min(natural[0], room - 1), alt
            assert wide / high == pytest.approx(natural[0] / natural[1], rel=0.01), alt
