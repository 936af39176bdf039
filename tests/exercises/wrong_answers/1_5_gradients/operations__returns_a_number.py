# misconception: An operation returns its number.
# feedback: must return a Value, not float


def tanh(v):
    return math.tanh(v.data)


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
