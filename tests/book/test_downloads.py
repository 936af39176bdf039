"""What the book hands out is there, and runs where only Python is."""

import re
import subprocess
import sys
import zipfile

import nbformat
import pytest
from building import ROOT

from tools import bundle, downloads, notebooks
from tools.nbgrader_course import assignments

LESSONS = sorted((ROOT / "chapters").glob("part*/*.ipynb"))


def test_each_lesson_links_its_exercise_and_the_library(book):
    linked = {}
    for file, page in book.pages.items():
        for link in page.select("section p a[download]"):
            target = (file.parent / link["href"]).resolve()
            assert target.is_file(), link["href"]
            linked.setdefault(file.stem, set()).add(target.name)
    wheel = bundle.wheel_name()
    assert linked.pop("intro") == {wheel, f"{bundle.folder_name()}.zip"}
    assert linked == {slug: {f"{slug}.ipynb", wheel} for slug in assignments()}


def test_the_zip_and_the_wheel_are_the_learners(book):
    place = book.folder / downloads.PLACE
    with zipfile.ZipFile(next(place.glob("*.zip"))) as archive:
        names = archive.namelist()
        (inside,) = [name for name in names if name.endswith(".whl")]
        assert archive.read(inside) == (place / bundle.wheel_name()).read_bytes()
    assert len([name for name in names if name.endswith(".ipynb")]) == len(assignments())


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_that_one_downloads_is_the_lesson_with_a_first_cell(book, path):
    handed = nbformat.read(book.folder / "_sources" / path.relative_to(ROOT), as_version=4)
    nbformat.validate(handed)
    ours = notebooks.read(path)
    assert handed.cells[1].source == downloads.FIRST.format(wheel=bundle.wheel_name())
    rest = [cell for cell in handed.cells if cell.id != "install"]
    assert [cell.id for cell in rest] == [cell.id for cell in ours.cells]
    assert [c.source for c in rest if c.cell_type == "code"] == [
        c.source for c in ours.cells if c.cell_type == "code"
    ]
    text = "\n".join(cell.source for cell in rest if cell.cell_type == "markdown")
    assert re.findall(r"\{\w[\w:-]*\}`|^```\{.*|\]\([a-z][\w-]*\)|^\([\w-]+\)=", text, re.MULTILINE) == []


def test_the_exercises_have_it_too(book):
    for slug in assignments():
        handed = nbformat.read(book.folder / downloads.PLACE / f"{slug}.ipynb", as_version=4)
        assert handed.cells[1].id == "install"
        ours = notebooks.read(ROOT / "exercises" / slug / f"{slug}.ipynb")
        rest = [cell for cell in handed.cells if cell.id != "install"]
        assert [cell.metadata for cell in rest] == [cell.metadata for cell in ours.cells]


def run(folder, *before):
    """The first cell, in a process that knows only the standard library, in a folder."""
    code = "\n".join([*before, downloads.FIRST.format(wheel=bundle.wheel_name())])
    command = [sys.executable, "-I", "-S", "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_without_the_wheel_the_first_cell_says_what_to_do(tmp_path):
    done = run(tmp_path)
    assert done.returncode and "beside this notebook and run this cell again" in done.stderr


def test_with_the_wheel_it_is_installed_with_all_that_lessons_import(tmp_path):
    (tmp_path / bundle.wheel_name()).touch()
    asked = "import subprocess\nsubprocess.run = lambda command, check: print(*command[1:])"
    done = run(tmp_path, asked)
    assert done.stdout.split() == ["-m", "pip", "install", "--quiet", f"./{bundle.wheel_name()}[notebooks]"]


def test_where_the_library_is_nothing_is_done(tmp_path):
    (tmp_path / "course_lib.py").touch()
    done = run(tmp_path, "import sys\nsys.path.insert(0, '.')")
    assert done.returncode == 0 and done.stdout == done.stderr == ""
