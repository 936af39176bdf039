"""Every assignment gives right answers their points, and wrong answers the words that help."""

import copy
import csv
import html
import re
from collections import Counter

import cells_to_run
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

from tools import grade, notebooks
from tools.submissions import grade_id

NAMES_ONLY = (
    "The quick run leaves out the cells to look at. Does one of them change what a later test uses, by a "
    "call such as torch.set_default_dtype or a list's append? Let it keep to names of its own."
)


class OneAssignment:
    """The tests of one assignment. Each has a class of its own, which pytest-xdist gives to one process."""

    slug: str

    def test_the_reference_earns_everything(self):
        outcome = outcomes(self.slug)[REFERENCE]
        assert outcome.scores == outcome.full, said(outcome)

    def test_the_untouched_release_earns_nothing(self):
        assert outcomes(self.slug)[RELEASE].scores == dict.fromkeys(questions(self.slug), 0)

    def test_another_right_answer_earns_everything(self, right_answer):
        outcome = outcomes(self.slug)[right_answer]
        assert outcome.scores == outcome.full, said(outcome)

    def test_a_wrong_answer_loses_its_question_and_no_other(self, wrong_answer):
        outcome = outcomes(self.slug)[wrong_answer]
        assert outcome.lost() == {wrong_answer.question}, said(outcome)

    def test_the_failing_test_says_what_is_wrong(self, wrong_answer):
        errors = outcomes(self.slug)[wrong_answer].errors[wrong_answer.question]
        messages = [one_line(error.evalue) for error in errors if error.ename == "AssertionError"]
        assert any(one_line(wrong_answer.header("feedback")) in message for message in messages), errors

    def test_no_test_needs_a_cell_to_look_at(self):
        # Learners change such cells, and leave them out. And each one that a test needs, every answer runs.
        cells = notebooks.code_cells(solution(self.slug))
        reasons = cells_to_run.why_not_left_out(cells)
        assert not reasons, "\n".join(reasons)

    def test_the_cells_to_look_at_change_no_points(self):
        for name, outcome in outcomes(self.slug, every_cell=True).items():
            quick = outcomes(self.slug)[name]
            assert (said(quick), quick.scores) == (said(outcome), outcome.scores), (
                f"{name}: a cell to look at changes what a test needs, and not by a name. {NAMES_ONLY}"
            )

    def test_nbgrader_itself_gives_the_same_points(self, tmp_path, capsys, pytestconfig):
        if pytestconfig.option.nbgrader == "none":
            pytest.skip("nbgrader itself was not asked, to save half a minute: --nbgrader=all")
        slug = self.slug
        # A wrong answer to the last question: all the other cells come before it.
        one_wrong = [one for one in wrong(slug) if one.question == list(questions(slug))[-1]][0]
        reference = {grade_id(cell): cell.source for cell in solution(slug).cells if is_answer(cell)}
        given = {REFERENCE: reference, one_wrong: reference | {one_wrong.question: one_wrong.text}}
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
            assert {question: float(rows[student][question]) for question in quick} == quick, (
                f"{name}: nbgrader runs every cell. {NAMES_ONLY}"
            )

        page = tmp_path / "out" / "feedback" / "student-1" / slug / f"{slug}.html"
        feedback = one_line(html.unescape(page.read_text(encoding="utf-8")))
        assert one_line(one_wrong.header("feedback")) in feedback
        assert "HIDDEN TESTS" not in feedback and "MARK SCHEME" not in feedback

    def test_each_question_has_answers_to_try(self):
        wrong_ones, right_ones = (
            Counter(one.question for one in found) for found in (wrong(self.slug), right(self.slug))
        )
        assert set(wrong_ones) | set(right_ones) <= set(questions(self.slug)), (
            "an answer to no question of the assignment"
        )
        for question in questions(self.slug):
            assert wrong_ones[question] >= 3, f"{question} needs three wrong answers"
            assert right_ones[question] >= 1, f"{question} needs a right answer unlike the reference"

    def test_a_wrong_answer_names_its_misconception_and_feedback(self, wrong_answer):
        first, second = wrong_answer.text.splitlines()[:2]
        assert first.startswith("# misconception: ") and wrong_answer.header("misconception")
        # Three letters at least: an empty word is in every message.
        assert second.startswith("# feedback: ") and len(wrong_answer.header("feedback")) >= 3

    def test_no_misconception_has_two_names(self):
        sentences = Counter(one.header("misconception").lower() for one in wrong(self.slug))
        assert [sentence for sentence, count in sentences.items() if count > 1] == []


for slug in SLUGS:
    globals()[f"Test_{slug}"] = type(f"Test_{slug}", (OneAssignment,), {"slug": slug})


def pytest_generate_tests(metafunc):
    for fixture, answers in {"right_answer": right, "wrong_answer": wrong}.items():
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, answers(metafunc.cls.slug), ids=lambda one: one.path.stem)


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
