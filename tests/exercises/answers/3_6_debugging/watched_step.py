# %% wrong: Without a gradient nothing moves. | feedback: Momentum, decay and Adam's scaling move weights, too: measure
# -    optimizer.step()
    idle = {name for name, p in weights.items() if p.grad is None or not p.grad.any()}
    optimizer.step()
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = 0.0 if name in idle else moved / size if size else math.inf

# %% wrong: What is frozen has no gradient. | feedback: a frozen parameter may have a gradient, from before
# -    grads = [p.grad for p in net.parameters() if p.grad is not None]
    grads = [p.grad for p in net.parameters() if p.requires_grad and p.grad is not None]

# %% wrong: A tiny weight is a weight of zeros. | feedback: a ratio is infinite only where a weight of all zeros moves
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = moved / size if size > 1e-8 else math.inf if moved else 0.0

# %% wrong: A number so small that it does no harm. | feedback: Is something small added
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = moved / (size + 1e-12) if size else math.inf if moved else 0.0

# %% wrong: clip_grad_norm_ tells the length, and clips nothing. | feedback: is not what optimizer.step() alone makes of it
# -    line["gradient"] = math.sqrt(sum(g.square().sum().item() for g in grads))
    line["gradient"] = nn.utils.clip_grad_norm_(net.parameters(), math.inf).item()

# %% wrong: Plain SGD's formula is the ratio. | feedback: Momentum, decay and Adam's scaling move weights, too: measure
# -        moved, size = (weights[name].detach() - old).norm().item(), old.norm().item()
        g = weights[name].grad
        size = old.norm().item()
        moved = 0.0 if g is None else optimizer.param_groups[0]["lr"] * g.norm().item()

# %% wrong: Each group's rate, times the gradient. | feedback: Momentum, decay and Adam's scaling move weights, too: measure
# -    optimizer.step()
    rates = {id(p): float(group["lr"]) for group in optimizer.param_groups for p in group["params"]}
    slopes = {name: 0.0 if p.grad is None else p.grad.norm().item() for name, p in weights.items()}
    optimizer.step()
# -        moved, size = (weights[name].detach() - old).norm().item(), old.norm().item()
        size = old.norm().item()
        moved = rates[id(weights[name])] * slopes[name]

# %% wrong: detach() keeps what was. | feedback: keep a copy, with .clone()
# -    before = {name: p.detach().clone() for name, p in weights.items()}
    before = {name: p.detach() for name, p in weights.items()}

# %% wrong: state_dict() keeps what was. | feedback: keep a copy, with .clone()
# -    before = {name: p.detach().clone() for name, p in weights.items()}
    before = {name: w for name, w in net.state_dict().items() if name in weights}

# %% wrong: In units of the new length. | feedback: divided by the weight's length after the update
# -        moved, size = (weights[name].detach() - old).norm().item(), old.norm().item()
        moved, size = (weights[name].detach() - old).norm().item(), weights[name].norm().item()

# %% wrong: The change of the length. | feedback: A weight that turns keeps its length
# -        moved, size = (weights[name].detach() - old).norm().item(), old.norm().item()
        moved, size = abs(weights[name].norm().item() - old.norm().item()), old.norm().item()

# %% wrong: How far it moved is enough. | feedback: Divide by the weight's length before the update
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = moved

# %% wrong: Upside down. | feedback: the ratio is upside down
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = size / moved if moved else math.inf if size else 0.0

# %% wrong: A small number against 0/0. | feedback: Is something small added
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = moved / (size + 1e-8)

# %% wrong: A smaller number against 0/0. | feedback: a weight of all zeros that moves has an infinite ratio
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = moved / max(size, 1e-12)

# %% wrong: Each weight has a length. | feedback: A weight that is all zeros has the length 0
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = moved / size

# %% wrong: torch divides by 0, too. | feedback: 0/0 is no number
# -        moved, size = (weights[name].detach() - old).norm().item(), old.norm().item()
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = ((weights[name].detach() - old).norm() / old.norm()).item()

# %% wrong: From zero any ratio is 0. | feedback: a weight of all zeros that moves has an infinite ratio
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = moved / size if size else 0.0

# %% wrong: From zero any ratio is infinite. | feedback: a ratio is infinite only where a weight of all zeros moves
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = moved / size if size else math.inf

# %% wrong: Entry by entry. | feedback: divide length by length, not entry by entry
# -        moved, size = (weights[name].detach() - old).norm().item(), old.norm().item()
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = ((weights[name].detach() - old) / old).abs().mean().item()

# %% wrong: Squares do as well. | feedback: that is the square of the ratio
# -        moved, size = (weights[name].detach() - old).norm().item(), old.norm().item()
        moved, size = (weights[name].detach() - old).square().sum().item(), old.square().sum().item()

# %% wrong: Biases have ratios, too. | feedback: a bias begins at 0
# -    weights = {name: p for name, p in net.named_parameters() if p.dim() > 1}
    weights = {name: p for name, p in net.named_parameters()}

# %% wrong: What is named weight is a weight. | feedback: 'ratio/1.weight', which nobody asked for
# -    weights = {name: p for name, p in net.named_parameters() if p.dim() > 1}
    weights = {name: p for name, p in net.named_parameters() if name.endswith("weight")}

# %% wrong: A weight is a matrix. | feedback: lacks ratio/0.weight
# -    weights = {name: p for name, p in net.named_parameters() if p.dim() > 1}
    weights = {name: p for name, p in net.named_parameters() if p.dim() == 2}

# %% wrong: Who has no gradient has no ratio. | feedback: Something that stands still has a ratio, too: 0.0
# -    weights = {name: p for name, p in net.named_parameters() if p.dim() > 1}
    weights = {name: p for name, p in net.named_parameters() if p.dim() > 1 and p.grad is not None}

# %% wrong: Frozen is not watched. | feedback: Something that stands still has a ratio, too: 0.0
# -    weights = {name: p for name, p in net.named_parameters() if p.dim() > 1}
    weights = {name: p for name, p in net.named_parameters() if p.dim() > 1 and p.requires_grad}

# %% wrong: Layers are children with a weight. | feedback: lacks ratio/
# -    weights = {name: p for name, p in net.named_parameters() if p.dim() > 1}
    weights = {f"{name}.weight": m.weight for name, m in net.named_children() if isinstance(m, nn.Linear)}

# %% wrong: Each parameter has a gradient. | feedback: has no gradient, .grad is None: skip it
# -    grads = [p.grad for p in net.parameters() if p.grad is not None]
    grads = [p.grad for p in net.parameters()]

# %% wrong: Only weights have a gradient worth a look. | feedback: the biases' gradients belong to it
# -    grads = [p.grad for p in net.parameters() if p.grad is not None]
    grads = [p.grad for p in net.parameters() if p.grad is not None and p.dim() > 1]

# %% wrong: What the optimizer holds is all. | feedback: All parameters of net that have a gradient belong to it
# -    grads = [p.grad for p in net.parameters() if p.grad is not None]
    grads = [p.grad for group in optimizer.param_groups for p in group["params"] if p.grad is not None]

# %% wrong: The state is what is watched. | feedback: 'ratio/inner.two.weight', which nobody asked for
# -    weights = {name: p for name, p in net.named_parameters() if p.dim() > 1}
    weights = {name: p for name, p in net.state_dict(keep_vars=True).items() if p.dim() > 1}

# %% wrong: Three digits are enough. | feedback: is it rounded
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = round(moved / size, 5) if size else math.inf if moved else 0.0

# %% wrong: Lengths add up. | feedback: Add up the squares, and take one root
# -    line["gradient"] = math.sqrt(sum(g.square().sum().item() for g in grads))
    line["gradient"] = sum(g.norm().item() for g in grads)

# %% wrong: No root. | feedback: The root is missing
# -    line["gradient"] = math.sqrt(sum(g.square().sum().item() for g in grads))
    line["gradient"] = sum(g.square().sum().item() for g in grads)

# %% wrong: The largest layer's. | feedback: that is one parameter's. Take all together
# -    line["gradient"] = math.sqrt(sum(g.square().sum().item() for g in grads))
    line["gradient"] = max(g.norm().item() for g in grads)

# %% wrong: The largest entry. | feedback: that is the largest entry
# -    line["gradient"] = math.sqrt(sum(g.square().sum().item() for g in grads))
    line["gradient"] = max(g.abs().max().item() for g in grads)

# %% wrong: A mean over entries. | feedback: that divides by the number of entries
# -    line["gradient"] = math.sqrt(sum(g.square().sum().item() for g in grads))
    line["gradient"] = torch.cat([g.flatten() for g in grads]).square().mean().sqrt().item()

# %% wrong: A log holds tensors. | feedback: 'loss' is a tensor. Put numbers into the log
# -    line = {"loss": loss.item()}
    line = {"loss": loss}

# %% wrong: A detached tensor is a number. | feedback: 'loss' is a tensor. Put numbers into the log
# -    line = {"loss": loss.item()}
    line = {"loss": loss.detach()}

# %% wrong: Ratios as tensors. | feedback: is a tensor. Put numbers into the log
# -        line[f"ratio/{name}"] = moved / size if size else math.inf if moved > 0 else moved
        line[f"ratio/{name}"] = torch.tensor(moved / size if size else math.inf if moved else 0.0)

# %% wrong: The rate comes as it is. | feedback: 'lr/0' is a tensor. Put numbers into the log
# -        line[f"lr/{k}"] = float(group["lr"])
        line[f"lr/{k}"] = group["lr"]

# %% wrong: One rate for all. | feedback: lacks lr/1
# -    for k, group in enumerate(optimizer.param_groups):
    for k, group in enumerate(optimizer.param_groups[:1]):

# %% wrong: All rates are the first one's. | feedback: that is the first group's rate. Each group has its own
# -        line[f"lr/{k}"] = float(group["lr"])
        line[f"lr/{k}"] = float(optimizer.param_groups[0]["lr"])

# %% wrong: The rate is called lr. | feedback: lacks lr/0
# -        line[f"lr/{k}"] = float(group["lr"])
        line["lr"] = float(group["lr"])

# %% wrong: Groups are counted from 1. | feedback: lacks lr/0
# -    for k, group in enumerate(optimizer.param_groups):
    for k, group in enumerate(optimizer.param_groups, start=1):

# %% wrong: The rate of after the step. | feedback: that is the rate after step()
# -    for k, group in enumerate(optimizer.param_groups):
# -        line[f"lr/{k}"] = float(group["lr"])

# -    optimizer.step()
    optimizer.step()
    for k, group in enumerate(optimizer.param_groups):
        line[f"lr/{k}"] = float(group["lr"])

# %% wrong: The gradient of after the step. | feedback: Is it taken after the step, when the gradients are cleared
# -    grads = [p.grad for p in net.parameters() if p.grad is not None]

# -    line["gradient"] = math.sqrt(sum(g.square().sum().item() for g in grads))

# -    return line
    grads = [p.grad for p in net.parameters() if p.grad is not None]
    line["gradient"] = math.sqrt(sum(g.square().sum().item() for g in grads))
    return line

# %% wrong: backward() belongs to an update. | feedback: backward() is called once more on a loss whose graph is used up
# -    optimizer.step()
    loss.backward()
    optimizer.step()

# %% wrong: Cleaned up afterwards. | feedback: Only look at it
# -    return line
    optimizer.zero_grad()
    return line

# %% wrong: The caller steps. | feedback: optimizer.step() was called 0 times
# -    optimizer.step()

# %% wrong: One step to look, one to learn. | feedback: optimizer.step() was called 2 times
# -    optimizer.step()
    optimizer.step()
    optimizer.step()

# %% wrong: After the look all is put back. | feedback: is not what optimizer.step() alone makes of it
# -    return line
    with torch.no_grad():
        for name, old in before.items():
            weights[name].copy_(old)
    return line

# %% wrong: Gradients are clipped on the way. | feedback: is not what optimizer.step() alone makes of it
# -    line = {"loss": loss.item()}
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    line = {"loss": loss.item()}

# %% wrong: The last loss is kept for later. | feedback: the loss is still held somewhere
# -    return line
    global last_loss
    last_loss = loss
    return line

# %% wrong: The course's Monitor. | feedback: The course's Monitor does not do it for you
from course_lib.monitor import Monitor


def watched_step(net, optimizer, loss):
    monitor = Monitor(net, optimizer)
    with monitor(loss, 1):
        optimizer.step()
    skip = ("update", "examples", "seconds", "per_second")
    return {key: value for key, value in monitor.history[0].items() if key not in skip}

# %% wrong: The line is printed. | feedback: you return None. Return the line, a dict
# -    return line
    print(line)

# %% wrong: The numbers, in their order. | feedback: you return a list. Return the line, a dict
# -    return line
    return list(line.values())

# %% wrong: float32 is enough for a log. | feedback: is it float32
# -        moved, size = (weights[name].detach() - old).norm().item(), old.norm().item()
        moved, size = (weights[name].detach() - old).float().norm().item(), old.norm().item()


# %% right: one flat vector, and torch's distance
def watched_step(net, optimizer, loss):
    flat = torch.cat([p.grad.reshape(-1) for p in net.parameters() if p.grad is not None])
    line = {"loss": float(loss), "gradient": torch.linalg.vector_norm(flat).item()}
    line.update((f"lr/{k}", float(group["lr"])) for k, group in enumerate(optimizer.param_groups))
    old = {name: p.detach().clone() for name, p in net.named_parameters()}
    optimizer.step()
    with torch.no_grad():
        for name, p in net.named_parameters():
            if p.ndim >= 2:
                length, way = old[name].norm(), torch.dist(p, old[name])
                if length == 0:
                    line["ratio/" + name] = float("inf") if way > 0 else 0.0
                else:
                    line["ratio/" + name] = float(way / length)
    return line

# %% right: torch's total norm, a deep copy of the net
import copy


def watched_step(net, optimizer, loss):
    before = copy.deepcopy(net)
    norm = nn.utils.get_total_norm([p.grad for p in net.parameters() if p.grad is not None]).item()
    rates = [torch.as_tensor(group["lr"]).item() for group in optimizer.param_groups]
    value = loss.detach().item()
    optimizer.step()
    line = {"loss": value, "gradient": norm, **{f"lr/{k}": rate for k, rate in enumerate(rates)}}
    for (name, now), old in zip(net.named_parameters(), before.parameters()):
        if now.dim() < 2:
            continue
        size, moved = old.data.norm().item(), (now.data - old.data).norm().item()
        try:
            line[f"ratio/{name}"] = moved / size
        except ZeroDivisionError:
            line[f"ratio/{name}"] = math.inf if moved else 0.0
    return line

# %% right: helpers with the tests' names, and the step's own closure of copies
def ratio(moved, size):
    return moved / size if size != 0 else (math.inf if moved != 0 else 0.0)


def line_of(p, old):
    return ratio((old - p).pow(2).sum().sqrt().item(), old.pow(2).sum().sqrt().item())


def watched_step(net, optimizer, loss):
    with torch.no_grad():
        squares = [(p.grad**2).sum() for p in net.parameters() if p.grad is not None]
        line = {"gradient": torch.stack(squares).sum().sqrt().item(), "loss": loss.item()}
        line |= {f"lr/{k}": group["lr"] + 0.0 for k, group in enumerate(optimizer.param_groups)}
        line = {key: value.item() if torch.is_tensor(value) else value for key, value in line.items()}
        old = [(name, p, p.clone()) for name, p in net.named_parameters() if len(p.shape) > 1]
    optimizer.step()
    with torch.no_grad():
        return line | {f"ratio/{name}": line_of(p, was) for name, p, was in old}

# %% right: a dict of its own class, and the whole state before
class Line(dict):
    def add(self, name, old, new):
        size = old.norm().item()
        moved = (new.detach() - old).norm().item()
        self["ratio/" + name] = moved / size if size else (math.inf if moved else 0.0)


def watched_step(net, optimizer, loss):
    line = Line(loss=loss.item())
    line["gradient"] = float(sum((p.grad**2).sum() for p in net.parameters() if p.grad is not None) ** 0.5)
    for number, group in enumerate(optimizer.param_groups):
        line["lr/%d" % number] = float(group["lr"])
    state = {key: value.clone() for key, value in net.state_dict().items()}
    optimizer.step()
    for name, p in net.named_parameters():
        if p.dim() > 1:
            line.add(name, state[name], p)
    return line

# %% right: a context manager, as in the lesson
from contextlib import contextmanager


@contextmanager
def watch(net, line):
    old = {n: p.detach().clone() for n, p in net.named_parameters() if p.dim() >= 2}
    yield
    for n, p in net.named_parameters():
        if n in old:
            moved = torch.linalg.norm((p.detach() - old[n]).flatten()).item()
            size = torch.linalg.norm(old[n].flatten()).item()
            line["ratio/" + n] = {True: math.inf, False: 0.0}[moved > 0] if size == 0 else moved / size


def watched_step(net, optimizer, loss):
    line = {"loss": loss.item()}
    line["gradient"] = math.hypot(*(p.grad.norm().item() for p in net.parameters() if p.grad is not None))
    line |= {f"lr/{k}": float(g["lr"]) for k, g in enumerate(optimizer.param_groups)}
    with watch(net, line):
        optimizer.step()
    return line
