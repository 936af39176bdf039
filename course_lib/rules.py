"""Update rules: the formulas of the optimizers, as pure functions.

Every rule has the same shape::

    new_w, new_s = rule(w, g, s, t, **hyper)

=========  ==========================================================================================
``w``      the parameter: a Python float, a NumPy array or a torch tensor, of any shape
``g``      the gradient of the loss at ``w``, same type and shape
``s``      the state that the rule kept from the update before, a dict; ``{}`` stands for zeros
``t``      which update this is, counted from 1
``hyper``  the hyperparameters, under the names that ``torch.optim`` gives them
=========  ==========================================================================================

A rule uses arithmetic only, so the same lines run on all three types, on one flat buffer that holds many
parameters, and through ``torch.compile``. It never changes its inputs: it returns new values. That is
all there is to an optimizer; :mod:`course_lib.optim` lends these functions torch's protocol.

Rules do not check their arguments, so that they read as formulas. The classes in
:mod:`course_lib.optim` check them.

LARS and LAMB measure a whole parameter; Muon, Adafactor and SOAP look at the rows and columns of a matrix:
give them one parameter at a time, in its own shape. All other rules are elementwise.

==========================================  ===========================================================
one learning rate for all coordinates       :func:`sgd`
a learning rate for each coordinate         :func:`adagrad`, :func:`adadelta`, :func:`rmsprop`
Adam                                        :func:`adam`, :func:`amsgrad`, :func:`adamw`
Adam's relatives                            :func:`adamax`, :func:`nadam`, :func:`radam`, :func:`ademamix`
only the sign                               :func:`lion`
a learning rate for each layer              :func:`lars`, :func:`lamb`
whole matrices                              :func:`muon`, :func:`adafactor`, :func:`soap`
==========================================  ===========================================================

Rules made of rules (Lookahead, Ranger, Schedule-Free) are in :mod:`course_lib.wrappers`.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    #: A float, a NumPy array or a torch tensor. A rule asks no more of it than arithmetic.
    Value = Any
    State = dict[str, Value]
    Update = tuple[Value, State]
    Betas = tuple[float, float]

__all__ = [
    "sgd",
    "adagrad",
    "adadelta",
    "rmsprop",
    "adam",
    "amsgrad",
    "adamw",
    "adamax",
    "nadam",
    "radam",
    "ademamix",
    "lion",
    "lars",
    "lamb",
    "muon",
    "adafactor",
    "soap",
    "maximum",
    "sign",
    "l2_norm",
    "rms",
    "mean",
    "half_life",
    "orthogonal",
    "eigenvectors",
    "orthonormal",
]

#: What a rule looks at: single entries, a whole parameter, or a whole matrix in its own shape. Every rule of
#: this module is named here: whoever executes, tests or lists them reads it from here.
UNITS = {
    **dict.fromkeys(("sgd", "adagrad", "adadelta", "rmsprop", "adam", "amsgrad", "adamw"), "entry"),
    **dict.fromkeys(("adamax", "nadam", "radam", "ademamix", "lion"), "entry"),
    **dict.fromkeys(("lars", "lamb"), "layer"),
    **dict.fromkeys(("muon", "adafactor", "soap"), "matrix"),
}


# --- words that arithmetic lacks -------------------------------------------------------------------------


def maximum(a: Value, b: Value) -> Value:
    """The larger of two, entry by entry. ``a`` says of which kind the result is; ``b`` may be a number."""
    return a.clip(b) if hasattr(a, "clip") else max(a, b)


def sign(x: Value) -> Value:
    """1, −1, or 0 where x is 0: x / |x|."""
    return x / (abs(x) + (x == 0))


def l2_norm(x: Value) -> Value:
    """The length of one parameter: ‖x‖ = √Σx², taken over all its entries."""
    square = x * x
    return (square.sum() if hasattr(square, "sum") else square) ** 0.5


def rms(x: Value) -> Value:
    """The size of a typical entry of one parameter: √(mean of x²), taken over all its entries."""
    square = x * x
    return (square.mean() if hasattr(square, "mean") else square) ** 0.5


def mean(x: Value, axis: int) -> Value:
    """The mean along one axis, which stays, one entry long. The mean of nothing is 0."""
    return x.sum(axis, keepdims=True) / max(1, x.shape[axis])


# --- one learning rate for all coordinates ---------------------------------------------------------------


def sgd(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-3, momentum: float = 0.0, dampening: float = 0.0, weight_decay: float = 0.0,
    nesterov: bool = False,
) -> Update:  # fmt: skip
    """Gradient descent, with optional momentum, Nesterov's look-ahead and L2 penalty.

    Formula::

        g ← g + λw      v ← βv + (1 − d)g  (first update: v ← g)      w ← w − ηv

    With ``nesterov``, the last step is w ← w − η(g + βv). With ``momentum=0``, it is w ← w − ηg.

    Symbols: η ``lr``, β ``momentum``, d ``dampening``, λ ``weight_decay``. State: v, as large as w.
    Source: Robbins & Monro (1951); Polyak (1964); Nesterov (1983); Sutskever et al. (2013).
    torch: the same. Papers put the rate inside the velocity (v ← βv − ηg, w ← w + v): the same path
    while η is constant, another one as soon as a schedule changes it. The velocity's first value is g,
    whatever the dampening. At ``momentum=0`` the velocity is dropped; torch keeps it for when you come back.
    """
    g = g + weight_decay * w
    if momentum == 0:
        return w - lr * g, {}
    first = t == 1 or "v" not in s
    v = g if first else momentum * s["v"] + (1 - dampening) * g
    step = g + momentum * v if nesterov else v
    return w - lr * step, {"v": v}


# --- a learning rate for each coordinate -----------------------------------------------------------------


def adagrad(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-2, lr_decay: float = 0.0, weight_decay: float = 0.0,
    initial_accumulator_value: float = 0.0, eps: float = 1e-10,
) -> Update:  # fmt: skip
    """AdaGrad: divide by the root of the sum of all squared gradients so far.

    Formula::

        v ← v + g²      w ← w − η/(1 + (t−1)·lr_decay) · g / (√v + ε)

    Symbols: η ``lr``, ε ``eps``; ``weight_decay`` adds λw to g first. State: v, as large as w, which starts
    at ``initial_accumulator_value``.
    Source: Duchi, Hazan & Singer (2011), the diagonal version.
    torch: the same.
    """
    g = g + weight_decay * w
    v = s.get("v", initial_accumulator_value) + g * g
    rate = lr / (1 + (t - 1) * lr_decay)
    return w - rate * g / (v**0.5 + eps), {"v": v}


def adadelta(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6, weight_decay: float = 0.0,
) -> Update:  # fmt: skip
    """Adadelta: divide by the root of recent squared gradients, multiply by that of recent squared steps.

    Formula::

        v ← ρv + (1−ρ)g²      Δ = g · √(u + ε) / √(v + ε)      u ← ρu + (1−ρ)Δ²      w ← w − ηΔ

    Symbols: η ``lr``, ρ ``rho``, ε ``eps``; ``weight_decay`` adds λw to g first. State: v and u, each as
    large as w. The unit of Δ is that of √u, so that of w, and η needs none. It is ε that starts things: the
    first Δ is g·√ε/√((1−ρ)g² + ε), about √(ε/(1−ρ)) whatever the gradient; with ε = 0 nothing ever moves.
    Source: Zeiler (2012), Algorithm 1, where η is 1.
    torch: the same. ε stands inside the roots here, outside in AdaGrad, RMSProp and Adam.
    """
    g = g + weight_decay * w
    v = rho * s.get("v", 0.0) + (1 - rho) * g * g
    u = s.get("u", 0.0)
    step = g * (u + eps) ** 0.5 / (v + eps) ** 0.5
    return w - lr * step, {"v": v, "u": rho * u + (1 - rho) * step * step}


def rmsprop(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.0,
    momentum: float = 0.0, centered: bool = False,
) -> Update:  # fmt: skip
    """RMSProp: divide by the root of a running mean of squared gradients.

    Formula::

        v ← αv + (1−α)g²      w ← w − ηg / (√v + ε)

    With ``centered``, √v becomes √(v − ḡ²), where ḡ ← αḡ + (1−α)g: a running standard deviation. With
    ``momentum``, b ← βb + g/(√v + ε) and w ← w − ηb. ``weight_decay`` adds λw to g first.

    Symbols: η ``lr``, α ``alpha``, ε ``eps``, β ``momentum``. State: v, and ḡ and b where they are used,
    each as large as w.
    Source: Tieleman & Hinton (2012), lecture 6.5, where α is 0.9; centered, with momentum and ε inside the
    root: Graves (2013).
    torch: the same, but for ``centered`` under a gradient that hardly changes: rounding then makes v − ḡ²
    negative and torch's weights NaN; here it counts as 0, and the step is ηg/ε, finite but far too long: take
    a larger ε. TensorFlow's classic version puts ε inside the root. There is no bias correction: the first
    step is about η/√(1−α), ten times η for α = 0.99.
    """
    g = g + weight_decay * w
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    new_s = {"v": v}
    if centered:
        g_mean = new_s["g_mean"] = alpha * s.get("g_mean", 0.0) + (1 - alpha) * g
        v = v - g_mean * g_mean
        v = (v > 0) * v  # rounding can push a variance of zero below zero, and that has no root
    step = g / (v**0.5 + eps)
    if momentum > 0:
        step = new_s["b"] = momentum * s.get("b", 0.0) + step
    return w - lr * step, new_s


# --- Adam ------------------------------------------------------------------------------------------------


def adam(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0,
    amsgrad: bool = False,
) -> Update:  # fmt: skip
    """Adam: momentum divided by the root of a running mean of squared gradients, both bias-corrected.

    Formula::

        m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²
        m̂ = m/(1−β₁ᵗ)          v̂ = v/(1−β₂ᵗ)          w ← w − η m̂ / (√v̂ + ε)

    Symbols: η ``lr``, β₁, β₂ ``betas``, ε ``eps``; ``weight_decay`` adds λw to g first (an L2 penalty; for
    decoupled decay see :func:`adamw`). With ``amsgrad``, v̂ is made of the largest v so far. State: m and v
    (and v_max), each as large as w.
    Source: Kingma & Ba (2015), Algorithm 1; ``amsgrad``: Reddi, Kale & Kumar (2018).
    torch: the same, rearranged: η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε).
    """
    beta1, beta2 = betas
    g = g + weight_decay * w
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    new_s = {"m": m, "v": v}
    if amsgrad:
        v = new_s["v_max"] = maximum(v, s.get("v_max", 0.0))
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), new_s


def amsgrad(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0,
) -> Update:  # fmt: skip
    """AMSGrad: :func:`adam` that never forgets its largest second moment.

    Formula: as Adam, with v̂ = v_max/(1−β₂ᵗ), where v_max ← max(v_max, v).

    Symbols as in :func:`adam`. State: m, v and v_max, each as large as w.
    Source: Reddi, Kale & Kumar (2018), Algorithm 2. The paper has no bias correction, so that its rates never
    rise again; with the correction they may, while 1 − β₂ᵗ grows.
    torch: ``Adam(amsgrad=True)``, the same: the maximum is taken of v, not of v̂.
    """
    return adam(w, g, s, t, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=True)


def adamw(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 1e-2,
    amsgrad: bool = False,
) -> Update:  # fmt: skip
    """AdamW: shrink the weights first, then take Adam's step. The decay never meets the division.

    Formula::

        w ← w − ηλw      then Adam's step with the same g

    Symbols and state as in :func:`adam`; λ ``weight_decay``.
    Source: Loshchilov & Hutter (2019).
    torch: the same. In the paper the decay is λ times the schedule's multiplier, without η: its λ is ηλ here.
    """
    return adam(w - lr * weight_decay * w, g, s, t, lr=lr, betas=betas, eps=eps, amsgrad=amsgrad)


# --- Adam's relatives ------------------------------------------------------------------------------------


def adamax(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 2e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0,
) -> Update:  # fmt: skip
    """Adamax: momentum divided by the largest gradient seen, which is slowly forgotten.

    Formula, with m̂ as in :func:`adam`::

        u ← max(β₂u, |g| + ε)      w ← w − η m̂ / u

    Symbols: η ``lr``, β₁, β₂ ``betas``, ε ``eps``; ``weight_decay`` adds λw to g first. State: m and u, each
    as large as w. u needs no bias correction: its first value is |g| + ε.
    Source: Kingma & Ba (2015), Algorithm 2, which has no ε and divides by zero where no gradient ever came.
    torch: the same, ε inside the maximum, so that u is never below ε.
    """
    beta1, beta2 = betas
    g = g + weight_decay * w
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    u = maximum(abs(g) + eps, beta2 * s.get("u", 0.0))
    m_hat = m / (1 - beta1**t)
    return w - lr * m_hat / u, {"m": m, "u": u}


def nadam(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 2e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0,
    momentum_decay: float = 4e-3, decoupled_weight_decay: bool = False,
) -> Update:  # fmt: skip
    """NAdam: Adam with Nesterov's look-ahead, and a momentum that warms up from β₁/2 to β₁.

    Formula, with m and v̂ as in :func:`adam`::

        μₜ = β₁(1 − ½·0.96^(tψ))      P ← P·μₜ, from 1
        w ← w − η [ (1−μₜ)/(1−P)·g + μₜ₊₁/(1−P·μₜ₊₁)·m ] / (√v̂ + ε)

    Symbols: η ``lr``, β₁, β₂ ``betas``, ε ``eps``, ψ ``momentum_decay``; ``weight_decay`` adds λw to g first;
    with ``decoupled_weight_decay`` it is AdamW's. State: m and v, each as large as w, and P, a number.
    Source: Dozat (2016), whose Algorithm 2 also multiplies v̂ by β₂; torch, Keras and optax do not.
    torch: the same, but keeps P as a float32 tensor even for float64 weights: the two paths then differ by
    about 1e-8 of a step.
    """
    beta1, beta2 = betas
    if decoupled_weight_decay:
        w = w - lr * weight_decay * w
    else:
        g = g + weight_decay * w
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    v_hat = v / (1 - beta2**t)
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
    mu_product = s.get("mu_product", 1.0) * mu
    ahead = (1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product * mu_next) * m
    return w - lr * ahead / (v_hat**0.5 + eps), {"m": m, "v": v, "mu_product": mu_product}


def radam(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0,
    decoupled_weight_decay: bool = False,
) -> Update:  # fmt: skip
    """RAdam: Adam that waits to divide by √v̂ until v̂ has seen enough gradients to be trusted.

    Formula, with m, v and m̂ as in :func:`adam`::

        ρ∞ = 2/(1−β₂) − 1      ρ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ)
        ρ ≤ 5:   w ← w − η m̂
        ρ > 5:   w ← w − η r m̂ √(1−β₂ᵗ)/(√v + ε),   r = √[(ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ)]

    Symbols and state as in :func:`adam`; with ``decoupled_weight_decay`` the decay is AdamW's. With
    β₂ = 0.999 the first five updates are bias-corrected momentum, the sixth is the first to be divided.
    Source: Liu et al. (2020).
    torch: the same. The paper's threshold is 4; its authors' code, and torch, take 5. ε is added before
    the bias correction here, after it in Adam.
    """
    beta1, beta2 = betas
    if decoupled_weight_decay:
        w = w - lr * weight_decay * w
    else:
        g = g + weight_decay * w
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    new_s = {"m": m, "v": v}
    m_hat = m / (1 - beta1**t)
    rho_inf = 2 / (1 - beta2) - 1
    rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)
    if rho <= 5:
        return w - lr * m_hat, new_s
    r = ((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) ** 0.5
    return w - lr * r * m_hat * (1 - beta2**t) ** 0.5 / (v**0.5 + eps), new_s


def ademamix(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-3, betas: tuple[float, float, float] = (0.9, 0.999, 0.9999), alpha: float = 2.0,
    beta3_warmup: int | None = None, alpha_warmup: int | None = None, eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> Update:  # fmt: skip
    """AdEMAMix: AdamW with a second mean of the gradients, one that hardly forgets.

    Formula, with v̂ as in :func:`adam`::

        m₁ ← β₁m₁ + (1−β₁)g      m₂ ← β₃m₂ + (1−β₃)g      m̂₁ = m₁/(1−β₁ᵗ)
        w ← w − η [ (m̂₁ + αm₂)/(√v̂ + ε) + λw ]

    m₂ starts at 0 and is not corrected, so that it comes in slowly. With ``alpha_warmup`` T, α is αt/T up to
    update T. With ``beta3_warmup`` T, the :func:`half_life` of m₂ grows in a straight line, from that of m₁
    to its own: up to update T, β₃ is 2^(−1/h) with h = (1 − t/T)·h(β₁) + (t/T)·h(β₃).

    Symbols: η ``lr``, β₁, β₂, β₃ ``betas``, α ``alpha``, ε ``eps``, λ ``weight_decay``, decoupled; T counts
    updates. State: m₁, m₂ and v, each as large as w: one and a half times what Adam keeps. With α = 0 it is
    :func:`adamw`.
    Source: Pagliardini, Ablin & Grangier (2025), Algorithm 1. In their code's example
    α is 8 and both T are as long as the run.
    torch: has no AdEMAMix. Its authors' code for torch adds 1e-8 to each β inside the logarithm of the
    half-life, which makes h(0.9999) a ten-thousandth longer, and keeps no m₁ where β₁ is 0. Their code for
    optax counts the warmups from 0, and is one update behind. Its default α is 5, torch's 2.
    """
    beta1, beta2, beta3 = betas
    if alpha_warmup is not None and t < alpha_warmup:
        alpha = alpha * t / alpha_warmup
    if beta3_warmup is not None and t < beta3_warmup:
        done = t / beta3_warmup
        beta3 = 0.5 ** (1 / ((1 - done) * half_life(beta1) + done * half_life(beta3)))
    m1 = beta1 * s.get("m1", 0.0) + (1 - beta1) * g
    m2 = beta3 * s.get("m2", 0.0) + (1 - beta3) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m1_hat = m1 / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = (m1_hat + alpha * m2) / (v_hat**0.5 + eps) + weight_decay * w
    return w - lr * step, {"m1": m1, "m2": m2, "v": v}


def half_life(beta: float) -> float:
    """After how many updates a running mean has forgotten half of what it knew: h with βʰ = ½."""
    return math.log(0.5) / math.log(beta) if beta > 0 else 0.0


# --- only the sign ---------------------------------------------------------------------------------------


def lion(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-4, betas: Betas = (0.9, 0.99), weight_decay: float = 0.0,
) -> Update:  # fmt: skip
    """Lion: every coordinate moves by exactly η; the gradients only decide in which direction.

    Formula::

        c = β₁m + (1−β₁)g      w ← w − η(sign(c) + λw)      m ← β₂m + (1−β₂)g

    Symbols: η ``lr``, β₁, β₂ ``betas``, λ ``weight_decay``, which is decoupled. State: m, as large as w: half
    of what Adam keeps. A coordinate whose c is 0 stays.
    Source: Chen et al. (2023), Algorithm 2, found by a search among programs. They advise a rate three to
    ten times smaller than AdamW's, and a λ as many times larger.
    torch: has no Lion.
    """
    beta1, beta2 = betas
    m = s.get("m", 0.0)
    step = sign(beta1 * m + (1 - beta1) * g) + weight_decay * w
    return w - lr * step, {"m": beta2 * m + (1 - beta2) * g}


# --- a learning rate for each layer ----------------------------------------------------------------------


def lars(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-3, momentum: float = 0.9, weight_decay: float = 0.0, trust_coefficient: float = 1e-3,
) -> Update:  # fmt: skip
    """LARS: momentum whose every push is as long as the layer's weights say, not its gradient.

    Formula::

        p = c·‖w‖ / (‖g‖ + λ‖w‖)      v ← βv + p·(g + λw)      w ← w − ηv

    p is 1 where ‖w‖ or ‖g‖ is 0. With c = 1, β = 0 and λ = 0, a step moves a layer by exactly η‖w‖.

    Symbols: η ``lr``, β ``momentum``, λ ``weight_decay``, c ``trust_coefficient``; ‖·‖ is taken over
    all of w. State: v, as large as w.
    Source: You, Gitman & Ginsburg (2017), who put η inside v.
    torch: has no LARS.
    """
    w_norm, g_norm = l2_norm(w), l2_norm(g)
    p = _trust_ratio(trust_coefficient * w_norm, g_norm + weight_decay * w_norm, (w_norm > 0) * (g_norm > 0))
    v = momentum * s.get("v", 0.0) + p * (g + weight_decay * w)
    return w - lr * v, {"v": v}


def lamb(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-3, betas: Betas = (0.9, 0.999), eps: float = 1e-6, weight_decay: float = 0.0,
) -> Update:  # fmt: skip
    """LAMB: Adam's step, rescaled so that each layer moves in proportion to its weights.

    Formula, with m̂ and v̂ as in :func:`adam`::

        u = m̂/(√v̂ + ε) + λw      w ← w − η · ‖w‖/‖u‖ · u

    The ratio is 1 where either norm is 0. Elsewhere a step moves a layer by exactly η‖w‖.

    Symbols and state as in :func:`adam`; ‖·‖ is taken over all of w.
    Source: You et al. (2020), Algorithm 2 with φ the identity.
    torch: has no LAMB.
    """
    beta1, beta2 = betas
    m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    u = m_hat / (v_hat**0.5 + eps) + weight_decay * w
    w_norm, u_norm = l2_norm(w), l2_norm(u)
    p = _trust_ratio(w_norm, u_norm, (w_norm > 0) * (u_norm > 0))
    return w - lr * p * u, {"m": m, "v": v}


def _trust_ratio(top: Value, bottom: Value, usable: Value) -> Value:
    """top/bottom where that is usable, 1 elsewhere; never divides by zero."""
    unusable = usable == 0
    return usable * top / (bottom + unusable) + unusable


# --- whole matrices --------------------------------------------------------------------------------------


def muon(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-3, weight_decay: float = 0.1, momentum: float = 0.95, nesterov: bool = True,
    ns_coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315), eps: float = 1e-7,
    ns_steps: int = 5, adjust_lr_fn: str | None = None,
) -> Update:  # fmt: skip
    """Muon: momentum whose every direction is made about equally long, the rare ones too.

    Formula::

        m ← μm + (1−μ)g      u = μm + (1−μ)g  (without ``nesterov``: u = m)
        w ← w − ηλw − ηc·orthogonal(u)

    :func:`orthogonal` sets the singular values of u to about 1. For a matrix of A rows and B columns c is
    √max(1, A/B) (``adjust_lr_fn`` None or ``"original"``), or 0.2·√max(A, B) (``"match_rms_adamw"``), with
    which a step is about as large as AdamW's.

    Symbols: η ``lr``, λ ``weight_decay``, μ ``momentum``. State: m, as large as w. Shapes: w is a matrix.
    Raises ``ValueError`` for anything else. Convolution kernels are given as (outputs, the rest); vectors,
    embeddings and the last layer are better left to AdamW.
    Source: Jordan (2024), "Muon: an optimizer for hidden layers in neural networks"; the second c: Liu et
    al. (2025), "Muon is scalable for LLM training".
    torch: the same, but computes :func:`orthogonal` in bfloat16 whatever the weights, which makes its steps
    some per cent different from these. Its documentation writes m ← μm + g, which has the same direction;
    its code has the mean that is here. For bfloat16 weights without ``nesterov`` it normalizes m itself, in
    place, and so forgets how long the old gradients were.
    """
    shape: Any = getattr(w, "shape", ())
    if len(shape) != 2:
        what = f"a parameter of shape {tuple(shape)}" if shape else "a number"
        raise ValueError(f"muon takes a matrix, not {what}: give that to another rule, such as adamw")
    rows, columns = shape
    m = momentum * s.get("m", 0.0) + (1 - momentum) * g
    u = momentum * m + (1 - momentum) * g if nesterov else m
    if adjust_lr_fn == "match_rms_adamw":
        c = 0.2 * max(rows, columns) ** 0.5
    else:
        c = max(1, rows / columns) ** 0.5
    # c first: torch.compile may take an lr that meets a number made of shapes for a constant.
    return w - lr * weight_decay * w - lr * (c * orthogonal(u, ns_coefficients, ns_steps, eps)), {"m": m}


def orthogonal(x: Value, coefficients: tuple[float, float, float], steps: int, eps: float) -> Value:
    """Set the singular values of a matrix to about 1 and keep its singular vectors, by products alone.

    Formula (Newton-Schulz)::

        x ← x/max(‖x‖, ε)      then, ``steps`` times:      x ← ax + b(xxᵀ)x + c(xxᵀ)²x

    Each step sends every singular value σ through aσ + bσ³ + cσ⁵ and leaves the singular vectors alone.
    Muon's (a, b, c) are chosen to lift small σ fast, at the price of precision: after five steps every σ
    above 0.0016·‖x‖ has come into [0.68, 1.21]. With (15/8, −10/8, 3/8) and more steps all tend to 1, and x
    to UVᵀ, where UΣVᵀ is its singular value decomposition.
    Source: Jordan (2024); Björck & Bowie (1971).
    """
    a, b, c = coefficients
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x  # the smaller of xxᵀ and xᵀx: the same result for less work
    x = x / maximum(l2_norm(x), eps)
    for _ in range(steps):
        squares = x @ x.T
        x = a * x + (b * squares + c * squares @ squares) @ x
    return x.T if tall else x


def adafactor(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 1e-2, beta2_decay: float = -0.8, eps: tuple[float | None, float] = (None, 1e-3),
    d: float = 1.0, weight_decay: float = 0.0,
) -> Update:  # fmt: skip
    """Adafactor: RMSProp that keeps only the means of v's rows and columns, and steps relative to w.

    Formula, for matrices::

        β₂ = 1 − t^τ      R ← β₂R + (1−β₂)·(means of g² along rows)      C ← likewise along columns
        v = RC / max(mean of R, ε₁)      u = g / max(√v, ε₁)
        w ← w − ηλw − ρ·max(RMS(w), ε₂) · u / max(1, RMS(u)/d)      ρ = min(η, 1/√t)

    RMS is :func:`rms`, and RMS(w) that of before the decay. If g² is of rank one, RC/mean(R) is the running
    mean itself. Numbers and vectors keep that whole: v ← β₂v + (1−β₂)g².

    Symbols: η ``lr``, a share of the weights' own size and not their unit; τ ``beta2_decay``; ε₁, ε₂ ``eps``,
    where None stands for the distance from 1 to the next number in w's precision; d ``d``, how large a step
    may be beside a typical one; λ ``weight_decay``. State: for a matrix of A rows and B columns, R of shape
    (A, 1) and C of shape (1, B); for vectors v. Shapes: more axes are a stack of matrices, the last two axes.
    Source: Shazeer & Stern (2018), Algorithms 4 to 6, without momentum, as is their default.
    torch: the same; but where ε₁ is None, the first parameter of a group decides for those of all precisions,
    and where ε₁² is 0 in w's precision (as that of 10⁻³⁰ is in float32) a gradient of zeros makes torch's w
    NaN; and it refuses parameters without entries.
    The paper has no η (there ρ is min(10⁻², 1/√t)) and no decay, and adds ε₁ = 10⁻³⁰ to g² in place of both
    maxima; it keeps sums where torch keeps means, whose quotient is the same.
    """
    eps1, eps2 = eps
    if eps1 is None:
        eps1 = _epsilon(w)
    beta2 = 1 - t**beta2_decay
    rate = min(lr, t**-0.5) * maximum(rms(w), eps2)
    squares = g * g
    if len(getattr(w, "shape", ())) > 1:
        row = beta2 * s.get("row", 0.0) + (1 - beta2) * mean(squares, -1)
        column = beta2 * s.get("column", 0.0) + (1 - beta2) * mean(squares, -2)
        v, new_s = row * column / maximum(mean(row, -2), eps1), {"row": row, "column": column}
    else:
        v = beta2 * s.get("v", 0.0) + (1 - beta2) * squares
        new_s = {"v": v}
    u = g / maximum(v**0.5, eps1)
    return w - lr * weight_decay * w - rate * (u / maximum(rms(u) / d, 1.0)), new_s


def soap(
    w: Value, g: Value, s: State, t: int, *,
    lr: float = 3e-3, betas: Betas = (0.95, 0.95), eps: float = 1e-8, weight_decay: float = 1e-2,
    precondition_frequency: int = 10,
) -> Update:  # fmt: skip
    """SOAP: Adam in coordinates turned along the directions that the gradients take.

    Formula, for matrices, with k = t − 1::

        m ← β₁m + (1−β₁)g      g′ = PᵀgQ      m′ = PᵀmQ      v ← β₂v + (1−β₂)g′²
        w ← w − ηλw − η·P[ m′/(1−β₁ᵏ) / (√(v/(1−β₂ᵏ)) + ε) ]Qᵀ
        L ← β₂L + (1−β₂)ggᵀ      R ← β₂R + (1−β₂)gᵀg
        every f updates:      P ← orthonormal(LP)      Q ← orthonormal(RQ)

    The columns of P and Q are about the eigenvectors of L and R: exactly so after the first update, which
    makes L, R, P and Q by :func:`eigenvectors` and leaves w alone; then one step of power iteration follows
    them. Numbers, vectors and tensors of more than two axes have no such sides: they get :func:`adamw`.

    Symbols: η ``lr``, β₁, β₂ ``betas``, ε ``eps``, λ ``weight_decay``, f ``precondition_frequency``, counted
    in updates. State: for a matrix of A rows and B columns m and v, each as large as w, L and P of shape
    (A, A), R and Q of shape (B, B): for square ones six times w. Give an embedding, whose L would be as large
    as its words squared, to another rule. Raises ``LinAlgError``, as NumPy and torch do, where the first
    gradient is not finite.
    Source: Vyas et al. (2025), Algorithms 3 and 4, which leave open how things begin.
    torch: has no SOAP. Its authors' code too leaves w alone at first: in the coordinates of g itself g′ is
    diagonal, and Adam would divide the rounding elsewhere by itself. That code adds ε before the bias
    correction and decays after the step; sorts P and Q, and v with them, by how much each column weighs;
    turns each axis of a tensor of more than two; leaves an axis longer than 10 000 unturned
    (``max_precond_dim``); and gives vectors no first update either.
    """
    if len(getattr(w, "shape", ())) != 2:
        return adamw(w, g, s, t, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
    beta1, beta2 = betas
    left = beta2 * s.get("left", 0.0) + (1 - beta2) * g @ g.T
    right = beta2 * s.get("right", 0.0) + (1 - beta2) * g.T @ g
    if "p" not in s:
        first = {"m": 0.0 * g, "v": 0.0 * g, "p": eigenvectors(left), "q": eigenvectors(right)}
        return w, {**first, "left": left, "right": right}
    k, p, q = t - 1, s["p"], s["q"]
    m = beta1 * s["m"] + (1 - beta1) * g
    turned_g, turned_m = p.T @ g @ q, p.T @ m @ q
    v = beta2 * s["v"] + (1 - beta2) * turned_g * turned_g
    step = turned_m / (1 - beta1**k) / ((v / (1 - beta2**k)) ** 0.5 + eps)
    w = w - lr * weight_decay * w - lr * (p @ step @ q.T)
    if k % precondition_frequency == 0:
        p, q = orthonormal(left @ p), orthonormal(right @ q)
    return w, {"m": m, "v": v, "p": p, "q": q, "left": left, "right": right}


def eigenvectors(x: Value) -> Value:
    """The eigenvectors of a symmetric matrix, as columns of length 1 at right angles; the largest first."""
    return _in_single(x, lambda x: _library(x).flip(_library(x).linalg.eigh(x)[1], (1,)))


def orthonormal(x: Value) -> Value:
    """Columns of length 1 at right angles, of which the first n span what x's first n do: the Q of QR.

    With x = SP, where S is symmetric and P was orthonormal, this is one step of power iteration on all
    eigenvectors of S at once: repeated, it tends to them, the largest first.
    """
    return _in_single(x, lambda x: _library(x).linalg.qr(x)[0])


def _in_single(x: Value, function: Any) -> Value:
    """``function(x)``, in single precision where x has only half: linear algebra takes no less."""
    if x.dtype.itemsize >= 4:
        return function(x)
    library = _library(x)
    return library.asarray(function(library.asarray(x, dtype=library.float32)), dtype=x.dtype)


def _library(x: Value) -> Any:
    """NumPy or torch, whichever x is of: this module imports neither."""
    return sys.modules["torch" if hasattr(x, "requires_grad") else "numpy"]


def _epsilon(x: Value) -> float:
    """The distance from 1 to the next number in the precision of x."""
    return float(_library(x).finfo(x.dtype).eps) if hasattr(x, "dtype") else sys.float_info.epsilon
