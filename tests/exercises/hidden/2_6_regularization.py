"""The unseen tests of assignment 2.6."""

import math
import random

import torch

from course_lib.checks import module
from course_lib.checks.tools import close

the = module("2_6_regularization")


def dropout(dropout, seed=0):
    for number, (shape, p) in enumerate(
        (((7,), 0.3), ((4, 6), 0.5), ((3, 2, 5), 0.9), ((50, 40), 0.1), ((), 0.5))
    ):
        a = the.random(*shape, seed=100 * seed + number)
        where = f"for {shape} random numbers and p = {p}"
        out, drew, once, mask = the.dropped(dropout, a, p, seed=seed + number)
        assert drew and once, f"{where}, you do not draw one number for each entry from the generator."
        assert close(out, a * mask / (1 - p), 1e-12), f"{where}, what you return is not a·m/(1 − p)."
        out, drew, _, _ = the.dropped(dropout, a, p, training=False, seed=seed)
        assert torch.equal(out, a) and not drew, f"{where}, eval mode is not the identity."
    p = torch.rand(9, generator=torch.Generator().manual_seed(seed))[4].item()
    out, _, _, mask = the.dropped(dropout, torch.ones(9), p, seed=seed)
    assert torch.equal(out != 0, mask), "an entry whose number is exactly p is kept: at least p."
    a = the.random(6, 5, seed=seed)
    first, *_ = the.dropped(dropout, a, 0.5, seed=seed)
    second, *_ = the.dropped(dropout, a, 0.5, seed=seed + 1)
    assert not torch.equal(first, second), "two generators of different seeds give the same units."
    generator, total = torch.Generator().manual_seed(seed), 0
    for _ in range(400):
        total = total + dropout(torch.ones(50), 0.6, True, generator)
    mean = total.mean().item() / 400
    assert abs(mean - 1) < 0.05, f"the mean of ones after dropout with p = 0.6 is {mean:.2f}, not about 1."


def stopping(stopping, seed=0):
    for number in range(60):
        chance = random.Random(1000 * seed + number)
        losses = [chance.choice((1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)) for _ in range(chance.randrange(1, 14))]
        if number % 4 == 3 and len(losses) > 2:
            losses[chance.randrange(1, len(losses))] = math.nan
        if number % 2:
            losses = [loss - 3 for loss in losses]
        patience = chance.randrange(1, 6)
        settings = {"min_delta": chance.choice((0.25, 0.5, 1.0))} if number % 3 == 2 else {}
        at, looks = told(losses, patience, **settings)
        got = the.stopped(stopping, losses, patience, **settings)
        assert got == (at, looks), (
            f"{the.story(losses, patience, **settings)}, you return {got}, not {(at, looks)}."
        )


def told(losses, patience, min_delta=0.0):
    """The same, in other words."""
    best, at, vain = losses[0], 0, 0
    for i, loss in enumerate(losses[1:], start=1):
        if best - loss > min_delta:
            best, at, vain = loss, i, 0
        else:
            vain += 1
        if vain >= patience:
            return at, i + 1
    return at, len(losses)


def train_until(train_until, seed=0):
    for number in range(40):
        chance = random.Random(1000 * seed + number)
        length = chance.randrange(1, 14)
        losses = [chance.choice((-2.0, -1.0, 0.0, 1.0, 2.0, math.nan, math.inf)) for _ in range(length)]
        patience, most = chance.randrange(1, 5), chance.randrange(1, length + 1)
        best, at, vain, made = math.inf, 0, 0, 0
        for loss in losses[:most]:
            made += 1
            if loss < best:
                best, at, vain = loss, made, 0
            else:
                vain += 1
            if vain >= patience:
                break
        run = the.Run(losses, shapes=((3,), (2, 2), (1, 4))[: 1 + number % 3])
        got, updates = run.ask(train_until, patience, most)
        where = f"{the.story(losses, patience)} and at most {most} updates"
        assert updates == made, f"{where}, you make {updates} updates, not {made}."
        assert got == best, f"{where}, you return {got}, not {best}."
        the.went_back(run, losses, patience, at)

    # Around a real loop, on noise.
    X, y = the.random(30, 8, seed=seed), the.random(30, seed=seed + 1)
    w, seen = torch.zeros(8), []

    def update():
        w.sub_(0.05 * 2 / 15 * X[:15].T @ (X[:15] @ w - y[:15]))

    def validate():
        seen.append((((X[15:] @ w - y[15:]) ** 2).mean().item(), w.clone()))
        return seen[-1][0]

    best = train_until(update, validate, [w], 5, 300)
    lowest, weights = min(seen, key=lambda one: one[0])
    assert best == lowest and torch.equal(w, weights), (
        "around gradient descent on random data, what comes back is not the best look."
    )


def ridge(ridge, seed=0):
    for number, (n, d) in enumerate(((6, 1), (20, 4), (3, 7), (50, 3), (2, 2))):
        X = 3 * the.random(n, d, seed=100 * seed + number) + 5
        y = 2 * the.random(n, seed=100 * seed + 50 + number) - 40
        for lam in (1e-4, 1.0, 30.0):
            w, b = the.solved(ridge, X, y, lam)
            the.stationary(X, y, lam, w, b, f"for {n} examples of {d} columns and λ = {lam}")
    X, y = the.random(9, 3, seed=seed), the.random(9, seed=seed + 1)
    w, b = the.solved(ridge, X, y, 0.2)
    moved, b_moved = the.solved(ridge, X + 100.0, y + 7, 0.2)
    assert close(moved, w, 1e-8), "if all inputs and y are shifted, w must stay what it was."
    the.expect(
        "if y is shifted by 7 and x by 100, b", b_moved, (b + 7 - 100 * w.sum()).item(), tolerance=1e-7
    )


def lasso_update(soft, lasso_update, seed=0):
    v = 3 * the.random(4, 5, seed=seed)
    for threshold in (0.0, 0.7, 2.5, 100.0):
        got = the.tensor(f"what soft returns for the threshold {threshold}", the.call(soft, v, threshold), v)
        want = torch.where(v > threshold, v - threshold, torch.where(v < -threshold, v + threshold, 0.0))
        assert close(got, want, 1e-12), f"for random numbers and the threshold {threshold}, soft is wrong."
    for number, (n, d) in enumerate(((5, 2), (30, 6), (4, 9))):
        X, y = the.random(n, d, seed=100 * seed + number), the.random(n, seed=100 * seed + 10 + number)
        w = the.random(d, seed=100 * seed + 20 + number)
        for lr, lam in ((0.1, 0.5), (0.03, 4.0), (0.2, 0.0)):
            got = the.tensor("what lasso_update returns", the.call(lasso_update, X, y, w, lr, lam), w)
            leaf = w.clone().requires_grad_()
            ((X @ leaf - y) ** 2).mean().backward()
            step = w - lr * leaf.grad
            want = step.sign() * torch.relu(step.abs() - lr * lam)
            where = f"for {n} examples of {d} columns, lr = {lr} and λ = {lam}"
            assert close(got, want, 1e-10), (
                f"{where}, your update is wrong. All entries step from the same, old w."
            )

    # It ends at the minimum: where w is 0 the data pull by less than λ, elsewhere by λ.
    X, y = the.random(40, 5, seed=seed), the.random(40, seed=seed + 3)
    w, lam = torch.zeros(5), 0.15
    for _ in range(3000):
        w = lasso_update(X, y, w, 0.1, lam)
    pull = -2 / 40 * X.T @ (X @ w - y)
    assert bool((pull.abs() <= lam + 1e-8).all()) and close(pull[w != 0], lam * w[w != 0].sign(), 1e-7), (
        "after 3000 of your updates the weights are not at the lasso's minimum."
    )


def decay(penalty_update, shrink_update, seed=0):
    for number, (lr, momentum, lam) in enumerate(
        ((0.1, 0.9, 0.01), (0.05, 0.5, 2.0), (0.3, 0.0, 0.1), (0.2, 0.7, 0.0))
    ):
        w = the.random(4, 3, seed=100 * seed + number)
        theirs = w.clone().requires_grad_()
        rule = torch.optim.SGD([theirs], lr=lr, momentum=momentum, weight_decay=lam)
        shrunk = plain = w
        v = torch.zeros(4, 3)
        for t in range(20):
            g = the.random(4, 3, seed=1000 * seed + 50 * number + t) + theirs.detach() ** 3 / 10
            theirs.grad = g.clone()
            rule.step()
            w, v = the.penalized(penalty_update, w, g, v, lr, momentum, lam)
            plain = (1 - lr * lam) * plain - lr * g
            shrunk = the.shrunk(shrink_update, shrunk, g, lr, lam)
        where = f"after 20 updates with lr = {lr}, momentum = {momentum} and λ = {lam}"
        assert close(w, theirs.detach(), 1e-12), f"{where}, penalty_update and torch's SGD differ."
        assert close(shrunk, plain, 1e-12), f"{where}, shrink_update is not (1 − ηλ)·w − η·g."
    # With a gradient of zero, the weights shrink by a fixed factor.
    w = the.random(6, seed=seed)
    for _ in range(10):
        w = shrink_update(w, torch.zeros(6), 0.1, 0.5)
    assert close(w, 0.95**10 * the.random(6, seed=seed), 1e-12), (
        "with g = 0, ten updates do not shrink by 0.95¹⁰."
    )
