# %% wrong: What is used often counts by its mean. | feedback: that is a mean
# -        d = d.sum(dim=0)
        d = d.mean(dim=0)

# %% wrong: Only axes in front are new. | feedback: With d of shape (2, 3), for the shape (2, 1)
def unbroadcast(d, shape):
    while d.dim() > len(shape):
        d = d.sum(dim=0)
    return d

# %% wrong: An axis of length 1 goes away. | feedback: An axis of length 1 stays
# -            d = d.sum(dim=axis, keepdim=True)
            d = d.sum(dim=axis)
            break

# %% wrong: Axes in front stay, with length 1. | feedback: Axes that were put in front go away
# -    while d.dim() > len(shape):
# -        d = d.sum(dim=0)
    front = d.dim() - len(shape)
    for axis in range(front):
        d = d.sum(dim=axis, keepdim=True)
    shape = (2,) * front + tuple(shape)

# %% wrong: The first entry stands for all. | feedback: that is a part of d
def unbroadcast(d, shape):
    while d.dim() > len(shape):
        d = d[0]
    for axis, length in enumerate(shape):
        if length == 1:
            d = d.narrow(axis, 0, 1)
    return d

# %% wrong: New axes are put behind. | feedback: Axes are put in front
# -        d = d.sum(dim=0)
        d = d.sum(dim=-1)

# %% wrong: Axes of the shape are axes of d. | feedback: the others are counted from the right end
def unbroadcast(d, shape):
    for axis, length in enumerate(shape):
        if length == 1:
            d = d.sum(dim=axis, keepdim=True)
    while d.dim() > len(shape):
        d = d.sum(dim=0)
    return d

# %% wrong: sum over no axis does nothing. | feedback: sum(dim=()) adds up everything
def unbroadcast(d, shape):
    front = d.dim() - len(shape)
    axes = [axis for axis in range(d.dim()) if axis < front or shape[axis - front] == 1]
    return d.sum(dim=axes).reshape(shape) if d.dim() != len(shape) or axes else d.sum(dim=axes)

# %% wrong: A reshape makes the shape. | feedback: shape
def unbroadcast(d, shape):
    return d.reshape(shape)

# %% wrong: torch has a method for it. | feedback: sum_to_size judges here
def unbroadcast(d, shape):
    return d.sum_to_size(shape)

# %% wrong: A missing axis is one number. | feedback: All was added up to one number
# -    while d.dim() > len(shape):
# -        d = d.sum(dim=0)
    if d.dim() > len(shape):
        return d.sum()

# %% right: all axes at once
def unbroadcast(d, shape):
    front = d.dim() - len(shape)
    axes = [axis for axis in range(d.dim()) if axis < front or shape[axis - front] == 1]
    return d.sum(dim=axes).reshape(shape) if axes else d

# %% right: from the right end, as broadcasting counts
def unbroadcast(d, shape):
    shape = tuple(shape)
    padded = (0,) * (d.dim() - len(shape)) + shape
    for axis in reversed(range(d.dim())):
        if padded[axis] == 0:
            d = d.sum(dim=axis)
        elif padded[axis] == 1:
            d = d.sum(dim=axis).unsqueeze(axis)
    return d

# %% wrong: Axes are matched from the left. | feedback: the others are counted from the right end
def unbroadcast(d, shape):
    axes = [k for k in range(d.dim()) if k >= len(shape) or shape[k] == 1]
    return (d.sum(axes, keepdim=True) if axes else d).reshape(shape)

# %% wrong: Under another name it is another function. | feedback: sum_to_size judges here
add_up = torch.Tensor.sum_to_size


def unbroadcast(d, shape):
    return add_up(d, shape)

# %% right: adds each entry where it came from
def unbroadcast(d, shape):
    numel = 1
    for n in shape:
        numel *= n
    where = torch.arange(numel).reshape(shape).expand(d.shape)
    return torch.zeros(numel).index_add_(0, where.reshape(-1), d.reshape(-1)).reshape(shape)
