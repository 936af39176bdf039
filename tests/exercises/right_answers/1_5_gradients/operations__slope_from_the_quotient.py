# The slope by b is minus the quotient over b.


def tanh(v):
    result = math.tanh(v.data)
    return Value(result, parents=(v,), slopes=(1.0 - result**2,))


def divide(a, b):
    q = a.data / b.data
    return Value(q, parents=(a, b), slopes=(1.0 / b.data, -q / b.data))
