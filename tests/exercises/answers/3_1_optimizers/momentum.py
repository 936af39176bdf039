# %% wrong: s holds a velocity from the very first update on. | feedback: s is {} at the first update, so it has no 'v' yet. Ask with a fallback: s.get('v', 0).
# -    """One update of SGD with momentum. Returns (new_w, new_s)."""
# -    v = momentum * s.get("v", 0.0) + g
    v = momentum * s["v"] + g

# %% wrong: The velocity is a running mean, so the new gradient enters it with the weight 1 − β. | feedback: makes a running mean
# -    """One update of SGD with momentum. Returns (new_w, new_s)."""
# -    v = momentum * s.get("v", 0.0) + g
    v = momentum * s.get("v", 0.0) + (1 - momentum) * g

# %% wrong: The dict that comes in is mine to write into. | feedback: Your rule changed its input s
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    s["v"] = momentum * s.get("v", 0.0) + g
    step = g + momentum * s["v"] if nesterov else s["v"]
    return w - lr * step, s

# %% wrong: w -= … makes a new value. | feedback: Your rule changed its input w
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    w -= lr * (g + momentum * v if nesterov else v)
    return w, {"v": v}

# %% wrong: The state that came in is good enough to give back. | feedback: the velocity was forgotten
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    step = g + momentum * v if nesterov else v
    return w - lr * step, s

# %% wrong: get gives 0 for what is not there. | feedback: Ask with a fallback: s.get('v', 0)
# -    """One update of SGD with momentum. Returns (new_w, new_s)."""
# -    v = momentum * s.get("v", 0.0) + g
    v = momentum * s.get("v") + g

# %% wrong: One velocity, kept beside the function, is enough. | feedback: disturb each other
velocity = 0.0


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    global velocity
    if t == 1:
        velocity = 0.0
    velocity = momentum * velocity + g
    step = g + momentum * velocity if nesterov else velocity
    return w - lr * step, {}

# %% wrong: The look-ahead goes βv further, without the factor η. | feedback: lr multiplies the whole step
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    if nesterov:
        return w - lr * g - momentum * v, {"v": v}
    return w - lr * v, {"v": v}

# %% wrong: Nesterov's step is the gradient plus the velocity. | feedback: lacks the factor β before v
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    step = g + v if nesterov else v
    return w - lr * step, {"v": v}

# %% wrong: Nesterov's step is the velocity one update later, βv. | feedback: The gradient itself is missing
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    step = momentum * v if nesterov else v
    return w - lr * step, {"v": v}

# %% wrong: The look-ahead uses the velocity from before this gradient. | feedback: take the new v for the look-ahead
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    old_v = s.get("v", 0.0)
    v = momentum * old_v + g
    step = g + momentum * old_v if nesterov else v
    return w - lr * step, {"v": v}

# %% wrong: The velocity sums the gradients; β belongs only to the look-ahead. | feedback: the old velocity was not multiplied by β
# -    """One update of SGD with momentum. Returns (new_w, new_s)."""
# -    v = momentum * s.get("v", 0.0) + g
    v = s.get("v", 0.0) + g

# %% wrong: v ← βv − ηg and w ← w + v is the same thing. (It is, until a schedule changes η.) | feedback: your velocity has the old rate inside
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) - lr * g
    return w + (momentum * v - lr * g if nesterov else v), {"v": v}

# %% wrong: What a rule once had in s stays there; new_s may be empty. | feedback: s has no 'v' at update 2
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = g if t == 1 else momentum * s["v"] + g
    step = g + momentum * v if nesterov else v
    return w - lr * step, {}

# %% wrong: The first state has to be a tensor of zeros. | feedback: and 0, not torch.zeros_like, for the first state
import torch


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", torch.zeros_like(w)) + g
    step = g + momentum * v if nesterov else v
    return w - lr * step, {"v": v}

# %% wrong: The update adds the velocity. | feedback: you walk uphill
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0.0) + g
    step = g + momentum * v if nesterov else v
    return w + lr * step, {"v": v}

# %% right: an explicit buffer of zeros, and in-place arithmetic on copies for tensors
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = s["v"] if s else 0 * g
    if isinstance(w, float):
        v = v * momentum + g
        return w - lr * (g + momentum * v if nesterov else v), dict(v=v)
    v = v.clone()
    v.mul_(momentum).add_(g)
    new_w = w.clone()
    new_w.add_(v, alpha=-lr * momentum if nesterov else -lr)
    if nesterov:
        new_w.add_(g, alpha=-lr)
    return new_w, dict(v=v)

# %% right: no zeros: the first velocity is the gradient itself, as in torch
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    if t == 1:
        v = g
    else:
        v = momentum * s["momentum_buffer"] + g
    if nesterov:
        return w - lr * (momentum * v + g), {"momentum_buffer": v}
    return w - lr * v, {"momentum_buffer": v}

# %% wrong: Where there is no gradient, there is no update. | feedback: after a push of 1 and two zero gradients
# -    """One update of SGD with momentum. Returns (new_w, new_s)."""
    if isinstance(g, float) and g == 0:
        return w, s

# %% right: a list of two
# -    return w - lr * step, {"v": v}
    return [w - lr * step, {"v": v}]

# %% wrong: The new weights are the answer. | feedback: A rule returns two things
# -    return w - lr * step, {"v": v}
    return w - lr * step

# %% wrong: What is computed is returned. | feedback: A rule returns two things
# -    return w - lr * step, {"v": v}
    w - lr * step, {"v": v}

# %% wrong: Numbers are numbers. | feedback: is float32
# -    return w - lr * step, {"v": v}
    new_w = w - lr * step
    return new_w if isinstance(w, float) else new_w.float(), {"v": v}

# %% wrong: Inside, everything may become a tensor. | feedback: it must leave as one, and not as Tensor
# -    return w - lr * step, {"v": v}
    return torch.as_tensor(w - lr * step), {"v": v}

# %% wrong: All weights share one velocity. | feedback: From update 1 on you and torch.optim.SGD
# -    return w - lr * step, {"v": v}
    return w - lr * (step if isinstance(w, float) else step.mean()), {"v": v}

# %% wrong: torch's SGD may make the update. | feedback: A rule is arithmetic of your own
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    p = torch.as_tensor(w, dtype=torch.float64).clone().requires_grad_()
    optimizer = s.get("optimizer") or torch.optim.SGD([p], lr=lr, momentum=momentum, nesterov=nesterov)
    p = optimizer.param_groups[0]["params"][0]
    p.grad = torch.as_tensor(g, dtype=torch.float64)
    optimizer.step()
    return p.item() if isinstance(w, float) else p.detach(), {"optimizer": optimizer}

# %% right: with the names of the tests' own helpers, and switches of its own
def follow(v, g, momentum):
    torch.set_grad_enabled(False)
    torch.set_default_dtype(torch.float32)
    return g + momentum * v


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = follow(s.get("v", 0), g, momentum)
    return w - lr * (follow(v, g, momentum) if nesterov else v), {"v": v}

# %% wrong: The look-ahead is the new velocity. | feedback: the look-ahead has gone into the velocity
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0) + g
    if nesterov:
        v = g + momentum * v
    return w - lr * v, {"v": v}

# %% wrong: The look-ahead has the factor 0.9. | feedback: 0.9 stands in your rule
def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    v = momentum * s.get("v", 0) + g
    return w - lr * (g + 0.9 * v if nesterov else v), {"v": v}

# %% wrong: torch's function for an update, under another name, is arithmetic. | feedback: A rule is arithmetic of your own
from torch.optim.sgd import sgd as update


def sgd_momentum(w, g, s, t, *, lr, momentum=0.9, nesterov=False):
    p = torch.as_tensor(w, dtype=torch.float64).clone()
    d = torch.as_tensor(g, dtype=torch.float64).clone()
    bufs = [s["v"].clone() if s else None]
    update([p], [d], bufs, weight_decay=0, momentum=momentum, lr=lr, dampening=0, nesterov=nesterov and momentum > 0, maximize=False, has_sparse_grad=False, foreach=False)
    return (p.to(w.dtype) if torch.is_tensor(w) else p.item()), ({"v": bufs[0]} if bufs[0] is not None else {})
