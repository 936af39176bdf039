# misconception: Only the upper number of a quotient counts.
# feedback: does not hang on all its parents


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a,), (1 / b.data,))
