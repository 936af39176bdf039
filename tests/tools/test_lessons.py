"""`python -m tools.lessons` stores what a clean run printed, and else leaves the file as it was."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import lessons, notebooks

pytestmark = pytest.mark.deep
ENDLESS = "while True: pass"
DRAWING = """
import matplotlib.pyplot as plt
from course_lib import plotting
plotting.use_style()
fig, ax = plt.subplots()
values = [1, 3, 2]
ax.plot(values, color="black")
plotting.show(fig, alt="A line that rises from {} to {} and falls to {}, in black.".format(*values))
"""


@pytest.fixture(autouse=True)
def any_environment(monkeypatch):
    """Whether this environment is the locked one is no matter of these tests."""
    monkeypatch.setattr(lessons, "different_from_lock", lambda: [])


def stored(folder, name, *sources):
    """A notebook in `folder` with the cells step-1, step-2, …, not yet executed."""
    cells = [new_code_cell(source, id=f"step-{n}") for n, source in enumerate(sources, start=1)]
    path = folder / f"{name}.ipynb"
    notebooks.write(new_notebook(cells=cells), path)
    return path


def test_a_good_lesson_is_stored_with_its_outputs_and_again_with_the_same(tmp_path, capsys):
    (tmp_path / "data.txt").write_text("beside the lesson")
    path = stored(
        tmp_path,
        "good",
        "print('a')\nprint(open('data.txt').read())",
        DRAWING,
        # The order of a set of strings changes with the hash seed.
        "print({str(n) for n in range(9)})\nprint('end')",
    )
    assert lessons.main([str(path)]) == 0
    assert capsys.readouterr().out.startswith("[1/1] good … ")
    first = path.read_bytes()
    nb = notebooks.read(path)
    assert nb.cells[0].outputs == [
        {"name": "stdout", "output_type": "stream", "text": "a\nbeside the lesson\n"}
    ]
    assert [cell.execution_count for cell in nb.cells] == [1, 2, 3]
    (drawn,) = nb.cells[1].outputs
    alt = "A line that rises from 1 to 3 and falls to 2, in black."
    assert drawn.metadata == {"image/png": {"alt": alt, "height": 385, "width": 594}}
    assert nb.cells[1].metadata == {"mystnb": {"image": {"alt": alt}}}
    assert notebooks.text(notebooks.canonical(nb)).encode() == first
    assert lessons.main([str(tmp_path)]) == 0
    assert path.read_bytes() == first


def test_a_failing_lesson_stays_as_it_was_and_the_others_still_run(tmp_path, capsys):
    bad = stored(tmp_path, "a_bad", "print(1)", "def f():\n    raise ValueError('lr=-1')\n\nf()")
    good = stored(tmp_path, "b_good", "print(1)")
    before = bad.read_bytes(), good.read_bytes()
    assert lessons.main([str(tmp_path)]) == 1
    assert bad.read_bytes() == before[0]
    assert good.read_bytes() != before[1]
    captured = capsys.readouterr()
    assert "[1/2] a_bad … failed\n[2/2] b_good … " in captured.out
    assert captured.err.splitlines() == [
        f"{bad} is unchanged: cell step-2 ends in ValueError: lr=-1, at f()",
        "1 of 2 failed: a_bad.",
    ]


@pytest.mark.parametrize(
    "source, complaint",
    [
        ("import sys\nprint('oh', file=sys.stderr)", "step-1 writes to stderr"),
        ("print('/home/me/x')", "step-1's output holds a path of one machine"),
        ("object()", "step-1's output holds a memory address"),
        ("assert 1 > 2  # why", "step-1 ends in AssertionError, at assert 1 > 2  # why$"),
        ("x = (", "step-1 ends in SyntaxError: "),
        (ENDLESS, "step-1 runs for more than 2 s"),
        ("import os\nos._exit(1)", "step-1 ends its kernel"),
    ],
)
def test_outputs_that_are_unfit_to_be_stored_are_refused(tmp_path, source, complaint):
    nb = new_notebook(cells=[new_code_cell(source, id="step-1")])
    # Only what never ends has little time: a slow machine may need some for the others.
    with pytest.raises(lessons.LessonError, match=complaint):
        lessons.execute(nb, tmp_path, cell_seconds=2 if source == ENDLESS else 300)


def test_an_expected_exception_is_stored(tmp_path):
    cell = new_code_cell("1 / 0", id="step-1", metadata={"tags": ["raises-exception"]})
    nb = lessons.execute(new_notebook(cells=[cell]), tmp_path)
    assert nb.cells[0].outputs[0].ename == "ZeroDivisionError"


@pytest.mark.parametrize("wrong", ["none.ipynb", "notes.md", "empty", "broken.ipynb"])
def test_one_wrong_path_is_one_sentence_and_nothing_runs(tmp_path, capsys, wrong):
    good = stored(tmp_path, "good", "print(1)")
    before = good.read_bytes()
    (tmp_path / "notes.md").touch()
    (tmp_path / "broken.ipynb").write_text("not JSON")
    (tmp_path / "empty").mkdir()
    assert lessons.main([str(good), str(tmp_path / wrong)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert str(tmp_path / wrong) in captured.err and captured.err.endswith("Nothing was executed.\n")
    assert good.read_bytes() == before


def test_another_environment_than_the_locked_one_is_refused(tmp_path, capsys, monkeypatch):
    path = stored(tmp_path, "good", "print(1)")
    before = path.read_bytes()
    monkeypatch.setattr(lessons, "different_from_lock", lambda: ["torch 1.0 instead of 2.0"])
    assert lessons.main([str(path)]) == 1
    assert "torch 1.0 instead of 2.0" in capsys.readouterr().err
    assert path.read_bytes() == before
