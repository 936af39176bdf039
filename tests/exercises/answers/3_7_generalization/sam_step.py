# %% wrong: It steps from uphill. | feedback: it steps from the point uphill. Come down first, to w
# -        for w, old in kept:
# -            w.copy_(old)
        pass

# %% wrong: It comes down after the step. | feedback: nothing has moved
# -    with torch.no_grad():
# -        for w, old in kept:
# -            w.copy_(old)
# -    optimizer.step()
    optimizer.step()
    with torch.no_grad():
        for w, old in kept:
            w.copy_(old)

# %% wrong: It comes down by the second gradient. | feedback: the step starts
# -        for w, old in kept:
# -            w.copy_(old)
        for w in ws:
            w -= rho / length * w.grad if length > 0 else 0.0

# %% wrong: The first gradient stays. | feedback: both gradients were added up
# -            if length > 0:
# -                w += rho / length * w.grad
# -    optimizer.zero_grad()
            if length > 0:
                w += rho / length * w.grad

# %% wrong: Old gradients count. | feedback: For gradients that lie around from before
# -    optimizer.zero_grad()
# -    loss = loss_of()
    loss = loss_of()

# %% wrong: A plain step. | feedback: that is the plain step. Take the gradient uphill, and step with it
# -    optimizer.zero_grad()
# -    loss_of().backward()
    loss_of()

# %% wrong: Gradient at w, step from uphill. | feedback: It is the other way around
# -    optimizer.zero_grad()
# -    loss_of().backward()
# -    with torch.no_grad():
# -        for w, old in kept:
# -            w.copy_(old)
    loss_of()

# %% wrong: Downhill. | feedback: you went downhill for the second gradient
# -                w += rho / length * w.grad
                w -= rho / length * w.grad

# %% wrong: No length. | feedback: divide by it
# -                w += rho / length * w.grad
                w += rho * w.grad

# %% wrong: Multiplied by the length. | feedback: the way up has the length
# -                w += rho / length * w.grad
                w += rho * length * w.grad

# %% wrong: No rho. | feedback: the way up must have the length ρ, not 1
# -                w += rho / length * w.grad
                w += w.grad / length

# %% wrong: Squares without a root. | feedback: you divide by the sum of squares. The length is its root
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    length = sum(w.grad.square().sum().item() for w in ws)

# %% wrong: A length for each layer. | feedback: each layer has a length of its own in it
# -            if length > 0:
# -                w += rho / length * w.grad
            if w.grad.norm() > 0:
                w += rho * w.grad / w.grad.norm()

# %% wrong: The lengths are added up. | feedback: Add up their squares, and take one root
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    length = sum(w.grad.norm().item() for w in ws)

# %% wrong: The length of the last one. | feedback: the way up has the length
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    length = ws[-1].grad.norm().item()

# %% wrong: Matrices only in the length. | feedback: the way up has the length
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws if w.dim() > 1 or len(ws) == 1))

# %% wrong: The length of the weights. | feedback: the way up must have the length ρ
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    length = math.sqrt(sum(w.square().sum().item() for w in ws))

# %% wrong: A mean square. | feedback: the way up has the length
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    length = math.sqrt(sum(w.grad.square().mean().item() for w in ws))

# %% wrong: The sign of each entry. | feedback: that is a step of ρ in each entry
# -                w += rho / length * w.grad
                w += rho * w.grad.sign()

# %% wrong: Relative to the size of each weight. | feedback: the way up has the length
# -                w += rho / length * w.grad
                w += rho / length * w.grad * w.abs()

# %% wrong: The rate, too. | feedback: the way up has the length
# -                w += rho / length * w.grad
                w += optimizer.param_groups[0]["lr"] * rho / length * w.grad

# %% wrong: Only the first layer climbs. | feedback: the way up has the length
# -    with torch.no_grad():
# -        for w in ws:
# -            if length > 0:
    with torch.no_grad():
        for w in ws[:1]:
            if length > 0:

# %% wrong: Down by twice what it climbed. | feedback: you came down by more than you had climbed
# -        for w, old in kept:
# -            w.copy_(old)
        for w, old in kept:
            w -= 2 * (w - old)

# %% wrong: It climbs again. | feedback: you climb again in place of coming down
# -                w += rho / length * w.grad
                w += 2 * rho / length * w.grad
# -        for w, old in kept:
# -            w.copy_(old)
        for w, old in kept:
            w -= 0.5 * (w - old)

# %% wrong: The rate climbs, by the optimizer. | feedback: optimizer.step() is called 2 times, not once
# -        for w in ws:
# -            if length > 0:
# -                w += rho / length * w.grad
        optimizer.step()

# %% wrong: A step with each gradient. | feedback: optimizer.step() is called 2 times, not once
# -    ws = [w for w in net.parameters() if w.grad is not None]
    optimizer.step()
    ws = [w for w in net.parameters() if w.grad is not None]

# %% wrong: The step by hand. | feedback: optimizer.step() is called 0 times, not once
# -    optimizer.step()
    with torch.no_grad():
        for w in ws:
            w -= optimizer.param_groups[0]["lr"] * w.grad

# %% wrong: A second name for the weights, no copy. | feedback: it steps from the point uphill
# -    kept = [(w, w.detach().clone()) for w in ws]
    kept = [(w, w.detach()) for w in ws]

# %% wrong: Copied after the climb. | feedback: it steps from the point uphill
# -    kept = [(w, w.detach().clone()) for w in ws]
# -    with torch.no_grad():
# -        for w in ws:
# -            if length > 0:
# -                w += rho / length * w.grad
    with torch.no_grad():
        for w in ws:
            if length > 0:
                w += rho / length * w.grad
    kept = [(w, w.detach().clone()) for w in ws]

# %% wrong: The loss uphill is returned. | feedback: that is the loss uphill
# -    loss_of().backward()
    loss = loss_of()
    loss.backward()

# %% wrong: A third look, at the end. | feedback: loss_of() is called 3 times
# -    return loss.item()
    return loss_of().item()

# %% wrong: The loss as a tensor. | feedback: you return a tensor
# -    return loss.item()
    return loss

# %% wrong: Nothing is returned. | feedback: you return nothing
# -    return loss.item()
    return None

# %% wrong: The mean of both losses. | feedback: the loss is
# -    loss_of().backward()
    second = loss_of()
    second.backward()
# -    return loss.item()
    return 0.5 * (loss.item() + second.item())

# %% wrong: Each parameter has a gradient. | feedback: A parameter that the loss does not use has no gradient
# -    ws = [w for w in net.parameters() if w.grad is not None]
    ws = list(net.parameters())

# %% wrong: What has no gradient gets one of zeros. | feedback: a parameter that the loss does not use has moved
# -    ws = [w for w in net.parameters() if w.grad is not None]
    ws = list(net.parameters())
    for w in ws:
        w.grad = torch.zeros_like(w) if w.grad is None else w.grad
# -    optimizer.zero_grad()
# -    loss_of().backward()
    optimizer.zero_grad(set_to_none=False)
    loss_of().backward()

# %% wrong: The length is never 0. | feedback: there is no uphill
# -            if length > 0:
# -                w += rho / length * w.grad
            w += rho / length * w.grad

# %% wrong: A large eps. | feedback: the way up has the length
# -                w += rho / length * w.grad
                w += rho / (length + 0.01) * w.grad

# %% wrong: A length of 1 at least, as in clipping. | feedback: divide by it
# -                w += rho / length * w.grad
                w += rho / max(length, 1.0) * w.grad

# %% wrong: Tiny gradients are no gradients. | feedback: for a loss that is 0.0001 times as large
# -            if length > 0:
            if length > 0.01:

# %% wrong: Autograd looks on. | feedback: Climb and come down under torch.no_grad()
# -    with torch.no_grad():
# -        for w in ws:
# -            if length > 0:
    if True:
        for w in ws:
            if length > 0:

# %% wrong: The second loss under no_grad. | feedback: do not call it under torch.no_grad()
# -    optimizer.zero_grad()
# -    loss_of().backward()
    optimizer.zero_grad()
    with torch.no_grad():
        up = loss_of()
    up.backward()

# %% wrong: The first loss again. | feedback: call loss_of() again, up there
# -    optimizer.zero_grad()
# -    loss_of().backward()
    optimizer.zero_grad()
    loss.backward()

# %% wrong: The first loss again, with its graph kept. | feedback: call loss_of() again, up there
# -    loss.backward()
    loss.backward(retain_graph=True)
# -    optimizer.zero_grad()
# -    loss_of().backward()
    optimizer.zero_grad()
    loss.backward()

# %% wrong: w in place of the optimizer's decay. | feedback: weight_decay of the optimizer has changed
# -    optimizer.step()
    for group in optimizer.param_groups:
        group["weight_decay"] = 0.0
    optimizer.step()

# %% wrong: A step at uphill, then all is moved back. | feedback: weight 24 of the network
# -    with torch.no_grad():
# -        for w, old in kept:
# -            w.copy_(old)
# -    optimizer.step()
    way = [w.detach() - old for w, old in kept]
    optimizer.step()
    with torch.no_grad():
        for w, e in zip(ws, way, strict=True):
            w -= e

# %% wrong: In float32. | feedback: For two layers that are used and one that is not
# -    kept = [(w, w.detach().clone()) for w in ws]
    kept = [(w, w.detach().float()) for w in ws]

# %% wrong: Each loss is halved. | feedback: For w² from w = 3
# -    loss_of().backward()
    (0.5 * loss_of()).backward()

# %% wrong: The gradients of both places, averaged. | feedback: For w² from w = 3
# -            if length > 0:
# -                w += rho / length * w.grad
# -    optimizer.zero_grad()
# -    loss_of().backward()
            if length > 0:
                w += rho / length * w.grad
    loss_of().backward()
    for w in ws:
        w.grad *= 0.5

# %% wrong: A zero gradient ends it. | feedback: optimizer.step() is called 0 times, not once
# -    kept = [(w, w.detach().clone()) for w in ws]
    if not length:
        loss_of()
        return loss.item()
    kept = [(w, w.detach().clone()) for w in ws]

# %% wrong: Clipped, as elsewhere. | feedback: A test that you have not seen
# -    optimizer.step()
    torch.nn.utils.clip_grad_norm_(ws, 100.0)
    optimizer.step()

# %% wrong: The climb lies in the gradients themselves. | feedback: For w² from w = 3
# -    with torch.no_grad():
# -        for w in ws:
# -            if length > 0:
# -                w += rho / length * w.grad
    with torch.no_grad():
        for w in ws:
            if length > 0:
                w.grad.mul_(rho / length)
                w += w.grad
# -    optimizer.zero_grad()
# -    loss_of().backward()
    loss_of().backward()

# %% wrong: Without chance: in eval mode. | feedback: Leave train and eval mode as they are
# -    optimizer.zero_grad()
# -    loss = loss_of()
    net.eval()
    optimizer.zero_grad()
    loss = loss_of()

# %% wrong: A length in float32. | feedback: A test that you have not seen
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    length = math.sqrt(sum(w.grad.float().square().sum().item() for w in ws))

# %% wrong: Gradients are set to 0, not to None. | feedback: a parameter that the loss does not use has moved
# -    optimizer.zero_grad()
# -    loss = loss_of()
    optimizer.zero_grad(set_to_none=False)
    loss = loss_of()
# -    optimizer.zero_grad()
# -    loss_of().backward()
    optimizer.zero_grad(set_to_none=False)
    loss_of().backward()

# %% wrong: Gradients are set to 0 by hand. | feedback: a parameter that the loss does not use has moved
# -    optimizer.zero_grad()
# -    loss = loss_of()
    for w in net.parameters():
        if w.grad is not None:
            w.grad.zero_()
    loss = loss_of()
# -    optimizer.zero_grad()
# -    loss_of().backward()
    for w in net.parameters():
        if w.grad is not None:
            w.grad.zero_()
    loss_of().backward()

# %% wrong: Only what learns is cleared. | feedback: a frozen parameter has moved
# -    optimizer.zero_grad()
# -    loss = loss_of()
    for w in net.parameters():
        if w.requires_grad:
            w.grad = None
    loss = loss_of()
# -    ws = [w for w in net.parameters() if w.grad is not None]
    ws = [w for w in net.parameters() if w.requires_grad and w.grad is not None]
# -    optimizer.zero_grad()
# -    loss_of().backward()
    for w in ws:
        w.grad = None
    loss_of().backward()

# %% wrong: In train mode, always. | feedback: Leave train and eval mode as they are
# -    optimizer.zero_grad()
# -    loss = loss_of()
    net.train()
    optimizer.zero_grad()
    loss = loss_of()

# %% wrong: In train mode, and back again. | feedback: Leave train and eval mode as they are
# -    optimizer.zero_grad()
# -    loss = loss_of()
    was = net.training
    net.train()
    optimizer.zero_grad()
    loss = loss_of()
# -    return loss.item()
    net.train(was)
    return loss.item()

# %% wrong: A millionth is nothing. | feedback: a small gradient has an uphill, too
# -            if length > 0:
            if length > 1e-6:

# %% wrong: A length of a millionth at least. | feedback: for a loss that is 1e-07 times as large
# -            if length > 0:
# -                w += rho / length * w.grad
            w += rho / max(length, 1e-6) * w.grad

# %% wrong: An eps of 1e-8. | feedback: Add nothing to ‖g‖
# -            if length > 0:
# -                w += rho / length * w.grad
            w += rho / (length + 1e-8) * w.grad

# %% wrong: Seeded, for luck. | feedback: torch's own chance
# -    optimizer.zero_grad()
# -    loss = loss_of()
    torch.manual_seed(0)
    optimizer.zero_grad()
    loss = loss_of()

# %% wrong: Gradients off, and on again for loss_of only. | feedback: a switch of torch's is left in another place
# -    optimizer.step()
    torch.set_grad_enabled(False)
    optimizer.step()

# %% wrong: 0/0, in tensors. | feedback: 0/0 is nan
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    length = torch.stack([w.grad.norm() for w in ws]).norm()
# -            if length > 0:
# -                w += rho / length * w.grad
            w += rho / length * w.grad

# %% wrong: One rate for all groups. | feedback: lr of the optimizer has changed
# -    optimizer.step()
    for group in optimizer.param_groups:
        group["lr"] = optimizer.param_groups[0]["lr"]
    optimizer.step()

# %% wrong: The optimizer forgets. | feedback: Is its memory, such as momentum, cleared
# -    optimizer.step()
    optimizer.state.clear()
    optimizer.step()

# %% right: subtracts what it climbed
# -    kept = [(w, w.detach().clone()) for w in ws]
    climbs = [rho / (length + 1e-12) * w.grad for w in ws]
# -        for w in ws:
# -            if length > 0:
# -                w += rho / length * w.grad
        for w, e in zip(ws, climbs, strict=True):
            w += e
# -        for w, old in kept:
# -            w.copy_(old)
        for w, e in zip(ws, climbs, strict=True):
            w -= e

# %% right: torch.autograd.grad for the first gradient
# -    loss.backward()
# -    ws = [w for w in net.parameters() if w.grad is not None]
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    ws = [w for w in net.parameters() if w.requires_grad]
    gs = torch.autograd.grad(loss, ws, allow_unused=True)
    ws, gs = zip(*[(w, g) for w, g in zip(ws, gs, strict=True) if g is not None])
    length = torch.stack([g.norm() for g in gs]).norm()
# -        for w in ws:
# -            if length > 0:
# -                w += rho / length * w.grad
        for w, g in zip(ws, gs, strict=True):
            w += rho * g / length.clamp(min=1e-12)

# %% right: through .data, the whole state kept
# -    kept = [(w, w.detach().clone()) for w in ws]
# -    with torch.no_grad():
# -        for w in ws:
# -            if length > 0:
# -                w += rho / length * w.grad
    kept = {name: v.clone() for name, v in net.state_dict().items()}
    for w in ws:
        w.data.add_(w.grad, alpha=rho / length if length else 0.0)
# -    with torch.no_grad():
# -        for w, old in kept:
# -            w.copy_(old)
    net.load_state_dict(kept)

# %% right: torch's own length of all gradients
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    length = nn.utils.get_total_norm([w.grad for w in ws]).item()

# %% right: the parameters of the optimizer, one vector for all
# -    ws = [w for w in net.parameters() if w.grad is not None]
# -    length = math.sqrt(sum(w.grad.square().sum().item() for w in ws))
    ws = [w for group in optimizer.param_groups for w in group["params"] if w.grad is not None]
    g = nn.utils.parameters_to_vector([w.grad for w in ws])
    length = g.norm().item()

# %% right: gradients cleared by hand, helpers named as ours
# -def sam_step(net, optimizer, loss_of, rho):
def uphill(ws, rho):
    total = sum((w.grad**2).sum() for w in ws) ** 0.5
    return [rho * w.grad / (total + 1e-14) for w in ws]


def sam_step(net, optimizer, loss_of, rho):
# -    optimizer.zero_grad()
# -    loss = loss_of()
    for w in net.parameters():
        w.grad = None
    loss = loss_of()
# -        for w in ws:
# -            if length > 0:
# -                w += rho / length * w.grad
# -    optimizer.zero_grad()
        for w, e in zip(ws, uphill(ws, rho)):
            w.add_(e)
    net.zero_grad()

# %% right: float() for .item()
# -    return loss.item()
    return float(loss)
