# %% wrong: The weight's first axis is what comes in. | feedback: the two are swapped
def fans(layer):
    if isinstance(layer, nn.Linear):
        return layer.weight.shape[0], layer.weight.shape[1]
    taps = math.prod(layer.kernel_size)
    return layer.in_channels // layer.groups * taps, layer.out_channels // layer.groups * taps

# %% wrong: A convolution's inputs are its channels. | feedback: Each is looked at through a window
# -    taps = math.prod(layer.kernel_size)
    taps = 1

# %% wrong: A window of size 3 has three places. | feedback: the window has 3 × 3 places, not 3
# -    taps = math.prod(layer.kernel_size)
    taps = layer.kernel_size[0]

# %% wrong: An input goes to each channel once. | feedback: an input is looked at from 3 × 3 places
# -    fan_out = layer.out_channels // layer.groups * taps
    fan_out = layer.out_channels // layer.groups

# %% wrong: torch's own count is right for all layers. | feedback: A transposed one keeps its weight
def fans(layer):
    return nn.init._calculate_fan_in_and_fan_out(layer.weight)

# %% wrong: The shape of the weight says it all. | feedback: A transposed one keeps its weight
def fans(layer):
    W = layer.weight
    if W.dim() == 2:
        return W.shape[1], W.shape[0]
    return W.shape[1] * W[0, 0].numel(), W.shape[0] // layer.groups * W[0, 0].numel()

# %% wrong: Groups change how the weight is kept, not the fans. | feedback: with two groups
# -    fan_in = layer.in_channels // layer.groups * taps
# -    fan_out = layer.out_channels // layer.groups * taps
    fan_in = layer.in_channels * taps
    fan_out = layer.out_channels * taps

# %% wrong: Groups concern what comes in. | feedback: with two groups
# -    fan_out = layer.out_channels // layer.groups * taps
    fan_out = layer.out_channels * taps

# %% wrong: All windows have two dimensions. | feedback: in one dimension the window has 5 places
# -    taps = math.prod(layer.kernel_size)
    taps = layer.kernel_size[0] ** 2

# %% wrong: Windows are square. | feedback: your fans are
# -    taps = math.prod(layer.kernel_size)
    taps = layer.kernel_size[0] ** len(layer.kernel_size)

# %% wrong: One number is enough. | feedback: Return two things
# -    return fan_in, fan_out
    return fan_in

# %% right: from the shape of the weight, by its kind
def fans(layer):
    W = layer.weight
    if W.dim() == 2:
        H, D = W.shape
        return D, H
    taps = W[0, 0].numel()
    if isinstance(layer, (nn.ConvTranspose1d, nn.ConvTranspose2d)):
        return W.shape[0] // layer.groups * taps, W.shape[1] * taps
    return W.shape[1] * taps, W.shape[0] // layer.groups * taps

# %% right: all weights, divided by what there is of the other side
def fans(layer):
    groups = getattr(layer, "groups", 1)
    D = getattr(layer, "in_features", None) or layer.in_channels
    H = getattr(layer, "out_features", None) or layer.out_channels
    products = layer.weight.numel()
    return [products // H, products // D]

# %% wrong: A division is a division. | feedback: // divides whole numbers
# -    fan_in = layer.in_channels // layer.groups * taps
    fan_in = layer.in_channels / layer.groups * taps

# %% right: in numpy's whole numbers
# -    return fan_in, fan_out
    import numpy

    return numpy.int64(fan_in), numpy.int64(fan_out)

# %% wrong: A weight may be counted by turning it round. | feedback: You changed the layer
# -    taps = math.prod(layer.kernel_size)
    layer.weight = nn.Parameter(layer.weight.transpose(0, 1).contiguous())
    taps = layer.weight[0, 0].numel()

# %% wrong: A weight of ones counts itself. | feedback: You changed the layer
# -    taps = math.prod(layer.kernel_size)
    layer.weight.fill_(1)
    taps = int(layer.weight[0, 0].sum())

# %% wrong: A weight that was counted is not needed any more. | feedback: You changed the layer
# -    taps = math.prod(layer.kernel_size)
    taps = layer.weight[0, 0].numel()
    del layer.weight
