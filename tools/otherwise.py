"""How a lesson can be run otherwise: other seeds, other settings, or sabotaged."""

from __future__ import annotations

import hashlib
import inspect
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import IPython.display
import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course_lib import datasets, optim, player, plotting, rules, training
from course_lib.rule_optimizer import RuleOptimizer

#: How one learning rate is called. Grids have other names, and stay where they are.
RATES = {"lr", "eta", "rate", "learning_rate"}
#: How what a model is to predict is called.
LABELS = {"y", "y_all", "y_train", "y_val", "y_test", "labels", "targets"}

#: Sabotages of a whole run, and of the values that one assertion reads.
RUNS = ("loop stands still", "all is SGD", "labels shuffled", "seeds equal")
VALUES = ("negative", "mean", "swapped", "off")


@dataclass(frozen=True)
class Way:
    """How to run a lesson. ``Way()`` runs it as it stands.

    ``seed`` changes every seed of the lesson (0: none). ``settings`` gives `descend` other starts, and moves
    all learning rates together by up to a factor of two (0: none). ``sabotage`` is one of `RUNS`, or
    "values": then each assertion is also asked with its variables altered, as `VALUES` says.
    """

    seed: int = 0
    settings: int = 0
    sabotage: str = ""


def alter(value: Any, kind: str) -> Any:
    """A measured value made wrong on purpose: its negative, its mean everywhere, swapped, or far off.

    None where that would change nothing, or where it means nothing.
    """
    if isinstance(value, (torch.nn.Module, torch.optim.Optimizer)) or inspect.isclass(value):
        return None
    if inspect.isfunction(value):
        if kind != "negative":
            return None
        return lambda *a, **k: _negative_result(value(*a, **k))
    if isinstance(value, (bool, str, bytes)) or value is None:
        return None
    if kind == "negative":
        changed = _each(value, lambda x: -x)
    elif kind == "off":
        changed = _each(value, lambda x: x + 1 + abs(x))
    elif kind == "mean":
        numbers = list(_numbers(value))
        if len(numbers) < 2:
            return None
        mean = sum(numbers) / len(numbers)
        changed = _each(value, lambda x: mean)
    elif isinstance(value, dict):
        changed = dict(zip(value, reversed(list(value.values())), strict=True)) if len(value) > 1 else None
    elif isinstance(value, (list, tuple)):
        changed = type(value)(reversed(value)) if type(value) in (list, tuple) and len(value) > 1 else None
    elif isinstance(value, torch.Tensor) and value.dim() and len(value) > 1:
        changed = value.flip(0)
    elif isinstance(value, np.ndarray) and value.ndim and len(value) > 1:
        changed = value[::-1]
    else:
        changed = None
    return changed


def _negative_result(result: Any) -> Any:
    changed = alter(result, "negative")
    return result if changed is None else changed


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return change(value)
    if isinstance(value, (torch.Tensor, np.ndarray)):
        if value.dtype in (torch.bool, np.bool_):
            return ~value
        changed = change(value)
        return value * 0 + changed if not isinstance(changed, type(value)) else changed
    if isinstance(value, dict):
        return {key: _each(each, change) for key, each in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_each(each, change) for each in value)
    return value


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, bool):
        return
    if isinstance(value, (int, float)):
        yield float(value)
    elif isinstance(value, (torch.Tensor, np.ndarray)):
        if value.size if isinstance(value, np.ndarray) else value.numel():
            yield from (float(x) for x in value.reshape(-1)[:10_000])
    elif isinstance(value, dict):
        for each in value.values():
            yield from _numbers(each)
    elif type(value) in (list, tuple):
        for each in value:
            yield from _numbers(each)


def shuffle(value: Any) -> Any:
    """Labels in another order; what is no tensor of some length is left alone."""
    if not isinstance(value, torch.Tensor) or value.dim() == 0 or len(value) < 3:
        return value
    return value[torch.randperm(len(value), generator=torch.Generator().manual_seed(len(value)))]


# --- seeds, starts, and sabotage in the libraries --------------------------------------------------------


def mixed(seed: Any, way: Way) -> Any:
    """What a lesson's seed becomes."""
    if way.sabotage == "seeds equal":
        return 0
    if not way.seed or not isinstance(seed, int):
        return seed
    digest = hashlib.sha256(f"{way.seed}:{seed}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def random_between(low: float, high: float, *about: Any) -> float:
    """A number that depends only on ``about``."""
    digest = hashlib.sha256(":".join(map(str, about)).encode()).digest()
    return low + (high - low) * int.from_bytes(digest[:6], "big") / 2**48


def other_start(loss: Any, start: Any, way: Way) -> list[float]:
    """Another place on a landscape's map, the same for all who began at the same one.

    A start on a loss without a map, or on an axis (a ridge, say), moves by 30 % at most.
    """
    places = [float(x) for x in start]
    bounds = getattr(loss, "bounds", None)
    if bounds is not None and min(map(abs, places)) > 1e-3:
        return [
            random_between(0.9 * low + 0.1 * high, 0.1 * low + 0.9 * high, "start", way.settings, i, places)
            for i, (low, high) in enumerate(bounds)
        ]
    return [x * random_between(0.7, 1.3, "start", way.settings, i, x) for i, x in enumerate(places)]


def change_libraries(way: Way) -> None:
    """Change seeds, starts and optimizers in this process, for good."""

    class Generator(torch._C.Generator):
        def __init__(self, *arguments, **rest):  # one that nobody seeds
            super().manual_seed(mixed(0, way))

        def manual_seed(self, seed):
            super().manual_seed(mixed(seed, way))
            return self

    class Random(random.Random):
        def seed(self, a=None, version=2):
            super().seed(mixed(a, way), version)

    seeded, rng, chance = torch.manual_seed, np.random.default_rng, random.seed
    if way.seed or way.sabotage == "seeds equal":
        torch.Generator = Generator  # type: ignore[misc]
        torch.manual_seed = torch.random.manual_seed = lambda seed: seeded(mixed(seed, way))
        np.random.default_rng = lambda seed=None: rng(mixed(seed, way))
        random.Random = Random  # type: ignore[misc]
        random.seed = lambda a=None, version=2: chance(mixed(a, way), version)
        seeded(mixed(0, way))
    if way.settings:
        descend = training.descend

        def moved(loss, rule, start, steps, **rest):
            return descend(loss, rule, other_start(loss, start, way), steps, **rest)

        training.descend = moved  # type: ignore[assignment]
    _draw_nothing()
    if way.sabotage == "loop stands still":
        _rules(lambda rule: lambda w, g, s, t, **hyper: (w, s))
        _optimizers(lambda step: lambda self, closure=None: None)
    if way.sabotage == "all is SGD":
        _rules(lambda rule: lambda w, g, s, t, *, lr=1e-3, **hyper: (w - lr * g, s))
        _optimizers(lambda step: _plain_step)
    if way.sabotage == "labels shuffled":
        _shuffle_labels()


def _plain_step(self, closure=None):
    with torch.no_grad():
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad


def _rules(change):
    for name in rules.__all__:
        rule = getattr(rules, name)
        if list(inspect.signature(rule).parameters)[:4] == ["w", "g", "s", "t"]:
            setattr(rules, name, change(rule))


def _optimizers(change):
    for module in (torch.optim, optim):
        for name in getattr(module, "__all__", dir(module)):
            kind = getattr(module, name, None)
            if inspect.isclass(kind) and issubclass(kind, torch.optim.Optimizer):
                if kind is not torch.optim.Optimizer and "step" in vars(kind):
                    kind.step = change(kind.step)
    RuleOptimizer.step = change(RuleOptimizer.step)  # type: ignore[method-assign]


def _shuffle_labels():
    for name in ("noisy_line", "sparse_features", "diabetes", "digits"):
        make = getattr(datasets, name)

        def shuffled(*a, _make=make, **k):
            made = list(_make(*a, **k))
            for i in range(1, len(made), 2):
                made[i] = shuffle(made[i])
            return tuple(made)

        setattr(datasets, name, shuffled)


def _draw_nothing() -> None:
    FigureCanvasAgg.draw = lambda self, *a, **k: None  # type: ignore[method-assign]
    plotting.label_ends = lambda *a, **k: None
    plotting.show = lambda fig=None, *a, **k: plt.close("all")
    player.Playable._ipython_display_ = lambda self: None  # type: ignore[method-assign]
    IPython.display.display = lambda *a, **k: None  # type: ignore[assignment]
