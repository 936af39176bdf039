"""Checkpoints go through other people's formats, and hyperparameters through other people's numbers."""

import copy
import warnings

import numpy as np
import pytest
import torch
import torch.distributed.checkpoint as dcp
from problem import OPTIMIZERS, Problem, assert_same
from side_by_side import COMPILED
from test_optim import assert_identical, saved_and_loaded
from torch.distributed.checkpoint.state_dict import StateDictOptions, get_state_dict, set_state_dict

from course_lib import optim

FAST = ["plain", "flat"]


class Model(torch.nn.Module):
    """The parameters of a problem, with names."""

    def __init__(self, problem):
        super().__init__()
        self.weights = torch.nn.ParameterList(problem.params)
        problem.params = list(self.weights)


def started(name, execution, updates, seed=0):
    problem = Problem(seed)
    model = Model(problem)
    optimizer = OPTIMIZERS[name](problem.groups(lr=0.03), execution=execution)
    problem.take(optimizer, range(updates))
    return problem, model, optimizer


def go_on_alike(problem, optimizer, other_problem, other):
    assert_identical(list(other_problem.params), list(problem.params))
    assert_identical(other.state_dict(), optimizer.state_dict())
    problem.take(optimizer, range(7, 14))
    other_problem.take(other, range(7, 14))
    assert_identical(list(other_problem.params), list(problem.params))
    assert_identical(other.state_dict(), optimizer.state_dict())


# --- torch.distributed.checkpoint, in one process ----------------------------------------------------------


@pytest.mark.parametrize("flatten", [False, True])
@pytest.mark.parametrize("execution", FAST)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_distributed_checkpoints_state_dict(name, execution, flatten):
    problem, model, optimizer = started(name, execution, 7)
    options = StateDictOptions(flatten_optimizer_state_dict=flatten)
    weights, state = copy.deepcopy(get_state_dict(model, optimizer, options=options))
    fresh_problem, fresh_model, fresh = started(name, execution, 0, seed=1)
    set_state_dict(fresh_model, fresh, model_state_dict=weights, optim_state_dict=state, options=options)
    with torch.no_grad():  # DCP makes an update at rate 0, which may round: its caller loads the weights last
        fresh_model.load_state_dict(weights)
    go_on_alike(problem, optimizer, fresh_problem, fresh)


@pytest.mark.filterwarnings("ignore:torch.distributed is disabled")
@pytest.mark.parametrize("execution", FAST)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_distributed_checkpoint_in_place(name, execution, tmp_path):
    """Into a run that is under way, by plain state_dicts: every number comes back."""
    problem, model, optimizer = started(name, execution, 7)
    for p in problem.params:
        optimizer.state[p]["note"] = 5  # no tensor: DCP puts it under the key "0"
    dcp.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, checkpoint_id=tmp_path)
    other_problem, other_model, other = started(name, execution, 1, seed=1)
    for p in other_problem.params:
        other.state[p]["note"] = 4
    saved = {"model": other_model.state_dict(), "optimizer": other.state_dict()}
    dcp.load(saved, checkpoint_id=tmp_path)
    other_model.load_state_dict(saved["model"])
    other.load_state_dict(saved["optimizer"])
    go_on_alike(problem, optimizer, other_problem, other)


# --- states that lack something ----------------------------------------------------------------------------


@pytest.mark.parametrize("execution", FAST)
@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("lacking", ["the name", "maximize", "tensors"])
def test_states_that_lack_something_new(lacking, name, execution):
    """A state without our mark, of before there was ``maximize``, or with numbers where we have tensors."""
    problem, _, optimizer = started(name, execution, 7)
    state = saved_and_loaded(optimizer.state_dict())
    if lacking == "the name":
        del state["rule"]
        for group, live in zip(state["param_groups"], optimizer.param_groups, strict=True):
            if "rule" not in live:
                del group["rule"]
    elif lacking == "maximize":
        for group in state["param_groups"]:
            del group["maximize"]
    else:
        for kept in state["state"].values():
            kept["step"] = kept["step"].item()
    other_problem, _, other = started(name, execution, 0, seed=1)
    with torch.no_grad():
        for p, q in zip(other_problem.params, problem.params, strict=True):
            p.copy_(q)
    other.load_state_dict(state)
    go_on_alike(problem, optimizer, other_problem, other)


def test_a_newer_hyperparameter_stays_what_it_is():
    problem, _, optimizer = started("Adam", "plain", 2)
    state = optimizer.state_dict()
    for group in state["param_groups"]:
        del group["eps"], group["maximize"]
    fresh = optim.Adam(problem.groups(), eps=1e-4, maximize=True)
    fresh.load_state_dict(state)
    assert [(g["eps"], g["maximize"]) for g in fresh.param_groups] == [(1e-4, True)] * 2


def test_numbers_of_a_state_are_numbers_here_and_tensors_in_its_dict():
    problem, _, optimizer = started("NAdam", "plain", 3)
    state, saved = optimizer.state[problem.params[0]], optimizer.state_dict()["state"][0]
    assert state["step"] == 3 and type(state["step"]) is int and type(state["mu_product"]) is float
    assert saved["step"].dtype == torch.int64 and saved["mu_product"].dtype == torch.float64
    assert saved["mu_product"].item() == state["mu_product"]
    other = optim.NAdam(problem.groups())
    other.load_state_dict(optimizer.state_dict())
    assert_identical(other.state[problem.params[0]], state)


# --- other people's numbers --------------------------------------------------------------------------------

NUMBERS = {
    "tensor": torch.tensor,
    "one entry": lambda x: torch.tensor([x]),
    "numpy": np.float32,
    "numpy, double": np.float64,
}


@pytest.mark.parametrize("execution", ["plain", "flat", *COMPILED])
@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_of_others_are_numbers(kind, execution):
    """In the constructor, a group and the loader; with one compiled code whatever the kind of number."""
    number = NUMBERS[kind]
    problem, twin = Problem(), Problem()
    of_theirs = optim.AdamW(
        [{"params": problem.params[:2]}, {"params": problem.params[2:], "lr": number(0.03)}],
        lr=number(0.01),
        betas=(number(0.5), 0.75),
        execution=execution,
    )
    plain = float(number(0.01)), float(number(0.03)), float(number(0.5))
    of_python = optim.AdamW(
        [{"params": twin.params[:2]}, {"params": twin.params[2:], "lr": plain[1]}],
        lr=plain[0],
        betas=(plain[2], 0.75),
    )
    problem.take(of_theirs, range(3))
    twin.take(of_python, range(3))
    assert_same(problem.params, twin.params, 1e-12)
    graphs = torch._dynamo.utils.counters["stats"]["unique_graphs"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for step in range(3, 7):
            for optimizer in (of_theirs, of_python):
                lr = number if optimizer is of_theirs else float
                for group, at in zip(optimizer.param_groups, (0.02 / step, 0.01), strict=True):
                    group["lr"] = lr(float(number(at)))
            problem.take(of_theirs, [step])
            twin.take(of_python, [step])
        again = optim.AdamW(problem.groups(), execution=execution)
        again.load_state_dict(saved_and_loaded(of_theirs.state_dict()) if "numpy" not in kind else
                              of_theirs.state_dict())  # fmt: skip
        problem.take(again, [7])
        twin.take(of_python, [7])
    assert_same(problem.params, twin.params, 1e-12)
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == graphs


@pytest.mark.parametrize("execution", FAST)
def test_a_scheduler_drives_a_rate_that_is_a_tensor(execution):
    problem, twin = Problem(), Problem()
    lr = torch.tensor(0.1, dtype=torch.float64)
    optimizer = optim.SGD(problem.params, lr=lr, execution=execution)
    other = torch.optim.SGD(twin.params, lr=0.1, foreach=False)
    schedulers = [torch.optim.lr_scheduler.CosineAnnealingLR(o, 10) for o in (optimizer, other)]
    for step in range(8):
        problem.take(optimizer, [step])
        twin.take(other, [step])
        for scheduler in schedulers:
            scheduler.step()
    assert optimizer.param_groups[0]["lr"] is lr
    assert_same(problem.params, twin.params, 1e-12)


def test_counts_may_be_numpys():
    problem, twin = Problem(), Problem()
    problem.take(optim.Ranger(problem.params, k=np.int64(3)), range(7))
    twin.take(optim.Ranger(twin.params, k=3), range(7))
    assert_identical(problem.params, twin.params)
