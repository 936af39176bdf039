"""The schedules have the properties that their formulas, their papers and torch give them."""

import doctest
import subprocess
import sys

import pytest
import schedule_properties

from course_lib import schedules

#: Every check of the schedules, by name. ``test_schedule_mutants.py`` holds that each of them can fail.
CHECKS = {name: check for name, check in vars(schedule_properties).items() if name.startswith("check_")}


@pytest.mark.parametrize("name", CHECKS)
def test_schedules(name):
    CHECKS[name](schedules)


def test_every_schedule_is_checked():
    """A schedule that is added to the module is added to the values worked out by hand."""
    assert schedule_properties.GOOD.keys() == set(schedules.__all__)


def test_every_docstring_says_what_one_needs():
    for name in schedules.__all__:
        text = getattr(schedules, name).__doc__
        needed = ["Formula", "Ends:", "torch:"] + (["Source:"] if name != "constant" else [])
        assert all(word in text for word in needed), name


def test_examples_in_docstrings():
    assert doctest.testmod(schedules).failed == 0


def test_schedules_import_neither_torch_nor_numpy():
    asked = "import sys, course_lib.schedules; print({'torch', 'numpy'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
