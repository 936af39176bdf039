# %% wrong: Each unit adds a piece. | feedback: it has no hinge
def count_pieces(W1, b1, W2):
    return W1.shape[1] + 1

# %% wrong: Pieces are bends. | feedback: Bends are not pieces
# -    return 1 + sum(abs(change) >= 1e-9 for change in changes.values())
    return sum(abs(change) >= 1e-9 for change in changes.values())

# %% wrong: The change is c times w, with its sign. | feedback: The change is c·|w|, not c·w
# -        changes[place] = c * abs(w) + changes.get(place, 0.0)
        changes[place] = c * w + changes.get(place, 0.0)

# %% wrong: Each combination of on and off is a piece. | feedback: not at 2³
def count_pieces(W1, b1, W2):
    return 2 ** W1.shape[1]

# %% wrong: Different places are enough. | feedback: A unit with output weight 0 bends nothing
def count_pieces(W1, b1, W2):
    places = {}
    for w, b in zip(W1[0].tolist(), b1[0].tolist(), strict=True):
        if w != 0:
            places[round(-b / w, 9)] = True
    return 1 + len(places)

# %% wrong: Units that bend are enough, wherever. | feedback: Changes at one place add up
def count_pieces(W1, b1, W2):
    return 1 + int(((W1[0] != 0) & (W2[:, 0] != 0)).sum())

# %% wrong: Equal places bend once, whatever the changes. | feedback: Both hinges lie at 0
def count_pieces(W1, b1, W2):
    places = set()
    for w, b, c in zip(W1[0].tolist(), b1[0].tolist(), W2[:, 0].tolist(), strict=True):
        if w != 0 and c != 0:
            places.add((round(-b / w, 6), c > 0))
    return 1 + len(places)

# %% wrong: A unit always has a hinge. | feedback: Something is divided by 0
# -        if w == 0:
# -            continue

# %% wrong: Equal places are equal floats. | feedback: places less than 1e-9 apart are one
# -            if abs(known - place) < 1e-9:
            if known == place:

# %% wrong: Changes that cancel are exactly 0. | feedback: a change below 1e-9 is none
# -    return 1 + sum(abs(change) >= 1e-9 for change in changes.values())
    return 1 + sum(change != 0 for change in changes.values())

# %% wrong: Two decimals are enough. | feedback: Do you round?
def count_pieces(W1, b1, W2):
    changes = {}
    for w, b, c in zip(W1[0].tolist(), b1[0].tolist(), W2[:, 0].tolist(), strict=True):
        if w != 0:
            place = round(-b / w, 2)
            changes[place] = changes.get(place, 0.0) + c * abs(w)
    return 1 + sum(abs(change) >= 1e-9 for change in changes.values())

# %% wrong: A count may be a tensor. | feedback: Return a Python int, not Tensor
# -    return 1 + sum(abs(change) >= 1e-9 for change in changes.values())
    return torch.tensor(1 + sum(abs(change) >= 1e-9 for change in changes.values()))

# %% wrong: Two units at a place cancel if one has the other's output weight turned round. | feedback: Changes at one place add up
def count_pieces(W1, b1, W2):
    units = [u for u in zip(W1[0].tolist(), b1[0].tolist(), W2[:, 0].tolist(), strict=True) if u[0] and u[2]]
    places = {}
    for w, b, c in units:
        places.setdefault(round(-b / w, 9), []).append(c * abs(w))
    bends = 0
    for found in places.values():
        bends += 1 if len(found) != 2 else abs(found[0] + found[1]) > 1e-9
    return 1 + int(bends)

# %% wrong: One looks between −10 and 10. | feedback: you count
def count_pieces(W1, b1, W2):
    x = torch.linspace(-10, 10, 20001).view(-1, 1)
    y = (torch.relu(x @ W1 + b1) @ W2).flatten()
    bends = (y.diff().diff().abs() > 1e-9).flatten()
    starts = bends & ~torch.cat([torch.tensor([False]), bends[:-1]])
    return 1 + int(starts.sum())

# %% right: sorts the hinges
# Neighbours in order; a run of equal places is one bend.


def count_pieces(W1, b1, W2):
    w, b, c = W1[0], b1[0], W2[:, 0]
    kept = w != 0
    places, order = (-b[kept] / w[kept]).sort()
    changes = (c * w.abs())[kept][order]
    count, total = 1, 0.0
    for k in range(len(places)):
        total += changes[k].item()
        last = k + 1 == len(places) or places[k + 1] - places[k] > 1e-9
        if last:
            count += abs(total) > 1e-9
            total = 0.0
    return int(count)

# %% right: measures the slopes
# Between each two places: which units are on, and the slope that they make.


def count_pieces(W1, b1, W2):
    w, b, c = W1[0], b1[0], W2[:, 0]
    places = sorted((-b[w != 0] / w[w != 0]).tolist())
    kept = [p for k, p in enumerate(places) if k == 0 or p - places[k - 1] > 1e-9]
    if not kept:
        return 1
    middles = [kept[0] - 1, *((p + q) / 2 for p, q in zip(kept, kept[1:])), kept[-1] + 1]
    slopes = [(c * w * (w * m + b > 0)).sum().item() for m in middles]
    return 1 + sum(abs(p - q) > 1e-9 for p, q in zip(slopes, slopes[1:]))

# %% right: a helper named counted
def counted(changes):
    torch.set_num_threads(1)
    return sum(abs(sum(each)) > 1e-9 for each in changes)


def count_pieces(W1, b1, W2):
    places, changes = [], []
    for w, b, c in torch.stack([W1[0], b1[0], W2[:, 0]], dim=1).tolist():
        if abs(w) > 0:
            at = [k for k, place in enumerate(places) if abs(place + b / w) < 1e-9]
            if not at:
                places.append(-b / w)
                changes.append([])
            changes[at[0] if at else -1].append(c * abs(w))
    return counted(changes) + 1

# %% wrong: Near is relative to the place: torch.isclose. | feedback: at 1000 as well: what counts is how far apart
# -            if abs(known - place) < 1e-9:
            if torch.isclose(torch.tensor(known), torch.tensor(place)):

# %% wrong: Near is relative to the place: math.isclose. | feedback: at 0 as well: what counts is how far apart
# -    changes = {}  # place of a hinge: the change of slope there
    import math
    changes = {}
# -            if abs(known - place) < 1e-9:
            if math.isclose(known, place, rel_tol=1e-12):

# %% wrong: Six digits are enough. | feedback: that is more than 1e-9
# -        place = -b / w
        place = round(-b / w, 6)

# %% wrong: Near is relative to the place, however little. | feedback: at 1000 as well: what counts is how far apart
# -            if abs(known - place) < 1e-9:
            if torch.isclose(torch.tensor(known), torch.tensor(place), rtol=1e-9, atol=1e-9):
