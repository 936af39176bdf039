# misconception: The first gradient can be kept as it is, without a copy.
# feedback: hold p.grad itself


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
