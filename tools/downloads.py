"""A Sphinx extension: what the book hands out runs where only Python is.

In ``run/`` the built book has the learners' zip, the library as a wheel, and each exercise; a lesson's page
links its own. Each notebook that it hands out has a cell more, which installs the library where that is
missing.
"""

import copy
import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))  # Sphinx knows the extension's own folder only

from tools import bundle, notebooks  # noqa: E402

PLACE = "run"
BINDER = {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"}
HEADING = re.compile(r"<h2>The assignment[^<]*<a class=\"headerlink\".*?</h2>", re.DOTALL)
FIRST = """\
# Run this cell first: this notebook needs the course's library, and installs it where it is missing.
import importlib.util
import pathlib
import subprocess
import sys

if not importlib.util.find_spec("course_lib"):
    wheel = pathlib.Path("{wheel}")
    if not wheel.exists():
        raise FileNotFoundError(
            f"Put {{wheel}} beside this notebook and run this cell again. It is in the folder `run` "
            "of the book, linked on its first page, under “Run”."
        )
    command = [sys.executable, "-m", "pip", "install", "--quiet", f"./{{wheel}}[notebooks]"]
    subprocess.run(command, check=True)
    importlib.invalidate_caches()"""
# What the book makes of these, a notebook shows as it is written.
ROLES = [
    (re.compile(r"\{(?:term|doc|ref)\}`([^`<]+?)\s*<[^`>]*>`"), r"\1"),
    (re.compile(r"\{term\}`([^`]+)`"), r"\1"),
    (re.compile(r"\{cite(?::[a-z]+)?\}`([^`]+)`"), r"[\1]"),
    (re.compile(r"\{math\}`([^`]+)`"), r"$\1$"),
    (re.compile(r"^```\{index\}.*?^```\n", re.MULTILINE | re.DOTALL), ""),
    (re.compile(r"\[([^\]]+)\]\([a-z][\w-]*\)"), r"\1"),  # a place of the book, by its name
    (re.compile(r"^\([\w-]+\)=\n", re.MULTILINE), ""),
]


def on_its_own(nb):
    """A copy of a notebook that says and does what it needs, in words that JupyterLab can show."""
    nb = copy.deepcopy(nb)
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            for pattern, words in ROLES:
                cell.source = pattern.sub(words, cell.source)
    first = nbformat.v4.new_code_cell(FIRST.format(wheel=bundle.wheel_name()), id="install")
    nb.cells.insert(1, first)  # after the title
    return nb


def link(app, pagename, templatename, context, doctree):
    """On a lesson's page, beneath the heading of its assignment: the exercise and the library."""
    slug = pagename.rpartition("/")[2]
    if not is_the_course(app) or not (ROOT / "exercises" / slug).is_dir():
        return
    up = context["pathto"](f"{PLACE}/x", 1).removesuffix("x")
    exercise = f'<a href="{up}{slug}.ipynb" download>the exercise</a>'
    library = f'<a href="{up}{bundle.wheel_name()}" download>the library</a>'
    words = f"<p>Without the course's folder: {exercise}, and to put beside it, {library}.</p>"
    context["body"] = HEADING.sub(lambda found: found[0] + words, context["body"], count=1)


def hand_out(app, exception):
    """Write what is handed out, and give the lessons that one downloads their first cell."""
    if exception or app.builder.format != "html" or not is_the_course(app):
        return
    place = Path(app.outdir, PLACE)
    place.mkdir(exist_ok=True)
    files = bundle.bundle()
    (place / f"{bundle.folder_name()}.zip").write_bytes(bundle.zipped(files))
    (place / bundle.wheel_name()).write_bytes(files[bundle.wheel_name()])
    for file, data in files.items():
        if file.endswith(".ipynb"):
            nb = nbformat.reads(data.decode(), as_version=4)
            notebooks.write(on_its_own(nb), place / Path(file).name)
    for path in sorted(Path(app.outdir, "_sources").rglob("*.ipynb")):
        source = Path(app.srcdir, path.relative_to(Path(app.outdir, "_sources")))
        notebooks.write(on_its_own(notebooks.read(source)), path)


def is_the_course(app):
    """Whether the course itself is built, and no page of a test."""
    return Path(app.srcdir).resolve() == ROOT


def offer(app, config):
    """A button that opens lessons on Binder, where the book knows its repository's address: see .binder.

    None for Colab: it opens a notebook by itself, as it lies in the repository, without the library.
    """
    if config.html_theme_options.get("repository_url"):
        config.html_theme_options.setdefault("repository_branch", "main")
        config.html_theme_options["launch_buttons"] = BINDER


def setup(app):
    app.connect("config-inited", offer)
    app.connect("html-page-context", link)
    app.connect("build-finished", hand_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
