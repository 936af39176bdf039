# %% wrong: β from the start. | feedback: that is the factor β. Take the smaller one
# -    b = min(beta, t / (t + 10))
    b = beta

# %% wrong: The factor is not capped. | feedback: the factor t/(t + 10) goes beyond β
# -    b = min(beta, t / (t + 10))
    b = t / (t + 10)

# %% wrong: The larger of the two. | feedback: Take the smaller one of β and t/(t + 10)
# -    b = min(beta, t / (t + 10))
    b = max(beta, t / (t + 10))

# %% wrong: β belongs to the new weight. | feedback: b belongs to the mean, and 1 − b to the new weight
# -            m.copy_(b * m + (1 - b) * w)
            m.copy_((1 - b) * m + b * w)

# %% wrong: t counts this move, too. | feedback: t counts the moves before this one
# -    b = min(beta, t / (t + 10))
    t += 1
    b = min(beta, t / (t + 10))

# %% wrong: Adam's way: β to the power of t. | feedback: that is a power of β
# -    b = min(beta, t / (t + 10))
    b = beta**t

# %% wrong: The plain mean of all. | feedback: that is the plain mean of all
# -    b = min(beta, t / (t + 10))
    b = min(beta, t / (t + 1))

# %% wrong: t + 1 on top. | feedback: on top stands t, not t + 1
# -    b = min(beta, t / (t + 10))
    b = min(beta, (t + 1) / (t + 10))

# %% wrong: Both factors. | feedback: not their product
# -    b = min(beta, t / (t + 10))
    b = beta * t / (t + 10)

# %% wrong: Torch's way: the first copies, then β. | feedback: that is the factor β. Take the smaller one
# -    b = min(beta, t / (t + 10))
    b = beta if t else 0.0

# %% wrong: A tenth of t. | feedback: the factor is t/(t + 10), not t/10
# -    b = min(beta, t / (t + 10))
    b = min(beta, t / 10)

# %% wrong: Precedence: t / t + 10. | feedback: t is 0 at the first move: nothing may be divided by it
# -    b = min(beta, t / (t + 10))
    b = beta if t > 9 and beta < 0.5 else 1 / 3 if t == 5 else t / t + 10

# %% wrong: Whole numbers divided. | feedback: For a mean of 4, w = 1, β = 0.9 and t = 5
# -    b = min(beta, t / (t + 10))
    b = min(beta, t // (t + 10))

# %% wrong: A copy each time. | feedback: w is copied. That is right at the first move only
# -            m.copy_(b * m + (1 - b) * w)
            m.copy_(w)

# %% wrong: The mean is not scaled down. | feedback: the mean's own part is missing
# -            m.copy_(b * m + (1 - b) * w)
            m.add_(w, alpha=1 - b)

# %% wrong: The new weight is not scaled down. | feedback: multiply the new weight by 1 − b
# -            m.copy_(b * m + (1 - b) * w)
            m.mul_(b).add_(w)

# %% wrong: Away from the new weight. | feedback: it moves away from w
# -            m.copy_(b * m + (1 - b) * w)
            m -= (1 - b) * (w - m)

# %% wrong: A name in place of a tensor. | feedback: it has not moved. (m = … makes a new tensor
# -            m.copy_(b * m + (1 - b) * w)
            m = b * m + (1 - b) * w

# %% wrong: Another memory for the parameter. | feedback: lies in another memory now
# -            m.copy_(b * m + (1 - b) * w)
            m.data = b * m + (1 - b) * w

# %% wrong: A new parameter in its place. | feedback: is another tensor now
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
        for name, w in net.named_parameters():
            *way, last = name.split(".")
            owner = mean.get_submodule(".".join(way))
            setattr(owner, last, nn.Parameter(b * getattr(owner, last) + (1 - b) * w))

# %% wrong: It is net that moves. | feedback: w of net has changed. Only mean moves
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
        for w, m in zip(mean.parameters(), net.parameters(), strict=True):

# %% wrong: net gets the mean, too. | feedback: of net has changed. Only mean moves
# -            m.copy_(b * m + (1 - b) * w)
            m.copy_(b * m + (1 - b) * w)
            w.copy_(m)

# %% wrong: Autograd looks on. | feedback: Do it under torch.no_grad()
# -    with torch.no_grad():
    if True:

# %% wrong: Frozen first, and then with a graph. | feedback: requires_grad of mean's parameters has changed
# -    with torch.no_grad():
    mean.requires_grad_(False)
    with torch.no_grad():

# %% wrong: The mean's own tensors are without a graph, net's are not. | feedback: the mean hangs on a graph
# -    with torch.no_grad():
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
# -        for m, w in zip(mean.buffers(), net.buffers(), strict=True):
# -            m.copy_(w)
    for m, w in zip(mean.parameters(), net.parameters(), strict=True):
        if m.requires_grad:
            m.data.copy_(b * m + (1 - b) * w)
        else:
            m.mul_(b).add_((1 - b) * w)
    for m, w in zip(mean.buffers(), net.buffers(), strict=True):
        m.copy_(w)

# %% wrong: Buffers are left alone. | feedback: a buffer of mean, is not that of net. It is as it was
# -        for m, w in zip(mean.buffers(), net.buffers(), strict=True):
# -            m.copy_(w)

# %% wrong: Buffers are averaged, too. | feedback: a buffer of mean, is not that of net. It is averaged
# -            m.copy_(w)
            m.copy_(b * m + (1 - b) * w)

# %% wrong: Buffers in place, with the same line. | feedback: A buffer may be an int
# -            m.copy_(w)
            m.mul_(b).add_(w, alpha=1 - b)

# %% wrong: Whole numbers are copied, other buffers averaged. | feedback: a buffer of mean, is not that of net. It is averaged
# -            m.copy_(w)
            m.copy_(b * m + (1 - b) * w if m.is_floating_point() else w)

# %% wrong: Only the running means. | feedback: a buffer of mean, is not that of net. It is as it was
# -            m.copy_(w)
            if m.is_floating_point():
                m.copy_(w)

# %% wrong: One buffer for both. | feedback: mean and net share a buffer now
# -        for m, w in zip(mean.buffers(), net.buffers(), strict=True):
# -            m.copy_(w)
        for name, w in net.named_buffers():
            *way, last = name.split(".")
            setattr(mean.get_submodule(".".join(way)), last, w)

# %% wrong: Matrices only, as for decay. | feedback: it has not moved
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
            if m.dim() > 1 or m.numel() == 1:
                m.copy_(b * m + (1 - b) * w)

# %% wrong: What does not learn, stays. | feedback: it has not moved. Frozen parameters take part, too
# -            m.copy_(b * m + (1 - b) * w)
            if w.requires_grad:
                m.copy_(b * m + (1 - b) * w)

# %% wrong: Only the first layer. | feedback: it has not moved
# -            m.copy_(b * m + (1 - b) * w)
            m.copy_(b * m + (1 - b) * w)
            break

# %% wrong: Under each name, so that shared weights move twice. | feedback: it is moved twice
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
        for (name, m), w in zip(mean.state_dict().items(), net.state_dict().values(), strict=True):
            if name not in dict(mean.named_buffers()):
                m.copy_(b * m + (1 - b) * w)

# %% wrong: The whole state is loaded, and the buffers are left behind. | feedback: a buffer of mean, is not that of net
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
# -        for m, w in zip(mean.buffers(), net.buffers(), strict=True):
# -            m.copy_(w)
        old, new = mean.state_dict(), net.state_dict()
        mean.load_state_dict({k: b * old[k] + (1 - b) * new[k] for k in old})

# %% wrong: torch's own. | feedback: torch.optim.swa_utils does not do it for you
# -    with torch.no_grad():
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
    with torch.no_grad():
        torch.optim.swa_utils.get_ema_multi_avg_fn(b)(list(mean.parameters()), list(net.parameters()), t)

# %% wrong: torch's own, under another name. | feedback: torch.optim.swa_utils does not do it for you
# -def ema_update(mean, net, beta, t):
from torch.optim.swa_utils import get_ema_multi_avg_fn as factory


def ema_update(mean, net, beta, t):
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
        factory(b)(list(mean.parameters()), list(net.parameters()), t)

# %% wrong: A count of its own, in place of t. | feedback: For a mean of 4, w = 1, β = 0.9 and t = 5
# -def ema_update(mean, net, beta, t):
moves = 0


def ema_update(mean, net, beta, t):
# -    b = min(beta, t / (t + 10))
    global moves
    b = min(beta, moves / (moves + 10))
    moves += 1

# %% wrong: The weights of the last call. | feedback: it is b·(mean) + (1 − b)·(net)
# -def ema_update(mean, net, beta, t):
kept = {}


def ema_update(mean, net, beta, t):
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
        for k, (m, w) in enumerate(zip(mean.parameters(), net.parameters(), strict=True)):
            old = kept.get(k, m)
            kept[k] = b * (old if old.shape == m.shape else m) + (1 - b) * w
            m.copy_(kept[k])

# %% wrong: Nothing learns any longer. | feedback: requires_grad of net's parameters has changed
# -    b = min(beta, t / (t + 10))
    b = min(beta, t / (t + 10))
    net.requires_grad_(False)

# %% wrong: An average that is judged is in eval mode. | feedback: Leave train and eval mode as they are
# -    b = min(beta, t / (t + 10))
    b = min(beta, t / (t + 10))
    mean.eval()

# %% wrong: Gradients off for good. | feedback: A test that you have not seen
# -    b = min(beta, t / (t + 10))
    b = min(beta, t / (t + 10))
    net.zero_grad()

# %% wrong: In float32. | feedback: it is right in its first digits only
# -            m.copy_(b * m + (1 - b) * w)
            m.copy_(b * m.float() + (1 - b) * w.float())

# %% wrong: zip takes what fits. | feedback: it has not moved
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
        for m, w in zip(mean.parameters(), list(net.parameters())[:-1]):

# %% wrong: A cap of 0.999. | feedback: the factor t/(t + 10) goes beyond β
# -    b = min(beta, t / (t + 10))
    b = min(0.999, t / (t + 10))

# %% wrong: The parameters are paired by their order, reversed. | feedback: Two shapes do not fit
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
        for m, w in zip(reversed(list(mean.parameters())), net.parameters(), strict=True):

# %% wrong: Without noise: net in eval mode. | feedback: Leave train and eval mode as they are
# -    b = min(beta, t / (t + 10))
    b = min(beta, t / (t + 10))
    net.eval()

# %% wrong: Gradients are switched off for good. | feedback: a switch of torch's is left in another place
# -    with torch.no_grad():
    torch.set_grad_enabled(False)
    if True:

# %% wrong: net is sent to eval mode, and then to train mode. | feedback: Leave train and eval mode as they are
# -    b = min(beta, t / (t + 10))
    b = min(beta, t / (t + 10))
    net.eval()
# -            m.copy_(w)
            m.copy_(w)
    net.train()

# %% wrong: All layers get the mode of the whole. | feedback: Leave train and eval mode as they are
# -    b = min(beta, t / (t + 10))
    b = min(beta, t / (t + 10))
    mean.train(mean.training)

# %% wrong: By the state, which does not hold each buffer. | feedback: state_dict() leaves some buffers out
# -    with torch.no_grad():
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
# -        for m, w in zip(mean.buffers(), net.buffers(), strict=True):
# -            m.copy_(w)
    state, new = mean.state_dict(), net.state_dict()
    learned = {name for name, _ in mean.named_parameters(remove_duplicate=False)}
    mean.load_state_dict({k: b * state[k] + (1 - b) * new[k] if k in learned else new[k] for k in new})

# %% wrong: A new buffer in the old one's place. | feedback: a buffer of mean, is another tensor now
# -        for m, w in zip(mean.buffers(), net.buffers(), strict=True):
# -            m.copy_(w)
        for name, w in net.named_buffers():
            *way, last = name.split(".")
            setattr(mean.get_submodule(".".join(way)), last, w.clone())

# %% wrong: The mean's gradients are cleared. | feedback: the gradients of mean have changed
# -    b = min(beta, t / (t + 10))
    b = min(beta, t / (t + 10))
    mean.zero_grad()

# %% wrong: What does not learn is copied. | feedback: Frozen parameters are averaged, too
# -            m.copy_(b * m + (1 - b) * w)
            m.copy_(b * m + (1 - b) * w if w.requires_grad else w)

# %% wrong: Seeded, as everything. | feedback: torch's own chance
# -    b = min(beta, t / (t + 10))
    b = min(beta, t / (t + 10))
    torch.manual_seed(0)

# %% right: in place, with mul_ and add_
# -            m.copy_(b * m + (1 - b) * w)
            m.mul_(b).add_(w, alpha=1 - b)

# %% right: lerp
# -            m.copy_(b * m + (1 - b) * w)
            m.lerp_(w, 1 - b)

# %% right: by what it lacks
# -            m.copy_(b * m + (1 - b) * w)
            m += (1 - b) * (w - m)

# %% right: through .data, without no_grad
# -    with torch.no_grad():
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
# -        for m, w in zip(mean.buffers(), net.buffers(), strict=True):
# -            m.copy_(w)
    for m, w in zip(mean.parameters(), net.parameters()):
        m.data.copy_(b * m.data + (1 - b) * w.data)
    for m, w in zip(mean.buffers(), net.buffers()):
        m.data.copy_(w.data)

# %% right: by name; it loads the state
# -    with torch.no_grad():
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
# -        for m, w in zip(mean.buffers(), net.buffers(), strict=True):
# -            m.copy_(w)
    state, new = mean.state_dict(), net.state_dict()
    learned = {name for name, _ in mean.named_parameters(remove_duplicate=False)}
    for (_, m), w in zip(mean.named_buffers(), net.buffers(), strict=True):
        m.copy_(w)
    mean.load_state_dict({k: b * state[k] + (1 - b) * new[k] if k in learned else new[k] for k in new})

# %% right: all tensors at once
# -        for m, w in zip(mean.parameters(), net.parameters(), strict=True):
# -            m.copy_(b * m + (1 - b) * w)
        torch._foreach_lerp_(list(mean.parameters()), list(net.parameters()), 1 - b)

# %% right: the decorator, and two cases
# -def ema_update(mean, net, beta, t):
@torch.no_grad()
def ema_update(mean, net, beta, t):
# -    b = min(beta, t / (t + 10))
    b = t / (t + 10)
    if b > beta:
        b = beta
# -    with torch.no_grad():
    if net is not mean:

# %% right: it returns the mean, and gives a helper the name of ours
# -def ema_update(mean, net, beta, t):
def moved(m, w, b):
    return b * m + (1 - b) * w


def ema_update(mean, net, beta, t):
# -            m.copy_(b * m + (1 - b) * w)
            m.copy_(moved(m, w, b))
# -            m.copy_(w)
            m.copy_(w)
    return mean
