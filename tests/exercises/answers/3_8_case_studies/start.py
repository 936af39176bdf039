# %% wrong: ln C is not subtracted. | feedback: subtract ln C
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0].item(), losses[-1].item()

# %% wrong: A guess minus the loss. | feedback: the sign is wrong
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return math.log(classes) - losses[0].item(), losses[-1].item()

# %% wrong: A distance without a sign. | feedback: it keeps its sign
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return abs(losses[0].item() - math.log(classes)), losses[-1].item()

# %% wrong: A ratio. | feedback: subtract ln C. Yours divides
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0].item() / math.log(classes), losses[-1].item()

# %% wrong: The kinds in the batch. | feedback: A batch need not hold all kinds
# -    classes = twin(x).shape[1]
    classes = len(y.unique())

# %% wrong: The largest kind in the batch. | feedback: A batch need not hold all kinds
# -    classes = twin(x).shape[1]
    classes = int(y.max()) + 1

# %% wrong: Rows for kinds. | feedback: C is the number of kinds, not of leaves
# -    classes = twin(x).shape[1]
    classes = twin(x).shape[0]

# %% wrong: To the base 2. | feedback: take the natural logarithm of C
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0].item() - math.log2(classes), losses[-1].item()

# %% wrong: To the base 10, as on paper. | feedback: take the natural logarithm of C
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0].item() - math.log10(classes), losses[-1].item()

# %% wrong: C itself. | feedback: subtract ln C, not C
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0].item() - classes, losses[-1].item()

# %% wrong: Always ln 4. | feedback: C is the number of logits
# -    classes = twin(x).shape[1]
    classes = 4

# %% wrong: From the last loss, too. | feedback: Only from the first one ln C is taken
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0].item() - math.log(classes), losses[-1].item() - math.log(classes)

# %% wrong: The last before the first. | feedback: first the one before any update
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[-1].item(), losses[0].item() - math.log(classes)

# %% wrong: Taken after the first update. | feedback: take it before the first update
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[1].item() - math.log(classes), losses[-1].item()

# %% wrong: The loss before the last update. | feedback: that is the loss before the last update
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0].item() - math.log(classes), losses[-2].item()

# %% wrong: One update too many. | feedback: that is an update too many
# -    for _ in range(updates):
    for _ in range(updates + 1):

# %% wrong: One update too few. | feedback: that is the loss before the last update
# -    for _ in range(updates):
    for _ in range(1, updates):

# %% wrong: A hundred updates, always. | feedback: each update takes its own loss and gradient
# -    for _ in range(updates):
    for _ in range(100):

# %% wrong: Until it is by heart. | feedback: each update takes its own loss and gradient
# -    for _ in range(updates):
    while losses[-1] > 0.05 and len(losses) < 300:

# %% wrong: The lowest loss. | feedback: that is the lowest of the losses
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0].item() - math.log(classes), min(losses).item()

# %% wrong: Gradients add up. | feedback: gradients add up
# -        optimizer.zero_grad()
        pass

# %% wrong: Cleared before the step. | feedback: as if nothing had been learned
# -        optimizer.zero_grad()
# -        losses[-1].backward()
        losses[-1].backward()
        optimizer.zero_grad()

# %% wrong: No step. | feedback: as if nothing had been learned
# -        optimizer.step()
        pass

# %% wrong: The optimizer holds the other one. | feedback: the weights or the buffers of net have changed
# -    twin = copy.deepcopy(net).eval()
    twin = net
    net = copy.deepcopy(net)
    twin.eval()

# %% wrong: The optimizer holds net, the loss is the copy's. | feedback: as if nothing had been learned
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    optimizer = torch.optim.AdamW(copy.deepcopy(net).parameters(), lr=lr)

# %% wrong: No copy. | feedback: the weights or the buffers of net have changed
# -    twin = copy.deepcopy(net).eval()
    twin = net.eval()

# %% wrong: A shallow copy. | feedback: the weights or the buffers of net have changed
# -    twin = copy.deepcopy(net).eval()
    twin = copy.copy(net).eval()

# %% wrong: The weights are put back, gradients are not. | feedback: have changed
# -    twin = copy.deepcopy(net).eval()
    twin, kept = net.eval(), copy.deepcopy(net.state_dict())
# -    classes = twin(x).shape[1]
    classes = twin(x).shape[1]
    twin.load_state_dict(kept)

# %% wrong: The mode is put back, all layers alike. | feedback: layers of net are in another mode now
# -    twin = copy.deepcopy(net).eval()
    was = net.training
    twin = copy.deepcopy(net.eval())
    net.train(was)

# %% wrong: Train mode. | feedback: chance is drawn, or seeded
# -    twin = copy.deepcopy(net).eval()
    twin = copy.deepcopy(net).train()

# %% wrong: The mode in which it came. | feedback: chance is drawn, or seeded
# -    twin = copy.deepcopy(net).eval()
    twin = copy.deepcopy(net)

# %% wrong: Judged in eval mode, learned in train mode. | feedback: chance is drawn, or seeded
# -        optimizer.zero_grad()
# -        losses[-1].backward()
        optimizer.zero_grad()
        cross_entropy(twin.train()(x), y).backward()
        twin.eval()

# %% wrong: Train mode, chance put back. | feedback: take it in eval mode
# -    twin = copy.deepcopy(net).eval()
    chance = torch.get_rng_state()
    twin = copy.deepcopy(net).train()
# -    classes = twin(x).shape[1]
    classes = twin(x).shape[1]
    torch.set_rng_state(chance)

# %% wrong: Adam. | feedback: that is Adam. AdamW decays the weights a little
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    optimizer = torch.optim.Adam(twin.parameters(), lr=lr)

# %% wrong: SGD. | feedback: that is SGD. Take torch.optim.AdamW
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    optimizer = torch.optim.SGD(twin.parameters(), lr=lr)

# %% wrong: Momentum. | feedback: that is SGD. Take torch.optim.AdamW
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    optimizer = torch.optim.SGD(twin.parameters(), lr=lr, momentum=0.9)

# %% wrong: No decay. | feedback: AdamW decays the weights a little
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr, weight_decay=0.0)

# %% wrong: torch's own rate. | feedback: the rate is given: lr=lr
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    optimizer = torch.optim.AdamW(twin.parameters())

# %% wrong: A new optimizer for each update. | feedback: make the optimizer once, before the loop
# -        optimizer.zero_grad()
# -        losses[-1].backward()
        optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
        optimizer.zero_grad()
        losses[-1].backward()

# %% wrong: The head alone learns. | feedback: each update takes its own loss
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    optimizer = torch.optim.AdamW(list(twin.parameters())[-2:], lr=lr)

# %% wrong: A sum over the batch. | feedback: the loss is the mean over the batch
# -    losses = [cross_entropy(twin(x), y)]
    losses = [cross_entropy(twin(x), y, reduction="sum")]
# -        losses.append(cross_entropy(twin(x), y))
        losses.append(cross_entropy(twin(x), y, reduction="sum"))

# %% wrong: A softmax too many. | feedback: the first is
# -    losses = [cross_entropy(twin(x), y)]
    losses = [cross_entropy(twin(x).softmax(dim=1), y)]
# -        losses.append(cross_entropy(twin(x), y))
        losses.append(cross_entropy(twin(x).softmax(dim=1), y))

# %% wrong: Maximized. | feedback: the last loss is
# -        losses[-1].backward()
        (-losses[-1]).backward()

# %% wrong: Clipped. | feedback: each update takes its own loss
# -        optimizer.step()
        nn.utils.clip_grad_norm_(twin.parameters(), 1e-6)
        optimizer.step()

# %% wrong: Labels are smoothed. | feedback: the first is
# -    losses = [cross_entropy(twin(x), y)]
    losses = [cross_entropy(twin(x), y, label_smoothing=0.1)]

# %% wrong: One leaf by heart. | feedback: each update takes its own loss
# -        losses.append(cross_entropy(twin(x), y))
        losses.append(cross_entropy(twin(x[:1]), y[:1]))

# %% wrong: The graph is missing. | feedback: not under torch.no_grad()
# -    losses = [cross_entropy(twin(x), y)]
    with torch.no_grad():
        losses = [cross_entropy(twin(x), y)]

# %% wrong: One loss for all updates. | feedback: Each update takes a new loss
# -        losses[-1].backward()
        losses[0].backward(retain_graph=False)

# %% wrong: Gradients are switched off for good. | feedback: a switch of torch's is left in another place
# -    classes = twin(x).shape[1]
    torch.set_grad_enabled(False)
    classes = twin(x).shape[1]

# %% wrong: Tensors come back. | feedback: is a tensor. Return a float
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0] - math.log(classes), losses[-1]

# %% wrong: The first alone. | feedback: Return two things
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0].item() - math.log(classes)

# %% wrong: float32. | feedback: right in its first digits only
# -    return losses[0].item() - math.log(classes), losses[-1].item()
    return losses[0].float().item() - math.log(classes), losses[-1].item()

# %% wrong: What was learned by heart is frozen, too. | feedback: a frozen layer stays as it is
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    for p in twin.parameters():
        p.requires_grad_(True)
    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)

# %% wrong: Random weights of its own. | feedback: chance is drawn, or seeded
# -    twin = copy.deepcopy(net).eval()
    twin = copy.deepcopy(net).eval()
    for layer in twin:
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()

# %% wrong: It stops when the batch is known. | feedback: the updates end early
# -        optimizer.step()
        if losses[-1] < 1e-2:
            break
        optimizer.step()

# %% wrong: Only dropout is off. | feedback: take it in eval mode
# -    twin = copy.deepcopy(net).eval()
    twin = copy.deepcopy(net)
    for layer in twin.modules():
        if isinstance(layer, nn.Dropout):
            layer.eval()

# %% right: a loss before each update, one more at the end
def start(net, x, y, lr, updates):
    one = copy.deepcopy(net)
    one.eval()
    adamw = torch.optim.AdamW(one.parameters(), lr)
    with torch.no_grad():
        logits = one(x)
        first = cross_entropy(logits, y).item()
    for _ in range(updates):
        loss = cross_entropy(one(x), y)
        adamw.zero_grad(set_to_none=False)
        loss.backward()
        adamw.step()
    with torch.no_grad():
        last = cross_entropy(one(x), y).item()
    return [first - math.log(logits.size(-1)), last]

# %% right: only what learns is given to the optimizer
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    optimizer = torch.optim.AdamW([p for p in twin.parameters() if p.requires_grad], lr=lr)

# %% right: functional: a dict of weights
def start(net, x, y, lr, updates):
    still = copy.deepcopy(net).eval()
    ws = {name: p.detach().clone().requires_grad_(p.requires_grad) for name, p in still.named_parameters()}
    rule = torch.optim.AdamW(ws.values(), lr=lr)

    def loss_of():
        out = torch.func.functional_call(still, ws, (x,))
        return cross_entropy(out, y), out.shape[1]

    first, classes = loss_of()
    for _ in range(updates):
        rule.zero_grad()
        loss_of()[0].backward()
        rule.step()
    return first.item() - math.log(classes), loss_of()[0].item()

# %% right: log-softmax by hand, helpers named as ours
def by_heart(net, x, y):
    logits = net(x)
    return -(logits - logits.logsumexp(dim=1, keepdim=True))[torch.arange(len(y)), y].mean(), logits.shape[1]


def start(net, x, y, lr, updates):
    net = copy.deepcopy(net).train(False)
    first, classes = by_heart(net, x, y)
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr)
    for _ in range(updates):
        net.zero_grad()
        by_heart(net, x, y)[0].backward()
        optimizer.step()
    return float(first) - math.log(classes), float(by_heart(net, x, y)[0])

# %% right: a closure
# -        optimizer.zero_grad()
# -        losses[-1].backward()
# -        optimizer.step()
        def closure():
            optimizer.zero_grad()
            loss = cross_entropy(twin(x), y)
            loss.backward()
            return loss

        optimizer.step(closure)

# %% wrong: C from the last parameter. | feedback: C is the number of logits, net(x).shape[1], and not of a layer
# -    classes = twin(x).shape[1]
    classes = list(net.parameters())[-1].numel()

# %% wrong: C from the last linear layer. | feedback: C is the number of logits, net(x).shape[1], and not of a layer
# -    classes = twin(x).shape[1]
    classes = [m for m in net.modules() if isinstance(m, nn.Linear)][-1].out_features

# %% wrong: It ends where a thousandth is left. | feedback: the updates end early
# -        losses.append(cross_entropy(twin(x), y))
        losses.append(cross_entropy(twin(x), y))
        if losses[-1] < 1e-3:
            break

# %% wrong: It ends where hardly anything is left. | feedback: the updates end early
# -        losses.append(cross_entropy(twin(x), y))
        losses.append(cross_entropy(twin(x), y))
        if losses[-1] < 1e-5:
            break

# %% wrong: Sixteen rows are enough. | feedback: learn from all rows of the batch
# -        losses[-1].backward()
        cross_entropy(twin(x[:16]), y[:16]).backward()

# %% wrong: It learns from the sum. | feedback: learn from the mean over the batch
# -        losses[-1].backward()
        cross_entropy(twin(x), y, reduction="sum").backward()

# %% wrong: Train mode, and dropout draws. | feedback: Put the copy into eval mode first
# -    twin = copy.deepcopy(net).eval()
    twin = copy.deepcopy(net).train()

# %% wrong: A copy in the mode in which net came. | feedback: Put the copy into eval mode first
# -    twin = copy.deepcopy(net).eval()
    twin = copy.deepcopy(net)

# %% wrong: The switch of the whole, not of its layers. | feedback: Put the copy into eval mode first
# -    twin = copy.deepcopy(net).eval()
    twin = copy.deepcopy(net)
    twin.training = False

# %% right: the last loss is taken in the loop, which is run at least once
def start(net, x, y, lr, updates):
    net = copy.deepcopy(net).eval()
    first = cross_entropy(net(x), y).item() - math.log(net(x).shape[1])
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr)
    for _ in range(updates):
        optimizer.zero_grad()
        cross_entropy(net(x), y).backward()
        optimizer.step()
        with torch.no_grad():
            last = cross_entropy(net(x), y).item()
    return first, last

# %% wrong: Layers are copied one by one. | feedback: copy net at once
# -    twin = copy.deepcopy(net).eval()
    twin = nn.Sequential(*[copy.deepcopy(layer) for layer in net]).eval()

# %% wrong: Children are copied, each once. | feedback: copy net at once
# -    twin = copy.deepcopy(net).eval()
    twin = nn.Sequential(*[copy.deepcopy(layer) for layer in net.children()]).eval()

# %% wrong: Only dropout and batch norm are put into eval mode, by their names. | feedback: with all its layers
# -    twin = copy.deepcopy(net).eval()
    twin = copy.deepcopy(net)
    for layer in twin.modules():
        if isinstance(layer, (nn.Dropout, nn.BatchNorm1d)):
            layer.eval()

# %% wrong: The layers of a layer keep their mode. | feedback: with all its layers
# -    twin = copy.deepcopy(net).eval()
    twin = copy.deepcopy(net)
    for layer in twin.children():
        layer.training = False

# %% wrong: Clipped at 10. | feedback: clipping was not asked for
# -        optimizer.step()
        nn.utils.clip_grad_norm_(twin.parameters(), 10.0)
        optimizer.step()

# %% wrong: amsgrad. | feedback: amsgrad was not asked for
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr, amsgrad=True)

# %% wrong: Adam with AdamW's decay. | feedback: that is Adam, with the decay in its gradients
# -    optimizer = torch.optim.AdamW(twin.parameters(), lr=lr)
    optimizer = torch.optim.Adam(twin.parameters(), lr=lr, weight_decay=0.01)

# %% right: net itself, and all is put back
def start(net, x, y, lr, updates):
    modes = [(m, m.training) for m in net.modules()]
    kept = [(p, p.detach().clone(), p.grad) for p in net.parameters()]
    net.eval()
    for p, _, _ in kept:
        p.grad = None
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr)
    losses = []
    for _ in range(updates):
        loss = cross_entropy(net(x), y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        logits = net(x)
        losses.append(cross_entropy(logits, y).item())
        for p, value, grad in kept:
            p.copy_(value)
            p.grad = grad
    for m, mode in modes:
        m.training = mode
    return losses[0] - math.log(logits.shape[1]), losses[-1]

# %% right: AdamW by hand
def start(net, x, y, lr, updates):
    twin = copy.deepcopy(net).eval()
    first = cross_entropy(twin(x), y) - torch.tensor(float(twin(x).shape[1])).log()
    learns = [p for p in twin.parameters() if p.requires_grad]
    m = [torch.zeros_like(p) for p in learns]
    v = [torch.zeros_like(p) for p in learns]
    for t in range(1, updates + 1):
        grads = torch.autograd.grad(cross_entropy(twin(x), y), learns, allow_unused=True)
        with torch.no_grad():
            for p, g, a, b in zip(learns, grads, m, v):
                if g is None:
                    continue
                p.mul_(1 - lr * 0.01)
                a.mul_(0.9).add_(0.1 * g)
                b.mul_(0.999).add_(0.001 * g * g)
                p.sub_(lr * (a / (1 - 0.9**t)) / ((b / (1 - 0.999**t)).sqrt() + 1e-8))
    return first.item(), cross_entropy(twin(x), y).item()

# %% right: functional, on net itself, whose modes come back
from torch.func import functional_call


def start(net, x, y, lr, updates):
    modes = {m: m.training for m in net.modules()}
    try:
        net.eval()
        learn = {k: p.detach().clone().requires_grad_() for k, p in net.named_parameters() if p.requires_grad}
        opt = torch.optim.AdamW(list(learn.values()), lr)
        losses = []
        for i in range(updates + 1):
            out = functional_call(net, learn, (x,))
            loss = cross_entropy(out, y)
            losses.append(float(loss.detach()))
            if i < updates:
                grads = torch.autograd.grad(loss, list(learn.values()), allow_unused=True)
                for p, g in zip(learn.values(), grads):
                    p.grad = g
                opt.step()
    finally:
        for m, mode in modes.items():
            m.training = mode
    return losses[0] - math.log(out.size(-1)), losses[-1]
