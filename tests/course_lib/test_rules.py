"""The rules have the properties that their papers, their theory and torch give them."""

import pytest
import rule_agreement
import rule_properties

from course_lib import rules

#: Every check of the rules, by name. ``test_mutants.py`` holds that each of them can fail.
CHECKS = {
    name: check
    for module in (rule_properties, rule_agreement)
    for name, check in vars(module).items()
    if name.startswith("check_")
}


@pytest.mark.parametrize("name", CHECKS)
def test_rules(name):
    CHECKS[name](rules)
