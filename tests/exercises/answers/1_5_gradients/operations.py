# %% wrong: Values can be divided before division is written. | feedback: Compute with its number, value.data
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value((a / b).data, (a, b), (1 / b.data, -a.data / b.data**2))

# %% wrong: The slope by b does not depend on a. | feedback: The upper number belongs into it
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -1 / b.data**2))

# %% wrong: Only the upper number of a quotient counts. | feedback: does not hang on all its parents
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a,), (1 / b.data,))

# %% wrong: One thing in parentheses is a tuple. | feedback: with a comma
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v), (1 - t * t))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))

# %% wrong: The slope of tanh is 1 − t. | feedback: that is 1 − t. The slope is
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))

# %% wrong: The derivative of 1/b is −1/b. | feedback: the power falls by one more
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data))

# %% wrong: An operation returns its number. | feedback: must return a Value, not float
# -    """The hyperbolic tangent of a Value, as a Value."""
# -    t = math.tanh(v.data)
# -    return Value(t, (v,), (1 - t * t,))
    return math.tanh(v.data)
# -    """The quotient a / b of two Values, as a Value."""

# %% wrong: A quotient grows with both of its numbers. | feedback: If b grows, a/b falls
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, a.data / b.data**2))

# %% wrong: The t of 1 − t² is the input. | feedback: with the *result* t
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - v.data * v.data,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))

# %% wrong: The slope of a function is its value. | feedback: that is the result. Its slope
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))

# %% wrong: Every operation passes the gradient on as it is. | feedback: the slope is that of v itself
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1.0,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))

# %% wrong: Slopes are computed with Values. | feedback: the slopes must be plain numbers
# -    """The hyperbolic tangent of a Value, as a Value."""
# -    t = math.tanh(v.data)
# -    return Value(t, (v,), (1 - t * t,))
    t = Value(math.tanh(v.data))
    return Value(t.data, (v,), (Value(1.0) + Value(-1.0) * t * t,))
# -    """The quotient a / b of two Values, as a Value."""

# %% wrong: The order of the slopes does not matter. | feedback: the two slopes are exchanged
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (-a.data / b.data**2, 1 / b.data))

# %% wrong: The definition of tanh is the way to compute it. | feedback: math.tanh is safe
# -    """The hyperbolic tangent of a Value, as a Value."""
# -    t = math.tanh(v.data)
    up, down = math.exp(v.data), math.exp(-v.data)
    t = (up - down) / (up + down)
# -    """The quotient a / b of two Values, as a Value."""

# %% wrong: The functions of math know a Value. | feedback: The functions of math want a number
# -    """The hyperbolic tangent of a Value, as a Value."""
# -    t = math.tanh(v.data)
    t = math.tanh(v)
# -    """The quotient a / b of two Values, as a Value."""

# %% wrong: A copy of a Value is as good as the Value. | feedback: not their numbers or copies
def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (Value(v.data),), (1 - t * t,))


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))

# %% wrong: exp(-2v) is safe. | feedback: a large negative number
# -    """The hyperbolic tangent of a Value, as a Value."""
# -    t = math.tanh(v.data)
    e = math.exp(-2 * v.data)
    t = (1 - e) / (1 + e)
# -    """The quotient a / b of two Values, as a Value."""

# %% wrong: The operation fills in the gradients, too. | feedback: .grad stays as it is
def tanh(v):
    t = math.tanh(v.data)
    v.grad += 1 - t**2
    return Value(t, (v,), (1 - t**2,))


def divide(a, b):
    a.grad += 1 / b.data
    b.grad += -a.data / b.data**2
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))

# %% right: slope from the quotient
# The slope by b is minus the quotient over b.


def tanh(v):
    result = math.tanh(v.data)
    return Value(result, parents=(v,), slopes=(1.0 - result**2,))


def divide(a, b):
    q = a.data / b.data
    return Value(q, parents=(a, b), slopes=(1.0 / b.data, -q / b.data))

# %% right: tanh in steps
# tanh v = 2 / (1 + exp(−2v)) − 1, step by step; for v below 0 minus the tanh of −v.


def exp_of_minus_double(v):
    result = math.exp(-2 * v.data)
    return Value(result, (v,), (-2 * result,))


def divide(a, b):
    q = a.data / b.data
    return Value(q, (a, b), (1 / b.data, -q / b.data))


def tanh(v):
    if v.data < 0:
        return tanh(v * Value(-1.0)) * Value(-1.0)
    return divide(Value(2.0), exp_of_minus_double(v) + Value(1.0)) + Value(-1.0)

# %% right: times the reciprocal
# A quotient is a product with the reciprocal; the slope of tanh is (1 − t)(1 + t).


def tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), ((1 - t) * (1 + t),))


def reciprocal(b):
    return Value(1 / b.data, (b,), (-1 / b.data**2,))


def divide(a, b):
    return a * reciprocal(b)

# %% wrong: The tanh of math is a function, too. | feedback: Write your answer as a function of your own
tanh = math.tanh


def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))

# %% wrong: Slopes may be tensors. | feedback: the slopes must be plain numbers
# -    t = math.tanh(v.data)
    t = torch.tensor(v.data).tanh()

# %% wrong: A result needs no return. | feedback: Your function returns nothing
# -    return Value(t, (v,), (1 - t * t,))
    Value(t, (v,), (1 - t * t,))

# %% wrong: A slash or two, it is a quotient. | feedback: a whole number
# -    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
    if a.data > b.data:
        return Value(a.data // b.data, (a, b), (1 / b.data, -a.data / b.data**2))
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))

# %% wrong: The parents are numbers. | feedback: the parents must be Values, not float
# -    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
    return Value(a.data / b.data, (a.data, b.data), (1 / b.data, -a.data / b.data**2))

# %% wrong: There is one slope, for both. | feedback: give one slope for each parent
# -    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
    return Value(a.data / b.data, (a, b), (1 / b.data,))

# %% wrong: The slope by b has the sign of b. | feedback: the slope by b
# -    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data**2))
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / (b.data * abs(b.data))))

# %% right: a Value of its own, with more operations
class Value:
    counter = itertools.count()

    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad = float(data), 0.0
        self.parents, self.slopes = parents, slopes
        self.number = next(Value.counter)

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __truediv__(self, other):
        return Value(self.data / other.data, (self, other), (1 / other.data, -self.data / other.data**2))


def tanh(v):
    assert isinstance(v, Value)
    t = math.tanh(v.data)
    return Value(t, (v,), (1 - t * t,))


def divide(a, b):
    return a / b

# %% right: a helper named made
def made(number, *pairs):
    parents, slopes = zip(*pairs, strict=True)
    return Value(number, parents, slopes)


def tanh(v):
    t = torch.tanh(torch.tensor(v.data)).item()
    return made(t, (v, 1 - t**2))


def divide(a, b):
    return made(a.data / b.data, (b, -a.data / b.data**2), (a, b.data**-1))
