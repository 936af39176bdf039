"""What hinders a reader is found, with a remedy that helps; what does not is left alone."""

import re

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
import pytest  # noqa: E402
from matplotlib.patches import Rectangle  # noqa: E402

from course_lib import legibility, plotting  # noqa: E402


@pytest.fixture(autouse=True)
def style():
    with plt.rc_context(plotting.STYLE):
        yield
    plt.close("all")


def figure(width=5.4, **changes):
    fig, ax = plt.subplots(figsize=(width, 3))
    ax.plot([1, 2, 3], color="black")
    ax.set(xlabel="updates", ylabel="loss", title="It falls", **changes)
    return fig, ax


def objection(fig):
    (sentence,) = legibility.objections(fig)
    return sentence


def test_a_figure_in_the_courses_style_is_legible():
    assert legibility.objections(figure()[0]) == []


@pytest.mark.parametrize("colors, ratio", [("wk", 21), ("kw", 21), (("#767676", "white"), 4.54), ("rr", 1)])
def test_contrast_is_the_wcags(colors, ratio):
    """The three that everybody quotes: black on white, the lightest grey for text, and a colour on itself."""
    assert legibility.contrast(*colors) == pytest.approx(ratio, abs=0.005)


# --- size ---


@pytest.mark.parametrize("width, least", [(5.4, 10.42), (4.4, 8.49), (6.25, 12.06), (2.0, 5.9)])
def test_text_has_nine_pixels_on_a_phone(width, least):
    """A figure is scaled down to the 336 pixels that the phone leaves, but a small one is not scaled up."""
    pixels = least / 72 * min(336 / width, 110)
    assert 9 <= pixels < 9.02
    with plt.rc_context({"font.size": least, "axes.titlesize": 13, "axes.labelsize": 13}):
        fig, ax = figure(width)
        ax.set(title="", xlabel="", ylabel="")  # the smallest are the numbers at the ticks
        assert legibility.objections(fig) == []
        ax.tick_params(labelsize=least - 0.1)
        assert "px high on a phone, but 9 px are needed" in objection(fig)


def test_each_of_the_two_remedies_for_small_text_helps():
    fig, ax = figure()
    note = ax.text(1, 2, "a small note", size=8)
    sentence = objection(fig)
    assert "the text 'a small note' is 6.9 px high" in sentence
    remedies = re.search(r"make it ([\d.]+) pt .* the figure ([\d.]+) in wide", sentence)
    size, width = map(float, remedies.groups())
    note.set_size(size)
    assert legibility.objections(fig) == []
    note.set_size(8)
    fig.set_figwidth(width)
    assert legibility.objections(fig) == []
    fig.set_figwidth(width + 0.02)
    assert objection(fig)


def test_only_the_smallest_text_is_named():
    fig, ax = figure()
    ax.text(1, 2, "small", size=8)
    ax.text(1, 2.5, "smaller", size=7)
    assert "'smaller'" in objection(fig)


@pytest.mark.parametrize("words", ["$10^{-3}$", "$w_0$", r"$\frac{1}{2}$"])
def test_raised_and_lowered_signs_are_measured_too(words):
    fig, ax = figure()
    ax.text(1, 2, words)
    assert "the raised or lowered sign in" in objection(fig)
    ax.texts[0].set_size(15)
    assert legibility.objections(fig) == []


def test_what_is_not_drawn_is_not_measured():
    fig, ax = figure()
    ax.text(1, 2, "tiny", size=3, visible=False)
    ax.text(1, 2, "", size=3)
    ax.tick_params(labelsize=3)
    ax.axis("off")
    assert legibility.objections(fig) == []


def test_a_legend_is_measured():
    fig, ax = figure()
    ax.plot([3, 2, 1], color="black", label="SGD")
    ax.legend(fontsize=7)
    assert "'SGD' is 6.0 px high" in objection(fig)


def test_a_figure_fits_the_pages_column():
    fig, ax = figure(688 / 110)
    ax.set(title="", xlabel="", ylabel="")
    ax.axis("off")
    assert legibility.objections(fig) == []
    fig.set_figwidth(6.4)
    assert "it is 6.4 in wide, but a page's column holds 6.25 in" in objection(fig)


# --- contrast ---


def test_text_stands_out_from_what_lies_behind_it():
    fig, ax = figure(facecolor="black")
    ax.lines[0].set_color("white")
    note = ax.text(1, 2, "a note", color="white")
    assert legibility.objections(fig) == []
    note.set_color("#404040")
    assert "the text 'a note' has a contrast of 2.0" in objection(fig)
    ax.add_patch(Rectangle((0.5, 1.8), 1.5, 0.7, color="white"))
    assert legibility.objections(fig) == []


@pytest.mark.parametrize(
    "change, fine",
    [
        ({"color": "#E69F00"}, False),
        ({"color": "#949494"}, True),  # 3.03
        ({"color": "#979797"}, False),  # 2.93
        ({"color": "black", "alpha": 0.3}, False),
        ({"color": "black", "alpha": 0.6}, True),
        ({"color": "white", "bbox": {"facecolor": "black"}}, True),
        ({"color": "white"}, False),
    ],
    ids=str,
)
def test_text_may_not_be_too_faint(change, fine):
    fig, ax = figure()
    ax.text(0.2, 2.6, "two\nlines", **change)
    found = legibility.objections(fig)
    assert (found == []) == fine
    assert all(re.match(r"the text '(two|lines)' has a contrast of \d\.\d\d", sentence) for sentence in found)


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax, **look: ax.plot([1, 2], **look),
        lambda ax, **look: ax.plot([1, 2], "o", **look),
        lambda ax, **look: ax.scatter([1, 2], [1, 2], **look),
        lambda ax, **look: ax.bar([0, 1], [1, 2], **look),
        lambda ax, **look: ax.fill_between([0, 1], [1, 2], **look),
        lambda ax, **look: ax.errorbar([0, 1], [1, 2], [0.1, 0.1], **look),
    ],
    ids=["line", "marks", "points", "bars", "area", "errorbars"],
)
def test_what_is_named_by_its_colour_stands_out(draw):
    for look, fine in [
        ({"color": "#E69F00", "label": "SGD"}, False),
        ({"color": "#E69F00"}, True),
        ({"color": "#D55E00", "label": "SGD"}, True),
        ({"color": "black", "alpha": 0.3, "label": "SGD"}, False),
    ]:
        fig, ax = plt.subplots()
        draw(ax, **look)
        found = legibility.objections(fig)
        assert (found == []) == fine, look
        assert all("what is labelled 'SGD' has a contrast of" in sentence for sentence in found)


def test_a_dark_edge_is_enough():
    fig, ax = figure()
    ax.plot([1, 2], "o", mfc="white", mec="black", label="start")
    assert legibility.objections(fig) == []
    ax.lines[-1].set_markeredgecolor("#DDDDDD")
    assert "labelled 'start'" in objection(fig)


# --- whole ---


def test_a_text_that_leaves_the_figure_is_named():
    fig, ax = figure()
    ax.set_title("A title that says far more than a figure of this width has room for")
    assert re.search(r"the text 'A title .*' is cut off: .* by \d+ px at the right", objection(fig))
    ax.set_title("A title that says far more than\na figure of this width has room for")
    assert legibility.objections(fig) == []


@pytest.mark.parametrize(
    "x, y, rotation, side",
    [(-0.1, 0.5, 0, "left"), (0.5, 1.05, 0, "top"), (0.5, -0.1, 0, "bottom"), (0.5, 0.9, 90, "top")],
)
def test_each_side_is_looked_at(x, y, rotation, side):
    fig, _ = figure()
    fig.text(x, y, "some words", rotation=rotation)
    assert f"at the {side}" in objection(fig)
    fig.texts[0].set(x=0.5, y=0.5, rotation=0)
    assert legibility.objections(fig) == []


def test_an_annotation_whose_point_is_outside_of_the_axes_is_named_as_matplotlib_leaves_it_out():
    fig, ax = figure(ylim=(0, 3))
    note = ax.annotate("the peak\nis here", (1, 4))
    assert "the text 'the peak' is not drawn: the point that it belongs to lies outside" in objection(fig)
    ax.set_ylim(0, 5)
    assert legibility.objections(fig) == []
    ax.set_ylim(0, 3)
    note.set_visible(False)
    assert legibility.objections(fig) == []


def test_a_text_that_is_meant_to_be_cut_may_be():
    fig, ax = figure()
    ax.text(-3, 2, "far outside", clip_on=True)
    assert legibility.objections(fig) == []
