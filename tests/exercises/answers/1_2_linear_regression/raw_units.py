# %% wrong: Only the weights depend on the units. | feedback: b changes too
def to_raw(w_z, b_z, m, s):
    w = w_z / s.unsqueeze(1)
    return w, b_z.clone()

# %% wrong: A column divided by a row is a column. | feedback: With two inputs, w has shape (2, 2), not (2, 1)
def to_raw(w_z, b_z, m, s):
    w = w_z / s
    return w, b_z - m @ w

# %% wrong: The bias moves by the mean. | feedback: m must be multiplied by w
def to_raw(w_z, b_z, m, s):
    return w_z / s.unsqueeze(1), b_z - m.sum()

# %% wrong: The way back multiplies, since the way there divided. | feedback: divide by s: where x changes by s, z changes by 1
def to_raw(w_z, b_z, m, s):
    w = w_z * s.unsqueeze(1)
    return w, b_z - m @ w

# %% wrong: The bias moves by the mean times the standardized weight. | feedback: must still be divided by s
def to_raw(w_z, b_z, m, s):
    return w_z / s.unsqueeze(1), b_z - m @ w_z

# %% wrong: One shift of the bias is enough. | feedback: there is one such term for each input
def to_raw(w_z, b_z, m, s):
    w = w_z / s.unsqueeze(1)
    return w, b_z - m[0] * w[0]

# %% wrong: The mean was subtracted, so it is added. | feedback: m enters with a minus
def to_raw(w_z, b_z, m, s):
    w = w_z / s.unsqueeze(1)
    return w, b_z + m @ w

# %% right: b from the prediction at x = 0, w by transposing
def to_raw(w_z, b_z, m, s):
    w = (w_z.T / s).T
    return w, ((0 - m) / s) @ w_z + b_z

# %% wrong: m times w is the shift of b. | feedback: the sum of m·w over all inputs
def to_raw(w_z, b_z, m, s):
    w = w_z / s.unsqueeze(1)
    return w, b_z - w * m

# %% wrong: Each input has its own shift, and all of them are b. | feedback: there is one term for each input: add them up
def to_raw(w_z, b_z, m, s):
    w = w_z / s.unsqueeze(1)
    b = b_z - w.squeeze(1) * m
    return w, b

# %% wrong: The weights lie in a row. | feedback: A row (k,) becomes a column
def to_raw(w_z, b_z, m, s):
    w = w_z.squeeze(1) / s
    return w, b_z - m @ w

# %% wrong: All inputs share the first one's spread. | feedback: each weight is divided by its own s
def to_raw(w_z, b_z, m, s):
    w = w_z / s[0]
    return w, b_z - m @ w

# %% wrong: w_z need not be kept. | feedback: changed its input number 1
def to_raw(w_z, b_z, m, s):
    w_z /= s.unsqueeze(1)
    return w_z, b_z - m @ w_z

# %% wrong: Old units need fewer digits. | feedback: w is float32
def to_raw(w_z, b_z, m, s):
    w = (w_z / s.unsqueeze(1)).float()
    return w, b_z - m @ w.double()

# %% wrong: w and b are one row of numbers. | feedback: Return two things: return w, b
def to_raw(w_z, b_z, m, s):
    w = w_z / s.unsqueeze(1)
    return torch.cat([w[:, 0], b_z - m @ w])

# %% wrong: w_z and m meet as they are. | feedback: Two shapes do not fit
def to_raw(w_z, b_z, m, s):
    w = w_z / s.unsqueeze(1)
    return w, b_z - (m.unsqueeze(1) @ w)[0]

# %% wrong: A spread below a thousandth is none. | feedback: however small or large
def to_raw(w_z, b_z, m, s):
    s = torch.where(s < 1e-3, 1.0, s).unsqueeze(1)
    w = w_z / s
    return w, b_z - m @ w
