"""The optimizers are torch's: the same numbers, through checkpoints and schedulers, by the same protocol."""

import copy
import inspect
import io
import itertools
import pickle

import pytest
import torch
from problem import OPTIMIZERS, TORCHS, Problem, assert_same
from rule_agreement import TWINS

from course_lib import optim
from course_lib.rule_optimizer import name_of

EXECUTIONS = ["plain", "flat"]


@pytest.fixture(autouse=True)
def some_parameters_are_large(monkeypatch):
    monkeypatch.setattr("course_lib.flat.LARGE", 6)


def saved_and_loaded(x):
    """What remains of x after ``torch.save`` and a ``torch.load`` that trusts nothing."""
    file = io.BytesIO()
    torch.save(x, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def assert_identical(a, b):
    """Hold two nested structures equal, to the last bit."""
    assert type(a) is type(b)
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        for key in a:
            assert_identical(a[key], b[key])
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            assert_identical(x, y)
    elif isinstance(a, torch.Tensor):
        assert a.dtype == b.dtype and a.shape == b.shape and torch.equal(a, b)
    else:
        assert a == b


def assert_torchs(ours, theirs, problem, twin, states):
    """Hold parameters, states and update counts equal to torch's."""
    # torch multiplies NAdam's momenta in single precision: see test_torch_oddities_rules.py.
    tolerance = 1e-8 if isinstance(ours, optim.NAdam) else 1e-12
    assert_same(problem.params, twin.params, tolerance)
    for p, q in zip(problem.params, twin.params, strict=True):
        mine, its = ours.state[p], theirs.state[q]
        assert mine.keys() == {"step", *states}
        for name, twins in states.items():
            if isinstance(mine[name], float):
                assert mine[name] == pytest.approx(its[twins].item(), rel=1e-5)
            else:
                assert_same([mine[name]], [its[twins]], tolerance)
        if "step" in its:
            assert mine["step"] == its["step"]


# --- beside torch ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.parametrize(("name", "hyper", "states"), [twin[1:] for twin in TWINS], ids=str)
def test_optimizer_is_torchs_through_a_checkpoint(name, hyper, states, maximize, execution):
    def make(problem, twin, **hyper):
        mine = problem.groups(lr=0.03, weight_decay=0.2)
        its = twin.groups(lr=0.03, weight_decay=0.2)
        ours = getattr(optim, name)(mine, **hyper, execution=execution)
        return ours, getattr(torch.optim, name)(its, **hyper, foreach=False)

    problem, twin = Problem(), Problem()
    ours, theirs = make(problem, twin, **hyper, maximize=maximize)
    for step in range(25):
        problem.take(ours, [step])
        twin.take(theirs, [step])
        assert_torchs(ours, theirs, problem, twin, states)

    # The new optimizers are made with other hyperparameters: the checkpoint brings them back.
    problem, twin = problem.copy(), twin.copy()
    (new_ours, new_theirs), old_ours, old_theirs = make(problem, twin), ours, theirs
    new_ours.load_state_dict(saved_and_loaded(old_ours.state_dict()))
    new_theirs.load_state_dict(saved_and_loaded(old_theirs.state_dict()))
    for step in range(25, 50):
        problem.take(new_ours, [step])
        twin.take(new_theirs, [step])
        assert_torchs(new_ours, new_theirs, problem, twin, states)


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("scheduler", ["CosineAnnealingLR(o, 20)", "OneCycleLR(o, 0.1, 30)", "StepLR(o, 5)"])
def test_torchs_schedulers_drive_ours(scheduler, execution):
    problem, twin = Problem(), Problem()
    ours = optim.AdamW(problem.groups(lr=0.02), execution=execution)
    theirs = torch.optim.AdamW(twin.groups(lr=0.02), foreach=False)
    schedulers = [
        eval(f"torch.optim.lr_scheduler.{scheduler}", {"torch": torch, "o": o}) for o in (ours, theirs)
    ]
    for step in range(20):
        problem.take(ours, [step])
        twin.take(theirs, [step])
        for each in schedulers:
            each.step()
        assert [g["lr"] for g in ours.param_groups] == [g["lr"] for g in theirs.param_groups]
        assert_same(problem.params, twin.params, 1e-12)


@pytest.mark.parametrize("name", [*TORCHS, "Muon"])
def test_named_classes_take_what_torchs_take(name):
    ours = inspect.signature(getattr(optim, name)).parameters
    theirs = inspect.signature(getattr(torch.optim, name)).parameters
    expected = [n for n in theirs if n not in ("foreach", "fused", "capturable", "differentiable")]
    more = ("execution", "fallback", "fallback_options", *(["maximize"] if name == "Muon" else []))
    assert [n for n in ours if n not in more] == expected
    assert all(ours[n].default == theirs[n].default for n in expected)
    positional = itertools.takewhile(lambda n: n not in ("maximize", "decoupled_weight_decay"), expected)
    assert all(ours[n].kind == inspect.Parameter.POSITIONAL_OR_KEYWORD for n in positional)


def test_amsgrad_is_torchs_adam_with_a_switch():
    problem, twin = Problem(), Problem()
    problem.take(optim.AMSGrad(problem.params, lr=0.1, weight_decay=0.1), range(20))
    theirs = torch.optim.Adam(twin.params, lr=0.1, weight_decay=0.1, amsgrad=True, foreach=False)
    twin.take(theirs, range(20))
    assert_same(problem.params, twin.params, 1e-12)


# --- checkpoints and copies --------------------------------------------------------------------------------


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_state_dict_round_trip_is_exact(name, execution):
    problem = Problem()
    optimizer = OPTIMIZERS[name](problem.groups(lr=0.03), execution=execution)
    problem.take(optimizer, range(7))
    state = optimizer.state_dict()
    loaded = saved_and_loaded(state)
    assert_identical(loaded, state)
    other_problem = problem.copy()
    other = OPTIMIZERS[name](other_problem.groups(), execution=execution)
    other.load_state_dict(loaded)
    assert_identical(other.state_dict(), state)
    problem.take(optimizer, range(7, 14))
    other_problem.take(other, range(7, 14))
    assert_identical(problem.params, other_problem.params)
    assert_identical(other.state_dict(), optimizer.state_dict())


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_loading_does_not_tie_two_optimizers_together(execution):
    problem = Problem()
    optimizer = optim.Adam(problem.groups(), execution=execution)
    problem.take(optimizer, range(3))
    twin = problem.copy()
    other = optim.Adam(twin.groups(), execution=execution)
    other.load_state_dict(optimizer.state_dict())
    before = copy.deepcopy(optimizer.state_dict())
    twin.take(other, range(3, 6))
    assert_identical(optimizer.state_dict(), before)


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_copies_go_on_alike(name, duplicate, execution):
    problem = Problem()
    optimizer = OPTIMIZERS[name](problem.groups(lr=0.02), execution=execution)
    problem.take(optimizer, range(4))
    twin, other = duplicate((problem, optimizer))
    assert other.execution == execution and name_of(other.rule) == name_of(optimizer.rule)
    problem.take(optimizer, range(4, 9))
    twin.take(other, range(4, 9))
    assert_identical(twin.params, problem.params)
    assert_identical(other.state_dict(), optimizer.state_dict())
    assert all(p is not q for p, q in zip(problem.params, twin.params, strict=True))


# --- torch's protocol --------------------------------------------------------------------------------------


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_maximizing_is_minimizing_the_negative(name, execution):
    up, down = Problem(), Problem()
    climber = OPTIMIZERS[name](up.params, maximize=True, execution=execution)
    descender = OPTIMIZERS[name](down.params, execution=execution)
    for step in range(8):
        up.set_gradients(step)
        down.set_gradients(step)
        for p in down.params:
            p.grad.neg_()
        climber.step()
        descender.step()
    assert_identical(up.params, down.params)


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_gradients_are_left_alone(name, execution):
    # Gradients kept by zero_grad(set_to_none=False) are written by the next backward(): a state that
    # shares their memory would change with them.
    problem, twin = Problem(), Problem()
    hyper = dict(momentum=0.9) if name in ("SGD", "RMSprop") else {}
    optimizer = OPTIMIZERS[name](problem.params, execution=execution, **hyper)
    fresh = OPTIMIZERS[name](twin.params, **hyper)
    for p in problem.params:
        p.grad = torch.zeros_like(p)
    kept = [p.grad for p in problem.params]
    for step in range(8):
        twin.set_gradients(step)
        optimizer.zero_grad(set_to_none=False)
        for p, q in zip(problem.params, twin.params, strict=True):
            p.grad += q.grad
        before = [p.grad.clone() for p in problem.params]
        optimizer.step()
        fresh.step()
        assert all(p.grad is g for p, g in zip(problem.params, kept, strict=True))
        assert_identical([p.grad for p in problem.params], before)
        assert_same(problem.params, twin.params, 1e-12)


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_a_rule_may_keep_its_inputs(execution):
    def remembering(w, g, s, t):
        return w - g, {"w": w, "g": g, "old_w": s.get("w", w), "old_g": s.get("g", g)}

    w = torch.tensor([1.0, 2.0], requires_grad=True)
    optimizer = optim.RuleOptimizer([w], remembering, {}, execution=execution)
    w.grad = torch.tensor([1.0, 1.0])
    optimizer.step()
    w.grad.fill_(5.0)
    optimizer.step()
    w.grad.fill_(7.0)
    state = {name: x.tolist() for name, x in optimizer.state[w].items() if name != "step"}
    assert state == {"w": [0.0, 1.0], "g": [5.0, 5.0], "old_w": [1.0, 2.0], "old_g": [1.0, 1.0]}
    assert w.tolist() == [-5.0, -4.0]


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_a_missing_gradient_stops_the_parameters_count(execution):
    problem, twin = Problem(), Problem()
    ours = optim.RAdam(problem.groups(lr=0.02), lr=0.01, execution=execution)
    theirs = torch.optim.RAdam(twin.groups(lr=0.02), lr=0.01, foreach=False)
    for step in range(24):
        for optimizer, its in ((ours, problem), (theirs, twin)):
            its.set_gradients(step)
            its.params[0].grad = None if step % 3 else its.params[0].grad
            its.params[2].grad = None if step < 5 else its.params[2].grad
            for p in its.params if step == 7 else ():
                p.grad = None
            optimizer.step()
        assert_same(problem.params, twin.params, 1e-12)
    steps = [ours.state[p]["step"] for p in problem.params]
    assert steps == [theirs.state[p]["step"] for p in twin.params] == [8, 23, 18, 23, 23]


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_parameters_without_gradients_get_no_state(execution):
    used, frozen, unused = (torch.ones(2, requires_grad=grad) for grad in (True, False, True))
    optimizer = optim.Adam([used, frozen, unused], execution=execution)
    optimizer.step()
    assert not optimizer.state_dict()["state"]
    used.sum().backward()
    optimizer.step()
    assert list(optimizer.state_dict()["state"]) == [0]
    assert frozen.tolist() == unused.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_empty_and_added_groups(execution):
    problem, twin = Problem(), Problem()
    results = []
    for its, make, more in (
        (problem, optim.AdamW, {"execution": execution}),
        (twin, torch.optim.AdamW, {"foreach": False}),
    ):
        optimizer = make([{"params": its.params[:2]}, {"params": []}], lr=0.01, **more)
        its.take(optimizer, range(3))
        optimizer.add_param_group({"params": its.params[2:], "lr": 0.5})
        its.take(optimizer, range(3, 9))
        results.append([group["lr"] for group in optimizer.param_groups])
    assert results[0] == results[1] == [0.01, 0.01, 0.5]
    assert_same(problem.params, twin.params, 1e-12)


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_closure(execution):
    w = torch.tensor([3.0], requires_grad=True)
    optimizer = optim.SGD([w], lr=0.1, execution=execution)

    def closure():
        optimizer.zero_grad()
        loss = (w**2).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 9.0
    assert abs(w.item() - 2.4) < 1e-6
    assert optimizer.step() is None


@pytest.mark.parametrize(
    "state", [None, "adam.pt", {}, {"model": {}, "optimizer": {}}, {"weight": torch.ones(2)}, []], ids=str
)
def test_what_is_no_state_is_refused(state):
    optimizer = optim.Adam([torch.ones(2, requires_grad=True)])
    with pytest.raises(TypeError, match="load_state_dict takes what an optimizer's state_dict.. gave, with"):
        optimizer.load_state_dict(state)


def test_named_parameters_and_hooks():
    model = torch.nn.Linear(2, 1)
    optimizer = optim.Adam(model.named_parameters())
    assert optimizer.param_groups[0]["param_names"] == ["weight", "bias"]
    calls = []
    optimizer.register_step_post_hook(lambda *_: calls.append(1))
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    assert calls == [1]


def test_decoupled_adam_is_adamw():
    problem, twin = Problem(), Problem()
    adam = optim.Adam(problem.params, weight_decay=0.1, decoupled_weight_decay=True)
    adamw = optim.AdamW(twin.params, weight_decay=0.1)
    problem.take(adam, range(5))
    twin.take(adamw, range(5))
    assert_identical(problem.params, twin.params)
    adamw.load_state_dict(adam.state_dict())
