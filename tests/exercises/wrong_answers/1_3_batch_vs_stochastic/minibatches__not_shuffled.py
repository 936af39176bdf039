# misconception: Cutting into batches is enough.
# feedback: The examples come in the order of the data


def minibatches(x, y, size, generator):
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]
