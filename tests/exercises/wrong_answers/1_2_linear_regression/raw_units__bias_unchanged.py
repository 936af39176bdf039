# misconception: Only the weights depend on the units.
# feedback: b changes too


def to_raw(w_z, b_z, m, s):
    w = w_z / s.unsqueeze(1)
    return w, b_z.clone()
