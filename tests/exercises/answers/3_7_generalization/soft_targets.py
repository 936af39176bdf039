# %% wrong: The right class gets 1 − ε, the others share ε. | feedback: the right one too: it gets 1 − ε + ε/C
# -    return (1 - share) * one_hot(y, classes) + share / classes
    t = one_hot(y, classes)
    return (1 - share) * t + share / (classes - 1) * (1 - t)

# %% wrong: Divided by C − 1, on top of all. | feedback: divide the share by C, the number of classes, not by C − 1
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return (1 - share) * one_hot(y, classes) + share / (classes - 1)

# %% wrong: The whole share for each class. | feedback: divide the share by C: the row must sum to 1
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return (1 - share) * one_hot(y, classes) + share

# %% wrong: Nothing is taken off the right class. | feedback: first take the share off the right class
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return one_hot(y, classes) + share / classes

# %% wrong: What is taken off is given to nobody. | feedback: what is taken off the right class must be given to all
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return (1 - share) * one_hot(y, classes)

# %% wrong: The spread leaves out the right class. | feedback: the right class gets its part of the share, too
# -    return (1 - share) * one_hot(y, classes) + share / classes
    t = one_hot(y, classes)
    return torch.where(t == 1, 1 - share, share / classes)

# %% wrong: The share is what the right class keeps. | feedback: ε and 1 − ε are swapped
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return share * one_hot(y, classes) + (1 - share) / classes

# %% wrong: Divided by the number of examples. | feedback: divide the share by the number of classes, not of examples
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return (1 - share) * one_hot(y, classes) + share / len(y)

# %% wrong: one_hot knows how many classes there are. | feedback: has shape (2, 3), not (2, 4)
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return (1 - share) * one_hot(y) + share / classes

# %% wrong: A share of a tenth, as in the papers. | feedback: For the classes 2, 0 of 4 and a share of 0.2,
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return 0.9 * one_hot(y, classes) + 0.1 / classes

# %% wrong: Not smoothed at all. | feedback: it is not smoothed
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return one_hot(y, classes).double()

# %% wrong: In float32. | feedback: smoothed returns is float32
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return (1 - share) * one_hot(y, classes).float() + share / classes

# %% wrong: The spread follows the batch. | feedback: the spread is even, 1/C for each class
# -    return (1 - share) * one_hot(y, classes) + share / classes
    t = one_hot(y, classes).double()
    return (1 - share) * t + share * t.mean(dim=0)

# %% wrong: Rows are classes. | feedback: has shape (4, 2), not (2, 4)
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return ((1 - share) * one_hot(y, classes) + share / classes).T

# %% wrong: One number for the loss is enough. | feedback: what smoothed returns has shape (2,), not (2, 4)
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return (1 - share) * torch.ones(len(y)) + share / classes

# %% wrong: As logarithms, as a loss wants them. | feedback: these are logarithms
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return ((1 - share) * one_hot(y, classes) + share / classes).log()

# %% wrong: Rounded to two digits. | feedback: A test that you have not seen
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return ((1 - share) * one_hot(y, classes) + share / classes).round(decimals=2)

# %% wrong: A loop that forgets to begin anew in each row. | feedback: each row is (1 − ε)·t + ε/C
# -    return (1 - share) * one_hot(y, classes) + share / classes
    row, found = torch.full((classes,), share / classes), []
    for label in y:
        row[label] += 1 - share
        found.append(row.clone())
    return torch.stack(found)

# %% wrong: The labels move, by one. | feedback: Class values must be non-negative
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return (1 - share) * one_hot(y - 1, classes) + share / classes

# %% wrong: Noise in place of a share. | feedback: torch's own chance
# -    return (1 - share) * one_hot(y, classes) + share / classes
    flip = torch.rand(len(y)) < share
    wrong = torch.randint(classes, (len(y),))
    return one_hot(torch.where(flip, wrong, y), classes).double()

# %% wrong: Only inputs are blended. | feedback: the targets are not blended. Inputs and targets are, alike
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return wide * x + (1 - wide) * x[partner], t

# %% wrong: Only targets are blended. | feedback: the inputs are not blended
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return x, flat * t + (1 - flat) * t[partner]

# %% wrong: The part is the partner's. | feedback: the part is the row's own, and 1 − part its partner's
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return (1 - wide) * x + wide * x[partner], (1 - flat) * t + flat * t[partner]

# %% wrong: The targets get the other part. | feedback: the targets', entry
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return wide * x + (1 - wide) * x[partner], (1 - flat) * t + flat * t[partner]

# %% wrong: One part for all rows. | feedback: each row has a part of its own, and you take one for all
# -    wide = part.reshape(-1, *[1] * (x.dim() - 1))
# -    flat = part[:, None]
    wide = flat = part[0]

# %% wrong: The mean of the parts. | feedback: each row has a part of its own, and you take one for all
# -    wide = part.reshape(-1, *[1] * (x.dim() - 1))
# -    flat = part[:, None]
    wide = flat = part.mean()

# %% wrong: Broadcasting finds the rows by itself. | feedback: or it goes along the last one
# -    wide = part.reshape(-1, *[1] * (x.dim() - 1))
# -    flat = part[:, None]
    wide = flat = part

# %% wrong: A batch is a matrix. | feedback: or it goes along the last one
# -    wide = part.reshape(-1, *[1] * (x.dim() - 1))
    wide = part[:, None]

# %% wrong: A batch is of images. | feedback: has shape
# -    wide = part.reshape(-1, *[1] * (x.dim() - 1))
    wide = part[:, None, None, None]

# %% wrong: The partner is the row before. | feedback: For four rows of three numbers
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return wide * x + (1 - wide) * x.roll(1, dims=0), flat * t + (1 - flat) * t.roll(1, dims=0)

# %% wrong: The partner is the row from the other end. | feedback: It is not the row from the other end
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return wide * x + (1 - wide) * x.flip(0), flat * t + (1 - flat) * t.flip(0)

# %% wrong: Row i is sent to its partner. | feedback: Row i gets its own partner: x[partner]
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    back = partner.argsort()
    return wide * x + (1 - wide) * x[back], flat * t + (1 - flat) * t[back]

# %% wrong: The targets are sorted the other way. | feedback: the targets', entry
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner.argsort()]

# %% wrong: The larger part wins the label. | feedback: targets are blended as inputs are: no class wins
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return wide * x + (1 - wide) * x[partner], torch.where(flat >= 0.5, t, t[partner])

# %% wrong: The part is at least a half. | feedback: the part is taken as it is
# -    flat = part[:, None]
    wide, flat = wide.clamp(min=0.5), part[:, None].clamp(min=0.5)

# %% wrong: The row itself counts the more. | feedback: take the part as it is
# -    flat = part[:, None]
    flat = part[:, None]
    wide, flat = torch.maximum(wide, 1 - wide), torch.maximum(flat, 1 - flat)

# %% wrong: The part is drawn. | feedback: torch's own chance
# -    flat = part[:, None]
    part = torch.distributions.Beta(1.0, 1.0).sample(part.shape)
    wide, flat = part.reshape(wide.shape), part[:, None]

# %% wrong: A half each. | feedback: It is not one half
# -    flat = part[:, None]
    wide, flat = 0.5, 0.5

# %% wrong: In place, to save memory. | feedback: Your function changed its input number 1
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    x *= wide
    x += (1 - wide) * x[partner]
    return x, flat * t + (1 - flat) * t[partner]

# %% wrong: Row after row, into the batch itself. | feedback: Your function changed its input number 1
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    for i, j in enumerate(partner):
        x[i] = part[i] * x[i] + (1 - part[i]) * x[j]
        t[i] = part[i] * t[i] + (1 - part[i]) * t[j]
    return x, t

# %% wrong: Row after row, into a copy that is read again. | feedback: the inputs', entry
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    x, t = x.clone(), t.clone()
    for i, j in enumerate(partner):
        x[i] = part[i] * x[i] + (1 - part[i]) * x[j]
        t[i] = part[i] * t[i] + (1 - part[i]) * t[j]
    return x, t

# %% wrong: The partner is added as it is. | feedback: multiply the partner's row by 1 − part
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return wide * x + x[partner], flat * t + t[partner]

# %% wrong: Only the inputs come back. | feedback: Return two things: return the inputs, the targets
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return wide * x + (1 - wide) * x[partner]

# %% wrong: Targets first. | feedback: For two rows of two numbers
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return flat * t + (1 - flat) * t[partner], wide * x + (1 - wide) * x[partner]

# %% wrong: The result in float32. | feedback: float32
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    x, t, wide, flat = x.float(), t.float(), wide.float(), flat.float()
    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]

# %% wrong: float32 on the way. | feedback: it is right in its first digits only
# -    flat = part[:, None]
    flat = part[:, None]
    wide, flat = wide.float().double(), flat.float().double()

# %% wrong: The part for x only of the first column. | feedback: the inputs', entry
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    new = x.clone()
    new[:, 0] = part * x[:, 0] + (1 - part) * x[partner, 0]
    return new, flat * t + (1 - flat) * t[partner]

# %% wrong: Targets are made hard before. | feedback: A test that you have not seen
# -    flat = part[:, None]
    flat = part[:, None]
    t = one_hot(t.argmax(dim=1), t.shape[1]).to(t.dtype)

# %% wrong: Partners are a permutation. | feedback: A test that you have not seen
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    back = torch.zeros_like(partner)
    back[partner] = torch.arange(len(partner))
    order = torch.zeros_like(partner)
    order[back] = torch.arange(len(back))
    return wide * x + (1 - wide) * x[order], flat * t + (1 - flat) * t[order]

# %% wrong: Targets are made to sum to 1. | feedback: A test that you have not seen: for targets that do not sum to 1
# -    flat = part[:, None]
    flat, t = part[:, None], t / t.sum(dim=1, keepdim=True)

# %% wrong: For rows and for images, and nothing between. | feedback: has shape (2, 2, 2, 3), not (2, 2, 3)
# -    wide = part.reshape(-1, *[1] * (x.dim() - 1))
    wide = part[:, None] if x.dim() == 2 else part[:, None, None, None]

# %% wrong: Seeded first. | feedback: torch's own chance
# -    flat = part[:, None]
    torch.manual_seed(0)
    flat = part[:, None]

# %% wrong: Smoothing is seeded. | feedback: torch's own chance
# -    return (1 - share) * one_hot(y, classes) + share / classes
    torch.manual_seed(0)
    return (1 - share) * one_hot(y, classes) + share / classes

# %% wrong: float32 becomes the default. | feedback: a switch of torch's is left in another place
# -    flat = part[:, None]
    flat = part[:, None]
    torch.set_default_dtype(torch.float32)

# %% right: adds ε/C, then 1 − ε where the class is
# -    return (1 - share) * one_hot(y, classes) + share / classes
    t = torch.full((len(y), classes), share / classes)
    t[torch.arange(len(y)), y] += 1 - share
    return t

# %% right: scatter
# -    return (1 - share) * one_hot(y, classes) + share / classes
    t = torch.zeros(len(y), classes, dtype=torch.float64)
    t.scatter_(1, y[:, None], 1.0)
    return t - share * (t - 1 / classes)

# %% right: rows of the unit matrix
# -    return (1 - share) * one_hot(y, classes) + share / classes
    return torch.lerp(torch.eye(classes)[y], torch.full((), 1 / classes), share)

# %% right: lerp from the partner
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    return torch.lerp(x[partner], x, wide), x.new_tensor(1.0) * (t[partner] + flat * (t - t[partner]))

# %% right: einsum for the parts
# -    wide = part.reshape(-1, *[1] * (x.dim() - 1))
# -    flat = part[:, None]
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    def blended(v):
        return torch.einsum("i,i...->i...", part, v) + torch.einsum("i,i...->i...", 1 - part, v[partner])

    return blended(x), blended(t)

# %% right: row by row, stacked; a list comes back
# -    wide = part.reshape(-1, *[1] * (x.dim() - 1))
# -    flat = part[:, None]
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    rows = list(zip(part, partner, strict=True))
    return [torch.stack([a * v[i] + (1 - a) * v[j] for i, (a, j) in enumerate(rows)]) for v in (x, t)]

# %% right: in place, on copies
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    a, b = x[partner].mul_(1 - wide), t[partner].mul_(1 - flat)
    return a.add_(wide * x), b.add_(flat * t)

# %% right: a matrix that blends, over rows laid flat
# -    wide = part.reshape(-1, *[1] * (x.dim() - 1))
# -    flat = part[:, None]
# -    return wide * x + (1 - wide) * x[partner], flat * t + (1 - flat) * t[partner]
    blend = torch.diag(part) + torch.diag(1 - part) @ torch.eye(len(x))[partner]
    return (blend @ x.reshape(len(x), -1)).reshape(x.shape), blend @ t
