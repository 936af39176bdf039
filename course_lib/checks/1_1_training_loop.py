"""The tests of assignment 1.1: write the loop, repair three."""

import math
import random

import torch

from course_lib.checks import question, tools
from course_lib.checks.tools import close, expect, forbid, parts_of

BY_HAND = 2  # points for the question that a person marks

# --- what the tests share ----------------------------------------------------------------------------------

HINTS = {
    "multiply sequence": "x and y are lists, and Python cannot compute with a whole list at once. "
    "Take one number at a time: x[i] and y[i].",
    "'zero_grad'": "zero_grad() is a method of an optimizer. Where there is none, forget by hand: "
    "w.grad = None.",
    "'optimizer' is not": "There is no optimizer here. Forget by hand: w.grad = None.",
    "only for scalar": "The loss must be one number, and yours is one for each example. Take their mean: "
    ".mean().",
    "attribute 'backward'": "backward() belongs to the loss, a tensor. Take .item() only for the list.",
    "leaf Variable": "PyTorch records w, so it refuses to let you overwrite it. "
    "Put the update under with torch.no_grad():",
    "does not require grad": "There is nothing to differentiate: what you computed has no record. "
    "Does torch.no_grad() cover more than the update? Or does the name w mean a new tensor? "
    "Then change w in place: w -= …",
    "second time": "A record can be played back once. Predict and compare anew in each round, inside of the "
    "loop.",
    "attribute 'zero_'": "w.grad is None here, and has no zero_(). It is None before the first backward(), "
    "and wherever the name w has come to mean a new tensor. Forget with w.grad = None.",
    "assigned grad": "w.grad cannot be a number. Forget with w.grad = None, or with w.grad.zero_().",
    "NoneType": "You compute with None. backward() returns nothing: the gradient lies in w.grad. "
    "And w.grad is None before backward() has run, or where the name w has come to mean a new tensor. "
    "Change w in place, with w -= … under torch.no_grad().",
}
HINTS |= dict.fromkeys(["'list' and", "and 'list'"], HINTS["multiply sequence"])
HINTS["converted to Scalar"] = HINTS["only for scalar"]


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    words = str(error)
    return next((f"{hint} (Python says: {words})" for part, hint in HINTS.items() if part in words), None)


ROUNDED = "it is close, but no more. Does float64 become float32 on the way, or do you round?"
LESSON = "your function reads the storms of the lesson, seconds and kilometres. Use what comes in: x and y."


def call(function, *inputs, **more):
    answer = tools.call(
        hint_for,
        function,
        *inputs,
        advice="Your loop may only read the lists x and y: its job is to change w.",
        **more,
    )
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    return answer


def tensor(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def weight(start=0.0):
    return torch.tensor(start, dtype=torch.float64, requires_grad=True)


def by_the_book(x, y, lr, steps, w=0.0):
    """The right weights, from the solution of w ← w − lr·(a·w − b): no loop, so nothing to copy."""
    a = 2 * sum(one * one for one in x) / len(x)
    b = 2 * sum(one * two for one, two in zip(x, y, strict=True)) / len(x)
    return [b / a + (w - b / a) * (1 - lr * a) ** t for t in range(steps + 1)]


def loss_of(w, x, y):
    return math.fsum((w * one - two) ** 2 for one, two in zip(x, y, strict=True)) / len(x)


def made_up(seed, size):
    """Other data: some x, and y around 2x."""
    chance = random.Random(seed)
    x = [chance.uniform(-2, 2) for _ in range(size)]
    return x, [2 * one + chance.uniform(-0.5, 0.5) for one in x]


def first_difference(mine, right):
    """The first place where two lists of numbers differ by more than rounding, or None."""
    for place, (a, b) in enumerate(zip(mine, right, strict=True)):
        if not close(a, b):
            return place
    return None


# --- 1 -----------------------------------------------------------------------------------------------------


AFTER_EVERY = "you update after every example. Update once a round, after the sum."


def learned(learn, *inputs):
    """What `learn` returns: a number, and a list of numbers."""
    forbid(
        learn,
        *("torch", "numpy", "tensor", "backward"),
        because="No PyTorch and no NumPy here: floats, lists and a for.",
    )
    w, losses = parts_of(call(learn, *inputs), 2, "w, losses")
    assert isinstance(losses, list), "The second of the two things must be the list of losses."
    return tools.number(w, "Your w"), losses


@question(points=5)
def learn(learn):
    # One storm, one round, by hand: the error is −1, the gradient 2·(−1)·3 = −6.
    w, losses = learned(learn, [3.0], [1.0], 0.05, 1)
    expect(
        "With x = 3, y = 1 and lr = 0.05, after one round your w",
        w,
        0.3,
        {
            -0.3: "you walk uphill. The gradient points up: subtract it.",
            0.15: "the factor 2 of the derivative is missing.",
            0.1: "the factor x of the derivative is missing.",
            6.0: "the learning rate is missing.",
            0.06: "you divide by 5, as the lesson has 5 storms. n is the number that comes in: len(x).",
            0.376: LESSON,
            0.3: ROUNDED,
            0.0: "w has not moved. Is the update inside of the loop, and does it assign to w?",
        },
    )

    # Two examples: the gradients are −2 and −8, and their mean is −5.
    w, losses = learned(learn, [1.0, 2.0], [1.0, 2.0], 0.1, 1)
    expect(
        "With x = 1, 2 and y = 1, 2, lr = 0.1, after one round your w",
        w,
        0.5,
        {
            1.0: "that is the sum of the gradients. Divide by n, for the mean.",
            0.45: "that is the mean error times the mean x. Multiply in each example first, then take the "
            "mean.",
            0.84: "you update after each example. Take the mean over all of them first, then update once.",
            0.46: "you update after each example. Take the mean over all of them first, then update once.",
            0.56: AFTER_EVERY,
            0.6: AFTER_EVERY,
            1.04: AFTER_EVERY,
            1.2: AFTER_EVERY,
            0.62: AFTER_EVERY,
            0.2: "only the first example counts. Take the mean over all.",
            0.8: "only the last example counts. Add the gradients up: is the sum overwritten, or set back "
            "to 0?",
            0.4: "only the last example counts. Add the gradients up: is the sum overwritten, or set back "
            "to 0?",
            0.1: "only the first example counts. Does something leave the inner loop too early?",
        },
    )
    assert len(losses) == 1, f"One round has one loss; your list has {len(losses)}."
    expect(
        "With x = 1, 2 and y = 1, 2, at w = 0, before the update, the loss",
        losses[0],
        2.5,
        {
            5.0: "that is the sum of the squares. Divide by n, for the mean.",
            2.25: "that is the square of the mean error. Square each error first, then take the mean.",
            0.625: "that is the loss after the update. Write it down before.",
            2.0: "only the last example counts.",
            1.5: "that is the mean of |error|. Square the errors.",
            -1.5: "errors of both signs would cancel. Square them.",
        },
    )

    # Two rounds: 0.3, then 0.33.
    w, losses = learned(learn, [3.0], [1.0], 0.05, 2)
    expect(
        "With x = 3, y = 1 and lr = 0.05, after two rounds your w",
        w,
        0.33,
        {
            0.6: "the second round took the gradient of the first. Predict inside of the loop, with the "
            "new w.",
            0.3: "the second round is missing. Does return stand inside of the loop?",
            0.63: "the gradient of the first round is still inside. Start each round from 0.",
        },
    )
    assert len(losses) == 2, f"Two rounds have two losses; your list has {len(losses)}."
    expect(
        "With x = 3, y = 1 and lr = 0.05, the second loss",
        losses[1],
        0.01,
        {
            0.0001: "your list is one update late. Append the loss before the update.",
            1.0: "the second round compared with the first prediction. Predict inside of the loop.",
            1.01: "the loss of the first round is still inside. Start each round from 0.",
        },
    )

    # Another first guess: from w = 1 the error is 2 and the gradient 12.
    w, losses = learned(learn, [3.0], [1.0], 0.05, 1, 1.0)
    expect(
        "With x = 3, y = 1 and lr = 0.05, from the first guess 1, after one round your w",
        w,
        0.4,
        {0.3: "the first guess, the argument w, was ignored. Do not set w to 0."},
    )


# --- 2 -----------------------------------------------------------------------------------------------------


def path_of(repaired_a, *inputs):
    path = call(repaired_a, *inputs)
    assert isinstance(path, list), f"Return the path, a list, as the broken loop does; not {path!r}."
    steps = inputs[-1]
    assert len(path) == steps + 1, (
        f"{steps} updates make a path of {steps + 1} weights, the start first; yours has {len(path)}."
    )
    plain = all(isinstance(one, float) for one in path)
    assert plain, "The path must hold plain floats: path.append(w.item()), as before."
    return path


@question(points=3)
def repair_a(repaired_a):
    # One storm, by hand: 0, then 0.3, then 0.33, then 0.333.
    path = path_of(repaired_a, tensor([3.0]), tensor([1.0]), 0.05, 3)
    expect("The first weight of the path", path[0], 0.0, otherwise="the path begins before any update.")
    expect(
        "With x = 3, y = 1 and lr = 0.05, after the first update w",
        path[1],
        0.3,
        {
            0.0: "w does not move. You forget the gradient before it is used: forget it after the update.",
            -0.3: "you walk uphill. Subtract.",
            0.376: LESSON,
            0.3: ROUNDED,
        },
        otherwise="the first update of the broken loop was right. Leave lr and the formulas as they are.",
    )
    expect(
        "With x = 3, y = 1 and lr = 0.05, after the second update w",
        path[2],
        0.33,
        {
            0.63: "the gradient of the first round is still inside of w.grad. Forget it in *each* round.",
            0.465: "that is an average over all gradients so far. Do not thin the old ones out: forget them.",
            0.3: "w does not move any more. Is the update still made in each round?",
        },
        otherwise="is some of the first round's gradient still inside of w.grad? Forget all of it.",
    )
    expect(
        "With x = 3, y = 1 and lr = 0.05, after the third update w",
        path[3],
        0.333,
        {0.363: "an old gradient came through. Forget it in each round, not in every other one."},
    )


# --- 3 -----------------------------------------------------------------------------------------------------


def trained_leaf(repaired_b, *inputs):
    w = call(repaired_b, *inputs)
    assert isinstance(w, torch.Tensor), f"Return the tensor w itself, not {w!r}."
    return w


@question(points=3)
def repair_b(repaired_b):
    # One round: 0.3. Two rounds: 0.33. Three: 0.333.
    for steps, want in ((1, 0.3), (2, 0.33), (3, 0.333)):
        w = trained_leaf(repaired_b, tensor([3.0]), tensor([1.0]), 0.05, steps)
        tools.precise("Your w", w, tensor(0.0))
        expect(
            f"With x = 3, y = 1 and lr = 0.05, after {steps} round{'s' * (steps > 1)} w",
            w,
            want,
            {
                0.63: "the gradient of the first round is still inside. Keep the line w.grad = None.",
                0.6: "the second round took the gradient of the first. Predict, compare and differentiate "
                "anew in each round.",
                1 / 3: "that is the best weight of all. Walk towards it, in as many rounds as are asked for.",
                0.376: LESSON,
                0.0: "w has not moved. Do you change a copy of w, or forget the gradient too early?",
                -0.3: "you walk uphill. Subtract.",
            },
        )
        assert w.is_leaf, (
            "Your w is no leaf: it is the result of a computation, and drags all its updates behind it. "
            "The update must not be recorded."
        )
        assert w.requires_grad, (
            "The w that you return has requires_grad=False: it could not be trained any further. "
            "Change the w that you began with in place, with w -= …, and return it."
        )


# --- 4 -----------------------------------------------------------------------------------------------------


def best_of(repaired_c, *inputs):
    w, loss = parts_of(call(repaired_c, *inputs), 2, "best_w, best_loss")
    assert w is not None, (
        "best_w is still None: no weight was ever found good enough. Look at the comparison with best_loss."
    )
    return w, loss


@question(points=4)
def repair_c(repaired_c):
    late = "that is the weight *after* the update. Judge w before it, and keep it with its own loss."
    # A good learning rate. Three rounds begin at 0, 0.3 and 0.33: the last is the best, with the loss 0.0001.
    w, loss = best_of(repaired_c, [3.0], [1.0], 0.05, 3)
    expect(
        "With x = 3, y = 1 and lr = 0.05, of the weights 0, 0.3 and 0.33, your best w",
        w,
        0.33,
        {
            -0.3: "the loop still walks uphill, and w is one update late.",
            0.0: "the loop still walks uphill, so that nothing is better than the start. (Or do you keep "
            "the worst?)",
            0.333: late,
            0.3: "one round too few was judged. Compare in each round.",
            1 / 3: "that is the best weight of all. Choose among those that the rounds begin with.",
        },
        otherwise="judge the weights that the rounds begin with, and walk with the lr that comes in.",
    )
    expect(
        "With x = 3, y = 1 and lr = 0.05, of three rounds, the best loss",
        loss,
        1e-4,
        {1e-6: "that is the loss after the update, of the next weight."},
    )

    # Far too high a learning rate, from w = 0.2: each round is worse than the one before. The start is best.
    w, loss = best_of(repaired_c, [3.0], [1.0], 0.15, 4, 0.2)
    expect(
        "With x = 3, y = 1 and lr = 0.15, from w = 0.2, where each round is worse than the one before, your "
        "best w",
        w,
        0.2,
        {
            0.56: f"{late} (With so high a rate, the start is the best of all: it must be judged too.)",
            0.0: "the first guess, the argument w, was ignored.",
            by_the_book([3.0], [1.0], 0.15, 3, 0.2)[-1]: "that is the last one. A weight that was better "
            "stays the best.",
        },
    )
    expect("With x = 3 and y = 1, the loss at w = 0.2", loss, 0.16)


# --- 5 -----------------------------------------------------------------------------------------------------


def trained(train, make_optimizer, x, y, steps, start=0.0, old_gradient=None):
    """Train a new weight. Returns it, as a float, and the losses."""
    w = weight(start)
    if old_gradient is not None:
        w.grad = tensor(old_gradient)
    losses = call(train, w, tensor(x), tensor(y), make_optimizer(w), steps, may_change=(1,))
    assert isinstance(losses, list), f"Return a list with one loss a round, not {losses!r}."
    assert len(losses) == steps, (
        f"Return a list with one loss a round: asked for {steps} rounds from w = {start:.3g}, you return "
        f"{len(losses)}. All rounds are made, also where the loss hardly changes, and where it rises."
    )
    assert all(isinstance(one, float) for one in losses), (
        "The list must hold plain floats. A tensor keeps its whole record alive: append loss.item()."
    )
    return w.item(), losses


def sgd(w):
    return torch.optim.SGD([w], lr=0.05)


@question(points=5)
def train(train):
    forbid(train, "SGD", "Adam", because="Make no optimizer of your own: use the one that you are given.")
    # Two rounds of plain SGD on one storm: w = 0.33.
    w, losses = trained(train, sgd, [3.0], [1.0], 2)
    expect(
        "With SGD, x = 3, y = 1 and lr = 0.05, after two rounds w",
        w,
        0.33,
        {
            0.63: "the gradient of the first round is still inside. Where is zero_grad()? (With "
            "its parentheses?)",
            0.0: "w has not moved. Is step() called? And backward(), with its parentheses? Is w the one that "
            "you were given? And nothing may forget the gradient just before step().",
            0.3: "two rounds made one update. step() uses what backward() has left: backward() first. "
            "And the last round makes its update, too.",
            0.33: ROUNDED,
        },
    )
    expect(
        "With x = 3, y = 1 and lr = 0.05, the first loss",
        losses[0],
        1.0,
        {0.01: "that is the loss after the update. Write it down before, from the prediction of this round."},
    )
    expect("With x = 3, y = 1 and lr = 0.05, the second loss", losses[1], 0.01)

    # Two examples: the mean of the squares.
    w, losses = trained(train, sgd, [1.0, 2.0], [1.0, 2.0], 1)
    expect(
        "With x = 1, 2 and y = 1, 2, at w = 0, the loss",
        losses[0],
        2.5,
        {5.0: "that is the sum of the squares. Take the mean.", 1.5: "square the errors."},
    )
    expect(
        "With x = 1, 2 and y = 1, 2, lr = 0.05, after one round w",
        w,
        0.25,
        {0.5: "take the mean, not the sum."},
    )

    # An optimizer with a memory: momentum 0.5 takes w to 0.3, and then by 0.03 + 0.15 to 0.48.
    w, _ = trained(train, lambda w: torch.optim.SGD([w], lr=0.05, momentum=0.5), [3.0], [1.0], 2)
    expect(
        "With x = 3, y = 1, lr = 0.05 and momentum 0.5, after two rounds w",
        w,
        0.48,
        {0.33: "that is plain SGD. Update by optimizer.step(), with the optimizer that you are given."},
    )

    # An old gradient of 100 lies in w.grad.
    w, _ = trained(train, sgd, [3.0], [1.0], 1, old_gradient=100.0)
    expect(
        "With x = 3, y = 1, lr = 0.05 and an old gradient of 100 in w.grad, after one round w",
        w,
        0.3,
        {-4.7: "a gradient from before your loop came in. Forget before backward(), not only after step()."},
    )
