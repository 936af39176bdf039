# %% wrong: The mean of means is the mean. | feedback: as DDP takes it
def mean_gradient(gradients, sizes):
    N = len(sizes)
    return [sum(shard[j] for shard in gradients) / N for j in range(len(gradients[0]))]

# %% wrong: The mean of those who have examples is enough. | feedback: as DDP takes it
# -                mean[j] += n / B * g
                mean[j] += g / sum(size > 0 for size in sizes)

# %% wrong: Weighted is multiplied by nᵢ. | feedback: it is not divided by B
# -                mean[j] += n / B * g
                mean[j] += n * g

# %% wrong: The weighted sum is divided by N. | feedback: it is divided by the number of workers, not by B
# -                mean[j] += n / B * g
                mean[j] += n * g / len(sizes)

# %% wrong: Shares, and a mean of them. | feedback: the shares nᵢ/B add up to 1
# -    return mean
    return [g / len(sizes) for g in mean]

# %% wrong: The gradients add up. | feedback: that is the sum of the shards' means
# -                mean[j] += n / B * g
                mean[j] += g

# %% wrong: The share is B/nᵢ. | feedback: the share is the other way round
# -                mean[j] += n / B * g
                mean[j] += B / n * g

# %% wrong: Each is divided by its size. | feedback: each mean is divided by nᵢ once more
# -                mean[j] += n / B * g
                mean[j] += g / n

# %% wrong: 0 times anything is 0. | feedback: 0 · nan and 0 · inf are nan
# -        if n > 0:
        if True:

# %% wrong: The sum may begin with worker 0's gradients. | feedback: Your function changed gradients. Make new tensors
def mean_gradient(gradients, sizes):
    B = sum(sizes)
    mean = gradients[0]
    for total in mean:
        total *= sizes[0] / B
    for n, shard in zip(sizes[1:], gradients[1:]):
        if n:
            for total, g in zip(mean, shard):
                total += n / B * g
    return mean

# %% wrong: Alone, a worker's gradients are the batch's. | feedback: is a tensor that came in, and no new one
# -    B = sum(sizes)
    if len(sizes) == 1:
        return gradients[0]
    B = sum(sizes)

# %% wrong: One tensor holds them all. | feedback: return a list of tensors
# -    return mean
    return torch.cat([g.flatten() for g in mean])

# %% wrong: nan is made 0, whose worker counts. | feedback: as DDP takes it
def mean_gradient(gradients, sizes):
    N = len(sizes)
    return [sum(shard[j].nan_to_num() for shard in gradients) / N for j in range(len(gradients[0]))]

# %% right: stacks, and weighs by a product of a vector with a matrix
def mean_gradient(gradients, sizes):
    there = [i for i, n in enumerate(sizes) if n]
    share = torch.tensor([sizes[i] / sum(sizes) for i in there])
    mean = []
    for weight in zip(*[gradients[i] for i in there]):
        rows = torch.stack([g.flatten() for g in weight])
        mean.append((share @ rows).reshape(weight[0].shape))
    return mean

# %% right: in place, on copies, and divided last
def mean_gradient(gradients, sizes):
    total = None
    for shard, n in zip(gradients, sizes):
        if n == 0:
            continue
        mine = [g.clone().mul_(n) for g in shard]
        if total is None:
            total = mine
        else:
            for a, b in zip(total, mine):
                a.add_(b)
    return [t.div_(sum(sizes)) for t in total]

# %% right: one sum for each weight, with a helper that is called like one of the tests
def mean_case(weight, sizes):
    return sum(g * n for g, n in zip(weight, sizes) if n > 0) / sum(sizes)


def mean_gradient(gradients, sizes):
    return [mean_case(weight, sizes) for weight in zip(*gradients)]

# %% wrong: Clear nan, and 0 · nan is 0. | feedback: a nan of a worker that has examples
def mean_gradient(gradients, sizes):
    share = [n / sum(sizes) for n in sizes]
    weights = range(len(gradients[0]))
    return [sum(s * torch.nan_to_num(g[j]) for s, g in zip(share, gradients)) for j in weights]

# %% right: puts zeros in place of the empty, and returns a tuple
def mean_gradient(gradients, sizes):
    share = [n / sum(sizes) for n in sizes]
    filled = [g if n else [torch.zeros_like(one) for one in g] for n, g in zip(sizes, gradients)]
    weights = range(len(gradients[0]))
    return tuple(sum(s * g[j] for s, g in zip(share, filled)) for j in weights)

# %% wrong: Whoever has no examples has nan. | feedback: 0 · nan and 0 · inf are nan
# -        if n > 0:
        if not any(g.isnan().any() for g in gradients[i]):

# %% wrong: What is no number is left out. | feedback: a nan of a worker that has examples
# -        if n > 0:
        if n > 0 and all(g.isfinite().all() for g in gradients[i]):
