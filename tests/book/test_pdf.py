"""The book as one file: in order, numbered, and its links within it."""

import pypdf
import pytest

from tools import browser, pdf

PAGE = """<!doctype html><meta charset="utf-8"><title>t</title><article><section id="top"><h1>{title}<a
class="headerlink" style="visibility: hidden" href="#top">#</a></h1>{body}</section></article>"""
TOC = """\
format: jb-book
root: intro
parts:
  - caption: Part 1
    chapters:
      - file: chapters/one
        sections:
          - file: chapters/below
  - caption: Part 2
    chapters:
      - file: two
"""
FAR = '<div style="height: 2000px"></div>'
BODIES = {
    "intro": ("The Book", '<p><a href="two.html#far">far in two</a></p>'),
    "chapters/one": (
        "One",
        f'{FAR}<section id="a-b"><h2>A &amp; B</h2><p>'
        '<a href="../run/one.zip">zip</a> <a href="https://example.org/x">web</a> <a href="#top">up</a>'
        "</p></section>",
    ),
    "chapters/below": ("Below", "<p>deep</p>"),
    "two": ("Two", f'{FAR}<p id="far">here</p><p><a href="chapters/one.html#gone">one</a></p>'),
}
ABOUT = {"title": "The Book", "version": "1.2", "date": "1 May 2030"}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small book").resolve()
    (folder / "_toc.yml").write_text(TOC)
    for name, (title, body) in BODIES.items():
        file = folder / f"{name}.html"
        file.parent.mkdir(exist_ok=True)
        file.write_text(PAGE.format(title=title, body=body))
    return folder


@pytest.fixture(scope="module")
def made(driver, small):
    said = []
    pdf.book(driver, pdf.pages(small, small / "_toc.yml"), ABOUT, said.append).write(small / "book.pdf")
    assert said[1] == "[2/4] One"
    return pypdf.PdfReader(small / "book.pdf")


def links(made, number):
    for annotation in made.pages[number].get("/Annots", ()):
        one = annotation.get_object()
        place = one.get("/Dest")
        if place is None:
            yield one["/A"]["/URI"]
        else:
            yield next(k for k, page in enumerate(made.pages) if page.indirect_reference == place[0])


def test_pages_come_in_the_order_of_the_list_of_contents(small):
    found = pdf.pages(small, small / "_toc.yml")
    assert [(page.part, page.title) for page in found] == [
        ("", "The Book"),
        ("Part 1", "One"),
        ("Part 1", "Below"),
        ("Part 2", "Two"),
    ]
    assert found[1].sections == [("a-b", "A & B")]
    assert pdf.targets(found)[small / "two.html"] == {"far"}


def test_sheets_are_numbered_and_listed(made):
    words = [page.extract_text() for page in made.pages]
    assert len(words) == 1 + 1 + 2 + 1 + 2  # title, intro, one, below, two
    assert "Version 1.2, 1 May 2030" in words[0]
    rows = " ".join(words[0].split())
    for row in ("Part 1 One 3", "Below 5", "Part 2 Two 6"):
        assert row in rows.replace(".", "")
    assert [text.split()[-1] for text in words[1:]] == ["2", "3", "4", "5", "6", "7"]


def test_links_lead_to_their_place_in_the_file(made):
    assert list(links(made, 1)) == [6]  # far in two
    assert list(links(made, 3)) == ["https://example.org/x", 2]  # and none to the zip beside the book
    assert list(links(made, 6)) == [2]  # a place that is not there: the page


def test_bookmarks_lead_to_parts_pages_and_sections(made):
    def flat(marks, depth=0):
        for mark in marks:
            if isinstance(mark, list):
                yield from flat(mark, depth + 1)
            else:
                yield depth, mark.title, made.get_destination_page_number(mark)

    assert list(flat(made.outline)) == [
        (0, "The Book", 1),
        (0, "Part 1", 2),
        (1, "One", 2),
        (2, "A & B", 3),
        (1, "Below", 4),
        (0, "Part 2", 5),
        (1, "Two", 5),
    ]


def test_no_path_of_this_machine_is_in_it(made, small):
    assert str(small).encode() not in (small / "book.pdf").read_bytes()
    for page in made.pages:
        for annotation in page.get("/Annots", ()):
            assert "file:" not in str(annotation.get_object())


def test_without_a_browser_it_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(browser, "missing", lambda: "no Chromium or Chrome on the PATH")
    assert pdf.main(["--out", str(tmp_path / "x.pdf")]) == 0
    assert capsys.readouterr().out.startswith("No PDF was made: no Chromium or Chrome on the PATH.")
    assert not list(tmp_path.iterdir())
