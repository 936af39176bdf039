"""Draw the picture of the first page with the code that the page shows: ``python -m tools.first_page``.

``intro.md`` is no notebook, so that nothing executes it on its way into the book. Here its Python is run: the
loop at its head, and the folded code of its picture.
"""

import contextlib
import io
import re
from pathlib import Path

import matplotlib

from course_lib.plotting import png

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "intro.md"
PICTURE = ROOT / "_static" / "first_page.png"


def run(number):
    """Run the page's Python block of that number, from 0. Returns what it printed, and its variables."""
    block = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[number]
    names, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, f"{PAGE.name}, Python block {number}", "exec"), names)
    return printed.getvalue(), names


def picture():
    """Run the block that draws. Returns the picture, as PNG bytes, and the block's variables."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.use("agg")
        _, names = run(1)
        return png(names["fig"]), names


if __name__ == "__main__":
    drawn, _ = picture()
    PICTURE.write_bytes(drawn)
    print(f"Drew {PICTURE.relative_to(ROOT)}")
