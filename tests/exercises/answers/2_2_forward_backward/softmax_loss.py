# %% wrong: The formula will do. | feedback: nan, no number: an exponential overflowed
def cross_entropy(z, y):
    p = z.exp() / z.exp().sum(dim=1, keepdim=True)
    return -p[range(len(y)), y].log().mean()


def cross_entropy_backward(z, y):
    p = z.exp() / z.exp().sum(dim=1, keepdim=True)
    p[range(len(y)), y] -= 1
    return p / len(y)

# %% wrong: Only the loss overflows. | feedback: dz holds nan, no numbers
# -    e = (z - z.amax(dim=1, keepdim=True)).exp()
    e = z.exp()

# %% wrong: The largest score of all is subtracted. | feedback: Subtract from each row its own largest score
# -    shifted = z - z.amax(dim=1, keepdim=True)
    shifted = z - z.max()

# %% wrong: The largest score of all is subtracted on the way back. | feedback: dz
# -    e = (z - z.amax(dim=1, keepdim=True)).exp()
    e = (z - z.max()).exp()

# %% wrong: The logarithm can be taken of a small p. | feedback: p was rounded to 0
# -    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    e = shifted.exp()
    log_p = (e / e.sum(dim=1, keepdim=True)).log()

# %% wrong: A tiny number saves the logarithm. | feedback: something was added to p
# -    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    e = shifted.exp()
    log_p = (e / e.sum(dim=1, keepdim=True) + 1e-12).log()

# %% wrong: Scores beyond 50 may be cut off. | feedback: With scores (0, −1000) and y = 1
# -    shifted = z - z.amax(dim=1, keepdim=True)
    shifted = (z - z.amax(dim=1, keepdim=True)).clamp(min=-50)

# %% wrong: A batch has the sum of its losses. | feedback: that is the sum. Take the mean
# -    return -log_p[range(len(y)), y].mean()
    return -log_p[range(len(y)), y].sum()

# %% wrong: The mean of the loss does not concern its gradient. | feedback: the 1/B of the mean is missing
# -    return dz / len(y)
    return dz

# %% wrong: The mean is taken over the classes. | feedback: you divide by the number of classes
# -    return dz / len(y)
    return dz / z.shape[1]

# %% wrong: The mean is taken over all entries. | feedback: you divide by the number of entries
# -    return dz / len(y)
    return dz / z.numel()

# %% wrong: The softmax is taken down the columns. | feedback: Is the softmax taken in each row
# -    shifted = z - z.amax(dim=1, keepdim=True)
# -    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    shifted = z - z.amax(dim=0, keepdim=True)
    log_p = shifted - shifted.exp().sum(dim=0, keepdim=True).log()

# %% wrong: A sum of rows fits as it is. | feedback: needs its
# -    dz = e / e.sum(dim=1, keepdim=True)
    dz = e / e.sum(dim=1)

# %% wrong: Where rows and classes are as many, keepdim is not needed. | feedback: does a maximum or a sum of the rows stand as a row
# -    dz = e / e.sum(dim=1, keepdim=True)
    total = e.sum(dim=1)
    dz = e / (total if e.shape[0] == e.shape[1] else total.unsqueeze(1))

# %% wrong: What was true minus what was said. | feedback: the sign is turned round: what was said minus
# -    return dz / len(y)
    return -dz / len(y)

# %% wrong: The gradient of the loss is p. | feedback: the 1 of the right class was not taken away
# -    dz[range(len(y)), y] -= 1
    pass

# %% wrong: A colon takes all rows. | feedback: dz is (
# -    dz[range(len(y)), y] -= 1
    dz[:, y] -= 1

# %% wrong: The loss ends with p, and so does its gradient. | feedback: that is the gradient by p. Go on to z
# -    dz = e / e.sum(dim=1, keepdim=True)
# -    dz[range(len(y)), y] -= 1
# -    return dz / len(y)
    p = e / e.sum(dim=1, keepdim=True)
    dz = torch.zeros_like(z)
    dz[range(len(y)), y] = -1 / p[range(len(y)), y] / len(y)
    return dz

# %% wrong: The scores may be moved in place. | feedback: Your function changed its input number 1
# -    shifted = z - z.amax(dim=1, keepdim=True)
    z -= z.amax(dim=1, keepdim=True)
    shifted = z

# %% wrong: A logarithm is positive. | feedback: the sign is turned round: minus the logarithm
# -    return -log_p[range(len(y)), y].mean()
    return log_p[range(len(y)), y].mean()

# %% wrong: A loss for each example. | feedback: It is one number: the mean over the batch
# -    return -log_p[range(len(y)), y].mean()
    return -log_p[range(len(y)), y]

# %% wrong: All entries count. | feedback: you take the mean over all entries
# -    return -log_p[range(len(y)), y].mean()
    hot = torch.zeros_like(log_p)
    hot[range(len(y)), y] = 1.0
    return -(hot * log_p).mean()

# %% wrong: The logarithm has the base 2. | feedback: to the base e
# -    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    log_p = (shifted - shifted.exp().sum(dim=1, keepdim=True).log()) / torch.tensor(2.0).log()

# %% wrong: Compute in float64, whatever came in. | feedback: and torch.float32 came in
# -    return dz / len(y)
    return dz.double() / len(y)

# %% wrong: torch knows the loss. | feedback: are the judges here
# -    shifted = z - z.amax(dim=1, keepdim=True)
# -    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
# -    return -log_p[range(len(y)), y].mean()
    return F.cross_entropy(z, y)

# %% wrong: torch knows the softmax. | feedback: are the judges here
# -    e = (z - z.amax(dim=1, keepdim=True)).exp()
# -    dz = e / e.sum(dim=1, keepdim=True)
    dz = z.softmax(dim=1)

# %% wrong: autograd knows the way back. | feedback: It is all by hand
# -    e = (z - z.amax(dim=1, keepdim=True)).exp()
# -    dz = e / e.sum(dim=1, keepdim=True)
# -    dz[range(len(y)), y] -= 1
# -    return dz / len(y)
    leaf = z.clone().requires_grad_()
    shifted = leaf - leaf.amax(dim=1, keepdim=True)
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    (dz,) = torch.autograd.grad(-log_p[range(len(y)), y].mean(), leaf)
    return dz

# %% right: a helper named softmax, one-hot rows
def softmax(z):
    e = torch.exp(z - torch.max(z, dim=1, keepdim=True).values)
    return e / torch.sum(e, dim=1, keepdim=True)


def cross_entropy(z, y):
    top = z.max(dim=1).values
    total = torch.exp(z - top[:, None]).sum(1).log() + top
    return (total - z.gather(1, y[:, None])[:, 0]).mean()


def cross_entropy_backward(z, y):
    return (softmax(z) - torch.eye(z.shape[1], dtype=z.dtype)[y]) / z.shape[0]

# %% right: row by row, a float for the loss
def cross_entropy(z, y):
    total = 0.0
    for row, label in zip(z, y.tolist()):
        moved = row - row.max()
        total += (moved.exp().sum().log() - moved[label]).item()
    return total / len(z)


def cross_entropy_backward(z, y):
    rows = []
    for row, label in zip(z, y.tolist()):
        e = (row - row.max()).exp()
        p = e / e.sum()
        p[label] = p[label] - 1.0
        rows.append(p / len(z))
    return torch.stack(rows)

# %% wrong: one_hot knows the classes. | feedback: onehot needs a column for each class
# -    dz[range(len(y)), y] -= 1
    dz = dz - F.one_hot(y)

# %% wrong: one_hot knows the classes, in the loss. | feedback: onehot needs a column for each class
# -    return -log_p[range(len(y)), y].mean()
    return -(log_p * F.one_hot(y)).sum(dim=1).mean()

# %% wrong: p was noted on the way there. | feedback: it is made of what cross_entropy left outside of it
kept = {}


def cross_entropy(z, y):
    s = z - z.amax(1, keepdim=True)
    kept["p"] = s.exp() / s.exp().sum(1, keepdim=True)
    return (s.exp().sum(1).log() - s[torch.arange(len(y)), y]).mean()


def cross_entropy_backward(z, y):
    p = kept["p"].clone()
    p[torch.arange(len(y)), y] -= 1
    return p / len(y)

# %% wrong: The mean of a row is taken away. | feedback: with a mean, an exponential overflows
# -    shifted = z - z.amax(dim=1, keepdim=True)
    shifted = z - z.mean(dim=1, keepdim=True)
    if shifted.max() > 700:
        return torch.tensor(float("inf"), dtype=z.dtype)

# %% wrong: Large scores can wait, and so can 1/B. | feedback: (And the loss of large scores, such as 10,000, is
# -    shifted = z - z.amax(dim=1, keepdim=True)
    shifted = z
# -    return dz / len(y)
    return dz

# %% wrong: The logarithm of a sum of two exponentials is no softmax. | feedback: logaddexp and the like
def lse(z):
    from functools import reduce

    return reduce(torch.logaddexp, z.unbind(1))


def cross_entropy(z, y):
    return (lse(z) - z[torch.arange(len(y)), y]).mean()


def cross_entropy_backward(z, y):
    d = (z - lse(z)[:, None]).exp()
    d[torch.arange(len(y)), y] -= 1
    return d / len(y)
