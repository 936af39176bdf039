"""`python -m tools.lab`: open JupyterLab on the learner's own copy of the exercises.

The copy lives in my_work/, which git ignores: a new release of the course never touches it, and an exercise
that is there already is never overwritten. Arguments are handed on to JupyterLab.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
RELEASED = ROOT / "exercises"
COPY = ROOT / "my_work"


def add_missing(released, copy):
    """Copy each released exercise that is not in ``copy`` yet. Returns the names of those copied.

    Raises ``FileNotFoundError`` if there is nothing to copy from.
    """
    notebooks = sorted(released.glob("*/*.ipynb"))
    if not notebooks:
        raise FileNotFoundError(
            f"there are no exercises in {released.name}/; make them with `make exercises`"
        )
    added = []
    for notebook in notebooks:
        target = copy / notebook.relative_to(released)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, target)
            added.append(notebook.stem)
    return added


def main(arguments):
    try:
        added = add_missing(RELEASED, COPY)
    except FileNotFoundError as error:
        sys.exit(f"Cannot open the lab: {error}.")
    print(f"Copied into {COPY.name}/: {', '.join(added)}." if added else f"Your work is in {COPY.name}/.")
    print("Opening JupyterLab. Fill in the cells, then press Validate. Stop with Ctrl-C.", flush=True)
    return subprocess.run(
        [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(COPY), *arguments]
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
