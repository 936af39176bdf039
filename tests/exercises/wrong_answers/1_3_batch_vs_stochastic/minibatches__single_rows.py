# misconception: The batch of one example is that example.
# feedback: x_batch has shape


def minibatches(x, y, size, generator):
    for batch in torch.randperm(len(x), generator=generator).split(size):
        yield (x[batch], y[batch]) if len(batch) > 1 else (x[batch.item()], y[batch.item()])
