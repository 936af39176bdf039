"""Execute notebooks and store what they print and draw: ``python -m tools.lessons [PATH ...]``.

Each notebook runs from top to bottom in a fresh kernel, in its own folder. It is written back, in canonical
form, only if it ran to its end and left nothing that `tools.notebooks.lint` objects to. Otherwise its file
stays as it was, one sentence says why, the others still run, and the exit code is 1.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import matplotlib
import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from tools import notebooks

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 60
LESSONS = ROOT / "chapters"
CELL_SECONDS = 120


class LessonError(Exception):
    """A notebook that cannot be stored; the message says which cell is the cause, and why."""


def kernel_environment():
    """The settings that storing and checking share, so that the same code prints and draws the same.

    They shield the outputs from chance and from the user's own settings: a random hash seed (the order of
    sets), another matplotlib backend, another style. And an assignment finds its unseen tests.
    """
    return {
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MATPLOTLIBRC": str(Path(matplotlib.get_data_path(), "matplotlibrc")),
        "COURSE_HIDDEN": str(ROOT / "tests" / "exercises" / "hidden"),
    }


def execute(nb, folder, cell_seconds=CELL_SECONDS):
    """A canonical copy of `nb` with the outputs of a fresh run in `folder`.

    Raises LessonError if a cell fails, runs too long or ends the kernel, or if the outputs are not fit to be
    stored (stderr, machine paths, …: see `notebooks.lint`).
    """
    nb = notebooks.canonical(nb)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    running = []
    client = NotebookClient(
        nb,
        # The kernel of this very environment, as nbval --nbval-current-env starts it, whatever kernel a user
        # has registered under the name python3.
        km=AsyncKernelManager(
            kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager()
        ),
        timeout=cell_seconds,
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=False,
        on_cell_start=lambda cell, cell_index: running.append(cell.id),
    )
    try:
        client.execute(
            env=os.environ | kernel_environment(),
            stderr=subprocess.DEVNULL,  # the kernel's own chatter; what a cell writes there still arrives
            cleanup_kc=True,
        )
    except CellExecutionError as error:
        raise LessonError(f"cell {running[-1]} ends in {_cause(error)}") from None
    except CellTimeoutError:
        raise LessonError(
            f"cell {running[-1]} runs for more than {cell_seconds} s: make it do less"
        ) from None
    except DeadKernelError:
        raise LessonError(f"cell {running[-1]} ends its kernel: does it exit, or need more memory?") from None
    nb = notebooks.canonical(nbformat.from_dict(nb))
    if objections := notebooks.lint(nb):
        raise LessonError(" ".join(objections))
    return nb


def _cause(error):
    """What was raised, and the cell's own line that led to it: "ValueError: lr=-1, at f(-1)"."""
    message = error.evalue.strip().splitlines() or [""]
    raised = f"{error.ename}: {message[0]}" if message[0] else error.ename
    # IPython marks that line, in colour, with an arrow; the first arrow is in the cell itself.
    plain = re.sub(r"\x1b\[[0-9;]*m", "", error.traceback)
    arrow = re.search(r"^-+> *\d+ *(.+)$", plain, re.MULTILINE)
    return f"{raised}, at {arrow.group(1).strip()}" if arrow else raised


def different_from_lock(lock=ROOT / "requirements.lock"):
    """Packages whose installed version is not the locked one, as "torch 2.12.0 instead of 2.13.0"."""
    pins = re.findall(r"^([\w.-]+)==([^\s;#]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    installed = {}
    for package in metadata.distributions():
        # A local suffix (+cpu, +cu130) names a build of the same version.
        installed[_plain(package.name)] = package.version.split("+")[0]
    return [
        f"{name} {installed[_plain(name)]} instead of {version}"
        for name, version in pins
        if _plain(name) in installed and installed[_plain(name)] != version
    ]


def _plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m tools.lessons", description="Execute notebooks and store their outputs."
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        default=[os.path.relpath(LESSONS)],
        help="a notebook or a folder of notebooks (default: all lessons)",
    )
    paths = parser.parse_args(arguments).paths
    try:
        lessons = [(path, notebooks.read(path)) for path in notebooks.find(*paths)]
    except notebooks.NotebookError as error:
        return _complain(f"{error} Nothing was executed.")
    if different := different_from_lock():
        return _complain(
            f"This environment is not the locked one ({', '.join(different)}): "
            "run pip install -r requirements.lock. Nothing was executed."
        )

    failed = []
    for number, (path, nb) in enumerate(lessons, start=1):
        print(f"[{number}/{len(lessons)}] {path.stem} … ", end="", flush=True)
        start = time.perf_counter()
        try:
            notebooks.write(execute(nb, path.parent), path)
        except (LessonError, notebooks.NotebookError) as error:
            print("failed", flush=True)
            _complain(f"{path} is unchanged: {error}")
            failed.append(path.stem)
        else:
            seconds = time.perf_counter() - start
            slow = f": more than the {SECONDS} s that a lesson may take" if seconds > SECONDS else ""
            print(f"{seconds:.0f} s{slow}", flush=True)
    if failed:
        return _complain(f"{len(failed)} of {len(lessons)} failed: {', '.join(failed)}.")
    return 0


def _complain(sentence):
    print(sentence, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
