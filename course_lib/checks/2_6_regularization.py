"""The tests of assignment 2.6: drop, stop, shrink."""

import functools
import importlib
import math
from contextlib import contextmanager

import torch

from course_lib.checks import question, tools
from course_lib.checks.tools import FIRST_DIGITS, borrowed, close, parts_of, random, refuse, same, tensor

# --- what the tests share ----------------------------------------------------------------------------------


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if "Boolean value" in said:
        return (
            "An if asks for one yes or no, and gets one for each entry. Compute with all entries at once: a "
            f"mask of zeros and ones, clamp, torch.where. ({said})"
        )
    if "singular" in said:
        return f"Your matrix cannot be inverted. Is the penalty on its diagonal? ({said})"
    if "tuple index out of range" in said or "0-d tensor" in said:
        return f"A tensor may have any number of dimensions: a.shape holds them all. ({said})"
    return None


call = functools.partial(tools.call, hint_for)
expect = tools.expect_all_digits


# --- 1 -----------------------------------------------------------------------------------------------------


def dropped(dropout, a, p, training=True, seed=0):
    """What an answer makes of a, whether it drew, drew once, and the mask that it should have drawn."""
    generator = torch.Generator().manual_seed(seed)
    before = generator.get_state()
    out = tensor("What you return", call(dropout, a, p, training, generator), a)
    drew = not torch.equal(before, generator.get_state())
    mask = torch.rand(a.shape, generator=torch.Generator().manual_seed(seed)) >= p
    again = torch.Generator().manual_seed(seed)
    torch.rand(a.shape, generator=again)
    once = torch.equal(again.get_state(), generator.get_state())
    return out, drew, once, mask


@question(points=5)
def dropout(dropout):
    ones = torch.ones(200, 50)
    out, drew, _, _ = dropped(dropout, ones, 0.75, training=False)
    assert torch.equal(out, ones), (
        f"In eval mode (training=False) your layer changes its outputs: ones become {_few(out)}. "
        "There nothing is dropped, and nothing divided."
    )
    assert not drew, (
        "In eval mode your layer draws random numbers. Then an evaluation changes the training that follows."
    )

    out, drew, once, mask = dropped(dropout, ones, 0.75)
    assert drew, (
        "While training, your layer draws nothing from the generator that it was given. Draw from it, and "
        "drop: torch.rand(a.shape, generator=generator)."
    )
    kept = (out != 0).double().mean().item()
    slip = "keep an entry if its number is at least p: with p = 0.75, a quarter."
    assert abs(kept - 0.25) < 0.05, f"With p = 0.75 you keep {kept:.0%} of the entries, not about 25%: {slip}"
    values = out[out != 0].unique()
    assert len(values) == 1, f"With p = 0.75, the ones that were kept became {_few(values)}, not 4 each."
    expect(
        "With p = 0.75, a 1 that is kept",
        values[0],
        4.0,
        {
            1.0: "the outputs are not rescaled. Divide by 1 − p, or their mean falls to a quarter.",
            4 / 3: "you divide by p. A share of 1 − p is kept: divide by that.",
            0.25: "you multiply by 1 − p. Divide, so that the expected value stays.",
            0.75: "you multiply by p. Divide by 1 − p.",
        },
    )
    assert torch.equal(out != 0, mask), (
        "You keep as many entries as one should, but others: draw torch.rand(a.shape, generator=generator) "
        "once, and keep where the number is at least p."
    )
    assert once, (
        "You draw more numbers than one for each entry. Draw torch.rand(a.shape, generator=generator) once."
    )

    a = torch.tensor([[1.0, -2.0, 3.0, -4.0], [5.0, 6.0, 7.0, 8.0]])
    for p in (0.3, 0.5):
        out, _, _, mask = dropped(dropout, a, p, seed=3)
        why = "each entry that is kept is divided by 1 − p, and not by the share that happened to be kept."
        if not torch.equal(out != 0, mask):
            why = "the generator comes with a seed of its own. Draw from it, and leave its seed alone."
        elif close(out, a * mask / (1 - p), 1e-6):
            why = FIRST_DIGITS
        same(
            f"With p = {p}, what you return for [[1, −2, 3, −4], [5, 6, 7, 8]]",
            out,
            a * mask / (1 - p),
            otherwise=why,
        )
    out, drew, _, _ = dropped(dropout, a, 0.0)
    assert torch.equal(out, a), "With p = 0 nothing is dropped."
    assert drew, (
        "With p = 0 your layer draws nothing. While training it draws once, whatever p is: so what is drawn "
        "after it does not hang on p."
    )

    # The way back.
    leaf = a.clone().requires_grad_()
    out = call(dropout, leaf, 0.5, True, torch.Generator().manual_seed(3))
    assert out.requires_grad, (
        "No gradient finds its way back through your layer, so nothing before it could learn. Compute with a "
        "itself: not with a.data, a.detach() or its numbers."
    )
    out.sum().backward()
    same("With p = 0.5, the slope of the sum of what you return, by a,", leaf.grad, 2.0 * mask)


def _few(values):
    return ", ".join(f"{value:.3g}" for value in values.flatten().unique()[:4].tolist())


# --- 2 -----------------------------------------------------------------------------------------------------


def stopped(stopping, losses, *rest, **settings):
    answer = parts_of(call(stopping, list(losses), *rest, **settings), 2, "the index of the best, the looks")
    for part, what in zip(answer, ("index", "number of looks"), strict=True):
        assert isinstance(part, int) and not isinstance(part, bool), (
            f"The {what} must be an int, not {part!r}."
        )
    return answer


def story(losses, patience, min_delta=0.0):
    shown = ", ".join(f"{loss:g}" for loss in losses)
    return f"For the losses {shown}, with patience {patience}" + (
        f" and min_delta {min_delta:g}" if min_delta else ""
    )


@question(points=4)
def stopping(stopping):
    def see(losses, patience, at, looks, slips, **settings):
        got = stopped(stopping, losses, patience, **settings)
        where = story(losses, patience, **settings)
        hint = slips.get(got, "go through them with a pencil.")
        assert got == (at, looks), f"{where}, you return {got}, not {(at, looks)}: {hint}"

    early = (
        "you count one look in vain too many, or begin to count the looks at 0. The first look is the first "
        "best; a new best sets the looks in vain back to 0; the look that stops you counts as taken."
    )
    first = "the first look is the first best. It is none in vain."
    late = "you stop a look too late. After so many looks without a new best, that is all."
    last = "you return the index of the last look. The best one is wanted."
    see(
        [5.0, 4.0, 6.0, 6.0, 3.0],
        2,
        1,
        4,
        {
            (1, 3): early,
            (4, 5): late + " The 3 is never seen.",
            (3, 4): last,
            (4, 4): "the best of *all* losses is not known when you stop.",
            (1, 5): "that is where the list ends. Return how many looks were taken until the stop.",
            (4, 1): "the index comes first, then the looks.",
            (1, 1): "the second number counts all looks that were taken, the one that stopped you, too.",
            (2, 4): "an index counts from 0.",
        },
    )
    see(
        [5.0, 6.0, 4.0, 6.0, 3.0, 6.0, 7.0],
        2,
        4,
        7,
        {
            (2, 4): "a new best must set the count of looks in vain back to 0.",
            (0, 3): "a new best must set the count of looks in vain back to 0.",
            (2, 5): "a new best must set the count of looks in vain back to 0.",
            (0, 2): first,
        },
    )
    see(
        [5.0, 4.0, 4.5, 4.4, 4.3, 1.0],
        3,
        1,
        5,
        {(5, 6): "each loss must be compared with the best so far, not with the one before it."},
    )
    see([3.0, 2.0, 1.0], 2, 2, 3, {(2, 2): early})
    see(
        [4.0, 4.0, 4.0, 1.0],
        2,
        0,
        3,
        {(3, 4): "an equal loss is no new best.", (1, 3): "an equal loss is no new best."},
    )
    see(
        [5.0, 4.75, 4.5, 4.25, 4.0],
        4,
        3,
        5,
        {
            (0, 5): "four steps of 0.25 add up: 4.25 is lower than the best, 5, by more than 0.5.",
            (4, 5): "4.75 is lower than 5 by less than 0.5: no new best. Subtract min_delta from the best.",
            (2, 5): "4.5 is lower than 5 by 0.5, not by more than that.",
        },
        min_delta=0.5,
    )
    see(
        [5.0, 4.9, 4.8, 4.7],
        2,
        0,
        3,
        {
            (0, 4): "a loss that is lower, but not by more than min_delta, is a look in vain, too.",
            (2, 3): "4.8 is the lowest, but no new best: that takes more than min_delta.",
        },
        min_delta=0.5,
    )
    see(
        [5.0, math.nan, 4.0, math.nan, math.nan, 1.0],
        2,
        2,
        5,
        {(2, 6): "a NaN is a look in vain.", (5, 6): "a NaN is a look in vain: it counts."},
    )


# --- 3 -----------------------------------------------------------------------------------------------------


class Run:
    """A run whose losses are known: update k fills the weights with k, and the loss is then losses[k − 1]."""

    def __init__(self, losses, shapes=((2,), (3, 2))):
        self.losses = losses
        self.weights = [torch.full(shape, -1.0) for shape in shapes]
        self.tensors = list(self.weights)
        self.views = [w.view(-1) for w in self.tensors]
        self.events = []

    def update(self):
        done = self.events.count("update") + 1
        assert done <= len(self.losses), (
            f"You make more than {len(self.losses)} updates. Does the count of looks in vain reach the "
            "patience, and do you stop after `most` updates?"
        )
        self.events.append("update")
        for w in self.tensors:
            w.fill_(float(done))

    def validate(self):
        done = self.events.count("update")
        assert done, "You look before the first update. An update comes first, then the look."
        assert self.events[-1] == "update", "You look twice after one update. Keep the loss in a variable."
        self.events.append("look")
        return self.losses[done - 1]

    def ask(self, train_until, patience, most):
        """Call an answer; what it returned, and the number of updates that it made."""
        best = call(train_until, self.update, self.validate, self.weights, patience, most, may_change=(3,))
        looks, updates = self.events.count("look"), self.events.count("update")
        assert looks == updates, (
            f"You make {updates} updates and {looks} looks. Each update is followed by a look."
        )
        assert best is not None, "You return nothing. Is the line with return missing?"
        return tools.number(best, "The best loss"), updates


def went_back(run, losses, patience, best_at):
    """See that the weights hold the numbers of the best look: update number best_at, or the start for 0."""
    want = float(best_at) if best_at else -1.0
    last = float(run.events.count("update"))
    where = story(losses, patience)
    for k, (old, now, view) in enumerate(zip(run.tensors, run.weights, run.views, strict=True)):
        assert old is now, (
            "The list holds other tensors at the end. Whoever else holds the old ones does not see the best "
            "weights: write into them, w.copy_(old)."
        )
        value = old.unique().tolist()
        if value == [want]:
            assert torch.equal(view, old.view(-1)), (
                "Whoever holds a part of one of the tensors, such as w[0], does not see the best weights: "
                "you gave the tensor another memory. Write into it, w.copy_(old)."
            )
            continue
        if value == [last] and best_at == 0:
            raise AssertionError(
                f"{where}, no look is a best one, and the weights at the end are those of the last update, "
                f"{last:g}. They should be those of the start, {want:g}: keep a copy from the beginning."
            )
        if last - best_at < patience and all(w.unique().tolist() == [last] for w in run.tensors):
            raise AssertionError(
                f"{where}, and at most {last:g} updates, the weights at the end are those of the last "
                f"update, {last:g}, not those of the best look, {want:g}. Bring them back when the run ends "
                "after `most` updates, too, and not only when patience runs out."
            )
        if value == [last] and k:
            raise AssertionError(
                f"{where}, tensor 0 of the list went back to the best look, and tensor {k} holds those of "
                "the last update: all tensors of the list must go back."
            )
        if value == [last]:
            raise AssertionError(
                f"{where}, the weights at the end are those of the last update, {last:g}, not those of the "
                f"best look, {want:g}. Did you keep a second name for the tensors? w.clone() makes a copy. "
                "And is it written back?"
            )
        raise AssertionError(
            f"{where}, the weights at the end are {value}, not those of the best look, {want:g}."
        )


@question(points=5)
def train_until(train_until):
    def see(losses, patience, most, best_at, updates, hints):
        run = Run(losses)
        best, made = run.ask(train_until, patience, most)
        where = story(losses, patience)
        hint = hints.get(made, "count the looks without a new best.")
        if made > most:
            hint = "stop after `most` updates at the latest."
        assert made == updates, f"{where} and most = {most}, you make {made} updates, not {updates}: {hint}"
        want = losses[best_at - 1] if best_at else math.inf
        assert close(best, want) or best == want, (
            f"{where}, you return {best:g}, not the best loss, {want:g}."
        )
        went_back(run, losses, patience, best_at)

    vain = "a new best must set the count of looks in vain back to 0."
    see(
        [5.0, 3.0, 4.0, 6.0, 1.0],
        2,
        5,
        2,
        4,
        {3: "you stop a look too early.", 5: "you stop a look too late."},
    )
    see([5.0, 6.0, 4.0, 6.0, 3.0, 7.0, 8.0, 1.0], 2, 8, 5, 7, {3: vain, 4: vain, 5: vain})
    see([5.0, 4.0, 3.0, 2.0, 1.0], 2, 3, 3, 3, {})
    see([3e12, 2e12, 4e12, 4e12, 1.0], 2, 5, 2, 4, {2: "the first loss is a new best, however large it is."})
    see([5.0, 1.0, 2.0, 0.0], 3, 3, 2, 3, {})
    see(
        [3e-5, 2.9999e-5, 2.9998e-5, 1.0, 1.0, 0.0],
        2,
        6,
        3,
        5,
        {3: "a loss below all before it is a new best, however little it is lower."},
    )
    see(
        [5.0, 2.0, 4.0, 3.5, 3.0, 1.0],
        3,
        6,
        2,
        5,
        {6: "compare with the best loss so far, not with the one before."},
    )
    see(
        [4.0, 4.0, 4.0, 1.0],
        2,
        4,
        1,
        3,
        {4: "an equal loss is no new best.", 2: "you stop a look too early."},
    )
    see([math.nan, math.nan, math.nan], 2, 3, 0, 2, {3: "a NaN is a look without a new best."})


# --- 4 -----------------------------------------------------------------------------------------------------


def solved(ridge, X, y, lam):
    answer = parts_of(call(ridge, X, y, lam), 2, "w, b")
    w = tensor("Your w", answer[0], X[0])
    b = answer[1]
    assert isinstance(b, torch.Tensor) and b.numel() == 1, (
        f"Your b must be a tensor with one number, not {b!r}."
    )
    tools.precise("Your b", b, X)
    return w, b.reshape(())


@question(points=5)
def ridge(ridge):
    # Centred, x is ±1 and y is ±2: XᵀX = 4, Xᵀy = 8, nλ = 4: w = 8 / (4 + 4) = 1, and b = 4 − 2·1.
    X = torch.tensor([[1.0], [1.0], [3.0], [3.0]])
    y = torch.tensor([2.0, 2.0, 6.0, 6.0])
    w, b = solved(ridge, X, y, 1.0)
    expect(
        "For x = 1, 1, 3, 3 and y = 2, 2, 6, 6 with λ = 1, your w",
        w,
        1.0,
        {
            1.5: "the penalty touches b, too. Leave b alone.",
            1.6: "the factor n is missing: the loss is a mean. Its ridge adds nλ to the diagonal.",
            4 / 3: "the factor is nλ/2, as for the penalty ½λ‖w‖². Here it is λ‖w‖²: nλ.",
            2 / 3: "the factor is 2nλ. The 2 of both gradients cancels: nλ.",
            40 / 24: "nothing was centred, and there is no b in your fit.",
            2.0: "that is least squares, without a penalty.",
            8 / 7: "the factor is n − 1. The mean of the loss divides by n.",
        },
    )
    expect(
        "There your b",
        b,
        2.0,
        {
            4.0: "that is the mean of y. Subtract the mean of x times w.",
            0.0: "for centred columns b is 0, but these are not: y's mean minus the mean of x times w.",
            6.0: "the sign is turned round: the mean of y *minus* the mean of x times w.",
        },
    )
    # A strong penalty leaves the mean of y.
    w, b = solved(ridge, X, y, 1e9)
    expect("With λ = 10⁹, your b", b, 4.0, {0.0: "the penalty touches b, too."}, tolerance=1e-6)
    # Two columns, more weights than examples.
    X = torch.tensor([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])
    y = torch.tensor([3.0, 1.0])
    w, b = solved(ridge, X, y, 0.5)
    stationary(X, y, 0.5, w, b, "With two examples of three columns")


def stationary(X, y, lam, w, b, where):
    """See that w and b are the minimum: both gradients of the penalized loss are 0 there."""
    error = X @ w + b - y
    slope = 2 / len(X) * X.T @ error + 2 * lam * w
    nearly = slope.abs().max() < 1e-6 * max(1, y.abs().max())
    assert slope.abs().max() < 1e-8 * max(1, y.abs().max()), (
        f"{where} the slope of the penalized loss by w is {slope.abs().max():.2g} at your answer, not 0: "
        f"{FIRST_DIGITS if nearly else 'it is not the minimum.'}"
    )
    assert abs(error.mean()) < 1e-8 * max(1, y.abs().max()), (
        f"{where} the slope of the loss by b is {2 * error.mean():.2g} at your answer, not 0. Is b penalized?"
    )


# --- 5 -----------------------------------------------------------------------------------------------------


@question(points=4)
def lasso_update(soft, lasso_update):
    v = torch.tensor([3.0, -3.0, 0.5, -0.5, 1.0, 0.0])
    got = tensor("What soft returns", call(soft, v, 1.0), v)
    same(
        "soft of (3, −3, 0.5, −0.5, 1, 0) with the threshold 1",
        got + 0.0,  # without the sign of a zero
        torch.tensor([2.0, -2.0, 0.0, 0.0, 0.0, 0.0]),
        [
            (v - v.sign(), "0.5 went past 0. No further than 0: clamp."),
            ((v - 1).clamp(min=0), "negative entries move up, towards 0; they do not all become 0."),
            (torch.where(v.abs() > 1, v, 0.0), "what is larger than the threshold must shrink, too."),
            (v - 1, "all entries moved down. Each moves towards 0."),
            ((v.abs() - 1).clamp(min=0), "the signs are lost."),
        ],
        "each entry moves towards 0 by 1, and stops there.",
    )

    # w = 1: the gradient is 2/2 · (1·(1 − 2) + 3·(3 − 6)) = −10, the step leads to 2, the threshold is 0.1·4.
    X, y, w = torch.tensor([[1.0], [3.0]]), torch.tensor([2.0, 6.0]), torch.tensor([1.0])
    got = tensor("What lasso_update returns", call(lasso_update, X, y, w, 0.1, 4.0), w)
    expect(
        "For x = 1, 3 and y = 2, 6, from w = 1 with lr = 0.1 and λ = 4, your new w",
        got,
        1.6,
        {
            0.0: "the threshold was λ. In one update it is lr·λ.",
            2.0: "that is the gradient step alone. The soft threshold comes after it.",
            2.4: "the threshold pushed away from 0.",
            1.1: "the factor 2 of the gradient is missing.",
            2.6: "the gradient is a sum over the examples. The loss is a mean: divide by n.",
            1.2: "the threshold was 2·lr·λ. That is the slope of λw², not of λ|w|.",
        },
    )
    # Near 0: the step leads from 0.15 to 0.1, below the threshold 0.2.
    X, y, w = torch.ones(2, 1), torch.tensor([0.0, 0.1]), torch.tensor([0.15])
    got = tensor("What lasso_update returns", call(lasso_update, X, y, w, 0.25, 0.8), w)
    expect(
        "Where the gradient step leads to 0.1 and the threshold is 0.2, your new w",
        got,
        0.0,
        {
            -0.1: "it went past 0, as plain descent does. The soft threshold stops at 0.",
            -0.05: "the threshold came before the gradient step. It comes after.",
        },
        otherwise="below the threshold, the weight becomes exactly 0.",
    )
    assert got.item() == 0, "It must be exactly 0, and is only near."
    # A weight that is 0: the gradient is (0, −5), the step leads to (1, 2.5), the threshold is 0.2.
    X, y, w = torch.eye(2), torch.tensor([1.0, 5.0]), torch.tensor([1.0, 0.0])
    got = tensor("What lasso_update returns", call(lasso_update, X, y, w, 0.5, 0.4), w)
    same(
        "For X = ((1, 0), (0, 1)) and y = (1, 5), from w = (1, 0) with lr = 0.5 and λ = 0.4, your new w",
        got,
        torch.tensor([0.8, 2.3]),
        [((0.8, 0.0), "a weight that is 0 may leave it again. The threshold looks at where the step leads.")],
    )


# --- 6 -----------------------------------------------------------------------------------------------------


@question(points=4)
def decay(penalty_update, shrink_update):
    ready = importlib.import_module("torch.optim.sgd"), ("SGD", *READY)
    for function in (penalty_update, shrink_update):
        assert borrowed(function, ready) is None, BY_HAND_ONLY
    w, g, v = torch.tensor([3.0]), torch.tensor([1.0]), torch.tensor([1.0])
    new, velocity = penalized(penalty_update, w, g, v, 0.2, 0.9, 0.5)
    expect(
        "For w = 3, g = 1, v = 1 with lr 0.2, momentum 0.9 and λ = 0.5, your new v",
        velocity,
        3.4,
        {
            1.9: "the penalty is missing in it. λw is added to g before the velocity takes it.",
            4.9: "the penalty's gradient is 2λw there. That of ½λ‖w‖² is λw.",
            2.65: "the penalty's gradient is ½λw there. That of ½λ‖w‖² is λw.",
            3.25: "the momentum multiplies the penalty, too: only the old velocity is multiplied.",
            2.5: "the old velocity is missing.",
            1.15: "the new gradient is multiplied by 1 − momentum: torch's SGD does not.",
            0.68: "the velocity holds no learning rate, in torch.",
            1.4: "the velocity holds no learning rate, in torch.",
            2.4: "λ is added, and not λ·w.",
            1.0: "that is the old one: return the new v.",
            3.5: "the old velocity is not multiplied by the momentum.",
        },
    )
    expect(
        "There your new w",
        new,
        2.32,
        {
            2.02: "the decay is applied twice: in v, and again to w.",
            2.8: "the weights move by −lr·v with the old v. Take the new one.",
            3.68: "the sign is turned round: w − lr·v.",
            2.5: "that is the step without momentum. The weights move by −lr·v.",
        },
    )

    new = shrunk(shrink_update, w, g, 0.2, 0.5)
    expect(
        "For w = 3, g = 1 with lr 0.2 and λ = 0.5, your shrunk and stepped w",
        new,
        2.5,
        {
            2.2: "the factor was 1 − 2ηλ. For ½λ‖w‖² it is 1 − ηλ.",
            2.52: "the step came first and was shrunk with the weights. Shrink first, then step.",
            1.3: "the factor was 1 − λ. The rate belongs to it: 1 − ηλ.",
            2.8: "nothing shrinks.",
            3.1: "the weights grew. The factor is 1 *minus* ηλ.",
            3 / 1.1 - 0.2: "the weights were divided by 1 + ηλ. The factor is 1 − ηλ.",
        },
    )
    # With momentum 0 the two are one.
    w, g, v = random(5, seed=1), random(5, seed=2), random(5, seed=3)
    one, velocity = penalized(penalty_update, w, g, v, 0.3, 0.0, 0.7)
    other = shrunk(shrink_update, w, g, 0.3, 0.7)
    assert close(one, other, 1e-12), (
        f"With momentum 0 your two updates differ. {FIRST_DIGITS if close(one, other, 1e-5) else ''}"
    )
    assert close(velocity, g + 0.7 * w), "With momentum 0 the new v is g + λw: not the old one, and not 0."


BY_HAND_ONLY = "Write the update out, without torch.optim."
READY = ("sgd", "_single_tensor_sgd")


@contextmanager
def by_hand():
    """While an answer runs, no optimizer of torch's can be made, nor its functions called."""
    functions = importlib.import_module("torch.optim.sgd")
    with (
        refuse(torch.optim.Optimizer, "__init__", because=BY_HAND_ONLY),
        refuse(functions, *READY, because=BY_HAND_ONLY),
    ):
        yield


def penalized(penalty_update, w, g, v, *settings):
    with by_hand():
        answer = call(penalty_update, w, g, v, *settings)
    new, velocity = parts_of(answer, 2, "w, v")
    return tensor("Your new w", new, w), tensor("Your new v", velocity, v)


def shrunk(shrink_update, w, g, *settings):
    with by_hand():
        return tensor("What shrink_update returns", call(shrink_update, w, g, *settings), w)
