"""`python -m tools.suite [PART ...]`: what `make test` runs, all of it or some parts.

A part that fails does not stop the others: the exit status is 1 at the end. One part runs only when it is
named, `deep` (`make deep`): what takes long, and is seldom about a lesson.
"""

import argparse
import os
import subprocess
import sys

from tools.parts import AT_ONCE, NBVAL, PYTEST, PYTHON, ROOT, SHARED_OUT, WAITING, Part, clock, run

# Above this the suite says so, and fails nothing: a clock judges the machine too. So the time is told as it
# would be, too, where these imports cost 2 CPU-seconds, as they did where the limit was set.
MINUTES = 20
IMPORTS = "import torch, matplotlib.pyplot; from course_lib import datasets, optim, plotting, training"
IMPORTS_COST = 2.0
GRADING = [f"tests/exercises/test_{name}.py" for name in ("grade", "hand_ins", "nbgrader", "submissions")]
GRADING += ["tests/grading"]
DEEP = "deep"
QUICK = ["-m", f"not {DEEP}"]


def without(*paths):
    return [f"--ignore={path}" for path in paths]


PARTS = [
    Part(
        "lint",
        "style and types",
        [
            [*PYTHON, "ruff", "check", "--quiet", "."],
            [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
            [*PYTHON, "mypy"],
        ],
    ),
    Part(
        "notebooks",
        "every lesson and solution, executed again, each output compared",
        [[*NBVAL, "chapters", "solutions", *AT_ONCE], [*PYTEST, *QUICK, "tests/lessons", *AT_ONCE]],
    ),
    Part(
        "exercises",
        "every right and wrong answer, and every one-place change of a right one",
        [[*PYTEST, *QUICK, "tests/exercises", *without(*GRADING), *SHARED_OUT]],
    ),
    # All that no other part names, so that a new folder of tests is forgotten by none.
    Part(
        "library",
        "course_lib, the tools and the benchmark",
        [
            [
                *PYTEST,
                *QUICK,
                "tests",
                *without("tests/lessons", "tests/exercises", "tests/book", "tests/grading"),
                *AT_ONCE,
            ]
        ],
    ),
    Part(
        "grading",
        "submissions graded and given back, in the sandbox",
        [[*PYTEST, *QUICK, *GRADING, *WAITING]],
    ),
    Part(
        "book",
        "built strictly, its pages, and what moves in them",
        [[*PYTEST, *QUICK, "tests/book", *AT_ONCE, "--no-loadscope-reorder"]],
    ),
    Part(
        DEEP,
        "the grader under attack, the tools on whole notebooks, each rule compiled, every page in a browser",
        [
            [*PYTEST, "-m", DEEP, *GRADING, *WAITING],
            [*PYTEST, "-m", DEEP, "tests", *without(*GRADING), *AT_ONCE],
        ],
    ),
]


def imports():
    """CPU-seconds that the imports cost here and now."""
    before = os.times()
    subprocess.run([sys.executable, "-c", IMPORTS], cwd=ROOT, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main(arguments=None):
    names = [part.name for part in PARTS]
    parser = argparse.ArgumentParser(prog="python -m tools.suite", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(names)} (default: all but {DEEP})"
    )
    wanted = parser.parse_args(arguments).parts
    for name in wanted:
        if name not in names:
            parser.error(f"there is no part {name}. There is: {', '.join(names)}.")
    wanted = wanted or [name for name in names if name != DEEP]
    failed, seconds = run([part for part in PARTS if part.name in wanted])
    if seconds > 60:  # else to measure it would take as long
        cost = (imports() + imports()) / 2
        there = seconds * IMPORTS_COST / cost
        limit = f"{IMPORTS_COST:.0f} CPU-seconds; here {cost:.1f}"
        print(f"  {clock(there)}  where these imports cost {limit}: {IMPORTS}")
        if DEEP not in wanted and there > 60 * MINUTES:
            print(f"\n*** {there / 60:.0f} MINUTES IN ALL: more than {MINUTES}. Which tests can do less? ***")
    if failed:
        print(f"\nFailed: {', '.join(failed)}. Again, by itself: make test PART={failed[0]}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
