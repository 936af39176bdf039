# %% wrong: The slip goes through a ReLU, too. | feedback: that is a ReLU of the slip
def relu_backward(da, z):
    return da.relu()

# %% wrong: At 0 the slope is 1. | feedback: at exactly 0 torch passes nothing on
# -    return da * (z > 0)
    return da * (z >= 0)

# %% wrong: The gradient is the mask. | feedback: that is the slope of ReLU alone
# -    return da * (z > 0)
    return (z > 0).to(z.dtype)

# %% wrong: The slope of ReLU is what it returned. | feedback: the slope of ReLU is 1 where z > 0, not z
# -    return da * (z > 0)
    return da * z.relu()

# %% wrong: The mask may be set in the slip itself. | feedback: Your function changed its input number 1
def relu_backward(da, z):
    da[z <= 0] = 0.0
    return da

# %% wrong: A negative slip is stopped, as a negative z is. | feedback: a negative slip passes, too
# -    return da * (z > 0)
    return da * (z > 0) * (da > 0)

# %% wrong: The dead side passes. | feedback: the mask is turned round
# -    return da * (z > 0)
    return da * (z < 0)

# %% wrong: At 0 half of it passes. | feedback: it is da where z > 0, and 0 elsewhere
# -    return da * (z > 0)
    return da * ((z > 0).to(z.dtype) + (z >= 0).to(z.dtype)) / 2

# %% wrong: ReLU changes only what is negative, so the slip stays. | feedback: the slip passes where z > 0 only
def relu_backward(da, z):
    return da.clone()

# %% wrong: A mask is yes or no. | feedback: is torch.bool
def relu_backward(da, z):
    return z > 0

# %% right: chosen by where
def relu_backward(da, z):
    return torch.where(z > 0, da, torch.zeros_like(da))

# %% right: a copy, and its dead entries set to 0
def relu_backward(da, z):
    dz = da.clone()
    dz[z <= 0] = 0.0
    return dz

# %% right: from the activation
def relu_backward(da, z):
    a = z.clamp(min=0)
    return da * a.sign()

# %% wrong: A batch has two axes. | feedback: Where any shape is allowed, do without indices
def relu_backward(da, z):
    dz = torch.zeros_like(z)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            if z[i, j] > 0:
                dz[i, j] = da[i, j]
    return dz

# %% right: a mask of float64
# -    return da * (z > 0)
    return da * (z > 0).double()
