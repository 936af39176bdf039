"""The checks of a lesson's shape let a whole lesson pass, and name each part that is taken away."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tools import shape

WHOLE = """# Optimizers

You will see why one rate is not enough.

*Reading time* 40 min · *run time* 30 s · *you need* lesson 2.7 · *assignment* `3_1_optimizers`
---
## Predict: which one wins?
---
:::{admonition} Predict first
What is Adam's first step?

- **A.** lr: …
- **B.** lr times g: …
- **C.** 3.16 lr: …
:::
---
## Recap
---
## Further reading
{cite}`kingma2015adam`"""


def lesson(text=WHOLE, code="assert 1 < 2"):
    cells = [new_markdown_cell(part, id=f"part-{n}") for n, part in enumerate(text.split("\n---\n"))]
    return nbformat.v4.new_notebook(cells=[*cells, new_code_cell(code, id="claim")])


def test_a_whole_lesson_lacks_nothing():
    assert list(shape.missing_parts(lesson())) == []


@pytest.mark.parametrize(
    "part, instead, complaint",
    [
        ("# Optimizers", "Optimizers", "title"),
        ("*Reading time*", "", "reading time"),
        ("*run time*", "", "run time"),
        ("*you need*", "", "you need"),
        ("*assignment*", "", "assignment"),
        ("## Predict", "## Ask", "two predictions"),
        ("} Predict first", "} Now", "two predictions"),
        ("- **C.** 3.16 lr: …", "", "multiple-choice"),
        ("## Recap", "Recap", "'Recap'"),
        ("## Further reading", "", "'Further reading'"),
        ("{cite}", "", "cites nothing"),
    ],
)
def test_each_missing_part_is_named(part, instead, complaint):
    assert part in WHOLE
    (sentence,) = shape.missing_parts(lesson(WHOLE.replace(part, instead)))
    assert complaint in sentence


def test_a_lesson_that_asserts_nothing_is_told_so():
    (sentence,) = shape.missing_parts(lesson(code="# assert 1 < 2"))
    assert "asserts nothing" in sentence


def test_a_recap_needs_title_promise_and_quiz_only():
    short = WHOLE.replace("## Recap", "").replace("## Further reading", "").replace("Predict", "Ask")
    recap, empty = lesson(short, code=""), lesson("# Recap")
    recap.cells[0].metadata = empty.cells[0].metadata = nbformat.from_dict({"tags": ["recap"]})
    assert list(shape.missing_parts(recap)) == []
    assert len(list(shape.missing_parts(empty))) == 5
    recap.cells[0].metadata = nbformat.from_dict({})
    assert len(list(shape.missing_parts(recap))) == 4


@pytest.mark.parametrize("source", ["# TODO: a run", "Words, and\n\n**TODO** more.", "f(x)  # TODO"])
def test_what_waits_for_its_author_is_found(source):
    nb = lesson()
    assert list(shape.unfinished(nb)) == []
    nb.cells[-1].source = source
    (sentence,) = shape.unfinished(nb)
    assert sentence.startswith("Cell claim is unfinished: ") and "TODO" in sentence


@pytest.mark.parametrize(
    "choices",
    [
        "1\n:::{dropdown} A. Up\nNo.\n:::\n:::{dropdown} B. It stays\n:::\n:::{dropdown} C. It shrinks\n:::",
        "<details><summary>A) x</summary></details>\n<details><summary>B) x</summary></details>\n"
        "<details><summary>C) x</summary></details>",
        "A. x\n\nB. x\n\nC. x",
    ],
)
def test_choices_may_be_written_in_several_ways(choices):
    text = WHOLE.replace("- **A.**", "-").replace("- **B.**", "-").replace("- **C.** 3.16 lr: …", choices)
    assert list(shape.missing_parts(lesson(text))) == []


@pytest.mark.parametrize(
    "source, tags, complaint",
    [
        ("x = 1", ["nbval-ignore-output"], "without a reason"),
        ("x = 1", ["nbval-skip"], "without a reason"),
        ("timing = 1", ["nbval-ignore-output"], "without a reason"),
        ("# NBVAL_SKIP\nx = 1", [], "NBVAL_SKIP"),
        ("#NBVAL_IGNORE_OUTPUT\nx = 1  # timing", [], "NBVAL_IGNORE_OUTPUT"),
        ("# A timing differs with each run.\nx = 1", ["nbval-ignore-output"], None),
        ("x = 1  # needs a GPU", ["nbval-skip", "remove-input"], None),
        ("x = 1", ["remove-cell"], None),
    ],
)
def test_output_goes_unchecked_only_with_a_reason(source, tags, complaint):
    nb = lesson()
    nb.cells[-1] = new_code_cell(source, id="claim", metadata={"tags": tags})
    sentences = list(shape.unexplained(nb))
    assert len(sentences) == (complaint is not None)
    assert all(re.search(complaint, sentence) for sentence in sentences)


ALT = "Four curves fall; the one of Adam falls first, that of SGD last."
SHOWN = {"alt": ALT, "width": 594, "height": 385}
OF_THE_CELL = {"mystnb": {"image": {"alt": ALT}}}


@pytest.mark.parametrize(
    "pictures, about, metadata, complaint",
    [
        (1, {}, {}, "let its last line be plotting.show(fig, alt=…)"),
        (1, {}, OF_THE_CELL, "let its last line be plotting.show(fig, alt=…)"),
        (1, {"alt": ALT}, OF_THE_CELL, "let its last line be plotting.show(fig, alt=…)"),
        (1, SHOWN, {}, "not the one in its metadata"),
        (1, SHOWN, {"mystnb": {"image": {"alt": ALT + " "}}}, "not the one in its metadata"),
        (2, SHOWN, OF_THE_CELL, "2 pictures"),
        (1, SHOWN, OF_THE_CELL, None),
        (1, {}, {"tags": ["remove-cell"]}, None),
        (1, {}, {"tags": ["remove-output"]}, None),
        (0, {}, {}, None),
    ],
)
def test_every_picture_on_the_page_says_what_it_shows(pictures, about, metadata, complaint):
    nb = lesson()
    nb.cells[-1].metadata = nbformat.from_dict(metadata)
    picture = new_output("display_data", {"image/png": ""}, metadata={"image/png": about} if about else {})
    nb.cells[-1].outputs = [picture] * pictures
    sentences = list(shape.without_alt_text(nb))
    assert len(sentences) == (complaint is not None)
    assert all(complaint in sentence for sentence in sentences)


FOLD = '<details class="{}"><summary>A. Up</summary>\n\nNo.\n\n</details>\n\n'
PREDICTION = "**Predict.** Up?\n\n" + FOLD.format("choice") + FOLD.format("choice right")


def words(source, id="ask", **metadata):
    return new_markdown_cell(source, id=id, metadata=metadata)


def run(*tags, id="run"):
    output = new_output("stream", text="Up.")
    return new_code_cell("x = 1", id=id, metadata={"tags": list(tags)}, outputs=[output])


@pytest.mark.parametrize(
    "cells, complaint",
    [
        ([words(PREDICTION), run("answer")], None),
        ([words(PREDICTION), run(), words("## A title", id="b"), run("answer", id="c")], None),
        ([words("No question.\n\n" + FOLD.format("solution")), run()], None),
        ([words(FOLD.format("predict alone")), run()], None),
        ([words(PREDICTION.replace('"choice"', '"choice alone"')), run()], None),
        ([words(PREDICTION), run()], "Cell ask asks for a prediction, and no cell"),
        ([words(PREDICTION), words(PREDICTION, id="again"), run("answer")], "Cell ask asks"),
        (
            [words(PREDICTION + "Now guess again.\n\n" + FOLD.format("predict")), run("answer")],
            "Cell ask asks",
        ),
        ([run("answer")], "Cell run is tagged answer, but no prediction stands before it"),
        (
            [words(FOLD.format("predict alone")), run("answer")],
            "Cell run is tagged answer, but the prediction",
        ),
        (
            [words(PREDICTION), run("answer"), run("answer", "remove-output", id="b")],
            "Cell b .* remove-output",
        ),
        ([words(PREDICTION), run("answer"), run("answer", "remove-cell", id="b")], "Cell b .* remove-cell"),
        (
            [words(PREDICTION), run("answer"), new_code_cell("x", id="b", metadata={"tags": ["answer"]})],
            "no output",
        ),
        (
            [words(PREDICTION), run("answer"), words("Up it is.", id="b", tags=["answer"])],
            "Cell b .* no code",
        ),
    ],
)
def test_what_answers_a_prediction_is_hidden_with_it(cells, complaint):
    sentences = list(shape.unhidden_answers(nbformat.v4.new_notebook(cells=cells)))
    assert len(sentences) == (complaint is not None), sentences
    assert all(re.search(complaint, sentence) for sentence in sentences)


def test_neighbouring_folds_are_one_prediction():
    """Also where one has the answer's reason and the others are the choices."""
    source = (
        PREDICTION + FOLD.format("predict") + "And down?\n\n" + FOLD.format("myth") + FOLD.format("choice")
    )
    assert shape.predictions(source) == [{"choice", "right", "predict"}, {"choice"}]
