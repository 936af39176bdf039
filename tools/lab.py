"""`python -m tools.lab`: open JupyterLab on the learner's own copy of the exercises.

The copy lives in my_work/, which git ignores. An exercise that is there already stays; where the course has a
newer release of it, its answers are brought over into that, and the file as it was is kept beside it.
Arguments are handed on to JupyterLab.
"""

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbgrader.utils import is_solution

from tools import notebooks
from tools.submissions import grade_id

ROOT = Path(__file__).parent.parent
RELEASED = ROOT / "exercises"
COPY = ROOT / "my_work"
#: Of nbgrader's buttons a learner needs Validate; and nobody needs to be asked about news.
SETTINGS = ROOT / "tools" / "jupyter"
EMPTY_TEXT = "*Double-click here and write your answer.*"


def add_missing(released, copy):
    """Copy each released exercise that is not in ``copy`` yet. Returns the names of those copied.

    Raises ``FileNotFoundError`` if there is nothing to copy from.
    """
    paths = sorted(released.glob("*/*.ipynb"))
    if not paths:
        raise FileNotFoundError(
            f"there are no exercises in {released.name}/; make them with `make exercises`"
        )
    added = []
    for notebook in paths:
        target = copy / notebook.relative_to(released)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, target)
            added.append(notebook.stem)
    return added


def renew(released, mine):
    """Bring the answers in ``mine`` over into exercises that were released anew.

    Returns sentences on what was done, and on what could not be read and was left as it is.
    """
    said = []
    for path in sorted(released.glob("*/*.ipynb")):
        target = mine / path.relative_to(released)
        if not target.exists():
            continue
        try:
            new, old = notebooks.read(path), notebooks.read(target)
            if old.metadata.get(notebooks.RELEASE) == new.metadata.get(notebooks.RELEASE):
                continue
            merged = nbformat.writes(brought_over(old, new)) + "\n"
        except (ValueError, AttributeError, TypeError, KeyError) as error:
            said.append(f"{target.name} is left as it is: it cannot be read ({error}).")
            continue
        kept = _unused(target.with_name(f"{target.stem}.before.ipynb"))
        shutil.copyfile(target, kept)
        notebooks.put(merged, target)
        said.append(f"{target.stem}: your answers are in the new release; {kept.name} is the file as it was.")
    return said


def brought_over(old, released):
    """The released notebook with the answers of the old one, and with the cells that the learner added."""
    new = copy.deepcopy(released)
    answers = {grade_id(cell): cell.source for cell in old.cells if grade_id(cell) and is_solution(cell)}
    words = {cell.get("id"): cell.source for cell in old.cells if cell.cell_type == "markdown"}
    for cell in new.cells:
        if is_solution(cell) and grade_id(cell) in answers:
            cell.source = answers[grade_id(cell)]
        elif cell.source == EMPTY_TEXT and cell.id in words:
            cell.source = words[cell.id]
    known = {cell.id for cell in new.cells}
    before = None
    for cell in old.cells:
        if cell.get("id") in known:
            before = cell.id
        elif grade_id(cell) is None and cell.source.strip():
            place = [one.id for one in new.cells].index(before) + 1 if before else 0
            own = copy.deepcopy(cell)
            if cell.cell_type == "code":
                own.outputs, own.execution_count = [], None
            own.setdefault("id", f"own-{len(new.cells)}")
            new.cells.insert(place, own)
            known.add(own.id)
            before = own.id
    return new


def _unused(path):
    """`path`, or the first of path.2, path.3 … that does not exist."""
    number = 1
    while path.exists():
        number += 1
        path = path.with_name(f"{path.name.split('.before')[0]}.before.{number}.ipynb")
    return path


def main(arguments):
    try:
        said = renew(RELEASED, COPY)
        added = add_missing(RELEASED, COPY)
    except FileNotFoundError as error:
        sys.exit(f"Cannot open the lab: {error}.")
    print(*said, sep="\n", end="\n" * bool(said))
    print(f"Copied into {COPY.name}/: {', '.join(added)}." if added else f"Your work is in {COPY.name}/.")
    print("Opening JupyterLab. Fill in the cells, then press Validate. Stop with Ctrl-C.", flush=True)
    paths = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return subprocess.run(
        [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(COPY), *arguments],
        env=os.environ | {"JUPYTER_CONFIG_PATH": os.pathsep.join(paths)},
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
