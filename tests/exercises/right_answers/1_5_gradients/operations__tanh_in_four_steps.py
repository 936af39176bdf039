# tanh v = 2 / (1 + exp(−2v)) − 1, step by step.


def exp_of_minus_double(v):
    result = math.exp(-2 * v.data)
    return Value(result, (v,), (-2 * result,))


def divide(a, b):
    q = a.data / b.data
    return Value(q, (a, b), (1 / b.data, -q / b.data))


def tanh(v):
    return divide(Value(2.0), exp_of_minus_double(v) + Value(1.0)) + Value(-1.0)
