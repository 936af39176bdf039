"""The tests of assignment 2.7: one project, from raw patients to a verdict."""

import math
import zlib

import torch

from course_lib.checks import question, tools
from course_lib.checks.tools import borrowed, close, expect, forbid, parts_of

BY_HAND = 2  # points for the question that a person marks

# --- what the tests share ----------------------------------------------------------------------------------

HINTS = {
    "leaf Variable": "Update with new tensors, w - lr * step: an update in place must not be recorded.",
    "does not require grad": "backward() finds nothing recorded. The function slopes does that for you.",
    "must match the size": "Two shapes do not fit: print them.",
    "shapes cannot be multiplied": "Two shapes do not fit in a product: print them.",
    "shape mismatch": "Two shapes do not fit: print them. A split is a row; along it is dim=1.",
    "math domain error": "A root of a negative number is taken. Compare each sign with the formula.",
    "NoneType": "You compute with None. Is something assigned only under an if that was never true?",
    "not enough values to unpack": "Something has fewer parts than you take. The weights of a "
    "line are [W, b], "
    "those of a network [W1, b1, W2, b2].",
}


def hint_for(error):
    """What most likely led to an error, or None where its own words say it best."""
    said = str(error).splitlines()[0] if str(error) else "no message"
    return next((f"{hint} (Python says: {said})" for part, hint in HINTS.items() if part in said), None)


def call(function, *inputs, **settings):
    answer = tools.call(hint_for, function, *inputs, **settings)
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    return answer


def shaped(what, value, shape):
    """See that a value is a tensor of this shape, in float64."""
    assert isinstance(value, torch.Tensor), f"{what} must be a tensor, not {type(value).__name__}."
    found = tuple(value.shape)
    assert found == shape, f"{what} has shape {found}, not {shape}. Print the shapes on the way."
    tools.precise(what, value, tensor(0))


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def column(*numbers):
    return tensor(*numbers).unsqueeze(1)


def some_data(n, D, seed):
    """Inputs and answers, the same in every run."""
    generator = torch.Generator().manual_seed(seed)
    exactly = dict(generator=generator, dtype=torch.float64)
    x = torch.randn(n, D, **exactly)
    return x, x.abs().sum(dim=1, keepdim=True) + torch.randn(n, 1, **exactly)


def some_weights(sizes, seed):
    """[W1, b1, W2, b2] for sizes (D, H, 1), or [W, b] for (D, 1): all by lot, the biases too."""
    generator, weights = torch.Generator().manual_seed(seed), []
    for into, out in zip(sizes[:-1], sizes[1:], strict=True):
        for shape in ((into, out), (out,)):
            weights.append(torch.randn(shape, generator=generator, dtype=torch.float64) / math.sqrt(into))
    return weights


def predict(weights, x):
    *hidden, W, b = weights
    if hidden:
        x = (x @ hidden[0] + hidden[1]).relu()
    return x @ W + b


def loss_of(weights, x, y):
    return (predict(weights, x) - y).square().mean().item()


def by_autograd(weights, x, y, decay):
    with torch.enable_grad():
        leaves = [w.detach().clone().requires_grad_() for w in weights]
        loss = (predict(leaves, x) - y).square().mean()
        loss = loss + decay / 2 * sum((W**2).sum() for W in leaves[::2])
        return list(torch.autograd.grad(loss, leaves))


def own_chance(function, *inputs):
    """Call an answer, and see that it leaves torch's global chance alone."""
    state = torch.random.get_rng_state()
    answer = call(function, *inputs)
    assert torch.equal(state, torch.random.get_rng_state()), (
        "Your function seeds torch's global chance, or draws from it, and so changes what everybody else "
        "draws. Draw from a generator of its own, the generator made of the seed: "
        "torch.Generator().manual_seed(seed)."
    )
    return answer


# --- 1 -----------------------------------------------------------------------------------------------------

PARTS = ("x_fit", "y_fit", "x_val", "y_val", "x_test", "y_test")


def prepared(prepare, x, y, seed, where):
    """What `prepare` returns: six tensors, by name."""
    parts = own_chance(prepare, x, y, seed)
    assert isinstance(parts, (list, tuple)) and len(parts) == 6, (
        f"Return six tensors in a list: {', '.join(PARTS)}."
    )
    parts, fifth = dict(zip(PARTS, parts, strict=True)), len(x) // 5
    for name, part in parts.items():
        rows = len(x) - 2 * fifth if "fit" in name else fifth
        shaped(f"{where} {name}", part, (rows, (x if name[0] == "x" else y).shape[1]))
        assert bool(part.isfinite().all()), (
            f"{where} {name} is not finite. Is something divided by a standard deviation of 0?"
        )
    return parts


def split_and_scale(x, y, seed, by="fit"):
    """The right parts; or, with another `by`, those of somebody who takes the statistics from there."""
    n, fifth = len(x), len(x) // 5
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    rows = {"test": order[:fifth], "val": order[fifth : 2 * fifth], "fit": order[2 * fifth :], "all": order}
    rows |= {"fit and val": order[fifth:], "fit and test": torch.cat([rows["fit"], rows["test"]])}
    found = {}
    for name in PARTS:
        raw, part = (x, y)[name[0] == "y"], name[2:]
        at = raw[rows[part if by == "own" else by]]
        m, s = at.mean(dim=0), at.std(dim=0, correction=0)
        found[name] = (raw[rows[part]] - m) / torch.where(at.amax(dim=0) == at.amin(dim=0), 1.0, s)
    return found


@question(points=4)
def prepare(prepare):
    # Ten patients, one input: 0, 1, …, 9, and answers ten times as large.
    x = torch.arange(10, dtype=torch.float64).unsqueeze(1)
    y = 10 * x
    parts = prepared(prepare, x, y, 3, "With ten patients")
    right = split_and_scale(x, y, 3)
    if not close(parts["x_fit"], right["x_fit"]):
        slips = {"all": split_and_scale(x, y, 3, "all"), "own": split_and_scale(x, y, 3, "own")}
        in_file = (x[4:] - x[4:].mean()) / x[4:].std(correction=0)
        unbiased = right["x_fit"] * math.sqrt(5 / 6)
        mine = parts["x_fit"]
        two = [
            by for by in ("fit and val", "fit and test") if close(mine, split_and_scale(x, y, 3, by)["x_fit"])
        ]
        if close(mine, slips["all"]["x_fit"]):
            why = (
                "the mean and the spread are those of all patients. So the test patients had a say: take "
                "those of the patients to fit."
            )
        elif two:
            why = (
                f"the mean and the spread are those of {two[0]} together. Take those of the patients to fit."
            )
        elif close(mine, right["x_fit"], 1e-5):
            why = "it is right in its first digits only. Is something float32 on the way?"
        elif close(mine, unbiased):
            why = "the spread divides by n − 1. Ask for correction=0."
        elif close(mine, in_file):
            why = "the patients are in the order of the file. Take them in that of torch.randperm."
        elif close(mine.flatten().sort().values, right["x_fit"].flatten().sort().values):
            why = "these are the right patients, in another order. Leave them as randperm has them."
        elif close(mine.mean(), 0) and close(mine.std(correction=0), 1):
            why = (
                "other patients are to fit. The order is torch.randperm(n, generator=…), with the generator "
                "made of the seed; the first fifth is the test set, the next for validation."
            )
        else:
            why = "each column: minus its mean, divided by its standard deviation (correction=0)."
        raise AssertionError(f"With ten patients and seed 3, x_fit is wrong: {why}")
    pairs = (("x_val", "y_val"), ("x_test", "y_test"))
    for names in pairs:
        own, other = split_and_scale(x, y, 3, "own"), split_and_scale(x, y, 3, "all")
        mine = parts[names[0]]
        swapped = right["x_test" if names[0] == "x_val" else "x_val"]
        assert not close(mine, swapped), (
            "Validation and test are swapped: the first fifth of the order is the test set, the next one for "
            "validation."
        )
        assert not close(mine, own[names[0]]), (
            f"{names[0]} is scaled by its own mean and spread. So what a patient looks like depends on who "
            "else is in the room. Take those of the patients to fit."
        )
        assert not close(mine, other[names[0]]), (
            f"{names[0]} is scaled by the statistics of all patients. Take those of the patients to fit."
        )
        assert close(mine, right[names[0]]), (
            f"With ten patients and seed 3, {names[0]} is wrong. Scale it as you scaled x_fit, by "
            "the same mean and spread."
        )
    for name in PARTS[1::2]:
        x_part = right["x" + name[1:]]
        mine = parts[name]
        if close(mine, x_part):  # y is ten times x: scaled, they are the same
            continue
        raw = 10 * (x_part * x[right_rows(10, 3)].std(correction=0) + x[right_rows(10, 3)].mean())
        if close(mine, raw):
            why = "the answers are not scaled."
        elif close(mine, raw - raw.mean()):
            why = "the answers are only shifted: divide them by their spread."
        else:
            why = (
                "the answers must go with their patients, row by row, and be scaled by the statistics of the "
                "answers to fit."
            )
        raise AssertionError(f"With ten patients and seed 3, {name} is wrong: {why}")

    # However small a spread is, it is one; and each column has its own.
    parts = prepared(prepare, torch.cat([1e-20 * x, 100 * x], dim=1), y / 1000, 3, "With other units,")
    for name in PARTS:
        for k in range(parts[name].shape[1]):
            assert close(parts[name][:, k], right[name][:, 0]), (
                "In other units (one column times 1e-20, one a hundred times as large, y a thousandth), "
                f"{name} is another, where scaling should make it the same: each column is divided by its "
                "own standard deviation, however small it is. Only where all entries are the same is it 1."
            )

    # A column that is the same for all patients to fit: of one of the others it says something.
    x = torch.cat([x, torch.full((10, 1), 7.0, dtype=torch.float64)], dim=1)
    first = torch.randperm(10, generator=torch.Generator().manual_seed(3))[0]
    x[first, 1] = 12.0  # a test patient
    parts = prepared(prepare, x, y, 3, "With a column that is 7 for all patients to fit,")
    expect(
        "With a column that is 7 for all patients to fit, and 12 for a test patient, that 12",
        parts["x_test"][0, 1],
        5,
        {
            12: "do you leave such a column out of the scaling? Subtract its mean all the same.",
            0: "the mean of those to fit is 7, and it is divided by 1.",
        },
    )
    for answer in (3.0, 0.1):
        where = f"With the same answer, {answer}, for all of five patients,"
        parts = prepared(prepare, x[:5, :1], torch.full_like(y[:5], answer), 3, where)
        assert close(parts["y_fit"], 0), (
            f"{where} y_fit is {parts['y_fit'].flatten().tolist()}, and should be 0: subtract the mean, and "
            "divide by 1. Ask whether the largest equals the smallest, and do not wait for a standard "
            "deviation of 0: rounding may leave 1e-17, of torch's too, and more of large numbers."
        )


def right_rows(n, seed):
    return torch.randperm(n, generator=torch.Generator().manual_seed(seed))[2 * (n // 5) :]


# --- 2 -----------------------------------------------------------------------------------------------------

ON_PAPER = "Write the way back by hand: no backward(), no autograd, no slopes, and no nudging."
NAMES = ("dW1", "db1", "dW2", "db2")


def not_recorded(error):
    return ON_PAPER if "does not require grad" in str(error) else hint_for(error)


def found_gradient(gradient, where, weights, x, y, decay):
    forbid(gradient, "slopes", "loss_of", because=ON_PAPER)
    assert borrowed(gradient, *tools.AUTOGRAD) is None, ON_PAPER
    # In inference mode nothing is recorded, so that no backward() can work, by whatever name.
    with torch.inference_mode(), tools.locked(*tools.AUTOGRAD, because=ON_PAPER):
        found = tools.call(not_recorded, gradient, weights, x, y, decay)
    assert found is not None, "Your function returns nothing. Is the line with return missing at its end?"
    found = parts_of(found, 4, ", ".join(NAMES))
    for name, mine, weight in zip(NAMES, found, weights, strict=True):
        shaped(f"{where} {name}", mine, tuple(weight.shape))
    return found


@question(points=4)
def gradient(gradient):
    # One patient, one unit, by hand: z1 = 2, z2 = 6, so that dz2 = 2·(6 − 5) = 2 and dz1 = 6.
    one = [tensor([1.0]), tensor(0.0), tensor([3.0]), tensor(0.0)]
    where = "With x = 2, W1 = 1, W2 = 3, biases 0, y = 5 and no decay,"
    dW1, db1, dW2, db2 = found_gradient(gradient, where, one, tensor([2.0]), tensor([5.0]), 0.0)
    expect(f"{where} db2", db2, 2, {1: "the 2 from the square is missing.", -2: "the sign is turned round."})
    expect(f"{where} dW2", dW2, 4, {2: "multiply by a1.", 8: "is a1 squared?"})
    expect(
        f"{where} dW1",
        dW1,
        12,
        {
            6: "multiply by x: dW1 is xᵀ dz1.",
            4: "the way back to z1 goes through W2: dz2 · W2ᵀ.",
            -12: "the sign is turned round.",
            24: "ReLU's slope is 1 or 0, and not z1: multiply by (z1 > 0).",
        },
    )
    expect(f"{where} db1", db1, 6, {12: "the bias has the input 1.", 2: "the way back goes through W2."})

    # The unit is off: z1 = −2.
    off = [tensor([-1.0]), tensor(0.0), tensor([3.0]), tensor(0.0)]
    where = "With x = 2 and W1 = −1, where the unit is off,"
    dW1, db1, dW2, db2 = found_gradient(gradient, where, off, tensor([2.0]), tensor([5.0]), 0.0)
    expect(f"{where} dW1", dW1, 0, otherwise="nothing comes back through a unit that is off: · (z1 > 0).")
    expect(f"{where} dW2", dW2, 0, otherwise="a1 is 0 there. Do you take z1 in place of a1?")
    expect(f"{where} db2", db2, -10, {-16: "is the prediction made of z1? A unit that is off says 0."})

    # z1 is exactly 0.
    edge = [tensor([1.0]), tensor(-2.0), tensor([3.0]), tensor(0.0)]
    where = "Where z1 is exactly 0,"
    dW1, *_ = found_gradient(gradient, where, edge, tensor([2.0]), tensor([5.0]), 0.0)
    expect(f"{where} dW1", dW1, 0, {-60: "ReLU's slope at 0 counts as 0 here: z1 > 0."})

    # Decay, and nothing else: the prediction is right.
    exact = [tensor([1.0]), tensor(0.0), tensor([2.5]), tensor(0.0)]
    where = "With a prediction that is right, and decay = 0.1,"
    dW1, db1, dW2, db2 = found_gradient(gradient, where, exact, tensor([2.0]), tensor([5.0]), 0.1)
    expect(
        f"{where} W1 = 1 and W2 = 2.5, dW2",
        dW2,
        0.25,
        {
            0.5: "½λW² has the derivative λW, without a 2.",
            0: "the penalty is missing.",
            0.125: "½λW² has the derivative λW.",
        },
    )
    expect(f"{where} dW1", dW1, 0.1, {0: "W1 is penalized, too.", 0.2: "½λW² has the derivative λW."})
    where = "With a bias of 0.5, the rest right, and decay = 0.1,"
    exact = [tensor([1.0]), tensor(0.5), tensor([2.0]), tensor(0.0)]
    _, db1, _, db2 = found_gradient(gradient, where, exact, tensor([2.0]), tensor([5.0]), 0.1)
    expect(f"{where} db1", db1, 0, {0.05: "biases are not penalized."})

    # Several of each.
    weights, (x, y) = some_weights((3, 4, 1), 1), some_data(6, 3, 2)
    where = "With six patients, three inputs and four units,"
    mine = found_gradient(gradient, where, weights, x, y, 0.1)
    right, bare = by_autograd(weights, x, y, 0.1), by_autograd(weights, x, y, 0.0)
    for k, name in enumerate(NAMES):
        why = "compare entry by entry with slopes."
        without = mine[k] - (right[k] - bare[k])
        if close(without, 6 * bare[k]):
            why = "that is the gradient of a sum. The loss is a mean over the patients: divide by n."
        elif close(without * 6, bare[k]):
            why = "you divide by n twice. The 1/n is in dz2 already; a bias adds up over the patients."
        elif close(without * 4, bare[k]) or close(without * 3, bare[k]):
            why = "divide by the number of patients, not of units or inputs."
        assert close(mine[k], right[k]) or not close(mine[k], right[k], 1e-5), (
            f"{where} {name} is right in its first digits only. Is something float32 on the way? Or do you "
            "nudge?"
        )
        assert close(mine[k], right[k]), f"{where} {name} is not what autograd finds: {why}"


# --- 3 -----------------------------------------------------------------------------------------------------


def trained(train, weights, data, lr, decay, batch, patience, seed, most=200):
    """What `train` returns: a list of weights, and one loss an epoch, all floats."""
    answer = own_chance(train, weights, data, lr, decay, batch, patience, seed, most)
    best, losses = parts_of(answer, 2, "best weights, losses")
    assert isinstance(best, (list, tuple)) and len(best) == len(weights), (
        f"The best weights must be a list of {len(weights)} tensors, like those that came in."
    )
    for k, (mine, start) in enumerate(zip(best, weights, strict=True)):
        shaped(f"Entry {k} of your weights", mine, tuple(start.shape))
    good = isinstance(losses, list) and all(isinstance(loss, float) for loss in losses)
    assert good, "The losses must be a list of Python floats, one an epoch."
    assert losses, "Your list of losses is empty, and an epoch was to be made. Each has its loss in the list."
    return [one.detach() for one in best], losses


def by_the_book(weights, data, lr, decay, batch, patience, seed, most=200):
    """The same, by autograd: the weights after each epoch, and their validation losses."""
    x, y, x_val, y_val = data
    generator = torch.Generator().manual_seed(seed)
    points, losses = [], []
    for _ in range(most):
        for rows in torch.randperm(len(x), generator=generator).split(batch):
            steps = by_autograd(weights, x[rows], y[rows], decay)
            weights = [w - lr * step for w, step in zip(weights, steps, strict=True)]
        points.append(weights)
        losses.append(loss_of(weights, x_val, y_val))
        if losses and len(losses) - 1 - losses.index(min(losses)) >= patience:
            break
    return points, losses


# One patient, x = 1, y = 1, a line without a bias to speak of: with this rate the weight overshoots.
def swings(y_val):
    """A line on one patient: w + b goes 0, 1.8, 0.36, 1.512, … and w and b are equal. And its data."""
    one = tensor([1.0])
    return [tensor([0.0]), tensor(0.0)], (one, one, one, tensor([y_val]))


@question(points=5)
def train(train):
    # One epoch of one batch, by hand: prediction 0, the gradient is −2·(mean of y·x, mean of y).
    line = [tensor([0.0]), tensor(0.0)]
    data = column(1, 2), column(3, 5), column(1), column(1)
    best, losses = trained(train, line, data, 0.1, 0.0, 2, 1, 0, 1)
    where = "With x = 1, 2, y = 3, 5, lr = 0.1, one batch and one epoch, from 0,"
    expect(
        f"{where} the weight of the line",
        best[0],
        1.3,
        {
            0: "that is the start. Return the weights of the best epoch.",
            -1.3: "you walk uphill. Subtract lr times the gradient.",
            1: "that is a step with one patient only. Take batch of them.",
        },
    )
    expect(
        f"{where} the validation loss at x = 1, y = 1",
        losses[0],
        (1.3 + 0.8 - 1) ** 2,
        {1: "that is the loss of before the epoch.", 1.685: "that is the loss of the training patients."},
    )

    # The penalty moves the weights, and is not in the validation loss.
    line = [tensor([2.0]), tensor(1.0)]
    data = tensor([1.0]), tensor([3.0]), tensor([1.0]), tensor([3.0])
    best, losses = trained(train, line, data, 0.1, 0.5, 1, 1, 0, 1)
    where = "With a line that is right, lr = 0.1 and decay = 0.5, after one epoch"
    expect(
        f"{where} the weight, which was 2,",
        best[0],
        1.9,
        {2: "the decay is missing.", 1.8: "½λW² has the slope λW."},
    )
    expect(f"{where} the bias, which was 1,", best[1], 1, {0.95: "biases do not decay."})
    expect(
        f"{where} the validation loss",
        losses[0],
        0.01,
        {
            0.01 + 0.25 * 1.9**2: "the penalty does not belong into it.",
            0.01 + 0.5 * 1.9**2: "the penalty does not belong into it.",
        },
    )

    # Five patients, batches of two, several epochs: the orders.
    weights, data = some_weights((2, 3, 1), 4), (*some_data(5, 2, 5), *some_data(4, 2, 6))
    best, losses = trained(train, weights, data, 0.02, 0.0, 2, 50, 0, 4)
    points, right = by_the_book(weights, data, 0.02, 0.0, 2, 50, 0, 4)
    assert len(losses) == 4, (
        f"With most = 4 and a long patience, your list has {len(losses)} losses, not 4: one an epoch."
    )
    assert close(losses[0], right[0]), (
        "With five patients and batches of two, after the first epoch the validation loss is "
        f"{losses[0]:.6g}, not {right[0]:.6g}. Is the order that of torch.randperm(n, generator=generator), "
        "with the generator made of the seed? Is the last batch, of one patient, used, with its own mean?"
    )
    assert close(losses, right), (
        "With five patients and batches of two, the first epoch was right, and a later one is not. Each "
        "epoch draws one new order of the patients as they came in, from the one generator that was made "
        "before the first epoch; nothing else is drawn from it, and lr stays what it is."
    )

    # Patience: the losses of these epochs are (1.8 − y)², (0.36 − y)², (1.512 − y)², …
    line, data = swings(1.75)
    best, losses = trained(train, line, data, 0.45, 0.0, 1, 2, 0)
    where = "On one patient the losses are 0.0025, 1.93, 0.0566, 0.738 …; with patience = 2"
    assert len(losses) == 3, (
        f"{where} your list has {len(losses)} losses, not 3: the first is the best, and then come two that "
        "are not better. Each epoch that was made has its loss in the list."
    )
    expect(
        f"{where} the line's w + b that you return",
        (best[0] + best[1]).flatten()[0],
        1.8,
        {
            1.512: "those are the last weights. Return the best. (Changed in place, they need clones.)",
            0: "that is the start. Which epoch was the best?",
        },
    )

    # What is lower is better, however little, and however large.
    for goal, lr, said in (
        (1.0, 1e-11, "each a little lower than the last"),
        (1e6, 1e-6, "near 1e12, each lower than the last"),
    ):
        best, losses = trained(train, *swings(goal), lr, 0.0, 1, 2, 0, 5)
        where = f"With losses {said}, patience = 2 and most = 5, you"
        assert len(losses) == 5, (
            f"{where} make {len(losses)} epochs, not 5: an epoch is better if its loss is lower than all "
            "before it, however little it is lower, and however large it is (begin at math.inf)."
        )
        assert close(losses[-1], loss_of(best, *swings(goal)[1][2:]), 1e-15), (
            f"{where} do not return the weights of the last epoch, which is the best."
        )

    # It explodes: NaN is never better.
    weights = some_weights((2, 4, 1), 7)
    data = tuple(1e200 * one for one in (*some_data(10, 2, 8), *some_data(5, 2, 9)))
    best, losses = trained(train, weights, data, 1e100, 0.0, 5, 2, 0, 30)
    where = "With a run that explodes at once, no epoch is better than any other:"
    assert len(losses) == 2, (
        f"{where} stop after `patience` epochs, which is 2 here. You make {len(losses)}. Every comparison "
        "with NaN is False."
    )
    assert all(close(a, b) for a, b in zip(best, weights, strict=True)), (
        f"{where} return the weights of the start. (If yours are changed in place, the best need a clone.)"
    )

    # In a row: better, worse, better, worse, worse.
    line, data = swings(0.9)
    _, right = by_the_book(line, data, 0.45, 0.0, 1, 2, 0)
    best, losses = trained(train, line, data, 0.45, 0.0, 1, 2, 0)
    shown = ", ".join(f"{loss:.3g}" for loss in right)
    assert close(losses, right) if len(losses) == len(right) else False, (
        f"With patience = 2 the losses should be {shown}: then you stop. Your list has {len(losses)}. "
        "Only epochs *in a row* that are not better than the best so far count: after a "
        "better one the count begins anew."
    )


# --- 4 -----------------------------------------------------------------------------------------------------

FINGERPRINTS = {
    "softmax twice": "With a second softmax no loss comes below 1.46, however good the network is.",
    "labels apart": "If the labels belong to other images, there is nothing to learn that would "
    "help with new "
    "ones: their loss never falls below log 10.",
    "outputs dead": "If all outputs are 0 for every image, all ten kinds are equally likely: the loss is log "
    "10, and nothing moves it.",
    "learns by heart": "A network that learns wrong labels by heart gets better and better on what it has "
    "seen. On new images it first gets better, too, and then no more.",
    "rate too low": "With far too low a rate both losses fall, very slowly and smoothly, and stay together.",
    "validation seen": "If the validation images are among the training images, both losses go to zero "
    "together.",
}
# The right answers are not written here, only sums that they leave behind.
RIGHT_SUMS = {"A": 2698910537, "B": 1355674827, "C": 2710608583, "D": 1675293651}


@question(points=3)
def diagnosis(diagnosis):
    assert isinstance(diagnosis, dict), (
        f'diagnosis must stay a dict, not {type(diagnosis).__name__}. Write diagnosis["A"] = "…", and so on.'
    )
    if not diagnosis:
        raise NotImplementedError
    for name in "ABCD":
        assert name in diagnosis, f'There is no diagnosis of {name}. Write diagnosis["{name}"] = "…"'
        said = diagnosis[name]
        known = isinstance(said, str) and said in FINGERPRINTS
        assert known, f"{name}: {said!r} is none of the six words: {', '.join(FINGERPRINTS)}."
        assert zlib.crc32(f"networks {name}: {said}".encode()) == RIGHT_SUMS[name], (
            f"{name} is not {said!r}. {FINGERPRINTS[said]} Look at {name} again."
        )


# --- 5 -----------------------------------------------------------------------------------------------------

WORDS = ("the line", "the network", "no difference seen")


def judged(verdict, *inputs):
    """What `verdict` returns: two floats and a word."""
    mean, error, word = parts_of(call(verdict, *inputs), 3, "mean, error, word")
    for what, value in (("The mean difference", mean), ("The standard error", error)):
        assert isinstance(value, float), (
            f"{what} must be a Python float, not {type(value).__name__}. A tensor with one number "
            "gives it by "
            ".item()."
        )
    assert isinstance(word, str) and word in WORDS, (
        f"The word must be one of {', '.join(map(repr, WORDS))}, not {word!r}."
    )
    return mean, error, word


def by_formula(val_line, test_line, val_network, test_network, n_train, n_test):
    scores = []
    for val, test in ((val_line, test_line), (val_network, test_network)):
        chosen = [row.index(min(row)) for row in val.tolist()]
        scores.append([row[k] for row, k in zip(test.tolist(), chosen, strict=True)])
    d = [b - a for a, b in zip(*scores, strict=True)]
    mean, K = sum(d) / len(d), len(d)
    plain = math.sqrt(sum((one - mean) ** 2 for one in d) / (K * (K - 1)))
    return mean, plain, plain * math.sqrt(1 + K * n_test / n_train), scores


@question(points=4)
def verdict(verdict):
    # Three splits, one setting each: d = 4, 7, 10. Plain error √3; the correction is 3.
    val, line, network = column(1, 1, 1), column(10, 20, 15), column(14, 27, 25)
    mean, error, word = judged(verdict, val, line, val, network, 9, 24)
    where = "With the differences 4, 7 and 10 of three splits, n_train = 9 and n_test = 24,"
    expect(
        f"{where} the mean difference",
        mean,
        7,
        {
            -7: "that is line − network. Take network − line.",
            21: "that is the sum.",
            0: "are those the validation errors, all alike here? They chose, and so they flatter: the test "
            "errors count.",
        },
    )
    expect(
        f"{where} the standard error",
        error,
        3 * 3**0.5,
        {
            3**0.5: "the factor √(1 + K · n_test/n_train) is missing: the splits share the patients.",
            3: "that is the standard deviation of the differences. The error of their mean is √K times "
            "smaller, and made longer by the correction.",
            9: "is that the standard deviation, made longer? The error of the mean is √K times smaller.",
            18**0.5: "the sum of squares is divided by K(K − 1), not by K twice.",
            2.5248762: "the ratio is n_test/n_train, not the other way round.",
            3.3166248: "K is missing in the correction: 1 + K · n_test/n_train.",
            9 * 3**0.5: "the root of the correction is missing.",
        },
    )
    assert word == "no difference seen", (
        f"{where} you say {word!r}. The mean, 7, is not further than two errors, 10.39, from 0."
    )

    # Settings: the validation error chooses; the test error would choose another.
    val_line, test_line = tensor([3, 1.0], [1, 3.0], [1, 2.0]), tensor([10, 20.0], [21, 11.0], [22, 12.0])
    val_net, test_net = (
        tensor([5, 4, 6.0], [4, 5, 6.0], [6, 5, 4.0]),
        tensor([1, 8, 2.0], [9, 1, 3.0], [2, 1, 7.0]),
    )
    given = val_line, test_line, val_net, test_net, 80, 20
    mean, error, word = judged(verdict, *given)
    right, plain, longer, scores = by_formula(*given)
    by_test = (test_net.min(dim=1).values - test_line.min(dim=1).values).mean().item()
    first = (test_net[:, 0] - test_line[:, 0]).mean().item()
    by_column = (
        (test_net[:, val_net.mean(dim=0).argmin()] - test_line[:, val_line.mean(dim=0).argmin()])
        .mean()
        .item()
    )
    worst = (
        (
            test_net.gather(1, val_net.argmax(dim=1, keepdim=True))
            - test_line.gather(1, val_line.argmax(dim=1, keepdim=True))
        )
        .mean()
        .item()
    )
    validation = (val_net.min(dim=1).values - val_line.min(dim=1).values).mean().item()
    where = "With two settings of the line and three of the network, in three splits,"
    expect(
        f"{where} the mean difference",
        mean,
        right,
        {
            by_test: "you choose the setting by the *test* error. It judges, and must not "
            "choose: take the lowest validation error.",
            first: "you take the first setting. Take the one with the lowest validation error, "
            "in each split.",
            by_column: "you take one setting for all splits. Each split chooses its own.",
            worst: "you take the highest validation error.",
            validation: "those are validation errors. They chose, and so they flatter: the test "
            "errors count.",
        },
    )
    expect(
        f"{where} the standard error",
        error,
        longer,
        {plain: "the correction is missing, or rounded away: / divides, and // rounds down."},
    )
    assert word == "the network", f"{where} the network's error is lower by far, and you say {word!r}."
    mean, error, word = judged(verdict, *given[2:4], *given[:2], 80, 20)
    assert word == "the line", f"With line and network exchanged, you say {word!r}: lower is better."
