# misconception: A column divided by a row is a column.
# feedback: With two inputs, w has shape (2, 2), not (2, 1)


def to_raw(w_z, b_z, m, s):
    w = w_z / s
    return w, b_z - m @ w
