"""The landscapes: minima, gradients, bounds."""

import pytest
import torch

from course_lib import landscapes
from course_lib.datasets import noisy_line
from course_lib.landscapes import BEALE, PLATEAU, ROSENBROCK, SADDLE, line_mse, ravine

LINE = line_mse(*noisy_line(30), bounds=((-4, 4), (-1, 6)), start=(-3.0, 0.0))
ALL = [ravine(), ravine(steep=20, flat=0.5), ROSENBROCK, BEALE, SADDLE, PLATEAU, LINE]
by_name = pytest.mark.parametrize("landscape", ALL, ids=repr)


@by_name
def test_minima_are_stationary_and_lowest(landscape):
    for minimum in landscape.minima:
        assert landscape.gradient(minimum).norm() < 1e-12
    (x0, x1), (y0, y1) = landscape.bounds
    x, y = torch.meshgrid(torch.linspace(x0, x1, 301), torch.linspace(y0, y1, 301), indexing="ij")
    lowest = min(landscape(m) for m in landscape.minima)
    assert landscape((x.double(), y.double())).min() >= lowest - 1e-9


@by_name
def test_gradient_equals_central_differences(landscape):
    h = 1e-6
    for x, y in [(0.3, -0.7), (-1.1, 0.4), landscape.start]:
        dx = (landscape((x + h, y)) - landscape((x - h, y))) / (2 * h)
        dy = (landscape((x, y + h)) - landscape((x, y - h))) / (2 * h)
        expected = torch.tensor([dx, dy], dtype=torch.float64)
        assert torch.allclose(landscape.gradient((x, y)), expected, rtol=1e-6, atol=1e-6)


@by_name
def test_start_and_minima_lie_within_the_bounds(landscape):
    (x0, x1), (y0, y1) = landscape.bounds
    for x, y in (landscape.start, *landscape.minima):
        assert x0 < x < x1 and y0 < y < y1


def test_known_values():
    assert ROSENBROCK((0.0, 0.0)) == 1.0 and ROSENBROCK((-1.0, 1.0)) == 4.0
    assert abs(BEALE((0.0, 0.0)) - (1.5**2 + 2.25**2 + 2.625**2)) < 1e-12
    assert ravine(100, 1)((2.0, 0.1)) == pytest.approx(2.5)
    assert SADDLE.gradient((0.0, 0.0)).norm() == 0 and SADDLE((0.0, 1.0)) == -0.25
    assert PLATEAU((0.0, 2.0)) == 0.8
    assert PLATEAU.gradient((100.0, 0.0))[0] == pytest.approx(2 / 100**3, rel=1e-3)


def test_ravine_has_the_curvatures_it_was_given():
    hessian = torch.autograd.functional.hessian(ravine(steep=30, flat=2), torch.zeros(2, dtype=torch.float64))
    assert torch.equal(hessian, torch.diag(torch.tensor([2.0, 30.0], dtype=torch.float64)))


def test_the_loss_of_a_line_is_its_mean_squared_error():
    x, y = noisy_line(30)
    for w, b in [(0.3, -0.7), (2.0, 3.0), LINE.minima[0]]:
        assert LINE((w, b)) == pytest.approx(torch.nn.functional.mse_loss(w * x + b, y).item(), rel=1e-12)


def test_nonsense_is_refused():
    for steep, flat in [(0, 1), (1, 0), (-1, 1), (float("inf"), 1), (float("nan"), 1)]:
        with pytest.raises(ValueError, match="positive and finite"):
            landscapes.ravine(steep=steep, flat=flat)
    with pytest.raises(ValueError, match="two coordinates, not 3"):
        ROSENBROCK((1.0, 2.0, 3.0))
    x, y = noisy_line(30)
    line = {"bounds": LINE.bounds, "start": LINE.start}
    for a, b in [(x[:, 0], y), (x, y[:, 0]), (x, y[:-1]), (torch.hstack([x, x]), torch.hstack([y, y]))]:
        with pytest.raises(ValueError, match=r"both have shape \(n, 1\)"):
            line_mse(a, b, **line)
    with pytest.raises(ValueError, match="all x are equal"):
        line_mse(torch.full_like(x, 0.1), y, **line)
