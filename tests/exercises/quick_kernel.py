"""Run many versions of a notebook quickly: python quick_kernel.py < versions > outputs

In: a line for each notebook, a JSON list of its versions, each a list of code cells. Out: a line for each:
for each version a list of the outputs of each cell, in Jupyter's form.

Starting a kernel, importing torch and running the cells before an answer takes seconds, and is the same for
every version. So each notebook has a fork of this process, in which its first version runs, and each of the
others has a fork of that one, made just before the first cell in which they differ. A fork has all that its
earlier cells made, as a copy of its own; nothing that it does reaches another version. As with nbgrader, a
cell that raises does not stop the cells after it. A version that is not done after SECONDS is ended, and the
cells that it did not finish have an error as output.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

SECONDS = 300  # only what never ends is ended: a busy machine takes its time
AT_ONCE = os.cpu_count() or 1

# Slow imports that any version may need, even if the first one does not.
PRELOADED = ("matplotlib.pyplot", "torch._dynamo", "course_lib.optim")


def run_all(versions, folder):
    """The outputs of each version. `folder` is for what the cells write."""
    first, *others = versions
    (folder / "first").mkdir()
    os.chdir(folder / "first")
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    # As in a kernel, an error is an output of its own. A traceback, which nobody reads, takes long to make.
    shell._showtraceback = lambda *_: None
    shell.InteractiveTB.structured_traceback = lambda *_, **__: []
    waiting = {number: same_cells(first, cells) for number, cells in enumerate(others)}
    running, shared = {}, []
    for place in range(len(first) + 1):
        for number in [number for number, differs in waiting.items() if differs == place]:
            make_room(running, AT_ONCE - 1)
            process = fork(shell, others[number][place:], folder / str(number))
            running[process] = time.monotonic() + SECONDS
        if place < len(first):
            shared.append(run(shell, first[place]))
    make_room(running, 0)
    return [shared] + [
        shared[: waiting[number]] + finished(cells[waiting[number] :], folder / f"{number}.json")
        for number, cells in enumerate(others)
    ]


def same_cells(first, cells):
    """How many cells at the start are the same in both."""
    pairs = enumerate(zip(first, cells, strict=True))
    return next((number for number, (one, other) in pairs if one != other), len(cells))


def make_room(running, most):
    """Wait until at most this many processes are running; end those whose time is over."""
    while len(running) > most:
        time.sleep(0.002)
        for process, end in list(running.items()):
            if time.monotonic() > end:
                os.killpg(process, signal.SIGKILL)
                os.waitpid(process, 0)
            elif os.waitpid(process, os.WNOHANG) == (0, 0):
                continue
            del running[process]


def fork(shell, cells, workplace):
    """Run the cells in a fork of this process, in a folder with what the earlier cells wrote."""
    process = os.fork()
    if process:
        return process
    try:
        os.setsid()
        shutil.copytree(".", workplace)
        os.chdir(workplace)
        with open(workplace.with_suffix(".json"), "w", buffering=1) as file:
            for cell in cells:
                file.write(json.dumps(run(shell, cell)) + "\n")
    finally:
        os._exit(0)  # not sys.exit: a fork must not run the clean-up of the process it comes from


def finished(cells, path):
    outputs = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    lost = {"output_type": "error", "ename": "TimeoutError", "evalue": f"ended, or over {SECONDS} seconds"}
    return outputs + [[lost | {"traceback": []}] for _ in cells[len(outputs) :]]


def run(shell, cell):
    """The cell's outputs."""
    with capture_output() as captured:
        result = shell.run_cell(cell, store_history=True)
    outputs = []
    for name in ("stdout", "stderr"):
        if said := getattr(captured, name):
            outputs.append({"output_type": "stream", "name": name, "text": said})
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        about = {"ename": type(error).__name__, "evalue": str(error), "traceback": []}
        outputs.append({"output_type": "error"} | about)
    elif result.result is not None:
        shown = {"data": {"text/plain": repr(result.result)}, "metadata": {}, "execution_count": 1}
        outputs.append({"output_type": "execute_result"} | shown)
    return outputs


def main():
    answer = os.fdopen(os.dup(1), "w")
    notebooks = os.fdopen(os.dup(0))
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)
    sys.path[0] = ""  # as in a kernel: the folder that the notebook runs in
    for module in PRELOADED:
        __import__(module)
    for line in notebooks:
        with tempfile.TemporaryDirectory() as folder:
            process = os.fork()
            if not process:
                answer_one(json.loads(line), Path(folder), answer)
            if os.waitpid(process, 0)[1]:
                sys.exit("quick_kernel: a notebook's own process failed")


def answer_one(versions, folder, answer):
    """What the process of one notebook does, from its start to its end."""
    status = 1
    try:
        os.environ["IPYTHONDIR"] = str(folder)
        (folder / "versions").mkdir()
        print(json.dumps(run_all(versions, folder / "versions")), file=answer, flush=True)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
