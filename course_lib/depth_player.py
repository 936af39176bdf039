"""A player for signals in a deep network: the reader moves a setting, and steps from layer to layer.

Nothing is computed in the page: :func:`depth_player` takes finished runs, and stores what the script
``depth.js`` shows, in few digits (:mod:`course_lib.signals`). As with :mod:`course_lib.player`, a still
picture stands in for it where no script runs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from course_lib import plotting, signals
from course_lib.player import Playable, check_words, short
from course_lib.signals import Run

__all__ = ["depth_player", "DepthPlayer"]

#: The colours of the activations, and of the gradient: blue and orange, as in graphs.
_COLORS = ("#0072B2", "#C04F00")


def depth_player(
    runs: Mapping[str, Mapping[float, Any]],
    *,
    inputs: Any,
    title: str,
    description: str,
    setting: str = "gain",
    choice: str = "Activation",
    names: Mapping[float, str] | None = None,
) -> DepthPlayer:
    """Show what becomes of a deep network's signals, layer by layer, under a setting that the reader moves.

    ``runs`` is a dict name of an activation function → dict value of the setting → run. A run is a pair: the
    list of the layers' activations, the first layer's first, each a tensor (or an array, or a list) of any
    shape; and the list of the sizes of the gradient at these layers, in the same order. ``inputs`` is what
    enters the first layer in all runs, of any shape. ``setting`` is what the slider is called, and ``choice``
    the list of the dict's names, where these are no activation functions; ``names`` are the names of settings
    that have one, such as ``{2: "He"}``, which the player says beside the number.

    Step k shows layer k, and step 0 the inputs: a histogram, and for each layer the standard deviation of its
    activations and the size of the gradient. The axis of the histogram is the same for all layers and
    settings of an activation function; its outermost bars also hold what lies beyond, and the axis says so.
    The tallest bar fills the height. The other two axes are logarithmic, and the same for all runs. They have
    16 powers of ten at most; what lies below is drawn on their floor, and they say so. The player begins with
    the first activation function, and with the setting in the middle.

    ``title`` stands above the player; ``description`` says what there is to see, for people who cannot see
    it: it is the alt text of the still picture, which shows the first activation function. Returns a
    :class:`DepthPlayer`: make it the last expression of a cell.

    Raises ``ValueError`` for no such dicts, or more than 4 activation functions; for settings that are fewer
    than 2 or more than 15, not finite, alike, or not the same for all; for runs that are no such pairs, with
    fewer than 2 layers or more than 50, or not equally many; for activations, inputs or gradients that are
    missing or not finite, and sizes below 0; for an empty ``title``, ``setting`` or ``choice``, and a
    ``description`` of 40 characters or fewer; for names that are empty, or not of a setting.
    """
    _check_number("activation functions", len(runs), 1, 4)
    for name, by_setting in runs.items():
        if not isinstance(by_setting, Mapping) or not all(isinstance(v, (int, float)) for v in by_setting):
            raise ValueError(f"runs must hold, for {name!r}, a dict value of the setting → run")
    settings = sorted(next(iter(runs.values())))
    for name, by_setting in runs.items():
        if sorted(by_setting) != settings:
            raise ValueError(
                f"all must have the same settings, {settings}, but {name!r} has {sorted(by_setting)}"
            )
    _check_number("settings", len(settings), 2, 15)
    if not all(math.isfinite(value) for value in settings):
        raise ValueError(f"settings must be finite numbers, not {settings}")
    if len({f"{value:.3g}" for value in settings}) < len(settings):
        raise ValueError(f"settings must differ in their first three digits: {settings}")
    read = {
        name: {value: Run.read(by_setting[value], f"{name!r} at {value:g}") for value in settings}
        for name, by_setting in runs.items()
    }
    depths = sorted({len(run.layers) for by_setting in read.values() for run in by_setting.values()})
    if len(depths) > 1:
        raise ValueError(f"all runs must have equally many layers, not {' or '.join(map(str, depths))}")
    _check_number("layers", depths[0], 2, 50)
    if not setting.strip():
        raise ValueError("setting is empty: the slider needs a name")
    if not choice.strip():
        raise ValueError("choice is empty: the list needs a name")
    for value, name in (names or {}).items():
        if value not in settings:
            raise ValueError(f"names must be of settings, {settings}, and {value!r} is none")
        if not name.strip():
            raise ValueError(f"the name of the setting {value!r} is empty: leave it out")
    check_words(title, description)
    inputs = signals.numbers(inputs, "inputs")
    return DepthPlayer(read, inputs, title, description, setting, choice, dict(names or {}))


def _check_number(what: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise ValueError(f"there must be {least} to {most} {what}, not {number}")


@dataclass(frozen=True, eq=False, repr=False)
class DepthPlayer(Playable):
    """Signals in deep networks, ready to be shown. Made by :func:`depth_player`."""

    runs: dict[str, dict[float, Run]]
    inputs: np.ndarray
    title: str
    description: str
    setting: str
    choice: str
    names: dict[float, str]
    kind = "depth"

    def still(self) -> bytes:
        """The still picture, as PNG bytes: three layers at the middle setting, and all at three settings."""
        name, runs = next(iter(self.runs.items()))
        settings = list(runs)
        middle = settings[len(settings) // 2]
        chosen = sorted({settings[0], middle, settings[-1]})
        depth, (low, high) = len(runs[middle].layers), self._axis(name)
        with plt.rc_context({**plotting.STYLE, "axes.titlesize": 10.5}):
            figure = plt.figure(figsize=(5.4, 5.2))
            grid = figure.add_gridspec(2, 6)
            for k, layer in enumerate(sorted({1, (depth + 1) // 2, depth})):
                ax = figure.add_subplot(grid[0, 2 * k : 2 * k + 2])
                heights = signals.bars(runs[middle].layers[layer - 1], low, high)
                ax.stairs(heights, np.linspace(low, high, signals.BARS + 1), fill=True, color=_COLORS[0])
                ax.set(title=f"layer {layer}", yticks=[], xticks=[low, high], xlabel="activation")
                ax.grid(False)
            for k, what in enumerate(("spreads", "gradients")):
                ax = figure.add_subplot(grid[1, 3 * k : 3 * k + 3])
                drawn = {value: getattr(runs[value], what) for value in chosen}
                bottom, top, below = signals.powers(sum(drawn.values(), []))
                for (value, sizes), dash in zip(drawn.items(), ("--", "-", ":"), strict=False):
                    label = f"{self.setting} {value:.3g}"
                    sizes = np.maximum(sizes, 10.0**bottom)
                    ax.plot(range(1, depth + 1), sizes, dash, color=_COLORS[k], label=label)
                ax.set(yscale="log", ylim=(10.0**bottom / 2, 10.0**top * 2), xlabel="layer")
                ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
                heading = "size of the gradient" if k else "standard deviation"
                ax.set_title(f"{heading}\n(floor: 1e{bottom} and less)" if below else heading)
            figure.legend(handles=ax.lines, loc="outside lower center", ncols=len(chosen), labelcolor="black")
            told = f"{self.title}\n{name}; above, {self.setting} {middle:.3g}"
            figure.suptitle(told, x=0.01, ha="left", size=11.5, weight="bold")
            return plotting.png(figure)

    def data(self) -> dict[str, Any]:
        """What the script needs, as plain lists and numbers, the same on every processor."""
        (some, *_), *_ = [list(runs.values()) for runs in self.runs.values()]
        settings = list(next(iter(self.runs.values())))
        choice = {"choice": self.choice} if self.choice != "Activation" else {}
        named = {"names": [self.names.get(value, "") for value in settings]} if self.names else {}
        ends = signals.limits([self.inputs])
        return {
            "title": self.title,
            "description": self.description,
            "setting": self.setting,
            "settings": [f"{value:.3g}" for value in settings],
            **choice,
            **named,
            "last": len(some.layers),
            "inputs": {**_axis([self.inputs], *ends), **_told(self.inputs, *ends)},
            "spreads": self.powers("spreads"),
            "gradients": self.powers("gradients"),
            "colors": _COLORS,
            "functions": [
                {
                    "name": name,
                    **_axis([layer for run in runs.values() for layer in run.layers], *self._axis(name)),
                    "runs": [
                        [
                            {**_told(layer, *self._axis(name)), "gradient": short(size)}
                            for layer, size in zip(run.layers, run.gradients, strict=True)
                        ]
                        for run in runs.values()
                    ],
                }
                for name, runs in self.runs.items()
            ],
        }

    def powers(self, what: str) -> tuple[int, int, bool]:
        """The axis of the "spreads" or the "gradients", as :func:`course_lib.signals.powers` has it."""
        sizes = [size for runs in self.runs.values() for run in runs.values() for size in getattr(run, what)]
        return signals.powers([*sizes, signals.spread(self.inputs)] if what == "spreads" else sizes)

    def _axis(self, name: str) -> tuple[float, float]:
        return signals.limits([run.layers[0] for run in self.runs[name].values()])

    def __repr__(self) -> str:
        return f"DepthPlayer({self.title!r}: {', '.join(self.runs)})"


def _axis(layers: list[np.ndarray], low: float, high: float) -> dict[str, Any]:
    return {"limits": [short(low), short(high)], "beyond": signals.beyond(layers, low, high)}


def _told(values: np.ndarray, low: float, high: float) -> dict[str, Any]:
    """What is shown of a layer: its mean, its spread, how many are exactly 0, and its histogram."""
    mean, spread = float(np.mean(values)), signals.spread(values)
    noise = 1e-12 * float(np.abs(values).max())
    return {
        "mean": short(mean) if abs(mean) > noise else 0,
        "spread": short(spread),
        "zeros": short(float(np.mean(values == 0))),
        "bars": signals.bars(values, low, high),
    }
