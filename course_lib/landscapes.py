"""Landscapes: losses of two weights, small enough to draw.

A :class:`Landscape` is a function of a point ``w = (x, y)`` that knows where its minima are, which part of
the plane is worth drawing, and where a descent may start. Its gradient comes from autograd.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

__all__ = ["Landscape", "ravine", "line_mse", "ROSENBROCK", "BEALE", "SADDLE", "PLATEAU"]


@dataclass(frozen=True)
class Landscape:
    """A loss of two weights.

    ``function(x, y)`` uses arithmetic only, so that it takes floats, arrays and tensors. ``minima`` are its
    global minima; ``bounds`` are ``((x_low, x_high), (y_low, y_high))``; ``start`` is a good place to start
    from.
    """

    name: str
    formula: str
    function: Callable[..., Any]
    minima: tuple[tuple[float, float], ...]
    bounds: tuple[tuple[float, float], tuple[float, float]]
    start: tuple[float, float]

    def __call__(self, w: Any) -> Any:
        """The loss at ``w``: two floats, or a tensor of shape (2,) or (2, …)."""
        if len(w) != 2:
            raise ValueError(f"a point of {self.name} has two coordinates, not {len(w)}")
        return self.function(w[0], w[1])

    def gradient(self, w: Any) -> torch.Tensor:
        """The gradient at ``w``, a float64 tensor of shape (2,), by automatic differentiation."""
        w = torch.as_tensor(w, dtype=torch.float64).detach().requires_grad_()
        (g,) = torch.autograd.grad(self(w), w)
        return g

    def __repr__(self) -> str:
        return f"Landscape({self.name}: {self.formula})"


def ravine(steep: float = 100.0, flat: float = 1.0) -> Landscape:
    """A long valley: ½(flat·x² + steep·y²). Its curvatures are the two arguments; κ = steep/flat.

    Raises ``ValueError`` unless both are positive and finite.
    """
    if not (0 < flat < float("inf") and 0 < steep < float("inf")):
        raise ValueError(f"curvatures must be positive and finite, not steep={steep!r}, flat={flat!r}")
    return Landscape(
        name="ravine",
        formula=f"½({flat:g}x² + {steep:g}y²)",
        function=lambda x, y: 0.5 * (flat * x * x + steep * y * y),
        minima=((0.0, 0.0),),
        bounds=((-10.0, 2.0), (-2.0, 2.0)),
        start=(-9.0, 1.5),
    )


def line_mse(
    x: torch.Tensor,
    y: torch.Tensor,
    *,
    bounds: tuple[tuple[float, float], tuple[float, float]],
    start: tuple[float, float],
) -> Landscape:
    """The mean squared error of the line wx + b, as a landscape of its two weights (w, b).

    ``x`` and ``y`` hold one example a row, both of shape (n, 1). ``bounds`` are those of w and b; ``start``
    is a point (w, b).

    Raises ``ValueError`` for other shapes, and if all ``x`` are equal: then no line is the best one.
    """
    if x.ndim != 2 or x.shape[1] != 1 or x.shape != y.shape:
        raise ValueError(f"x and y must both have shape (n, 1), not {tuple(x.shape)} and {tuple(y.shape)}")
    x, y = x.double(), y.double()
    if (x == x[0]).all():
        raise ValueError("all x are equal: many lines fit equally well, and the loss has no lowest point")
    w, b = torch.linalg.lstsq(torch.hstack([x, torch.ones_like(x)]), y).solution.flatten().tolist()
    # The squares multiplied out: the loss needs only these means, however many examples there are.
    x1, y1, xx, xy, yy = (mean.mean().item() for mean in (x, y, x * x, x * y, y * y))
    return Landscape(
        name="MSE",
        formula="mean (wx + b − y)²",
        function=lambda w, b: xx * w * w + 2 * x1 * w * b + b * b - 2 * xy * w - 2 * y1 * b + yy,
        minima=((w, b),),
        bounds=bounds,
        start=start,
    )


#: A curved, flat-bottomed valley. Rosenbrock (1960).
ROSENBROCK = Landscape(
    name="Rosenbrock",
    formula="(1 − x)² + 100(y − x²)²",
    function=lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    minima=((1.0, 1.0),),
    bounds=((-2.0, 2.0), (-1.0, 3.0)),
    start=(-1.5, 2.0),
)

#: A plateau with steep walls and one sharp minimum. Beale (1958).
BEALE = Landscape(
    name="Beale",
    formula="(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
    function=lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
    minima=((3.0, 0.5),),
    bounds=((-4.5, 4.5), (-4.5, 4.5)),
    start=(1.0, 1.5),
)

#: A saddle point at the origin, where the gradient vanishes, between two minima.
SADDLE = Landscape(
    name="saddle",
    formula="½x² − ½y² + ¼y⁴",
    function=lambda x, y: 0.5 * x * x - 0.5 * y * y + 0.25 * y**4,
    minima=((0.0, -1.0), (0.0, 1.0)),
    bounds=((-2.0, 2.0), (-1.6, 1.6)),
    start=(-1.8, 1e-3),
)

#: One round hole in a plain that is flat almost everywhere: at a distance r the slope is about 2/r³.
PLATEAU = Landscape(
    name="plateau",
    formula="(x² + y²) / (1 + x² + y²)",
    function=lambda x, y: (x * x + y * y) / (1 + x * x + y * y),
    minima=((0.0, 0.0),),
    bounds=((-6.0, 3.0), (-3.0, 3.0)),
    start=(-5.0, 2.0),
)
