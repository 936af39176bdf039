"""The unseen tests of assignment 1.5."""

import random

import torch

from course_lib.checks import module
from course_lib.checks.tools import close, expect

the = module("1_5_gradients")


def measure(measure, seed=0):
    # Against autograd, for other functions and numbers of weights.
    for n, f in (
        (1, lambda w: w.exp().sum()),
        (3, lambda w: w.sin().prod() + w[0]),
        (7, lambda w: (w**2).sum() / (1 + w[0] ** 2)),
        (12, lambda w: torch.tanh(w).mean() ** 2),
    ):
        w = the.random(n, seed=100 * seed + n)
        leaf = w.clone().requires_grad_()
        f(leaf).backward()
        for h in ((6e-6,), ()):
            slopes, points = the.measured(measure, f, w, *h)
            where = f"with {n} weight{'s' * (n > 1)} and {'h = 6e-6' if h else 'the default of h'}"
            assert close(slopes, leaf.grad, 1e-7), f"{where} you and autograd differ."
            assert len(points) == 2 * n, f"{where} you evaluate f {len(points)} times, not {2 * n}."
        w = w.clamp(-1, 1)
        _, points = the.measured(measure, f, w)
        far = max(nudge.abs().max().item() for nudge, _ in points)
        assert close(far / 6e-6, 1, 1e-6), (
            f"without h, a weight below 1 is nudged by {far:.3g}. Keep the default of h, 6e-6."
        )

    # Cubes of weights of different sizes: the slope is c·(3w² + nudge²), exactly.
    for number in range(3):
        c = the.random(4, seed=100 * seed + 20 + number)
        w = the.random(4, seed=100 * seed + 30 + number) * torch.tensor([0.1, 1.0, 10.0, 100.0])
        slopes, _ = the.measured(measure, lambda w, c=c: (c * w**3).sum(), w, 0.05)
        want = c * (3 * w**2 + (0.05 * w.abs().clamp(min=1)) ** 2)
        for i in range(4):
            where = f"with f = Σ cᵢwᵢ³, h = 0.05 and w = {w.tolist()}, slope {i}"
            expect(where, slopes[i], want[i].item(), tolerance=1e-6, otherwise="nudge by h·max(1, |w_i|).")

    # A very large weight.
    slopes, _ = the.measured(measure, lambda w: w[0] ** 2, torch.tensor([1e9]), 6e-6)
    expect("at w = 1e9, the slope of w²", slopes[0], 2e9, tolerance=1e-8, otherwise="nudge by 6000.")


def suspects(suspects, seed=0):
    # A healthy one, with zeros and tiny slopes; and one with a bug.
    (*_, (_, loss_c, gradient_c, _, _)) = the.patients()

    def healthy_gradient(w):
        g = gradient_c(w)
        g[2] = 2e-5 * w[2]
        return g

    for number in range(4):
        w = the.random(4, seed=100 * seed + number)
        found = the.list_of_ints(the.call(suspects, loss_c, healthy_gradient, w, the.by_complex_step))
        assert found == [], f"at w = {w.tolist()}, a right gradient is accused of {found}."
        w = w.abs() + 1
        for bug in range(3):

            def sick_gradient(w, bug=bug):
                g = healthy_gradient(w)
                g[bug] *= 1.001
                return g

            found = the.list_of_ints(the.call(suspects, loss_c, sick_gradient, w, the.by_complex_step))
            assert found == [bug], (
                f"a gradient that is wrong by a thousandth in weight {bug} is accused of {found}."
            )

    # The defaults: a tolerance of 1e-6, and a floor of 1e-4.
    for size in (1.0, -300.0):
        for share, verdict in ((2e-6, [0]), (0.5e-6, [])):
            found = the.accused(suspects, [size], [size * (1 + share)])
            assert found == verdict, (
                f"with the default tolerance, a relative error of {share:g} is accused of {found}."
            )
    for m, verdict in ((2e-10, [0]), (0.5e-10, [])):
        found = the.accused(suspects, [0.0], [m])
        assert found == verdict, f"with the default floor, 0 against {m:g} is accused of {found}."

    # All wrong; and many, at random.
    found = the.accused(suspects, [1.0] * 5, [2.0] * 5)
    assert found == [0, 1, 2, 3, 4], f"where all five slopes are wrong, you accuse {found}."
    for number in range(4):
        chance = random.Random(100 * seed + number)
        a = [chance.uniform(-2, 2) for _ in range(5)]
        sick = [i for i in range(5) if chance.random() < 0.5]
        m = [one + chance.choice((-1, 1)) * 0.01 if i in sick else one for i, one in enumerate(a)]
        found = the.accused(suspects, a, m)
        assert found == sick, f"where {a} is said and {m} measured, you accuse {found}."


def operations(tanh, divide, seed=0):
    Value = the.value_of(tanh)

    # In larger expressions, against autograd.
    chance = random.Random(seed)
    for start in (-2.0, -0.3, 0.4, 1.7, chance.uniform(-2, 2), chance.uniform(-2, 2)):
        v = Value(start)
        result = tanh(divide(v * v + v, tanh(v) + Value(3.0))) * v
        leaf = torch.tensor(start, requires_grad=True)
        wanted = torch.tanh((leaf * leaf + leaf) / (torch.tanh(leaf) + 3)) * leaf
        wanted.backward()
        what = f"for tanh((v² + v) / (tanh v + 3)) · v at v = {start:.3g},"
        expect(f"{what} the value", result.data, wanted.item())
        slope = the.slope_by(result, v)
        expect(f"{what} the slope", slope, leaf.grad.item(), otherwise="autograd says so.")

    # Other quotients, with numbers below zero, and of a Value by itself.
    for upper, lower in ((-3.0, 2.0), (3.0, -2.0), (0.0, 5.0), (chance.uniform(1, 9), chance.uniform(1, 9))):
        a, b = Value(upper), Value(lower)
        quotient = the.made("divide", divide, a, b)
        expect(f"for {upper:.3g} / {lower:.3g}, the value", quotient.data, upper / lower)
        expect(f"for {upper:.3g} / {lower:.3g}, the slope by a", the.slope_by(quotient, a), 1 / lower)
        expect(f"for {upper:.3g} / {lower:.3g}, the slope by b", the.slope_by(quotient, b), -upper / lower**2)
    v = Value(5.0)
    slope = the.slope_by(divide(v, v), v)
    expect("for v / v, which is 1 for any v, the slope", slope, 0.0)


def backward(backward, seed=0):
    Value = the.value_of(backward)

    # Random expressions, against autograd.
    for number in range(12):
        chance = random.Random(100 * seed + number)
        start = [chance.uniform(-1, 1) for _ in range(3)]
        mine = [Value(one) for one in start]
        theirs = [torch.tensor(one, requires_grad=True) for one in start]
        mine_all, theirs_all = list(mine), list(theirs)
        for _ in range(12):
            i, j, times = chance.randrange(len(mine_all)), chance.randrange(len(mine_all)), chance.random()
            for numbers in (mine_all, theirs_all):
                numbers.append(numbers[i] * numbers[j] if times < 0.5 else numbers[i] + numbers[j])
        total, wanted = mine_all[-1], theirs_all[-1]
        for k in range(-4, -1):
            total, wanted = total + mine_all[k], wanted + theirs_all[k]
        the.after_backward(backward, total)
        wanted.backward()
        for a, b in zip(mine, theirs, strict=True):
            true = 0.0 if b.grad is None else b.grad.item()
            expect(
                "in a random expression of 12 operations, a leaf's gradient",
                a.grad,
                true,
                otherwise="autograd says so. Serve each Value once, when all its reports have come in.",
            )

    # Old gradients, in L = w·w + w at w = 2: of the leaf, of w·w, and of the result.
    w = Value(2.0)
    p = w * w
    L = p + w
    w.grad, p.grad, L.grad = 100.0, 10.0, 1000.0
    the.after_backward(backward, L)
    expect("where L held a gradient of 1000, its new one", L.grad, 1, otherwise="result.grad is 1.")
    expect("where w·w held a gradient of 10, its new one", p.grad, 1, otherwise="it starts anew, from 0.")
    expect(
        "where the leaf w held 100, and 5 is added, its gradient",
        w.grad,
        105,
        otherwise="a leaf adds.",
    )

    # A slope that is negative, zero and one again, along the way.
    w = Value(-1.0)
    p = w * Value(0.0)
    the.after_backward(backward, (p + Value(1.0)) * w)
    expect("for L = (0·w + 1)·w at w = −1, dL/dw", w.grad, 1)

    # The result is a leaf itself.
    lone = Value(2.0)
    the.after_backward(backward, lone)
    expect("where the result is itself a leaf, its gradient", lone.grad, 1, otherwise="result.grad is 1.")
