# misconception: One thing in parentheses is a tuple.
# feedback: with a comma


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v), (1 - t * t))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
