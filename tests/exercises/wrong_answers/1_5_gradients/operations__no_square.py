# misconception: The slope of tanh is 1 − t.
# feedback: that is 1 − t. The slope is


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
