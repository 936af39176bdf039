"""Flat and compiled are plain: the same parameters and the same states, however a run is put together."""

import copy
import re
import warnings

import pytest
import torch
from problem import Problem, assert_same
from test_optim import assert_identical, saved_and_loaded

from course_lib import flat, optim

#: Every rule with hyperparameters that use all of its terms, and how many branches those take over a run.
RULES = [
    ("SGD", dict(momentum=0.9, nesterov=True, weight_decay=0.1), 2),
    ("Adagrad", dict(lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.2), 2),
    ("RMSprop", dict(momentum=0.9, centered=True, weight_decay=0.1), 2),
    ("Adam", dict(amsgrad=True, weight_decay=0.1), 2),
    ("AdamW", dict(weight_decay=0.1), 2),
    ("RAdam", dict(weight_decay=0.1), 3),
    ("LARS", dict(weight_decay=0.1), 2),
    ("LAMB", dict(weight_decay=0.1), 2),
]
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-6}


def assert_equal_runs(problem, optimizer, twin, other, tolerance):
    """Hold parameters, states and update counts of two runs equal."""
    assert_same(problem.params, twin.params, tolerance)
    for p, q in zip(problem.params, twin.params, strict=True):
        mine, its = optimizer.state[p], other.state[q]
        assert mine.keys() == its.keys() and mine.get("step") == its.get("step")
        names = [name for name in mine if name != "step"]
        assert_same([mine[name] for name in names], [its[name] for name in names], tolerance)


def follow(problem, optimizer, twin, other, steps, tolerance):
    """Let two runs go on side by side, at a rate that changes, and hold them equal after each update."""
    for step in steps:
        for each in (optimizer, other):
            for group in each.param_groups:
                group["lr"] *= 0.99
        problem.take(optimizer, [step])
        twin.take(other, [step])
        assert_equal_runs(problem, optimizer, twin, other, tolerance)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
@pytest.mark.parametrize(("name", "hyper", "_"), RULES, ids=str)
def test_flat_is_plain(name, hyper, _, dtype):
    problem, twin = Problem(dtype=dtype), Problem(dtype=dtype)
    make = getattr(optim, name)
    optimizer = make(problem.groups(lr=0.02), **hyper, execution="flat")
    other = make(twin.groups(lr=0.02), **hyper)
    follow(problem, optimizer, twin, other, range(30), TOLERANCE[dtype])


@pytest.mark.parametrize(("name", "hyper", "branches"), RULES, ids=str)
def test_compiled_is_plain_and_compiles_once_a_branch(name, hyper, branches):
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    # Compiling takes seconds: one rule in double precision has to do, and no parameters of one entry or none
    # where each has a buffer of its own, for the compiler treats these sizes apart.
    dtype = torch.float64 if name == "RAdam" else torch.float32
    make = getattr(optim, name)
    problem, twin = Problem(dtype=dtype), Problem(dtype=dtype)
    if make.layerwise:
        problem.params, twin.params = problem.params[:2], twin.params[:2]
    optimizer = make(problem.params, lr=0.02, **hyper, execution="compiled")
    other = make(twin.params, lr=0.02, **hyper)
    follow(problem, optimizer, twin, other, range(100), TOLERANCE[dtype])
    assert optimizer.execution == "compiled"
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] <= branches


def test_precisions_mix():
    problem, twin = Problem(), Problem()
    for its in (problem, twin):
        for i in (1, 2):
            its.params[i] = its.params[i].detach().float().requires_grad_()

    optimizer = optim.AdamW(problem.params, execution="flat")
    other = optim.AdamW(twin.params)
    for step in range(6):
        for its in (problem, twin):
            generator = torch.Generator().manual_seed(step)
            for p in its.params:
                p.grad = torch.randn(p.shape, generator=generator, dtype=p.dtype)
        optimizer.step()
        other.step()
        assert_equal_runs(problem, optimizer, twin, other, 1e-6)
    assert [p.dtype for p in problem.params] == [optimizer.state[p]["m"].dtype for p in problem.params]


@pytest.mark.parametrize(("first", "second"), [("plain", "flat"), ("flat", "plain"), ("flat", "flat")])
def test_a_checkpoint_fits_every_execution(first, second):
    problem, twin = Problem(), Problem()
    optimizer = optim.RAdam(problem.groups(lr=0.02), execution=first)
    other = optim.RAdam(twin.groups(lr=0.02))
    follow(problem, optimizer, twin, other, range(7), 1e-12)
    resumed_problem = problem.copy()
    resumed = optim.RAdam(resumed_problem.groups(), execution=second)
    resumed.load_state_dict(saved_and_loaded(optimizer.state_dict()))
    follow(resumed_problem, resumed, twin, other, range(7, 14), 1e-12)


def test_loading_into_a_run_that_is_flat_already():
    problem, twin = Problem(), Problem()
    optimizer = optim.Adam(problem.groups(), execution="flat")
    problem.take(optimizer, range(3))
    start, state = problem.copy(), copy.deepcopy(optimizer.state_dict())
    problem.take(optimizer, range(3, 9))
    with torch.no_grad():
        for p, q in zip(problem.params, start.params, strict=True):
            p.copy_(q)
    optimizer.load_state_dict(state)
    other = optim.Adam(twin.groups())
    twin.take(other, range(3))
    follow(problem, optimizer, twin, other, range(3, 9), 1e-12)


# --- the parameters are views of one tensor: what others may do to them ------------------------------------


def model_and_data():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Linear(5, 1)).double()
    return model, torch.randn(16, 4, dtype=torch.float64), torch.randn(16, 1, dtype=torch.float64)


def train(model, optimizer, x, y, steps=4):
    for _ in range(steps):
        optimizer.zero_grad()
        ((model(x) - y) ** 2).mean().backward()
        optimizer.step()


def both_ways(change):
    """Train, do something to the model, train on: flat and plain. Returns the two models."""
    models = []
    for execution in ("flat", "plain"):
        model, x, y = model_and_data()
        optimizer = optim.Adam(model.parameters(), lr=0.05, execution=execution)
        train(model, optimizer, x, y)
        change(model)
        train(model, optimizer, x, y)
        models.append(model)
    return models


def load_others(model):
    other, *_ = model_and_data()
    model.load_state_dict({name: 2 * x for name, x in other.state_dict().items()})


def replace_data(model):
    for p in model.parameters():
        p.data = p.data.clone() * 1.5


def replace_one(model):
    model[2].weight.data = torch.full_like(model[2].weight, 0.3)


def write_in_place(model):
    with torch.no_grad():
        model[0].weight.mul_(0.5)


def freeze_one(model):
    model[0].weight.requires_grad_(False)
    model[0].weight.grad = None


@pytest.mark.parametrize("change", [load_others, replace_data, replace_one, write_in_place, freeze_one])
def test_changes_from_outside_are_seen(change):
    flat_model, plain_model = both_ways(change)
    assert_same(list(flat_model.parameters()), list(plain_model.parameters()), 1e-12)


def test_a_transposed_parameter_is_not_mistaken_for_the_old_one():
    ends = []
    for execution in ("flat", "plain"):
        w = torch.arange(9.0, dtype=torch.float64).reshape(3, 3).requires_grad_()
        optimizer = optim.Adam([w], lr=0.1, execution=execution)
        for step in range(4):
            w.grad = torch.arange(9.0, dtype=torch.float64).reshape(3, 3) - step
            optimizer.step()
            if step == 1:
                w.data = w.data.t()  # the same address, other strides
        ends.append(w)
    assert_same(ends[:1], ends[1:], 1e-12)


def test_a_copy_of_a_flat_model_goes_its_own_way():
    model, x, y = model_and_data()
    optimizer = optim.Adam(model.parameters(), lr=0.05, execution="flat")
    train(model, optimizer, x, y)
    snapshot = copy.deepcopy(model)
    saved = saved_and_loaded(model.state_dict())
    before = [p.detach().clone() for p in snapshot.parameters()]
    train(model, optimizer, x, y)
    assert_identical([p.detach() for p in snapshot.parameters()], before)
    assert_identical(list(saved.values()), before)
    trained = [p.detach().clone() for p in model.parameters()]
    train(snapshot, optim.Adam(snapshot.parameters(), lr=0.05, execution="flat"), x, y)
    assert_identical([p.detach() for p in model.parameters()], trained)


def test_a_steady_run_lays_out_its_buffer_once(monkeypatch):
    made = []
    original = flat.FlatBuffer.__init__
    monkeypatch.setattr(flat.FlatBuffer, "__init__", lambda *args: (made.append(1), original(*args))[1])
    problem = Problem()
    problem.take(optim.Adam(problem.params, execution="flat"), range(10))
    assert len(made) == 1


# --- without a compiler ------------------------------------------------------------------------------------


def test_without_a_compiler_the_plain_execution_steps_in(monkeypatch):
    monkeypatch.setattr("torch._inductor.config.cpp.cxx", (None, "no-such-compiler"))
    monkeypatch.setattr("torch._inductor.config.force_disable_caches", True)
    torch._dynamo.reset()
    problem, twin = Problem(), Problem()
    optimizer = optim.Adam(problem.params, execution="compiled")
    with pytest.warns(UserWarning) as caught:
        problem.take(optimizer, [0])
    (message,) = [str(w.message) for w in caught if "execution" in str(w.message)]
    expected = "execution='plain' replaces 'compiled', which fails here: .*No working C.. compiler.*"
    assert re.fullmatch(expected, message)
    assert optimizer.execution == "plain"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        problem.take(optimizer, range(1, 4))
    other = optim.Adam(twin.params)
    twin.take(other, range(4))
    assert_equal_runs(problem, optimizer, twin, other, 1e-12)
    torch._dynamo.reset()
