# misconception: A quotient grows with both of its numbers.
# feedback: If b grows, a/b falls


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, a.data / b.data**2))
