"""Update rules: the formulas of the optimizers, as pure functions.

Every rule has the same shape::

    new_w, new_s = rule(w, g, s, t, **hyper)

========  ==========================================================================================
``w``     the parameter: a Python float, a NumPy array or a torch tensor, of any shape
``g``     the gradient of the loss at ``w``, same type and shape
``s``     the state that the rule kept from the update before, a dict; ``{}`` stands for zeros
``t``     which update this is, counted from 1
``hyper`` the hyperparameters, under the names that ``torch.optim`` gives them
========  ==========================================================================================

A rule uses arithmetic only, so the same lines run on all three types, on one flat buffer that holds many
parameters, and through ``torch.compile``. It never changes its inputs: it returns new values. That is
all there is to an optimizer; :mod:`course_lib.optim` lends these functions torch's protocol.

Rules do not check their arguments, so that they read as formulas. The classes in
:mod:`course_lib.optim` check them.

LARS and LAMB measure a whole parameter: give them one at a time. All other rules are elementwise.
"""

from __future__ import annotations

__all__ = ["sgd", "adagrad", "rmsprop", "adam", "amsgrad", "adamw", "radam", "lars", "lamb", "l2_norm"]


# --- two words that arithmetic lacks ---------------------------------------------------------------------


def where(condition, a, b):
    """``a`` where the condition holds, ``b`` elsewhere: on floats, arrays and tensors alike.

    By arithmetic: an infinity on the side that is not chosen makes NaN.
    """
    return condition * a + (condition == 0) * b


def l2_norm(x):
    """The length of one parameter: ‖x‖ = √Σx², taken over all its entries."""
    square = x * x
    return (square.sum() if hasattr(square, "sum") else square) ** 0.5


# --- one learning rate for all coordinates ---------------------------------------------------------------


def sgd(w, g, s, t, *, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False):
    """Gradient descent, with optional momentum, Nesterov's look-ahead and L2 penalty.

    Formula::

        g ← g + λw      v ← βv + (1 − d)g  (first update: v ← g)      w ← w − ηv

    With ``nesterov``, the last step is w ← w − η(g + βv). With ``momentum=0``, it is w ← w − ηg.

    Symbols: η ``lr``, β ``momentum``, d ``dampening``, λ ``weight_decay``. State: v, as large as w.
    Source: Robbins & Monro (1951); Polyak (1964); Nesterov (1983); Sutskever et al. (2013).
    torch: the same. Papers put the rate inside the velocity (v ← βv − ηg, w ← w + v): the same path
    while η is constant, another one as soon as a schedule changes it. The velocity's first value is g,
    whatever the dampening.
    """
    g = g + weight_decay * w
    if momentum == 0:
        return w - lr * g, {}
    first = t == 1 or "v" not in s
    v = g if first else momentum * s["v"] + (1 - dampening) * g
    step = g + momentum * v if nesterov else v
    return w - lr * step, {"v": v}


# --- a learning rate for each coordinate -----------------------------------------------------------------


def adagrad(w, g, s, t, *, lr=1e-2, lr_decay=0.0, weight_decay=0.0, initial_accumulator_value=0.0, eps=1e-10):
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


def rmsprop(w, g, s, t, *, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False):
    """RMSProp: divide by the root of a running mean of squared gradients.

    Formula::

        v ← αv + (1−α)g²      w ← w − ηg / (√v + ε)

    With ``centered``, √v becomes √(v − ḡ²), where ḡ ← αḡ + (1−α)g: a running standard deviation. With
    ``momentum``, b ← βb + g/(√v + ε) and w ← w − ηb. ``weight_decay`` adds λw to g first.

    Symbols: η ``lr``, α ``alpha``, ε ``eps``, β ``momentum``. State: v, and ḡ and b where they are used,
    each as large as w.
    Source: Tieleman & Hinton (2012), lecture 6.5, where α is 0.9; centered: Graves (2013).
    torch: the same, but for ``centered`` under a gradient that hardly changes: rounding then makes v − ḡ²
    negative and torch's weights NaN; here it counts as 0. TensorFlow's classic version puts ε inside the
    root. There is no bias correction: the first step is about η/√(1−α), ten times η for α = 0.99.
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


def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, amsgrad=False):
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
        v_max = s.get("v_max", v)
        v = new_s["v_max"] = where(v_max > v, v_max, v)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), new_s


def amsgrad(w, g, s, t, **hyper):
    """AMSGrad: :func:`adam` that never forgets its largest second moment.

    Formula: as Adam, with v̂ = v_max/(1−β₂ᵗ), where v_max ← max(v_max, v).

    State: m, v and v_max, each as large as w.
    Source: Reddi, Kale & Kumar (2018), Algorithm 2. The paper has no bias correction, so that its rates never
    rise again; with the correction they may, while 1 − β₂ᵗ grows.
    torch: ``Adam(amsgrad=True)``, the same: the maximum is taken of v, not of v̂.
    """
    return adam(w, g, s, t, amsgrad=True, **hyper)


def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False):
    """AdamW: shrink the weights first, then take Adam's step. The decay never meets the division.

    Formula::

        w ← w − ηλw      then Adam's step with the same g

    Symbols and state as in :func:`adam`; λ ``weight_decay``.
    Source: Loshchilov & Hutter (2019).
    torch: the same. In the paper the decay is λ times the schedule's multiplier, without η: its λ is ηλ here.
    """
    return adam(w - lr * weight_decay * w, g, s, t, lr=lr, betas=betas, eps=eps, amsgrad=amsgrad)


def radam(
    w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, decoupled_weight_decay=False
):
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


# --- a learning rate for each layer ----------------------------------------------------------------------


def lars(w, g, s, t, *, lr=1e-3, momentum=0.9, weight_decay=0.0, trust_coefficient=1e-3):
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


def lamb(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.0):
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


def _trust_ratio(top, bottom, usable):
    """top/bottom where that is usable, 1 elsewhere; never divides by zero."""
    unusable = usable == 0
    return usable * top / (bottom + unusable) + unusable
