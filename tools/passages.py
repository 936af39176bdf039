"""A Sphinx extension: what each section of the book says, for the search to land on the passage it finds.

Sphinx cuts its own excerpts from pages that it fetches, which browsers refuse for pages on a disk. Here the
texts are written beside the pages, as a script that the search page alone loads: ``window.passages`` is a
table from a page's name to its sections, each ``[id, words]``. `found.js` makes use of it.
"""

import json
from pathlib import Path

from docutils import nodes

NAME = "passages.js"


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


def gather(app, doctree, docname):
    if not hasattr(app.env, "course_passages"):
        app.env.course_passages = {}
    app.env.course_passages[docname] = sections(doctree)


def forget(app, env, docname):
    getattr(env, "course_passages", {}).pop(docname, None)


def merge(app, env, docnames, other):
    env.course_passages = getattr(env, "course_passages", {}) | getattr(other, "course_passages", {})


def write(app, exception):
    if exception is None and app.builder.format == "html":
        found = getattr(app.env, "course_passages", {})
        text = json.dumps(dict(sorted(found.items())), ensure_ascii=False, separators=(",", ":"))
        Path(app.outdir, "_static", NAME).write_text(f"window.passages = {text};\n", encoding="utf-8")


def setup(app):
    app.connect("doctree-resolved", gather)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
