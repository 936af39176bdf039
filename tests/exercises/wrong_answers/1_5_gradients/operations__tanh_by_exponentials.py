# misconception: The definition of tanh is the way to compute it.
# feedback: math.tanh is safe


def tanh(v):
    up, down = math.exp(v.data), math.exp(-v.data)
    t = (up - down) / (up + down)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
