"""What one rule must have, asked for in one place: whoever adds a rule reads here what is still missing."""

import functools
import inspect

import pytest
import torch
from problem import OPTIMIZERS, Problem
from rule_agreement import TWINS, VARIANTS
from test_mutants import MUTANTS

from course_lib import optim, rules, wrappers
from tools import notebooks
from tools.lessons import ROOT

SAID = ("Formula", "Symbols", "State", "Source:", "torch:")  # lines of a rule's docstring


def is_rule(function):
    """Whether this has the shape of a rule; the others in the module are words that rules use."""
    return list(inspect.signature(function).parameters)[:4] == ["w", "g", "s", "t"]


RULES = {
    name: getattr(module, name)
    for module in (rules, wrappers)
    for name in module.__all__
    if is_rule(getattr(module, name))
}


@functools.cache
def classes():
    """The optimizers' names, by the function that is behind each."""
    found = {}
    for name, make in OPTIMIZERS.items():
        rule = make(Problem().groups()).rule
        found[rule.func if isinstance(rule, functools.partial) else rule] = name
    return found


@functools.cache
def cheat_sheet():
    cells = notebooks.code_cells(notebooks.read(ROOT / "chapters" / "reference" / "cheat_sheet.ipynb"))
    return "\n".join(cell.source for cell in cells)


def missing(name, rule):
    """Sentences on what a rule lacks, in the order in which one adds it."""
    if rule is not getattr(wrappers, name, None) and name not in rules.UNITS:
        yield "rules.UNITS does not say whether it looks at an entry, a layer or a matrix"
    for word in SAID:
        if word.lower() not in (rule.__doc__ or "").lower():
            yield f"its docstring does not say {word.rstrip(':')}"
    if name not in {each for each, _ in VARIANTS}:
        yield "VARIANTS in rule_agreement.py has no row with its hyperparameters"
    if name not in {each for each, *_ in MUTANTS.values()}:
        yield "MUTANTS in test_mutants.py has no mistake that a check must catch"
    if name == "schedule_free":  # its classes are those of the two rules that its authors made of it
        return
    if rule not in classes():
        yield "optim has no class for it, or OPTIMIZERS in problem.py has no row for the class"
        return
    # These are compared with torch's by checks of their own: check_muon_is_torchs, check_adafactor_is_torchs.
    apart = {"muon", "adafactor"}
    if hasattr(torch.optim, classes()[rule]) and name not in {*apart, *(each for each, *_ in TWINS)}:
        yield "TWINS in rule_agreement.py has no row, though torch has it"
    if f'"{classes()[rule]}"' not in cheat_sheet():
        yield "the cheat sheet does not show its class"


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_all_that_it_needs(name):
    lacks = list(missing(name, RULES[name]))
    assert not lacks, f"{name}: {'; '.join(lacks)}"


def test_units_names_every_rule_and_no_word():
    assert list(rules.UNITS) == [name for name in rules.__all__ if is_rule(getattr(rules, name))]


def test_every_class_is_tried():
    assert set(OPTIMIZERS) == set(optim.__all__) - {"RuleOptimizer"}


def test_a_rule_that_has_nothing_is_told_so():
    def signsgd(w, g, s, t, *, lr=1e-3):
        """One line."""
        return w - lr * rules.sign(g), {}

    assert is_rule(signsgd) and not is_rule(rules.sign)
    lacks = list(missing("signsgd", signsgd))
    assert len(lacks) == len(SAID) + 4, lacks


@pytest.mark.parametrize("lost, complaint", [("TWINS", "torch has it"), ("cheat_sheet", "cheat sheet")])
def test_what_only_a_rule_with_a_class_needs_is_named(lost, complaint, monkeypatch):
    monkeypatch.setitem(globals(), lost, {"TWINS": [], "cheat_sheet": str}[lost])
    (sentence,) = missing("adam", rules.adam)
    assert complaint in sentence
