"""What nbgrader's database says, as one table that a spreadsheet opens."""

import csv
import os
import re
from dataclasses import dataclass

from tools import notebooks
from tools.submissions import grade_id


@dataclass(frozen=True)
class Result:
    """One student's points for one assignment. A question's score is None until somebody marks it by hand."""

    slug: str
    student: str
    scores: dict
    total: float
    max: float
    to_mark: int


def result(slug, student, notebook, order):
    """What nbgrader's database has for one submitted notebook, its questions in this order."""
    names = [cell.name for cell in notebook.notebook.solution_cells]
    names.sort(key=lambda name: order.index(name) if name in order else len(order))
    scores = dict.fromkeys(names, 0.0)
    for grade in notebook.grades:
        if not grade.max_score:
            continue  # the table at a notebook's end, which is no question
        question = question_of(grade.name, scores)
        unmarked = grade.auto_score is None and grade.manual_score is None
        scores[question] = None if unmarked else scores.get(question, 0.0) + grade.score
    to_mark = sum(grade.needs_manual_grade for grade in notebook.grades)
    return Result(slug, student, scores, notebook.score, notebook.max_score, to_mark)


def order(root, slug):
    """The questions in the assignment's order, which the database does not keep."""
    source = root / "solutions" / slug / f"{slug}.ipynb"
    return [grade_id(cell) for cell in notebooks.read(source).cells] if source.exists() else []


def question_of(test, questions):
    """The question that a graded cell belongs to: test_adam and test_adam_2 belong to adam."""
    name = test.removeprefix("test_")
    return name if name in questions else re.sub(r"_\d+$", "", name)


def write_csv(found, others, path):
    """A line for each result, a column for each question, filled where the line's assignment has it.

    ``found`` are pairs of a result and what is to be said of it: (late, status). ``others``, who has no
    points, are (student, assignment, late, status).
    """
    questions = {question: None for one, _ in found for question in one.scores}
    lines = []
    for one, said in found:
        scores = [_number(one.scores.get(question)) for question in questions]
        lines.append([one.student, one.slug, *scores, _number(one.total), _number(one.max), *said])
    lines += [[student, slug, *[""] * (len(questions) + 2), *said] for student, slug, *said in others]
    lines.sort(key=lambda line: (line[1], line[0]))
    write_table(path, ["student", "assignment", *questions, "total", "max", "late", "status"], lines)


def write_table(path, head, lines):
    """A CSV file that a spreadsheet takes: no cell of it begins a formula."""
    unfinished = path.with_name(path.name + ".unfinished")
    with open(unfinished, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(head)
        table.writerows([[_plain(cell) for cell in line] for line in lines])
    os.replace(unfinished, path)


def _plain(cell):
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in tuple("=+-@\t\r") else cell


def _number(value):
    return "" if value is None else f"{value:g}"
