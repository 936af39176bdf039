"""Whether a change of the library, or of a lesson, leaves all that the lesson's claims compare as it was.

A claim hangs on the cells that it reads, and on each function of `course_lib` that its run entered. Where
these were only put in order, or a cell's lines moved into the library, no number changes, and to ask all
claims in 20 blocks again would take an hour for nothing. ``python -m tools.same_library COMMIT [PATH ...]``
runs each lesson in two new blocks of seeds, and at one other setting: as it was at that commit, with the
library of then; and as both are here. A claim (the same assertion, in the same cell) that was answered then
keeps its answer if its assertion compared the same values in both, to six digits; or if it is about the clock
(the same run, made twice, compares other values) and held in all of these. ``make claims`` asks the others,
and what is new.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tools import claims, notebooks
from tools.assertions import Assertion
from tools.replay import ROOT, Outcome, Replay, Task, Way, replays

BLOCKS = 2


@contextmanager
def course_of(commit: str) -> Iterator[Path]:
    """A folder with library and lessons as they were at a commit, and with these tools."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["git", "archive", "--format=tar", commit, "course_lib", "chapters"]
        packed = subprocess.run(command, cwd=ROOT, capture_output=True)
        if packed.returncode:
            raise claims.ClaimError(f"git has no library of {commit}: {packed.stderr.decode().strip()}")
        subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
        shutil.copytree(ROOT / "tools", Path(folder) / "tools")
        yield Path(folder)


def carry(path: Path, root: Path) -> tuple[int, int]:
    """Keep the answers that were found under ``root``: how many, and how many claims are to be asked."""
    path = path.resolve()
    if not path.is_relative_to(ROOT):
        raise claims.ClaimError(f"{path} does not lie in {ROOT}: git knows nothing of it")
    found, have, stale = claims.state(path)
    if not stale:
        return 0, 0
    before = root / path.relative_to(ROOT)
    if not before.is_file():  # a new lesson
        return 0, len(stale)
    following = claims.load(path)["next"]
    numbers = [claims._number_of(path, n) for n in range(following, following + BLOCKS)]
    then, here = _compared(before, numbers, root), _compared(path, numbers, ROOT)
    page = dict(replays([task := Task(path, Way(), traced=True)]))[task]
    if page.errors:
        raise claims.ClaimError(f"{path.stem} does not run as it stands: {page.errors}")
    trace = {"written": page.written, "entered": page.entered}
    now = claims.keys(notebooks.read(path), found, trace)
    kept = {}
    for claim in found:
        name = _name(claim, found)
        answered = have.get(claim.key)
        if answered is None and name in then and alike(here[name]["said"], then[name]["said"]):
            answered = then[name]["answer"] and claims.Kept(**then[name]["answer"])
        if answered:
            kept[claim.key] = replace(answered, key=now[claim.key], words=claim.words)
    claims._write(path, following + BLOCKS, trace, [kept[c.key] for c in found if c.key in kept])
    carried = sum(claim.key in kept for claim in stale)
    return carried, len(stale) - carried


def alike(here: list[Any], then: list[Any]) -> bool:
    """Whether a claim compared the same in both; or is about the clock, and held in all runs.

    The first two of each are one run, made twice; the last is at another setting, where some claims cannot be
    asked. Where any other does not come by, nothing was compared.
    """
    if None in here[:-1] or None in then[:-1]:
        return False
    by_the_clock = here[0] != here[1] and all(run is None or run[0] for run in (*here, *then))
    return here[1:] == then[1:] or by_the_clock


def _compared(path: Path, numbers: list[int], root: Path) -> Any:
    """A lesson's claims, their answers, and what they compare in these blocks, under ``root``."""
    code = f"""
import json
from pathlib import Path
from tools import same_library
print(json.dumps(same_library.compared(Path({str(path)!r}), {numbers})))"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": "0"},
    )
    if run.returncode:
        raise claims.ClaimError(f"{path.stem} does not run with the library in {root}: {run.stderr[-500:]}")
    return json.loads(run.stdout)


def compared(path: Path, numbers: list[int]) -> dict[str, Any]:
    """The same, in a process of its own, in which that library is imported."""
    found, have, _ = claims.state(path)
    first, *rest = (Task(path, Way(seed=number)) for number in numbers)
    tasks = [first, first, *rest, Task(path, Way(settings=numbers[0]))]
    done: dict[Task, list[Replay]] = {}
    for task, run in replays(tasks):
        done.setdefault(task, []).append(run)
    runs = [done[task].pop() for task in tasks]
    return {
        _name(claim, found): {
            "answer": asdict(have[claim.key]) if claim.key in have else None,
            "said": [_said(run.outcomes.get(claim.key)) for run in runs],
        }
        for claim in found
    }


def _name(claim: Assertion, found: list[Assertion]) -> str:
    """What a claim is called while others come and go: its cell, its code, and which of those alike it is."""
    twins = [each.key for each in found if (each.cell, each.code) == (claim.cell, claim.code)]
    return f"{claim.cell}: {claim.code} ({twins.index(claim.key)})"


def _said(outcome: Outcome | None) -> list[Any] | None:
    """What an assertion compared in a run, how often, and whether it held."""
    return outcome and [outcome.held, outcome.error, outcome.values, outcome.times]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.same_library",
        description="Keep the answers to claims for which a change of library or lesson changed no number.",
    )
    parser.add_argument("commit", metavar="COMMIT", help="at which the answers were found")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="notebooks (default: all lessons)")
    options = parser.parse_args(arguments)
    try:
        paths = notebooks.find(*options.paths) if options.paths else claims.lessons()
        with course_of(options.commit) as root:
            for path in paths:
                kept, left = carry(path, root)
                if kept or left:
                    print(
                        f"{path.stem}: {kept} claims keep their answers, {left} are to be asked", flush=True
                    )
    except (claims.ClaimError, notebooks.NotebookError) as error:
        print(error, file=sys.stderr)
        return 1
    claims.PAGE.write_text(claims.page(claims.lessons()), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
