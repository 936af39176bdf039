# misconception: The functions of math know a Value.
# feedback: The functions of math want a number


def tanh(v):
    t = math.tanh(v)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
