"""Look for assertions that nothing can make fail: ``python -m tools.sabotage [PATH ...]``.

Each lesson is run again, sabotaged in ways that its author did not choose: no loop moves; every optimizer
is plain SGD; labels are shuffled; all seeds are equal. And each assertion is asked again with every variable
that it reads made wrong: negative, its mean everywhere, its entries swapped, off by more than its size.
The result is a table, assertion by sabotage (x: it fell). An assertion that outlives all of them cannot fail.
That is an error, unless its comment says why it may: "by definition: …".
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from tools import notebooks
from tools.assertions import Assertion, assertions
from tools.claims import lessons
from tools.otherwise import RUNS, Way
from tools.replay import Replay, Task, replays

ALL = (*RUNS, "values")
#: Seconds for one cell. What a sabotaged loop waits for may never come.
PATIENCE = 60.0
EXCUSED = re.compile(r"\bby definition\b", re.IGNORECASE)


def felled(path: Path, processes: int = 2) -> dict[str, list[str]]:
    """For each assertion the sabotages that make it fall; of values, how which one was altered."""
    done: dict[str, Replay] = {}
    tasks = [Task(path.resolve(), Way(sabotage=name), patience=PATIENCE) for name in ALL]
    for task, result in replays(tasks, processes):
        if "(all)" in result.errors:
            raise RuntimeError(f"{path.stem}, {task.way.sabotage}: {result.errors['(all)']}")
        done[task.way.sabotage] = result
    found: dict[str, list[str]] = {}
    for claim in assertions(notebooks.read(path)):
        if claim.unchecked:
            continue
        fell = found.setdefault(claim.key, [])
        for name in RUNS:
            outcome = done[name].outcomes.get(claim.key)
            if outcome is None or not outcome.held:
                fell.append(name)
        outcome = done["values"].outcomes.get(claim.key)
        fell += outcome.killed if outcome is not None else []
    return found


def outliving(claims: list[Assertion], fell: dict[str, list[str]]) -> list[Assertion]:
    """The assertions that nothing made fall, and whose comment does not say why."""
    return [c for c in claims if not c.unchecked and not fell[c.key] and not EXCUSED.search(c.words)]


def matrix(claims: list[Assertion], fell: dict[str, list[str]]) -> str:
    """The table, as text."""
    lines = ["  ".join([*RUNS, "a variable altered"])]
    for claim in claims:
        if claim.unchecked:
            continue
        marks = [("x" if name in fell[claim.key] else ".").center(len(name)) for name in RUNS]
        altered = next((each for each in fell[claim.key] if each not in RUNS), ".")
        lines.append("  ".join([*marks, altered.ljust(24), claim.cell, claim.code[:70]]))
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.sabotage", description="Find what cannot fail.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="notebooks (default: all lessons)")
    parser.add_argument(
        "--table", action="store_true", help="print assertion by sabotage, not only what is wrong"
    )
    options = parser.parse_args(arguments)
    try:
        paths = notebooks.find(*options.paths) if options.paths else lessons()
    except notebooks.NotebookError as error:
        print(error, file=sys.stderr)
        return 1
    red = 0
    for path in paths:
        claims = assertions(notebooks.read(path))
        fell = felled(path)
        left = outliving(claims, fell)
        by_runs = sum(bool(set(each) & set(RUNS)) for each in fell.values())
        print(
            f"{path.stem}: {len(fell)} assertions; a sabotaged run makes {by_runs} fall, an altered variable "
            f"{sum(bool(each) for each in fell.values()) - by_runs} more; {len(left)} cannot fail",
            flush=True,
        )
        if options.table:
            print(matrix(claims, fell))
        for claim in left:
            print(
                f"  Cell {claim.cell}: nothing makes this fail; compare with something measured, "
                f"or say in its comment that it holds by definition: {claim.code}"
            )
        red += len(left)
    return int(red > 0)


if __name__ == "__main__":
    sys.exit(main())
