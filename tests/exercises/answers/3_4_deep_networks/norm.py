# %% wrong: RMS norm is a norm, too. | feedback: the mean is taken away. RMS norm leaves it
# -    if kind == "layer":
    if kind in ("layer", "rms"):

# %% wrong: RMS norm divides by the standard deviation. | feedback: not of the variance
def norm(x, weight, bias, eps, kind):
    v = x.var(dim=-1, correction=0, keepdim=True)
    m = x.mean(dim=-1, keepdim=True) if kind == "layer" else 0.0
    y = weight * (x - m) / (v + eps).sqrt()
    return y if bias is None else y + bias

# %% wrong: Layer norm only divides. | feedback: the mean is not taken away
# -    if kind == "layer":
    if kind == "batch":

# %% wrong: Layer norm divides by the size of x. | feedback: the squares are those of x − mean
def norm(x, weight, bias, eps, kind):
    m = x.mean(dim=-1, keepdim=True) if kind == "layer" else 0.0
    y = weight * (x - m) / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    return y if bias is None else y + bias

# %% wrong: ε keeps the division from 0. | feedback: ε belongs inside the root
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / (x.square().mean(dim=-1, keepdim=True).sqrt() + eps)

# %% wrong: ε is for the timid. | feedback: ε is missing
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / x.square().mean(dim=-1, keepdim=True).sqrt()

# %% wrong: To normalize is to have length 1. | feedback: the root of the sum of squares, not of their mean
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / (x.square().sum(dim=-1, keepdim=True) + eps).sqrt()

# %% wrong: A mean square is what one divides by. | feedback: the root is missing
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps)

# %% wrong: torch's var is the variance. | feedback: not by d − 1
def norm(x, weight, bias, eps, kind):
    if kind == "layer":
        y = (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True) + eps).sqrt() * weight
    else:
        y = x / (x.square().mean(-1, keepdim=True) + eps).sqrt() * weight
    return y if bias is None else y + bias

# %% wrong: A batch comes first, and is normalized over. | feedback: Each row along the last axis is by itself
# -        x = x - x.mean(dim=-1, keepdim=True)
        x = x - x.mean(dim=0, keepdim=True)
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / (x.square().mean(dim=0, keepdim=True) + eps).sqrt()

# %% wrong: There are two axes. | feedback: There may be no axis in front
# -        x = x - x.mean(dim=-1, keepdim=True)
        x = x - x.mean(dim=1, keepdim=True)
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / (x.square().mean(dim=1, keepdim=True) + eps).sqrt()

# %% wrong: There is one axis, or there are two. | feedback: For the shape (2, 3, 6)
# -        x = x - x.mean(dim=-1, keepdim=True)
        x = x - x.mean(dim=min(1, x.dim() - 1), keepdim=True)
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / (x.square().mean(dim=min(1, x.dim() - 1), keepdim=True) + eps).sqrt()

# %% wrong: One number for the whole tensor. | feedback: one number for the whole tensor
# -        x = x - x.mean(dim=-1, keepdim=True)
        x = x - x.mean()
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / (x.square().mean() + eps).sqrt()

# %% wrong: Broadcasting finds the axis. | feedback: lines up with x if keepdim=True
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / (x.square().mean(dim=-1) + eps).sqrt()

# %% wrong: There is a bias. | feedback: bias may be None
# -    return y if bias is None else y + bias
    return y + bias

# %% wrong: RMS norm has no bias. | feedback: the bias is missing, and was given
# -    return y if bias is None else y + bias
    return y if bias is None or kind == "rms" else y + bias

# %% wrong: The bias is scaled as well. | feedback: the bias is added last
# -    return y if bias is None else y + bias
    return y if bias is None else y + weight * bias

# %% wrong: The weight is left to the next layer. | feedback: the weight is missing
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()

# %% wrong: x may be centered where it is. | feedback: changed its input number 1
# -        x = x - x.mean(dim=-1, keepdim=True)
        x -= x.mean(dim=-1, keepdim=True)

# %% wrong: A size is a number. | feedback: divided by, hang on x, too
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / (x.detach().square().mean(dim=-1, keepdim=True) + eps).sqrt()

# %% wrong: A mean is a number. | feedback: a row's mean, and what
# -        x = x - x.mean(dim=-1, keepdim=True)
        x = x - x.mean(dim=-1, keepdim=True).detach()

# %% wrong: The standard deviation, squared, is the variance. | feedback: is NaN. The root of 0 has no slope
def norm(x, weight, bias, eps, kind):
    if kind == "layer":
        x = x - x.mean(dim=-1, keepdim=True)
    size = x.square().mean(dim=-1, keepdim=True).sqrt()
    y = weight * x / (size**2 + eps).sqrt()
    return y if bias is None else y + bias

# %% wrong: torch has it. | feedback: torch's own norms do not do it for you
def norm(x, weight, bias, eps, kind):
    if kind == "layer":
        return nn.functional.layer_norm(x, x.shape[-1:], weight, bias, eps)
    y = nn.functional.rms_norm(x, x.shape[-1:], weight, eps)
    return y if bias is None else y + bias

# %% wrong: torch has a module. | feedback: torch's own norms do not do it for you
# -    if kind == "layer":
    if kind == "layer" and bias is not None:
        module = nn.LayerNorm(x.shape[-1], eps)
        module.weight.data, module.bias.data = weight, bias
        return module(x)
    if kind == "layer":

# %% wrong: What is normalized is returned in float32. | feedback: float32
# -    return y if bias is None else y + bias
    return (y if bias is None else y + bias).float()

# %% right: with the variance, rsqrt, and the bias as 0
def norm(x, weight, bias, eps, kind):
    b = 0 if bias is None else bias
    match kind:
        case "layer":
            v, m = torch.var_mean(x, dim=-1, correction=0, keepdim=True)
            return (x - m) * torch.rsqrt(v + eps) * weight + b
        case "rms":
            return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * weight + b

# %% right: with unsqueeze, and a helper of the tests' name
def rows(x):
    return (x * x).sum(-1).unsqueeze(-1) / x.shape[-1]


def norm(x, weight, bias, eps, kind):
    if kind != "rms":
        x = x - (x.sum(-1) / x.shape[-1]).unsqueeze(-1)
    out = x * (rows(x) + eps) ** -0.5 * weight
    if bias is not None:
        out += bias
    return out

# %% right: on the transposed, so that broadcasting fits
def norm(x, weight, bias, eps, kind):
    t = x.movedim(-1, 0)
    if kind == "layer":
        t = t - t.mean(0)
    t = t / torch.sqrt(torch.einsum("d...,d...->...", t, t) / len(t) + eps)
    out = t.movedim(0, -1) * weight
    return out if bias is None else out + bias

# %% wrong: A bias that is there counts as true. | feedback: To see whether there is a bias
# -    return y if bias is None else y + bias
    return y + bias if bias else y

# %% wrong: The weight comes first. | feedback: what you return
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    x = weight * x
    y = x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()

# %% wrong: First divided, then centered. | feedback: what you return
def norm(x, weight, bias, eps, kind):
    y = x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    if kind == "layer":
        y = y - y.mean(dim=-1, keepdim=True)
    y = weight * y
    return y if bias is None else y + bias

# %% wrong: A direction, times the root of d. | feedback: For x = (1, 4, 7)
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * nn.functional.normalize(x, dim=-1, eps=eps) * math.sqrt(x.shape[-1])

# %% wrong: ε is always small. | feedback: 1e-5 stands in your function
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + 1e-5).sqrt()

# %% wrong: The inside is computed in float32. | feedback: Is something float32 on the way
# -    y = weight * x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()
    size = (x.float().square().mean(dim=-1, keepdim=True) + eps).sqrt()
    y = weight * x / size.to(x.dtype)

# %% wrong: A group norm is no layer norm. | feedback: torch's own norms do not do it for you
# -    if kind == "layer":
    if kind == "layer" and x.dim() == 2:
        y = nn.functional.group_norm(x, 1, weight, bias, eps)
        return y
    if kind == "layer":

# %% wrong: Where there is no bias, there is no mean. | feedback: the mean is not taken away
# -    if kind == "layer":
    if kind == "layer" and bias is not None:

# %% right: by norms of vectors, and rows one by one
def norm(x, weight, bias, eps, kind):
    if x.dim() > 1:
        return torch.stack([norm(row, weight, bias, eps, kind) for row in x]) if len(x) else x.clone()
    c = x - x.mean() if kind == "layer" else x
    y = c / (c @ c / len(c) + eps) ** 0.5
    y = y * weight
    return y if bias is None else y + bias

# %% right: two functions in a dict
def layer(x, eps):
    m = x.mean(-1, keepdim=True)
    v = x.var(-1, keepdim=True, unbiased=False)
    return (x - m) / torch.sqrt(v + eps)


def rms(x, eps):
    return x / torch.sqrt(torch.mean(x * x, -1, True) + eps)


def norm(x, weight, bias, eps, kind):
    y = {"layer": layer, "rms": rms}[kind](x, eps) * weight
    return y + (torch.zeros_like(weight) if bias is None else bias)

# %% right: by addcmul, with in-place steps on its own tensors
def norm(x, weight, bias, eps, kind):
    out = x.clone()
    if kind == "layer":
        out -= x.mean(dim=-1, keepdim=True)
    size = out.square().mean(dim=-1, keepdim=True).add_(eps).sqrt_()
    out = out / size
    return out * weight if bias is None else torch.addcmul(bias, out, weight)
