"""A Sphinx extension: a formula, what opens before it and the sign after it stay on one line.

A browser may break a line on both sides of a formula, and begin the next one with a full stop.
"""

import re

FORMULA = re.compile(
    r'([(\[“‘]*)(<span class="math notranslate nohighlight">[^<]*</span>)([^\s<>&]{0,4})(?=[\s<])'
)


def together(found):
    before, formula, after = found.groups()
    return f'<span class="unbroken">{before}{formula}{after}</span>' if before or after else formula


def mend(app, pagename, templatename, context, doctree):
    if "body" in context:
        context["body"] = FORMULA.sub(together, context["body"])


def setup(app):
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
