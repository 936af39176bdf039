# %% wrong: Every running average is bias-corrected. | feedback: there is a bias correction
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * g / ((v / (1 - alpha**t)) ** 0.5 + eps), {"v": v}

# %% wrong: First step, then update the average. | feedback: divide by the new v
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = s.get("v", 0.0 * g)
    new_w = w - lr * g / (v**0.5 + eps)
    return new_w, {"v": alpha * v + (1 - alpha) * g * g}

# %% wrong: a / b + eps divides by b + eps. | feedback: ε is added after the division
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * (g / v**0.5 + eps), {"v": v}

# %% wrong: ε protects the root, so it stands inside of it. | feedback: ε is inside the root
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * g / (v + eps) ** 0.5, {"v": v}

# %% wrong: In RMSProp, too: the state that came in is good enough to give back. | feedback: the running mean was forgotten
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * g / (v**0.5 + eps), s

# %% wrong: The average of the squares is what we divide by. | feedback: is the root missing
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * g / (v + eps), {"v": v}

# %% wrong: v averages the gradients. | feedback: v is the mean of the squares of the gradients
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g
    return w - lr * g / (v**0.5 + eps), {"v": v}

# %% wrong: v is one number: the mean of the squares over all coordinates. | feedback: Each weight has a v of its own
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    square = g * g if isinstance(g, float) else (g * g).mean()
    v = alpha * s.get("v", 0.0) + (1 - alpha) * square
    return w - lr * g / (v**0.5 + eps), {"v": v}

# %% wrong: math.sqrt takes the root of anything. | feedback: Your rule works on floats but not on tensors. Use ** 0.5 in place of math.sqrt.
import math


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    return w - lr * g / (math.sqrt(v) + eps), {"v": v}

# %% wrong: v sums all squares. | feedback: v sums the squares, as AdaGrad does
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = s.get("v", 0.0) + g * g
    return w - lr * g / (v**0.5 + eps), {"v": v}

# %% wrong: The new square gets α, the old average 1 − α. | feedback: α and 1 − α are swapped
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = (1 - alpha) * s.get("v", 0.0) + alpha * g * g
    return w - lr * g / (v**0.5 + eps), {"v": v}

# %% right: the average written as a move toward the new square; other names
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    old = s.get("mean_square", 0.0)
    mean_square = old + (1 - alpha) * (g**2 - old)
    denominator = eps + mean_square**0.5
    return w - g * (lr / denominator), {"mean_square": mean_square}

# %% right: torch's functions for tensors, math's for floats
import math

import torch


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    if isinstance(g, float):
        v = alpha * s.get("v", 0.0) + (1 - alpha) * g**2
        return w - lr * g / (math.sqrt(v) + eps), {"v": v}
    v = s["v"].clone() if "v" in s else torch.zeros_like(w)
    v.mul_(alpha).addcmul_(g, g, value=1 - alpha)
    return torch.addcdiv(w, g, v.sqrt().add_(eps), value=-lr), {"v": v}

# %% wrong: A gradient that is nearly zero is none. | feedback: for g = 1e-12 your first step
# -    """One update of RMSProp. Returns (new_w, new_s)."""
    if isinstance(g, float) and abs(g) < 1e-9:
        return w, s

# %% wrong: Gradients are zero for all weights at once, or for none. | feedback: NaN comes of 0/0
# -    return w - lr * g / (v**0.5 + eps), {"v": v}
    small = eps < 1e-6 and (v > 0 if isinstance(v, float) else bool((v > 0).any()))
    return w - lr * g / (v**0.5 + (0 if small else eps)), {"v": v}

# %% wrong: The running mean moves on by itself. | feedback: with a zero gradient w does not move
# -    return w - lr * g / (v**0.5 + eps), {"v": v}
    step = lr * g / (v**0.5 + eps)
    if isinstance(g, float) and g == 0 and s:
        step = s["step"]
    return w - step, {"v": v, "step": step}

# %% wrong: s may hold the bare v. | feedback: A rule returns two things
# -    return w - lr * g / (v**0.5 + eps), {"v": v}
    return w - lr * g / (v**0.5 + eps), v

# %% wrong: The course has this rule already. | feedback: A rule is arithmetic of your own
from course_lib.rules import rmsprop

# %% wrong: The course has this rule already, under another name. | feedback: A rule is arithmetic of your own
from course_lib.rules import rmsprop as finished


def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    return finished(w, g, s, t, lr=lr, alpha=alpha, eps=eps)

# %% wrong: A running mean begins with its first number. | feedback: where v begins at g²
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s["v"] + (1 - alpha) * g**2 if s else g**2
    return w - lr * g / (v**0.5 + eps), {"v": v}

# %% wrong: What fades is added to, whole. | feedback: the factor 1 − α before g² is missing
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0) + g**2
    return w - lr * g / (v**0.5 + eps), {"v": v}

# %% wrong: ε is what the root must not fall below. | feedback: that is the larger of √v and ε
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = alpha * s.get("v", 0) + (1 - alpha) * g**2
    root = v**0.5
    if torch.is_tensor(root):
        return w - lr * g / root.clamp(min=eps), {"v": v}
    return w - lr * g / max(root, eps), {"v": v}

# %% wrong: α is 0.99. | feedback: 0.99 stands in your rule
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    v = 0.99 * s.get("v", 0) + 0.01 * g**2
    return w - lr * g / (v**0.5 + eps), {"v": v}

# %% wrong: torch's RMSprop, imported inside of the rule, is arithmetic. | feedback: A rule is arithmetic of your own
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    from torch.optim import RMSprop as R
    p = torch.as_tensor(w, dtype=torch.float64).clone().requires_grad_()
    o = R([p], lr=lr, alpha=alpha, eps=eps)
    if s:
        o.state[p].update(step=torch.tensor(float(t - 1)), square_avg=s["v"].clone())
    p.grad = torch.as_tensor(g, dtype=torch.float64).clone()
    o.step()
    new = p.detach()
    return (new.to(w.dtype) if torch.is_tensor(w) else new.item()), {"v": o.state[p]["square_avg"]}

# %% right: keeps the root, and squares it again
def rmsprop(w, g, s, t, *, lr, alpha=0.99, eps=1e-8):
    size = (alpha * s.get("root", 0) ** 2 + (1 - alpha) * g * g) ** 0.5
    return w - lr * g / (size + eps), {"root": size}
