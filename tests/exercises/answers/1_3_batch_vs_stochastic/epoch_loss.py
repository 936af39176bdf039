# %% wrong: All batches have the same length. | feedback: the last is smaller. Count the examples
def epoch_loss(batches, w, b):
    total = sum(((x @ w + b - y) ** 2).sum().item() for x, y in batches)
    return total / (len(batches) * len(batches[0][0]))

# %% wrong: The mean is over the batches. | feedback: you divide by the number of batches
def epoch_loss(batches, w, b):
    return sum(((x @ w + b - y) ** 2).sum().item() for x, y in batches) / len(batches)

# %% wrong: The last batch speaks for the epoch. | feedback: that is the loss of the last batch alone
def epoch_loss(batches, w, b):
    for x, y in batches:
        loss = ((x @ w + b - y) ** 2).mean().item()
    return loss

# %% wrong: The mean of the means is the mean. | feedback: that is the mean of the batches' means
def epoch_loss(batches, w, b):
    means = [((x @ w + b - y) ** 2).mean().item() for x, y in batches]
    return sum(means) / len(means)

# %% wrong: A tensor with one number is a number. | feedback: Return a Python float, not Tensor
def epoch_loss(batches, w, b):
    total = sum(((x @ w + b - y) ** 2).sum() for x, y in batches)
    return total / sum(len(x) for x, _ in batches)

# %% wrong: The loss of all examples is the sum of theirs. | feedback: that is the sum. Divide by the number of examples
def epoch_loss(batches, w, b):
    return sum(((x @ w + b - y) ** 2).sum().item() for x, y in batches)

# %% right: puts the batches together again
def epoch_loss(batches, w, b):
    x, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    return torch.nn.functional.mse_loss(x @ w + b, y).item()

# %% right: the batches' means, weighted by their lengths
def epoch_loss(batches, w, b):
    mean, count = 0.0, 0
    for x, y in batches:
        count += len(x)
        mean += ((x @ w + b - y).square().mean().item() - mean) * len(x) / count
    return mean

# %% wrong: The means are added up. | feedback: the batches' means are added up
def epoch_loss(batches, w, b):
    return sum(((x @ w + b - y) ** 2).mean().item() for x, y in batches)

# %% wrong: The first batch is a fair sample. | feedback: that is the loss of the first batch alone
def epoch_loss(batches, w, b):
    x, y = batches[0]
    return ((x @ w + b - y) ** 2).mean().item()

# %% wrong: A line goes through the origin. | feedback: does b enter the prediction?
# -        total += ((x @ w + b - y) ** 2).sum().item()
        total += ((x @ w - y) ** 2).sum().item()

# %% wrong: Errors need no square. | feedback: that is the mean of |error|
# -        total += ((x @ w + b - y) ** 2).sum().item()
        total += (x @ w + b - y).abs().sum().item()

# %% wrong: A batch that comes again has been counted. | feedback: with a batch that comes twice in the list
# -    total, examples = 0.0, 0
    total, examples = 0.0, 0
    batches = {id(batch): batch for batch in batches}.values()

# %% wrong: Batches are as long as the first, but for the last. | feedback: with batches of (3, 8, 1)
def epoch_loss(batches, w, b):
    total = sum(((x @ w + b - y) ** 2).sum().item() for x, y in batches)
    return total / ((len(batches) - 1) * len(batches[0][0]) + len(batches[-1][0]))

# %% wrong: Distances have no sign, so a negative answer is a mistake. | feedback: with answers around −100
# -        total += ((x @ w + b - y) ** 2).sum().item()
        total += ((x @ w + b - y.clamp(min=-50)) ** 2).sum().item()

# %% wrong: float32 is enough for a mean. | feedback: In batches of 12 the loss of 12 examples
# -        total += ((x @ w + b - y) ** 2).sum().item()
        total += ((x @ w + b - y).float() ** 2).sum().item()

# %% wrong: The loss is printed. | feedback: Is the line with return missing
# -    return total / examples
    print(total / examples)

# %% wrong: A pair of total and count is a mean. | feedback: Return a Python float, not tuple
# -    return total / examples
    return total, examples

# %% wrong: The number of examples is the number of entries of x. | feedback: not by n·d
def epoch_loss(batches, w, b):
    total = sum(((x @ w + b - y) ** 2).sum() for x, y in batches)
    return (total / sum(x.numel() for x, _ in batches)).item()

# %% wrong: A loss has the unit of y. | feedback: Take no root
def epoch_loss(batches, w, b):
    total = sum(((x @ w + b - y) ** 2).sum() for x, y in batches)
    return (total / sum(len(x) for x, _ in batches)).sqrt().item()

# %% wrong: A row of answers is a column. | feedback: compared with every answer
def epoch_loss(batches, w, b):
    total = sum(((x @ w + b - y.squeeze()) ** 2).sum() for x, y in batches)
    return (total / sum(len(x) for x, _ in batches)).item()

# %% wrong: float32 on the way does no harm. | feedback: it is close, but no more
def epoch_loss(batches, w, b):
    total = sum(((x @ w + b - y).float() ** 2).sum() for x, y in batches)
    return (total / sum(len(x) for x, _ in batches)).item()
