"""`make robust`: what it finds, what it need not run again, and what it says."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import lessons, notebooks, processor, robust

pytestmark = pytest.mark.deep

SUMS = """
import torch
from course_lib import plotting
values = torch.arange(1, 2001, dtype=torch.float64) * 0.618034 % 1
sums = [values[n:].exp().sum().item() for n in range(20)]
"""
NOISE = """
plotting.use_style()
figure, ax = plotting.plt.subplots()
ax.plot([x - round(x, 12) for x in sums], color="black")
plotting.show(figure, alt="A black zigzag that shows nothing but how the sums of the last cell were rounded.")
"""
# What a notebook must not depend on is in one cell each; the names say what is expected of it.
CELLS = {
    "sums": SUMS,
    "differs-in-seventeen-digits": "print(sums)",
    "agrees-in-four-digits": "print([f'{x:.4g}' for x in sums])",
    "agrees-in-what-is-equal": "sums == [values[n:].exp().sum().item() for n in range(20)]",
    "differs-in-its-figure": NOISE,
    "differs-in-numpy": "import os\nos.environ['NPY_DISABLE_CPU_FEATURES']",
    "agrees-on-names": "'rounding' in globals(), 'processor' in globals(), 'sys' in globals()",
}


def store(path, cells):
    """A notebook at `path` with the outputs of this machine."""
    nb = new_notebook(cells=[new_code_cell(source, id=name) for name, source in cells.items()])
    notebooks.write(lessons.execute(nb, path.parent), path)
    return path


@pytest.fixture(scope="module")
def differences(tmp_path_factory):
    """What one run on another processor finds in the notebook of all the cells above."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NPY_DISABLE_CPU_FEATURES", "")
        path = store(tmp_path_factory.mktemp("lessons") / "lesson.ipynb", CELLS)
    return robust.run(path, {"PROCESSOR_SEED": "3", "NPY_DISABLE_CPU_FEATURES": "NONE"})


def test_it_finds_the_cells_that_hang_on_the_last_bit_and_no_others(differences):
    assert list(differences) == [name for name in CELLS if name.startswith("differs")]


def test_it_says_what_differs(differences):
    assert "mismatch 'stdout'" in differences["differs-in-seventeen-digits"]
    assert "Figure 1 of cell differs-in-its-figure is stale" in differences["differs-in-its-figure"]
    assert "'NONE'" in differences["differs-in-numpy"]
    assert not any("\x1b" in words or "#x1B" in words for words in differences.values())


def test_a_kernel_that_stayed_as_it_was_is_an_error(tmp_path, monkeypatch):
    path = store(tmp_path / "lesson.ipynb", {"one": "1"})
    monkeypatch.setattr(processor, "write_start_up", lambda folder: None)
    assert "did not become another processor" in robust.run(path, {"PROCESSOR_SEED": "1"})[""]


def test_what_pytest_cannot_read_is_an_error_that_quotes_it(tmp_path):
    (tmp_path / "lesson.ipynb").write_text("no JSON")
    assert "pytest could not run it:" in robust.run(tmp_path / "lesson.ipynb", {"PROCESSOR_SEED": "1"})[""]


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two notebooks and a library. Nothing is run: the list keeps which notebooks would be.

    On seed 2, the notebook bad.ipynb differs.
    """
    ran = []

    def run(path, settings):
        ran.append((path.stem, int(settings["PROCESSOR_SEED"])))
        return {"loss": "0.123 is 0.124"} if ran[-1] == ("bad", 2) else {}

    monkeypatch.setattr(robust, "run", run)
    monkeypatch.setattr(robust, "ROOT", tmp_path)
    monkeypatch.setattr(robust, "NOTEBOOKS", [tmp_path / "chapters"])
    monkeypatch.setattr(robust, "CACHE", tmp_path / ".robust")
    monkeypatch.setattr(robust, "SOURCES", [tmp_path / "course_lib", tmp_path / "requirements.lock"])
    monkeypatch.setattr(processor, "find_kernels", find_kernels)
    for name in ("course_lib/rules.py", "requirements.lock", "chapters/bad.ipynb", "chapters/good.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('{"cells": [], "nbformat": 4}')
    return tmp_path, ran


def find_kernels(cache):
    cache.parent.mkdir(exist_ok=True)
    return {"KERNELS": {"old": True, "unknown": False}}


def test_all_five_seeds_run_over_all_notebooks(course):
    robust.main([])
    assert sorted(course[1]) == [(name, seed) for name in ("bad", "good") for seed in (1, 2, 3, 4, 5)]


def test_it_says_which_seed_and_cell_differ_and_how_to_repeat_it(course, capsys):
    assert robust.main(["--seed", "1", "2"]) == 1
    said = capsys.readouterr().out
    assert "Not on this machine: KERNELS=unknown" in said
    assert "seed 2: PROCESSOR_SEED=2, OMP_NUM_THREADS=2" in said and "KERNELS=old" in said
    assert "seed 1 chapters/bad.ipynb: passed in 0 s" in said
    assert "seed 2 chapters/bad.ipynb: differs in 0 s\n    cell loss: 0.123 is 0.124\n" in said
    assert said.endswith("To repeat:\n  make robust SEED=2 ONLY=chapters/bad.ipynb\n")
    assert robust.main(["--seed", "1"]) == 0


def test_what_passed_and_has_not_changed_is_not_run_again(course, capsys):
    _, ran = course
    robust.main(["--seed", "1", "2"])
    ran.clear()
    assert robust.main(["--seed", "1", "2"]) == 1
    assert ran == [("bad", 2)]
    assert "seed 1 chapters/good.ipynb: unchanged since it passed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "changed, again",
    [
        ("chapters/good.ipynb", ["good"]),
        ("course_lib/rules.py", ["bad", "good"]),
        ("course_lib/new.py", ["bad", "good"]),
        ("requirements.lock", ["bad", "good"]),
        ("course_lib/__pycache__/rules.pyc", []),
    ],
)
def test_what_changed_is_run_again(course, changed, again):
    root, ran = course
    robust.main(["--seed", "1"])
    ran.clear()
    (root / changed).parent.mkdir(exist_ok=True)
    (root / changed).write_text('{"cells": [], "nbformat": 4, "metadata": {}}')
    robust.main(["--seed", "1"])
    assert sorted(name for name, _ in ran) == again


def test_other_code_of_the_machine_is_another_processor(course, monkeypatch):
    _, ran = course
    robust.main(["--seed", "1"])
    ran.clear()
    monkeypatch.setattr(processor, "find_kernels", lambda cache: {"KERNELS": {"new": True}})
    robust.main(["--seed", "1"])
    assert len(ran) == 2


def test_all_runs_everything(course):
    root, ran = course
    robust.main(["--seed", "1"])
    robust.main(["--seed", "1", "--all", str(root / "chapters" / "good.ipynb")])
    assert sorted(ran) == [("bad", 1), ("good", 1), ("good", 1)]


def test_long_differences_are_cut():
    shown = robust._indented("\n".join(["x" * 500] * 50)).splitlines()
    assert len(shown) < 20 and max(map(len, shown)) < 250 and shown[-1].strip() == "…"


@pytest.mark.parametrize("seed", ["0", "-1", "one", "1.5"])
def test_a_seed_is_a_whole_number_from_1_on(course, capsys, seed):
    with pytest.raises(SystemExit) as stopped:
        robust.main([f"--seed={seed}"])
    assert stopped.value.code == 2
    assert "a seed is a whole number from 1 on" in capsys.readouterr().err


def test_a_wrong_path_is_one_sentence_and_nothing_runs(course, capsys):
    assert robust.main(["nowhere"]) == 2
    assert capsys.readouterr().err == (
        "nowhere does not exist: give the path of a notebook or a folder of notebooks. Nothing was run.\n"
    )
    assert course[1] == []
