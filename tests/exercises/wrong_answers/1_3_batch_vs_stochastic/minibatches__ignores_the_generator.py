# misconception: torch.randperm(n) is reproducible by itself.
# feedback: take all randomness from generator=generator


def minibatches(x, y, size, generator):
    for batch in torch.randperm(len(x)).split(size):
        yield x[batch], y[batch]
