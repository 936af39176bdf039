# misconception: It is enough to mix the order of the batches.
# feedback: Neighbours stay together


def minibatches(x, y, size, generator):
    starts = torch.arange(0, len(x), size)
    last = starts[-1:]
    order = torch.randperm(len(starts) - 1, generator=generator)
    for start in [*starts[:-1][order].tolist(), *last.tolist()]:
        yield x[start : start + size], y[start : start + size]
