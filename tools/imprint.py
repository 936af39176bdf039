"""A Sphinx extension: at the foot of each page the book's version, its date, and how to cite it.

All of it is in CITATION.cff. With the course's address there (`repository-code:`), or as `repository_url` in
_config.yml, links to the source and for reports appear.
"""

import functools
from datetime import date
from html import escape
from pathlib import Path

import yaml

CITATION = Path(__file__).resolve().parent.parent / "CITATION.cff"
#: The section of the first page that says how to cite the book.
ANCHOR = "cite-this-book"


@functools.cache
def cited():
    """What CITATION.cff says, its date as one reads it."""
    about = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    released = date.fromisoformat(str(about["date-released"]))
    return about | {"date": f"{released.day} {released:%B %Y}", "year": released.year}


def foot(about, first_page):
    """The line at the foot, from a page from which `first_page` leads to the first."""
    parts = [
        f"Version {escape(str(about['version']))}, {about['date']}",
        f'<a href="{escape(first_page)}#{ANCHOR}">Cite this book</a>',
    ]
    if where := about.get("repository-code"):
        parts.append(f'<a href="{escape(where)}">Source</a>')
        parts.append(f'<a href="{escape(where)}/issues">Report an error</a>')
    return f'<p class="imprint">{" · ".join(parts)}</p>'


def add(app, pagename, templatename, context, doctree):
    if "pathto" in context:
        about = {"repository-code": app.config.html_theme_options.get("repository_url")} | cited()
        context["theme_extra_footer"] = foot(about, context["pathto"](app.config.root_doc).rstrip("#"))


def setup(app):
    app.connect("html-page-context", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
