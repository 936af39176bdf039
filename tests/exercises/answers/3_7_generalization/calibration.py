# %% wrong: In points. | feedback: that is in points, from 0 to 100
# -    return total / len(p)
    return 100 * total / len(p)

# %% wrong: A sum over answers, not a mean. | feedback: divide by the number of answers
# -    return total / len(p)
    return total

# %% wrong: Distances with a sign. | feedback: take abs() in each bin
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
# -    return total / len(p)
        total += ((said == y)[inside].double() - sure[inside]).sum().item()
    return abs(total) / len(p)

# %% wrong: No distance at all. | feedback: take abs() in each bin
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        total += ((said == y)[inside].double() - sure[inside]).sum().item()

# %% wrong: The distance of each answer. | feedback: that takes abs() of each answer
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        total += ((said == y)[inside].double() - sure[inside]).abs().sum().item()

# %% wrong: The Brier score. | feedback: that squares each answer's distance
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        total += ((said == y)[inside].double() - sure[inside]).square().sum().item()

# %% wrong: Squares of the bins' distances. | feedback: the distances are not squared
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        gap = ((said == y)[inside].double() - sure[inside]).mean().item()
        total += inside.sum().item() * gap**2

# %% wrong: All bins count alike. | feedback: a bin counts as much as it has answers
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
# -    return total / len(p)
        total += ((said == y)[inside].double() - sure[inside]).mean().abs().item()
    return total / len(which.unique())

# %% wrong: One over bins, as a weight. | feedback: weigh it by n_b/n, not by 1/bins
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
# -    return total / len(p)
        total += ((said == y)[inside].double() - sure[inside]).mean().abs().item()
    return total / bins

# %% wrong: A sum over bins, without weights. | feedback: weigh each bin by n_b/n
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
# -    return total / len(p)
        total += ((said == y)[inside].double() - sure[inside]).mean().abs().item()
    return total

# %% wrong: The largest distance. | feedback: that is the largest distance
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
# -    return total / len(p)
        total = max(total, ((said == y)[inside].double() - sure[inside]).mean().abs().item())
    return total

# %% wrong: Edges belong below. | feedback: an answer on the edge of two bins belongs to the upper one
# -    which = (sure * bins).long().clamp(max=bins - 1)
    which = (sure * bins).ceil().long() - 1

# %% wrong: Rounded to the nearest bin. | feedback: cut it off, .long()
# -    which = (sure * bins).long().clamp(max=bins - 1)
    which = (sure * bins).round().long().clamp(max=bins - 1)

# %% wrong: No clamp: 1 has a bin of its own. | feedback: For the confidences 1, 1, 0.95
# -    which = (sure * bins).long().clamp(max=bins - 1)
    which = (sure * bins).long()

# %% wrong: A bin for each number up to bins. | feedback: For the confidences 1, 1, 0.95
# -    which = (sure * bins).long().clamp(max=bins - 1)
    which = (sure * bins).long()
# -    for b in which.unique():
    for b in range(bins):

# %% wrong: One bin more. | feedback: you have one more
# -    which = (sure * bins).long().clamp(max=bins - 1)
    bins += 1
    which = (sure * bins).long().clamp(max=bins - 1)

# %% wrong: Ten bins, always. | feedback: Is it always 10
# -    which = (sure * bins).long().clamp(max=bins - 1)
    which = (sure * 10).long().clamp(max=9)

# %% wrong: The bins begin at chance. | feedback: the bins reach from 0 to 1, also where no confidence can be
# -    which = (sure * bins).long().clamp(max=bins - 1)
    low = 1 / p.shape[1]
    which = ((sure - low) / (1 - low) * bins).long().clamp(0, bins - 1)

# %% wrong: From the least confidence to the most. | feedback: not from the least to the most
# -    which = (sure * bins).long().clamp(max=bins - 1)
    low, high = sure.min(), sure.max()
    which = ((sure - low) / (high - low).clamp(min=1e-9) * bins).long().clamp(max=bins - 1)

# %% wrong: Bins with equally many answers. | feedback: the bins are equally wide
# -    which = (sure * bins).long().clamp(max=bins - 1)
    which = torch.empty(len(p), dtype=torch.long)
    which[sure.argsort()] = torch.arange(len(p)) * bins // len(p)

# %% wrong: No bins: all in one. | feedback: take abs() in each bin
# -    which = (sure * bins).long().clamp(max=bins - 1)
    which = torch.zeros(len(p), dtype=torch.long)

# %% wrong: The confidence in what was true. | feedback: not that of what was true
# -    sure, said = p.max(dim=1)
    said = p.argmax(dim=1)
    sure = p.gather(1, y[:, None])[:, 0]

# %% wrong: The confidence in class 1. | feedback: the ECE
# -    sure, said = p.max(dim=1)
    sure, said = p[:, 1], p.argmax(dim=1)

# %% wrong: A softmax on top. | feedback: p holds probabilities already: no softmax
# -    sure, said = p.max(dim=1)
    sure, said = p.softmax(dim=1).max(dim=1)

# %% wrong: Along the batch. | feedback: Two shapes do not fit
# -    sure, said = p.max(dim=1)
    sure, said = p.max(dim=0)

# %% wrong: The middle of the bin stands for the confidence. | feedback: the ECE
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        total += ((said == y)[inside].double() - (b + 0.5) / bins).sum().abs().item()

# %% wrong: Empty bins have means, too. | feedback: the mean of an empty bin is no number
# -    for b in which.unique():
    for b in range(bins):
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        gap = (said == y)[inside].double().mean() - sure[inside].mean()
        total += inside.sum().item() * gap.abs().item()

# %% wrong: nan is 0, and so is all. | feedback: For four answers of the confidence 0.75
# -    return total / len(p)
    return 0.0

# %% wrong: The error, not the distance. | feedback: For four answers of the confidence 0.75
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        total += ((said != y)[inside].double() - sure[inside]).sum().abs().item()

# %% wrong: A tensor comes back. | feedback: ece returns a tensor
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        total += ((said == y)[inside].double() - sure[inside]).sum().abs()

# %% wrong: The right answers in float32. | feedback: it is right in its first digits only
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        total += ((said == y)[inside].float() - sure[inside].float()).sum().abs().item()

# %% wrong: The last bin is left out. | feedback: For the confidences 0.95, 0.92, 0.91
# -    for b in which.unique():
    for b in range(bins - 1):

# %% wrong: Bin 0 is always empty. | feedback: A test that you have not seen
# -    for b in which.unique():
    for b in range(1, bins):

# %% wrong: Uniform labels. | feedback: Draw with the row's own probabilities
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        y = torch.randint(p.shape[1], (len(p),), generator=generator)

# %% wrong: The network's own answers are true. | feedback: nothing is drawn from the generator
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        y = p.argmax(dim=1)

# %% wrong: Own answers, with a draw for show. | feedback: Are classes drawn from it
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        torch.rand(1, generator=generator)
        y = p.argmax(dim=1)

# %% wrong: Its own zero is zero. | feedback: the own zero is 0, not 0.5
# -    return total / draws
    return 0.0

# %% wrong: A sum over the draws. | feedback: that is the sum over the draws
# -    return total / draws
    return total

# %% wrong: In points again. | feedback: that is in points
# -    return total / draws
    return 100 * total / draws

# %% wrong: Drawn once, counted often. | feedback: Are classes drawn once, and used again
# -    for _ in range(draws):
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
    y = torch.multinomial(p, 1, generator=generator)[:, 0]
    for _ in range(draws):

# %% wrong: The same generator state for each draw. | feedback: Are classes drawn once, and used again
# -    for _ in range(draws):
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
    state = generator.get_state()
    for _ in range(draws):
        generator.set_state(state)
        y = torch.multinomial(p, 1, generator=generator)[:, 0]

# %% wrong: One ECE of all draws together. | feedback: Take the ECE of each draw, then the mean
# -    for _ in range(draws):
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
# -        total += ece(p, y, bins)
# -    return total / draws
    many = p.repeat(draws, 1)
    return ece(many, torch.multinomial(many, 1, generator=generator)[:, 0], bins)

# %% wrong: The mean of the distances, with their signs. | feedback: the own zero
# -        total += ece(p, y, bins)
# -    return total / draws
        total += (p.argmax(dim=1) == y).double().mean().item() - p.amax(dim=1).mean().item()
    return abs(total) / draws

# %% wrong: torch's own chance. | feedback: own_zero draws from torch's own chance
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        y = torch.multinomial(p, 1)[:, 0]

# %% wrong: A generator of its own. | feedback: nothing is drawn from the generator
# -    total = 0.0
# -    for _ in range(draws):
    total, generator = 0.0, torch.Generator().manual_seed(0)
    for _ in range(draws):

# %% wrong: Seeded anew. | feedback: Leave its seed alone
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        y = torch.multinomial(p, 1, generator=generator.manual_seed(0))[:, 0]

# %% wrong: One class for all rows. | feedback: the own zero
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        y = torch.multinomial(p.mean(dim=0), 1, generator=generator).expand(len(p))

# %% wrong: Classes drawn without looking at the row. | feedback: without looking at the row
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        y = torch.multinomial(p.mean(dim=0), len(p), replacement=True, generator=generator)

# %% wrong: A shape that broadcasts to all pairs. | feedback: the own zero
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
# -        total += ece(p, y, bins)
        y = torch.multinomial(p, 1, generator=generator)
        right = (p.argmax(dim=1) == y).double().mean(dim=1)
        total += (right - p.amax(dim=1)).abs().mean().item()

# %% wrong: Right with probability one half. | feedback: the own zero
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        right = torch.rand(len(p), generator=generator) < 0.5
        y = torch.where(right, p.argmax(dim=1), p.argmin(dim=1))

# %% wrong: Wrong where it should be right. | feedback: the own zero is 1, not 0: each answer is wrong
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        right = torch.rand(len(p), generator=generator) > p.amax(dim=1)
        y = torch.where(right, p.argmax(dim=1), p.argmin(dim=1))

# %% wrong: Ten draws will do. | feedback: the own zero
# -    return total / draws
    return total / 10

# %% wrong: The best of the draws. | feedback: the own zero
# -    for _ in range(draws):
    found = []
    for _ in range(draws):
# -        total += ece(p, y, bins)
# -    return total / draws
        found.append(ece(p, y, bins))
    return min(found)

# %% wrong: Sharpened before it draws. | feedback: the own zero
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        y = torch.multinomial(p**2, 1, generator=generator)[:, 0]

# %% wrong: Ten bins in the zero. | feedback: A test that you have not seen
# -        total += ece(p, y, bins)
        total += ece(p, y, 10)

# %% wrong: A confidence of 1 is lost. | feedback: a confidence of 1 is left out
# -    for b in which.unique():
    which = (sure * bins).long()
    for b in which[which < bins].unique():

# %% wrong: Class 0 is the answer. | feedback: the answer is the class of the largest probability, not class 0
# -    sure, said = p.max(dim=1)
    sure, said = p.amax(dim=1), torch.zeros(len(p), dtype=torch.long)

# %% wrong: The confidence in class 0. | feedback: not that of class 0
# -    sure, said = p.max(dim=1)
    sure, said = p[:, 0], p.argmax(dim=1)

# %% wrong: Class 0, throughout. | feedback: not class 0
# -    sure, said = p.max(dim=1)
    sure, said = p[:, 0], torch.zeros(len(p), dtype=torch.long)

# %% wrong: The mean of the row is the confidence. | feedback: the confidence is the largest probability of a row
# -    sure, said = p.max(dim=1)
    sure, said = p.mean(dim=1), p.argmax(dim=1)

# %% wrong: The last bin is missing. | feedback: the last bin is missing
# -    for b in which.unique():
    for b in which.unique()[which.unique() < bins - 1]:

# %% wrong: One bin too few. | feedback: you have one less
# -    which = (sure * bins).long().clamp(max=bins - 1)
    bins = max(bins - 1, 1)
    which = (sure * bins).long().clamp(max=bins - 1)

# %% wrong: Edges by linspace, one too few. | feedback: you have one less
# -    which = (sure * bins).long().clamp(max=bins - 1)
    which = torch.bucketize(sure, torch.linspace(0, 1, bins)[1:-1], right=True)

# %% wrong: One draw less. | feedback: draws
# -    for _ in range(draws):
    draws -= 1
    for _ in range(draws):

# %% wrong: One draw less, divided by all. | feedback: it is 0.5 away in each draw. Take the ECE of each draw, then the mean
# -    for _ in range(draws):
    for _ in range(draws - 1):

# %% wrong: One draw more. | feedback: draws
# -    for _ in range(draws):
    draws += 1
    for _ in range(draws):

# %% wrong: A hundred draws at most. | feedback: draws
# -    for _ in range(draws):
    draws = min(draws, 100)
    for _ in range(draws):

# %% wrong: Fifty draws, always. | feedback: draws
# -    for _ in range(draws):
    draws = 50
    for _ in range(draws):

# %% wrong: The median of the draws. | feedback: the median or the least of them
# -    total = 0.0
# -    for _ in range(draws):
    found = []
    for _ in range(draws):
# -        total += ece(p, y, bins)
# -    return total / draws
        found.append(ece(p, y, bins))
    return sorted(found)[len(found) // 2]

# %% wrong: The largest of the draws. | feedback: that is the largest of them
# -    total = 0.0
# -    for _ in range(draws):
    found = []
    for _ in range(draws):
# -        total += ece(p, y, bins)
# -    return total / draws
        found.append(ece(p, y, bins))
    return max(found)

# %% wrong: The root of the mean square. | feedback: 0.25 or 0.75 in each draw
# -        total += ece(p, y, bins)
# -    return total / draws
        total += ece(p, y, bins) ** 2
    return math.sqrt(total / draws)

# %% wrong: Rows are drawn from the row at the other end. | feedback: each answer is wrong. Is it drawn with the row's own probabilities
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        y = torch.multinomial(p.flip(0), 1, generator=generator).flatten()

# %% wrong: Rows are mixed before they are drawn from. | feedback: with another row's probabilities
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        order = torch.randperm(len(p), generator=generator)
        y = torch.multinomial(p[order], 1, generator=generator).flatten()

# %% wrong: A column of classes. | feedback: y has the shape (n, 1): take [:, 0]
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        right = (said == y)[inside].double().mean()
        total += inside.sum().item() * (right - sure[inside].mean()).abs().item()
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        y = torch.multinomial(p, 1, generator=generator)

# %% wrong: A column of classes, and a sum. | feedback: y has the shape (n, 1): take [:, 0]
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        y = torch.multinomial(p, 1, generator=generator)

# %% wrong: The ECE is seeded. | feedback: torch's own chance
# -    sure, said = p.max(dim=1)
    torch.manual_seed(0)
    sure, said = p.max(dim=1)

# %% right: with a bincount for each
# -    total = 0.0
# -    for b in which.unique():
# -        inside = which == b
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
# -    return total / len(p)
    right = (said == y).to(p.dtype)
    gaps = torch.bincount(which, right, bins) - torch.bincount(which, sure, bins)
    return gaps.abs().sum().item() / len(p)

# %% right: bucketize, and means times counts
# -    which = (sure * bins).long().clamp(max=bins - 1)
    which = torch.bucketize(sure, torch.arange(1, bins) / bins, right=True)
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
        share = inside.double().mean()
        total += (share * ((said[inside] == y[inside]).double().mean() - sure[inside].mean()).abs()).item()
# -    return total / len(p)
    return total

# %% right: a loop over answers, in Python
# -    sure, said = p.max(dim=1)
# -    which = (sure * bins).long().clamp(max=bins - 1)
# -    total = 0.0
# -    for b in which.unique():
# -        inside = which == b
# -        total += ((said == y)[inside].double() - sure[inside]).sum().abs().item()
# -    return total / len(p)
    gaps = [0.0] * bins
    for row, label in zip(p.tolist(), y.tolist(), strict=True):
        top = max(row)
        gaps[min(int(top * bins), bins - 1)] += (row.index(top) == label) - top
    return sum(map(abs, gaps)) / len(gaps and y)

# %% right: from edge to edge; the last bin is closed
# -    for b in which.unique():
# -        inside = which == b
    for b in range(bins):
        inside = (sure >= b / bins) & ((sure < (b + 1) / bins) | (b == bins - 1))

# %% right: draws whether it is right, as the lesson does
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        sure, said = p.max(dim=1)
        y = torch.where(torch.rand(len(p), generator=generator) < sure, said, (said + 1) % p.shape[1])

# %% right: all draws at once
# -    total = 0.0
# -    for _ in range(draws):
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
# -        total += ece(p, y, bins)
# -    return total / draws
    drawn = torch.multinomial(p, draws, replacement=True, generator=generator)
    return sum(ece(p, y, bins) for y in drawn.T) / draws

# %% right: by the inverse of the distribution function
# -        y = torch.multinomial(p, 1, generator=generator).flatten()
        u = torch.rand(len(p), 1, generator=generator)
        y = torch.searchsorted(p.cumsum(dim=1), u)[:, 0].clamp(max=p.shape[1] - 1)
