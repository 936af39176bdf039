"""Outside of the sandbox: start it, ask its worker to run notebooks, and end what takes too long.

A sandbox is bubblewrap's: a process tree with a user, files, processes, network and shared memory of its own.
In it are Python, its packages and `course_lib`, all read-only, and an empty folder in memory. The gradebook,
the solutions, what others handed in and the grader's own files are not there.
"""

import functools
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tools.grading import reading, worker
from tools.submissions import Damaged, plain

BUBBLEWRAP = "bwrap"
NOBODY = "65534"
STARTS = 2  # of a worker, which may be ended from outside while it begins
NESTED = True  # whether a worker tries to give each notebook spaces of its own
START = 120.0  # seconds for Python to import torch, on a machine that is busy
HARD = 3.0  # seconds from a cell's interrupt to its end, for what cannot be interrupted
TOLD = 100  # characters of what is told of a notebook
LAST = 10.0  # seconds for a worker to say that a notebook has been ended


class NoSandbox(Exception):
    """There is none on this machine; the message says why, and what to do."""


class WorkerDied(Exception):
    """The worker ended for a reason outside of the notebook that it ran: it may be run again."""


@dataclass(frozen=True)
class Limits:
    """What a notebook may use. Seconds, bytes, processes."""

    cell: float = 30.0
    notebook: float = 300.0
    memory: int = 4 << 30
    disk: int = 64 << 20
    processes: int = 64


@dataclass
class Run:
    """What came of a notebook: outputs by the cell's number, and why it was ended before its end."""

    outputs: dict = field(default_factory=dict)
    unseen: dict = field(default_factory=dict)
    read: list = field(default_factory=list)  # what its text reaches for
    changed: list = field(default_factory=list)
    cell: int | None = None  # the one that had begun last
    over: bool = False  # all cells of the learner are over
    whole: bool = False  # and so is all else
    stopped: str = ""


@functools.cache
def why_not():
    """Why there is no sandbox here; "" if there is."""
    if sys.platform != "linux":
        return f"it needs Linux, and this is {sys.platform}"
    if shutil.which(BUBBLEWRAP) is None:
        return f"{BUBBLEWRAP} is not installed (Debian, Ubuntu, Fedora: the package bubblewrap)"
    if hidden := [path for path in _read_only() if Path("/tmp") in path.parents]:
        return f"{hidden[0]} lies in /tmp, which a sandbox has for its own: move the course to another folder"
    try:
        tried = subprocess.run(
            [*_command(Limits()), "true"],
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return f"{BUBBLEWRAP} does not come to an end"
    if tried.returncode:
        said = tried.stderr.strip().splitlines() or ["without a word"]
        return f"{BUBBLEWRAP} is refused here ({said[-1]}): a container needs the right to make namespaces"
    return ""


def required(unsafe):
    """Raises NoSandbox, unless there is one or `unsafe` says that none is wanted."""
    if not unsafe and (reason := why_not()):
        raise NoSandbox(
            f"there is no sandbox here: {reason}. Without one, what students wrote runs with your rights, "
            "and can read and change whatever you can. If you trust it: --unsafe (make grade UNSAFE=1)."
        )


def _command(limits, as_nobody=None):
    """The beginning of a command that runs in the sandbox."""
    as_nobody = _as_nobody() if as_nobody is None else as_nobody
    command = [
        BUBBLEWRAP,
        "--die-with-parent",
        "--new-session",
        "--as-pid-1",
        "--hostname",
        "sandbox",
        "--clearenv",
    ]
    command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if as_nobody:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]
    else:
        command += ["--unshare-user", "--uid", NOBODY, "--gid", NOBODY]
    for name, value in _environment(limits).items():
        command += ["--setenv", name, value]
    for folder in _read_only():
        for above in [*folder.parents][-2::-1]:
            command += ["--perms", "0755", "--dir", str(above)]
        command += ["--ro-bind", str(folder), str(folder)]
    for name in ("bin", "lib", "lib64", "sbin"):
        place = Path("/", name)
        if place.is_symlink():
            command += ["--symlink", os.readlink(place), str(place)]
        elif place.is_dir():
            command += ["--ro-bind", str(place), str(place)]
    for file in ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives"):
        if Path(file).exists():
            command += ["--ro-bind", file, file]
    for one in (worker, reading):
        command += ["--ro-bind", one.__file__, f"/{Path(one.__file__).name}"]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--perms", "1777", "--size", str(limits.disk), "--tmpfs", "/tmp"]
    command += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    if as_nobody:
        command += [
            "setpriv",
            "--reuid",
            NOBODY,
            "--regid",
            NOBODY,
            "--clear-groups",
            "--bounding-set",
            "-all",
        ]
    return command


@functools.cache
def _as_nobody():
    """Whether a sandbox that root starts can become nobody.

    A user of its own, as others get it, would still be root to the files of the system, such as those in
    /proc/sys. It cannot where only root may read Python or the course.
    """
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return False
    readable = ["test", "-r", str(_read_only()[-1] / "__init__.py"), "-a", "-x", str(_python())]
    tried = subprocess.run(
        [*_command(Limits(), True), *readable], capture_output=True, stdin=subprocess.DEVNULL
    )
    return tried.returncode == 0


def _read_only():
    """What a worker needs of this machine: Python, its packages, and the library."""
    import course_lib

    needed = [Path("/usr"), Path(sys.base_prefix), Path(sys.prefix), Path(course_lib.__file__).parent]
    needed = list(dict.fromkeys(path.resolve() for path in needed))
    return [path for path in needed if not any(other in path.parents for other in needed)]


def _python():
    """This Python, by the path that it has in the sandbox, where no link leads to its environment."""
    return Path(sys.prefix).resolve() / Path(sys.executable).relative_to(sys.prefix)


def _environment(limits, home="/tmp/home", temporary="/tmp"):
    return {
        "HOME": home,
        "TMPDIR": temporary,
        "MPLCONFIGDIR": home,
        "IPYTHONDIR": home,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "NBGRADER_EXECUTION": "autograde",
    }


class _Order:
    """The order in which a kernel speaks: what it has read, each cell's begin and end, the unseen tests.

    Raises ValueError for what comes out of turn: then another speaks in the kernel's place.
    """

    def __init__(self, cells):
        self.waiting, self.tests = [one["number"] for one in cells], []
        self.read, self.now = False, None

    def reads(self):
        if self.read:
            raise ValueError("it reads again")
        self.read = True

    def begin(self, number):
        if not self.read or self.now is not None or not self.waiting or number != self.waiting[0]:
            raise ValueError(f"cell {number!r} begins out of turn")
        self.now = self.waiting.pop(0)
        return self.now

    def end(self, number):
        if self.now is None or number != self.now:
            raise ValueError(f"cell {number!r} ends out of turn")
        self.now = None
        return number

    def over(self):
        if self.now is not None or self.waiting:
            raise ValueError("cells are said to be over that have not run")

    def unseen(self, number):
        """Tests may be missing, whose visible ones fail."""
        while self.tests:
            if self.tests.pop(0) == number:
                return number
        raise ValueError(f"unseen tests of {number!r} come out of turn")


class Sandbox:
    """A worker, started when it is first asked, and started anew when it has ended.

    Where the system lets no process of a sandbox have spaces of its own, each notebook gets a fresh sandbox.
    """

    def __init__(self, unsafe=False, limits=None):
        required(unsafe)
        self.unsafe, self.limits = unsafe, limits or Limits()
        self.process = self.folder = None
        self.nested = self.ended = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """End the worker for good: another thread may still wait for it."""
        self.ended = True
        self.close()

    def run(self, cells, unseen, limits=None):
        """Run the cells of one notebook, and then the unseen tests. Returns a Run.

        `unseen()` gives what is to be tried when the learner's last cell is over. Raises WorkerDied.
        """
        limits = limits or self.limits
        if self.process is None or self.process.poll() is not None:
            self._start()
        done = Run()
        try:
            work = worker.packed({"run": {"cells": cells, "limits": asdict(limits)}})
            if len(work) > worker.MOST:
                raise Damaged("it holds more text than a notebook may.")
            if not self._write(work, time.monotonic() + START):
                raise OSError("it takes no work")
            self._follow(done, cells, unseen, limits)
        except OSError as error:
            self.close()
            raise WorkerDied(str(error)) from error
        if not self.nested and not self.unsafe:
            self.close()
        return done

    def _follow(self, done, cells, unseen, limits):
        """Read what the notebook's kernel says, until it has ended."""
        end = time.monotonic() + limits.notebook + HARD
        until, order = end, _Order(cells)
        while not done.stopped:
            try:
                own, message = self._receive(until)
                if message is None:
                    self._stop(done, "time")
                elif own:
                    done.stopped = str(message["ended"])
                elif done.whole:
                    raise ValueError("it goes on after its end")
                elif "read" in message:
                    order.reads()
                    done.read = [plain(str(one), TOLD) for one in message["read"]][: reading.MOST]
                elif "begin" in message:
                    done.cell = order.begin(message["begin"])
                    until = min(end, time.monotonic() + limits.cell + HARD)
                elif "cell" in message:
                    done.outputs[order.end(message["cell"])] = message["outputs"]
                elif "unseen" in message:
                    done.unseen[order.unseen(message["unseen"])] = dict(message)
                elif message.get("over") == "cells" and not done.over:
                    order.over()
                    changed = [plain(str(one), TOLD) for one in message["changed"][: worker.CHANGED]]
                    done.changed, done.over = changed, True
                    asked = unseen()
                    order.tests = sorted(map(int, asked["tests"]))
                    each = (limits.cell * 2 + HARD) * max(1, len(asked["tests"]))
                    until = time.monotonic() + HARD + min(each, limits.notebook)
                    data = worker.packed({"unseen": asked})
                    if not (self._send({"bytes": len(data)}, until) and self._write(data, until)):
                        self._stop(done, "time")
                elif message.get("over") == "all" and done.over:
                    done.whole = True
                else:
                    raise ValueError("it says what no kernel says")
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError, worker.TooMuch):
                self._stop(done, "output")  # no message of ours: the notebook writes to its kernel's channel

    def _receive(self, until):
        """The next message, and whether it is the worker's own; None if the time is over."""
        reply = self._pipe("stdout")
        if not select.select([reply], [], [], max(0.0, until - time.monotonic()))[0]:
            return False, None
        own = os.read(reply, 1) == worker.OWN
        message = worker.receive(reply, worker.MOST)
        if message is None:
            raise OSError("it ended before its time")
        return own, message

    def _stop(self, done, why):
        """Have the notebook ended, whatever it says meanwhile."""
        done.stopped = why
        end, own, message = time.monotonic() + LAST, False, {}
        self._send({"end": True}, end)
        while not own and message is not None:
            try:
                own, message = self._receive(end)
            except (ValueError, TypeError, RecursionError, worker.TooMuch):
                continue  # its last words
        if not own:
            self.close()  # it does not answer: a fresh one comes next

    def _send(self, message, until):
        return self._write(worker.packed(message), until)

    def _write(self, data, until):
        """Write to the worker, as far as it reads. Returns whether all was written in time."""
        pipe, data = self._pipe("stdin"), memoryview(data)
        while data:
            if not select.select([], [pipe], [], max(0.0, until - time.monotonic()))[1]:
                return False
            data = data[os.write(pipe, data[: select.PIPE_BUF]) :]  # so few bytes never wait
        return True

    def _pipe(self, name):
        """The descriptor of a pipe. Raises OSError where another thread has ended the worker meanwhile."""
        process = self.process
        if process is None:
            raise OSError("it was ended")
        try:
            return getattr(process, name).fileno()
        except ValueError:
            raise OSError("it was ended") from None

    def _start(self):
        for _ in range(STARTS):
            if self.ended:
                raise NoSandbox("grading was stopped.")
            self.close()
            self._begin()
            if self.ended:  # meanwhile, by another thread
                continue
            try:
                _, ready = self._receive(time.monotonic() + START)
            except OSError:
                ready = None
            if ready is not None:
                self.nested = bool(ready["nested"])
                return
        self.close()
        raise NoSandbox(
            f"the worker in the sandbox does not start, tried {STARTS} times; it gives no reason."
        )

    def _begin(self):
        settings = {"COURSE_NESTED": "" if self.unsafe or not NESTED else "1"}
        if self.unsafe:
            self.folder = tempfile.TemporaryDirectory(prefix="grading-")
            own = _environment(self.limits, home=f"{self.folder.name}/home", temporary=self.folder.name)
            command = [sys.executable, worker.__file__]
            settings |= {**os.environ, **own, "PATH": os.environ.get("PATH", os.defpath)}
        else:
            command = [*_command(self.limits), "env"]
            command += [f"COURSE_NESTED={settings['COURSE_NESTED']}"]
            command += [str(_python()), "/worker.py"]
            settings = None
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if self.unsafe else subprocess.DEVNULL,
            bufsize=0,
            env=settings,
        )

    def close(self):
        """End the worker, and all that it started. Two threads may do so at once."""
        process, self.process = self.process, None
        folder, self.folder = self.folder, None
        if process is not None:
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
            if self.unsafe:  # there is no sandbox whose end would end all: the worker does it at its own
                with suppress(subprocess.TimeoutExpired):
                    process.wait(10)
            process.kill()
            process.wait()
        if folder is not None:
            folder.cleanup()
