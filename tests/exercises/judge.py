"""Judge an answer as grading does, but without a notebook and its kernel: in milliseconds."""

import contextlib
import functools
import io
import linecache
import os
import signal
from dataclasses import dataclass

import matplotlib
import torch
from nbgrader.utils import is_grade, is_locked

from course_lib.checks import CheckFailed, Checks
from course_lib.checks._switches import switch, switches
from tools.bank import reference, solution
from tools.nbgrader_course import HIDDEN

SECONDS = 10.0
AT_FIRST = switches()


class Timeout(BaseException):
    """An answer took too long."""


@dataclass(frozen=True)
class Verdict:
    """What the learner is told, and whether it earns the points."""

    earned: bool
    words: str
    unseen: bool = False


@functools.cache
def around(slug):
    """What an answer finds in its notebook: what the locked cells define, the other answers, the switches."""
    matplotlib.use("agg")
    switch(AT_FIRST)
    torch.set_num_threads(1)
    given = {"__name__": "notebook"}
    cells = [cell for cell in solution(slug).cells if cell.cell_type == "code"]
    for cell in cells:
        if is_locked(cell) and not is_grade(cell):
            execute(without_checks(cell.source), given)
    for question, source in reference(slug).items():
        execute(source, given, question)
    return given, switches()


def without_checks(source):
    """A cell without the line that makes `course_check`: each answer gets one of its own."""
    return "\n".join(line for line in source.splitlines() if "Checks(" not in line)


def execute(source, namespace, name="cell"):
    file = f"<{name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        exec(compile(source, file, "exec"), namespace)
    matplotlib.pyplot.close("all")


def judge(slug, question, source, seed=0, seconds=SECONDS):
    """The verdict on `source`, the text of the cell that answers `question`."""
    given, usual = around(slug)
    namespace = dict(given)
    switch(usual)  # a setup cell may make float64 the default
    said = io.StringIO()
    before = torch.get_rng_state()
    checks = namespace["course_check"] = Checks(slug, namespace)
    os.environ |= {"COURSE_HIDDEN": str(HIDDEN), "COURSE_SEED": str(seed)}
    unseen = False
    with limit(seconds), contextlib.redirect_stdout(said):
        try:
            with contextlib.suppress(Exception):  # the cell is red then, and the answer is missing
                for name in checks.questions[question].answers:
                    namespace.pop(name, None)
                execute(source, namespace, question)
            checks(question)
            unseen = True
            checks.hidden(question)
        except CheckFailed as failed:
            return Verdict(False, str(failed), unseen)
        except Timeout:
            return Verdict(False, "it ran out of time", unseen)
        finally:
            torch.set_rng_state(before)
            switch(AT_FIRST)  # an answer may have changed them
    return Verdict(True, said.getvalue())


@contextlib.contextmanager
def limit(seconds):
    """End what takes longer: seconds of this process, which a busy machine does not shorten."""

    def stop(*_):
        raise Timeout

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.2)  # again and again: an answer may swallow the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
