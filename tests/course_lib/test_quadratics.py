"""Quadratics: what is predicted is what a run does."""

import math

import pytest
import torch

from course_lib.quadratics import curvatures, design, mse_hessian, predicted_updates


def random_inputs(n=40, d=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    scales = torch.linspace(0.5, 2, d, dtype=torch.float64)
    return scales * torch.randn(n, d, generator=generator, dtype=torch.float64) + 0.3


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_design_adds_a_column_of_ones_and_keeps_the_dtype(dtype):
    x = random_inputs(5, 2).to(dtype)
    X = design(x)
    assert X.shape == (5, 3) and X.dtype == dtype
    assert torch.equal(X[:, :2], x) and torch.equal(X[:, 2], torch.ones(5, dtype=dtype))


@pytest.mark.parametrize("n, d", [(40, 3), (7, 1), (1, 2)])
def test_hessian_is_that_of_autograd(n, d):
    X, y = random_inputs(n, d, seed=n), random_inputs(n, 1, seed=99).squeeze(1)
    theta = torch.zeros(d, dtype=torch.float64)
    hessian = torch.autograd.functional.hessian(lambda w: ((X @ w - y) ** 2).mean(), theta)
    assert torch.allclose(mse_hessian(X), hessian, rtol=1e-12, atol=1e-12)


def test_curvatures_are_the_extremes_over_all_directions():
    X = random_inputs()
    L, mu = curvatures(X)
    directions = torch.randn(3, 2000, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    directions /= directions.norm(dim=0)
    along = (directions * (mse_hessian(X) @ directions)).sum(dim=0)
    assert mu <= along.min() < 1.1 * mu and 0.95 * L < along.max() <= L


def test_curvatures_of_orthogonal_columns_are_known():
    X = torch.tensor([[3.0, 0.0], [0.0, 1.0], [-3.0, 0.0], [0.0, -1.0]])
    assert curvatures(X) == pytest.approx((9.0, 1.0))


@pytest.mark.parametrize("shrink", [1e-6, 1e-2])
@pytest.mark.parametrize("L, mu", [(19.0, 1.0), (2.5, 0.13), (1000.0, 2.0), (1.5, 1.0)])
def test_predicted_updates_are_those_of_a_run(L, mu, shrink):
    curvature = torch.tensor([L, mu], dtype=torch.float64)
    w, updates = torch.ones(2, dtype=torch.float64), 0
    goal = shrink * w.norm()
    while w.norm() > goal:
        w = w - 2 / (L + mu) * curvature * w
        updates += 1
    assert updates == math.ceil(predicted_updates(L, mu, shrink))


def test_predicted_updates_at_the_ends():
    assert predicted_updates(3.0, 3.0) == 1.0
    assert predicted_updates(1e8, 1.0) == pytest.approx(1e8 / 2 * math.log(1e6), rel=1e-12)


def test_nonsense_is_refused():
    for x in (torch.zeros(3), torch.zeros(0, 2), torch.zeros(3, 2, dtype=torch.long)):
        for function in (design, mse_hessian, curvatures):
            with pytest.raises(ValueError, match="a row for each example"):
                function(x)
    for L, mu in [(1.0, 0.0), (1.0, -1e-17), (1.0, 2.0), (math.inf, 1.0), (math.nan, 1.0), (1.0, math.nan)]:
        with pytest.raises(ValueError, match="0 < mu <= L"):
            predicted_updates(L, mu)
    for shrink in (0.0, 1.0, 2.0, math.nan):
        with pytest.raises(ValueError, match="between 0 and 1"):
            predicted_updates(2.0, 1.0, shrink)
