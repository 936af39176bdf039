"""Every lesson has its parts, describes its figures, and claims what was asked again and held."""

from tools import claims, notebooks, shape, typed


def test_lesson_has_the_shape_of_a_lesson(lesson):
    nb = notebooks.read(lesson)
    assert list(shape.missing_parts(nb)) == []


def test_nothing_waits_for_its_author(executed):
    assert list(shape.unfinished(notebooks.read(executed))) == []


def test_only_timings_and_gpu_cells_go_unchecked(executed):
    assert list(shape.unexplained(notebooks.read(executed))) == []


def test_every_figure_has_alt_text(published):
    assert list(shape.without_alt_text(notebooks.read(published))) == []


def test_what_answers_a_prediction_is_hidden_with_it(lesson):
    assert list(shape.unhidden_answers(notebooks.read(lesson))) == []


def test_no_number_is_typed_where_the_runs_belongs(published):
    assert typed.typed(notebooks.read(published)) == []


def test_every_claim_was_asked_with_other_seeds_and_held(published):
    found, known, stale = claims.state(published)
    assert [f"cell {claim.cell} was changed since it was asked: run make claims" for claim in stale] == []
    assert claims.weak(known) == []
    assert len(known) == len(found)


def test_the_page_of_claims_is_what_is_stored():
    assert claims.PAGE.read_text(encoding="utf-8") == claims.page(claims.lessons()), "run make claims"
