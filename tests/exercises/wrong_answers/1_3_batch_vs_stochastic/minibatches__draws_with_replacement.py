# misconception: An epoch is n draws.
# feedback: some examples come twice and others never


def minibatches(x, y, size, generator):
    for start in range(0, len(x), size):
        batch = torch.randint(len(x), (min(size, len(x) - start),), generator=generator)
        yield x[batch], y[batch]
