"""Where assignment 3.9 asks for a mean exactly two errors from 0, each way to compute it meets the edge."""

import math
import statistics

import pytest

from course_lib.checks import module
from judge import judge
from tools.bank import reference

SLUG = "3_9_whats_next"
the = module(SLUG)


@pytest.fixture(scope="module")
def judged():
    """The differences of each case that the tests, seen and unseen, judge."""
    found, right_of = [], the.right_of

    def noted(world):
        best, word, mean, error = right_of(world)
        if error is not None:
            a, b = (world.judged(name, best[name]) for name in world.table)
            found.append([x - y for x, y in zip(a, b, strict=True)])
        return best, word, mean, error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(the, "right_of", noted)
        assert judge(SLUG, "verdict", reference(SLUG)["verdict"]).earned
    return found


def test_a_mean_at_two_errors_is_one_without_rounding(judged):
    edges = 0
    for d in judged:
        mean, variance = statistics.mean(d), statistics.variance(d)
        error = math.sqrt(variance / len(d))
        if variance and abs(abs(mean) - 2 * error) < 1e-8 * error:
            edges += 1
            whole = mean, variance, math.sqrt(variance), math.sqrt(len(d)), error
            assert all(part == int(part) for part in whole), f"{d}: {whole}"
    assert edges >= 3
