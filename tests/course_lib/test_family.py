"""The family tree: whole, in order, and drawn with every name inside the picture."""

import matplotlib.pyplot as plt
import pytest

from course_lib import optim
from course_lib.family import FAMILY, family_tree


def test_every_optimizer_of_the_library_is_in_the_family():
    known = {name.lower() for name in FAMILY}
    others = {"RuleOptimizer", "SGDScheduleFree", "AdamWScheduleFree"}
    assert {name.lower() for name in set(optim.__all__) - others} <= known
    assert "Schedule-Free" in FAMILY


def test_parents_stand_before_their_children():
    seen = []
    for member in FAMILY.values():
        assert set(member.parents) <= set(FAMILY)
        assert all(parent in seen for parent in member.parents), member
        seen.append(member.name)


def test_nobody_is_older_than_a_parent():
    for member in FAMILY.values():
        for parent in member.parents:
            # RAdam, of 2020 in print, was public in 2019.
            assert FAMILY[parent].year <= member.year or (member.name, parent) == ("Ranger", "RAdam")


@pytest.mark.parametrize("names", [None, ["Adam", "SGD", "Momentum"], ["Muon"]])
def test_the_tree_shows_who_was_asked_for(names):
    ax = family_tree(names)
    shown = {text.get_text() for text in ax.texts}
    expected = set(FAMILY if names is None else names)
    assert expected == shown & set(FAMILY)
    ax.figure.canvas.draw()
    width = ax.figure.bbox.width
    assert all(text.get_window_extent().x1 <= width for text in ax.texts), "a label leaves the picture"
    plt.close(ax.figure)


@pytest.mark.parametrize("names", [[], ["Adam", "Atom"]])
def test_strangers_are_refused(names):
    with pytest.raises(ValueError, match="must be some of SGD"):
        family_tree(names)
