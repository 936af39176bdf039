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
from pathlib import Path

from nbgrader.converters import GenerateAssignment
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


def release(course, slug, database=None):
    """Make the learner's notebook of `slug`. Returns its path.

    Its questions are entered into the `database` of this address; without one (what nbgrader calls --no-db),
    nowhere, which is quicker. Raises CourseError.
    """
    more = {"CourseDirectory": {"db_url": database}}
    if database is None:
        more = {"SaveCells": {"enabled": False}, "GenerateAssignment": {"no_database": True}}
    _run(GenerateAssignment, course, slug, **more)
    return course / "exercises" / slug / f"{slug}.ipynb"


def _run(step, course, slug, **more):
    settings = config(course)
    settings.merge(Config(more))
    find_alembic()
    folder = CourseDirectory(config=settings, assignment_id=slug)
    heard = _Listener()
    get_logger().addHandler(heard)
    try:
        step(coursedir=folder, config=settings, force=True).start()
    except Exception as error:
        raise CourseError(heard.reason() or str(error)) from error
    finally:
        get_logger().removeHandler(heard)


def find_alembic():
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
