# %% wrong: An order is drawn once, and is then the order. | feedback: has the order of the first
class Shuffled:
    def __init__(self, n, seed):
        self.n = n
        self.order = torch.randperm(n, generator=torch.Generator().manual_seed(seed)).tolist()

    def __len__(self):
        return self.n

    def __iter__(self):
        return iter(self.order)


# %% wrong: Each epoch begins with the seed. | feedback: Seed the generator once, in __init__
class Shuffled:
    def __init__(self, n, seed):
        self.n, self.seed = n, seed

    def __len__(self):
        return self.n

    def __iter__(self):
        generator = torch.Generator().manual_seed(self.seed)
        yield from torch.randperm(self.n, generator=generator).tolist()

# %% wrong: torch.manual_seed makes an order reproducible. | feedback: changes torch's global chance
# -        self.generator = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        yield from torch.randperm(self.n).tolist()

# %% wrong: The global chance is nobody's. | feedback: draws from torch's global chance
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        yield from torch.randperm(self.n).tolist()


# %% wrong: Seeding in each epoch what everybody shares. | feedback: draws from torch's global chance, or seeds it
class Shuffled:
    def __init__(self, n, seed):
        self.n, self.seed, self.epoch = n, seed, 0

    def __len__(self):
        return self.n

    def __iter__(self):
        torch.manual_seed(self.seed + self.epoch)
        self.epoch += 1
        yield from torch.randperm(self.n).tolist()

# %% wrong: Random numbers are a shuffle. | feedback: not each of 0 to
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        yield from torch.randint(self.n, (self.n,), generator=self.generator).tolist()

# %% wrong: A tensor of one number is a number. | feedback: must be Python ints, not Tensor
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        yield from torch.randperm(self.n, generator=self.generator)


# %% wrong: An iterator can be gone through again. | feedback: An iterator is used up after one epoch
class Shuffled:
    def __init__(self, n, seed):
        self.n = n
        self.order = iter(torch.randperm(n, generator=torch.Generator().manual_seed(seed)).tolist())

    def __len__(self):
        return self.n

    def __iter__(self):
        return self.order

# %% wrong: One number first, as torch's DataLoader does. | feedback: from which nothing else is drawn
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        torch.empty((), dtype=torch.int64).random_(generator=self.generator)
        yield from torch.randperm(self.n, generator=self.generator).tolist()

# %% wrong: The first shuffle is a warm-up. | feedback: draw one torch.randperm for each epoch
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        torch.randperm(self.n, generator=self.generator)
        yield from torch.randperm(self.n, generator=self.generator).tolist()


# %% wrong: All samplers may share a generator. | feedback: each needs a generator of its own
class Shuffled:
    generators = {}

    def __init__(self, n, seed):
        self.n = n
        self.generator = self.generators.setdefault(seed, torch.Generator().manual_seed(seed))

    def __len__(self):
        return self.n

    def __iter__(self):
        yield from torch.randperm(self.n, generator=self.generator).tolist()

# %% wrong: An order that is returned need not be an iterator. | feedback: __iter__ must yield, or return iter
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        return torch.randperm(self.n, generator=self.generator).tolist()

# %% wrong: The numbers begin with 1. | feedback: not each of 0 to
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        yield from (torch.randperm(self.n, generator=self.generator) + 1).tolist()

# %% wrong: The last example may stay out. | feedback: not each of 0 to
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        yield from torch.randperm(self.n, generator=self.generator).tolist()[:-1]

# %% wrong: The seed is always 0. | feedback: is seeded with seed
# -        self.generator = torch.Generator().manual_seed(seed)
        self.generator = torch.Generator().manual_seed(0)

# %% right: returns an iterator of a list
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        order = torch.randperm(self.n, generator=self.generator)
        return iter(order.tolist())


# %% right: yields the numbers one by one
class Shuffled:
    def __init__(self, n, seed):
        self.count, self.g = n, torch.Generator()
        self.g.manual_seed(seed)

    def __len__(self):
        return self.count

    def __iter__(self):
        for number in torch.randperm(self.count, generator=self.g):
            yield int(number)


# %% wrong: torch's sampler draws one permutation an epoch. | feedback: has the order of another epoch
class Shuffled(torch.utils.data.RandomSampler):
    def __init__(self, n, seed):
        super().__init__(range(n), generator=torch.Generator().manual_seed(seed))

# %% right: keeps a list, filled anew
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        self.order = [int(i) for i in torch.randperm(self.n, generator=self.generator)]
        return iter(self.order)

# %% wrong: A sampler is its own iterator. | feedback: each for needs an iterator of its own
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        self.left = torch.randperm(self.n, generator=self.generator).tolist()
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        return self.left.pop(0)

# %% wrong: The next order is drawn when an epoch is over. | feedback: Draw the order when the epoch begins
# -        self.generator = torch.Generator().manual_seed(seed)
        self.generator = torch.Generator().manual_seed(seed)
        self.order = torch.randperm(n, generator=self.generator).tolist()
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        yield from self.order
        self.order = torch.randperm(self.n, generator=self.generator).tolist()

# %% wrong: One number shows whether chance works. | feedback: it draws from it, or seeds it
# -        self.generator = torch.Generator().manual_seed(seed)
        self.generator = torch.Generator().manual_seed(seed)
        torch.rand(1)

# %% wrong: list knows how long it is. | feedback: A method calls itself
# -        return self.n
        return len(list(self))

# %% wrong: A slip of the pen in a name. | feedback: object has no attribute 'apend'
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        order = []
        for i in torch.randperm(self.n, generator=self.generator).tolist():
            order.apend(i)
        return iter(order)

# %% wrong: An epoch's order may lie in self. | feedback: the inner one has taken its order away
# -        yield from torch.randperm(self.n, generator=self.generator).tolist()
        self.order = torch.randperm(self.n, generator=self.generator).tolist()
        for k in range(self.n):
            yield self.order[k]
