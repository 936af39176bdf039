"""The answers that the suite tries on each assignment, and the grader as canaries.

    tests/exercises/answers/<slug>/<question>.py

holds blocks, each one answer:

    # %% wrong: The averages can be used as they are. | feedback: is the bias correction missing
    # -    m_hat = m / (1 - beta1**t)
        m_hat = m

    # %% right: takes the root with torch.sqrt
    # -    return w - lr * m_hat / (v_hat**0.5 + eps), new_s
        return w - lr * m_hat / (torch.sqrt(v_hat) + eps), new_s

A run of lines that begin with `# -` stands in the reference answer, once, and the lines below take its place.
A block without such a line is a whole answer. A wrong answer's feedback is a piece of what the test must say.
"""

import functools
import re
from dataclasses import dataclass

from nbgrader.utils import is_solution

from tools import nbgrader_course, notebooks
from tools.submissions import grade_id

ANSWERS = nbgrader_course.ROOT / "tests" / "exercises" / "answers"
SLUGS = nbgrader_course.assignments()
HEAD = re.compile(r"# %% (?:(wrong): (.+?) \| feedback: (.+)|(right): (.+))")
OLD = "# -"


@dataclass(frozen=True)
class Answer:
    slug: str
    question: str
    is_right: bool
    about: str
    feedback: str
    text: str

    @property
    def source(self):
        """The whole cell. Raises ValueError for an edit that does not fit the reference."""
        return edited(reference(self.slug)[self.question], self.text)

    def __str__(self):
        return f"{self.question}-{re.sub(r'[^a-z0-9]+', '_', self.about.lower()).strip('_')[:60]}"


@functools.cache
def solution(slug):
    return notebooks.read(nbgrader_course.ROOT / "solutions" / slug / f"{slug}.ipynb")


@functools.cache
def reference(slug):
    """The reference answers: {question: the cell's text, without nbgrader's marks}."""
    cells = [cell for cell in solution(slug).cells if cell.cell_type == "code" and is_solution(cell)]
    return {grade_id(cell): unmarked(cell.source) for cell in cells}


def unmarked(source):
    return "".join(line for line in source.splitlines(True) if not line.strip().startswith("### ")).strip(
        "\n"
    )


@functools.cache
def unanswered(slug):
    """What the release holds in place of each answer, by question."""
    cells = [cell for cell in solution(slug).cells if cell.cell_type == "code" and is_solution(cell)]
    region = r"(?ms)^( *)### BEGIN SOLUTION.*?### END SOLUTION"
    return {grade_id(c): re.sub(region, r"\1raise NotImplementedError()", c.source) for c in cells}


@functools.cache
def answers(slug):
    """All answers of the bank to an assignment, in order."""
    return [answer for path in sorted((ANSWERS / slug).glob("*.py")) for answer in read(path)]


def read(path):
    """The answers of one file. Raises ValueError for a head that is none."""
    found = []
    first, *blocks = re.split(r"(?m)^(?=# %%)", path.read_text(encoding="utf-8"))
    if first.strip():
        raise ValueError(f"{path.name}: what comes before the first '# %%' belongs to no answer")
    for block in blocks:
        head, _, text = block.partition("\n")
        match = HEAD.fullmatch(head)
        if match is None:
            raise ValueError(
                f"{path.name}: {head!r} is neither '# %% wrong: … | feedback: …' nor '# %% right: …'"
            )
        wrong, misconception, feedback, _, differs = match.groups()
        found.append(
            Answer(
                path.parent.name,
                path.stem,
                wrong is None,
                misconception or differs,
                feedback or "",
                text.strip("\n"),
            )
        )
    return found


def edited(source, text):
    """`source` with the edits of `text`; or `text`, where it has none."""
    if not re.search(rf"(?m)^{OLD}", text):
        return text
    lines = source.splitlines()
    for old, new in hunks(text):
        places = [n for n in range(len(lines) - len(old) + 1) if lines[n : n + len(old)] == old]
        if len(places) != 1:
            raise ValueError(f"these lines stand {len(places)} times in the reference, not once: {old}")
        lines[places[0] : places[0] + len(old)] = new
    return "\n".join(lines)


def hunks(text):
    """The edits: [(old lines, new lines)]."""
    found = []
    was_old = False
    for line in text.splitlines():
        is_old = line.startswith(OLD)
        if is_old and not was_old:
            found.append(([], []))
        elif not found and line.strip():
            raise ValueError(f"an edit begins with what it replaces, as '{OLD}…', not with {line!r}")
        if found:
            found[-1][0 if is_old else 1].append(line.removeprefix(OLD) if is_old else line)
        was_old = is_old
    for _, new in found:
        while new and not new[-1].strip():
            new.pop()
    return found
