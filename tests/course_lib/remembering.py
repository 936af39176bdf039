"""Numbers that remember how they were made, read from lesson 1.5's notebook, and graphs of them to try."""

import contextlib
import io
import itertools

from tools import notebooks
from tools.lessons import ROOT


def _from_the_lesson():
    """The class ``Value``, with its way back, as a reader of the lesson has it."""
    lesson = notebooks.read(ROOT / "chapters" / "part1_by_hand" / "1_5_gradients.ipynb")
    source = {cell.id: cell.source for cell in lesson.cells}
    names = {"itertools": itertools}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in ("value-class", "value-run", "backward-code"):
            exec(source[cell], names)
    return names["Value"]


Value = _from_the_lesson()


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
