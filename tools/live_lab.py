"""A Sphinx extension: the live lab, written beside the pages of the built book.

``_static/lab/library.js`` is what :mod:`tools.lab_library` gathers; pages with a lab load it.
``_static/lab/brython.js`` is the Python that runs it, which such a page asks for on the first Run. Other
pages load none of the lab's scripts, nor those of *Your course*.
"""

import sys
from pathlib import Path

from docutils import nodes

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))  # Sphinx knows the extension's own folder only

from tools import downloads  # noqa: E402

PLACE = "lab"
LAB, YOURS = '<div class="lab"', '<div class="your-course"'
#: The scripts of _static that only some pages load: those that say this.
SCRIPTS = {
    **dict.fromkeys(("lab.js", "editor.js", "hyper.js", "setup.js", "worker.js"), LAB),
    **dict.fromkeys(("challenges.js", "multiplier.js"), LAB),
    "yours.js": YOURS,
}


def hand_out(app):
    if app.builder.format == "html" and downloads.is_the_course(app):
        from tools import lab_library  # with torch, which takes seconds: not for the tests' small books

        lab_library.write(Path(app.outdir, "_static", PLACE))


def load(app, pagename, templatename, context, doctree):
    """A page with a lab loads the library; each page those scripts alone that it has a use for."""
    raw = "".join(node.astext() for node in doctree.findall(nodes.raw)) if doctree else ""
    if LAB in raw:
        app.add_js_file(f"{PLACE}/library.js")
    files = context["script_files"]
    files[:] = [file for file in files if SCRIPTS.get(Path(str(file.filename)).name, "") in raw]


def setup(app):
    app.connect("builder-inited", hand_out)
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
