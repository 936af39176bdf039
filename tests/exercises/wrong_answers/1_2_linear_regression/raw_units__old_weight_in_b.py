# misconception: The bias moves by the mean times the standardized weight.
# feedback: must still be divided by s


def to_raw(w_z, b_z, m, s):
    return w_z / s.unsqueeze(1), b_z - m @ w_z
