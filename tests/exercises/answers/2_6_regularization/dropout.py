# %% wrong: What is dropped is dropped, and that is all. | feedback: the outputs are not rescaled
# -    return a * keep / (1 - p)
    return a * keep

# %% wrong: Dropout is always on. | feedback: In eval mode
# -    if not training:
# -        return a

# %% wrong: Divide by p, the probability. | feedback: you divide by p
# -    return a * keep / (1 - p)
    return a * keep / p

# %% wrong: p is the share that is kept. | feedback: keep an entry if its number is at least p
# -    keep = torch.rand(a.shape, generator=generator) >= p
# -    return a * keep / (1 - p)
    keep = torch.rand(a.shape, generator=generator) < p
    return a * keep / p

# %% wrong: The old way: nothing in training, a factor in eval mode. | feedback: In eval mode
# -        return a
# -    keep = torch.rand(a.shape, generator=generator) >= p
# -    return a * keep / (1 - p)
        return a * (1 - p)
    keep = torch.rand(a.shape, generator=generator) >= p
    return a * keep

# %% wrong: Random numbers come from torch. | feedback: draws nothing from the generator
# -    keep = torch.rand(a.shape, generator=generator) >= p
    keep = torch.rand(a.shape) >= p

# %% wrong: One draw for all entries. | feedback: you keep
def dropout(a, p, training, generator):
    if not training:
        return a
    keep = torch.rand(1, generator=generator) >= p
    return a * keep / (1 - p)

# %% wrong: One draw for each column, the same in all rows. | feedback: others
def dropout(a, p, training, generator):
    if not training:
        return a
    keep = torch.rand(a.shape[-1], generator=generator) >= p
    return a * keep / (1 - p)

# %% wrong: The mask is made in place, in the outputs themselves. | feedback: changed its input number 1
def dropout(a, p, training, generator):
    if not training:
        return a
    a[torch.rand(a.shape, generator=generator) < p] = 0
    return a / (1 - p)

# %% wrong: An entry is kept with certainty if it is large. | feedback: What you return is None
def dropout(a, p, training, generator):
    if not training:
        return a
    keep = torch.rand(a.shape, generator=generator) >= p
    a = a * keep / (1 - p)

# %% right: with torch.where
def dropout(a, p, training, generator):
    if training:
        draws = torch.rand(a.shape, generator=generator)
        return torch.where(draws < p, 0.0, a / (1 - p))
    return a

# %% right: on a copy, in place
def dropout(a, p, training, generator):
    out = a.clone()
    if training:
        out[torch.rand(a.shape, generator=generator) < p] = 0
        out /= 1 - p
    return out

# %% wrong: Where nothing is dropped, nothing is drawn. | feedback: With p = 0 your layer draws nothing
# -    if not training:
    if not training or p == 0:

# %% wrong: data are the numbers. | feedback: No gradient finds its way back
# -    return a * keep / (1 - p)
    return a.data * keep / (1 - p)

# %% wrong: An entry whose number is p is dropped. | feedback: at least p
# -    keep = torch.rand(a.shape, generator=generator) >= p
    keep = torch.rand(a.shape, generator=generator) > p

# %% wrong: A layer hands out rows. | feedback: any number of dimensions
# -    keep = torch.rand(a.shape, generator=generator) >= p
    keep = torch.rand(a.shape[0], a.shape[1], generator=generator) >= p

# %% wrong: The layer seeds its chance. | feedback: leave its seed alone
# -    keep = torch.rand(a.shape, generator=generator) >= p
    keep = torch.rand(a.shape, generator=generator.manual_seed(0)) >= p

# %% wrong: Every tensor has a length. | feedback: any number of dimensions
# -    keep = torch.rand(a.shape, generator=generator) >= p
    keep = torch.rand(len(a), *a.shape[1:], generator=generator) >= p

# %% wrong: One divides by the share that was kept. | feedback: not by the share that happened to be kept
# -    return a * keep / (1 - p)
    return a * keep / keep.double().mean()

# %% wrong: float32 does for a mask. | feedback: Is something float32 on the way
# -    keep = torch.rand(a.shape, generator=generator) >= p
# -    return a * keep / (1 - p)
    mask = (torch.rand(a.shape, generator=generator) >= p).float() / (1 - p)
    return a * mask
