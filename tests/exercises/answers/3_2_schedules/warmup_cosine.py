# %% wrong: The warmup begins at zero. | feedback: the first update has the rate 0
# -        return (t + 1) / warmup
        return t / warmup

# %% wrong: It arrives at t = W. | feedback: it arrives one update late
# -        return (t + 1) / warmup
        return (t + 1) / (warmup + 1)

# %% wrong: From 0 to 1 in W steps, ends included. | feedback: the first update has the rate 0
# -        return (t + 1) / warmup
        return t / max(warmup - 1, 1)

# %% wrong: The warmup rises from the floor. | feedback: the warmup rises from 1/W
# -        return (t + 1) / warmup
        return floor + (1 - floor) * (t + 1) / warmup

# %% wrong: The warmup includes t = W. | feedback: the warmup is over
# -    if t < warmup:
    if warmup and t <= warmup:

# %% wrong: The cosine counts from the beginning. | feedback: the cosine begins at t = W
# -    u = (t - warmup) / (total - warmup)
    u = t / total

# %% wrong: The cosine has T updates. | feedback: the cosine has T − W updates
# -    u = (t - warmup) / (total - warmup)
    u = (t - warmup) / total

# %% wrong: The cosine takes the rest, from t = 0. | feedback: take the warmup off t, too
# -    u = (t - warmup) / (total - warmup)
    u = t / (total - warmup) if t > warmup else 0

# %% wrong: The cosine ends by itself. | feedback: the cosine rises again
# -    if t >= total:
# -        return floor
# -    u = (t - warmup) / (total - warmup)
    u = (t - warmup) / max(total - warmup, 1)

# %% wrong: There is room for a cosine. | feedback: Before you divide
# -    if t >= total:
# -        return floor
# -    u = (t - warmup) / (total - warmup)
    u = min((t - warmup) / (total - warmup), 1)

# %% wrong: Without room for a cosine it stays at the peak. | feedback: without a cosine too
# -    if t >= total:
# -        return floor
# -    u = (t - warmup) / (total - warmup)
    u = min((t - warmup) / max(total - warmup, 1), 1) if total > warmup else 0

# %% wrong: There is a warmup. | feedback: Before you divide
# -    if t < warmup:
# -        return (t + 1) / warmup
    up = (t + 1) / warmup
    if t < warmup:
        return up

# %% wrong: After the end the rate is zero. | feedback: which is not 0
# -    if t >= total:
# -        return floor
    if t >= total:
        return 0.0

# %% wrong: The floor is left out. | feedback: is the floor left out
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return (1 + math.cos(math.pi * u)) / 2

# %% wrong: One update is no room for a cosine. | feedback: an edge, T − W = 1
# -    if t >= total:
    if t >= total or total - warmup == 1:

# %% wrong: There is more than one update. | feedback: an edge, W = 0 and T = 1
# -    if t >= total:
    if t >= total or total == 1 and warmup == 0:

# %% wrong: A warmup of one update is at half of the peak. | feedback: an edge, W = 1.
# -        return (t + 1) / warmup
        return (t + 1) / max(warmup, 2)

# %% wrong: The library's, through a helper. | feedback: The formula is yours to write
from course_lib import schedules

known = {"cosine": schedules.cosine}


def warmup_cosine(t, *, total, warmup, floor=0.0):
    if t < warmup:
        return (t + 1) / warmup
    return known["cosine"](t - warmup, total=total - warmup, floor=floor) if t < total else floor

# %% right: two functions, one after the other
def falling(u, low):
    return low + (1 - low) * (1 + math.cos(math.pi * u)) / 2


def warmup_cosine(t, *, total, warmup, floor=0.0):
    """The multiplier of update t."""
    if t < warmup:
        return (1 + t) / warmup
    return falling(min((t - warmup) / (total - warmup), 1), floor) if t < total else floor

# %% right: the smaller of a line and a cosine's start, with a guarded division
# -    if t < warmup:
# -        return (t + 1) / warmup
# -    if t >= total:
# -        return floor
# -    u = (t - warmup) / (total - warmup)
    if warmup and t < warmup:
        return (t + 1) / warmup
    u = (t - warmup) / (total - warmup) if t < total else 1
