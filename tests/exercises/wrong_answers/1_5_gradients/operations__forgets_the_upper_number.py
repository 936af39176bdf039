# misconception: The slope by b does not depend on a.
# feedback: The upper number belongs into it


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -1 / b.data**2))
