"""The answers that the suite tries on each assignment, and what they score.

    wrong_answers/<slug>/<question>__<misconception>.py     loses that question's points, and no other's
    right_answers/<slug>/<question>__<what_differs>.py      full points

A file's text takes the place of the whole cell that holds the reference answer. A wrong answer starts with
two comments: `# misconception: …`, one sentence, and `# feedback: …`, words that the failing test must say.

What they score is found quickly: see quick_kernel.py, and cells_to_run.py on the cells that are left out.
"""

import atexit
import copy
import functools
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cells_to_run
import nbformat
import quick_kernel
from nbgrader.preprocessors import IgnorePattern
from nbgrader.utils import determine_grade, is_grade, is_solution

from tools import exercises, nbgrader_course, notebooks
from tools.gradebook import question_of
from tools.submissions import grade_id

HERE = Path(__file__).parent
SLUGS = nbgrader_course.assignments()
REFERENCE, RELEASE = "reference", "release"


@dataclass(frozen=True)
class Answer:
    slug: str
    path: Path

    @property
    def question(self):
        return self.path.stem.partition("__")[0]

    @property
    def text(self):
        return self.path.read_text(encoding="utf-8")

    def header(self, word):
        """What the comment `# word: …` at the top says; "" if there is none."""
        found = re.search(rf"^# {word}: *(.*)$", "\n".join(self.text.splitlines()[:2]), re.MULTILINE)
        return found[1].strip() if found else ""

    def __str__(self):
        return f"{self.slug}/{self.path.stem}"


def wrong(slug):
    return [Answer(slug, path) for path in sorted((HERE / "wrong_answers" / slug).glob("*.py"))]


def right(slug):
    return [Answer(slug, path) for path in sorted((HERE / "right_answers" / slug).glob("*.py"))]


@functools.cache
def solution(slug):
    return notebooks.read(nbgrader_course.ROOT / "solutions" / slug / f"{slug}.ipynb")


@functools.cache
def release(slug):
    """What learners get: generated here, so that a stale file in exercises/ changes no verdict."""
    return nbformat.reads(exercises.made_from_solutions([slug])[slug], as_version=4)


def questions(slug):
    """The questions that tests judge, in order: {question: [the names of its test cells]}."""
    cells = [cell for cell in solution(slug).cells if grade_id(cell) and cell.cell_type == "code"]
    found = {grade_id(cell): [] for cell in cells if is_solution(cell)}
    for cell in cells:
        if is_grade(cell) and not is_solution(cell):
            found.setdefault(question_of(grade_id(cell), found), []).append(grade_id(cell))
    return found


@dataclass(frozen=True)
class Outcome:
    """What one set of answers earned: {question: points}, and what the failing tests said."""

    scores: dict
    full: dict
    errors: dict

    def lost(self):
        return {question for question, points in self.scores.items() if points < self.full[question]}


@functools.cache
def outcomes(slug, every_cell=False):
    """The outcome of the reference, the release and every answer, run in one go.

    With `every_cell` no cell is left out, and of the answers only one is run: a wrong one, to the first
    question, which all cells to look at come after.
    """
    given = {
        REFERENCE: {},
        RELEASE: {grade_id(cell): cell.source for cell in release(slug).cells if is_answer(cell)},
    }
    answers = wrong(slug) + right(slug)
    if every_cell:
        answers = [one for one in wrong(slug) if one.question == next(iter(questions(slug)))][:1]
    given |= {one: {one.question: one.text} for one in answers}
    handed_in = [with_answers(slug, texts) for texts in given.values()]
    jobs = [sources(notebooks.code_cells(nb), every_cell) for nb in handed_in]
    outputs = run_quickly(jobs)
    return {name: score(nb, out) for name, nb, out in zip(given, handed_in, outputs, strict=True)}


def run_quickly(jobs):
    print(json.dumps(jobs), file=kernel().stdin, flush=True)
    outputs = kernel().stdout.readline()
    assert outputs, "quick_kernel.py ended: what it said is on stderr"
    return json.loads(outputs)


@functools.cache
def kernel():
    """One process for all assignments: its imports take longer than many answers."""
    process = subprocess.Popen(
        [sys.executable, quick_kernel.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
    )
    atexit.register(process.communicate)  # closes its stdin, which ends it
    return process


def sources(cells, every_cell):
    """What is run of the code cells; an empty text for a cell that is left out."""
    left_out = () if every_cell else cells_to_run.left_out(cells)
    return ["" if number in left_out else cell.source for number, cell in enumerate(cells)]


def is_answer(cell):
    return cell.cell_type == "code" and is_solution(cell)


def with_answers(slug, texts):
    """The solution notebook, which holds all hidden tests, with these texts in the answers' cells."""
    nb = copy.deepcopy(solution(slug))
    for cell in nb.cells:
        if is_answer(cell) and grade_id(cell) in texts:
            cell.source = texts[grade_id(cell)]
    return nb


def score(nb, outputs):
    """The points, by nbgrader's own rule, of a notebook whose code cells gave these outputs."""
    ignore = IgnorePattern(config=nbgrader_course.config(nbgrader_course.ROOT))
    scores, full, errors = {}, {}, {}
    known = [grade_id(cell) for cell in nb.cells if is_answer(cell)]
    for cell, found in zip(notebooks.code_cells(nb), outputs, strict=True):
        if not is_grade(cell):
            continue
        cell.outputs = nbformat.from_dict(found)
        ignore.preprocess_cell(cell, {}, 0)
        points, most = determine_grade(cell)
        question = question_of(grade_id(cell), known)
        scores[question] = scores.get(question, 0) + points
        full[question] = full.get(question, 0) + most
        errors.setdefault(question, []).extend(out for out in cell.outputs if out.output_type == "error")
    return Outcome(scores, full, errors)
