"""What the assignments share says what went wrong, and lets what is right pass."""

import math

import pytest
import torch

from course_lib.assignments import show
from course_lib.checks.tools import call, close, explain, parts_of


def no_hint(error):
    return None


def test_a_look_waits_for_its_answers(capsys):
    def unwritten():
        raise NotImplementedError

    def broken():
        raise ZeroDivisionError

    assert show(lambda: 3) == 3 and capsys.readouterr().out == ""
    assert show(unwritten) is None
    assert capsys.readouterr().out.startswith("Nothing to look at yet")
    with pytest.raises(ZeroDivisionError):
        show(broken)


def test_a_look_that_stops_within_a_line_leaves_it_out(capsys):
    def stops():
        print("whole")
        print("begun", end=" ")
        raise NotImplementedError

    def ends_within():
        print("whole\nbegun", end="")

    show(stops)
    assert capsys.readouterr().out.startswith("whole\nNothing to look at yet")
    show(ends_within)
    assert capsys.readouterr().out == "whole\nbegun"


def test_call_hands_on_inputs_settings_and_the_answer():
    assert call(no_hint, lambda a, b, *, c: (a, b, c), 1, [2], c=3) == (1, [2], 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda batches: batches[0][0].add_(1),
        lambda batches: batches[1].append(4.0),
        lambda batches: batches[0][0].resize_(1),
        lambda batches: batches.pop(),
    ],
)
def test_call_sees_a_change_wherever_it_lies(change):
    batches = [[torch.ones(2), torch.tensor([math.nan])], [1.0, 2.0]]
    call(no_hint, len, batches)  # NaN is not a change
    with pytest.raises(AssertionError, match=r"changed its input number 2\. Take a copy\."):
        call(no_hint, lambda _, x: change(x), 0, batches, advice="Take a copy.")


def test_call_explains_what_stopped_an_answer():
    with pytest.raises(ZeroDivisionError):  # without a hint its own words, and its line, are the best
        call(no_hint, lambda: 1 / 0)
    with pytest.raises(AssertionError, match="^the hint$"):
        call(lambda error: "the hint", lambda: torch.ones(2) @ torch.ones(3))

    def unwritten():
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        call(no_hint, unwritten)


def test_close():
    assert close(1 + 1e-10, 1.0) and close(1e12 + 1, 1e12) and close(0.0, 1e-10)
    assert not close(1 + 1e-8, 1.0) and not close(math.nan, math.nan) and not close(math.nan, 1.0)
    assert close(torch.tensor([1.0, 2.0]), [1.0, 2.0]) and not close([1.0, 2.1], [1.0, 2.0])
    assert close(1.05, 1.0, tolerance=0.1)
    assert close(math.inf, math.inf) and close([-math.inf, 1.0], [-math.inf, 1.0])
    assert not close(0.0, math.inf) and not close(math.inf, -math.inf) and not close(math.inf, 1.0)


def test_explain_knows_the_slip():
    slips = {2.0: "is the half missing?", 0.0: "is it multiplied by zero?"}
    assert explain("The slope", 2.0001, 1.0, slips) == "The slope is 2, not 1: is the half missing?"
    assert explain("The slope", 0.0, 1.0, slips).endswith("by zero?")
    assert explain("It", 3.14159, 1.0, slips) == "It is 3.142, not 1: work it out on paper and compare."
    assert explain("It", 2.0001, 1.0, slips, tolerance=1e-6, digits=5).startswith("It is 2.0001, not 1: work")


def test_parts_of():
    assert parts_of((1, 2), 2, "w, b") == parts_of([1, 2], 2, "w, b") == (1, 2)
    for answer in (1, [1, 2, 3], (1, 2, 3), None):
        with pytest.raises(AssertionError, match="Return two things: return w, b"):
            parts_of(answer, 2, "w, b")
