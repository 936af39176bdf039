"""An assignment whose answers run in processes of their own: it has limits of its own, and leaves nothing behind."""

import nbformat
import pytest
import runs
from nbgrader.utils import is_solution

from course_lib.checks import questions
from tools import nbgrader_course, notebooks
from tools.bank import reference
from tools.exercises import place
from tools.grading import records, sandbox
from tools.nbgrader_course import ROOT
from tools.submissions import grade_id

pytestmark = [pytest.mark.sandboxed, pytest.mark.deep]

SLUG, OTHER = "3_5_data_parallelism", "1_1_training_loop"
FULL = {slug: sum(one.points for one in questions(slug).values()) for slug in (SLUG, OTHER)}
WORTH = questions(SLUG)["worker"].points
HEAD = "def worker(rank, N, net, x, y, lr, steps):\n"
LOOPS = HEAD + "    while rank:\n        pass\n"
WAITS = HEAD + "    if rank:\n        dist.barrier()\n"
FORKS = (
    f"import os, time\n{HEAD}"
    + "    for _ in range(60):\n        if os.fork() == 0:\n            time.sleep(1000)\n"
)
LEAVES = f"import os, time\n{HEAD}" + "    if os.fork() == 0:\n        time.sleep(1000)\n    os._exit(0)\n"
CLASS = {"right": None, "loops": LOOPS, "waits": WAITS, "forks": FORKS, "leaves": LEAVES}


def handed_in(folder, student, slug, worker=None):
    """The reference answers, but for that of the last question; and no cell to look at, which takes time."""
    nb = notebooks.read(place(ROOT, slug))
    given = reference(slug) | ({"worker": worker} if worker else {})
    for cell in nb.cells:
        if is_solution(cell) and cell.cell_type == "code":
            cell.source = given[grade_id(cell)]
        elif worker and cell.id == "worker-look":
            cell.source = ""
    path = folder / student / slug / f"{slug}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(nb, path)


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """One run over a class: its table, by student and assignment, the folder, and what still ran at its end."""
    folder = tmp_path_factory.mktemp("class")
    for student, worker in CLASS.items():
        handed_in(folder / "in", student, SLUG, worker)
    handed_in(folder / "in", "right", OTHER)
    with runs.Watch() as watch:
        status, said = runs.here(folder / "in", "--out", folder / "out")
        assert "Traceback" not in said
    rows = {(row["student"], row["assignment"]): row for row in runs.table(folder / "out")}
    return rows, folder / "out", runs.running(watch.seen)


def test_the_reference_earns_everything_and_nobody_is_to_look_at_it(judged):
    rows, *_ = judged
    for slug in (SLUG, OTHER):
        row = rows["right", slug]
        assert (float(row["total"] or -1), "look" in row["status"]) == (FULL[slug], False), row


@pytest.mark.parametrize("student", [student for student in CLASS if student != "right"])
def test_who_misbehaves_in_a_process_loses_that_question_only(judged, student):
    rows, *_ = judged
    assert float(rows[student, SLUG]["total"] or -1) == FULL[SLUG] - WORTH, rows[student, SLUG]


@pytest.mark.parametrize(
    "student, words",
    [
        ("loops", "rank 1 still runs"),
        ("waits", "rank 1 waits in barrier for rank 0"),
        ("forks", "starts more processes than a notebook may"),
        ("leaves", "ended, without returning"),
    ],
)
def test_who_misbehaves_is_told_how(judged, student, words):
    page = " ".join(runs.page(judged[1], student, SLUG).split())
    assert words in page


def test_no_process_is_left(judged):
    assert judged[2] == []


def test_only_this_assignment_has_limits_of_its_own(tmp_path):
    book = records.Records(tmp_path, ROOT)
    with nbgrader_course.temporary_course([]) as course:
        book.settings = nbgrader_course.config(course)
    assert book.limits(SLUG) == sandbox.Limits(cell=60, notebook=300, processes=4)
    for slug in nbgrader_course.assignments():
        assert slug == SLUG or book.limits(slug) == sandbox.Limits(cell=30, notebook=300)
