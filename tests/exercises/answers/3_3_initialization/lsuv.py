# %% wrong: A linear layer has a spread. | feedback: its standard deviation is 1
# -                size = layer(x).square().mean().sqrt()
                size = layer(x).std()

# %% wrong: The bend belongs to the layer. | feedback: Measure before the bend
def lsuv_(model, x):
    with torch.no_grad():
        for k, layer in enumerate(model):
            if isinstance(layer, nn.Linear):
                layer.bias.zero_()
                out = layer(x)
                if k + 1 < len(model):
                    out = model[k + 1](out)
                layer.weight.div_(out.square().mean().sqrt())
            x = layer(x)

# %% wrong: All layers can be measured first. | feedback: Go from the bottom up
def lsuv_(model, x):
    sizes = []
    with torch.no_grad():
        for layer in model:
            if isinstance(layer, nn.Linear):
                layer.bias.zero_()
                sizes.append(layer(x).square().mean().sqrt())
            x = layer(x)
        for layer in model:
            if isinstance(layer, nn.Linear):
                layer.weight.div_(sizes.pop(0))

# %% wrong: Each layer is measured on the batch that was given. | feedback: Go from the bottom up
def lsuv_(model, x):
    with torch.no_grad():
        for layer in model:
            if isinstance(layer, nn.Linear):
                layer.bias.zero_()
                probe = x if layer.in_features == x.shape[1] else torch.randn(len(x), layer.in_features)
                layer.weight.div_(layer(probe).square().mean().sqrt())

# %% wrong: What was measured goes on. | feedback: Go from the bottom up
def lsuv_(model, x):
    with torch.no_grad():
        for layer in model:
            if isinstance(layer, nn.Linear):
                layer.bias.zero_()
                out = layer(x)
                layer.weight.div_(out.square().mean().sqrt())
                x = out
            else:
                x = layer(x)

# %% wrong: The mean square is the size. | feedback: divide by the root of the mean square
# -                size = layer(x).square().mean().sqrt()
                size = layer(x).square().mean()

# %% wrong: Biases may stay. | feedback: are not 0
# -                layer.bias.zero_()

# %% wrong: Biases are set to 0 in the end. | feedback: divide by the root of the mean square
# -                layer.bias.zero_()
# -                size = layer(x).square().mean().sqrt()
                size = layer(x).square().mean().sqrt()
                layer.bias.zero_()

# %% wrong: A parameter may be replaced. | feedback: is a new parameter
# -                layer.weight.div_(size)
                layer.weight = nn.Parameter(layer.weight / size)

# %% wrong: Each unit gets a size of its own. | feedback: times one positive number
# -                size = layer(x).square().mean().sqrt()
                size = layer(x).square().mean(dim=0).sqrt().unsqueeze(1)

# %% wrong: The weights are drawn anew. | feedback: times one positive number
# -                size = layer(x).square().mean().sqrt()
                layer.weight.normal_()
                size = layer(x).square().mean().sqrt()

# %% wrong: The last layer stays as it is. | feedback: the size (root mean square)
# -                layer.weight.div_(size)
                if layer is not model[-1]:
                    layer.weight.div_(size)

# %% wrong: Autograd may watch. | feedback: work under torch.no_grad()
# -    with torch.no_grad():
    with torch.enable_grad():

# %% wrong: The weights need no gradient now. | feedback: can no longer learn
# -                layer.weight.div_(size)
                layer.weight.requires_grad_(False)
                layer.weight.div_(size)

# %% wrong: Once over the whole network's output. | feedback: are not 0
def lsuv_(model, x):
    with torch.no_grad():
        size = model(x).square().mean().sqrt()
        model[-1].weight.div_(size)

# %% right: by repeated correction, and the whole network each time
@torch.no_grad()
def lsuv_(model, x):
    for k, layer in enumerate(model):
        if not isinstance(layer, nn.Linear):
            continue
        nn.init.zeros_(layer.bias)
        for _ in range(3):
            layer.weight.mul_(1 / model[: k + 1](x).pow(2).mean() ** 0.5)

# %% right: with .data, and a norm
def lsuv_(model, x):
    a = x.detach()
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.bias.data[:] = 0
            z = (a @ layer.weight.T).detach()
            layer.weight.data *= math.sqrt(z.numel()) / z.norm()
        a = layer(a).detach()

# %% wrong: All biases are set to 0. | feedback: Only the nn.Linear layers are to be scaled
# -        for layer in model:
        for layer in model:
            if getattr(layer, "bias", None) is not None:
                layer.bias.zero_()

# %% wrong: Whatever has a weight is scaled. | feedback: Only the nn.Linear layers are to be scaled
# -            if isinstance(layer, nn.Linear):
            if getattr(layer, "weight", None) is not None:

# %% wrong: A batch has two axes. | feedback: For a batch of the shape (5, 7, 6)
# -                size = layer(x).square().mean().sqrt()
                size = layer(x).square().sum(1).div(layer.out_features).mean().sqrt()

# %% wrong: One measures in eval. | feedback: stay as they were
# -    with torch.no_grad():
    model.eval()
    with torch.no_grad():

# %% wrong: A network that begins is in train. | feedback: stay as they were
# -    with torch.no_grad():
    model.train()
    with torch.no_grad():

# %% wrong: A backward pass does no harm. | feedback: the .grad of
# -    with torch.no_grad():
    model(x).square().mean().backward()
    with torch.no_grad():

# %% wrong: What begins has no gradient. | feedback: the .grad of
# -    with torch.no_grad():
    model.zero_grad()
    with torch.no_grad():

# %% wrong: In the end everything learns. | feedback: was frozen
# -            x = layer(x)
            x = layer(x)
    model.requires_grad_(True)

# %% wrong: Near 1 is good enough. | feedback: however near it was to 1
# -                layer.weight.div_(size)
                if abs(size - 1) > 0.05:
                    layer.weight.div_(size)

# %% wrong: Nearer to 1 is good enough. | feedback: however near it was to 1
# -                layer.weight.div_(size)
                if abs(size - 1) > 1e-3:
                    layer.weight.div_(size)

# %% wrong: The class itself counts. | feedback: a subclass of nn.Linear
# -            if isinstance(layer, nn.Linear):
            if type(layer) is nn.Linear:

# %% wrong: What was worked on is returned. | feedback: return nothing
# -            x = layer(x)
            x = layer(x)
    return model

# %% wrong: The first is a copy. | feedback: the biases of layer 1
# -    with torch.no_grad():
    import copy

    model = copy.deepcopy(model)
    with torch.no_grad():
