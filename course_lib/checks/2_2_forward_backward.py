"""The tests of assignment 2.2: the way back, by hand."""

import functools
import math

import torch
import torch.nn.functional as F

from course_lib.checks import question, tools
from course_lib.checks.tools import close, random

BY_HAND = 2  # points for the question that a person marks

# --- what the tests share ----------------------------------------------------------------------------------

expect = functools.partial(tools.expect, digits=6)
NO_AUTOGRAD = "It is all by hand: no backward(), no autograd, no leaves that require a gradient."
NO_JUDGE = (
    "Write the softmax yourself: torch's own softmax, log_softmax, logsumexp, logaddexp and the like, and "
    "its losses, are the judges here."
)
NO_SUM_TO = "torch's sum_to_size judges here: add up axis by axis yourself."
#: The judges, and where torch has them.
LOSSES = (
    (torch, ("softmax", "log_softmax", "logsumexp", "logaddexp", "logaddexp2", "logcumsumexp", "nll_loss")),
    (torch.Tensor, ("softmax", "log_softmax", "logsumexp", "logaddexp", "logaddexp2", "logcumsumexp")),
    (torch.special, ("softmax", "log_softmax", "logsumexp")),
    (F, ("softmax", "log_softmax", "softmin", "cross_entropy", "nll_loss", "gumbel_softmax")),
    (torch._C._nn, ("cross_entropy_loss", "nll_loss")),
)


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if "cannot be multiplied" in said or "size mismatch" in said or "must match the size" in said:
        return (
            f"Two shapes do not fit ({said}). Write the shape of each factor beside it: one of them needs "
            "its transpose, .T, or stands on the wrong side; or a sum needs keepdim=True."
        )
    if "view of a leaf" in said or "does not require grad" in said or "leaf Variable" in said:
        return NO_AUTOGRAD
    if "out of bounds" in said or "out of range" in said:
        return (
            f"An index or an axis is too large ({said}). Axes are counted from 0. Where any shape is "
            "allowed, do without indices; where there are classes y, entry y[n] of each row n is "
            "z[range(len(y)), y]."
        )
    if "too many indices" in said:
        return f"An axis is missing ({said}). squeeze() takes away that of a single row, too."
    if "is invalid for input of size" in said:
        return (
            f"reshape cannot make this shape ({said}): too much or too little was added up before. Axes that "
            "were put in front go first; the others are counted from the right end."
        )
    if "Long" in said and "Double" in said or "'result type'" in said or "can't be cast" in said:
        return f"Whole numbers and numbers with digits do not go together here ({said}). y holds classes."
    return None


def call(function, *inputs, judges=(), because=""):
    """Call an answer, without autograd, and without the ``judges``: because …"""
    assert tools.borrowed(function, *tools.AUTOGRAD) is None, NO_AUTOGRAD
    assert tools.borrowed(function, *judges) is None, because
    with tools.locked(*tools.AUTOGRAD, because=NO_AUTOGRAD), tools.locked(*judges, because=because):
        return tools.call(
            hint_for,
            function,
            *inputs,
            advice="Make a new tensor: dz[…] = …, -= and /= change the tensor itself, and so do clamp_ and "
            "the like. z.clone() is a copy.",
        )


def classes(count, C, seed):
    """Some of C classes, for each seed the same in every run."""
    return torch.randint(C, (count,), generator=torch.Generator().manual_seed(seed))


def tensor_like(what, got, like, hints=(), otherwise="A gradient has the shape of its tensor."):
    """See that a gradient is a tensor of the shape and precision of its tensor."""
    assert got is not None, f"{what} is None. Is the line with return missing at the function's end?"
    assert isinstance(got, torch.Tensor), f"{what} must be a tensor, and is a {type(got).__name__}."
    if got.shape != like.shape:
        known = [hint for shape, hint in hints if tuple(got.shape) == shape]
        more = known[0] if known else otherwise
        raise AssertionError(f"{what} has the shape {tuple(got.shape)}, not {tuple(like.shape)}. {more}")
    tools.precise(what, got, like)
    assert got.dtype == like.dtype, f"{what} is {got.dtype}, and {like.dtype} came in."
    return got.detach()


def by_autograd(loss, *inputs):
    leaves = [one.detach().clone().requires_grad_() for one in inputs]
    with torch.enable_grad():
        return torch.autograd.grad(loss(*leaves), leaves)


# --- 1 -----------------------------------------------------------------------------------------------------

X = torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64)
W = torch.tensor([[1.0, 2.0], [0.0, 1.0]], dtype=torch.float64)
DZ = torch.tensor([[1.0, 0.0], [0.0, 10.0]], dtype=torch.float64)


def three(linear_backward, dz, x, W):
    """dx, dW and db of an answer, once their form is right."""
    answer = call(linear_backward, dz.clone(), x.clone(), W.clone())
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    dx, dW, db = tools.parts_of(answer, 3, "dx, dW, db")
    sizes = f"with x of shape {tuple(x.shape)} and W of shape {tuple(W.shape)}, "
    order = "The order is dx, dW, db. " if tuple(getattr(dx, "shape", ())) == tuple(W.shape) else ""
    turned = [(tuple(W.shape)[::-1], f"{order}That is the transpose: dW = x.T @ dz.")]
    batch = len(x)
    flat = "b was used for each row: add up the rows, dz.sum(dim=0)."
    wrong_bias = [
        (tuple(dz.shape), flat),
        ((1, dz.shape[1]), "b has one axis: without keepdim."),
        ((batch,), "Add up the rows, over axis 0: one number for each column."),
        ((), "b has an entry for each column: sum over axis 0 only."),
    ]
    dx = tensor_like(f"{sizes}dx", dx, x, [(tuple(W.shape), "Is the order dx, dW, db?")])
    dW = tensor_like(f"{sizes}dW", dW, W, turned)
    db = tensor_like(f"{sizes}db", db, W[0], wrong_bias)
    return dx, dW, db


@question(points=5)
def linear_layer(linear_backward):
    # By hand, with all sizes 2: what does not fit elsewhere fits here.
    dx, dW, db = three(linear_backward, DZ, X, W)
    tools.same(
        "With x = [[1, 2], [3, 4]] and dz = [[1, 0], [0, 10]], dW",
        dW,
        X.T @ DZ,
        [
            ((X.T @ DZ).T, "that is the transpose of dW: dz.T @ x. It is x.T @ dz."),
            (X @ DZ, "x must be transposed: an entry of dW adds up over the examples, the rows."),
            (DZ @ X, "that is dz @ x. It is x.T @ dz."),
            (X.T @ DZ / 2, "you divide by the batch. The 1/B of a mean loss is in dz already."),
            (W.T @ DZ, "that is made of W. It must be made of x, which W was multiplied by."),
        ],
        otherwise="it is x.T @ dz.",
    )
    tools.same(
        "With W = [[1, 2], [0, 1]] and dz = [[1, 0], [0, 10]], dx",
        dx,
        DZ @ W.T,
        [
            (DZ @ W, "the transpose is missing: dz @ W.T. The shapes fit without it only if W is square."),
            (W @ DZ, "the factors are exchanged, and the transpose is missing: dz @ W.T."),
            (W.T @ DZ, "the factors are exchanged: dz @ W.T."),
            (X @ DZ, "that is made of x. It must be made of W, which x was multiplied by."),
            (DZ @ X.T, "that is made of x. It must be made of W, which x was multiplied by."),
        ],
        otherwise="it is dz @ W.T.",
    )
    tools.same(
        "With dz = [[1, 0], [0, 10]], db",
        db,
        torch.tensor([1.0, 10.0], dtype=torch.float64),
        [(torch.tensor([0.5, 5.0]), "that is the mean. b was added in each row: the sum.")],
        otherwise="add up the rows of dz.",
    )
    # All sizes different.
    dz, x, w = random(5, 3, seed=1), random(5, 4, seed=2), random(4, 3, seed=3)
    dx, dW, db = three(linear_backward, dz, x, w)
    for name, got, want in (("dx", dx, dz @ w.T), ("dW", dW, x.T @ dz), ("db", db, dz.sum(0))):
        assert close(got, want), f"With B = 5, D = 4, H = 3, your {name} and the product differ."
    slip = dz.sum(1, keepdim=True) / 5
    assert not close(dx, slip), "dx is made of dz and W."


# --- 2 -----------------------------------------------------------------------------------------------------


@question(points=2)
def relu_layer(relu_backward):
    z = torch.tensor([-1.0, 0.0, 2.0, 3.0])
    da = torch.tensor([5.0, 6.0, -7.0, 0.5])
    dz = tensor_like("dz", call(relu_backward, da, z), z)
    tools.same(
        "With z = (−1, 0, 2, 3) and da = (5, 6, −7, 0.5), dz",
        dz,
        torch.tensor([0.0, 0.0, -7.0, 0.5]),
        [
            (torch.tensor([0.0, 6.0, -7.0, 0.5]), "at exactly 0 torch passes nothing on: z > 0, not z >= 0."),
            (
                torch.tensor([5.0, 6.0, 0.0, 0.5]),
                "that is a ReLU of the slip. The mask comes from z, not from da.",
            ),
            (torch.tensor([0.0, 0.0, 0.0, 0.5]), "a negative slip passes, too. The mask comes from z alone."),
            (
                torch.tensor([0.0, 0.0, 1.0, 1.0]),
                "that is the slope of ReLU alone. Multiply it by the slip, da.",
            ),
            (torch.tensor([0.0, 0.0, -14.0, 1.5]), "the slope of ReLU is 1 where z > 0, not z."),
            (torch.tensor([5.0, 0.0, 0.0, 0.0]), "the mask is turned round: where z > 0 the slip passes."),
            (torch.tensor([5.0, 6.0, 0.0, 0.0]), "the mask is turned round: where z > 0 the slip passes."),
            (da, "the slip passes where z > 0 only."),
        ],
        otherwise="it is da where z > 0, and 0 elsewhere.",
    )
    for shape in ((3, 4), (2, 3, 2), ()):
        da, z = random(*shape, seed=4), random(*shape, seed=5)
        dz = tensor_like(f"With tensors of shape {shape}, dz", call(relu_backward, da, z), z)
        assert close(dz, torch.where(z > 0, da, 0.0)), (
            f"With tensors of shape {shape}, your dz is not da where z > 0 and 0 elsewhere."
        )


# --- 3 -----------------------------------------------------------------------------------------------------

CLASSES = (
    "onehot needs a column for each class, for those that do not occur in y, too: F.one_hot(y, C), with C "
    "the columns of z."
)
TINY = "Take the logarithm on paper: log p = z − m − log Σ e^(z − m), with m the largest score of the row."


def loss_of(cross_entropy, z, y, what):
    """The loss of an answer, once its form is right."""
    loss = call(cross_entropy, z, y, judges=LOSSES, because=NO_JUDGE)
    assert loss is not None, "cross_entropy returns nothing. Is the line with return missing at its end?"
    if isinstance(loss, torch.Tensor):
        assert loss.numel() == 1, (
            f"{what} your loss has the shape {tuple(loss.shape)}. It is one number: the mean over the batch."
        )
        tools.precise("Your loss", loss, z)
        loss = loss.item()
    assert isinstance(loss, float), f"{what} your loss is a {type(loss).__name__}, and no number."
    return loss


def slip_of(backward, z, y, what):
    """dz of an answer, once its form is right."""
    return tensor_like(f"{what} dz", call(backward, z, y, judges=LOSSES, because=NO_JUDGE), z)


def no_number(what, value):
    assert not math.isnan(value), (
        f"{what} your loss is nan, no number: an exponential overflowed. Subtract the largest score of each "
        "row first; that changes nothing else."
    )


def by_pencil(cross_entropy, cross_entropy_backward):
    # Scores 0 and log 3 make the probabilities 1/4 and 3/4.
    z = torch.tensor([[0.0, math.log(3.0)], [0.0, math.log(3.0)], [math.log(3.0), 0.0]])
    y = torch.tensor([0, 1, 1])
    where = "With probabilities (1/4, 3/4), (1/4, 3/4), (3/4, 1/4) and y = (0, 1, 1),"
    third = (math.log(4) + math.log(4 / 3) + math.log(4)) / 3
    loss = loss_of(cross_entropy, z, y, where)
    no_number(where, loss)
    expect(
        f"{where} your loss",
        loss,
        third,
        {
            3 * third: "that is the sum. Take the mean over the batch.",
            -third: "the sign is turned round: minus the logarithm.",
            1.5 * third: "you divide by the number of classes. Divide by the number of rows.",
            third / 2: "you take the mean over all entries. Take, of each row, the entry of the right class.",
            third / math.log(2): "the logarithm is the natural one, to the base e.",
        },
        otherwise="it is the mean of log 4, log 4/3 and log 4. Is the softmax taken in each row, over "
        "axis 1?",
    )
    p = torch.tensor([[0.25, 0.75], [0.25, 0.75], [0.75, 0.25]])
    hot = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    dz = slip_of(cross_entropy_backward, z, y, where)
    tools.same(
        f"{where} dz",
        dz,
        (p - hot) / 3,
        [
            (p - hot, "the 1/B of the mean is missing: divide by the number of rows."),
            ((hot - p) / 3, "the sign is turned round: what was said minus what was true, p − onehot."),
            (p / 3, "the 1 of the right class was not taken away."),
            ((p - hot) / 2, "you divide by the number of classes. Divide by the number of rows."),
            ((p - hot) / 6, "you divide by the number of entries. Divide by the number of rows."),
            (-hot / p / 3, "that is the gradient by p. Go on to z: it becomes (p − onehot) / B."),
        ],
        otherwise="it is (p − onehot) / B, row by row.",
    )


def large_too(cross_entropy):
    """A word to whoever still repairs the first number, if the loss of large scores is none."""
    try:
        loss = float(call(cross_entropy, torch.tensor([[1e4, 0.0]]), torch.tensor([1]), judges=LOSSES))
    except Exception:
        return ""
    return (
        "" if math.isfinite(loss) else f" (And the loss of large scores, such as 10,000, is {loss:g} so far.)"
    )


@question(points=5)
def softmax_loss(cross_entropy, cross_entropy_backward):
    try:
        by_pencil(cross_entropy, cross_entropy_backward)
    except AssertionError as failed:
        raise AssertionError(f"{failed}{large_too(cross_entropy)}") from None

    # As many rows as classes: here a forgotten keepdim goes unnoticed.
    z, y = torch.tensor([[0.0, 1.0, 5.0], [2.0, 0.0, 0.0], [0.0, 4.0, 1.0]]), torch.tensor([2, 1, 0])
    square = "With three rows and three classes"
    keep = (
        "as many rows as classes: does a maximum or a sum of the rows stand as a row? It needs keepdim=True."
    )
    loss = loss_of(cross_entropy, z, y, f"{square},")
    expect(f"{square}, your loss", loss, F.cross_entropy(z, y).item(), otherwise=keep)
    (want,) = by_autograd(lambda z: F.cross_entropy(z, y), z)
    dz = slip_of(cross_entropy_backward, z, y, f"{square},")
    assert close(dz, want), f"{square} dz is wrong: {keep}"
    loss_of(cross_entropy, -z, y, f"{square},")
    dz = slip_of(cross_entropy_backward, z, y, f"{square},")
    assert close(dz, want), (
        f"{square}, after the loss of other scores, dz is no longer that of its z: it is made of what "
        "cross_entropy left outside of it. Compute p from z, here too."
    )

    # Only the first of three classes occurs.
    z, y = torch.tensor([[0.0, 1.0, 2.0], [2.0, 0.0, 0.0]]), torch.tensor([0, 0])
    where = "With three classes, of which y = (0, 0) holds the first only,"
    log_p, p = z.log_softmax(1), z.softmax(1)
    loss = loss_of(cross_entropy, z, y, where)
    expect(
        f"{where} your loss",
        loss,
        -log_p[:, 0].mean().item(),
        {-log_p.sum(1).mean().item(): CLASSES},
        otherwise="the classes that y does not hold are classes, too.",
    )
    tools.same(
        f"{where} dz",
        slip_of(cross_entropy_backward, z, y, where),
        (p - torch.tensor([1.0, 0.0, 0.0])) / 2,
        [((p - 1) / 2, CLASSES)],
        otherwise="it is (p − onehot) / B.",
    )

    # Any scores.
    for size in (1e3, 1e4):
        z, y = torch.tensor([[size, 0.0], [0.0, 0.0], [-size, -size]]), torch.tensor([0, 1, 0])
        where = f"With scores ({size:g}, 0), (0, 0), (−{size:g}, −{size:g}) and y = (0, 1, 0),"
        loss = loss_of(cross_entropy, z, y, where)
        no_number(where, loss)
        assert not math.isinf(loss), (
            f"{where} your loss is infinite. Subtract from each row its own largest score. (With the largest "
            "of all, other rows are rounded to 0; with a mean, an exponential overflows.)"
        )
        expect(f"{where} your loss", loss, 2 * math.log(2) / 3, otherwise=TINY)
        dz = slip_of(cross_entropy_backward, z, y, where)
        assert not dz.isnan().any(), (
            f"{where} dz holds nan, no numbers. Subtract from each row its own largest score, here too."
        )
        tools.same(
            f"{where} dz",
            dz,
            torch.tensor([[0.0, 0.0], [0.5, -0.5], [-0.5, 0.5]]) / 3,
            otherwise="it is (p − onehot) / 3.",
        )
    z, y = torch.tensor([[0.0, -1000.0]]), torch.tensor([1])
    where = "With scores (0, −1000) and y = 1,"
    loss = loss_of(cross_entropy, z, y, where)
    assert loss < math.inf, (
        f"{where} your loss is infinite, not 1000: p was rounded to 0, or an exponential overflowed. {TINY}"
    )
    expect(
        f"{where} your loss",
        loss,
        1000.0,
        otherwise=f"something was added to p, or p was cut off, before its logarithm. {TINY}",
    )


# --- 4 -----------------------------------------------------------------------------------------------------


def narrowed(unbroadcast, d, shape):
    """What an answer makes of d, once its form is right."""
    got = call(unbroadcast, d, shape, judges=((torch.Tensor, ("sum_to_size",)),), because=NO_SUM_TO)
    front = d.dim() - len(shape)
    hints = [
        (tuple(d.shape[: len(shape)]) if front else None, "Axes are put in front: add up over axis 0."),
        (tuple(n for n in shape if n != 1), "An axis of length 1 stays: sum(dim=axis, keepdim=True)."),
        (
            (1,) * (d.dim() - len(shape)) + tuple(shape),
            "Axes that were put in front go away: without keepdim.",
        ),
        (tuple(d.shape), "Nothing was added up."),
        ((), "All was added up to one number. (Mind that sum(dim=()) adds up everything.)"),
    ]
    what = f"With d of shape {tuple(d.shape)}, for the shape {tuple(shape)}, what comes out"
    order = "First add up the axes that were put in front; the others are counted from the right end."
    return tensor_like(what, got, torch.zeros(shape, dtype=d.dtype), hints, order)


@question(points=3)
def unbroadcast(unbroadcast):
    d = torch.arange(6.0).reshape(2, 3)  # rows (0, 1, 2) and (3, 4, 5)
    for shape, want, slips in (
        ((3,), [3.0, 5.0, 7.0], []),
        ((2, 1), [[3.0], [12.0]], []),
        ((1, 3), [[3.0, 5.0, 7.0]], []),
        ((1, 1), [[15.0]], []),
        ((1,), [15.0], []),
        ((), 15.0, []),
        ((2, 3), [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], []),
    ):
        got, want = narrowed(unbroadcast, d, shape), torch.tensor(want)
        where = f"With d = [[0, 1, 2], [3, 4, 5]], for the shape {shape}, what comes out"
        share = d.numel() / max(want.numel(), 1)
        slips = [
            (want / share, "that is a mean. Each use is a road of its own: add up."),
            (
                d.flatten()[: want.numel()].reshape(shape),
                "that is a part of d. Add up over what was repeated.",
            ),
        ]
        if shape == (2, 3):
            slips = []
        tools.same(where, got, want, slips, otherwise="add up over each axis along which it was repeated.")
    for big, shape in (((2, 4, 3), (4, 1)), ((2, 4, 3), (1, 3)), ((3, 3, 3), (3, 1, 3)), ((2, 2, 2), (2,))):
        d = random(*big, seed=6)
        got = narrowed(unbroadcast, d, shape)
        assert close(got, d.sum_to_size(shape)), (
            f"With d of shape {big}, for the shape {shape}, the numbers are wrong. First add up the axes "
            "that were put in front; the others count from the right end. Then those of length 1."
        )


# --- 5 -----------------------------------------------------------------------------------------------------


def four(gradients, x, y, weights, where):
    """The four gradients of an answer, once their form is right."""
    answer = call(gradients, x, y, *weights)
    assert answer is not None, "gradients returns nothing. Is the line with return missing at its end?"
    found = tools.parts_of(answer, 4, "dW1, db1, dW2, db2")
    names = ("dW1", "db1", "dW2", "db2")
    hints = {
        "db1": [((len(x), weights[1].shape[0]), "b1 was added in each row: add up the rows.")],
        "db2": [((len(x), weights[3].shape[0]), "b2 was added in each row: add up the rows.")],
        "dW1": [
            (tuple(weights[0].shape)[::-1], "That is the transpose: x.T @ dz1."),
            (tuple(weights[2].shape), "Is the order dW1, db1, dW2, db2?"),
        ],
        "dW2": [(tuple(weights[2].shape)[::-1], "That is the transpose: a1.T @ dz2.")],
    }
    return [
        tensor_like(f"{where} {name}", one, w, hints[name])
        for name, one, w in zip(names, found, weights, strict=True)
    ]


def network_of(B, D, H, C, seed):
    """Data and weights of a network, for each seed the same in every run."""
    weights = [random(*s, seed=seed + k) for k, s in enumerate(((D, H), (H,), (H, C), (C,)))]
    return random(B, D, seed=seed + 7), classes(B, C, seed=seed + 8), weights


def slips_of(x, y, W1, b1, W2, b2):
    """What the usual mistakes give: for each gradient, pairs of a value and its sentence."""
    z1 = x @ W1 + b1
    a1 = z1.relu()
    z2 = a1 @ W2 + b2
    p = z2.softmax(1)
    B, C = p.shape
    hot = F.one_hot(y, C).to(p.dtype)
    e = p - hot
    dz2 = e / B
    mask = (z1 > 0).to(p.dtype)
    da1 = dz2 @ W2.T
    many = [
        ("the 1/B of the mean is missing in dz2.", e),
        ("the sign of dz2 is turned round: p − onehot.", -dz2),
    ]
    many.append(("the 1 of the right class is not taken away in dz2.", p / B))
    many.append((f"onehot is wrong. {CLASSES}", (p - 1) / B))
    many.append(("divide by the number of rows, B, not by that of all entries.", e / (B * C)))
    for said, scores in (
        ("b1 is missing in z1 = x @ W1 + b1.", (x @ W1).relu() @ W2 + b2),
        ("b2 is missing in z2 = a1 @ W2 + b2.", a1 @ W2),
        ("the ReLU is missing on the way there: a1 = relu(z1).", z1 @ W2 + b2),
        ("a softmax was taken of a softmax.", p),
    ):
        many.append((said, (scores.softmax(1) - hot) / B))
    many.append(("each row needs a softmax of its own, along dim=1.", (z2.softmax(0) - hot) / B))
    twice = "it is divided by B twice: 1/B is in dz2 already. Add up, take no mean."
    square = (
        "the transpose of W2 is missing: da1 = dz2 @ W2.T. The shapes fit without it only if W2 is square."
    )
    rows = {
        "dW1": [(twice, x.T @ (da1 * mask) / B)],
        "db1": [(twice, (da1 * mask).mean(0))],
        "dW2": [("it is made of a1, not of z1.", z1.T @ dz2)],
        "db2": [(twice, dz2.mean(0))],
    }
    hidden = [
        ("the mask of ReLU is missing in dz1.", da1),
        ("the mask of ReLU comes from z1, not from the slip da1.", da1 * (da1 > 0)),
        ("the mask of ReLU comes from z1, with its b1.", da1 * (x @ W1 > 0)),
        ("the mask of ReLU is turned round in dz1: the slip passes where z1 > 0.", da1 * (1 - mask)),
    ]
    if W2.shape[0] == W2.shape[1]:
        hidden.append((square, dz2 @ W2 * mask))
    for said, dz1 in hidden:
        rows["dW1"].append((said, x.T @ dz1))
        rows["db1"].append((said, dz1.sum(0)))
    rows["dW2"] += [(twice, a1.T @ dz2 / B)]
    for said, slip in many:
        back = slip @ W2.T * mask
        for name, value in (
            ("dW1", x.T @ back),
            ("db1", back.sum(0)),
            ("dW2", a1.T @ slip),
            ("db2", slip.sum(0)),
        ):
            rows[name].append((said, value))
    return {name: [(value, said) for said, value in found] for name, found in rows.items()}


def agree(gradients, B, D, H, C, seed, where, scale=1.0, y=None):
    """See that an answer's gradients are autograd's; with some classes, or with these, y."""
    x, some, weights = network_of(B, D, H, C, seed)
    x, y = x * scale, some if y is None else y
    found = four(gradients, x, y, weights, where)

    def loss(W1, b1, W2, b2):
        return F.cross_entropy((x @ W1 + b1).relu() @ W2 + b2, y)

    true = by_autograd(loss, *weights)
    slips = slips_of(x, y, *weights)
    # The last layer first: a mistake there spoils the others.
    for k, name in ((3, "db2"), (2, "dW2"), (1, "db1"), (0, "dW1")):
        if close(found[k], true[k], 1e-9):
            continue
        assert not found[k].isnan().any(), f"{where} {name} holds nan: an exponential overflowed."
        known = [said for value, said in slips[name] if close(found[k], value, 1e-9)]
        if name == "dW1" and not known:
            known = ["dz1 is the slip da1 = dz2 @ W2.T where z1 > 0; dW1 is x.T @ dz1."]
        otherwise = {
            "db2": "dz2 = (p − onehot)/B, if z1, a1 and z2 are right; db2 adds up its rows.",
            "dW2": "it is a1.T @ dz2.",
        }
        otherwise["db1"] = "it adds up the rows of dz1, which is da1 = dz2 @ W2.T where z1 > 0."
        said = known[0] if known else otherwise[name]
        raise AssertionError(f"{where} {name} and autograd differ: {said}")


@question(points=5)
def network(gradients):
    agree(gradients, 5, 4, 3, 2, seed=10, where="With B = 5, D = 4, H = 3, C = 2,")
    # H = C: the transpose shows in the numbers only.
    agree(gradients, 6, 4, 3, 3, seed=30, where="With B = 6, D = 4, H = 3, C = 3,")
    none = torch.zeros(4, dtype=torch.long)
    agree(gradients, 4, 2, 5, 3, seed=40, where="With three classes, and y = (0, 0, 0, 0),", y=none)
    # A unit that is exactly at its kink passes nothing on.
    x, y, weights = network_of(4, 3, 2, 3, seed=50)
    weights[0][:, 0], weights[1][0] = 0.0, 0.0  # z1 is 0 for the first unit
    found = four(gradients, x, y, weights, "With a first unit that sees 0,")
    assert not found[0][:, 0].any(), (
        "With a first unit whose z1 is exactly 0, dW1 is not 0 in its column: at 0 torch passes nothing "
        "on, z1 > 0."
    )
    # Large scores.
    agree(gradients, 5, 4, 3, 2, seed=70, where="With large scores,", scale=1e4)
