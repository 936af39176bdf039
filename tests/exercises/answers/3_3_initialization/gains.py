# %% wrong: The gain is how much a bend leaves. | feedback: that is how much f enlarges
# -    there = size / f(z).square().mean().sqrt()
    there = f(z).square().mean().sqrt() / size

# %% wrong: A gain is a variance. | feedback: a gain is a standard deviation, not a variance
# -    there = size / f(z).square().mean().sqrt()
    there = size**2 / f(z).square().mean()

# %% wrong: The next loads have the size 1. | feedback: bring the mean square back to size²
# -    there = size / f(z).square().mean().sqrt()
    there = 1 / f(z).square().mean().sqrt()

# %% wrong: The gain is that for loads of size 1. | feedback: For tanh and loads of size 0.01
# -    z = size * normal
    z = normal
    size = 1

# %% wrong: The spread of the activations counts. | feedback: that keeps the variance of the activations
# -    there = size / f(z).square().mean().sqrt()
    there = size / f(z).std()

# %% wrong: The mean of the activations counts. | feedback: that is one over the mean
# -    there = size / f(z).square().mean().sqrt()
    there = size / f(z).mean().abs() if f(z).mean().abs() > 1e-3 else size / f(z).square().mean().sqrt()

# %% wrong: The mean of the slopes counts. | feedback: For ReLU the gain back
# -    back = 1 / slope(z).square().mean().sqrt()
    back = 1 / slope(z).mean()

# %% wrong: Backwards it is the same gain. | feedback: Backwards it is the slopes that shrink
# -    back = 1 / slope(z).square().mean().sqrt()
    back = there

# %% wrong: The slope at 0 is the slope. | feedback: For tanh and loads of size 1, the gain back
# -    back = 1 / slope(z).square().mean().sqrt()
    back = 1 / slope(torch.tensor([-1e-9, 1e-9])).square().mean().sqrt()

# %% wrong: The gradients have the loads' size. | feedback: The weights must undo it
# -    back = 1 / slope(z).square().mean().sqrt()
    back = slope(z).square().mean().sqrt()

# %% wrong: Evenly spread loads will do. | feedback: the loads are not even, but normal
# -    z = size * normal
    z = size * torch.linspace(-1, 1, 20_000)

# %% right: by a fine sum over the bell curve
def gains(f, slope, size):
    u = torch.linspace(-8, 8, 40_001)
    share = torch.exp(-(u**2) / 2)
    share = share / share.sum()
    z = u * size
    return size * (share * f(z) ** 2).sum() ** -0.5, (share * slope(z) ** 2).sum() ** -0.5

# %% right: with norms
def gains(f, slope, size):
    loads = size * normal
    root = math.sqrt(len(normal))
    there = size * root / torch.linalg.vector_norm(f(loads)).item()
    return [there, root / torch.linalg.vector_norm(slope(loads)).item()]

# %% wrong: There comes after back. | feedback: that is the other one, the gain back
# -    return there.item(), back.item()
    return back.item(), there.item()

# %% wrong: normal may be used up. | feedback: `normal` was changed
# -    z = size * normal
    z = normal.mul_(size)

# %% wrong: normal is free to be used again. | feedback: `normal` was changed
# -    z = size * normal
    global normal
    z = normal = size * normal

# %% right: with numbers of numpy
# -    return there.item(), back.item()
    import numpy

    return numpy.float32(there.item()), numpy.float64(back.item())

# %% right: with numbers of three decimals
# -    return there.item(), back.item()
    return round(there.item(), 3), round(back.item(), 3)
