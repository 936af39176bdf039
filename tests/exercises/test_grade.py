"""`python -m tools.grade`, with nbgrader itself, on the submissions of a difficult class."""

import csv
import json
import re

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from tiny_course import SLUG, answered, cell, hand_in, make_course, without

from tools import exercises, grade, nbgrader_course, notebooks
from tools.grading import job

SQUARE = "def double(x): return x * x"  # right for 0 and 2 only
ENDLESS = "def double(x):\n    while True:\n        pass"
NOISY = """import sys, warnings
def double(x):
    warnings.warn("a warning is no mistake")
    print("nor is this", file=sys.stderr)
    return 2 * x
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    assert exercises.main([], root=root) == 0
    return root


@pytest.fixture(scope="module")
def released(root):
    return notebooks.read(exercises.place(root, SLUG))


@pytest.fixture(scope="module")
def graded(root, released, tmp_path_factory):
    """One run over the whole class: its status, what it said, and where the results are."""
    folder, out = root / "class", root / "results"
    hand_in(folder, "right", answered(released, double=NOISY))
    hand_in(folder, "untouched", released)
    hand_in(folder, "partly", answered(released, double=SQUARE))
    hand_in(folder, "endless", answered(released, double=ENDLESS))
    hand_in(folder, "suicidal", answered(released, double="import os\nos._exit(0)"))
    hand_in(folder, "broken", '{"cells": [')

    raises = answered(released)
    raises.cells.insert(0, new_code_cell("raise ValueError('at the top')"))
    hand_in(folder, "raises", raises)

    cheat = without(answered(released, double=SQUARE, half="def half(x): return 1"), "test_double")
    cell(cheat, "test_half_2").source = "pass"
    cell(cheat, "test_half_2").metadata.nbgrader.points = 100
    hand_in(folder, "cheat", cheat)

    confused = answered(released)
    confused.cells.append(cell(answered(released), "test_double"))
    confused.cells[-1].id = "pasted"
    del cell(confused, "half").metadata["nbgrader"], cell(confused, "test_half_1").metadata["nbgrader"]
    hand_in(folder, "confused", confused)

    hand_in(folder, "deep", "[" * 100_000 + "]" * 100_000)
    hand_in(folder, "surrogate", nbformat.writes(answered(released)).replace("x + x", "'\\ud800'"))
    odd = json.loads(nbformat.writes(answered(released)))
    odd["cells"][0]["metadata"] = [1, 2]
    hand_in(folder, "odd", json.dumps(odd))

    hand_in(folder, "spa ce", released)
    (folder / "absent").mkdir()
    (folder / "misnamed" / SLUG).mkdir(parents=True)
    (folder / "misnamed" / SLUG / "homework (2).ipynb").write_text("{}")

    with pytest.MonkeyPatch.context() as patch:
        said = tmp_path_factory.mktemp("said") / "stdout"
        with open(said, "w") as stdout:
            patch.setattr("sys.stdout", stdout)
            status = grade.main([str(folder), "--out", str(out)], root=root)
    return status, said.read_text(), out


def rows(out):
    """The lines of the table that have points, by student."""
    return {name: row for name, row in lines(out).items() if row["total"]}


def lines(out):
    with open(out / "grades.csv", encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def page(out, student):
    return (out / "feedback" / student / SLUG / f"{SLUG}.html").read_text(encoding="utf-8")


@pytest.mark.sandboxed
def test_everybody_gets_their_points_and_nobody_elses(graded):
    _, _, out = graded
    scores = {name: (row["double"], row["half"], row["total"], row["max"]) for name, row in rows(out).items()}
    assert scores == {
        "right": ("2", "3", "5", "5"),  # although the answer warns and prints
        "untouched": ("0", "0", "0", "5"),
        "partly": ("0", "3", "3", "5"),
        "raises": ("2", "3", "5", "5"),
        "endless": ("0", "3", "3", "5"),
        "suicidal": ("0", "3", "3", "5"),  # only the cell that ends Python costs points
        "cheat": ("0", "1", "1", "5"),  # half(2) is 1 indeed
        "confused": ("2", "3", "5", "5"),
        "odd": ("2", "3", "5", "5"),
    }
    assert {row["assignment"] for row in rows(out).values()} == {SLUG}


@pytest.mark.sandboxed
def test_the_table_has_one_column_for_each_question(graded):
    first_line = (graded[2] / "grades.csv").read_text().splitlines()[0]
    assert first_line == "student,assignment,double,half,total,max,late,status"


@pytest.mark.sandboxed
def test_who_could_not_be_graded_is_listed_with_the_reason(graded):
    status, said, _ = graded
    assert status == 2
    listed = said.partition("Not graded: 6.")[2]
    for reason in (
        r"'spa ce': a student's id is up to 64 letters",
        rf"absent, {SLUG}: nothing was handed in",
        rf"misnamed, {SLUG}: expected misnamed/{SLUG}/{SLUG}.ipynb, found homework \(2\).ipynb",
        rf"broken, {SLUG}: .*is no notebook",
        rf"deep, {SLUG}: it is damaged",
        rf"surrogate, {SLUG}: it is damaged",
    ):
        assert re.search(f"^  {reason}", listed, re.MULTILINE), listed


@pytest.mark.sandboxed
def test_everybody_has_a_line_in_the_table_that_says_how_it_ended(graded):
    status = {name: line["status"] for name, line in lines(graded[2]).items()}
    assert status["right"] == "graded"
    assert status["endless"] == "graded (1 cell ran out of time)"
    assert status["suicidal"] == "graded (1 cell left out)"
    assert status["absent"].startswith("not graded: nothing was handed in")
    assert status["deep"].startswith("not graded: it is damaged")
    assert len(status) == 15


@pytest.mark.sandboxed
def test_progress_is_shown_with_what_the_instructor_should_know(graded):
    said = graded[1]
    assert re.search(rf"^\[\d+/12\] partly {SLUG} … 3/5$", said, re.MULTILINE)
    assert re.search(r"endless .* 3/5 \(1 cell ran out of time\)", said)
    assert re.search(r"cheat .* 1/5 \(1 deleted test cell put back\) \(1 edited test cell put back\)", said)


@pytest.mark.sandboxed
def test_feedback_says_what_is_wrong_and_keeps_hidden_tests_hidden(graded):
    partly = page(graded[2], "partly")
    assert "twice 3 is 6: is it x squared, which is right for 2 only?" in partly
    assert "secret_number" not in partly
    assert "score: 3.0 / 5.0" in partly.lower()
    assert "this cell ran out of time" in page(graded[2], "endless")


@pytest.mark.sandboxed
def test_feedback_needs_no_other_host(graded):
    for student in ("right", "partly"):
        text = page(graded[2], student)
        assert re.findall(r"<script[^>]*>", text) == ['<script src="../mathjax.js">']
        assert (graded[2] / "feedback" / student / "mathjax.js").stat().st_size > 1_000_000
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//[^"']*""", text)


@pytest.mark.sandboxed
def test_the_results_are_where_nbgraders_form_grader_looks(graded):
    _, _, out = graded
    for step in ("submitted", "autograded"):
        assert (out / step / "right" / SLUG / f"{SLUG}.ipynb").is_file()
    assert "suicidal" in (out / "logs" / "grade.log").read_text()
    assert not list(out.rglob(".*")) and not (out / "lock").exists(), "something unfinished was left"
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        assert {student.id for student in book.students} == set(rows(out))


@pytest.mark.sandboxed
def test_what_was_handed_in_is_kept_as_it_was(graded, root):
    handed_in = root / "class" / "cheat" / SLUG / f"{SLUG}.ipynb"
    assert (graded[2] / "submitted" / "cheat" / SLUG / f"{SLUG}.ipynb").read_bytes() == handed_in.read_bytes()


@pytest.mark.sandboxed
def test_a_second_run_keeps_marks_by_hand_and_earlier_grades(graded, root, released, capsys):
    _, _, out = graded
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        book.find_grade("test_double", SLUG, SLUG, "partly").manual_score = 1.5
        book.db.commit()
    before = rows(out)
    hand_in(root / "again", "partly", answered(released, double=SQUARE, half=None))
    hand_in(root / "again", "right", "no notebook at all")
    assert grade.main([str(root / "again"), "--out", str(out)], root=root) == 2
    assert "An earlier grade, if there is one, stands" in capsys.readouterr().out
    after = rows(out)
    assert (after["partly"]["double"], after["partly"]["half"]) == ("1.5", "0")
    assert re.fullmatch("not graded: .* The earlier grade stands.", after["right"].pop("status"))
    assert before["right"].pop("status") == "graded"
    assert {**after, "partly": None} == {**before, "partly": None}
    assert "Score: 5.0 / 5.0" in page(out, "right")


@pytest.mark.sandboxed
def test_what_has_not_changed_is_not_run_again(graded, root, capsys, monkeypatch):
    before = {name: line["total"] for name, line in rows(graded[2]).items()}
    monkeypatch.setattr(job, "grade", None)
    monkeypatch.setattr("tools.grade.Grading._control", lambda *_: None)
    assert grade.main([str(root / "class"), "--out", str(graded[2])], root=root) == 2
    said = capsys.readouterr().out
    assert "right 0_0_tiny … 5/5 (unchanged)" in said
    assert "endless 0_0_tiny … 3/5 (unchanged) (1 cell ran out of time)" in said
    assert {name: line["total"] for name, line in rows(graded[2]).items()} == before


@pytest.mark.sandboxed
def test_a_cell_that_cannot_be_interrupted_costs_its_own_points_and_no_process_stays(
    root, released, tmp_path, capsys
):
    # One call into C: Python sees no signal before its end. (What ran before, such as a server of 3.5, stays.)
    before = set(psutil.Process().children(recursive=True))
    hand_in(tmp_path / "in", "slow", answered(released, double="sum(range(10**12))"))
    assert grade.main([str(tmp_path / "in"), "--out", str(tmp_path / "out")], root=root) == 0
    assert "slow 0_0_tiny … 3/5 (1 cell left out)" in capsys.readouterr().out
    assert "could not be interrupted" in page(tmp_path / "out", "slow")
    assert set(psutil.Process().children(recursive=True)) <= before


@pytest.mark.filterwarnings("ignore")  # nbgrader's own, about how it makes its objects
def test_nbgraders_own_command_is_refused(root, released):
    """It would run what students wrote with the instructor's rights. So would the form grader's button."""
    with nbgrader_course.temporary_course([SLUG], root) as course:
        settings = nbgrader_course.config(course)
        hand_in(course / "grading" / "submitted", "ada", answered(released))
        nbgrader_course.release(course, SLUG, database=settings.CourseDirectory.db_url)
        folder = CourseDirectory(config=settings, assignment_id=SLUG, student_id="ada")
        with pytest.raises(NbGraderException):
            Autograde(coursedir=folder, config=settings).start()
        assert not list((course / "grading").glob("autograded/*/*/*.ipynb"))


@pytest.mark.sandboxed
def test_changed_questions_are_refused_with_a_way_out(graded, root, capsys):
    _, _, out = graded
    source = root / "solutions" / SLUG / f"{SLUG}.ipynb"
    text = source.read_text()
    before = rows(out)
    try:
        source.write_text(text.replace("test_half_2", "test_half_3"))
        assert grade.main([str(root / "class"), "--out", str(out)], root=root) == 1
    finally:
        source.write_text(text)
    assert "has other questions than when it was last graded" in capsys.readouterr().err
    assert rows(out) == before


@pytest.mark.parametrize(
    "paths, sentence",
    [
        ([], "holds no submission"),
        ([f"{SLUG}.ipynb"], f"the notebook {SLUG}.ipynb lies at the top"),
        ([f"{SLUG}/ada/{SLUG}.ipynb"], f"the assignment {SLUG} lies where a student's folder should be"),
    ],
)
def test_another_layout_is_refused(root, tmp_path, capsys, paths, sentence):
    for path in paths:
        (tmp_path / "in" / path).parent.mkdir(parents=True)
        (tmp_path / "in" / path).write_text("{}")
    (tmp_path / "in").mkdir(exist_ok=True)
    assert grade.main([str(tmp_path / "in"), "--out", str(tmp_path / "out")], root=root) == 1
    said = capsys.readouterr().err
    assert sentence in said and "<student>/<assignment>/<assignment>.ipynb" in said
    assert not (tmp_path / "out").exists()


def test_bad_usage_has_status_1(root, tmp_path, capsys):
    assert grade.main([str(tmp_path / "nowhere")], root=root) == 1
    assert "is no folder" in capsys.readouterr().err
    assert grade.main([str(tmp_path), "--slug", "no_such"], root=root) == 1
    assert f"there is no assignment no_such. There is: {SLUG}." in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        grade.main([], root=root)
    assert isinstance(stopped.value.code, str)  # Python prints it and ends with status 1
