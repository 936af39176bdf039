"""Every notebook in solutions/ keeps to what nbgrader, the graders and this suite rely on."""

import ast
import re

import pytest
from answers import SLUGS, is_answer, questions, release, solution
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from tools import exercises, notebooks
from tools.nbgrader_course import ROOT
from tools.submissions import grade_id

each_assignment = pytest.mark.parametrize("slug", SLUGS)


def graded(slug):
    return [cell for cell in solution(slug).cells if is_grade(cell) or is_task(cell)]


def marked_by_hand(slug):
    return [cell for cell in graded(slug) if is_solution(cell) or is_task(cell)]


def autograded(slug):
    return [cell for cell in graded(slug) if cell not in marked_by_hand(slug)]


@each_assignment
def test_it_has_three_to_six_questions(slug):
    assert 3 <= len(questions(slug)) + len(marked_by_hand(slug)) <= 6
    assert len(marked_by_hand(slug)) <= 1, "one question at most is marked by hand"


@each_assignment
def test_each_question_has_a_name_and_tests_of_that_name(slug):
    for question, names in questions(slug).items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", question)
        assert names, f"{question} has no test"
        for name in names:
            assert re.fullmatch(rf"test_{question}(_\d+)?", name), f"{name} tests no question of that name"


@each_assignment
def test_only_tests_carry_points_and_they_are_positive(slug):
    for cell in graded(slug):
        assert cell.metadata.nbgrader.points > 0, grade_id(cell)
    for cell in marked_by_hand(slug):
        assert cell.cell_type == "markdown", "a code answer is judged by its test cell"


@each_assignment
def test_grade_ids_are_unique(slug):
    names = [grade_id(cell) for cell in solution(slug).cells if grade_id(cell)]
    assert sorted(names) == sorted(set(names))


@each_assignment
def test_test_cells_are_locked_and_end_in_a_statement(slug):
    for cell in autograded(slug):
        assert is_locked(cell), grade_id(cell)
        # nbgrader takes the value of a last expression for points; any text gives full points.
        for source in (cell.source, without_hidden(cell.source)):
            assert not isinstance(ast.parse(source).body[-1], ast.Expr), grade_id(cell)


def without_hidden(source):
    return re.sub(r"^.*BEGIN HIDDEN TESTS(.|\n)*?END HIDDEN TESTS.*$", "", source, flags=re.MULTILINE)


@each_assignment
def test_tests_are_visible_and_hidden(slug):
    for cell in autograded(slug):
        assert "assert" in without_hidden(cell.source), f"{grade_id(cell)} shows the learner no test"
    for question, names in questions(slug).items():
        sources = [cell.source for cell in autograded(slug) if grade_id(cell) in names]
        assert any("BEGIN HIDDEN TESTS" in source for source in sources), f"{question} has no hidden test"


@each_assignment
def test_every_assertion_has_a_message(slug):
    for cell in autograded(slug):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Assert):
                assert node.msg is not None, f"{grade_id(cell)}, line {node.lineno}: assert without a message"


@each_assignment
def test_the_reference_answers_are_marked(slug):
    for cell in solution(slug).cells:
        if is_answer(cell):
            assert "### BEGIN SOLUTION" in cell.source, f"{grade_id(cell)}: what may the learner see?"


@each_assignment
def test_the_release_gives_nothing_away(slug):
    text = notebooks.text(release(slug))
    for secret in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "BEGIN MARK SCHEME"):
        assert secret not in text
    assert not any(cell.get("outputs") for cell in release(slug).cells)
    for cell in release(slug).cells:
        if is_answer(cell):
            assert "raise NotImplementedError" in cell.source, f"{grade_id(cell)} looks answered"


@each_assignment
def test_solutions_hold_nothing_but_their_notebook(slug):
    assert [path.name for path in (ROOT / "solutions" / slug).iterdir() if not path.name.startswith(".")] == [
        f"{slug}.ipynb"
    ]


def test_the_released_notebooks_are_what_the_solutions_make():
    assert exercises.main(["--check"]) == 0
