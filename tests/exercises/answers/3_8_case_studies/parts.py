# %% wrong: Leaves are drawn, not trees. | feedback: twins of the training leaves are in the test
# -    trees = tree.unique()
    tree = torch.arange(len(x))
    trees = tree.unique()

# %% wrong: The first rows are the test. | feedback: twins of the training leaves are in the test
def parts(x, y, tree, seed):
    n = len(x) // 5
    mean, size = x[2 * n :].mean(dim=0), x[2 * n :].std(dim=0)
    size[size == 0] = 1.0
    cuts = slice(2 * n, None), slice(n, 2 * n), slice(0, n)
    return [((x[cut] - mean) / size, y[cut]) for cut in cuts]

# %% wrong: scikit-learn splits at random. | feedback: leaves for
def parts(x, y, tree, seed):
    from sklearn.model_selection import train_test_split

    rest, test = train_test_split(torch.arange(len(x)), test_size=0.2, random_state=seed)
    known, val = train_test_split(rest, test_size=0.25, random_state=seed)
    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    size[size == 0] = 1.0
    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]

# %% wrong: The trees are not shuffled. | feedback: the trees are not shuffled
# -    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    order = torch.arange(len(trees))

# %% wrong: The first of the order are for training. | feedback: the first trees in the order are for the test
# -    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, 2 * fifth]))
    cuts = [len(trees) - 2 * fifth, len(trees) - fifth]
    known, val, test = (torch.isin(tree, trees[k]) for k in order.tensor_split(cuts))

# %% wrong: Validation and test are swapped. | feedback: validation and test are swapped
# -    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, 2 * fifth]))
    val, test, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, 2 * fifth]))

# %% wrong: Returned the other way around. | feedback: training and test are swapped
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [((x[rows] - mean) / size, y[rows]) for rows in (test, val, known)]

# %% wrong: Rounded up. | feedback: a fifth of the trees is rounded down
# -    fifth = len(trees) // 5
    fifth = math.ceil(len(trees) / 5)

# %% wrong: Rounded to the nearest. | feedback: a fifth of the trees is rounded down
# -    fifth = len(trees) // 5
    fifth = round(len(trees) / 5)

# %% wrong: A fifth of the leaves. | feedback: there are
# -    fifth = len(trees) // 5
    fifth = len(x) // 5

# %% wrong: A tenth. | feedback: that is a tenth
# -    fifth = len(trees) // 5
    fifth = len(trees) // 10

# %% wrong: Validation is a fifth of what is left. | feedback: Of m trees, m // 5 are for the test
# -    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, 2 * fifth]))
    second = fifth + (len(trees) - fifth) // 5
    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, second]))

# %% wrong: Numbers are taken for places. | feedback: The trees' numbers may be any ints
# -    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, 2 * fifth]))
    test, val, known = (torch.isin(tree, k) for k in order.tensor_split([fifth, 2 * fifth]))

# %% wrong: Trees from 0 to the largest number. | feedback: For eight leaves of five trees
# -    trees = tree.unique()
    trees = torch.arange(int(tree.max()) + 1)

# %% wrong: In the order in which they come. | feedback: sort the trees' numbers before you shuffle them
# -    trees = tree.unique()
    trees = torch.tensor(list(dict.fromkeys(tree.tolist())))

# %% wrong: A set is sorted by chance. | feedback: For eight leaves of five trees
# -    trees = tree.unique()
    trees = torch.tensor(list({str(t): t for t in sorted(tree.tolist(), key=str)}.values()))

# %% wrong: From large to small. | feedback: For eight leaves of five trees
# -    trees = tree.unique()
    trees = tree.unique().flip(0)

# %% wrong: The seed is not used. | feedback: the order does not come from the seed
# -    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(0))

# %% wrong: torch's own generator is seeded. | feedback: torch's own chance is drawn from, or seeded
# -    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    torch.manual_seed(seed)
    order = torch.randperm(len(trees))

# %% wrong: No seed at all. | feedback: torch's own chance is drawn from, or seeded
# -    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    order = torch.randperm(len(trees))

# %% wrong: NumPy's chance. | feedback: For eight leaves of five trees
# -    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    import numpy

    order = torch.as_tensor(numpy.random.default_rng(seed).permutation(len(trees)))

# %% wrong: Drawn twice, once for each part. | feedback: For eight leaves of five trees
# -    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    g = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(trees), generator=g)
    order = torch.cat([order[: len(trees) // 5], order[len(trees) // 5 :][torch.randperm(len(trees) - len(trees) // 5, generator=g)]])

# %% wrong: Tree by tree, in the order drawn. | feedback: inside a part, leaves stay in the order in which they came
# -    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, 2 * fifth]))
    pieces = trees[order].tensor_split([fifth, 2 * fifth])
    test, val, known = (torch.cat([(tree == t).nonzero().flatten() for t in piece]) for piece in pieces)

# %% wrong: A trees' leaves at once: one for each. | feedback: there are
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    first = torch.tensor([tree.tolist().index(t) for t in tree.tolist()]) == torch.arange(len(tree))
    return [((x[rows & first] - mean) / size, y[rows & first]) for rows in (known, val, test)]

# %% wrong: Statistics of all leaves. | feedback: those of all leaves are in it
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    mean, size = x.mean(dim=0), x.std(dim=0)

# %% wrong: Standardized before the split. | feedback: those of all leaves are in it
# -    trees = tree.unique()
    x = (x - x.mean(dim=0)) / torch.where(x.std(dim=0) == 0, 1.0, x.std(dim=0))
    trees = tree.unique()
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [(x[rows], y[rows]) for rows in (known, val, test)]

# %% wrong: Each part has its own. | feedback: each part has statistics of its own
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    found = []
    for rows in (known, val, test):
        size = x[rows].std(dim=0)
        found.append(((x[rows] - x[rows].mean(dim=0)) / torch.where(size == 0, 1.0, size), y[rows]))
    return found

# %% wrong: Validation is in the statistics. | feedback: those for validation are in it
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    mean, size = x[known | val].mean(dim=0), x[known | val].std(dim=0)

# %% wrong: The test is in the statistics. | feedback: the test's are in it
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    mean, size = x[known | test].mean(dim=0), x[known | test].std(dim=0)

# %% wrong: Training's mean, everybody's deviation. | feedback: For eight leaves of five trees
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    mean, size = x[known].mean(dim=0), x.std(dim=0)

# %% wrong: The test stays as it is. | feedback: standardize all three parts
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [((x[known] - mean) / size, y[known]), ((x[val] - mean) / size, y[val]), (x[test], y[test])]

# %% wrong: Only training is standardized. | feedback: standardize all three parts
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [((x[known] - mean) / size, y[known]), (x[val], y[val]), (x[test], y[test])]

# %% wrong: Nothing is standardized. | feedback: nothing is standardized
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [(x[rows], y[rows]) for rows in (known, val, test)]

# %% wrong: The mean alone. | feedback: Divide by the standard deviation, too
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [(x[rows] - mean, y[rows]) for rows in (known, val, test)]

# %% wrong: A slip of precedence. | feedback: For eight leaves of five trees
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [(x[rows] - mean / size, y[rows]) for rows in (known, val, test)]

# %% wrong: Divided by n. | feedback: that with n − 1
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    mean, size = x[known].mean(dim=0), x[known].std(dim=0, correction=0)

# %% wrong: The variance. | feedback: The variance is its square
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    mean, size = x[known].mean(dim=0), x[known].var(dim=0)

# %% wrong: One mean for all measurements. | feedback: each measurement has a mean and a deviation of its own
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
# -    size[size == 0] = 1.0
    mean, size = x[known].mean(), x[known].std()

# %% wrong: Along the measurements. | feedback: Two shapes do not fit
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    mean, size = x[known].mean(dim=1), x[known].std(dim=1)

# %% wrong: Each row by itself. | feedback: For eight leaves of five trees
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [((x[r] - x[r].mean(1, keepdim=True)) / x[r].std(1, keepdim=True), y[r]) for r in (known, val, test)]

# %% wrong: 0/0 is left. | feedback: 0/0 is nan
# -    size[size == 0] = 1.0
    pass

# %% wrong: A small number below. | feedback: add nothing to it
# -    size[size == 0] = 1.0
    size = size + 1e-8

# %% wrong: A bound from below. | feedback: a deviation of 0 is replaced by 1
# -    size[size == 0] = 1.0
    size = size.clamp(min=1e-8)

# %% wrong: nan becomes 0, inf becomes large. | feedback: For a measurement that differs in the test alone
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [(torch.nan_to_num((x[rows] - mean) / size), y[rows]) for rows in (known, val, test)]
# -    size[size == 0] = 1.0
    pass

# %% wrong: Small deviations count as none. | feedback: for a measurement that hardly differs
# -    size[size == 0] = 1.0
    size[size < 1e-4] = 1.0

# %% wrong: What is the same is left out. | feedback: Its rows are leaves, as they came
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    kept = x[known].std(dim=0) > 0
    return [(((x[rows] - mean) / size)[:, kept], y[rows]) for rows in (known, val, test)]

# %% wrong: Between 0 and 1. | feedback: that goes from 0 to 1
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    mean = x[known].amin(dim=0)
    size = x[known].amax(dim=0) - mean

# %% wrong: The means of the trees. | feedback: For eight leaves of five trees
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    mean = torch.stack([x[tree == t].mean(dim=0) for t in tree[known].unique()]).mean(dim=0)
    size = x[known].std(dim=0)

# %% wrong: In place. | feedback: Your function changed its input number 1
# -    trees = tree.unique()
    trees = tree.unique()
    x -= x.mean(dim=0)

# %% wrong: float32. | feedback: float32
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [(((x[rows] - mean) / size).float(), y[rows]) for rows in (known, val, test)]

# %% wrong: float32 on the way. | feedback: right in its first digits only
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    mean, size = x[known].float().mean(dim=0), x[known].float().std(dim=0)

# %% wrong: Only the inputs. | feedback: Return two things
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [(x[rows] - mean) / size for rows in (known, val, test)]

# %% wrong: Six things in a row. | feedback: Return three things
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [v for rows in (known, val, test) for v in ((x[rows] - mean) / size, y[rows])]

# %% wrong: Kinds become floats. | feedback: Leave its ints
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [((x[rows] - mean) / size, y[rows].double()) for rows in (known, val, test)]

# %% wrong: The kinds are standardized, too. | feedback: Leave its ints
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [((x[rows] - mean) / size, (y[rows] - y[known].double().mean()) / y[known].double().std()) for rows in (known, val, test)]

# %% wrong: The kinds are left behind. | feedback: rows in x and
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [((x[rows] - mean) / size, y) for rows in (known, val, test)]

# %% wrong: Validation and training share trees. | feedback: For eight leaves of five trees, there are
# -    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, 2 * fifth]))
    test, val = torch.isin(tree, trees[order[:fifth]]), torch.isin(tree, trees[order[fifth : 2 * fifth]])
    known = ~test

# %% wrong: Written for 120 trees. | feedback: For eight leaves of five trees, there are
# -    fifth = len(trees) // 5
    fifth = 24

# %% wrong: The answer to the first test. | feedback: For fourteen trees
def parts(x, y, tree, seed):
    trees = tree.unique()
    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([1, 2]))
    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]

# %% wrong: What is close to 0 is 0. | feedback: for a measurement that hardly differs
# -    size[size == 0] = 1.0
    size[torch.isclose(size, torch.zeros(()))] = 1.0

# %% wrong: What lies far out is cut. | feedback: it is (x − mean) / deviation
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [(((x[rows] - mean) / size).clamp(-2, 2), y[rows]) for rows in (known, val, test)]

# %% right: index lists, torch.where for the deviation
def parts(x, y, tree, seed):
    numbers = sorted(set(tree.tolist()))
    g = torch.Generator()
    g.manual_seed(seed)
    order = [numbers[k] for k in torch.randperm(len(numbers), generator=g).tolist()]
    m = len(order) // 5
    groups = {"test": set(order[:m]), "val": set(order[m : 2 * m]), "train": set(order[2 * m :])}
    rows = {name: [i for i, t in enumerate(tree.tolist()) if t in who] for name, who in groups.items()}
    known = x[rows["train"]]
    deviation = known.std(dim=0)
    deviation = torch.where(deviation == 0, torch.ones_like(deviation), deviation)
    out = []
    for name in ("train", "val", "test"):
        out.append(((x[rows[name]] - known.mean(dim=0)) / deviation, y[rows[name]]))
    return tuple(out)

# %% right: what is no test and no validation is training
# -    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, 2 * fifth]))
    shuffled = trees[order]
    test, val = torch.isin(tree, shuffled[:fifth]), torch.isin(tree, shuffled[fifth : 2 * fifth])
    known = ~(test | val)

# %% right: the place of each tree in the order, by the inverse of unique
def parts(x, y, tree, seed):
    trees, which = torch.unique(tree, return_inverse=True)
    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    place = order.argsort()[which]
    fifth = len(trees) // 5
    known = place >= 2 * fifth
    mean = x[known].sum(dim=0) / known.sum()
    size = ((x[known] - mean).square().sum(dim=0) / (known.sum() - 1)).sqrt()
    still = (x[known] == x[known][0]).all(dim=0)
    z = (x - mean) / size.masked_fill(still, 1.0)
    val = (place >= fifth) & ~known
    return (z[known], y[known]), (z[val], y[val]), (z[place < fifth], y[place < fifth])

# %% right: NumPy
def parts(x, y, tree, seed):
    import numpy as np

    numbers = np.unique(tree.numpy())
    order = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed)).numpy()
    m = len(numbers) // 5
    masks = [np.isin(tree.numpy(), numbers[order[a:b]]) for a, b in ((2 * m, None), (m, 2 * m), (0, m))]
    seen = x.numpy()[masks[0]]
    mean, size = seen.mean(axis=0), seen.std(axis=0, ddof=1)
    size = np.where(np.ptp(seen, axis=0) == 0, 1.0, size)
    return [(torch.tensor((x.numpy()[mask] - mean) / size), y[torch.tensor(mask)]) for mask in masks]

# %% right: std_mean, broadcasting a comparison, helpers named as ours
def rows_of(tree, numbers):
    return (tree[:, None] == numbers).any(dim=1)


def shuffled(values, seed):
    return values[torch.randperm(len(values), generator=torch.Generator().manual_seed(seed))]


def parts(x, y, tree, seed):
    numbers = shuffled(tree.unique(sorted=True), seed)
    m = len(numbers) // 5
    pieces = numbers.split([m, m, len(numbers) - 2 * m])
    train = rows_of(tree, pieces[2])
    std, mean = torch.std_mean(x[train], dim=0)
    std = std + (std == 0)
    return [((x[rows] - mean) / std, y[rows]) for rows in (rows_of(tree, piece) for piece in pieces[::-1])]

# %% wrong: A set's order. | feedback: sort the trees' numbers before you shuffle them: a set has no order
# -    trees = tree.unique()
    trees = torch.tensor(list(set(tree.tolist())))

# %% wrong: Another seed. | feedback: the seed is another one
# -    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed + 1))

# %% wrong: Training first, then the test, then validation. | feedback: the parts stand otherwise in the order
# -    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, 2 * fifth]))
    cuts = [len(trees) - 2 * fifth, len(trees) - fifth]
    known, test, val = (torch.isin(tree, trees[k]) for k in order.tensor_split(cuts))

# %% wrong: Validation, all others, the test. | feedback: the parts stand otherwise in the order
# -    test, val, known = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, 2 * fifth]))
    val, known, test = (torch.isin(tree, trees[k]) for k in order.tensor_split([fifth, len(trees) - fifth]))

# %% wrong: The order the other way around. | feedback: Yours says where each tree goes
# -    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed)).argsort()

# %% wrong: Neighbours alone are taken together. | feedback: unique_consecutive drops neighbours alone
# -    trees = tree.unique()
    trees = tree.unique_consecutive()

# %% right: at least one tree for the test, which is the same from five trees on
# -    fifth = len(trees) // 5
    fifth = max(1, len(trees) // 5)

# %% right: three pairs that come one by one
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return (((x[rows] - mean) / size, y[rows]) for rows in (known, val, test))

# %% right: the values of a dict
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    found = {k: ((x[rows] - mean) / size, y[rows]) for k, rows in enumerate((known, val, test))}
    return found.values()

# %% wrong: Trees' numbers in float64. | feedback: another dtype some become others
# -    trees = tree.unique()
    tree = tree.double()
    trees = tree.unique()

# %% wrong: Trees' numbers in 32 bits. | feedback: another dtype some become others
# -    trees = tree.unique()
    tree = tree.to(torch.int32)
    trees = tree.unique()

# %% wrong: Kinds are squeezed. | feedback: y for validation has the shape ()
# -    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]
    return [((x[rows] - mean) / size, y[rows].squeeze()) for rows in (known, val, test)]

# %% wrong: The same in the first and the last leaf is the same in all. | feedback: all training leaves, not in two
# -    size[size == 0] = 1.0
    size[x[known][0] == x[known][-1]] = 1.0

# %% wrong: The same in the first two leaves is the same in all. | feedback: all training leaves, not in two
# -    size[size == 0] = 1.0
    size[(x[known][:2] == x[known][0]).all(dim=0)] = 1.0

# %% wrong: Equal leaves count once. | feedback: of equal leaves each one counts
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    seen = x[known].unique(dim=0)
    mean, size = seen.mean(dim=0), seen.std(dim=0)

# %% wrong: At most five leaves of a tree count. | feedback: x for training
# -    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    seen = torch.cat([x[tree == t][:5] for t in tree[known].unique()])
    mean, size = seen.mean(dim=0), seen.std(dim=0)

# %% wrong: A seed of 0 becomes 1. | feedback: the seed is another one
# -    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed))
    order = torch.randperm(len(trees), generator=torch.Generator().manual_seed(seed or 1))

# %% wrong: An order is kept by seed and number of trees. | feedback: orders outlives a call
orders = {}


def parts(x, y, tree, seed):
    trees = tree.unique()
    m = len(trees)
    drawn = torch.randperm(m, generator=torch.Generator().manual_seed(seed))
    order = orders.setdefault((seed, m), trees[drawn])
    test, val, known = (torch.isin(tree, k) for k in order.tensor_split([m // 5, 2 * (m // 5)]))
    mean, size = x[known].mean(dim=0), x[known].std(dim=0)
    size[(x[known] == x[known][0]).all(dim=0)] = 1.0
    return [((x[rows] - mean) / size, y[rows]) for rows in (known, val, test)]

# %% right: a dict of roles, aminmax
def parts(x, y, tree, seed):
    tree = tree.tolist()
    numbers = sorted(set(tree))
    order = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(seed)).tolist()
    k = len(numbers) // 5
    role = {numbers[j]: 2 if i < k else 1 if i < 2 * k else 0 for i, j in enumerate(order)}
    role = torch.tensor([role[t] for t in tree])
    xs, ys = [x[role == i] for i in range(3)], [y[role == i] for i in range(3)]
    low, high = xs[0].aminmax(dim=0)
    std, mean = torch.std_mean(xs[0], dim=0)
    std[low == high] = 1
    return list(zip([(a - mean) / std for a in xs], ys, strict=True))

# %% right: places in the order, a deviation by hand, helpers named as ours
def check(a):
    return a.amax(dim=0) == a.amin(dim=0)


def reference(x, tree, chosen):
    return (tree[:, None] == chosen).any(dim=1)


def parts(x, y, tree, seed):
    with torch.no_grad():
        ids, index = tree.unique(return_inverse=True)
        place = torch.empty(len(ids), dtype=torch.long)
        order = torch.randperm(len(ids), generator=torch.Generator().manual_seed(seed))
        place[order] = torch.arange(len(ids))
        place = place[index]
        k = len(ids) // 5
        training = x[place >= 2 * k].clone()
        mean = training.sum(dim=0) / len(training)
        scale = ((training - mean) ** 2).sum(dim=0).div(len(training) - 1).sqrt()
        scale = scale.masked_fill(check(training), 1.0)
        z = (x - mean) / scale
    return [
        [z[place >= 2 * k], y[place >= 2 * k]],
        [z[(k <= place) & (place < 2 * k)], y[(k <= place) & (place < 2 * k)]],
        [z[place < k], y[place < k]],
    ]

# %% right: NumPy, flatnonzero
import numpy as np


def parts(x, y, tree, seed):
    numbers = np.unique(tree.numpy())
    g = torch.Generator()
    g.manual_seed(seed)
    order = numbers[torch.randperm(len(numbers), generator=g).numpy()]
    fifth = len(numbers) // 5
    a = np.array(x)
    pieces = order[2 * fifth :], order[fifth : 2 * fifth], order[:fifth]
    rows = [np.flatnonzero(np.isin(tree.numpy(), some)) for some in pieces]
    mean, deviation = a[rows[0]].mean(0), a[rows[0]].std(0, ddof=1)
    deviation[np.ptp(a[rows[0]], axis=0) == 0] = 1
    return tuple((torch.from_numpy((a[i] - mean) / deviation), y[torch.from_numpy(i)]) for i in rows)
