# %% wrong: An epoch is n draws. | feedback: some examples come twice and others never
def minibatches(x, y, size, generator):
    for start in range(0, len(x), size):
        batch = torch.randint(len(x), (min(size, len(x) - start),), generator=generator)
        yield x[batch], y[batch]

# %% wrong: Only full batches count. | feedback: The last, smaller batch is missing
def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    for k in range(len(x) // size):
        batch = order[k * size : (k + 1) * size]
        yield x[batch], y[batch]

# %% wrong: Each batch is a new random choice among all examples. | feedback: do not draw each batch anew
def minibatches(x, y, size, generator):
    for start in range(0, len(x), size):
        batch = torch.randperm(len(x), generator=generator)[: min(size, len(x) - start)]
        yield x[batch], y[batch]

# %% wrong: There is always one batch more than full ones. | feedback: there is an empty batch
def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    for k in range(len(x) // size + 1):
        batch = order[k * size : (k + 1) * size]
        yield x[batch], y[batch]

# %% wrong: A batch of answers is a row of numbers. | feedback: y_batch has shape
def minibatches(x, y, size, generator):
    for batch in torch.randperm(len(x), generator=generator).split(size):
        yield x[batch], y[batch, 0]

# %% wrong: torch.randperm(n) is reproducible by itself. | feedback: take all randomness from generator=generator
def minibatches(x, y, size, generator):
    for batch in torch.randperm(len(x)).split(size):
        yield x[batch], y[batch]

# %% wrong: Cutting into batches is enough. | feedback: The examples come in the order of the data
def minibatches(x, y, size, generator):
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]

# %% wrong: Dealing the examples onto two heaps at random is a shuffle. | feedback: A shuffle gives every order the same chance
def minibatches(x, y, size, generator):
    heap = torch.randint(2, (len(x),), generator=generator)
    order = torch.cat([(heap == 0).nonzero()[:, 0], (heap == 1).nonzero()[:, 0]])
    for batch in order.split(size):
        yield x[batch], y[batch]

# %% wrong: Inputs and answers may be shuffled separately. | feedback: no longer pairs
def minibatches(x, y, size, generator):
    of_x, of_y = (torch.randperm(len(x), generator=generator).split(size) for _ in range(2))
    for a, b in zip(of_x, of_y, strict=True):
        yield x[a], y[b]

# %% wrong: The batches are made; nothing has to be handed out. | feedback: yield each batch, or return a list
def minibatches(x, y, size, generator):
    batches = []
    for batch in torch.randperm(len(x), generator=generator).split(size):
        batches.append((x[batch], y[batch]))

# %% wrong: The data may be shuffled where they are. | feedback: Your function changed its input number
def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    x[:], y[:] = x[order], y[order]
    return list(zip(x.split(size), y.split(size), strict=True))

# %% wrong: One shuffle is as good as a new one each epoch: set the seed for reproducibility. | feedback: shuffle anew each epoch
# -    """The batches of one epoch: pairs (x_batch, y_batch), in random order."""
    generator.manual_seed(generator.initial_seed())

# %% wrong: The order is made at the first call and kept. | feedback: shuffle anew each epoch
ORDERS = {}


def minibatches(x, y, size, generator):
    key = (generator.initial_seed(), len(x))
    if key not in ORDERS:
        ORDERS[key] = torch.randperm(len(x), generator=generator)
    for batch in ORDERS[key].split(size):
        yield x[batch], y[batch]

# %% wrong: It is enough to mix the order of the batches. | feedback: Neighbours stay together
def minibatches(x, y, size, generator):
    starts = torch.arange(0, len(x), size)
    last = starts[-1:]
    order = torch.randperm(len(starts) - 1, generator=generator)
    for start in [*starts[:-1][order].tolist(), *last.tolist()]:
        yield x[start : start + size], y[start : start + size]

# %% wrong: The batch of one example is that example. | feedback: x_batch has shape
def minibatches(x, y, size, generator):
    for batch in torch.randperm(len(x), generator=generator).split(size):
        yield (x[batch], y[batch]) if len(batch) > 1 else (x[batch.item()], y[batch.item()])

# %% right: torch's DataLoader does the work
def minibatches(x, y, size, generator):
    data = torch.utils.data.TensorDataset(x, y)
    return torch.utils.data.DataLoader(data, batch_size=size, shuffle=True, generator=generator)

# %% right: shuffles the whole data first, and returns a list
def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    return list(zip(x[order].split(size), y[order].split(size), strict=True))

# %% right: a random number for each example, sorted; slices by hand
def minibatches(x, y, size, generator):
    order = torch.rand(len(x), generator=generator).argsort()
    for start in range(0, len(x), size):
        rows = order[start : start + size]
        yield x[rows], y[rows]

# %% wrong: A batch may not be larger than the data. | feedback: With n = 3 and size = 8
def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    for k in range(max(len(x) // size, 0)):
        yield x[order[k * size : (k + 1) * size]], y[order[k * size : (k + 1) * size]]
    if len(x) % size and len(x) > size:
        rest = order[len(x) // size * size :]
        yield x[rest], y[rest]

# %% wrong: What is left joins the last batch. | feedback: the batches have [4, 6] examples, not [4, 4, 2]
def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    parts = list(order.split(size))
    if len(parts) > 1 and len(parts[-1]) < size:
        parts[-2:] = [torch.cat(parts[-2:])]
    for batch in parts:
        yield x[batch], y[batch]

# %% wrong: chunk cuts into batches of a size. | feedback: the batches have
def minibatches(x, y, size, generator):
    for batch in torch.randperm(len(x), generator=generator).chunk(size):
        yield x[batch], y[batch]

# %% wrong: Rows are picked by their values. | feedback: Equal examples are several all the same
def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    rows = {(tuple(x[i].tolist()), y[i].item()): i for i in order.tolist()}
    for batch in torch.tensor(list(rows.values())).split(size):
        yield x[batch], y[batch]

# %% wrong: A shuffle within a window of ten is a shuffle. | feedback: shuffle all of them
def minibatches(x, y, size, generator):
    parts = torch.arange(len(x)).split(10)
    order = torch.cat([part[torch.randperm(len(part), generator=generator)] for part in parts])
    for batch in order.split(size):
        yield x[batch], y[batch]

# %% wrong: Every second epoch may run backwards. | feedback: of 150 epochs some have the same order
COUNT = {}


def minibatches(x, y, size, generator):
    seen, order = COUNT.get(generator, (0, None))
    if seen % 3 < 2 or len(order) != len(x):
        order = torch.randperm(len(x), generator=generator)
    COUNT[generator] = seen + 1, order
    for batch in order.split(size):
        yield x[batch], y[batch]

# %% wrong: The generator never ends, as it serves all epochs. | feedback: the batches have
def minibatches(x, y, size, generator):
    while True:
        for batch in torch.randperm(len(x), generator=generator).split(size):
            yield x[batch], y[batch]

# %% wrong: Each input of a row is shuffled by itself. | feedback: a row of x_batch is no row of x
def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    other = torch.randperm(len(x), generator=generator)
    mixed = torch.stack([x[order, k] if k == 0 else x[other, k] for k in range(x.shape[1])], dim=1)
    for a, b in zip(mixed.split(size), y[order].split(size), strict=True):
        yield a, b

# %% wrong: Only the first batch is handed out. | feedback: Each batch must be a pair
def minibatches(x, y, size, generator):
    for batch in torch.randperm(len(x), generator=generator).split(size):
        return x[batch], y[batch]

# %% wrong: The batches are the inputs. | feedback: Each batch must be a pair
def minibatches(x, y, size, generator):
    return [x[batch] for batch in torch.randperm(len(x), generator=generator).split(size)]

# %% wrong: A number of batches is asked for. | feedback: Yield each batch, or return a list of them, not int
def minibatches(x, y, size, generator):
    return -(-len(x) // size)

# %% wrong: float32 takes half the room. | feedback: x_batch is float32
def minibatches(x, y, size, generator):
    for batch in torch.randperm(len(x), generator=generator).split(size):
        yield x[batch].float(), y[batch].float()

# %% right: pairs in lists, an order by Python's random, and helpers with the names of the tests' own
torch.set_default_dtype(torch.float32)


def collect(rows, *tensors):
    return [one.index_select(0, rows) for one in tensors]


def minibatches(x, y, size, generator):
    import random

    order = list(range(len(x)))
    random.Random(int(torch.randint(2**60, (1,), generator=generator))).shuffle(order)
    return [collect(torch.tensor(order[k : k + size]), x, y) for k in range(0, len(x), size)]

# %% wrong: Batches are cut first, and then shuffled. | feedback: shuffle the examples, not the batches
def minibatches(x, y, size, generator):
    batches = list(zip(x.split(size), y.split(size)))
    return [batches[i] for i in torch.randperm(len(batches), generator=generator)]

# %% wrong: chunk cuts as split does. | feedback: x.chunk(k) does not
def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    k = -(-len(x) // size)
    return list(zip(x[order].chunk(k), y[order].chunk(k)))

# %% wrong: A loader never ends. | feedback: That is more than one epoch
def minibatches(x, y, size, generator):
    while True:
        order = torch.randperm(len(x), generator=generator)
        for rows in order.split(size):
            yield x[rows], y[rows]

# %% wrong: A single batch needs no shuffling. | feedback: Also a single batch is shuffled
def minibatches(x, y, size, generator):
    order = torch.randperm(len(x), generator=generator)
    if size >= len(x):
        return [(x, y)]
    return list(zip(x[order].split(size), y[order].split(size)))
