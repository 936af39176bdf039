"""How fast a class is graded, and whether all of it is, whatever some of it does.

``python -m benchmarks.grading`` makes up a class of 1,000 hand-ins, over all assignments there are. It has
``python -m tools.grade`` grade a quarter of it, then all, then all again, with nothing changed. In the middle
of the second run, it kills a worker. ``--number 200`` makes a smaller class; ``--cluster`` has it graded over
a Dask cluster of two worker processes, too, and kills one of those.

The answers come from the bank, right ones and wrong ones; some are left open. A tenth of the hand-ins is
damaged or hostile. One in 200 costs a whole time limit, with an endless loop that nothing interrupts: with
more of them, the benchmark would measure the limit.

The exit status is 1 if anything is lost or differs: a hand-in without a line in grades.csv; one that is not
damaged and not graded; an ordinary one that is listed to look at; points that are not what the bank says of
an answer; one that is graded again, with nothing changed; other grades then, or from the cluster; a process
that is left behind.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import ctypes
import json
import logging
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_lib.checks import questions
from tools import bank, exercises, notebooks
from tools.nbgrader_course import ROOT, assignments
from tools.submissions import grade_id

FEW = 100  # of fewer hand-ins, a quarter tells nothing
ODD = 10  # every tenth hand-in is damaged or hostile
RARE = 200  # and every 200th is an endless loop
#: What a question gets: the reference answer, another right one, a wrong one, or none.
DRAWN = {"reference": 4, "right": 2, "wrong": 3, "open": 1}

ORDINARY, ENDLESS = "ordinary", "an endless loop that nothing interrupts"
HOSTILE = {
    ENDLESS: """while True:
    try:
        while True:
            pass
    except BaseException:
        pass""",
    "many processes": """import os, time
for _ in range(300):
    if os.fork() == 0:
        time.sleep(100)
        os._exit(0)""",
    "the end of Python": "import os\nos._exit(0)",
    "50 MB of print": "print('x' * 50_000_000)",
    "memory without end": "held = []\nwhile True:\n    held.append(bytes([1]) * 100_000_000)",
    "scripts": "from IPython.display import HTML\nHTML('<script>document.title = 1</script>')",
    "its own helpers": "close = agree = same = lambda *_, **__: True\ncourse_check = lambda *_: None",
    "a patched library": """import course_lib.assignments, course_lib.checks, torch
for one in (course_lib.assignments, course_lib.checks, torch):
    for name in ("close", "question", "allclose", "equal"):
        setattr(one, name, lambda *_, **__: True)
course_lib.checks.Checks._ask = course_lib.checks.Checks._run = lambda *_, **__: None""",
}


# --- the class ---------------------------------------------------------------------------------------------


def cut(text):
    return text[: len(text) // 2]


def with_source(text, source):
    nb = json.loads(text)
    nb["cells"][len(nb["cells"]) // 2]["source"] = source
    return json.dumps(nb)


def of_other_types(text):
    nb = json.loads(text)
    for cell in nb["cells"]:
        cell["metadata"] = [1]
    nb["cells"][1]["source"], nb["cells"][1]["outputs"] = ["a", 1], "none"
    return json.dumps(nb)


DAMAGED = {
    "cut off": cut,
    "a source that is null": lambda text: with_source(text, None),
    "half an emoji": lambda text: with_source(text, "'\ud800'"),
    "other types": of_other_types,
    "too deep": lambda text: "[" * 100_000 + "]" * 100_000,
}
LINK = "a link"  # in the place of a file
KINDS = [*DAMAGED, LINK, *(kind for kind in HOSTILE if kind != ENDLESS)]
MAY_CHANGE = {"a patched library"}  # the points: whoever patches what judges has none to claim


def make_class(folder, number, seed, slugs, odd=ODD):
    """Write the hand-ins of the students s0001, s0002 …, who hand in everything.

    Returns {(student, slug): (kind, {question: its points, or None where they hang on other answers})}.
    """
    chance, made = random.Random(seed), {}
    for count in range(1, number + 1):
        student, slug = f"s{(count - 1) // len(slugs) + 1:04}", slugs[(count - 1) % len(slugs)]
        path = folder / student / slug / f"{slug}.ipynb"
        path.parent.mkdir(parents=True)
        nb, points = answered(slug, chance)
        kind = kind_of(count, odd)
        made[student, slug] = kind, points
        if kind == LINK:
            path.symlink_to("/etc/hostname")
            continue
        attack(nb, kind)
        text = nbformat.writes(nb)
        path.write_text(DAMAGED[kind](text) if kind in DAMAGED else text, encoding="utf-8")
        if count % 50 == 0:
            say(f"making hand-in {count}/{number}")
    say("")
    return made


def kind_of(count, odd):
    if count % odd:
        return ORDINARY
    return ENDLESS if count % RARE == RARE - odd else KINDS[count // odd % len(KINDS)]


def answered(slug, chance):
    """The release of an assignment, with answers that are drawn; and what each of them is worth."""
    nb, points = notebooks.read(exercises.place(ROOT, slug)), {}
    names = {question: about.answers for question, about in questions(slug).items()}
    for cell in nb.cells:
        question = grade_id(cell)
        if question in names:
            drawn = chance.choices(list(DRAWN), DRAWN.values())[0]
            bank_has = [
                one.source
                for one in bank.answers(slug)
                if one.question == question and one.is_right == (drawn == "right")
            ]
            if drawn == "reference":
                cell.source = bank.reference(slug)[question]
            elif drawn != "open":
                cell.source = chance.choice(bank_has)
            others = {name for other in names if other != question for name in names[other]}
            points[question] = questions(slug)[question].points if drawn in ("reference", "right") else 0
            if others & set(re.findall(r"\w+", cell.source)):
                points[question] = None
    return nb, points


def attack(nb, kind):
    """Put what is hostile after the first cell with code, which imports the library."""
    if kind in HOSTILE:
        place = next(n for n, cell in enumerate(nb.cells) if cell.cell_type == "code") + 1
        nb.cells.insert(place, new_code_cell(HOSTILE[kind]))
    if kind == "scripts":
        nb.cells.insert(
            0, new_markdown_cell("<script>document.title = 2</script><img src=x onerror=alert(1)>")
        )


# --- one run of the grader ---------------------------------------------------------------------------------


@dataclass
class Run:
    """What was seen of one run."""

    seconds: float = 0.0
    start: float = 0.0  # seconds until the first hand-in was told of
    told: int = 0  # how many were
    unchanged: int = 0  # how many of them had been graded before
    cpu: float = 0.0  # seconds of all processes
    memory: int = 0  # bytes of all processes, at the most
    load: float = 0.0  # of the machine, at the most: others work on it, too
    status: int = 0
    killed: str = ""
    left: list = field(default_factory=list)
    rows: dict = field(default_factory=dict)  # {(student, slug): line of grades.csv}

    @property
    def each(self):
        """Seconds a hand-in, without the start."""
        return (self.seconds - self.start) / max(1, self.told)


def grade(folder, out, seed, label, kill=None, cluster=None):
    """Run the grader, as people do. `kill()` is called in the middle; it returns what it killed."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "seed").write_text(f"{seed}\n")  # the same unseen tests in all runs
    command = [sys.executable, "-m", "tools.grade", str(folder), "--out", str(out)]
    command += ["--cluster", cluster] if cluster else []
    run, began, before = Run(), time.monotonic(), cpu_of_children()
    with open(out / "stderr", "w+") as errors:
        grader = subprocess.Popen(
            command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8"
        )
        with watched(run):
            for line in grader.stdout:
                if not (found := re.match(r"\[(\d+)/(\d+)\] ", line)):
                    continue
                run.start = run.start or time.monotonic() - began
                run.told, of = int(found[1]), int(found[2])
                run.unchanged += "(unchanged)" in line
                say(f"{label}: {run.told}/{of}, {time.monotonic() - began:.0f} s")
                if kill and not run.killed and run.told >= of // 2:
                    run.killed = kill()
            run.status = grader.wait()
        run.seconds = time.monotonic() - began
        say("")
        errors.seek(0)
        if run.status not in (0, 2):
            sys.exit(f"{label}: the grader ended with status {run.status}. {errors.read()[-2000:]}")
    if cluster is None:
        run.left, run.cpu = left_behind(), cpu_of_children() - before
    run.rows = grades(out)
    return run


@contextlib.contextmanager
def watched(run):
    """Meanwhile, see how much memory all processes have that this one started, and the load."""
    over = threading.Event()

    def look():
        while not over.wait(0.5):
            run.memory = max(run.memory, sum(map(memory, children())))
            run.load = max(run.load, os.getloadavg()[0])

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def memory(process):
    """The bytes of a process, what it shares divided by those that share it; if that may be seen."""
    try:
        return process.memory_full_info().pss
    except (psutil.Error, AttributeError):
        with contextlib.suppress(psutil.Error):
            return process.memory_info().rss
    return 0


def children():
    return psutil.Process().children(recursive=True)


def adopt():
    """Become the parent of whatever loses its own: it is seen when it stays, and its time is counted."""
    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def left_behind(seconds=10):
    """The command lines of what still runs a while after the end."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        left = [" ".join(command_line(one)) for one in children()]
        left = [words for words in left if words and "multiprocessing" not in words]
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.1)


def command_line(process):
    with contextlib.suppress(psutil.Error):
        return process.cmdline()
    return []


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def kill_a_worker():
    """End a sandbox's process that forks for each notebook."""
    for process in children():
        with contextlib.suppress(psutil.Error):
            if process.cmdline()[-1:] == ["/worker.py"] and process.parent().name() == "bwrap":
                process.kill()
                return "a sandbox's worker"
    return ""


def grades(out):
    with open(out / "grades.csv", encoding="utf-8", newline="") as file:
        return {(row["student"], row["assignment"]): row for row in csv.DictReader(file)}


# --- what came of it ---------------------------------------------------------------------------------------


def faults(made, runs):
    """What is lost or wrong, in words."""
    run, again = runs["all"], runs["again"]
    found = [
        words for place, (kind, points) in made.items() for words in of_one(place, kind, points, run.rows)
    ]
    graded = sum(row["status"].startswith("graded") for row in run.rows.values())
    if again.unchanged != graded:
        found.append(f"{graded - again.unchanged} of {graded} were graded again, unchanged")
    for name, other in runs.items():
        if name in ("again", "cluster"):
            found += [f"{name}: {words}" for words in differing(run.rows, other.rows)]
        if name in ("all", "cluster") and not other.killed:
            found.append(f"{name}: there was no worker to kill")
        found += [f"{name}: left behind: {words}" for words in other.left]
    return found


def of_one(place, kind, points, rows):
    who = f"{' '.join(place)} ({kind})"
    if place not in rows:
        return [f"{who} has no line"]
    row = rows[place]
    graded = row["status"].startswith("graded")
    found = []
    may_fail = kind in DAMAGED or kind == LINK or kind in MAY_CHANGE
    if not graded and not may_fail or kind == ORDINARY and "look:" in row["status"]:
        found.append(f"{who}: {row['status']}")
    if graded and kind not in MAY_CHANGE:
        for question, worth in points.items():
            if worth is not None and float(row[question]) != worth:
                found.append(f"{who}: {row[question]} points for {question}, not {worth}")
    return found


def differing(rows, others):
    """What two runs over the same class disagree about."""
    return [
        f"{' '.join(place)}: {rows.get(place)} and {others.get(place)}"
        for place in sorted({*rows, *others})
        if rows.get(place) != others.get(place)
    ]


def main(arguments=None):
    known = assignments()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading", description=__doc__.split("\n")[0])
    parser.add_argument("--number", type=int, default=1000, help="hand-ins (1000)")
    parser.add_argument("--cluster", action="store_true", help="grade over a local Dask cluster, too")
    parser.add_argument("--seed", type=int, default=0, help="decides who answers what (0)")
    parser.add_argument("--slug", action="append", choices=known, metavar="SLUG", help="only this assignment")
    parser.add_argument("--odd", type=int, default=ODD, help="one in so many is damaged or hostile (10)")
    options = parser.parse_args(arguments)
    adopt()
    cores = os.cpu_count()
    with tempfile.TemporaryDirectory(prefix="class-") as folder:
        folder = Path(folder)
        made = make_class(folder / "in", options.number, options.seed, options.slug or known, options.odd)
        describe(made, cores)
        runs = {}
        for name, run in all_runs(folder, made, options):
            runs[name] = run
            tell(name, run, cores)
    tell_more(runs)
    wrong = faults(made, runs)
    print(f"\nLost or different: {len(wrong) or 'nothing'}")
    for words in wrong:
        print(f"  {words}")
    return bool(wrong)


def all_runs(folder, made, options):
    """(name, Run), each when it is over."""
    if options.number >= FEW:
        first = quarter(folder, list(made)[: options.number // 4])
        yield "a quarter", grade(first, folder / "quarter-out", options.seed, "a quarter")
    yield "all", grade(folder / "in", folder / "out", options.seed, "all", kill_a_worker)
    yield "again", grade(folder / "in", folder / "out", options.seed, "again")
    if options.cluster:
        yield "cluster", on_a_cluster(folder, options.seed)


def quarter(folder, places):
    """The first of the hand-ins, as a class of their own."""
    for student, slug in places:
        shutil.copytree(folder / "in" / student / slug, folder / "quarter" / student / slug, symlinks=True)
    return folder / "quarter"


def on_a_cluster(folder, seed):
    from distributed import LocalCluster

    before = cpu_of_children()
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        silence_logs=logging.CRITICAL,
    ) as cluster:

        def kill():
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
            return "a worker of the cluster"

        run = grade(folder / "in", folder / "cluster-out", seed, "cluster", kill, cluster.scheduler_address)
    run.left, run.cpu = left_behind(), cpu_of_children() - before
    return run


def describe(made, cores):
    kinds = Counter(kind for kind, _ in made.values())
    odd = {kind: count for kind, count in kinds.items() if kind != ORDINARY}
    print(f"{len(made)} hand-ins over {len({slug for _, slug in made})} assignments, {cores} cores")
    print(f"of them damaged or hostile: {sum(odd.values())}")
    for kind, count in odd.items():
        print(f"  {count:4} {kind}" + (", which costs a whole time limit" if kind == ENDLESS else ""))
    print(
        f"\n{'':12}{'seconds':>8}{'start':>8}{'a hand-in':>11}{'cores busy':>12}{'peak memory':>13}",
        f"{'load':>5}  killed",
        flush=True,
    )


def tell(name, run, cores):
    busy = f"{run.cpu / run.seconds:.2f} of {cores}"
    line = f"{name:<12}{run.seconds:8.1f}{run.start:8.1f}{run.each:9.2f} s{busy:>12}"
    print(f"{line}{run.memory / 1e6:10.0f} MB{run.load:6.1f}  {run.killed or 'nobody'}", flush=True)


def tell_more(runs):
    rows = runs["all"].rows.values()
    graded = [row for row in rows if row["status"].startswith("graded")]
    look = sum("look:" in row["status"] or "look at this one" in row["status"] for row in rows)
    print(f"\ngraded {len(graded)}, not graded {len(rows) - len(graded)}, to look at {look}")
    if "a quarter" in runs:
        ratio = runs["all"].each / runs["a quarter"].each
        print(
            f"seconds a hand-in, all ÷ a quarter of them: {ratio:.2f} (1: the time grows as the class does)"
        )


def say(text):
    """Show progress on one line of the terminal."""
    print(f"\r{text:<70}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
