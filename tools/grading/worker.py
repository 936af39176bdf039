"""Inside the sandbox: a process that has imported torch once, and forks for each notebook that it runs.

It is started by `sandbox`, and needs nothing of the repository but `course_lib`. Messages are JSON, each
after its length in four bytes: requests come on descriptor 0, replies go to descriptor 1.

    → {"run": {"cells": […], "limits": {…}}}      the cells of a notebook, in order
    ← {"read": […]}                               what an instructor should know of their text
    ← {"begin": n} … {"cell": n, "outputs": […]}  as it goes
    ← {"over": "cells", "changed": […]}           the learner's last cell is over: only now come …
    → {"bytes": n} and n bytes: {"unseen": {…}}   … the tests that nobody has seen, and the canaries
    ← {"unseen": n, "outputs": […], "passed": […]}
    ← {"over": "all"}
    ← {"ended": "died"}                           or why it had to be ended

Replies have one byte more in front: are they the worker's own, or its notebook's, which may say anything?

Who answers what: the *warden* (this process, which never runs a learner's code) forks a *keeper*, which makes
namespaces for user, processes, files, network and shared memory, and forks the *kernel*: process 1 in there,
which runs the cells. When the warden kills it, the system ends all that it started. At each test the kernel
leaves a copy of itself behind, in which the unseen tests run later: in the state in which the learner's
answer was tested, and with the learner's last cell over.
"""

import ctypes
import functools
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress

USER, FILES, PROCESSES, SHARED, NETWORK = 0x10000000, 0x20000, 0x20000000, 0x8000000, 0x40000000
SET_DUMPABLE, SET_DEATH_SIGNAL, SET_CHILD_SUBREAPER, DROP_BOUNDING = 4, 1, 36, 24
LONGEST = 8_000_000  # bytes of one message
MOST = 60_000_000  # and of all messages of a notebook
CHARACTERS, LINES, PICTURE = 20_000, 1_000, 2_000_000  # of what a cell prints or shows
CHANGED = 20  # names that a notebook has changed, of which an instructor is told
GRACE = 2.0
LOOK = 0.1  # seconds from one look at what the processes use to the next
OWN, OF_KERNEL = b"w", b"k"  # the first byte of a reply says whose words it has
SHORT = 500  # characters of what an error in an unseen test says
KEPT = 20  # processes beside those of the notebook: the keeper, the kernel, its copies

KEYCTL = {"x86_64": 250, "aarch64": 219}  # the system call's number
libc = ctypes.CDLL(None, use_errno=True)


# --- messages ----------------------------------------------------------------------------------------------


class TooMuch(Exception):
    """A message is longer than any that this course needs."""


def send(descriptor, message):
    write_all(descriptor, packed(message))


def packed(message):
    data = json.dumps(message).encode()
    return struct.pack(">I", len(data)) + data


def write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data) :]


def receive(descriptor, longest=LONGEST):
    """The next message; None at the end."""
    head = _exactly(descriptor, 4)
    if head is None:
        return None
    if _length(head) > longest:
        raise TooMuch
    data = _exactly(descriptor, _length(head))
    return None if data is None else json.loads(data)


def _length(data, place=0):
    """How many bytes come after the four at this place."""
    return struct.unpack_from(">I", data, place)[0]


def _messages(data):
    """The whole messages at the beginning of `data`, each with its length; and the rest."""
    whole, place = [], 0
    while len(data) >= place + 4 and len(data) >= (end := place + 4 + _length(data, place)):
        whole.append(data[place:end])
        place = end
    return whole, data[place:]


def _exactly(descriptor, count):
    parts = []
    while count:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


# --- the warden --------------------------------------------------------------------------------------------


def main():
    requests, replies = (os.dup(number) for number in (0, 1))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    # Whoever ends the sandbox ends this process; but where root's sandbox became nobody, the system does not
    # let bubblewrap send this signal, for it has given up its rights. There, the end of `requests` does it.
    libc.prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    libc.prctl(SET_CHILD_SUBREAPER, 1)  # what a kernel leaves behind becomes ours, to be ended
    began = time.monotonic()
    _preload()
    nested = bool(os.environ.get("COURSE_NESTED")) and _nests()
    known = _fingerprint()
    # No other process may read this one's memory. (A kernel can see its number, and has the same user.)
    libc.prctl(SET_DUMPABLE, 0)
    write_all(replies, OWN + packed({"ready": time.monotonic() - began, "nested": nested}))
    while (request := receive(requests, MOST)) is not None:
        if "run" in request:
            if any("optim" in cell["source"] for cell in request["run"]["cells"]):
                _preload_optimizers()
            Warden(requests, replies, request["run"]["limits"], nested, known).watch(request["run"])


def _preload():
    os.environ["MPLBACKEND"] = "agg"
    import matplotlib.pyplot  # noqa: F401
    import reading  # noqa: F401 (it lies beside this file, in the sandbox as in the repository)
    import torch
    import torch.utils.data  # noqa: F401
    from IPython.core.interactiveshell import InteractiveShell  # noqa: F401

    import course_lib.assignments  # noqa: F401
    import course_lib.checks.tools  # noqa: F401
    import course_lib.datasets
    import course_lib.optim
    import course_lib.plotting  # noqa: F401

    torch.set_num_threads(1)  # an open pool of threads does not survive a fork
    x = torch.ones(3, requires_grad=True)
    (x @ x).backward()


@functools.cache
def _preload_optimizers():
    """torch's first optimizer imports 800 modules, which takes a second: once here, not in each notebook."""
    import torch

    torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.1)


def _nests():
    """Whether a process in here may make namespaces of its own."""
    child = os.fork()
    if child == 0:
        os._exit(libc.unshare(USER | FILES | PROCESSES | SHARED | NETWORK) != 0)
    return os.waitpid(child, 0)[1] == 0


class Warden:
    """Runs one notebook, hands on what its kernel says, and ends it when it uses too much or is asked to."""

    def __init__(self, requests, replies, limits, nested, known):
        self.requests, self.replies = requests, replies
        self.limits, self.nested, self.known = limits, nested, known
        self.handed_on = 0

    def watch(self, run):
        said, says = os.pipe()
        heard, hear = os.pipe()
        who, whose = os.pipe()
        keeper = os.fork()
        if keeper == 0:
            for other in (said, hear, who, self.requests, self.replies):
                os.close(other)
            self._keep(run, heard, says, whose)
        for other in (says, heard, whose):
            os.close(other)
        kernel = int(_exactly(who, 8) or keeper)
        os.close(who)
        self.base = _own_memory(os.getpid())
        reason = self._relay(said, hear)
        for one in (said, hear):
            os.close(one)
        self._end(kernel, keeper)
        write_all(self.replies, OWN + packed({"ended": reason}))

    def _relay(self, said, hear):
        """Hand messages on, unread, until the kernel ends or has to be ended. Returns why.

        It waits for nobody: half a message stays until its rest has come, and what is for the kernel is
        passed on as it takes it.
        """
        waiting, looked, count = b"", 0.0, 0
        while True:
            writable = [hear] if count else []
            ready, free, _ = select.select([said, *([] if count else [self.requests])], writable, [], LOOK)
            if free:
                if (passed := self._pass_on(hear, count)) is None:
                    return "time"
                count -= passed
            elif self.requests in ready:
                request = receive(self.requests)
                if request is None or "end" in request:
                    return "time"
                count = request["bytes"]
            if said in ready:
                if not (part := os.read(said, 1 << 20)):
                    return "died"
                self.handed_on += len(part)
                whole, waiting = _messages(waiting + part)
                write_all(self.replies, b"".join(OF_KERNEL + one for one in whole))
                if self.handed_on > MOST or len(waiting) >= 4 and _length(waiting) > LONGEST:
                    return "output"
            if (now := time.monotonic()) - looked > LOOK:
                if self._left_alone():
                    return "time"
                if why := self._too_much():
                    return why
                looked = now

    def _pass_on(self, hear, count):
        """Bytes for the kernel that this process never sees: the next one would find them in its memory.

        Returns how many have gone; None if no more come.
        """
        try:
            return os.splice(self.requests, hear, count, flags=os.SPLICE_F_NONBLOCK) or None
        except BlockingIOError:
            return 0
        except BrokenPipeError:  # it does not listen any more: they go nowhere
            nowhere = os.open(os.devnull, os.O_WRONLY)
            try:
                return os.splice(self.requests, nowhere, count) or None
            finally:
                os.close(nowhere)

    def _left_alone(self):
        """Whether nobody can ask any more: the grader has gone, perhaps with half of a request said."""
        asked = select.poll()
        asked.register(self.requests, 0)  # the end of the other side is always told
        return bool(asked.poll(0))

    def _too_much(self):
        """Whether all processes but this one together use more than a notebook may."""
        others = _others()
        if len(others) > self.limits["processes"] + KEPT:
            return "processes"
        used = sum(_own_memory(process) - self.base for process in others)
        if used > self.limits["memory"] and sum(map(_share, others)) > self.limits["memory"]:
            return "memory"
        return ""

    def _end(self, kernel, keeper):
        """End the kernel, with all that it started, and see that it has gone."""
        for process in (kernel, keeper):
            _kill(process)
        while True:
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                if not (left := _others()):
                    return
            else:
                left = _others()
            for process in left:
                _kill(process)
            time.sleep(0.002)

    # --- the keeper ---

    def _keep(self, run, heard, says, whose):
        """Make the kernel's own spaces, fork it, and wait for it. Does not return."""
        if self.nested:
            user, group = os.getuid(), os.getgid()
            if libc.unshare(USER | FILES | PROCESSES | SHARED | NETWORK):
                os._exit(3)
            libc.prctl(SET_DUMPABLE, 1)  # its files in /proc are its own only so
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", f"{user} {user} 1")
            _write("/proc/self/gid_map", f"{group} {group} 1")
            with suppress(OSError):  # one wall more, where the system builds it: no further spaces
                _write("/proc/sys/user/max_user_namespaces", "0")
            libc.prctl(SET_DUMPABLE, 0)
        libc.prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
        kernel = os.fork()
        if kernel:
            os.write(whose, b"%8d" % kernel)
            os.close(whose)
            os.waitpid(kernel, 0)
            os._exit(0)
        status = 1
        try:
            os.close(whose)
            os.setsid()
            _confine(self.limits, self.nested)
            Kernel(heard, says, self.known).run(run)
            status = 0
        finally:
            os._exit(status)


def _write(path, words):
    with open(path, "w") as file:
        file.write(words)


def _own_memory(process):
    """The bytes of a process that are no file's; what it has from before its fork counts as its own."""
    return _kilobytes(process, "status", ("RssAnon:", "RssShmem:"))


def _share(process):
    """The same, with what is shared divided by those that share it. Slower, and right."""
    return _kilobytes(process, "smaps_rollup", ("Pss_Anon:", "Pss_Shmem:")) or _own_memory(process)


def _kilobytes(process, name, wanted):
    try:
        with open(f"/proc/{process}/{name}") as file:
            return 1024 * sum(int(line.split()[1]) for line in file if line.startswith(wanted))
    except (OSError, ValueError):
        return 0


def _kill(process):
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _others():
    """The processes that come from this one."""
    me, parents = os.getpid(), {}
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != me:
            try:
                with open(f"/proc/{name}/stat") as file:
                    parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
    mine, grown = {me}, True
    while grown:
        new = {one for one, parent in parents.items() if parent in mine} - mine
        mine |= new
        grown = bool(new)
    return mine - {me}


# --- the kernel's own spaces -------------------------------------------------------------------------------


def _confine(limits, nested):
    if nested:
        size = f"size={limits['disk']}".encode()
        for place in (b"/tmp", b"/dev/shm"):
            if libc.mount(b"tmpfs", place, b"tmpfs", 0, size):
                os._exit(4)
        _loopback()
        _drop_capabilities()
        os.environ |= {"HOME": "/tmp/home", "TMPDIR": "/tmp"}
    libc.prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    libc.prctl(SET_DUMPABLE, 1)
    if (keyctl := KEYCTL.get(os.uname().machine)) is not None:
        libc.syscall(keyctl, 1, None)  # a keyring of its own: keys outlive processes
    folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"notebook-{os.getpid()}")
    os.makedirs(os.environ["HOME"], exist_ok=True)
    os.makedirs(folder)
    os.chdir(folder)
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"] + (4 << 30)),  # torch maps some gigabytes that it never uses
        (resource.RLIMIT_FSIZE, limits["disk"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 1024),
    ):
        most = min(most, *(one for one in resource.getrlimit(what) if one != resource.RLIM_INFINITY), most)
        resource.setrlimit(what, (most, most))


def _loopback():
    """Processes that train together talk over the loopback device, which is down in a new network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        import fcntl

        up_and_running = struct.pack("16sh14x", b"lo", 0x1 | 0x40)
        try:
            fcntl.ioctl(one, 0x8914, up_and_running)
        except OSError:
            pass  # without it, only such questions suffer


def _drop_capabilities():
    for number in range(64):
        libc.prctl(DROP_BOUNDING, number)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if libc.capset(header, nothing):
        os._exit(5)


# --- the kernel --------------------------------------------------------------------------------------------


class CellTimeoutError(KeyboardInterrupt):
    """This cell ran out of time."""


TIMED_OUT = "CellTimeoutError: this cell ran out of time. Is there a loop that never ends?"


class Outputs:
    """What one cell prints and shows, as nbformat writes it, up to a limit."""

    def __init__(self):
        self.all, self.characters, self.lines, self.cut = [], 0, 0, False

    def stream(self, name, words):
        room = CHARACTERS - self.characters
        if self.lines > LINES:
            room = 0
        if len(words) > room:
            words, self.cut = words[:room], True
        if not words:
            return
        self.characters += len(words)
        self.lines += words.count("\n")
        last = self.all[-1] if self.all else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += words
        else:
            self.all.append({"output_type": "stream", "name": name, "text": words})

    def show(self, kind, data):
        kept = {}
        for mime, value in data.items():
            if isinstance(value, str) and len(value) <= (
                PICTURE if mime.startswith("image/") else CHARACTERS
            ):
                kept[mime] = value
            else:
                self.cut = True
        if kept and len(self.all) < LINES:
            count = {"execution_count": None} if kind == "execute_result" else {}
            self.all.append({"output_type": kind, "data": kept, "metadata": {}, **count})

    def error(self, name, words, traceback):
        lines = [str(line)[:CHARACTERS] for line in traceback][-60:]
        self.all.append(
            {"output_type": "error", "ename": name, "evalue": words[:CHARACTERS], "traceback": lines}
        )

    def finished(self):
        if self.cut:
            note = "\n… what this cell printed further is cut off.\n"
            self.all.insert(
                _errors_begin(self.all), {"output_type": "stream", "name": "stdout", "text": note}
            )
        return self.all


def _errors_begin(outputs):
    return next((n for n, one in enumerate(outputs) if one["output_type"] == "error"), len(outputs))


class Kernel:
    """Runs the cells of one notebook in an IPython shell."""

    def __init__(self, heard, says, known):
        self.heard, self.says, self.known = heard, says, known
        self.close = sys.modules["matplotlib.pyplot"].close
        self.outputs = Outputs()
        self.copies = {}
        self.checks = None

    def run(self, run):
        import torch

        self.shell = _shell(self)
        self.names = self.shell.user_ns  # a notebook may put another in its place
        send(self.says, {"read": _read(run["cells"])})
        torch.manual_seed(0)
        for cell in run["cells"]:
            send(self.says, {"begin": cell["number"]})
            outputs = self._cell(cell)
            send(self.says, {"cell": cell["number"], "outputs": outputs})
            passed = all(one["output_type"] != "error" for one in outputs)
            if cell["kind"] == "test" and passed:
                self._leave_a_copy(cell["number"])
        send(self.says, {"over": "cells", "changed": _changed(self.known)})
        unseen = receive(self.heard, MOST)["unseen"]
        for number in self.copies:
            tests = {**unseen, "tests": None, **unseen["tests"][str(number)]}
            send(self.says, {"unseen": number, **self._ask(number, tests)})
        send(self.says, {"over": "all"})

    def _cell(self, cell):
        self.outputs = Outputs()
        if reason := cell.get("skip"):
            self.outputs.error("CellStopped", reason, [reason])
            return self.outputs.finished()
        with _time(cell["seconds"]):
            try:
                if cell["kind"] == "test":
                    self._judge(cell["source"])
                else:
                    done = self.shell.run_cell(cell["source"], store_history=True)
                    error = done.error_before_exec or done.error_in_exec
                    if error is not None:
                        self._error(error)
            except BaseException as error:
                self._error(error)
        if cell["kind"] == "locked":
            self.checks = self.names.get("course_check", self.checks)
            self.usual = dict(getattr(self.checks, "_usual", {}))
        try:
            self.close("all")
        except BaseException as error:
            self._error(error)
        return self.outputs.finished()

    def _judge(self, source):
        """Run a test as it stands: nothing that a notebook has put between its cells and Python."""
        if self.checks is not None:
            self.names["course_check"] = self.checks
        exec(compile(source, "<test>", "exec"), self.names)

    def _error(self, error):
        if isinstance(error, CellTimeoutError):
            self.outputs.error("CellTimeoutError", "", [TIMED_OUT])
            return
        name, words, lines = _told(self.shell, error)
        self.outputs.error(name, words, lines)

    # --- the tests that nobody has seen ---

    def _leave_a_copy(self, number):
        asked, ask = os.pipe()
        answered, answer = os.pipe()
        copy = os.fork()
        if copy == 0:
            status = 1
            try:
                for other in (
                    ask,
                    answered,
                    self.heard,
                    self.says,
                    *(d for pair in self.copies.values() for d in pair),
                ):
                    os.close(other)
                import torch

                torch.set_num_threads(1)
                tests = receive(asked, MOST)
                if tests is not None:
                    send(answer, self._unseen(tests))
                    status = 0
            finally:
                os._exit(status)
        os.close(asked)
        os.close(answer)
        self.copies[number] = ask, answered

    def _ask(self, number, tests):
        """What the copy that was left at the test says."""
        ask, answered = self.copies[number]
        stopped = {"outputs": [], "passed": [], "stopped": True}
        try:
            send(ask, tests)
            ready, _, _ = select.select([answered], [], [], tests["seconds"] * 2 + GRACE)
            reply = receive(answered) if ready else None
        except (OSError, TooMuch, ValueError):
            reply = None
        return reply or stopped

    def _unseen(self, tests):
        """In the copy: run the tests again and the unseen ones, and then the canaries, which must fail."""
        os.environ |= {"COURSE_HIDDEN": "/unseen", "COURSE_SEED": str(tests["seed"])}
        for name, source in tests["modules"].items():
            _install(name, source)
        outputs = []
        if tests["source"]:
            if self.checks is not None:  # a new one: the notebook's own may have been changed
                self.checks = self._new_checks(tests["slug"])
            asked = {"kind": "test", "source": tests["source"], "seconds": tests["seconds"]}
            # What an answer prints while it is tested here would show the tests.
            outputs = [short(one) for one in self._cell(asked) if one["output_type"] == "error"]
        passed = [n for n, canary in enumerate(tests["canaries"]) if self._passes(canary, tests["seconds"])]
        return {"outputs": outputs, "passed": passed}

    def _new_checks(self, slug):
        """Checks as the first cell makes them: with the switches as they were then."""
        from course_lib.checks import Checks

        checks = Checks(slug, self.names)
        checks._usual = self.usual
        return checks

    def _passes(self, canary, seconds):
        """Whether the tests let a wrong answer pass: then something has changed what judges."""
        self.outputs = Outputs()
        given = self.names  # itself, so that nothing can tell a canary by its place
        for name in canary["names"]:
            given.pop(name, None)
        with _time(seconds):
            try:
                exec(compile(canary["source"], "<answer>", "exec"), given)
            except BaseException:
                pass  # the answer is missing then, and its test must say so
            try:
                checks = given["course_check"] = self._new_checks(canary["slug"])
                checks(canary["question"])
                return True
            except BaseException:
                return False


def _read(cells):
    """What an instructor should know of these cells' text."""
    try:
        return sys.modules["reading"].remarks(cells)
    except Exception as error:
        return [f"cannot be read ({type(error).__name__})"]


def short(error):
    """What an error says in the unseen tests: without their lines, and too short to carry them out."""
    if error["ename"] != "CheckFailed":
        error = {**error, "traceback": [f"{error['ename']}: {error['evalue']}".rstrip(": ")]}
    said = "\n".join(error["traceback"])
    said = said if len(said) <= SHORT else f"{said[:SHORT]}…"
    return {**error, "evalue": error["evalue"][:SHORT], "traceback": said.split("\n")}


def _install(name, source):
    """Make the module `name` of its text: it is no file."""
    import types

    module = types.ModuleType(name)
    module.__file__ = f"/unseen/{name.rpartition('.')[2]}.py"
    sys.modules[name] = module
    exec(compile(source, module.__file__, "exec"), vars(module))


class _time:
    """A limit on what runs inside: it is interrupted, again and again."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __enter__(self):
        signal.signal(signal.SIGALRM, _out_of_time)
        signal.setitimer(signal.ITIMER_REAL, self.seconds, 0.2)

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_REAL, 0)


def _out_of_time(*_):
    raise CellTimeoutError


def _told(shell, error):
    """An error as Jupyter tells it: name, words, lines."""
    name = type(error).__name__
    try:
        words = str(error)
    except BaseException:
        words = ""
    try:
        render = getattr(error, "_render_traceback_", None)
        if render is not None:
            lines = [str(line) for line in render()]
        else:
            lines = shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__, 1)
    except BaseException:
        lines = [f"{name}: {words}"]
    return name, words, lines


def _shell(kernel):
    """IPython, whose outputs go to the kernel's present cell."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type
    from traitlets.config import Config

    class Hook(DisplayHook):
        def __call__(self, result=None):
            if result is not None and not self.quiet():
                data, _ = self.compute_format_data(result)
                self.update_user_ns(result)
                self.fill_exec_result(result)
                kernel.outputs.show("execute_result", data)

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, **_):
            kernel.outputs.show("display_data", data)

        def clear_output(self, wait=False):
            pass

    class Shell(InteractiveShell):
        displayhook_class = Type(Hook)
        display_pub_class = Type(Publisher)
        enable_gui = staticmethod(lambda gui=None: None)

        def enable_matplotlib(self, gui=None):
            return "agg", "agg"  # no figure is drawn

        def _showtraceback(self, *_):
            pass  # the kernel says it

    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    settings.InteractiveShell.autoawait = True
    shell = Shell.instance(config=settings)

    def put(name, words):
        kernel.outputs.stream(name, words)

    sys.stdout, sys.stderr = Stream(put, "stdout"), Stream(put, "stderr")
    return shell


class Stream:
    """Standard output or error, into the outputs of the present cell: `put(name, words)` takes it there."""

    encoding, errors, closed, newlines = "utf-8", "replace", False, None

    def __init__(self, put, name):
        self.put, self.name = put, name

    def write(self, words):
        if not isinstance(words, str):
            raise TypeError(f"write() argument must be str, not {type(words).__name__}")
        self.put(self.name, words)
        return len(words)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def writable(self):
        return True

    def readable(self):
        return False

    def fileno(self):
        return 1 if self.name == "stdout" else 2


# --- what a notebook has changed ---------------------------------------------------------------------------


def _watched():
    """Whose names a notebook has no reason to set: (what to call it, the dict of its names)."""
    import builtins
    import math

    import numpy
    import torch

    yield "builtins", vars(builtins)
    yield "math", vars(math)
    yield "numpy", vars(numpy)
    yield "torch", vars(torch)
    yield "torch.Tensor", vars(torch.Tensor)
    for one in (Kernel, Outputs, Stream):
        yield f"the grader's {one.__name__}", vars(one)
    for name, module in sorted(sys.modules.items()):
        if name.startswith("course_lib") and module is not None:
            yield name, vars(module)
            for inner, one in list(vars(module).items()):
                if isinstance(one, type) and one.__module__ == name:
                    yield f"{name}.{inner}", vars(one)


FREE = {
    "manual_seed",
    "_",
    "__builtins__",
    "__warningregistry__",
    "__file__",
    "__doc__",
    "_instance",
    "Storage",
}


def _fingerprint():
    return {where: dict(names) for where, names in _watched()}


def _changed(known):
    """The names that have another value than at the start, such as "torch.allclose"."""
    found = []
    for where, names in _watched():
        for name, value in known.get(where, {}).items():
            if name not in FREE and callable(value) and names.get(name) is not value:
                found.append(f"{where}.{name}")
    return found[:CHANGED]


if __name__ == "__main__":
    main()
