# differs: all parameters of a group at once, with torch's foreach functions, grouped by their count


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
