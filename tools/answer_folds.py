"""A Sphinx extension: the fold around what answers a prediction says what is inside, and so do all others.

myst-nb gives a cell one pair of prompts for its code and its output, and tells people who listen
that each fold is "Toggle hidden content".
"""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxTranslator

SHOW, HIDE = "Show what happens", "Hide what happens"


class NameAnswers(SphinxPostTransform):
    """Give the folds of cells tagged `answer` their own words, and the class by which the page knows them."""

    default_priority = 200  # myst-nb makes the folds at 199
    formats = ("html",)

    def run(self, **kwargs):
        for cell in self.document.findall(_is_answer):
            own = cell["cell_metadata"].get("mystnb", {})
            for fold in cell.findall(HideCodeCellNode):
                if any(child.get("nb_element") == "cell_code_output" for child in fold.children):
                    fold["classes"].append("answer")
                    fold["prompt_show"] = own.get("code_prompt_show", SHOW)
                    fold["prompt_hide"] = own.get("code_prompt_hide", HIDE)
                else:  # the code alone: the cell's own words are for its output
                    fold["prompt_show"] = self.config.nb_code_prompt_show.format(type="source")
                    fold["prompt_hide"] = self.config.nb_code_prompt_hide.format(type="source")


def _is_answer(node):
    return isinstance(node, nodes.container) and "tag_answer" in node["classes"]


def visit_fold(self: SphinxTranslator, node: HideCodeCellNode):
    """As myst-nb does it, but named by the words that one sees."""
    self.body.append(f'<details class="{" ".join(["admonition", "hide", *node["classes"]])}">\n<summary>\n')
    for state, words in (("collapsed", node["prompt_show"]), ("expanded", node["prompt_hide"])):
        self.body.append(f'<p class="{state} admonition-title">{self.encode(words)}</p>\n')
    self.body.append("</summary>\n")


def setup(app):
    app.setup_extension("myst_nb")
    app.add_post_transform(NameAnswers)
    app.add_node(HideCodeCellNode, override=True, html=(visit_fold, depart_HideCellInput))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
