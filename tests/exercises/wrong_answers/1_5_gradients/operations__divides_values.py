# misconception: Values can be divided before division is written.
# feedback: Compute with its number, value.data


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value((a / b).data, (a, b), (1 / b.data, -a.data / b.data**2))
