# %% wrong: The list grows in the order in which we go. | feedback: Layer 1 comes first in the list
# -    return sizes[::-1]
    return sizes

# %% wrong: The size is the mean of the absolute values. | feedback: that is the mean
# -        sizes.append(dz.pow(2).mean().sqrt().item())
        sizes.append(dz.abs().mean().item())

# %% wrong: The size is the length. | feedback: that is the length, the root of the sum
# -        sizes.append(dz.pow(2).mean().sqrt().item())
        sizes.append(dz.norm().item())

# %% wrong: The size is the standard deviation. | feedback: no mean is taken away
# -        sizes.append(dz.pow(2).mean().sqrt().item())
        sizes.append(dz.std().item())

# %% wrong: Means need no root. | feedback: the root is missing
# -        sizes.append(dz.pow(2).mean().sqrt().item())
        sizes.append(dz.pow(2).mean().item())

# %% wrong: The gradient at a is the gradient at z. | feedback: the slope is missing
# -        dz = da * slope(z)
        dz = da

# %% wrong: The slope is taken at the gradient. | feedback: dz is (1.5, 4)
# -        dz = da * slope(z)
        dz = da * slope(-z)

# %% wrong: The weights stand on the way back as they stood on the way there. | feedback: dz @ W.T is (B, out) @ (out, in)
# -        da = dz @ W.T
        da = dz @ W

# %% wrong: One goes from the first layer to the last. | feedback: On the way back the last layer comes first
# -    for W, z in zip(weights[::-1], loads[::-1], strict=True):
    for W, z in zip(weights, loads, strict=True):

# %% wrong: Each unit has a size. | feedback: must be one number
# -        sizes.append(dz.pow(2).mean().sqrt().item())
        sizes.append(dz.pow(2).mean(dim=0).sqrt())

# %% wrong: A size is a tensor for each example. | feedback: the mean goes over all entries
# -        sizes.append(dz.pow(2).mean().sqrt().item())
        sizes.append(dz.pow(2).mean(dim=1).sqrt().max().item())

# %% wrong: The first layer's slope has been dealt with. | feedback: the slope of the first layer
def way_back(weights, loads, slope, da):
    sizes = []
    for k in range(len(weights) - 1, -1, -1):
        dz = da * slope(loads[k]) if k == len(weights) - 1 else da
        sizes.insert(0, dz.pow(2).mean().sqrt().item())
        da = dz @ weights[k].T
    return sizes

# %% wrong: The sizes are printed. | feedback: Your function returns nothing
# -    return sizes[::-1]
    print(sizes[::-1])

# %% wrong: The gradient may be changed on the way. | feedback: changed its input
# -        dz = da * slope(z)
        dz = da.mul_(slope(z))

# %% right: with an index
def way_back(weights, loads, slope, da):
    sizes = [0.0] * len(loads)
    for k in range(len(loads) - 1, -1, -1):
        dz = slope(loads[k]) * da
        sizes[k] = math.sqrt((dz**2).sum().item() / dz.numel())
        da = torch.einsum("bh,dh->bd", dz, weights[k])
    return sizes

# %% right: by calling itself
def way_back(weights, loads, slope, da):
    if not loads:
        return []
    dz = da * slope(loads[-1])
    below = way_back(weights[:-1], loads[:-1], slope, dz @ weights[-1].T)
    return [*below, float(dz.norm()) / dz.numel() ** 0.5]

# %% wrong: A tensor is a float. | feedback: Return a list of floats, not of tensors
# -        sizes.append(dz.pow(2).mean().sqrt().item())
        sizes.append(dz.pow(2).mean().sqrt())

# %% wrong: A square matrix needs no transpose. | feedback: for widths (4, 4, 4)
# -        da = dz @ W.T
        da = dz @ (W if W.shape[0] == W.shape[1] and len(W) > 2 else W.T)

# %% wrong: The mean of the rows' sizes. | feedback: the root of the mean of all squares
# -        sizes.append(dz.pow(2).mean().sqrt().item())
        sizes.append(dz.pow(2).mean(dim=1).sqrt().mean().item())
