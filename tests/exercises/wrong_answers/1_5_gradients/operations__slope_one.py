# misconception: Every operation passes the gradient on as it is.
# feedback: the slope is that of v itself


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1.0,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
