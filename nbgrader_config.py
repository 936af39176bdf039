"""How nbgrader releases and grades this course's assignments.

`python -m tools.exercises` and `python -m tools.grade` read this file. nbgrader's own commands and its form
grader read it too, when they are started from the repository's root.
"""

import sys
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, GetGrades, NbGraderPreprocessor

sys.path.append(str(Path(__file__).resolve().parent))
from tools.grading import tidy  # noqa: E402

c = get_config()  # noqa: F821 (traitlets defines it when it reads this file)


# --- where things are ------------------------------------------------------------------------------------

# People edit the source and open the release. All that grading writes is in one git-ignored folder.
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{Path(__file__).resolve().parent / 'grading' / 'gradebook.db'}"


# --- grading ---------------------------------------------------------------------------------------------


class Refuse(NbGraderPreprocessor):
    """nbgrader's own command, and the form grader's button, run students' code with your rights."""

    def preprocess(self, nb, resources):
        raise RuntimeError("Grade with `make grade`, which runs what students wrote in a sandbox.")


# What a notebook may use (tools.grading.sandbox.Limits): seconds for a cell and for all, bytes, processes.
c.Limits.cell = 30
c.Limits.notebook = 300
# Assignments with needs of their own have them here. That of 3.5 starts processes: three that train together,
# and one that starts them; it waits for those that wait for each other.
c.Limits.of = {"3_5_data_parallelism": {"cell": 60, "processes": 4}}

c.Autograde.sanitize_preprocessors = [Refuse]
c.Autograde.autograde_preprocessors = [Refuse]


# --- what the learner sees -------------------------------------------------------------------------------


# Nothing that a student wrote runs in the browser of the form grader.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {"markdown2html": tidy.markdown}

c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, ClearMarkScheme, CSSHTMLHeaderPreprocessor]
