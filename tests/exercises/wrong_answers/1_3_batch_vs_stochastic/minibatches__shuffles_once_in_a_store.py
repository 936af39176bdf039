# misconception: The order is made at the first call and kept.
# feedback: shuffle anew each epoch


ORDERS = {}


def minibatches(x, y, size, generator):
    key = (generator.initial_seed(), len(x))
    if key not in ORDERS:
        ORDERS[key] = torch.randperm(len(x), generator=generator)
    for batch in ORDERS[key].split(size):
        yield x[batch], y[batch]
