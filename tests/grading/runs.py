"""Runs of the grader over a class: start one, watch what it starts, and read what came out."""

import contextlib
import csv
import io
import subprocess
import sys
import threading
import time

import nbformat
import psutil
from tiny_course import SLUG, make_course

from tools import exercises, grade, notebooks
from tools.nbgrader_course import CONFIG, ROOT

DRIVER = """import sys
from pathlib import Path
from tools import grade
sys.exit(grade.main(sys.argv[2:], root=Path(sys.argv[1])))
"""


def course(root, **limits):
    """Make the small course in `root`, with these limits. Returns the notebook that learners get."""
    make_course(root)
    with open(root / CONFIG, "a") as file:
        file.writelines(f"c.Limits.{name} = {value}\n" for name, value in limits.items())
    with contextlib.redirect_stdout(io.StringIO()):
        assert exercises.main([], root=root) == 0
    return notebooks.read(exercises.place(root, SLUG))


def here(*arguments, root=ROOT):
    """Grade in this process. Returns the status, and what was said."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = grade.main([*map(str, arguments)], root=root)
    return status, said.getvalue()


def start(root, *arguments):
    """Grade in a process of its own, in its own group of processes, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(root), *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def said_until(process, words):
    """What a grader says, up to the line with these words."""
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended without saying {words!r}:\n{said}")


def table(out):
    """The lines of the table."""
    with open(out / "grades.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(out):
    """The same, by student, where there is one assignment."""
    return {row["student"]: row for row in table(out)}


def page(out, student, slug=SLUG):
    return (out / "feedback" / student / slug / f"{slug}.html").read_text(encoding="utf-8")


def graded(out, student, slug=SLUG):
    """The notebook that the instructor gets, with outputs."""
    return nbformat.read(out / "autograded" / student / slug / f"{slug}.ipynb", as_version=4)


def printed(nb):
    """All that a notebook's cells print."""
    outputs = [one for cell in nb.cells for one in cell.get("outputs", [])]
    return "".join(one.text for one in outputs if one.output_type == "stream")


def children(process=None):
    return psutil.Process(process).children(recursive=True)


def running(processes):
    """Those that still run a moment later: what was just killed takes a while to go."""
    return psutil.wait_procs(processes, timeout=10)[1]


class Watch:
    """Remembers all processes that this one starts in a ``with``, and all that they start."""

    def __enter__(self):
        self.before, self.seen, self.over = set(children()), set(), threading.Event()
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def _look(self):
        while not self.over.is_set():
            with contextlib.suppress(psutil.Error):
                self.seen |= set(children()) - self.before
            time.sleep(0.05)

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
