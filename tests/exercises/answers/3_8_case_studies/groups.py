# %% wrong: The body's rate is the head's. | feedback: head and body are swapped
# -            rate = lr if id(p) in head else factor * lr
            rate = factor * lr if id(p) in head else lr

# %% wrong: One rate for all. | feedback: that is the head's rate
# -            rate = lr if id(p) in head else factor * lr
            rate = lr

# %% wrong: Divided by the factor. | feedback: multiply by the factor. Yours divides
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if id(p) in head else lr / factor

# %% wrong: The factor is the rate. | feedback: the rate is factor · lr
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if id(p) in head else factor

# %% wrong: Added. | feedback: the rate is factor · lr
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if id(p) in head else factor + lr

# %% wrong: A tenth, always. | feedback: the rate of
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if id(p) in head else 0.1 * lr

# %% wrong: The factor for each layer further down. | feedback: the factor is taken once
# -    head = {id(p) for p in net[-1].parameters()}
    head = {id(p) for p in net[-1].parameters()}
    deep = {id(p): len(net) - 1 - k for k, layer in enumerate(net) for p in layer.parameters()}
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if id(p) in head else factor ** deep[id(p)] * lr

# %% wrong: The first module is the head. | feedback: head and body are swapped
# -    head = {id(p) for p in net[-1].parameters()}
    head = {id(p) for p in net[0].parameters()}

# %% wrong: The last two parameters are the head. | feedback: The head is the last module, with all that is in it
# -    head = {id(p) for p in net[-1].parameters()}
    head = {id(p) for p in list(net.parameters())[-2:]}

# %% wrong: The last weight is the head, its bias is not. | feedback: The head is the last module, with all that is in it
# -    head = {id(p) for p in net[-1].parameters()}
    head = {id(net[-1].weight)} if hasattr(net[-1], "weight") else {id(net[-1][-1].weight)}

# %% wrong: Biases decay, too. | feedback: Only two or more dimensions decay
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay), []).append(p)

# %% wrong: Nothing decays. | feedback: Two or more dimensions decay
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, 0.0), []).append(p)

# %% wrong: Only biases decay. | feedback: Two or more dimensions decay
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if p.dim() < 2 else 0.0), []).append(p)

# %% wrong: Only matrices decay. | feedback: Two or more dimensions decay
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if p.dim() == 2 else 0.0), []).append(p)

# %% wrong: All but biases decay, by their names. | feedback: Only two or more dimensions decay
# -    for p in net.parameters():
    for name, p in net.named_parameters():
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, 0.0 if name.endswith("bias") else decay), []).append(p)

# %% wrong: All that is called weight decays. | feedback: Only two or more dimensions decay
# -    for p in net.parameters():
    for name, p in net.named_parameters():
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if name.endswith("weight") else 0.0), []).append(p)

# %% wrong: The parameters of linear layers decay. | feedback: dimensions decay
# -    head = {id(p) for p in net[-1].parameters()}
    head = {id(p) for p in net[-1].parameters()}
    of_linear = {id(layer.weight) for layer in net.modules() if isinstance(layer, nn.Linear)}
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if id(p) in of_linear else 0.0), []).append(p)

# %% wrong: More than one entry decays. | feedback: Only two or more dimensions decay
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if p.numel() > 1 else 0.0), []).append(p)

# %% wrong: Only the head decays. | feedback: Two or more dimensions decay
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if p.dim() > 1 and id(p) in head else 0.0), []).append(p)

# %% wrong: The factor for the decay, too. | feedback: The decay is the same in head and body
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            own = decay if id(p) in head else factor * decay
            found.setdefault((rate, own if p.dim() > 1 else 0.0), []).append(p)

# %% wrong: The decay times the rate. | feedback: the decay of
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, rate * decay if p.dim() > 1 else 0.0), []).append(p)

# %% wrong: Decay is left to torch's default. | feedback: a group lacks weight_decay
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    return [
        {"params": ps, "lr": rate, "weight_decay": own} if own else {"params": ps, "lr": rate}
        for (rate, own), ps in found.items()
    ]

# %% wrong: The head's rate is left to the optimizer. | feedback: a group lacks lr
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    return [
        {"params": ps, "weight_decay": own} if rate == lr else {"params": ps, "lr": rate, "weight_decay": own}
        for (rate, own), ps in found.items()
    ]

# %% wrong: Another key for the decay. | feedback: a group lacks weight_decay
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    return [{"params": ps, "lr": rate, "decay": own} for (rate, own), ps in found.items()]

# %% wrong: A key too many. | feedback: Three keys are asked for
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    return [
        {"params": ps, "lr": rate, "weight_decay": own, "name": "some"} for (rate, own), ps in found.items()
    ]

# %% wrong: Frozen ones, too. | feedback: has requires_grad=False, and is in a group
# -        if p.requires_grad:
        if True:

# %% wrong: A frozen layer leaves the whole body out. | feedback: learns, and is in no group
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    kept = []
    for (rate, own), ps in found.items():
        if rate == lr or all(p.requires_grad for p in net[0].parameters()):
            kept.append({"params": ps, "lr": rate, "weight_decay": own})
    return kept

# %% wrong: Frozen ones wake up. | feedback: requires_grad of net's parameters has changed
# -        if p.requires_grad:
        if p.requires_grad_(True) is not None:

# %% wrong: Four groups, always. | feedback: a group is empty
def groups(net, lr, factor, decay):
    head = {id(p) for p in net[-1].parameters()}
    live = [p for p in net.parameters() if p.requires_grad]
    inside, outside = [p for p in live if id(p) in head], [p for p in live if id(p) not in head]
    return [
        {"params": [p for p in ps if (p.dim() > 1) == wide], "lr": rate, "weight_decay": decay if wide else 0.0}
        for ps, rate in ((inside, lr), (outside, factor * lr))
        for wide in (True, False)
    ]

# %% wrong: Layer by layer, shared ones twice. | feedback: is in two groups, or twice in one
def groups(net, lr, factor, decay):
    found = []
    for layer in net:
        for p in layer.parameters():
            if p.requires_grad:
                rate = lr if layer is net[-1] else factor * lr
                found.append({"params": [p], "lr": rate, "weight_decay": decay if p.dim() > 1 else 0.0})
    return found

# %% wrong: What is shared belongs to the body. | feedback: a parameter that head and body share belongs to the head
# -    head = {id(p) for p in net[-1].parameters()}
    body = {id(p) for layer in net[:-1] for p in layer.parameters()}
    head = {id(p) for p in net[-1].parameters()} - body

# %% wrong: By name, the head's number. | feedback: a parameter that head and body share belongs to the head
# -    for p in net.parameters():
    for name, p in net.named_parameters():
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if name.startswith(f"{len(net) - 1}.") else factor * lr

# %% wrong: By name, where the number is anywhere. | feedback: the rate of
# -    for p in net.parameters():
    for name, p in net.named_parameters():
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if id(p) in head or str(len(net) - 2) in name else factor * lr

# %% wrong: A number that only begins alike. | feedback: For a convolution, norms, and a head of two layers
# -    for p in net.parameters():
    for name, p in net.named_parameters():
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if name.startswith("2") else factor * lr

# %% wrong: The last layer in the head is the head. | feedback: The head is the last module, with all that is in it
# -    head = {id(p) for p in net[-1].parameters()}
    last = [layer for layer in net.modules() if isinstance(layer, (nn.Linear, type(net[-1])))][-1]
    head = {id(p) for p in last.parameters()}

# %% wrong: Layers that hold parameters of their own alone. | feedback: learns, and is in no group
# -    for p in net.parameters():
    for p in [p for layer in net for p in layer.parameters(recurse=False)]:

# %% wrong: Equal numbers are one parameter. | feedback: Compare what they are: id(p)
# -    head = {id(p) for p in net[-1].parameters()}
    head = list(net[-1].parameters())
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if p in head else factor * lr

# %% wrong: Copies. | feedback: is no parameter of net
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p.detach().clone())

# %% wrong: The data of parameters. | feedback: is no parameter of net
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p.data)

# %% wrong: Names and parameters. | feedback: It holds parameters, without their names
# -    for p in net.parameters():
    for name, p in net.named_parameters():
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append((name, p))

# %% wrong: An optimizer. | feedback: return a list of dicts
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    return torch.optim.AdamW(
        [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    )

# %% wrong: A dict of groups. | feedback: return a list of dicts
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    return {rate: {"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()}

# %% wrong: A list of lists. | feedback: each group is a dict
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    return [[ps, rate, own] for (rate, own), ps in found.items()]

# %% wrong: The body is frozen. | feedback: requires_grad of net's parameters has changed
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    for p in net[:-1].parameters():
        p.requires_grad_(factor > 0.2)
    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]

# %% wrong: The body is left out. | feedback: learns, and is in no group
# -        if p.requires_grad:
        if p.requires_grad and id(p) in head:

# %% wrong: With a factor of 0 the body is left out. | feedback: learns, and is in no group
# -        if p.requires_grad:
        if p.requires_grad and (factor or id(p) in head):

# %% wrong: One group, the last one wins. | feedback: learns, and is in no group
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found[rate, decay if p.dim() > 1 else 0.0] = [p]

# %% wrong: The head is made anew. | feedback: torch's own chance is drawn from
# -    head = {id(p) for p in net[-1].parameters()}
    for layer in net[-1].modules():
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    head = {id(p) for p in net[-1].parameters()}

# %% wrong: Eval mode is left behind. | feedback: layers of net are in another mode now
# -    found = {}
    found = {}
    net[:-1].eval()

# %% wrong: Gradients are cleared. | feedback: the gradients of net have changed
# -    found = {}
    found = {}
    net.zero_grad()

# %% wrong: Groups by the two numbers alone, a rate that is a decay. | feedback: the rate of
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    return [{"params": ps, "lr": own, "weight_decay": rate} for (rate, own), ps in found.items()]

# %% right: a group for each parameter
def groups(net, lr, factor, decay):
    mine = [id(p) for p in net[-1].parameters()]
    return [
        {"params": p, "lr": lr if id(p) in mine else lr * factor, "weight_decay": decay * (p.ndim >= 2)}
        for p in net.parameters()
        if p.requires_grad
    ]

# %% right: four lists, the empty ones left out
def groups(net, lr, factor, decay):
    lists = {(part, wide): [] for part in ("head", "body") for wide in (True, False)}
    head = list(net[-1].parameters())
    for p in net.parameters():
        part = "head" if any(p is one for one in head) else "body"
        if p.requires_grad:
            lists[part, len(p.shape) >= 2].append(p)
    rates = {"head": lr, "body": factor * lr}
    return [
        dict(params=ps, lr=rates[part], weight_decay=decay if wide else 0.0)
        for (part, wide), ps in lists.items()
        if ps
    ]

# %% right: the head first, then what was not seen
def groups(net, lr, factor, decay):
    seen, result = set(), []
    for module, rate in ((net[-1], lr), (net[:-1], factor * lr)):
        for wide in (False, True):
            ps = [p for p in module.parameters() if p.requires_grad and (p.dim() > 1) is wide]
            ps = [p for p in ps if id(p) not in seen]
            seen.update(map(id, ps))
            if ps:
                result.append({"params": ps, "lr": rate, "weight_decay": decay if wide else 0})
    return result

# %% right: parameters in a set, which hashes what they are
# -    head = {id(p) for p in net[-1].parameters()}
    head = set(net[-1].parameters())
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if p in head else factor * lr

# %% right: by names, of the head's own
# -    head = {id(p) for p in net[-1].parameters()}
    last = list(net._modules)[-1]
    head = {id(p) for name, p in net.named_parameters(remove_duplicate=False) if name.split(".")[0] == last}

# %% right: generators of parameters, a tuple of groups
# -    return [{"params": ps, "lr": rate, "weight_decay": own} for (rate, own), ps in found.items()]
    return tuple({"params": tuple(ps), "lr": r, "weight_decay": own} for (r, own), ps in found.items())

# %% wrong: The head is the last module that has parameters. | feedback: also where that has no parameters
# -    head = {id(p) for p in net[-1].parameters()}
    head = {id(p) for p in [m for m in net if list(m.parameters())][-1].parameters()}

# %% wrong: The head's parameters are known by their numbers. | feedback: its numbers are those of one of the head
# -            rate = lr if id(p) in head else factor * lr
            rate = lr if any(torch.equal(p, q) for q in net[-1].parameters()) else factor * lr

# %% wrong: Dimensions of one entry do not count. | feedback: Two or more dimensions decay
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if p.squeeze().dim() > 1 else 0.0), []).append(p)

# %% wrong: A weight of one row is a bias. | feedback: Two or more dimensions decay
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            found.setdefault((rate, decay if p.dim() > 1 and p.shape[0] > 1 else 0.0), []).append(p)

# %% wrong: The last child is the head. | feedback: children() leaves out a module that comes once more
# -    head = {id(p) for p in net[-1].parameters()}
    head = {id(p) for p in list(net.children())[-1].parameters()}

# %% wrong: The head by its number, which may be a name. | feedback: may have names in place of numbers
# -    head = {id(p) for p in net[-1].parameters()}
    last = str(len(net) - 1)
    head = {id(p) for name, p in net.named_parameters(remove_duplicate=False) if name.split('.')[0] == last}

# %% wrong: What begins with the head's name. | feedback: another name may begin with the head's
# -    head = {id(p) for p in net[-1].parameters()}
    last = list(net._modules)[-1]
    head = {id(p) for name, p in net.named_parameters(remove_duplicate=False) if name.startswith(last)}

# %% wrong: The head's name at any depth. | feedback: a name says where a layer is in its whole only
# -    head = {id(p) for p in net[-1].parameters()}
    last = list(net._modules)[-1]
    head = {id(p) for name, p in net.named_parameters(remove_duplicate=False) if last in name.split('.')}

# %% wrong: Matrices that are called weight decay. | feedback: Two or more dimensions decay
# -    for p in net.parameters():
    for name, p in net.named_parameters():
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            wide = p.dim() > 1 and 'weight' in name
            found.setdefault((rate, decay if wide else 0.0), []).append(p)

# %% wrong: Matrices decay, if they are not called bias. | feedback: Two or more dimensions decay
# -    for p in net.parameters():
    for name, p in net.named_parameters():
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            wide = p.dim() > 1 and 'bias' not in name
            found.setdefault((rate, decay if wide else 0.0), []).append(p)

# %% wrong: Norm layers do not decay, whatever they scale. | feedback: Two or more dimensions decay
# -    head = {id(p) for p in net[-1].parameters()}
    head = {id(p) for p in net[-1].parameters()}
    norms = {id(p) for m in net.modules() if "Norm" in type(m).__name__ for p in m.parameters()}
# -            found.setdefault((rate, decay if p.dim() > 1 else 0.0), []).append(p)
            wide = p.dim() > 1 and id(p) not in norms
            found.setdefault((rate, decay if wide else 0.0), []).append(p)

# %% wrong: The head is taken out, and put back. | feedback: the layers of net have other names now
# -    head = {id(p) for p in net[-1].parameters()}
    last = net.pop(-1)
    head = {id(p) for p in last.parameters()}
    net.append(last)

# %% wrong: Two levels of layers. | feedback: learns, and is in no group
# -    for p in net.parameters():
    shallow = [layer for outer in net for layer in (outer, *outer.children())]
    for p in {id(p): p for layer in shallow for p in layer._parameters.values() if p is not None}.values():

# %% wrong: What was found stays for the next call. | feedback: found outlives a call
# -def groups(net, lr, factor, decay):
def groups(net, lr, factor, decay, found={}):
# -    found = {}

# %% right: body and head, filtered; a set of parameters
def groups(net, lr, factor, decay):
    *_, head = net
    inside = set(head.parameters())
    body = [p for p in net.parameters() if p not in inside]
    result = []
    for params, rate in ((body, factor * lr), (list(inside), lr)):
        learning = list(filter(lambda p: p.requires_grad, params))
        for wide, d in ((False, 0), (True, decay)):
            if some := [p for p in learning if (len(p.shape) >= 2) == wide]:
                result += [{"weight_decay": d, "lr": rate, "params": some}]
    return result

# %% right: the last of a parameter's names, helpers named as ours
from collections import defaultdict
from operator import attrgetter


def reference(net):
    return defaultdict(list)


def groups(net, lr, factor, decay):
    kinds, names = reference(net), {}
    for name, p in net.named_parameters(remove_duplicate=False):
        names[p] = name  # the last name wins: that of the head
    last = next(reversed(net._modules))
    for p, name in names.items():
        if attrgetter("requires_grad")(p):
            kinds[(1.0 if name.split(".")[0] == last else factor) * lr, decay if p.dim() > 1 else 0].append(p)
    return [dict(zip(("params", "lr", "weight_decay"), (ps, *k))) for k, ps in kinds.items()]
