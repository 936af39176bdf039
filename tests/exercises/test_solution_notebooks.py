"""Every notebook in solutions/ keeps to what nbgrader, the graders and this suite rely on."""

import ast
import inspect
import re

import pytest
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from course_lib.checks import HERE, module, questions
from tools import exercises, notebooks
from tools.bank import SLUGS, reference, solution
from tools.nbgrader_course import HIDDEN, ROOT
from tools.submissions import grade_id

each_assignment = pytest.mark.parametrize("slug", SLUGS)
TEST = """course_check("{0}")
### BEGIN HIDDEN TESTS
course_check.hidden("{0}")
### END HIDDEN TESTS"""


def code(slug):
    return [cell for cell in solution(slug).cells if cell.cell_type == "code"]


def tasks(slug):
    return [cell for cell in solution(slug).cells if is_task(cell)]


def named(slug, name):
    (cell,) = [cell for cell in code(slug) if grade_id(cell) == name]
    return cell


@each_assignment
def test_it_has_three_to_six_questions(slug):
    assert 3 <= len(questions(slug)) + len(tasks(slug)) <= 6
    assert len(tasks(slug)) <= 1, "one question at most is marked by hand"
    assert not any(is_grade(cell) and is_solution(cell) for cell in solution(slug).cells)


@each_assignment
def test_each_answer_has_the_tests_of_its_name_in_order(slug):
    assert list(reference(slug)) == list(questions(slug))
    for name in questions(slug):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)


@each_assignment
def test_a_test_cell_is_one_line_that_is_worth_what_its_module_says(slug):
    graded = [grade_id(cell) for cell in code(slug) if is_grade(cell)]
    assert graded == [*(f"test_{name}" for name in questions(slug)), "summary"]
    for name, asked in questions(slug).items():
        cell = named(slug, f"test_{name}")
        assert cell.source == TEST.format(name)
        assert cell.metadata.nbgrader.points == asked.points > 0
        assert is_locked(cell) and "raises-exception" in cell.metadata.tags, "run all stops here"


@each_assignment
def test_the_last_cell_shows_the_points_so_far(slug):
    cell = solution(slug).cells[-1]
    assert (grade_id(cell), cell.source, cell.metadata.nbgrader.points) == ("summary", "course_check()", 0)
    assert is_locked(cell) and "raises-exception" in cell.metadata.tags


@each_assignment
def test_the_first_cell_brings_the_tests_and_is_locked(slug):
    cell = named(slug, "setup")
    assert is_locked(cell)
    assert f'course_check = Checks("{slug}")' in cell.source.splitlines()
    assert "torch.set_num_threads(1)" in cell.source


@each_assignment
def test_points_and_numbers_in_the_text_are_the_right_ones(slug):
    text = "\n".join(cell.source for cell in solution(slug).cells if cell.cell_type == "markdown")
    for asked in questions(slug).values():
        assert re.search(rf"^## {asked.number}\. .*\({asked.points} points?\b", text, re.MULTILINE), (
            asked.name
        )
    by_hand = sum(cell.metadata.nbgrader.points for cell in tasks(slug))
    assert getattr(module(slug), "BY_HAND", 0) == by_hand


@each_assignment
def test_each_question_has_unseen_tests_of_the_same_answers(slug):
    hidden = module(slug, HIDDEN)
    for name, asked in questions(slug).items():
        parameters = list(inspect.signature(getattr(hidden, name)).parameters)
        assert parameters == [*asked.answers, "seed"], f"{name} of {slug}: {parameters}"


@each_assignment
def test_every_assertion_has_a_message(slug):
    for path in (HERE / f"{slug}.py", HIDDEN / f"{slug}.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assert):
                assert node.msg is not None, f"{path.name}, line {node.lineno}: assert without a message"


@each_assignment
def test_the_reference_answers_are_marked(slug):
    for name in questions(slug):
        assert "### BEGIN SOLUTION" in named(slug, name).source, f"{name}: what may the learner see?"


@each_assignment
def test_the_release_gives_nothing_away(slug):
    nb = notebooks.read(exercises.place(ROOT, slug))
    text = notebooks.text(nb)
    for secret in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "hidden(", "BEGIN MARK SCHEME"):
        assert secret not in text
    assert not any(cell.get("outputs") for cell in nb.cells)
    for cell in nb.cells:
        if is_solution(cell) and cell.cell_type == "code":
            assert "raise NotImplementedError" in cell.source, f"{grade_id(cell)} looks answered"


@each_assignment
def test_solutions_hold_nothing_but_their_notebook(slug):
    assert [path.name for path in (ROOT / "solutions" / slug).iterdir() if not path.name.startswith(".")] == [
        f"{slug}.ipynb"
    ]


def test_the_released_notebooks_are_what_the_solutions_make():
    assert exercises.main(["--check"]) == 0
