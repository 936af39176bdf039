# misconception: Dealing the examples onto two heaps at random is a shuffle.
# feedback: A shuffle gives every order the same chance


def minibatches(x, y, size, generator):
    heap = torch.randint(2, (len(x),), generator=generator)
    order = torch.cat([(heap == 0).nonzero()[:, 0], (heap == 1).nonzero()[:, 0]])
    for batch in order.split(size):
        yield x[batch], y[batch]
