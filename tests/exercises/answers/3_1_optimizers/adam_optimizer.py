# %% wrong: self.state[p] comes with a count. | feedback: There is no 't'. If you looked in self.state[p]: it is empty at the first update
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            hyper = {name: group[name] for name in ("lr", "betas", "eps")}
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s["t"] + 1
                new_p, new_s = adam(p, p.grad, s, t, **hyper)  # noqa: F821 (the answer to question 3)
                p.copy_(new_p)
                self.state[p] = {"t": t, **new_s}
        return loss

# %% wrong: step() should leave the gradients empty for the next update. | feedback: step() changed p.grad
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
                p.grad = None
        return loss

# %% wrong: An attribute of the optimizer survives state_dict(). | feedback: the run goes on differently
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
        self.counts = {}

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(m=torch.zeros_like(p), v=torch.zeros_like(p))
                self.counts[p] = self.counts.get(p, 0) + 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1 ** self.counts[p])
                v_hat = state["v"] / (1 - beta2 ** self.counts[p])
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: The base class needs no lr where the constructor has one. | feedback: The groups have no 'lr'
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(betas=betas, eps=eps))
        self.lr = lr

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            hyper = {name: group[name] for name in ("lr", "betas", "eps")}
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s.get("t", 0) + 1
                new_p, new_s = adam(p, p.grad, s, t, **hyper)  # noqa: F821 (the answer to question 3)
                p.copy_(new_p)
                self.state[p] = {"t": t, **new_s}
        return loss

# %% wrong: adam writes its state into self.state[p] by itself. | feedback: Is everything kept for the next update: m, v and t, all three in self.state[p]?
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            hyper = {name: group[name] for name in ("lr", "betas", "eps")}
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s.get("t", 0) + 1
                new_p, new_s = adam(p, p.grad, s, t, **hyper)  # noqa: F821 (the answer to question 3)
                p.copy_(new_p)
        return loss

# %% wrong: t is the only thing that adam does not keep for me. | feedback: Is everything kept for the next update: m, v and t, all three in self.state[p]?
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            hyper = {name: group[name] for name in ("lr", "betas", "eps")}
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s.get("t", 0) + 1
                new_p, new_s = adam(p, p.grad, s, t, **hyper)  # noqa: F821 (the answer to question 3)
                p.copy_(new_p)
                self.state[p]["t"] = t
        return loss

# %% wrong: What adam hands back is the whole state. | feedback: Is everything kept for the next update: m, v and t, all three in self.state[p]?
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            hyper = {name: group[name] for name in ("lr", "betas", "eps")}
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s.get("t", 0) + 1
                new_p, new_s = adam(p, p.grad, s, t, **hyper)  # noqa: F821 (the answer to question 3)
                p.copy_(new_p)
                self.state[p] = new_s
        return loss

# %% wrong: p = p - … changes the model's weights. | feedback: left the parameter where it was
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p = p - group["lr"] * m_hat / (v_hat**0.5 + group["eps"])
        return loss

# %% wrong: The averages can live in attributes of the optimizer. | feedback: the run goes on differently
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
        self.memory = {}

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.memory.setdefault(p, {})
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: In the optimizer, too: the averages can be used as they are. | feedback: is the bias correction missing
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"]
                v_hat = state["v"]
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: The base class finds lr, betas and eps by itself. | feedback: Hand two things to the base class
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params)

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            hyper = {name: group[name] for name in ("lr", "betas", "eps")}
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s.get("t", 0) + 1
                new_p, new_s = adam(p, p.grad, s, t, **hyper)  # noqa: F821 (the answer to question 3)
                p.copy_(new_p)
                self.state[p] = {"t": t, **new_s}
        return loss

# %% wrong: No gradient is a gradient of zeros. | feedback: each parameter counts its own updates
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                g = torch.zeros_like(p) if p.grad is None else p.grad
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * g
                state["v"] = beta2 * state["v"] + (1 - beta2) * g * g
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: All parameters have made as many updates as the optimizer. | feedback: each parameter counts its own updates
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
        self.t = 0

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        self.t += 1
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1**self.t)
                v_hat = state["v"] / (1 - beta2**self.t)
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: lr is what the constructor was given. | feedback: read group['lr']
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(self.defaults["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: The rates of the groups can be copied once, in __init__. | feedback: a copy made in __init__ grows stale
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
        self.rates = [group["lr"] for group in self.param_groups]

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for rate, group in zip(self.rates, self.param_groups, strict=True):
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(rate * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: p.grad is scratch paper. | feedback: step() changed p.grad
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                state["m"] = beta1 * state["m"] + p.grad.mul_(1 - beta1)
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: The first gradient can be kept as it is, without a copy. | feedback: hold p.grad itself
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=1, sum=p.grad, v=torch.zeros_like(p))
                else:
                    state["t"] += 1
                    state["sum"].mul_(beta1).add_(p.grad)
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = (1 - beta1) * state["sum"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: The number of a parameter in its group is a good key for its state. | feedback: Parameters of different groups share their memory
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for number, p in enumerate(group["params"]):
                if p.grad is None:
                    continue
                state = self.state[number]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: Every parameter has a gradient. | feedback: A parameter whose grad is None broke step()
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: step() has nothing to return. | feedback: must return what the closure returns
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        if closure is not None:
            with torch.enable_grad():
                closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return None

# %% wrong: betas are read once for each parameter. | feedback: at every step
class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                b1 = s.setdefault("b1", group["betas"][0])
                b2 = s.setdefault("b2", group["betas"][1])
                t = s["t"] = s.get("t", 0) + 1
                s["m"] = b1 * s.get("m", 0) + (1 - b1) * p.grad
                s["v"] = b2 * s.get("v", 0) + (1 - b2) * p.grad**2
                p.sub_(group["lr"] * s["m"] / (1 - b1**t) / ((s["v"] / (1 - b2**t)).sqrt() + group["eps"]))
        return loss

# %% wrong: torch's Adam under another name is an answer. | feedback: Write the two methods
class MyAdam(torch.optim.Adam):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, lr=lr, betas=betas, eps=eps)

# %% wrong: p.data = ... writes into the tensor. | feedback: in place
class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s["t"] = s.get("t", 0) + 1
                s["m"] = b1 * s.get("m", 0) + (1 - b1) * p.grad
                s["v"] = b2 * s.get("v", 0) + (1 - b2) * p.grad**2
                p.data = p.data - group["lr"] * s["m"] / (1 - b1**t) / (
                    (s["v"] / (1 - b2**t)).sqrt() + group["eps"]
                )
        return loss

# %% right: lends torch's protocol to the learner's own adam
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            hyper = {name: group[name] for name in ("lr", "betas", "eps")}
            for p in group["params"]:
                if p.grad is not None:
                    t = self.state[p].get("t", 0) + 1
                    s = self.state[p].get("s", {})
                    new_p, new_s = adam(p, p.grad, s, t, **hyper)  # noqa: F821 (the answer to question 3)
                    p.copy_(new_p)
                    self.state[p] = {"t": t, "s": new_s}
        return loss

# %% right: all parameters of a group at once, with torch's foreach functions, grouped by their count
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            by_count = {}
            for p in group["params"]:
                if p.grad is not None:
                    state = self.state[p]
                    if not state:
                        state["t"], state["m"], state["v"] = 0, p.new_zeros(p.shape), p.new_zeros(p.shape)
                    state["t"] += 1
                    by_count.setdefault(state["t"], []).append(p)
            for t, params in by_count.items():
                self._update(t, params, **{name: group[name] for name in ("lr", "betas", "eps")})
        return loss

    def _update(self, t, params, lr, betas, eps):
        beta1, beta2 = betas
        gradients = [p.grad for p in params]
        ms = [self.state[p]["m"] for p in params]
        vs = [self.state[p]["v"] for p in params]
        torch._foreach_lerp_(ms, gradients, 1 - beta1)
        torch._foreach_mul_(vs, beta2)
        torch._foreach_addcmul_(vs, gradients, gradients, 1 - beta2)
        roots = torch._foreach_sqrt(vs)
        torch._foreach_div_(roots, (1 - beta2**t) ** 0.5)
        torch._foreach_add_(roots, eps)
        torch._foreach_addcdiv_(params, ms, roots, -lr / (1 - beta1**t))

# %% right: torch's in-place functions, a tensor as step count, torch's own names
import torch


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        defaults = dict(lr=lr, betas=betas, eps=eps)
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = torch.tensor(0.0)
                    state["exp_avg"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                    state["exp_avg_sq"] = torch.zeros_like(p, memory_format=torch.preserve_format)
                state["step"] += 1
                step = state["step"].item()
                state["exp_avg"].lerp_(p.grad, 1 - beta1)
                state["exp_avg_sq"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                denominator = (state["exp_avg_sq"].sqrt() / (1 - beta2**step) ** 0.5).add_(group["eps"])
                p.addcdiv_(state["exp_avg"], denominator, value=-group["lr"] / (1 - beta1**step))
        return loss

# %% wrong: torch's Adam needs no new name. | feedback: Write the two methods
MyAdam = torch.optim.Adam

# %% wrong: torch's Adam may do the work inside. | feedback: no finished optimizer may stand behind them
class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
        self.inner = torch.optim.Adam(self.param_groups, lr=lr, betas=betas, eps=eps)
        self.state = self.inner.state

    @torch.no_grad()
    def step(self, closure=None):
        return self.inner.step(closure)

# %% wrong: The course's Adam is an answer. | feedback: Write the two methods
from course_lib.optim import Adam


class MyAdam(Adam):
    pass

# %% wrong: A function that makes an optimizer will do. | feedback: MyAdam must be a class
def MyAdam(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    return torch.optim.Adam(params, lr=lr, betas=betas, eps=eps)

# %% wrong: The base class prepares itself. | feedback: There are no groups yet
# -        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
        self.lr, self.betas, self.eps = lr, betas, eps

# %% wrong: The parameters are a list, to be looked at first. | feedback: it can be gone through only once
# -        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
        self.count = sum(1 for _ in params)
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

# %% wrong: A gradient of zeros is none. | feedback: Only None is skipped
# -                if p.grad is None:
                if p.grad is None or not p.grad.any():

# %% wrong: The memory belongs to the class. | feedback: the run goes on differently
class MyAdam(torch.optim.Optimizer):
    memory = {}

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.memory.setdefault(p, dict(t=0, m=0.0, v=0.0))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                m_hat = state["m"] / (1 - beta1 ** state["t"])
                v_hat = state["v"] / (1 - beta2 ** state["t"])
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
        return loss

# %% wrong: ε is a constant. | feedback: read both from the group
# -                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + group["eps"]))
                p.sub_(group["lr"] * m_hat / (v_hat**0.5 + self.defaults["eps"]))

# %% wrong: All parameters of a group form one vector, with one v. | feedback: you and torch.optim.Adam part
# -                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * (p.grad * p.grad).mean()

# %% wrong: A parameter without gradient ends the step. | feedback: continue, not break or return
# -                    continue
                    break

# %% right: the base class by its full name, a helper with a name of ours, and gradients switched off
def give(old, new, beta):
    return beta * old + (1 - beta) * new


class MyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        torch.optim.Optimizer.__init__(self, params, {"lr": lr, "betas": betas, "eps": eps})

    def step(self, closure=None):
        loss = None if closure is None else closure()
        torch.set_grad_enabled(False)
        for group in self.param_groups:
            for p in filter(lambda p: p.grad is not None, group["params"]):
                s, (beta1, beta2) = self.state[p], group["betas"]
                s["t"] = s.get("t", 0) + 1
                s["m"] = give(s.get("m", 0.0), p.grad, beta1)
                s["v"] = give(s.get("v", 0.0), p.grad**2, beta2)
                root = (s["v"] / (1 - beta2 ** s["t"])) ** 0.5
                p -= group["lr"] * s["m"] / (1 - beta1 ** s["t"]) / (root + group["eps"])
        torch.set_grad_enabled(True)
        return loss

# %% right: a cell that changes the switches of all
# -        return loss
        return loss


torch.set_default_dtype(torch.float64)
torch.set_grad_enabled(False)
torch.set_num_threads(2)

# %% wrong: torch's function for Adam, under another name, is no optimizer. | feedback: no finished optimizer may stand behind them
import torch
from torch.optim.adam import adam as update


class MyAdam(torch.optim.Optimizer):
    """Adam, behind the protocol of torch.optim."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        """Update every parameter that has a gradient. Returns the closure's loss, if there is a closure."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["step"], s["m"], s["v"] = torch.tensor(0.0), torch.zeros_like(p), torch.zeros_like(p)
                update([p], [p.grad], [s["m"]], [s["v"]], [], [s["step"]], amsgrad=False, beta1=group["betas"][0],
                    beta2=group["betas"][1], lr=group["lr"], weight_decay=0, eps=group["eps"], maximize=False)
        return loss

# %% wrong: There is one group. | feedback: Go through all groups
class MyAdam(torch.optim.Optimizer):
    """Adam, behind the protocol of torch.optim."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        """Update every parameter that has a gradient. Returns the closure's loss, if there is a closure."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups[:1]:
            lr, (b1, b2), eps = group["lr"], group["betas"], group["eps"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["t"], s["m"], s["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                s["t"] += 1
                t, g = s["t"], p.grad
                s["m"] = b1 * s["m"] + (1 - b1) * g
                s["v"] = b2 * s["v"] + (1 - b2) * g**2
                m, v = s["m"] / (1 - b1**t), s["v"] / (1 - b2**t)
                p.sub_(lr * m / (v.sqrt() + eps))
        return loss

# %% wrong: Where nothing is to be done, step() is over. | feedback: continue, not break or return
class MyAdam(torch.optim.Optimizer):
    """Adam, behind the protocol of torch.optim."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        """Update every parameter that has a gradient. Returns the closure's loss, if there is a closure."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            lr, (b1, b2), eps = group["lr"], group["betas"], group["eps"]
            for p in group["params"]:
                if p.grad is None:
                    return loss
                s = self.state[p]
                if not s:
                    s["t"], s["m"], s["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                s["t"] += 1
                t, g = s["t"], p.grad
                s["m"] = b1 * s["m"] + (1 - b1) * g
                s["v"] = b2 * s["v"] + (1 - b2) * g**2
                m, v = s["m"] / (1 - b1**t), s["v"] / (1 - b2**t)
                p.sub_(lr * m / (v.sqrt() + eps))
        return loss

# %% wrong: In float64 the memory is more exact. | feedback: a run that is saved and resumed does not go on bit for bit
class MyAdam(torch.optim.Optimizer):
    """Adam, behind the protocol of torch.optim."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        """Update every parameter that has a gradient. Returns the closure's loss, if there is a closure."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            lr, (b1, b2), eps = group["lr"], group["betas"], group["eps"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["t"], s["m"], s["v"] = 0, torch.zeros_like(p, dtype=torch.float64), torch.zeros_like(p, dtype=torch.float64)
                s["t"] += 1
                t, g = s["t"], p.grad
                s["m"] = b1 * s["m"] + (1 - b1) * g
                s["v"] = b2 * s["v"] + (1 - b2) * g**2
                m, v = s["m"] / (1 - b1**t), s["v"] / (1 - b2**t)
                p.sub_(lr * m / (v.sqrt() + eps))
        return loss

# %% wrong: t may be a tensor of any type. | feedback: a run that is saved and resumed does not go on bit for bit
class MyAdam(torch.optim.Optimizer):
    """Adam, behind the protocol of torch.optim."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        """Update every parameter that has a gradient. Returns the closure's loss, if there is a closure."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            lr, (b1, b2), eps = group["lr"], group["betas"], group["eps"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["t"], s["m"], s["v"] = torch.zeros((), dtype=torch.float64), torch.zeros_like(p), torch.zeros_like(p)
                s["t"] += 1
                t, g = s["t"], p.grad
                s["m"] = b1 * s["m"] + (1 - b1) * g
                s["v"] = b2 * s["v"] + (1 - b2) * g**2
                m, v = s["m"] / (1 - b1**t), s["v"] / (1 - b2**t)
                p.sub_(lr * m / (v.sqrt() + eps))
        return loss

# %% wrong: All parameters are known in __init__. | feedback: with a group that joins later
class MyAdam(torch.optim.Optimizer):
    """Adam, behind the protocol of torch.optim."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p] = {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)}

    @torch.no_grad()
    def step(self, closure=None):
        """Update every parameter that has a gradient. Returns the closure's loss, if there is a closure."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            lr, (b1, b2), eps = group["lr"], group["betas"], group["eps"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                s["t"] += 1
                t, g = s["t"], p.grad
                s["m"] = b1 * s["m"] + (1 - b1) * g
                s["v"] = b2 * s["v"] + (1 - b2) * g**2
                m, v = s["m"] / (1 - b1**t), s["v"] / (1 - b2**t)
                p.sub_(lr * m / (v.sqrt() + eps))
        return loss

# %% wrong: ε may be added before the correction. | feedback: right to six digits only
class MyAdam(torch.optim.Optimizer):
    """Adam, behind the protocol of torch.optim."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        """Update every parameter that has a gradient. Returns the closure's loss, if there is a closure."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            lr, (b1, b2), eps = group["lr"], group["betas"], group["eps"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["t"], s["m"], s["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                s["t"] += 1
                t, g = s["t"], p.grad
                s["m"] = b1 * s["m"] + (1 - b1) * g
                s["v"] = b2 * s["v"] + (1 - b2) * g**2
                m, v = s["m"] / (1 - b1**t) * (1 - b2**t) ** 0.5, s["v"]
                p.sub_(lr * m / (v.sqrt() + eps))
        return loss
