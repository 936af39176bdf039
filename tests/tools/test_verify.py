"""The checks beside nbval: what passes, what is caught, and what would pass without them."""

import copy
import functools
import io
import os
import re
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

from course_lib import plotting
from tools import lessons, notebooks, verify

pytestmark = pytest.mark.deep

CURVE = """
import matplotlib.pyplot as plt
from course_lib import plotting
plotting.use_style()
end = {}
fig, ax = plt.subplots(figsize=(4, 3))
ax.plot([1, 3, end], color="black")
plotting.show(fig, alt=f"A black line that rises from 1 to 3 and then falls to {{end:.0f}}.")
"""
COMPUTE = "began = time.process_time()\nwhile time.process_time() < began + 3.5:\n    pass"


def run(folder, *options):
    """nbval with the plugin over `folder`: {(notebook, cell number): outcome}, and all that was printed."""
    command = [sys.executable, "-m", "pytest", "-p", "tools.verify", "-p", "no:cacheprovider", "-rA"]
    command += ["--nbval", "--nbval-cell-timeout=600", f"--rootdir={folder}", *options, str(folder)]
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

    def misdescribed(printed, shown, curve):
        (picture,) = curve.outputs
        picture.metadata["image/png"]["alt"] = "A black line that rises from 1 to 3 and then falls to 1.9."

    store("misdescribed", misdescribed)

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
    "name, cell",
    [("number", 1), ("words", 0), ("stale", 2), ("vanished", 2), ("misdescribed", 2)],
    ids=lambda x: str(x),
)
def test_a_stored_output_that_lies_fails_in_its_cell_only(outcomes, name, cell):
    results, _ = outcomes
    assert [results[name, n] for n in range(3)] == ["FAILED" if n == cell else "PASSED" for n in range(3)]


def test_the_message_says_which_figure_is_stale(outcomes):
    assert re.search(r"Figure 1 of cell curve is stale: .* differs by \d+ near pixel", outcomes[1])


def test_the_message_says_where_the_alt_text_is_stale(outcomes):
    assert "The alt text of cell curve is stale: stored is '1.9.', but the run says '2.': run" in outcomes[1]


def test_ignored_cells_are_exempt_figures_too(outcomes):
    assert {outcomes[0]["ignored", cell] for cell in range(3)} == {"PASSED"}


def test_nbval_passes_a_cell_that_was_never_executed(outcomes):
    """Why tests/lessons/test_canonical.py wants an execution count in every cell."""
    assert outcomes[0]["unexecuted", 1] == "PASSED"


def test_a_notebook_that_computes_too_long_fails_where_it_crosses_the_limit(tmp_path):
    """However busy the machine is: what it does beside counts for nothing, and neither does waiting."""
    sources = {"wait": "import time; time.sleep(3)", "compute": COMPUTE, "go-on": "1;"}
    cells = [new_code_cell(source, id=name) for name, source in sources.items()]
    notebooks.write(new_notebook(cells=cells), tmp_path / "slow.ipynb")
    results, report = run(tmp_path, "--notebook-seconds=3")
    assert [results["slow", n] for n in range(3)] == ["PASSED", "FAILED", "PASSED"]
    assert re.search(r"has computed for \d s, but 3 s are the limit", report)


def test_every_run_in_this_repository_loads_the_plugin(pytestconfig):
    assert pytestconfig.pluginmanager.has_plugin("tools.verify")


# What the tolerance means, on a picture of two panels, one curve each. Shifts are in pixels of a page,
# each of which is two of those stored.
@functools.cache
def picture(shift=0.0, title="loss 0.123", color="C0", width=5, last=0.0, text=""):
    x = np.linspace(0, 1, 200)
    y = np.exp(-3 * x) * np.cos(12 * x)
    y[-20:] += last
    with plt.rc_context(plotting.STYLE):
        figure, panels = plt.subplots(2, 1, figsize=(width, 5))
        for panel in panels:
            panel.set_ylim(-1, 1.2)
            panel.set_title(title)
            panel.text(0.6, 0.8, text)
        figure.draw_without_rendering()
        for panel in panels:
            pixel = 2.2 / panel.get_window_extent().height
            panel.plot(x, y + (shift * pixel if panel is panels[0] else 0), color=color)
        return plotting.png(figure)


@pytest.mark.parametrize("harmless", [{}, {"shift": 0.05}, {"shift": 0.1}, {"shift": -0.1}], ids=str)
def test_a_difference_that_the_eye_does_not_see_passes(harmless):
    assert verify.compare(picture(), picture(**harmless)) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"shift": 0.5},
        {"shift": 1},
        {"last": 0.05},
        {"title": "loss 0.128"},
        {"text": "."},
        {"color": "C1"},
    ],
    ids=str,
)
def test_a_changed_curve_digit_or_colour_is_caught(change):
    assert "differs by" in verify.compare(picture(), picture(**change))


def test_another_size_is_caught():
    difference = verify.compare(picture(), picture(width=4))
    assert "1100 x 1100 pixels, but the cell draws 880 x 1100" in difference


def plain(*shades, size=(100, 70)):
    """A white picture; where shades are given as (box, shade), with these rectangles in it."""
    pixels = Image.new("RGB", size, "white")
    for box, shade in shades:
        pixels.paste(shade, box)
    stored = io.BytesIO()
    pixels.save(stored, format="png")
    return stored.getvalue()


def test_black_and_white_differ():
    """In unsigned bytes 0 - 255 is 1: there would be no difference."""
    assert "differs by 255" in verify.compare(plain(), plain(((0, 0, 100, 70), "black")))


@pytest.mark.parametrize(
    "corner, place",
    [((0, 0), (0, 0)), ((64, 32), (64, 32)), ((96, 64), (96, 64)), ((99, 69), (96, 64))],
    ids=str,
)
def test_squares_overlap_by_half_and_reach_into_the_last_corner(corner, place):
    """The mean is over a square of 64 pixels, or what the picture's edges leave of it."""
    x, y = corner
    changed = plain(((x, y, min(x + 64, 100), min(y + 64, 70)), "black"))
    assert f"differs by 255 near pixel {place}" in verify.compare(plain(), changed) or corner == (99, 69)
    dot = verify.compare(plain(), plain(((x, y, x + 1, y + 1), "black")), tolerance=0)
    wide, high = min(100 - place[0], 64), min(70 - place[1], 64)
    assert f"differs by {255 / (wide * high) ** 0.5:.0f} near pixel {place}" in dot
