"""The canonical form: what it repairs, what it leaves to a person, and that it is one form."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from tools import notebooks


# Built by hand: nbformat's own constructors validate, and so repair, what these tests want to be wrong.
def notebook(*cells):
    return nbformat.from_dict({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def words(source, id="some-words"):
    return nbformat.from_dict({"cell_type": "markdown", "id": id, "metadata": {}, "source": source})


def code(source="x = 1", id="a-cell", outputs=(), count=None, **metadata):
    cell = {"cell_type": "code", "id": id, "metadata": metadata, "source": source}
    return nbformat.from_dict(cell | {"outputs": list(outputs), "execution_count": count})


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def messy():
    nb = notebook(
        words("# Adam's first step  \n\nWhy?\n\n", id="c0ffee00"),
        code(
            "print(1)   \r\nprint(2)\n",
            id="0f1e2d3c",
            count=3,
            outputs=[
                stream("1\n"),
                stream("2\n"),
                new_output(
                    "execute_result",
                    {"text/plain": "f", "image/png": "eA==", "application/vnd.jupyter.widget-view+json": {}},
                    metadata={
                        "needs_background": "light",
                        "image/png": {"width": 5, "height": 4, "alt": "A curve.", "x": 1},
                    },
                    execution_count=3,
                ),
            ],
            tags=["remove-cell", "a", "a"],
            execution={"iopub.execute_input": "2026"},
            collapsed=True,
            jupyter={"source_hidden": True, "outputs_hidden": False},
            mystnb={"image": {"alt": "words"}},
        ),
        code("y = 2", id="Second Cell", count=8, deletable=False, editable=True),
    )
    nb.metadata = nbformat.from_dict(
        {"widgets": {}, "toc": {}, "kernelspec": {"name": "mine", "display_name": "M"}, "language_info": {}}
    )
    return nb


def test_canonical_form_of_a_messy_notebook():
    nb = notebooks.canonical(messy())
    assert nb.metadata == notebooks.NOTEBOOK_METADATA
    assert (nb.nbformat, nb.nbformat_minor) == (4, 5)
    assert [cell.id for cell in nb.cells] == ["adams-first-step", "print-1", "second-cell"]
    title, first, second = nb.cells
    assert title.source == "# Adam's first step\n\nWhy?"
    assert first.source == "print(1)\nprint(2)"
    assert first.metadata == {
        "jupyter": {"source_hidden": True},
        "mystnb": {"image": {"alt": "A curve."}},
        "tags": ["a", "remove-cell"],
    }
    printed, drawn = first.outputs
    assert printed.text == "1\n2\n"
    assert set(drawn.data) == {"text/plain", "image/png"}
    assert drawn.metadata == {"image/png": {"width": 5, "height": 4, "alt": "A curve."}}
    assert [first.execution_count, second.execution_count, drawn.execution_count] == [1, 2, 1]
    assert second.metadata == {"deletable": False}


def test_canonical_form_is_reached_in_one_step_and_leaves_its_input_alone():
    nb = messy()
    before = json.dumps(nb)
    once = notebooks.canonical(nb)
    assert json.dumps(nb) == before
    assert notebooks.text(notebooks.canonical(once)) == notebooks.text(once)
    assert notebooks.lint(once) == []
    nbformat.validate(once)


def test_written_file_is_read_back_the_same(tmp_path):
    path = tmp_path / "n.ipynb"
    notebooks.write(messy(), path)
    written = path.read_bytes()
    assert written.startswith(b'{\n "cells": [\n') and written.endswith(b"}\n")
    assert "Adam's" in written.decode()
    notebooks.write(notebooks.read(path), path)
    assert path.read_bytes() == written
    assert [p.name for p in tmp_path.iterdir()] == ["n.ipynb"]


def test_letters_beyond_ascii_are_stored_as_themselves(tmp_path):
    notebooks.write(notebook(words("η → 0", id="rate")), tmp_path / "n.ipynb")
    assert "η → 0" in (tmp_path / "n.ipynb").read_text(encoding="utf-8")


def test_an_invalid_notebook_is_not_written(tmp_path):
    nb = notebook(code(outputs=[nbformat.from_dict({"output_type": "stream", "name": "stdout", "text": 3})]))
    with pytest.raises(notebooks.NotebookError, match="not written"):
        notebooks.write(nb, tmp_path / "n.ipynb")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "cell, name",
    [
        (words("Words first.\n\n## Adam: the *rule*", id="deadbeef"), "adam-the-rule"),
        (words("**Predict.** What?", id="1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"), "predict-what"),
        (words("$$η$$", id="12345678"), "words"),
        (code("import torch\nx = 1", id="cell-0123456789abcdef"), "import-torch"),
        (code("", id="0badcafe"), "code"),
        (code("x", id="0badcafe", nbgrader={"grade_id": "test_adam_1"}), "test-adam-1"),
        (code("x", id="facade"), "facade"),
        (code("x", id="adam-first-step"), "adam-first-step"),
    ],
)
def test_ids_are_kept_if_a_person_wrote_them_and_derived_otherwise(cell, name):
    assert notebooks.canonical(notebook(cell)).cells[0].id == name


def test_ids_are_unique_and_a_persons_own_id_wins():
    cells = [code("x = 1", id="00000001"), code("x = 1", id="00000002"), code(id="x-1"), code(id="x-1")]
    ids = [cell.id for cell in notebooks.canonical(notebook(*cells)).cells]
    assert ids == ["x-1-2", "x-1-3", "x-1", "x-1-4"]


def test_a_cell_without_an_id_gets_one():
    cell = code("import torch")
    del cell["id"]
    assert notebooks.canonical(notebook(cell)).cells[0].id == "import-torch"


def test_the_source_of_a_released_cell_is_left_alone():
    """nbgrader compares its checksum with the source, to the last blank."""
    cell = code("x = 1  \n\n", nbgrader={"checksum": "0", "grade_id": "q"})
    assert notebooks.canonical(notebook(cell)).cells[0].source == "x = 1  \n\n"


@pytest.mark.parametrize(
    "written, canonical",
    [
        ({"answer"}, {"answer", "hide-output"}),
        ({"answer", "hide-input"}, {"answer", "hide-input", "hide-output"}),
        ({"answer", "hide-cell"}, {"answer", "hide-cell"}),
    ],
)
def test_an_answer_brings_what_hides_it_and_takes_it_away(written, canonical):
    cell = code(tags=sorted(written), mystnb={"code_prompt_show": "Show the curves"})
    (hidden,) = notebooks.canonical(notebook(cell)).cells
    assert set(hidden.metadata.tags) == canonical
    assert hidden.metadata.jupyter == {"outputs_hidden": True}
    assert hidden.metadata.mystnb == {"code_prompt_show": "Show the curves"}
    assert notebooks.canonical(notebook(hidden)).cells[0].metadata == hidden.metadata
    hidden.metadata.tags.remove("answer")
    (shown,) = notebooks.canonical(notebook(hidden)).cells
    assert set(shown.metadata.get("tags", [])) == written - {"answer"}
    assert ("jupyter" in shown.metadata) == ("hide-cell" in written)


def test_only_an_answer_or_a_hidden_cell_keeps_its_output_folded_in_the_notebook():
    """JupyterLab notes what an author happened to fold, and unfolds what is run: neither is meant."""
    folded = {"outputs_hidden": True, "source_hidden": True}
    cells = [code(id="any", jupyter=folded), code(id="solution", jupyter=folded, tags=["hide-cell"])]
    any_cell, solution = notebooks.canonical(notebook(*cells)).cells
    assert any_cell.metadata == {"jupyter": {"source_hidden": True}}
    assert solution.metadata == {"jupyter": folded, "tags": ["hide-cell"]}


@pytest.mark.parametrize(
    "outputs, kept",
    [
        ([({"image/png": ""}, {"image/png": {"alt": "new"}})], {"alt": "new", "width": "50%"}),
        ([({"image/png": ""}, {})], {"alt": "old", "width": "50%"}),  # drawn by something else
        ([({"text/plain": ""}, {"image/png": {"alt": "new"}})], {"width": "50%"}),
        ([], {"width": "50%"}),
    ],
    ids=["described", "undescribed", "no picture", "no output"],
)
def test_the_picture_says_what_the_cell_says_of_it(outputs, kept):
    """The page takes the alt text from the cell; `plotting.show` wrote it beside the picture."""
    drawn = [new_output("display_data", data, metadata=about) for data, about in outputs]
    cell = code(outputs=drawn, mystnb={"image": {"alt": "old", "width": "50%"}, "code_prompt_show": "Show"})
    (described,) = notebooks.canonical(notebook(cell)).cells
    assert described.metadata.mystnb == {"image": kept, "code_prompt_show": "Show"}


def test_an_alt_text_that_belongs_to_no_picture_leaves_nothing_behind():
    (cell,) = notebooks.canonical(notebook(code(mystnb={"image": {"alt": "old"}}))).cells
    assert cell.metadata == {}


def test_cells_run_out_of_order_are_not_renumbered():
    nb = notebook(code(id="one", count=2), code(id="two", count=1))
    assert [cell.execution_count for cell in notebooks.canonical(nb).cells] == [2, 1]
    assert "[2, 1], not 1 to 2" in notebooks.lint(nb)[0]


@pytest.mark.parametrize(
    "cells, complaint",
    [
        ([code(id="0badcafe")], "random id 0badcafe"),
        ([code(id="Two_Words")], "lower-case words joined by hyphens"),
        ([code(), code()], "which another cell has already"),
        ([code(id="a", count=1), code(id="b")], r"\[1, None\], not 1 to 2"),
        ([code("")], "is empty"),
        ([code("open('/home/me/x')")], r"source holds a path of one machine \(/home/me/x\)"),
        ([code(outputs=[stream("/tmp/x\n")])], r"output holds a path of one machine \(/tmp/x\)"),
        ([code(outputs=[stream("C:\\Users\\me")])], "path of one machine"),
        ([code(outputs=[stream("~/a/lib/site-packages/torch/x.py")])], "path of one machine"),
        ([words("see file:///root/x", id="a")], "path of one machine"),
        ([code(outputs=[stream("Warning!\n", "stderr")])], r"stderr \(Warning!\)"),
        ([code(outputs=[new_output("error", ename="ValueError", evalue="x")])], "ends in ValueError"),
        ([code("a = 1\nb = runs.median(dim=1).values")], r"quantile\(0.5\), or say in a comment"),
        ([code(outputs=[stream("<X at 0x7f3a12345678>")])], "memory address"),
        (
            [code(outputs=[new_output("display_data", {"text/html": "<X at 0x7f3a12345678>"})])],
            "memory address",
        ),
    ],
)
def test_lint_says_what_a_person_must_mend(cells, complaint):
    sentences = notebooks.lint(notebook(*cells))
    assert len(sentences) == 1, sentences
    assert re.search(complaint, sentences[0])


@pytest.mark.parametrize(
    "cell",
    [
        code("url = 'https://example.org/home/x'", count=1),
        code("p = '../work/data.json'"),
        code("installed = 'in site-packages'"),
        code(outputs=[new_output("display_data", {"image/png": "/tmp/AAAA"})]),
        code(outputs=[new_output("error", ename="ValueError", evalue="x")], tags=["raises-exception"]),
        code("", nbgrader={"grade_id": "hidden"}),
        code("at = 0x7f3a12345678"),
        code("import statistics\nmiddle = statistics.median(runs)"),
        code("middle = runs.median()  # of three"),
    ],
)
def test_lint_leaves_good_cells_alone(cell):
    assert notebooks.lint(notebook(cell)) == []


@pytest.mark.parametrize(
    "name, text, words",
    [
        ("a.py", "", "is no notebook"),
        ("a.ipynb", None, "does not exist"),
        ("a.ipynb", "not JSON", "must hold JSON"),
        ("a.ipynb", "[]", "list of cells"),
        ("a.ipynb", '{"cells": [], "nbformat": 5}', "format 4 is needed"),
        ("a.ipynb", '{"worksheets": [], "nbformat": 3}', "format 4 is needed"),
        ("a.ipynb", '{"cells": [{"cell_type": "x"}], "nbformat": 4}', "cell 1 must be"),
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path, name, text, words):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(notebooks.NotebookError, match=words):
        notebooks.read(tmp_path / name)


def test_find_takes_files_and_folders_once_each(tmp_path):
    for name in ("b.ipynb", "a.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb", "notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert notebooks.find(tmp_path / "b.ipynb", tmp_path) == [tmp_path / "b.ipynb", tmp_path / "a.ipynb"]
    (tmp_path / "empty").mkdir()
    for wrong, complaint in (
        ("none", "does not exist"),
        ("notes.md", "no notebook"),
        ("empty", "holds no notebook"),
    ):
        with pytest.raises(notebooks.NotebookError, match=complaint):
            notebooks.find(tmp_path / wrong)


# --- as a text to compare ----------------------------------------------------------------------------------


def shown_by_many(alt="Two curves fall.", number="0.5"):
    figure = new_output("display_data", {"image/png": "iVBORw0KGgo="}, metadata={"image/png": {"alt": alt}})
    player = new_output("display_data", {"text/html": "<div>a whole player</div>", "text/plain": "a player"})
    return notebook(
        words("# Title\n\nWords."),
        code("fit()", id="run", tags=["hide-input"], outputs=[stream(f"loss {number}\n"), figure, player]),
        code("1 / 0", id="fails", outputs=[new_output("error", ename="ZeroDivisionError", evalue="by zero")]),
    )


def test_a_notebook_reads_as_text():
    figure = hashlib.sha256(b"iVBORw0KGgo=").hexdigest()[:8]
    player = hashlib.sha256(b"<div>a whole player</div>").hexdigest()[:8]
    assert (
        notebooks.readable(shown_by_many())
        == f"""[markdown] some-words
# Title

Words.

[code] run hide-input
fit()
--> stdout
loss 0.5
--> figure {figure} alt='Two curves fall.'
--> text/html {player}
--> text/plain
a player

[code] fails
1 / 0
--> ZeroDivisionError: by zero
"""
    )


@pytest.mark.parametrize("change", [{"alt": "Two curves rise."}, {"number": "0.6"}])
def test_what_a_reader_sees_otherwise_reads_otherwise(change):
    assert notebooks.readable(shown_by_many()) != notebooks.readable(shown_by_many(**change))


def test_other_metadata_is_shown_and_execution_counts_are_not():
    cell = code(id="question", nbgrader={"grade_id": "learn", "points": 4})
    other = code(id="question", nbgrader={"grade_id": "learn", "points": 5}, count=7)
    assert '[code] question {"nbgrader": {"grade_id": "learn", "points": 4}}' in notebooks.readable(
        notebook(cell)
    )
    assert notebooks.readable(notebook(other)) == notebooks.readable(notebook(cell)).replace("4", "5")


def git(folder, *arguments):
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@b", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed: its diff was not tried")
def test_git_shows_the_difference_of_the_texts_also_of_a_broken_notebook(tmp_path):
    root = Path(__file__).parents[2]
    shutil.copy(root / ".gitattributes", tmp_path)
    (tmp_path / "tools").symlink_to(root / "tools")
    (configured,) = re.findall(r"(textconv) \"(.*)\"", (root / "Makefile").read_text(encoding="utf-8"))
    git(tmp_path, "init", "--quiet")
    command = configured[1].replace("$(BIN)/python", sys.executable)
    git(tmp_path, "config", "diff.notebook.textconv", command)
    path = tmp_path / "1_1_lesson.ipynb"
    notebooks.write(shown_by_many(), path)
    git(tmp_path, "add", path)
    git(tmp_path, "commit", "--quiet", "-m", "one")
    notebooks.write(shown_by_many(number="0.6"), path)
    changed = [line for line in git(tmp_path, "diff").splitlines() if line[:1] in "+-"]
    assert changed[2:] == ["-loss 0.5", "+loss 0.6"]
    path.write_text("<<<<<<< ours\n", encoding="utf-8")
    assert "+<<<<<<< ours" in git(tmp_path, "diff").splitlines()


def test_a_path_that_is_not_there_is_an_error(tmp_path, capsys):
    assert notebooks.main([str(tmp_path / "none.ipynb")]) == 1
    assert "does not exist" in capsys.readouterr().err
    assert notebooks.main([]) == 2
