"""Where a page names a lesson, its number leads there."""

import re

import pytest

from tools import lesson_links


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("lesson 3.4 has them", ["3.4"]),
        ("Lessons 1.1, 1.2 and 1.5, and 2.1 too", ["1.1", "1.2", "1.5", "2.1"]),
        ("lessons\n2.2 to 2.4 (the way back)", ["2.2", "2.4"]),
        ("lessons 1.1–1.3", ["1.1", "1.3"]),
        ("the rate 1.3, or 2.5 of it; lesson", []),
        ("a lesson 12.5 long", []),
        ("lesson 1.25", []),
    ],
)
def test_what_names_a_lesson(text, numbers):
    named = [found.group() for found in lesson_links.NAMED.finditer(text)]
    assert [number for one in named for number in lesson_links.NUMBER.findall(one)] == numbers


def test_only_lessons_are_lessons():
    names = ["chapters/part1_by_hand/1_4_loss_landscape", "chapters/reference/cheat_sheet", "intro"]
    assert lesson_links.lessons(names) == {"1.4": names[0]}


def test_each_lesson_leads_to_the_next_by_a_link(book):
    """And each number of the book that names a lesson and is a link leads to the lesson of that number."""
    files = [file for file in sorted(book.pages) if re.match(r"\d_\d_", file.name)]
    assert len(files) >= 22
    links = 0
    for file, following in zip(files, [*files[1:], None], strict=True):
        article = book.pages[file].select_one("article.bd-article")
        for link in article.select("p a.reference.internal[href]"):
            if re.fullmatch(r"\d\.\d", words := link.get_text()):
                links += 1
                name = link["href"].partition("#")[0].rpartition("/")[2]
                assert name.startswith(words.replace(".", "_") + "_"), f"{file.name}: {link}"
        if following:
            (onward,) = [p for p in article.select("p") if p.get_text().startswith("Next: ")]
            names = [a["href"].rpartition("/")[2] for a in onward.select("a.reference.internal")]
            assert following.name in names, f"{file.name}: {onward.get_text()}"
    assert links > 150
