"""The tests of the assignments, as functions; and what a notebook calls to run them.

    from course_lib.checks import Checks

    course_check = Checks("1_1_training_loop")    # in an assignment's first cell
    course_check("learn")                         # a test cell: the tests of one question
    course_check()                                # the last cell: the table of all questions

The tests of the assignment ``<slug>`` are the functions of ``checks/<slug>.py`` that :func:`question` marks.
Each takes the answers that it judges, by their names in the notebook. A test passes by returning, and fails
by an ``AssertionError`` whose message says which slip was made.

What the learner sees is one line for a question that passes, and a few lines of at most 80 characters for
one that does not: no traceback of ours. An instructor has more tests, in a folder that the environment
variable ``COURSE_HIDDEN`` names; ``course_check.hidden("learn")`` runs them.
"""

from __future__ import annotations

import importlib.util
import inspect
import linecache
import os
import random
import re
import sys
import textwrap
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch

from course_lib.checks._switches import switch, switches, switches_kept

__all__ = ["Checks", "CheckFailed", "Question", "question", "questions"]

WIDTH = 80
HERE = Path(__file__).parent
LIBRARY = HERE.parent
NAME = "course_check"


@dataclass(frozen=True)
class Question:
    """A question that tests judge: its number, name, points, and the names of the answers that it takes."""

    number: int
    name: str
    points: int
    answers: tuple[str, ...]
    test: Callable[..., None]

    @property
    def title(self) -> str:
        return f"{self.number} {self.name.replace('_', ' ')}"


class CheckFailed(AssertionError):
    """What a learner is told. Jupyter and nbgrader show these lines in place of a traceback."""

    def __init__(self, words: str):
        super().__init__(_wrapped(words))
        self.words = words

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def question(points: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a function as the tests of a question that is worth so many points."""

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        test._points = points  # type: ignore[attr-defined]
        return test

    return mark


def module(slug: str, folder: Path = HERE) -> ModuleType:
    """The tests of an assignment. (``import`` takes no name that begins with a digit.)

    Raises ``ValueError`` if there are none.
    """
    name = f"{__name__}.{slug}" if folder == HERE else f"course_hidden.{slug}"
    path = folder / f"{slug}.py"
    loaded = sys.modules.get(name)
    if loaded is not None and loaded.__file__ == str(path):
        return loaded
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        known = ", ".join(sorted(file.stem for file in folder.glob("[0-9]*.py")))
        raise ValueError(f"there are no tests of {slug!r} in {folder.name}; there are those of {known}.")
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def questions(slug: str) -> dict[str, Question]:
    """The questions of an assignment that tests judge, by name, in order."""
    tests = {name: f for name, f in vars(module(slug)).items() if hasattr(f, "_points")}
    return {
        name: Question(number, name, test._points, tuple(inspect.signature(test).parameters), test)
        for number, (name, test) in enumerate(tests.items(), start=1)
    }


class Checks:
    """Runs the tests of one assignment on the answers of a notebook.

    ``namespace`` is where the answers are: by default, the notebook or script that makes this object.
    """

    def __init__(self, slug: str, namespace: dict[str, Any] | None = None):
        self.slug = slug
        self.questions = questions(slug)
        self.by_hand = getattr(module(slug), "BY_HAND", 0)
        self.namespace = sys._getframe(1).f_globals if namespace is None else namespace
        self.results: dict[str, str] = {}
        self._running = False
        self._usual = switches()
        _stay(self)

    def __call__(self, name: str = "") -> None:
        """Run the tests of the question ``name``; without a name, show how far the whole assignment is.

        Raises :class:`CheckFailed` for a question that fails or is not answered; in the table, if one is.
        """
        if self._running:
            raise CheckFailed(f"Your answer calls {NAME}, which calls your answer: write it without.")
        if not name:
            self._table()
            return
        asked = self._question(name)
        self._ask(asked, asked.test)
        print(_wrapped(f"✓ {asked.title}: the tests you have pass ({_points(asked)} if the unseen ones do)"))

    def hidden(self, name: str) -> None:
        """Run the tests that only an instructor has. ``COURSE_SEED``, a number, chooses their data."""
        asked = self._question(name)
        if self.results.get(name) != "passed":
            return  # what the visible tests said is enough
        folder = os.environ.get("COURSE_HIDDEN")
        if not folder:
            raise CheckFailed("The unseen tests are not here: COURSE_HIDDEN names no folder.")
        test = getattr(module(self.slug, Path(folder)), name)
        seed = int(os.environ.get("COURSE_SEED", "0"))
        self._ask(asked, test, "A test that you have not seen: ", seed=seed)

    def _ask(self, asked: Question, test: Callable[..., None], begin: str = "", **more: Any) -> None:
        """Run tests of a question, keep what came out, and say it: a failure's words after `begin`."""
        self.results[asked.name] = "not yet right"
        try:
            self._run(test, asked, more)
        except _Open as reason:
            self.results[asked.name] = "not answered"
            raise CheckFailed(f"· {asked.title}: {reason}") from None
        except CheckFailed as failed:
            raise CheckFailed(f"✗ {asked.title} ({_points(asked)})\n{begin}{failed.words}") from None
        self.results[asked.name] = "passed"

    def _question(self, name: str) -> Question:
        if name not in self.questions:
            known = ", ".join(self.questions)
            raise CheckFailed(f"There is no question {name!r} here. There is: {known}.")
        return self.questions[name]

    def _run(self, test: Callable[..., None], asked: Question, more: Mapping[str, Any]) -> None:
        missing = [name for name in asked.answers if name not in self.namespace]
        if missing:
            raise _Open(
                f"there is no {missing[0]} here. Run the cell that defines it, and keep the name that the "
                "question gives."
            )
        answers = {name: self.namespace[name] for name in asked.answers}
        with _as_usual(self._usual), redirect_stderr(sys.stdout), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._running = True
            try:
                test(**answers, **more)
            except (CheckFailed, _Open, KeyboardInterrupt):
                raise
            except AssertionError as failed:
                raise CheckFailed(str(failed) or "An assertion of yours failed, without a message.") from None
            except NotImplementedError as error:
                if str(error):
                    raise CheckFailed(_stopped(error, set(answers))) from None
                raise _Open("not answered yet.") from None
            except BaseException as error:
                raise CheckFailed(_stopped(error, set(answers))) from None
            finally:
                self._running = False

    def _table(self) -> None:
        words = f"{len(self.questions) + 1} in your own words"
        wide = max(len(title) for title in [words, *(one.title for one in self.questions.values())])
        lines, so_far = [], 0
        for name, asked in self.questions.items():
            result = self.results.get(name, "its test has not run")
            sign = {"passed": "✓", "not yet right": "✗"}.get(result, "·")
            so_far += asked.points * (result == "passed")
            lines.append(f"{sign} {asked.title:<{wide}}  {result:<22}{asked.points:>3}")
        most = sum(one.points for one in self.questions.values())
        if self.by_hand:
            lines.append(f"✎ {words:<{wide}}  {'marked by a person':<22}{self.by_hand:>3}")
        lines.append(f"So far {so_far} of {most} points, if the unseen tests pass too.")
        if any(self.results.get(name) != "passed" for name in self.questions):
            raise CheckFailed("\n".join(lines))
        print("\n".join(lines))


class _Open(Exception):
    """A question without an answer, and why there is none."""


def _points(asked: Question) -> str:
    return f"{asked.points} point{'s' * (asked.points != 1)}"


def _wrapped(words: str) -> str:
    """The words in lines of at most :data:`WIDTH` characters; lines that are short enough stay."""
    lines = words.splitlines() or [""]
    return "\n".join(
        line if len(line) <= WIDTH else textwrap.fill(line, WIDTH, break_on_hyphens=False) for line in lines
    )


# --- what a learner's code raises --------------------------------------------------------------------------


def _stopped(error: BaseException, names: set[str]) -> str:
    """The sentence for an error that no test expected, with the learner's line that raised it, if one did."""
    if isinstance(error, SystemExit):
        return "Your code ends Python, with exit() or the like. Return in place of it."
    kind = type(error).__name__
    said = re.sub(r"\s+", " ", str(error)).strip()
    what = f"{kind}: {said}" if said else kind
    where = _their_line(error)
    if where is None:
        return f"The tests cannot use what {' or '.join(sorted(names))} gave them: {what}"
    return f"Your code stops with {what}\n{where}"


def _their_line(error: BaseException) -> str | None:
    """The last line that is neither ours nor a library's: the learner's, as it stands."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if frame.filename.startswith("<frozen") or _is_library(path):
            continue
        line = (frame.line or linecache.getline(frame.filename, frame.lineno or 0)).strip()
        place = (
            f"line {frame.lineno}" if frame.name == "<module>" else f"in {frame.name}, line {frame.lineno}"
        )
        return f"{place}: {line}" if line else place
    return None


def _is_library(path: Path) -> bool:
    parts = path.parts
    hidden = os.environ.get("COURSE_HIDDEN")
    return (
        "site-packages" in parts
        or "dist-packages" in parts
        or LIBRARY in path.parents
        or HERE in path.parents
        or bool(hidden and Path(hidden) in path.parents)
        or Path(os.__file__).parent in path.parents
    )


# --- what is global ----------------------------------------------------------------------------------------


@contextmanager
def _as_usual(usual: Mapping[str, Any]) -> Iterator[None]:
    """Run the tests with the switches as they were at the start, and put all back as it was before."""
    chance = torch.get_rng_state(), random.getstate(), np.random.get_state()
    try:
        with switches_kept():
            switch(usual)
            yield
    finally:
        torch.set_rng_state(chance[0])
        random.setstate(chance[1])
        np.random.set_state(chance[2])


def _stay(checks: Checks) -> None:
    """In a notebook, put ``course_check`` back before each cell: a learner's variable may have its name."""
    shell = sys.modules.get("IPython")
    shell = shell.get_ipython() if shell is not None else None
    if shell is None or checks.namespace is not shell.user_ns:
        return

    def put_back(*_: Any) -> None:
        checks.namespace[NAME] = checks

    for old in [one for one in shell.events.callbacks["pre_run_cell"] if one.__name__ == "put_back"]:
        shell.events.unregister("pre_run_cell", old)
    shell.events.register("pre_run_cell", put_back)
