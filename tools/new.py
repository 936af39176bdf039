"""`python -m tools.new 2_1_nonlinearity --title "From Linear to Nonlinear"`: begin a lesson.

It writes a notebook with the parts of a lesson, one for its assignment, the modules of its tests, and the
lesson's line in _toc.yml.
What the author has to write says TODO, and `make check` fails until nothing does. `--recap` begins a lesson
that looks back: a quiz and a capstone instead of experiments.
"""

import argparse
import json
import re
import sys
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import notebooks
from tools.lessons import ROOT

SKELETONS = Path(__file__).parent / "skeletons"
SLUG = re.compile(r"([1-9])_([1-9]\d?)_[a-z][a-z0-9_]*")
PARTS = {
    "1": ("part1_by_hand", "Part 1 · By hand"),
    "2": ("part2_networks", "Part 2 · Networks"),
    "3": ("part3_industry", "Part 3 · In industry"),
}
# The first line of a cell in a skeleton, as in the text that `python -m tools.notebooks` prints.
CELL = re.compile(r"^\[(markdown|code)\] ([a-z0-9-]+)((?: [a-z-]+)*)(?: (\{.*\}))?\n", re.MULTILINE)


class NewError(ValueError):
    """A lesson that cannot be begun; the message says why, and nothing was written."""


def filled(skeleton, slug, title):
    """The text of a skeleton, for one lesson."""
    text = (SKELETONS / f"{skeleton}.txt").read_text(encoding="utf-8")
    part, number, *_ = slug.split("_")
    words = {"number": f"{part}.{number}", "dashed": f"{part}-{number}", "slug": slug, "title": title}
    for name, word in words.items():
        text = text.replace(f"<<{name}>>", word)
    return text


def notebook(skeleton, slug, title):
    """The notebook of a skeleton, for one lesson."""
    _, *pieces = CELL.split(filled(skeleton, slug, title))
    cells = []
    for kind, name, tags, metadata, source in zip(*[iter(pieces)] * 5, strict=True):
        make = new_code_cell if kind == "code" else new_markdown_cell
        metadata = json.loads(metadata or "{}") | ({"tags": tags.split()} if tags else {})
        cells.append(make(source.strip("\n"), id=name, metadata=metadata))
    return new_notebook(cells=cells)


def with_lesson(toc, slug):
    """The text of _toc.yml with one lesson more, in its place."""
    folder, caption = PARTS[slug[0]]
    lines = toc.splitlines(keepends=True)
    entry = f"      - file: chapters/{folder}/{slug}\n"
    of_part = [n for n, line in enumerate(lines) if line.startswith(f"      - file: chapters/{folder}/")]
    if of_part:
        later = [n for n in of_part if _order(lines[n]) > _order(entry)]
        place = later[0] if later else of_part[-1] + 1
        return "".join([*lines[:place], entry, *lines[place:]])
    # The part's first lesson. Captions are sorted: those of the parts, in quotes, stand before all others.
    heading = f'  - caption: "{caption}"\n'
    captions = [n for n, line in enumerate(lines) if line.startswith("  - caption: ")]
    place = next(n for n in captions if lines[n] > heading)
    return "".join([*lines[:place], heading, "    chapters:\n", entry, *lines[place:]])


def _order(line):
    """What sorts lessons: 2_10 after 2_9."""
    part, number = line.split("/")[-1].split("_")[:2]
    return int(part), int(number)


def begin(slug, title, recap, root):
    """Write the lesson, its assignment and its line in the table of contents. Returns the paths."""
    if not SLUG.fullmatch(slug) or slug[0] not in PARTS:
        raise NewError(f"{slug or 'nothing'} is no slug: give part, number and words, as in 2_1_nonlinearity")
    lesson = root / "chapters" / PARTS[slug[0]][0] / f"{slug}.ipynb"
    assignment = root / "solutions" / slug / f"{slug}.ipynb"
    modules = {
        root / "course_lib" / "checks" / f"{slug}.py": "checks",
        root / "tests" / "exercises" / "hidden" / f"{slug}.py": "hidden",
    }
    toc = root / "_toc.yml"
    for path in (root / "chapters").glob(f"*/{slug[: slug.index('_', 2)]}_*.ipynb"):
        raise NewError(f"{path.relative_to(root)} has that number already")
    for path in (assignment, *modules):
        if path.exists():
            raise NewError(f"{path.relative_to(root)} exists already")
    text = with_lesson(toc.read_text(encoding="utf-8"), slug)
    made = {lesson: "recap" if recap else "lesson", assignment: "assignment"}
    for path, skeleton in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        notebooks.write(notebook(skeleton, slug, title), path)
    for path, skeleton in modules.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(skeleton, slug, title), encoding="utf-8")
    toc.write_text(text, encoding="utf-8")
    return [path.relative_to(root) for path in (lesson, assignment, *modules, toc)]


def main(arguments=None, root=ROOT):
    parser = argparse.ArgumentParser(prog="python -m tools.new", description=__doc__.partition("\n")[0])
    parser.add_argument("slug", nargs="?", default="", help="such as 2_1_nonlinearity")
    parser.add_argument("--title", default="TODO: the title")
    parser.add_argument("--recap", action="store_true", help="begin a lesson that looks back")
    options = parser.parse_args(arguments)
    try:
        lesson, assignment, visible, hidden, toc = begin(options.slug, options.title, options.recap, root)
    except NewError as error:
        print(f"new: {error}. Nothing was written.", file=sys.stderr)
        return 1
    print(
        f"Written: {lesson}, {assignment}, its tests in {visible} and {hidden}, a line in {toc}.\n"
        "Fill in what says TODO, and give the lesson a row in intro.md. Then:\n"
        f"  make lessons ONLY={lesson}\n  make lessons ONLY={assignment}\n  make exercises\n"
        f"  make check ONLY={options.slug}\n"
        "CONTRIBUTING.md, To add a lesson, has the rest."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
