# %% wrong: Dead in one batch is dead. | feedback: Look at all batches together
# -                alive[k] = (x > 0).any(dim=0) | alive.get(k, False)
                alive[k] = (x > 0).any(dim=0)

# %% wrong: The first batch shows it. | feedback: Look at all batches together
# -        for k, layer in enumerate(model):
        if alive:
            break
        for k, layer in enumerate(model):

# %% wrong: What is silent in each batch adds up. | feedback: you add up the silent of each batch
@torch.no_grad()
def dead_units(model, batches):
    counts = {}
    for x, _ in batches:
        for k, layer in enumerate(model):
            x = layer(x)
            if isinstance(layer, nn.ReLU):
                counts[k] = counts.get(k, 0) + int((x == 0).all(dim=0).sum())
    return list(counts.values())

# %% wrong: A unit that is silent for one example is dead. | feedback: it must be silent for all
@torch.no_grad()
def dead_units(model, batches):
    alive = {}
    for x, _ in batches:
        for k, layer in enumerate(model):
            x = layer(x)
            if isinstance(layer, nn.ReLU):
                alive[k] = (x > 0).all(dim=0) & alive.get(k, torch.tensor(True))
    return [int((~units).sum()) for units in alive.values()]

# %% wrong: The mean over the batches is the count. | feedback: over all batches together
@torch.no_grad()
def dead_units(model, batches):
    counts, n = {}, 0
    for x, _ in batches:
        n += 1
        for k, layer in enumerate(model):
            x = layer(x)
            if isinstance(layer, nn.ReLU):
                counts[k] = counts.get(k, 0) + (x == 0).all(dim=0).sum()
    return [float(count) / n for count in counts.values()]

# %% wrong: Rows are units. | feedback: Count
# -                alive[k] = (x > 0).any(dim=0) | alive.get(k, False)
                alive[k] = torch.cat([alive.get(k, torch.zeros(0, dtype=torch.bool)), (x > 0).any(dim=1)])

# %% wrong: What goes into a ReLU on average tells whether it is dead. | feedback: lives
@torch.no_grad()
def dead_units(model, batches):
    total = {}
    for x, _ in batches:
        for k, layer in enumerate(model):
            if isinstance(layer, nn.ReLU):
                total[k] = total.get(k, 0) + x.sum(dim=0)
            x = layer(x)
    return [int((units <= 0).sum()) for units in total.values()]

# %% wrong: Batches can be gone through as often as one likes. | feedback: go through the batches once
@torch.no_grad()
def dead_units(model, batches):
    counts = []
    for k, layer in enumerate(model):
        if isinstance(layer, nn.ReLU):
            outputs = [model[: k + 1](x) for x, _ in batches]
            alive = torch.cat(outputs).gt(0).any(dim=0) if outputs else torch.zeros(0)
            counts.append(int((alive == 0).sum()))
    return counts

# %% wrong: A bend is a bend: tanh counts, too. | feedback: One count for each nn.ReLU
# -            if isinstance(layer, nn.ReLU):
            if isinstance(layer, (nn.ReLU, nn.Tanh)):

# %% wrong: The last ReLU stands for all. | feedback: One count for each nn.ReLU
# -    return [int((~units).sum()) for units in alive.values()]
    return [int((~units).sum()) for units in alive.values()][-1:]

# %% wrong: The counts of all layers make one number. | feedback: Return a list of ints
# -    return [int((~units).sum()) for units in alive.values()]
    return sum(int((~units).sum()) for units in alive.values())

# %% wrong: The units themselves are the answer. | feedback: count the units
# -    return [int((~units).sum()) for units in alive.values()]
    return [~units for units in alive.values()]

# %% wrong: A small number is as good as none. | feedback: 1e-30 is small, but not 0
# -                alive[k] = (x > 0).any(dim=0) | alive.get(k, False)
                alive[k] = (x > 1e-12).any(dim=0) | alive.get(k, False)

# %% wrong: What is not negative fires. | feedback: shows 0: it counts as silent
# -            x = layer(x)
            before, x = x, layer(x)
# -                alive[k] = (x > 0).any(dim=0) | alive.get(k, False)
                alive[k] = (before >= 0).any(dim=0) | alive.get(k, False)

# %% wrong: A census may kill. | feedback: Leave it as it is
# -    alive = {}
    model.eval()
    alive = {}

# %% wrong: What lives is counted. | feedback: Your count is 3
# -    return [int((~units).sum()) for units in alive.values()]
    return [int(units.sum()) for units in alive.values()]

# %% right: all examples at once
@torch.no_grad()
def dead_units(model, batches):
    x = torch.cat([x for x, _ in batches])
    counts = []
    for layer in model:
        x = layer(x)
        if isinstance(layer, nn.ReLU):
            counts.append(int((x == 0).all(dim=0).sum()))
    return counts

# %% right: the largest activation of each unit
def dead_units(model, batches):
    largest = {}
    with torch.no_grad():
        for x, _ in batches:
            for k, layer in enumerate(model):
                x = layer(x)
                if type(layer) is nn.ReLU:
                    top = x.max(dim=0).values
                    largest[k] = torch.maximum(largest.get(k, top), top)
    return [(top == 0).sum().item() for top in largest.values()]

# %% wrong: Who fires less than once in 100 is dead. | feedback: once in 500 is enough to live
@torch.no_grad()
def dead_units(model, batches):
    n, fired = 0, {}
    for x, _ in batches:
        n += len(x)
        for k, layer in enumerate(model):
            x = layer(x)
            if isinstance(layer, nn.ReLU):
                fired[k] = fired.get(k, 0) + (x > 0).double().sum(dim=0)
    return [int((f / n < 0.01).sum()) for f in fired.values()]

# %% wrong: A tensor is a number. | feedback: Return a list of ints, not of tensors
# -    return [int((~units).sum()) for units in alive.values()]
    return [(~units).sum() for units in alive.values()]

# %% wrong: Every ReLU has ReLU in its name. | feedback: none for another layer
# -            if isinstance(layer, nn.ReLU):
            if "ReLU" in type(layer).__name__:

# %% wrong: Hooks may stay. | feedback: A hook of yours stays on the model
@torch.no_grad()
def dead_units(model, batches):
    alive = {}
    for k, layer in enumerate(model):
        if isinstance(layer, nn.ReLU):
            layer.register_forward_hook(
                lambda _, __, a, k=k: alive.update({k: (a > 0).any(dim=0) | alive.get(k, False)})
            )
    for x, _ in batches:
        model(x)
    return [int((~units).sum()) for units in alive.values()]

# %% wrong: All batches are of one size. | feedback: The last batch may be smaller
# -    for x, _ in batches:
    for x in (torch.stack([x for x, _ in batches]).flatten(0, 1),):
