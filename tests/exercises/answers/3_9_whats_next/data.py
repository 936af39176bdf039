# %% wrong: Visits are shuffled, not people. | feedback: is in fit and in val: it leaks
# -    order = torch.randperm(len(people), generator=torch.Generator().manual_seed(seed))
# -    fifth = len(people) // 5
    order = torch.randperm(len(who), generator=torch.Generator().manual_seed(seed))
    fifth = len(who) // 5
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(part.sort().values for part in parts)

# %% wrong: Numbers of people are row numbers. | feedback: no rows that stand for people
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(part.sort().values for part in parts)

# %% wrong: The people, and not their rows. | feedback: Are those people? Return row numbers
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(people[part].sort().values for part in parts)

# %% wrong: One row a person. | feedback: All visits of a person belong into its part
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    first = torch.tensor([who.tolist().index(one) for one in people.tolist()])
    return tuple(first[part].sort().values for part in parts)

# %% wrong: Masks are row numbers. | feedback: is a mask. Return row numbers
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(torch.isin(who, people[part]) for part in parts)

# %% wrong: nonzero gives a vector. | feedback: It is a vector: .flatten()
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(torch.isin(who, people[part]).nonzero() for part in parts)

# %% wrong: A list will do for a tensor. | feedback: must be a tensor, not list
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(torch.isin(who, people[part]).nonzero().flatten().tolist() for part in parts)

# %% wrong: Row numbers as floats. | feedback: Row numbers are ints
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(torch.isin(who, people[part]).nonzero().flatten().double() for part in parts)

# %% wrong: Rows person by person. | feedback: the right rows are in each part, and they do not ascend
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(torch.cat([(who == one).nonzero().flatten() for one in people[part]]) for part in parts)

# %% wrong: Validation comes first. | feedback: validation and test are exchanged
# -    parts = order[2 * fifth :], order[fifth : 2 * fifth], order[:fifth]
    parts = order[2 * fifth :], order[:fifth], order[fifth : 2 * fifth]

# %% wrong: Test, validation, fit. | feedback: return fit, val, test, in this order
# -    parts = order[2 * fifth :], order[fifth : 2 * fifth], order[:fifth]
    parts = order[:fifth], order[fifth : 2 * fifth], order[2 * fifth :]

# %% wrong: The first three fifths are to fit. | feedback: The first fifth is the test
# -    parts = order[2 * fifth :], order[fifth : 2 * fifth], order[:fifth]
    n = len(people)
    parts = order[: n - 2 * fifth], order[n - 2 * fifth : n - fifth], order[n - fifth :]

# %% wrong: The rest that no fifth takes is left out. | feedback: is in no part
# -    parts = order[2 * fifth :], order[fifth : 2 * fifth], order[:fifth]
    parts = order[2 * fifth : 5 * fifth], order[fifth : 2 * fifth], order[:fifth]

# %% wrong: A fifth is rounded. | feedback: rounds down
# -    fifth = len(people) // 5
    fifth = round(len(people) / 5)

# %% wrong: A fifth is rounded up. | feedback: A test that you have not seen
# -    fifth = len(people) // 5
    fifth = -(-len(people) // 5) if len(people) < 10 else len(people) // 5

# %% wrong: A fifth of the visits. | feedback: and should have
# -    fifth = len(people) // 5
    fifth = len(who) // 5

# %% wrong: People as they come. | feedback: people are numbered as they come
# -    people = who.unique()
    people = torch.tensor(list(dict.fromkeys(who.tolist())))

# %% wrong: People are not shuffled. | feedback: people are not shuffled
# -    order = torch.randperm(len(people), generator=torch.Generator().manual_seed(seed))
    order = torch.arange(len(people))

# %% wrong: The order upside down. | feedback: order[i] is who comes i-th
# -    order = torch.randperm(len(people), generator=torch.Generator().manual_seed(seed))
    order = torch.randperm(len(people), generator=torch.Generator().manual_seed(seed)).argsort()

# %% wrong: One seed for all. | feedback: The seed is given
# -    order = torch.randperm(len(people), generator=torch.Generator().manual_seed(seed))
    order = torch.randperm(len(people), generator=torch.Generator().manual_seed(0))

# %% wrong: Torch's own chance, seeded. | feedback: Torch's own chance is drawn from, or seeded
# -    order = torch.randperm(len(people), generator=torch.Generator().manual_seed(seed))
    torch.manual_seed(seed)
    order = torch.randperm(len(people))

# %% wrong: The seed is forgotten. | feedback: Torch's own chance is drawn from, or seeded
# -    order = torch.randperm(len(people), generator=torch.Generator().manual_seed(seed))
    order = torch.randperm(len(people))

# %% wrong: People numbered from 0. | feedback: is in no part
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(torch.isin(who, part).nonzero().flatten() for part in parts)

# %% wrong: Two parts will do. | feedback: return fit, val, test
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)[:2]

# %% wrong: All rows have a say in mean and spread. | feedback: the test has a say
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    off = x - x.nanmean(dim=0)
    size = off.square().nanmean(dim=0).sqrt()

# %% wrong: The mean of the rows to fit, the spread of all. | feedback: the spread is that of all rows
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    size = off.square().nanmean(dim=0).sqrt()

# %% wrong: The mean of all rows, the spread of those to fit. | feedback: of the rows to fit
# -    off = x - x[fit].nanmean(dim=0)
    off = x - x.nanmean(dim=0)

# %% wrong: A nan in a mean does no harm. | feedback: entries that are there become nan
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
# -    return (off / size).nan_to_num(0.0)
    return (x - x[fit].mean(dim=0)) / x[fit].std(dim=0, correction=0)

# %% wrong: A nan in a mean becomes 0 in the end. | feedback: a column with a gap is all zeros now
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    off = x - x[fit].mean(dim=0)
    size = x[fit].std(dim=0, correction=0)

# %% wrong: Gaps stay. | feedback: gaps are still nan
# -    return (off / size).nan_to_num(0.0)
    return off / size

# %% wrong: Gaps become 0 at once. | feedback: a gap counts as 0 in mean and spread
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    x = x.nan_to_num(0.0)
    off = x - x[fit].mean(dim=0)
    size = off[fit].square().mean(dim=0).sqrt()

# %% wrong: Gaps get the mean, and count in the spread. | feedback: count in the spread: it becomes too small
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    off = off.nan_to_num(0.0)
    size = off[fit].square().mean(dim=0).sqrt()

# %% wrong: Gaps get the mean of all rows. | feedback: a gap becomes the mean of all rows. It leaks
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
# -    return (off / size).nan_to_num(0.0)
    m = x[fit].nanmean(dim=0)
    size = (x[fit] - m).square().nanmean(dim=0).sqrt()
    return (torch.where(x.isnan(), x.nanmean(dim=0), x) - m) / size

# %% wrong: A gap is 0 before the mean is taken off. | feedback: You put the 0 in before
# -    return (off / size).nan_to_num(0.0)
    return (x.nan_to_num(0.0) - x[fit].nanmean(dim=0)) / size

# %% wrong: Rows with a gap do not count. | feedback: rows with a gap are left out, whole
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    seen = x[fit][~x[fit].isnan().any(dim=1)]
    off = x - seen.mean(dim=0)
    size = seen.std(dim=0, correction=0)

# %% wrong: n − 1. | feedback: that divides by n − 1: correction=0
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    count = (~off[fit].isnan()).sum(dim=0)
    size = (off[fit].square().nansum(dim=0) / (count - 1)).sqrt()

# %% wrong: Divided by the number of rows, gaps and all. | feedback: count in the spread: it becomes too small
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    size = (off[fit].square().nansum(dim=0) / len(fit)).sqrt()

# %% wrong: The mean is enough. | feedback: divide by the standard deviation, too
# -    return (off / size).nan_to_num(0.0)
    return off.nan_to_num(0.0)

# %% wrong: The mean is not needed. | feedback: take off the mean first
# -    return (off / size).nan_to_num(0.0)
    return (x / size).nan_to_num(0.0)

# %% wrong: Divided by the variance. | feedback: that divides by the variance: the root is missing
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    size = off[fit].square().nanmean(dim=0)

# %% wrong: The spread of raw squares. | feedback: a spread is that around the mean
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    size = x[fit].square().nanmean(dim=0).sqrt()

# %% wrong: One mean for all columns. | feedback: each column has a mean of its own
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    off = x - x[fit].nanmean()
    size = off[fit].square().nanmean().sqrt()

# %% wrong: Row by row. | feedback: that is row by row
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    off = x - x.nanmean(dim=1, keepdim=True)
    size = off.square().nanmean(dim=1, keepdim=True).sqrt()

# %% wrong: The median. | feedback: that takes off the median
# -    return (off / size).nan_to_num(0.0)
    return ((x - x[fit].nanmedian(dim=0).values) / size).nan_to_num(0.0)

# %% wrong: Only the rows to fit come back. | feedback: Return all rows of x
# -    return (off / size).nan_to_num(0.0)
    return (off / size)[fit].nan_to_num(0.0)

# %% wrong: The first rows are those to fit. | feedback: fit holds row numbers: x[fit]
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    seen = x[: len(fit)]
    off = x - seen.nanmean(dim=0)
    size = (seen - seen.nanmean(dim=0)).square().nanmean(dim=0).sqrt()

# %% wrong: In place. | feedback: Your function changed the x that scaled gets
# -    off = x - x[fit].nanmean(dim=0)
    x -= x[fit].nanmean(dim=0)
    off = x

# %% wrong: float32 is precise enough. | feedback: is float32, with some 7 digits
# -    return (off / size).nan_to_num(0.0)
    return (off / size).nan_to_num(0.0).float()

# %% wrong: The same order each epoch. | feedback: each epoch has the same order
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
    g = torch.Generator().manual_seed(1000 * seed)

# %% wrong: A new order each update. | feedback: that is a new order each update
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
    g = torch.Generator().manual_seed(1000 * seed + t)

# %% wrong: seed + e. | feedback: the generator's seed is 1000·seed + e, not seed + e
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
    g = torch.Generator().manual_seed(seed + t // k)

# %% wrong: seed and epoch exchanged. | feedback: seed and e are exchanged
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
    g = torch.Generator().manual_seed(1000 * (t // k) + seed)

# %% wrong: The first epoch is 1. | feedback: the first epoch is e = 0
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
    g = torch.Generator().manual_seed(1000 * seed + t // k + 1)

# %% wrong: One generator, drawn from again and again. | feedback: one generator for all epochs
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    g = torch.Generator().manual_seed(1000 * seed)
    orders = [torch.randperm(len(fit), generator=g) for _ in range(t // k + 1)]
    return fit[orders[-1]].split(batch)[t % k]

# %% wrong: Each epoch shuffles what the last one left. | feedback: each epoch shuffles fit itself
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    for epoch in range(t // k + 1):
        g = torch.Generator().manual_seed(1000 * seed + epoch)
        fit = fit[torch.randperm(len(fit), generator=g)]
    return fit.split(batch)[t % k]

# %% wrong: Places in fit are rows. | feedback: those are places in fit
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    return torch.randperm(len(fit), generator=g).split(batch)[t % k]

# %% wrong: The small last batch is dropped. | feedback: the smaller last batch is one of them
# -    k = math.ceil(len(fit) / batch)
    k = max(len(fit) // batch, 1)

# %% wrong: One batch too many an epoch. | feedback: Your code stops with
# -    k = math.ceil(len(fit) / batch)
    k = len(fit) // batch + 1

# %% wrong: t counts from 1. | feedback: update t is counted from 0
# -    k = math.ceil(len(fit) / batch)
    k = math.ceil(len(fit) / batch)
    t = max(t - 1, 0)

# %% wrong: t + 1. | feedback: that is the batch of update t + 1
# -    k = math.ceil(len(fit) / batch)
    k = math.ceil(len(fit) / batch)
    t = t + 1

# %% wrong: The rows of a batch, sorted. | feedback: keep the order in which they are dealt
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k].sort().values

# %% wrong: fit is sorted first. | feedback: fit, shuffled by the generator
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    return fit.sort().values[torch.randperm(len(fit), generator=g)].split(batch)[t % k]

# %% wrong: Nothing is shuffled. | feedback: nothing is shuffled
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    return fit.split(batch)[t % k]

# %% wrong: Every k-th row. | feedback: a batch is cut off whole, not every k-th row
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    return fit[torch.randperm(len(fit), generator=g)][t % k :: k]

# %% wrong: Equal parts, not batches. | feedback: those are k equal parts
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    return fit[torch.randperm(len(fit), generator=g)].tensor_split(k)[t % k]

# %% wrong: A batch drawn with replacement. | feedback: fit, shuffled by the generator
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    return fit[torch.randint(len(fit), (min(batch, len(fit) - t % k * batch),), generator=g)]

# %% wrong: A counter of its own in place of t. | feedback: Is something kept from one call to the next
# -    k = math.ceil(len(fit) / batch)
    k = math.ceil(len(fit) / batch)
    rows_at.t = t = getattr(rows_at, "t", -1) + 1

# %% wrong: Torch's own chance shuffles. | feedback: Torch's own chance is drawn from, or seeded
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    torch.manual_seed(1000 * seed + t // k)
    return fit[torch.randperm(len(fit))].split(batch)[t % k]

# %% wrong: fit is shuffled in place. | feedback: Your function changed the fit that rows_at gets
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    fit[:] = fit[torch.randperm(len(fit), generator=g)]
    return fit.split(batch)[t % k]

# %% wrong: The batch of the first epoch, always. | feedback: Your code stops with IndexError
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t]

# %% wrong: Orders are kept, whatever is to be dealt. | feedback: again, update
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    if (seed, t // k) not in kept:
        g = torch.Generator().manual_seed(1000 * seed + t // k)
        kept[seed, t // k] = torch.randperm(len(fit), generator=g)
    return fit[kept[seed, t // k] % len(fit)].split(batch)[t % k]
# -def split(who, seed):
kept = {}


def split(who, seed):

# %% wrong: Parts are kept by the seed and the number of visits. | feedback: Is something kept from one call to the next
# -    people = who.unique()
    people = who.unique()
    if (seed, len(who)) in kept:
        return kept[seed, len(who)]
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    rows = kept[seed, len(who)] = tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return rows
# -def split(who, seed):
kept = {}


def split(who, seed):

# %% wrong: Mean and spread are kept by the shape. | feedback: Is something kept from one call to the next
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    if (x.shape, len(fit)) not in kept:
        m = x[fit].nanmean(dim=0)
        kept[x.shape, len(fit)] = m, (x[fit] - m).square().nanmean(dim=0).sqrt()
    m, size = kept[x.shape, len(fit)]
    off = x - m
# -def split(who, seed):
kept = {}


def split(who, seed):

# %% wrong: Shuffled rows are kept by seed, epoch and length. | feedback: Is something kept from one call to the next
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    key = seed, t // k, len(fit)
    if key not in kept:
        g = torch.Generator().manual_seed(1000 * seed + t // k)
        kept[key] = fit[torch.randperm(len(fit), generator=g)]
    return kept[key].split(batch)[t % k]
# -def split(who, seed):
kept = {}


def split(who, seed):

# %% wrong: A spread has a least size. | feedback: Has that a least size, or is something added
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    size = off[fit].square().nanmean(dim=0).sqrt().clamp(min=1e-2)

# %% wrong: A column that hardly moves is not divided. | feedback: Has that a least size, or is something added
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    size = off[fit].square().nanmean(dim=0).sqrt()
    size = torch.where(size < 1e-6, 1.0, size)

# %% wrong: An ε beside the spread. | feedback: Is an ε added?
# -    return (off / size).nan_to_num(0.0)
    return (off / (size + 1e-8)).nan_to_num(0.0)

# %% wrong: The mean of squares minus the square of the mean. | feedback: which loses digits
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    size = (x[fit].square().nanmean(dim=0) - x[fit].nanmean(dim=0) ** 2).clamp(min=0).sqrt()

# %% wrong: Rounded to six digits. | feedback: it is rounded. Keep all digits
# -    return (off / size).nan_to_num(0.0)
    return (off / size).nan_to_num(0.0).round(decimals=6)

# %% wrong: Eight columns have gaps, as in the survey. | feedback: for twelve columns,
# -    return (off / size).nan_to_num(0.0)
    z = off / size
    z[:, :8] = z[:, :8].nan_to_num(0.0)
    return z

# %% wrong: Numbers of people are changed in place. | feedback: Your function changed the who that split gets
# -    people = who.unique()
    who -= who.min()
    people = who.unique()

# %% wrong: A chunk for each update. | feedback: Only the last batch of an epoch may be smaller
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    return fit[torch.randperm(len(fit), generator=g)].chunk(k)[t % k]

# %% wrong: All dimensions of one are squeezed. | feedback: has shape (). It is a vector
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return tuple(torch.isin(who, people[part]).nonzero().squeeze() for part in parts)

# %% wrong: A 0 among the data is a gap. | feedback: an entry that is 0 is there, and counts
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    seen = x[fit].nan_to_num(0.0)
    count = seen.count_nonzero(dim=0)
    off = x - seen.sum(dim=0) / count
    size = ((seen != 0) * off[fit].square().nan_to_num(0.0)).sum(dim=0).div(count).sqrt()

# %% wrong: A 0 among the data stays 0. | feedback: A gap is a nan, and nothing else
# -    return (off / size).nan_to_num(0.0)
    return torch.where(x.isnan() | (x == 0), 0.0, off / size)

# %% wrong: What is not 0 is counted. | feedback: Count what is not nan, not what is not 0
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    filled = off[fit].nan_to_num(0.0)
    size = (filled.square().sum(dim=0) / filled.count_nonzero(dim=0)).sqrt()

# %% wrong: The spread of all rows, around their mean. | feedback: the spread is that of all rows. Take
# -    size = off[fit].square().nanmean(dim=0).sqrt()
    size = (x - x.nanmean(dim=0)).square().nanmean(dim=0).sqrt()

# %% wrong: People are floats. | feedback: numbers of people became floats
# -    people = who.unique()
    who = who.double()
    people = who.unique()

# %% wrong: Parts are kept by the number of visits and their sum. | feedback: another order, and the same seed
# -    people = who.unique()
    key = seed, len(who), int(who.sum())
    if key in kept:
        return kept[key]
    people = who.unique()
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    kept[key] = tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    return kept[key]


kept = {}

# %% wrong: An order is kept for the very tensor. | feedback: Is something kept from one call to the next
# -    k = math.ceil(len(fit) / batch)
# -    g = torch.Generator().manual_seed(1000 * seed + t // k)
# -    return fit[torch.randperm(len(fit), generator=g)].split(batch)[t % k]
    k = math.ceil(len(fit) / batch)
    key = fit, seed, t // k
    if key not in kept:
        g = torch.Generator().manual_seed(1000 * seed + t // k)
        kept[key] = fit[torch.randperm(len(fit), generator=g)]
    return kept[key].split(batch)[t % k]


kept = {}

# %% right: masks, slices, and another way to round up
def split(who, seed):
    g = torch.Generator()
    g.manual_seed(seed)
    people, which = torch.unique(who, return_inverse=True)
    m = len(people)
    rank = torch.empty(m, dtype=torch.long)
    rank[torch.randperm(m, generator=g)] = torch.arange(m)
    place, rows = rank[which], torch.arange(len(who))
    test, val = place < m // 5, (place >= m // 5) & (place < 2 * (m // 5))
    return rows[~test & ~val], rows[val], rows[test]


def scaled(x, fit):
    seen, there = x[fit], ~x[fit].isnan()
    n = there.sum(dim=0)
    m = torch.where(there, seen, 0.0).sum(dim=0) / n
    s = (torch.where(there, seen - m, 0.0) ** 2).sum(dim=0).div(n).sqrt()
    return torch.where(x.isnan(), 0.0, (x - m) / s)


def rows_at(fit, t, batch, seed):
    n = fit.numel()
    epoch, place = divmod(t, (n + batch - 1) // batch)
    order = torch.randperm(n, generator=torch.Generator().manual_seed(1000 * seed + epoch))
    return fit[order[batch * place : batch * (place + 1)]]

# %% right: Python's lists and sets, column by column
def split(who, seed):
    people = sorted(set(who.tolist()))
    order = torch.randperm(len(people), generator=torch.Generator().manual_seed(seed)).tolist()
    fifth = len(people) // 5
    sets = [{people[k] for k in part} for part in (order[2 * fifth :], order[fifth : 2 * fifth], order[:fifth])]
    return [
        torch.tensor([row for row, one in enumerate(who.tolist()) if one in part], dtype=torch.long)
        for part in sets
    ]


def scaled(x, fit):
    columns = []
    for column in x.T:
        seen = column[fit]
        seen = seen[~seen.isnan()]
        new = (column - seen.mean()) / seen.std(correction=0)
        new[new.isnan()] = 0.0
        columns.append(new)
    return torch.stack(columns, dim=1)


def rows_at(fit, t, batch, seed):
    while True:
        epoch = 0
        k = -(-len(fit) // batch)
        while t >= k:
            t, epoch = t - k, epoch + 1
        g = torch.Generator().manual_seed(1000 * seed + epoch)
        shuffled = fit[torch.randperm(len(fit), generator=g)]
        return shuffled[t * batch : t * batch + batch].clone()

# %% right: chunks, and the mean filled in
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
# -    return (off / size).nan_to_num(0.0)
    m = torch.nanmean(x[fit], 0)
    size = torch.nanmean((x[fit] - m).pow(2), 0) ** 0.5
    return (torch.where(torch.isnan(x), m, x) - m) / size
# -    k = math.ceil(len(fit) / batch)
    k = len(fit) // batch + (len(fit) % batch > 0)

# %% right: NumPy takes the spread
# -    off = x - x[fit].nanmean(dim=0)
# -    size = off[fit].square().nanmean(dim=0).sqrt()
# -    return (off / size).nan_to_num(0.0)
    import numpy as np

    seen = x[fit].numpy()
    new = (x.numpy() - np.nanmean(seen, axis=0)) / np.nanstd(seen, axis=0)
    return torch.from_numpy(np.nan_to_num(new))

# %% right: a new copy with its gaps filled in place
# -    return (off / size).nan_to_num(0.0)
    off /= size
    off[off.isnan()] = 0.0
    return off

# %% right: a mask for each part, and int32
# -    return tuple(torch.isin(who, people[part]).nonzero().flatten() for part in parts)
    found = []
    for part in parts:
        mask = (who[:, None] == people[part][None]).any(dim=1)
        found.append(torch.nonzero(mask)[:, 0].int())
    return found

# %% right: searchsorted, a divmod, and counts
def split(who, seed):
    people = who.unique()
    m = len(people)
    order = torch.randperm(m, generator=torch.Generator().manual_seed(seed))
    place = torch.empty(m, dtype=torch.long)
    place[order] = torch.arange(m)
    at = place[torch.searchsorted(people, who)]
    rows = torch.arange(len(who))
    k = m // 5
    return rows[at >= 2 * k], rows[(at < 2 * k) & (at >= k)], rows[at < k]


def scaled(x, fit):
    seen = x[fit]
    count = (~seen.isnan()).sum(0)
    mean = seen.nansum(0) / count
    spread = ((seen - mean).nan_to_num().square().sum(0) / count).sqrt()
    return torch.where(x.isnan(), 0.0, (x - mean) / spread)


def rows_at(fit, t, batch, seed):
    e, i = divmod(t, -(-len(fit) // batch))
    order = fit[torch.randperm(len(fit), generator=torch.Generator().manual_seed(1000 * seed + e))]
    return order[i * batch : (i + 1) * batch]
