"""A Sphinx extension: each page says in its head what it is about, in the words of its first paragraph.

Search engines and messengers show that beneath a link.
"""

import html
import itertools

from docutils import nodes

LONGEST = 160  # characters; more is cut off where it is shown


def description(doctree):
    """The first paragraph of a page as plain text, up to its first formula, cut between words."""
    paragraph = next(doctree.findall(nodes.paragraph), nodes.paragraph())
    plain = itertools.takewhile(
        lambda node: not isinstance(node, nodes.math), paragraph.findall(_is_text_or_formula)
    )
    words = " ".join("".join(node.astext() for node in plain).split())
    if next(paragraph.findall(nodes.math), None):
        words = words[: words.rfind(". ") + 1] or words.rstrip(" :,(")
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rpartition(' ')[0]} …"


def _is_text_or_formula(node):
    return isinstance(node, nodes.Text | nodes.math)


def add(app, pagename, templatename, context, doctree):
    if doctree and (words := description(doctree)):
        if pagename == app.config.root_doc:
            context["docstitle"] = ""  # or the page's title would be the book's, twice
        context["metatags"] += f'\n<meta name="description" content="{html.escape(words)}" />'


def setup(app):
    app.connect("html-page-context", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
