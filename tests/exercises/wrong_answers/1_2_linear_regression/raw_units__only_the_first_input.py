# misconception: One shift of the bias is enough.
# feedback: there is one such term for each input


def to_raw(w_z, b_z, m, s):
    w = w_z / s.unsqueeze(1)
    return w, b_z - m[0] * w[0]
