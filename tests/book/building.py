"""How the tests here build a book."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What `make book` runs: every dead reference and every warning is an error.
BUILD = [str(Path(sys.executable).with_name("jupyter-book")), "build", "-n", "-W", "--keep-going"]


def build(source, target):
    """The build as it ended: what it said, and, as `folder`, where its pages are."""
    done = subprocess.run(
        [*BUILD, "--path-output", str(target), str(source)],
        capture_output=True,
        text=True,
        cwd=target,
    )
    done.folder = target / "_build" / "html"
    return done
