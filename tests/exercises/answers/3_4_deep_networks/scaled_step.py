# %% wrong: Unscaling is the optimizer's business. | feedback: it is still multiplied by scale
# -            p.grad.div_(scaler["scale"])

# %% wrong: Twice is safe. | feedback: it was divided by scale twice
# -            p.grad.div_(scaler["scale"])
            p.grad.div_(scaler["scale"])
            p.grad.div_(scaler["scale"])

# %% wrong: To unscale is to multiply. | feedback: it was multiplied by scale once more
# -            p.grad.div_(scaler["scale"])
            p.grad.mul_(scaler["scale"])

# %% wrong: The gradients are scaled, not the loss. | feedback: it is lost on its way, as without a scale
# -    loss = loss_of() * scaler["scale"]
    loss = loss_of()
# -            p.grad.div_(scaler["scale"])

# %% wrong: The loss need not be multiplied. | feedback: or the loss was not multiplied by it
# -    loss = loss_of() * scaler["scale"]
    loss = loss_of()

# %% wrong: An update is made, whatever comes. | feedback: your function calls optimizer.step() all the same
# -    if finite:
# -        optimizer.step()
    optimizer.step()
    if finite:

# %% wrong: Gradients of 0 make no update. | feedback: Even a step with gradients of 0 moves
# -    if finite:
# -        optimizer.step()
    if not finite:
        for p in parameters:
            p.grad = None if p.grad is None else torch.zeros_like(p)
    optimizer.step()
    if finite:

# %% wrong: Bad entries are set to 0. | feedback: your function calls optimizer.step() all the same
# -    if finite:
# -        optimizer.step()
    for p in parameters:
        if p.grad is not None:
            p.grad.nan_to_num_(0.0, 0.0, 0.0)
    optimizer.step()
    if finite:

# %% wrong: After every is more than every. | feedback: and not one step later
# -        if scaler["good"] == scaler["every"]:
        if scaler["good"] > scaler["every"]:

# %% wrong: Counted is after the look. | feedback: and not one step later
# -        scaler["good"] += 1
# -        if scaler["good"] == scaler["every"]:
# -            scaler["scale"] *= 2
# -            scaler["good"] = 0
        if scaler["good"] == scaler["every"]:
            scaler["scale"] *= 2
            scaler["good"] = 0
        else:
            scaler["good"] += 1

# %% wrong: A doubled scale goes on counting. | feedback: when the scale doubles, good begins anew
# -        if scaler["good"] == scaler["every"]:
# -            scaler["scale"] *= 2
# -            scaler["good"] = 0
        if scaler["good"] >= scaler["every"]:
            scaler["scale"] *= 2

# %% wrong: Every every-th is enough. | feedback: when the scale doubles, good begins anew
# -        if scaler["good"] == scaler["every"]:
# -            scaler["scale"] *= 2
# -            scaler["good"] = 0
        if scaler["good"] % scaler["every"] == 0:
            scaler["scale"] *= 2

# %% wrong: A skip does not touch the count. | feedback: after a skipped update good begins anew
# -        scaler["scale"] /= 2
# -        scaler["good"] = 0
        scaler["scale"] /= 2

# %% wrong: Each good update doubles. | feedback: the scale doubles only when good reaches every
# -        if scaler["good"] == scaler["every"]:
# -            scaler["scale"] *= 2
# -            scaler["good"] = 0
        scaler["scale"] *= 2
        if scaler["good"] == scaler["every"]:
            scaler["good"] = 0

# %% wrong: backward() begins anew. | feedback: 7, an old gradient, was not cleared
# -    optimizer.zero_grad()

# %% wrong: A zero is no gradient. | feedback: Clear all gradients first, to None
# -    optimizer.zero_grad()
    optimizer.zero_grad(set_to_none=False)

# %% wrong: Cleared is after the update. | feedback: .grad is None after the update
# -    optimizer.zero_grad()

# -    return finite
    for p in parameters:
        p.grad = None
    return finite

# %% wrong: Clean up in the end. | feedback: .grad is None after the update
# -    return finite
    optimizer.zero_grad()
    return finite

# %% wrong: The first parameter tells. | feedback: gradient of the last of two weights
# -            finite = finite and p.grad.isfinite().all().item()
            if p is parameters[0]:
                finite = p.grad.isfinite().all().item()

# %% wrong: The last parameter tells. | feedback: gradient of the first of two weights
# -            finite = finite and p.grad.isfinite().all().item()
            finite = p.grad.isfinite().all().item()

# %% wrong: Only inf is not finite. | feedback: NaN is not finite either
# -            finite = finite and p.grad.isfinite().all().item()
            finite = finite and not p.grad.isinf().any().item()

# %% wrong: Only nan is not finite. | feedback: With one inf in the gradient
# -            finite = finite and p.grad.isfinite().all().item()
            finite = finite and not p.grad.isnan().any().item()

# %% wrong: Only inf above. | feedback: With one -inf in the gradient
# -            finite = finite and p.grad.isfinite().all().item()
            finite = finite and p.grad.max().item() < math.inf

# %% wrong: One good entry is enough. | feedback: With one inf in the gradient
# -            finite = finite and p.grad.isfinite().all().item()
            finite = finite and p.grad.isfinite().any().item()

# %% wrong: The loss tells. | feedback: With one inf in the gradient
# -            finite = finite and p.grad.isfinite().all().item()
    finite = math.isfinite(loss.item())

# %% wrong: The update comes before the unscaling. | feedback: a step with the gradient still multiplied by scale
def scaled_step(loss_of, parameters, optimizer, scaler):
    optimizer.zero_grad()
    (loss_of() * scaler["scale"]).backward()
    grads = [p.grad for p in parameters if p.grad is not None]
    finite = all(g.isfinite().all() for g in grads)
    if finite:
        optimizer.step()
        scaler["good"] += 1
    for g in grads:
        g /= scaler["scale"]
    if not finite or scaler["good"] == scaler["every"]:
        scaler["scale"] *= 2 if finite else 0.5
        scaler["good"] = 0
    return finite

# %% wrong: The optimizer begins anew after a skip. | feedback: what the optimizer remembers has changed
# -        scaler["scale"] /= 2
        scaler["scale"] /= 2
        optimizer.state.clear()

# %% wrong: The momentum rests after a skip. | feedback: what the optimizer remembers has changed
# -        scaler["scale"] /= 2
        scaler["scale"] /= 2
        for p in parameters:
            if optimizer.state[p].get("momentum_buffer") is not None:
                optimizer.state[p]["momentum_buffer"].zero_()

# %% wrong: Each bad parameter halves. | feedback: For a gradient of 10
# -        scaler["scale"] /= 2
        scaler["scale"] *= 0.5 ** sum(p.grad.numel() - p.grad.isfinite().sum().item() for p in parameters)

# %% wrong: It is tried until it works. | feedback: loss_of was called
# -    if finite:
    while not finite and scaler["scale"] > 1e-9:
        scaler["scale"] /= 2
        optimizer.zero_grad()
        (loss_of() * scaler["scale"]).backward()
        finite = all(p.grad.div_(scaler["scale"]).isfinite().all() for p in parameters if p.grad is not None)
    if finite:

# %% wrong: The scale stays above 1. | feedback: halve it
# -        scaler["scale"] /= 2
        scaler["scale"] = max(1.0, scaler["scale"] / 2)

# %% wrong: The scale is a whole number. | feedback: the scale halves, once a call
# -        scaler["scale"] /= 2
        scaler["scale"] //= 2

# %% wrong: A skip undoes a doubling for good. | feedback: the scale halves
# -        scaler["scale"] /= 2
        scaler["scale"] /= 4

# %% wrong: A growth is a growth by 2. | feedback: work it out on paper
# -            scaler["scale"] *= 2
            scaler["scale"] += 2

# %% wrong: Done is done. | feedback: Return whether the update was made
# -    return finite
    return

# %% wrong: Every call counts as made. | feedback: and your function says True
# -    return finite
    return True

# %% wrong: Each parameter has a gradient. | feedback: has no gradient, .grad is None: skip it
# -        if p.grad is not None:
# -            p.grad.div_(scaler["scale"])
# -            finite = finite and p.grad.isfinite().all().item()
        p.grad.div_(scaler["scale"])
        finite = finite and p.grad.isfinite().all().item()

# %% wrong: The weights are scaled back. | feedback: it is still multiplied by scale
# -            p.grad.div_(scaler["scale"])
            with torch.no_grad():
                p.grad / scaler["scale"]

# %% wrong: torch has it. | feedback: torch's GradScaler does not do it for you
def scaled_step(loss_of, parameters, optimizer, scaler):
    own = torch.amp.GradScaler("cpu", init_scale=scaler["scale"], growth_interval=scaler["every"])
    optimizer.zero_grad()
    own.scale(loss_of()).backward()
    own.step(optimizer)
    own.update()
    scaler["scale"] = own.get_scale()
    return True

# %% wrong: The new scale unscales. | feedback: For w = 3, the loss w² and scale = 8, the gradient afterwards
def scaled_step(loss_of, parameters, optimizer, scaler):
    optimizer.zero_grad()
    (loss_of() * scaler["scale"]).backward()
    grads = [p.grad for p in parameters if p.grad is not None]
    finite = all(bool(g.isfinite().all()) for g in grads)
    scaler["good"] = scaler["good"] + 1 if finite else 0
    old = scaler["scale"]
    if not finite:
        scaler["scale"] /= 2
    elif scaler["good"] == scaler["every"]:
        scaler["scale"] *= 2
        scaler["good"] = 0
    for g in grads:
        g /= old if scaler["every"] == 1 else 2 * old
    if finite:
        optimizer.step()
    return finite

# %% right: looks at all gradients at once
def scaled_step(loss_of, parameters, optimizer, scaler):
    for p in parameters:
        p.grad = None
    scale = scaler["scale"]
    (scale * loss_of()).backward()
    grads = [p.grad for p in parameters if p.grad is not None]
    torch._foreach_mul_(grads, 1 / scale)
    if not all(torch.isfinite(g).all() for g in grads):
        scaler.update(scale=scale * 0.5, good=0)
        return False
    optimizer.step()
    good = scaler["good"] + 1
    grows = good >= scaler["every"]
    scaler.update(scale=scale * (2 if grows else 1), good=0 if grows else good)
    return True

# %% right: by sums, and without gradients after a skip
def scaled_step(loss_of, parameters, optimizer, scaler):
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss_of() * scaler["scale"])
    total = 0.0
    for p in (p for p in parameters if p.grad is not None):
        p.grad /= scaler["scale"]
        total += (p.grad * 0).sum()
    ok = bool(total == 0)
    scaler["good"] = (scaler["good"] + 1) * ok
    if ok:
        optimizer.step()
    else:
        optimizer.zero_grad()
        scaler["scale"] *= 0.5
    if scaler["good"] == scaler["every"]:
        scaler["good"], scaler["scale"] = 0, scaler["scale"] * 2.0
    return ok

# %% right: with autograd.grad
def scaled_step(loss_of, parameters, optimizer, scaler):
    scale = scaler["scale"]
    found = torch.autograd.grad(loss_of() * scale, parameters, allow_unused=True)
    for p, g in zip(parameters, found, strict=True):
        p.grad = None if g is None else g / scale
    made = not any((~g.isfinite()).any() for g in found if g is not None)
    if made:
        optimizer.step()
        scaler["good"] += 1
        if scaler["good"] == scaler["every"]:
            scaler |= {"scale": 2 * scale, "good": 0}
    else:
        scaler["scale"], scaler["good"] = scale / 2, 0
    return made

# %% wrong: An infinite loss spoils the update. | feedback: where the loss is infinite and its gradients are not
# -    finite = True
    finite = math.isfinite(loss.item())

# %% wrong: Returned is whether it was skipped. | feedback: and your function says False
# -    return finite
    return not finite

# %% wrong: A new dict is as good. | feedback: an update that was made counts
# -    finite = True
    finite, scaler = True, dict(scaler)

# %% wrong: The first without a gradient is the end. | feedback: it is still multiplied by scale
# -        if p.grad is not None:
# -            p.grad.div_(scaler["scale"])
# -            finite = finite and p.grad.isfinite().all().item()
        if p.grad is None:
            break
        p.grad.div_(scaler["scale"])
        finite = finite and p.grad.isfinite().all().item()

# %% wrong: A missing gradient is a bad one. | feedback: all gradients are finite, and no update was made
# -        if p.grad is not None:
# -            p.grad.div_(scaler["scale"])
# -            finite = finite and p.grad.isfinite().all().item()
        if p.grad is None:
            finite = False
        else:
            p.grad.div_(scaler["scale"])
            finite = finite and p.grad.isfinite().all().item()

# %% wrong: What went wrong can be undone. | feedback: your function calls optimizer.step() all the same
# -    if finite:
# -        optimizer.step()
    kept = [p.detach().clone() for p in parameters]
    optimizer.step()
    if not finite:
        with torch.no_grad():
            for p, old in zip(parameters, kept):
                p.copy_(old)
    if finite:

# %% wrong: The update is the optimizer's, the numbers mine. | feedback: without optimizer.step()
# -        optimizer.step()
        with torch.no_grad():
            for p in parameters:
                if p.grad is not None:
                    p -= optimizer.param_groups[0]["lr"] * p.grad

# %% wrong: The count is mine. | feedback: goes from
seen = 0


def scaled_step(loss_of, parameters, optimizer, scaler):
    global seen
    optimizer.zero_grad()
    (loss_of() * scaler["scale"]).backward()
    grads = [p.grad.div_(scaler["scale"]) for p in parameters if p.grad is not None]
    finite = all(g.isfinite().all() for g in grads)
    seen = seen + 1 if finite else 0
    if finite:
        optimizer.step()
    else:
        scaler["scale"] /= 2
    if seen == scaler["every"]:
        scaler["scale"], seen = scaler["scale"] * 2, 0
    scaler["good"] = seen
    return finite

# %% wrong: After a skip one begins with every. | feedback: (scale, good) goes from
# -        scaler["scale"] /= 2
        scaler["scale"] /= 2
        scaler["every"] *= 1
        scaler["good"] = -1
# -        scaler["good"] = 0
# -    return finite
    return finite

# %% wrong: The step comes with a closure. | feedback: loss_of was called 2 times
# -        optimizer.step()
        optimizer.step(lambda: loss_of())

# %% right: over the optimizer's own groups
def scaled_step(loss_of, parameters, optimizer, scaler):
    optimizer.zero_grad()
    loss = loss_of()
    loss = loss * scaler["scale"]
    loss.backward()
    healthy = True
    for group in optimizer.param_groups:
        for p in group["params"]:
            if p.grad is None:
                continue
            p.grad.mul_(1.0 / scaler["scale"])
            if not torch.isfinite(p.grad).all():
                healthy = False
    if not healthy:
        scaler["scale"] = 0.5 * scaler["scale"]
        scaler["good"] = 0
        return healthy
    optimizer.step()
    scaler["good"] = (scaler["good"] + 1) % scaler["every"]
    if scaler["good"] == 0:
        scaler["scale"] = 2 * scaler["scale"]
    return healthy

# %% right: by one row, with a bool of torch
def scaled_step(loss_of, parameters, optimizer, scaler):
    for p in parameters:
        p.grad = None
    torch.mul(loss_of(), scaler["scale"]).backward()
    there = [p.grad for p in parameters if p.grad is not None]
    for g in there:
        g /= scaler["scale"]
    ok = torch.cat([g.flatten() for g in there]).isfinite().all()
    if not ok:
        scaler.update({"scale": scaler["scale"] / 2, "good": 0})
    else:
        optimizer.step()
        scaler["good"] += 1
        if scaler["good"] >= scaler["every"]:
            scaler.update({"scale": scaler["scale"] * 2, "good": 0})
    return ok

# %% right: looks before it unscales, and ends at the first bad one
def half(scaler):
    scaler["scale"], scaler["good"] = scaler["scale"] * 0.5, 0
    return False


def scaled_step(loss_of, parameters, optimizer, scaler):
    optimizer.zero_grad()
    loss_of().mul(scaler["scale"]).backward()
    for p in parameters:
        if p.grad is not None:
            if p.grad.isnan().any() or p.grad.isinf().any():
                return half(scaler)
            p.grad.copy_(p.grad / scaler["scale"])
    optimizer.step()
    scaler["good"] += 1
    if scaler["good"] == scaler["every"]:
        scaler["good"] = 0
        scaler["scale"] += scaler["scale"]
    return True
