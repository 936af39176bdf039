"""The band of assignment 3.8 is where honest runs end, and leaking ones do not."""

import statistics

import pytest
import torch

from course_lib import datasets
from course_lib.checks import module

the = module("3_8_case_studies")
BLOCKS = range(1000, 1030, 6)  # of 6 seeds each, none of which the assignment uses


@pytest.fixture(autouse=True)
def as_in_the_notebook():
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def words(rate, by_tree):
    found = []
    for first in BLOCKS:
        runs = [the.real(rate, seed, by_tree) for seed in range(first, first + 6)]
        _, test, base = zip(*runs, strict=True)
        found.append(the.verdict(base, test, the.REAL_FLOOR)[2])
    return found


def test_nobody_errs_less_on_new_trees_than_the_floor():
    # Who knows how leaves are made takes the kind that is the likeliest.
    x, y, _ = datasets.leaves(7, trees=40_000, each=1)
    unit = torch.tensor([10.0, 4.0, 1.0, 0.1, 60.0, 0.02])
    far = torch.cdist(x / unit - 5, datasets._leaf_forms().flatten(end_dim=1)).square()
    likely = (-far / (2 * (0.9**2 + 0.15**2))).unflatten(1, (4, 2)).logsumexp(dim=2)
    error = the.percent(likely.argmax(dim=1), y)
    assert the.REAL_FLOOR + 0.2 < error < the.REAL_FLOOR + 1.2


def test_honest_runs_end_in_the_band():
    assert words(0.04, by_tree=True).count("in the band") >= 4


def test_runs_that_leak_end_below_it():
    assert words(0.08, by_tree=False) == ["leak"] * 5


def test_runs_that_have_hardly_moved_are_too_bad():
    assert words(0.0001, by_tree=True) == ["too bad"] * 5


def test_the_sweep_of_a_leak_goes_to_where_it_leaks():
    world = the.real_world(by_tree=False)
    _, best = world.sweep()
    mean = statistics.fmean(world.tested(best, seed) for seed in world.judging)
    assert mean < the.REAL_FLOOR - 2
    world = the.real_world(by_tree=True)
    _, best = world.sweep()
    errors = [world.tested(best, seed) for seed in world.judging]
    gain, error, word = the.verdict(world.base, errors, world.floor)
    assert word == "in the band"
    assert gain > 3 * error and statistics.fmean(errors) > the.REAL_FLOOR + 2
