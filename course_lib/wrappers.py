"""Wrappers: rules made of rules.

A wrapper has the shape of the rules in :mod:`course_lib.rules`, and is told which ``rule`` it wraps::

    new_w, new_s = lookahead(w, g, s, t, rule=rules.adam, lr=1e-3)

What it does not know itself among the hyperparameters it hands on. To give the wrapped rule a hyperparameter
that bears the name of the wrapper's own, or to wrap a wrapper, use :func:`functools.partial`::

    schedule_free(w, g, s, t, lr=1e-3, rule=partial(lookahead, rule=rules.adam, k=6))

The state stays one flat dict: the wrapper's own entries, and those of the wrapped rule under ``"base."`` and
their name, such as ``"base.m"``; wrapped twice, ``"base.base.m"``. ``{}`` stands for a start at ``w``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from course_lib import rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from course_lib.rules import Betas, State, Update, Value

    Rule = Callable[..., Update]

__all__ = ["lookahead", "ranger", "schedule_free", "schedule_free_sgd", "schedule_free_adamw"]

_BASE = "base."


def _base_state(s: State) -> State:
    """What the wrapped rule kept."""
    return {name.removeprefix(_BASE): x for name, x in s.items() if name.startswith(_BASE)}


def _joined(own: State, base: State) -> State:
    """The wrapper's own state and the wrapped rule's, in one dict."""
    return {**own, **{_BASE + name: x for name, x in base.items()}}


# --- Lookahead: k steps forward, one step back -----------------------------------------------------------


def lookahead(
    w: Value, g: Value, s: State, t: int, *, rule: Rule, k: int = 5, alpha: float = 0.5, **hyper: Any
) -> Update:
    """Lookahead: let a rule run ahead for k updates, then go only a part of the way to where it got.

    Formula, with slow weights φ that start at the first w::

        w ← rule(w, g)      every k-th update:  φ ← (1−α)φ + αw,  w ← φ

    The first of these synchronizations, at update k, counts like all others: it goes back towards the initial
    weights. With k = 1 and α = 1 this is the rule itself.

    Symbols: k ``k``, α ``alpha``; all else goes to ``rule``, whose state lives on through a synchronization.
    State: φ as ``slow``, as large as w, and the rule's. Between synchronizations evaluate at ``slow``.
    Source: Zhang, Lucas, Hinton & Ba (2019), Algorithm 1.
    torch: has no Lookahead. The authors' code has α = 0.8 by default and can also reset or pull back the
    momentum at a synchronization, which this does not.
    """
    slow: Value = s.get("slow", w)
    w, base = rule(w, g, _base_state(s), t, **hyper)
    if t % k == 0:
        w = slow = (1 - alpha) * slow + alpha * w
    return w, _joined({"slow": slow}, base)


def ranger(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-3, alpha: float = 0.5, k: int = 6, betas: Betas = (0.95, 0.999), eps: float = 1e-5,
    weight_decay: float = 0.0,
) -> Update:  # fmt: skip
    """Ranger: :func:`lookahead` around :func:`course_lib.rules.radam` with decoupled weight decay.

    Formula: RAdam's update; at every k-th the slow weights' of Lookahead.

    Symbols: η ``lr``, α ``alpha``, k ``k``, β₁, β₂ ``betas``, ε ``eps``, λ ``weight_decay``. State: ``slow``,
    ``base.m`` and ``base.v``, each as large as w.
    Source: Wright (2019), "New deep learning optimizer, Ranger". Since 2020 his ``ranger.py`` also subtracts
    from each gradient of a matrix its mean (gradient centralization), whatever its ``use_gc`` says; else it
    is this rule. His ``ranger2020.py`` heeds ``use_gc=False``, but scales the decay by RAdam's factor too.
    torch: has no Ranger.
    """
    hyper = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, decoupled_weight_decay=True)
    return lookahead(w, g, s, t, rule=rules.radam, k=k, alpha=alpha, **hyper)


# --- Schedule-Free: an average in place of a schedule ----------------------------------------------------


def schedule_free(
    w: Value, g: Value, s: State, t: int, *, rule: Rule, lr: float, beta: float = 0.9,
    weight_decay: float = 0.0, warmup_steps: int = 0, **hyper: Any,
) -> Update:  # fmt: skip
    """Schedule-Free: run a rule at a constant rate, and let an average of its path take the schedule's part.

    Formula, with w in the part of y, the point where gradients are taken, and z and x that start there::

        γ = η·min(1, t/warmup_steps)      z ← rule(z, ∇f(y)) − γλy
        x ← (1−c)x + cz,  c = γ²/Σγ²      y ← (1−β)z + βx

    **Evaluate, and keep, x**, not w. With β = 0 gradients are taken at z, and x is the mean of its path; with
    β = 1 at the mean itself.

    Symbols: η ``lr``, β ``beta``, λ ``weight_decay``; all else goes to ``rule``, with γ as its ``lr``. State:
    ``z`` and ``x``, each as large as w, ``weight_sum``, a number, Σγ², and the rule's. A decay, or momentum,
    of the rule itself acts at z: mostly you want a rule that has neither.
    Source: Defazio et al. (2024), "The road less scheduled": for SGD, all z weighing the same, in its text;
    the weights γ², the warmup and the decay at y in its Algorithm 1, for AdamW, and in the authors' code.
    torch: has no Schedule-Free. The authors' code does not store x but recovers it from y and z, which needs
    β > 0 and saves a buffer; weighs by the largest γ so far, which differs once you lower η; and can weigh by
    powers of t (``r``) and other powers of γ (``weight_lr_power``), which are 0 and 2 here.
    """
    if t < warmup_steps:
        lr = lr * t / warmup_steps
    z, base = rule(s.get("z", w), g, _base_state(s), t, lr=lr, **hyper)
    z = z - lr * weight_decay * w
    weight_sum = s.get("weight_sum", 0.0) + lr * lr
    c = lr * lr / weight_sum if weight_sum > 0 else 0.0
    x: Value = s.get("x", w)
    x = (1 - c) * x + c * z
    return (1 - beta) * z + beta * x, _joined({"z": z, "x": x, "weight_sum": weight_sum}, base)


def schedule_free_sgd(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1.0, momentum: float = 0.9, weight_decay: float = 0.0, warmup_steps: int = 0,
) -> Update:  # fmt: skip
    """Schedule-Free SGD: :func:`schedule_free` around plain :func:`course_lib.rules.sgd`.

    Formula: z ← z − γ(g + λy) in the formula there.

    Symbols: η ``lr``, β ``momentum``, λ ``weight_decay``. State: ``z``, ``x`` and ``weight_sum``.
    Source: Defazio et al. (2024); names and defaults are those of their ``SGDScheduleFree``, which wants
    0 < momentum < 1. 0 works here.
    torch: has no Schedule-Free.
    """
    return schedule_free(
        w, g, s, t, rule=rules.sgd, lr=lr, beta=momentum, weight_decay=weight_decay, warmup_steps=warmup_steps
    )


def schedule_free_adamw(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 2.5e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0,
    warmup_steps: int = 0,
) -> Update:  # fmt: skip
    """Schedule-Free AdamW: :func:`schedule_free` around Adam without momentum; y takes the momentum's part.

    Formula: z ← z − γ[g/(√v̂ + ε) + λy] in the formula there, with v̂ as in :func:`course_lib.rules.adam`.

    Symbols: η ``lr``, β, β₂ ``betas``, ε ``eps``, λ ``weight_decay``. State: ``z``, ``x``, ``base.v`` (as
    large as w) and ``weight_sum``.
    Source: Defazio et al. (2024); names and defaults are those of their ``AdamWScheduleFree``. So is the bias
    correction, of v alone. The paper, and the authors' ``AdamWScheduleFreePaper``, multiply γ by √(1−β₂ᵗ)
    in place of it, which also gives early z less weight in x.
    torch: has no Schedule-Free.
    """
    beta, beta2 = betas
    return schedule_free(
        w, g, s, t, rule=_adam_without_momentum, lr=lr, beta=beta, weight_decay=weight_decay,
        warmup_steps=warmup_steps, betas=(0.0, beta2), eps=eps,
    )  # fmt: skip


def _adam_without_momentum(w: Value, g: Value, s: State, t: int, **hyper: Any) -> Update:
    """Adam with β₁ = 0, whose m is g: no need to keep it."""
    w, s = rules.adam(w, g, s, t, **hyper)
    return w, {"v": s["v"]}
