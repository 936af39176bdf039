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

LARS and LAMB measure a whole parameter, and Muon multiplies whole matrices: give them one at a time. All
other rules are elementwise.

==========================================  ===========================================================
one learning rate for all coordinates       :func:`sgd`
a learning rate for each coordinate         :func:`adagrad`, :func:`adadelta`, :func:`rmsprop`
Adam                                        :func:`adam`, :func:`amsgrad`, :func:`adamw`
Adam's relatives                            :func:`adamax`, :func:`nadam`, :func:`radam`
only the sign                               :func:`lion`
a learning rate for each layer              :func:`lars`, :func:`lamb`
whole matrices                              :func:`muon`
==========================================  ===========================================================

Rules made of rules (Lookahead, Ranger, Schedule-Free) are in :mod:`course_lib.wrappers`.
"""

from __future__ import annotations

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
    "lion",
    "lars",
    "lamb",
    "muon",
    "maximum",
    "sign",
    "l2_norm",
    "orthogonal",
]

#: What a rule looks at: single entries, a whole parameter, or a whole matrix in its own shape. Every rule of
#: this module is named here: whoever executes, tests or lists them reads it from here.
UNITS = {
    **dict.fromkeys(("sgd", "adagrad", "adadelta", "rmsprop", "adam", "amsgrad", "adamw"), "entry"),
    **dict.fromkeys(("adamax", "nadam", "radam", "lion"), "entry"),
    **dict.fromkeys(("lars", "lamb"), "layer"),
    "muon": "matrix",
}


# --- three words that arithmetic lacks -------------------------------------------------------------------


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
