# differs: b from the prediction at x = 0, w by transposing


def to_raw(w_z, b_z, m, s):
    w = (w_z.T / s).T
    return w, ((0 - m) / s) @ w_z + b_z
