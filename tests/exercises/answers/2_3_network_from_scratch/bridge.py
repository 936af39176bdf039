# %% wrong: A list of layers is a list. | feedback: in a plain Python list are not found
# -        self.layers = nn.ModuleList()
        self.layers = []

# %% wrong: There is a tanh behind each layer. | feedback: behind the last layer there is no tanh
# -        for layer in self.layers[:-1]:
# -            x = torch.tanh(layer(x))
# -        return self.layers[-1](x)
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return x

# %% wrong: Between the layers stands ReLU. | feedback: between the layers stands tanh, not ReLU
# -            x = torch.tanh(layer(x))
            x = torch.relu(layer(x))

# %% wrong: Between the layers stands nothing. | feedback: there is no tanh between the layers
# -            x = torch.tanh(layer(x))
            x = layer(x)

# %% wrong: super().__init__() is for others. | feedback: __init__
# -        super().__init__()
        pass

# %% wrong: W fits as it is. | feedback: size
# -            net.layers[k].weight.copy_(W.T)
            net.layers[k].weight.copy_(W)

# %% wrong: W fits as it is, where it is square. | feedback: the transpose of its W
# -            net.layers[k].weight.copy_(W.T)
            net.layers[k].weight.copy_(W if W.shape[0] == W.shape[1] else W.T)

# %% wrong: The biases may stay. | feedback: does not compute what the weights compute
# -            net.layers[k].bias.copy_(b)
            pass

# %% wrong: The parameters are the given tensors. | feedback: they share their memory
# -            net.layers[k].weight.copy_(W.T)
# -            net.layers[k].bias.copy_(b)
            net.layers[k].weight = nn.Parameter(W.T)
            net.layers[k].bias = nn.Parameter(b)

# %% wrong: The weights are plain tensors. | feedback: Your code stops with TypeError
# -            net.layers[k].weight.copy_(W.T)
            net.layers[k].weight = W.T.clone()

# %% wrong: The default dtype will do. | feedback: the Net must have the dtype of the weights
# -    net = Net(sizes).to(pairs[0][0].dtype)
    net = Net(sizes)

# %% wrong: A copy is made for reading, not for training. | feedback: cannot be trained
# -    return net
    return net.requires_grad_(False)

# %% wrong: The number of tensors is the number of weights. | feedback: that is how many tensors there are
# -    return sum(p.numel() for p in module.parameters() if p.requires_grad)
    return sum(1 for p in module.parameters() if p.requires_grad)

# %% wrong: Frozen weights count. | feedback: frozen ones do not count
# -    return sum(p.numel() for p in module.parameters() if p.requires_grad)
    return sum(p.numel() for p in module.parameters())

# %% wrong: The state_dict holds the parameters. | feedback: frozen ones do not count
# -    return sum(p.numel() for p in module.parameters() if p.requires_grad)
    return sum(p.numel() for p in module.state_dict().values())

# %% wrong: Only matrices are trained. | feedback: the bias has numbers, too
# -    return sum(p.numel() for p in module.parameters() if p.requires_grad)
    return sum(p.numel() for p in module.parameters() if p.requires_grad and p.dim() > 1)

# %% wrong: len counts the entries. | feedback: len(p) is the number of rows
# -    return sum(p.numel() for p in module.parameters() if p.requires_grad)
    return sum(len(p) for p in module.parameters() if p.requires_grad)

# %% wrong: The layers are made anew at each call. | feedback: in a plain Python list are not found
class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.sizes = sizes

    def forward(self, x):
        for k in range(len(self.sizes) - 1):
            x = nn.Linear(self.sizes[k], self.sizes[k + 1])(x)
        return x


def convert(pairs):
    return Net([len(pairs[0][0])])


def count(module):
    return sum(p.numel() for p in module.parameters())

# %% wrong: A Sequential will do for the converted one. | feedback: convert must return a Net
# -    return net
    return nn.Sequential(*net.layers)

# %% wrong: forward runs without a record. | feedback: has no record, so it cannot be trained
# -    def forward(self, x):
    @torch.no_grad()
    def forward(self, x):

# %% right: Sequential and a state_dict
class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        parts = []
        for inputs, outputs in zip(sizes, sizes[1:]):
            parts += [nn.Linear(inputs, outputs), nn.Tanh()]
        self.body = nn.Sequential(*parts[:-1])

    def forward(self, x):
        return self.body(x)


def convert(pairs):
    first = pairs[0][0]
    net = Net([first.shape[0]] + [W.shape[1] for W, _ in pairs]).to(first)
    state = {}
    for k, (W, b) in enumerate(pairs):
        state[f"body.{2 * k}.weight"] = W.T
        state[f"body.{2 * k}.bias"] = b
    net.load_state_dict(state)
    return net


def count(module):
    total = 0
    for _, p in module.named_parameters():
        if p.requires_grad:
            total += math.prod(p.shape)
    return total


import math

# %% right: an attribute for each layer, data, and a helper named converted
def converted(layer, W, b):
    layer.weight.data = W.t().clone()
    layer.bias.data = b.clone()


class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.count = len(sizes) - 1
        for k in range(self.count):
            setattr(self, f"layer{k}", nn.Linear(sizes[k], sizes[k + 1]))

    def forward(self, x):
        for k in range(self.count):
            x = getattr(self, f"layer{k}")(x)
            if k < self.count - 1:
                x = x.tanh()
        return x


def convert(pairs):
    net = Net([pairs[0][0].shape[0], *(b.numel() for _, b in pairs)])
    for k, pair in enumerate(pairs):
        converted(getattr(net, f"layer{k}"), *pair)
    return net


def count(module):
    return sum(p.nelement() for p in module.parameters() if p.requires_grad)

# %% wrong: Every Linear gets a tanh, but the first. | feedback: does not compute what the weights compute
# -        for layer in self.layers[:-1]:
# -            x = torch.tanh(layer(x))
# -        return self.layers[-1](x)
        x = self.layers[0](x)
        for layer in self.layers[1:]:
            x = layer(torch.tanh(x)) if layer is not self.layers[-1] else layer(x)
        return x

# %% wrong: There are always two layers. | feedback: parameters
# -        for k in range(len(sizes) - 1):
        for k in range(2 if len(sizes) > 2 else 1):

# %% wrong: The weights that come in are trained, too. | feedback: has switched on requires_grad
# -    return net
    for W, b in pairs:
        W.requires_grad_()
        b.requires_grad_()
    return net

# %% wrong: A weight counts wherever it stands. | feedback: of two layers with one weight for both
# -    return sum(p.numel() for p in module.parameters() if p.requires_grad)
    own = [p for part in module.modules() for p in part.parameters(recurse=False)]
    return sum(p.numel() for p in own if p.requires_grad)

# %% wrong: The default dtype may change for it. | feedback: behind as the default dtype
# -    net = Net(sizes).to(pairs[0][0].dtype)
    torch.set_default_dtype(pairs[0][0].dtype)
    net = Net(sizes)
