"""One submission as data: from the bytes handed in to a notebook with outputs, or to why there is none.

A job needs nothing of the machine that it runs on but a sandbox, so it may run on any.
"""

import functools
import hashlib
import io
import json
import re
import textwrap
import tokenize
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbgrader.utils import is_grade, is_locked

import course_lib
from tools import notebooks
from tools.grading import reading, tidy, worker
from tools.grading.sandbox import Limits, WorkerDied
from tools.submissions import Damaged, grade_id, prepare

HIDDEN = re.compile(r"(?ms)^### BEGIN HIDDEN TESTS\n(.*?)\n### END HIDDEN TESTS$")
LEFT_OUT = 3  # cells that end the kernel, each of which costs a run
WORKERS = 2  # that may die with one submission
SKIPPED = {
    "time": "CellTimeoutError: this cell ran out of time, and could not be interrupted. It was left out.",
    "died": "this cell ends Python's own process. It was left out.",
    "memory": "this cell uses more memory than a notebook may. It was left out.",
    "processes": "this cell starts more processes than a notebook may. It was left out.",
    "output": "this cell prints or shows more than a notebook may. It was left out.",
}
UNUSUAL = 6  # such things that are told of one hand-in
WINDOW = 16  # characters in a row, without spaces, by which a text of the unseen tests is known
TELLING = "A test that you have not seen fails. What was said with that shows the test, so it is left out."
UNSEEN_STOPPED = "A test that you have not seen ended Python's own process, or ran out of time."


@dataclass(frozen=True)
class Assignment:
    """What all submissions of an assignment have in common. All of it is text: it may travel."""

    slug: str
    released: str  # the notebook that learners get
    sources: dict  # of the locked cells, with hidden tests and mark schemes: {grade_id: text}
    modules: dict = field(default_factory=dict)  # of unseen tests: {name: text}
    canaries: dict = field(default_factory=dict)  # {question: wrong answers}
    usual: tuple = ()  # what its own cells and tests do, of what else would be remarked
    seed: int = 0
    limits: Limits = field(default_factory=Limits)

    def with_canaries(self, canaries, usual=()):
        return replace(self, canaries=canaries, usual=tuple(usual))

    def key(self, data):
        """A name for grading these bytes: it changes with anything that the points hang on."""
        parts = {
            **asdict(self),
            "canaries": None,
            "usual": None,
            "library": _library(),
            "handed in": hashlib.sha256(data).hexdigest(),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Graded:
    """What came of a job: the notebook with outputs, or why there is none."""

    notebook: str = ""
    remarks: tuple = ()
    why: str = ""
    look: bool = False  # an instructor should look at this one
    passed: dict = field(default_factory=dict)  # canaries that passed, by question
    unusual: tuple = ()  # what the notebook does that others do not, such as "replaces torch.equal"


@functools.cache
def _library():
    """The library and the worker, as a number: what was graded by others is graded again."""
    own = (Path(one.__file__) for one in (worker, reading))
    files = [*sorted(Path(course_lib.__file__).parent.rglob("*.py")), *own]
    said = b"".join(path.read_bytes() for path in files) + version("torch").encode()
    return hashlib.sha256(said).hexdigest()


def grade(assignment, data, sandbox):
    """Run what was handed in. Whatever it holds or does, a Graded is returned.

    ``sandbox`` is a `Sandbox`, or anything that has its `run`.
    """
    try:
        return _grade(assignment, data, sandbox)
    except (Damaged, notebooks.NotebookError) as error:
        return Graded(why=str(error))


def _grade(assignment, data, sandbox):
    nb, remarks = prepare(data, nbformat.reads(assignment.released, as_version=4))
    run = _run(assignment, nb, sandbox)
    late = stopped = leaks = 0
    room = tidy.Room()
    own = "".join(squeezed(cell.source) for cell in nb.cells)
    try:
        for number, cell in enumerate(nb.cells):
            if cell.cell_type == "code":
                cell.outputs = tidy.outputs(run.outputs.get(number, []), room)
                cell.execution_count = number + 1 if number in run.outputs else None
                if is_grade(cell) and number not in run.outputs:
                    raise Damaged("its kernel never came to an end: its tests could not run.")
                if is_grade(cell) and _passed(cell):
                    outputs = _unseen(assignment, cell, run, number)
                    if tells(outputs, code_of_the_unseen(assignment), own):
                        outputs, leaks = _failed(TELLING), leaks + 1
                    cell.outputs += outputs
                if is_grade(cell):
                    _speak_by_raising(cell)
                errors = {one.ename for one in cell.outputs if one.output_type == "error"}
                late += "CellTimeoutError" in errors
                stopped += "CellStopped" in errors
            elif cell.cell_type == "markdown":
                cell.source, pictures = tidy.attached(cell.source, cell.pop("attachments", {}))
                if pictures:
                    cell.attachments = pictures
        passed = {
            _question(nb.cells[number]): tuple(map(int, one.get("passed", ())))
            for number, one in run.unseen.items()
            if one.get("passed")
        }
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Damaged(f"what came back of its kernel cannot be used ({error}).") from None
    for cell in nb.cells:
        if grade_id(cell) in assignment.sources:
            cell.source = assignment.sources[grade_id(cell)]
    for count, what in ((late, "ran out of time"), (stopped, "left out")):
        if count:
            remarks = [*remarks, f"{count} cell{'s' * (count > 1)} {what}"]
    told = [
        *run.read,
        *(f"replaces {name}" for name in run.changed),
        *(["tells of unseen tests"] if leaks else []),
    ]
    unusual = [words for words in dict.fromkeys(told) if words not in assignment.usual]
    if unusual:
        remarks = [*remarks, f"look: it {', '.join(unusual[:UNUSUAL])}"]
    if passed:
        names = ", ".join(passed)
        return Graded(
            remarks=tuple(remarks),
            why=f"look at this one: in it, wrong answers pass the tests of {names}. So it changes what "
            "judges, and gets no points from the machine.",
            look=True,
            passed=passed,
            unusual=tuple(unusual),
        )
    return Graded(nbformat.writes(nb), tuple(remarks), look=bool(unusual), unusual=tuple(unusual))


def _run(assignment, nb, sandbox):
    """Run the notebook; again, without the cell that ended it, where one did."""
    skip, died = {}, 0
    while True:
        cells = _cells(assignment, nb, skip)
        try:
            run = sandbox.run(cells, lambda: _to_ask(assignment, nb), assignment.limits)
        except WorkerDied as error:
            died += 1
            if died == WORKERS:
                raise Damaged(f"its worker died {died} times ({error}).") from None
            continue
        if run.over:
            return run
        if run.cell is None or run.cell in skip or len(skip) == LEFT_OUT:
            raise Damaged(f"its kernel was ended again and again: {SKIPPED.get(run.stopped, run.stopped)}")
        skip[run.cell] = SKIPPED.get(run.stopped, SKIPPED["died"])


def _cells(assignment, nb, skip):
    cells, printed = [], {one.source for one in nbformat.reads(assignment.released, as_version=4).cells}
    for number, cell in enumerate(nb.cells):
        if cell.cell_type == "code":
            kind = "test" if is_grade(cell) else "locked" if is_locked(cell) else "answer"
            about = {
                "read": kind == "answer" and cell.source not in printed,
                "seconds": assignment.limits.cell,
            }
            cells.append({"number": number, "kind": kind, "source": cell.source, **about})
            if number in skip:
                cells[-1]["skip"] = skip[number]
    return cells


def _to_ask(assignment, nb):
    """What the sandbox gets when the learner's last cell is over."""
    tests = {}
    for number, cell in enumerate(nb.cells):
        if cell.cell_type == "code" and is_grade(cell):
            tests[str(number)] = {
                "source": f"{cell.source}\n{hidden}" if (hidden := _hidden(assignment, cell)) else "",
                "canaries": assignment.canaries.get(_question(cell), []),
            }
    return {
        "tests": tests,
        "slug": assignment.slug,
        "modules": assignment.modules,
        "seed": assignment.seed,
        "seconds": assignment.limits.cell,
    }


def _question(cell):
    return grade_id(cell).removeprefix("test_")


def _hidden(assignment, cell):
    return "\n".join(HIDDEN.findall(assignment.sources.get(grade_id(cell), "")))


def _speak_by_raising(cell):
    """To nbgrader, a line on stderr in a test, such as a warning, means no points. Here it means nothing."""
    for one in cell.outputs:
        if one.output_type == "stream":
            one.name = "stdout"


def _passed(cell):
    return all(one.output_type != "error" for one in cell.outputs)


def _unseen(assignment, cell, run, number):
    """The outputs of the unseen tests of a test that passed."""
    if not _hidden(assignment, cell):
        return []
    told = run.unseen.get(number)
    if told is None or told.get("stopped"):
        return _failed(UNSEEN_STOPPED)
    return tidy.outputs([worker.short(one) for one in told["outputs"][:1] if one["output_type"] == "error"])


def _failed(words):
    """The outputs of a test that fails with these words."""
    lines = textwrap.wrap(words, 80)
    return tidy.outputs(
        [{"output_type": "error", "ename": "CheckFailed", "evalue": words, "traceback": lines}]
    )


# --- the text of the unseen tests ---------------------------------------------------------------------------


def squeezed(words):
    return "".join(words.split())


def code_of_the_unseen(assignment):
    """What must not be shown of the unseen tests: their code, as runs of `WINDOW` characters.

    What stands in quotes there, f-strings too, is made to be said, and comments say what that says; what
    stands in the tests that everybody has is known.
    """
    return _secret(tuple(sorted(assignment.modules.values())), assignment.released, assignment.slug)


@functools.cache
def _secret(texts, released, slug):
    tests = Path(course_lib.__file__).parent / "checks"
    everybodys = [tests / name for name in ("__init__.py", "tools.py", f"{slug}.py")]
    known = [path.read_text(encoding="utf-8") for path in everybodys if path.exists()]
    known += [cell.source for cell in nbformat.reads(released, as_version=4).cells]
    found = set()
    for text in texts:
        run = ""
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in SAID:
                known.append(token.string)
                found |= windows(run)
                run = ""
            else:
                run += squeezed(token.string)
        found |= windows(run)
    found = {
        one for one in found if sum(map(str.isalpha, one)) > WINDOW // 3
    }  # a row of numbers tells nothing
    return found.difference(*(windows(squeezed(text)) for text in known))


SAID = {
    tokenize.COMMENT,
    *(getattr(tokenize, one) for one in ("STRING", "FSTRING_MIDDLE") if hasattr(tokenize, one)),
}


def windows(words):
    return {words[n : n + WINDOW] for n in range(len(words) - WINDOW + 1)}


def tells(outputs, secret, own):
    """Whether what is said has code of the unseen tests, but for code that the learner wrote as well."""
    said = "".join(squeezed("".join(one.get("traceback", ()))) for one in outputs)
    return any(one in secret and one not in own for one in windows(said))
