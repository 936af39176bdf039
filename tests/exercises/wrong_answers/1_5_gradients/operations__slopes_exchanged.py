# misconception: The order of the slopes does not matter.
# feedback: the two slopes are exchanged


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (-a.data / b.data**2, 1 / b.data))
