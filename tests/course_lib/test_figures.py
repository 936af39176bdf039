"""Figures and tables: labels stand apart, looks differ, tables are what they say."""

import itertools

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
import pytest  # noqa: E402

from course_lib import devices, plotting  # noqa: E402
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


def test_batch_sizes_look_different_also_in_greyscale():
    looks = [plotting.look(name) for name in ("Full batch", "Mini-batch, 10", "Single example")]
    assert len({look.color for look in looks}) == len({look.dash for look in looks}) == 3
    assert len({look.marker for look in looks}) == 3
    assert not set(looks) & set(plotting._SPARE)


def test_bands_show_median_and_range():
    ax = plotting.bands({"SGD": [[1.0, 2.0], [3.0, 4.0], [8.0, 9.0]]}, log=False, labels=False)
    assert ax.get_lines()[0].get_ydata().tolist() == [3.0, 4.0]
    (band,) = ax.collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert heights.min() == 1.0 and heights.max() == 9.0


def test_trajectories_mark_start_and_minimum():
    path = [(-9.0, 1.5), (-5.0, 0.5), (-1.0, 0.1)]
    ax = plotting.trajectories(ravine(), {"SGD": path})
    points = [tuple(line.get_xydata()[0]) for line in ax.get_lines() if len(line.get_xdata()) == 1]
    assert (-9.0, 1.5) in points and (0.0, 0.0) in points
    assert ax.get_xlim() == (-10.0, 2.0) and [text.get_text() for text in ax.texts] == ["SGD"]


def test_a_table_is_markdown_with_three_digits():
    shown = table(["name", "value"], [["a|b", 0.123456], ["c", 7]])
    assert shown.data == "| name | value |\n| --- | --- |\n| a\\|b | 0.123 |\n| c | 7 |"
    with pytest.raises(ValueError, match="1 entries, the table 2 columns"):
        table(["name", "value"], [["alone"]])


def test_devices(capsys, monkeypatch):
    assert devices.best().type in ("cpu", "cuda", "mps")
    assert "threads, torch" in devices.describe("cpu")
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert devices.gpu_or_skip("the timing") is False
    assert capsys.readouterr().out == "No GPU here. Skipped: the timing.\n"
