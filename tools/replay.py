"""Run a lesson again, but otherwise, and keep what each of its assertions says.

    way = Way(seed=7)                                  # all seeds changed
    way = Way(sabotage="loop stands still")            # a lesson about nothing
    outcomes = replay(path, way).outcomes              # assertion -> Outcome

The cells run as they stand, in a process of their own, but nothing is drawn, and an assertion that fails is
kept in place of raised. `tools.claims` asks each claim again with other seeds, starts and rates;
`tools.sabotage` looks for assertions that nothing can make fail.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import math
import multiprocessing
import multiprocessing.connection
import operator
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from tools import notebooks
from tools.assertions import Rewrite, takes_rate, tree
from tools.lessons import kernel_environment
from tools.otherwise import VALUES, Way, alter, change_libraries, random_between, shuffle

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "course_lib"


@dataclass
class Outcome:
    """What one assertion said in one run, over all the times that the run came by."""

    held: bool = True
    times: int = 0
    margin: float | None = None
    closest: str = ""
    values: str = ""
    killed: list[str] = field(default_factory=list)
    error: str = ""


@dataclass
class Replay:
    """What came of one run: what assertions said, which cells failed; if traced, who wrote what."""

    outcomes: dict[str, Outcome]
    errors: dict[str, str]
    seconds: float
    written: dict[str, list[str]] = field(default_factory=dict)
    entered: dict[str, list[str]] = field(default_factory=dict)


# --- what a running lesson calls -------------------------------------------------------------------------

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Is": operator.is_,
    "IsNot": operator.is_not,
    "In": lambda a, b: a in b,
    "NotIn": lambda a, b: a not in b,
}
#: Longest time in seconds for altering the variables of one assertion.
PATIENCE = 2.0


class _Lesson:
    """The object `__lesson__` in a replayed notebook."""

    def __init__(self, way: Way):
        self.way = way
        self.outcomes: dict[str, Outcome] = {}
        self._compared: list[tuple[float | None, str, str]] | None = None
        self._spent: dict[str, float] = {}

    def check(self, key: str, test: Callable[[dict[str, Any]], Any], values: dict[str, Any]) -> None:
        outcome = self.outcomes.setdefault(key, Outcome())
        outcome.times += 1
        self._compared = []
        try:
            held = bool(test(values))
        except Exception as error:  # whatever the assertion raises, it did not hold
            held, outcome.error = False, f"{type(error).__name__}: {error}"[:200]
        compared, self._compared = self._compared, None
        outcome.held &= held
        outcome.values = hashlib.sha256(
            (outcome.values + "".join(value for *_, value in compared)).encode()
        ).hexdigest()[:16]
        for margin, text, _ in compared:
            if margin is not None and (outcome.margin is None or margin < outcome.margin):
                outcome.margin, outcome.closest = margin, text
        if self.way.sabotage == "values" and held and not outcome.killed:
            self._alter(key, test, values, outcome)

    def _alter(self, key: str, test: Any, values: dict[str, Any], outcome: Outcome) -> None:
        for name, value in values.items():
            for kind in VALUES:
                start = time.perf_counter()
                if self._spent.get(key, 0.0) > PATIENCE:
                    return
                altered = alter(value, kind)
                if altered is None:
                    continue
                try:
                    fell = not test(values | {name: altered})
                except Exception:  # an assertion that cannot be asked so does not survive it
                    fell = True
                self._spent[key] = self._spent.get(key, 0.0) + time.perf_counter() - start
                if fell:
                    outcome.killed.append(f"{kind} {name}")
                    return

    def compare(self, ops: tuple[str, ...], sides: tuple[Any, ...], text: str) -> Any:
        result: Any = True
        for op, left, right in zip(ops, sides, sides[1:], strict=False):
            if self._compared is not None:
                self._compared.append(_margin(op, left, right, text))
            result = _OPERATORS[op](left, right)
            if len(ops) > 1 and not result:
                return result
        return result

    def rate(self, value: Any) -> Any:
        """A rate, or rates, moved by one factor for the whole lesson."""
        if isinstance(value, bool) or not isinstance(value, (int, float, list, tuple, dict)):
            return value
        if isinstance(value, dict):
            return {key: self.rate(each) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self.rate(each) for each in value)
        return value * self.factor

    @property
    def factor(self) -> float:
        return 2.0 ** random_between(-1, 1, "rate", self.way.settings) if self.way.settings else 1.0

    shuffle = staticmethod(shuffle)


def _margin(op: str, left: Any, right: Any, text: str) -> tuple[float | None, str, str]:
    """How far a comparison is from falling, from 0 (it is about to) to 2; in words; and what was compared."""
    try:
        a, b = _number(left), _number(right)
    except (TypeError, ValueError, RuntimeError):
        return None, "", repr(left)[:300] + repr(right)[:300]
    value = f"{a:.6g} {b:.6g};"
    if op not in ("Lt", "LtE", "Gt", "GtE") or not (math.isfinite(a) and math.isfinite(b)):
        return None, "", value
    gap = b - a if op in ("Lt", "LtE") else a - b
    size = max(abs(a), abs(b))
    sign = {"Lt": "<", "LtE": "≤", "Gt": ">", "GtE": "≥"}[op]
    return gap / size if size else 0.0, f"{a:.3g} {sign} {b:.3g}", value


def _number(value: Any) -> float:
    if isinstance(value, bool) or isinstance(value, (str, bytes)):
        raise TypeError
    return float(value)


# --- a run -----------------------------------------------------------------------------------------------


def replay(
    path: Path, way: Way, traced: bool = False, patience: float = 0.0, cells: frozenset[str] | None = None
) -> Replay:
    """Run the notebook at ``path`` in this very way. To be called in a process of its own: see `replays`.

    If ``cells`` are given, only those are run. A cell that takes longer than ``patience`` seconds (0: no
    limit) ends with an error, and the next begins.
    """
    os.environ.update(kernel_environment() | {"MPLBACKEND": "agg"})
    torch.set_num_threads(1)
    nb = notebooks.read(path)
    change_libraries(way)
    os.chdir(path.parent)
    shell = _shell()
    lesson = _Lesson(way)
    shell.user_ns["__lesson__"] = lesson
    rates = takes_rate(nb)
    errors: dict[str, str] = {}
    written: dict[str, list[str]] = {}
    entered: dict[str, list[str]] = {}
    before = _prints(shell) if traced else {}
    start = time.perf_counter()
    for cell in notebooks.code_cells(nb):
        if cells is not None and cell.id not in cells:
            continue
        places = sorted(
            (n.lineno, n.col_offset) for n in ast.walk(tree(cell.source)) if isinstance(n, ast.Assert)
        )
        shell.ast_transformers[:] = [_Located(Rewrite(cell.id, way, rates, places))]
        with _entering(entered.setdefault(cell.id, []) if traced else None), _limit(patience):
            result = shell.run_cell(cell.source)
        error = result.error_before_exec or result.error_in_exec
        if error is not None and "raises-exception" not in cell.metadata.get("tags", []):
            where = traceback.extract_tb(error.__traceback__)[-1].line if error.__traceback__ else ""
            errors[cell.id] = f"{type(error).__name__}: {error} ({where})"[:300]
        if traced:
            after = _prints(shell)
            written[cell.id] = sorted(n for n in after if after[n] != before.get(n))
            before = after
    return Replay(lesson.outcomes, errors, time.perf_counter() - start, written, entered)


class _Located(ast.NodeTransformer):
    """A transformer that leaves every node with a place in the source."""

    def __init__(self, transformer: ast.NodeTransformer):
        self.transformer = transformer

    def visit(self, node: ast.AST) -> Any:
        return ast.fix_missing_locations(self.transformer.visit(node))


def _shell() -> Any:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.ast_node_interactivity = "none"
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell.instance(config=config)
    shell.showtraceback = lambda *a, **k: None
    shell.enable_gui = lambda *a, **k: None
    return shell


@contextmanager
def _limit(patience: float) -> Iterator[None]:
    """End what takes longer, such as a loop that waits for a sabotaged step to arrive."""

    def stop(number, frame):
        raise TimeoutError(f"this took more than {patience:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, patience)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _entering(functions: list[str] | None) -> Iterator[None]:
    """Keep which functions of the library are entered."""
    if functions is None:
        yield
        return
    seen: set[Any] = set()
    folder = str(LIBRARY)

    def look(frame, event, argument):
        if event == "call" and frame.f_code not in seen:
            seen.add(frame.f_code)

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)
        functions += sorted(
            {
                f"{Path(code.co_filename).stem}.{code.co_qualname.split('.<locals>')[0]}"
                for code in seen
                if code.co_filename.startswith(folder)
            }
        )


def _prints(shell: Any) -> dict[str, str]:
    """A fingerprint of each variable of the notebook, and of what is global: it shows who wrote what."""
    found = {
        name: _print(value)
        for name, value in shell.user_ns.items()
        if not name.startswith("_") and name not in ("In", "Out", "exit", "quit", "get_ipython")
    }
    found["(chance)"] = _print([torch.get_rng_state(), random.getstate()])
    found["(settings)"] = f"{torch.get_default_dtype()} {torch.is_grad_enabled()}"
    return found


def _print(value: Any) -> str:
    digest = hashlib.sha256()
    _feed(digest, value, 0, set())
    return digest.hexdigest()[:16]


def _feed(digest: Any, value: Any, depth: int, seen: set[int]) -> None:
    digest.update(type(value).__name__.encode())
    if depth > 8 or id(value) in seen:
        return
    if isinstance(value, (int, float, str, bytes, bool, complex)) or value is None:
        digest.update(repr(value).encode())
    elif isinstance(value, torch.Tensor):
        digest.update(value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
        if value.is_leaf and value.grad is not None:
            digest.update(value.grad.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    elif isinstance(value, np.ndarray):
        digest.update(
            np.ascontiguousarray(value).tobytes() if value.dtype != object else repr(value).encode()
        )
    elif isinstance(value, torch._C.Generator):
        digest.update(value.get_state().numpy().tobytes())
    elif isinstance(value, random.Random):
        digest.update(repr(value.getstate()).encode())
    elif isinstance(value, dict):
        seen.add(id(value))
        for key, each in value.items():
            digest.update(repr(key).encode())
            _feed(digest, each, depth + 1, seen)
    elif isinstance(value, (list, tuple, set, frozenset)):
        seen.add(id(value))
        for each in value if not isinstance(value, (set, frozenset)) else sorted(value, key=repr):
            _feed(digest, each, depth + 1, seen)
    elif inspect.isfunction(value):
        digest.update(value.__code__.co_code + repr(value.__code__.co_consts).encode())
    elif inspect.ismodule(value) or inspect.isclass(value):
        digest.update(value.__name__.encode())
    elif type(value).__module__.startswith("matplotlib"):
        pass
    elif hasattr(value, "__dict__"):
        seen.add(id(value))
        _feed(digest, vars(value), depth + 1, seen)


@dataclass(frozen=True)
class Task:
    """One run that is wanted: of all cells, or of some."""

    path: Path
    way: Way
    traced: bool = False
    patience: float = 0.0
    cells: frozenset[str] | None = None


def replays(
    tasks: Iterable[Task], processes: int = 2, seconds: float = 900.0
) -> Iterator[tuple[Task, Replay]]:
    """Run the tasks, each in a process of its own, so many at a time; yield them as they end.

    A run that dies, or takes longer than ``seconds``, yields a `Replay` whose only error says so.
    """
    import course_lib.training  # noqa: F401

    torch.set_num_threads(1)
    fork = multiprocessing.get_context("fork")
    waiting, running = list(tasks), {}
    while waiting or running:
        while waiting and len(running) < processes:
            task = waiting.pop(0)
            receive, send = fork.Pipe(duplex=False)
            process = fork.Process(target=_run, args=(task, send))
            process.start()
            send.close()
            running[process] = (task, receive, time.monotonic())
        multiprocessing.connection.wait([receive for _, receive, _ in running.values()], timeout=1.0)
        for process, (task, receive, started) in list(running.items()):
            if receive.poll():
                try:
                    done = receive.recv()
                except EOFError:
                    done = Replay({}, {"(all)": "the run died: is there enough memory?"}, 0.0)
            elif time.monotonic() - started > seconds:
                process.kill()
                done = Replay({}, {"(all)": f"the run took more than {seconds:g} s"}, seconds)
            else:
                continue
            process.join()
            del running[process]
            yield task, done


def _run(task: Task, send: Any) -> None:
    out = os.open(os.devnull, os.O_WRONLY)
    os.dup2(out, 1)
    os.dup2(out, 2)
    try:
        done = replay(task.path, task.way, task.traced, task.patience, task.cells)
    except BaseException as error:  # the parent says it
        done = Replay({}, {"(all)": f"{type(error).__name__}: {error}"}, 0.0)
    send.send(done)
    send.close()
    os._exit(0)
