"""One way to compare: tune every rival alike, judge on other seeds, subtract pair by pair.

:func:`tune` tries each setting of the knobs and keeps the one with the lowest median score. :func:`paired` is
the difference of two rivals that met the same seeds (or data sets, or starts), with its standard error.
:func:`race` does both, for several rivals on one protocol.
"""

from __future__ import annotations

import itertools
import math
import numbers
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.tables import table

__all__ = ["CLIFF", "Tuned", "tune", "Difference", "paired", "Race", "race"]

#: A step to a neighbouring value that makes a score this many times worse goes over a cliff.
CLIFF = 10.0

# Values to try for each knob, by its name; or a list of learning rates.
Grid = Mapping[str, Sequence[Any]] | Sequence[Any]
Scores = NDArray[np.float64]


# --- tuning ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tuned:
    """What :func:`tune` found.

    ``best`` is the setting with the lowest median: a dict such as ``{"lr": 0.1, "momentum": 0.9}``; where the
    grid was a list, its value. ``scores`` are its scores, one a seed. ``medians`` holds the median score of
    each setting, by its value, or by the tuple of its values where there are several knobs.

    ``at_edge`` names the knobs whose best value is the smallest or the largest tried: their grid was too
    narrow. (0 means "off"; below it there is nothing to try.)

    ``steps`` says what it costs to miss the best value by one: for each neighbour in the grid, how many times
    worse its median is than the best one's, or its worst run than the best one's worst, whichever is more.
    It is infinity if a run diverged. If a run of the best setting itself diverged, that stands there too.
    Factors need positive scores; of others, only what diverged is listed.
    """

    best: Any
    scores: list[float]
    medians: dict[Any, float]
    at_edge: list[str]
    steps: dict[str, float]

    @property
    def cliff(self) -> dict[str, float]:
        """The steps that cost a factor of :data:`CLIFF` or more. Another seed, or other data, may slip."""
        return {step: factor for step, factor in self.steps.items() if factor >= CLIFF}


def tune(run: Callable[..., Any], grid: Grid, seeds: Iterable[int], *, together: bool = False) -> Tuned:
    """Try each setting with each seed; the best has the lowest median score. Returns :class:`Tuned`.

    ``grid`` maps each knob to the values to try, such as ``{"lr": [0.01, 0.1], "momentum": [0, 0.9]}``; all
    combinations are tried. A list is short for ``{"lr": list}``. ``run(seed=…, lr=…, momentum=…)`` returns a
    score, the lower the better. With ``together=True`` it is called once a setting, as
    ``run(seeds=[…], lr=…, momentum=…)``, and returns a score for each seed.

    A run that raises ``FloatingPointError`` (it diverged), or returns NaN, scores infinity. Among settings
    that are equally good, but for rounding, the first is taken.

    Raises ``ValueError`` if the grid or the seeds are empty, if a score is not one number, or if each setting
    diverged.
    """
    knobs, seeds = _knobs(grid), list(seeds)
    if not knobs or not all(knobs.values()) or not seeds:
        raise ValueError("a comparison needs at least one value for each knob, and one seed")
    scores: dict[tuple[Any, ...], list[float]] = {}
    for values in itertools.product(*knobs.values()):
        found = _scores(partial(run, **dict(zip(knobs, values, strict=True))), seeds, together)
        if found.ndim != 1:
            raise ValueError(f"a run is tuned by one number, not by scores of shape {found.shape[1:]} a seed")
        scores[values] = found.tolist()
    medians = {values: statistics.median(each) for values, each in scores.items()}
    lowest = min(medians.values())
    if lowest == math.inf:
        raise ValueError(f"every setting of the grid diverged: {knobs}")
    best = next(values for values, median in medians.items() if median <= lowest + 1e-9 * abs(lowest))
    setting = dict(zip(knobs, best, strict=True))

    at_edge = []
    steps = {_words(setting): math.inf} if max(scores[best]) == math.inf else {}
    for place, (name, tried) in enumerate(knobs.items()):
        if not all(isinstance(value, numbers.Real) and not isinstance(value, bool) for value in tried):
            continue  # what has no order has neither edges nor neighbours
        ordered = sorted(set(tried))
        here = ordered.index(best[place])
        if here == len(ordered) - 1 or (here == 0 and best[place] != 0):
            at_edge.append(name)
        for value in ordered[max(here - 1, 0) : here] + ordered[here + 1 : here + 2]:
            factor = _times_worse(scores[(*best[:place], value, *best[place + 1 :])], scores[best])
            if factor is not None:
                steps[_words({name: value})] = factor
    return Tuned(
        best=setting if isinstance(grid, Mapping) else best[0],
        scores=scores[best],
        medians=medians if len(knobs) > 1 else {value: median for (value,), median in medians.items()},
        at_edge=at_edge,
        steps=steps,
    )


# --- paired differences ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """What :func:`paired` found: ``mean`` and ``error``, its standard error, both in ``unit``.

    ``resampled`` names what was drawn anew, ``counts`` says how many of each, and ``fixed`` names what was
    not. Printed, or at the end of a cell, it is a sentence. ``f"{difference:.1f}"`` is its two numbers alone,
    with as many digits; ``short`` gives them two digits of the error, and the unit.
    """

    mean: float
    error: float
    counts: tuple[int, ...]
    resampled: tuple[str, ...]
    fixed: str
    unit: str = ""

    @property
    def short(self) -> str:
        """Mean ± standard error, and the unit."""
        digits = max(0, 1 - math.floor(math.log10(self.error)))
        return f"{self:.{digits}f} {self.unit}".rstrip()

    def __format__(self, spec: str) -> str:
        return f"{self.mean:+{spec}} ± {self.error:{spec}}" if spec else str(self)

    def __str__(self) -> str:
        drawn = (f"{count} {name}" for count, name in zip(self.counts, self.resampled, strict=True))
        return (
            f"{self.short} (mean ± standard error of paired differences; "
            f"resampled: {' and '.join(drawn)}; not resampled: {self.fixed})"
        )

    def __repr__(self) -> str:
        # Notebooks store it beside the table: scores to their last digit differ from machine to machine.
        return str(self)

    def _repr_markdown_(self) -> str:
        return str(self)


def paired(
    a: ArrayLike, b: ArrayLike, *, resampled: str | Sequence[str], fixed: str, unit: str = ""
) -> Difference:
    """The difference of two rivals' scores, a − b, pair by pair. Returns :class:`Difference`.

    Entry i of ``a`` and entry i of ``b`` met the same seed, the same data, the same start: luck that both had
    cancels in dᵢ = aᵢ − bᵢ. Of n differences with the mean d̄::

        standard error = √( Σ(dᵢ − d̄)² / (n (n − 1)) )

    If the differences are independent, and a few of them do not outweigh the rest, d̄ lies within two standard
    errors of the true difference in 19 of 20 cases (with n = 10 in 18 or 19). Losses over several powers of
    ten are better compared by their logarithms.

    **What is independent?** Scores may have several axes. The first is what was resampled; what lies in a row
    is averaged first. Scores of 10 data sets × 3 seeds have the shape (10, 3), and make 10 differences, not
    30: the runs on one data set share its luck. Where the first two axes were each drawn by themselves, and
    crossed, such as every seed with every image of one test set, name both:
    ``resampled=("seeds", "test images")``. The squares of both standard errors then add up, which is a little
    too cautious. (More seeds do not make a test set larger.)

    ``resampled`` names, in the plural, what was drawn anew; ``fixed`` what was not, such as "the split, the
    tuned rates": of another one the error knows nothing. ``unit`` is that of the scores.

    Raises ``ValueError`` if the scores do not come in pairs, are not all finite (a run that diverged has no
    difference to another), are fewer than two, or if all differences are the same.
    """
    names = (resampled,) if isinstance(resampled, str) else tuple(resampled)
    if not names or not all(names) or not fixed:
        raise ValueError('say what was resampled and what was not: resampled="seeds", fixed="the test set"')
    first, second = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if first.shape != second.shape:
        raise ValueError(f"rivals are paired score for score, not shapes {first.shape} and {second.shape}")
    if first.ndim < len(names):
        raise ValueError(f"scores of shape {first.shape} have no axis for each of {', '.join(names)}")
    for which, scores in (("first", first), ("second", second)):
        bad = int((~np.isfinite(scores)).sum())
        if bad:
            raise ValueError(
                f"{bad} of the {scores.size} scores of the {which} rival are not finite: a run that diverged "
                "has no difference to another; say how many did"
            )
    differences = first - second
    rounding = 1e-12 * max(np.abs(first).max(initial=0), np.abs(second).max(initial=0))
    variance = 0.0
    for axis, (name, count) in enumerate(zip(names, first.shape, strict=False)):
        if count < 2:
            raise ValueError(f"a standard error takes at least two {name}, not {count}")
        each = differences.mean(axis=tuple(other for other in range(first.ndim) if other != axis))
        if np.ptp(each) <= rounding:
            raise ValueError(f"all {count} {name} give the same difference: do the {name} reach the runs?")
        variance += each.var(ddof=1) / count
    return Difference(
        mean=float(differences.mean()),
        error=math.sqrt(variance),
        counts=first.shape[: len(names)],
        resampled=names,
        fixed=fixed,
        unit=unit,
    )


# --- races -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Race:
    """What :func:`race` found. Printed, or at the end of a cell, it is a table with what must be said below.

    ``tuned`` holds what :func:`tune` found for each rival, and ``judged`` its scores on the judging seeds, an
    array with a row for each seed. ``resampled``, ``fixed`` and ``unit`` are those of :func:`paired`.
    """

    tuned: dict[str, Tuned]
    judged: dict[str, Scores]
    resampled: str | Sequence[str]
    fixed: str
    unit: str = ""

    def difference(self, a: str, b: str) -> Difference:
        """The judged scores of rival a minus those of rival b, as :func:`paired` has it."""
        for name in (a, b):
            if name not in self.judged:
                raise ValueError(f"there is no rival {name!r} in this race, only {', '.join(self.judged)}")
        words: dict[str, Any] = {"resampled": self.resampled, "fixed": self.fixed, "unit": self.unit}
        return paired(self.judged[a], self.judged[b], **words)

    def __str__(self) -> str:
        first, *_ = self.judged
        diverged = {
            name: sum(not np.isfinite(row).all() for row in rows) for name, rows in self.judged.items()
        }
        rows = []
        for name, tuned in self.tuned.items():
            scores = [float(np.mean(row)) for row in self.judged[name]]
            if diverged[name]:
                middle = f"{diverged[name]} of {len(scores)} diverged"
            else:
                low, median, high = np.quantile(scores, [0.25, 0.5, 0.75])
                middle = f"{median:.3g} ({low:.3g} to {high:.3g})"
            if name == first or diverged[name] or diverged[first]:
                minus = ""
            elif np.allclose(self.judged[name], self.judged[first], rtol=1e-12, atol=0):
                minus = "the same"  # such as momentum 0 and SGD
            else:
                minus = self.difference(name, first).short
            edges = ", ".join(tuned.at_edge)
            rows.append([name, _words(_setting(tuned)), edges, _worst_step(tuned), middle, minus])
        heads = ["", "best", "at the edge", "a step costs", "median (middle half)", f"minus {first}"]
        runs, settings = len(self.tuned[first].scores), len(self.tuned[first].medians)
        resampled = [self.resampled] if isinstance(self.resampled, str) else self.resampled
        below = (
            f"Tuned by the median of {runs} runs, {settings} settings for each; "
            f"judged on {len(self.judged[first])} other seeds. "
            f"±: standard error of the mean paired difference. "
            f"Resampled: {' and '.join(resampled)}. Not resampled: {self.fixed}."
        )
        return f"{table(heads, rows).data}\n\n{below}"

    def __repr__(self) -> str:
        # Notebooks store it beside the table: scores to their last digit differ from machine to machine.
        return str(self)

    def _repr_markdown_(self) -> str:
        return str(self)


def race(
    run: Callable[..., Any],
    grids: Mapping[str, Grid],
    *,
    tuning: Iterable[int],
    judging: Iterable[int],
    resampled: str | Sequence[str],
    fixed: str,
    unit: str = "",
    judge: Callable[..., Any] | None = None,
    together: bool = False,
) -> Race:
    """Tune each rival over its grid on the tuning seeds, and judge its best setting on other seeds.

    ``grids`` maps each rival's name to its grid, with all its free knobs; each gets the same number of
    settings. ``run(name, seed=…, lr=…)`` returns the score that tunes, the lower the better.
    ``judge(name, seed=…, lr=…)``, if given, returns what is compared in the end: a number, or an array, such
    as an entry for each test image. With ``together=True`` both are called with all ``seeds`` at once, as
    :func:`tune` does it. ``resampled``, ``fixed`` and ``unit`` are those of :func:`paired`. Returns
    :class:`Race`.

    Raises ``ValueError`` for fewer than two rivals, for grids of different sizes, for a seed that both tunes
    and judges, and for fewer than two judging seeds.
    """
    tuning, judging = list(tuning), list(judging)
    if len(grids) < 2:
        raise ValueError(f"a race needs at least two rivals, not {len(grids)}")
    if len(judging) < 2:
        raise ValueError(f"a standard error takes at least two judging seeds, not {len(judging)}")
    if both := sorted(set(tuning) & set(judging)):
        raise ValueError(f"seeds that tuned cannot judge: {both}")
    sizes = {name: math.prod(map(len, _knobs(grid).values())) for name, grid in grids.items()}
    if len(set(sizes.values())) > 1:
        raise ValueError(f"each rival must get as many settings as the others, not {sizes}")
    tuned = {name: tune(partial(run, name), grid, tuning, together=together) for name, grid in grids.items()}
    judged = {
        name: _scores(partial(judge or run, name, **_setting(result)), judging, together)
        for name, result in tuned.items()
    }
    return Race(tuned, judged, resampled, fixed, unit)


# --- what they share ---------------------------------------------------------------------------------------


def _knobs(grid: Grid) -> dict[str, list[Any]]:
    return {
        name: list(values) for name, values in (grid if isinstance(grid, Mapping) else {"lr": grid}).items()
    }


def _scores(run: Callable[..., Any], seeds: list[int], together: bool) -> Scores:
    """The scores of a run, a row for each seed; infinity for what diverged."""

    def scored(seed: Mapping[str, Any], diverged: Scores) -> Scores:
        try:
            scores = np.asarray(run(**seed), dtype=float)
        except FloatingPointError:
            return diverged
        return np.where(np.isnan(scores), math.inf, scores)

    if not together:
        rows = [scored({"seed": seed}, np.asarray(math.inf)) for seed in seeds]
        return np.stack(np.broadcast_arrays(*rows))
    scores = scored({"seeds": seeds}, np.full(len(seeds), math.inf))
    if scores.shape[:1] != (len(seeds),):
        raise ValueError(f"a run of {len(seeds)} seeds together gives a score for each, not {scores.shape}")
    return scores


def _times_worse(scores: list[float], best: list[float]) -> float | None:
    """The larger factor of the two medians and the two worst runs; none between scores without factors."""
    if math.inf in scores:
        return math.inf
    pairs = ((statistics.median(scores), statistics.median(best)), (max(scores), max(best)))
    return max((a / b for a, b in pairs if b > 0), default=None)


def _setting(tuned: Tuned) -> dict[str, Any]:
    return tuned.best if isinstance(tuned.best, dict) else {"lr": tuned.best}


def _words(setting: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name}={value:.3g}" if isinstance(value, float) else f"{name}={value}"
        for name, value in setting.items()
    )


def _worst_step(tuned: Tuned) -> str:
    if not tuned.steps:
        return ""
    step, factor = max(tuned.steps.items(), key=lambda item: item[1])
    if factor == math.inf:
        return f"{step}: diverges"
    # How deep it falls beyond a cliff, processors need not agree on.
    return f"{step}: ×{factor:.3g}" if factor < 10 * CLIFF else f"{step}: more than ×{10 * CLIFF:g}"
