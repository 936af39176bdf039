"""Runs of an optimizer put together in different ways, side by side: plain, flat and compiled."""

import pytest
import torch
from problem import OPTIMIZERS, Problem, assert_same

from course_lib import flat

#: Every optimizer, options that use all of its terms, and how many branches its rule takes over a run. The
#: first update is a branch too: it makes the states.
RULES = [
    ("SGD", dict(momentum=0.9, nesterov=True, weight_decay=0.1), 2),
    ("Adagrad", dict(lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.2), 2),
    ("Adadelta", dict(weight_decay=0.1), 2),
    ("RMSprop", dict(momentum=0.9, centered=True, weight_decay=0.1), 2),
    ("Adam", dict(amsgrad=True, weight_decay=0.1), 2),
    ("AMSGrad", {}, 2),
    ("AdamW", dict(weight_decay=0.1), 2),
    ("Adamax", dict(weight_decay=0.1), 2),
    ("NAdam", dict(weight_decay=0.1), 2),
    ("RAdam", dict(weight_decay=0.1), 3),
    (
        "AdEMAMix",
        dict(weight_decay=0.1, beta3_warmup=20, alpha_warmup=10),
        4,
    ),  # warming up twice, once, or not
    ("Lion", dict(weight_decay=0.1), 2),
    ("LARS", dict(weight_decay=0.1), 2),
    ("LAMB", dict(weight_decay=0.1), 2),
    ("Muon", dict(weight_decay=0.1), 2),
    ("Adafactor", dict(weight_decay=0.1, d=1.5), 2),
    ("SOAP", dict(weight_decay=0.1, precondition_frequency=3), 3),  # turning, or not
    ("Lookahead", {}, 3),  # a synchronization, or none
    ("Ranger", dict(weight_decay=0.1), 5),  # the same, times RAdam's two
    ("SGDScheduleFree", dict(weight_decay=0.1), 3),  # warming up, or not
    ("AdamWScheduleFree", dict(weight_decay=0.1), 3),
]
#: As executions of a test: traced only (see `compiler_of` in conftest.py), and, in `make deep`, by torch's
#: compiler, which takes 4 to 40 s for a rule.
COMPILED = ["compiled", pytest.param("compiled", marks=pytest.mark.deep, id="compiled by torch")]
#: The same for a test that compiles whatever it is given.
BY_BOTH = pytest.mark.parametrize("compiler", ["traced", pytest.param("torch", marks=pytest.mark.deep)])
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-6}


def assert_equal_runs(problem, optimizer, twin, other, tolerance):
    """Hold parameters, states and update counts of two runs equal."""
    assert_same(problem.params, twin.params, tolerance)
    for p, q in zip(problem.params, twin.params, strict=True):
        mine, its = optimizer.state[p], other.state[q]
        assert mine.keys() == its.keys() and mine.get("step") == its.get("step")
        names = [name for name in mine if name != "step"]
        for name in names:
            torch.testing.assert_close(mine[name], its[name], rtol=tolerance, atol=tolerance)


def follow(problem, optimizer, twin, other, steps, tolerance):
    """Let two runs go on side by side, at a rate that changes, and hold them equal after each update."""
    for step in steps:
        for each in (optimizer, other):
            for group in each.param_groups:
                group["lr"] *= 0.99
        problem.take(optimizer, [step])
        twin.take(other, [step])
        assert_equal_runs(problem, optimizer, twin, other, tolerance)


def matrices(dtype, square=False):
    """Parameters of which several are alike, and none is treated apart for its size or form."""
    generator = torch.Generator().manual_seed(0)
    shapes = [(3, 5), (4, 6), (3, 5), (3, 5), (4, 7)]
    shapes = [(rows, rows) for rows, _ in shapes] if square else shapes
    return [torch.randn(shape, generator=generator, dtype=dtype).requires_grad_() for shape in shapes]


def assert_compiled_is_plain(name, hyper, branches):
    """300 updates under a schedule: the same numbers, with one graph for each branch of the rule."""
    torch._dynamo.reset()
    flat.compiled_update.cache_clear()
    torch._dynamo.utils.counters.clear()
    # Single precision is enough to see a wrong formula; products of matrices make much of the last digits.
    dtype = torch.float64 if name in ("RAdam", "Muon", "SOAP") else torch.float32
    problem, twin = Problem(dtype=dtype), Problem(dtype=dtype)
    # The first gradient of an oblong matrix leaves directions free, and SOAP's axes there to rounding.
    problem.params, twin.params = matrices(dtype, name == "SOAP"), matrices(dtype, name == "SOAP")
    optimizer = OPTIMIZERS[name](problem.params, **hyper, execution="compiled")
    other = OPTIMIZERS[name](twin.params, **hyper)
    for its in (optimizer, other):
        for group in its.param_groups:
            group["lr"] /= 10
    follow(problem, optimizer, twin, other, range(50), TOLERANCE[dtype])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 300)
    for _ in range(250):
        optimizer.step()
        schedule.step()
    assert optimizer.execution == "compiled"
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] <= branches


def assert_half_precision_stays_half(make, execution):
    """12 updates of parameters in bfloat16: the states are in bfloat16, too, and everything is finite."""
    w = torch.eye(4, dtype=torch.bfloat16).mul_(2).requires_grad_()
    optimizer = make([w], lr=0.1, execution=execution)
    for _ in range(12):
        w.grad = w.detach() - torch.linspace(-1, 1, 16).reshape(4, 4).to(w.dtype)
        before = w.detach().clone()
        optimizer.step()
    assert optimizer.execution == execution and not torch.equal(w, before) and w.isfinite().all()
    kept = [x for x in optimizer.state[w].values() if isinstance(x, torch.Tensor)]
    assert kept and all(x.dtype == torch.bfloat16 for x in kept)
