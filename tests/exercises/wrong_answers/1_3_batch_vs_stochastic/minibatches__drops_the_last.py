# misconception: Only full batches count.
# feedback: The last, smaller batch is missing


def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    for k in range(len(x) // size):
        batch = order[k * size : (k + 1) * size]
        yield x[batch], y[batch]
