"""`python -m tools.mine [SLUG ...]`: grade your own work in my_work/, and open what the graders would say.

All exercises that you have begun, or those named. The pages are in my_work/feedback/.
"""

import argparse
import shutil
import sys
import tempfile
import webbrowser
from pathlib import Path

from tools import feedback, grade
from tools.grading import sandbox
from tools.lab import COPY, RELEASED
from tools.nbgrader_course import ROOT

ME = "me"


def begun(mine, released):
    """The slugs in `mine` that are no longer as they were released."""
    found = []
    for path in sorted(mine.glob("*/*.ipynb")):
        fresh = released / path.relative_to(mine)
        if path.stem == path.parent.name and fresh.exists() and path.read_bytes() != fresh.read_bytes():
            found.append(path.stem)
    return found


def main(arguments=None, mine=COPY, released=RELEASED, root=ROOT, show=webbrowser.open):
    parser = argparse.ArgumentParser(prog="python -m tools.mine", description=__doc__.partition("\n")[0])
    parser.add_argument("slug", nargs="*", help="assignments, such as 1_1_training_loop (default: all begun)")
    slugs = parser.parse_args(arguments).slug or begun(mine, released)
    missing = [slug for slug in slugs if not (mine / slug / f"{slug}.ipynb").is_file()]
    if missing or not slugs:
        what = f"there is no {missing[0]} in {mine.name}/" if missing else f"nothing is begun in {mine.name}/"
        print(f"mine: {what}. Open the exercises with `make lab`, and answer a question.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        for slug in slugs:
            handed_in = Path(folder) / "in" / ME / slug
            handed_in.mkdir(parents=True)
            shutil.copyfile(mine / slug / f"{slug}.ipynb", handed_in / f"{slug}.ipynb")
        # It is your own code: where there is no sandbox, it may run without.
        trusted = ["--unsafe"] * bool(sandbox.why_not())
        handed_in, out = Path(folder) / "in", Path(folder) / "out"
        status = grade.main([str(handed_in), "--out", str(out), *trusted], root=root)
        pages = sorted((Path(folder) / "out" / "feedback" / ME).glob("*/*.html"))
        for page in pages:
            target = mine / "feedback" / page.name
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(page, target)
            if (script := page.parent.parent / feedback.MATHJAX_NAME).exists():
                shutil.copyfile(script, mine / feedback.MATHJAX_NAME)
            print(f"{mine.name}/feedback/{page.name}")
            if len(pages) == 1:
                show(target.resolve().as_uri())
    return status


if __name__ == "__main__":
    sys.exit(main())
