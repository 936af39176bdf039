"""What learners hand in: find it, and make it fit for nbgrader without changing an answer.

SUBMISSIONS/<student>/<slug>/<slug>.ipynb

Who handed in several times has a folder for each: SUBMISSIONS/<student>/<slug>/<any name>/<slug>.ipynb. When
it was handed in is in a file timestamp.txt beside the notebook, as nbgrader writes it; else it is the time of
the file.
"""

import copy
import os
import re
import stat
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbgrader.utils import is_grade, is_locked, is_task, parse_utc

from tools import notebooks

LAYOUT = "<student>/<assignment>/<assignment>.ipynb"
# A student's id becomes a folder's name, a pattern and a word on a command line: it must mean nothing there.
STUDENT = re.compile(r"\w[\w.@+-]{0,63}")
# What systems and editors leave in every folder.
IGNORED = re.compile(r"\..*|__MACOSX|__pycache__|Thumbs\.db")


class Damaged(Exception):
    """A submission that cannot be made fit for nbgrader; the message says why."""


class SubmissionError(Exception):
    """The folder as a whole holds no submissions; the message says what would."""


@dataclass(frozen=True)
class Submission:
    student: str
    slug: str
    path: Path
    when: datetime | None = None
    number: int = 1  # of so many hand-ins of this student
    of: int = 1


@dataclass(frozen=True)
class Ungraded:
    """Somebody, or some assignment of theirs, that could not be graded, and why."""

    student: str
    slug: str
    why: str

    def __str__(self):
        return plain(f"{self.student}{f', {self.slug}' if self.slug else ''}: {self.why}")


def plain(words, most=400):
    """The words on one line, as any terminal and file can take them: names of files may hold anything."""
    words = re.sub(r"\s+", " ", words)
    words = words if len(words) <= most else f"{words[: most - 1]}…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in words)


def find(folder, slugs, known):
    """The submissions in `folder` for the assignments `slugs`, and what is there but cannot be graded.

    With `slugs` empty: for each assignment that somebody handed in. `known` are all assignments.
    Raises SubmissionError if there is nothing to grade at all.
    """
    if not folder.is_dir():
        raise SubmissionError(f"{folder} is no folder: give the one that holds {LAYOUT}.")
    students = [path for path in _visible(folder) if path.is_dir()]
    slugs = list(dict.fromkeys(slugs))
    _check_layout(folder, students, known)
    slugs = slugs or [slug for slug in known if any((student / slug).exists() for student in students)]
    found, ungraded = [], []
    for student in students:
        if not valid(student.name):
            why = (
                "a student's id is up to 64 letters, digits and . _ - @ +, and starts with a letter or digit"
            )
            ungraded.append(Ungraded(repr(student.name), "", f"{why}. Rename the folder."))
            continue
        try:
            their_own, why_not = _of_student(student, slugs, known)
        except OSError as error:
            ungraded.append(Ungraded(student.name, "", f"their folder cannot be read: {error.strerror}."))
            continue
        found += their_own
        ungraded += why_not
    if not found and not ungraded:
        raise SubmissionError(f"{folder} holds no submission: expected {LAYOUT}.")
    return found, ungraded


def _of_student(student, slugs, known):
    """One student's submissions for the assignments `slugs`, and what cannot be graded. May raise OSError."""
    found, ungraded = [], []
    for other in sorted({path.name for path in _visible(student)} - set(known)):
        slug = Path(other).stem
        why = "there is no assignment of this name. Rename it."
        if slug in known and other.endswith(".ipynb"):
            why = f"expected {student.name}/{slug}/{other}. Move it into a folder {slug}."
        ungraded.append(Ungraded(student.name, other, why))
    for slug in slugs:
        paths, why_not = _notebooks(student, slug)
        if why_not:
            ungraded.append(Ungraded(student.name, slug, why_not))
        dated = sorted(((handed_in_at(path), path) for path in paths), key=lambda one: (one[0], str(one[1])))
        found += [
            Submission(student.name, slug, path, when, number, len(dated))
            for number, (when, path) in enumerate(dated, start=1)
        ]
    return found, ungraded


def _notebooks(student, slug):
    """The notebooks that a student handed in for `slug`; and why there are none, or what is wrong."""
    folder = student / slug
    path = folder / f"{slug}.ipynb"
    for one in (student, folder, path):
        if one.is_symlink():
            return [], f"{one.name} is a link, and links are not followed. Hand in the notebook itself."
    inside = _visible(folder) if folder.is_dir() else []
    tries = [one / path.name for one in inside if one.is_dir() and not one.is_symlink()]
    found = [one for one in (path, *tries) if one.exists() and not one.is_dir() and not one.is_symlink()]
    return found, "" if found else _missing(path)


def handed_in_at(path):
    """When a notebook was handed in, with its time zone."""
    try:
        words = content(path.parent / "timestamp.txt", 1000).decode("utf-8")
        when = parse_utc(words.strip())
    except (Damaged, ValueError, OverflowError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return when.replace(tzinfo=UTC)


def valid(student):
    return bool(STUDENT.fullmatch(student)) and ".." not in student


def _visible(folder):
    return sorted(path for path in folder.iterdir() if not IGNORED.fullmatch(path.name))


def _check_layout(folder, students, known):
    """Two other layouts are common: an assignment's folder on top, and notebooks without folders."""
    if notebooks := list(folder.glob("*.ipynb")):
        problem = f"the notebook {notebooks[0].name} lies at the top"
    elif slugs := [student.name for student in students if student.name in known]:
        problem = f"the assignment {slugs[0]} lies where a student's folder should be"
    else:
        return
    raise SubmissionError(f"{folder} has another layout than {LAYOUT}: {problem}.")


def _missing(path):
    """Why there is no file at `path`, as far as its surroundings tell."""
    near = [*path.parent.glob("*.ipynb"), *path.parent.parent.glob("*.ipynb")]
    if any(one.name == path.name and not one.is_file() for one in near):
        return f"{path.name} is no file. Hand in the notebook itself."
    if near:
        return f"expected {'/'.join(path.parts[-3:])}, found {near[0].name}. Rename or move it."
    if packed := [*path.parent.glob("*.zip"), *path.parent.parent.glob("*.zip")]:
        return f"expected {'/'.join(path.parts[-3:])}, found {packed[0].name}. Unpack it."
    return f"nothing was handed in: there is no {'/'.join(path.parts[-3:])}."


MOST_BYTES = 50_000_000


def prepare(data, released, name="it"):
    """The notebook in the bytes `data`, fit for nbgrader, and what was mended, in words.

    Raises Damaged or NotebookError, whatever they hold: nothing in it may stop the grading of others.
    """
    try:
        nb, words = mend(notebooks.parse(data, name), released)
        nbformat.validate(nb, relax_add_props=True)
        nbformat.writes(nb).encode("utf-8")
    except (Damaged, notebooks.NotebookError):
        raise
    except (Exception, RecursionError) as error:
        kind = f"{type(error).__name__}: {str(error)[:100]}"
        raise Damaged(f"it is damaged ({kind}): open it in JupyterLab, save it, hand it in again.") from None
    return nb, words


def content(path, most=None):
    """The bytes that were handed in at `path`. Raises Damaged for what is no file of a sane size."""
    most = MOST_BYTES if most is None else most
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise Damaged(f"it cannot be read: {error.strerror}.") from None
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)
        raise Damaged("it is no file of its own. Hand in the notebook itself.")
    with open(descriptor, "rb") as file:
        if about.st_size > most:
            raise Damaged(f"it has over {most // 1_000_000} MB: clear its outputs and hand it in again.")
        return file.read(most + 1)


def mend(handed_in, released):
    """A copy of a learner's notebook that nbgrader can grade, and what was mended, in words.

    Learners copy, split and delete cells, and editors drop metadata; nbgrader then gives up. So the released
    notebook decides which cells are questions and tests. Tests are put back as they were, a cell that only
    claims to be one loses its claim, and answers stay as they are.
    """
    originals = {grade_id(cell): cell for cell in released.cells if grade_id(cell)}
    done = Counter()
    cells, seen = [], set()
    # Backwards: of two copies of a cell, the last one is the one that counts for Python.
    for cell in reversed(handed_in.cells):
        if not isinstance(cell.source, str):
            raise Damaged("a cell holds something else than text: open it in JupyterLab and save it.")
        original = originals.get(grade_id(cell))
        if original is None or grade_id(cell) in seen:
            cells.append(_new(cell, cell.cell_type))
            continue
        seen.add(grade_id(cell))
        fixed = is_locked(original)
        done["edited"] += is_grade(original) and fixed and cell.source != original.source
        cells.append(_new(original if fixed else cell, original.cell_type, original.metadata))
    cells.reverse()
    done["deleted"] = _put_back(cells, originals)
    nb = nbformat.v4.new_notebook(cells=cells, metadata=copy.deepcopy(released.metadata))
    if handed_in.metadata.get(notebooks.RELEASE) != released.metadata.get(notebooks.RELEASE):
        return nb, ["of another release: today's tests"]
    words = [
        f"{count} {what} test cell{'s' * (count > 1)} put back"
        for what, count in sorted(done.items())
        if count
    ]
    return nb, words


def grade_id(cell):
    """The name that nbgrader knows a cell by; None for a cell that is no question, test or locked text."""
    about = cell.metadata.get("nbgrader") if isinstance(cell.metadata, dict) else None
    name = about.get("grade_id") if isinstance(about, dict) else None
    return name if isinstance(name, str) else None


def _new(cell, cell_type, metadata=None):
    """`cell` without outputs, editor's metadata and a possibly repeated id."""
    make = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }[cell_type]
    given = cell.get("attachments")
    pictures = {"attachments": given} if isinstance(given, dict) and given and cell_type != "code" else {}
    return make(cell.source, metadata=copy.deepcopy(metadata or {}), **pictures)


def _put_back(cells, originals):
    """Insert what is locked or graded and missing, each as late as it may stand: a learner's own cells, which
    may hold the answer now, come before its test. Returns how many tests were missing."""
    place, tests = len(cells), 0
    for name, original in reversed(originals.items()):
        here = next((number for number, cell in enumerate(cells) if grade_id(cell) == name), None)
        if here is not None:
            place = here
        elif is_locked(original) or is_grade(original) or is_task(original):
            cells.insert(place, _new(original, original.cell_type, original.metadata))
            tests += is_grade(original)
    return tests
