# misconception: The slope of a function is its value.
# feedback: that is the result. Its slope


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
