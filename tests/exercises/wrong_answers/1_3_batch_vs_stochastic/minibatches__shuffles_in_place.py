# misconception: The data may be shuffled where they are.
# feedback: Your function changed its input number


def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    x[:], y[:] = x[order], y[order]
    return list(zip(x.split(size), y.split(size), strict=True))
