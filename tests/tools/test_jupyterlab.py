"""The learner's copy of the exercises: complete, and never overwritten."""

import json
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import lab
from tools.lab import EMPTY_TEXT, add_missing, renew
from tools.lock import portable

ASK = """
import json
from jupyter_core.paths import jupyter_path
from jupyterlab_server.config import get_page_config
from jupyterlab_server.settings_utils import _get_overrides

overrides, error = _get_overrides("")
print(json.dumps([get_page_config(jupyter_path("labextensions")), overrides]))
"""


def test_exercises_are_copied_once_and_work_is_kept(tmp_path):
    released, copy = tmp_path / "exercises", tmp_path / "my_work"
    for slug in ("1_1_a", "1_2_b"):
        (released / slug).mkdir(parents=True)
        (released / slug / f"{slug}.ipynb").write_text("released")
    assert add_missing(released, copy) == ["1_1_a", "1_2_b"]
    (copy / "1_1_a" / "1_1_a.ipynb").write_text("my answer")
    (copy / "1_2_b" / "1_2_b.ipynb").unlink()
    assert add_missing(released, copy) == ["1_2_b"]
    assert (copy / "1_1_a" / "1_1_a.ipynb").read_text() == "my answer"


def test_no_exercises_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="make exercises"):
        add_missing(tmp_path / "exercises", tmp_path / "my_work")
    assert not (tmp_path / "my_work").exists()


def test_a_lock_holds_nothing_of_one_machine():
    frozen = [
        "torch==2.13.0+cpu",
        "nvidia-cublas==13.0",
        "triton==3.6.0",
        "-e git+https://x#egg=y",
        "numpy==2.4.6",
    ]
    assert portable(frozen) == ["numpy==2.4.6", "torch==2.13.0"]
    assert portable(["torch @ file:///wheels/torch-2.13.0+cpu-cp311-cp311-linux.whl"]) == ["torch==2.13.0"]


# --- a newer release ---


def notebook(*cells, release="new"):
    nb = new_notebook(cells=list(cells), metadata={"course_release": release})
    return nb


def question(source, name="double"):
    about = {"grade": False, "locked": False, "solution": True, "task": False, "schema_version": 3}
    return new_code_cell(source, id=name, metadata={"nbgrader": about | {"grade_id": name}})


def stored(nb, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(nb), encoding="utf-8")
    return path


RELEASED = [
    new_markdown_cell("# New words", id="title"),
    question("def double(x):\n    raise NotImplementedError()"),
    new_code_cell("course_check()", id="summary"),
    new_markdown_cell(EMPTY_TEXT, id="explain-answer"),
]


def test_answers_come_over_into_a_newer_release_and_the_old_file_stays(tmp_path):
    released, mine = tmp_path / "exercises", tmp_path / "my_work"
    stored(notebook(*RELEASED), released / "1_1_a" / "1_1_a.ipynb")
    old = notebook(
        new_markdown_cell("# Old words", id="title"),
        question("def double(x):\n    return 2 * x"),
        new_code_cell("double(3)  # my own", id="mine"),
        new_code_cell("assert double(2) == 4", id="old-test", metadata={"nbgrader": {"grade_id": "test"}}),
        new_markdown_cell("Since 2x is x + x.", id="explain-answer"),
        release="old",
    )
    path = stored(old, mine / "1_1_a" / "1_1_a.ipynb")
    before = path.read_bytes()
    (said,) = renew(released, mine)
    assert "your answers are in the new release" in said
    now = nbformat.read(path, as_version=4)
    assert [cell.source for cell in now.cells] == [
        "# New words",
        "def double(x):\n    return 2 * x",
        "double(3)  # my own",
        "course_check()",
        "Since 2x is x + x.",
    ]
    assert path.with_name("1_1_a.before.ipynb").read_bytes() == before
    assert renew(released, mine) == [], "the second time there is nothing to do"


def test_each_old_file_is_kept(tmp_path):
    released, mine = tmp_path / "exercises", tmp_path / "my_work"
    path = stored(notebook(*RELEASED), mine / "1_1_a" / "1_1_a.ipynb")
    for number in range(3):
        stored(notebook(*RELEASED, release=str(number)), released / "1_1_a" / "1_1_a.ipynb")
        renew(released, mine)
    kept = sorted(file.name for file in path.parent.glob("*.ipynb"))
    assert kept == ["1_1_a.before.2.ipynb", "1_1_a.before.3.ipynb", "1_1_a.before.ipynb", "1_1_a.ipynb"]


def test_what_cannot_be_read_is_left_alone(tmp_path):
    released, mine = tmp_path / "exercises", tmp_path / "my_work"
    stored(notebook(*RELEASED), released / "1_1_a" / "1_1_a.ipynb")
    (mine / "1_1_a").mkdir(parents=True)
    (mine / "1_1_a" / "1_1_a.ipynb").write_text("{")
    (said,) = renew(released, mine)
    assert "is left as it is" in said and (mine / "1_1_a" / "1_1_a.ipynb").read_text() == "{"


def test_jupyterlab_opens_with_validate_and_without_what_is_not_a_learners(monkeypatch):
    """Asked of JupyterLab's server itself, in the environment that it is started with."""
    asked = {}

    def run(command, env):
        assert command[2] == "jupyterlab"
        asked["done"] = subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, text=True)
        return asked["done"]

    monkeypatch.setattr(lab, "subprocess", SimpleNamespace(run=run))
    for name in ("renew", "add_missing"):
        monkeypatch.setattr(lab, name, lambda *paths: [])
    lab.main([])
    assert asked["done"].returncode == 0, asked["done"].stderr
    page, settings = json.loads(asked["done"].stdout)
    assert {"@jupyter/nbgrader:create-assignment", "@jupyter/nbgrader:menu"} <= set(
        page["disabledExtensions"]
    )
    assert "@jupyter/nbgrader:validate-assignment" not in page["disabledExtensions"]
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
