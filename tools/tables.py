"""A Sphinx extension: tables whose names and heads people who listen hear; a list of references that is one.

A table without a caption is called what leads to it, "The same updates by hand:", or else as its section. The
first column of a table names its rows; a head without words is no head. The list of references gets the
role of what it is: docutils gives its entries one that has been withdrawn.
"""

import re
from collections import Counter
from html import escape

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

EMPTY = re.compile(r'<th class="(head|stub)[^"]*">\s*(?:<p>\s*</p>)?\s*</th>')
HEAD = re.compile(r'<th class="(head|stub)\b')
SCOPE = {"head": "col", "stub": "row"}


class NameTables(SphinxPostTransform):
    """Give each table that has no caption one for those who listen."""

    default_priority = 210  # myst-nb has put what cells print by then
    formats = ("html",)

    def run(self, **kwargs):
        section, leading, given = "", "", Counter()
        for node in list(self.document.findall()):
            if isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
                section, leading = _words(node), ""
            elif isinstance(node, nodes.paragraph) and not isinstance(node.parent, nodes.entry):
                leading = _words(node)
            elif isinstance(node, nodes.table) and not isinstance(node[0], nodes.title):
                *_, last = re.split(r"(?<=[.!?]) ", leading)
                name = last.removesuffix(":") if last.endswith(":") else section
                if name:
                    given[name] += 1
                    again = f" ({given[name]})" if given[name] > 1 else ""
                    caption = f'<caption class="unseen">{escape(name)}{again}</caption>\n'
                    node.insert(0, nodes.raw("", caption, format="html"))  # a title would have to be a link


def _words(node):
    """The node's words; none of a sentence with a formula, which would be read as code."""
    if any(node.findall(nodes.math)):
        return ""
    return " ".join(node.astext().split())


class NameRows(SphinxPostTransform):
    """Make the first column of each table with others beside it the one that names the rows."""

    default_priority = 210  # myst-nb has put what cells print by then
    formats = ("html",)

    def run(self, **kwargs):
        for group in self.document.findall(nodes.tgroup):
            columns = [child for child in group.children if isinstance(child, nodes.colspec)]
            if len(columns) > 1:
                columns[0]["stub"] = 1


def mend(app, pagename, templatename, context, doctree):
    if "body" in context:
        body = EMPTY.sub(r'<td class="\1"></td>', context["body"])
        body = HEAD.sub(lambda found: f'<th scope="{SCOPE[found[1]]}" class="{found[1]}', body)
        context["body"] = body.replace(' role="doc-biblioentry"', ' role="listitem"')


def setup(app):
    app.add_post_transform(NameTables)
    app.add_post_transform(NameRows)
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
