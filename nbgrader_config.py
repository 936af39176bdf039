"""How nbgrader releases and grades this course's assignments.

`python -m tools.exercises` and `python -m tools.grade` read this file. nbgrader's own commands and its form
grader read it too, when they are started from the repository's root.
"""

import re
import time
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    Execute,
    GetGrades,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
)
from traitlets import Integer

c = get_config()  # noqa: F821 (traitlets defines it when it reads this file)


# --- where things are ------------------------------------------------------------------------------------

# People edit the source and open the release. All that grading writes is in one git-ignored folder.
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{Path(__file__).resolve().parent / 'grading' / 'gradebook.db'}"
# Not nbgrader's read-only files, which a second run could not replace on every system.
c.Autograde.permissions = 644


# --- time ------------------------------------------------------------------------------------------------


class ExecuteWithinLimit(Execute):
    """nbgrader limits each cell. This limits the whole notebook, too.

    When the notebook's time is over, each cell that is left gets one second. So a submission in which every
    cell loops for ever comes to an end, and keeps the points of the cells that were in time.
    """

    notebook_timeout = Integer(300, help="Seconds for all cells of a notebook together.").tag(config=True)

    def preprocess(self, nb, resources):
        end = time.monotonic() + self.notebook_timeout
        self.timeout_func = lambda cell: max(1, min(self.timeout, end - time.monotonic()))
        return super().preprocess(nb, resources)


c.Execute.timeout = 30
c.ExecuteWithinLimit.notebook_timeout = 300
c.Execute.error_on_timeout = {
    "ename": "CellTimeoutError",
    "evalue": "",
    "traceback": ["CellTimeoutError: this cell ran out of time. Is there a loop that never ends?"],
}
# A loop that prints floods the channel for longer than the default of 4 seconds. That is no reason not to
# grade the other cells: whether a cell failed is in the kernel's reply, not in what it printed.
c.Execute.raise_on_iopub_timeout = False


# --- what earns points -----------------------------------------------------------------------------------

# A deleted test comes back. (`tools.grade` has put it back before, in more cases than nbgrader can.)
c.OverwriteCells.add_missing_cells = True

# To nbgrader, a test cell that writes one line to stderr has failed: a warning of torch, a progress bar, a
# learner's own debugging. The tests of this course speak through what they raise, so stderr decides nothing.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"(?s)."

c.Autograde.autograde_preprocessors = [
    ExecuteWithinLimit,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]


# --- what the learner sees -------------------------------------------------------------------------------


class HideHiddenTests(ClearHiddenTests):
    """In the feedback, a hidden test gives its message, not its source.

    A traceback quotes the lines around the error, so the frame of a cell with hidden tests goes, too. The
    frames of the learner's own code stay.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        if cell.cell_type == "code" and self.begin_test_delimeter in cell.source:
            this_cell = re.compile(rf"\bIn\s*\[{cell.execution_count}\]")
            for output in cell.outputs:
                if output.output_type == "error":
                    frames = output.traceback
                    output.traceback = [frame for frame in frames if not this_cell.search(plain(frame))]
        return super().preprocess_cell(cell, resources, cell_index)


def plain(words):
    """`words` without the terminal's colour codes."""
    return re.sub(r"\x1b\[[0-9;]*m", "", words)


c.GenerateFeedback.preprocessors = [GetGrades, HideHiddenTests, ClearMarkScheme, CSSHTMLHeaderPreprocessor]
