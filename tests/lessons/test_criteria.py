"""No page teaches again what a review found to be no criterion.

A difference is shown by pairs: by the mean of the paired differences and its standard error. The band of a
figure widens with each seed, so whether two bands overlap says nothing about it.
"""

import re

import pytest

from tools import notebooks
from tools.lessons import ROOT

OVERLAP = re.compile(
    r"\bdifferences?\b[^.]*\b(?:lies?|is|are) (?:with)?in(?:side)? (?:it|(?:the|their|its) (?:band|range))"
    r"|\b(?:bands?|ranges?)\b[^.]*\boverlap|\boverlap\w*[^.]*\b(?:bands?|ranges?)\b",
    re.IGNORECASE,
)
DENIED = re.compile(r"\b(?:proves? nothing|do(?:es)? not prove|may (?:still )?be better|says? nothing)\b")


def misjudged(text):
    """The sentences that judge a difference by a band."""
    sentences = re.split(r"(?<=[.!?:])\s+", re.sub(r"\s+", " ", text))
    return [s for s in sentences if OVERLAP.search(s) and not DENIED.search(s)]


def pages():
    files = [ROOT / "intro.md", *ROOT.glob("chapters/**/*"), *ROOT.glob("solutions/*/*.ipynb")]
    files += ROOT.glob("course_lib/*.py")
    return sorted(f for f in files if f.suffix in (".md", ".ipynb", ".py") and "kept" not in f.parts)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_judges_a_difference_by_a_band(page):
    if page.suffix == ".ipynb":
        text = "\n\n".join(c.source for c in notebooks.read(page).cells if c.cell_type == "markdown")
    else:
        text = page.read_text(encoding="utf-8")
    found = misjudged(text)
    assert not found, f"pairs show a difference, not bands (course_lib.compare.paired): {found}"


@pytest.mark.parametrize(
    "sentence",
    [
        "A difference that lies within it has not been shown.",
        "Say so when a difference lies within their band.",
        "1 or 10? Their bands overlap: no difference was shown.",
    ],
)
def test_such_a_sentence_is_found(sentence):
    assert misjudged(sentence + " The loss falls.")


@pytest.mark.parametrize(
    "sentence",
    [
        "It proves nothing about a difference: where two bands overlap, one optimizer may still be better.",
        "Overlapping ranges do not prove that there is no difference.",
        "The difference is in the sign.",
    ],
)
def test_other_sentences_are_not(sentence):
    assert not misjudged(sentence)
