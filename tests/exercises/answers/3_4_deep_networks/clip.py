# %% wrong: Each parameter has its norm. | feedback: each parameter was clipped by its own norm
# -    if norm > most:
# -        for g in grads:
# -            g.mul_(most / norm)
    for g in grads:
        own = g.norm().item()
        if own > most:
            g.mul_(most / own)

# %% wrong: Clipping is clamping. | feedback: each entry was clipped
# -            g.mul_(most / norm)
            g.clamp_(-most, most)

# %% wrong: Every gradient gets the length. | feedback: a small gradient is none to be clipped
# -    if norm > most:
    if norm > 0:

# %% wrong: Gradients are clipped where they are small. | feedback: nothing was clipped
# -    if norm > most:
    if 0 < norm <= most:

# %% wrong: Parameters can be gone through again. | feedback: is the second time empty
def clip_(parameters, most):
    norm = math.sqrt(sum(p.grad.square().sum().item() for p in parameters if p.grad is not None))
    if not math.isfinite(norm):
        raise FloatingPointError("the norm is not finite")
    if norm > most:
        for p in parameters:
            if p.grad is not None:
                p.grad.mul_(most / norm)
    return norm

# %% wrong: Each parameter has a gradient. | feedback: skip it, and go on
# -    grads = [p.grad for p in parameters if p.grad is not None]
    grads = [p.grad for p in parameters]

# %% wrong: The first without a gradient is the end. | feedback: Skip that, and go on
# -    grads = [p.grad for p in parameters if p.grad is not None]
    grads = []
    for p in parameters:
        if p.grad is None:
            break
        grads.append(p.grad)

# %% wrong: What counts is the norm that is left. | feedback: that is the norm after clipping
# -    return norm
    return min(norm, most)

# %% wrong: torch adds a little, and will know why. | feedback: exactly: without 1e-6
# -            g.mul_(most / norm)
            g.mul_(most / (norm + 1e-6))

# %% wrong: Norms add up. | feedback: the sum of the parameters' norms
# -    norm = math.sqrt(sum(g.square().sum().item() for g in grads))
    norm = math.fsum(g.norm().item() for g in grads)

# %% wrong: The largest norm is the norm. | feedback: the largest of the parameters' norms
# -    norm = math.sqrt(sum(g.square().sum().item() for g in grads))
    norm = max((g.norm().item() for g in grads), default=0.0)

# %% wrong: The largest entry is the norm. | feedback: that is the largest entry
# -    norm = math.sqrt(sum(g.square().sum().item() for g in grads))
    norm = max((g.abs().max().item() for g in grads), default=0.0)

# %% wrong: A sum of squares is a norm. | feedback: with the norm and not its square
# -    norm = math.sqrt(sum(g.square().sum().item() for g in grads))
    norm = float(sum(g.square().sum().item() for g in grads))

# %% wrong: A norm is a mean. | feedback: the root of the mean of the squares
# -    norm = math.sqrt(sum(g.square().sum().item() for g in grads))
    count = sum(g.numel() for g in grads)
    norm = math.sqrt(sum(g.square().sum().item() for g in grads) / max(count, 1))

# %% wrong: There is some gradient. | feedback: There may be no gradient at all
def clip_(parameters, most):
    grads = [p.grad for p in parameters if p.grad is not None]
    norm = torch.cat([g.flatten() for g in grads]).norm().item()
    if not math.isfinite(norm):
        raise FloatingPointError("the norm is not finite")
    if norm > most:
        for g in grads:
            g.mul_(most / norm)
    return norm

# %% wrong: A gradient of nan is clipped as any other. | feedback: your function raises nothing
# -    if not math.isfinite(norm):
# -        raise FloatingPointError(f"the norm of the gradients is {norm}")

# %% wrong: Only inf is not finite. | feedback: With one nan in the first gradient
# -    if not math.isfinite(norm):
    if norm == math.inf:

# %% wrong: Only nan is not finite. | feedback: With one inf in the first gradient
# -    if not math.isfinite(norm):
    if math.isnan(norm):

# %% wrong: An error is an error. | feedback: Asked for is FloatingPointError
# -        raise FloatingPointError(f"the norm of the gradients is {norm}")
        raise ValueError(f"the norm of the gradients is {norm}")

# %% wrong: First one scales, then one looks. | feedback: the gradients have changed already
def clip_(parameters, most):
    grads = [p.grad for p in parameters if p.grad is not None]
    norm = math.sqrt(sum(g.square().sum().item() for g in grads))
    if not norm <= most:
        for g in grads:
            g.mul_(most / norm)
    if not math.isfinite(norm):
        raise FloatingPointError("the norm is not finite")
    return norm

# %% wrong: A new gradient is as good. | feedback: has a new .grad now
def clip_(parameters, most):
    parameters = [p for p in parameters if p.grad is not None]
    norm = math.sqrt(sum(p.grad.square().sum().item() for p in parameters))
    if not math.isfinite(norm):
        raise FloatingPointError("the norm is not finite")
    if norm > most:
        for p in parameters:
            p.grad = p.grad * (most / norm)
    return norm

# %% wrong: A name is a place. | feedback: nothing was clipped
# -            g.mul_(most / norm)
            g = g * (most / norm)

# %% wrong: The weights are clipped. | feedback: You changed a parameter
def clip_(parameters, most):
    parameters = [p for p in parameters if p.grad is not None]
    norm = math.sqrt(sum(p.grad.square().sum().item() for p in parameters))
    if not math.isfinite(norm):
        raise FloatingPointError("the norm is not finite")
    if norm > most:
        for p in parameters:
            p.data.mul_(most / norm)
    return norm

# %% wrong: To clip is to bring to the length 1. | feedback: they have the length 1 now
# -            g.mul_(most / norm)
            g.div_(norm)

# %% wrong: A tensor is a number. | feedback: Return a Python float
# -    return norm
    return torch.tensor(norm)

# %% wrong: torch has it. | feedback: torch's own clipping does not do it for you
def clip_(parameters, most):
    return torch.nn.utils.clip_grad_norm_(parameters, most, error_if_nonfinite=True).item()

# %% wrong: torch has it under another name. | feedback: torch's own clipping does not do it for you
shorten = torch.nn.utils.clip_grad_norm_


def clip_(parameters, most):
    return shorten(parameters, most).item()

# %% wrong: torch has half of it. | feedback: torch's own clipping does not do it for you
# -    norm = math.sqrt(sum(g.square().sum().item() for g in grads))
    norm = torch.nn.utils.get_total_norm(grads).item() if grads else 0.0

# %% wrong: Done in place, there is nothing to return. | feedback: you return None
# -    return norm
    return

# %% wrong: A gradient lies in a row. | feedback: transposed in memory
# -            g.mul_(most / norm)
            g.reshape(-1).mul_(most / norm)

# %% wrong: With inf there is nothing to look at. | feedback: most = inf
# -    grads = [p.grad for p in parameters if p.grad is not None]
    grads = [p.grad for p in parameters if p.grad is not None]
    if most == math.inf:
        return math.sqrt(sum(g.square().sum().item() for g in grads))

# %% right: in one row, with hypot and a factor of 1
def clip_(parameters, most):
    there = [p for p in parameters if p.grad is not None]
    sizes = [torch.linalg.vector_norm(p.grad).item() for p in there]
    norm = math.hypot(*sizes)
    if math.isnan(norm) or math.isinf(norm):
        raise FloatingPointError
    factor = 1.0 if norm == 0 else min(1.0, most / norm)
    for p in there:
        p.grad *= factor
    return norm

# %% right: torch's foreach, under no_grad, with copy_
@torch.no_grad()
def clip_(parameters, most):
    grads = []
    for p in parameters:
        if p.grad is None:
            continue
        grads.append(p.grad)
    if not grads:
        return 0
    length = torch.stack(torch._foreach_norm(grads)).norm()
    if not length.isfinite():
        raise FloatingPointError(f"norm {length}")
    if length > most:
        for g in grads:
            g.copy_(g / length * most)
    return float(length)

# %% right: a helper of the tests' name, and the parameters' data
def length(grads):
    return torch.cat([torch.zeros(1), *(g.detach().reshape(-1) for g in grads)]).pow(2).sum().sqrt().item()


def clip_(parameters, most):
    grads = list(filter(lambda g: g is not None, (p.grad for p in parameters)))
    before = length(grads)
    if not before < math.inf:
        raise FloatingPointError("not finite")
    for g in grads if before >= most else ():
        g.data[...] = g.data * most / before
    return before

# %% wrong: New memory is as good. | feedback: or its .grad has new memory
# -            g.mul_(most / norm)
            g.data = g.data * (most / norm)

# %% wrong: One looks at the norm only where it is too large. | feedback: With one nan in the first gradient
# -    if not math.isfinite(norm):
# -        raise FloatingPointError(f"the norm of the gradients is {norm}")
# -    if norm > most:
    if norm > most:
        if not math.isfinite(norm):
            raise FloatingPointError(f"the norm of the gradients is {norm}")

# %% wrong: A norm is measured in float32. | feedback: Is something float32 on the way
# -    norm = math.sqrt(sum(g.square().sum().item() for g in grads))
    norm = math.sqrt(sum(g.float().square().sum().item() for g in grads))

# %% wrong: A hair above most is not above. | feedback: and most = 0.999999 of their norm
# -    if norm > most:
    if norm > 1.00001 * most:

# %% wrong: A scalar has no norm. | feedback: of the shapes (3, 4), (5) and ()
# -    grads = [p.grad for p in parameters if p.grad is not None]
    grads = [p.grad for p in parameters if p.grad is not None and p.grad.dim() > 0]

# %% wrong: What is left of nan is 0. | feedback: your function raises nothing
# -    if not math.isfinite(norm):
# -        raise FloatingPointError(f"the norm of the gradients is {norm}")
    if not math.isfinite(norm):
        for g in grads:
            g.zero_()
        return norm

# %% wrong: Clipped twice is clipped well. | feedback: the gradients, in a row
# -            g.mul_(most / norm)
            g.mul_(most / norm)
            g.clamp_(-most / 3, most / 3)

# %% wrong: Parameters are a list. | feedback: parameters may be an iterator
# -    grads = [p.grad for p in parameters if p.grad is not None]
    grads = [parameters[k].grad for k in range(len(parameters)) if parameters[k].grad is not None]

# %% wrong: A finite gradient is the last one's. | feedback: in the first gradient
# -    if not math.isfinite(norm):
    if grads and not grads[-1].isfinite().all():

# %% right: by most over the larger of the two
# -    if norm > most:
# -        for g in grads:
# -            g.mul_(most / norm)
    for g in grads:
        g *= most / max(norm, most) if most < math.inf else 1

# %% right: by numpy
def clip_(parameters, most):
    import numpy

    grads = [p.grad.numpy() for p in parameters if p.grad is not None]
    norm = numpy.sqrt(sum((g**2).sum() for g in grads))
    if not numpy.isfinite(norm):
        raise FloatingPointError("not finite")
    for g in grads if norm > most else []:
        numpy.multiply(g, most / norm, out=g)
    return norm

# %% right: one parameter after the other, with an error of its own kind
class NoNumber(FloatingPointError):
    pass


def clip_(parameters, most):
    parameters, total = list(parameters), 0.0
    for p in parameters:
        if p.grad is not None:
            total += torch.dot(p.grad.flatten(), p.grad.flatten()).item()
    total **= 0.5
    if total != total or total == float("inf"):
        raise NoNumber(total)
    if total <= most:
        return total
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p.grad.data.mul_(most).div_(total)
    return total
