"""nbgrader's own steps, run in a course folder that lasts as long as one command.

nbgrader wants solutions, release, submissions and database in one folder. That folder is a temporary copy
here: a step that fails leaves nothing behind, nothing but the notebooks is copied to anybody, and no
character in the repository's own path can be taken for a pattern.
"""

import contextlib
import logging
import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader
from traitlets.log import get_logger

ROOT = Path(__file__).resolve().parent.parent
CONFIG = "nbgrader_config.py"
HIDDEN = ROOT / "tests" / "exercises" / "hidden"


class CourseError(Exception):
    """nbgrader could not do a step; the message says which, and why."""


def assignments(root=ROOT):
    """The slugs of all assignments under `root`, in order."""
    return sorted(path.parent.name for path in (root / "solutions").glob("*/*.ipynb") if is_source(path))


def is_source(path):
    return path.stem == path.parent.name


@contextlib.contextmanager
def temporary_course(slugs, root=ROOT):
    """A folder with the solutions of `slugs` and nbgrader's configuration, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        course = Path(folder).resolve()
        (course / "grading").mkdir()
        shutil.copy(root / CONFIG, course)
        for slug in slugs:
            source = course / "solutions" / slug
            source.mkdir(parents=True)
            shutil.copy(root / "solutions" / slug / f"{slug}.ipynb", source)
        yield course


def config(course):
    """The configuration of the course in the folder `course`."""
    settings = PyFileConfigLoader(CONFIG, path=str(course)).load_config()
    settings.CourseDirectory.root = str(course)
    return settings


def release(course, slug, database=True):
    """Make the learner's notebook of `slug` and enter its questions into the database. Returns its path.

    Without `database` (what nbgrader calls --no-db) the questions are entered nowhere, which is quicker.
    Raises CourseError.
    """
    no_database = {"SaveCells": {"enabled": False}, "GenerateAssignment": {"no_database": True}}
    _run(GenerateAssignment, course, slug, **({} if database else no_database))
    return course / "exercises" / slug / f"{slug}.ipynb"


def autograde(course, slug, student):
    """Run the submission, enter its points into the database and write the feedback page.

    Raises CourseError.
    """
    _run(Autograde, course, slug, student)
    _run(GenerateFeedback, course, slug, student, HTMLExporter={"template_name": "feedback"})


def autograde_logged(course, slug, student, log, seed=0):
    """What a process of its own does for one submission: `autograde`, with all that is said going to `log`.

    Its kernel finds the unseen tests, whose data the `seed` decides. It ends with status 1 if the submission
    could not be graded.
    """
    os.environ |= {"COURSE_HIDDEN": str(HIDDEN), "COURSE_SEED": str(seed)}
    with open(log, "a", encoding="utf-8") as file:
        # The kernel inherits these two: it speaks to the terminal otherwise.
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s", force=True)
    try:
        autograde(course, slug, student)
    except Exception:
        traceback.print_exc()
        sys.exit(1)


def _run(step, course, slug, student="*", **more):
    settings = config(course)
    settings.merge(Config(more))
    _find_alembic()
    folder = CourseDirectory(config=settings, assignment_id=slug, student_id=student)
    heard = _Listener()
    get_logger().addHandler(heard)
    try:
        step(coursedir=folder, config=settings, force=True).start()
    except Exception as error:
        raise CourseError(heard.reason() or str(error)) from error
    finally:
        get_logger().removeHandler(heard)


def _find_alembic():
    """nbgrader starts `alembic` by name. It lies beside Python, even if the environment is not activated."""
    beside = os.path.dirname(sys.executable)
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if beside not in path:
        os.environ["PATH"] = os.pathsep.join([beside, *path])


class _Listener(logging.Handler):
    """nbgrader logs the reason and raises "please see the log": keep the reason."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.said = []

    def emit(self, record):
        self.said.append(record.getMessage())

    def reason(self):
        """The last line of the last traceback, such as "RuntimeError: no end solution statement found"."""
        tracebacks = [words for words in self.said if words.startswith("Traceback")]
        return tracebacks[-1].strip().splitlines()[-1] if tracebacks else " ".join(self.said[:1])
