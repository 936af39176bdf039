# %% wrong: The peak, all the time. | feedback: the schedule stays where it begins
# -            plan.step()
            pass

# %% wrong: The plan steps once an epoch. | feedback: it moves in the inner loop
# -            plan.step()
# -            losses.append(loss.item())
            losses.append(loss.item())
        plan.step()

# %% wrong: T counts epochs. | feedback: it moves in the inner loop
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=epochs, warmup=min(warmup, epochs - 1))
# -            plan.step()
# -            losses.append(loss.item())
            losses.append(loss.item())
        plan.step()

# %% wrong: T counts the updates of an epoch. | feedback: T counts the updates of the whole run
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=max(math.ceil(len(x) / batch), warmup), warmup=warmup)

# %% wrong: T is one too few. | feedback: T counts all updates: one is missing
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch) - 1, warmup=warmup)

# %% wrong: T is one too many. | feedback: T counts all updates: yours is one too many
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch) + 1, warmup=warmup)

# %% wrong: T without the smaller batches. | feedback: the last, smaller batch counts, too
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=epochs * max(len(x) // batch, 1), warmup=warmup)

# %% wrong: T with a batch more an epoch. | feedback: T counts an update too many for each epoch
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=epochs * (len(x) // batch + 1), warmup=warmup)

# %% wrong: Rows in place of updates. | feedback: the rate of group 0
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=epochs * len(x), warmup=warmup)

# %% wrong: No warmup. | feedback: the warmup is missing
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=0)

# %% wrong: The warmup in epochs. | feedback: W counts updates, and not epochs
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    total = epochs * math.ceil(len(x) / batch)
    plan = WarmupCosine(optimizer, total=total, warmup=min(warmup * math.ceil(len(x) / batch), total))

# %% wrong: A floor of a tenth. | feedback: the cosine falls to 0
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup, floor=0.1)

# %% wrong: A straight line. | feedback: that falls in a straight line
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    from course_lib.lr_scheduler import WarmupLinear

    plan = WarmupLinear(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)

# %% wrong: The warmup, and then the peak. | feedback: after the warmup comes the cosine
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    def only_warmup(t):
        return min(1.0, (t + 1) / warmup) if warmup else 1.0

    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, only_warmup)

# %% wrong: The warmup begins at 0. | feedback: the warmup begins with (t + 1)/W
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = epochs * math.ceil(len(x) / batch)

    def hugging(t):
        return t / warmup if t < warmup else 0.5 * (1 + math.cos(math.pi * (t - warmup) / (T - warmup)))

    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, hugging)

# %% wrong: The cosine begins at the start. | feedback: the cosine begins after the warmup
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = epochs * math.ceil(len(x) / batch)

    def early(t):
        return (t + 1) / warmup if t < warmup else 0.5 * (1 + math.cos(math.pi * t / T))

    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, early)

# %% wrong: The cosine's way is too long. | feedback: the cosine's way is T − W long
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = epochs * math.ceil(len(x) / batch)

    def long(t):
        return (t + 1) / warmup if t < warmup else 0.5 * (1 + math.cos(math.pi * (t - warmup) / T))

    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, long)

# %% wrong: No π. | feedback: π is missing in the cosine
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = epochs * math.ceil(len(x) / batch)

    def flat(t):
        return (t + 1) / warmup if t < warmup else 0.5 * (1 + math.cos((t - warmup) / (T - warmup)))

    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, flat)

# %% wrong: The warmup has one update more. | feedback: the warmup has W updates
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = epochs * math.ceil(len(x) / batch)

    def slow(t):
        if t < warmup:
            return (t + 1) / (warmup + 1)
        return 0.5 * (1 + math.cos(math.pi * (t - warmup) / (T - warmup)))

    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, slow)

# %% wrong: Warmup of 0 divides by 0. | feedback: nothing may be divided by it
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = epochs * math.ceil(len(x) / batch)

    def by_min(t):
        return min((t + 1) / warmup, 0.5 * (1 + math.cos(math.pi * max(t - warmup, 0) / (T - warmup))))

    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, by_min)

# %% wrong: The plan steps before the optimizer. | feedback: that is the rate of the next update
# -            optimizer.step()
# -            plan.step()
            plan.step()
            optimizer.step()

# %% wrong: The plan steps twice. | feedback: the schedule makes two steps at each update
# -            plan.step()
            plan.step()
            plan.step()

# %% wrong: The first group alone has the schedule. | feedback: it stays at its peak. All groups have the schedule
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    from course_lib.schedules import warmup_cosine

    total, peak = epochs * math.ceil(len(x) / batch), optimizer.param_groups[0]["lr"]
# -            optimizer.step()
# -            plan.step()
            optimizer.param_groups[0]["lr"] = peak * warmup_cosine(len(losses), total=total, warmup=warmup)
            optimizer.step()

# %% wrong: All groups get the first one's rate. | feedback: that is the first group's. Each group has a peak of its own
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    from course_lib.schedules import warmup_cosine

    total, peak = epochs * math.ceil(len(x) / batch), optimizer.param_groups[0]["lr"]
# -            optimizer.step()
# -            plan.step()
            for group in optimizer.param_groups:
                group["lr"] = peak * warmup_cosine(len(losses), total=total, warmup=warmup)
            optimizer.step()

# %% wrong: The multiplier is the rate. | feedback: that is the multiplier. Multiply the peak by it
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    from course_lib.schedules import warmup_cosine

    total = epochs * math.ceil(len(x) / batch)
# -            optimizer.step()
# -            plan.step()
            for group in optimizer.param_groups:
                group["lr"] = warmup_cosine(len(losses), total=total, warmup=warmup)
            optimizer.step()

# %% wrong: The rate is multiplied again and again. | feedback: each rate is f(t) times the peak, and not
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    from course_lib.schedules import warmup_cosine

    total = epochs * math.ceil(len(x) / batch)
# -            optimizer.step()
# -            plan.step()
            for group in optimizer.param_groups:
                group["lr"] *= warmup_cosine(len(losses), total=total, warmup=warmup)
            optimizer.step()

# %% wrong: The optimizer's default is the peak. | feedback: the rate of group 1
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    from course_lib.schedules import warmup_cosine

    total = epochs * math.ceil(len(x) / batch)
# -            optimizer.step()
# -            plan.step()
            for group in optimizer.param_groups:
                group["lr"] = optimizer.defaults["lr"] * warmup_cosine(len(losses), total=total, warmup=warmup)
            optimizer.step()

# %% wrong: An optimizer of its own. | feedback: optimizer.step() is called 0 times
# -    losses = []
    optimizer = torch.optim.AdamW(net.parameters(), lr=optimizer.param_groups[0]["lr"])
    losses = []

# %% wrong: Not clipped. | feedback: it is not clipped
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = nn.utils.get_total_norm([p.grad for p in net.parameters() if p.grad is not None])

# %% wrong: Clipped after the step. | feedback: it is not clipped
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
# -            if not length.isfinite():
# -                raise FloatingPointError(f"after {len(losses)} updates")
# -            optimizer.step()
            if not all(p.grad.isfinite().all() for p in net.parameters() if p.grad is not None):
                raise FloatingPointError
            optimizer.step()
            length = nn.utils.clip_grad_norm_(net.parameters(), clip)

# %% wrong: Clipped before backward(). | feedback: it is not clipped
# -            loss.backward()
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            loss.backward()
            length = sum(p.grad.norm() for p in net.parameters() if p.grad is not None)

# %% wrong: Each parameter by itself. | feedback: each parameter is clipped by itself
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = sum(nn.utils.clip_grad_norm_(p, clip) for p in net.parameters())

# %% wrong: Each group by itself. | feedback: the gradient
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = sum(nn.utils.clip_grad_norm_(group["params"], clip) for group in optimizer.param_groups)

# %% wrong: Each entry. | feedback: each entry is clipped. Clip the length, of all together
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = nn.utils.get_total_norm([p.grad for p in net.parameters() if p.grad is not None])
            nn.utils.clip_grad_value_(net.parameters(), clip)

# %% wrong: Always made so long. | feedback: a shorter gradient stays as it is
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            grads = [p.grad for p in net.parameters() if p.grad is not None]
            length = nn.utils.get_total_norm(grads)
            for g in grads:
                g *= clip / length

# %% wrong: At 1, always. | feedback: it is clipped at 1. The bound is given
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = nn.utils.clip_grad_norm_(net.parameters(), 1.0)

# %% wrong: By the largest entry. | feedback: that is the largest entry
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = nn.utils.clip_grad_norm_(net.parameters(), clip, norm_type=math.inf)

# %% wrong: A sum of lengths. | feedback: not a sum of lengths
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            grads = [p.grad for p in net.parameters() if p.grad is not None]
            length = sum(g.norm() for g in grads)
            for g in grads:
                g *= min(1.0, clip / length)

# %% wrong: No root. | feedback: the sum of squares. The length is its root
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            grads = [p.grad for p in net.parameters() if p.grad is not None]
            length = sum(g.square().sum() for g in grads)
            for g in grads:
                g *= min(1.0, clip / length)

# %% wrong: The loss is clipped. | feedback: the gradient
# -            loss.backward()
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            loss.clamp(max=clip).backward()
            length = nn.utils.clip_grad_norm_(net.parameters(), clip)

# %% wrong: The weights are clipped. | feedback: it is not clipped
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = nn.utils.get_total_norm([p.grad for p in net.parameters() if p.grad is not None])
            for p in net.parameters():
                p.data.clamp_(-clip * 100, clip * 100)

# %% wrong: Gradients add up. | feedback: radients of before are in it
# -            optimizer.zero_grad()
            pass

# %% wrong: Cleared once an epoch. | feedback: radients of before are in it
# -    for _ in range(epochs):
    for _ in range(epochs):
        optimizer.zero_grad()
# -            optimizer.zero_grad()
            pass

# %% wrong: Cleared after backward(). | feedback: the gradient
# -            optimizer.zero_grad()
# -            loss.backward()
            loss.backward()
            optimizer.zero_grad(set_to_none=False)

# %% wrong: Not shuffled. | feedback: the rows are not shuffled
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        for rows in torch.arange(len(x)).split(batch):

# %% wrong: Shuffled once. | feedback: each epoch has an order of its own
# -    for _ in range(epochs):
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
    order = torch.randperm(len(x), generator=generator)
    for _ in range(epochs):
        for rows in order.split(batch):

# %% wrong: A new generator for each epoch. | feedback: each epoch has an order of its own
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        generator = torch.Generator().manual_seed(seed)
        for rows in torch.randperm(len(x), generator=generator).split(batch):

# %% wrong: The seed goes up with the epoch. | feedback: are batch, weights and mode those of the question
# -    for _ in range(epochs):
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
    for epoch in range(epochs):
        generator = torch.Generator().manual_seed(seed + epoch)
        for rows in torch.randperm(len(x), generator=generator).split(batch):

# %% wrong: torch's own chance. | feedback: torch's own chance is drawn from, or seeded
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        for rows in torch.randperm(len(x)).split(batch):

# %% wrong: Drawn with replacement. | feedback: the loss is
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        for rows in torch.randint(len(x), (len(x),), generator=generator).split(batch):

# %% wrong: A DataLoader draws one number first. | feedback: the loss is
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        loader = torch.utils.data.DataLoader(range(len(x)), batch, shuffle=True, generator=generator)
        for rows in loader:

# %% wrong: The last batch is dropped. | feedback: the last of which may be smaller
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        order = torch.randperm(len(x), generator=generator)
        for rows in order[: max(len(x) // batch, 1) * batch].split(batch):

# %% wrong: So many batches, not so long ones. | feedback: optimizer.step() is called
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        for rows in torch.randperm(len(x), generator=generator).chunk(batch):

# %% wrong: The last batch is scaled as a full one. | feedback: the last batch is smaller: its mean is over its own rows
# -            loss = cross_entropy(net(x[rows]), y[rows])
            loss = cross_entropy(net(x[rows]), y[rows], reduction="sum") / batch

# %% wrong: A sum. | feedback: that is a sum. The loss is the mean over the batch
# -            loss = cross_entropy(net(x[rows]), y[rows])
            loss = cross_entropy(net(x[rows]), y[rows], reduction="sum")

# %% wrong: All rows, each time. | feedback: that is the loss of all rows
# -            loss = cross_entropy(net(x[rows]), y[rows])
            loss = cross_entropy(net(x), y)

# %% wrong: Kinds are not taken along. | feedback: the loss is
# -            loss = cross_entropy(net(x[rows]), y[rows])
            loss = cross_entropy(net(x[rows]), y[: len(rows)])

# %% wrong: A softmax too many. | feedback: the loss is
# -            loss = cross_entropy(net(x[rows]), y[rows])
            loss = cross_entropy(net(x[rows]).softmax(dim=1), y[rows])

# %% wrong: Eval mode. | feedback: net.train() comes before the loop
# -    net.train()
    net.eval()

# %% wrong: The mode in which it came. | feedback: that is the loss in eval mode
# -    net.train()
    pass

# %% wrong: Train mode in the end. | feedback: net is in train mode in the end
# -    net.eval()
    pass

# %% wrong: The mode of before in the end. | feedback: net is in train mode in the end
# -    net.train()
    was = net.training
    net.train()
# -    net.eval()
    net.train(was)

# %% wrong: The loss after the update. | feedback: the loss is
# -            losses.append(loss.item())
            losses.append(cross_entropy(net(x[rows]), y[rows]).item())

# %% wrong: A loss an epoch. | feedback: one for each update
# -            losses.append(loss.item())
        losses.append(loss.item())

# %% wrong: Tensors. | feedback: the losses are tensors, which keep their graphs
# -            losses.append(loss.item())
            losses.append(loss)

# %% wrong: A tensor of losses. | feedback: return a list of floats
# -    return losses
    return torch.tensor(losses)

# %% wrong: The last loss. | feedback: return a list of floats
# -    return losses
    return losses[-1]

# %% wrong: Nothing is returned. | feedback: you return None
# -    return losses
    return None

# %% wrong: Nobody looks whether it is finite. | feedback: no FloatingPointError is raised
# -            if not length.isfinite():
# -                raise FloatingPointError(f"after {len(losses)} updates")
            pass

# %% wrong: Only the loss is looked at. | feedback: For a finite loss with a gradient that is not
# -            if not length.isfinite():
            if not loss.isfinite():

# %% wrong: Only nan, not inf. | feedback: For a finite loss with a gradient that is not
# -            if not length.isfinite():
            if length.isnan() and loss.isnan():

# %% wrong: A ValueError. | feedback: Raise a FloatingPointError
# -                raise FloatingPointError(f"after {len(losses)} updates")
                raise ValueError(f"after {len(losses)} updates")

# %% wrong: clip_grad_norm_ raises what it raises. | feedback: Raise a FloatingPointError
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = nn.utils.clip_grad_norm_(net.parameters(), clip, error_if_nonfinite=True)

# %% wrong: It stops without a word. | feedback: no FloatingPointError is raised
# -                raise FloatingPointError(f"after {len(losses)} updates")
                return losses

# %% wrong: Bad batches are left out. | feedback: no FloatingPointError is raised
# -                raise FloatingPointError(f"after {len(losses)} updates")
                continue

# %% wrong: It raises after the step. | feedback: the weights have moved before you raised
# -            if not length.isfinite():
# -                raise FloatingPointError(f"after {len(losses)} updates")
# -            optimizer.step()
            optimizer.step()
            if not length.isfinite():
                raise FloatingPointError(f"after {len(losses)} updates")

# %% wrong: An epoch too many. | feedback: optimizer.step() is called
# -    for _ in range(epochs):
    for _ in range(epochs + 1):

# %% wrong: An epoch is an update. | feedback: optimizer.step() is called
# -            optimizer.step()
# -            plan.step()
            plan.step()
# -    net.eval()
        optimizer.step()
    net.eval()

# %% wrong: A step more at the end. | feedback: optimizer.step() is called
# -    net.eval()
    optimizer.step()
    net.eval()

# %% wrong: The weights move on their own. | feedback: update 1: the loss
# -            plan.step()
            plan.step()
            with torch.no_grad():
                for p in net.parameters():
                    p *= 0.999

# %% wrong: The best weights come back. | feedback: the weights are others in the end
# -            losses.append(loss.item())
            losses.append(loss.item())
            if losses[-1] == min(losses):
                best = copy.deepcopy(net.state_dict())
# -    net.eval()
    net.load_state_dict(best)
    net.eval()

# %% wrong: The decay is halved. | feedback: of group 0 has changed
# -    losses = []
    losses = []
    for group in optimizer.param_groups:
        group["weight_decay"] = group["weight_decay"] / 2

# %% wrong: The library's loop. | feedback: course_lib.training.fit does not do it for you
# -    net.train()
    from course_lib.training import fit

    fit(net, cross_entropy, [(x, y)], optimizer, epochs=1, scheduler=plan)
    net.train()

# %% wrong: Written for 32 rows in a batch. | feedback: optimizer.step() is called
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        for rows in torch.randperm(len(x), generator=generator).split(32):

# %% wrong: Gradients are switched off for good. | feedback: a switch of torch's is left in another place
# -    net.eval()
    net.eval()
    torch.set_grad_enabled(False)

# %% wrong: nan is looked for, inf is not. | feedback: a gradient too long for a number
# -            if not length.isfinite():
            if length.isnan():

# %% wrong: The optimizer forgets what it had. | feedback: for an optimizer that has momentum from before
# -    losses = []
    losses = []
    optimizer.state.clear()

# %% wrong: The switch of the whole, not of its layers. | feedback: net is in train mode in the end
# -    net.eval()
    net.training = False

# %% wrong: T rounds over all epochs. | feedback: the rate of group 0
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=max(warmup, math.ceil(epochs * len(x) / batch)), warmup=warmup)

# %% right: the schedule by hand, each group's peak kept
def train(net, optimizer, x, y, epochs, batch, warmup, clip, seed):
    peaks = [group["lr"] for group in optimizer.param_groups]
    g = torch.Generator().manual_seed(seed)
    each = -(-len(x) // batch)
    T, t, found = epochs * each, 0, []
    net.train()
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=g)
        for k in range(each):
            rows = order[k * batch : (k + 1) * batch]
            f = (t + 1) / warmup if t < warmup else (1 + math.cos(math.pi * (t - warmup) / (T - warmup))) / 2
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = f * peak
            optimizer.zero_grad()
            loss = cross_entropy(net(x[rows]), y[rows])
            loss.backward()
            norm = nn.utils.clip_grad_norm_(net.parameters(), clip)
            if torch.isnan(norm) or torch.isinf(norm):
                raise FloatingPointError
            optimizer.step()
            found.append(loss.item())
            t += 1
    net.eval()
    return found

# %% right: LambdaLR, clipping by hand
def train(net, optimizer, x, y, epochs, batch, warmup, clip, seed):
    T = epochs * len(range(0, len(x), batch))

    def f(t):
        if t < warmup:
            return (t + 1) / warmup
        return math.cos(math.pi / 2 * (t - warmup) / (T - warmup)) ** 2

    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, f)
    g = torch.Generator().manual_seed(seed)
    losses = []
    net = net.train()
    for _ in range(epochs):
        for rows in torch.split(torch.randperm(len(x), generator=g), batch):
            net.zero_grad()
            loss = nn.CrossEntropyLoss()(net(x[rows]), y[rows])
            loss.backward()
            grads = [p.grad for p in net.parameters() if p.grad is not None]
            length = math.sqrt(sum(g.pow(2).sum().item() for g in grads))
            if not math.isfinite(length):
                raise FloatingPointError("the gradient is not finite")
            if length > clip:
                for grad in grads:
                    grad.mul_(clip / length)
            optimizer.step()
            plan.step()
            losses += [float(loss)]
    net.eval()
    return losses

# %% right: warmup_cosine as a function; all orders drawn first
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    from course_lib.schedules import warmup_cosine

    peaks = [group["lr"] for group in optimizer.param_groups]
    pieces = [p for _ in range(epochs) for p in torch.randperm(len(x), generator=generator).split(batch)]
# -    for _ in range(epochs):
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
    if True:
        for t, rows in enumerate(pieces):
# -            optimizer.step()
# -            plan.step()
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * warmup_cosine(t, total=len(pieces), warmup=warmup)
            optimizer.step()

# %% right: torch's sequence of schedulers
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    total = epochs * math.ceil(len(x) / batch)
    schedulers = torch.optim.lr_scheduler
    rise = schedulers.LambdaLR(optimizer, lambda t: (t + 1) / max(warmup, 1))
    fall = schedulers.LambdaLR(
        optimizer, lambda t: 0.5 + 0.5 * math.cos(math.pi * t / (total - warmup))
    )
    plan = schedulers.SequentialLR(optimizer, [rise, fall], [warmup]) if warmup else fall

# %% right: a DataLoader, with a sampler of our own
def train(net, optimizer, x, y, epochs, batch, warmup, clip, seed):
    class Orders(torch.utils.data.Sampler):
        def __init__(self):
            self.g = torch.Generator().manual_seed(seed)

        def __iter__(self):
            return iter(torch.randperm(len(x), generator=self.g).tolist())

        def __len__(self):
            return len(x)

    chance = torch.get_rng_state()
    data = torch.utils.data.TensorDataset(x, y)
    loader = torch.utils.data.DataLoader(data, batch_size=batch, sampler=Orders())
    plan = WarmupCosine(optimizer, total=epochs * len(loader), warmup=warmup)
    losses = []
    net.train()
    for _ in range(epochs):
        for a, b in loader:
            loss = cross_entropy(net(a), b)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if not nn.utils.clip_grad_norm_(net.parameters(), clip).isfinite():
                raise FloatingPointError
            optimizer.step()
            plan.step()
            losses.append(loss.detach().item())
    torch.set_rng_state(chance)
    net.eval()
    return losses

# %% right: the optimizer's parameters are clipped; helpers named as ours
def cut(optimizer, clip):
    ps = [p for group in optimizer.param_groups for p in group["params"]]
    return nn.utils.clip_grad_norm_(ps, clip)


def train(net, optimizer, x, y, epochs, batch, warmup, clip, seed):
    g = torch.Generator().manual_seed(seed)
    plan, losses = WarmupCosine(optimizer, total=epochs * (1 + (len(x) - 1) // batch), warmup=warmup), []
    for _ in range(epochs):
        net.train()
        for rows in torch.randperm(len(x), generator=g).split(batch):
            loss = cross_entropy(net(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            if not math.isfinite(cut(optimizer, clip)):
                raise FloatingPointError
            optimizer.step()
            plan.step()
            losses.append(loss.item())
        net.eval()
    return losses

# %% wrong: Trouble is looked for at the first update alone. | feedback: no FloatingPointError is raised
# -            if not length.isfinite():
            if not losses and not length.isfinite():

# %% wrong: Trouble is looked for in the first three updates. | feedback: no FloatingPointError is raised
# -            if not length.isfinite():
            if len(losses) < 3 and not length.isfinite():

# %% wrong: Trouble is looked for at all but the last update. | feedback: no FloatingPointError is raised
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = epochs * math.ceil(len(x) / batch)
    plan = WarmupCosine(optimizer, total=T, warmup=warmup)
# -            if not length.isfinite():
            if len(losses) < T - 1 and not length.isfinite():

# %% wrong: Trouble is looked for at an epoch's first update. | feedback: no FloatingPointError is raised
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = epochs * math.ceil(len(x) / batch)
    plan = WarmupCosine(optimizer, total=T, warmup=warmup)
# -            if not length.isfinite():
            if len(losses) % (T // epochs) == 0 and not length.isfinite():

# %% wrong: Trouble is looked for at an epoch's last update. | feedback: test the gradient's length, at each update
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = epochs * math.ceil(len(x) / batch)
    plan = WarmupCosine(optimizer, total=T, warmup=warmup)
# -            if not length.isfinite():
            if (len(losses) + 1) % (T // epochs) == 0 and not length.isfinite():

# %% wrong: Trouble is looked for in the first epoch. | feedback: no FloatingPointError is raised
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = epochs * math.ceil(len(x) / batch)
    plan = WarmupCosine(optimizer, total=T, warmup=warmup)
# -            if not length.isfinite():
            if len(losses) < T // epochs and not length.isfinite():

# %% wrong: It ends where the loss is below 0.05. | feedback: optimizer.step() is called
# -            losses.append(loss.item())
            losses.append(loss.item())
            if losses[-1] < 0.05:
                net.eval()
                return losses

# %% wrong: It ends where the loss is below 0.3. | feedback: optimizer.step() is called
# -            losses.append(loss.item())
            losses.append(loss.item())
            if losses[-1] < 0.3:
                net.eval()
                return losses

# %% wrong: It ends where the loss is below 1e-4. | feedback: optimizer.step() is called
# -            losses.append(loss.item())
            losses.append(loss.item())
            if losses[-1] < 1e-4:
                net.eval()
                return losses

# %% wrong: A rate that is nearly 0 is no update. | feedback: optimizer.step() is called
# -            optimizer.step()
            if optimizer.param_groups[0]["lr"] > 1e-9:
                optimizer.step()

# %% wrong: A length of 1e3 is too long. | feedback: You raise a FloatingPointError, and the gradient's length is finite
# -            if not length.isfinite():
            if not length < 1e3:

# %% wrong: A length of 1e6 is too long. | feedback: You raise a FloatingPointError, and the gradient's length is finite
# -            if not length.isfinite():
            if not length < 1e6:

# %% wrong: A length of 1e20 is too long. | feedback: You raise a FloatingPointError, and the gradient's length is finite
# -            if not length.isfinite():
            if not length < 1e20:

# %% wrong: A loss of 50 is trouble. | feedback: You raise a FloatingPointError, and the gradient's length is finite
# -            if not length.isfinite():
            if not length.isfinite() or loss > 50:

# %% wrong: T counts epochs, and the plan steps at each update. | feedback: T counts updates, and not epochs
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    plan = WarmupCosine(optimizer, total=epochs, warmup=min(warmup, epochs - 1))

# %% wrong: All is done in float32. | feedback: Is something float32 on the way?
# -    net.train()
    net.float().train()
    x = x.float()

# %% wrong: A copy is trained. | feedback: Is another network trained, a copy
# -    net.train()
    twin = copy.deepcopy(net).train()
# -            loss = cross_entropy(net(x[rows]), y[rows])
            loss = cross_entropy(twin(x[rows]), y[rows])
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = nn.utils.clip_grad_norm_(twin.parameters(), clip)

# %% wrong: The length is measured after clipping. | feedback: and before it is clipped
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            nn.utils.clip_grad_norm_(net.parameters(), clip)
            length = nn.utils.get_total_norm([p.grad for p in net.parameters() if p.grad is not None])

# %% wrong: Losses are tensors, without their graphs. | feedback: the losses are tensors. Floats
# -            losses.append(loss.item())
            losses.append(loss.detach())

# %% wrong: The loss is looked at in place of the gradient. | feedback: The loss was finite, the gradient was not
# -            if not length.isfinite():
            if not loss.isfinite():

# %% right: an accurate length, whose squares do not overflow
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            grads = [p.grad for p in net.parameters() if p.grad is not None]
            length = torch.tensor(math.hypot(*torch.cat([g.flatten() for g in grads]).tolist()))
            for g in grads if clip < length < math.inf else ():
                g *= clip / length

# %% right: each batch is looked at with error_if_nonfinite, the optimizer's state kept
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
# -            if not length.isfinite():
# -                raise FloatingPointError(f"after {len(losses)} updates")
            try:
                nn.utils.clip_grad_norm_(net.parameters(), clip, error_if_nonfinite=True)
            except RuntimeError as bad:
                raise FloatingPointError(str(bad)) from None

# %% wrong: The first and the last group have the schedule. | feedback: it stays at its peak. All groups have the schedule
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    from course_lib.schedules import warmup_cosine

    total, peaks = epochs * math.ceil(len(x) / batch), [group["lr"] for group in optimizer.param_groups]
# -            optimizer.step()
# -            plan.step()
            f = warmup_cosine(len(losses), total=total, warmup=warmup)
            optimizer.param_groups[0]["lr"] = f * peaks[0]
            optimizer.param_groups[-1]["lr"] = f * peaks[-1]
            optimizer.step()

# %% wrong: Two groups are clipped. | feedback: groups are left out of the clipping
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            some = [p for group in optimizer.param_groups[:2] for p in group["params"]]
            length = nn.utils.clip_grad_norm_(some, clip)

# %% wrong: clip is divided by a length of 0. | feedback: A gradient may be 0: divide by its length
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            grads = [p.grad for p in net.parameters() if p.grad is not None]
            length = torch.stack([g.norm() for g in grads]).norm()
            for g in grads:
                g.mul_(min(1, clip / length.item()))

# %% wrong: A direction, times a length. | feedback: Is something 0/0, or inf/inf?
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            grads = [p.grad for p in net.parameters() if p.grad is not None]
            length = torch.stack([g.norm() for g in grads]).norm()
            for g in grads:
                g.copy_(g / length * length.clamp(max=clip))
            length = grads[0].norm()

# %% wrong: A direction, times a length: nan goes on. | feedback: Is something 0/0, or inf/inf?
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            grads = [p.grad for p in net.parameters() if p.grad is not None]
            length = torch.stack([g.norm() for g in grads]).norm()
            for g in grads:
                g.copy_(g / length * length.clamp(max=clip))

# %% wrong: clip is divided by clip. | feedback: Is something 0/0, or inf/inf?
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            grads = [p.grad for p in net.parameters() if p.grad is not None]
            length = torch.stack([g.norm() for g in grads]).norm()
            for g in grads:
                g.mul_(clip / length.clamp(min=clip))

# %% wrong: A gradient of 0 is no update. | feedback: for gradients of 0 (decay and momentum move the weights)
# -            optimizer.step()
            if length > 0:
                optimizer.step()

# %% wrong: A gradient of 0 is the end. | feedback: for gradients of 0 (decay and momentum move the weights)
# -            optimizer.step()
            if length == 0:
                break
            optimizer.step()

# %% wrong: torch's own chance, seeded and put back. | feedback: the batches have a generator of their own
# -    generator = torch.Generator().manual_seed(seed)
    before = torch.get_rng_state()
    torch.manual_seed(seed)
# -        for rows in torch.randperm(len(x), generator=generator).split(batch):
        for rows in torch.randperm(len(x)).split(batch):
# -    net.eval()
    torch.set_rng_state(before)
    net.eval()

# %% wrong: net is called twice for each batch. | feedback: call it once for each batch
# -            loss = cross_entropy(net(x[rows]), y[rows])
            assert net(x[rows]).dim() == 2
            loss = cross_entropy(net(x[rows]), y[rows])

# %% wrong: net is tried before it learns. | feedback: call it once for each batch
# -    net.train()
    net.train()
    net(x[:2])

# %% wrong: The layers of a layer stay in eval mode. | feedback: some layers are not in train mode
# -    net.train()
    net.training = True
    for layer in net.children():
        layer.training = True

# %% wrong: Who is in train mode is not asked to be. | feedback: some layers are not in train mode
# -    net.train()
    if not net.training:
        net.train()

# %% wrong: The layers of a layer stay in train mode. | feedback: net is in train mode in the end
# -    net.eval()
    net.training = False
    for layer in net.children():
        layer.training = False

# %% wrong: Any RuntimeError is a run that died. | feedback: Let all other errors through: what do you catch?
# -def train(net, optimizer, x, y, epochs, batch, warmup, clip, seed):
def train(*inputs):
    try:
        return loop(*inputs)
    except RuntimeError as error:
        raise FloatingPointError from error


def loop(net, optimizer, x, y, epochs, batch, warmup, clip, seed):

# %% wrong: Each parameter has a gradient. | feedback: p.grad is None before the first backward()
# -            length = nn.utils.clip_grad_norm_(net.parameters(), clip)
            grads = [p.grad for p in net.parameters() if p.requires_grad]
            length = torch.cat([g.flatten() for g in grads]).norm()
            for g in grads if clip < length < math.inf else ():
                g *= clip / length

# %% wrong: Frozen layers learn, too. | feedback: frozen layer learns. Leave requires_grad as it comes
# -    net.train()
    net.requires_grad_(True).train()

# %% wrong: T counts the updates of an epoch, in a schedule by hand. | feedback: T counts the updates of all epochs, so T − W is not 0
# -    plan = WarmupCosine(optimizer, total=epochs * math.ceil(len(x) / batch), warmup=warmup)
    T = math.ceil(len(x) / batch)

    def short(t):
        return (t + 1) / warmup if t < warmup else 0.5 * (1 + math.cos(math.pi * (t - warmup) / (T - warmup)))

    plan = torch.optim.lr_scheduler.LambdaLR(optimizer, short)

# %% right: autograd.grad, all batches drawn first
def rate(t, total, warmup):
    if t < warmup:
        return (t + 1) / warmup
    return math.cos(math.pi / 2 * (t - warmup) / (total - warmup)) ** 2


def train(net, optimizer, x, y, epochs, batch, warmup, clip, seed):
    g = torch.Generator()
    g.manual_seed(seed)
    pieces = [piece for _ in range(epochs) for piece in torch.randperm(len(y), generator=g).split(batch)]
    etas = [float(group["lr"]) for group in optimizer.param_groups]
    params = [p for p in net.parameters() if p.requires_grad]
    history = []
    net.train(True)
    for t, piece in enumerate(pieces):
        loss = nn.CrossEntropyLoss()(net(x[piece]), y[piece])
        grads = torch.autograd.grad(loss, params, allow_unused=True)
        length = torch.cat([g.flatten() for g in grads if g is not None]).norm()
        if not torch.isfinite(length):
            raise FloatingPointError(f"update {t}")
        for p, g in zip(params, grads):
            p.grad = None if g is None else g * (clip / length).clamp(max=1)
        for group, eta in zip(optimizer.param_groups, etas):
            group["lr"] = eta * rate(t, len(pieces), warmup)
        optimizer.step()
        history += [float(loss.detach())]
    return net.train(False) and history

# %% right: eval mode, whatever happens
def train(net, optimizer, x, y, epochs, batch, warmup, clip, seed):
    n = len(x)
    total = epochs * math.ceil(n / batch)
    scheduler = WarmupCosine(optimizer, total=total, warmup=warmup)
    generator = torch.Generator().manual_seed(seed)
    learns = [p for group in optimizer.param_groups for p in group["params"]]
    net.train()
    try:
        return fit_(net, optimizer, x, y, epochs, batch, clip, scheduler, generator, learns)
    finally:
        net.eval()


def fit_(net, optimizer, x, y, epochs, batch, clip, scheduler, generator, learns):
    n = len(x)
    losses = []
    for epoch in range(epochs):
        for rows in torch.randperm(n, generator=generator).split(batch):
            optimizer.zero_grad()
            loss = cross_entropy(net(x[rows]), y[rows])
            loss.backward()
            norm = nn.utils.clip_grad_norm_(learns, clip)
            if not norm.isfinite():
                raise FloatingPointError("gradient")
            optimizer.step()
            scheduler.step()
            losses.append(loss.item())
    return losses
