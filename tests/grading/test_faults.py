"""What goes wrong around a notebook: workers that are killed, gradebooks that are gone, texts nobody can draw."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import runs
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from tiny_course import SLUG, TEST_DOUBLE, answered, hand_in, nbgrader

from tools.grading import job, records, sandbox, tidy
from tools.grading.sandbox import Limits, NoSandbox, Sandbox
from tools.grading.worker import MOST
from tools.nbgrader_course import ROOT
from tools.submissions import Damaged

pytestmark = [pytest.mark.sandboxed, pytest.mark.deep]

NOTHING = {"tests": {}, "slug": SLUG, "modules": {}, "seed": 0, "seconds": 5}
PICTURE = base64.b64encode(b"\x89PNG and more").decode()


def run(worker, *sources, unseen=None, **limits):
    """What comes of a notebook with these cells."""
    limits = Limits(**{"cell": 20, **limits})
    cells = [
        {"number": n, "kind": "answer", "source": source, "seconds": limits.cell}
        for n, source in enumerate(sources)
    ]
    return worker.run(cells, lambda: unseen or NOTHING, limits)


def printed(done):
    return "".join(one["text"] for outputs in done.outputs.values() for one in outputs if "text" in one)


# --- workers -----------------------------------------------------------------------------------------------


def test_a_notebook_makes_no_further_spaces():
    code = """
import ctypes
libc = ctypes.CDLL(None)
print("further", libc.unshare(0x10000000))
print("most", open("/proc/sys/user/max_user_namespaces").read())"""
    with Sandbox() as worker:
        said = printed(run(worker, code))
        assert "further -1" in said or not worker.nested or "most 0" not in said, said


CHANNEL = """
import fcntl, os, stat
def is_pipe(one):
    try:
        return stat.S_ISFIFO(os.fstat(one).st_mode) and fcntl.fcntl(one, fcntl.F_GETFL) & 1
    except OSError:
        return False
says = [one for one in range(3, 256) if is_pipe(one)][-1]
"""


def test_memory_is_watched_while_half_a_message_waits():
    code = (
        CHANNEL + "os.write(says, b'\\0\\0\\1')\nheld = []\nwhile True:\n    held.append(b'x' * 20_000_000)"
    )
    with Sandbox() as worker:
        assert run(worker, code, memory=600 << 20).stopped == "memory"
        assert printed(run(worker, "print(7)")) == "7\n"


def test_a_kernel_that_does_not_listen_holds_up_nobody(monkeypatch):
    monkeypatch.setattr(sandbox, "LAST", 0.5)
    monkeypatch.setattr(sandbox, "HARD", 1.0)
    code = """
import os, time
before = os.write
def write(to, data):
    before(to, data)
    if b'"over"' in bytes(data):
        time.sleep(1000)
    return len(data)
os.write = write"""
    with Sandbox() as worker:
        began = time.monotonic()
        unseen = NOTHING | {"modules": {"x": "#" * 2_000_000}}
        done = run(worker, code, unseen=unseen, cell=1.0)
        assert (done.over, done.whole, done.stopped) == (True, False, "time")
        assert time.monotonic() - began < 60
        assert printed(run(worker, "print(7)")) == "7\n"


READ, OVER, ALL = {"read": []}, {"over": "cells", "changed": []}, {"over": "all"}
CELLS = [{"begin": 0}, {"cell": 0, "outputs": []}, {"begin": 1}, {"cell": 1, "outputs": []}]
UNSEEN = [{"unseen": 0, "outputs": []}, {"unseen": 1, "outputs": []}]
IN_TURN = [READ, *CELLS, OVER, *UNSEEN, ALL]


def followed(messages):
    """What a sandbox makes of these messages of a kernel, after which its worker says that it has ended."""

    class Said(Sandbox):
        def __init__(self):
            self.left = [*((False, one) for one in messages), (True, {"ended": "died"})]

        def _receive(self, until):
            return self.left.pop(0)

        def _write(self, data, until):
            return True

        def _stop(self, done, why):
            done.stopped = why

    done = sandbox.Run()
    asked = NOTHING | {"tests": {"0": {}, "1": {}}}
    Said()._follow(done, [{"number": 0}, {"number": 1}], lambda: asked, Limits())
    return done


def test_a_kernel_that_speaks_in_turn_is_followed_to_the_end():
    done = followed(IN_TURN)
    assert (done.stopped, done.whole, list(done.outputs), list(done.unseen)) == ("died", True, [0, 1], [0, 1])
    assert followed([one for one in IN_TURN if one != UNSEEN[0]]).stopped == "died"  # not all tests passed


@pytest.mark.parametrize("place", range(len(IN_TURN)))
def test_what_is_said_twice_or_left_out_or_too_early_ends_the_run(place):
    one = IN_TURN[place]
    twice = [*IN_TURN[: place + 1], *IN_TURN[place:]]
    assert followed(twice).stopped == "output"
    if one not in UNSEEN and one != ALL:
        assert followed(IN_TURN[:place] + IN_TURN[place + 1 :]).stopped == "output"
    if 0 < place:
        early = [*IN_TURN[: place - 1], one, IN_TURN[place - 1], *IN_TURN[place + 1 :]]
        assert followed(early).stopped == "output"


@pytest.mark.parametrize("word", [[], 7, "x", {}, {"over": 1}, {"begin": None}, {"read": 3}, {"cell": []}])
def test_what_no_kernel_says_ends_the_run(word):
    for place in (0, 1, 3, len(IN_TURN)):
        assert followed([*IN_TURN[:place], word, *IN_TURN[place:]]).stopped == "output"


@pytest.fixture
def killed_at_start(monkeypatch):
    """Kills workers while they start, as long as `most` says; counts those that were begun."""
    begin, seen = Sandbox._begin, SimpleNamespace(begun=0, most=0)

    def begin_and_kill(self):
        begin(self)
        seen.begun += 1
        while seen.begun <= seen.most and not (inside := runs.children(self.process.pid)):
            time.sleep(0.01)
        if seen.begun <= seen.most:
            for process in inside:
                process.kill()

    monkeypatch.setattr(Sandbox, "_begin", begin_and_kill)
    return seen


def test_a_worker_that_is_killed_while_it_starts_is_started_again(killed_at_start):
    killed_at_start.most = 1
    with Sandbox() as worker:
        assert printed(run(worker, "print(7)")) == "7\n"
    assert killed_at_start.begun == 2


def test_a_worker_that_never_starts_is_no_sandbox(killed_at_start):
    killed_at_start.most = 10
    with Sandbox() as worker, pytest.raises(NoSandbox, match="does not start, tried 2 times"):
        run(worker, "print(7)")
    assert killed_at_start.begun == sandbox.STARTS


DEAF = """
import sys, time
sys.stdout.put.__globals__["receive"] = lambda *_: time.sleep(1000)"""
GRADER = """
import sys, time
sys.path[:0] = [sys.argv[1]]
from tools.grading.sandbox import Limits, Sandbox

def unseen():
    print("asked", flush=True)
    return {"tests": {}, "more": "x" * 1_000_000}  # more than all pipes hold together

cells = [{"number": 0, "kind": "answer", "source": sys.argv[2], "seconds": 1000}]
with Sandbox(unsafe=sys.argv[3] == "unsafe") as worker:
    worker.run(cells, unseen, Limits(cell=1000, notebook=1000))
"""


@pytest.mark.parametrize("how", ["sandboxed", "unsafe"])
@pytest.mark.parametrize("source", [DEAF, "import time\nprint(1)\ntime.sleep(1000)"])
def test_nothing_outlives_a_grader_that_is_killed(how, source):
    """Nor does a notebook that does not listen, while the grader has more to say to it than the pipes hold."""
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER, str(ROOT), source, how], stdout=subprocess.PIPE, text=True
    )
    with grader:
        if source == DEAF:
            assert grader.stdout.readline() == "asked\n"
        least, stays = (2 if how == "unsafe" else 3), 0  # the warden, the kernel (and its keeper); bubblewrap
        while stays < 10:  # a second: what starts makes others for a moment, and the pipes fill up
            assert grader.poll() is None
            time.sleep(0.1)
            started = runs.children(grader.pid)
            stays = stays + 1 if len(started) >= least else 0
        grader.kill()
    assert runs.running(started) == []


def test_without_spaces_in_spaces_each_notebook_has_a_fresh_sandbox(monkeypatch):
    monkeypatch.setattr(sandbox, "NESTED", False)
    leave = "open('/tmp/left', 'w').write('x')\nimport subprocess\nsubprocess.Popen(['sleep', '1000'])"
    find = """
import os
print("file", os.path.exists("/tmp/left"))
for number in filter(str.isdigit, os.listdir("/proc")):
    print(open(f"/proc/{number}/comm").read())"""
    with Sandbox() as worker:
        first = run(worker, leave)
        assert not worker.nested and worker.process is None
        second = run(worker, find)
    assert first.whole and second.whole
    assert "False" in printed(second) and "sleep" not in printed(second)


def _may_others_run_python():
    """Whether there is another to become, who may run this Python: root's own lies where nobody else may read."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return False
    python, library = str(Path(sys.executable).resolve()), str(ROOT / "course_lib" / "__init__.py")
    return subprocess.run([*AS_NOBODY, "test", "-x", python, "-a", "-r", library]).returncode == 0


AS_NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]


@pytest.mark.skipif(
    not _may_others_run_python(), reason="nobody but root may run this Python, or this is not root"
)
def test_who_is_not_root_has_the_same_sandbox(tmp_path):
    code = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}]
from tools.grading import sandbox
from tools.grading.sandbox import Limits, Sandbox
if why := sandbox.why_not():
    sys.exit("none: " + why)
source = "import os; print(os.getuid(), os.path.exists('/root'), os.path.exists({str(ROOT / "solutions")!r}))"
cells = [dict(number=0, kind="answer", source=source, seconds=20)]
with Sandbox() as worker:
    for _ in range(2):
        done = worker.run(cells, lambda: {NOTHING!r}, Limits())
        print(done.whole, worker.nested, done.outputs[0])
"""
    command = [
        "setpriv",
        "--reuid",
        "65534",
        "--regid",
        "65534",
        "--clear-groups",
        sys.executable,
        "-c",
        code,
    ]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path)}
    tried = subprocess.run(command, capture_output=True, text=True, cwd="/", env=environment, timeout=300)
    if "none: " in tried.stderr:
        pytest.skip(tried.stderr.strip())
    assert tried.returncode == 0, tried.stderr
    assert tried.stdout.count("True True") == 2, tried.stdout
    assert tried.stdout.count("65534 False False") == 2, tried.stdout


# --- texts that are hard to draw ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    return root, runs.course(root)


def test_a_picture_in_a_text_is_on_the_page_and_one_that_is_missing_costs_nothing(root, tmp_path):
    root, released = root
    nb = answered(released)
    text = new_markdown_cell("Mine: ![one](attachment:a.png) and ![two](attachment:b.png)")
    text.attachments = {"a.png": {"image/png": PICTURE}}
    nb.cells.append(text)
    hand_in(tmp_path / "in", "ada", nb)
    assert runs.here(tmp_path / "in", "--out", tmp_path / "out", root=root)[0] == 0
    page = runs.page(tmp_path / "out", "ada")
    assert f"data:image/png;base64,{PICTURE}" in page
    assert "cannot be shown" not in page


@pytest.mark.parametrize("words", ["<div>" * 100_000, "<a1><b>" * 30_000, "<DIV><p>" * 30_000])
def test_what_is_nested_too_deeply_is_shown_as_it_was_written(words):
    began = time.monotonic()
    assert tidy.html(words).startswith("<pre>&lt;")
    assert time.monotonic() - began < 10


def test_a_usual_table_is_shown_however_long():
    table = "<table>" + "<tr><td>1</td><td><b>2</b><br></td></tr>" * 500 + "</table>"
    assert tidy.html(table).count("<tr>") == 500


def test_the_html_of_a_notebook_has_a_limit_and_what_is_beyond_costs_no_time():
    room = tidy.Room()
    one = [new_output("display_data", data={"text/html": "<b>x</b>" * 5000, "text/plain": "x"})]
    made = [tidy.outputs(one, room)[0] for _ in range(500)]
    assert sum("text/html" in one.data for one in made) == tidy.HTML_MOST // 40_000
    assert all(one.data["text/plain"] == "x" for one in made)


def test_the_style_of_a_table_is_no_text():
    assert tidy.html("<style scoped>.a {b: c}</style><table></table><STYLE>x") == "<table></table>"


def test_tags_that_nobody_closes_are_not_nested():
    assert tidy.html("<ul>" + "<li>a" * 500 + "</ul>").count("<li>") == 500


def test_a_text_that_takes_for_ever_is_left_out_and_all_else_is_shown(root, tmp_path, monkeypatch):
    root, released = root
    nb = answered(released)
    nb.cells.append(new_markdown_cell("SLOW"))
    hand_in(tmp_path / "in", "ada", nb)
    make = tidy.markdown

    def slow(context, source, **more):
        if "SLOW" in source:
            raise TimeoutError
        return make(context, source, **more)

    slow.jinja_pass_arg = make.jinja_pass_arg
    monkeypatch.setattr(tidy, "markdown", slow)
    assert runs.here(tmp_path / "in", "--out", tmp_path / "out", root=root)[0] == 0
    page = runs.page(tmp_path / "out", "ada")
    assert "This text cannot be drawn" in page and "double" in page
    shown = "".join(cell.source for cell in runs.graded(tmp_path / "out", "ada").cells)
    assert "SLOW" not in shown  # the form grader is to show it as well
    kept = tmp_path / "out" / "submitted" / "ada" / SLUG / f"{SLUG}.ipynb"
    assert "SLOW" in kept.read_text()


# --- the disk and the gradebook ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def once_graded(root, tmp_path_factory):
    root, released = root
    folder = tmp_path_factory.mktemp("class")
    for student in ("ada", "bob"):
        hand_in(folder / "in", student, answered(released))
    assert runs.here(folder / "in", "--out", folder / "out", root=root)[0] == 0
    return folder


@pytest.fixture
def graded(root, once_graded, tmp_path):
    """A class of two, graded: the course, where it was handed in, and where the results are."""
    shutil.copytree(once_graded, tmp_path, dirs_exist_ok=True)
    return root[0], tmp_path / "in", tmp_path / "out"


def test_a_gradebook_that_is_none_is_said_in_a_sentence(graded):
    root, handed_in, out = graded
    (out / "gradebook.db").write_bytes(b"no database" * 1000)
    status, said = runs.here(handed_in, "--out", out, root=root)
    assert status == 1 and "Traceback" not in said
    assert "gradebook.db cannot be used" in said and "move" in said
    assert not (out / records.LOCK).exists()


def test_a_gradebook_that_goes_meanwhile_is_said_in_a_sentence(graded, monkeypatch):
    root, handed_in, out = graded
    put = records.Records.put

    def gone(self, *given):
        self.book.db.close()
        (out / "gradebook.db").write_bytes(b"")
        return put(self, *given)

    monkeypatch.setattr(records.Records, "put", gone)
    status, said = runs.here(handed_in, "--out", out, "--again", root=root)
    assert status in (1, 2) and "Traceback" not in said
    assert "gradebook" in said


def test_who_cannot_be_written_down_costs_nobody_else_and_gets_no_half_of_a_grade(
    root, tmp_path, monkeypatch
):
    root, released = root
    for student in ("ada", "bob", "cyd"):
        hand_in(tmp_path / "in", student, answered(released))
    out, there_is_room, add = tmp_path / "out", [], records.SaveAutoGrades._add_score

    def full(self, cell, resources):
        last = cell.metadata.nbgrader.grade_id == "test_half_2"
        if self.student_id == "bob" and last and not there_is_room:
            raise OSError("no space left on device")
        add(self, cell, resources)

    monkeypatch.setattr(records.SaveAutoGrades, "_add_score", full)
    status, said = runs.here(tmp_path / "in", "--out", out, root=root)
    rows = runs.rows(out)
    assert status == 2 and "no space left" in rows["bob"]["status"]
    assert (rows["ada"]["total"], rows["cyd"]["total"], rows["bob"]["total"]) == ("5", "5", "")
    there_is_room.append(True)
    status, said = runs.here(tmp_path / "in", "--out", out, root=root)
    assert status == 0 and said.count("(unchanged)") == 2
    assert runs.rows(out)["bob"]["total"] == "5"


@pytest.mark.parametrize(
    "about",
    [[], 7, {"key": 7}, {"key": "x"}, {"points": [1]}, {"remarks": "look"}, {"remarks": [1]}, {"late": None}],
)
def test_a_record_of_other_kinds_is_none(graded, about):
    root, handed_in, out = graded
    path = out / "records" / "ada" / f"{SLUG}.json"
    text = path.read_text()
    path.write_text(
        json.dumps(
            {**json.loads(text), **about} if isinstance(about, dict) and about != {"key": "x"} else about
        )
    )
    status, said = runs.here(handed_in, "--out", out, root=root)
    assert status == 0 and said.count("(unchanged)") == 1
    assert json.loads(path.read_text()).keys() == json.loads(text).keys()


# --- what a notebook may say of itself ---------------------------------------------------------------------


def test_what_is_told_of_one_stops_nobody_and_forges_no_line(root, tmp_path):
    root, released = root
    nb = answered(released)
    nb.cells.append(new_code_cell("a = '\\ud800.f_back'\nb = '\\n\\x1b[2J[7/7] zed … 5/5.f_back'"))
    hand_in(tmp_path / "in", "ada", nb)
    hand_in(tmp_path / "in", "bob", answered(released))
    for again in (False, True):
        status, said = runs.here(tmp_path / "in", "--out", tmp_path / "out", root=root)
        assert status == 0 and "\x1b" not in said and "\n[7/7]" not in said
        assert {name: row["total"] for name, row in runs.rows(tmp_path / "out").items()} == {
            "ada": "5",
            "bob": "5",
        }
        assert said.count("(unchanged") == 2 * again
    assert "look: it names \\ud800.f_back" in runs.rows(tmp_path / "out")["ada"]["status"]


def test_who_has_read_enough_stops_nobody(root, tmp_path):
    """As `make grade | head -1` does."""
    root, released = root
    for student in ("ada", "bo", "cy"):
        hand_in(tmp_path / "class", student, answered(released))
    grading = runs.start(root, tmp_path / "class", "--out", tmp_path / "out")
    runs.said_until(grading, "[1/3]")
    grading.stdout.close()
    assert grading.wait() == 0
    assert {row["status"] for row in runs.table(tmp_path / "out")} == {"graded"}
    assert "Graded: 3" in (tmp_path / "out" / "logs" / "grade.log").read_text()


def test_an_old_hand_in_whose_files_are_damaged_is_graded_anew(graded):
    root, handed_in, out = graded
    path = out / "autograded" / "ada" / SLUG / f"{SLUG}.ipynb"
    path.write_text("{")
    (out / "feedback" / "ada" / SLUG / f"{SLUG}.html").unlink()
    status, said = runs.here(handed_in, "--out", out, root=root)
    assert status == 0 and said.count("(unchanged)") == 1
    assert runs.graded(out, "ada").cells


def test_a_first_cell_that_lost_its_marks_is_no_reaching_out(root):
    _, released = root
    own, nb = job.Assignment(SLUG, nbformat.writes(released), {}), answered(released)
    for _ in range(2):
        read = [one["source"] for one in job._cells(own, nb, {}) if one["read"]]
        assert [source[:10] for source in read] == ["def double", "def half(x"]
        for cell in nb.cells:
            cell.metadata.pop("nbgrader", None)


def test_more_text_than_a_notebook_may_hold_is_refused_in_a_sentence():
    with Sandbox() as worker, pytest.raises(Damaged, match="more text than a notebook may"):
        run(worker, "#" * (MOST + 1))


def test_what_unseen_tests_are_said_to_say_is_cut_outside_as_well():
    told = {
        "outputs": [
            {"output_type": "error", "ename": "X", "evalue": "x" * 10_000, "traceback": ["y" * 10_000]}
        ]
    }
    said = SimpleNamespace(unseen={3: told})
    cell = new_code_cell("", metadata=nbgrader("test_double", grade=True))
    own = job.Assignment(SLUG, "", {"test_double": TEST_DOUBLE})
    (error,) = job._unseen(own, cell, said, 3)
    assert sum(map(len, error.traceback)) < 600 and len(error.evalue) <= 500
    told["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "z" * 10_000}]
    assert job._unseen(own, cell, said, 3) == []


def test_the_streams_lead_to_no_kernel():
    with Sandbox() as worker:
        said = printed(
            run(
                worker,
                "import sys\nprint([n for n in dir(sys.stdout) if 'kernel' in n], sys.stdout.__dict__)",
            )
        )
    assert said.startswith("[] {'put': <function")
