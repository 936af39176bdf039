"""The benchmark of the grader runs, reports what it promises, and fails when something is lost."""

import copy
import re
import subprocess
import sys
from collections import Counter

import pytest

from benchmarks import grading
from benchmarks.grading import ENDLESS, KINDS, ORDINARY, Run, faults
from tools.nbgrader_course import ROOT

pytestmark = pytest.mark.deep

PLACE, OTHER = ("s0001", "1_5_gradients"), ("s0002", "1_5_gradients")


@pytest.mark.sandboxed
def test_a_small_class_is_graded_and_nothing_is_lost():
    # Every second one is damaged or hostile, of seven kinds.
    command = [sys.executable, "-m", "benchmarks.grading", "--number", "14", "--odd", "2", "--slug", PLACE[1]]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "14 hand-ins over 1 assignments" in run.stdout and "damaged or hostile: 7" in run.stdout
    numbers = r" +[\d.]+ +[\d.]+ +[\d.]+ s +[\d.]+ of \d+ +[1-9]\d* MB +[\d.]+  "
    assert re.search(rf"^all {numbers}a sandbox's worker$", run.stdout, re.MULTILINE)
    assert re.search(rf"^again {numbers}nobody$", run.stdout, re.MULTILINE)
    assert "graded 9, not graded 5, to look at 1" in run.stdout
    assert "Lost or different: nothing" in run.stdout
    assert "all: 13/13" in run.stderr


def runs():
    """Two hand-ins, of which one is damaged, in two runs in which all went well."""
    row = {"status": "graded", "backward": "2", "operations": "0"}
    rows = {PLACE: row, OTHER: {"status": "not graded: it is no notebook"}}
    first, again = Run(killed="a worker", rows=rows), Run(unchanged=1, rows=copy.deepcopy(rows))
    made = {PLACE: (ORDINARY, {"backward": 2, "operations": None}), OTHER: ("cut off", {"backward": 2})}
    return made, {"all": first, "again": again}


def test_where_all_goes_well_there_is_no_fault():
    assert faults(*runs()) == []


@pytest.mark.parametrize(
    "spoil, fault",
    [
        (lambda runs: [run.rows.pop(OTHER) for run in runs.values()], "s0002 .* has no line"),
        (lambda runs: runs["all"].rows[PLACE].update(backward="0"), "0 points for backward, not 2"),
        (
            lambda runs: runs["all"].rows[PLACE].update(status="not graded: its worker died"),
            "its worker died",
        ),
        (lambda runs: runs["all"].rows[PLACE].update(status="graded (look: it replaces x)"), "look: it"),
        (lambda runs: runs["again"].rows[PLACE].update(operations="1"), "again: s0001 1_5_gradients: "),
        (lambda runs: setattr(runs["again"], "unchanged", 0), "1 of 1 were graded again"),
        (lambda runs: setattr(runs["all"], "killed", ""), "all: there was no worker to kill"),
        (lambda runs: runs["all"].left.append("bwrap"), "all: left behind: bwrap"),
        (lambda runs: runs.update(cluster=Run(killed="a worker")), "cluster: s0001 1_5_gradients: "),
    ],
)
def test_what_is_lost_or_differs_is_a_fault(spoil, fault):
    made, both = runs()
    spoil(both)
    assert any(re.search(fault, words) for words in faults(made, both))


def test_a_tenth_of_a_class_is_damaged_or_hostile_and_few_cost_a_whole_time_limit():
    kinds = Counter(grading.kind_of(count, grading.ODD) for count in range(1, 1001))
    assert kinds.pop(ORDINARY) == 900 and kinds.pop(ENDLESS) == 5
    assert set(kinds) == set(KINDS) and sum(kinds.values()) == 95
