"""A Sphinx extension: pages load what they use.

The theme's script of icons holds two thousand, of which the pages show some fifteen: the others go. MathJax
comes without its menu, and without what other set-ups of it load. The search's scripts and its index, which
the theme loads on each page, stay on the page that searches.
"""

import json
import re
from pathlib import Path

SCRIPT = "scripts/fontawesome.js"
# One icon: its name, then width, height, other names, code, and one outline or two.
ICON = re.compile(
    r'(?P<name>"[a-z0-9-]+"|[a-z0-9]+):\[\d+,\d+,\[(?P<others>[^\]]*)\],"[0-9a-f]+",(?:"[^"]*"|\[[^\]]*\])\],?'
)
NAMED = re.compile(r"\bfa-([a-z0-9-]+)")
# `found.js` marks what was searched for, in place of sphinx_highlight.
SEARCH = re.compile(
    r'\s*<script src="[^"]*\b(?:searchtools|language_data|sphinx_highlight|searchindex)\.js[^"]*"></script>'
)

# MathJax's file that pages ask for, and what it is made of here: `startup` waits until the rest has run.
MATHJAX = "tex-chtml.js"
COMPONENTS = ["core", "input/tex", "output/chtml", "output/chtml/fonts/tex.js", "a11y/assistive-mml"]
BESIDE = ["output/chtml/fonts/woff-v2", "input/tex/extensions"]  # loaded when a formula wants it


def used(folder):
    """The names after ``fa-`` in a built book's pages and scripts."""
    files = [
        file
        for kind in ("*.html", "*.js")
        for file in Path(folder).rglob(kind)
        if "mathjax" not in file.parts
    ]
    texts = (file.read_text(encoding="utf-8") for file in files if file.name != Path(SCRIPT).name)
    return {name for text in texts for name in NAMED.findall(text)}


def only(script, names):
    """The script of icons with those of `names` alone, by whichever of their names."""

    def kept(icon):
        others = re.findall(r'"([a-z0-9-]+)"', icon["others"])
        return icon[0] if names & {icon["name"].strip('"'), *others} else ""

    return ICON.sub(kept, script)


def thin(app, exception):
    path = Path(app.outdir, "_static", SCRIPT)
    if exception is None and app.builder.format == "html" and path.exists():
        path.write_text(only(path.read_text(encoding="utf-8"), used(app.outdir)), encoding="utf-8")


def mathjax(folder):
    """MathJax from its parts in `folder`, as one script."""
    files = [
        Path(folder, name if name.endswith(".js") else f"{name}.js") for name in ("startup", *COMPONENTS)
    ]
    startup, *parts = (file.read_text(encoding="utf-8") for file in files)
    return "\n;".join([startup, f"MathJax.loader.preLoad(...{json.dumps(COMPONENTS)})", *parts])


def without_menu(app, exception):
    folder = Path(app.outdir, "_static", "mathjax")
    if exception is None and app.builder.format == "html" and (folder / "startup.js").exists():
        (folder / MATHJAX).write_text(mathjax(folder), encoding="utf-8")
        kept = [folder / MATHJAX, *(folder / name for name in BESIDE)]
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            if not any(path.is_relative_to(one) for one in kept):
                path.unlink()


def without_search(app, exception):
    if exception is None and app.builder.format == "html":
        for page in Path(app.outdir).rglob("*.html"):
            if page.name != "search.html":
                text = page.read_text(encoding="utf-8")
                shorter = SEARCH.sub("", text)
                if shorter != text:
                    page.write_text(shorter, encoding="utf-8")


def setup(app):
    app.connect("build-finished", thin)
    app.connect("build-finished", without_menu)
    app.connect("build-finished", without_search)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
