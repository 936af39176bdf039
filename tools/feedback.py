"""nbgrader's feedback page, made to open anywhere, without a network, and with the tests' messages on top."""

import html
import re
from importlib.metadata import distribution

from nbgrader.utils import is_grade, is_solution, is_task

from course_lib.checks import questions

# What nbgrader's template loads from another host, and the configuration that belongs to it.
REMOTE_MATHJAX = re.compile(r"<!-- Load mathjax -->.*?<!-- End of mathjax configuration -->", re.DOTALL)
REMOTE = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=["'](?:https?:)?//[^>]*>""")

# The template's own: what students wrote has none left.
SCRIPT = re.compile(r"(?is)<script\b.*?</script>")

SUMMARY = "summary"  # the last cell of an assignment, which shows the points so far

PACKAGE = "sphinx-mathjax-offline"
MATHJAX = distribution(PACKAGE).locate_file(f"{PACKAGE}/static/mathjax/tex-svg.js")
MATHJAX_NAME = "mathjax.js"
SETTINGS = r"""window.MathJax = {
  tex: {inlineMath: [["$", "$"], ["\\(", "\\)"]], tags: "ams"},
  options: {ignoreHtmlClass: "container", processHtmlClass: "text_cell_render"},
};"""
# Nothing of a page runs but MathJax, which lies beside it, and nothing is loaded from anywhere.
POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src file: 'self'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'\">"
)

VIEW = '<meta name="viewport" content="width=device-width, initial-scale=1">'
STYLE = """<style>
body { font-size: 15px; line-height: 1.5; }
div.container { max-width: 62em; }
#notebook-container { padding: 0; box-shadow: none; }
div.prompt { display: none; }
th, td { padding: 0.1em 1em 0.1em 0; }
div.input_area pre, div.output_area pre { white-space: pre-wrap; overflow-wrap: anywhere; }
#toc { font-size: 15px; }
#toc p.message { margin: 0 0 0.5em; color: #a01c1c; white-space: pre-line; }
div.output_error pre { background: #fdf3f2; border-color: #a01c1c; }
a.anchor-link { display: none; }
</style>"""


def finish(page, nb, slug=""):
    """The HTML `page` that nbgrader's template gave for the graded notebook `nb` of the assignment `slug`,
    with its questions by number and name, nothing from another host, and nothing that runs but MathJax; and
    whether it needs that: the file MATHJAX_NAME, one folder above its own."""
    uses_mathjax = "$" in page or r"\(" in page
    head = STYLE
    if uses_mathjax:
        head += f'\n<script src="../{MATHJAX_NAME}"></script>'
    page = SCRIPT.sub("", REMOTE.sub("", REMOTE_MATHJAX.sub("", page)))
    titles = _titles(slug)
    for cell in nb.cells:
        if is_grade(cell) or is_task(cell):
            page = _name(page, cell, titles)
    page = page.replace("<html>", '<html lang="en">', 1)
    page = page.replace("<head>", f"<head>\n{VIEW}\n{POLICY}", 1)
    return page.replace("</head>", f"{head}\n</head>", 1), uses_mathjax


def mathjax():
    """MathJax with its settings, as one file."""
    return f"{SETTINGS}\n{MATHJAX.read_text(encoding='utf-8')}"


def _titles(slug):
    """{grade_id of a test: "1 learn"}, where the assignment's tests are modules."""
    try:
        return {f"test_{name}": one.title for name, one in questions(slug).items()}
    except ValueError:
        return {}


def _name(page, cell, titles):
    """In the list on top, "Test cell (Score: 0 / 2)" becomes the question's name, with the test's message."""
    grade_id = cell.metadata.nbgrader.grade_id
    link = re.compile(rf'(<a href="#{re.escape(grade_id)}">)[^<]*(</a>[^<]*)')
    if grade_id == SUMMARY:
        return re.sub(rf'<li>\s*<a href="#{SUMMARY}">.*?</li>', "", page, count=1, flags=re.DOTALL)
    name = html.escape(titles.get(grade_id, grade_id.removeprefix("test_")))
    by_hand = is_task(cell) or is_solution(cell)
    waits = cell.metadata.nbgrader.get("unmarked")
    said = (", to be marked by a person" if waits else ", marked by a person") if by_hand else ""
    if by_hand and cell.metadata.nbgrader.get("blank"):
        said = ", not answered"
    if failure := message(cell):
        said = f'<p class="message">{html.escape(failure)}</p>'
    return link.sub(lambda found: f"{found[1]}{name}{found[2].rstrip()}{said}\n", page, count=1)


def message(cell):
    """What the failing test says, such as "AssertionError: your first step is 3.16·lr"; "" if it passed."""
    errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    # The last one: nbgrader adds its own, such as a timeout's, to Python's. Its last line has it whole.
    last = errors[-1] if errors else {}
    if last.get("ename") == "CheckFailed":
        return "\n".join(last["traceback"])  # short lines for people, of course_lib.checks
    return re.sub(r"\x1b\[[0-9;]*m", "", (last.get("traceback") or [last.get("ename", "")])[-1])
