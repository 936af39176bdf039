# misconception: The bias moves by the mean.
# feedback: m must be multiplied by w


def to_raw(w_z, b_z, m, s):
    return w_z / s.unsqueeze(1), b_z - m.sum()
