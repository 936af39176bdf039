"""A Sphinx extension: each fold of a cell says what is inside, that around what answers a prediction, too.

myst-nb says "Show code cell source" of every cell, gives it one pair of prompts for its code and its output,
and tells people who listen that each fold is "Toggle hidden content".

Words that read such an answer out are folded, too: a paragraph below it that begins "What do you see?".
"""

import re

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxTranslator

ANSWER = "what happens"
READING = "What do you see?"
MOST = 3  # names of a cell's functions that its fold says


class NameFolds(SphinxPostTransform):
    """Give each fold of a cell its words, and the answers the class by which the page knows them.

    A cell that has words of its own (`code_prompt_show`) keeps them; an answer does for what it shows.
    """

    default_priority = 200  # myst-nb makes the folds at 199
    formats = ("html",)

    def run(self, **kwargs):
        answered = []
        for cell in self.document.findall(_is_cell):
            own = cell["cell_metadata"].get("mystnb", {})
            is_answer = "tag_answer" in cell["classes"]
            for fold in cell.findall(HideCodeCellNode):
                shows = _has(fold, "cell_code_output")
                if is_answer and shows:
                    fold["classes"].append("answer")
                    answered.append(cell)
                words = ANSWER if is_answer and shows else _inside(cell, fold)
                keeps = own if shows or not is_answer else {}
                fold["prompt_show"] = keeps.get("code_prompt_show", f"Show {words}")
                fold["prompt_hide"] = keeps.get("code_prompt_hide", f"Hide {words}")
        for cell in answered:
            if parts := _reading(cell):
                place = Reading()
                cell.parent.insert(cell.parent.index(cell) + 1, place)
                for part in parts:
                    part.parent.remove(part)
                parts[0].remove(_lead(parts[0]))  # its first words are the fold's
                place.extend(parts)


class Reading(nodes.General, nodes.Element):
    """What a reader is to see in a folded answer: its words, in a fold."""


def _lead(paragraph):
    """The words in bold that a paragraph begins with, if it does."""
    first = next((child for child in paragraph if child.astext()), None)
    return first if isinstance(first, nodes.strong) else nodes.strong()


def _reading(cell):
    """The paragraph below a cell that reads it, and what belongs to it; nothing where there is none."""
    first, *others = cell.parent[cell.parent.index(cell) + 1 :] or [None]
    if not isinstance(first, nodes.paragraph) or _lead(first).astext() != READING:
        return []
    found = [first]
    for node in others:
        goes_on = isinstance(found[-1], nodes.math_block) and node.astext()[:1].islower()
        if not (goes_on or isinstance(node, nodes.math_block | nodes.bullet_list | nodes.enumerated_list)):
            break
        found.append(node)
    return found


def _is_cell(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def _has(node, element):
    return any(child.get("nb_element") == element for child in node.children)


def _inside(cell, fold):
    """What is in a fold, as the object of "Show …"."""
    if not _has(fold, "cell_code_source"):
        return "what it prints"
    if _has(fold, "cell_code_output"):
        return "the code and what it prints"
    if next(cell.findall(nodes.image), None):
        return "the code of this figure"
    if next(cell.findall(nodes.table), None):
        return "the code of this table"
    source = next(fold.findall(nodes.literal_block)).astext()
    if file := re.match(r"%%writefile (\S+)", source):
        return f"the file {file.group(1)}"
    names = re.findall(r"^(?:def|class) (\w+)", source, re.MULTILINE)
    if names and len(names) <= MOST:
        return f"the code of {' and '.join(', '.join(names).rsplit(', ', 1))}"
    return "the code that prints this" if _has(cell, "cell_code_output") else "the code"


def visit_fold(self: SphinxTranslator, node: HideCodeCellNode):
    """As myst-nb does it, but named by the words that one sees."""
    _open_fold(self, node["classes"], node["prompt_show"], node["prompt_hide"])


def _open_fold(self: SphinxTranslator, classes: list[str], show: str, hide: str):
    self.body.append(f'<details class="{" ".join(["admonition", "hide", *classes])}">\n<summary>\n')
    for state, words in (("collapsed", show), ("expanded", hide)):
        self.body.append(f'<p class="{state} admonition-title">{self.encode(words)}</p>\n')
    self.body.append("</summary>\n")


def visit_reading(self: SphinxTranslator, node: Reading):
    """A fold in a cell, as those of answers are, so that the page's script treats it as one."""
    self.body.append('<div class="cell reading docutils container">\n')
    _open_fold(self, ["above-output", "answer"], READING, READING)


def depart_reading(self: SphinxTranslator, node: Reading):
    self.body.append("</details>\n</div>\n")


def setup(app):
    app.setup_extension("myst_nb")
    app.add_node(Reading, html=(visit_reading, depart_reading))
    app.add_post_transform(NameFolds)
    app.add_node(HideCodeCellNode, override=True, html=(visit_fold, depart_HideCellInput))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
