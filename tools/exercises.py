"""Make the learners' notebooks from the solutions, with nbgrader.

    python -m tools.exercises [slug …]          writes exercises/<slug>/<slug>.ipynb
    python -m tools.exercises --check [slug …]  writes nothing; status 1 if they are not what would be written

Without a slug: all assignments. Either every notebook is written or none.
"""

import argparse
import hashlib
import sys

from tools import notebooks
from tools.nbgrader_course import ROOT, CourseError, assignments, release, temporary_course


def main(argv=None, root=ROOT):
    parser = argparse.ArgumentParser(prog="python -m tools.exercises", description=__doc__.partition("\n")[0])
    parser.add_argument("slug", nargs="*", help="the assignments to make (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if they are out of date")
    options = parser.parse_args(argv)
    try:
        (_check if options.check else _write)(options.slug, root)
    except (CourseError, notebooks.NotebookError) as error:
        print(f"exercises: {error}", file=sys.stderr)
        return 1
    return 0


def _write(slugs, root):
    made = made_from_solutions(slugs, root)
    for slug, words in made.items():
        path = place(root, slug)
        if path.exists() and path.read_text(encoding="utf-8") == words:
            print(f"{path.relative_to(root)} is up to date")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        notebooks.put(words, path)
        print(f"{path.relative_to(root)} written")
    if not slugs:
        _refuse_strays(root)


def _check(slugs, root):
    wrong = []
    for slug, words in made_from_solutions(slugs, root).items():
        path = place(root, slug)
        if not path.exists():
            wrong.append(f"{path.relative_to(root)} is missing")
        elif path.read_text(encoding="utf-8") != words:
            wrong.append(f"{path.relative_to(root)} is not what its solution makes")
    if wrong:
        raise CourseError(f"{'; '.join(wrong)}. Run python -m tools.exercises, and edit solutions/ only.")
    if not slugs:
        _refuse_strays(root)


def made_from_solutions(slugs, root=ROOT):
    """What the learners' notebooks must hold: {slug: the file's text}.

    Raises CourseError if a slug has no solution, or nbgrader refuses it.
    """
    known = assignments(root)
    for slug in slugs:
        if slug not in known:
            raise CourseError(f"there is no solutions/{slug}/{slug}.ipynb. There is: {', '.join(known)}.")
    made = {}
    with temporary_course(slugs or known, root) as course:
        for slug in slugs or known:
            notebooks.read(root / "solutions" / slug / f"{slug}.ipynb")  # a clearer error than nbgrader's
            try:
                made[slug] = notebooks.text(stamped(release(course, slug)))
            except CourseError as error:
                raise CourseError(f"nbgrader refuses solutions/{slug}/{slug}.ipynb: {error}") from None
    return made


def stamped(path):
    """The notebook that nbgrader released at `path`, as learners get it, with a hash of all the rest."""
    nb = notebooks.canonical(notebooks.read(path))
    nb.metadata[notebooks.RELEASE] = hashlib.sha256(notebooks.text(nb).encode()).hexdigest()[:12]
    return nb


def place(root, slug):
    return root / "exercises" / slug / f"{slug}.ipynb"


def _refuse_strays(root):
    expected = {place(root, slug).relative_to(root) for slug in assignments(root)}
    files = {path.relative_to(root) for path in (root / "exercises").rglob("*") if path.is_file()}
    hidden = {path for path in files if any(part.startswith((".", "__")) for part in path.parts)}
    if strays := sorted(files - expected - hidden):
        names = ", ".join(map(str, strays))
        raise CourseError(f"{names} comes from no solution: remove it. exercises/ is all generated.")


if __name__ == "__main__":
    sys.exit(main())
