"""Quadratics: bowls, about which gradient descent can be known before it runs.

The mean squared error of a linear model is one. Its curvatures, and with them the learning rates that it
bears and the number of updates that it needs, follow from the inputs alone. Lesson 1.2 finds this out.
"""

from __future__ import annotations

import math

import torch

__all__ = ["design", "mse_hessian", "curvatures", "predicted_updates"]


def design(x: torch.Tensor) -> torch.Tensor:
    """The design matrix: the columns of ``x``, and a column of ones for the bias.

    ``x`` of shape (n, d), floating point, one row an example. Returns shape (n, d + 1), of the same dtype.
    """
    _require_table(x, "x")
    return torch.hstack([x, x.new_ones(len(x), 1)])


def mse_hessian(X: torch.Tensor) -> torch.Tensor:
    """The Hessian of the mean squared error of the linear model ``X @ theta``: H = 2/n · XᵀX.

    ``X`` of shape (n, d), n examples. Returns shape (d, d). The same at every theta, and whatever the answers
    y are. (For half the mean squared error, halve it; for the sum, multiply it by n.)
    """
    _require_table(X, "X")
    return 2 * X.T @ X / len(X)


def curvatures(X: torch.Tensor) -> tuple[float, float]:
    """The largest and the smallest curvature, L and μ, of the mean squared error of ``X @ theta``.

    They are the largest and the smallest eigenvalue of :func:`mse_hessian`. Plain gradient descent diverges
    at learning rates above 2/L, is fastest at 2/(L + μ), and slows down with the condition number κ = L/μ.
    If a column of ``X`` can be made from the others, μ is zero, up to rounding errors of either sign.
    """
    eigenvalues = torch.linalg.eigvalsh(mse_hessian(X))
    return eigenvalues[-1].item(), eigenvalues[0].item()


def predicted_updates(L: float, mu: float, shrink: float = 1e-6) -> float:
    """How many updates gradient descent needs at its best rate until the distance is ``shrink`` of the first.

    t = ln(1/shrink) / ln((κ + 1)/(κ − 1)) with κ = L/μ, about κ/2 · ln(1/shrink) for large κ: at the rate
    2/(L + μ) the slowest directions shrink by (κ − 1)/(κ + 1) an update. Round t up to get whole updates:
    never more are needed, and exactly so many if only the steepest and the flattest direction matter. With
    κ = 1 one update is enough.

    Raises ``ValueError`` unless 0 < μ ≤ L, both finite, and 0 < shrink < 1.
    """
    if not 0 < mu <= L < math.inf:
        raise ValueError(f"curvatures must be finite, with 0 < mu <= L, not L={L!r}, mu={mu!r}")
    if not 0 < shrink < 1:
        raise ValueError(f"shrink is a share of the distance, between 0 and 1, not {shrink!r}")
    if mu == L:
        return 1.0
    return -math.log(shrink) / math.log1p(2 * mu / (L - mu))


def _require_table(x: torch.Tensor, name: str) -> None:
    if x.ndim != 2 or len(x) == 0 or not x.is_floating_point():
        found = f"{x.dtype} of shape {tuple(x.shape)}"
        raise ValueError(f"{name} must be a table of floats, a row for each example, not {found}")
