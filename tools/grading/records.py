"""What grading writes down: nbgrader's gradebook, what it keeps of each submission, the pages, the tables.

One process writes, and nobody else: a lock on the folder sees to that. The gradebook is changed in its place,
so that an open form grader goes on, and marks that somebody gives meanwhile stay.
"""

import json
import os
import secrets
import shutil
import signal
import threading
import warnings
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import filelock
import nbformat
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades, SaveAutoGrades
from nbgrader.server_extensions.formgrader import handlers
from nbgrader.utils import determine_grade, is_grade, is_solution, is_task
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from tools import exercises, feedback, gradebook, nbgrader_course, notebooks
from tools.grading import tidy
from tools.grading.sandbox import Limits
from tools.lab import EMPTY_TEXT
from tools.nbgrader_course import CourseError
from tools.submissions import SubmissionError, grade_id

LOCK = "lock"
PAGE_SECONDS = 60.0  # to make one page: a text can be made to take hours
NO_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{slug}</title></head><body>
<h4>{slug} (Score: {score:g} / {most:g})</h4>
<p>The notebook itself cannot be shown ({why}): a text in it is not one that can be drawn.</p>
</body></html>"""
SEEDS = 10**6  # the secret is one of so many


class Records:
    """The folder with the results. Use it in a ``with``: it is locked as long.

    Raises SubmissionError if somebody else grades into it just now.
    """

    def __init__(self, out, root):
        self.out, self.root = out, root
        self.url = f"sqlite:///{(out / 'gradebook.db').resolve()}"
        self.lock = filelock.FileLock(out / LOCK)

    def __enter__(self):
        (self.out / "logs").mkdir(parents=True, exist_ok=True)
        try:
            self.lock.acquire(timeout=0)
        except filelock.Timeout:
            raise SubmissionError(
                f"somebody grades into {self.out} just now. Wait for its end, or give another --out."
            ) from None
        for rest in self.out.glob("*/*/.*.unfinished"):
            rest.unlink() if rest.is_file() else shutil.rmtree(rest)
        nbgrader_course.find_alembic()
        # nbgrader's own, on how it makes its objects.
        warnings.filterwarnings("ignore", category=SAWarning)
        try:
            self.book = Gradebook(self.url)
        except BaseException:
            self._unlock()
            raise
        self.saver, self.exporter, self.orders, self.released = SaveAutoGrades(), None, {}, {}
        self.saver.gradebook = self.book
        return self

    def __exit__(self, *_):
        self.book.close()
        self._unlock()

    def _unlock(self):
        self.lock.release()
        (self.out / LOCK).unlink(missing_ok=True)

    def seed(self):
        """What decides the data of the unseen tests: a secret of this gradebook, so a second run is alike."""
        path = self.out / "seed"
        if not path.exists():
            path.write_text(f"{secrets.randbelow(SEEDS)}\n", encoding="utf-8")
        return int(path.read_text(encoding="utf-8"))

    def enter(self, slugs):
        """Enter these assignments into the gradebook, as they are today."""
        with nbgrader_course.temporary_course(slugs, self.root) as course:
            self.settings = nbgrader_course.config(course)
            for slug in slugs:
                try:
                    path = nbgrader_course.release(course, slug, database=self.url)
                except CourseError as error:
                    if "Cannot add or remove cells" not in str(error):
                        raise
                    raise CourseError(
                        f"{slug} has other questions than when it was last graded, and nbgrader cannot carry "
                        f"the old marks over. Move {self.out} away, then grade everybody again."
                    ) from None
                self.released[slug] = notebooks.text(exercises.stamped(path))
        self.book.db.expire_all()

    def limits(self, slug):
        """What the notebooks of an assignment may use."""
        given = dict(self.settings.Limits)
        own = given.pop("of", {}).get(slug, {})
        return Limits(**{**given, **own})

    # --- one submission ---

    def known(self, student, slug):
        """What is written down about this submission; {} if it was not graded yet."""
        try:
            about = json.loads(self._record(student, slug).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return about if _is_record(about) else {}

    def _record(self, student, slug):
        return self.out / "records" / student / f"{slug}.json"

    def note(self, student, slug, **more):
        """Add to what is written down of a submission, where it says something else."""
        about = self.known(student, slug)
        if any(about.get(name) != value for name, value in more.items()):
            _place(self._record(student, slug), json.dumps({**about, **more}).encode())

    def all_known(self):
        """{(student, slug): what is written down}"""
        places = [(path.parent.name, path.stem) for path in sorted(self.out.glob("records/*/*.json"))]
        return {place: self.known(*place) for place in places}

    def look_at(self, student, slug):
        return any(words.startswith("look:") for words in self.known(student, slug).get("remarks", ()))

    def put(self, one, data, graded, points, key, late=""):
        """Write down what came of a submission. Returns its result, and what is to be said of it.

        The last thing to be written is the record: what has none is graded again, as where the disk was full.
        """
        nb = nbformat.reads(graded.notebook, as_version=4)
        with self._at_once():
            self._enter_points(one, nb)
        _place(self._file("submitted", one.student, one.slug), data)
        text, remarks = self._drawn(one, nb, graded.notebook)
        _place(self._file("autograded", one.student, one.slug), text.encode())
        marks = self.marks(one.student, one.slug)
        remarks = [*graded.remarks, *remarks]
        about = {"key": key, "points": points, "remarks": remarks, "late": late, "marks": marks}
        _place(self._record(one.student, one.slug), json.dumps(about).encode())
        return self.result(one.student, one.slug), remarks

    def points(self, text):
        """What the machine gives a graded notebook."""
        return sum(points or 0 for _, points, _ in self.scores(text))

    def scores(self, text):
        """[(test, points, most)] of a graded notebook; None for points that a person gives."""
        cells = [cell for cell in nbformat.reads(text, as_version=4).cells if is_grade(cell)]
        return [(cell.metadata.nbgrader.grade_id, *determine_grade(cell)) for cell in cells]

    def _file(self, step, student, slug, ending=".ipynb"):
        return self.out / step / student / slug / f"{slug}{ending}"

    def _drawn(self, one, nb, text):
        """Write the page. Returns the notebook of which there is one, and what is to be said of that.

        What nothing can draw on the page would hold up the form grader, too.
        """
        if self.write_page(one.student, one.slug, nb):
            return text, []
        said = []
        for leave_out, what in ((_outputs, "what its cells show"), (_texts, "what it says in words")):
            nb = nbformat.reads(text, as_version=4)
            leave_out(nb)
            text = nbformat.writes(nb)
            said.append(f"look: {what} cannot be drawn")
            if self.write_page(one.student, one.slug, nb):
                break
        return text, said

    @contextmanager
    def _at_once(self):
        """All that is entered in here, or nothing of it. (nbgrader writes to the disk after each cell.)"""
        db, commit = self.book.db, self.book.db.commit
        db.commit = db.flush
        try:
            yield
            commit()
        except BaseException:
            db.rollback()
            raise
        finally:
            db.commit = commit

    def _enter_points(self, one, nb):
        self.book.update_or_create_student(one.student)
        when = {"timestamp": one.when.astimezone(UTC).replace(tzinfo=None).isoformat()} if one.when else {}
        self.book.update_or_create_submission(one.slug, one.student, **when)
        self.saver.notebook_id = self.saver.assignment_id = one.slug
        self.saver.student_id = one.student
        for number, cell in enumerate(nb.cells):
            waits = is_task(cell) and self._grade(cell, one.student, one.slug).needs_manual_grade
            self.saver.preprocess_cell(cell, {}, number)
            if is_task(cell):
                grade = self._grade(cell, one.student, one.slug)
                blank = _blank(nb, number, nbformat.reads(self.released[one.slug], as_version=4))
                grade.auto_score = 0 if blank else None
                marked = grade.manual_score is not None and not waits and self._says_the_same(one, nb)
                grade.needs_manual_grade = not blank and not marked

    def _says_the_same(self, one, nb):
        """Whether the hand-in that was graded before had the same words: then its mark is of this one."""
        try:
            before = nbformat.read(self._file("autograded", one.student, one.slug), as_version=4)
        except OSError:
            return True
        return _words(before) == _words(nb)

    def _grade(self, cell, student, slug):
        return self.book.find_grade(cell.metadata.nbgrader.grade_id, slug, slug, student)

    def result(self, student, slug):
        """The points so far, as a gradebook.Result."""
        found = self.book.find_submission_notebook(slug, slug, student)
        return gradebook.result(slug, student, found, self._order(slug))

    def _order(self, slug):
        if slug not in self.orders:
            self.orders[slug] = gradebook.order(self.root, slug)
        return self.orders[slug]

    def marks(self, student, slug):
        """All that a person may have set in the gradebook: a page that shows other marks is an old one."""
        found = self.book.find_submission_notebook(slug, slug, student)
        given = [[one.name, one.manual_score, one.extra_credit, one.auto_score] for one in found.grades]
        said = [[one.name, one.manual_comment] for one in found.comments if one.manual_comment]
        return sorted(given, key=str) + sorted(said, key=str)

    def has_notebook(self, student, slug):
        """Whether the graded notebook is still there: the form grader's button "Autograde" removes it."""
        return self._file("autograded", student, slug).exists()

    def renew(self, student, slug):
        """Write the page of a submission again, if somebody has given other marks since."""
        about, marks = self.known(student, slug), self.marks(student, slug)
        page = self._file("feedback", student, slug, ".html")
        if page.exists() and about.get("marks") == json.loads(json.dumps(marks)):
            return
        nb = nbformat.read(self._file("autograded", student, slug), as_version=4)
        self.write_page(student, slug, nb)
        _place(self._record(student, slug), json.dumps({**about, "marks": marks}).encode())

    def write_page(self, student, slug, nb):
        """The page to hand back. Returns whether it shows the notebook."""
        found = self.book.find_submission_notebook(slug, slug, student)
        for cell in nb.cells:
            if is_grade(cell) or is_task(cell):
                grade = self._grade(cell, student, slug)
                cell.metadata.nbgrader |= {"score": grade.score, "points": grade.max_score}
                unmarked = grade.auto_score is None and grade.manual_score is None
                cell.metadata.nbgrader["unmarked"] = unmarked
            if is_solution(cell) or is_task(cell):
                name = cell.metadata.nbgrader.grade_id
                cell.metadata.nbgrader["comment"] = self.book.find_comment(name, slug, slug, student).comment
        about = {"score": found.score, "max_score": found.max_score, "late_penalty": 0, "notebook": slug}
        why = ""
        try:
            with _in_time(PAGE_SECONDS):
                text, _ = self._exporter().from_notebook_node(nb, resources={"nbgrader": about})
        except Exception as error:  # a text may be such that nothing can draw it
            why = type(error).__name__
            text = NO_PAGE.format(slug=slug, score=found.score, most=found.max_score, why=why)
        path = self._file("feedback", student, slug, ".html")
        page, uses_mathjax = feedback.finish(text, nb, slug)
        if uses_mathjax:
            self._mathjax_for(path)
        _place(path, page.encode("utf-8", "replace"))
        return not why

    def _mathjax_for(self, path):
        """One file on the disk, under a name in each student's folder."""
        one, link = self.out / "feedback" / feedback.MATHJAX_NAME, path.parent.parent / feedback.MATHJAX_NAME
        if not one.exists():
            _place(one, feedback.mathjax().encode())
        if not link.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(one, link)
            except OSError:
                shutil.copyfile(one, link)

    def _exporter(self):
        if self.exporter is None:
            settings = Config()
            settings.HTMLExporter.template_name = "feedback"
            settings.HTMLExporter.extra_template_basedirs = [handlers.template_path]
            styles = Path(handlers.static_path, "node_modules", "bootstrap", "dist", "css")
            settings.HTMLExporter.extra_template_paths = [str(styles)]
            settings.HTMLExporter.sanitize_html = True
            settings.HTMLExporter.filters = {"markdown2html": tidy.markdown}
            self.exporter = HTMLExporter(config=settings)
            self.exporter._preprocessors = []
            for step in self.settings.GenerateFeedback.preprocessors:
                if step is not GetGrades:  # needs a gradebook of its own: `write_page` does what it does
                    self.exporter.register_preprocessor(step, enabled=True)
        return self.exporter

    # --- the tables ---

    def everything(self):
        """All results of the gradebook: [Result], by assignment and student."""
        found = []
        for assignment in self.book.assignments:
            for submission in assignment.submissions:
                for notebook in submission.notebooks:
                    found.append(
                        gradebook.result(
                            assignment.name, submission.student.id, notebook, self._order(assignment.name)
                        )
                    )
        return sorted(found, key=lambda one: (one.slug, one.student))


@contextmanager
def _in_time(seconds):
    """Raise TimeoutError in what takes longer. (Other threads than the main one have no alarm: no limit.)"""

    def stop(*_):
        raise TimeoutError

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # again and again: libraries catch what they can
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _blank(nb, number, released):
    """Whether nobody wrote anything to the question in cell `number`: the cell for it waits as it was."""
    waiting = nb.cells[number + 1].source if number + 1 < len(nb.cells) else ""
    printed = {cell.source for cell in released.cells}
    own = [cell for cell in nb.cells if cell.cell_type == "markdown" and not grade_id(cell)]
    return waiting == EMPTY_TEXT and all(cell.source in printed for cell in own)


def _outputs(nb):
    """Leave out what the learner's cells show, but for words and errors."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.output_type in ("stream", "error")]


def _texts(nb):
    """Leave out what the learner wrote in words."""
    for cell in nb.cells:
        if cell.cell_type == "markdown" and not grade_id(cell):
            cell.source = "(This text cannot be drawn. It is in the notebook as it was handed in.)"
            cell.pop("attachments", None)


def _is_record(about):
    """Whether this is what `put` and `note` write down, and nothing that a person or a fault made of it."""
    if not isinstance(about, dict):
        return False
    points, remarks = about.get("points", {}), about.get("remarks", [])
    return (
        all(isinstance(about.get(name, ""), str) for name in ("key", "late", "why"))
        and isinstance(points, dict)
        and all(isinstance(one, int | float) for one in points.values())
        and isinstance(remarks, list)
        and all(isinstance(one, str) for one in remarks)
        and ("key" not in about or {"points", "remarks"} <= about.keys())
    )


def _words(nb):
    """What a learner may have written in words."""
    return [cell.source for cell in nb.cells if cell.cell_type == "markdown" and not grade_id(cell)]


def _place(path, data):
    """Write the file `path`: what was there stays until all of the new is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(data)
    os.replace(unfinished, path)
