"""Flat and compiled are plain: the same parameters and the same states, however a run is put together."""

import concurrent.futures
import copy
import gc
import io
import re
import threading
import warnings
import weakref

import pytest
import torch
from problem import OPTIMIZERS, Problem, assert_same
from problem import __file__ as problem_file
from side_by_side import (
    BY_BOTH,
    COMPILED,
    RULES,
    TOLERANCE,
    assert_compiled_is_plain,
    assert_equal_runs,
    follow,
    matrices,
)
from test_optim import assert_identical, saved_and_loaded

from course_lib import flat, optim, rules


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
@pytest.mark.parametrize("large", [6, 2**16])
@pytest.mark.parametrize(("name", "hyper", "_"), RULES, ids=str)
def test_flat_is_plain(name, hyper, _, large, dtype, monkeypatch):
    monkeypatch.setattr("course_lib.flat.LARGE", large)
    problem, twin = Problem(dtype=dtype), Problem(dtype=dtype)
    optimizer = OPTIMIZERS[name](problem.groups(lr=0.02), **hyper, execution="flat")
    other = OPTIMIZERS[name](twin.groups(lr=0.02), **hyper)
    follow(problem, optimizer, twin, other, range(30), TOLERANCE[dtype])


@BY_BOTH
@pytest.mark.parametrize(("name", "hyper", "branches"), RULES, ids=str)
def test_compiled_is_plain_and_compiles_once_a_branch(name, hyper, branches, compiler):
    assert_compiled_is_plain(name, hyper, branches)


@BY_BOTH
def test_compiled_with_all_kinds_of_parameters(compiler, monkeypatch):
    monkeypatch.setattr("course_lib.flat.LARGE", 6)
    problem, twin = Problem(), Problem()
    for its in (problem, twin):
        its.params += matrices(torch.float64)
    optimizer, other = optim.NAdam(problem.params, execution="compiled"), optim.NAdam(twin.params)
    for step in range(12):
        for its, each in ((problem, optimizer), (twin, other)):
            its.set_gradients(step)
            its.params[6].grad = None if step % 3 else its.params[6].grad
            each.step()
        assert_equal_runs(problem, optimizer, twin, other, 1e-12)
    assert optimizer.execution == "compiled"


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


# --- parameters are copied in and out: what others may do to them ------------------------------------------


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


def test_all_parts_of_one_memory_are_found():
    memory = torch.zeros(100)
    whole, one, other, beside = memory, memory[10:20], memory[50:60], torch.zeros(5)
    assert flat.overlapping([other, beside, one, whole]) == {whole, one, other}
    assert flat.overlapping([one, other, beside, memory[60:]]) == set()


def count_from_zero(state):
    state["step"] = 0


def forget_the_velocity(state):
    state["m"] = torch.zeros_like(state["m"])


def lose_everything(state):
    state.clear()


@pytest.mark.parametrize("change", [count_from_zero, forget_the_velocity, lose_everything])
def test_changes_of_the_state_are_seen(change):
    ends = []
    for execution in ("flat", "plain"):
        model, x, y = model_and_data()
        optimizer = optim.Adam(model.parameters(), lr=0.05, execution=execution)
        train(model, optimizer, x, y)
        for p in model.parameters():
            change(optimizer.state[p])
        train(model, optimizer, x, y)
        ends.append(list(model.parameters()))
    assert_same(*ends, 1e-12)


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


def test_a_steady_run_lays_out_its_parameters_once(monkeypatch):
    made = []
    original = flat.Segment.__init__
    monkeypatch.setattr(flat.Segment, "__init__", lambda *a, **b: (made.append(1), original(*a, **b))[1])
    problem = Problem()
    problem.take(optim.Adam(problem.params, execution="flat"), range(10))
    assert len(made) == 2, "one for all, and one for the parameter that is not contiguous"


def test_a_large_parameter_stays_where_it_is(monkeypatch):
    monkeypatch.setattr("course_lib.flat.LARGE", 12)
    w = torch.randn(3, 4).requires_grad_()
    small = torch.randn(3).requires_grad_()
    address = w.data_ptr()
    optimizer = optim.Adam([w, small], execution="flat")
    for _ in range(3):
        (w.sum() + small.sum()).backward()
        optimizer.step()
    assert w.data_ptr() == address
    segment = next(s for batch in optimizer._groups[0].batches for s in batch if s.params[0] is w)
    assert segment.fetch(maximize=False).data_ptr() == w.grad.data_ptr()
    assert segment.fetch(maximize=True).data_ptr() != w.grad.data_ptr()


FAST = ["plain", "flat", *COMPILED]


def size(x):
    """How many bytes ``torch.save`` makes of something."""
    file = io.BytesIO()
    torch.save(x, file)
    return file.tell()


@pytest.mark.parametrize("execution", FAST)
def test_every_parameter_stays_in_its_own_memory(execution, monkeypatch):
    """Views held elsewhere see each update, and no two parameters share a storage."""
    monkeypatch.setattr("course_lib.flat.LARGE", 16)
    model, x, y = model_and_data()
    params = list(model.parameters())
    assert any(p.numel() >= 16 for p in params) and sum(p.numel() < 16 for p in params) > 1
    held = [p.detach() for p in params]
    addresses = [p.untyped_storage().data_ptr() for p in params]
    optimizer = optim.AdamW(model.parameters(), lr=0.05, execution=execution)
    train(model, optimizer, x, y, 5)
    assert [p.untyped_storage().data_ptr() for p in params] == addresses
    assert len(set(addresses)) == len(params)
    for p, view in zip(params, held, strict=True):
        assert p.is_set_to(view) and p.untyped_storage().nbytes() == p.nbytes
    twin, *_ = model_and_data()
    train(twin, optim.AdamW(twin.parameters(), lr=0.05), x, y, 5)
    assert_same(held, [p.detach() for p in twin.parameters()], 1e-12)


def test_a_part_is_saved_alone():
    model = torch.nn.Sequential(torch.nn.Linear(100, 100), torch.nn.Linear(100, 1))
    optimizer = optim.SGD(model.parameters(), execution="flat")
    model(torch.ones(1, 100)).sum().backward()
    optimizer.step()
    assert size(model[1].weight.detach()) < 4_000


@pytest.mark.parametrize("execution", FAST)
def test_parameters_that_are_views_of_a_bucket_stay_in_it(execution):
    """As in ZeroRedundancyOptimizer(parameters_as_bucket_view=True), which sends its buckets around."""
    bucket = torch.ones(10)
    params = [bucket[:4].requires_grad_(), bucket[4:].view(2, 3).requires_grad_()]
    optimizer = optim.SGD(params, lr=0.5, execution=execution)
    for _ in range(2):
        for p in params:
            p.grad = torch.ones_like(p)
        optimizer.step()
    assert bucket.tolist() == [0.0] * 10


class Labelled(torch.Tensor):
    """A tensor of another class, such as a DTensor."""


@pytest.mark.parametrize("kind", ["class", "meta"])
@pytest.mark.parametrize("execution", ["flat", *COMPILED])
def test_other_kinds_of_tensors_are_updated_plainly(kind, execution):
    w = torch.ones(3).as_subclass(Labelled) if kind == "class" else torch.ones(3, device="meta")
    params = [torch.nn.Parameter(w) if kind == "meta" else w.requires_grad_(), torch.ones(2).requires_grad_()]
    optimizer = optim.SGD(params, lr=0.5, momentum=0.9, execution=execution)
    what = "that is a Labelled" if kind == "class" else "that is on the device meta"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(2):
            for p in params:
                p.grad = torch.ones_like(p)
            optimizer.step()
    message = f"execution='plain' replaces {execution!r}, which takes no parameter {what}"
    assert [str(w.message) for w in caught] == [message] and caught[0].filename == __file__
    assert params[1].tolist() == pytest.approx([-0.45] * 2)
    assert kind == "meta" or params[0].tolist() == pytest.approx([-0.45] * 3)


@pytest.mark.parametrize("execution", FAST)
def test_a_state_dict_is_a_copy(execution):
    """Keep the best, go on, roll back: what was kept has not changed."""
    problem, twin = Problem(), Problem()
    optimizer = optim.NAdam(problem.groups(lr=torch.tensor(0.1)), execution=execution)
    other = optim.NAdam(twin.groups(lr=0.1))
    problem.take(optimizer, range(3))
    twin.take(other, range(3))
    best, weights = optimizer.state_dict(), [p.detach().clone() for p in problem.params]
    kept = copy.deepcopy(best)
    optimizer.param_groups[1]["lr"].fill_(0.5)
    problem.take(optimizer, range(3, 8))
    assert_identical(best, kept)
    with torch.no_grad():
        for p, w in zip(problem.params, weights, strict=True):
            p.copy_(w)
    optimizer.load_state_dict(best)
    follow(problem, optimizer, twin, other, range(3, 8), 1e-7)


@pytest.mark.parametrize("large", [12, 2**16])
def test_parameters_keep_their_memory_format(large, monkeypatch):
    monkeypatch.setattr("course_lib.flat.LARGE", large)
    model = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Conv2d(4, 5, 3)).to(
        memory_format=torch.channels_last
    )
    optimizer = optim.Adam(model.parameters(), execution="flat")
    for _ in range(2):
        optimizer.zero_grad()
        model(torch.ones(1, 3, 6, 6)).sum().backward()
        optimizer.step()
    for convolution in model:
        assert convolution.weight.is_contiguous(memory_format=torch.channels_last)
        state = optimizer.state[convolution.weight]
        assert state["m"].stride() == convolution.weight.stride()


def test_parameters_in_shared_memory_stay_there():
    # Several processes train such a model together, each with an optimizer of its own.
    model = torch.nn.Linear(3, 2).share_memory()
    addresses = [p.data_ptr() for p in model.parameters()]
    optimizer = optim.Adam(model.parameters(), execution="flat")
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    assert [p.data_ptr() for p in model.parameters()] == addresses


@pytest.mark.parametrize("tie", [lambda x: x, lambda x: x.t(), lambda x: x[1:]], ids=["same", "t", "part"])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("second_group", [False, True])
def test_parameters_tied_by_their_data_stay_tied(second_group, late, tie):
    ends = []
    for execution in ("flat", "plain"):
        first = torch.arange(25.0, dtype=torch.float64).reshape(5, 5).requires_grad_()
        second = tie(first.detach()).clone().requires_grad_()
        third = torch.ones(3, dtype=torch.float64, requires_grad=True)
        groups = [[first, third], [second]] if second_group else [[first, second, third]]
        optimizer = optim.Adam([{"params": group} for group in groups], lr=0.1, execution=execution)
        for step in range(6):
            if step == 3 * late:
                second.data = tie(first.data)
            for i, p in enumerate((first, second, third)):
                p.grad = torch.full_like(p, 1.0 + i + step)
            optimizer.step()
        assert second.untyped_storage().data_ptr() == first.untyped_storage().data_ptr()
        ends.append([first, second, third])
    assert_same(ends[0], ends[1], 1e-12)


@pytest.mark.parametrize("execution", FAST)
def test_autograd_sees_that_the_parameters_have_changed(execution, monkeypatch):
    # A backward() through values from before the update would give wrong gradients: torch refuses it.
    monkeypatch.setattr("course_lib.flat.LARGE", 12)
    model, x, y = model_and_data()
    optimizer = optim.SGD(model.parameters(), lr=0.1, execution=execution)
    for _ in range(2):
        loss = ((model(x) - y) ** 2).mean()
        loss.backward(retain_graph=True)
        optimizer.step()
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            loss.backward()


@BY_BOTH
def test_compiled_with_parameters_laid_out_differently(compiler, monkeypatch):
    # Machine code is made for the first of those that are alike in shape.
    monkeypatch.setattr("course_lib.flat.LARGE", 12)
    ends = []
    for execution in ("compiled", "plain"):
        generator = torch.Generator().manual_seed(0)
        columns = torch.randn(20, 2, generator=generator, dtype=torch.float64)
        params = [torch.ones(20, dtype=torch.float64), columns[:, 0], columns[:, 1]]
        for p in params:
            p.requires_grad_()
        optimizer = optim.SGD(params, lr=0.1, momentum=0.9, execution=execution)
        for step in range(4):
            for p in params:
                p.grad = torch.randn(20, generator=generator, dtype=torch.float64)
            params[step % 3].grad = torch.full((1,), 0.3, dtype=torch.float64).expand(20)
            optimizer.step()
        assert optimizer.execution == execution
        ends.append(params)
    assert_same(ends[0], ends[1], 1e-12)


@BY_BOTH
def test_compiled_with_states_of_another_precision(compiler, monkeypatch):
    # As after model.float(): the states that there were keep their precision, new ones have the new one.
    monkeypatch.setattr("course_lib.flat.LARGE", 12)
    ends = []
    for execution in ("compiled", "plain"):
        params = matrices(torch.float32)[2:4]
        optimizer = optim.SGD(params, lr=0.1, momentum=0.9, execution=execution)
        for step in range(4):
            if step == 2:
                state = optimizer.state[params[1]]
                optimizer.state[params[1]] = {**state, "v": state["v"].double()}
            for p in params:
                p.grad = torch.full_like(p, step - 1.5)
            optimizer.step()
        ends.append(params)
    assert_same(ends[0], ends[1], 1e-6)


@BY_BOTH
def test_two_threads_compile_one_rule(compiler, monkeypatch):
    monkeypatch.setattr("course_lib.flat.LARGE", 12)

    def run(seed, execution, started=None):
        problem = Problem()
        problem.params = [p.requires_grad_() for p in torch.full((40, 60, 60), seed + 1.0).double()]
        optimizer = optim.Adam(problem.params, execution=execution)
        if started:
            problem.take(optimizer, range(2))
            started.wait(60)
        problem.take(optimizer, range(2 * bool(started), 30))
        return problem.params

    together = threading.Barrier(2)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(run, seed, "compiled", together) for seed in range(2)]
        ends = [each.result() for each in runs]
    for seed, params in enumerate(ends):
        assert_same(params, run(seed, "plain"), 1e-12)


@BY_BOTH
def test_the_machine_code_keeps_nobodys_tensors(compiler, monkeypatch):
    monkeypatch.setattr("course_lib.flat.LARGE", 12)
    params = matrices(torch.float64)
    optimizer = optim.Adam(params, execution="compiled")
    for _ in range(3):
        for p in params:
            p.grad = torch.ones_like(p)
        optimizer.step()
    state = weakref.ref(optimizer._groups[0].batches[-1][0].w)  # what was updated last
    assert state() is not None
    del optimizer, params, p
    gc.collect()
    assert state() is None


@pytest.mark.parametrize("execution", FAST)
@pytest.mark.parametrize("resumed", [False, True])
def test_what_others_keep_in_a_state_stays(execution, resumed):
    """As timm's Lookahead keeps its slow weights in the state of the optimizer that it wraps."""
    problem, twin = Problem(), Problem()
    optimizer, other = optim.NAdam(problem.params, execution=execution), optim.NAdam(twin.params)
    problem.take(optimizer, range(2))
    twin.take(other, range(2))
    notes = {"number": 1, "slow": torch.ones(3), "list": [1, 2], "table": {"a": 1}}
    for p in problem.params:
        optimizer.state[p].update(notes)
    if resumed:
        saved = saved_and_loaded(optimizer.state_dict())
        optimizer = optim.NAdam(problem.params, execution=execution)
        optimizer.load_state_dict(saved)
        notes["slow"] = torch.ones(3, dtype=torch.float64)  # torch gives what it loads the parameter's dtype
    problem.take(optimizer, range(2, 6))
    twin.take(other, range(2, 6))
    for p in problem.params:
        state = optimizer.state[p]
        assert state.keys() == {"step", "m", "v", "mu_product", *notes}
        assert_identical({name: state.pop(name) for name in notes}, notes)
    assert_equal_runs(problem, optimizer, twin, other, 1e-12)


@pytest.mark.parametrize("execution", ["plain", "flat"])
def test_a_rule_may_keep_a_measure_of_its_parameter(execution):
    def slowing(w, g, s, t, *, lr):
        length = s.get("length", 0.0) + rules.l2_norm(g)
        return w - lr * g / length, {"length": length}

    def make(params):
        return optim.RuleOptimizer(params, slowing, dict(lr=0.1), unit="layer", execution=execution)

    params = [torch.full((2, 3), 2.0, requires_grad=True), torch.full((4,), 3.0, requires_grad=True)]
    optimizer = make(params)
    for step in range(4):
        if step == 2:
            state = saved_and_loaded(optimizer.state_dict())
            optimizer = make(params)
            optimizer.load_state_dict(state)
        for p in params:
            p.grad = torch.ones_like(p)
        optimizer.step()
    for p, start in zip(params, (2.0, 3.0), strict=True):
        way = 0.1 * (1 + 1 / 2 + 1 / 3 + 1 / 4) / p.numel() ** 0.5
        assert_same([p], [torch.full_like(p, start - way)], 1e-6)
        assert optimizer.state[p]["length"].shape == ()


def test_a_rule_that_measures_must_say_so():
    def measuring(w, g, s, t, *, lr):
        return w - lr * g, {"length": rules.l2_norm(g)}

    params = [torch.ones(3, requires_grad=True), torch.ones(2, requires_grad=True)]
    optimizer = optim.RuleOptimizer(params, measuring, dict(lr=0.1), execution="flat")
    for p in params:
        p.grad = torch.ones_like(p)
    with pytest.raises(ValueError, match=r"a state, length, of shape \(\) .* needs unit='layer'"):
        optimizer.step()


@pytest.mark.parametrize("execution", ["flat", *COMPILED])
def test_segments_of_one_shape_follow_different_histories(execution, monkeypatch):
    # Names, numbers and update counts differ between parameters that are alike in shape.
    monkeypatch.setattr("course_lib.flat.LARGE", 12)
    problem, twin = Problem(), Problem()
    for its in (problem, twin):
        its.params = [torch.full((3, 4), float(i), dtype=torch.float64).requires_grad_() for i in range(4)]
    optimizer, other = optim.NAdam(problem.params, execution=execution), optim.NAdam(twin.params)
    for step in range(9):
        for its, each in ((problem, optimizer), (twin, other)):
            its.set_gradients(step)
            for i, p in enumerate(its.params):
                if step % (i + 1):
                    p.grad = None
            each.step()
        assert_equal_runs(problem, optimizer, twin, other, 1e-12)
    assert [optimizer.state[p]["step"] for p in problem.params] == [9, 5, 3, 3]


@BY_BOTH
@pytest.mark.parametrize("large", [flat.LARGE, 12], ids=["joined", "apart"])
def test_states_that_come_and_go(compiler, monkeypatch, large):
    # Momentum switched off and on again drops the velocities, and makes new ones.
    monkeypatch.setattr("course_lib.flat.LARGE", large)
    problem, twin = Problem(), Problem()
    for its in (problem, twin):
        its.params = matrices(torch.float64)
    optimizer = optim.SGD(problem.params, lr=0.01, momentum=0.9, execution="compiled")
    other = optim.SGD(twin.params, lr=0.01, momentum=0.9)
    for step, momentum in enumerate([0.9, 0.9, 0.0, 0.0, 0.5, 0.5]):
        optimizer.param_groups[0]["momentum"] = other.param_groups[0]["momentum"] = momentum
        problem.take(optimizer, [step])
        twin.take(other, [step])
        assert_equal_runs(problem, optimizer, twin, other, 1e-12)


@pytest.mark.parametrize(("rule", "unit"), [(rules.lamb, None), ("own", "layer"), ("matrix", "matrix")])
def test_a_rule_that_measures_parameters_is_given_one_at_a_time(rule, unit):
    def own(w, g, s, t, *, lr):
        return w - lr * g / rules.l2_norm(g), {}

    def matrix(w, g, s, t, *, lr):
        return w - lr * g @ w.T @ w, {}

    ends = []
    for execution in ("flat", "plain"):
        params = matrices(torch.float64)
        of = {"own": own, "matrix": matrix}.get(rule, rule)
        optimizer = optim.RuleOptimizer(params, of, dict(lr=0.1), unit=unit, execution=execution)
        for p in params:
            p.grad = p.detach() ** 2
        optimizer.step()
        ends.append(params)
    assert_same(ends[0], ends[1], 1e-12)


# --- without a compiler ------------------------------------------------------------------------------------


@pytest.mark.deep
def test_without_a_compiler_the_plain_execution_steps_in():
    torch._dynamo.reset()
    problem, twin = Problem(), Problem()
    optimizer = optim.Adam(problem.params, execution="compiled")
    no_compiler = {"cpp.cxx": (None, "no-such-compiler"), "fx_graph_cache": False}
    with (
        torch._inductor.config.patch(no_compiler),
        torch._functorch.config.patch(enable_autograd_cache=False),
    ):
        with pytest.warns(UserWarning) as caught:
            problem.take(optimizer, [0])
    (message,) = [str(w.message) for w in caught if "execution" in str(w.message)]
    assert {w.filename for w in caught if "execution" in str(w.message)} == {problem_file}, "whose line it is"
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


def test_a_rule_of_too_many_branches_is_executed_plainly(monkeypatch):
    monkeypatch.setattr("course_lib.flat.BRANCHES", 2)

    def fickle(w, g, s, t, *, lr, turn):
        for _ in range(turn):
            w = w - lr * g
        return w, {}

    w = torch.zeros(5, requires_grad=True)
    optimizer = optim.RuleOptimizer([w], fickle, dict(lr=0.5, turn=1), execution="compiled")
    w.grad = torch.ones(5)
    with pytest.warns(UserWarning, match="the rule took more than 2 branches"):
        for turn in range(1, 5):
            optimizer.param_groups[0]["turn"] = turn
            optimizer.step()
    assert optimizer.execution == "plain"
    assert w.tolist() == [-5.0] * 5
