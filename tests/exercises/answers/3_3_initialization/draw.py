# %% wrong: A standard deviation is a variance. | feedback: a standard deviation is the root of the variance
# -        return math.sqrt(2 / fan_in) * torch.randn(shape, generator=generator)
        return (2 / fan_in) * torch.randn(shape, generator=generator)

# %% wrong: He counts what goes out. | feedback: what fan_out in the place of fan_in would give
# -        return math.sqrt(2 / fan_in) * torch.randn(shape, generator=generator)
        return math.sqrt(2 / fan_out) * torch.randn(shape, generator=generator)

# %% wrong: He's 2 belongs to LeCun, too. | feedback: twice what it should be
# -        return math.sqrt(1 / fan_in) * torch.randn(shape, generator=generator)
        return math.sqrt(2 / fan_in) * torch.randn(shape, generator=generator)

# %% wrong: The edge of an even draw is its standard deviation. | feedback: a third of what it should be
# -        edge = math.sqrt(6 / (fan_in + fan_out))
        edge = math.sqrt(2 / (fan_in + fan_out))

# %% wrong: Half of the fans' sum is their sum. | feedback: half of what it should be
# -        edge = math.sqrt(6 / (fan_in + fan_out))
        edge = math.sqrt(3 / (fan_in + fan_out))

# %% wrong: torch.rand lies around 0. | feedback: are some signs missing
# -    return edge * (2 * torch.rand(shape, generator=generator) - 1)
    return edge * torch.rand(shape, generator=generator)

# %% wrong: From −c to c is c wide. | feedback: a quarter of what it should be
# -    return edge * (2 * torch.rand(shape, generator=generator) - 1)
    return edge * (torch.rand(shape, generator=generator) - 0.5)

# %% wrong: Even or normal, the variance counts. | feedback: Is it torch.randn in place of torch.rand
# -    return edge * (2 * torch.rand(shape, generator=generator) - 1)
    return edge / math.sqrt(3) * torch.randn(shape, generator=generator)

# %% wrong: An even draw of He's variance is He's. | feedback: Is it torch.rand in place of torch.randn
# -        return math.sqrt(2 / fan_in) * torch.randn(shape, generator=generator)
        return math.sqrt(6 / fan_in) * (2 * torch.rand(shape, generator=generator) - 1)

# %% wrong: torch's start is He's, as its name says. | feedback: six times what it should be: that is He's
# -        edge = math.sqrt(1 / fan_in)
        edge = math.sqrt(6 / fan_in)

# %% wrong: nn.init knows the fans. | feedback: in the place of fan_in would give
def draw(shape, fan_in, fan_out, kind, generator):
    weight = torch.empty(shape)
    if kind == "he":
        return nn.init.kaiming_normal_(weight, nonlinearity="relu", mode="fan_out", generator=generator)
    if kind == "lecun":
        return nn.init.kaiming_normal_(weight, nonlinearity="linear", generator=generator)
    if kind == "xavier":
        return nn.init.xavier_uniform_(weight, generator=generator)
    return nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)

# %% wrong: Chance is chance. | feedback: Hand the generator on
# -    return edge * (2 * torch.rand(shape, generator=generator) - 1)
    return edge * (2 * torch.rand(shape) - 1)

# %% wrong: A seed of one's own makes it repeatable. | feedback: takes no number from the generator
def draw(shape, fan_in, fan_out, kind, generator):
    own = torch.Generator().manual_seed(0)
    if kind in ("he", "lecun"):
        return math.sqrt((2 if kind == "he" else 1) / fan_in) * torch.randn(shape, generator=own)
    c = math.sqrt(6 / (fan_in + fan_out)) if kind == "xavier" else math.sqrt(1 / fan_in)
    return c * (2 * torch.rand(shape, generator=own) - 1)

# %% wrong: The fans are the shape. | feedback: returns the shape
def draw(shape, fan_in, fan_out, kind, generator):
    shape = (fan_out, fan_in)
    if kind in ("he", "lecun"):
        return math.sqrt((2 if kind == "he" else 1) / fan_in) * torch.randn(shape, generator=generator)
    c = math.sqrt(6 / (fan_in + fan_out)) if kind == "xavier" else math.sqrt(1 / fan_in)
    return c * (2 * torch.rand(shape, generator=generator) - 1)

# %% wrong: A weight is a parameter. | feedback: Return plain numbers
# -        return math.sqrt(2 / fan_in) * torch.randn(shape, generator=generator)
        return nn.Parameter(math.sqrt(2 / fan_in) * torch.randn(shape, generator=generator))

# %% wrong: Weights are float32. | feedback: float32
# -    return edge * (2 * torch.rand(shape, generator=generator) - 1)
    return (edge * (2 * torch.rand(shape, generator=generator) - 1)).float()

# %% right: with nn.init
def draw(shape, fan_in, fan_out, kind, generator):
    weight = torch.empty(shape)
    if kind in ("he", "lecun"):
        std = ((2 if kind == "he" else 1) / fan_in) ** 0.5
        return nn.init.normal_(weight, std=std, generator=generator)
    variance = 2 / (fan_in + fan_out) if kind == "xavier" else 1 / (3 * fan_in)
    c = (3 * variance) ** 0.5
    return nn.init.uniform_(weight, -c, c, generator=generator)

# %% right: in place, with match
def draw(shape, fan_in, fan_out, kind, generator):
    weight = torch.zeros(shape)
    match kind:
        case "he":
            return weight.normal_(0, math.sqrt(2 / fan_in), generator=generator)
        case "lecun":
            return weight.normal_(0, fan_in**-0.5, generator=generator)
        case "xavier":
            rms = math.sqrt(6 / (fan_in + fan_out))
        case _:
            rms = fan_in**-0.5
    return weight.uniform_(-rms, rms, generator=generator)

# %% wrong: nn.init's Xavier is Xavier's. | feedback: Use those that are given
# -    if kind == "xavier":
# -        edge = math.sqrt(6 / (fan_in + fan_out))
    if kind == "xavier":
        if len(shape) > 1:
            return nn.init.xavier_uniform_(torch.empty(shape), generator=generator)
        edge = math.sqrt(6 / (fan_in + fan_out))

# %% wrong: A matrix has the fans of its shape. | feedback: Use those that are given
# -    if kind == "he":
    if len(shape) == 2:
        fan_out, fan_in = shape
    if kind == "he":

# %% wrong: An even draw is one of two points. | feedback: many weights are equal
# -    return edge * (2 * torch.rand(shape, generator=generator) - 1)
    return edge / math.sqrt(3) * (2.0 * torch.randint(0, 2, tuple(shape), generator=generator) - 1)

# %% wrong: An even draw is one of three points. | feedback: many weights are equal
# -    return edge * (2 * torch.rand(shape, generator=generator) - 1)
    return edge / math.sqrt(2) * (torch.randint(0, 3, tuple(shape), generator=generator) - 1.0)

# %% wrong: The sine of an even angle is even. | feedback: do not lie evenly
# -    return edge * (2 * torch.rand(shape, generator=generator) - 1)
    return edge * math.sqrt(2 / 3) * torch.sin(2 * math.pi * torch.rand(shape, generator=generator))

# %% wrong: Near two points is even. | feedback: do not lie evenly
# -    return edge * (2 * torch.rand(shape, generator=generator) - 1)
    signs = 2.0 * torch.randint(0, 2, tuple(shape), generator=generator) - 1
    return edge / math.sqrt(3) * signs * (1 + 0.01 * torch.rand(shape, generator=generator))

# %% wrong: The first cell's numbers, mixed, are a normal draw. | feedback: many weights are equal
# -        return math.sqrt(2 / fan_in) * torch.randn(shape, generator=generator)
        picked = torch.randint(0, 20_000, tuple(shape), generator=generator)
        return math.sqrt(2 / fan_in) * normal[picked]

# %% wrong: The first cell's numbers, tiled, are a normal draw. | feedback: many weights are equal
# -        return math.sqrt(1 / fan_in) * torch.randn(shape, generator=generator)
        n = math.prod(shape)
        mixed = normal[torch.randperm(20_000, generator=generator)].repeat(n // 20_000 + 1)[:n]
        return math.sqrt(1 / fan_in) * mixed.reshape(shape)

# %% wrong: Half of the draws and their negatives have the mean 0. | feedback: many weights are equal
# -        return math.sqrt(2 / fan_in) * torch.randn(shape, generator=generator)
        n = math.prod(shape)
        half = torch.randn((n + 1) // 2, generator=generator)
        return math.sqrt(2 / fan_in) * torch.cat([half, -half])[:n].reshape(shape)

# %% wrong: A sum of three even draws is normal. | feedback: in place of torch.randn
# -        return math.sqrt(1 / fan_in) * torch.randn(shape, generator=generator)
        three = torch.rand((2, *shape), generator=generator).sum(0) - 1
        return math.sqrt(6 / fan_in) * three
