# misconception: Slopes are computed with Values.
# feedback: the slopes must be plain numbers


def tanh(v):
    t = Value(math.tanh(v.data))
    return Value(t.data, (v,), (Value(1.0) + Value(-1.0) * t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
