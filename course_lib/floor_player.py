"""A player for the noise floor: the reader bends a schedule, and sees the expected loss follow.

What it shows is no simulation: on a bowl with noise the expected loss is known exactly
(:mod:`course_lib.noisy_bowl`), and the script computes it anew at each touch (``bowl.js``). As with
:mod:`course_lib.player`, a still picture stands in for it where no script runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt

from course_lib import noisy_bowl, plotting
from course_lib.player import Playable, check_words, short

__all__ = ["floor_player", "FloorPlayer"]

_COLOR = "#0072B2"
#: What the still picture shows beside the constant rate: name, share of warmup and of decay, shape, dash.
_STILL = (
    ("cosine", 0.05, 0.95, "cosine", "-"),
    ("straight", 0.05, 0.95, "straight", "--"),
    ("late", 0.05, 0.2, "straight", ":"),
)
#: A step of the sliders of shares, in percent.
_UNIT = 5
#: Powers of ten that the axis of losses has at most.
_MOST_POWERS = 6


def floor_player(
    peaks: Sequence[float],
    *,
    title: str,
    description: str,
    peak: float,
    constant: float,
    warmup: int = 5,
    decay: int = 95,
    floor: int = 0,
    shape: str = "cosine",
    total: int = 100,
    curvature: float = 1.0,
    noise: float = 1.0,
    start: float = 3.0,
) -> FloorPlayer:
    """Show the expected loss of SGD on a bowl with noise, under a schedule that the reader bends.

    ``peaks`` are the peak rates that the slider has, rising, and ``peak``, one of them, the one to begin
    with. ``warmup``, ``decay`` and ``floor`` are what the other sliders begin with, in percent, multiples of
    5: of the updates that rise to the peak, of the updates that fall from it at the end, and of the peak at
    which they end. ``shape`` is one of :func:`course_lib.noisy_bowl.bent`. ``constant`` is the rate to
    compare with, drawn dashed. ``total`` is the number of updates; ``curvature``, ``noise`` and ``start`` are
    the bowl's, as in :func:`course_lib.noisy_bowl.expected_losses`. ``title`` stands above the player;
    ``description`` says what there is to see in the still picture, for people who cannot see it: the rates
    and expected losses of a cosine, a straight line and a late decay with this peak, beside the constant
    rate. Returns a :class:`FloorPlayer`: make it the last expression of a cell.

    Raises ``ValueError`` for fewer than 2 peaks, or peaks that are not positive and rising; a ``peak`` that
    is not among them; shares that are no such percents, or a warmup and a decay of more than 100 together; an
    unknown shape; a ``constant``, ``curvature``, ``noise`` or ``start`` that is not positive and finite; a
    ``total`` that is no whole number, at least 20; an empty ``title`` or a ``description`` of 40 characters
    or fewer.
    """
    rising = len(peaks) > 1 and all(a < b for a, b in zip(peaks, peaks[1:], strict=False))
    if not rising or not 0 < peaks[0] or not math.isfinite(peaks[-1]):
        raise ValueError(f"peaks must be at least 2 positive numbers, rising, not {list(peaks)}")
    if peak not in peaks:
        raise ValueError(f"peak must be one of {list(peaks)}, not {peak!r}")
    for name, share in (("warmup", warmup), ("decay", decay), ("floor", floor)):
        if share not in range(0, 101, _UNIT):
            raise ValueError(
                f"{name} must be a percentage from 0 to 100, a multiple of {_UNIT}, not {share!r}"
            )
    if warmup + decay > 100:
        raise ValueError(f"warmup and decay have 100 percent together, not {warmup} + {decay}")
    if shape not in noisy_bowl.DECAYS:
        raise ValueError(f"shape must be one of {list(noisy_bowl.DECAYS)}, not {shape!r}")
    given = {"constant": constant, "curvature": curvature, "noise": noise, "start": start}
    for name, value in given.items():
        if not 0 < value < math.inf:
            raise ValueError(f"{name} must be positive and finite, not {value!r}")
    if not isinstance(total, int) or isinstance(total, bool) or total < 20:
        raise ValueError(f"total must be a whole number, at least 20, not {total!r}")
    check_words(title, description)
    chosen = {
        "peak": list(peaks).index(peak),
        "warmup": warmup,
        "decay": decay,
        "floor": floor,
        "shape": shape,
    }
    bowl = {"curvature": curvature, "noise": noise, "start": start}
    return FloorPlayer(list(peaks), chosen, constant, total, bowl, title, description)


@dataclass(frozen=True)
class FloorPlayer(Playable):
    """A schedule and its expected loss, ready to be shown. Made by :func:`floor_player`."""

    peaks: list[float]
    chosen: dict[str, Any]
    constant: float
    total: int
    bowl: dict[str, float]
    title: str
    description: str
    kind = "floor"

    def rates(self, warmup: float, decay: float, shape: str, floor: float = 0.0) -> list[float]:
        """The rates of all updates from the chosen peak; warmup and decay in shares of the updates."""
        peak = self.peaks[self.chosen["peak"]]
        options = {"warmup": round(warmup * self.total), "decay": round(decay * self.total)}
        return [
            peak * noisy_bowl.bent(t, total=self.total, floor=floor, shape=shape, **options)
            for t in range(self.total)
        ]

    def losses(self, rates: list[float]) -> list[float]:
        """The expected loss before the first of these updates, and after each."""
        return noisy_bowl.expected_losses(rates, **self.bowl)

    def still(self) -> bytes:
        """The still picture, as PNG bytes: three schedules and the constant rate, and the loss under each."""
        with plt.rc_context(plotting.STYLE):
            figure, (above, below) = plt.subplots(2, figsize=(5.4, 5.0), sharex=True)
            constant = [self.constant] * self.total
            above.plot(constant, color="black", lw=1.2, label="constant")
            below.plot(self.losses(constant), color="black", lw=1.2, label="constant")
            for name, warmup, decay, shape, dash in _STILL:
                rates = self.rates(warmup, decay, shape)
                above.plot(rates, dash, color=_COLOR, label=name)
                below.plot(self.losses(rates), dash, color=_COLOR, label=name)
            above.set(ylabel="learning rate", ylim=(0, None))
            low, high = self.powers
            below.set(yscale="log", ylim=(10.0**low, 10.0**high), xlabel="updates", ylabel="expected loss")
            plotting.label_ends(below)
            plotting.label_ends(above)
            figure.suptitle(self.title, x=0.01, ha="left", size=11.5, weight="bold")
            return plotting.png(figure)

    @property
    def powers(self) -> tuple[int, int]:
        """The axis of losses: from below the lowest that a decay comes to, to above the first."""
        curvature, noise = self.bowl["curvature"], self.bowl["noise"]
        first = self.losses([])[0]
        # No rates come lower: at best, each update adds λ²/σ² to 1/M, where M is the mean of w².
        best = curvature / 2 / (curvature / (2 * first) + self.total * (curvature / noise) ** 2)
        top = math.ceil(math.log10(first) - 1e-9)
        bottom = math.floor(math.log10(best) + 1e-9)
        return max(bottom, top - _MOST_POWERS), top

    def data(self) -> dict[str, Any]:
        """What the script needs, as plain lists and numbers, the same on every processor."""
        return {
            "title": self.title,
            "description": self.description,
            "peaks": [short(value) for value in self.peaks],
            "chosen": self.chosen,
            "unit": _UNIT,
            "constant": short(self.constant),
            "total": self.total,
            "bowl": {name: short(value) for name, value in self.bowl.items()},
            "powers": list(self.powers),
            "color": _COLOR,
            "dash": [],
        }
