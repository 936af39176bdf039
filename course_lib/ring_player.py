"""A player for the ring all-reduce: workers in a ring add up their gradients, one message a step.

:func:`ring_steps` passes the numbers around, and is all there is to compute; :func:`ring_player` stores what
each step leaves behind. As with :mod:`course_lib.player`, a still picture stands in for it where no script
runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt

from course_lib import plotting
from course_lib.player import Playable, check_words, short

__all__ = ["Step", "ring_steps", "ring_player", "RingPlayer"]

#: The colours of sums, the fuller the more workers they hold, and of messages.
_COLORS = ("#0072B2", "#C04F00")
_MOST_WORKERS = 8
#: As many digits as fit into a box on a phone.
_LARGEST = 999


@dataclass(frozen=True)
class Step:
    """What a step of the ring leaves behind.

    ``sent`` is the chunk that each worker sends in it, worker 0's first; before the first step it is empty.
    ``values[r][k]`` is then what worker r has in chunk k, and ``holds[r][k]`` how many workers' gradients are
    in it.
    """

    phase: str
    sent: tuple[int, ...]
    values: tuple[tuple[float, ...], ...]
    holds: tuple[tuple[int, ...], ...]


def ring_steps(gradients: Sequence[Sequence[float]]) -> list[Step]:
    """All steps of a ring all-reduce among N workers: the start, N − 1 that add, N − 1 that copy.

    ``gradients[r][k]`` is chunk k of worker r's gradient; a chunk is one number here. Worker r sends to
    worker r + 1, the last one to worker 0. In step s = 0, 1, … of the *reduce-scatter* worker r sends chunk
    r − s, and adds what it receives to its own; chunk numbers are taken modulo N. Then worker r has the whole
    sum of chunk r + 1. In step s of the *all-gather* it sends chunk r + 1 − s, and what it receives takes
    the place of its own.

    Raises ``ValueError`` for fewer than 2 workers, for a gradient that has not one chunk for each worker, and
    for numbers that are not finite.
    """
    N = len(gradients)
    if N < 2:
        raise ValueError(f"a ring needs at least 2 workers, not {N}")
    for r, gradient in enumerate(gradients):
        if len(gradient) != N:
            raise ValueError(f"worker {r} has {len(gradient)} chunks; {N} workers have {N} chunks each")
        if not all(math.isfinite(value) for value in gradient):
            raise ValueError(f"worker {r} has a number that is not finite: {list(gradient)}")
    values, holds = [list(gradient) for gradient in gradients], [[1] * N for _ in range(N)]
    steps = [_left("start", (), values, holds)]
    for phase, first in (("reduce-scatter", 0), ("all-gather", 1)):
        for s in range(N - 1):
            sent = tuple((r + first - s) % N for r in range(N))
            # All send at once: what is sent is what was there before the step.
            messages = [(values[r][k], holds[r][k]) for r, k in enumerate(sent)]
            for r, k in enumerate(sent):
                to, (value, count) = (r + 1) % N, messages[r]
                if phase == "reduce-scatter":
                    values[to][k] += value
                    holds[to][k] += count
                else:
                    values[to][k], holds[to][k] = value, count
            steps.append(_left(phase, sent, values, holds))
    return steps


def _left(phase: str, sent: tuple[int, ...], values: list[list[float]], holds: list[list[int]]) -> Step:
    return Step(phase, sent, tuple(map(tuple, values)), tuple(map(tuple, holds)))


def ring_player(
    gradients: Sequence[Sequence[float]], *, nbytes: int, title: str, description: str
) -> RingPlayer:
    """Show a ring all-reduce, step by step: who sends which chunk to whom, and the bytes so far.

    ``gradients[r][k]`` is chunk k of worker r's gradient, one number that stands for it, as
    :func:`ring_steps` has it. ``nbytes`` is the size of a worker's whole gradient, in bytes: a step sends one
    chunk of it, ``nbytes / N``, from each worker. ``title`` stands above the player; ``description`` says
    what there is to see, for people who cannot see it: it is the alt text of the still picture, which shows
    the start, the middle and the end. Returns a :class:`RingPlayer`: make it the last expression of a cell.

    Raises ``ValueError`` as :func:`ring_steps` does, for more than 8 workers, for sums that are not whole
    numbers of three digits at most, for ``nbytes`` that is no positive multiple of the number of workers, for
    an empty ``title``, and a ``description`` of 40 characters or fewer.
    """
    steps = ring_steps(gradients)
    N = len(gradients)
    if N > _MOST_WORKERS:
        raise ValueError(f"there is room for {_MOST_WORKERS} workers, not for {N}")
    for step in steps:
        for value in (value for row in step.values for value in row):
            if value != int(value) or abs(value) > _LARGEST:
                raise ValueError(f"a box has room for whole numbers up to ±{_LARGEST}, not for {value!r}")
    if not isinstance(nbytes, int) or isinstance(nbytes, bool) or nbytes < 1 or nbytes % N:
        raise ValueError(f"nbytes must be a positive multiple of {N}, the number of workers, not {nbytes!r}")
    check_words(title, description)
    return RingPlayer(steps, nbytes, title, description)


@dataclass(frozen=True, repr=False)
class RingPlayer(Playable):
    """A ring all-reduce, ready to be shown. Made by :func:`ring_player`."""

    steps: list[Step]
    nbytes: int
    title: str
    description: str
    kind = "ring"

    @property
    def workers(self) -> int:
        """N, the number of workers, and of the chunks of each."""
        return len(self.steps[0].values)

    def sent(self, step: int) -> int:
        """The bytes that each worker has sent after a step."""
        return step * self.nbytes // self.workers

    def still(self) -> bytes:
        """The still picture, as PNG bytes: the start, the whole sums in the middle, and the end."""
        N = self.workers
        with plt.rc_context({**plotting.STYLE, "axes.titlesize": 10.5, "axes.grid": False}):
            figure, axes = plt.subplots(3, figsize=(5.4, 1.5 + 0.9 * N), sharex=True)
            for ax, at in zip(axes, (0, N - 1, 2 * N - 2), strict=True):
                step = self.steps[at]
                for r in range(N):
                    for k in range(N):
                        share = step.holds[r][k] / N
                        ax.barh(r, 0.9, left=k + 0.05, height=0.8, color=_COLORS[0], alpha=0.08 + 0.3 * share)
                        text = f"{step.values[r][k]:g}".replace("-", "−")
                        ax.text(k + 0.5, r, text, ha="center", va="center")
                named = "the start" if at == 0 else f"step {at}, {step.phase} done"
                ax.set(title=f"{named}; {self.sent(at):,} bytes each")
                ax.set(xlim=(0, N), ylim=(N - 0.5, -0.5), yticks=range(N), xticks=[k + 0.5 for k in range(N)])
                ax.set_yticklabels([f"worker {r}" for r in range(N)])
                ax.set_xticklabels([f"chunk {k}" for k in range(N)] if N < 7 else range(N))
                ax.tick_params(length=0)
                for side in ax.spines.values():
                    side.set_visible(False)
            figure.suptitle(self.title, x=0.01, ha="left", size=11.5, weight="bold")
            return plotting.png(figure)

    def data(self) -> dict[str, Any]:
        """What the script needs, as plain lists and numbers, the same on every processor."""
        return {
            "title": self.title,
            "description": self.description,
            "workers": self.workers,
            "colors": _COLORS,
            "steps": [
                {
                    "phase": step.phase,
                    "sent": list(step.sent),
                    "values": [[short(value, 15) for value in row] for row in step.values],
                    "bytes": self.sent(k),
                    "whole": [sum(count == self.workers for count in row) for row in step.holds],
                }
                for k, step in enumerate(self.steps)
            ],
            "holds": [[list(row) for row in step.holds] for step in self.steps],
        }

    def __repr__(self) -> str:
        return f"RingPlayer({self.title!r}: {self.workers} workers)"
