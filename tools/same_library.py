"""Whether a change of the library leaves all that a lesson's claims compare as it was, to six digits.

A claim hangs on each function of `course_lib` that its run entered. Where such a function was only put in
order, or refuses more than it did, no number changes, and to ask all claims in 20 blocks again would take an
hour for nothing. ``python -m tools.same_library COMMIT [PATH ...]`` runs each lesson in two new blocks of
seeds, with the library of that commit and with the one that is here. A claim that was answered with the
former keeps its answer if its assertions compared the same values in both; or if it is about the clock (the
same run, made twice, compares other values) and held in all of these. ``make claims`` asks the others.
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
from dataclasses import replace
from pathlib import Path
from typing import Any

from tools import claims, notebooks
from tools.replay import ROOT, Replay, Task, Way, replays

BLOCKS = 2


@contextmanager
def library_of(commit: str) -> Iterator[Path]:
    """A folder with the library as it was at a commit, and with these tools."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["git", "archive", "--format=tar", commit, "course_lib"]
        packed = subprocess.run(command, cwd=ROOT, capture_output=True)
        if packed.returncode:
            raise claims.ClaimError(f"git has no library of {commit}: {packed.stderr.decode().strip()}")
        subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
        shutil.copytree(ROOT / "tools", Path(folder) / "tools")
        yield Path(folder)


def carry(path: Path, root: Path) -> tuple[int, int]:
    """Keep the answers that the library under ``root`` got: how many, and how many are to be asked."""
    path = path.resolve()
    found, have, stale = claims.state(path)
    if not stale:
        return 0, 0
    stored = claims.load(path)
    numbers = [claims._number_of(path, n) for n in range(stored["next"], stored["next"] + BLOCKS)]
    then, here = (_compared(path, numbers, library) for library in (root, ROOT))
    page = dict(replays([task := Task(path, Way(), traced=True)]))[task]
    if page.errors:
        raise claims.ClaimError(f"{path.stem} does not run as it stands: {page.errors}")
    trace = {"written": page.written, "entered": page.entered}
    now = claims.keys(notebooks.read(path), found, trace)
    known = {(entry["cell"], entry["key"]): claims.Kept(**entry) for entry in stored["claims"]}
    kept = {}
    for claim in found:
        answered = have.get(claim.key) or known.get((claim.cell, then["keys"][claim.key]))
        said = [[run.get(claim.key) for run in library["runs"]] for library in (here, then)]
        if answered and (claim.key in have or alike(*said)):
            kept[claim.key] = replace(answered, key=now[claim.key], words=claim.words)
    claims._write(path, stored["next"] + BLOCKS, trace, [kept[c.key] for c in found if c.key in kept])
    carried = sum(claim.key in kept for claim in stale)
    return carried, len(stale) - carried


def alike(here: list[Any], then: list[Any]) -> bool:
    """Whether a claim compared the same with both libraries; or is about the clock, and held in all runs.

    The last run of each is the first block's once more. Where a run does not come by, nothing was compared.
    """
    if None in here or None in then:
        return False
    by_the_clock = here[0] != here[-1] and all(held for held, *_ in (*here, *then))
    return here[:-1] == then[:-1] or by_the_clock


def _compared(path: Path, numbers: list[int], root: Path) -> Any:
    """What a lesson's claims hang on, and compare in these blocks, with the library under ``root``."""
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
    """The same, in a process of its own, in which that library is imported; the first block twice."""
    found, _, _ = claims.state(path)
    tasks = [Task(path, Way(seed=number)) for number in numbers]
    done: dict[Task, list[Replay]] = {}
    for task, run in replays([*tasks, tasks[0]]):
        done.setdefault(task, []).append(run)
    runs = [*(done[task][0] for task in tasks), done[tasks[0]][1]]
    keys = claims.keys(notebooks.read(path), found, claims.load(path)["trace"])
    return {"keys": keys, "runs": [_said(run) for run in runs]}


def _said(run: Replay) -> dict[str, list[Any]]:
    """What each assertion compared in a run, how often, and whether it held."""
    return {key: [o.held, o.error, o.values, o.times] for key, o in run.outcomes.items()}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.same_library",
        description="Keep the answers to claims for which a change of the library changed no number.",
    )
    parser.add_argument("commit", metavar="COMMIT", help="whose library the answers were found with")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="notebooks (default: all lessons)")
    options = parser.parse_args(arguments)
    try:
        paths = notebooks.find(*options.paths) if options.paths else claims.lessons()
        with library_of(options.commit) as root:
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
