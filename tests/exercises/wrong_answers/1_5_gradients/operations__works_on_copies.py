# misconception: A copy of a Value is as good as the Value.
# feedback: not their numbers or copies


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (Value(v.data),), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
