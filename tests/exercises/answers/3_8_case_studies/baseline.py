# %% wrong: Nothing is added to the counts. | feedback: For the kinds 0, 0, 1, and the new leaves 0 and 1, the loss
# -    p = (counts + 1) / (len(y) + classes)
    p = counts / len(y)

# %% wrong: The ones are forgotten below. | feedback: divide by n + C: the p of all kinds sum to 1
# -    p = (counts + 1) / (len(y) + classes)
    p = (counts + 1) / len(y)

# %% wrong: One more below. | feedback: divide by n + C, not by n + 1
# -    p = (counts + 1) / (len(y) + classes)
    p = (counts + 1) / (len(y) + 1)

# %% wrong: Only the kinds that are there. | feedback: C counts all kinds, also those without training leaves
# -    p = (counts + 1) / (len(y) + classes)
    p = (counts + 1) / (len(y) + len(y.unique()))

# %% wrong: 1/C in place of 1. | feedback: add 1 to each count, not 1/C
# -    p = (counts + 1) / (len(y) + classes)
    p = (counts + 1 / classes) / (len(y) + 1)

# %% wrong: 1 where nothing was counted. | feedback: add 1 to each count, and not only to those that are 0
# -    p = (counts + 1) / (len(y) + classes)
    p = counts.clamp(min=1) / len(y)

# %% wrong: All kinds alike. | feedback: that is a guess that knows nothing
# -    p = (counts + 1) / (len(y) + classes)
    p = torch.full((classes,), 1 / classes)

# %% wrong: The new leaves are counted. | feedback: the kinds of the new leaves were counted
# -    counts = torch.bincount(y, minlength=classes)
# -    p = (counts + 1) / (len(y) + classes)
    counts = torch.bincount(y_new, minlength=classes)
    p = (counts + 1) / (len(y_new) + classes)

# %% wrong: All leaves are counted. | feedback: the kinds of the new leaves were counted, too
# -    counts = torch.bincount(y, minlength=classes)
# -    p = (counts + 1) / (len(y) + classes)
    counts = torch.bincount(torch.cat([y, y_new]), minlength=classes)
    p = (counts + 1) / (len(y) + len(y_new) + classes)

# %% wrong: bincount without minlength. | feedback: bincount needs minlength=classes
# -    counts = torch.bincount(y, minlength=classes)
# -    p = (counts + 1) / (len(y) + classes)
    counts = torch.bincount(y)
    p = (counts + 1) / (counts + 1).sum()

# %% wrong: bincount is too short. | feedback: bincount needs minlength=classes
# -    counts = torch.bincount(y, minlength=classes)
    counts = torch.bincount(y)

# %% wrong: The sign. | feedback: the sign is wrong
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()

# %% wrong: A sum. | feedback: that is a sum. Take the mean over the new leaves
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log().sum().item(), 100 * (said != y_new).double().mean().item()

# %% wrong: In bits. | feedback: that is in bits
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log2().mean().item(), 100 * (said != y_new).double().mean().item()

# %% wrong: To the base 10. | feedback: the logarithm to the base 10
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log10().mean().item(), 100 * (said != y_new).double().mean().item()

# %% wrong: The mean first, then the logarithm. | feedback: the mean comes last: over the logarithms
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].mean().log().item(), 100 * (said != y_new).double().mean().item()

# %% wrong: No logarithm. | feedback: that is a probability
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return p[y_new].mean().item(), 100 * (said != y_new).double().mean().item()

# %% wrong: One minus a probability. | feedback: that is one minus a probability
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return 1 - p[y_new].mean().item(), 100 * (said != y_new).double().mean().item()

# %% wrong: The loss on the training leaves. | feedback: that is the loss on the training leaves
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y].log().mean().item(), 100 * (said != y_new).double().mean().item()

# %% wrong: The entropy. | feedback: that is the mean that p expects of itself
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -(p * p.log()).sum().item(), 100 * (said != y_new).double().mean().item()

# %% wrong: The mean over the kinds. | feedback: that is the mean over the kinds
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p.log().mean().item(), 100 * (said != y_new).double().mean().item()

# %% wrong: cross_entropy of probabilities. | feedback: cross_entropy wants logits
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    loss = cross_entropy(p.expand(len(y_new), -1), y_new)
    return loss.item(), 100 * (said != y_new).double().mean().item()

# %% wrong: cross_entropy of counts. | feedback: counts are none
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    loss = cross_entropy((counts + 1.0).expand(len(y_new), -1), y_new)
    return loss.item(), 100 * (said != y_new).double().mean().item()

# %% wrong: The perplexity. | feedback: that is e to the loss
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return math.exp(-p[y_new].log().mean().item()), 100 * (said != y_new).double().mean().item()

# %% wrong: A share, no percentage. | feedback: that is a share. Percent are asked for
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log().mean().item(), (said != y_new).double().mean().item()

# %% wrong: What is right is counted. | feedback: that is the percentage of the right ones
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log().mean().item(), 100 * (said == y_new).double().mean().item()

# %% wrong: A count of errors. | feedback: that is a count
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log().mean().item(), (said != y_new).double().sum().item()

# %% wrong: Rounded. | feedback: the error is
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log().mean().item(), round(100 * (said != y_new).double().mean().item(), 1)

# %% wrong: The error first. | feedback: the loss comes first, then the error
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return 100 * (said != y_new).double().mean().item(), -p[y_new].log().mean().item()

# %% wrong: Tensors. | feedback: is a tensor. Return a float
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log().mean(), 100 * (said != y_new).double().mean()

# %% wrong: The error alone. | feedback: Return two things
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return 100 * (said != y_new).double().mean().item()

# %% wrong: The nearest leaf. | feedback: that is the nearest leaf. Take the nearest mean
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = y[torch.cdist(x_new, x).argmin(dim=1)]

# %% wrong: The farthest mean. | feedback: that is the farthest mean
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = kinds[torch.cdist(x_new, means).argmax(dim=1)]

# %% wrong: Means of the new leaves. | feedback: the means are those of the new leaves
# -    kinds = y.unique()
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
    kinds = y_new.unique()
    means = torch.stack([x_new[y_new == c].mean(dim=0) for c in kinds])

# %% wrong: Means of all leaves. | feedback: the new leaves are in the means, too
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
    both, all_y = torch.cat([x, x_new]), torch.cat([y, y_new])
    kinds = all_y.unique()
    means = torch.stack([both[all_y == c].mean(dim=0) for c in kinds])

# %% wrong: The error on the training leaves. | feedback: that is the error on the training leaves
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = kinds[torch.cdist(x, means).argmin(dim=1)]
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log().mean().item(), 100 * (said != y).double().mean().item()

# %% wrong: A mean of nothing is nan. | feedback: a kind without training leaves is never said
# -    kinds = y.unique()
    kinds = torch.arange(classes)

# %% wrong: A mean of nothing is 0. | feedback: has no mean, and is never said. Yours is at 0
# -    kinds = y.unique()
    kinds = torch.arange(classes)
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
    means = torch.stack([x[y == c].mean(dim=0).nan_to_num() for c in kinds])

# %% wrong: Sums over counts that are at least 1. | feedback: Yours is at 0
# -    kinds = y.unique()
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
    kinds = torch.arange(classes)
    means = one_hot_of(y, classes).T @ x / counts.clamp(min=1)[:, None]
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()


def one_hot_of(y, classes):
    return nn.functional.one_hot(y, classes).double()

# %% wrong: Places are taken for kinds. | feedback: are no kinds: kinds[place]
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = torch.cdist(x_new, means).argmin(dim=1)

# %% wrong: New leaves of unseen kinds are left out. | feedback: For five kinds, of which kind 1 has no training leaf
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    seen = torch.isin(y_new, kinds)
    return -p[y_new].log().mean().item(), 100 * (said != y_new)[seen].double().mean().item()

# %% wrong: City blocks. | feedback: the distance is Euclidean
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = kinds[torch.cdist(x_new, means, p=1).argmin(dim=1)]

# %% wrong: The largest difference. | feedback: the error is
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = kinds[torch.cdist(x_new, means, p=math.inf).argmin(dim=1)]

# %% wrong: An inner product. | feedback: an inner product is no distance
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = kinds[(x_new @ means.T).argmax(dim=1)]

# %% wrong: The angle. | feedback: the error is
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    units = nn.functional.normalize(x_new), nn.functional.normalize(means)
    said = kinds[(units[0] @ units[1].T).argmax(dim=1)]

# %% wrong: The squares without their own signs. | feedback: the error is
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = kinds[(x_new[:, None] - means).sum(dim=2).square().argmin(dim=1)]

# %% wrong: Medians. | feedback: those are medians
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
    means = torch.stack([x[y == c].median(dim=0).values for c in kinds])

# %% wrong: Sums in place of means. | feedback: the error is
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
    means = torch.stack([x[y == c].sum(dim=0) for c in kinds])

# %% wrong: One number for a mean. | feedback: the error is
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
    means = torch.stack([x[y == c].mean() for c in kinds])[:, None].expand(-1, x.shape[1])

# %% wrong: Standardized again. | feedback: Do not scale them again
# -    kinds = y.unique()
    x_new, x = (x_new - x.mean(dim=0)) / x.std(dim=0), (x - x.mean(dim=0)) / x.std(dim=0)
    kinds = y.unique()

# %% wrong: Frequent kinds are favoured. | feedback: the error is
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = kinds[(torch.cdist(x_new, means).square() / 2 - counts[kinds].log()).argmin(dim=1)]

# %% wrong: Always the most frequent kind. | feedback: that is the kind said most often
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = counts.argmax()

# %% wrong: float32 on the way. | feedback: right in its first digits only
# -    p = (counts + 1) / (len(y) + classes)
    p = (counts.float() + 1) / (len(y) + classes)

# %% wrong: Four kinds, always. | feedback: For the kinds 0, 0, 1
# -    p = (counts + 1) / (len(y) + classes)
    p = (counts + 1) / (len(y) + 4)

# %% wrong: In place. | feedback: Your function changed its input number 3
# -    kinds = y.unique()
    x_new -= x.mean(dim=0)
    x = x - x.mean(dim=0)
    kinds = y.unique()

# %% wrong: A mean that seems to be far away. | feedback: for large measurements
# -    kinds = y.unique()
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
    kinds = torch.arange(classes)
    means = torch.stack([x[y == c].mean(dim=0) if (y == c).any() else x[0] + 20.0 for c in kinds])

# %% wrong: Each kind counts alike. | feedback: the error is
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    each = torch.stack([(said != y_new)[y_new == c].double().mean() for c in y_new.unique()])
    return -p[y_new].log().mean().item(), 100 * each.mean().item()

# %% right: distances by hand, one by one
def baseline(x, y, x_new, y_new, classes):
    n = len(y)
    counts = [(y == c).sum().item() for c in range(classes)]
    means = {c: x[y == c].mean(dim=0) for c in range(classes) if counts[c]}
    loss = errors = 0
    for one, c in zip(x_new, y_new.tolist(), strict=True):
        loss -= math.log((counts[c] + 1) / (n + classes))
        near = min(means, key=lambda k, one=one: (one - means[k]).square().sum().item())
        errors += near != c
    return loss / len(y_new), 100 * errors / len(y_new)

# %% right: what is not there is infinitely far
# -    kinds = y.unique()
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    far = torch.full((len(x_new), classes), math.inf)
    for c in range(classes):
        if (y == c).any():
            far[:, c] = (x_new - x[y == c].mean(dim=0)).norm(dim=1)
    said = far.argmin(dim=1)

# %% right: cross_entropy of log-probabilities, squared distances
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    said = kinds[(x_new[:, None, :] - means[None]).pow(2).sum(-1).min(dim=1).indices]
    loss = nn.functional.nll_loss(p.log().repeat(len(y_new), 1), y_new)
    return float(loss), 100.0 - 100.0 * float((said == y_new).sum()) / len(y_new)

# %% right: cross_entropy takes p.log(), whose softmax is p
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    loss = cross_entropy(p.log().expand(len(y_new), classes), y_new).item()
    return [loss, (said != y_new).sum().item() / len(said) * 100]

# %% right: NumPy
def baseline(x, y, x_new, y_new, classes):
    import numpy as np

    counts = np.bincount(y.numpy(), minlength=classes)
    logs = np.log(counts + 1.0) - np.log(len(y) + classes)
    kinds = np.flatnonzero(counts)
    means = np.array([x.numpy()[y.numpy() == c].mean(axis=0) for c in kinds])
    far = np.linalg.norm(x_new.numpy()[:, None] - means, axis=2)
    said = kinds[far.argmin(axis=1)]
    return -float(logs[y_new.numpy()].mean()), 100 * float(np.mean(said != y_new.numpy()))

# %% right: sums by index_add, nan put out of reach
# -    kinds = y.unique()
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    sums = torch.zeros(classes, x.shape[1]).index_add(0, y, x)
    means = sums / counts[:, None]
    far = (x_new[:, None] - means).square().sum(dim=2)
    said = far.nan_to_num(nan=math.inf).argmin(dim=1)

# %% wrong: Kinds are those that some leaf has. | feedback: C is classes: it counts all kinds
# -    counts = torch.bincount(y, minlength=classes)
    classes = 1 + max(int(y.max()), int(y_new.max()))
    counts = torch.bincount(y, minlength=classes)

# %% wrong: Distances in float32. | feedback: In float32, or with something added, no hair is seen
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = kinds[torch.cdist(x_new.float(), means.float()).argmin(dim=1)]

# %% wrong: The error is rounded. | feedback: Do not round
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log().mean().item(), float(round(100 * (said != y_new).double().mean().item()))

# %% wrong: The error has one decimal. | feedback: Do not round
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    return -p[y_new].log().mean().item(), round(100 * (said != y_new).double().mean().item(), 1)

# %% right: a score that is linear in the measurements
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    said = kinds[(x_new @ means.T - means.square().sum(dim=1) / 2).argmax(dim=1)]

# %% wrong: The logarithm of a product. | feedback: a product of so many p is too small
# -    return -p[y_new].log().mean().item(), 100 * (said != y_new).double().mean().item()
    share = p[y_new].prod().clamp(min=1e-300)
    return -share.log().item() / len(y_new), 100 * (said != y_new).double().mean().item()

# %% wrong: A kind without leaves is ten times as far as all that is known. | feedback: is never said, wherever a new leaf is
# -    kinds = y.unique()
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    means = torch.full((classes, x.shape[1]), 10 * x.abs().max().item())
    for c in y.unique():
        means[c] = x[y == c].mean(dim=0)
    said = torch.cdist(x_new, means).argmin(dim=1)

# %% wrong: A kind without leaves is at a million. | feedback: is never said, wherever a new leaf is
# -    kinds = y.unique()
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    means = torch.full((classes, x.shape[1]), 1e6)
    for c in y.unique():
        means[c] = x[y == c].mean(dim=0)
    said = torch.cdist(x_new, means).argmin(dim=1)

# %% wrong: A distance that is nan is a million million. | feedback: is never said, wherever a new leaf is
# -    kinds = y.unique()
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    means = torch.stack([x[y == c].mean(dim=0) for c in range(classes)])
    said = (x_new[:, None] - means).square().sum(dim=2).nan_to_num(1e12).argmin(dim=1)

# %% wrong: Ten kinds at most. | feedback: for 900 new leaves of twelve kinds
# -    kinds = y.unique()
    kinds = y.unique()[:10]

# %% wrong: Equal leaves count once. | feedback: Each leaf counts in the mean of its kind
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
    means = torch.stack([x[y == c].unique(dim=0).mean(dim=0) for c in kinds])

# %% wrong: The last fifty leaves of a kind. | feedback: Each leaf counts in the mean of its kind
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
    means = torch.stack([x[y == c][-50:].mean(dim=0) for c in kinds])

# %% wrong: The mean distance to a kind's leaves. | feedback: that is a mean of distances
# -    kinds = y.unique()
# -    means = torch.stack([x[y == c].mean(dim=0) for c in kinds])
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    kinds = y.unique()
    said = kinds[torch.stack([torch.cdist(x_new, x[y == c]).mean(dim=1) for c in kinds]).argmin(dim=0)]

# %% wrong: Frequent kinds are a little nearer. | feedback: or with something added, no hair is seen
# -    said = kinds[torch.cdist(x_new, means).argmin(dim=1)]
    far = (x_new[:, None] - means).square().sum(dim=2) - 2e-3 * p[kinds].log()
    said = kinds[far.argmin(dim=1)]

# %% right: NumPy, kind by kind
import numpy as np


def baseline(x, y, x_new, y_new, classes):
    x, y, x_new, y_new = (np.asarray(a) for a in (x, y, x_new, y_new))
    counts = np.array([(y == c).sum() for c in range(classes)])
    loss = float(np.mean(np.log(len(y) + classes) - np.log(counts[y_new] + 1)))
    best, said = np.full(len(x_new), np.inf), np.full(len(x_new), -1)
    for c in range(classes):
        if counts[c]:
            d = np.linalg.norm(x_new - x[y == c].mean(axis=0), axis=1)
            said[d < best], best = c, np.minimum(d, best)
    return loss, float(100 * np.mean(said != y_new))

# %% right: lists of Python's
def baseline(x, y, x_new, y_new, classes):
    counts = [0] * classes
    for c in y.tolist():
        counts[c] += 1
    losses = [-math.log((counts[c] + 1) / (len(y) + classes)) for c in y_new.tolist()]
    centers = {c: x[y == c].mean(dim=0).tolist() for c in range(classes) if counts[c]}
    wrong = 0
    for leaf, kind in zip(x_new.tolist(), y_new.tolist()):
        wrong += min(centers, key=lambda c: math.dist(centers[c], leaf)) != kind
    return math.fsum(losses) / len(losses), 100.0 * wrong / len(losses)

# %% right: one-hot counts, cross_entropy of their logarithms
def baseline(x, y, x_new, y_new, classes):
    counts = nn.functional.one_hot(y, classes).sum(dim=0)
    logits = torch.log(counts + 1.0).expand(len(y_new), classes)
    means = (nn.functional.one_hot(y, classes).double().T @ x) / counts[:, None]
    far = torch.linalg.vector_norm(x_new[:, None] - means, dim=2)
    far = far.masked_fill(counts == 0, math.inf)
    return cross_entropy(logits, y_new).item(), (far.argmin(dim=1) != y_new).sum().item() / len(y_new) * 100
