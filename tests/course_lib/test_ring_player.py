"""The ring all-reduce, and the data and the still picture of its player.

What the script makes of them is tried in tests/book/test_ring_browser.py.
"""

import json
import random
import re

import pytest
from markup import stored

from course_lib import plotting
from course_lib.ring_player import ring_player, ring_steps

WORDS = {"title": "A ring", "description": "Four workers in a ring add up their gradients, chunk by chunk."}


def gradients(N, seed=0):
    draw = random.Random(seed)
    return [[draw.randrange(-9, 10) for _ in range(N)] for _ in range(N)]


def make(N=4, **changes):
    return ring_player(**{"gradients": gradients(N), "nbytes": 8 * N, **WORDS, **changes})


# --- what the ring does ------------------------------------------------------------------------------------


@pytest.mark.parametrize("N", [2, 3, 4, 7, 8, 12])
def test_in_the_end_all_have_all_sums(N):
    given = gradients(N, seed=N)
    steps = ring_steps(given)
    sums = tuple(map(sum, zip(*given, strict=True)))
    assert len(steps) == 2 * N - 1
    assert steps[0].values == tuple(map(tuple, given)) and steps[0].sent == ()
    assert steps[-1].values == (sums,) * N
    assert all(count == N for row in steps[-1].holds for count in row)


@pytest.mark.parametrize("N", [2, 3, 4, 7])
def test_a_value_is_the_sum_of_as_many_gradients_as_it_is_said_to_hold(N):
    # Worker r's number for each chunk is a power of its own, so that a sum tells whose numbers are in it.
    steps = ring_steps([[100.0**r] * N for r in range(N)])
    for step in steps:
        for values, holds in zip(step.values, step.holds, strict=True):
            for value, count in zip(values, holds, strict=True):
                digits = [int(value // 100.0**r % 100) for r in range(N)]
                assert set(digits) <= {0, 1} and sum(digits) == count, "nobody's gradient twice"


@pytest.mark.parametrize("N", [2, 3, 4, 7])
def test_each_step_sends_one_chunk_from_each_and_changes_nothing_else(N):
    steps = ring_steps(gradients(N))
    for before, after in zip(steps, steps[1:], strict=False):
        assert sorted(after.sent) == list(range(N)), "no chunk is sent by two"
        for r in range(N):
            got = after.sent[(r - 1) % N]
            for k in range(N):
                arrived = before.values[(r - 1) % N][k]
                expected = before.values[r][k]
                if k == got:
                    expected = expected + arrived if after.phase == "reduce-scatter" else arrived
                assert after.values[r][k] == expected


@pytest.mark.parametrize("N", [2, 3, 4, 7])
def test_the_phases(N):
    steps = ring_steps(gradients(N))
    phases = ["start", *(N - 1) * ["reduce-scatter"], *(N - 1) * ["all-gather"]]
    assert [step.phase for step in steps] == phases
    for step, least in zip(steps, [*range(1, N), *range(1, N + 1)], strict=False):
        assert max(max(row) for row in step.holds) >= least
    for r, row in enumerate(steps[N - 1].holds):
        assert [k for k, count in enumerate(row) if count == N] == [(r + 1) % N], "one whole sum each"


def test_what_was_given_is_left_alone():
    given = gradients(3)
    before = json.dumps(given)
    ring_steps(given)
    assert json.dumps(given) == before


# --- what is stored, and the picture -----------------------------------------------------------------------


@pytest.mark.parametrize("N", [2, 4, 8])
def test_the_page_gets_for_each_step_what_is_shown(N):
    shown = make(N)
    data = stored(shown.markup())
    assert data == json.loads(json.dumps(shown.data()))
    assert data["workers"] == N and len(data["steps"]) == len(data["holds"]) == 2 * N - 1
    for k, (told, holds, step) in enumerate(
        zip(data["steps"], data["holds"], ring_steps(gradients(N)), strict=True)
    ):
        assert told["phase"] == step.phase and told["sent"] == list(step.sent)
        assert told["values"] == [list(row) for row in step.values]
        assert holds == [list(row) for row in step.holds]
        assert told["bytes"] == 8 * k, "a chunk of 8 bytes a step"
        assert told["whole"] == [row.count(N) for row in holds]
    assert data["steps"][-1]["bytes"] == 2 * (N - 1) * 8, "2(N − 1)/N of 8·N bytes"
    assert '<div class="player" data-kind="ring" data-title="A ring' in shown.markup()
    assert len(make(4).markup()) < 2500


def test_whole_numbers_may_come_as_floats():
    floats = [[float(value) for value in row] for row in gradients(4)]
    assert make(gradients=floats).markup() == make().markup()


@pytest.mark.deep
def test_the_picture_is_the_same_each_time_and_leaves_no_figure_open():
    assert make().still() == make().still()
    assert make().still() != make(gradients=gradients(4, seed=1)).still()
    assert plotting.plt.get_fignums() == []


@pytest.mark.parametrize("N", [2, 8])
def test_the_bounds_are_included(N):
    assert make(N).still().startswith(b"\x89PNG")
    most = [[999] + (N - 1) * [0]] + (N - 1) * [N * [0]]
    assert make(N, gradients=most).data()["steps"][-1]["values"][0][0] == 999


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"gradients": [[1]]}, "a ring needs at least 2 workers, not 1"),
        ({"gradients": [[1, 2], [3]]}, "worker 1 has 1 chunks; 2 workers have 2 chunks each"),
        ({"gradients": [[1, float("nan")], [3, 4]]}, "worker 0 has a number that is not finite"),
        ({"gradients": gradients(9), "nbytes": 9}, "there is room for 8 workers, not for 9"),
        ({"gradients": [[1, 2], [3, 4.5]], "nbytes": 2}, "whole numbers up to ±999, not for 4.5"),
        ({"gradients": [[500, 2], [500, 4]], "nbytes": 2}, "whole numbers up to ±999, not for 1000"),
        ({"nbytes": 6}, "nbytes must be a positive multiple of 4, the number of workers, not 6"),
        ({"nbytes": 0}, "nbytes must be a positive multiple of 4"),
        ({"nbytes": 8.0}, "nbytes must be a positive multiple of 4"),
        ({"nbytes": True}, "nbytes must be a positive multiple of 4"),
        ({"title": " "}, "title is empty"),
        ({"description": "short"}, "the player's description is 'short': say in more than 40"),
    ],
)
def test_what_cannot_be_shown_is_refused(changes, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make(**changes)
