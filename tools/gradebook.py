"""What nbgrader's database says, as one table that a spreadsheet opens."""

import csv
import os
import re
from dataclasses import dataclass

from nbgrader.api import Gradebook

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


def results(database_url, root):
    """Everything in the database, by assignment and student, with the questions in the assignment's order."""
    found = []
    with Gradebook(database_url) as book:
        for assignment in book.assignments:
            for submission in assignment.submissions:
                for notebook in submission.notebooks:
                    found.append(_result(assignment.name, submission.student.id, notebook, root))
    return sorted(found, key=lambda one: (one.slug, one.student))


def _result(slug, student, notebook, root):
    scores = dict.fromkeys(_questions(root, slug, notebook), 0.0)
    for grade in notebook.grades:
        if not grade.max_score:
            continue  # the table at a notebook's end, which is no question
        question = question_of(grade.name, scores)
        unmarked = grade.auto_score is None and grade.manual_score is None
        scores[question] = None if unmarked else scores.get(question, 0.0) + grade.score
    to_mark = sum(grade.needs_manual_grade for grade in notebook.grades)
    return Result(slug, student, scores, notebook.score, notebook.max_score, to_mark)


def _questions(root, slug, notebook):
    """The database keeps no order of the questions, the assignment does."""
    names = [cell.name for cell in notebook.notebook.solution_cells]
    source = root / "solutions" / slug / f"{slug}.ipynb"
    order = [grade_id(cell) for cell in notebooks.read(source).cells] if source.exists() else []
    return sorted(names, key=lambda name: order.index(name) if name in order else len(order))


def question_of(test, questions):
    """The question that a graded cell belongs to: test_adam and test_adam_2 belong to adam."""
    name = test.removeprefix("test_")
    return name if name in questions else re.sub(r"_\d+$", "", name)


def write_csv(found, path):
    """A line for each result, a column for each question, filled where the line's assignment has it."""
    questions = {question: None for one in found for question in one.scores}
    unfinished = path.with_name(path.name + ".unfinished")
    with open(unfinished, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["student", "assignment", *questions, "total", "max"])
        for one in found:
            scores = (_number(one.scores.get(question)) for question in questions)
            table.writerow([one.student, one.slug, *scores, _number(one.total), _number(one.max)])
    os.replace(unfinished, path)


def _number(value):
    return "" if value is None else f"{value:g}"
