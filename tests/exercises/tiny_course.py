"""A course of one small assignment in a temporary folder, to try the instructor's commands on."""

import copy
import shutil

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.nbgrader_course import CONFIG, ROOT
from tools.submissions import grade_id

SLUG = "0_0_tiny"
# What an endless cell costs a test; the others do next to nothing, and need no more on a busy machine.
CELL_SECONDS = 5
NOTEBOOK_SECONDS = 120

DOUBLE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
HALF = "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION"
TEST_DOUBLE = """assert double(2) == 4, f"twice 2 is 4, not {double(2)}: is it x squared?"
### BEGIN HIDDEN TESTS
secret_number = 3
assert double(secret_number) == 6, "twice 3 is 6: is it x squared, which is right for 2 only?"
### END HIDDEN TESTS"""
TEST_HALF = 'assert half(2) == 1, "half of 2 is 1"'


def nbgrader(grade_id, **claims):
    about = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    return {"nbgrader": about | {"grade_id": grade_id} | claims}


def test_cell(source, grade_id, points):
    return new_code_cell(source, metadata=nbgrader(grade_id, grade=True, locked=True, points=points))


test_cell.__test__ = False  # not a test of ours


def make_course(root):
    """Write the assignment, and the course's own configuration with shorter limits, under `root`."""
    cells = [
        new_markdown_cell("# Tiny\nTwice $x$ and half of $x$.", id="title"),
        new_code_cell("import math", id="setup", metadata=nbgrader("setup", locked=True)),
        new_code_cell(DOUBLE, id="double", metadata=nbgrader("double", solution=True)),
        test_cell(TEST_DOUBLE, "test_double", 2),
        new_markdown_cell("Now the other way round.", metadata=nbgrader("hint", locked=True)),
        new_code_cell(HALF, id="half", metadata=nbgrader("half", solution=True)),
        test_cell(TEST_HALF, "test_half_1", 1),
        test_cell('assert half(-4) == -2, "half of -4 is -2"', "test_half_2", 2),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    folder = root / "solutions" / SLUG
    folder.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / f"{SLUG}.ipynb")
    shutil.copy(ROOT / CONFIG, root)
    with open(root / CONFIG, "a") as file:
        file.write(f"\nc.Limits.cell = {CELL_SECONDS}\nc.Limits.notebook = {NOTEBOOK_SECONDS}\n")


def answered(released, double="def double(x): return x + x", half="def half(x): return x * 0.5"):
    """A copy of the released notebook with these answers; None leaves a question untouched."""
    nb = copy.deepcopy(released)
    for question, answer in {"double": double, "half": half}.items():
        if answer is not None:
            cell(nb, question).source = answer
    return nb


def cell(nb, name):
    return next(cell for cell in nb.cells if grade_id(cell) == name)


def without(nb, *names):
    nb.cells = [cell for cell in nb.cells if grade_id(cell) not in names]
    return nb


def hand_in(folder, student, nb):
    """Put `nb`, a notebook or any text, where the student hands it in."""
    path = folder / student / SLUG / f"{SLUG}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nb if isinstance(nb, str) else nbformat.writes(nb), encoding="utf-8")
    return path
