"""What runs inside of the processes that :mod:`course_lib.processes` starts; their server imports it once.

A rank tells its parent, in messages that are pickled pairs, what it does: ``("ready", t)``,
``("enters", (name, what))`` and ``("leaves", name)`` around each call of ``torch.distributed``,
``("prints", text)``, and in the end ``("returns", bytes)`` or ``("fails", …)``. Then it waits: while a rank
that is over keeps its connections, the others are not told of a lost partner, which is no cause of anything.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import os
import pickle
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import cloudpickle
import torch
import torch.distributed as dist
import torch.distributed.distributed_c10d as c10d
import torch.nn.parallel  # noqa: F401 (imported once, in the server, and not in each rank)

#: Calls that all ranks make together, in the same order.
TOGETHER = (
    "all_gather all_gather_coalesced all_gather_into_tensor all_gather_object all_reduce "
    "all_reduce_coalesced all_to_all all_to_all_single barrier broadcast broadcast_object_list gather "
    "gather_object monitored_barrier new_group reduce reduce_scatter reduce_scatter_tensor scatter "
    "scatter_object_list"
).split()
#: Calls of two ranks.
PAIRS = "send recv isend irecv batch_isend_irecv send_object_list recv_object_list".split()
#: Those whose first argument has the same size in all ranks.
SAME_SIZE = ("all_reduce", "broadcast", "reduce")
PRINTED = 10_000  # characters of one rank


class Up:
    """The way to the parent."""

    def __init__(self, connection: Connection):
        self.connection, self.lock, self.room = connection, threading.Lock(), PRINTED
        self.inside: list[str] = []

    def tell(self, what: str, more: Any = None) -> None:
        with self.lock, contextlib.suppress(OSError):
            self.connection.send_bytes(pickle.dumps((what, more, time.monotonic())))


class Printed:
    """Standard output and error, up to a limit."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, up: Up):
        self.up = up

    def write(self, text: str) -> int:
        if self.up.room > 0 and text:
            self.up.tell("prints", text[: self.up.room])
            self.up.room -= len(text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


def _watched(name: str, call: Callable[..., Any], up: Up) -> Callable[..., Any]:
    """A call of torch.distributed that tells when it is entered and left. Calls inside of it are its own."""

    @functools.wraps(call)
    def watched(*args: Any, **kwargs: Any) -> Any:
        if up.inside or threading.current_thread() is not threading.main_thread():
            return call(*args, **kwargs)
        group = kwargs.get("group")
        whole = name in TOGETHER and (group is None or group is dist.group.WORLD)
        up.inside.append(name)
        up.tell("enters", (name, f"{name}{_size(name, args, kwargs)}" if whole else ""))
        answer = call(*args, **kwargs)
        up.inside.pop()
        up.tell("leaves", name)
        return answer

    return watched


def _size(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """What must be the same in all ranks, as " of 3 float64 numbers from rank 0"; "" where that is not it."""
    given = args[0] if args else kwargs.get("tensor")
    if name not in SAME_SIZE or not isinstance(given, torch.Tensor):
        return ""
    size = f" of {given.numel()} {str(given.dtype).removeprefix('torch.')} numbers"
    if name == "all_reduce":
        return size
    word, at = ("from", "src") if name == "broadcast" else ("to", "dst")
    rank = args[1] if len(args) > 1 else kwargs.get(at)
    return size if rank is None else f"{size} {word} rank {rank}"


def _watch(up: Up) -> None:
    for name in (*TOGETHER, *PAIRS):
        call = getattr(c10d, name, None)
        if callable(call):
            watched = _watched(name, call, up)
            for module in (c10d, dist):
                if hasattr(module, name):
                    setattr(module, name, watched)


def _until_the_parent_ends(hold: Connection) -> None:
    """End this process, with all that it has started, when its parent lets go of it or has ended."""
    with contextlib.suppress(EOFError, OSError):
        hold.recv_bytes()
    _end()


def _end() -> None:
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def main(rank: int, ranks: int, job: bytes, about: dict[str, Any], up_: Connection, hold: Connection) -> None:
    """Be one rank: meet the others, do the job, tell what came of it, and wait for the end."""
    if sys.platform != "win32":
        os.setsid()
    threading.Thread(target=_until_the_parent_ends, args=(hold,), daemon=True).start()
    up = Up(up_)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):  # what C++ prints there would come in any order
        os.dup2(nothing, number)
    sys.stdout = sys.stderr = Printed(up)
    try:
        up.tell("returns", _done(rank, ranks, job, about, up))
    except BaseException as error:
        up.tell("fails", _told(error, up))
    threading.Event().wait()


def _done(rank: int, ranks: int, job: bytes, about: dict[str, Any], up: Up) -> bytes:
    torch.set_num_threads(1)
    torch.set_default_dtype(about["dtype"])
    torch.manual_seed(0)
    warnings.simplefilter("ignore")
    os.environ |= about["environment"]
    up.inside.append("init_process_group")
    dist.init_process_group(
        "gloo",
        store=dist.FileStore(about["meeting"], ranks),
        rank=rank,
        world_size=ranks,
        timeout=datetime.timedelta(seconds=about["patience"]),
    )
    up.inside.clear()
    _watch(up)
    up.tell("ready")
    function, arguments = pickle.loads(job)
    return cloudpickle.dumps(function(*arguments))


def _told(error: BaseException, up: Up) -> dict[str, Any]:
    """What the parent is told of an error: its kind, its words, its lines, and the call that it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "kind": type(error).__name__,
        "words": str(error)[:1000],
        "lines": [(one.filename, one.lineno, one.name) for one in frames][-40:],
        "inside": up.inside[0] if up.inside else "",
    }
