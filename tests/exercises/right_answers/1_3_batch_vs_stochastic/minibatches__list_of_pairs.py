# differs: shuffles the whole data first, and returns a list


def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    return list(zip(x[order].split(size), y[order].split(size), strict=True))
