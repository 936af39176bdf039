"""Whatever a hand-in holds, it is graded or refused in one sentence: it stops nobody else's grading."""

import copy
import json
import os
import string

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_course import SLUG, answered, hand_in, make_course

from tools import exercises, notebooks, submissions
from tools.submissions import Damaged, Ungraded, prepare

ANY_TEXT = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["\ud800", "\0", "nbgrader", "test_double"]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    return nbformat.reads(exercises.made_from_solutions([SLUG], root)[SLUG], as_version=4)


def places(value, place=()):
    """The paths of all values inside of a JSON value."""
    yield place
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*place, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from places(one, (*place, number))


def with_value(whole, place, value):
    if not place:
        return value
    whole = copy.deepcopy(whole)
    inner = whole
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return whole


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_in_any_place_is_graded_or_refused(data, released):
    whole = json.loads(nbformat.writes(answered(released)))
    spoiled = with_value(whole, data.draw(st.sampled_from(list(places(whole)))), data.draw(ANY_JSON))
    try:
        nb, _ = prepare(json.dumps(spoiled).encode(), released)
    except (Damaged, notebooks.NotebookError) as refused:
        said = str(Ungraded("ada", SLUG, str(refused)))
        assert said.isprintable() and said.encode("utf-8") and len(said) < 600
    else:
        nbformat.validate(nb)
        graded = [name for name in map(submissions.grade_id, nb.cells) if name and name.startswith("test_")]
        assert sorted(graded) == ["test_double", "test_half_1", "test_half_2"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.binary(max_size=200) | st.text(string.printable, max_size=50).map(str.encode))
def test_any_bytes_are_refused(junk, released):
    with pytest.raises((Damaged, notebooks.NotebookError)):
        prepare(junk, released)


def test_depth_and_size_are_refused_in_a_sentence(released, tmp_path, monkeypatch):
    path = tmp_path / f"{SLUG}.ipynb"
    path.write_text("[" * 100_000 + "]" * 100_000)
    with pytest.raises((Damaged, notebooks.NotebookError)):
        prepare(submissions.content(path), released)
    monkeypatch.setattr(submissions, "MOST_BYTES", 10)
    with pytest.raises(Damaged, match="clear its outputs"):
        submissions.content(path)


def test_what_is_no_file_of_its_own_is_not_read(tmp_path):
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name in ("nowhere", "folder", "link", "pipe"):
        with pytest.raises(Damaged):
            submissions.content(tmp_path / f"{name}.ipynb")


def test_an_odd_name_of_a_folder_is_listed_in_letters_that_print(released, tmp_path):
    hand_in(tmp_path, "ada", released)
    (tmp_path / "ada" / "odd\nname").mkdir()
    _, ungraded = submissions.find(tmp_path, [], [SLUG])
    assert [str(one) for one in ungraded] == [
        "ada, odd name: there is no assignment of this name. Rename it."
    ]
