"""The tests of assignment 1.3: a few examples at a time."""

import itertools
import math

import torch

from course_lib.checks import question, tools
from course_lib.checks.tools import close, expect, parts_of, same

BY_HAND = 2  # points for the question that a person marks

# --- what the tests share ----------------------------------------------------------------------------------

# What most likely led to an error, by a part of its words, …
HINTS = {
    "does not require grad": "backward() finds nothing recorded. Begin with copies that are: "
    "w = w.clone().requires_grad_(), and so for b. After w = w - lr * w.grad, too, w is a new tensor that is "
    "not recorded: call w.requires_grad_() on it. Or does torch.no_grad() cover more than the update?",
    "leaf Variable": "Update inside with torch.no_grad(): an update must not be recorded.",
    "'NoneType'": "You compute with None. A gradient is None before backward() has run, and where the name w "
    "has come to mean a new tensor.",
    "only for scalar": "The loss must be one number, and yours is one for each example. Take their mean: "
    ".mean().",
    "attribute 'backward'": "backward() belongs to the loss, a tensor. Take .item() only for the list.",
    "division by zero": "Something is divided by 0. At η = 2/λ the denominator λ(2 − ηλ) is 0: there, and "
    "beyond, return math.inf.",
    "at least 1D": "A tensor has lost all its axes. squeeze() drops every axis of length 1, so with one "
    "example, or one input, nothing is left: squeeze(1) drops that one only.",
    "same dtype": "Two tensors meet that are float32 and float64. float64 is the default here: .float() or "
    "dtype=torch.float32 must have made the other.",
}
# … and, where a line predicts,
MISFIT = (
    "Two shapes do not fit: print them. Predict with x @ w + b, not w * x + b: x is (n, d) and w is (d, 1), "
    "as it comes in, so the prediction has the shape of y, (n, 1); x.T is (d, n)."
)
LINE = {**HINTS, "must match the size": MISFIT, "cannot be multiplied": MISFIT}
NEW = "Make a new tensor, without -=, /= and the like."
COPY = (
    "Make new tensors, w = w - …, without -= and the like. For backward() record copies: "
    "w = w.clone().requires_grad_(), and so for b; those you may change."
)


def call(function, *inputs, hints=HINTS, advice=NEW):
    def hint_for(error):
        """What most likely led to an error, or None where its own words say it best."""
        said = str(error)
        return next((f"{hint} (Python says: {said})" for part, hint in hints.items() if part in said), None)

    answer = tools.call(hint_for, function, *inputs, advice=advice)
    for number, value in enumerate(inputs, start=1):
        assert not (isinstance(value, torch.Tensor) and value.requires_grad), (
            f"Your function changed its input number {number}: it is recorded now. Record a copy: "
            "w.clone().requires_grad_()."
        )
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    return answer


ROUNDED = "it is close, but no more. Does float64 become float32 on the way, or do you round?"


def tensor(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def zeros(*shape):
    return torch.zeros(*shape, dtype=torch.float64)


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def shaped(what, value, shape, hint="Print the shapes on the way: the contract says what each must be."):
    """See that a value is a float64 tensor of this shape."""
    assert isinstance(value, torch.Tensor), f"{what} must be a tensor, not {type(value).__name__}."
    tools.precise(what, value, zeros(1))
    found = tuple(value.shape)
    assert found == shape, f"{what} has shape {found}, not {shape}. {hint}"


def item(value):
    """How to make a float of a value that should be one."""
    return ": use .item()." if isinstance(value, torch.Tensor) else "."


def some_batches(sizes, d, seed=0):
    """Batches of these sizes, of random examples with d inputs; the same in every run."""
    chance = seeded(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=chance, dtype=torch.float64)

    return [(normal(size, d), normal(size, 1) + 2) for size in sizes]


def two_batches():
    """Small enough for paper: two examples, and one."""
    return [(tensor([[1.0], [2.0]]), tensor([[3.0], [5.0]])), (tensor([[3.0]]), tensor([[4.0]]))]


# --- 1 -----------------------------------------------------------------------------------------------------


def numbered(n, d=2):
    """Examples that say which they are: the i-th has x = (i, −i, i, …) and y = 1000 + i."""
    i = torch.arange(n, dtype=torch.float64).unsqueeze(1)
    return i * tensor([(-1.0) ** k for k in range(d)]), 1000 + i


def collect(answer, most):
    """The batches that an answer yields or returns; no more than `most`, as it might never end."""
    assert answer is not None, "Your function returns None: yield each batch, or return a list of them."
    assert hasattr(answer, "__iter__") and not isinstance(answer, (torch.Tensor, str, dict)), (
        f"Yield each batch, or return a list of them, not {type(answer).__name__}."
    )
    return list(itertools.islice(iter(answer), most))


def dealt(minibatches, x, y, size, generator, where):
    """The batches of an epoch, in the right shapes: pairs of tensors, none empty."""
    assert callable(minibatches), f"This must be a function, not {type(minibatches).__name__}."
    pairs = call(lambda x, y: collect(minibatches(x, y, size, generator), len(x) + 2), x, y)
    for pair in pairs:
        good = isinstance(pair, (tuple, list)) and len(pair) == 2
        assert good, "Each batch must be a pair: yield x_batch, y_batch"
        x_batch, y_batch = pair
        assert isinstance(x_batch, torch.Tensor), f"x_batch must be a tensor, not {type(x_batch).__name__}."
        count = x_batch.shape[0] if x_batch.ndim else 1
        assert count > 0, f"{where} there is an empty batch. Where nothing is left, there is no last batch."
        axes = "A single index drops an axis: x[3] has shape (d,), x[[3]] and x[3:4] have shape (1, d)."
        shaped("x_batch", x_batch, (count, x.shape[1]), hint=axes)
        shaped("y_batch", y_batch, (count, 1), hint=axes)
    return pairs


def epoch(minibatches, n, size, generator, where="", d=2):
    """Which examples the batches hold: a list of lists of numbers."""
    x, y = numbered(n, d)
    where = where or f"With n = {n} and size = {size}"
    batches = []
    for x_batch, y_batch in dealt(minibatches, x, y, size, generator, where):
        rows = x_batch[:, 0].round().long().clamp(0, n - 1)
        assert close(x_batch, x[rows]), f"{where} a row of x_batch is no row of x. Pick whole rows: x[rows]."
        assert close(y_batch[:, 0], 1000 + x_batch[:, 0]), (
            "Inputs and answers are no longer pairs: shuffle once, and pick the same rows of x and of y."
        )
        batches.append(rows.tolist())
    return batches


def together(batches):
    return [row for batch in batches for row in batch]


def sizes_of(n, size):
    return [min(size, n - start) for start in range(0, n, size)]


@question(points=5)
def minibatches(minibatches):
    # Sizes: full batches, and what is left.
    for n, size in ((10, 4), (6, 3), (5, 5), (3, 1), (4, 3), (3, 8)):
        found = [len(batch) for batch in epoch(minibatches, n, size, seeded(0))]
        want = sizes_of(n, size)
        hint = ""
        if found == want[:-1]:
            hint = " The last, smaller batch is missing: keep it."
        elif sum(found) > n:
            hint = " That is more than one epoch: stop when each example has come once."
        elif sorted(found) == sorted(want):
            hint = " The smaller batch comes last: shuffle the examples, not the batches."
        elif sum(found) == n:
            hint = " Every batch but the last has size examples: x.split(size) cuts so, x.chunk(k) does not."
        assert found == want, (
            f"With n = {n} and size = {size} the batches have {found} examples, not {want}.{hint}"
        )

    # Every example exactly once, and in random order.
    for seed in range(3):
        batches = epoch(minibatches, 30, 5, seeded(seed))
        order = together(batches)
        assert sorted(order) == list(range(30)), (
            "In one epoch some examples come twice and others never. Shuffle all of them and deal them out: "
            "do not draw each batch anew."
        )
        assert order != sorted(order), "The examples come in the order of the data: shuffle them."
        blocks = [batch == list(range(batch[0], batch[0] + 5)) for batch in batches]
        assert not all(blocks), "Neighbours stay together: shuffle the examples, not only the batches."

    # A new order each epoch; the same seed, the same orders.
    generator = seeded(0)
    first, second = (epoch(minibatches, 30, 5, generator) for _ in range(2))
    assert first != second, (
        "The second epoch has the same order as the first: shuffle anew each epoch. "
        "Do not set the generator's seed inside the function: it remembers where it is."
    )
    torch.manual_seed(1)
    one = epoch(minibatches, 30, 5, seeded(7))
    torch.manual_seed(2)
    two = epoch(minibatches, 30, 5, seeded(7))
    assert one == two, "The same seed gives different batches: take all randomness from generator=generator."
    assert epoch(minibatches, 30, 5, seeded(7)) != epoch(minibatches, 30, 5, seeded(8)), (
        "Different seeds give the same batches: use the generator."
    )


# --- 2 -----------------------------------------------------------------------------------------------------


def trained(train, batches, w, b, lr, epochs, where=""):
    """What `train` returns, in the right shapes and lengths."""
    answer = call(train, batches, w, b, lr, epochs, hints=LINE, advice=COPY)
    w, b, losses, seen = parts_of(answer, 4, "w, b, losses, seen")
    shaped(f"{where}w", w, tuple(batches[0][0].shape[1:]) + (1,))
    shaped(f"{where}b", b, (1,))
    assert isinstance(losses, list) and all(isinstance(loss, float) for loss in losses), (
        "losses must be a list of Python floats: append loss.item()."
    )
    assert isinstance(seen, list) and all(isinstance(number, int) for number in seen), (
        "seen must be a list of whole numbers: add len(x_batch) for each batch."
    )
    updates = epochs * len(batches)
    hint = "Go through the list epochs times: also where the loss rises or hardly changes."
    if len(losses) == epochs:
        hint = "Make an update for each batch, not one for each epoch."
    what = f"{where}{epochs} epoch{'s' * (epochs != 1)} of {len(batches)} batch{'es' * (len(batches) != 1)}"
    assert len(losses) == updates, f"{what}: there are {len(losses)} losses, not {updates}. {hint}"
    assert len(seen) == updates, f"{what}: seen has {len(seen)} entries, not {updates}: one for each update."
    return w, b, losses, seen


def by_autograd(batches, w, b, lr, epochs):
    """The right answer, by torch's own SGD."""
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    optimizer = torch.optim.SGD([w, b], lr=lr)
    losses, seen = [], []
    for x, y in batches * epochs:
        loss = torch.nn.functional.mse_loss(x @ w + b, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seen.append((seen[-1] if seen else 0) + len(x))
    return w.detach(), b.detach(), losses, seen


@question(points=5)
def train(train):
    start = zeros(1, 1), zeros(1)
    # One batch, one update: errors −3 and −5, gradient (−13, −8).
    w, b, losses, seen = trained(train, two_batches()[:1], *start, 0.01, 1)
    expect(
        "With the one batch x = 1, 2, y = 3, 5, lr = 0.01, after one update w",
        w,
        0.13,
        {
            -0.13: "you walk uphill. Subtract lr times the gradient.",
            0.26: "that is the gradient of a sum. The loss is the mean over the batch: divide by its length.",
            0.065: "the 2 from the square is missing.",
            0.08: "each error must be multiplied by its own input x.",
            0.0: "w is not updated.",
            0.13: ROUNDED,
        },
    )
    expect(
        "With the one batch x = 1, 2, y = 3, 5, lr = 0.01, after one update b",
        b,
        0.08,
        {
            0: "b is not updated.",
            0.0761: "b is updated with the new w. Compute both derivatives first, then update both.",
        },
    )

    # Two batches, two updates. The second begins where the first ended: its error is −3.53.
    w, b, losses, seen = trained(train, two_batches(), *start, 0.01, 1)
    expect(
        "With the batches x = 1, 2, y = 3, 5 and x = 3, y = 4, lr = 0.01, after both w",
        w,
        0.3418,
        {
            0.1604: "each gradient is divided by the number of *all* examples. Divide by the length of the "
            "batch.",
            0.2359: "every batch is divided by the length of the first. Divide by its own: the last is "
            "smaller.",
            0.37: "the second batch must use the weights that the first update has made.",
            0.3556: "the second batch came first. Here the batches come in the order of the list.",
            0.30832: "every batch is divided by the mean length. Divide by its own: the last is smaller.",
            0.4718: "the first gradient is still in the second. Clear .grad before each backward().",
        },
    )
    expect(
        "With the batches x = 1, 2, y = 3, 5 and x = 3, y = 4, lr = 0.01, after both b",
        b,
        0.1506,
        {0.16: "the second batch must use the weights that the first update has made."},
    )
    expect(
        "With the batches x = 1, 2, y = 3, 5 and x = 3, y = 4, lr = 0.01, the first loss",
        losses[0],
        17,
        {
            14.74985: "that is the loss after the update. Write it down before.",
            34: "that is a sum. The loss is the mean over the batch.",
            8.5: "that is half of the mean squared error.",
        },
    )
    expect(
        "With the batches x = 1, 2, y = 3, 5 and x = 3, y = 4, lr = 0.01, the second loss",
        losses[1],
        12.4609,
        {
            16: "that is the second batch's loss at the start, not after one update.",
            17: "that is the first batch's loss again.",
        },
    )

    # The cost. Batches of 2 and 1, three times.
    _, _, losses, seen = trained(train, two_batches(), *start, 0.01, 3)
    slips = {
        (1, 2, 3, 4, 5, 6): "that counts updates. Count the examples that were read.",
        (2, 4, 6, 8, 10, 12): "the last batch has only one example. Add the length of each batch.",
        (2, 3, 2, 3, 2, 3): "the count begins anew in each epoch. Go on counting.",
        (0, 2, 3, 5, 6, 8): "include the batch of the update itself.",
        (2, 1, 2, 1, 2, 1): "these are the lengths. Add them up.",
        (3, 3, 6, 6, 9, 9): "after the first batch only two examples have been read.",
    }
    hint = slips.get(tuple(seen), "add the length of each batch.")
    assert seen == [2, 3, 5, 6, 8, 9], f"seen is {seen}, not [2, 3, 5, 6, 8, 9]: {hint}"

    # It begins where it is told to.
    w, b, losses, _ = trained(train, two_batches()[1:], tensor([[1.0]]), tensor([1.0]), 0.01, 1)
    assert close(w, 1) and close(b, 1), (
        "At w = b = 1 the third example is predicted exactly, so nothing may move. "
        f"You return w = {w.item()}, b = {b.item()}: begin at the w and b that you are given."
    )

    # Two inputs: a weight for each, and each its own derivative.
    batches, start = some_batches([4, 2], 2), (zeros(2, 1), zeros(1))
    w, b, losses, _ = trained(train, batches, *start, 0.05, 2, "With two inputs, ")
    right = by_autograd(batches, *start, 0.05, 2)
    same(
        "With two inputs, after two epochs, w",
        w,
        right[0],
        [
            (
                w.detach().mean().expand(2, 1),
                "one number for all weights. Each has a derivative of its own: x.T @ error adds up over the "
                "examples, and .mean(dim=0), unlike .mean(), keeps the columns apart.",
            )
        ],
        otherwise="torch's SGD gives the second. Is lr the same in each update?",
    )
    same("With two inputs, after two epochs, b", b, right[1], otherwise="torch's SGD gives the second.")


# --- 3 -----------------------------------------------------------------------------------------------------


def loss_over(epoch_loss, batches, w, b):
    loss = call(epoch_loss, batches, w, b, hints=LINE)
    assert isinstance(loss, float), f"Return a Python float, not {type(loss).__name__}{item(loss)}"
    return loss


@question(points=3)
def epoch_loss(epoch_loss):
    # By hand: at w = b = 0 the squared errors are 9 and 25 in the first batch, 16 in the second.
    expect(
        "With the batches x = 1, 2, y = 3, 5 and x = 3, y = 4, at w = b = 0, the loss",
        loss_over(epoch_loss, two_batches(), zeros(1, 1), zeros(1)),
        50 / 3,
        {
            16.5: "that is the mean of the batches' means. One example then weighs as much as the other two.",
            50: "that is the sum. Divide by the number of examples.",
            25: "you divide by the number of batches. Divide by the number of examples.",
            12.5: "you divide by batches times the size of the first; the last is smaller. Count the "
            "examples.",
            16: "that is the loss of the last batch alone.",
            17: "that is the loss of the first batch alone.",
            33: "the batches' means are added up. Weight each by its length, and divide by the number of "
            "examples.",
            11: "the batches' means are divided by the number of examples. Multiply each by its length.",
            4: "that is the mean of |error|. Square the errors.",
            (50 / 3) ** 0.5: "that is the root of the loss. Take no root.",
            28: "each prediction is compared with every answer. A column (n, 1) minus a row (n,) is a table "
            "(n, n).",
            50 / 3: ROUNDED,
        },
    )

    # However the examples are cut into batches, the loss is the same.
    (x, y), *_ = some_batches([12], 3)
    w, b = tensor([[1.0], [-2.0], [0.5]]), tensor([0.7])
    right = ((x @ w + b - y) ** 2).mean().item()
    without = ((x @ w - y) ** 2).mean().item()
    for size in (12, 11, 5, 1):
        batches = list(zip(x.split(size), y.split(size), strict=True))
        expect(
            f"In batches of {size} the loss of 12 examples",
            loss_over(epoch_loss, batches, w, b),
            right,
            {
                without: "does b enter the prediction? It is x @ w + b.",
                right / 3: "that is a mean over all numbers of x. Divide by n, not by n·d.",
            },
            otherwise="the second is that of all at once.",
        )


# --- 4 -----------------------------------------------------------------------------------------------------


def four():
    """Four gradients. Their mean is (1, 2)."""
    return tensor([[1.0, 0.0], [3.0, 0.0], [0.0, 2.0], [0.0, 6.0]])


def from_a_list(batches):
    """A draw that deals out these batches in turn, and counts."""
    left = [torch.tensor(batch) for batch in batches]

    def draw():
        assert left, f"draw() is called more than {len(batches)} times: call it exactly draws times."
        return left.pop(0)

    return draw, left


def measured(gradient_noise, gradients, batches):
    """What `gradient_noise` returns when these batches are drawn, in the right shapes."""
    draw, left = from_a_list(batches)
    answer = call(gradient_noise, gradients, draw, len(batches))
    bias, noise = parts_of(answer, 2, "bias, noise")
    assert not left, (
        f"Of {len(batches)} draws you made {len(batches) - len(left)}: "
        "call draw() anew for every batch, draws times in all."
    )
    shaped(
        "bias",
        bias,
        (gradients.shape[1],),
        hint="The mean of a batch's rows is mean(dim=0), of shape (d,). And so is the mean of these means.",
    )
    what = type(noise).__name__
    assert isinstance(noise, float), f"noise must be a Python float, not {what}{item(noise)}"
    return bias, noise


@question(points=4)
def noise(gradient_noise):
    # Batches {0, 1} and {0, 2}: their gradients are (2, 0) and (0.5, 1), so example 3 never comes.
    bias, noise = measured(gradient_noise, four(), [[0, 1], [0, 2]])
    same(
        "The gradients (2, 0) and (0.5, 1) have the mean (1.25, 0.5), and g is (1, 2). The bias",
        bias,
        tensor([0.25, -1.5]),
        [
            (tensor([-0.25, 1.5]), "the sign is turned round. It is the mean of the batches minus g."),
            (tensor([0.75, 1.5]), "errors may cancel: take no absolute values."),
            (tensor([1.5, -1.0]), "take the *mean* of a batch, not its sum."),
            (tensor([1.25, 0.5]), "subtract g, the mean of all rows."),
            (tensor([0.5, -3.0]), "that is a sum. Divide by the number of draws."),
            (
                tensor([-0.75, -1.9]),
                "the sum of a batch's rows is divided by 10. Divide by the length of the batch.",
            ),
        ],
    )
    expect(
        "The gradients (2, 0) and (0.5, 1) lie around g = (1, 2). The noise",
        noise,
        3.125,
        {
            0.8125: "that is measured from the mean of the draws. Measure from g, the mean of all rows.",
            1.625: "that is measured from the mean of the draws. Measure from g, the mean of all rows.",
            1.5625: "that is the mean over the coordinates. The squared length is their sum.",
            2.3125: "that is the squared length of the bias. Square each batch's error first, then take the "
            "mean.",
            3.125**0.5: "that is the root of the noise. The noise is the mean of the squares: take no root.",
            (5**0.5 + 1.25**0.5) / 2: "that is the mean length. The noise is the mean of its square.",
            6.25: "that is the sum, or the sum divided by one less than the draws. Of two draws take the "
            "half: divide by the number of draws.",
            6.5: "that is the noise of the batches' sums. Take the mean of each batch.",
        },
    )

    # Batches {0, 1} and {2, 3}: (2, 0) and (0, 4). No bias, and much noise.
    bias, noise = measured(gradient_noise, four(), [[0, 1], [2, 3]])
    same("The gradients (2, 0) and (0, 4) have the mean (1, 2), which is g. The bias", bias, zeros(2))
    expect(
        "The gradients (2, 0) and (0, 4) lie around g = (1, 2). The noise",
        noise,
        5,
        {0: "each draw is off, to either side: square before you take the mean."},
    )

    # A batch may hold an example more than once. The gradient of {0, 0, 0, 3} is (0.75, 1.5).
    bias, noise = measured(gradient_noise, four(), [[0, 0, 0, 3]])
    twice = "drawn with replacement, an example may come twice, and then it counts twice."
    same("Of a single draw, {0, 0, 0, 3}, the bias", bias, tensor([-0.25, -0.5]), otherwise=twice)
    expect("Of a single draw, {0, 0, 0, 3}, the noise", noise, 0.3125, otherwise=twice)


# --- 5 -----------------------------------------------------------------------------------------------------


def floor_of(noise_floor, *inputs):
    floor = call(noise_floor, *inputs)
    assert isinstance(floor, float), f"Return a Python float, not {type(floor).__name__}{item(floor)}"
    return floor


@question(points=3)
def floor(noise_floor):
    # By hand: σ_B² = 27/3 · 7/9 = 7, and the floor is 0.4·7 / (2·(2 − 0.8)) = 7/6.
    expect(
        "With lr = 0.4, curvature = 2, sigma2 = 27, size = 3 and n = 10, the floor",
        floor_of(noise_floor, 0.4, 2.0, 27.0, 3, 10),
        7 / 6,
        {
            1.5: "the factor (n − B)/(n − 1) is missing: the batch is drawn without replacement.",
            1.05: "the factor is (n − B)/(n − 1), not (n − B)/n.",
            3.5: "the variance of a mean of B is σ²/B: divide by B.",
            31.5: "sigma2 is the variance, σ² already. Do not square it.",
            0.7: "that is the formula for small rates. Here ηλ = 0.8: write 2 − ηλ, not 2.",
            7.0: "it is 2 − ηλ, not 1 − ηλ.",
            2.8 / 1.2: "λ is missing in the denominator.",
            1.68: "2 − ηλ belongs into the denominator, too: put λ · (2 − ηλ) into brackets.",
            7 / 6: ROUNDED,
            math.sqrt(7 / 6): "that is the standard deviation. The floor is the variance: take no root.",
            7 / 15: "η enters once in the numerator: ησ²/(λ(2 − ηλ)).",
            0.4 * 27 / 3**0.5 * 7 / 9 / 2.4: "the variance falls as 1/B. It is the standard deviation that "
            "falls as 1/√B.",
        },
    )

    # All the data in one batch: no noise, no floor.
    floor = floor_of(noise_floor, 0.4, 2.0, 27.0, 10, 10)
    assert close(floor, 0.0), f"With B = n nothing is left to chance, so the floor is 0, not {floor:.4g}."

    # Past the limit the loop runs away.
    for lr in (1.0, 1.3):
        floor = floor_of(noise_floor, lr, 2.0, 27.0, 3, 10)
        assert floor == math.inf, f"At λ = 2 the limit is 2/λ = 1. At η = {lr} return math.inf, not {floor}."
