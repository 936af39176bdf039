"""A second build shows what was changed since the first, and does not forget what was wrong."""

import building
import pytest

pytestmark = pytest.mark.deep


@pytest.fixture
def book(tmp_path):
    """A book of two pages, with the course's own settings and one script."""
    source = tmp_path / "source"
    (source / "_static").mkdir(parents=True)
    for name in ("_config.yml", "tools", "references.bib", "_static/favicon.svg"):
        (source / name).symlink_to(building.ROOT / name)
    (source / "_toc.yml").write_text("format: jb-book\nroot: one\nchapters:\n  - file: two\n")
    for name in ("one", "two"):
        (source / f"{name}.md").write_text(f"# Page {name}\n")
    (source / "_static" / "player.js").write_text("// first\n")
    return source


def test_a_second_build_is_as_honest_as_the_first(book, tmp_path):
    first = building.build(book, tmp_path)
    assert first.returncode == 0
    pages = [first.folder / "one.html", first.folder / "two.html"]
    before = [script(page) for page in pages]
    (book / "_static" / "player.js").write_text("// second\n")
    assert building.build(book, tmp_path).returncode == 0
    assert (first.folder / "_static" / "player.js").read_text() == "// second\n"
    # Each page names the version that it wants, so that no browser takes the old one from its memory.
    assert all(script(page) != old for page, old in zip(pages, before, strict=True))

    (book / "two.md").write_text("# Page two\n\n[dead](#nowhere)\n")
    assert building.build(book, tmp_path).returncode == 1
    assert building.build(book, tmp_path).returncode == 1, "the warning was forgotten"


def script(page):
    (line,) = [line for line in page.read_text().splitlines() if "player.js" in line]
    return line
