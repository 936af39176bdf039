"""A Sphinx extension: what each section of the book says, for the search to land on the passage it finds.

Sphinx cuts its own excerpts from pages that it fetches, which browsers refuse for pages on a disk. Here the
texts are written beside the pages, as a script that the search page alone loads: ``window.passages`` is a
table from a page's name to its sections, each ``[id, words]``. `found.js` makes use of it.
"""

import json
from pathlib import Path

from docutils import nodes

NAME = "passages.js"
BEGIN, END = "window.passages = ", ";\n"


def sections(doctree):
    """Each section as (its id, its words), in the page's order; without formulas and the sections in it."""
    return [
        (section["ids"][0], words)
        for section in doctree.findall(nodes.section)
        if (words := " ".join(" ".join(_words(section)).split()))
    ]


def _words(node):
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield str(child)
        elif not isinstance(child, nodes.section | nodes.math | nodes.math_block | nodes.raw | nodes.comment):
            yield "".join(_words(child)) if isinstance(child, nodes.TextElement) else " ".join(_words(child))


class Passages:
    """What the pages say that are written in this build; those that are not stand in the file already."""

    def __init__(self):
        self.found = {}

    def gather(self, app, doctree, docname):
        self.found[docname] = sections(doctree)

    def write(self, app, exception):
        if exception is None and app.builder.format == "html":
            path = Path(app.outdir, "_static", NAME)
            before = path.read_text(encoding="utf-8") if path.exists() else f"{BEGIN}{{}}{END}"
            known = json.loads(before.removeprefix(BEGIN).removesuffix(END)) | self.found
            there = {page: known[page] for page in sorted(known) if page in app.env.found_docs}
            text = json.dumps(there, ensure_ascii=False, separators=(",", ":"))
            path.write_text(f"{BEGIN}{text}{END}", encoding="utf-8")


def setup(app):
    passages = Passages()
    app.connect("doctree-resolved", passages.gather)
    app.connect("build-finished", passages.write)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
