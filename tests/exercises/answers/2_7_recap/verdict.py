# %% wrong: The lowest test error is a model's score. | feedback: It judges, and must not choose
# -        chosen = val.argmin(dim=1, keepdim=True)
        chosen = test.argmin(dim=1, keepdim=True)

# %% wrong: One setting is chosen for all splits. | feedback: Each split chooses its own
# -        chosen = val.argmin(dim=1, keepdim=True)
        chosen = val.mean(dim=0).argmin().expand(len(val), 1)

# %% wrong: The first setting is the default. | feedback: you take the first setting
# -        chosen = val.argmin(dim=1, keepdim=True)
        chosen = torch.zeros(len(val), 1, dtype=torch.long)

# %% wrong: The highest number is the best. | feedback: you take the highest validation error
# -        chosen = val.argmin(dim=1, keepdim=True)
        chosen = val.argmax(dim=1, keepdim=True)

# %% wrong: The validation error is as good as the test error. | feedback: they flatter
# -        scores.append(test.gather(1, chosen).squeeze(1))
        scores.append(val.gather(1, chosen).squeeze(1))

# %% wrong: line − network. | feedback: that is line − network
# -    d = scores[1] - scores[0]
    d = scores[0] - scores[1]

# %% wrong: Splits are as good as new data. | feedback: the splits share the patients
# -    error = d.std().item() * math.sqrt(1 / len(d) + n_test / n_train)
    error = d.std().item() / math.sqrt(len(d))

# %% wrong: The standard deviation says how sure the mean is. | feedback: √K times smaller
# -    error = d.std().item() * math.sqrt(1 / len(d) + n_test / n_train)
    error = d.std().item() * math.sqrt(1 + len(d) * n_test / n_train)

# %% wrong: The variance of a mean divides by K, twice. | feedback: K − 1
# -    error = d.std().item() * math.sqrt(1 / len(d) + n_test / n_train)
    error = d.std(correction=0).item() * math.sqrt(1 / len(d) + n_test / n_train)

# %% wrong: The correction is the ratio of train to test. | feedback: not the other way round
# -    error = d.std().item() * math.sqrt(1 / len(d) + n_test / n_train)
    error = d.std().item() * math.sqrt(1 / len(d) + n_train / n_test)

# %% wrong: The correction counts each split once. | feedback: K is missing in the correction
# -    error = d.std().item() * math.sqrt(1 / len(d) + n_test / n_train)
    error = d.std().item() / math.sqrt(len(d)) * math.sqrt(1 + n_test / n_train)

# %% wrong: The correction is a factor, without a root. | feedback: the root of the correction is missing
# -    error = d.std().item() * math.sqrt(1 / len(d) + n_test / n_train)
    error = d.std().item() / math.sqrt(len(d)) * (1 + len(d) * n_test / n_train)

# %% wrong: Unpaired errors add up. | feedback: the standard error
# -    error = d.std().item() * math.sqrt(1 / len(d) + n_test / n_train)
    both = math.sqrt(scores[0].var().item() + scores[1].var().item())
    error = both * math.sqrt(1 / len(d) + n_test / n_train)

# %% wrong: One error is enough. | feedback: is not further than two errors
# -    if abs(mean) <= 2 * error:
    if abs(mean) < error:

# %% wrong: Three errors are asked for. | feedback: you say 'no difference seen'
# -    if abs(mean) <= 2 * error:
    if abs(mean) <= 3 * error:

# %% wrong: The higher score wins. | feedback: the network's error is lower by far
# -    return mean, error, "the line" if mean > 0 else "the network"
    return mean, error, "the network" if mean > 0 else "the line"

# %% wrong: Only the network can win. | feedback: lower is better
# -    return mean, error, "the line" if mean > 0 else "the network"
    return mean, error, "the network"

# %% wrong: A tensor is a number. | feedback: must be a Python float, not Tensor
# -    mean = d.mean().item()
    mean = d.mean()

# %% wrong: The word alone is the verdict. | feedback: Return three things
# -    return mean, error, "the line" if mean > 0 else "the network"
    return "the line" if mean > 0 else "the network"

# %% wrong: A word of one's own. | feedback: The word must be one of
# -        return mean, error, "no difference seen"
        return mean, error, "a draw"

# %% right: split by split, in plain Python
def verdict(val_line, test_line, val_network, test_network, n_train, n_test):
    d = []
    for k in range(len(val_line)):
        ours = test_line[k, val_line[k].argmin()].item()
        theirs = test_network[k, val_network[k].argmin()].item()
        d.append(theirs - ours)
    K = len(d)
    mean = sum(d) / K
    error = (sum((one - mean) ** 2 for one in d) / (K * (K - 1))) ** 0.5
    error *= (1 + K * n_test / n_train) ** 0.5
    if mean > 2 * error:
        return mean, error, "the line"
    if mean < -2 * error:
        return mean, error, "the network"
    return mean, error, "no difference seen"

# %% right: a list, with numpy and a helper
def chosen(val, test):
    import numpy as np

    return np.array([row[pick] for row, pick in zip(test.tolist(), val.argmin(dim=1).tolist(), strict=True)])


def verdict(val_line, test_line, val_network, test_network, n_train, n_test):
    d = chosen(val_network, test_network) - chosen(val_line, test_line)
    mean = float(d.mean())
    error = float(d.std(ddof=1) / len(d) ** 0.5 * (1 + len(d) * n_test / n_train) ** 0.5)
    word = "the network" if mean < -2 * error else "the line" if mean > 2 * error else "no difference seen"
    return [mean, error, word]

# %% wrong: Where two errors end, the difference begins. | feedback: you say 'the line', not 'no difference seen'
# -    error = d.std().item() * math.sqrt(1 / len(d) + n_test / n_train)
# -    if abs(mean) <= 2 * error:
    K = len(d)
    plain = math.sqrt(sum((one - mean) ** 2 for one in d.tolist()) / (K * (K - 1)))
    error = plain * math.sqrt(1 + K * n_test / n_train)
    if abs(mean) < 2 * error:

# %% wrong: How many errors is it? | feedback: ZeroDivisionError
# -    if abs(mean) <= 2 * error:
    if abs(mean / error) <= 2:

# %% wrong: Without an error there is nothing to see. | feedback: you say 'no difference seen', not 'the line'
# -    if abs(mean) <= 2 * error:
    if abs(mean) <= 2 * error or not error:

# %% wrong: A ratio is a whole number. | feedback: or rounded away
# -    error = d.std().item() * math.sqrt(1 / len(d) + n_test / n_train)
    error = d.std().item() / math.sqrt(len(d)) * math.sqrt(1 + len(d) * n_test // n_train)

# %% wrong: Splits stand in columns. | feedback: Two shapes do not fit
# -        chosen = val.argmin(dim=1, keepdim=True)
# -        scores.append(test.gather(1, chosen).squeeze(1))
        scores.append(test[torch.arange(len(test)), val.argmin(dim=0)])

# %% wrong: The patients to fit are those that are left. | feedback: A root of a negative number
# -    error = d.std().item() * math.sqrt(1 / len(d) + n_test / n_train)
    error = d.std().item() * math.sqrt(1 / len(d) + n_test / (n_train - n_test))
