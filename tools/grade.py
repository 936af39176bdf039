"""Grade what learners handed in.

    python -m tools.grade SUBMISSIONS [--slug 3_1_optimizers] [--out grading]

SUBMISSIONS holds one folder a student: SUBMISSIONS/<student>/<slug>/<slug>.ipynb

Each notebook runs in a process of its own, with a limit on each cell and on the whole, so that an answer that
fails, or never ends, costs nobody else the grade. The results are in the folder `--out`:

    grades.csv                              a line for each student and assignment
    feedback/<student>/<slug>/<slug>.html   to hand back; opens without a network
    logs/<student>.log                      what nbgrader said
    gradebook.db, submitted/, autograded/   what nbgrader's form grader needs, to mark by hand
    seed                                    a secret: it decides the data of the tests that nobody has seen

A second run grades again. It keeps marks given by hand, and the earlier grade of whoever cannot be graded.

Without --slug: every assignment that somebody handed in. The option may be given several times.

Grading trusts what it grades. It runs the learners' code with your rights, and nothing keeps that code from
the other submissions and the gradebook: hostile code can change anybody's marks and files. Grade people whom
you trust, or each in a container of its own that may lose its files.

Exit status: 0 everybody was graded; 1 nothing was done, because of the message; 2 somebody could not be
graded, and the list at the end says why, but all the others were.
"""

import argparse
import multiprocessing
import os
import re
import secrets
import shutil
import sys
from pathlib import Path

import nbformat
import psutil

from tools import exercises, feedback, gradebook, notebooks, submissions
from tools.nbgrader_course import (
    ROOT,
    CourseError,
    assignments,
    autograde_logged,
    config,
    release,
    temporary_course,
)
from tools.submissions import Damaged, SubmissionError, Ungraded

# Beyond the notebook's own limit: to start Python and a kernel, to write the feedback.
SECONDS_AROUND = 60


class Parser(argparse.ArgumentParser):
    def error(self, message):
        sys.exit(f"grade: {message}")  # status 1: argparse's own, 2, has another meaning here


def main(argv=None, root=ROOT):
    options = _parser().parse_args(argv)
    try:
        return _grade_all(options.submissions, options.slug, options.out, root)
    except (SubmissionError, CourseError, notebooks.NotebookError) as error:
        print(f"grade: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\ngrade: stopped. Whoever has a score above is in {options.out}.", file=sys.stderr)
        return 1


def _parser():
    about, _, more = __doc__.partition("\n")
    parser = Parser(
        prog="python -m tools.grade",
        description=about,
        epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("submissions", type=Path, help=f"the folder that holds {submissions.LAYOUT}")
    parser.add_argument(
        "--slug", action="append", default=[], help="only this assignment, which everybody owes"
    )
    parser.add_argument("--out", type=Path, default=Path("grading"), help="where results go (grading)")
    return parser


def _grade_all(folder, slugs, out, root):
    known = assignments(root)
    for slug in slugs:
        if slug not in known:
            raise SubmissionError(f"there is no assignment {slug}. There is: {', '.join(known)}.")
    found, ungraded = submissions.find(folder, slugs, known)
    with temporary_course(sorted({one.slug for one in found}), root) as course:
        _start(course, out, found)
        for number, one in enumerate(found, start=1):
            print(f"[{number}/{len(found)}] {one.student} {one.slug} … ", end="", flush=True)
            try:
                remarks = _grade(course, one, out)
            except Exception as error:  # whatever one submission does, all others are graded
                expected = isinstance(error, (CourseError, Damaged, notebooks.NotebookError))
                why = str(error) if expected else f"grading stopped with {type(error).__name__}: {error}"
                ungraded.append(Ungraded(one.student, one.slug, why))
                print("not graded")
                continue
            results = gradebook.results(config(course).CourseDirectory.db_url, root)
            gradebook.write_csv(results, out / "grades.csv")
            print(_score(results, one), *(f"({remark})" for remark in remarks))
    _report(found, ungraded, out)
    return 2 if ungraded else 0


def _start(course, out, found):
    """Bring the gradebook of earlier runs, and enter the assignments as they are today."""
    for folder in (out, out / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    if (out / "gradebook.db").exists():
        shutil.copy(out / "gradebook.db", course / "grading")
    for slug in sorted({one.slug for one in found}):
        try:
            release(course, slug)
        except CourseError as error:
            if "Cannot add or remove cells" not in str(error):
                raise
            raise CourseError(
                f"{slug} has other questions than when it was last graded, and nbgrader cannot carry the old "
                f"marks over. Move {out} away, then grade everybody again."
            ) from None
    for student in {one.student for one in found}:
        (out / "logs" / f"{student}.log").write_text("", encoding="utf-8")


def _grade(course, one, out):
    """Grade one submission. All of its results come to `out`, or none. Returns remarks for the instructor.

    Raises CourseError, NotebookError, Damaged.
    """
    log = (out / "logs" / f"{one.student}.log").resolve()
    database = course / "grading" / "gradebook.db"
    before = shutil.copy(database, course / "before.db")
    released = exercises.stamped(course / "exercises" / one.slug / one.path.name)
    nb, remarks = submissions.prepare(one.path, released)
    submitted = course / "grading" / "submitted" / one.student / one.slug / one.path.name
    submitted.parent.mkdir(parents=True)
    nbformat.write(nb, submitted)
    try:
        _run(course, one, log, out)
    except BaseException:
        shutil.copy(before, database)
        raise
    shutil.copy(one.path, submitted)  # what the instructor looks up later is what was handed in
    graded = notebooks.read(course / "grading" / "autograded" / one.student / one.slug / one.path.name)
    page = (course / "grading" / "feedback" / one.student / one.slug / one.path.name).with_suffix(".html")
    text = feedback.finish(page.read_text(encoding="utf-8"), graded, one.slug)
    page.write_text(text, encoding="utf-8")
    for step in ("submitted", "autograded", "feedback"):
        _replace(course / "grading" / step / one.student / one.slug, out / step / one.student / one.slug)
    _replace(database, out / "gradebook.db")
    late = [cell for cell in graded.cells if feedback.message(cell).startswith("CellTimeoutError")]
    return remarks + ([f"{len(late)} cell{'s' * (len(late) > 1)} ran out of time"] if late else [])


def _seed(out):
    """What decides the data of the unseen tests: a secret of this gradebook, so a second run is alike."""
    path = out / "seed"
    if not path.exists():
        path.write_text(f"{secrets.randbelow(10**6)}\n", encoding="utf-8")
    return int(path.read_text(encoding="utf-8"))


def _run(course, one, log, out):
    """nbgrader, in a process of its own that is ended, with all it started, when its time is over."""
    limit = config(course).ExecuteWithinLimit.notebook_timeout + SECONDS_AROUND
    process = multiprocessing.get_context("spawn").Process(
        target=autograde_logged, args=(course, one.slug, one.student, log, _seed(out))
    )
    process.start()
    try:
        process.join(limit)
        if process.is_alive():
            raise CourseError(f"it ran out of time: it was stopped after {limit} seconds. See {log.name}.")
    finally:
        _end(process)
    if process.exitcode != 0:
        raise CourseError(_why(log.read_text(encoding="utf-8"), log))


def _end(process):
    """End `process` and its kernels. A kernel has a process group of its own, so it must be looked for."""
    if process.is_alive():
        family = psutil.Process(process.pid)
        for member in [*family.children(recursive=True), family]:
            member.kill()
    process.join()


def _why(log, path):
    if "DeadKernelError" in log:
        return "its kernel died: the notebook ends its own process, or uses up the memory."
    errors = re.findall(r"^(?:\w+\.)*\w*(?:Error|Exception|Exit)\b.*", log, re.MULTILINE)
    return f"nbgrader gave up: {errors[-1] if errors else 'it ended without a word'}. See {path.name}."


def _replace(new, old):
    """Put the file or folder `new` in the place of `old`, which stays until the new one is there."""
    arriving, leaving = (old.with_name(f".{old.name}.{word}") for word in ("arriving", "leaving"))
    old.parent.mkdir(parents=True, exist_ok=True)
    for rest in (arriving, leaving):
        shutil.rmtree(rest, ignore_errors=True)
    if new.is_file():
        shutil.copy(new, arriving)
        os.replace(arriving, old)
        return
    shutil.copytree(new, arriving)
    if old.exists():
        old.rename(leaving)
    arriving.rename(old)
    shutil.rmtree(leaving, ignore_errors=True)


def _score(results, one):
    result = next(result for result in results if (result.slug, result.student) == (one.slug, one.student))
    by_hand = f" ({result.to_mark} to mark by hand)" if result.to_mark else ""
    return f"{result.total:g}/{result.max:g}{by_hand}"


def _report(found, ungraded, out):
    names = {(one.student, one.slug) for one in found} - {(one.student, one.slug) for one in ungraded}
    print(f"\nGraded: {len(names)}. Grades: {out / 'grades.csv'}. Feedback: {out / 'feedback'}.")
    if ungraded:
        print(f"\nNot graded: {len(ungraded)}. An earlier grade, if there is one, stands.")
        for one in ungraded:
            print(f"  {one}")


if __name__ == "__main__":
    sys.exit(main())
