"""`python -m tools.exercises` writes everything or nothing, and always the same."""

import nbformat
import pytest
from tiny_course import SLUG, make_course

from tools import exercises


@pytest.fixture
def root(tmp_path):
    make_course(tmp_path)
    return tmp_path


def written(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_it_writes_what_a_check_accepts_and_a_second_run_leaves(root, capsys):
    assert exercises.main(["--check"], root=root) == 1
    assert f"exercises/{SLUG}/{SLUG}.ipynb is missing" in capsys.readouterr().err
    assert not (root / "exercises").exists()

    assert exercises.main([SLUG], root=root) == 0
    once = written(root)
    assert exercises.main(["--check"], root=root) == 0
    assert exercises.main([], root=root) == 0
    assert written(root) == once

    nb = nbformat.read(exercises.place(root, SLUG), as_version=4)
    text = nbformat.writes(nb)
    assert "2 * x" not in text and "secret_number" not in text and "raise NotImplementedError" in text
    assert [path.name for path in (root / "exercises" / SLUG).iterdir()] == [f"{SLUG}.ipynb"]


def test_a_check_sees_an_edited_release_and_a_stray_file(root, capsys):
    exercises.main([], root=root)
    path = exercises.place(root, SLUG)
    released = path.read_text()
    path.write_text(released.replace("NotImplementedError", "ValueError"))
    before = written(root)
    assert exercises.main(["--check"], root=root) == 1
    assert "is not what its solution makes" in capsys.readouterr().err
    assert written(root) == before

    path.write_text(released)
    (root / "exercises" / "notes.txt").write_text("mine")
    assert exercises.main(["--check"], root=root) == 1
    assert "exercises/notes.txt comes from no solution" in capsys.readouterr().err


def test_nothing_is_copied_but_the_notebook(root):
    (root / "solutions" / SLUG / "answers.txt").write_text("secret")
    assert exercises.main([], root=root) == 0
    assert [path.name for path in (root / "exercises" / SLUG).iterdir()] == [f"{SLUG}.ipynb"]


def test_one_bad_solution_leaves_everything_as_it_was(root, capsys):
    exercises.main([], root=root)
    (root / "solutions" / SLUG / f"{SLUG}.ipynb").write_text("{")
    before = written(root)
    assert exercises.main([], root=root) == 1
    assert "is no notebook" in capsys.readouterr().err
    assert written(root) == before


def test_what_nbgrader_refuses_is_one_sentence(root, capsys):
    path = root / "solutions" / SLUG / f"{SLUG}.ipynb"
    path.write_text(path.read_text().replace("### END SOLUTION", "# the end"))
    assert exercises.main([], root=root) == 1
    assert capsys.readouterr().err.endswith("no end solution statement found\n")
    assert not (root / "exercises").exists()


def test_an_unknown_assignment_names_the_known_ones(root, capsys):
    assert exercises.main(["no_such"], root=root) == 1
    assert f"there is no solutions/no_such/no_such.ipynb. There is: {SLUG}." in capsys.readouterr().err
