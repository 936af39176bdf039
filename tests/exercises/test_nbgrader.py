"""nbgrader itself gives the points that the quick judge gives, and its page the words."""

import csv
import html
import re

import nbformat
import pytest
from judge import judge
from nbgrader.utils import is_solution

from course_lib.checks import questions
from tools import grade, mine, notebooks
from tools.bank import answers, reference
from tools.exercises import place
from tools.nbgrader_course import ROOT
from tools.submissions import grade_id

SLUG = "1_1_training_loop"


def handed_in(path, given):
    """The released notebook at `path`, with these answers."""
    nb = notebooks.read(place(ROOT, SLUG))
    for cell in nb.cells:
        if is_solution(cell) and cell.cell_type == "code":
            cell.source = given.get(grade_id(cell), cell.source)
    path.parent.mkdir(parents=True)
    nbformat.write(nb, path)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Two students: one with the reference answers; one with a wrong answer to the last question and none to
    the first. Returns the results' folder, and what the wrong answer was."""
    folder = tmp_path_factory.mktemp("class")
    first, *_, last = questions(SLUG)
    slip = next(one for one in answers(SLUG) if one.question == last and not one.is_right)
    right = reference(SLUG)
    given = {"right": right, "wrong": {name: text for name, text in right.items() if name != first}}
    given["wrong"] |= {last: slip.source}
    for student, texts in given.items():
        handed_in(folder / "in" / student / SLUG / f"{SLUG}.ipynb", texts)
    assert grade.main([str(folder / "in"), "--out", str(folder / "out")]) == 0
    return folder / "out", slip


@pytest.mark.sandboxed
def test_the_points_are_those_of_the_quick_judge(graded):
    out, slip = graded
    with open(out / "grades.csv", encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    full = {name: str(one.points) for name, one in questions(SLUG).items()}
    assert {name: rows["right"][name] for name in full} == full
    assert not judge(SLUG, slip.question, slip.source).earned
    first = next(iter(full))
    assert {name: rows["wrong"][name] for name in full} == full | {first: "0", slip.question: "0"}
    assert "summary" not in rows["right"]


@pytest.mark.sandboxed
def test_the_page_has_the_words_by_number_and_nothing_that_is_hidden(graded):
    out, slip = graded
    page = (out / "feedback" / "wrong" / SLUG / f"{SLUG}.html").read_text(encoding="utf-8")
    text = re.sub(r"\s+", " ", html.unescape(page))
    assert slip.feedback in text
    assert re.search(r'<a href="#test_learn">1 learn</a>', text)
    assert "· 1 learn: not answered yet." in text
    assert 'href="#summary"' not in text
    assert "HIDDEN TESTS" not in text and "MARK SCHEME" not in text and "hidden(" not in text


def test_a_learner_gets_the_same_page_of_their_own_work(tmp_path, capsys):
    shown = []
    work = tmp_path / "my_work"
    handed_in(work / SLUG / f"{SLUG}.ipynb", {"learn": reference(SLUG)["learn"]})
    assert mine.main([], mine=work, show=shown.append) == 0
    assert "5/22" in capsys.readouterr().out
    (page,) = (work / "feedback").glob("*.html")
    assert shown == [page.resolve().as_uri()]
    assert "· 5 train: not answered yet." in page.read_text(encoding="utf-8")


def test_without_work_a_learner_is_told_what_to_do(tmp_path, capsys):
    assert mine.main([], mine=tmp_path) == 1
    assert "nothing is begun" in capsys.readouterr().err
    assert mine.main(["9_9_none"], mine=tmp_path) == 1
    assert "there is no 9_9_none" in capsys.readouterr().err
