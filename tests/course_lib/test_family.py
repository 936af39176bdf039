"""The family tree: whole, in order, and drawn with every name inside the picture."""

import matplotlib.pyplot as plt
import pytest

from course_lib import optim
from course_lib.family import FAMILY, family_tree, outline


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
    for function in (family_tree, outline):
        with pytest.raises(ValueError, match="must be some of SGD"):
            function(names)


def test_the_outline_says_what_the_tree_shows():
    assert outline(["Adam", "SGD", "LAMB"]) == "SGD 1951; Adam 2015; LAMB 2020 on Adam"
    assert "; Adam 2015 on RMSProp and Momentum; " in outline()
    shown = [text.get_text().strip() for text in family_tree().texts]
    assert all(f"{member.name} {member.year}" in outline() for member in FAMILY.values())
    # The year stands in the tree with the second parent, as "2015 + Momentum".
    for member in FAMILY.values():
        assert " + ".join([str(member.year), *member.parents[1:]]) in shown
    plt.close("all")
