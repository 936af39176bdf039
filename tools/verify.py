"""A pytest plugin beside nbval: it checks what nbval leaves out, in the same run of the notebook.

nbval --nbval re-executes each notebook and compares every text that it prints. This plugin takes the figures
of that run and compares them with the stored ones, and adds up the time that a notebook takes.
The root's conftest.py loads it.
"""

import base64
import io
import os
import time

import numpy as np
import pytest
from matplotlib.testing.compare import calculate_rms
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell
from PIL import Image

from tools.lessons import kernel_environment

# A figure is compared square by square: over a whole picture, one changed curve drowns in white.
SQUARE = 32  # pixels
# Root mean square of the differences of 0..255 colour values, in the worst square. tests/tools/test_verify.py
# shows what that lets pass (antialiasing, a line moved by a tenth of a pixel) and what not (a changed digit).
TOLERANCE = 10.0
# A lesson may take 60 s on two idle cores; tools.lessons watches that when outputs are stored. Here three
# times that: a busy machine must not fail a correct lesson.
NOTEBOOK_SECONDS = 180.0


def pytest_addoption(parser):
    parser.addoption(
        "--notebook-seconds",
        type=float,
        default=NOTEBOOK_SECONDS,
        help="With --nbval: the longest that a whole notebook may run (default: %(default)s).",
    )


def pytest_configure(config):
    if config.option.nbval:
        os.environ.update(kernel_environment())
        config.option.nbval_current_env = True
        RunningKernel.execute_cell_input = _execute_as_jupyter_does


def _execute_as_jupyter_does(self, source, allow_stdin=None):
    # nbval leaves the cell out of the history, where IPython looks for a final ";": it would show the value
    # that the ";" hides.
    return self.kc.execute(source, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)


def pytest_report_header(config):
    if config.option.nbval:
        return f"notebooks: texts and figures compared, {config.option.notebook_seconds:g} s each at most"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    start = time.perf_counter()
    result = yield
    if isinstance(item, IPyNbCell):
        _check_figures(item)
        _check_time(item, time.perf_counter() - start)
    return result


def _check_figures(item):
    # nbval sets "check" to False in cells whose output it ignores: timings, and what needs a GPU.
    if not item.options["check"]:
        return
    stored, fresh = figures(item.cell.outputs), figures(item.test_outputs)
    if len(stored) != len(fresh):
        item.raise_cell_error(
            f"The cell draws {len(fresh)} figures, but {len(stored)} are stored: run make lessons."
        )
    for number, (old, new) in enumerate(zip(stored, fresh, strict=True), start=1):
        if difference := compare(old, new):
            item.raise_cell_error(f"Figure {number} of cell {item.cell.id} is stale: {difference}")


def _check_time(item, seconds):
    notebook, limit = item.parent, item.config.option.notebook_seconds
    before = getattr(notebook, "seconds", 0.0)
    notebook.seconds = before + seconds
    if before <= limit < notebook.seconds:
        item.raise_cell_error(
            f"With this cell the notebook has run for {notebook.seconds:.0f} s, "
            f"but {limit:g} s are the limit: make it do less."
        )


def figures(outputs):
    """The pictures among a cell's outputs, as PNG bytes."""
    return [
        base64.b64decode(output["data"]["image/png"])
        for output in outputs
        if "image/png" in output.get("data", {})
    ]


def compare(stored, fresh, tolerance=TOLERANCE):
    """One sentence on how two pictures (PNG bytes) differ; an empty one if the eye would not see it."""
    old, new = _pixels(stored), _pixels(fresh)
    if old.shape != new.shape:
        (high, wide), (new_high, new_wide) = old.shape[:2], new.shape[:2]
        return f"it has {wide} x {high} pixels, but the cell draws {new_wide} x {new_high}: run make lessons."
    worst, x, y = max(
        (calculate_rms(_square(old, x, y), _square(new, x, y)), x, y)
        for y in range(0, old.shape[0], SQUARE // 2)
        for x in range(0, old.shape[1], SQUARE // 2)
    )
    if worst <= tolerance:
        return ""
    return (
        f"what the cell draws differs by {worst:.0f} near pixel ({x}, {y}), "
        f"but at most {tolerance:g} is allowed: run make lessons, and look at the figure."
    )


def _square(pixels, x, y):
    return pixels[y : y + SQUARE, x : x + SQUARE]


def _pixels(png):
    # Signed, since calculate_rms subtracts first: in unsigned bytes 0 - 255 would be 1.
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.int16)
