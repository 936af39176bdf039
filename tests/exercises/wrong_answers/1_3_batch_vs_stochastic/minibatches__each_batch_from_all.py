# misconception: Each batch is a new random choice among all examples.
# feedback: do not draw each batch anew


def minibatches(x, y, size, generator):
    for start in range(0, len(x), size):
        batch = torch.randperm(len(x), generator=generator)[: min(size, len(x) - start)]
        yield x[batch], y[batch]
