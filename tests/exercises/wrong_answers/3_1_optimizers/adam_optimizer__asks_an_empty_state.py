# misconception: self.state[p] comes with a count.
# feedback: There is no 't'. If you looked in self.state[p]: it is empty at the first update


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
