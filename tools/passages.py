"""A Sphinx extension: what each section of the book says, for the search to land on the passage it finds.

Sphinx cuts its own excerpts from pages that it fetches, which browsers refuse for pages on a disk. Here the
texts are written beside the pages, as a script that the search page alone loads: ``window.passages`` is a
table from a page's name to its sections, each ``[id, words, code]``. `found.js` uses it.
"""

import json
from pathlib import Path

from docutils import nodes

NAME = "passages.js"
BEGIN, END = "window.passages = ", ";\n"
LEFT_OUT = nodes.section, nodes.math_block, nodes.raw, nodes.comment


def sections(doctree):
    """Each section as (its id, words, code), in the page's order: … for a formula, sections in it left out.

    Each term of a glossary is a section too.
    """
    found = []
    for node in doctree.findall(_is_named):
        whole = node.parent if isinstance(node, nodes.term) else node
        words, code = (" ".join(" ".join(part).split()) for part in (_words(whole), _code(whole)))
        if words or code:
            found.append((node["ids"][0], words, code))
    return found


def _is_named(node):
    return isinstance(node, nodes.section | nodes.term) and bool(node["ids"])


def _words(node):
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield str(child)
        elif isinstance(child, nodes.math):
            yield "…"  # a formula, which no excerpt draws
        elif not isinstance(child, (*LEFT_OUT, nodes.literal_block)):
            yield "".join(_words(child)) if isinstance(child, nodes.TextElement) else " ".join(_words(child))


def _code(node):
    for child in node.children:
        if isinstance(child, nodes.literal_block):
            yield child.astext()
        elif not isinstance(child, LEFT_OUT):
            yield from _code(child)


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
