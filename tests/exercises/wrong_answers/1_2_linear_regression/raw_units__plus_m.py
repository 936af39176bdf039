# misconception: The mean was subtracted, so it is added.
# feedback: m enters with a minus


def to_raw(w_z, b_z, m, s):
    w = w_z / s.unsqueeze(1)
    return w, b_z + m @ w
