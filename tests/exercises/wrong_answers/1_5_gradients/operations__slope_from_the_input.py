# misconception: The t of 1 − t² is the input.
# feedback: with the *result* t


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - v.data * v.data,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
