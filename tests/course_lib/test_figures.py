"""Figures and tables: labels stand apart, looks differ, what is shown is sharp and described."""

import base64
import io
import itertools

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
from PIL import Image  # noqa: E402

from course_lib import legibility, plotting  # noqa: E402
from course_lib.landscapes import ravine  # noqa: E402
from course_lib.tables import table  # noqa: E402


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_labels_at_line_ends_do_not_cover_each_other():
    _, ax = plt.subplots()
    lines = {"SGD": [1, 1.0], "Momentum": [1, 1.001], "Adam": [1, 0.999], "RMSProp": [1, 1.0]}
    plotting.curves(lines, ax, log=False)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert {text.get_text() for text in ax.texts} == set(lines)
    for a, b in itertools.combinations(boxes, 2):
        assert not a.overlaps(b)


@pytest.mark.usefixtures("styled")
def test_labels_stand_at_the_ends_also_where_the_axes_changed_later(shown):
    _, ax = plt.subplots()
    plotting.curves({"SGD": [1, 1e-1], "Adam": [1, 1e-2]}, ax)
    ax.set(ylim=(1e-8, 1e3), title="A title\nof two lines", xlabel="updates")
    plotting.show(ax.figure, alt=ALT)
    for line, text in zip(ax.get_lines(), ax.texts, strict=True):
        end = ax.transData.transform(line.get_xydata()[-1])[1]
        box = text.get_window_extent()
        assert (box.y0 + box.y1) / 2 == pytest.approx(end, abs=3)


def test_labels_follow_the_order_of_the_ends():
    _, ax = plt.subplots()
    plotting.curves({"SGD": [1, 3.0], "Adam": [1, 2.0], "Momentum": [1, 1.0]}, ax, log=False)
    heights = {text.get_text(): text.get_window_extent().y0 for text in ax.texts}
    assert heights["SGD"] > heights["Adam"] > heights["Momentum"]


def test_every_optimizer_looks_different_also_in_greyscale():
    names = ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam", "AMSGrad", "AdamW", "RAdam"]
    looks = [plotting.look(name) for name in names]
    assert len({look.color for look in looks}) == len(names)
    assert len({(look.dash, look.marker) for look in looks}) == len(names)
    assert plotting.look("Adam, lr=0.1") == plotting.look("Adam")


def _linear(color):
    c = np.array(matplotlib.colors.to_rgb(color))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def _lab(linear):
    """CIELAB, in which a distance of 2 or 3 is just seen."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    t = np.array(to_xyz) @ np.clip(linear, 0, 1) / (0.9505, 1, 1.089)
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


#: What is left of linear red, green and blue: Machado, Oliveira & Fernandes 2009, severity 1.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deuteranopia": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
    "tritanopia": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
}
MAIN = ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam"]


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("names, least", [(MAIN, 13), (list(plotting._LOOKS), 6.5)], ids=["main", "all"])
def test_every_vision_tells_the_colours_apart(vision, names, least):
    shown = {
        plotting.look(name).color: _lab(VISIONS[vision] @ _linear(plotting.look(name).color))
        for name in names
    }
    for a, b in itertools.combinations(shown, 2):
        assert np.linalg.norm(shown[a] - shown[b]) >= least, (a, b)


@pytest.mark.parametrize("look", [*plotting._LOOKS.values(), *plotting._SPARE], ids=lambda look: look.color)
def test_every_colour_is_dark_enough_for_white_paper(look):
    assert legibility.contrast(look.color) >= 3


def test_batch_sizes_look_different_also_in_greyscale():
    looks = [plotting.look(name) for name in ("Full batch", "Mini-batch, 10", "Single example")]
    assert len({look.color for look in looks}) == len({look.dash for look in looks}) == 3
    assert len({look.marker for look in looks}) == 3
    assert not set(looks) & set(plotting._SPARE)


def test_bands_show_the_median_and_the_middle_half():
    ax = plotting.bands({"SGD": [[1.0, 2.0], [3.0, 4.0], [8.0, 9.0]]}, log=False, labels=False)
    assert ax.get_lines()[0].get_ydata().tolist() == [3.0, 4.0]
    (band,) = ax.collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert heights.min() == 2.0 and heights.max() == 6.5


def test_trajectories_mark_start_and_minimum():
    path = [(-9.0, 1.5), (-5.0, 0.5), (-1.0, 0.1)]
    ax = plotting.trajectories(ravine(), {"SGD": path})
    points = [tuple(line.get_xydata()[0]) for line in ax.get_lines() if len(line.get_xdata()) == 1]
    assert (-9.0, 1.5) in points and (0.0, 0.0) in points
    assert ax.get_xlim() == (-10.0, 2.0) and [text.get_text() for text in ax.texts] == ["SGD"]


ALT = "One black line, from which a reader learns that three is more than two."


@pytest.fixture
def styled():
    with plt.rc_context(plotting.STYLE):
        yield


@pytest.fixture
def shown(monkeypatch):
    """What was displayed: (PNG bytes, what is stored about it) of each."""
    outputs = []

    def display(image):
        png, about = image._repr_png_()
        outputs.append((base64.b64decode(png), about))

    monkeypatch.setattr(plotting, "display", display)
    return outputs


def line(**size):
    fig, ax = plt.subplots(**size)
    ax.plot([1, 3, 2], color="black")
    return fig


@pytest.mark.usefixtures("styled")
@pytest.mark.parametrize("size, pixels", [({}, (594, 385)), ({"figsize": (4.437, 7.951)}, (488, 875))])
def test_a_figure_is_shown_with_two_pixels_for_one_and_with_its_words(shown, size, pixels):
    plotting.show(line(**size), alt=ALT)
    ((png, about),) = shown
    wide, high = pixels
    assert Image.open(io.BytesIO(png)).size == (2 * wide, 2 * high)
    assert about == {"alt": ALT, "width": wide, "height": high}
    assert plt.get_fignums() == []


@pytest.mark.usefixtures("styled")
def test_the_same_figure_is_the_same_picture():
    assert plotting.png(line()) == plotting.png(line())
    picture = Image.open(io.BytesIO(plotting.png(line())))
    assert not picture.info.keys() & {"Software", "Creation Time"}


@pytest.mark.usefixtures("styled")
def test_few_colours_show_the_same_picture(monkeypatch):
    """Bands over each other and a colour map have more than 256 colours. The white paper stays white."""
    stored = []
    for quantize in (Image.Image.quantize, lambda pixels, *_, **__: pixels):
        monkeypatch.setattr(Image.Image, "quantize", quantize)
        fig, (left, right) = plt.subplots(1, 2, figsize=(5.4, 2.5))
        values = np.random.default_rng(0).uniform(1, 2, (4, 8, 30))
        plotting.bands(dict(zip(MAIN, values, strict=False)), left, log=False, labels=False)
        right.imshow(np.add.outer(np.sin(np.arange(90) / 9), np.arange(90) / 50), cmap="inferno")
        stored.append(Image.open(io.BytesIO(plotting.png(fig))).convert("RGB"))
    assert [len(pixels.getcolors(1 << 24)) > 256 for pixels in stored] == [False, True]
    few, many = (np.asarray(pixels).astype(int) for pixels in stored)
    assert ((few - many) ** 2).mean() ** 0.5 < 2.5 and abs(few - many).max() < 25
    assert (few[(many == 255).all(axis=2)] == 255).all()


@pytest.mark.usefixtures("styled")
def test_powers_of_ten_are_written_in_full_size(shown):
    fig, (ax, near) = plt.subplots(2, 1)
    ax.plot([1e-7, 1e6], [1, 2], color="black")
    ax.set(xscale="log", xticks=[1e-7, 1e-4, 1e-3, 1e-1, 1, 1e4, 1e5])
    near.plot([1, 2], [1.5, 4], color="black")
    near.set(yscale="log")
    plotting.show(fig, alt=ALT)
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels == ["1e-7", "1e-4", "0.001", "0.1", "1", "10000", "1e5"]
    between = [label.get_text() for label in near.get_yticklabels(minor=True)]
    assert "2" in between and "" in between  # not all: they would crowd


def test_the_numbers_of_a_symmetric_logarithmic_axis_have_their_sign():
    _, ax = plt.subplots()
    ax.plot([0, 1], [-1e6, 1e6], color="black")
    ax.set(yscale="symlog", yticks=[-1e6, -10, 0, 2e6])
    plotting._write_powers_plainly(ax)
    assert [label.get_text() for label in ax.get_yticklabels()][:3] == ["−1e6", "−10", "0"]


@pytest.mark.usefixtures("styled")
def test_an_authors_own_tick_labels_are_left_alone(shown):
    fig, ax = plt.subplots()
    ax.plot([1, 2], color="black")
    ax.set(yscale="log")
    ax.set_yticks([1, 2], ["one", "two"], minor=False)
    plotting.show(fig, alt=ALT)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "two"]


@pytest.mark.usefixtures("styled")
@pytest.mark.parametrize("alt", ["", "  ", "A plot.", "x" * 40, " " * 50 + "x"])
def test_a_figure_that_says_too_little_is_refused(shown, alt):
    with pytest.raises(ValueError, match="say in more than 40 characters what the figure shows"):
        plotting.show(line(), alt=alt)
    assert shown == []


@pytest.mark.usefixtures("styled")
def test_an_alt_text_is_one_line(shown):
    plotting.show(line(), alt="Black.\n" + ALT)
    assert shown[0][1]["alt"] == "Black. " + ALT


def test_only_figures_are_shown(shown):
    _, ax = plt.subplots()
    with pytest.raises(TypeError, match="not Axes: the figure of axes ax is ax.figure"):
        plotting.show(ax, alt=ALT)


@pytest.mark.usefixtures("styled")
def test_what_cannot_be_read_is_refused_with_all_that_is_wrong(shown):
    fig = line(figsize=(7.2, 4))
    fig.axes[0].text(0.5, 1, "faint", color="#E69F00", size=20)
    with pytest.raises(ValueError, match="it is 7.2 in wide.*; the text .* px high.*; the text 'faint'"):
        plotting.show(fig, alt=ALT)
    assert shown == []


def test_a_table_is_markdown_with_three_digits():
    shown = table(["name", "value"], [["a|b", 0.123456], ["c", 7]])
    assert shown.data == "| name | value |\n| --- | --- |\n| a\\|b | 0.123 |\n| c | 7 |"
    with pytest.raises(ValueError, match="1 entries, the table 2 columns"):
        table(["name", "value"], [["alone"]])
