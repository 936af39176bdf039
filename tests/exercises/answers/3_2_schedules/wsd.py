# %% wrong: The warmup begins at zero here, too. | feedback: the first update has the rate 0
# -        return (t + 1) / warmup
        return t / warmup

# %% wrong: The decay begins with a step. | feedback: one update too early
# -    u = (t - (total - decay)) / decay
    u = (t + 1 - (total - decay)) / decay

# %% wrong: The decay's u is the share of the training. | feedback: the share of the decay that is over
# -    u = (t - (total - decay)) / decay
    u = t / total

# %% wrong: A cosine down. | feedback: not a cosine
# -    return floor + (1 - floor) * (1 - u)
    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2

# %% wrong: decay is the update at which it begins to fall. | feedback: between warmup and decay it is 1
# -    if t < total - decay:
# -        return 1.0
# -    u = (t - (total - decay)) / decay
    if t < decay:
        return 1.0
    u = (t - decay) / max(total - decay, 1)

# %% wrong: It falls from the warmup on. | feedback: it must stay at the peak
# -    if t < total - decay:
# -        return 1.0
# -    u = (t - (total - decay)) / decay
    u = (t - warmup) / (total - warmup)

# %% wrong: The line goes on. | feedback: the line goes on below the floor
# -    if t >= total:
# -        return floor
# -    if t < total - decay:
    if t < total - decay:

# %% wrong: After the end the rate is zero here, too. | feedback: which is not 0
# -    if t >= total:
# -        return floor
    if t > total:
        return 0.0
    if t == total:
        return floor

# %% wrong: The floor is left out here, too. | feedback: is the floor left out
# -    return floor + (1 - floor) * (1 - u)
    return 1 - u

# %% wrong: The floor is added on top here, too. | feedback: only the rest, 1 − floor, falls
# -    return floor + (1 - floor) * (1 - u)
    return floor + 1 - u if u else 1.0

# %% wrong: There is a decay. | feedback: Before you divide
# -    if t >= total:
# -        return floor
# -    if t < total - decay:
# -        return 1.0
# -    u = (t - (total - decay)) / decay
    u = min(max(t - (total - decay), 0) / decay, 1)

# %% wrong: Without a decay it stays at the peak for ever. | feedback: without a decay too
# -    if t >= total:
# -        return floor
    if decay == 0:
        return 1.0
    if t >= total:
        return floor

# %% wrong: The warmup includes t = W here, too. | feedback: the warmup is over
# -    if t < warmup:
    if warmup and t <= warmup:

# %% wrong: A decay of one update is at the floor. | feedback: an edge, D = 1
# -    if t >= total:
    if t >= total or decay == 1 and t == total - 1:

# %% wrong: The last update is at the floor if it is all that is left. | feedback: an edge, T − W = 1
# -    if t >= total:
    if t >= total or total - warmup == 1 and t >= warmup:

# %% wrong: There is a stable part. | feedback: an edge, W = 0 and D = T
# -    if t < total - decay:
    if t < (total - decay or total):

# %% wrong: Neither warmup nor decay: no schedule. | feedback: an edge, W = 0 and D = 0
# -    if t < warmup:
    if not warmup and not decay:
        return 1.0
    if t < warmup:

# %% wrong: A training that is all warmup stays at the peak. | feedback: an edge, W = T
# -    if t >= total:
# -        return floor
    if t >= total:
        return floor if warmup < total else 1.0

# %% right: the smallest of three lines
# -    if t < warmup:
# -        return (t + 1) / warmup
# -    if t >= total:
# -        return floor
# -    if t < total - decay:
# -        return 1.0
# -    u = (t - (total - decay)) / decay
# -    return floor + (1 - floor) * (1 - u)
    if t >= total:
        return floor
    up = (t + 1) / warmup if t < warmup else 1.0
    left = (total - t) / decay if t >= total - decay else 1.0
    return up if t < warmup else floor + (1 - floor) * left

# %% right: with a name for the turn
# -    if t >= total:
# -        return floor
# -    if t < total - decay:
# -        return 1.0
# -    u = (t - (total - decay)) / decay
    turn = total - decay
    if turn <= t < total:
        return floor + (1 - floor) * (1 - (t - turn) / decay)
    return floor if t >= total else 1
