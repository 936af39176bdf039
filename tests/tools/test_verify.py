"""The checks beside nbval: what passes, what is caught, and what would pass without them."""

import copy
import io
import os
import re
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import lessons, notebooks, verify

CURVE = "import matplotlib.pyplot as plt\nplt.figure(figsize=(4, 3))\nplt.plot([1, 3, {}])\nplt.show()"


def run(folder, *options):
    """nbval with the plugin over `folder`: {(notebook, cell number): outcome}, and all that was printed."""
    command = [sys.executable, "-m", "pytest", "-p", "tools.verify", "-p", "no:cacheprovider", "-rA"]
    command += ["--nbval", "--nbval-cell-timeout=60", f"--rootdir={folder}", *options, str(folder)]
    result = subprocess.run(
        command,
        cwd=lessons.ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
    )
    found = re.findall(r"^(PASSED|FAILED|ERROR) \S*?(\w+)\.ipynb::Cell (\d)", result.stdout, re.MULTILINE)
    return {(name, int(cell)): outcome for outcome, name, cell in found}, result.stdout


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """One executed notebook, and copies of it that each lie about one thing."""
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [
        new_code_cell("print('loss', 0.123)", id="printed"),
        new_code_cell("2 + 3", id="shown"),
        new_code_cell(CURVE.format(2), id="curve"),
        new_code_cell("2 + 3;", id="hidden-by-semicolon"),
    ]
    good = lessons.execute(new_notebook(cells=cells), folder)

    def store(name, change):
        nb = copy.deepcopy(good)
        change(*nb.cells[:3])
        notebooks.write(nb, folder / f"{name}.ipynb")

    store("good", lambda printed, shown, curve: None)
    store("number", lambda printed, shown, curve: shown.outputs[0].data.update({"text/plain": "6"}))
    store("words", lambda printed, shown, curve: printed.outputs[0].update(text="loss 0.124\n"))
    store("stale", lambda printed, shown, curve: curve.update(source=CURVE.format(2.1)))
    store("vanished", lambda printed, shown, curve: curve.update(source="plt = None", outputs=curve.outputs))

    def untold(printed, shown, curve):
        printed.outputs[0].text = "loss 0.124\n"
        curve.source = CURVE.format(2.1)
        for cell in (printed, curve):
            cell.metadata["tags"] = ["nbval-ignore-output"]

    store("ignored", untold)

    def unexecuted(printed, shown, curve):
        shown.source = "2 + 4"
        shown.update(execution_count=None, outputs=[])

    store("unexecuted", unexecuted)
    return run(folder)


def test_a_good_notebook_passes(outcomes):
    results, report = outcomes
    assert {results["good", cell] for cell in range(4)} == {"PASSED"}
    assert "notebooks: texts and figures compared" in report


@pytest.mark.parametrize(
    "name, cell", [("number", 1), ("words", 0), ("stale", 2), ("vanished", 2)], ids=lambda x: str(x)
)
def test_a_stored_output_that_lies_fails_in_its_cell_only(outcomes, name, cell):
    results, _ = outcomes
    assert [results[name, n] for n in range(3)] == ["FAILED" if n == cell else "PASSED" for n in range(3)]


def test_the_message_says_which_figure_is_stale(outcomes):
    assert re.search(r"Figure 1 of cell curve is stale: .* differs by \d+ near pixel", outcomes[1])


def test_ignored_cells_are_exempt_figures_too(outcomes):
    assert {outcomes[0]["ignored", cell] for cell in range(3)} == {"PASSED"}


def test_nbval_passes_a_cell_that_was_never_executed(outcomes):
    """Why tests/lessons/test_canonical.py wants an execution count in every cell."""
    assert outcomes[0]["unexecuted", 1] == "PASSED"


def test_a_notebook_that_runs_too_long_fails_where_it_crosses_the_limit(tmp_path):
    sources = ("import time", "time.sleep(2.5)", "time")
    cells = [new_code_cell(source, id=f"step-{n}") for n, source in enumerate(sources)]
    notebooks.write(new_notebook(cells=cells), tmp_path / "slow.ipynb")
    results, report = run(tmp_path, "--notebook-seconds=2")
    assert [results["slow", n] for n in range(3)] == ["PASSED", "FAILED", "PASSED"]
    assert re.search(r"has run for \d s, but 2 s are the limit", report)


def test_every_run_in_this_repository_loads_the_plugin(pytestconfig):
    assert pytestconfig.pluginmanager.has_plugin("tools.verify")


# What the tolerance means, on a picture of two panels, one curve each. All sizes in pixels.
def picture(shift=0.0, title="loss 0.123", color="C0", width=4, last=0.0):
    x = np.linspace(0, 1, 200)
    y = np.exp(-3 * x) * np.cos(12 * x)
    y[-20:] += last
    figure, panels = plt.subplots(1, 2, figsize=(2 * width, 3), dpi=100)
    for panel in panels:
        panel.set_ylim(-1, 1.2)
        pixel = 2.2 / panel.get_window_extent().height
        moved = shift * pixel if panel is panels[0] else 0
        panel.plot(x, y + moved, color=color)
        panel.set_title(title)
    stored = io.BytesIO()
    figure.savefig(stored, format="png", dpi=100)
    plt.close(figure)
    return stored.getvalue()


@pytest.mark.parametrize("harmless", [{}, {"shift": 0.05}, {"shift": 0.1}, {"shift": -0.1}], ids=str)
def test_a_difference_that_the_eye_does_not_see_passes(harmless):
    assert verify.compare(picture(), picture(**harmless)) == ""


@pytest.mark.parametrize(
    "change",
    [{"shift": 0.5}, {"shift": 1}, {"last": 0.05}, {"title": "loss 0.128"}, {"color": "C1"}],
    ids=str,
)
def test_a_changed_curve_digit_or_colour_is_caught(change):
    assert "differs by" in verify.compare(picture(), picture(**change))


def test_another_size_is_caught():
    assert "800 x 300 pixels, but the cell draws 1000 x 300" in verify.compare(picture(), picture(width=5))


def test_black_and_white_differ():
    """In unsigned bytes 0 - 255 is 1, and calculate_rms would see no difference."""
    figure = plt.figure(figsize=(1, 1))
    pictures = []
    for color in ("black", "white"):
        stored = io.BytesIO()
        figure.savefig(stored, format="png", facecolor=color)
        pictures.append(stored.getvalue())
    plt.close(figure)
    assert "differs by 255" in verify.compare(*pictures)
