# misconception: Inputs and answers may be shuffled separately.
# feedback: no longer pairs


def minibatches(x, y, size, generator):
    of_x, of_y = (torch.randperm(len(x), generator=generator).split(size) for _ in range(2))
    for a, b in zip(of_x, of_y, strict=True):
        yield x[a], y[b]
