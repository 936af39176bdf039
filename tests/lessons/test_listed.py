"""Each lesson is where people look for it: the first page, the table of contents; and has an assignment."""

import re

import yaml

from tools.lessons import ROOT

LINK = re.compile(r"\[([^\]]*)\]\((chapters/part[\w/]+)\.ipynb\)")


def linked():
    """What the first page links to: [(words, the lesson's path without its suffix)]."""
    return LINK.findall((ROOT / "intro.md").read_text(encoding="utf-8"))


def listed():
    """The lessons in the table of contents, in order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [file for file in files if file.startswith("chapters/part")]


def test_a_lesson_is_listed_and_has_its_assignment(lesson):
    name = lesson.relative_to(ROOT).with_suffix("").as_posix()
    number = ".".join(lesson.stem.split("_")[:2])
    assert name in listed(), f"_toc.yml does not list {name}"
    assert [words for words, path in linked() if path == name and words.startswith(f"{number} ")], (
        f"intro.md has no row or link '[{number} …]({name}.ipynb)'"
    )
    assert (ROOT / "solutions" / lesson.stem / f"{lesson.stem}.ipynb").is_file(), "it has no assignment"


def test_the_first_page_has_the_lessons_of_the_table_of_contents_in_its_order():
    in_tables = [path for words, path in linked() if re.match(r"\d\.\d+ ", words)]
    assert list(dict.fromkeys(in_tables)) == listed()
