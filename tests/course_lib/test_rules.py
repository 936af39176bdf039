"""The rules and the wrappers have the properties that their papers, their theory and torch give them."""

import types

import layer_properties
import pytest
import rule_agreement
import rule_properties
import rule_universals
import wrapper_properties

from course_lib import rules, wrappers


def namespace(*modules):
    """All functions of some modules, under one roof: what a check is given to judge. Later modules win."""
    everything = {name: value for module in modules for name, value in vars(module).items()}
    functions = {name: value for name, value in everything.items() if isinstance(value, types.FunctionType)}
    return types.SimpleNamespace(**functions)


#: Every rule and wrapper.
RULES = namespace(rules, wrappers)

#: Every check, by name. ``test_mutants.py`` holds that each of them can fail.
CHECKS = {
    name: check
    for module in (rule_properties, layer_properties, wrapper_properties, rule_agreement, rule_universals)
    for name, check in vars(module).items()
    if name.startswith("check_")
}


@pytest.mark.parametrize("name", CHECKS)
def test_rules(name):
    CHECKS[name](RULES)


def test_a_failing_check_says_what_it_found():
    standstill = types.SimpleNamespace(sgd=lambda w, g, s, t, **hyper: (w, {}))
    with pytest.raises(AssertionError, match=r"close\(0\.0, -0\.2\)"):
        rule_properties.check_first_velocity(standstill)
    with pytest.raises(AssertionError, match=r"sgd \{'lr': 0\.1\} at update 1: (.|\n)*Greatest absolute"):
        rule_agreement.check_rules_are_torchs(standstill)
