"""The tests of assignment 2.5: the machine that brings the batches."""

import functools
import math

import torch
from torch.utils.data import BatchSampler, DataLoader

from course_lib.checks import question, tools
from course_lib.checks.tools import FIRST_DIGITS, close, parts_of, refuse

BY_HAND = 2  # points for the question that a person marks

# --- what the tests share ----------------------------------------------------------------------------------

expect = functools.partial(tools.expect_all_digits, digits=6)


HINTS = {
    "object is not iterable": "A for asks for __iter__, and that must yield, or return iter(…) of a list.",
    "non-iterator": "__iter__ must yield, or return iter(…) of a list.",
    "'NoneType'": "You compute with None. Does a method end without its return, or without yield?",
    "'Loader' object has no attribute": "Does __init__ store what the other methods need, under this name?",
    "'Shuffled' object has no attribute": "Does __init__ store what the other methods need, under this name?",
    "recursion": "A method calls itself. (list(self) asks for len(self), too.)",
    "has no len": "Ask the sampler for its length, len(self.sampler), and nothing else.",
    "list index out of range": "You fetch a number that no example has. The sampler's numbers are the ones.",
    "division by zero": "Something is divided by 0: no real entry was counted. Go through batches once, "
    "through all of them, and divide at the end.",
    "expanded size": "A row has been put into a place of another length: batch[k, : len(row)] = row.",
    "must match the size": "Two shapes do not fit. Statistics are over the rows, dim=0: one for each column.",
    "stack expects": "torch.stack takes tensors of one length only. Fill up first.",
}


def hint_for(error):
    """What most likely led to an error, or None where its own words say it best."""
    said = str(error)
    return next((f"{hint} (Python says: {said})" for part, hint in HINTS.items() if part in said), None)


call = functools.partial(tools.call, hint_for)


def tensor(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def random(*shape, seed):
    """Normal random numbers, for each seed the same in every run."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def two_tensors(answer, names, shapes):
    """See that an answer is two tensors of these shapes."""
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    pair = parts_of(answer, 2, names)
    for value, name, shape in zip(pair, names.split(", "), shapes, strict=True):
        assert isinstance(value, torch.Tensor), f"{name} must be a tensor, not {type(value).__name__}."
        assert value.shape == shape, f"{name} has shape {tuple(value.shape)}, not {tuple(shape)}."
    return pair


# --- 1 -----------------------------------------------------------------------------------------------------


def epoch(sampler, n):
    """One epoch's numbers, as a list; no more than a few too many, as it might never end."""

    def walk():
        numbers = []
        for number in sampler:
            numbers.append(number)
            if len(numbers) > 2 * n + 2:
                break
        return numbers

    state = torch.random.get_rng_state()
    numbers = call(walk)
    assert torch.equal(state, torch.random.get_rng_state()), (
        "Your sampler draws from torch's global chance, or seeds it. The order then hangs on what else "
        "is drawn. Draw with torch.randperm(n, generator=self.generator), from a generator of its own."
    )
    wrong = next((number for number in numbers if type(number) is not int), None)
    assert wrong is None, f"The numbers must be Python ints, not {type(wrong).__name__}: use .tolist()."
    return numbers


def made(Shuffled, n, seed):
    state = torch.random.get_rng_state()
    sampler = call(Shuffled, n, seed)
    assert torch.equal(state, torch.random.get_rng_state()), (
        "To make your sampler changes torch's global chance, which everybody shares: it draws from it, or "
        "seeds it, as torch.manual_seed does. torch.Generator().manual_seed(seed) is one of its own."
    )
    return sampler


def permutations(n, seed, count):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randperm(n, generator=generator).tolist() for _ in range(count)]


def check_orders(Shuffled, n, seed, epochs=3):
    where = f"With n = {n} and seed = {seed},"
    sampler = made(Shuffled, n, seed)
    right = permutations(n, seed, epochs)
    length = call(len, sampler)
    assert length == n, f"{where} len(sampler) is {length}, not {n}."
    first = None
    for number in range(epochs):
        numbers = epoch(sampler, n)
        which = f"{where} epoch {number + 1}"
        first = numbers if first is None else first
        assert numbers or n == 0, f"{which} is empty. " + (
            "An iterator is used up after one epoch: __iter__ must make a new one." if number else ""
        )
        assert sorted(numbers) == list(range(n)), f"{which} is {numbers}, and not each of 0 to {n - 1} once."
        if numbers == right[number]:
            continue
        assert numbers != list(range(n)) or n < 4, f"{which} is not shuffled at all: {numbers}."
        assert number == 0 or numbers != first, (
            f"{which} has the order of the first. Seed the generator once, in __init__; shuffle in __iter__."
        )
        later = permutations(n, seed, epochs + 4)
        assert numbers not in later, (
            f"{which} has the order of another epoch: draw one torch.randperm for each epoch, when it begins."
        )
        raise AssertionError(
            f"{which} is {numbers}, not {right[number]}: the order must be torch.randperm(n, generator=…), "
            "from a torch.Generator that is seeded with seed, and from which nothing else is drawn."
        )


@question(points=4)
def sampler(Shuffled):
    check_orders(Shuffled, 6, 0)
    # Two of them do not disturb each other, nor does anybody else's chance.
    one, two = made(Shuffled, 6, 3), made(Shuffled, 6, 3)
    torch.rand(1)
    mine = [epoch(one, 6), epoch(two, 6)]
    assert mine[0] == mine[1], (
        "Two samplers with the same seed give different orders: each needs a generator of its own, in self."
    )
    check_orders(Shuffled, 5, 4)
    # An epoch that is left early.
    left = made(Shuffled, 6, 1)
    call(lambda: next(iter(left)))
    second, right = epoch(left, 6), permutations(6, 1, 2)[1]
    assert second == right, (
        f"After an epoch that a break has ended, the next one is {second}, not {right}. Draw the order when "
        "the epoch begins, not at the end of the one before."
    )


# --- 2 -----------------------------------------------------------------------------------------------------


class Watched:
    """A dataset that remembers which examples were fetched. Example i is 10·i."""

    def __init__(self, n):
        self.n, self.fetched = n, []

    def __getitem__(self, i):
        assert isinstance(i, int), (
            f"Your loader fetches dataset[{i!r}]: fetch one example at a time, dataset[i]."
        )
        if not 0 <= i < self.n:
            raise IndexError("list index out of range")
        self.fetched.append(i)
        return 10 * i


class InTurn:
    """A sampler with another order in each epoch: one fixed order, moved on by one."""

    def __init__(self, numbers):
        self.numbers, self.epochs = list(numbers), 0

    def __len__(self):
        return len(self.numbers)

    def __iter__(self):
        turn = self.epochs % max(len(self.numbers), 1)
        self.epochs += 1
        return iter(self.numbers[turn:] + self.numbers[:turn])


def packed(examples):
    assert isinstance(examples, list), f"collate takes a list of examples, not {type(examples).__name__}."
    return ("tray", *examples)


def trays(numbers, size, drop_last):
    """What should come out."""
    batches = [numbers[k : k + size] for k in range(0, len(numbers), size)]
    return [("tray", *(10 * i for i in b)) for b in batches if len(b) == size or not drop_last]


def loaded(loader, most):
    def walk():
        batches = []
        for batch in loader:
            batches.append(batch)
            if len(batches) > most:
                break
        return batches

    return call(walk)


def check_epoch(got, numbers, size, drop_last, where):
    want = trays(numbers, size, drop_last)
    if got == want:
        return
    kept, dropped = trays(numbers, size, False), trays(numbers, size, True)
    text = f"{where} the batches are {got}, not {want}: "
    empty = ("tray",)
    if empty in got:
        raise AssertionError(text + "there is an empty batch. Where nothing is left, there is no last batch.")
    if got == dropped:
        raise AssertionError(text + "the last, shorter batch is lost, and drop_last is False.")
    if got == kept:
        raise AssertionError(text + "drop_last is True, and the last, shorter batch is handed out.")
    if got == trays(sorted(numbers), size, drop_last):
        raise AssertionError(text + "the examples come in their own order. The sampler says which order.")
    if got == [("tray", *b) for b in ([t // 10 for t in tray[1:]] for tray in want)]:
        raise AssertionError(text + "these are the numbers. Fetch the examples, dataset[i].")
    bare = next((batch for batch in got if not isinstance(batch, tuple) or batch[:1] != empty), None)
    if bare is not None:
        raise AssertionError(
            text + f"{bare} was not packed. Hand out collate(examples), also of one example."
        )
    if kept and len(got) == len(kept) and len(got[-1]) > len(kept[-1]):
        raise AssertionError(text + "the last batch is filled up. It holds what is left, and no more.")
    if not got:
        raise AssertionError(
            text + "nothing comes. In __iter__, ask the sampler anew: an iterator kept in self is used up."
        )
    raise AssertionError(text + "go through the sampler's numbers in turn, batch_size of them at a time.")


def check_loader(Loader, numbers, size, n=None):
    """Two epochs, with and without drop_last, in the order of a sampler that changes."""
    for drop_last in (False, True):
        dataset, order = Watched(1 + max(numbers, default=0) if n is None else n), InTurn(numbers)
        loader = call(Loader, dataset, order, size, packed, drop_last)
        where = f"With the order {numbers}, batch_size = {size} and drop_last = {drop_last}"
        length, want = call(len, loader), len(trays(numbers, size, drop_last))
        assert length == want, (
            f"{where} len(loader) is {length}, not {want}: "
            f"{'drop_last drops the batch that is not full' if drop_last else 'the shorter batch counts'}."
            if len(numbers) % size
            else f"{where} len(loader) is {length}, not {want}: nothing is left over."
        )
        assert not dataset.fetched, f"{where} examples are fetched before a batch is asked for."
        for number in (0, 1):
            turn = number % max(len(numbers), 1)
            now = [*numbers[turn:], *numbers[:turn]]
            dataset.fetched.clear()
            got = loaded(loader, want + 2)
            if now != numbers and got and got == trays(numbers, size, drop_last):
                raise AssertionError(
                    f"{where} epoch 2 is epoch 1 again: ask the sampler anew in __iter__, each time."
                )
            check_epoch(got, now, size, drop_last, f"{where}, in epoch {number + 1},")
            kept = now[: len(now) // size * size] if drop_last else now
            assert set(kept) <= {*dataset.fetched}, (
                f"{where} epoch {number + 1} fetches {dataset.fetched}, not {kept}: keep no example from one "
                "epoch to the next, but fetch it anew. (A dataset may turn its pictures another way.)"
            )
            assert dataset.fetched == kept, (
                f"{where} you fetch the examples {dataset.fetched}, where {kept} would do: fetch each once, "
                "and what is dropped not at all."
            )


def check_lazy(Loader, numbers, size):
    dataset = Watched(1 + max(numbers))
    batches = call(lambda: iter(Loader(dataset, numbers, size, packed)))
    call(next, batches)
    assert dataset.fetched == numbers[:size], (
        f"For the first batch of {size}, your loader fetches {len(dataset.fetched)} examples. Do not work "
        "ahead: yield each batch as soon as it is full."
    )


def own(Loader):
    """See that the loader is not torch's, by whatever name."""
    because = "Write the loader yourself, without torch's DataLoader and BatchSampler."
    with refuse(DataLoader, "__init__", because=because), refuse(BatchSampler, "__init__", because=because):
        try:
            loaded(call(Loader, Watched(1), [0], 1, packed), 2)
        except Exception as error:  # of others, the tests say more
            assert str(error) != because, because


@question(points=6)
def loader(Loader):
    own(Loader)
    check_loader(Loader, [4, 0, 3, 1, 2], 2)
    check_loader(Loader, [3, 1, 0, 2], 2)
    check_lazy(Loader, [4, 0, 3, 1, 2], 2)
    # Without drop_last, nothing is dropped.
    got = loaded(call(Loader, Watched(3), [2, 0, 1], 2, packed), 4)
    check_epoch(got, [2, 0, 1], 2, False, "Without the argument drop_last")
    # What an example is, and what a tray, is not the loader's business.
    got = loaded(call(Loader, ["a", "b", "c"], [2, 0, 1], 2, "".join), 4)
    assert got == ["ca", "b"], f"With the examples a, b and c and the collate ''.join, the batches are {got}."
    got = loaded(call(Loader, ["a", "b", "c"], [2, 0, 1], 1, lambda examples: examples), 4)
    assert got == [["c"], ["a"], ["b"]], (
        f"With a collate that hands out its list as it is, the batches are {got} in the end, not "
        "[['c'], ['a'], ['b']]: make a new list for each batch. Clearing one changes what was handed out."
    )


# --- 3 -----------------------------------------------------------------------------------------------------


def finite(row):
    """A row in which nan and inf are numbers that can be compared."""
    return row.nan_to_num(nan=1e30, posinf=1e31, neginf=-1e31)


def check_pad(pad, rows, *value):
    lengths = [len(row) for row in rows]
    shape = (len(rows), max(lengths))
    fill = value[0] if value else 0.0
    where = f"For rows of the lengths {lengths}{f' and value = {fill}' if value else ''}"
    leave = "Leave the list and its rows as they are: they are the caller's."
    batch, mask = two_tensors(call(pad, rows, *value, advice=leave), "batch, mask", (shape, shape))
    tools.precise("batch", batch, tensor([0.0]))
    assert mask.dtype == torch.bool, (
        f"mask must hold bools, not {mask.dtype}: batch[mask] and ~mask want True and False."
    )
    assert batch.dtype == torch.float64, (
        f"{where} batch holds {batch.dtype}, where the rows are float64. torch.full makes ints of a value "
        "that is an int, and rows written into them lose what is behind the point: float(value)."
    )
    want = torch.tensor([[k < length for k in range(shape[1])] for length in lengths], dtype=torch.bool)
    want = want.reshape(shape)
    if not torch.equal(mask, want):
        turned = "it is turned round: True is what is real. " if torch.equal(mask, ~want) else ""
        compared = (
            "a real entry may equal the filling, or be nan or inf: make the mask of lengths, not of values. "
        )
        known = compared if torch.equal(mask, want & (batch != fill)) else turned
        if torch.equal(mask.sum(dim=1).sort().values, want.sum(dim=1).sort().values):
            known = known or "row k of the list must be row k here. "
        raise AssertionError(f"{where} mask is {mask.tolist()}, not {want.tolist()}: {known or 'count.'}")
    for k, row in enumerate(rows):
        right = torch.cat([row, torch.full((shape[1] - len(row),), fill, dtype=torch.float64)])
        if close(finite(batch[k]), finite(right)):
            continue
        known = "work it out on paper and compare."
        if close(batch[k], right.flip(0)) or close(batch[k], right.roll(shape[1] - len(row))):
            known = "a row begins at the left, and what fills it up follows."
        elif close(batch[k], torch.where(want[k], right, 0.0)):
            known = "fill up with value, which need not be 0."
        raise AssertionError(
            f"{where} row {k} of batch is {batch[k].tolist()}, not {right.tolist()}: {known}"
        )


@question(points=4)
def padding(pad):
    check_pad(pad, [tensor([4.0, 0.0, 6.0]), tensor([5.0])])
    check_pad(pad, [tensor([5.0]), tensor([4.5, -1.0, 6.0]), tensor([-1.0, 2.0])], -1)
    check_pad(pad, [tensor([]), tensor([7.0, 8.0])])
    check_pad(pad, [tensor([1.0, math.inf, math.nan]), tensor([3.0])])


# --- 4 -----------------------------------------------------------------------------------------------------


def scaled(x, of, correction=0):
    """x on the scale of another table."""
    constant = of.amax(dim=0) == of.amin(dim=0)
    std = of.var(dim=0, correction=correction).sqrt()
    return (x - of.mean(dim=0)) / torch.where(constant, torch.ones_like(std), std)


def check_scale(standardize, train, test, where):
    got = two_tensors(call(standardize, train, test), "train, test", (train.shape, test.shape))
    everything = torch.cat([train, test])
    for name, mine, x in zip(("train", "test"), got, (train, test), strict=True):
        tools.precise(name, mine, tensor([0.0]))
        want = scaled(x, train)
        if close(mine, want, 1e-7):
            continue
        slips = [
            (scaled(x, test), "that is on the scale of the test data. Fit on train, apply to both."),
            (
                scaled(x, everything),
                "that is on the scale of all the data: the test data leak. Fit on train.",
            ),
            (
                (x - train.mean()) / train.std(correction=0),
                "those are the statistics of the whole table, dim=0.",
            ),
            (x - train.mean(dim=0), "the mean is subtracted, but nothing is divided."),
            (x, "nothing has been done to it. Both tables are to be standardized."),
        ]
        if len(train) > 1:
            slips.append(
                (
                    scaled(x, train, 1),
                    "divide by n, not n − 1: train.std(dim=0, correction=0).",
                )
            )
        variance = train.var(dim=0, correction=0)
        slips.append(((x - train.mean(dim=0)) / variance, "that was divided by the variance. Take its root."))
        column = next((k for k in range(x.shape[1]) if not close(mine[:, k], want[:, k], 1e-7)), None)
        constant = train[:, column].amax() == train[:, column].amin()
        rounded = all(  # a float32 mean: off by its digits, in both tables
            (one - scaled(other, train))[:, column].abs().max() <= 1e-6 * train[:, column].abs().max()
            for one, other in zip(got, (train, test), strict=True)
        )
        if constant and not rounded:
            raise AssertionError(
                f"{where}, column {column} is constant in train, and of {name} it becomes "
                f"{[round(v, 9) + 0.0 for v in mine[:, column].tolist()]}, not "
                f"{[round(v, 9) + 0.0 for v in want[:, column].tolist()]}: "
                "subtract its mean, and divide by 1. (Is it constant? Its largest entry equals its smallest. "
                "Do not wait for a std of 0: rounding may leave 1e-17, of torch's too, and more of large "
                "numbers.)"
            )
        nearly = (constant and rounded) or close(mine, want, 1e-5)
        tools.same(
            f"{where}, column {column} of {name}",
            mine[:, column],
            want[:, column],
            [] if nearly else [(slip[:, column], words) for slip, words in slips],
            FIRST_DIGITS if nearly else "subtract train's mean and divide by train's std, column by column.",
        )


@question(points=4)
def scale(standardize):
    train, test = tensor([[1.0, 10.0], [2.0, 50.0], [6.0, 30.0]]), tensor([[4.0, 10.0], [8.0, 70.0]])
    check_scale(standardize, train, test, "For train = [[1, 10], [2, 50], [6, 30]]")
    check_scale(
        standardize,
        tensor([[1.0, 0.1], [2.0, 0.1], [6.0, 0.1]]),
        tensor([[4.0, 1.1]]),
        "With a column of 0.1, 0.1, 0.1 and a test table of one row",
    )
    for same in (0.1, 100000.1):
        train = torch.full((3, 1), same, dtype=torch.float64)
        check_scale(standardize, train, train[:1] + 1, f"With one column only, of {same} three times")
    check_scale(
        standardize,
        1e-20 * tensor([[1.0], [2.0], [6.0]]),
        1e-20 * tensor([[4.0], [8.0]]),
        "With a column of 1e-20, 2e-20 and 6e-20 (small, and not constant)",
    )


# --- 5 -----------------------------------------------------------------------------------------------------


def check_mean(mean_loss, batches, where, slips=None):
    total = math.fsum(v for losses, mask in batches for v in losses[mask].tolist())
    count = sum(int(mask.sum()) for _, mask in batches)
    got = call(mean_loss, batches)
    assert got is not None, "Your function returns nothing. Is the line with return missing at its end?"
    assert isinstance(got, float), (
        f"Return a Python float, not {type(got).__name__}"
        f"{': use .item().' if isinstance(got, torch.Tensor) else '.'}"
    )
    expect(where, got, total / count, slips)
    once = call(mean_loss, (pair for pair in batches))
    expect(f"{where}, handed out by a generator,", once, total / count, slips)


@question(points=4)
def report(mean_loss):
    yes = torch.ones(1, 2, dtype=torch.bool)
    first = tensor([[1.0, 3.0]]), yes
    second = tensor([[8.0, 99.0]]), torch.tensor([[True, False]])
    slips = {
        5.0: "that is the mean of the batches' means. Add up all losses, and divide by all real entries.",
        27.75: "the padding is counted, too. losses[mask] are the real ones.",
        3.0: "you divide by the number of places, padding included. Divide by the real ones.",
        6.0: "that is the sum over the number of batches. Divide by the number of real entries.",
        12.0: "that is the sum. Divide it by the number of real entries.",
        8.0: "that is the last batch alone. Add up over all of them.",
        2.0: "that is the first batch alone. Does return stand inside of the loop?",
        99.0: "those are the padded entries: the mask is True where an entry is real.",
    }
    check_mean(mean_loss, [first, second], "With the losses 1 and 3, and then 8, your mean", slips)
    bad = tensor([[2.0, math.nan], [math.inf, math.nan]]), torch.tensor([[True, False], [False, False]])
    mean = call(mean_loss, [bad, first])
    assert isinstance(mean, float), f"Return a Python float, not {type(mean).__name__}."
    assert not math.isnan(mean), (
        "Where nan or inf stand in the padding, your mean is nan: nan * 0 is nan. Pick losses[mask]."
    )
    check_mean(mean_loss, [bad, first], "With nan and inf in the padding, your mean")
    none = tensor([[5.0, 5.0]]), ~yes
    mean = call(mean_loss, [none, first])
    assert not (isinstance(mean, float) and math.isnan(mean)), (
        "With a batch that has no real entry, your mean is nan: a mean over nothing. Divide once, at the end."
    )
    check_mean(mean_loss, [none, first], "With a batch that has no real entry, your mean")
    for real in (math.nan, math.inf):
        mean = call(mean_loss, [(tensor([[real, 1.0]]), yes), first])
        assert isinstance(mean, float) and not math.isfinite(mean), (
            f"With a *real* loss of {real}, your mean is {mean}. Only what the mask marks as padding is left "
            "out: a mean that hides a broken loss is not honest."
        )
