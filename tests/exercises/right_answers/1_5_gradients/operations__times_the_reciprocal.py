# A quotient is a product with the reciprocal; the slope of tanh is (1 − t)(1 + t).


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), ((1 - t) * (1 + t),))


def reciprocal(b):
    return Value(1 / b.data, (b,), (-1 / b.data**2,))


def divide(a, b):
    return a * reciprocal(b)
