"""Every lesson has its parts, hides nothing from nbval without a reason, and describes its figures."""

from tools import notebooks, shape


def test_lesson_has_the_shape_of_a_lesson(lesson):
    nb = notebooks.read(lesson)
    assert list(shape.missing_parts(nb, recap=lesson.stem in shape.RECAPS)) == []


def test_only_timings_and_gpu_cells_go_unchecked(executed):
    assert list(shape.unexplained(notebooks.read(executed))) == []


def test_every_figure_has_alt_text(executed):
    assert list(shape.without_alt_text(notebooks.read(executed))) == []
