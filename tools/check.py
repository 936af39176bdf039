"""`python -m tools.check SLUG`: all that concerns one lesson, in about a minute.

The slug is that of a lesson, such as 1_2_linear_regression, or the name of a page that is a notebook, such as
cheat_sheet. `make test` checks all of them, and the rest.
"""

import argparse
import sys
from pathlib import Path

from tools import notebooks
from tools.parts import AT_ONCE, BOOK, NBVAL, PYTEST, PYTHON, ROOT, Part, run

# A folder of its own: a build takes seconds where the one before is still there, and `make book` has another.
BUILT = "_build/check"


def places(root=ROOT):
    """The notebooks of each slug, a lesson's before its assignment's."""
    found = {}
    for path in notebooks.find(root / "chapters", root / "solutions"):
        found.setdefault(path.stem, []).append(path.relative_to(root).as_posix())
    return found


def parts(slug, files):
    """What is checked of the notebooks `files`, which bear the slug."""
    lessons = [file for file in files if file.startswith("chapters/part")]
    assignments = [file for file in files if file.startswith("solutions/")]
    yield Part(
        "lint",
        "the style of its notebooks, and of the library",
        [
            [*PYTHON, "ruff", "check", "--quiet", *files, "course_lib"],
            [*PYTHON, "ruff", "format", "--check", "--quiet", *files, "course_lib"],
        ],
    )
    yield Part("form", "its parts, ids, figures", [[*PYTEST, "tests/lessons", "-q", "-k", slug]])
    yield Part("outputs", "executed again, each output compared", [[*NBVAL, "-q", *files, *AT_ONCE]])
    if lessons:
        yield Part("claims", "what is stored of them", [[*PYTHON, "tools.claims", "--check", *lessons]])
    if assignments:
        yield Part(
            "answers",
            "its release, and every right and wrong answer",
            [
                [*PYTHON, "tools.exercises", "--check", slug],
                [*PYTEST, "tests/exercises", "-q", "-k", slug, *AT_ONCE],
            ],
        )
    yield Part("page", "the book, built strictly", [[*BOOK, "--path-output", BUILT, "."]])


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m tools.check", description=__doc__.partition("\n")[0])
    parser.add_argument("slug", nargs="?", default="")
    slug = Path(parser.parse_args(arguments).slug).stem  # of a path, too
    known = places()
    if slug not in known:
        missing = f"there is no lesson {slug}" if slug else "it takes one lesson's slug: make check ONLY=slug"
        print(f"check: {missing}. There is: {', '.join(known)}.", file=sys.stderr)
        return 1
    failed, _ = run(list(parts(slug, known[slug])))
    pages = [file for file in known[slug] if file.startswith("chapters/")]
    if not failed and pages:
        print(f"\nLook at it: {BUILT}/_build/html/{pages[0].replace('.ipynb', '.html')}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
