"""The unseen tests of assignment 1.2."""

import torch

from course_lib.checks import module
from course_lib.checks.tools import close, expect, same

the = module("1_2_linear_regression")
tensor, zeros = the.tensor, the.zeros


def gradient(mse_gradient, seed=0):
    # Other shapes: one example, one input, many; at random weights.
    for number, (n, d) in enumerate([(1, 1), (1, 4), (7, 1), (40, 6), (6, 6)]):
        x, y = the.random_problem(n, d, 100 * seed + number)
        compare(mse_gradient, x, y, number, f"with x of shape {(n, d)}, ")

    # Equal rows, equal columns, answers far below zero.
    x, y = the.random_problem(4, 2, 100 * seed + 10)
    compare(mse_gradient, torch.cat([x, x[:2]]), torch.cat([y, y[:2]]), 1, "where two examples are equal, ")
    compare(mse_gradient, x[:, [0, 0]], y, 2, "where two columns are equal, ")
    compare(mse_gradient, x, y - 100, 3, "with answers around −100, ")

    # At the exact solution it vanishes.
    x, y = the.random_problem(30, 2, 100 * seed + 9)
    gradient_w, gradient_b = the.gradients(mse_gradient, x, y, *the.exact_line(x, y), "at the best line, ")
    assert close(gradient_w, 0) and close(gradient_b, 0), "at the best line the gradient must be zero."


def compare(mse_gradient, x, y, number, where):
    w, b = the.random_problem(x.shape[1], 1, number + 50)[1], tensor([0.3 * number - 1])
    gradient_w, gradient_b = the.gradients(mse_gradient, x, y, w, b, where)
    _, right_w, right_b = the.slope(x, y, w, b)
    other = "autograd gives the second."
    same(f"{where}gradient_w", gradient_w, right_w, otherwise=other)
    same(f"{where}gradient_b", gradient_b, right_b, otherwise=other)


def train(train, seed=0):
    # Several inputs, other rates, one example; each update against autograd.
    for number, (n, d, lr) in enumerate([(30, 3, 0.02), (8, 1, 0.1), (1, 2, 0.05), (5, 5, 0.01)]):
        x, y = the.random_problem(n, d, 100 * seed + number)
        follow(train, x, y, lr, 12, f"with x of shape {(n, d)} and lr = {lr}, ")

    # Equal rows; answers below zero; a rate at which the loss rises; nothing to learn.
    x, y = the.random_problem(4, 2, 100 * seed + 10)
    double = torch.cat([x, x[:2]]), torch.cat([y, y[:2]])
    follow(train, *double, 0.02, 5, "where two examples are equal, ")
    follow(train, x, y - 100, 0.02, 5, "with answers around −100, ")
    follow(train, x, y, 3 / the.steepest(x), 8, "at a rate at which it diverges, ")
    follow(train, x, y, 100 / the.steepest(x), 5, "at a rate at which the error grows 99-fold each time, ")
    follow(train, x, 0 * y, 0.02, 5, "where all answers are 0, so that nothing moves, ")
    follow(train, x, y, 0.1, 0, "with updates=0 ")

    # Each call begins anew.
    again = [the.trained(train, x, y, 0.01, 3)[0] for _ in range(2)]
    assert close(*again), (
        "two calls with the same inputs must give the same weights: begin at zeros each time."
    )


def follow(train, x, y, lr, updates, where):
    """Compare what `train` returns with a loop that uses autograd."""
    w, b, losses = the.trained(train, x, y, lr, updates, where)
    the.complete(losses, updates, f"{where}after {updates} updates,")
    points, right, _ = the.walk(x, y, lr, updates)
    other = "a loop with autograd gives the second. w and b are wanted as they are after the last update."
    same(f"{where}after {updates} updates, w", w, points[-1][0], otherwise=other)
    same(f"{where}after {updates} updates, b", b, points[-1][1], otherwise=other)
    place = the.first_difference(losses, right[:-1])
    assert place is None, f"{where}your losses are wrong from update {place} on."


def standardize(standardize, seed=0):
    for number, (n, d, new) in enumerate([(10, 3, 4), (2, 5, 1), (50, 1, 50), (4, 4, 4)]):
        x_train, _ = the.random_problem(n, d, 100 * seed + number)
        x_new, _ = the.random_problem(new, d, 100 * seed + number + 20)
        scale(standardize, x_train, x_new, f"with x_train of shape {(n, d)} and x_new of {(new, d)}, ")

    # A new value far out is a value like any other.
    x, _ = the.random_problem(6, 2, 100 * seed + 30)
    scale(standardize, x, x[:1] + 1000, "where a new value is far out, ")

    # Equal rows; columns in tiny and in huge units, which are not constant.
    x, _ = the.random_problem(5, 2, 100 * seed + 10)
    scale(standardize, torch.cat([x, x[:2]]), x[:1], "where two rows are equal, ")
    units = "with columns in tiny units (values about 1e-18: they vary, as s is compared with 1e-12·|m|), "
    scale(standardize, x * 2.0**-60, x[:1] * 2.0**-60, units)
    scale(standardize, x - 1e6, x[:1] - 1e6, "with columns around minus a million, ")
    mixed = torch.hstack([x * 2.0**-60, x - 1e6])
    where = "with columns in tiny units beside others around −1e6 (each s is compared with its own |m|), "
    scale(standardize, mixed, mixed[:1], where)

    # A single training example, and other constants: what rounding leaves is no spread.
    for m, hint in ((4.0, ""), (-1.0, " Also where m is below 0: s is compared with 1e-12·|m|.")):
        z_train, z_new = the.standardized(standardize, tensor([[2.0, m]]), tensor([[3.0, m + 2]]))
        good = close(z_train, 0) and close(z_new, tensor([[1.0, 2.0]]))
        assert good, f"with one training example, (2, {m:g}), every s is 0, and 1 takes its place.{hint}"
    for value, rows in ((-0.7, 3), (5.1, 6), (1e6 / 3, 9), (1e-3 / 7, 7), (1e5 / 7, 11)):
        the.constant(standardize, value, rows, f"in a column that is always {value:.6g}")


def scale(standardize, x_train, x_new, where):
    z_train, z_new = the.standardized(standardize, x_train, x_new, where)
    m = x_train.sum(dim=0) / len(x_train)
    s = (((x_train - m) ** 2).sum(dim=0) / len(x_train)).sqrt()
    for name, x, z in (("z_train", x_train, z_train), ("z_new", x_new, z_new)):
        assert close(z, (x - m) / s, 1e-8), f"{where}your {name} is not (x − m)/s, however large that is."


def raw_units(to_raw, seed=0):
    for number, d in enumerate((1, 3, 6)):
        x, _ = the.random_problem(12, d, 100 * seed + number)
        w_z, b_z = the.random_problem(d, 1, 100 * seed + number + 5)[1] - 2, tensor([-0.4])
        m, s = x.mean(dim=0) + 1, x.std(dim=0) + 0.1
        w, b = the.in_old_units(to_raw, w_z, b_z, m, s, f"with {d} inputs, ")
        same(
            f"with {d} inputs, for three rows of x, your prediction",
            (x @ w + b)[:3],
            ((x - m) / s @ w_z + b_z)[:3],
            otherwise="the second is that of the standardized inputs.",
        )
    # Other units of x, and means of 0: the weights follow the units, and no s is too small.
    for unit in (2.0**-60, 2.0**40):
        w_z, m, s = tensor([[2.0], [-3.0]]), unit * tensor([5.0, 0.0]), unit * tensor([0.5, 4.0])
        where = f"with values of x about {unit:.1g}, "
        w, b = the.in_old_units(to_raw, w_z, tensor([1.0]), m, s, where)
        other = "divide by s as it is, however small or large."
        same(f"{where}w · {unit:.1g}", w * unit, tensor([[4.0], [-0.75]]), otherwise=other)
        same(f"{where}b", b, tensor([-19.0]), otherwise=other)


def until(train_until, seed=0):
    for number, (n, d, factor, due) in enumerate(
        [(30, 3, 0.5, 7), (20, 1, 1.2, 4), (40, 2, 1.8, 10), (6, 4, 0.9, 20)]
    ):
        x, y = the.random_problem(n, d, 100 * seed + number)
        lr = factor / the.steepest(x)
        points, _, slopes = the.walk(x, y, lr, due)
        tolerance = (slopes[due - 1] * slopes[due]) ** 0.5 / slopes[0]
        where = f"with x of shape {(n, d)} and tolerance {tolerance:.3g}, "
        arrive(train_until, (x, y, lr, tolerance, 1000), points[due], due, where)
        # The same in other units of y.
        for power, size in ((20, "a million times as large"), (-60, "1e18 times smaller")):
            _, _, updates = the.stopped(train_until, x, y * 2.0**power, lr, tolerance, 200, where)
            assert updates == due, (
                f"{where}and y {size}, you make {updates:g} updates, not {due}: {the.RELATIVE}"
            )
        # most comes first.
        last = f"{where}and most = {due - 1}, "
        arrive(train_until, (x, y, lr, tolerance, due - 1), points[due - 1], due - 1, last)
        arrive(train_until, (x, y, lr, tolerance, due), points[due], due, f"{where}and most = {due}, ")

    # A rate at which it diverges: the gradient is never short, and all updates are made.
    for factor, most in ((3, 9), (100, 5)):
        lr = factor / the.steepest(x)
        points, _, _ = the.walk(x, y, lr, most)
        where = f"at a rate at which it diverges, {factor}/L, "
        arrive(train_until, (x, y, lr, 0.01, most), points[most], most, where)

    # No update is allowed; none is needed; none is enough.
    arrive(train_until, (x, y, 0.01, 1e-3, 0), points[0], 0, "with most = 0, ")
    arrive(train_until, (x, y, 0.01, 1.0, 50), points[0], 0, "with tolerance = 1, ")
    x, y = tensor([[1.0], [-1.0]]), tensor([[4.0], [-4.0]])
    arrive(
        train_until, (x, y, 0.25, 0.0, 50), (4 - tensor([[2.0**-48]]), zeros(1)), 50, "with tolerance = 0, "
    )

    # Gradients of 8, 4, 2 and 1, exact in binary: 1 is not longer than 8/8.
    where = "where the gradient is exactly tolerance · its length at the start (≤ includes equality), "
    arrive(train_until, (x, y, 0.25, 0.125, 50), (tensor([[3.5]]), zeros(1)), 3, where)


def arrive(train_until, inputs, point, due, where):
    """See that it makes the updates that are due, and returns the weights that it has then."""
    w, b, updates = the.stopped(train_until, *inputs, where)
    expect(
        f"{where}the number of updates",
        updates,
        due,
        otherwise="stop as soon as ‖g‖ ≤ tolerance · ‖g₀‖, and never make more than most updates. "
        "Nothing else stops the loop, no growth either.",
    )
    other = "return the w and b whose gradient you looked at, as they are after the last update."
    same(f"{where}w", w, point[0], otherwise=other)
    same(f"{where}b", b, point[1], otherwise=other)
