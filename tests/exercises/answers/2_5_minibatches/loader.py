# %% wrong: The last batch is as long as the others. | feedback: is lost, and drop_last is False
# -        if numbers and not self.drop_last:
# -            yield self.collate([self.dataset[i] for i in numbers])

# %% wrong: A batch that is not full is filled up from the beginning. | feedback: the last batch is filled up
# -        if numbers and not self.drop_last:
        if numbers and not self.drop_last:
            numbers = (numbers + list(self.sampler) * self.batch_size)[: self.batch_size]

# %% wrong: drop_last is for others. | feedback: drop_last is True, and the last, shorter batch is handed out
# -        if numbers and not self.drop_last:
        if numbers:

# %% wrong: The dataset knows its order. | feedback: The sampler says which order
# -        for i in self.sampler:
        for i in sorted(self.sampler):

# %% wrong: A batch is its numbers. | feedback: Fetch the examples, dataset[i]
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
                yield self.collate(numbers)
                numbers = []
# -            yield self.collate([self.dataset[i] for i in numbers])
            yield self.collate(numbers)

# %% wrong: A list of examples is a batch. | feedback: Hand out collate(examples)
class Loader:
    def __init__(self, dataset, sampler, batch_size, collate, drop_last=False):
        self.dataset, self.sampler, self.batch_size = dataset, sampler, batch_size
        self.drop_last = drop_last

    def __len__(self):
        full, rest = divmod(len(self.sampler), self.batch_size)
        return full if self.drop_last or not rest else full + 1

    def __iter__(self):
        numbers = []
        for i in self.sampler:
            numbers.append(self.dataset[i])
            if len(numbers) == self.batch_size:
                yield numbers
                numbers = []
        if numbers and not self.drop_last:
            yield numbers

# %% wrong: The order is read once. | feedback: epoch 2 is epoch 1 again
# -        self.dataset, self.sampler, self.batch_size = dataset, sampler, batch_size
        self.dataset, self.sampler, self.batch_size = dataset, list(sampler), batch_size

# %% wrong: The sampler's iterator is kept. | feedback: an iterator kept in self is used up
# -        self.collate, self.drop_last = collate, drop_last
        self.collate, self.drop_last, self.order = collate, drop_last, iter(sampler)
# -        for i in self.sampler:
        for i in self.order:

# %% wrong: All is fetched first. | feedback: Do not work ahead
# -        numbers = []
# -        for i in self.sampler:
# -            numbers.append(i)
# -            if len(numbers) == self.batch_size:
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
# -        if numbers and not self.drop_last:
# -            yield self.collate([self.dataset[i] for i in numbers])
        order = list(self.sampler)
        if self.drop_last:
            order = order[: len(order) // self.batch_size * self.batch_size]
        examples = [self.dataset[i] for i in order]
        for k in range(0, len(examples), self.batch_size):
            yield self.collate(examples[k : k + self.batch_size])

# %% wrong: Fetching twice does no harm. | feedback: fetch each once
# -            numbers.append(i)
            self.dataset[i]
            numbers.append(i)

# %% wrong: All batches are made, then handed out. | feedback: Do not work ahead
class Loader:
    def __init__(self, dataset, sampler, batch_size, collate, drop_last=False):
        self.dataset, self.sampler, self.batch_size = dataset, sampler, batch_size
        self.collate, self.drop_last = collate, drop_last

    def __len__(self):
        full, rest = divmod(len(self.sampler), self.batch_size)
        return full if self.drop_last or not rest else full + 1

    def __iter__(self):
        order, size, batches = list(self.sampler), self.batch_size, []
        for k in range(0, len(order), size):
            if k + size <= len(order) or not self.drop_last:
                batches.append(self.collate([self.dataset[i] for i in order[k : k + size]]))
        return iter(batches)

# %% wrong: What is dropped may be fetched. | feedback: what is dropped not at all
# -            numbers.append(i)
            numbers.append(self.dataset[i])
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
                yield self.collate(numbers)
                numbers = []
# -            yield self.collate([self.dataset[i] for i in numbers])
            yield self.collate(numbers)

# %% wrong: The length is the number of examples. | feedback: len(loader) is
# -        return full if self.drop_last or not rest else full + 1
        return len(self.sampler)

# %% wrong: The length rounds down. | feedback: the shorter batch counts
# -        return full if self.drop_last or not rest else full + 1
        return full

# %% wrong: The length rounds up. | feedback: drop_last drops the batch that is not full
# -        return full if self.drop_last or not rest else full + 1
        return full + (rest > 0)

# %% wrong: There is always one batch more. | feedback: nothing is left over
# -        return full if self.drop_last or not rest else full + 1
        return full if self.drop_last else full + 1

# %% wrong: What is left is a batch, also if nothing is. | feedback: there is an empty batch
# -        if numbers and not self.drop_last:
        if not self.drop_last:

# %% wrong: torch has one already. | feedback: Write the loader yourself
class Loader(torch.utils.data.DataLoader):
    def __init__(self, dataset, sampler, batch_size, collate, drop_last=False):
        super().__init__(dataset, batch_size, sampler=sampler, collate_fn=collate, drop_last=drop_last)

    def __iter__(self):
        return torch.utils.data.DataLoader.__iter__(self)

# %% wrong: torch's batches of numbers. | feedback: Write the loader yourself
# -        numbers = []
# -        for i in self.sampler:
# -            numbers.append(i)
# -            if len(numbers) == self.batch_size:
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
# -        if numbers and not self.drop_last:
# -            yield self.collate([self.dataset[i] for i in numbers])
        for numbers in torch.utils.data.BatchSampler(self.sampler, self.batch_size, self.drop_last):
            yield self.collate([self.dataset[i] for i in numbers])

# %% wrong: The list of numbers is not begun anew. | feedback: go through the sampler's numbers in turn
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
                yield self.collate([self.dataset[i] for i in numbers[-self.batch_size :]])

# %% wrong: The dataset has a length. | feedback: has no len
# -        full, rest = divmod(len(self.sampler), self.batch_size)
        full, rest = divmod(len(self.dataset), self.batch_size)

# %% right: slices of the sampler's list
# -        numbers = []
# -        for i in self.sampler:
# -            numbers.append(i)
# -            if len(numbers) == self.batch_size:
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
# -        if numbers and not self.drop_last:
# -            yield self.collate([self.dataset[i] for i in numbers])
        order, size = list(self.sampler), self.batch_size
        for k in range(0, len(order), size):
            if k + size <= len(order) or not self.drop_last:
                yield self.collate([self.dataset[i] for i in order[k : k + size]])

# %% right: an iterator that is read in pieces
import itertools


class Loader:
    def __init__(self, dataset, sampler, batch_size, collate, drop_last=False):
        self.args = dataset, sampler, batch_size, collate, drop_last

    def __len__(self):
        _, sampler, size, _, drop = self.args
        return len(sampler) // size if drop else -(-len(sampler) // size)

    def __iter__(self):
        dataset, sampler, size, collate, drop = self.args
        numbers = iter(sampler)
        while batch := list(itertools.islice(numbers, size)):
            if len(batch) < size and drop:
                return
            yield collate(list(map(dataset.__getitem__, batch)))

# %% right: makes len of a generator of batches
# -        full, rest = divmod(len(self.sampler), self.batch_size)
# -        return full if self.drop_last or not rest else full + 1
        more = 0 if self.drop_last else self.batch_size - 1
        return (len(self.sampler) + more) // self.batch_size

# %% wrong: To count the batches, go through them. | feedback: examples are fetched before a batch is asked for
# -        full, rest = divmod(len(self.sampler), self.batch_size)
# -        return full if self.drop_last or not rest else full + 1
        return sum(1 for _ in self)

# %% wrong: A tuple of examples is a list. | feedback: collate takes a list of examples, not tuple
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
                yield self.collate(tuple(self.dataset[i] for i in numbers))
                numbers = []

# %% wrong: A dataset fetches many at once. | feedback: fetch one example at a time
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
                yield self.collate(self.dataset[numbers])
                numbers = []

# %% wrong: A loader of one's own may be torch's, with another name. | feedback: Write the loader yourself
class Loader(torch.utils.data.DataLoader):
    def __init__(self, dataset, sampler, batch_size, collate, drop_last=False):
        super().__init__(
            dataset, sampler=sampler, batch_size=batch_size, collate_fn=collate, drop_last=drop_last
        )

# %% wrong: A batch of numbers may come from torch, under another name. | feedback: Write the loader yourself
from torch.utils.data import BatchSampler as Cut


class Loader:
    def __init__(self, dataset, sampler, batch_size, collate, drop_last=False):
        self.dataset, self.collate = dataset, collate
        self.cut = Cut(sampler, batch_size, drop_last)

    def __len__(self):
        return len(self.cut)

    def __iter__(self):
        return (self.collate([self.dataset[i] for i in part]) for part in self.cut)

# %% wrong: One list does for all batches. | feedback: make a new list for each batch
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
# -        if numbers and not self.drop_last:
# -            yield self.collate([self.dataset[i] for i in numbers])
                batch.clear()
                batch += [self.dataset[i] for i in numbers]
                yield self.collate(batch)
                numbers = []
        if numbers and not self.drop_last:
            yield self.collate([self.dataset[i] for i in numbers])
# -        numbers = []
# -        for i in self.sampler:
        numbers, batch = [], []
        for i in self.sampler:

# %% wrong: A loader is its own iterator. | feedback: what an epoch needs belongs into __iter__
# -        numbers = []
# -        for i in self.sampler:
# -            numbers.append(i)
# -            if len(numbers) == self.batch_size:
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
# -        if numbers and not self.drop_last:
# -            yield self.collate([self.dataset[i] for i in numbers])
        self.numbers = iter(self.sampler)
        return self

    def __next__(self):
        batch = [i for _, i in zip(range(self.batch_size), self.numbers)]
        if not batch or self.drop_last and len(batch) < self.batch_size:
            raise StopIteration
        return self.collate([self.dataset[i] for i in batch])

# %% wrong: What was fetched once need not be fetched again. | feedback: keep no example from one epoch to the next
# -        self.collate, self.drop_last = collate, drop_last
        self.collate, self.drop_last = collate, drop_last
        self.kept = {}
# -                yield self.collate([self.dataset[i] for i in numbers])
# -                numbers = []
                for i in numbers:
                    if i not in self.kept:
                        self.kept[i] = self.dataset[i]
                yield self.collate([self.kept[i] for i in numbers])
                numbers = []

# %% wrong: One example alone needs no collate. | feedback: 20 was not packed
# -        if numbers and not self.drop_last:
# -            yield self.collate([self.dataset[i] for i in numbers])
        if numbers and not self.drop_last:
            rest = [self.dataset[i] for i in numbers]
            yield rest[0] if len(rest) == 1 else self.collate(rest)

# %% right: with a class of one's own that is called BatchSampler
class BatchSampler:
    def __init__(self, sampler, size, drop):
        self.sampler, self.size, self.drop = sampler, size, drop

    def __iter__(self):
        part = []
        for i in self.sampler:
            part.append(i)
            if len(part) == self.size:
                yield part
                part = []
        if part and not self.drop:
            yield part


class Loader:
    def __init__(self, dataset, sampler, batch_size, collate, drop_last=False):
        self.dataset, self.sampler, self.collate = dataset, sampler, collate
        self.batch_size, self.drop_last = batch_size, drop_last

    def __len__(self):
        n, rest = divmod(len(self.sampler), self.batch_size)
        return n if self.drop_last or not rest else n + 1

    def __iter__(self):
        for part in BatchSampler(self.sampler, self.batch_size, self.drop_last):
            yield self.collate([self.dataset[i] for i in part])
