"""Numbers that remember how they were made, as lesson 1.5 builds them, and graphs of them to try."""

import itertools


class Value:
    counter = itertools.count()

    def __init__(self, data, parents=(), slopes=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = parents
        self.slopes = slopes
        self.number = next(Value.counter)

    def __add__(self, other):
        other = _value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = _value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, k):
        return Value(self.data**k, (self,), (k * self.data ** (k - 1),))

    def backward(self):
        found, waiting = {}, [self]
        while waiting:
            value = waiting.pop()
            if value.number not in found:
                found[value.number] = value
                waiting.extend(value.parents)
        order = [found[number] for number in sorted(found, reverse=True)]
        for value in order:
            if value.parents:
                value.grad = 0.0
        self.grad += 1.0
        for value in order:
            for parent, slope in zip(value.parents, value.slopes, strict=True):
                parent.grad += slope * value.grad


def _value(number):
    return number if isinstance(number, Value) else Value(number)


def lesson():
    """The graph of lesson 1.5: its result, and the names."""
    w = Value(1)
    p = w * 3
    e = p + -1
    a = e**2
    r = w**2
    L = a + r
    L.backward()
    return L, {"w": w, "p = 3w": p, "e = p − 1": e, "a = e²": a, "r = w²": r, "L = a + r": L}


def line():
    """A line at one point."""
    x, w, b = Value(3), Value(0.5), Value(1)
    p = x * w
    q = p + b
    L = q**2
    L.backward()
    return L, {"x": x, "w": w, "b": b, "p": p, "q": q, "L": L}


def dozen():
    """Two layers of one neuron each, with a square between: twelve boxes, one of them used twice by one."""
    x, w1, b1, w2, b2 = (Value(v) for v in (2, 0.5, -0.25, -1.5, 0.125))
    h = x * w1
    z = h + b1
    s = z * z
    o = s * w2
    q = o + b2
    e = q + -1
    L = e**2
    L.backward()
    names = {"x": x, "w₁": w1, "b₁": b1, "w₂": w2, "b₂": b2, "h = x·w₁": h, "z = h + b₁": z, "s = z²": s}
    return L, {**names, "o = s·w₂": o, "q = o + b₂": q, "e = q − 1": e, "L = e²": L}


def knot():
    """Everything is used twice: arrows cross, skip layers, and bring negative reports."""
    a, b = Value(2), Value(-3)
    c = a * b
    d = a + b
    e = c * d
    f = d * a
    g = e + f
    L = g * c
    L.backward()
    return L, {"a": a, "b": b, "c = ab": c, "d = a+b": d, "e = cd": e, "f = da": f, "g = e+f": g, "L = gc": L}


GRAPHS = {"lesson": lesson, "line": line, "dozen": dozen, "knot": knot}
