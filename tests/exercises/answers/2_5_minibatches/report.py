# %% wrong: The mean of the means is the mean. | feedback: that is the mean of the batches' means
def mean_loss(batches):
    means = [losses[mask].mean().item() for losses, mask in batches]
    return sum(means) / len(means)

# %% wrong: Padding is zero, so it does no harm. | feedback: the padding is counted, too
def mean_loss(batches):
    total, count = 0.0, 0
    for losses, _ in batches:
        total, count = total + losses.sum().item(), count + losses.numel()
    return total / count

# %% wrong: Every place counts. | feedback: you divide by the number of places, padding included
# -        count += mask.sum().item()
        count += mask.numel()

# %% wrong: A mask multiplies. | feedback: nan * 0 is nan
# -        total += losses[mask].sum().item()
        total += (losses * mask).sum().item()

# %% wrong: Each batch has a word. | feedback: With a batch that has no real entry, your mean is nan
def mean_loss(batches):
    total, count = 0.0, 0
    for losses, mask in batches:
        real = mask.sum().item()
        total, count = total + losses[mask].mean().item() * real, count + real
    return total / count

# %% wrong: The mean is over the batches. | feedback: that is the sum over the number of batches
# -        count += mask.sum().item()
        count += 1

# %% wrong: The last batch is the newest. | feedback: that is the last batch alone
def mean_loss(batches):
    for losses, mask in batches:
        mean = losses[mask].mean().item()
    return mean

# %% wrong: return belongs into the loop. | feedback: Does return stand inside of the loop
# -    return total / count
        return total / count

# %% wrong: The loss is the sum. | feedback: that is the sum. Divide it
# -    return total / count
    return total

# %% wrong: True is padding. | feedback: the mask is True where an entry is real
# -        total += losses[mask].sum().item()
# -        count += mask.sum().item()
        total += losses[~mask].sum().item()
        count += (~mask).sum().item()

# %% wrong: A tensor of one number is a float. | feedback: Return a Python float, not Tensor
# -        total += losses[mask].sum().item()
        total += losses[mask].sum()

# %% wrong: Batches can be gone through twice. | feedback: divided by 0
def mean_loss(batches):
    total = sum(losses[mask].sum().item() for losses, mask in batches)
    return total / sum(mask.sum().item() for _, mask in batches)

# %% wrong: What is 0 is padding. | feedback: with losses that are 0, and count
# -        count += mask.sum().item()
        count += (losses[mask] != 0).sum().item()

# %% wrong: float32 is enough for a mean. | feedback: with losses of 1e8 beside 1 and 2
# -        total += losses[mask].sum().item()
        total += losses[mask].float().sum().item()

# %% wrong: All sentences weigh the same. | feedback: your mean is
def mean_loss(batches):
    rows = [row[real].mean().item() for losses, mask in batches for row, real in zip(losses, mask) if real.any()]
    return sum(rows) / len(rows)

# %% right: all real losses in one tensor
def mean_loss(batches):
    return torch.cat([losses[mask] for losses, mask in batches]).mean().item()

# %% right: fills the padding with zeros first
def mean_loss(batches):
    sums, counts = [], []
    for losses, mask in batches:
        sums.append(torch.where(mask, losses, 0.0).sum().item())
        counts.append(int(mask.sum()))
    return sum(sums) / sum(counts)

# %% right: a running mean, weighted by the count
def mean_loss(batches):
    mean, count = 0.0, 0
    for losses, mask in batches:
        for loss in losses[mask].tolist():
            count += 1
            mean += (loss - mean) / count
    return mean

# %% right: numbers in place of nan, and the mask
def mean_loss(batches):
    total, count = 0.0, 0
    for losses, mask in batches:
        total += (losses.masked_fill(~mask, 0.0)).sum().item()
        count += mask.count_nonzero().item()
    return total / count

# %% wrong: A batch without real entries ends it. | feedback: no real entry was counted
# -        total += losses[mask].sum().item()
        if not mask.any():
            break
        total += losses[mask].sum().item()

# %% wrong: nansum is the safe sum. | feedback: a mean that hides a broken loss
# -        total += losses[mask].sum().item()
        total += losses[mask].nansum().item()

# %% wrong: Only finite losses are real. | feedback: a mean that hides a broken loss
# -        total += losses[mask].sum().item()
        mask = mask & losses.isfinite()
        total += losses[mask].sum().item()
