"""The tests of assignment 2.3: a network of your own."""

import inspect

import torch
from torch import nn

from course_lib.checks import question, tools
from course_lib.checks.tools import close, expect, precise, same

# --- what the tests share ----------------------------------------------------------------------------------

UNFINISHED = "Your function returns nothing. Is the line with return missing at its end?"


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if "cannot be multiplied" in said or "must match" in said or "inconsistent tensor size" in said:
        return (
            f"Two shapes do not fit ({said}). Write the shapes beside your formula: rows are examples, W is "
            "(in, out). Does a transpose, or an axis, sit in the wrong place? Or does backward use the note "
            "of another forward?"
        )
    if "view of a leaf Variable" in said or "leaf Variable that requires grad" in said:
        return f"A parameter is changed while autograd records: use with torch.no_grad(). ({said})"
    if "expected m1 and m2 to have the same dtype" in said or "to have the same dtype" in said:
        return f"float32 meets float64 ({said}): new tensors need the dtype of what came in."
    if "assign a gradient of size" in said:
        return (
            f"A gradient has the shape of its tensor ({said}): W.grad that of W, b.grad that of b, which "
            "has one axis, so that its sum goes without keepdim."
        )
    filled = ("+=", "copy_", "zero_", "add_", "fill_", "item assignment")
    if "NoneType" in said and any(part in said for part in filled):
        return (
            f".grad is None before the first backward, and whenever somebody has cleared it ({said}). "
            "backward *sets* it, with =: there is nothing to fill, to clear or to add to."
        )
    if "pop from" in said:
        return (
            f"backward ran once more, and the note was gone ({said}). backward leaves the note where it is; "
            "the next forward overwrites it."
        )
    if "values to unpack" in said or "list index out of range" in said:
        return (
            f"The list has another length than your code takes for granted ({said}): go through it in a loop."
        )
    return None


def hint_for_lists(error):
    """The same, for what makes a list of the parameters."""
    if isinstance(error, NameError):
        return (
            f"{error}. In a list made by two loops the outer one stands first: [b for a in all for b in a]."
        )
    return hint_for(error)


def parameters_of(network):
    return tools.call(hint_for_lists, network.parameters)


def call(function, *inputs, **settings):
    return tools.call(
        hint_for,
        function,
        *inputs,
        advice="Inputs stay as they are: make a new tensor, without -=, *= and the like.",
        **settings,
    )


def tensor(answer, what, shape, like):
    """See that an answer is a tensor of this shape, and of the dtype of another one. Returns it."""
    assert answer is not None, f"{what} is None: is the line with return missing, or was .grad not set?"
    assert isinstance(answer, torch.Tensor), f"{what} must be a tensor, and is {type(answer).__name__}."
    assert answer.shape == shape, (
        f"{what} has shape {tuple(answer.shape)}, not {tuple(shape)}. Rows are examples, and there may be "
        "one only."
    )
    precise(what, answer, like)
    assert answer.dtype == like.dtype, (
        f"{what} is {str(answer.dtype)[6:]}, and what came in is {str(like.dtype)[6:]}: keep its dtype."
    )
    assert not answer.requires_grad, f"{what} has a record: write the formulas without autograd."
    return answer


BY_FORMULA = "Write the formulas of the table: autograd may not do it for you here."


def by_formula():
    """While an answer runs, let autograd fail."""
    return tools.locked(*tools.AUTOGRAD, because=BY_FORMULA)


def random(*shape, seed, dtype=torch.float64):
    """Normal random numbers, for each seed the same in every run."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def rows(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)


# --- 1 -----------------------------------------------------------------------------------------------------


def linear_of(Linear, W, b):
    """A Linear of these weights, which it holds itself. Returns the layer."""
    layer = call(Linear, W, b)
    listed = listed_by(layer, "Linear")
    assert len(listed) == 2 and listed[0] is W and listed[1] is b, (
        "Linear: parameters() must return [W, b], the very tensors that the layer was given, not copies: "
        "whoever changes them trains the layer."
    )
    return layer


def listed_by(layer, name):
    listed = call(layer.parameters)
    assert isinstance(listed, (list, tuple)), (
        f"{name}: parameters() must return a list, and returns {type(listed).__name__}."
    )
    return list(listed)


def there_and_back(layer, x, dz, name="Linear"):
    """Forward and backward of a layer, in the right form. Returns z and dx."""
    with by_formula():
        z = call(layer.forward, x)
        z = tensor(z, f"{name}: what forward returns", (len(x), dz.shape[1]), x)
        kept = z.clone()
        dx = call(layer.backward, dz)
    assert torch.allclose(z, kept, rtol=0, atol=0, equal_nan=True), (
        f"{name}: backward has changed what forward returned, which the next layer uses. Make a new tensor, "
        "without *= and the like."
    )
    dx = tensor(dx, f"{name}: what backward returns", x.shape, x)
    for p, letter in zip(listed_by(layer, name), "Wb", strict=False):
        tensor(p.grad, f"{name}: {letter}.grad after backward", p.shape, p)
    return kept, dx


def borrows(one):
    """Whether a class has methods from a class of torch's. (nn.Module alone has none of the three.)"""
    return any(base.__module__.startswith("torch.") and base is not nn.Module for base in one.__mro__)


@question(points=5)
def layers(Linear, Tanh):
    for one, name in ((Linear, "Linear"), (Tanh, "Tanh")):
        assert isinstance(one, type) and not borrows(one), (
            f"{name} must be a class of your own, not made of torch's nn.{name} or the like: its methods are "
            "the formulas of the table."
        )
        assert tools.borrowed(one, *tools.AUTOGRAD) is None, BY_FORMULA
    W = rows([1.0, 2.0], [3.0, 4.0], [5.0, 7.0])
    b = rows(10.0, 20.0)
    before = W.clone(), b.clone()
    layer = linear_of(Linear, W, b)
    x = rows([1.0, 0.0, -1.0], [2.0, 1.0, 0.0])
    dz = rows([1.0, 0.0], [2.0, 3.0])
    z, dx = there_and_back(layer, x, dz)

    assert torch.equal(W, before[0]) and torch.equal(b, before[1]), (
        "Linear: forward and backward must leave W and b as they are. The loop makes the update."
    )

    # By pencil.
    same(
        "Linear: with W = ((1, 2), (3, 4), (5, 7)), b = (10, 20) and x = ((1, 0, −1), (2, 1, 0)), what "
        "forward returns",
        z,
        x @ W + b,
        [(x @ W, "b is missing."), (x @ W - b, "b is added, not taken away.")],
    )
    same(
        "Linear: with dz = ((1, 0), (2, 3)), W.grad",
        W.grad,
        x.T @ dz,
        [
            (x.T @ dz / 2, "the loss has divided by B already. Do not do it once more."),
            (2 * x.T @ dz, "it was added to what stood there, or backward ran twice. Set it, with =."),
        ],
        "it is the transpose of x, times dz.",
    )
    same(
        "Linear: with dz = ((1, 0), (2, 3)), b.grad",
        b.grad,
        rows(3.0, 3.0),
        [
            (rows(1.5, 1.5), "the rows are added up, not averaged. The loss has divided by B already."),
            (rows(6.0, 6.0), "it was added to what stood there. Set it, with =."),
            (rows(1.0, 1.0), "it is a sum over the rows of dz, and of dz alone."),
            (rows(1.0, 0.0), "that is the first row of dz. Add up all rows."),
            (rows(2.0, 3.0), "that is the last row of dz. Add up all rows."),
        ],
        "add up the rows of dz.",
    )
    same(
        "Linear: with dz = ((1, 0), (2, 3)), what backward returns",
        dx,
        dz @ W.T,
        [(x, "that is x itself.")],
        "it is dz, times the transpose of W.",
    )
    # Once more: slopes are set, not added; and set where there are none.
    there_and_back(layer, x, dz)
    same(
        "Linear: after a second forward and backward of the same batch, W.grad",
        W.grad,
        x.T @ dz,
        [(2 * x.T @ dz, "the slopes of two batches were added up. Here .grad is set, with =.")],
    )
    expect(
        "Linear: after a second forward and backward of the same batch, b.grad[0]",
        b.grad[0],
        3.0,
        {6.0: "the slopes of two batches were added up. Here .grad is set, with =."},
    )

    # backward belongs to the last forward. (The slopes were cleared before, as zero_grad does it.)
    W.grad = b.grad = None
    other = rows([0.0, 1.0, 1.0], [4.0, 0.0, 1.0])
    call(layer.forward, x)
    there_and_back(layer, other, dz)
    same(
        "Linear: after forward of one batch and then of another, W.grad",
        W.grad,
        other.T @ dz,
        [(x.T @ dz, "that belongs to the first forward. The note is of the last one: overwrite it.")],
    )

    # Two backwards after one forward: the note is still there.
    call(layer.backward, dz)
    same(
        "Linear: after a second backward of the same forward, W.grad",
        W.grad,
        other.T @ dz,
        [(x.T @ dz, "that belongs to an earlier forward. backward leaves the note where it is.")],
    )

    # Two layers do not share their notes.
    second = linear_of(Linear, rows([1.0], [1.0], [1.0]), rows(0.0))
    call(layer.forward, x)
    call(second.forward, other)
    call(layer.backward, dz)
    same(
        "Linear: with two layers, after a forward of each, the first one's W.grad",
        W.grad,
        x.T @ dz,
        [(other.T @ dz, "the two layers share one note. It belongs to the object: self.x, not a global.")],
    )

    # The weights as they are now.
    W += 1.0
    z, dx = there_and_back(layer, x, dz)
    same(
        "Linear: after W has changed in place, what forward returns",
        z,
        x @ W + b,
        [(x @ before[0] + b, "that is made with the old W: the layer holds a copy.")],
    )
    same(
        "Linear: after W has changed in place, what backward returns",
        dx,
        dz @ W.T,
        [(dz @ before[0].T, "that is made with the old W: the layer holds a copy.")],
    )

    # Tanh.
    layer = call(Tanh)
    assert listed_by(layer, "Tanh") == [], "Tanh has no weights: parameters() returns an empty list."
    z, da = rows([0.5, 0.0], [-1.0, 2.0]), rows([1.0, 3.0], [2.0, -1.0])
    a, dz = there_and_back(layer, z, da, "Tanh")
    same("Tanh: of ((0.5, 0), (−1, 2)), what forward returns", a, z.tanh())
    same(
        "Tanh: with da = ((1, 3), (2, −1)), what backward returns",
        dz,
        da * (1 - z.tanh() ** 2),
        [
            (da * (1 - z**2), "that is 1 − z². The slope is 1 − a², with the *result* a."),
            (1 - z.tanh() ** 2, "that is the local slope alone. Multiply it by da."),
            (da * (1 - z.tanh()), "that is 1 − a. The slope is 1 − a²."),
            (da * z.tanh(), "that is the result. The slope is 1 − a²."),
            (da, "da came through unchanged: multiply it by the slope, 1 − a²."),
            (da * (1 - z.tanh().tanh() ** 2), "tanh was taken twice: of a, which is a tanh already."),
        ],
    )
    call(layer.forward, z)
    other = rows([1.0, -0.5], [0.25, 0.0])
    _, dz = there_and_back(layer, other, da, "Tanh")
    same(
        "Tanh: after forward of one batch and then of another, what backward returns",
        dz,
        da * (1 - other.tanh() ** 2),
        [(da * (1 - z.tanh() ** 2), "that belongs to the first forward. The note is of the last one.")],
    )
    same(
        "Tanh: after a second backward of the same forward, what backward returns",
        call(layer.backward, da),
        da * (1 - other.tanh() ** 2),
        [(da * (1 - z.tanh() ** 2), "that belongs to an earlier forward: do not take the note away.")],
        "backward leaves the note as it is.",
    )
    second = call(Tanh)
    call(layer.forward, z)
    call(second.forward, other)
    same(
        "Tanh: with two layers, after a forward of each, what the first one's backward returns",
        call(layer.backward, da),
        da * (1 - z.tanh() ** 2),
        [(da * (1 - other.tanh() ** 2), "the two layers share one note. It belongs to the object: self.a.")],
    )

    # One example, and float32.
    for dtype in (torch.float64, torch.float32):
        W = random(3, 2, seed=1, dtype=dtype)
        b = random(2, seed=2, dtype=dtype)
        there_and_back(
            linear_of(Linear, W, b), random(1, 3, seed=3, dtype=dtype), random(1, 2, seed=4, dtype=dtype)
        )
        there_and_back(
            call(Tanh), random(1, 2, seed=5, dtype=dtype), random(1, 2, seed=6, dtype=dtype), "Tanh"
        )


# --- 2 -----------------------------------------------------------------------------------------------------


class Affine:
    """A layer of numbers, which notes its calls: there x ↦ a·x + c, back dz ↦ a·dz + 1."""

    def __init__(self, a, c, log=None):
        self.a, self.c, self.log = a, c, [] if log is None else log
        self.weights = [torch.tensor([float(a)]), torch.tensor([float(c)])]

    def forward(self, x):
        self.log.append(("forward", self, x))
        return self.a * x + self.c

    def backward(self, dz):
        self.log.append(("backward", self, dz))
        return self.a * dz + 1

    def parameters(self):
        return self.weights  # the very list: whoever changes it changes the layer


class Plain(Affine):
    """The same, without parameters."""

    def parameters(self):
        return []


def number_of(answer, what):
    assert answer is not None, f"{what} is None. Is the line with return missing?"
    return tools.number(answer, what)


def called(network, method, layers, log, value):
    """Call a method of a network; see that each layer was called once, in turn. Returns the answer."""
    log.clear()
    answer = number_of(call(getattr(network, method), value), f"What {method} returns")
    order = layers if method == "forward" else layers[::-1]
    kinds = [kind for kind, *_ in log]
    assert all(kind == method for kind in kinds), (
        f"{method} of the network calls {'backward' if method == 'forward' else 'forward'} of a layer, too."
    )
    seen = [layer for _, layer, _ in log]
    assert len(seen) == len(layers), (
        f"With {len(layers)} layers, {method} calls {len(seen)} of them. Each is called once, each time. "
        "(Does something like reversed(…) live in __init__? It is used up after one walk. Does a return "
        "stand in the loop? Do all Networks share one list?)"
    )
    assert all(one is other for one, other in zip(seen, order, strict=True)), (
        f"{method} calls the layers in the wrong order: forward from the first to the last, backward from "
        "the last to the first."
    )
    return answer


@question(points=4)
def network(Network):
    log = []
    layers = [Affine(2, 1, log), Plain(3, 0, log), Affine(5, 2, log)]
    given = list(layers)
    net = call(Network, layers)

    for turn in ("", "the second time, "):
        expect(
            f"{turn}through 2x + 1, then 3x, then 5x + 2, at x = 1, what forward returns",
            called(net, "forward", given, log, 1.0),
            47.0,
            {3.0: "that is what the first layer returns. Hand it on.", 7.0: "each layer got x itself."},
        )
        expect(
            f"{turn}back through dz ↦ 5dz + 1, then 3dz + 1, then 2dz + 1, from 1, what backward returns",
            called(net, "backward", given, log, 1.0),
            39.0,
            {6.0: "that is what the last layer returns. Hand it on.", 3.0: "each layer got dz itself."},
        )
        assert layers == given, (
            "The list that you were given has changed: layers.reverse() turns the list itself. "
            "reversed(layers) and layers[::-1] do not."
        )
    # A forward of its own after another forward.
    called(net, "forward", given, log, 1.0)
    expect("a second forward in a row returns", called(net, "forward", given, log, 2.0), 77.0)

    want = given[0].weights + given[2].weights
    listed = parameters_of(net)
    assert isinstance(listed, (list, tuple)), (
        f"parameters() must return a list, and returns {type(listed).__name__}. (A generator is used up "
        "after one walk.)"
    )
    assert not any(isinstance(one, (list, tuple)) for one in listed), (
        "parameters() returns a list of lists. One flat list: all parameters, one after the other."
    )
    assert len(given[0].weights) == 2, (
        "parameters() has changed the list that a layer returned, which is the layer's own: += and extend do "
        "that. Begin with an empty list."
    )
    assert len(listed) == len(want), (
        f"Of layers with 2, 0 and 2 parameters, parameters() lists {len(listed)}, not 4."
    )
    assert all(one is other for one, other in zip(listed, want, strict=True)), (
        "parameters() must list the layers' own tensors, not copies, in the order of the layers."
    )
    again = parameters_of(net)
    assert len(again) == 4, f"Called a second time, parameters() lists {len(again)} tensors, not 4."
    given[0].weights[0] = fresh = torch.tensor([7.0])
    assert parameters_of(net)[0] is fresh, (
        "A layer's parameter was exchanged, and parameters() still lists the old one: ask the layers anew."
    )

    # Two networks do not share their layers.
    extra = Affine(1, 1, log)
    other = call(Network, [extra])
    expect("of two networks, the first one's forward", called(net, "forward", given, log, 1.0), 47.0)
    expect("of two networks, the second one's forward", called(other, "forward", [extra], log, 1.0), 2.0)


# --- 3 and 4 -----------------------------------------------------------------------------------------------


class Scores:
    """A small network of its own, to be trained: tanh(x @ V) @ W + b."""

    def __init__(self, inputs, classes, seed, dtype=torch.float64):
        self.V = random(inputs, 4, seed=seed, dtype=dtype)
        self.W = random(4, classes, seed=seed + 1, dtype=dtype)
        self.b = random(classes, seed=seed + 2, dtype=dtype)
        self.sizes = []  # of the batches that it has seen

    def forward(self, x):
        self.x, self.a = x, torch.tanh(x @ self.V)
        self.sizes.append(len(x))
        return self.a @ self.W + self.b

    def backward(self, dz):
        self.W.grad, self.b.grad = self.a.T @ dz, dz.sum(dim=0)
        da = dz @ self.W.T
        self.V.grad = self.x.T @ (da * (1 - self.a**2))
        return None  # nobody needs it

    def parameters(self):
        return [self.V, self.W, self.b]


class MeanCrossEntropy:
    """The mean cross-entropy; it counts its batches."""

    def forward(self, scores, y):
        self.y, self.log_p = y, scores.log_softmax(dim=1)
        return -self.log_p[torch.arange(len(y)), y].mean()

    def backward(self):
        dz = self.log_p.exp()
        dz[torch.arange(len(self.y)), self.y] -= 1
        return dz / len(self.y)


class Weight:
    """A network of one weight: the scores are w·x."""

    def __init__(self, w, dtype=torch.float64):
        self.w = torch.tensor([w], dtype=dtype)
        self.seen, self.backs = [], 0

    def forward(self, x):
        self.x = x
        self.seen.append(x.flatten().tolist())
        return self.w * x

    def backward(self, dz):
        self.backs += 1
        self.w.grad = (self.x * dz).sum().reshape(1)
        return dz * self.w

    def parameters(self):
        return [self.w]


class MeanSquare:
    """The mean squared error."""

    def forward(self, scores, y):
        self.error = scores - y
        return (self.error**2).mean()

    def backward(self):
        return 2 * self.error / len(self.error)


def epoch_of(run_epoch, network, loss_fn, x, y, batches, lr):
    """Run an answer for an epoch. Returns its loss."""
    held = list(network.parameters())
    was = [p.clone() for p in held]
    loss = call(run_epoch, network, loss_fn, x, y, batches, lr)
    assert loss is not None, UNFINISHED
    assert not isinstance(loss, torch.Tensor), "Return a Python number: a tensor's .item()."
    loss = tools.number(loss, "The mean loss that you return")
    now = list(network.parameters())
    assert all(one is other for one, other in zip(now, held, strict=True)), (
        "The network's tensors were exchanged for new ones. Change them in place: p -= …"
    )
    still = all(torch.equal(p, old) for p, old in zip(held, was, strict=True))
    assert not still, (
        "No weight has changed. p = p - lr * p.grad makes a new tensor, and the network keeps the old one; "
        "p -= lr * p.grad changes its own."
    )
    return loss


@question(points=4)
def run_epoch(run_epoch):
    x, y = rows(1.0, 2.0, 3.0), rows(2.0, 4.0, 6.0)
    batches = [torch.tensor([0, 1]), torch.tensor([2])]

    # By pencil, w = 0, lr = 0.05. First batch: loss (4 + 16)/2 = 10, slope −10, w = 0.5.
    # Second: error −4.5, loss 20.25, slope −27, w = 1.85.
    network = Weight(0.0)
    loss = epoch_of(run_epoch, network, MeanSquare(), x, y, batches, 0.05)
    assert network.seen[:1] == [[1.0, 2.0]], (
        f"Your first prediction is for x = {network.seen[0]}, and the first batch is x[batches[0]] = (1, 2)."
    )
    assert network.seen == [[1.0, 2.0], [3.0]], (
        f"Predict once for each batch, in the order given: (1, 2), then (3). You predict for {network.seen}."
    )
    expect(
        "After batches (1, 2) and (3), y = 2x, from w = 0 at lr 0.05, w",
        network.w,
        1.85,
        {
            0.5: "that is after the first batch only. Is the update, or the return, at the right depth?",
            -2.75: "the update goes uphill. The slope is taken away.",
            2.3: "the second batch was judged with the weights from before the first update. Update after "
            "each batch.",
            1.8: "there was one update at the end, with the slopes of the last batch.",
            2.8: "each update was made twice.",
        },
    )
    slope = network.w.grad
    if slope is not None and slope.any():  # it may have been cleared
        expect(
            "After the last update, the .grad of w, which backward had set,",
            slope,
            -27.0,
            {-1.35: "it was multiplied by lr. p -= lr * p.grad makes a new tensor, and leaves .grad alone."},
            otherwise="the update must leave it as it is, or clear it.",
        )
    expect(
        "The mean loss of an example in this epoch",
        loss,
        (10 * 2 + 20.25) / 3,
        {
            15.125: "that is the mean of the two batches' losses. The first holds two examples, the second "
            "one: weight them.",
            30.25: "that is the sum of the batches' losses.",
            40.25: "that is the sum over all examples. Divide by their number.",
            20.25: "that is the last batch's loss.",
            10.0: "that is the first batch's loss.",
            (5.625 * 2 + 0.2025) / 3: "the losses were taken after the updates.",
        },
        otherwise="each batch's loss, before its update, times its number of examples; the sum over the "
        "number of all examples.",
    )

    # Another rate, and the same batch twice: every batch counts, whatever is in it.
    network = Weight(0.0)
    twice = [torch.tensor([0, 1]), torch.tensor([0, 1])]
    loss = epoch_of(run_epoch, network, MeanSquare(), x, y, twice, 0.01)
    expect(
        "With the batch (1, 2) twice, at lr 0.01, w", network.w, 0.1 + 0.095, {0.1: "one batch is missing."}
    )
    expect(
        "With the batch (1, 2) twice, the mean loss",
        loss,
        (10 + 9.025) / 2,
        {38.05 / 3: "divide by the examples that were seen, which is not len(x)."},
    )

    # A loss that rises is no reason to stop.
    network = Weight(0.0)
    batches = [torch.tensor([0]), torch.tensor([2]), torch.tensor([1])]
    epoch_of(run_epoch, network, MeanSquare(), x, y, batches, 0.2)
    expect(
        "At the large rate 0.2, batches (1), (3), (2): w",
        network.w,
        0.128,
        otherwise="every batch gets its update, though the loss rises on the way.",
    )

    # A batch may be smaller than the next one, and hold a row twice. First: error −6, loss 36, slope −36,
    # w = 0.36. Then: errors −1.64, −3.28 and −3.28, loss 8.0688, slope −9.84, w = 0.4584.
    network = Weight(0.0)
    batches = [torch.tensor([2]), torch.tensor([0, 1, 1])]
    loss = epoch_of(run_epoch, network, MeanSquare(), x, y, batches, 0.01)
    assert network.seen == [[3.0], [1.0, 2.0, 2.0]], (
        "The batches are (3) and (1, 2, 2), and you predict for "
        f"{network.seen}. Take them as they come, in this order, and each row as often as it is listed."
    )
    expect("With the batches (3) and (1, 2, 2), at lr 0.01, w", network.w, 0.4584)
    expect(
        "With the batches (3) and (1, 2, 2), the mean loss",
        loss,
        (36 + 3 * 8.0688) / 4,
        {
            22.0344: "that is the mean of the batches' losses. Each counts for as many examples as it has.",
            20.0688: "divide by the examples that were seen, four, which is not len(x).",
        },
    )

    # Three tensors, and classes.
    for dtype in (torch.float64, torch.float32):
        mine, reference = Scores(3, 3, 10, dtype), Scores(3, 3, 10, dtype)
        x, y = random(7, 3, seed=20, dtype=dtype), torch.tensor([0, 2, 1, 1, 0, 2, 2])
        batches = [torch.tensor([6, 0]), torch.tensor([3, 1, 5, 2]), torch.tensor([4])]
        loss = epoch_of(run_epoch, mine, MeanCrossEntropy(), x, y, batches, 0.3)
        want = one_epoch(reference, MeanCrossEntropy(), x, y, batches, 0.3)
        precise_enough = 1e-9 if dtype == torch.float64 else 1e-5
        for p, q in zip(mine.parameters(), reference.parameters(), strict=True):
            assert p.dtype == dtype, f"A weight has become {p.dtype}, and was {dtype}."
            assert close(p, q, precise_enough), (
                "With a network of three tensors, the weights after an epoch are not the right ones. Does "
                "each of network.parameters() get its own update?"
            )
        assert close(loss, want, precise_enough), (
            f"With classes, and batches of 2, 4 and 1, the mean loss of an example is {loss:.6g}, not "
            f"{want:.6g}. Each batch counts for as many examples as it has."
        )


def one_epoch(network, loss_fn, x, y, batches, lr):
    """What an epoch does."""
    total, seen = 0.0, 0
    for rows_of in batches:
        loss = loss_fn.forward(network.forward(x[rows_of]), y[rows_of])
        network.backward(loss_fn.backward())
        for p in network.parameters():
            p -= lr * p.grad
        total += loss.item() * len(rows_of)
        seen += len(rows_of)
    return total / seen


class Echo:
    """A network whose scores are its inputs, with a weight and a gradient that must not change."""

    def __init__(self):
        self.w = rows(1.0)
        self.w.grad = rows(7.0)
        self.sizes = []

    def forward(self, x):
        self.sizes.append(len(x))
        return x * self.w

    def backward(self, dz):
        self.w.grad = dz.sum().reshape(1)
        return dz

    def parameters(self):
        return [self.w]


def judged(evaluate, network, loss_fn, x, y, *size):
    """The two numbers of an answer, in the right form."""
    held = [(p, p.clone(), p.grad) for p in network.parameters()]
    gradients = [None if grad is None else grad.clone() for *_, grad in held]
    network.sizes.clear()
    answer = tools.parts_of(call(evaluate, network, loss_fn, x, y, *size), 2, "loss, percent")
    for one, what in zip(answer, ("The mean loss", "The percentage"), strict=True):
        assert not isinstance(one, torch.Tensor), f"{what} must be a Python number: a tensor's .item()."
    loss, percent = (
        tools.number(one, what) for one, what in zip(answer, ("The mean loss", "The percentage"), strict=True)
    )
    for (p, old, grad), then in zip(held, gradients, strict=True):
        assert torch.equal(p, old), "evaluate has changed a weight: it only looks."
        assert p.grad is grad and (grad is None or torch.equal(grad, then)), (
            "evaluate has changed a .grad. It only looks: no backward."
        )
    most = size[0] if size else 100
    assert max(network.sizes) <= most, (
        f"With size = {most} you predict for {max(network.sizes)} rows at once. Cut x into batches of at "
        "most `size` rows."
    )
    assert sum(network.sizes) == len(x), (
        f"Of {len(x)} examples you predict for {sum(network.sizes)}. Each counts once, those of a small last "
        "batch, too."
    )
    return loss, percent


@question(points=3)
def evaluate(evaluate):
    # Scores of three classes; the squared distance to the class is loss enough to be made by pencil.
    class Distance:
        def forward(self, scores, y):
            return ((scores.argmax(dim=1) - y) ** 2).double().mean()

        def backward(self):
            raise AssertionError("evaluate calls backward of the loss. It only looks.")

    x = rows([5.0, 1.0, 0.0], [0.0, 2.0, 9.0], [1.0, 3.0, 2.0], [-1.0, -3.0, -2.0], [0.1, 0.2, 0.3])
    y = torch.tensor([0, 0, 1, 2, 0])  # right, 2 off, right, 2 off, 2 off: losses 0, 4, 0, 4, 4
    for size in (2, 5, 100, 1):
        loss, percent = judged(evaluate, Echo(), Distance(), x, y, size)
        expect(
            f"With size = {size}, the percentage right of five examples, two of them right,",
            percent,
            40.0,
            {
                0.4: "that is the share. A percentage is 100 times that.",
                2.0: "that is how many are right. Divide by all, times 100.",
                60.0: "is that the percentage wrong? Or is the largest of a column taken, not of a row?",
                0.2: "were the batches' shares added up as they are? Each counts for as many examples as its "
                "batch has; and a percentage is 100 times that.",
                33.3333: "that is the mean of the batches' percentages: the last batch is smaller, and "
                "counts less.",
                20.0: "is one of the right ones missing? Or were the batches' shares added up as they are? "
                "Each counts for as many examples as its batch has.",
                200 / 3: "is the last batch missing?",
            },
            tolerance=1e-6,  # a mean in float32 will do
        )
        expect(
            f"With size = {size}, the mean loss of the five examples",
            loss,
            12 / 5,
            {
                2.6667: "that is the mean of the batches' losses: a smaller last batch counts less.",
                8.0: "that is the sum of the batches' losses.",
                12.0: "that is the sum over the examples. Divide by their number.",
                4.0: "that is the last batch's loss.",
            },
        )
    loss, percent = judged(evaluate, Echo(), Distance(), x, y)
    expect("Without size, the percentage", percent, 40.0, tolerance=1e-6)
    loss, percent = judged(evaluate, Echo(), Distance(), x[:1], y[:1], 3)
    expect(
        "Of one example, which is right, the percentage",
        percent,
        100.0,
        {0.0: "the answer of the network is the column of the *largest* score.", 1.0: "that is the share."},
    )
    loss, percent = judged(evaluate, Echo(), Distance(), x[1:2], y[1:2], 3)
    expect("Of one example, which is wrong, the percentage", percent, 0.0)

    # A network without gradients, and many examples.
    net = Scores(3, 4, 30)
    x, y = random(250, 3, seed=31), (random(250, seed=32) * 10).long() % 4
    loss, percent = judged(evaluate, net, MeanCrossEntropy(), x, y)
    size = inspect.signature(evaluate).parameters.get("size")
    assert size is None or size.default == 100, f"The default of size is {size.default}. Keep it, 100."
    scores = net.forward(x)
    right = 100 * (scores.argmax(1) == y).double().mean().item()
    expect("Of 250 examples, the percentage", percent, right, tolerance=1e-6)
    expect("Of 250 examples, the mean loss", loss, MeanCrossEntropy().forward(scores, y).item())
    assert net.W.grad is None, "evaluate has filled a .grad that was None. It only looks."


# --- 5 -----------------------------------------------------------------------------------------------------


def pairs_of(sizes, seed, dtype=torch.float64):
    """Weights and biases, as a network from scratch holds them."""
    return [
        (
            random(a, b, seed=seed + 2 * k, dtype=dtype),
            random(b, seed=seed + 2 * k + 1, dtype=dtype),
        )
        for k, (a, b) in enumerate(zip(sizes, sizes[1:], strict=False))
    ]


def scores_of(pairs, x):
    """What a network with these weights says."""
    for W, b in pairs[:-1]:
        x = torch.tanh(x @ W + b)
    return x @ pairs[-1][0] + pairs[-1][1]


def a_net(Net, sizes):
    """A Net of these sizes, with all its parameters."""
    net = call(Net, sizes)
    assert isinstance(net, nn.Module), "Net must be an nn.Module: class Net(nn.Module)."
    shapes = sorted(tuple(p.shape) for p in net.parameters())
    want = sorted(shape for a, b in zip(sizes, sizes[1:], strict=False) for shape in ((b, a), (b,)))
    missing = len(want) - len(shapes)
    assert missing <= 0, (
        f"Net({sizes}) should have {len(want)} parameters, and net.parameters() finds {len(shapes)}. Layers "
        "in a plain Python list are not found: nn.ModuleList, nn.Sequential, or one attribute for each."
    )
    assert shapes == want, (
        f"The parameters of Net({sizes}) have the shapes {shapes}, not {want}. (nn.Linear keeps (out, in).)"
    )
    return net


def converted(Net, convert, sizes, seed, dtype=torch.float64):
    """A net made of random weights, which computes what they compute. Returns it, and the weights."""
    pairs = pairs_of(sizes, seed, dtype)
    net, default = call(lambda pairs: (convert(pairs), torch.get_default_dtype()), pairs)
    assert net is not None, UNFINISHED
    assert default == torch.get_default_dtype(), (
        f"convert leaves {default} behind as the default dtype, for all that comes after. Change the net's "
        "alone: net.to(dtype)."
    )
    assert isinstance(net, Net), f"convert must return a Net, not {type(net).__name__}."
    assert not any(W.requires_grad or b.requires_grad for W, b in pairs), (
        "convert has switched on requires_grad of the weights that it was given. Leave them as they are."
    )
    for p in net.parameters():
        assert p.dtype == dtype, (
            f"Weights of {str(dtype)[6:]} have become {str(p.dtype)[6:]}: the Net must have the dtype of the "
            "weights. (net.to(dtype))"
        )
        assert p.requires_grad and p.is_leaf, (
            "A parameter of the converted net cannot be trained: it must be a leaf that requires a gradient."
        )
    x = random(6, sizes[0], seed=seed + 50, dtype=dtype)
    with torch.no_grad():
        got = call(net, x)
    assert isinstance(got, torch.Tensor) and got.shape == (6, sizes[-1]), (
        f"For x of shape (6, {sizes[0]}), the converted net returns "
        f"{tuple(got.shape) if isinstance(got, torch.Tensor) else type(got).__name__}, not (6, {sizes[-1]})."
    )
    want = scores_of(pairs, x)
    if not close(got, want, 1e-9 if dtype == torch.float64 else 1e-4):
        slips = [
            (torch.tanh(want), "behind the last layer there is no tanh."),
            (scores_of([(W, 0 * b) for W, b in pairs], x), "the biases are 0: copy them, too."),
            (relu_of(pairs, x), "between the layers stands tanh, not ReLU."),
            (plain_of(pairs, x), "there is no tanh between the layers."),
        ]
        known = [hint for value, hint in slips if close(got, value, 1e-6)]
        raise AssertionError(
            "The converted net does not compute what the weights compute: "
            + (known[0] if known else "does each layer have the transpose of its W, and its b?")
        )
    return net, pairs


def relu_of(pairs, x):
    for W, b in pairs[:-1]:
        x = torch.relu(x @ W + b)
    return x @ pairs[-1][0] + pairs[-1][1]


def plain_of(pairs, x):
    for W, b in pairs:
        x = x @ W + b
    return x


def counted(count, module):
    answer = call(count, module)
    assert answer is not None, UNFINISHED
    return tools.number(answer, "What count returns")


@question(points=4)
def bridge(Net, convert, count):
    for sizes in ([3, 2], [3, 4, 2], [4, 5, 3, 2]):
        a_net(Net, sizes)
    one, other = a_net(Net, [3, 4, 2]), a_net(Net, [3, 4, 2])
    assert not any(p is q for p in one.parameters() for q in other.parameters()), (
        "Two Nets share their layers: make them in __init__."
    )

    for sizes in ([3, 4, 2], [3, 2], [3, 3], [4, 4, 4], [2, 5, 3, 4]):
        net, pairs = converted(Net, convert, sizes, seed=len(sizes) + sum(sizes))
    # Copies: to train the one does not change the other.
    with torch.no_grad():
        for p in net.parameters():
            p += 1.0
    for (W, b), (V, c) in zip(pairs, pairs_of([2, 5, 3, 4], 4 + 14), strict=True):
        assert torch.equal(W, V) and torch.equal(b, c), (
            "To change the net has changed the weights that it was made from: they share their memory. Copy "
            "them, with copy_ or load_state_dict."
        )
    net, pairs = converted(Net, convert, [2, 3, 2], seed=90)
    before = [p.clone() for p in net.parameters()]
    for W, b in pairs:
        W += 1.0
        b += 1.0
    assert all(torch.equal(p, old) for p, old in zip(net.parameters(), before, strict=True)), (
        "To change W has changed the net: they share their memory. Copy, with copy_ or load_state_dict."
    )
    converted(Net, convert, [3, 4, 2], seed=100, dtype=torch.float32)

    # It trains: every parameter gets a slope.
    net, _ = converted(Net, convert, [3, 4, 2], seed=110)
    loss = net(random(5, 3, seed=111)).square().mean()
    assert loss.requires_grad, (
        "What the net returns has no record, so it cannot be trained. Is forward under torch.no_grad(), or "
        "does a detach() stand in it?"
    )
    loss.backward()
    assert all(p.grad is not None and bool(p.grad.any()) for p in net.parameters()), (
        "After backward() a parameter of the net has no slope: does forward use every layer, and record?"
    )

    # count.
    expect(
        "Of nn.Linear(3, 4), count",
        counted(count, nn.Linear(3, 4)),
        16,
        {
            12.0: "the bias has numbers, too: 4 of them.",
            2.0: "that is how many tensors there are. Count their entries: p.numel().",
            8.0: "len(p) is the number of rows. Count all entries: p.numel().",
        },
    )
    module = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    expect("Of linear layers 3 → 4 → 2, count", counted(count, module), 26)
    module[0].weight.requires_grad_(False)
    expect(
        "With the first weight, of 12 numbers, frozen, count",
        counted(count, module),
        14,
        {26.0: "frozen ones do not count: those whose requires_grad is False."},
    )
    expect("Of nn.Tanh(), which has no parameters, count", counted(count, nn.Tanh()), 0)
    module = nn.BatchNorm1d(5)  # has two parameters, and three buffers
    expect(
        "Of nn.BatchNorm1d(5), with two parameters of 5 numbers, count",
        counted(count, module),
        10,
        {21.0: "a state_dict also holds tensors that are not trained. Ask for the parameters."},
    )
