"""A Dask cluster gives the grades that one machine gives, whatever becomes of its workers."""

import contextlib
import csv
import functools
import logging
import os
import signal
import threading
import time

import nbformat
import psutil
import pytest
import tiny_course
from distributed import Client, LocalCluster
from tiny_course import answered

from tools import bank, exercises, grade, notebooks
from tools.grading import engine
from tools.nbgrader_course import ROOT
from tools.submissions import grade_id

pytestmark = pytest.mark.deep

REAL = "1_5_gradients"
SQUARE = "def double(x): return x * x"  # right for 0 and 2 only: an unseen test says so
start = functools.partial(LocalCluster, dashboard_address=":0", silence_logs=logging.CRITICAL)


@pytest.fixture(scope="module")
def cluster():
    """Two workers, which are processes of their own."""
    with start(n_workers=2, threads_per_worker=1, processes=True) as one:
        yield one


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    tiny_course.make_course(root)
    assert exercises.main([], root=root) == 0
    return root


@pytest.fixture(scope="module")
def released(root):
    return notebooks.read(exercises.place(root, tiny_course.SLUG))


@pytest.fixture(scope="module")
def tiny(root, released):
    """A class of the small course, and what grading it on this machine alone gives."""
    for number in range(4):
        tiny_course.hand_in(root / "in", f"right{number}", answered(released))
    tiny_course.hand_in(root / "in", "square", answered(released, double=SQUARE))
    tiny_course.hand_in(root / "in", "untouched", released)
    tiny_course.hand_in(root / "in", "suicidal", answered(released, half="import os\nos._exit(0)"))
    tiny_course.hand_in(root / "in", "broken", '{"cells": [')
    path = tiny_course.hand_in(root / "in", "odd", "")
    path.unlink()
    os.mkfifo(path)
    return root / "in", graded(root / "in", root / "alone", root)


def graded(folder, out, root, *more, seed=7):
    """The lines of the table: {student: line}."""
    out.mkdir()
    (out / "seed").write_text(f"{seed}\n")
    assert grade.main([str(folder), "--out", str(out), *more], root=root) in (0, 2)
    with open(out / "grades.csv", encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def nothing_is_left(cluster):
    """Whether the scheduler knows of no grader and no work."""
    until(lambda: set(cluster.scheduler.clients) == {"fire-and-forget"} and not cluster.scheduler.tasks)


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end
        time.sleep(0.005)
    return found


def kill_a_busy_worker(cluster):
    """Kill the process of a worker that has a submission. Returns it, and the sandboxes that it had."""
    nannies = {nanny.worker_address: nanny for nanny in cluster.workers.values()}

    def busy():
        for address, about in list(cluster.scheduler.workers.items()):
            if about.processing and address in nannies:
                process = psutil.Process(nannies[address].pid)
                if sandboxes := process.children(recursive=True):
                    return process, sandboxes
        return None

    process, sandboxes = until(busy)
    os.kill(process.pid, signal.SIGKILL)
    return process, sandboxes


@pytest.mark.sandboxed
def test_the_grades_are_those_of_one_machine(cluster, tiny, root):
    folder, alone = tiny
    assert (alone["right0"]["total"], alone["square"]["total"], alone["untouched"]["total"]) == (
        "5",
        "3",
        "0",
    )
    assert "left out" in alone["suicidal"]["status"]
    assert "no notebook" in alone["broken"]["status"] and "no file" in alone["odd"]["status"]
    assert graded(folder, root / "cluster", root, "--cluster", cluster.scheduler_address) == alone
    nothing_is_left(cluster)


@pytest.mark.sandboxed
def test_so_they_are_in_an_assignment_of_the_course(cluster, tmp_path):
    question = next(iter(bank.reference(REAL)))
    wrong = next(one for one in bank.answers(REAL) if one.question == question and not one.is_right)
    for student, given in {"right": {}, "wrong": {question: wrong.source}}.items():
        nb = notebooks.read(exercises.place(ROOT, REAL))
        for cell in nb.cells:
            cell.source = (bank.reference(REAL) | given).get(grade_id(cell), cell.source)
        (tmp_path / "in" / student / REAL).mkdir(parents=True)
        nbformat.write(nb, tmp_path / "in" / student / REAL / f"{REAL}.ipynb")
    alone = graded(tmp_path / "in", tmp_path / "alone", ROOT)
    assert alone["wrong"][question] == "0" != alone["right"][question]
    assert graded(tmp_path / "in", tmp_path / "out", ROOT, "--cluster", cluster.scheduler_address) == alone


@pytest.mark.sandboxed
def test_a_worker_that_is_killed_loses_nothing(cluster, tiny, root, monkeypatch):
    folder, alone = tiny
    killed, tell = [], grade.Grading._tell
    killer = threading.Thread(target=lambda: killed.append(kill_a_busy_worker(cluster)))

    def tell_and_have_one_killed(*given):
        tell(*given)
        assert len(cluster.scheduler.tasks) <= 3
        if killer.ident is None:
            killer.start()

    monkeypatch.setattr(engine.Cluster, "AT_ONCE", 3)
    monkeypatch.setattr(grade.Grading, "_tell", tell_and_have_one_killed)
    assert graded(folder, root / "killed", root, "--cluster", cluster.scheduler_address) == alone
    killer.join()
    ((process, sandboxes),) = killed
    until(lambda: not any(one.is_running() for one in (process, *sandboxes)))


@pytest.mark.sandboxed
def test_a_submission_whose_workers_all_die_costs_nobody_else_the_grade(cluster, root, released, monkeypatch):
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    own = grade.Assignment(tiny_course.SLUG, nbformat.writes(released), {})
    asked = [(number, own, nbformat.writes(answered(released)).encode()) for number in range(16)]
    found = {}
    with engine.Cluster(cluster.scheduler_address) as one:
        for name, _, result in one.run(asked):
            assert name not in found
            found[name] = result
            if len(found) == 1:
                kill_a_busy_worker(cluster)
    died = [result for result in found.values() if result.why]
    assert sorted(found) == list(range(16)) and 0 < len(died) < 16
    assert {result.why for result in died} == {"each worker of the cluster that was given it died."}
    assert all(bool(result.notebook) != bool(result.why) for result in found.values())
    nothing_is_left(cluster)


@pytest.mark.sandboxed
def test_a_worker_with_another_version_of_the_course_is_refused(cluster, tiny, root, capsys):
    def to_another():
        from tools.grading import job

        job.of_before, job._library = job._library, lambda: "another"

    def back():
        from tools.grading import job

        job._library = job.of_before

    folder, out = tiny[0], root / "other"
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        client.run(to_another)
        try:
            status = grade.main(
                [str(folder), "--out", str(out), "--cluster", cluster.scheduler_address], root=root
            )
        finally:
            client.run(back)
    assert status == 1
    assert "has another version of the course, or of torch, than this machine" in capsys.readouterr().err


@pytest.mark.parametrize(
    "address, sentence",
    [
        ("tcp://127.0.0.1:1", r"there is no Dask scheduler at tcp://127.0.0.1:1 \("),
        ("nonsense", r"there is no Dask scheduler at nonsense \("),
        ("without workers", "the cluster at .* has no workers"),
    ],
)
def test_without_a_scheduler_or_workers_there_is_a_sentence(address, sentence, monkeypatch):
    monkeypatch.setattr(engine.Cluster, "SECONDS", 1)
    with start(n_workers=0) as cluster:
        if address == "without workers":
            address = cluster.scheduler_address
        with pytest.raises(engine.NoSandbox, match=sentence) as raised, engine.Cluster(address):
            pass
        assert "python -m distributed.cli.dask_worker tcp://" in str(raised.value)
        nothing_is_left(cluster)


@pytest.mark.sandboxed
def test_when_the_cluster_goes_the_grader_says_so_and_no_sandbox_stays(released):
    own = grade.Assignment(tiny_course.SLUG, nbformat.writes(released), {})
    asked = [(number, own, nbformat.writes(released).encode()) for number in range(4)]
    before = sandboxes()
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(start(n_workers=1, threads_per_worker=2, processes=False))
        one = stack.enter_context(engine.Cluster(cluster.scheduler_address))
        results = one.run(asked)
        next(results)
        assert sandboxes() - before
        cluster.close()
        with pytest.raises(engine.NoSandbox, match=r"the Dask scheduler at .* has gone\."):
            list(results)
    until(lambda: not sandboxes() - before)


def sandboxes():
    running = [one for one in psutil.Process().children(recursive=True) if one.status() != "zombie"]
    return {one for one in running if one.name() == "bwrap"}
