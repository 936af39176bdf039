"""Grade what learners handed in.

    python -m tools.grade SUBMISSIONS [--slug 3_1_optimizers] [--out grading]

SUBMISSIONS holds one folder a student: SUBMISSIONS/<student>/<slug>/<slug>.ipynb
Who handed in several times: SUBMISSIONS/<student>/<slug>/<any name>/<slug>.ipynb

Each notebook is a job of its own. It runs in a sandbox, without the network, with limits on time, memory,
processes and disk; the gradebook, the solutions and what others handed in are not in there. The results are
in the folder `--out`:

    grades.csv                              a line for each student and assignment, graded or not, and why not
    students.csv                            a line for each student, a column for each assignment's points
    feedback/<student>/<slug>/<slug>.html   to hand back; opens without a network
    logs/grade.log                          what was said
    gradebook.db, submitted/, autograded/   what nbgrader's form grader needs, to mark by hand
    records/                                what was graded already: unchanged, it is not graded again
    seed                                    a secret: it decides the data of the tests that nobody has seen

Marks given by hand stay, also those given while this runs; so does the earlier grade of whoever cannot be
graded now. Where a notebook has changed what judges it, wrong answers that are tried in it pass: it gets no
points, and is listed for you to look at.

Without --slug: every assignment that somebody handed in. The option may be given several times.

Exit status: 0 everybody was graded; 1 nothing was done, or not all, because of the message; 2 somebody could
not be graded, and the list at the end says why, but all the others were.
"""

import argparse
import csv
import os
import signal
import sys
from collections import defaultdict
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
from sqlalchemy.exc import SQLAlchemyError

from tools import gradebook, notebooks, submissions
from tools.grading import canaries, sandbox
from tools.grading.engine import engine
from tools.grading.job import Assignment
from tools.grading.records import Records
from tools.nbgrader_course import HIDDEN, ROOT, CourseError, assignments
from tools.submissions import SubmissionError, Ungraded, grade_id, plain

PROBLEMS = (SubmissionError, CourseError, notebooks.NotebookError, sandbox.NoSandbox)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        sys.exit(f"grade: {message}")  # status 1: argparse's own, 2, has another meaning here


def main(argv=None, root=ROOT):
    options = _parser().parse_args(argv)
    try:
        with _terminated_as_interrupted():
            return Grading(options, root).run()
    except PROBLEMS as error:
        print(f"grade: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"grade: {options.out} cannot be written: {error}", file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        print(
            f"grade: the gradebook {options.out / 'gradebook.db'} cannot be used: "
            f"{plain(str(getattr(error, 'orig', None) or error))}. If the disk is full, make room and run "
            f"this again. If the file is damaged, move {options.out} away, and grade everybody "
            "again: the marks that were given by hand are in it.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print(
            f"\ngrade: stopped. Whoever has a score above is in {options.out}; run it again for the others.",
            file=sys.stderr,
        )
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
    parser.add_argument(
        "--keep",
        choices=["last", "best"],
        default="last",
        help="which of several hand-ins of a student counts (last)",
    )
    parser.add_argument(
        "--due", type=Path, help="a CSV file with the columns assignment,due (such as 2027-01-31T23:59+01:00)"
    )
    parser.add_argument(
        "--roster",
        type=Path,
        help="a CSV file with a column student, and others that students.csv is to have",
    )
    parser.add_argument("--cluster", help="the address of a Dask scheduler, such as tcp://10.0.0.5:8786")
    parser.add_argument(
        "--again", action="store_true", help="grade anew, also what has not changed since it was graded"
    )
    parser.add_argument("--unsafe", action="store_true", help="without a sandbox: for people whom you trust")
    return parser


@contextmanager
def _terminated_as_interrupted():
    """A polite request to end is answered as Ctrl-C is: what is finished is kept, nothing is left running."""

    def stop(*_):
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Grading:
    """One run over a class."""

    def __init__(self, options, root):
        self.options, self.root, self.out = options, root, options.out
        self.done, self.total, self.graded = 0, 0, set()
        self.present = defaultdict(set)  # the hand-ins that are there, by student and assignment

    def run(self):
        options = self.options
        known = assignments(self.root)
        for slug in options.slug:
            if slug not in known:
                raise SubmissionError(f"there is no assignment {slug}. There is: {', '.join(known)}.")
        self.due = due_dates(options.due, known)
        self.people = roster(options.roster)
        found, self.ungraded = submissions.find(options.submissions, options.slug, known)
        if options.keep == "last":
            found = [one for one in found if one.number == one.of]
        self.total = len(found)
        sandbox.required(options.unsafe)
        with Records(self.out, self.root) as self.records, self._log():
            slugs = sorted({one.slug for one in found})
            self.records.enter(slugs)
            try:
                with engine(options.cluster, options.unsafe) as self.engine:
                    self.assignments = {slug: assignment(slug, self.records, self.root) for slug in slugs}
                    self._grade([one for one in found if not self._unchanged(one)])
            finally:
                self._write_tables()
            self._report()
        return 2 if self.ungraded else 0

    @contextmanager
    def _log(self):
        with open(self.out / "logs" / "grade.log", "w", encoding="utf-8") as self.log:
            yield

    def _say(self, words):
        words = words.encode("utf-8", "backslashreplace").decode()
        try:
            print(words, flush=True)
        except BrokenPipeError:  # who read, such as `head`, has read enough; the log has it all
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(words, file=self.log, flush=True)

    # --- what has been graded ---

    def _unchanged(self, one):
        """Whether this very hand-in was graded by these very tests. Its page may still have to be renewed."""
        about = self.records.known(one.student, one.slug)
        if not about.get("key") or self.options.again or not self.records.has_notebook(one.student, one.slug):
            return False
        try:
            key = self.assignments[one.slug].key(submissions.content(one.path))
        except submissions.Damaged:
            return False
        if key not in (about["points"] if self.options.keep == "best" else [about["key"]]):
            return False
        try:
            self.records.renew(one.student, one.slug)
            if key == about["key"]:
                self.records.note(one.student, one.slug, why="", late=self._late(one))
            result = self.records.result(one.student, one.slug)
        except SQLAlchemyError:
            raise
        except Exception:  # what is kept of it is damaged, or its student is gone: it is graded anew
            return False
        self.present[one.student, one.slug].add(key)
        self._tell(one, result, ["unchanged", *about["remarks"]])
        return True

    # --- what has not ---

    def _grade(self, found):
        self._control({one.slug for one in found})
        asked = [(one, self.assignments[one.slug], one.path) for one in found]
        for one, data, graded in self.engine.run(asked):
            why = graded.why
            if not why:
                try:
                    result, remarks = self._put(one, data, graded)
                except Exception as error:  # whatever one submission does, all others are graded
                    why = f"grading stopped with {type(error).__name__}: {error}"
            if why:
                self.ungraded.append(Ungraded(one.student, one.slug, why))
                self._progress(one, "not graded")
            else:
                self._tell(one, result, remarks)

    def _put(self, one, data, graded):
        """Write a submission down, unless a better one of the same student is to count."""
        key, points = self.assignments[one.slug].key(data), self.records.points(graded.notebook)
        present = self.present[one.student, one.slug]
        earlier = self.records.known(one.student, one.slug).get("points", {})
        present.add(key)
        if self.options.keep == "best" and points < max(earlier.get(other, 0) for other in present):
            self.records.note(one.student, one.slug, points={**earlier, key: points})
            return self.records.result(one.student, one.slug), graded.remarks
        return self.records.put(one, data, graded, {**earlier, key: points}, key, self._late(one))

    def _tell(self, one, result, remarks):
        self.graded.add((one.student, one.slug))
        remarks = [*remarks, *([f"{late} late"] if (late := self._late(one)) else [])]
        if one.of > 1:
            remarks.append(f"hand-in {one.number} of {one.of}")
        if result.to_mark:
            remarks.insert(0, f"{result.to_mark} to mark by hand")
        self._progress(
            one, " ".join([f"{result.total:g}/{result.max:g}", *(f"({said})" for said in remarks)])
        )

    def _progress(self, one, words):
        self.done += 1
        self._say(f"[{self.done}/{self.total}] {one.student} {one.slug} … {words}")

    def _late(self, one):
        due = self.due.get(one.slug)
        return lateness(one.when - due) if due and one.when and one.when > due else ""

    def _control(self, slugs):
        """Grade the reference answers, and drop canaries that are not caught even there."""
        asked = []
        for slug in sorted(slugs):
            own = self.assignments[slug]
            tried = canaries.of(slug, own.seed) if self.root == ROOT else {}
            asked.append(((slug, tried), own.with_canaries(tried), answered(own, self.root)))
        for (slug, tried), _, graded in self.engine.run(asked):
            if graded.why and not graded.passed:
                raise CourseError(f"{slug}: the reference answers cannot be graded here: {graded.why}")
            if graded.notebook:
                missed = [
                    name
                    for name, points, most in self.records.scores(graded.notebook)
                    if points not in (None, most)
                ]
                if missed:
                    raise CourseError(
                        f"{slug}: the reference answers fail {', '.join(missed)} here. Mend the installation "
                        "first: make test PART=exercises."
                    )
            kept = canaries.sound(tried, graded.passed)
            self.assignments[slug] = self.assignments[slug].with_canaries(kept, graded.unusual)

    # --- at the end ---

    def _write_tables(self):
        """One line for each submission that is known: of this run, and of all before."""
        for one in self.ungraded:
            if submissions.valid(one.student) and one.slug:
                self.records.note(one.student, one.slug, why=one.why)
        everything, found = self.records.everything(), []
        known = self.records.all_known()
        for one in everything:
            about = known.pop((one.student, one.slug), {})
            status = f"graded, {one.to_mark} to mark by hand" if one.to_mark else "graded"
            if about.get("remarks"):
                status += f" ({plain('; '.join(about['remarks']))})"
            if about.get("why"):
                status = f"not graded: {plain(about['why'])} The earlier grade stands."
            found.append((one, [about.get("late", ""), status]))
        why = {(one.student, one.slug): one.why for one in self.ungraded}
        why = {place: about["why"] for place, about in known.items() if about.get("why")} | {
            place: words for place, words in why.items() if not self.records.known(*place)
        }
        others = [
            (student, slug, "", f"not graded: {plain(words)}") for (student, slug), words in why.items()
        ]
        gradebook.write_csv(found, others, self.out / "grades.csv")
        self._write_students(everything)

    def _write_students(self, everything):
        """A line for each student, as learning management systems import it."""
        slugs = sorted({one.slug for one in everything})
        points = {(one.student, one.slug): one for one in everything}
        names = sorted(
            {one.student for one in everything} | {one.student for one in self.ungraded} | set(self.people)
        )
        more = list(dict.fromkeys(column for about in self.people.values() for column in about))
        lines = []
        for student in names:
            own = [points.get((student, slug)) for slug in slugs]
            about = [self.people.get(student, {}).get(column, "") for column in more]
            scores = ["" if one is None else f"{one.total:g}" for one in own]
            lines.append([student, *about, *scores, f"{sum(one.total for one in own if one):g}"])
        most = {slug: max(one.max for one in everything if one.slug == slug) for slug in slugs}
        head = ["student", *more, *(f"{slug} ({most[slug]:g})" for slug in slugs), "total"]
        gradebook.write_table(self.out / "students.csv", head, lines)

    def _report(self):
        graded = self.graded - {(one.student, one.slug) for one in self.ungraded}
        where = f"Grades: {self.out / 'grades.csv'}. Feedback: {self.out / 'feedback'}."
        self._say(f"\nGraded: {len(graded)}. {where}")
        if self.ungraded:
            self._say(f"\nNot graded: {len(self.ungraded)}. An earlier grade, if there is one, stands.")
            for one in self.ungraded:
                self._say(f"  {one}")
        looks = [place for place in sorted(graded) if self.records.look_at(*place)]
        if looks:
            self._say(f"\nLook at these, too: {'; '.join(', '.join(place) for place in looks)}.")


def assignment(slug, records, root):
    """All that the submissions of an assignment have in common."""
    source = notebooks.read(root / "solutions" / slug / f"{slug}.ipynb")
    locked = {
        grade_id(cell): cell.source
        for cell in source.cells
        if grade_id(cell)
        and (cell.metadata.nbgrader.get("locked") or cell.metadata.nbgrader.get("grade"))
        and not cell.metadata.nbgrader.get("solution")
    }
    unseen = HIDDEN / f"{slug}.py"
    modules = {}
    if root == ROOT and unseen.exists():
        modules = {f"course_hidden.{slug}": unseen.read_text(encoding="utf-8")}
    return Assignment(
        slug, records.released[slug], locked, modules, seed=records.seed(), limits=records.limits(slug)
    )


def answered(own, root):
    """The release with the reference answers, as somebody hands it in."""
    nb = nbformat.reads(own.released, as_version=4)
    source = notebooks.read(root / "solutions" / own.slug / f"{own.slug}.ipynb")
    answers = {
        grade_id(c): c.source for c in source.cells if grade_id(c) and c.metadata.nbgrader.get("solution")
    }
    for cell in nb.cells:
        if grade_id(cell) in answers:
            cell.source = answers[grade_id(cell)]
    return nbformat.writes(nb).encode()


# --- files that an instructor gives -------------------------------------------------------------------------


def _table(path, needed):
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            table = csv.DictReader(file, delimiter=";" if ";" in head and "," not in head else ",")
            head = table.fieldnames or []
            if missing := [name for name in needed if name not in head]:
                raise SubmissionError(
                    f"{path} has no column {missing[0]}: its first line must name {', '.join(needed)}."
                )
            return list(table)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SubmissionError(f"{path} cannot be read as a CSV file: {error}") from None


def due_dates(path, known):
    """{slug: when it is due}. A time without a zone is one of this machine's."""
    due = {}
    for line in _table(path, ["assignment", "due"]) if path else []:
        if line["assignment"] not in known:
            raise SubmissionError(f"{path}: there is no assignment {line['assignment']}.")
        try:
            due[line["assignment"]] = datetime.fromisoformat(line["due"].strip()).astimezone()
        except (ValueError, AttributeError):
            raise SubmissionError(
                f"{path}: {line['due']!r} is no time. Write it like 2027-01-31T23:59+01:00."
            ) from None
    return due


def roster(path):
    """{student: what else the file says of them}."""
    people = {}
    for line in _table(path, ["student"]) if path else []:
        about = {name: words or "" for name, words in line.items() if name and name != "student"}
        if student := (line["student"] or "").strip():
            people[student] = about
    return people


def lateness(time):
    """ "2 h 5 min", "3 d 4 h"."""
    days, hours = time.days, time.seconds // 3600
    if time < timedelta(hours=1):
        return f"{max(1, time.seconds // 60)} min"
    return f"{days} d {hours} h" if days else f"{hours} h {time.seconds % 3600 // 60} min"


if __name__ == "__main__":
    sys.exit(main())
