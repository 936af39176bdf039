"""The bowl with noise: the recursion against simulated walks, its floor, and schedules that bend."""

import math
import re

import pytest
import torch

from course_lib import noisy_bowl, schedules

BOWL = {"curvature": 2.0, "noise": 0.7, "start": -1.5}


def test_a_crowd_of_walkers_has_the_expected_loss():
    generator = torch.Generator().manual_seed(0)
    rates = [0.3 * schedules.warmup_cosine(t, total=40, warmup=5) for t in range(40)]
    w = torch.full((200_000,), BOWL["start"], dtype=torch.float64)
    measured = []
    for lr in [*rates, 0.0]:
        measured.append((BOWL["curvature"] / 2 * w.square().mean()).item())
        noise = BOWL["noise"] * torch.randn(len(w), generator=generator, dtype=torch.float64)
        w = w - lr * (BOWL["curvature"] * w + noise)
    assert noisy_bowl.expected_losses(rates, **BOWL) == pytest.approx(measured, rel=0.02)


def test_by_hand():
    """λ = 1, σ = 1, from 3: at a rate of 0.5 the mean halves, and 0.25 comes to a quarter of the variance."""
    assert noisy_bowl.expected_losses([0.5, 0.5], start=3.0) == [
        4.5,
        (2.25 + 0.25) / 2,
        (0.5625 + 0.3125) / 2,
    ]
    assert noisy_bowl.expected_losses([]) == [0.5]


@pytest.mark.parametrize("lr", [0.001, 0.1, 0.5, 0.9])
def test_a_constant_rate_comes_to_its_floor(lr):
    bowl = {"curvature": 2.0, "noise": 0.7}
    *_, last = noisy_bowl.expected_losses([lr] * 20_000, **bowl)
    assert last == pytest.approx(noisy_bowl.floor(lr, **bowl), rel=1e-12)


def test_from_2_over_the_curvature_on_there_is_no_floor():
    assert noisy_bowl.floor(0.999, curvature=2.0) < math.inf
    assert noisy_bowl.floor(1.0, curvature=2.0) == noisy_bowl.floor(7.0, curvature=2.0) == math.inf


@pytest.mark.parametrize("warmup", [0, 1, 7])
@pytest.mark.parametrize("low", [0.0, 0.1])
def test_bent_is_the_schedules_where_they_have_it(warmup, low):
    for t in range(130):
        ends = {"total": 100, "warmup": warmup, "floor": low}
        falls = {**ends, "decay": 100 - warmup}
        near = {"rel": 1e-12, "abs": 1e-12}
        cosine = noisy_bowl.bent(t, **falls, shape="cosine")
        assert cosine == pytest.approx(schedules.warmup_cosine(t, **ends), **near)
        assert noisy_bowl.bent(t, **falls) == pytest.approx(schedules.warmup_linear(t, **ends), **near)
        late = noisy_bowl.bent(t, **ends, decay=20)
        assert late == pytest.approx(schedules.wsd(t, **ends, decay=20), **near)
        root = noisy_bowl.bent(t, **ends, decay=20, shape="1 − √x")
        x = min(max(t - 80, 0) / 20, 1)
        if t >= warmup:
            assert root == pytest.approx(low + (1 - low) * (1 - math.sqrt(x)), **near)


def test_without_a_decay_it_stays_at_the_peak_until_the_end():
    options = {"total": 10, "warmup": 0, "decay": 0, "floor": 0.3}
    assert [noisy_bowl.bent(t, **options) for t in range(10)] == [1.0] * 10


def test_an_unknown_shape_is_refused():
    with pytest.raises(ValueError, match=re.escape("shape must be one of 'straight', 'cosine', '1 − √x'")):
        noisy_bowl.bent(0, total=10, warmup=0, decay=10, shape="square")
