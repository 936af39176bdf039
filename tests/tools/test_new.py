"""A lesson that was only begun is whole in its form, and fails until its author has written it."""

import shutil
import subprocess
import sys

import pytest
import yaml

from tools import exercises, new, notebooks, shape
from tools.lessons import ROOT

SLUG = "2_1_nonlinearity"
LESSON = f"chapters/part2_networks/{SLUG}.ipynb"
ASSIGNMENT = f"solutions/{SLUG}/{SLUG}.ipynb"
MODULES = {f"course_lib/checks/{SLUG}.py", f"tests/exercises/hidden/{SLUG}.py"}
# A book of its own: the real one has these lessons, one day all of them.
TOC = """\
format: jb-book
root: intro
parts:
  - caption: "Part 1 · By hand"
    chapters:
      - file: chapters/part1_by_hand/1_1_training_loop
      - file: chapters/part1_by_hand/1_6_recap
  - caption: "Part 3 · In industry"
    chapters:
      - file: chapters/part3_industry/3_1_optimizers
  - caption: Reference
    chapters:
      - file: chapters/reference/errata
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "chapters").mkdir()
    lessons = shutil.ignore_patterns("*.pyc", "[1-9]_*.py")
    shutil.copytree(ROOT / "course_lib", tmp_path / "course_lib", ignore=lessons)
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    for name in ("pyproject.toml", "nbgrader_config.py", "chapters/ruff.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def files(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.*")}


@pytest.mark.parametrize("more, parts", [([], 12), (["--recap"], 7)])
def test_what_is_written_lacks_nothing_but_its_author(more, parts, root, capsys):
    before = files(root)
    assert new.main([SLUG, "--title", "From Linear to Nonlinear", *more], root=root) == 0
    assert files(root).keys() - before.keys() == {LESSON, ASSIGNMENT, *MODULES}
    assert f"make check ONLY={SLUG}" in capsys.readouterr().out
    for name in (LESSON, ASSIGNMENT):
        nb = notebooks.read(root / name)
        assert notebooks.lint(nb) == []
        assert len(list(shape.unfinished(nb))) >= parts
        assert not any(cell.get("execution_count") for cell in nb.cells)  # which a test asks for
        assert "<<" not in notebooks.text(nb)
    nb = notebooks.read(root / LESSON)
    assert nb.cells[0].source.startswith("# 2.1 From Linear to Nonlinear\n")
    # What no form can have: a claim. (A recap need not assert.)
    assert ["asserts nothing" in sentence for sentence in shape.missing_parts(nb)] == [True] * (not more)


def test_what_is_written_passes_the_linter(root):
    for slug, more in ((SLUG, []), ("2_7_recap", ["--recap"])):
        assert new.main([slug, *more], root=root) == 0
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run([*ruff, *command, "--no-cache", root], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_nbgrader_takes_the_assignment_and_hides_its_answers(root):
    new.main([SLUG], root=root)
    released = exercises.made_from_solutions([SLUG], root)[SLUG]
    assert released.count("raise NotImplementedError") == 3 + 1  # and once in the text
    assert "HIDDEN TESTS" not in released and "return x" not in released


@pytest.mark.parametrize(
    "slug, before, after",
    [
        ("1_7_more", "part1_by_hand/1_6_recap", '"Part 3'),
        ("2_1_nonlinearity", '"Part 2 · Networks"', '"Part 3'),
        ("3_10_tenth", "part3_industry/3_1_optimizers", "Reference"),
    ],
)
def test_a_lesson_finds_its_place_in_the_table_of_contents(slug, before, after):
    text = new.with_lesson(TOC, slug)
    assert yaml.safe_load(text)["root"] == "intro"
    lines = [line for line in text.splitlines() if line.strip() != "chapters:"]
    place = next(n for n, line in enumerate(lines) if line.endswith(slug))
    assert before in lines[place - 1] and after in lines[place + 1]
    assert {*TOC.splitlines()} < {*lines, "    chapters:"}


def test_lessons_are_sorted_by_number():
    toc = TOC
    for slug in ("2_10_c", "2_2_b", "2_1_a", "2_9_b"):
        toc = new.with_lesson(toc, slug)
    part = [part for part in yaml.safe_load(toc)["parts"] if part["caption"].startswith("Part 2")]
    slugs = [chapter["file"].rpartition("/")[2] for chapter in part[0]["chapters"]]
    assert slugs == ["2_1_a", "2_2_b", "2_9_b", "2_10_c"]


def test_the_real_table_of_contents_takes_one_more_lesson():
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    for part, (folder, caption) in new.PARTS.items():
        text = new.with_lesson(toc, f"{part}_99_last")
        chapters = {part["caption"]: part["chapters"] for part in yaml.safe_load(text)["parts"]}[caption]
        assert chapters[-1] == {"file": f"chapters/{folder}/{part}_99_last"}
        assert {*toc.splitlines()} < {*text.splitlines()}


@pytest.mark.parametrize(
    "slug, complaint",
    [
        ("", "nothing is no slug"),
        ("nonlinearity", "is no slug: give part, number and words"),
        ("4_1_more", "is no slug"),
        ("../2_1_x", "is no slug"),
        ("2_0_before_the_first", "is no slug"),
        ("2_1_other", f"{LESSON} has that number already"),
        ("2_2_taken", "solutions/2_2_taken/2_2_taken.ipynb exists already"),
    ],
)
def test_what_cannot_be_begun_changes_nothing(slug, complaint, root, capsys):
    new.main([SLUG], root=root)
    (root / "solutions" / "2_2_taken").mkdir()
    (root / "solutions" / "2_2_taken" / "2_2_taken.ipynb").write_text("mine")
    before = files(root)
    assert new.main([slug], root=root) == 1
    assert complaint in capsys.readouterr().err
    assert files(root) == before
