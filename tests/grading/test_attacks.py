"""What one hostile notebook tries against others: it touches nobody's grade, file or page, and reads none."""

import contextlib
import ctypes
import functools
import os
import platform
import re
import socket
import tempfile
import threading
import time

import nbformat
import pytest
import runs
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.server_extensions.formgrader import handlers
from nbgrader.utils import determine_grade, is_grade
from tiny_course import SLUG, answered, hand_in
from traitlets.config import Config

import course_lib
from tools import nbgrader_course, notebooks
from tools.grading import job, sandbox
from tools.nbgrader_course import ROOT
from tools.submissions import grade_id

pytestmark = [pytest.mark.sandboxed, pytest.mark.deep]

MEMORY, PROCESSES, CELL = 800 << 20, 40, 20  # what a notebook may use here; seconds, on a busy machine
HONEST = ("aa_before", "zz_after")

# What a notebook prints of each thing that it tries: one line.
TRY = """
import ctypes, os, socket, subprocess, sys, time
libc = ctypes.CDLL(None, use_errno=True)
own = os.readlink("/proc/self")
others = [name for name in os.listdir("/proc") if name.isdigit() and name != own]

def attempt(name, what):
    try:
        print(f"DONE {name}: {what()!r:.200}")
    except BaseException as error:
        print(f"REFUSED {name}: {type(error).__name__} {error}")

def system(number):
    if number < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return number

def pipes():
    import fcntl, stat
    found = {0: [], 1: []}  # those to read from, those to write to
    for one in range(3, 256):
        try:
            if stat.S_ISFIFO(os.fstat(one).st_mode):
                found[fcntl.fcntl(one, fcntl.F_GETFL) & 1].append(one)
        except OSError:
            pass
    return found

def packed(message):
    import json, struct
    data = json.dumps(message).encode()
    return struct.pack(">I", len(data)) + data

def say(message):
    os.write(pipes()[1][-1], packed(message))
"""

READ = """
import sqlite3
for path in {places}:
    attempt(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1))
for number in others:
    for what in ("environ", "mem", "maps"):
        attempt(f"{{number}} {{what}}", lambda: open(f"/proc/{{number}}/{{what}}", "rb").read(1))
    for what in ("root", "cwd", "fd/0", "fd/3"):
        attempt(f"{{number}} {{what}}", lambda: os.readlink(f"/proc/{{number}}/{{what}}"))
book = "file:{database}?mode=ro"
attempt("database", lambda: sqlite3.connect(book, uri=True).execute("SELECT * FROM grade"))
attempt("tools", lambda: __import__("tools.grade"))
"""

WRITE = """
import course_lib, stat, torch
for path in [course_lib.__file__, torch.__file__, sys.executable, "/worker.py",
             "/etc/x", "/usr/x", "/x", "/dev/x", "/proc/sys/kernel/core_pattern",
             "/proc/sys/vm/drop_caches", "/proc/sys/kernel/hostname",
             *(f"/proc/{{number}}/oom_score_adj" for number in others)]:
    attempt(path, lambda: os.close(os.open(path, os.O_WRONLY | os.O_CREAT * (path[-2:] == "/x"))))
for path in {places}:
    attempt(path, lambda: open(path, "ab"))
for path in ("/dev/null", "/dev/pts", "/usr", course_lib.__file__):
    attempt(f"mode of {{path}}", lambda: os.chmod(path, os.stat(path).st_mode & 0o7777))
attempt("device", lambda: os.mknod("/tmp/disk", stat.S_IFBLK | 0o600, os.makedev(254, 0)))
"""

LEAVE_THE_SANDBOX = """
USER, FILES, GROUPS = 0x10000000, 0x20000, 0x2000000

def with_spaces_of_its_own():
    system(libc.unshare(USER | FILES | GROUPS))
    uid = os.getuid()
    for name, words in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {uid} 1")):
        try:
            open(f"/proc/self/{name}", "w").write(words)
        except OSError:
            pass
    os.makedirs("/tmp/here", exist_ok=True)
    gained = []
    for place in ("/tmp", "/dev/shm", "/usr", "/proc/irq"):
        if libc.umount2(place.encode(), 2) == 0:
            gained.append(f"umount {place}")
    if libc.mount(None, b"/usr", None, 4096 | 32, None) == 0:
        gained.append("/usr can be written")
    if libc.mount(b"proc", b"/tmp/here", b"proc", 0, None) == 0:
        gained.append("another /proc")
    for kind, options in ((b"cgroup2", None), (b"cgroup", b"freezer"), (b"cgroup", b"memory")):
        if libc.mount(b"none", b"/tmp/here", kind, 0, options) == 0:
            if os.access("/tmp/here/cgroup.procs", os.W_OK):
                gained.append(f"the system's {kind.decode()}")
            libc.umount2(b"/tmp/here", 2)
    if not gained:
        raise PermissionError("nothing is gained")
    return gained

def in_a_child(what):
    out, into = os.pipe()
    if os.fork() == 0:
        try:
            os.write(into, repr(what()).encode())
        except BaseException as error:
            os.write(into, f"!{error}".encode())
        os._exit(0)
    os.close(into)
    said = os.read(out, 10_000).decode()
    os.wait()
    if said.startswith("!"):
        raise PermissionError(said)
    return said

attempt("unshare", lambda: in_a_child(with_spaces_of_its_own))
attempt("mount", lambda: system(libc.mount(b"tmpfs", b"/usr", b"tmpfs", 0, None)))
attempt("umount", lambda: system(libc.umount2(b"/tmp", 2)))
attempt("chroot", lambda: os.chroot("/tmp"))
attempt("hostname", lambda: system(libc.sethostname(b"x", 1)))
attempt("root", lambda: os.setuid(0))
for number in sorted({2, *map(int, others)} - {os.getpid()}):
    attempt(f"ptrace {number}", lambda: system(libc.ptrace(16, number, 0, 0)))
    attempt(f"signal {number}", lambda: os.kill(number, 0))
attempt("signal all", lambda: os.kill(-1, 9))
"""

NETWORK = """
def udp(to):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect(to)
        return one.send(b"x")

def unix(name):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(name)

for to in (("127.0.0.1", {port}), ("1.1.1.1", 53), ("::1", {port})):
    attempt(f"tcp {{to}}", lambda: socket.create_connection(to, timeout=3))
attempt("udp", lambda: udp(("1.1.1.1", 53)))
attempt("name", lambda: socket.getaddrinfo("example.org", 80))
attempt("abstract", lambda: unix({abstract!r}))
attempt("packets", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
"""

DAEMON = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import signal
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(0.05)
    os._exit(0)
subprocess.Popen(["sleep", "1000"], start_new_session=True)
"""

OUTPUT = """
from IPython.display import HTML, display
print("x" * 50_000_000)
display(HTML("y" * 50_000_000))
for _ in range(100_000):
    print("z")
for number in (1, 2):
    for _ in range(10):
        os.write(number, b"w" * 1_000_000)
"""

FILES = """
def fill(path):
    with open(path, "wb") as file:
        for _ in range(300):
            file.write(bytes(1 << 20))
attempt("a huge file", lambda: fill("/tmp/huge"))
attempt("and one in shared memory", lambda: fill("/dev/shm/huge"))
"""

SHARED_MEMORY = """
import mmap
one = mmap.mmap(-1, 3 << 30)
for begin in range(0, 3 << 30, 16 << 20):
    one[begin:begin + (16 << 20)] = b"x" * (16 << 20)
time.sleep(60)
"""

# name: (what its first cell does, what the instructor is told; its own answers are right)
KINDS = {
    "read": (READ, ""),
    "write": (WRITE, ""),
    "leave": (LEAVE_THE_SANDBOX, ""),
    "network": (NETWORK, ""),
    "daemon": (DAEMON, ""),
    "output": (OUTPUT, ""),
    "files": (FILES, ""),
    "memory_at_once": ("bytearray(30 << 30)", ""),
    "memory": ("kept = []\nwhile True:\n    kept.append(b'x' * (16 << 20))", "1 cell left out"),
    "memory_shared": (SHARED_MEMORY, "1 cell left out"),
    "processes": (
        "for _ in range(300):\n    if os.fork() == 0:\n        time.sleep(1000)\n        os._exit(0)\n"
        "time.sleep(60)",
        "1 cell left out",
    ),
    "exit": ("os._exit(0)", "1 cell left out"),
    "exec": ("os.execv('/bin/sleep', ['sleep', '1000'])", "1 cell left out"),
    "closed": ("os.closerange(0, 1024)", "1 cell left out"),
    "stop": ("import signal\nsignal.raise_signal(signal.SIGSTOP)", ""),
    "endless": (
        "while True:\n    try:\n        time.sleep(1000)\n    except BaseException:\n        pass",
        "1 cell left out",
    ),
}


def hostile(released, code):
    nb = answered(released)
    nb.cells.insert(0, new_code_cell(TRY + code))
    return nb


# --- what may run in a browser -----------------------------------------------------------------------------

SCRIPT = """<script>alert(1)</script><img src=x onerror=alert(1)><iframe src="file:///etc/passwd"></iframe>
<a href="javascript:alert(1)">a</a><object data="x"></object><embed src="x"><form action="x"><input></form>
<style>*{display:none}</style><link rel=stylesheet href=//example.org><meta http-equiv=refresh content=0>
<svg onload=alert(1)><script>alert(1)</script></svg><math href="javascript:alert(1)">m</math><base href=//x>
<div style="background:url(https://example.org/x)" onclick="alert(1)">d</div>
<template><script>1</script></template>
<img src="https://example.org/x.png"><video src=x onerror=alert(1)></video> <b>bold</b>
"""
SHOW = f"""
from IPython.display import display
SCRIPT = {SCRIPT!r}
MIMES = ("text/html text/markdown text/latex text/plain image/svg+xml image/png image/jpeg application/json "
         "application/javascript application/pdf application/vnd.jupyter.widget-view+json application/x-tex")
MIMES = MIMES.split()
for mime in MIMES:
    display({{mime: SCRIPT, "text/plain": "plain " + mime}}, raw=True, metadata={{"isolated": True}})
print(SCRIPT, "\\x1b[31m" + SCRIPT, file=sys.stderr)
raise ValueError(SCRIPT)
"""


def with_scripts(released):
    nb = hostile(released, SHOW)
    for text in (
        SCRIPT,
        f"[x](javascript:alert(1)) $\\href{{javascript:alert(1)}}{{x}}$ ![]({SCRIPT})",
        "```\n" + SCRIPT,
    ):
        nb.cells.insert(0, new_markdown_cell(text))
    attached = new_markdown_cell("![](attachment:a.png) ![](attachment:b.svg)")
    attached["attachments"] = {"a.png": {"image/png": SCRIPT}, "b.svg": {"image/svg+xml": SCRIPT}, SCRIPT: {}}
    nb.cells.insert(0, attached)
    nb.metadata["title"] = SCRIPT
    return nb


def dangers(html):
    """What of a page, or a piece of one, runs or loads something, or covers what is there."""
    for tag in BeautifulSoup(html, "html.parser").find_all():
        if (
            tag.name
            in "script iframe object embed form input style link meta base svg math video template".split()
        ):
            yield str(tag)[:80]
        for name, value in tag.attrs.items():
            words = " ".join(value) if isinstance(value, list) else value
            if name.startswith("on") or name == "style" or "javascript:" in words:
                yield f"{tag.name} {name}={words[:40]}"
            picture = re.match(r"data:image/(png|jpeg|gif)[;,]", words)
            if name in ("src", "data", "action", "srcset") and not picture:
                yield f"{tag.name} {name}={words[:40]}"


# --- the run -----------------------------------------------------------------------------------------------


class World:
    """A course in a folder of its own, on a machine with something to steal."""

    def __init__(self, root):
        self.root, self.out, self.folder = root / "course", root / "course" / "results", root / "class"
        self.temporary = root / "temporary"
        for folder in (self.root, self.temporary):
            folder.mkdir()
        self.released = runs.course(self.root, memory=MEMORY, processes=PROCESSES, cell=CELL)

    def places(self):
        handed_in = self.folder / HONEST[0] / SLUG / f"{SLUG}.ipynb"
        theirs = [self.out / "gradebook.db", self.out / "seed", handed_in, self.root / "nbgrader_config.py"]
        ours = [ROOT / "tools" / "grade.py", self.root / "solutions" / SLUG / f"{SLUG}.ipynb", ROOT / "tests"]
        return [*map(str, theirs + ours), "/etc/passwd", "/etc/shadow"]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Two runs: over the honest, and over them among all kinds of others."""
    world = World(tmp_path_factory.mktemp("world"))
    for name in HONEST:
        hand_in(world.root / "alone", name, answered(world.released, double="def double(x): return x * x"))
        hand_in(world.folder, name, answered(world.released, double="def double(x): return x * x"))
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as abstract:
        name = f"\0grading-{os.getpid()}"
        abstract.bind(name)
        abstract.listen()
        given = dict(
            places=repr(world.places()),
            database=world.out / "gradebook.db",
            port=tcp.getsockname()[1],
            abstract=name,
        )
        for kind, (code, _) in KINDS.items():
            code = code.format(**given) if code in (READ, WRITE, NETWORK) else code
            hand_in(world.folder, kind, hostile(world.released, code))
        hand_in(world.folder, "scripts", with_scripts(world.released))
        odd_files(world.folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tempfile, "tempdir", str(world.temporary))
            world.alone = runs.here(
                world.root / "alone", "--out", world.root / "of_the_honest", root=world.root
            )
            world.before = {
                path: path.read_bytes() for path in files(world.root) if world.out not in path.parents
            }
            with runs.Watch() as watch:
                world.status, world.said = runs.here(world.folder, "--out", world.out, root=world.root)
        world.started = watch.seen
        tcp.setblocking(False)
        abstract.setblocking(False)
        world.called = [one.getsockname() for one in (tcp, abstract) if has_a_caller(one)]
    return world


def has_a_caller(one):
    try:
        one.accept()
    except BlockingIOError:
        return False
    return True


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def odd_files(folder):
    """What is handed in is no file of its own."""
    theirs = folder / HONEST[0] / SLUG / f"{SLUG}.ipynb"
    for name, target in {
        "link": theirs,
        "link_out": "/etc/passwd",
        "link_to_nothing": folder / "nothing",
    }.items():
        (folder / name / SLUG).mkdir(parents=True)
        (folder / name / SLUG / f"{SLUG}.ipynb").symlink_to(target)
    (folder / "link_folder").mkdir()
    (folder / "link_folder" / SLUG).symlink_to(theirs.parent)
    (folder / "link_student").symlink_to(folder / HONEST[0])
    (folder / "pipe" / SLUG).mkdir(parents=True)
    os.mkfifo(folder / "pipe" / SLUG / f"{SLUG}.ipynb")
    (folder / "inner" / SLUG).mkdir(parents=True)
    (folder / "inner" / SLUG / "again").symlink_to(theirs.parent)


def test_the_honest_get_what_they_get_without_the_others(world):
    for name in HONEST:
        assert runs.rows(world.out)[name] == runs.rows(world.root / "of_the_honest")[name]
        assert runs.rows(world.out)[name]["total"] == "3"
        alone, among_others = (
            re.sub(r"cell-id=\w+", "", runs.page(out, name))
            for out in (world.root / "of_the_honest", world.out)
        )
        assert among_others == alone and "is it x squared?" in alone


@pytest.mark.parametrize("kind", KINDS)
def test_who_attacks_is_graded_too_and_loses_nothing_but_the_cell(world, kind):
    row, (_, remark) = runs.rows(world.out)[kind], KINDS[kind]
    said = [one for one in re.findall(r"[^();]+", row["status"].removeprefix("graded")) if "look:" not in one]
    assert (row["total"], "".join(said).strip()) == ("5", remark)


@pytest.mark.parametrize(
    "kind, at_least", [("read", 11), ("write", 15), ("leave", 10), ("network", 7), ("files", 2)]
)
def test_all_that_is_tried_is_refused(world, kind, at_least):
    lines = runs.printed(runs.graded(world.out, kind)).splitlines()
    assert [line for line in lines if line.startswith("DONE")] == []
    assert sum(line.startswith("REFUSED") for line in lines) >= at_least, lines
    assert world.called == []


def test_nothing_runs_on_and_nothing_lies_about(world):
    assert len(world.started) > 100, "the daemons and the 300 processes were not even seen"
    assert runs.running(world.started) == []
    assert list(world.temporary.iterdir()) == []
    assert {path: path.read_bytes() for path in world.before} == world.before
    assert not (world.out / "lock").exists() and not list(world.out.rglob(".*"))


def test_fifty_megabytes_of_output_are_cut(world):
    assert len(runs.page(world.out, "output")) < 600_000
    assert "cut off" in runs.printed(runs.graded(world.out, "output"))


def test_what_is_no_file_of_its_own_is_not_followed(world):
    listed = world.said.partition("Not graded:")[2]
    for name in ("link", "link_out", "link_to_nothing", "link_folder", "link_student", "pipe", "inner"):
        assert re.search(rf"^  {name}, {SLUG}: ", listed, re.MULTILINE), listed
        assert not (world.out / "submitted" / name).exists()
    assert world.status == 2 and "Traceback" not in world.said


def test_no_page_has_anything_that_runs_or_loads(world):
    page = BeautifulSoup(runs.page(world.out, "scripts"), "html.parser")
    cells = page.select("div.cell")
    assert "bold" in page.text and "plain text/latex" in page.text and len(cells) > 10
    assert [one for cell in cells for one in dangers(str(cell))] == []
    assert [tag.get("src") for tag in page.find_all("script")] == ["../mathjax.js"]
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert (
        "default-src 'none'" in policy
        and "unsafe-inline" not in policy.partition("script-src")[2].split(";")[0]
    )


def test_no_output_of_the_graded_notebook_runs_or_loads_and_the_form_grader_shows_none(world):
    nb = runs.graded(world.out, "scripts")
    shown = [one.data for cell in nb.cells for one in cell.get("outputs", []) if "data" in one]
    assert len(shown) == 12
    assert {mime for data in shown for mime in data} <= {"text/plain", "text/html", "image/png", "image/jpeg"}
    assert [danger for data in shown for danger in dangers(data.get("text/html", ""))] == []
    assert all(cell.get("attachments", {}) == {} for cell in nb.cells)
    settings = Config(nbgrader_course.config(world.root))
    settings.HTMLExporter.template_name = "formgrade"
    settings.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    about = dict.fromkeys(
        "assignment_id notebook_id submission_id base_url student notebook_path".split(), "x"
    )
    about |= {"index": 0, "total": 1, "last_name": SCRIPT, "first_name": SCRIPT}
    page, _ = HTMLExporter(config=settings).from_notebook_node(nb, resources=about)
    cells = BeautifulSoup(page, "html.parser").select(".cell")
    assert len(cells) >= len(nb.cells)
    for cell in cells:
        for own in cell.select("textarea, .panel-heading"):  # where a mark and a comment are given
            own.decompose()
    assert [one for cell in cells for one in dangers(str(cell))] == []


# --- one worker, one notebook after the other --------------------------------------------------------------


@pytest.fixture(scope="module")
def worker():
    """A sandbox with a session keyring, as who is logged in has one."""
    if platform.machine() == "x86_64":
        ctypes.CDLL(None).syscall(250, 1, None)
    with sandbox.Sandbox() as one:
        yield one


@pytest.fixture(scope="module")
def judged(worker, world):
    """What becomes of a notebook: (points, all that it prints, why it was not graded)."""
    source = notebooks.read(world.root / "solutions" / SLUG / f"{SLUG}.ipynb")
    sources = {grade_id(cell): cell.source for cell in source.cells if is_grade(cell)}
    own = job.Assignment(SLUG, nbformat.writes(world.released), sources, limits=sandbox.Limits(cell=5))

    def judge(nb):
        with rescued(worker):
            graded = job.grade(own, nbformat.writes(nb).encode(), worker)
        if graded.why:
            return None, "", graded.why
        nb = nbformat.reads(graded.notebook, as_version=4)
        return sum(determine_grade(cell)[0] for cell in nb.cells if is_grade(cell)), runs.printed(nb), ""

    return judge


@contextlib.contextmanager
def rescued(worker):
    """Ends a worker that does not come to an end: such a fault is to fail a test, and not to stop all."""
    over, slow = threading.Event(), []

    def rescue():
        while not over.wait(100):
            slow.append(True)
            worker.close()

    thread = threading.Thread(target=rescue, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()
    assert not slow, "it does not come to an end"


SPOTS = """
import builtins, torch
from multiprocessing import shared_memory
KEY, HOUR = {key}, {hour}
startup = os.path.expanduser("~/.ipython/profile_default/startup")

def is_left(found):
    if not found:
        raise LookupError("nothing is left")
    return "left"

def hour(path):
    return lambda: os.utime(path, (HOUR, HOUR)), lambda: is_left(os.stat(path).st_mtime == HOUR)

def file(path):
    def leave():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write("left")
    return leave, lambda: open(path).read()

def keyring(which):
    def leave():
        return system(libc.syscall(248, b"user", b"left", b"left", 4, ctypes.c_long(which)))
    def find():
        system(libc.syscall(250, 10, ctypes.c_long(which), b"user", b"left", 0))
        return "left"
    return leave, find

spots = {
    "a file": file("/tmp/left"),
    "a file beside the notebook": file(os.path.abspath("left")),
    "a startup file": file(startup + "/00-left.py"),
    "a file in shared memory": file("/dev/shm/left"),
    "a module": (lambda: setattr(builtins, "left", "left"), lambda: builtins.left),
    "another library": (lambda: setattr(torch, "left", "left"), lambda: torch.left),
    "the environment": (lambda: os.environ.update(LEFT="left"), lambda: os.environ["LEFT"]),
    "shared memory": (lambda: system(libc.shmget(KEY, 4096, 0o1666)),
                      lambda: system(libc.shmget(KEY, 4096, 0o666))),
    "a queue": (lambda: system(libc.msgget(KEY, 0o1666)), lambda: system(libc.msgget(KEY, 0o666))),
    "a semaphore": (lambda: system(libc.semget(KEY, 1, 0o1666)), lambda: system(libc.semget(KEY, 1, 0o666))),
    "a POSIX queue": (lambda: system(libc.mq_open(b"/left", 0o102, 0o666, None)),
                      lambda: system(libc.mq_open(b"/left", 2))),
    "the hour of /dev/null": hour("/dev/null"),
    "the hour of /dev/pts": hour("/dev/pts"),
    "the warden's weight": (lambda: open("/proc/1/oom_score_adj", "w").write("77"),
                            lambda: is_left("77" in open("/proc/self/oom_score_adj").read())),
    "a priority": (lambda: os.nice(3), lambda: is_left(os.nice(0) == 3)),
}
if os.uname().machine == "x86_64":
    spots |= {"the session's keys": keyring(-3), "the user's keys": keyring(-4)}
"""
LEAVE = (
    SPOTS
    + """
import signal
for name, (leave, _) in spots.items():
    attempt(name, leave)
daemon = os.fork()
if daemon == 0:
    os.setsid()
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("\\0left")
        one.listen()
        time.sleep(1000)
"""
)
FIND = (
    SPOTS
    + """
for name, (_, find) in spots.items():
    attempt(name, find)
one = socket.socket(socket.AF_UNIX)
attempt("a socket", lambda: one.connect("\\0left"))
"""
)


def test_nothing_that_one_leaves_behind_reaches_the_next(judged, world):
    marks = {"{key}": str(os.getpid()), "{hour}": str(int(time.time()) - 10_000_000)}
    leave, find = (
        functools.reduce(lambda text, mark: text.replace(*mark), marks.items(), one) for one in (LEAVE, FIND)
    )
    points, left, why = judged(hostile(world.released, leave))
    assert points == 5, why
    assert left.count("DONE") >= 10, left
    points, found, why = judged(hostile(world.released, find))
    assert points == 5, why
    assert [line for line in found.splitlines() if line.startswith("DONE")] == []
    assert found.count("REFUSED") >= 16, found


SAID = {
    "garbage": "for one in pipes()[1]:\n    os.write(one, os.urandom(60_000))",
    "too long a message": "os.write(pipes()[1][-1], b'\\xff\\xff\\xff\\xff')\ntime.sleep(1)",
    "no JSON": "os.write(pipes()[1][-1], b'\\0\\0\\0\\3{{{')",
    "deep JSON": "os.write(pipes()[1][-1], b'\\0\\1\\x86\\xa0' + b'[' * 100_000)\ntime.sleep(1)",
    "half a message": "os.write(pipes()[1][-1], b'\\0\\0\\1\\0half')\ntime.sleep(1000)",
    "no object": "for one in (None, 5, 'ended', [1], {}):\n    say(one)",
    "no number": "say({'cell': [1], 'outputs': []})\nsay({'begin': None})",
    "no outputs": "say({'cell': 1})\nsay({'cell': 1, 'outputs': 5})\nsay({'cell': 1, 'outputs': [[]]})",
    "ends, and results": """
error = {"output_type": "error", "ename": "X", "evalue": "of another", "traceback": ["of another"]}
results = b"".join(packed({"begin": n}) + packed({"cell": n, "outputs": [error]}) for n in range(9))
results += packed({"over": "cells", "changed": []}) + packed({"over": "all"}) + packed({"ended": "died"})
os.write(pipes()[1][-1], packed({"cell": None}) + packed({"ended": "died"}) + 12 * results)
time.sleep(1000)""",
    "an answer to nothing": "say({'ready': 1, 'nested': True})\nsay({'unseen': 'x'})\nsay({'over': 'all'})",
    "very many messages": "while True:\n    say({'begin': 1})",
    "what it hears": "os.read(pipes()[0][0], 1)\ntime.sleep(1000)",
}


@pytest.mark.parametrize("what", SAID)
def test_who_writes_into_the_channels_of_the_grader_ends_its_own_run_only(judged, world, what):
    # After it, on the same worker, others would be given its outputs, or it their answers.
    judged(hostile(world.released, f"import time\n{SAID[what]}"))
    assert judged(answered(world.released)) == (5, "", "")
    assert judged(answered(world.released, half="def half(x): return 1")) == (3, "", "")


def test_the_channels_are_found_by_those_tests(judged, world):
    _, said, _ = judged(hostile(world.released, "print('there are', [len(one) for one in pipes().values()])"))
    assert re.search(r"there are \[[1-9]\d*, [1-9]\d*\]", said)


def test_a_sandbox_that_is_closed_meanwhile_leaves_nothing(world):
    """Whoever ends the grader ends what runs, at once."""
    own = job.Assignment(SLUG, nbformat.writes(world.released), {})
    nb, ended = hostile(world.released, DAEMON + "time.sleep(1000)"), []

    def grade_it():
        with pytest.raises(sandbox.NoSandbox, match="stopped"):
            job.grade(own, nbformat.writes(nb).encode(), one)
        ended.append(True)

    thread = threading.Thread(target=grade_it)
    with runs.Watch() as watch, sandbox.Sandbox() as one:
        thread.start()
        while len(watch.seen) < 6:  # bubblewrap, the warden, the keeper, the kernel, and two that outlive it
            assert thread.is_alive()
    thread.join(60)
    assert ended and runs.running(watch.seen) == []


def test_the_library_is_where_the_tests_think(world):
    """What cannot be written is there to be read."""
    assert str(ROOT) in course_lib.__file__
