"""The map of a part: every concept with its lesson, joined as asked, readable, and the same in words."""

import matplotlib.pyplot as plt
import pytest

from course_lib import plotting
from course_lib.concept_map import concept_map, map_in_words

VERBS = {
    ("predict", "ŷ = Xθ"): [("1.2", "with", "a line"), ("1.3", "for", "a batch of B")],
    ("update", "θ ← θ − η g"): [("1.3", "down to", "a noise floor")],
}
COLORS = {"1.2": "#0065A0", "1.3": "#B34E00"}


def heights(fig):
    """Where each text stands, in inches from the top."""
    return {text.get_text(): -text.get_position()[1] for text in fig.axes[0].texts}


def test_every_verb_and_every_concept_is_drawn_with_its_lesson_and_word():
    fig = concept_map(VERBS, COLORS)
    shown = [text.get_text() for text in fig.axes[0].texts]
    assert [shown.count(lesson) for lesson in ("1.2", "1.3")] == [1, 2]
    for words in ("predict", "ŷ = Xθ", "update", r"$\it{with}$ a line", r"$\it{down\ to}$ a noise floor"):
        assert words in shown
    plt.close(fig)


def test_verbs_and_concepts_stand_in_their_order_and_inside_of_the_figure():
    fig = concept_map(VERBS, COLORS)
    at = heights(fig)
    high = fig.get_size_inches()[1]
    assert 0 < at["predict"] < at["update"] < high
    assert at[r"$\it{with}$ a line"] < at[r"$\it{for}$ a batch of B"] < at[r"$\it{down\ to}$ a noise floor"]
    # Two verbs, three concepts: each row 0.4, each verb 0.1 and a gap of 0.12, and 0.05 on top.
    assert high == pytest.approx(0.05 + 3 * 0.4 + 2 * 0.22)
    plt.close(fig)


@pytest.mark.parametrize(
    "start, end, down", [("a batch", "a noise floor", True), ("a noise", "a line", False)]
)
def test_a_thread_leads_from_the_one_concept_to_the_other_in_the_colour_of_its_start(start, end, down):
    fig = concept_map(VERBS, COLORS, [(4.5, start, end, "leaves", -1.0)])
    ax = fig.axes[0]
    (line,) = (one for one in ax.get_lines() if max(one.get_xdata()) == 4.5)
    rows = {text.get_text().split("$ ")[-1]: text.get_position()[1] for text in ax.texts}
    first, *_, last = line.get_ydata()
    where = {name: at for name, at in rows.items()}
    begins = next(at for name, at in where.items() if name.startswith(start))
    arrives = next(at for name, at in where.items() if name.startswith(end))
    assert first == pytest.approx(begins - 0.05) and last == pytest.approx(arrives + 0.05)
    assert (last < first) == down
    assert line.get_color() == COLORS["1.3"]
    assert "leaves" in [text.get_text() for text in ax.texts]
    plt.close(fig)


def test_the_map_can_be_read_by_all():
    with plt.rc_context(plotting.STYLE):
        assert plotting.png(concept_map(VERBS, COLORS, [(4.5, "a batch", "a noise", "leaves", -1.0)]))


def test_the_words_say_what_the_map_shows():
    assert map_in_words(VERBS) == (
        "predict: with a line (1.2), for a batch of B (1.3); update: down to a noise floor (1.3)"
    )


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="'update' has no concepts"):
        concept_map({("predict", "ŷ"): VERBS["predict", "ŷ = Xθ"], ("update", "θ"): []}, COLORS)
    with pytest.raises(ValueError, match="'a line' belongs to lesson 1.2, which has no colour"):
        concept_map(VERBS, {"1.3": "black"})
    with pytest.raises(ValueError, match="the thread 'leaves' leads to no concept that starts with 'a hill'"):
        concept_map(VERBS, COLORS, [(4.5, "a batch", "a hill", "leaves", -1.0)])
    assert plt.get_fignums() == []
