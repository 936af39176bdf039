"""What learners hand in is found, named and mended without a change to an answer."""

import copy

import pytest
from nbformat.v4 import new_code_cell
from tiny_course import SLUG, answered, cell, hand_in, make_course, without

from tools import exercises, submissions
from tools.submissions import grade_id, mend


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    import nbformat

    root = tmp_path_factory.mktemp("course")
    make_course(root)
    return nbformat.reads(exercises.made_from_solutions([SLUG], root)[SLUG], as_version=4)


def names(nb):
    return [grade_id(cell) for cell in nb.cells]


@pytest.mark.parametrize("student", ["ada", "ada.l", "a-b_c", "ada+1@x.org", "42", "josé"])
def test_ids_that_are_safe(student):
    assert submissions.valid(student)


@pytest.mark.parametrize(
    "student", ["", "a b", "../ada", "a/b", "..", "a..b", "-ada", ".ada", "a*", "a[1]", "a\nb", "x" * 65]
)
def test_ids_that_are_not(student):
    assert not submissions.valid(student)


def test_what_systems_leave_in_folders_is_nobody(released, tmp_path):
    path = hand_in(tmp_path, "ada", released)
    for rest in (tmp_path / ".DS_Store", tmp_path / "__MACOSX", path.parent.parent / ".ipynb_checkpoints"):
        rest.mkdir()
    found, ungraded = submissions.find(tmp_path, [], [SLUG])
    assert [one.student for one in found] == ["ada"] and ungraded == []


def test_a_folder_that_is_no_assignment_is_named(released, tmp_path):
    hand_in(tmp_path, "ada", released)
    (tmp_path / "ada" / "tiny").mkdir()
    _, ungraded = submissions.find(tmp_path, [], [SLUG])
    assert [str(one) for one in ungraded] == ["ada, tiny: there is no assignment of this name. Rename it."]


def test_a_sound_notebook_needs_no_mending(released):
    mended, remarks = mend(answered(released), released)
    assert remarks == []
    assert [cell.source for cell in mended.cells] == [cell.source for cell in answered(released).cells]


def test_edited_tests_and_claims_are_undone(released):
    nb = answered(released)
    cell(nb, "test_double").source = "pass"
    cell(nb, "test_double").cell_type = "raw"
    cell(nb, "test_half_1").metadata.nbgrader |= {"grade": False, "solution": True, "points": 99}
    mended, remarks = mend(nb, released)
    assert remarks == ["1 edited test cell put back"]
    for name in ("test_double", "test_half_1"):
        was = cell(released, name)
        now = cell(mended, name)
        assert (now.source, now.cell_type, now.metadata) == (was.source, was.cell_type, was.metadata)


def test_a_hand_in_of_an_earlier_release_gets_todays_tests_and_no_blame(released):
    nb = answered(released)
    nb.metadata.pop("course_release")
    cell(nb, "test_double").source = "assert double(1) == 2"
    mended, remarks = mend(nb, released)
    assert remarks == ["of another release: today's tests"]
    assert cell(mended, "test_double").source == cell(released, "test_double").source
    assert cell(mended, "double").source == cell(nb, "double").source


def test_deleted_tests_come_back_after_the_answer(released):
    nb = without(answered(released), "test_double", "test_half_1", "test_half_2", "setup")
    mended, remarks = mend(nb, released)
    assert remarks == ["3 deleted test cells put back"]
    assert names(mended) == names(released)


def test_an_answer_in_a_cell_of_the_learners_own_comes_before_its_test(released):
    nb = without(answered(released), "double", "test_double")
    nb.cells.insert(2, new_code_cell("def double(x): return x + x"))
    mended, _ = mend(nb, released)
    sources = [cell.source for cell in mended.cells]
    assert sources.index("def double(x): return x + x") < sources.index(cell(mended, "test_double").source)
    assert "double" not in names(mended), "an empty question would overwrite the answer"


def test_without_any_metadata_the_tests_come_last(released):
    nb = answered(released)
    for one in nb.cells:
        one.metadata.pop("nbgrader", None)
    mended, _ = mend(nb, released)
    graded = [name for name in names(mended) if name and name.startswith("test_")]
    assert graded == ["test_double", "test_half_1", "test_half_2"]
    assert names(mended)[: len(nb.cells)] == [None] * len(nb.cells)


def test_of_two_copies_the_last_one_counts(released):
    nb = answered(released)
    second = copy.deepcopy(cell(nb, "double"))
    second.source = "def double(x): return 2 * x"
    nb.cells.insert(3, second)
    mended, _ = mend(nb, released)
    assert names(mended).count("double") == 1
    assert cell(mended, "double").source == second.source
    assert len({one.id for one in mended.cells}) == len(mended.cells)


def test_the_learners_notebook_is_left_alone(released):
    nb = without(answered(released), "test_double")
    before = copy.deepcopy(nb)
    mend(nb, released)
    assert nb == before
