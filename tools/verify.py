"""A pytest plugin beside nbval: it checks what nbval leaves out, in the same run of the notebook.

nbval --nbval re-executes each notebook and compares every text that it prints. This plugin takes the figures
of that run and compares them with the stored ones, and adds up the time that a notebook takes.
The root's conftest.py loads it.
"""

import base64
import io
import os

import numpy as np
import psutil
import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell
from PIL import Image

from tools import warm_kernels
from tools.lessons import kernel_environment

# A figure is compared square by square: over a whole picture, one changed curve drowns in white.
SQUARE = 64  # pixels: 32 of a page's, since a figure is stored at twice its size
# Root mean square of the differences of 0..255 colour values, in the worst square. tests/tools/test_verify.py
# shows what that lets pass (antialiasing, a line moved by a tenth of a page's pixel) and what not (a changed
# digit).
TOLERANCE = 10.0
# A lesson may take 60 s on two idle cores; tools.lessons watches that when outputs are stored. Here three
# times that, and of its own computing only: a slow or busy machine must not fail a correct lesson.
NOTEBOOK_SECONDS = 180.0


def pytest_addoption(parser):
    parser.addoption(
        "--notebook-seconds",
        type=float,
        default=NOTEBOOK_SECONDS,
        help="With --nbval: the longest that a whole notebook may compute (default: %(default)s).",
    )


def pytest_configure(config):
    if config.option.nbval:
        os.environ.update(kernel_environment())
        config.option.nbval_current_env = True
        RunningKernel.execute_cell_input = _execute_as_jupyter_does
        warm_kernels.use()


def _execute_as_jupyter_does(self, source, allow_stdin=None):
    # nbval leaves the cell out of the history, where IPython looks for a final ";": it would show the value
    # that the ";" hides.
    return self.kc.execute(source, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)


def pytest_report_header(config):
    if config.option.nbval:
        limit = f"{config.option.notebook_seconds:g} s of computing each at most"
        return f"notebooks: texts and figures compared, {limit}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    # An earlier cell may have ended the kernel: nbval says so itself.
    is_cell = isinstance(item, IPyNbCell) and item.parent.kernel.is_alive()
    before = _computed(item.parent.kernel) if is_cell else 0.0
    result = yield
    if is_cell:
        _check_figures(item)
        _check_time(item, _computed(item.parent.kernel) - before)
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
    if different := compare_words(descriptions(item.cell.outputs), descriptions(item.test_outputs)):
        item.raise_cell_error(f"The alt text of cell {item.cell.id} is stale: {different}")


def _computed(kernel):
    """For how many seconds the kernel and what it started have kept a core busy; waiting does not count."""
    times = psutil.Process(kernel.km.provisioner.pid).cpu_times()
    return times.user + times.system + times.children_user + times.children_system


def _check_time(item, seconds):
    notebook, limit = item.parent, item.config.option.notebook_seconds
    before = getattr(notebook, "seconds", 0.0)
    notebook.seconds = before + seconds
    if before <= limit < notebook.seconds:
        item.raise_cell_error(
            f"With this cell the notebook has computed for {notebook.seconds:.0f} s, "
            f"but {limit:g} s are the limit: make it do less."
        )


def figures(outputs):
    """The pictures among a cell's outputs, as PNG bytes."""
    return [
        base64.b64decode(output["data"]["image/png"])
        for output in outputs
        if "image/png" in output.get("data", {})
    ]


def descriptions(outputs):
    """The alt texts of the pictures among a cell's outputs."""
    return [
        output.get("metadata", {}).get("image/png", {}).get("alt", "")
        for output in outputs
        if "image/png" in output.get("data", {})
    ]


def compare_words(stored, fresh):
    """One sentence on where two lists of texts part; an empty one if they are the same."""
    for old, new in zip(stored, fresh, strict=True):
        if old != new:
            same = len(os.path.commonprefix([old, new]))
            begin = max(old.rfind(" ", 0, same), 0)  # of the word that differs
            was, now = (text[begin:].strip()[:60] or "nothing more" for text in (old, new))
            return f"stored is {was!r}, but the run says {now!r}: run make lessons."
    return ""


def compare(stored, fresh, tolerance=TOLERANCE):
    """One sentence on how two pictures (PNG bytes) differ; an empty one if the eye would not see it."""
    old, new = _pixels(stored), _pixels(fresh)
    if old.shape != new.shape:
        (high, wide), (new_high, new_wide) = old.shape[:2], new.shape[:2]
        return f"it has {wide} x {high} pixels, but the cell draws {new_wide} x {new_high}: run make lessons."
    squares = np.sqrt(_square_means(((old - new) ** 2).mean(axis=2)))
    worst = squares.max()
    if worst <= tolerance:
        return ""
    y, x = (int(place) * SQUARE // 2 for place in np.unravel_index(squares.argmax(), squares.shape))
    return (
        f"what the cell draws differs by {worst:.0f} near pixel ({x}, {y}), "
        f"but at most {tolerance:g} is allowed: run make lessons, and look at the figure."
    )


def _square_means(values):
    """The means over squares that overlap by half. Those at the right and lower edges may be cut."""
    sums, sizes = _half_squares(values), _half_squares(np.ones_like(values))
    for axis in (0, 1):
        sums, sizes = (part + _next(part, axis) for part in (sums, sizes))
    return sums / sizes


def _half_squares(values):
    """The sums over squares of half the side."""
    for axis in (0, 1):
        values = np.add.reduceat(values, range(0, values.shape[axis], SQUARE // 2), axis)
    return values


def _next(values, axis):
    """Each entry's neighbour, to the right or below; 0 at the edge."""
    moved = np.roll(values, -1, axis)
    moved[(slice(None),) * axis + (-1,)] = 0
    return moved


def _pixels(png):
    # As numbers that can be negative: in unsigned bytes 0 - 255 would be 1.
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.float32)
