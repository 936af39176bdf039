# %% wrong: The penalty is λ‖w‖². | feedback: the penalty's gradient is 2λw there
# -    v = momentum * v + g + weight_decay * w
    v = momentum * v + g + 2 * weight_decay * w

# %% wrong: torch shrinks beside the velocity. | feedback: the penalty is missing in it
# -    v = momentum * v + g + weight_decay * w
# -    return w - lr * v, v
    v = momentum * v + g
    return (1 - lr * weight_decay) * w - lr * v, v

# %% wrong: Decay both in the velocity and beside it. | feedback: the decay is applied twice
# -    return w - lr * v, v
    return (1 - lr * weight_decay) * w - lr * v, v

# %% wrong: The velocity is an average. | feedback: the new gradient is multiplied by 1 − momentum
# -    v = momentum * v + g + weight_decay * w
    v = momentum * v + (1 - momentum) * (g + weight_decay * w)

# %% wrong: The momentum multiplies all. | feedback: only the old velocity is multiplied
# -    v = momentum * v + g + weight_decay * w
    v = g + momentum * (v + weight_decay * w)

# %% wrong: The step is made with the velocity that came in. | feedback: the old v
# -    v = momentum * v + g + weight_decay * w
# -    return w - lr * v, v
    return w - lr * v, momentum * v + g + weight_decay * w

# %% wrong: The factor has a 2. | feedback: the factor was 1 − 2ηλ
# -    return (1 - lr * weight_decay) * w - lr * g
    return (1 - 2 * lr * weight_decay) * w - lr * g

# %% wrong: First the step, then the shrinking. | feedback: the step came first
# -    return (1 - lr * weight_decay) * w - lr * g
    return (1 - lr * weight_decay) * (w - lr * g)

# %% wrong: The weights shrink by λ. | feedback: the factor was 1 − λ
# -    return (1 - lr * weight_decay) * w - lr * g
    return (1 - weight_decay) * w - lr * g

# %% wrong: torch can do it. | feedback: without torch.optim
# -    return (1 - lr * weight_decay) * w - lr * g
    leaf = w.clone().requires_grad_()
    leaf.grad = g
    torch.optim.SGD([leaf], lr=lr, weight_decay=weight_decay).step()
    return leaf.detach()

# %% wrong: The weights may change in place. | feedback: changed its input number 1
# -    return (1 - lr * weight_decay) * w - lr * g
    w *= 1 - lr * weight_decay
    w -= lr * g
    return w

# %% right: the two updates, one with the other
def penalty_update(w, g, v, lr, momentum, weight_decay):
    gradient = g + weight_decay * w
    velocity = momentum * v + gradient
    return w - lr * velocity, velocity


def shrink_update(w, g, lr, weight_decay):
    return penalty_update(w, g, torch.zeros_like(w), lr, 0.0, weight_decay)[0]

# %% right: on copies, in place
def penalty_update(w, g, v, lr, momentum, weight_decay):
    w, v = w.clone(), v.clone()
    v.mul_(momentum).add_(g).add_(w, alpha=weight_decay)
    w.sub_(lr * v)
    return w, v


def shrink_update(w, g, lr, weight_decay):
    w = w.clone()
    w.mul_(1 - lr * weight_decay)
    w.sub_(lr * g)
    return w

# %% wrong: The penalty's gradient is ½λw. | feedback: the penalty's gradient is ½λw there
# -    v = momentum * v + g + weight_decay * w
    v = momentum * v + g + weight_decay / 2 * w

# %% wrong: The velocity holds the rate. | feedback: the velocity holds no learning rate
# -    v = momentum * v + g + weight_decay * w
# -    return w - lr * v, v
    v = momentum * v + lr * (g + weight_decay * w)
    return w - v, v

# %% wrong: Without momentum there is no velocity. | feedback: With momentum 0 the new v
# -    v = momentum * v + g + weight_decay * w
# -    return w - lr * v, v
    d = g + weight_decay * w
    if momentum == 0:
        return w - lr * d, v
    v = momentum * v + d
    return w - lr * v, v

# %% wrong: To shrink is to divide. | feedback: divided by 1 + ηλ
# -    return (1 - lr * weight_decay) * w - lr * g
    return w / (1 + lr * weight_decay) - lr * g

# %% wrong: An import under its own name is no torch.optim. | feedback: without torch.optim
# -    return (1 - lr * weight_decay) * w - lr * g
    from torch.optim import SGD

    leaf = w.clone().requires_grad_()
    leaf.grad = g
    SGD([leaf], lr=lr, weight_decay=weight_decay).step()
    return leaf.detach()

# %% wrong: float32 does for the decay. | feedback: Is something float32 on the way
# -    return (1 - lr * weight_decay) * w - lr * g
    return ((1 - lr * weight_decay) * w).float().double() - lr * g

# %% wrong: A function is no optimizer. | feedback: without torch.optim
from torch.optim.sgd import sgd as f


def penalty_update(w, g, v, lr, momentum, weight_decay):
    w, v = w.clone(), v.clone()
    old = g + weight_decay * w
    f([w], [g.clone()], [v], weight_decay=weight_decay, momentum=momentum, lr=lr, dampening=0.0, nesterov=False, maximize=False)
    return w, (v if momentum else old)


def shrink_update(w, g, lr, weight_decay):
    return (1 - lr * weight_decay) * w - lr * g

# %% right: with a helper named optim
class optim:
    @staticmethod
    def sgd(w, g, lr):
        return w - lr * g


def penalty_update(w, g, v, lr, momentum, weight_decay):
    v = torch.add(momentum * v, torch.add(g, w, alpha=weight_decay))
    return optim.sgd(w, v, lr), v


def shrink_update(w, g, lr, weight_decay):
    return optim.sgd(torch.lerp(w, torch.zeros_like(w), lr * weight_decay), g, lr)
