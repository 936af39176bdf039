"""The book builds without a warning, and holds exactly the lessons that there are."""

import re
from pathlib import Path

import yaml

from tools.notebooks import LEFT_OUT

ROOT = Path(__file__).resolve().parents[2]


def listed():
    """The files that the table of contents names, without their suffixes."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = [toc["root"]]

    def visit(node):
        for value in node.values() if isinstance(node, dict) else node:
            if isinstance(value, (dict, list)):
                visit(value)
        if isinstance(node, dict) and "file" in node:
            found.append(node["file"])

    visit(toc)
    return found


def test_the_book_builds_without_a_warning(build):
    assert build.returncode == 0, f"{build.stdout[-3000:]}\n{build.stderr[-5000:]}"
    assert "build succeeded" in build.stdout


def test_the_table_of_contents_names_every_lesson_once_and_nothing_else(book):
    names = listed()
    assert len(names) == len(set(names))
    for name in names:
        assert any((ROOT / f"{name}{suffix}").is_file() for suffix in (".md", ".ipynb")), (
            f"{name} does not exist"
        )
    pages = {
        path.relative_to(ROOT).with_suffix("").as_posix()
        for suffix in ("ipynb", "md")
        for path in (ROOT / "chapters").rglob(f"*.{suffix}")
        if not LEFT_OUT & set(path.parts)
    }
    assert pages == {name for name in names if name.startswith("chapters/")}
    built = {book.name(file) for file in book.pages}
    # The lines behind each [source] on the library's pages.
    sources = {name for name in built if name.startswith("_modules/")}
    assert built - sources == {f"{name}.html" for name in names} | {
        "index.html",
        "genindex.html",
        "search.html",
    }


def test_lessons_stand_in_order_in_their_parts():
    chapters = [name.split("/") for name in listed() if re.match(r"chapters/part\d", name)]
    slugs = [name for _, part, name in chapters]
    assert slugs == sorted(slugs)
    for _, part, slug in chapters:
        assert part[4] == slug[0], f"{slug} stands in {part}"
