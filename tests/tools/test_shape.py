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
    assert list(shape.missing_parts(lesson(short, code=""), recap=True)) == []
    assert len(list(shape.missing_parts(lesson("# Recap"), recap=True))) == 5


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


LONG = "Four curves fall; the one of Adam falls first, that of SGD last."


@pytest.mark.parametrize(
    "pictures, metadata, complaint",
    [
        (1, {}, "mystnb.image.alt is ''"),
        (1, {"mystnb": {"image": {"alt": "A plot."}}}, "'A plot.'"),
        (2, {"mystnb": {"image": {"alt": LONG}}}, "2 pictures"),
        (1, {"mystnb": {"image": {"alt": LONG}}}, None),
        (1, {"tags": ["remove-cell"]}, None),
        (1, {"tags": ["remove-output"]}, None),
        (0, {}, None),
    ],
)
def test_every_picture_on_the_page_needs_alt_text(pictures, metadata, complaint):
    nb = lesson()
    nb.cells[-1].metadata = nbformat.from_dict(metadata)
    nb.cells[-1].outputs = [new_output("display_data", {"image/png": ""})] * pictures
    sentences = list(shape.without_alt_text(nb))
    assert len(sentences) == (complaint is not None)
    assert all(complaint in sentence for sentence in sentences)
