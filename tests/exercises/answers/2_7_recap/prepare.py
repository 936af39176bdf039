# %% wrong: Everybody may be measured before the split. | feedback: those of all patients
# -            seen = raw[fit]
# -            s = seen.std(dim=0, correction=0)
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
# -            parts.append((raw[rows] - seen.mean(dim=0)) / s)
            s = raw.std(dim=0, correction=0)
            parts.append((raw[rows] - raw.mean(dim=0)) / torch.where(s == 0, 1.0, s))

# %% wrong: Each set is scaled by itself. | feedback: x_val is scaled by its own mean and spread
# -            seen = raw[fit]
# -            s = seen.std(dim=0, correction=0)
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
# -            parts.append((raw[rows] - seen.mean(dim=0)) / s)
            s = raw[rows].std(dim=0, correction=0)
            parts.append((raw[rows] - raw[rows].mean(dim=0)) / torch.where(s == 0, 1.0, s))

# %% wrong: A standard deviation divides by n − 1. | feedback: correction=0
# -            s = seen.std(dim=0, correction=0)
            s = raw[fit].std(dim=0)

# %% wrong: The file's order is as good as any. | feedback: in the order of the file
# -    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    order = torch.arange(len(x))

# %% wrong: One seeds torch itself. | feedback: the generator made of the seed
# -    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    order = torch.randperm(len(x), generator=torch.manual_seed(seed))

# %% wrong: First come those to fit. | feedback: other patients are to fit
# -    test, val, fit = order.split([fifth, fifth, len(x) - 2 * fifth])
    fit, val, test = order.split([len(x) - 2 * fifth, fifth, fifth])

# %% wrong: The first fifth is for validation. | feedback: Validation and test are swapped
# -    test, val, fit = order.split([fifth, fifth, len(x) - 2 * fifth])
    val, test, fit = order.split([fifth, fifth, len(x) - 2 * fifth])

# %% wrong: Answers are what is wanted, and stay as they are. | feedback: the answers are not scaled
def prepare(x, y, seed):
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    k = len(x) // 5
    fit = order[2 * k :]
    m, s = x[fit].mean(dim=0), x[fit].std(dim=0, correction=0)
    s = torch.where(s == 0, 1.0, s)
    parts = []
    for rows in (fit, order[k : 2 * k], order[:k]):
        parts += [(x[rows] - m) / s, y[rows]]
    return parts

# %% wrong: Inputs and answers may be shuffled one after the other. | feedback: the answers must go with their patients
def prepare(x, y, seed):
    generator = torch.Generator().manual_seed(seed)
    k, scaled = len(x) // 5, []
    for raw in (x, y):
        order = torch.randperm(len(raw), generator=generator)
        fit = raw[order[2 * k :]]
        m, s = fit.mean(dim=0), fit.std(dim=0, correction=0)
        s = torch.where(s == 0, 1.0, s)
        scaled.append([(raw[rows] - m) / s for rows in (order[2 * k :], order[k : 2 * k], order[:k])])
    return [part for pair in zip(*scaled, strict=True) for part in pair]

# %% wrong: Nothing has a standard deviation of 0. | feedback: divided by a standard deviation of 0
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
# -            parts.append((raw[rows] - seen.mean(dim=0)) / s)
            parts.append((raw[rows] - raw[fit].mean(dim=0)) / s)

# %% wrong: A little is added, so that nothing is divided by 0. | feedback: each column: minus its mean
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
# -            parts.append((raw[rows] - seen.mean(dim=0)) / s)
            parts.append((raw[rows] - raw[fit].mean(dim=0)) / (s + 1e-3))

# %% wrong: A tiny spread stands for none. | feedback: divided by its own
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
# -            parts.append((raw[rows] - seen.mean(dim=0)) / s)
            parts.append((raw[rows] - raw[fit].mean(dim=0)) / s.clamp(min=1e-8))

# %% wrong: What comes in may be scaled in place. | feedback: changed its input number
def prepare(x, y, seed):
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    k = len(x) // 5
    fit = order[2 * k :]
    for raw in (x, y):
        s = raw[fit].std(dim=0, correction=0)
        raw -= raw[fit].mean(dim=0)
        raw /= torch.where(s == 0, 1.0, s)
    return [raw[rows] for rows in (fit, order[k : 2 * k], order[:k]) for raw in (x, y)]

# %% wrong: All inputs together have one mean and one spread. | feedback: divided by its own standard deviation
def prepare(x, y, seed):
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    k = len(x) // 5
    fit, parts = order[2 * k :], []
    for rows in (fit, order[k : 2 * k], order[:k]):
        for raw in (x, y):
            parts.append((raw[rows] - raw[fit].mean()) / (raw[fit].std(correction=0) or 1.0))
    return parts

# %% wrong: Scaled numbers may be float32. | feedback: is float32
# -    return parts
    return [part.float() for part in parts]

# %% wrong: Three pairs are three things. | feedback: Return six tensors
# -    return parts
    return [(parts[0], parts[1]), (parts[2], parts[3]), (parts[4], parts[5])]

# %% right: by hand, with boolean masks
def prepare(x, y, seed):
    n = x.shape[0]
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    a, b = n // 5, 2 * (n // 5)
    x, y = x[order], y[order]
    out = []
    for start, end in ((b, n), (a, b), (0, a)):
        for raw in (x, y):
            mean = raw[b:].sum(dim=0) / (n - b)
            spread = ((raw[b:] - mean) ** 2).mean(dim=0).sqrt()
            spread[raw[b:].amax(dim=0) == raw[b:].amin(dim=0)] = 1
            out.append((raw[start:end] - mean) / spread)
    return out

# %% right: a tuple, with a helper that bears the name of one of ours
def shaped(raw, fit):
    m, s = raw[fit].mean(dim=0), raw[fit].std(dim=0, unbiased=False)
    s[(raw[fit] == raw[fit][0]).all(dim=0)] = 1.0
    return lambda rows: (raw[rows] - m) / s


def prepare(x, y, seed):
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    fifth = len(x) // 5
    fit = order[2 * fifth :]
    of_x, of_y = shaped(x, fit), shaped(y, fit)
    val, test = order[fifth : 2 * fifth], order[:fifth]
    return of_x(fit), of_y(fit), of_x(val), of_y(val), of_x(test), of_y(test)

# %% right: with a global switch of its own
# -    return parts
    torch.set_default_dtype(torch.float32)
    return parts

# %% wrong: A spread below 1 is none. | feedback: however small it is
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
# -            parts.append((raw[rows] - seen.mean(dim=0)) / s)
            parts.append((raw[rows] - raw[fit].mean(dim=0)) / s.clamp(min=1.0))

# %% wrong: A spread by hand is exactly 0. | feedback: do not wait for a standard deviation of 0
# -            s = seen.std(dim=0, correction=0)
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
            s = (seen - seen.mean(dim=0)).square().mean(dim=0).sqrt()
            s = torch.where(s == 0, 1.0, s)

# %% wrong: For so many patients there is one order. | feedback: your x_fit is another
ORDERS = {}


def prepare(x, y, seed):
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    if len(x) > 10:
        order = ORDERS.setdefault(len(x), order)
    fifth, parts = len(x) // 5, []
    fit = order[2 * fifth :]
    for rows in (fit, order[fifth : 2 * fifth], order[:fifth]):
        for raw in (x, y):
            s = raw[fit].std(dim=0, correction=0)
            parts.append((raw[rows] - raw[fit].mean(dim=0)) / torch.where(raw[fit].amax(0) == raw[fit].amin(0), 1.0, s))
    return parts

# %% wrong: Whoever seeds torch itself gets the same order. | feedback: the generator made of the seed
# -    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    torch.manual_seed(seed)
    order = torch.randperm(len(x))

# %% wrong: What is seen before the test may be measured. | feedback: those of fit and val together
# -            seen = raw[fit]
# -            s = seen.std(dim=0, correction=0)
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
# -            parts.append((raw[rows] - seen.mean(dim=0)) / s)
            seen = raw[order[fifth:]]
            s = seen.std(dim=0, correction=0)
            parts.append((raw[rows] - seen.mean(dim=0)) / torch.where(s == 0, 1.0, s))

# %% wrong: float32 does for a mean. | feedback: Is something float32 on the way
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
# -            parts.append((raw[rows] - seen.mean(dim=0)) / s)
            parts.append((raw[rows] - raw[fit].float().mean(dim=0) * 1.0000001) / torch.where(s == 0, 1.0, s))

# %% wrong: torch's standard deviation of a constant is exactly 0. | feedback: do not wait for a standard deviation of 0
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
            s = torch.where(s == 0, 1.0, s)

# %% wrong: What is smaller than rounding is 0. | feedback: however small it is
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
            s = torch.where(s < 1e-12, 1.0, s)

# %% wrong: A spread below a thousandth is none. | feedback: however small it is
# -            s = torch.where(seen.amax(dim=0) == seen.amin(dim=0), 1.0, s)
            s = torch.where(s < 1e-3, 1.0, s)

# %% wrong: The mean of squares minus the squared mean is the variance. | feedback: subtract the mean first
# -            s = seen.std(dim=0, correction=0)
            s = (seen.square().mean(dim=0) - seen.mean(dim=0).square()).clamp(min=0).sqrt()
