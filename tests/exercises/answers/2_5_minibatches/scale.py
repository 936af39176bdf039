# %% wrong: Each table has its own statistics. | feedback: that is on the scale of the test data
# -    return (train - mean) / std, (test - mean) / std
    own = test.std(dim=0, correction=0)
    own = torch.where(own == 0, 1.0, own)
    return (train - mean) / std, (test - test.mean(dim=0)) / own

# %% wrong: The more data, the better the statistics. | feedback: the scale of all the data
# -    mean = train.mean(dim=0)
# -    std = train.std(dim=0, correction=0)
    both = torch.cat([train, test])
    mean = both.mean(dim=0)
    std = both.std(dim=0, correction=0)

# %% wrong: torch's std divides by n. | feedback: divide by n, not n − 1
# -    std = train.std(dim=0, correction=0)
    std = train.std(dim=0)

# %% wrong: A table has one mean. | feedback: those are the statistics of the whole table
def standardize(train, test):
    mean, std = train.mean(), train.std(correction=0)
    return (train - mean) / std, (test - mean) / std

# %% wrong: A small number keeps the division safe. | feedback: subtract its mean, and divide by 1
# -    constant = train.amax(dim=0) == train.amin(dim=0)
# -    std = torch.where(constant, 1.0, std)
    std = std + 1e-8

# %% wrong: Zero is exactly zero, by hand, too. | feedback: subtract its mean, and divide by 1
def standardize(train, test):
    mean = train.mean(dim=0)
    std = ((train - mean) ** 2).mean(dim=0).sqrt()
    std[std == 0] = 1.0
    return (train - mean) / std, (test - mean) / std

# %% wrong: Constants are rare. | feedback: subtract its mean, and divide by 1
# -    constant = train.amax(dim=0) == train.amin(dim=0)
# -    std = torch.where(constant, 1.0, std)

# %% wrong: What is small is constant. | feedback: small, and not constant
# -    constant = train.amax(dim=0) == train.amin(dim=0)
    constant = std < 1e-8

# %% wrong: The test data stay as they are. | feedback: nothing has been done to it
# -    return (train - mean) / std, (test - mean) / std
    return (train - mean) / std, test

# %% wrong: To centre is to standardize. | feedback: the mean is subtracted, but nothing is divided
# -    return (train - mean) / std, (test - mean) / std
    return train - mean, test - mean

# %% wrong: The variance is the scale. | feedback: that was divided by the variance
# -    std = train.std(dim=0, correction=0)
    std = train.var(dim=0, correction=0)

# %% wrong: The tables may be changed where they are. | feedback: changed its input
# -    return (train - mean) / std, (test - mean) / std
    train -= mean
    test -= mean
    return train / std, test / std

# %% wrong: Constant in the test data counts, too. | feedback: constant in test only
# -    constant = train.amax(dim=0) == train.amin(dim=0)
    constant = (train.amax(dim=0) == train.amin(dim=0)) | ((test.amax(dim=0) == test.amin(dim=0)) & (len(test) > 1))

# %% wrong: Constant columns become zero everywhere. | feedback: subtract its mean, and divide by 1
# -    std = torch.where(constant, 1.0, std)
    std = torch.where(constant, float("inf"), std)

# %% right: the mean square by hand
def standardize(train, test):
    mean = train.sum(dim=0) / len(train)
    std = ((train - mean) ** 2).mean(dim=0).sqrt()
    std[(train == train[0]).all(dim=0)] = 1.0
    return (train - mean) / std, (test - mean) / std

# %% right: column by column
def standardize(train, test):
    columns = []
    for k in range(train.shape[1]):
        known = train[:, k]
        std = known.std(correction=0) if known.max() > known.min() else 1.0
        columns.append([(x[:, k] - known.mean()) / std for x in (train, test)])
    return tuple(torch.stack(column, dim=1) for column in zip(*columns, strict=True))

# %% right: one table, then apart
def standardize(train, test):
    both = torch.cat([train, test]) - train.mean(dim=0)
    spread = train.var(dim=0, correction=0) ** 0.5
    both = both / spread.masked_fill(train.amax(0) == train.amin(0), 1.0)
    return both[: len(train)], both[len(train) :]

# %% wrong: torch's std of a constant is exactly 0. | feedback: Do not wait for a std of 0
# -    constant = train.amax(dim=0) == train.amin(dim=0)
# -    std = torch.where(constant, 1.0, std)
    std = torch.where(std == 0, 1.0, std)

# %% wrong: float32 is precise enough. | feedback: float32
# -    return (train - mean) / std, (test - mean) / std
    return ((train - mean) / std).float(), ((test - mean) / std).float()

# %% wrong: A test table of one row has no column. | feedback: has shape
# -    return (train - mean) / std, (test - mean) / std
    return (train - mean) / std, ((test - mean) / std).squeeze()

# %% wrong: The mean of squares minus the squared mean is the variance. | feedback: with entries near a million
# -    std = train.std(dim=0, correction=0)
    std = (train.square().mean(dim=0) - mean.square()).clamp(min=0).sqrt()

# %% wrong: float32 does in between. | feedback: Is something float32 on the way
# -    mean = train.mean(dim=0)
    mean = train.float().mean(dim=0).double()

# %% wrong: What is smaller than rounding is 0. | feedback: With one column only, of 100000.1
def standardize(train, test):
    mean = train.mean(0)
    std = ((train - mean) ** 2).mean(0).sqrt()
    std = torch.where(std < 1e-12, 1.0, std)
    return (train - mean) / std, (test - mean) / std

# %% wrong: A threshold that is large enough for rounding. | feedback: small, and not constant
def standardize(train, test):
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    std = torch.where(std < 1e-10, 1.0, std)
    return (train - mean) / std, (test - mean) / std
