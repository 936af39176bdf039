"""The tests of assignment 1.4: read the ground."""

import math
from contextlib import contextmanager

import torch

from course_lib import quadratics
from course_lib.checks import question, tools
from course_lib.checks.tools import close, expect, parts_of, random

BY_HAND = 3  # points for the question that a person marks

# --- what the tests share ----------------------------------------------------------------------------------


def no_hint(error):
    """Here an error's own words say best what led to it."""
    return None


def call(function, *inputs, hint_for=no_hint, **settings):
    answer = tools.call(hint_for, function, *inputs, **settings)
    for number, value in enumerate(inputs, start=1):
        assert not (isinstance(value, torch.Tensor) and value.requires_grad), (
            f"Your function changed its input number {number}: it is recorded now. Record a copy: "
            "start.clone().requires_grad_()."
        )
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    return answer


def shown(got, want):
    """Two tensors as text, with as many digits as it takes to see that they differ."""
    for digits in range(5, 18):
        texts = [str([float(f"{one:.{digits}g}") for one in tensor.tolist()]) for tensor in (got, want)]
        if texts[0] != texts[1]:
            break
    return texts


def random_inputs(n, d, seed=0):
    """Inputs in different units."""
    return random(n, d, seed=seed) * torch.arange(1.0, d + 1) + 0.5


# --- 1 -----------------------------------------------------------------------------------------------------


def ready_made(X):
    """What the library's own functions become while an answer runs."""
    raise AssertionError(
        "Write H and its eigenvalues out: the lesson's curvatures and mse_hessian are for checking only."
    )


@contextmanager
def written_out():
    """Refuse the library's own functions, under whatever name they were imported."""
    kept = {function: function.__code__ for function in (quadratics.curvatures, quadratics.mse_hessian)}
    try:
        for function in kept:
            function.__code__ = ready_made.__code__
        yield
    finally:
        for function, code in kept.items():
            function.__code__ = code


def rates(rate_limits, x):
    """The three rates of an answer, after a look at their form."""
    with written_out():
        answer = call(rate_limits, x)
    assert all(isinstance(rate, float) for rate in parts_of(answer, 3, "glides, best, limit")), (
        "Return three Python floats: return glides, best, limit. A tensor becomes one by .item()."
    )
    return answer


@question(points=4)
def limits(rate_limits):
    # By hand: H = 2/n XᵀX is diagonal, with 2·5 = 10 and 2·1 = 2. So L = 10 and μ = 2.
    glides, best, limit = rates(rate_limits, torch.tensor([[3.0], [-3.0], [1.0], [-1.0]]))
    expect(
        "With x = 3, −3, 1, −1, glides",
        glides,
        0.1,
        {
            0.2: "the 2 of the squared error is missing in H."
            if close(limit, 0.4)
            else "that is 2/L. The order is glides, best, limit.",
            0.025: "that is the curvature of the sum of the squared errors. The loss is their mean: divide "
            "by n.",
            0.05: "that is the curvature of half the sum. The loss is the mean of the squares.",
            0.075: "H is divided by n − 1. The loss is the mean: divide by n.",
            0.5: "that is 1/μ. The steepest direction has the largest eigenvalue, the last one.",
            10: "that is the curvature L itself. The rate is 1/L.",
            1 / math.sqrt(20): "you took the singular values of X. The curvatures come from XᵀX: their "
            "squares.",
            1 / math.sqrt(10): "you took the root of the eigenvalue. The curvature is the eigenvalue itself.",
        },
    )
    expect(
        "With x = 3, −3, 1, −1, best",
        best,
        1 / 6,
        {
            0.1: "that is 1/L. If μ came out as large as L, the column of ones for the bias is missing.",
            1 / 12: "that is 1/(L + μ). The best rate makes 1 − ημ and 1 − ηL opposite: 2/(L + μ).",
            0.25: "that is 2/(L − μ). Solve 1 − ημ = −(1 − ηL).",
            0.3: "that is the mean of 1/L and 1/μ. Take 2 over the sum of the curvatures.",
            0.2: "that is 2/L, as if μ were 0.",
        },
    )
    expect(
        "With x = 3, −3, 1, −1, limit",
        limit,
        0.2,
        {
            1.0: "that is 2/μ. The steepest direction diverges first.",
            0.1: "that is 1/L; up to 2/L it arrives.",
        },
    )

    # Three inputs with means that are not zero, against a run just below the limit and one just above.
    x = random_inputs(30, 3) + 2
    glides, best, limit = rates(rate_limits, x)
    X = torch.hstack([x, torch.ones(30, 1)])
    eigenvalues = torch.linalg.eigvalsh(2 * X.T @ X / 30)
    mu, L = eigenvalues[0].item(), eigenvalues[-1].item()
    for curvature, hint in (
        (L / 3, "H is divided by n·d, the number of all numbers in x. Divide by n."),
        (
            2 * torch.linalg.eigvalsh(x.T @ x / 30)[-1].item(),
            "the column of ones for the bias is missing.",
        ),
        (
            2 * torch.linalg.eigvalsh(torch.cov(x.T, correction=0))[-1].item(),
            "x is centred there. Take it as it comes in: its mean belongs to the curvature.",
        ),
        (
            2 * (X**2).mean(dim=0).max().item(),
            "that is the largest entry on the diagonal of H. Ask the eigenvalues.",
        ),
    ):
        assert not close(limit * curvature, 2, 1e-6), f"With three inputs, limit is {limit:.4g}: {hint}"
    for share, converges in ((0.98, True), (1.02, False)):
        update = torch.eye(4) - share * limit * 2 * X.T @ X / 30
        far = torch.linalg.matrix_power(update, 2000) @ torch.ones(4)  # the distance from the best weights
        assert (far.norm().item() < 2) == converges, (
            f"With three inputs, a run at {share} of your limit {'diverges' if converges else 'converges'}. "
            "Is the bias's column of ones in X? Is H made of all columns at once? Is L the last, the largest "
            "eigenvalue? With d inputs there are d + 1."
        )
    assert close(glides / limit, 0.5), "With three inputs: 1/L is half of 2/L, and yours is not."
    expect(
        "With three inputs, best",
        best,
        2 / (L + mu),
        {
            2 / eigenvalues.sum().item(): "that is 2 over the sum of all eigenvalues. Take two of them: the "
            "largest and the smallest.",
            2 / (L + eigenvalues[1].item()): "μ is the smallest of all eigenvalues.",
            2 / (L + eigenvalues[2].item()): "μ is the smallest of all eigenvalues, not the second largest.",
        },
        otherwise="it is 2/(L + μ), with the largest eigenvalue and the smallest.",
        tolerance=1e-5,
    )


# --- 2 -----------------------------------------------------------------------------------------------------


def walked(descend, gradient, start, lr, updates, **more):
    """path and diverged, after a look at their form."""
    path, diverged = parts_of(call(descend, gradient, start, lr, updates, **more), 2, "path, diverged")
    assert isinstance(path, torch.Tensor) and path.ndim == 2, (
        "path must be a tensor with a row for each point: torch.stack(list_of_points)."
    )
    assert isinstance(diverged, bool), (
        f"diverged must be True or False, not {type(diverged).__name__}. bool(…) makes one of a tensor."
    )
    tools.precise("path", path, start)
    return path, diverged


def on_a_bowl(curvature, start, lr, updates):
    """Where the descent is on a bowl, without a loop: (1 − ηH)^t times the start."""
    factor = torch.eye(len(start)) - lr * curvature
    return torch.stack([torch.linalg.matrix_power(factor, t) @ start for t in range(updates + 1)])


def first_difference(path, want):
    """The first row in which two paths of one shape differ by more than rounding, or None."""
    return next((t for t in range(len(want)) if not close(path[t], want[t])), None)


@question(points=5)
def descend(descend):
    curvature = torch.tensor([1.0, 20.0])

    def gradient(w):
        return curvature * w

    # A ravine, at a rate at which it glides.
    start = torch.tensor([-9.0, 1.5])
    path, diverged = walked(descend, gradient, start, 0.07, 10)
    assert path.shape != (10, 2), "The path has 10 rows after 10 updates, not 11: the start comes first."
    assert path.shape == (11, 2), f"After 10 updates path has shape {tuple(path.shape)}, not (11, 2)."
    assert not bool((path == path[0]).all()), (
        "Every row of the path is the same point. Does w change? Or was one tensor appended again and again, "
        "and changed in place? Make a new one: w = w - lr * gradient(w)."
    )
    assert close(path[0], start), "The first row of path is not the start."
    uphill = close(path[1], start + 0.07 * gradient(start))
    assert not uphill, "You walk uphill: subtract lr times the gradient."
    steps = path[1:] - path[:-1]
    assert not close(steps, steps[0].expand(10, 2)), (
        "All your steps are equal: compute the gradient anew, at the new point, in each update."
    )
    want = on_a_bowl(torch.diag(curvature), start, 0.07, 10)
    place = first_difference(path, want)
    if place is not None:
        here, there = shown(path[place], want[place])
        raise AssertionError(
            f"After {place} update{'s' * (place != 1)} you are at {here}, not at {there}: "
            "w − lr · gradient(w)."
        )
    assert diverged is False, "A run that arrives has not diverged: return False."

    # At lr = 1 the factor of the second coordinate is −19: after 5 updates it is 3.7 million, too far.
    path, diverged = walked(descend, gradient, -start, 1.0, 100)
    assert diverged is True, (
        "At lr = 1 this run diverges; you return False. One coordinate that is too far is enough: any(), not "
        "all()."
    )
    assert len(path) != 6, (
        "The point that is too far was recorded. The path ends with the last good point: look before you "
        "append."
    )
    assert len(path) == 5, (
        f"The run diverges at update 5, so the path has 5 rows (t = 0 … 4); yours has {len(path)}. "
        + ("Stop at once." if len(path) > 5 else "Before, no coordinate is larger than too_far.")
    )
    path, diverged = walked(descend, gradient, start, 1.0, 100)  # here it is −3.7 million
    assert len(path) == 5, (
        f"At update 5 the second coordinate is −3.7 million, but you stop after {len(path)} rows. A large "
        "negative coordinate is far away too: use w.abs()."
    )
    path, diverged = walked(descend, gradient, start, 1.0, 5)  # the fifth update is the last one
    assert diverged is True and len(path) == 5, (
        f"If the last update is the one that leads too far, the run has diverged, too, and the path has 5 "
        f"rows; you return {diverged} and {len(path)} rows. Look after each update, before the next."
    )

    # A gradient that is no number: from 1 a step of 2·√1 leads to −1, and the root of −1 is NaN.
    path, diverged = walked(descend, torch.sqrt, torch.tensor([1.0]), 2.0, 5)
    assert diverged is True and len(path) == 2, (
        f"After 1 → −1 comes NaN: diverged must be True and the path have 2 rows; you return {diverged} and "
        f"{len(path)} rows. A comparison with NaN is always false: ask isfinite()."
    )
    path, diverged = walked(descend, torch.sqrt, torch.tensor([4.0, 1.0]), 2.0, 5)
    assert diverged is True and len(path) == 2, (
        f"(4, 1) → (0, −1) → (0, NaN): with a coordinate that is not finite the run has diverged, even if "
        f"the other one is 0. You return {diverged} and {len(path)} rows: ask isfinite().all()."
    )


# --- 3 -----------------------------------------------------------------------------------------------------

WORDS = ("minimum", "maximum", "saddle", "undecided")


def see(classify, hessian, want, hint, what=None, **settings):
    """See that a Hessian, a tensor, gets the right word."""
    found = call(classify, hessian, **settings)
    assert isinstance(found, str) and found in WORDS, f"Return one of the words {WORDS}, not {found!r}."
    if what is None:
        what = "".join(f"With {name}={value}, " for name, value in settings.items()) + f"{hessian.tolist()}"
    assert found == want, f"{what} is a case of {want!r}, you say {found!r}: {hint}"


@question(points=4)
def classify(classify):
    for hessian, want, hint in (
        ([[1.0, 0.0], [0.0, 2.0]], "minimum", "up in every direction."),
        ([[-1.0, 0.0], [0.0, -3.0]], "maximum", "down in every direction."),
        ([[1.0, 0.0], [0.0, -1.0]], "saddle", "up one way, down another."),
        (
            [[1.0, 2.0], [2.0, 1.0]],
            "saddle",
            "the diagonal holds only the curvatures along the axes. Between them, along (1, −1), it bends "
            "down. Ask the eigenvalues.",
        ),
        (
            [[-1.0, 0.0, 0.0, 0.0], [0.0, -2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0], [0.0, 0.0, 0.0, 4.0]],
            "saddle",
            "two ways down make a positive determinant, and a large way up a positive sum. "
            "Look at each eigenvalue's sign.",
        ),
        (
            [[2.0, 0.0], [0.0, 0.0]],
            "undecided",
            "along the second direction the curvature is 0, and second derivatives do not tell.",
        ),
        (
            [[-2.0, 0.0], [0.0, 0.0]],
            "undecided",
            "along the second direction the curvature is 0, and second derivatives do not tell.",
        ),
        (
            [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, -1.0]],
            "saddle",
            "one way up and one way down are enough, whatever a third direction does.",
        ),
        ([[0.0, 0.0], [0.0, 0.0]], "undecided", "all curvatures are 0."),
        (
            [[1e-12, 0.0], [0.0, 2e-12]],
            "minimum",
            "small curvatures are not zero ones. Compare with tolerance times the largest eigenvalue.",
        ),
        (
            [[1e6, 0.0], [0.0, -1e-8]],
            "undecided",
            "beside a curvature of a million, −0.00000001 is a rounding error. "
            "Compare with tolerance times the largest eigenvalue, in size.",
        ),
        (
            [[-1e6, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1e-8]],
            "undecided",
            "beside a curvature of minus a million, 0.00000001 is a rounding error. The largest in size: "
            "take abs() of each eigenvalue first, then the maximum.",
        ),
    ):
        see(classify, torch.tensor(hessian), want, hint)

    # A tolerance of its own; and eigenvalues of exactly its size.
    given = "use the tolerance that is given."
    see(classify, torch.diag(torch.tensor([1.0, 0.05])), "undecided", given, tolerance=0.1)
    border = "an eigenvalue counts as 0 if its size is *at most* tolerance times the largest: 1 is 0.25 · 4."
    for small in (1.0, -1.0):
        see(classify, torch.diag(torch.tensor([4.0, small])), "undecided", border, tolerance=0.25)

    # The size of the largest is neither the sum of all nor the length of the list.
    see(
        classify,
        torch.diag(torch.tensor([1.0, 1.0, 0.12])),
        "minimum",
        "0.12 does not count as 0, as 0.1 · 1 is less. Compare with the largest eigenvalue alone, not with "
        "the sum or the norm of all.",
        tolerance=0.1,
    )

    # Its eigenvalues are 2 and 0.5, and its largest entry is 1.25.
    see(
        classify,
        torch.tensor([[1.25, 0.75], [0.75, 1.25]]),
        "undecided",
        "0.5 counts as 0, as 0.3 · 2 is 0.6. Compare with the largest eigenvalue, not with an entry.",
        tolerance=0.3,
    )


# --- 4 -----------------------------------------------------------------------------------------------------


def of_a_bias(error):
    """What most likely led to an error, or None."""
    if "range of [-1, 0], but got 1" in str(error):
        return (
            "A bias has one axis only: it has no rows, and no dim=1. Tell a bias by its number of axes, "
            f"w.ndim == 1. (Python says: {error})"
        )
    return None


def normalized(filter_normalize, direction, weights):
    """The tensors of an answer, after a look at their form."""
    answer = call(filter_normalize, direction, weights, hint_for=of_a_bias)
    assert isinstance(answer, list) and len(answer) == len(weights), (
        "Return a list with a tensor for each tensor of weights."
    )
    for part in answer:
        assert isinstance(part, torch.Tensor), (
            f"The list must hold tensors, and one part of yours is of the kind {type(part).__name__}."
        )
    shapes = [tuple(part.shape) for part in answer]
    wanted = [tuple(part.shape) for part in weights]
    assert shapes == wanted, f"The shapes are {shapes}, not those of the weights, {wanted}."
    for part, w in zip(answer, weights, strict=True):
        tools.precise("A part of your list", part, w)
    return answer


@question(points=4)
def filter(filter_normalize):
    # By hand: the first matrix has rows of the lengths 10 and 3 in the weights, 5 and 1 in the direction.
    weights = [torch.tensor([[6.0, 8.0], [0.0, 3.0]]), torch.tensor([7.0, -7.0]), torch.tensor([[3.0, 4.0]])]
    direction = [
        torch.tensor([[3.0, -4.0], [1.0, 0.0]]),
        torch.tensor([1.0, 1.0]),
        torch.tensor([[0.0, 2.0]]),
    ]
    first, bias, last = normalized(filter_normalize, direction, weights)
    d, w = direction[0], weights[0]
    assert not close(first, d / d.norm() * w.norm()), (
        "You scaled the whole matrix at once. Each row, one unit's weights, has a length of its own: "
        "norm(dim=1)."
    )
    assert not close(first, d / d.norm(dim=0) * w.norm(dim=0)), (
        "You scaled the columns. A unit's weights are a row: norm(dim=1, keepdim=True)."
    )
    assert not close(first, d / d.norm(dim=1) * w.norm(dim=1)), (
        "The lengths of the rows met the columns: keep them in a column, by keepdim=True."
    )
    assert not close(first, d / d.norm(dim=1, keepdim=True)), (
        "Every row has length 1. It must be as long as the row of weights: multiply by ‖w‖."
    )
    assert not close(first, d * w.norm(dim=1, keepdim=True)), (
        "The rows are multiplied by ‖w‖, but not divided by their own length ‖d‖."
    )
    assert not close(first, w), "These are the weights themselves: the direction must keep its way."
    assert not close(first, w / w.norm(dim=1, keepdim=True) * d.norm(dim=1, keepdim=True)), (
        "The two are swapped: the way comes from the direction, the length from the weights."
    )
    want = torch.tensor([[6.0, -8.0], [3.0, 0.0]])
    for number, (row, right) in enumerate(zip(first, want, strict=True)):
        here, there = shown(row, right)
        assert close(row, right, 1e-6), (
            f"Row {number} of the first matrix is {here}, not {there}: row by row, d/‖d‖·‖w‖."
        )
    assert close(bias, 0), f"The entries for biases must be zero, not {bias.tolist()}."
    assert not close(last, torch.tensor([[0.0, 7.0]])), (
        "The row (3, 4) has the length 5, the root of 3² + 4², and not 7, the sum of the sizes."
    )
    assert close(last, torch.tensor([[0.0, 5.0]]), 1e-6), f"The last matrix is {last.tolist()}, not [[0, 5]]."

    # A network whose first layer has no bias: two matrices, then a bias.
    weights, direction = [weights[0], weights[2], weights[1]], [direction[0], direction[2], direction[1]]
    second = normalized(filter_normalize, direction, weights)[1]
    assert close(second, last, 1e-6), (
        f"With a matrix, a matrix and a bias, the second matrix is {second.tolist()}, not [[0, 5]]. Tell a "
        "bias by its number of axes, w.ndim == 1, not by its place in the list."
    )

    # A row that is all zero points nowhere.
    direction, weights = [torch.tensor([[0.0, 0.0], [0.0, 3.0]])], [torch.tensor([[1.0, 2.0], [3.0, 4.0]])]
    (zero,) = normalized(filter_normalize, direction, weights)
    assert not zero.isnan().any(), "A row of zeros gives 0/0, which is NaN: divide by 1 there."
    assert close(zero, torch.tensor([[0.0, 0.0], [0.0, 5.0]]), 1e-6), (
        f"The direction [[0, 0], [0, 3]] becomes {zero.tolist()}, not [[0, 0], [0, 5]]: a row of zeros stays."
    )

    # Very small rows have a length too.
    (small,) = normalized(filter_normalize, [torch.tensor([[3e-9, 4e-9]])], [torch.tensor([[0.0, 5.0]])])
    assert close(small, torch.tensor([[3.0, 4.0]])), (
        f"A direction [3e-9, 4e-9] becomes {small.tolist()}, not [3, 4]: something tiny was added to its "
        "length, or a short row was taken for zero."
    )
