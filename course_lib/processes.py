"""Run a function in several real processes that train together, from a notebook, and leave none behind.

In a cell::

    from course_lib import processes

    def work(rank, N):
        total = torch.tensor(float(rank))
        dist.all_reduce(total)
        return total.item()

    [one.returned for one in processes.run(work, [(rank, 3) for rank in range(3)])]  # [3.0, 3.0, 3.0]

``torchrun`` starts a program, which is what one trains with. This starts a function, for exercises and tests:
the ranks are forked from one server that has imported torch already, so a start takes a tenth of a second;
what the function uses goes along by value (``cloudpickle``), and what it returns comes back; and a rank that
fails, or waits for another in vain, ends all of them, with a sentence that says who, and why.
"""

from __future__ import annotations

import contextlib
import linecache
import multiprocessing
import multiprocessing.connection
import os
import pickle
import signal
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import cloudpickle
import torch

from course_lib import _ranks

__all__ = ["Rank", "RankError", "run"]

LIBRARIES = ("site-packages", "dist-packages")
START = 60.0  # seconds for Python to import torch, and for the ranks to meet
GRACE = 0.5  # seconds that a better reason may take to arrive
LATE = "Timed out waiting"  # what gloo says after its patience
NOBODY = "for an answer that no other gives"


@dataclass(frozen=True)
class Rank:
    """What came of one process.

    ``returned`` is what the function returned there, ``printed`` what it printed, and ``calls`` are the calls
    of ``torch.distributed`` that it made, by name, in order.
    """

    returned: Any
    printed: str
    calls: tuple[str, ...]


class RankError(RuntimeError):
    """Why the processes were ended.

    ``reason`` is one of ``"fails"`` (``rank`` raised the error ``kind``, in a call of ``torch.distributed``
    if ``call`` names one), ``"waits"`` (in ``call``, in vain), ``"differs"`` (the ranks make other calls),
    ``"ends"`` (it was gone, without returning) and ``"time"``. ``words`` are the error's own, ``where`` the
    line of the function that raised it.
    """

    def __init__(
        self,
        text: str,
        reason: str,
        rank: int,
        *,
        kind: str = "",
        words: str = "",
        where: str = "",
        call: str = "",
    ):
        super().__init__(text)
        self.reason, self.rank, self.kind = reason, rank, kind
        self.words, self.where, self.call = words, where, call


def run(
    function: Callable[..., Any],
    arguments: Sequence[Sequence[Any]],
    *,
    limit: float = 60.0,
    patience: float = 10.0,
) -> list[Rank]:
    """Call ``function(*arguments[rank])`` in as many processes as there are arguments, all at once.

    In each, torch's process group is ready (gloo), so ``torch.distributed`` can be used, and torch has one
    thread and this process's default dtype. Each gets copies: what it changes stays there. Waits for all of
    them, prints what they printed, rank by rank, and returns a :class:`Rank` for each.

    Units: ``limit`` are seconds, from when all have begun; ``patience`` seconds that a message may take.

    Raises :class:`RankError` when a rank fails, ends, waits in vain, or after ``limit`` seconds;
    ``NotImplementedError`` if that is what a rank raises; ``ValueError`` without arguments; ``TypeError``
    for what cannot be sent to another process. Whatever happens, none of the processes is left; the server
    that forks them stays for the next run, and ends with this process.
    """
    if not arguments:
        raise ValueError("there must be the arguments of one process at least.")
    if limit <= 0 or patience <= 0:
        raise ValueError(f"limit and patience are seconds, above 0, and not {limit} and {patience}.")
    jobs = [_packed(function, tuple(given)) for given in arguments]
    ranks: list[_Rank] = []
    with tempfile.TemporaryDirectory(prefix="ranks-") as folder:
        try:
            for rank in range(len(jobs)):
                ranks.append(_Rank(rank))
            about = {
                "dtype": torch.get_default_dtype(),
                "meeting": os.path.join(folder, "meeting"),
                "patience": patience,
                "environment": _loopback(),
            }
            for one, job in zip(ranks, jobs, strict=True):
                one.start(len(jobs), job, about)
            error = _follow(ranks, limit, patience)
        finally:
            for one in ranks:
                one.let_go()
            for one in ranks:
                one.end()
    for one in ranks:
        _show(one)
    if error is not None:
        if error.kind == "NotImplementedError":
            raise NotImplementedError(error.words)
        raise error
    return [Rank(pickle.loads(one.result), one.printed, tuple(one.calls)) for one in ranks]


def _packed(function: Callable[..., Any], given: tuple[Any, ...]) -> bytes:
    try:
        return cloudpickle.dumps((function, given))
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise TypeError(
            f"what the function uses cannot be sent to another process: it uses something that lives in this "
            f"one only, such as an open file. ({said})"
        ) from error


def _loopback() -> dict[str, str]:
    """The ranks talk inside of this machine, whatever it is called and whether it has a network."""
    name = {"linux": "lo", "darwin": "lo0"}.get(sys.platform)
    return {"GLOO_SOCKET_IFNAME": name} if name else {}


def _show(one: _Rank) -> None:
    for line in one.printed.splitlines():
        print(f"rank {one.number} | {line}")


# --- one process, seen from here ---------------------------------------------------------------------------


@dataclass
class _Rank:
    number: int
    process: BaseProcess | None = None
    said: Any = None  # the connection that it speaks on
    hold: Any = None  # it lives as long as this is open
    printed: str = ""
    calls: list[str] = field(default_factory=list)
    together: list[str] = field(default_factory=list)  # those that all ranks make
    inside: str = ""
    ready: bool = False  # it has met the others, and begins
    over: str = ""  # "returns", "fails" or "ends"
    at: float = 0.0  # when
    result: Any = None

    def start(self, ranks: int, job: bytes, about: dict[str, Any]) -> None:
        context = _context()
        self.said, says = context.Pipe(duplex=False)
        held, self.hold = context.Pipe(duplex=False)
        self.process = context.Process(
            target=_ranks.main, args=(self.number, ranks, job, about, says, held), daemon=True
        )
        try:
            with _no_main():
                _started(self.process)
        finally:
            says.close()
            held.close()

    def listen(self) -> bool:
        """Take in one message. Returns whether there was one."""
        if not self.said.poll():
            return False
        try:
            what, more, at = pickle.loads(self.said.recv_bytes())
        except (EOFError, OSError):
            self._ends()
            return False
        if what == "ready":
            self.ready = True
        elif what == "prints":
            self.printed += more
        elif what == "enters":
            name, whole = more
            self.calls.append(name)
            if whole:
                self.together.append(whole)
            self.inside = name
        elif what == "leaves":
            self.inside = ""
        elif what in ("returns", "fails"):
            self.over, self.result, self.at = what, more, at
        return True

    def _ends(self) -> None:
        if not self.over:
            self.over, self.at = "ends", time.monotonic()

    def gone(self) -> None:
        """Its process has ended: what it said before is read first."""
        while self.listen():
            pass
        self._ends()

    def let_go(self) -> None:
        if self.hold is not None:
            self.hold.close()

    def end(self) -> None:
        if self.said is not None:
            self.said.close()
        if self.process is None or self.process.pid is None:
            return  # it ends by itself: nobody holds it
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.join(10)


def _context() -> Any:
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["course_lib._ranks_server"])
    return context


def _started(process: BaseProcess) -> None:
    try:
        process.start()
    except (ConnectionError, FileNotFoundError):  # the server was another's, and has ended
        if sys.platform == "win32" or not _forget_server():
            raise
        process.start()


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    """A rank must not run the parent's program again: the function comes by value, with all that it needs."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _share_server() -> None:
    """In a fork of this process: its parent's server serves it, too. (Python takes it for a child of its.)"""
    server: Any = vars(multiprocessing.forkserver)["_forkserver"]
    if server._forkserver_pid is not None:
        server.ensure_running = lambda: None


def _forget_server() -> bool:
    """Have a server of our own started next, in place of one that was shared. Returns whether it was."""
    server: Any = vars(multiprocessing.forkserver)["_forkserver"]
    shared = "ensure_running" in vars(server)
    if shared:
        del server.ensure_running
        server.__init__()
        _context()
    return shared


if sys.platform != "win32":
    import multiprocessing.forkserver

    os.register_at_fork(after_in_child=_share_server)


# --- all of them -------------------------------------------------------------------------------------------


def _follow(ranks: list[_Rank], limit: float, patience: float) -> RankError | None:
    """Listen to all ranks until they are over, or there is a reason to end them. Returns that reason."""
    news = time.monotonic()
    latest = news + START  # for all to be ready: until then, it is Python that they wait for
    end = news + limit
    while any(not one.over for one in ranks):
        running = [one for one in ranks if not one.over]
        watched = [*(one.said for one in running), *(_process(one).sentinel for one in running)]
        heard = multiprocessing.connection.wait(watched, 0.05)
        for one in running:
            if one.said in heard:
                one.listen()
                news = time.monotonic()
            elif _process(one).sentinel in heard:
                one.gone()
        now = time.monotonic()
        if (error := _reason(ranks, now, news, patience)) is not None:
            return error
        if now < latest and any(not one.ready and not one.over for one in ranks):
            end = now + limit
        if now > end:
            return _late(ranks, limit)
    return _reason(ranks, time.monotonic() + GRACE, news, patience)


def _process(one: _Rank) -> BaseProcess:
    assert one.process is not None
    return one.process


def _reason(ranks: list[_Rank], now: float, news: float, patience: float) -> RankError | None:
    """Why the ranks cannot come to an end, if they cannot."""
    failed = sorted((one for one in ranks if one.over == "fails"), key=lambda one: one.at)
    for one in failed:
        if not one.result["inside"] and LATE not in one.result["words"]:
            return _failure(one)
    for one in ranks:
        if one.over == "ends":
            return RankError(
                f"rank {one.number} ended, without returning: by os._exit, or by a signal.",
                "ends",
                one.number,
            )
    if (error := _differs(ranks)) is not None:
        return error
    for one in ranks:
        for other in ranks:
            through = other.over == "returns" and len(other.together) < len(one.together)
            if through and one.inside and one.inside == one.together[-1].split()[0]:
                return _waits(one, one.inside, f"for rank {other.number}, which has returned")
    if failed and now > failed[0].at + GRACE:
        one = failed[0]
        if LATE in one.result["words"]:
            return _waits(
                one, one.result["inside"] or "torch.distributed", NOBODY, _their_line(one.result["lines"])
            )
        return _failure(one)
    waiting = [one for one in ranks if not one.over]
    if waiting and all(one.inside for one in waiting) and now > news + patience + GRACE:
        return _waits(waiting[0], waiting[0].inside, NOBODY)
    return None


def _differs(ranks: list[_Rank]) -> RankError | None:
    """Whether two ranks make different calls: each waits for another thing, or takes one for the other."""
    for place in range(max(len(one.together) for one in ranks)):
        there = [one for one in ranks if len(one.together) > place]
        first = there[0]
        for other in there[1:]:
            mine, theirs = first.together[place], other.together[place]
            if mine != theirs:
                return RankError(
                    f"call {place + 1} of torch.distributed is {mine} in rank {first.number}, and {theirs} "
                    f"in rank {other.number}. All ranks must make the same calls, in the same order.",
                    "differs",
                    other.number,
                    call=theirs,
                )
    return None


def _waits(one: _Rank, call: str, whom: str, where: str = "") -> RankError:
    text = f"rank {one.number} waits in {call} {whom}: it would wait for ever." + (
        f"\n{where}" if where else ""
    )
    return RankError(text, "waits", one.number, call=call, where=where)


def _late(ranks: list[_Rank], limit: float) -> RankError:
    runs = [one for one in ranks if not one.over and not one.inside] or [one for one in ranks if not one.over]
    one = runs[0]
    place = f"waits in {one.inside}" if one.inside else "still runs"
    return RankError(
        f"after {limit:g} seconds rank {one.number} {place}.", "time", one.number, call=one.inside
    )


def _failure(one: _Rank) -> RankError:
    told = one.result
    words = " ".join(told["words"].split())
    said = f"{told['kind']}: {words}" if words else told["kind"]
    where = _their_line(told["lines"])
    text = f"rank {one.number} stops with {said}" + (f"\n{where}" if where else "")
    return RankError(
        text, "fails", one.number, kind=told["kind"], words=words, where=where, call=told["inside"]
    )


def _their_line(lines: list[tuple[str, int, str]]) -> str:
    """The last line that is neither ours nor a library's, as it stands."""
    for file, number, name in reversed(lines):
        path = Path(file)
        ours = Path(__file__).parent in path.parents or Path(os.__file__).parent in path.parents
        if ours or file.startswith("<frozen") or set(LIBRARIES) & set(path.parts):
            continue
        line = linecache.getline(file, number).strip()
        place = f"in {name}, line {number}"
        return f"{place}: {line}" if line else place
    return ""
