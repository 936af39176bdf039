"""The tests of assignment 1.6: one project, from the raw numbers to the exact answer."""

import functools
import math
import numbers
import zlib

import numpy as np
import torch

from course_lib import datasets
from course_lib.checks import question, tools
from course_lib.checks.tools import close, expect, forbid, parts_of
from course_lib.quadratics import design

BY_HAND = 2  # points for the question that a person marks

# --- what the tests share ----------------------------------------------------------------------------------

HINTS = {
    "does not require grad": "backward() finds nothing recorded. After theta = theta - …, theta is a new "
    "tensor that is not recorded: call theta.requires_grad_() on it, or change the old one with -=.",
    "leaf Variable": "Update inside with torch.no_grad(): an update must not be recorded.",
    "math domain": "There is no logarithm of zero, nor of less. With κ = 1 nothing is left after one update, "
    "1 − μ/L = 0: give that case its own answer. (Or is your μ larger than your L? torch.linalg.eigvals "
    "does not sort; eigvalsh does, the smallest first.)",
    "division by zero": "Something is divided by zero: with κ = 1, 1 − μ/L = 0 and ln 1 = 0. "
    "Give that case its own answer.",
    "NoneType": "You compute with None. Is something assigned only under an if that was never true?",
    "must match the size": "Two shapes do not fit: print them. Predict with X @ theta.",
    "shapes cannot be multiplied": "Two shapes do not fit: print them. Predict with X @ theta; "
    "X needs its column of ones, design(z).",
}
HINTS["infinity to integer"] = HINTS["math domain"]


def hint_for(error):
    """What most likely led to an error, or None where its own words say it best."""
    said = str(error).splitlines()[0] if str(error) else "no message"
    return next((f"{hint} (Python says: {said})" for part, hint in HINTS.items() if part in said), None)


def call(function, *inputs):
    answer = tools.call(hint_for, function, *inputs)
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    return answer


def shaped(what, value, shape):
    """See that a value is a tensor of this shape, in float64."""
    assert isinstance(value, torch.Tensor), f"{what} must be a tensor, not {type(value).__name__}."
    found = tuple(value.shape)
    if found == shape[:1]:
        hint = "A row (k,) becomes a column (k, 1) by .unsqueeze(1)."
    elif len(found) == 2 and found[1] > 1:
        hint = "Where a row (k,) meets a column (k, 1), torch makes a table (k, k): print the shapes."
    else:
        hint = "Print the shapes on the way."
    assert found == shape, f"{what} has shape {found}, not {shape}. {hint}"
    tools.precise(what, value, tensor([0]))


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def random_problem(n, d, seed=0):
    """A design matrix with d columns, answers, and how much each example counts; the same in every run."""
    generator = torch.Generator().manual_seed(seed)
    exactly = dict(generator=generator, dtype=torch.float64)
    z = torch.randn(n, d - 1, **exactly) * torch.linspace(1, 2, d - 1, dtype=torch.float64) + 0.3
    c = torch.rand(n, 1, **exactly) * 2 + 0.1
    return design(z), torch.randn(n, 1, **exactly) + 2, c / c.mean()


def loss_of(theta, X, y, c):
    return (c * (X @ theta - y) ** 2).mean().item()


def exact(X, y, c):
    """The theta with the lowest loss. (Each row times √c_i, so that its square is c_i·e_i².)"""
    return torch.linalg.lstsq(c.sqrt() * X, c.sqrt() * y).solution


DIGITS = "the first digits are right. Is something float32 on the way, by .float()?"

# --- 1 -----------------------------------------------------------------------------------------------------

ON_PAPER = "Derive the gradient on paper, and write down the formula: no backward(), and no nudging."


def found_gradient(gradient, what, X, y, c, theta):
    forbid(gradient, "backward", "autograd", "measured_gradient", because=ON_PAPER)
    with tools.locked(*tools.AUTOGRAD, because=ON_PAPER):
        found = call(gradient, X, y, c, theta)
    shaped(what, found, tuple(theta.shape))
    return found


def by_autograd(X, y, c, theta):
    leaf = theta.clone().requires_grad_()
    (c * (X @ leaf - y) ** 2).mean().backward()
    return leaf.grad


COLUMNS = (
    "c counts rows of X, and c * X.T multiplies its columns (that there are as many is chance): multiply the "
    "errors, X.T @ (c * error)."
)


def listed(column):
    return [round(one, 4) for one in column.flatten().tolist()]


@question(points=3)
def gradient(gradient):
    # By hand: the errors are −3 and −5. For the weight, the mean of 2·2·(−3)·1 and 2·½·(−5)·2 is −11.
    X, y, c = tensor([1, 1], [2, 1]), tensor([3], [5]), tensor([2], [0.5])
    found = found_gradient(gradient, "The gradient", X, y, c, tensor([0], [0]))
    expect(
        "With X = (1, 1), (2, 1), y = 3, 5, c = 2, ½ and theta = 0, the derivative by the weight",
        found[0],
        -11,
        {
            11: "the sign is turned round. The error is prediction − y.",
            -22: "that is a sum over the examples. The loss is their mean: divide by n.",
            -26: COLUMNS,
            -52: COLUMNS,
            -5.5: "the 2 from the square is missing.",
            -13: "all examples count the same. Each term has its c.",
            -14.5: "c enters twice. In the loss it stands outside of the square, so its derivative holds it "
            "once.",
            -8.8: "you divide by the sum of c. Divide by the number of rows.",
            -8.5: "each error must be multiplied by its own input.",
            -12.75: "that is the mean error times the mean input. Multiply first, then take the mean.",
            -5: "only one example counts: the second.",
            -6: "only one example counts: the first.",
            -11.31371: "c enters as its root. The root belongs into both factors, the input and the error: "
            "together they make one c.",
            -22 / 266: "you divide by 266. Divide by the number of rows that you are given.",
            -9.75: "that is a mean over the weights, too. Each weight has a derivative of its own.",
        },
    )
    expect(
        "With X = (1, 1), (2, 1), y = 3, 5, c = 2, ½ and theta = 0, the derivative by the bias",
        found[1],
        -8.5,
        {-11: "the bias has the input 1, the second column of X."},
    )

    # Three weights, not at zero.
    X, y, c = random_problem(5, 3)
    theta = tensor([1], [-2], [0.5])
    found = found_gradient(gradient, "With three weights, the gradient", X, y, c, theta)
    right = by_autograd(X, y, c, theta)
    flat = -2 * X.T @ (c * y) / len(X)
    why = "Does theta enter the prediction?" if close(found, flat) else "Compare weight by weight."
    if close(found, right * 5 / 3):
        why = "Do you divide by the number of weights? Divide by the number of rows."
    assert close(found, right) or not close(found, right, 1e-5), (
        "With three weights your gradient is right in its first digits only. Is something float32 on the "
        "way, by .float()? Or do you nudge?"
    )
    assert close(found, right), (
        f"With three weights your gradient is {listed(found)}; nudging measures {listed(right)}. {why}"
    )


# --- 2 -----------------------------------------------------------------------------------------------------


def planned(plan, X, c, shrink):
    """What `plan` returns: a float, and a whole number."""
    lr, updates = parts_of(call(plan, X, c, shrink), 2, "lr, updates")
    assert isinstance(lr, float), (
        f"lr must be a float, not {type(lr).__name__}. A tensor with one number gives it by .item()."
    )
    whole = isinstance(updates, numbers.Real) and math.isfinite(updates) and int(updates) == updates
    assert whole, (
        f"updates must be a whole number, not {updates!r}: nobody makes a part of an update. math.ceil "
        "rounds up."
    )
    return lr, int(updates)


@question(points=4)
def plan(plan):
    # By hand: with these, the Hessian is (5 2; 2 2). Its eigenvalues are 6 and 1.
    lr, updates = planned(plan, tensor([2, 1], [-0.5, 1]), tensor([1.2], [0.8]), 0.01)
    expect(
        "With X = (2, 1), (−½, 1) and c = 1.2, 0.8, lr",
        lr,
        1 / 6,
        {
            1 / 3: "that is twice too long. It is the very limit 2/L, where the steepest direction never "
            "shrinks. Or is the 2 of the Hessian missing?",
            1 / 12: "that is half as long. Do you sum over the examples, where the loss takes their mean? "
            "Or is there one 2 too many?",
            2 / 7: "that is 2/(L + μ). It is a good rate, but here 1/L is asked for.",
            1: "that is one over the smallest curvature. The steepest direction sets the limit.",
            6: "that is L itself. The rate is one over it.",
            0.2: "do all examples count the same? The Hessian holds c, too. (Or is that its largest entry, "
            "and no eigenvalue?)",
            0.138889: "c enters twice. The Hessian is 2/n · Xᵀ C X, with each c once.",
        },
    )
    expect(
        "With X = (2, 1), (−½, 1) and c = 1.2, 0.8, shrink = 0.01, the number of updates",
        updates,
        26,
        {
            25: "round up. After 25 updates slightly more than a hundredth is left.",
            27: "that is one too many: the smallest t is asked for.",
            13: "that many shrink the *loss* so far. The distance is asked for: it is not squared.",
            14: "that is the count for the rate 2/(L + μ). At 1/L the slowest direction keeps 1 − μ/L an "
            "update.",
            42: "7κ is a rule of thumb for one millionth, at another rate. Compute it.",
            28: "κ·ln(1/shrink) is an approximation for large κ. Solve (1 − μ/L)^t ≤ shrink.",
            11: "log10 and ln are mixed. Take the same logarithm twice.",
            59: "log10 and ln are mixed. Take the same logarithm twice.",
            1: "is that the fastest direction? The slowest one decides.",
        },
    )

    # The Hessian is (8 0; 0 2), so that ¾ is left after an update, and exactly 9/16 after two.
    _, updates = planned(plan, tensor([2, 1], [-2, 1]), tensor([1], [1]), 0.5625)
    expect(
        "With X = (2, 1), (−2, 1) and c = 1, 1, where ¾ is left after an update, the number of updates to "
        "9/16",
        updates,
        2,
        {
            3: "two updates leave exactly 9/16, and the smallest t is asked for after which `shrink`, or "
            "less, is left. (If you round up: has rounding made 2.0000000000000004 of 2? Take 1e-9 off "
            "first.)",
            1: "after one, ¾ is left.",
        },
    )

    # A round bowl: all curvatures are 2.
    lr, updates = planned(plan, tensor([1, 1], [-1, 1]), tensor([1], [1]), 1e-6)
    expect("With X = (1, 1), (−1, 1) and c = 1, 1, a round bowl, lr", lr, 0.5)
    assert updates == 1, (
        f"In a round bowl (κ = 1) one update leads to the bottom, but you plan {updates}. "
        "There, 1 − μ/L is zero, or a tiny rounding error: give that case its own answer."
    )


# --- 3 -----------------------------------------------------------------------------------------------------


def trained(train, X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed):
    """What `train` returns: theta, and one loss an epoch, all floats."""
    theta, losses = parts_of(
        call(train, X, y, c, X_val, y_val, c_val, lr, batch, epochs, seed), 2, "theta, losses"
    )
    shaped("theta", theta, (X.shape[1], 1))
    good = isinstance(losses, list) and all(isinstance(loss, float) for loss in losses)
    assert good, "The losses must be a list of Python floats: append loss.item()."
    assert len(losses) == epochs, (
        f"With {len(X)} patients and batch = {batch}, after {epochs} epoch{'s' * (epochs > 1)} of "
        f"{math.ceil(len(X) / batch)} batch{'es' * (len(X) > batch)} your list has {len(losses)} losses, not "
        f"{epochs}: one loss an epoch, and no epoch is left out."
    )
    return theta.detach(), losses


ORDERS = (
    "the first epoch was right. Go on with the same theta and the same generator, and draw a new order of "
    "the patients as they came in."
)


@question(points=6)
def train(train):
    # One batch, one epoch, by hand: the gradient is (−9.5, −7), so at lr = 0.01 theta = (0.095, 0.07).
    X, y, c = tensor([1, 1], [2, 1]), tensor([3], [5]), tensor([1.5], [0.5])
    held_out = tensor([1, 1], [0, 1]), tensor([1], [0]), tensor([3], [1])
    theta, losses = trained(train, X, y, c, *held_out, 0.01, 2, 1, 0)
    expect(
        "With X = (1, 1), (2, 1), y = 3, 5, c = 1.5, 0.5, lr = 0.01 and batch = 2, after one update the "
        "weight",
        theta[0],
        0.095,
        {
            -0.095: "you walk uphill. Subtract lr times the gradient.",
            0.13: "all patients count the same. Each error has its c.",
            0.19: "that is the gradient of a sum. The loss is the mean over the batch.",
            0.0475: "the 2 from the square is missing.",
            0: "those are the zeros it began with. Keep the weights with which the validation loss was "
            "computed.",
            0.095: DIGITS,
        },
    )
    expect(
        "With X = (1, 1), (2, 1), y = 3, 5, c = 1.5, 0.5, lr = 0.01 and batch = 2, after one update the bias",
        theta[1],
        0.07,
    )
    expect(
        "With X_val = (1, 1), (0, 1), y_val = 1, 0, c_val = 3, 1 and theta = (0.095, 0.07), the validation "
        "loss",
        losses[0],
        1.0482875,
        {
            1.5: "that is the loss before the epoch. It would not belong to the weights of after.",
            0.3510625: "the validation patients count differently, too: multiply by c_val.",
            0.52414375: "you divide by the sum of c_val. Divide by the number of patients: take the mean.",
            11.6448: "that is the loss of the training patients.",
            1.02386: "that is the root of the loss.",
            2.096575: "that is a sum. Take the mean.",
            1.0482875: "the first digits are right. Do you round? Keep them all.",
        },
    )

    # Three patients, batches of two. With seed 0 the first order is 2, 0, 1: the last batch is patient 1.
    X, y, c = tensor([1, 1], [2, 1], [-1, 1]), tensor([3], [5], [0]), tensor([1], [2], [0.5])
    held_out = tensor([1, 1]), tensor([0]), tensor([1])
    theta, losses = trained(train, X, y, c, *held_out, 0.1, 2, 1, 0)
    expect(
        "With X = (1, 1), (2, 1), (−1, 1), y = 3, 5, 0, c = 1, 2, ½, lr = 0.1, batch = 2 and seed 0, after "
        "one epoch of two batches the weight",
        theta[0],
        3.58,
        {
            0.3: "the last batch, of one patient, is missing. (Or did you draw with replacement? Or are the "
            "weights that you keep from the middle of the epoch?)",
            0: "those are the zeros it began with. They belong to no epoch, and do not compete.",
            1.24: "c comes in its old order, and X and y in the new one: c[rows], too.",
            -0.73: "y comes in its old order, and X and c in the new one: y[rows], too.",
            -1.52: "X comes in its old order, and y and c in the new one: X[rows], too.",
            1.94: "the last batch holds one patient: divide by the number of rows in it, not by batch.",
            1.37333: "you divide by the number of all patients. Divide by the number of rows in the batch.",
            1.92: "you divide by the sum of c. Divide by the number of rows in the batch.",
            3.88: "the gradient of the first batch is still in the second. Clear it.",
            2.15: "there was one update. Make one for each batch, each with a prediction by the newest "
            "weights.",
            2.2: "the patients came in another order, such as their old one. Take them in that of "
            "torch.randperm(n, generator=generator), with the generator made of the seed.",
        },
        otherwise="is the order that of torch.randperm(n, generator=generator), and the generator made of "
        "the seed?",
    )

    # Three epochs.
    theta, losses = trained(train, X, y, c, *held_out, 0.1, 2, 3, 0)
    expect(
        "With the same three patients, in the second epoch, the loss",
        losses[1],
        9.217296,
        {
            1.2135226: "the second epoch took the order of the first. Draw a new one in each epoch, and make "
            "the generator only once: made anew, it begins anew.",
            6.533136: "you shuffle what the first epoch has shuffled. The order is one of the patients "
            "as they came in: X[order], and X itself stays as it is.",
        },
        otherwise=ORDERS,
    )
    expect(
        "With the same three patients, in the third epoch, the loss",
        losses[2],
        9.3885862464,
        {10.385924: "the third order is another: make the generator once, and draw from it three times."},
        otherwise=ORDERS,
    )
    expect(
        "With the same three patients, the validation loss of the theta you return",
        loss_of(theta, *held_out),
        losses[1],
        {
            losses[2]: "those are the last weights. Return the best. (Changed in place, they need a "
            "clone(). Or has the training loss chosen them?)",
            losses[0]: "those are the first epoch's weights, the worst. Which comparison keeps them?",
            0.0: "those are the zeros it began with. They belong to no epoch.",
        },
        otherwise="return the weights of the epoch with the lowest validation loss, as they were then.",
    )

    # One patient, y = 1, and a rate that overshoots: theta is 1.8, then 0.36, then 1.512.
    X, y, c = tensor([1]), tensor([1]), tensor([1])
    theta, losses = trained(train, X, y, c, X, tensor([1.75]), c, 0.9, 1, 3, 0)
    expect(
        "With the validation losses 0.0025, 1.932 and 0.0566 of the weights 1.8, 0.36 and 1.512, the weight "
        "that you return",
        theta[0],
        1.8,
        {
            1.512: "that is the third epoch's. Compare with the lowest loss so far, not with that of the "
            "epoch before.",
        },
    )


# --- 4 -----------------------------------------------------------------------------------------------------

FINGERPRINTS = {
    "never forgets": "A loop that remembers all gradients swings, as wide at the end as at first, and never "
    "rests.",
    "uphill": "Uphill the loss grows from the very first update.",
    "rate too high": "Just above 2/L all directions but the steepest one still shrink. So the loss may fall "
    "at first; but the steepest one grows at each update, and in the end it wins.",
    "rate too low": "With too low a rate the loss falls smoothly and hardly at all: after 60 updates it "
    "would still be near its start.",
    "flat answers": "With flat answers each prediction is compared with all answers, and the best it can say "
    "is their mean.",
    "never shuffled": "Without shuffling each epoch brings the same batches in the same order, so that the "
    "record repeats itself.",
}
# The right answers are not written here, only sums that they leave behind.
RIGHT_SUMS = {"A": 3185696172, "B": 3642486638, "C": 2951104936, "D": 1892400391}


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
        assert zlib.crc32(f"capstone {name}: {said}".encode()) == RIGHT_SUMS[name], (
            f"{name} is not {said!r}. {FINGERPRINTS[said]} Look at {name} again."
        )


# --- 5 -----------------------------------------------------------------------------------------------------

SOLVED = "Did you solve the equations? Here a loop is asked for that arrives by itself, step by step."
SOLVERS = {
    torch.linalg: ["lstsq", "solve", "solve_ex", "solve_triangular", "inv", "inv_ex", "pinv", "lu_solve"],
    torch: ["inverse", "pinverse", "lu_solve", "cholesky_solve", "cholesky_inverse", "triangular_solve"],
    torch.Tensor: ["inverse", "pinverse", "lu_solve", "cholesky_solve", "cholesky_inverse"],
    np.linalg: ["lstsq", "solve", "inv", "pinv"],
}


@functools.cache
def patients(seed=0):
    """The diabetes data, split at random: (x, y, c) for training, and (x, y, c) for validation."""
    x, y, _, _ = datasets.diabetes(seed=seed)
    parts = []
    for rows in (slice(88, None), slice(0, 88)):
        c = torch.where(x[rows, :1] >= 60, 4.0, 1.0).double()
        parts.append((x[rows], y[rows], c / c.mean()))
    return parts


def two_groups(seed=0, n=120, inputs=1, unit=1.0):
    """Two groups on two different lines, of which one counts nine times as much: who counts, decides."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, inputs, generator=generator, dtype=torch.float64) * 3 + 5
    first = torch.arange(n).unsqueeze(1) % 2 == 0
    y = x.sum(dim=1, keepdim=True) + torch.where(first, 20.0, 10.0)
    c = torch.where(first, 9.0, 1.0).double()
    return x * unit, y, c / c.mean()


def typical(predict, x, y, c):
    return (c * (predict(x) - y) ** 2).mean().sqrt().item()


def exact_predict(x, y, c):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    best = exact(design((x - m) / s), y, c)
    return lambda x_new: design((x_new - m) / s) @ best


def apart(one, other, x):
    """How far two functions that predict are typically from each other."""
    return (one(x) - other(x)).square().mean().sqrt().item()


def judged(project, data, held_out, seed):
    """Train, and see that the answer is a function that predicts."""
    forbid(project, "exact", "lstsq", "LinearRegression", "Ridge", because=SOLVED)
    with tools.locked(*SOLVERS.items(), because=SOLVED):
        predict = call(project, *data, *held_out, seed)
    assert callable(predict), f"Return a function predict(x_new), not {type(predict).__name__}."

    def predictions(x_new):
        found = call(predict, x_new)
        shaped("What predict returns", found, (len(x_new), 1))
        return found.detach()

    assert bool(predictions(held_out[0]).isfinite().all()), (
        "Your predictions are not finite: the loop has exploded. Is the rate below 2/L of the scaled inputs?"
    )
    return predictions


SCALED = "Did you standardize? Else some directions hardly move."


def hint_by(got, data):
    """What most likely keeps a typical error so high."""
    ignorant = typical(lambda x: (data[2] * data[1]).mean().expand(len(x), 1), *data)
    if got > 1.03 * ignorant:
        return (
            f"{SCALED} And this is worse than always to say the mean: not even the bias has arrived. A "
            "higher rate, or more epochs? (Or, if the rate is high already: less noise?)"
        )
    if got > 0.97 * ignorant:
        return f"{SCALED} This is hardly better than always to say the mean. Does anything but the bias move?"
    return (
        f"{SCALED} If you did, either the slow directions need more epochs, or the noise of the batches "
        "keeps you away: then lower the rate, or take larger batches. (If more epochs change nothing, it is "
        "the noise.)"
    )


def hold_to_the_judge(project, seed_of_split, seed, begin="With"):
    """See that the patients' typical errors are near the exact ones. ``begin`` begins the sentence."""
    data, held_out = patients(seed_of_split)
    predict, best = judged(project, data, held_out, seed), exact_predict(*data)
    got, want = typical(predict, *data), typical(best, *data)
    assert got <= 1.05 * want, (
        f"{begin} seed {seed} the typical error on the training patients is {got:.2f}; exact is {want:.2f}, "
        f"allowed {1.05 * want:.2f}. {hint_by(got, data)}"
    )
    got, want = typical(predict, *held_out), typical(best, *held_out)
    assert got <= want + 2, (
        f"{begin} seed {seed} the typical error on the validation patients is {got:.2f}; exact is "
        f"{want:.2f}, "
        f"allowed {want + 2:.2f}. Are they scaled with the mean and the spread of the *training* patients? "
        "(If they are, the loop has not quite arrived: more epochs, or less noise.)"
    )
    return predict


@question(points=4)
def project(project):
    # The small data set: one input, two groups.
    data, held_out = two_groups(0), two_groups(1)
    predict, best = judged(project, data, held_out, 0), exact_predict(*data)
    before = predict(held_out[0])
    alone, together = predict(held_out[0][:1]), before[:1]
    assert close(alone, together), (
        f"A patient's prediction is {alone.item():.6g} alone and {together.item():.6g} in company. Keep the "
        "mean and the spread of the training patients, and use them for everybody."
    )
    uncounted = exact_predict(data[0], data[1], torch.ones_like(data[2]))
    assert apart(predict, uncounted, held_out[0]) > 1.2, (
        "On the small data set you predict as if all examples counted the same. Use c, in every batch."
    )
    far = apart(predict, best, held_out[0])
    assert far < 1.2, (
        f"On the small data set your predictions are typically {far:.3g} from the exact ones, not below 1.2. "
        + hint_by(typical(predict, *data), data)
    )

    # Inputs in other units, and validation patients who say 40 more. They may choose the best weights only.
    others, (x_val, y_val, c_val) = two_groups(2, unit=1000.0), two_groups(3, unit=1000.0)
    shifted, best = judged(project, others, (x_val, y_val + 40, c_val), 0), exact_predict(*others)
    far, above = apart(shifted, best, x_val), (shifted(x_val) - best(x_val)).mean().item()
    assert far < 5, (
        f"With inputs in the thousands your predictions are typically {far:.3g} from the exact ones, not "
        "below 5. "
        + (
            "The validation patients say 40 more here, and you follow them. Training is on the training "
            "patients only: no update is made of validation patients. (They may choose the best weights.)"
            if above > far / 2
            else hint_by(typical(shifted, *others), others)
        )
    )
    assert close(predict(held_out[0]), before), (
        "After project was called once more, the function from its first call predicts something else. Give "
        "each predict its own mean, spread and weights: variables inside of project, not globals."
    )
    again = judged(project, data, held_out, 0)
    assert close(again(held_out[0]), before), (
        "Two calls with the same seed give two answers. Draw from a generator of the seed."
    )

    # The patients, with two seeds.
    predict, other = (hold_to_the_judge(project, 0, seed) for seed in (0, 1))
    x_val = patients(0)[1][0]
    assert not torch.equal(other(x_val), predict(x_val)), (
        "Two seeds give the same answer, to the last digit. Did you forget to shuffle? Here a loop with "
        "batches is asked for, in an order that depends on the seed."
    )
