"""Every assignment gives right answers their points, and wrong answers the words that help."""

import copy
import csv
import html
import re
from collections import Counter

import nbformat
import pytest
from answers import (
    HERE,
    REFERENCE,
    RELEASE,
    SLUGS,
    is_answer,
    outcomes,
    questions,
    release,
    right,
    solution,
    wrong,
)

from tools import grade
from tools.submissions import grade_id

RIGHT = [one for slug in SLUGS for one in right(slug)]
WRONG = [one for slug in SLUGS for one in wrong(slug)]

each_assignment = pytest.mark.parametrize("slug", SLUGS)


@each_assignment
def test_the_reference_earns_everything(slug):
    assert outcomes(slug)[REFERENCE].scores == outcomes(slug)[REFERENCE].full


@each_assignment
def test_the_untouched_release_earns_nothing(slug):
    assert outcomes(slug)[RELEASE].scores == dict.fromkeys(questions(slug), 0)


@pytest.mark.parametrize("answer", RIGHT, ids=str)
def test_another_right_answer_earns_everything(answer):
    outcome = outcomes(answer.slug)[answer]
    assert outcome.scores == outcome.full, said(outcome)


@pytest.mark.parametrize("answer", WRONG, ids=str)
def test_a_wrong_answer_loses_its_question_and_no_other(answer):
    outcome = outcomes(answer.slug)[answer]
    assert outcome.lost() == {answer.question}, said(outcome)


@pytest.mark.parametrize("answer", WRONG, ids=str)
def test_the_failing_test_says_what_is_wrong(answer):
    errors = outcomes(answer.slug)[answer].errors[answer.question]
    messages = [one_line(error.evalue) for error in errors if error.ename == "AssertionError"]
    assert any(one_line(answer.header("feedback")) in message for message in messages), errors


@each_assignment
def test_nbgrader_itself_gives_the_same_points(slug, tmp_path, capsys):
    # A wrong answer to the last question: all the other cells come before it.
    one_wrong = [one for one in wrong(slug) if one.question == list(questions(slug))[-1]][0]
    given = {
        REFERENCE: {grade_id(cell): cell.source for cell in solution(slug).cells if is_answer(cell)},
        RELEASE: {},
        one_wrong: {one_wrong.question: one_wrong.text},
    }
    given[one_wrong] = given[REFERENCE] | given[one_wrong]
    students = {f"student-{number}": name for number, name in enumerate(given)}
    for student, name in students.items():
        nb = copy.deepcopy(release(slug))
        for cell in nb.cells:
            cell.source = given[name].get(grade_id(cell), cell.source)
        path = tmp_path / "submissions" / student / slug / f"{slug}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(nb, path)

    status = grade.main([str(tmp_path / "submissions"), "--out", str(tmp_path / "out")])
    assert status == 0, capsys.readouterr()

    with open(tmp_path / "out" / "grades.csv", encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    for student, name in students.items():
        quick = outcomes(slug)[name].scores
        assert {question: float(rows[student][question]) for question in quick} == quick, name

    page = tmp_path / "out" / "feedback" / "student-2" / slug / f"{slug}.html"
    feedback = one_line(html.unescape(page.read_text(encoding="utf-8")))
    assert one_line(one_wrong.header("feedback")) in feedback
    assert "HIDDEN TESTS" not in feedback and "MARK SCHEME" not in feedback


@each_assignment
def test_each_question_has_answers_to_try(slug):
    wrong_ones, right_ones = (Counter(one.question for one in found) for found in (wrong(slug), right(slug)))
    assert set(wrong_ones) | set(right_ones) <= set(questions(slug)), (
        "an answer to no question of the assignment"
    )
    for question in questions(slug):
        assert wrong_ones[question] >= 3, f"{question} needs three wrong answers"
        assert right_ones[question] >= 1, f"{question} needs a right answer unlike the reference"


@pytest.mark.parametrize("answer", WRONG, ids=str)
def test_a_wrong_answer_names_its_misconception_and_feedback(answer):
    first, second = answer.text.splitlines()[:2]
    assert first.startswith("# misconception: ") and answer.header("misconception")
    # Three letters at least: an empty word is in every message.
    assert second.startswith("# feedback: ") and len(answer.header("feedback")) >= 3


@each_assignment
def test_no_misconception_has_two_names(slug):
    sentences = Counter(one.header("misconception").lower() for one in wrong(slug))
    assert [sentence for sentence, count in sentences.items() if count > 1] == []


def test_no_answers_without_an_assignment():
    folders = [path.name for kind in ("wrong_answers", "right_answers") for path in (HERE / kind).glob("*/")]
    assert set(folders) <= set(SLUGS)


def one_line(words):
    return re.sub(r"\s+", " ", words)


def said(outcome):
    return {
        question: [(error.ename, error.evalue) for error in errors]
        for question, errors in outcome.errors.items()
    }
