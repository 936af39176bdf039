# misconception: One shuffle is as good as a new one each epoch: set the seed for reproducibility.
# feedback: shuffle anew each epoch


def minibatches(x, y, size, generator):
    generator.manual_seed(generator.initial_seed())
    for batch in torch.randperm(len(x), generator=generator).split(size):
        yield x[batch], y[batch]
