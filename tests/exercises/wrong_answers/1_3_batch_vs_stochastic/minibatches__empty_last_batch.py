# misconception: There is always one batch more than full ones.
# feedback: there is an empty batch


def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    for k in range(len(x) // size + 1):
        batch = order[k * size : (k + 1) * size]
        yield x[batch], y[batch]
