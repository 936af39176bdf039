# %% wrong: A tiny number added to s is harmless. | feedback: Is something tiny added to s
def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0) + 1e-8
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: Every column varies. | feedback: a constant column gives 0/0
def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0)
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: Variance and standard deviation are the same thing. | feedback: divide by the standard deviation, the root of the variance
def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.var(dim=0, correction=0)
    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: The data may be scaled where they lie. | feedback: changed its input number 1
def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0)
    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
    x_train -= m
    x_train /= s
    return x_train, (x_new - m) / s

# %% wrong: Dividing by the spread is enough. | feedback: subtract the mean first
def standardize(x_train, x_new):
    s = x_train.std(dim=0, correction=0)
    s = torch.where(s == 0, 1.0, s)
    return x_train / s, x_new / s

# %% wrong: New data are scaled by their own mean and spread. | feedback: x_new was scaled by its own mean and spread
def standardize(x_train, x_new):
    def scaled(x):
        m, s = x.mean(dim=0), x.std(dim=0, correction=0)
        return (x - m) / torch.where(s <= 1e-12 * m.abs(), 1.0, s)

    return scaled(x_train), scaled(x_new)

# %% wrong: One mean and one spread serve the whole table. | feedback: Each column by its own: dim=0
def standardize(x_train, x_new):
    m, s = x_train.mean(), x_train.std(correction=0)
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: torch's std divides by n. | feedback: divides by n − 1 unless you say correction=0
def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0)
    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: Mean and spread are taken over training and new data together. | feedback: the training value 3, standardized,
def standardize(x_train, x_new):
    both = torch.cat([x_train, x_new])
    m, s = both.mean(dim=0), both.std(dim=0, correction=0)
    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
    return (x_train - m) / s, (x_new - m) / s

# %% right: mean and spread from sums; masks in place of where
def standardize(x_train, x_new):
    n = x_train.shape[0]
    m = x_train.sum(0, keepdim=True) / n
    centered = x_train - m
    s = (centered.square().sum(0, keepdim=True) / n).sqrt()
    s[s <= 1e-12 * m.abs()] = 1
    return centered / s, (x_new - m) / s

# %% wrong: What is constant has s = 0 exactly. | feedback: Count as constant where s ≤ 1e-12·|m|
def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0)
    s = torch.where(s == 0, 1.0, s)
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: Something tiny under the root, and nothing for constant columns. | feedback: Is something tiny added to s, or to the variance?
def standardize(x_train, x_new):
    m = x_train.mean(dim=0)
    s = (x_train.var(dim=0, correction=0) + 1e-8).sqrt()
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: Tiny is below a number, whatever the units. | feedback: s is compared with 1e-12·|m|
# -    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
    s = torch.where(s <= 1e-12, 1.0, s)

# %% wrong: Smaller than a share of the mean, without equality. | feedback: but 0 < 0 does not
# -    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
    s = torch.where(s < 1e-12 * m.abs(), 1.0, s)

# %% wrong: A mean is never negative. | feedback: every s is 0
# -    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
    s = torch.where(s <= 1e-12 * m, 1.0, s)

# %% wrong: A constant column becomes zero, in the new data, too. | feedback: subtract m all the same
# -    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
# -    return (x_train - m) / s, (x_new - m) / s
    varies = s > 1e-12 * m.abs()
    s = torch.where(varies, s, 1.0)
    return (x_train - m) / s * varies, (x_new - m) / s * varies

# %% wrong: An if decides for all columns. | feedback: An if asks for one yes or no
# -    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
    if s <= 1e-12 * m.abs():
        s = 1.0

# %% wrong: The mean of each row is subtracted. | feedback: m and s hold one number for each column
# -    m = x_train.mean(dim=0)
    m = x_train.mean(dim=1)

# %% wrong: Scaled data need half the digits. | feedback: z_train is float32
# -    return (x_train - m) / s, (x_new - m) / s
    return ((x_train - m) / s).float(), ((x_new - m) / s).float()

# %% wrong: Only the training data are handed back. | feedback: Return two things: return z_train, z_new
# -    return (x_train - m) / s, (x_new - m) / s
    return (x_train - m) / s

# %% right: constant means that all are equal
def standardize(x_train, x_new):
    torch.set_default_dtype(torch.float32)
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0)
    s = s.masked_fill((x_train == x_train[0]).all(dim=0), 1.0)
    torch.set_default_dtype(torch.float64)
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: One constant column makes all of them constant. | feedback: must not take the scale from the others
def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0)
    if (s <= 1e-12 * m.abs()).any():
        s = torch.ones_like(s)
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: The bars around m are decoration. | feedback: Also where m is below 0
def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0)
    s = torch.where(s <= 1e-12 * m, 1.0, s)
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: The mean of the squares minus the square of the mean is as good. | feedback: Nor may rounding spoil s
def standardize(x_train, x_new):
    m = x_train.mean(dim=0)
    s = ((x_train**2).mean(dim=0) - m**2).sqrt()
    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
    return (x_train - m) / s, (x_new - m) / s

# %% wrong: A new value far out is an error. | feedback: however large that is
def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0)
    s = torch.where(s <= 1e-12 * m.abs(), 1.0, s)
    return (x_train - m) / s, ((x_new - m) / s).clamp(-5, 5)

# %% wrong: The largest mean is the measure for every column. | feedback: each s is compared with its own |m|
def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0)
    s = torch.where(s <= 1e-12 * m.abs().max(), 1.0, s)
    return (x_train - m) / s, (x_new - m) / s
