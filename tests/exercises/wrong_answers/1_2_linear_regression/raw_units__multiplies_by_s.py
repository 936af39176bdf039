# misconception: The way back multiplies, since the way there divided.
# feedback: divide by s: where x changes by s, z changes by 1


def to_raw(w_z, b_z, m, s):
    w = w_z * s.unsqueeze(1)
    return w, b_z - m @ w
