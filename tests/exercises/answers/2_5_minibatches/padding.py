# %% wrong: What is not the filling is real. | feedback: make the mask of lengths, not of values
# -    return batch, mask
    return batch, batch != value

# %% wrong: The mask says what is filled up. | feedback: it is turned round: True is what is real
# -    return batch, mask
    return batch, ~mask

# %% wrong: A mask is of numbers. | feedback: mask must hold bools
# -    return batch, mask
    return batch, mask.double()

# %% wrong: Zeros fill up. | feedback: fill up with value, which need not be 0
# -    batch = torch.full((len(rows), longest), float(value))
    batch = torch.zeros(len(rows), longest)

# %% wrong: Rows end together. | feedback: a row begins at the left
# -        batch[k, : len(row)] = row
# -        mask[k, : len(row)] = True
        batch[k, longest - len(row) :] = row
        mask[k, : len(row)] = True

# %% wrong: Each row is cut to the shortest. | feedback: has shape
def pad(rows, value=0.0):
    shortest = min(len(row) for row in rows)
    batch = torch.stack([row[:shortest] for row in rows])
    return batch, torch.full(batch.shape, True)

# %% wrong: The shortest row has the length. | feedback: put into a place of another length
# -    longest = max(len(row) for row in rows)
    longest = min(len(row) for row in rows)

# %% wrong: Stacking does it. | feedback: takes tensors of one length only
def pad(rows, value=0.0):
    batch = torch.stack(rows)
    return batch, torch.full(batch.shape, True)

# %% wrong: Only the batch is asked for. | feedback: Return two things
# -    return batch, mask
    return batch

# %% wrong: float32 is a float. | feedback: float32
# -    batch = torch.full((len(rows), longest), float(value))
    batch = torch.full((len(rows), longest), value, dtype=torch.float32)

# %% wrong: The mask comes first. | feedback: mask must hold bools
# -    return batch, mask
    return mask, batch

# %% wrong: A row that is not full is repeated. | feedback: row 1 of batch is
# -        batch[k, : len(row)] = row
        batch[k] = (row.repeat(longest) if len(row) else batch[k])[:longest]

# %% right: torch fills up, lengths make the mask
def pad(rows, value=0.0):
    batch = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=value)
    lengths = torch.tensor([len(row) for row in rows])
    return batch, torch.arange(batch.shape[1]) < lengths.unsqueeze(1)

# %% right: writes through the mask
def pad(rows, value=0.0):
    lengths = torch.tensor([len(row) for row in rows])
    mask = torch.arange(int(lengths.max())).expand(len(rows), -1) < lengths[:, None]
    batch = torch.full(mask.shape, float(value))
    batch[mask] = torch.cat(rows)
    return batch, mask

# %% right: puts pieces together
def pad(rows, value=0.0):
    longest = max(map(len, rows))
    fill = [torch.full((longest - len(row),), value) for row in rows]
    batch = torch.stack([torch.cat(pair) for pair in zip(rows, fill, strict=True)])
    mask = torch.stack([torch.arange(longest) < len(row) for row in rows])
    return batch, mask

# %% wrong: The filling says what a number is. | feedback: makes ints of a value that is an int
# -    batch = torch.full((len(rows), longest), float(value))
    batch = torch.full((len(rows), longest), value)

# %% wrong: Some row is not empty. | feedback: ValueError
# -    longest = max(len(row) for row in rows)
    longest = max(len(row) for row in rows if len(row))

# %% wrong: The memory of the last batch may be used again. | feedback: a second call of pad changes the batch
BUFFER = torch.zeros(100, 100)


def pad(rows, value=0.0):
    longest = max(len(row) for row in rows)
    batch = BUFFER[: len(rows), :longest].fill_(value)
    mask = torch.zeros(len(rows), longest, dtype=torch.bool)
    for k, row in enumerate(rows):
        batch[k, : len(row)] = row
        mask[k, : len(row)] = True
    return batch, mask

# %% wrong: Long rows come first. | feedback: row k of the list must be row k here
# -    longest = max(len(row) for row in rows)
    rows = sorted(rows, key=len, reverse=True)
    longest = max(len(row) for row in rows)

# %% wrong: The list may be sorted. | feedback: Leave the list and its rows as they are
# -    longest = max(len(row) for row in rows)
    rows.sort(key=len)
    longest = max(len(row) for row in rows)

# %% wrong: inf is never real, and marks what is padded. | feedback: make the mask of lengths, not of values
def pad(rows, value=0.0):
    longest = max(map(len, rows))
    batch = torch.full((len(rows), longest), float("inf"))
    for i, row in enumerate(rows):
        batch[i, : len(row)] = row
    mask = batch != float("inf")
    return torch.where(mask, batch, float(value)), mask

# %% wrong: nan is never real, and marks what is padded. | feedback: make the mask of lengths, not of values
def pad(rows, value=0.0):
    batch = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=float("nan"))
    mask = ~batch.isnan()
    return batch.nan_to_num(float(value), float("inf"), float("-inf")), mask
