# %% wrong: Patience runs out one look later. | feedback: you stop a look too late
# -        if i - at == patience:
        if i - at > patience:

# %% wrong: Patience runs out one look sooner. | feedback: you count one look in vain too many
# -        if i - at == patience:
        if i - at == patience - 1 and i > 0:

# %% wrong: The last look is the best. | feedback: you return the index of the last look
# -            return at, i + 1
# -    return at, len(losses)
            return i, i + 1
    return len(losses) - 1, len(losses)

# %% wrong: The count of looks in vain goes on. | feedback: must set the count of looks in vain back to 0
def stopping(losses, patience, min_delta=0.0):
    at, vain = 0, 0
    for i in range(1, len(losses)):
        if losses[i] < losses[at] - min_delta:
            at = i
        else:
            vain += 1
        if vain == patience:
            return at, i + 1
    return at, len(losses)

# %% wrong: Each loss is compared with the one before it. | feedback: not with the one before it
def stopping(losses, patience, min_delta=0.0):
    at, vain = 0, 0
    for i in range(1, len(losses)):
        if losses[i] < losses[i - 1] - min_delta:
            at, vain = min((at, i), key=lambda k: losses[k]), 0
        else:
            vain += 1
        if vain == patience:
            return at, i + 1
    return at, len(losses)

# %% wrong: An equal loss is a new best. | feedback: an equal loss is no new best
# -        if losses[i] < losses[at] - min_delta:
        if losses[i] <= losses[at] - min_delta:

# %% wrong: min_delta is a bonus. | feedback: Subtract min_delta from the best
# -        if losses[i] < losses[at] - min_delta:
        if losses[i] < losses[at] + min_delta and (i - at > 0):

# %% wrong: The best of the whole list is known. | feedback: The 3 is never seen
def stopping(losses, patience, min_delta=0.0):
    return min(range(len(losses)), key=lambda i: losses[i]), len(losses)

# %% wrong: min_delta is compared with the loss before. | feedback: add up
def stopping(losses, patience, min_delta=0.0):
    best, at, vain = losses[0], 0, 0
    for i in range(1, len(losses)):
        if losses[i] < best - min_delta:
            at, vain = i, 0
        else:
            vain += 1
        if losses[i] < best:
            best = losses[i]
        if vain == patience:
            return at, i + 1
    return at, len(losses)

# %% wrong: A NaN does not count. | feedback: a NaN is a look in vain
def stopping(losses, patience, min_delta=0.0):
    at, vain = 0, 0
    for i in range(1, len(losses)):
        if losses[i] < losses[at] - min_delta:
            at, vain = i, 0
        elif losses[i] >= losses[at] - min_delta:
            vain += 1
        if vain == patience:
            return at, i + 1
    return at, len(losses)

# %% wrong: The number of looks is the index of the stop. | feedback: how many looks were taken until the stop
# -            return at, i + 1
            return at, i + 2

# %% right: with a count
def stopping(losses, patience, min_delta=0.0):
    best, at, waited, taken = math.inf, 0, 0, 0
    for loss in losses:
        taken += 1
        waited += 1
        if loss < best - min_delta:
            best, at, waited = loss, taken - 1, 0
        if waited >= patience:
            break
    return at, taken

# %% right: with while
def stopping(losses, patience, min_delta=0.0):
    best, i = 0, 0
    while i + 1 < len(losses) and i - best < patience:
        i += 1
        if losses[best] - losses[i] > min_delta:
            best = i
    return best, i + 1

# %% wrong: The first look is in vain. | feedback: the first look is the first best
def stopping(losses, patience, min_delta=0.0):
    best, at, vain = losses[0], 0, 0
    for i, loss in enumerate(losses):
        if loss < best - min_delta:
            best, at, vain = loss, i, 0
        else:
            vain += 1
        if vain == patience:
            return at, i + 1
    return at, len(losses)

# %% wrong: The first look is in vain, and the count goes on. | feedback: a new best sets the looks in vain back to 0
def stopping(losses, patience, min_delta=0.0):
    best, at, vain = losses[0], 0, 0
    for i, loss in enumerate(losses):
        if loss < best - min_delta:
            best, at = loss, i
        else:
            vain += 1
        if vain == patience:
            return at, i + 1
    return at, len(losses)

# %% wrong: The looks are counted from 0. | feedback: or begin to count the looks at 0
# -            return at, i + 1
# -    return at, len(losses)
            return at, i
    return at, len(losses) - 1

# %% wrong: A little better is better than nothing. | feedback: is a look in vain, too
def stopping(losses, patience, min_delta=0.0):
    at, vain = 0, 0
    for i in range(1, len(losses)):
        if losses[i] < losses[at] - min_delta:
            at, vain = i, 0
        elif losses[i] < losses[at]:
            vain = 0
        else:
            vain += 1
        if vain == patience:
            return at, i + 1
    return at, len(losses)

# %% wrong: The lowest of what was seen is the best. | feedback: no new best: that takes more than min_delta
# -            return at, i + 1
            return min(range(i + 1), key=lambda k: math.inf if losses[k] != losses[k] else losses[k]), i + 1

# %% wrong: Losses are positive. | feedback: you return
def stopping(losses, patience, min_delta=0.0):
    at = 0
    for i in range(len(losses)):
        if abs(losses[at]) - abs(losses[i]) > min_delta:
            at = i
        if i - at == patience:
            return at, i + 1
    return at, len(losses)
