"""The tests of assignment 1.2: fit a line by hand."""

import functools

import torch

from course_lib import datasets
from course_lib.checks import question, tools
from course_lib.checks.tools import close, expect, forbid, parts_of, refuse, same

BY_HAND = 2  # points for the question that a person marks

# --- what the tests share ----------------------------------------------------------------------------------

# What most likely led to an error, by a part of its words; in a loop, …
LOOP = {
    "does not require grad": "backward() finds nothing recorded. After w = w - lr * w.grad, w is a new "
    "tensor that is not recorded: call w.requires_grad_() on it, or change the old one with w -= …. Or does "
    "torch.no_grad() cover more than the update?",
    "leaf Variable": "Update inside with torch.no_grad(): an update must not be recorded.",
    "NoneType": "A gradient is None: is backward() called before it is read? It is None, too, where the name "
    "w has come to mean a new tensor: change w in place, with w -= … under torch.no_grad().",
    "only for scalar": "The loss must be one number, and yours is one for each example. Take their mean: "
    ".mean().",
    "second time": "A record can be played back once. Predict and compare anew in each round, inside of the "
    "loop.",
    "attribute 'backward'": "backward() belongs to the loss, a tensor. Take .item() only for the list.",
    "must match the size": "Two shapes do not fit: print them. With several inputs predict with x @ w + b, "
    "not w * x + b; it has the shape of y.",
    "cannot be multiplied": "Two shapes do not fit: print them. x is (n, d) and w is (d, 1), so x @ w is "
    "(n, 1); x.T is (d, n).",
    "type(s) for @": "@ multiplies tensors, and one of the two is a plain number. Does w begin as a column, "
    "torch.zeros(d, 1)?",
    "same dtype": "Two tensors meet that are float32 and float64. float64 is the default here: .float() or "
    "dtype=torch.float32 must have made the other.",
    "at least 1D": "A tensor has lost all its axes. squeeze() drops every axis of length 1, so with one "
    "example, or one input, nothing is left: squeeze(1) drops that one only.",
}
# … in the formula of the gradient, …
FORMULA = {
    **LOOP,
    "does not require grad": "Here the gradient is to be written without backward() and the like: as two "
    "sums over the examples.",
}
# … in scaling, …
SCALING = {
    "Boolean value": "An if asks for one yes or no, and gets one for each column. "
    "torch.where(s <= 1e-12 * m.abs(), 1.0, s) decides for each.",
    "must match the size": "Two shapes do not fit: print them. x is (n, d), and there is one mean and one "
    "standard deviation a column: x_train.mean(dim=0) has the shape (d,).",
}
# … and on the way back to the old units.
UNITS = {
    "must match the size": "Two shapes do not fit: print them. m and s have the shape (d,), w_z has (d, 1).",
    "cannot be multiplied": "Two shapes do not fit: print them. m @ w with m of shape (d,) and w of shape "
    "(d, 1) has the shape (1,).",
}
TABLE = (
    "Where a row (k,) meets a column (k, 1), torch makes a table (k, k) of them: print the shapes on the "
    "way, also of what your own functions return."
)


ROUNDED = "it is close, but no more. Does float64 become float32 on the way, or do you round?"


def call(hints, function, *inputs):
    def hint_for(error):
        said = str(error)
        return next((f"{hint} (Python says: {said})" for part, hint in hints.items() if part in said), None)

    answer = tools.call(hint_for, function, *inputs)
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    return answer


def tensor(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def zeros(*shape):
    return torch.zeros(*shape, dtype=torch.float64)


def shaped(what, value, shape, hints=None, otherwise=TABLE):
    """See that a value is a float64 tensor of this shape, or say what led to the one that it has."""
    assert isinstance(value, torch.Tensor), f"{what} must be a tensor, not {type(value).__name__}."
    tools.precise(what, value, zeros(1))
    found = tuple(value.shape)
    if found in (hints or {}):
        hint = hints[found]
    elif found == ():
        hint = (
            "A single number has the shape (). torch.zeros(d, 1) makes a column of d weights; mean(dim=0), "
            "unlike mean(), takes the mean of each column."
        )
    elif found == shape[:1]:
        hint = "A row (k,) becomes a column (k, 1) by .unsqueeze(1)."
    elif shape == (1,) and found == (1, 1):
        hint = "One pair of brackets too many: .squeeze(1) removes one."
    elif otherwise is TABLE and found == shape[::-1]:
        hint = "It lies on its side: .T makes a column of a row (1, k)."
    elif otherwise is TABLE and len(found) == 2 and found[1:] == shape[1:]:
        hint = "It has one row for each weight. A mean over the examples goes along dim=0, not dim=1."
    else:
        hint = otherwise
    assert found == shape, f"{what} has shape {found}, not {shape}. {hint}"


def random_problem(n, d, seed=0):
    """Inputs in different units, and answers; the same in every run."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, d, generator=generator, dtype=torch.float64)
    y = torch.randn(n, 1, generator=generator, dtype=torch.float64)
    return x * torch.arange(1, d + 1) + 0.5, y + 2


def exact_line(x, y):
    """The judge: the weights and the bias with the lowest loss."""
    solution = torch.linalg.lstsq(torch.hstack([x, torch.ones_like(y)]), y).solution
    return solution[:-1], solution[-1]


def slope(x, y, w, b):
    """The loss, and its gradient by w and by b: by autograd, so there is nothing to copy."""
    w, b = w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()
    loss = ((x @ w + b - y) ** 2).mean()
    return loss.item(), *torch.autograd.grad(loss, [w, b])


def walk(x, y, lr, updates):
    """The points of the right loop, (w, b) before each update and after the last; their losses and slopes."""
    points, losses, slopes = [(zeros(x.shape[1], 1), zeros(1))], [], []
    for _ in range(updates + 1):
        w, b = points[-1]
        loss, gradient_w, gradient_b = slope(x, y, w, b)
        losses.append(loss)
        slopes.append(torch.cat([gradient_w[:, 0], gradient_b]).norm().item())
        points.append((w - lr * gradient_w, b - lr * gradient_b))
    return points[:-1], losses, slopes


def steepest(x):
    """The largest curvature of the loss: L."""
    inputs = torch.hstack([x, torch.ones_like(x[:, :1])])
    return torch.linalg.eigvalsh(2 * inputs.T @ inputs / len(x))[-1].item()


@functools.cache
def line():
    """The lesson's line: x, and x standardized, and y."""
    x, y = datasets.noisy_line()
    return x, (x - x.mean()) / x.std(correction=0), y


def two_points():
    """Small enough for paper: at w = b = 0 the errors are −3 and −5."""
    return tensor([[1.0], [2.0]]), tensor([[3.0], [5.0]])


# --- 1 -----------------------------------------------------------------------------------------------------

AUTOGRAD = ("backward", "autograd", "jacrev", "jacfwd", "vjp", "jvp")


def gradients(mse_gradient, x, y, w, b, where=""):
    """What `mse_gradient` returns, in the right shapes; nothing that it computes is recorded."""
    because = "Write the gradient without backward() and the like: as two sums over the examples."
    forbid(mse_gradient, *AUTOGRAD, because=because)
    with torch.inference_mode(), refuse(torch.autograd, "grad", because=because):
        answer = call(FORMULA, mse_gradient, x, y, w, b)
    gradient_w, gradient_b = parts_of(answer, 2, "gradient_w, gradient_b")
    shaped(f"{where}gradient_w", gradient_w, tuple(w.shape))
    shaped(f"{where}gradient_b", gradient_b, (1,))
    return gradient_w, gradient_b


@question(points=4)
def gradient(mse_gradient):
    # By hand: errors −3 and −5, so gradient_w = mean of 2·(−3)·1 and 2·(−5)·2 = −13, and gradient_b = −8.
    gradient_w, gradient_b = gradients(mse_gradient, *two_points(), zeros(1, 1), zeros(1))
    expect(
        "With x = 1, 2 and y = 3, 5, at w = b = 0, gradient_w",
        gradient_w,
        -13,
        {
            13: "the sign is turned round. The error is prediction − y.",
            -26: "that is a sum over the examples. The loss is their mean: divide by n.",
            -6.5: "the 2 from the square is missing.",
            -8: "each error must be multiplied by its own input x.",
            -12: "that is the mean error times the mean input. Multiply first, then take the mean.",
        },
    )
    expect(
        "With x = 1, 2 and y = 3, 5, at w = b = 0, gradient_b",
        gradient_b,
        -8,
        {
            8: "the sign is turned round. The error is prediction − y.",
            -16: "that is a sum over the examples. The loss is their mean: divide by n.",
            -4: "the 2 from the square is missing.",
            -13: "the bias has no input: its error is multiplied by 1.",
        },
    )

    # Three inputs, five examples, against autograd.
    x, y = random_problem(5, 3)
    w, b = tensor([[1.0], [-2.0], [0.5]]), tensor([0.7])
    gradient_w, gradient_b = gradients(mse_gradient, x, y, w, b, "With three inputs, ")
    _, right_w, right_b = slope(x, y, w, b)
    _, without_w, without_b = slope(x, y, w, 0 * b)
    same(
        "With three inputs, gradient_w",
        gradient_w,
        right_w,
        [
            (without_w, "does b enter the prediction? It is x @ w + b."),
            (right_w / 3, "that is a mean over all numbers of x. Divide by n, not by n·d."),
            (gradient_w.mean().expand(3, 1), "one number for all weights. Each weight has a sum of its own."),
        ],
        otherwise="autograd gives the second. Is each error multiplied by its own row of x?",
    )
    expect(
        "With three inputs, gradient_b",
        gradient_b,
        right_b.item(),
        {
            without_b.item(): "does b enter the prediction? It is x @ w + b.",
            right_b.item() / 3: "divide by n, the number of examples, not by n·d.",
        },
        otherwise="autograd gives the second. Divide by the number of examples.",
    )


# --- 2 -----------------------------------------------------------------------------------------------------


def trained(train, x, y, lr, updates, where=""):
    """What `train` returns, in the right shapes."""
    w, b, losses = parts_of(call(LOOP, train, x, y, lr, updates), 3, "w, b, losses")
    shaped(f"{where}w", w, (x.shape[1], 1))
    shaped(f"{where}b", b, (1,))
    assert isinstance(losses, list) and all(isinstance(loss, float) for loss in losses), (
        f"{where}losses must be a list of Python floats: append loss.item(). "
        "A tensor keeps its whole recording alive."
    )
    return w, b, losses


def complete(losses, updates, where):
    assert len(losses) == updates, (
        f"{where} there are {len(losses)} losses, not {updates}. Make exactly updates updates, also where "
        "the loss rises or hardly changes, and note the loss before each."
    )


def first_difference(mine, right):
    """The first place where two lists of numbers differ by more than rounding, from 1; or None."""
    pairs = enumerate(zip(mine, right, strict=True), start=1)
    return next((place for place, (a, b) in pairs if not close(a, b)), None)


@question(points=4)
def train(train):
    # One update by hand. The gradient is (−13, −8), so at lr = 0.01 w = 0.13 and b = 0.08.
    w, b, losses = trained(train, *two_points(), 0.01, 1)
    expect(
        "With x = 1, 2 and y = 3, 5, lr = 0.01, after one update w",
        w,
        0.13,
        {
            -0.13: "you walk uphill. Subtract lr times the gradient.",
            0.26: "that is the gradient of a sum. The loss is the mean over the examples.",
            0.065: "the 2 from the square is missing.",
            0.2511: "that is after two updates. Make exactly as many as asked for.",
            0.12: "each prediction is compared with every answer. A row (n,) minus a column (n, 1) is a "
            "table (n, n): print prediction.shape.",
            1.05: "w must begin at zero.",
            0.0: "w has not moved. Is the update inside of the loop? And it is the last w that is wanted, "
            "not the one with the lowest loss so far.",
            0.04: "that is what standardized inputs give. Train on x as it comes in.",
            0.13: ROUNDED,
        },
    )
    expect(
        "With x = 1, 2 and y = 3, 5, lr = 0.01, after one update b",
        b,
        0.08,
        {
            -0.08: "you walk uphill. Subtract lr times the gradient.",
            0.0761: "b was updated with the new w. Compute both derivatives first, then update both.",
            1.03: "b must begin at zero.",
            0: "b is not updated.",
        },
    )

    # Two updates. At (0.13, 0.08) the gradient is (−12.11, −7.45).
    w, b, losses = trained(train, *two_points(), 0.01, 2)
    expect(
        "With x = 1, 2 and y = 3, 5, lr = 0.01, after two updates w",
        w,
        0.2511,
        {
            0.3811: "the first gradient is still in the second. Clear .grad before each backward().",
            0.26: "the second update used the first gradient again. Compute it anew in each round.",
            0.3639: "that is after three. Does the second call go on where the first ended? Begin at zeros.",
            0.13: "the second update is missing. Does return stand inside of the loop?",
        },
    )
    expect(
        "With x = 1, 2 and y = 3, 5, lr = 0.01, after two updates your b",
        b,
        0.1545,
        {
            0.2345: "the gradient of b is not forgotten. Clear w.grad *and* b.grad in each round.",
            0.16: "the second update of b used the first gradient again. Compute it anew in each round.",
            0.08: "the second update of b is missing.",
        },
    )
    complete(losses, 2, "After 2 updates")
    expect(
        "With x = 1, 2 and y = 3, 5, at w = b = 0, the first loss",
        losses[0],
        17,
        {
            34: "that is a sum over the examples. The loss is their mean.",
            14.74985: "that is the loss after the first update. Note it before.",
            8.5: "that is half of the mean squared error.",
        },
    )
    expect(
        "With x = 1, 2 and y = 3, 5, after one update at lr = 0.01, the second loss",
        losses[1],
        14.74985,
        {17: "it did not change."},
    )

    # Three inputs: a weight for each, and each its own derivative.
    x, y = random_problem(5, 3)
    w, b, losses = trained(train, x, y, 0.01, 2, "With three inputs, ")
    points, right, _ = walk(x, y, 0.01, 2)
    same(
        "With three inputs, after two updates, w",
        w,
        points[2][0],
        [
            (
                w.detach().mean().expand(3, 1),
                "one number for all weights. Each has a derivative of its own: x.T @ error adds up over the "
                "examples, and .mean(dim=0), unlike .mean(), keeps the columns apart.",
            )
        ],
        otherwise="autograd gives the second. Is each error multiplied by its own row of x?",
    )
    same(
        "With three inputs, after two updates, b",
        b,
        points[2][1],
        otherwise="autograd gives the second. Is its gradient forgotten, and computed from the same "
        "prediction as that of w?",
    )
    complete(losses, 2, "With three inputs, after 2 updates,")
    expect(
        "With three inputs, the second loss",
        losses[1],
        right[1],
        otherwise="autograd gives the second. It is the loss after one update, before the second.",
    )

    # The judge: after enough updates you must be where the exact solution is. All of them are made.
    x, _, y = line()
    best_w, best_b = exact_line(x, y)
    w, b, losses = trained(train, x, y, 0.5, 400)
    complete(losses, 400, "On the lesson's line, after 400 updates,")
    flat = close(w, 0, 1e-3) and close(b, y.mean(), 1e-3)
    assert not flat, (
        "Your line is flat, at the mean of y: each prediction is compared with every answer. "
        "A row (n,) minus a column (n, 1) is a table (n, n). Print prediction.shape."
    )
    other = "the first is not the best line's, where 400 right updates end."
    expect("On the lesson's line, after 400 updates at lr = 0.5, w", w, best_w.item(), otherwise=other)
    expect("On the lesson's line, after 400 updates at lr = 0.5, b", b, best_b.item(), otherwise=other)


# --- 3 -----------------------------------------------------------------------------------------------------


def standardized(standardize, x_train, x_new, where=""):
    """What `standardize` returns, in the right shapes."""
    z_train, z_new = parts_of(call(SCALING, standardize, x_train, x_new), 2, "z_train, z_new")
    column = "m and s hold one number for each column, so their shape is (d,): x_train.mean(dim=0)."
    shaped(f"{where}z_train", z_train, tuple(x_train.shape), otherwise=column)
    shaped(f"{where}z_new", z_new, tuple(x_new.shape), otherwise=column)
    return z_train, z_new


def constant(standardize, value, rows, what):
    """See what becomes of a column that is always `value`: beside one that is not, and alone."""
    column = torch.full((rows, 1), value, dtype=torch.float64)
    other = torch.arange(rows, dtype=torch.float64).unsqueeze(1)
    z_train = becomes(standardize, torch.hstack([other, column]), tensor([[2.0, value + 2]]), what)
    spread = (rows**2 - 1) / 12  # of 0, 1, …, rows − 1
    same(
        f"{what}, beside a column {', '.join(map(str, range(rows)))}: the latter, standardized,",
        z_train[:, 0],
        (other[:, 0] - (rows - 1) / 2) / spread**0.5,
        [(other[:, 0] - (rows - 1) / 2, "one constant column must not take the scale from the others.")],
        otherwise="each column has an s of its own: only for the constant one it is 1.",
    )
    becomes(standardize, column, tensor([[value + 2]]), what)


def becomes(standardize, x_train, x_new, what):
    z_train, z_new = standardized(standardize, x_train, x_new)
    assert bool(z_train.isfinite().all() and z_new.isfinite().all()), (
        f"{what}: a constant column gives 0/0, which is nan, or 1/0, which is inf. "
        "Where s ≤ 1e-12·|m|, take s = 1. (Nor may rounding spoil s: take the mean of (x − m)², not that of "
        "x² minus m², which may be below 0.)"
    )
    far = z_new[0, -1].item()
    expect(
        f"{what}, a new number that is 2 larger",
        far,
        2,
        {2e8: "something tiny was added to s. Where s ≤ 1e-12·|m|, take s = 1 in its place."},
        otherwise="the column is constant, and so s = 1, although rounding may leave an s like 1e-17. "
        "Count as constant where s ≤ 1e-12·|m|. (And take s from the mean of (x − m)², not from that of x² "
        "minus m², which rounding spoils.)"
        if abs(far) > 1e6
        else "take s = 1 in place of 0, and subtract m all the same.",
    )
    expect(
        f"{what}, a number of the training data, standardized,",
        z_train[0, -1],
        0,
        otherwise="it is (x − m)/s.",
    )
    return z_train


@question(points=4)
def standardize(standardize):
    # By hand: 1 and 3 have mean 2 and standard deviation 1. The new 5 is 3 of them above the mean.
    z_train, z_new = standardized(standardize, tensor([[1.0], [3.0]]), tensor([[5.0], [2.0]]))
    expect(
        "With x_train = 1, 3: the training value 3, standardized,",
        z_train[1],
        1,
        {
            2**-0.5: "torch's std divides by n − 1 unless you say correction=0.",
            3: "subtract the mean first.",
            1.5: "that is x/m. Subtract the mean first, then divide by the standard deviation.",
            -1: "the sign is turned round. It is x − m.",
            1: "it is close, but no more. Is something tiny added to s, or to the variance? Take s as it is.",
        },
    )
    expect("With x_train = 1, 3: the training value 1, standardized,", z_train[0], -1)
    expect(
        "With x_train = 1, 3: the new value 5, standardized,",
        z_new[0],
        3,
        {
            1: "x_new was scaled by its own mean and spread. Use those of x_train.",
            5: "subtract the mean of x_train from x_new too.",
        },
    )
    expect("With x_train = 1, 3: the new value 2, standardized,", z_new[1], 0)

    # Spread 10 in one column, 0.1 in the other: each column has a scale of its own.
    x_train = tensor([[90.0, 7.1], [110.0, 6.9], [110.0, 7.1], [90.0, 6.9]])
    z_train, z_new = standardized(standardize, x_train, tensor([[120.0, 7.0]]), "With one new row, ")
    spread = (z_train.detach() ** 2).mean(dim=0).sqrt()
    slips = {
        0.1: "divide by the standard deviation, the root of the variance.",
        100: "you multiply by the standard deviation in place of dividing.",
    }
    expect(
        "The first column's standard deviation afterwards",
        spread[0],
        1,
        slips,
        otherwise="Each column by its own: dim=0.",
    )
    expect(
        "The second column's standard deviation afterwards",
        spread[1],
        1,
        otherwise="Each column by its own: dim=0.",
    )
    same(
        "The columns' mean afterwards",
        z_train.mean(dim=0),
        zeros(2),
        otherwise="each column has a mean of its own: dim=0.",
    )
    same(
        "The first column of z_train", z_train[:, 0], tensor([-1.0, 1, 1, -1]), otherwise="the rows stay put."
    )
    same(
        "The new row (120, 7), standardized,",
        z_new,
        tensor([[2.0, 0.0]]),
        [(zeros(1, 2), "it was scaled by its own mean. Use the training data's.")],
        otherwise="use the mean and the standard deviation of x_train: a single row has no spread.",
    )

    # Constant columns, where s is 0, or 1e-17 as rounding makes it.
    constant(standardize, 5.0, 2, "In a column that is always 5")
    constant(standardize, 0.1, 3, "In a column that is always 0.1")
    constant(standardize, 0.0, 2, "In a column that is always 0 (and 0 ≤ 0 holds, but 0 < 0 does not)")


# --- 4 -----------------------------------------------------------------------------------------------------


def in_old_units(to_raw, w_z, b_z, m, s, where=""):
    """What `to_raw` returns, in the right shapes."""
    w, b = parts_of(call(UNITS, to_raw, w_z, b_z, m, s), 2, "w, b")
    d = len(m)
    square = "A column (d, 1) divided by a row (d,) is a table (d, d). s.unsqueeze(1) makes s a column."
    add_up = "Of m·w there is one term for each input: add them up. "
    one = "b is one number in one pair of brackets, with the sum of m·w over all inputs in it. "
    add_up, one = f"{add_up}m @ w does it.", f"{one}m @ w gives it so."
    shaped(f"{where}w", w, (d, 1), {(d, d): square} if d > 1 else {})
    shaped(f"{where}b", b, (1,), {(d,): add_up, (d, 1): add_up, (d, d): add_up, (1, 1): one, (): one})
    return w, b


@question(points=3)
def raw_units(to_raw):
    # One input by hand: z = (x − 10)/2, prediction 6z + 1. That is 3x − 29.
    w, b = in_old_units(to_raw, tensor([[6.0]]), tensor([1.0]), tensor([10.0]), tensor([2.0]))
    expect(
        "With w_z = 6, b_z = 1, m = 10 and s = 2, w",
        w,
        3,
        {12: "divide by s: where x changes by s, z changes by 1.", 6: "w_z must be divided by s."},
    )
    expect(
        "With w_z = 6, b_z = 1, m = 10 and s = 2, b",
        b,
        -29,
        {
            1: "b changes too. At x = 0, z is −m/s, not 0.",
            31: "the sign: z = (x − m)/s, so m enters with a minus.",
            -59: "w_z·m must still be divided by s: it is w·m.",
            -9: "m must be multiplied by w.",
            -4: "m must be multiplied by w, not only divided by s.",
        },
    )

    # Two inputs: the predictions must be the same.
    w_z, b_z = tensor([[6.0], [-1.0]]), tensor([1.0])
    m, s = tensor([10.0, -4.0]), tensor([2.0, 0.5])
    w, b = in_old_units(to_raw, w_z, b_z, m, s, "With two inputs, ")
    same(
        "With s = (2, 0.5) and the weights 6 and −1, w",
        w,
        tensor([[3.0], [-2.0]]),
        otherwise="each weight is divided by its own s.",
    )
    x = tensor([[0.0, 0.0], [10.0, -4.0], [12.0, -3.0]])
    same(
        "For three rows of x your prediction",
        x @ w + b,
        (x - m) / s @ w_z + b_z,
        otherwise="write out w_z·(x − m)/s and collect what does not contain x: there is one such term for "
        "each input.",
    )


# --- 5 -----------------------------------------------------------------------------------------------------

RELATIVE = "the tolerance is relative. Compare with tolerance times the length at the start."
LOOK = (
    "in each round compute the gradient, stop if its length is at most tolerance times that at the start, "
    "and only then update, and count."
)
ENDLESS = "the loop did not stop. Is the gradient compared with tolerance · its length at the start?"


def stopped(train_until, x, y, lr, tolerance, most, where=""):
    """What `train_until` returns, in the right shapes."""
    answer = call(LOOP, train_until, x, y, lr, tolerance, most)
    w, b, updates = parts_of(answer, 3, "w, b, updates")
    shaped(f"{where}w", w, (x.shape[1], 1))
    shaped(f"{where}b", b, (1,))
    return w, b, tools.number(updates, f"{where}updates")


@question(points=5)
def until(train_until):
    # A tiny rate: each update changes the loss by next to nothing, but the gradient is as long as ever.
    x, z, y = line()
    w, b, updates = stopped(train_until, z, y, 1e-7, 1e-3, 40)
    report = f"You were allowed most = 40 updates, and you report {updates:g}."
    assert updates != 39, (
        f"{report} After range(most) has run out, its counter stands at most - 1: count the updates that "
        "were made."
    )
    assert updates != 41, f"{report} Go on only while fewer than most have been made, and count each once."
    assert updates == 40, (
        f"At lr = 1e-7 you stop after {updates:g} updates, not after most = 40. "
        "A loss that hardly changes may mean that you walk slowly: only the gradient decides."
    )

    # One standardized input: at lr = 0.25 the gradient halves each time. 2**-9 > 0.001 > 2**-10.
    w, b, updates = stopped(train_until, z, y, 0.25, 1e-3, 1000)
    away = not close(w, 0, 1e6) or not close(b, 0, 1e6)
    assert not away, "At lr = 0.25 your loop runs away. Divide by n in the gradient, and walk downhill."
    expect(
        "On the lesson's line, standardized, with lr = 0.25 and tolerance = 0.001, the number of updates",
        updates,
        10,
        {
            13: RELATIVE,
            11: "look at the gradient before each update: the tenth had made it short enough.",
            9: "count the updates that were made.",
            5: "that is the squared length. Take the root.",
            1000: ENDLESS,
        },
        otherwise=LOOK,
    )
    best_w, best_b = exact_line(z, y)
    left = ((w - best_w).square().sum() + (b - best_b).square().sum()).sqrt()
    expect(
        "You say 10 updates. The part of the way to the best line that is left then",
        left / (best_w.square().sum() + best_b.square().sum()).sqrt(),
        2**-10,
        {
            2**-9: "that is after 9. Return the w and b whose gradient you looked at.",
            2**-11: "that is after 11. Return the w and b whose gradient you looked at.",
        },
        otherwise="return the w and b whose gradient you looked at.",
    )

    # Weights that approach at different speeds: the whole gradient counts.
    _, _, updates = stopped(train_until, x, y, 0.5, 1e-3, 1000)
    expect(
        "On the lesson's line, with lr = 0.5 and tolerance = 0.001, the number of updates",
        updates,
        24,
        {
            33: "that is when the gradient by w alone is short. The bias belongs to it.",
            15: "that is when the gradient by b alone is short. The weights belong to it.",
            56: RELATIVE,
            1000: "the loop did not stop.",
        },
        otherwise=LOOK,
    )
    w, _, updates = stopped(train_until, *random_problem(20, 3), 0.05, 0.1, 1000, "With three inputs, ")
    assert not close(w, w.mean().expand(3, 1)), (
        "With three inputs your weights are all equal: one number moves all of them. Each has a derivative "
        "of its own. (If you call your mse_gradient here, repair question 1 first.)"
    )
    expect(
        "With three inputs, lr = 0.05 and tolerance = 0.1, the number of updates",
        updates,
        20,
        {
            18: "that is a sum of lengths, or of sizes. Square all entries, add them, take the root.",
            24: "that is the largest entry. Square all entries, add them, take the root.",
            5: "that is when the gradient by w alone is short. The bias belongs to it.",
        },
        otherwise=LOOK,
    )

    # Nothing to learn: all y are zero, and so is the gradient at the start.
    _, _, updates = stopped(train_until, x, 0 * y, 0.5, 1e-3, 50)
    assert updates == 0, (
        f"Where the gradient is zero from the start, you make {updates:g} updates, not 0. "
        "Look before you update, let ≤ include equality, and do not divide by the length at the start, "
        "which is 0 here."
    )
