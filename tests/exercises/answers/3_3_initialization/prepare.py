# %% wrong: normal_ takes a variance. | feedback: normal_ takes a standard deviation
# -                    std = math.sqrt(2 / module.in_features)
                    std = 2 / module.in_features

# %% wrong: All layers are He's. | feedback: That is He's
# -                    std = math.sqrt(1 / module.in_features)
                    std = math.sqrt(2 / module.in_features)

# %% wrong: up is a layer like any other. | feedback: That is 1/fan_in
# -                    std = math.sqrt(2 / module.in_features)
                    std = math.sqrt(1 / module.in_features)

# %% wrong: The weight is kept as (in, out). | feedback: 2/fan_out
# -                    std = math.sqrt(2 / module.in_features)
                    std = math.sqrt(2 / module.out_features)

# %% wrong: The branch ends small. | feedback: a block shall begin as the identity
# -                    std = 0.0
                    std = 0.01

# %% wrong: Zero is a good start. | feedback: Here it must be drawn
# -                module.weight.normal_(0, std)
                module.weight.zero_()

# %% wrong: up may start at zero, too. | feedback: Here it must be drawn
# -                    std = math.sqrt(2 / module.in_features)
                    std = 0.0

# %% wrong: The padding row stays 0 of itself. | feedback: it was drawn over
# -                if module.padding_idx is not None:
# -                    module.weight[module.padding_idx].zero_()

# %% wrong: Row 0 is no padding. | feedback: it was drawn over
# -                if module.padding_idx is not None:
                if module.padding_idx:

# %% wrong: torch begins embeddings well. | feedback: as nn.Embedding begins
# -                module.weight.normal_(0, 0.02)
                module.weight.normal_(0, 1)

# %% wrong: Each layer has a bias. | feedback: A layer may have no bias
# -                if module.bias is not None:
# -                    module.bias.zero_()
                module.bias.zero_()

# %% wrong: A norm is a weight, too. | feedback: a LayerNorm, is not 1
# -                module.weight.fill_(1)
                module.weight.normal_(0, 0.02)

# %% wrong: A bias is drawn, too. | feedback: is not 0
# -                    module.bias.zero_()
                    module.bias.uniform_(-0.1, 0.1)

# %% wrong: New parameters are as good. | feedback: is a new parameter
# -                module.weight.normal_(0, std)
                module.weight = nn.Parameter(std * torch.randn(module.weight.shape))

# %% wrong: A seed makes it repeatable. | feedback: the same random numbers
# -    with torch.no_grad():
    torch.manual_seed(0)
    with torch.no_grad():

# %% wrong: A seed for each layer. | feedback: the same random numbers
# -                module.weight.normal_(0, std)
                torch.manual_seed(0)
                module.weight.normal_(0, std)

# %% wrong: Only what lies in a block counts. | feedback: is not 0
# -            if isinstance(module, nn.Linear):
            if isinstance(module, nn.Linear) and "." in name:

# %% wrong: The children are all there is. | feedback: is not 0
# -        for name, module in net.named_modules():
        for name, module in net.named_children():

# %% wrong: Autograd may watch. | feedback: work under torch.no_grad()
# -    with torch.no_grad():
    with torch.enable_grad():

# %% wrong: The head is LeCun's. | feedback: the mean square of the weight of head
# -                    std = 0.01
                    std = math.sqrt(1 / module.in_features)

# %% wrong: A name says what it is where it stands at the end of the path. | feedback: in a network that is nested otherwise
# -            role = name.split(".")[-1]
            role = name.split(".")[-1] if "." in name or name == "head" else "other"

# %% right: with nn.init, and a second walk for the roles
def prepare_(net):
    for module in net.modules():
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)
        if isinstance(module, nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="linear")
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
            module._fill_padding_idx_with_zero()
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
    for name, module in net.named_modules():
        if isinstance(module, nn.Linear):
            match name.rpartition(".")[2]:
                case "up":
                    nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                case "down":
                    nn.init.zeros_(module.weight)
                case "head":
                    nn.init.normal_(module.weight, std=0.01)

# %% right: over the parameters, with copy_
def prepare_(net):
    homes = dict(net.named_modules())
    with torch.no_grad():
        for name, p in net.named_parameters():
            path, _, kind = name.rpartition(".")
            home, role = homes[path], path.rpartition(".")[2]
            if kind == "bias":
                p.copy_(torch.zeros_like(p))
            elif isinstance(home, nn.LayerNorm):
                p.copy_(torch.ones_like(p))
            elif isinstance(home, nn.Embedding):
                p.copy_(0.02 * torch.randn_like(p))
                if home.padding_idx is not None:
                    p[home.padding_idx] = 0
            else:
                D = p.shape[1]
                std = {"up": (2 / D) ** 0.5, "down": 0, "head": 0.01}.get(role, D**-0.5)
                p.copy_(std * torch.randn_like(p))

# %% wrong: The end of a name will do. | feedback: the weight of backup is
# -            role = name.split(".")[-1]
            role = next((r for r in ("up", "down", "head") if name.endswith(r)), "")

# %% wrong: A name that begins so will do. | feedback: Where names only look like others
# -            role = name.split(".")[-1]
            last = name.split(".")[-1]
            role = next((r for r in ("up", "down", "head") if last.startswith(r)), "")

# %% wrong: A name that holds the word will do. | feedback: Where names only look like others
# -                if role == "up":
                if "up" in role:

# %% wrong: Small or capital, it is the same name. | feedback: Where names only look like others
# -            role = name.split(".")[-1]
            role = name.split(".")[-1].lower()

# %% wrong: A part of the path will do. | feedback: Where names only look like others
# -                if role == "up":
                if "up" in name.split("."):

# %% wrong: There is one head, at the top. | feedback: the weight of decoder.head is
# -                elif role == "head":
                elif name == "head":

# %% wrong: The name says more than the kind. | feedback: Where names only look like others
# -            if isinstance(module, nn.Linear):
            if role == "up" and hasattr(module, "weight"):
                module.weight.normal_(0, math.sqrt(2 / module.weight.shape[-1]))
                if getattr(module, "bias", None) is not None:
                    module.bias.zero_()
            elif isinstance(module, nn.Linear):

# %% wrong: Whatever is called down is 0. | feedback: Where names only look like others
# -            if isinstance(module, nn.Linear):
            if role == "down":
                for p in module.parameters():
                    p.zero_()
            elif isinstance(module, nn.Linear):

# %% wrong: Without padding it is row 0. | feedback: row 0 of the weight of words is 0
# -                if module.padding_idx is not None:
# -                    module.weight[module.padding_idx].zero_()
                module.weight[module.padding_idx or 0].zero_()

# %% wrong: None is an index. | feedback: the weight of words is 0
# -                if module.padding_idx is not None:
# -                    module.weight[module.padding_idx].zero_()
                module.weight[module.padding_idx].zero_()

# %% wrong: One draw for each shape. | feedback: hold the same random numbers
# -    with torch.no_grad():
    drawn = {}
    with torch.no_grad():
# -                module.weight.normal_(0, std)
                shape = module.weight.shape
                module.weight.copy_(std * drawn.setdefault(shape, torch.randn(shape)))

# %% wrong: One draw, and its negative. | feedback: hold the same random numbers
# -    with torch.no_grad():
    drawn, sign = {}, 1
    with torch.no_grad():
# -                module.weight.normal_(0, std)
                shape, sign = module.weight.shape, -sign
                module.weight.copy_(sign * std * drawn.setdefault(shape, torch.randn(shape)))

# %% wrong: The net itself is no layer. | feedback: Where the net is one nn.Linear
# -        for name, module in net.named_modules():
        for name, module in list(net.named_modules())[1:]:

# %% wrong: The class itself counts. | feedback: special
# -            if isinstance(module, nn.Linear):
            if type(module) is nn.Linear:

# %% wrong: What was worked on is returned. | feedback: return nothing
# -                module.bias.zero_()
                module.bias.zero_()
    return net

# %% wrong: A network that begins is in train. | feedback: stay as they were
# -    with torch.no_grad():
    net.train()
    with torch.no_grad():

# %% wrong: A start is made in eval. | feedback: stay as they were
# -    with torch.no_grad():
    net.eval()
    with torch.no_grad():

# %% wrong: What begins has no gradient. | feedback: the .grad of
# -    with torch.no_grad():
    net.zero_grad()
    with torch.no_grad():

# %% wrong: In the end everything learns. | feedback: was frozen
# -    with torch.no_grad():
    net.requires_grad_(True)
    with torch.no_grad():

# %% wrong: What is frozen is ready. | feedback: is as it was
# -            if isinstance(module, nn.Linear):
            if not all(p.requires_grad for p in module.parameters(recurse=False)):
                continue
            if isinstance(module, nn.Linear):

# %% wrong: Even or normal, the variance counts. | feedback: do not lie as a normal draw does
# -                module.weight.normal_(0, std)
                module.weight.uniform_(-std * math.sqrt(3), std * math.sqrt(3))

# %% wrong: normal_ takes the spread first. | feedback: normal_ takes a mean first
# -                module.weight.normal_(0, std)
                module.weight.normal_(std)

# %% wrong: 0.02 is a variance. | feedback: the root was taken once too often
# -                module.weight.normal_(0, 0.02)
                module.weight.normal_(0, math.sqrt(0.02))
