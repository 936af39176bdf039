# misconception: A batch of answers is a row of numbers.
# feedback: y_batch has shape


def minibatches(x, y, size, generator):
    for batch in torch.randperm(len(x), generator=generator).split(size):
        yield x[batch], y[batch, 0]
