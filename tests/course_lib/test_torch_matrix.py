"""torch's own list of inputs for optimizers, the good and the bad ones, drives our classes beside torch's."""

import copy
import warnings

import pytest
import torch
from problem import assert_same
from torch.testing._internal.common_optimizers import OptimizerErrorEnum, optim_db

from course_lib import optim

#: torch's optimizers that the course does not have, and why.
ABSENT = {
    "ASGD": "an average of the path: Schedule-Free is the course's",
    "LBFGS": "needs a closure, and is no rule of one gradient",
    "Rprop": "for full batches only",
    "SparseAdam": "for sparse gradients, which no rule here takes",
}
#: Bad inputs of torch's that are none here, or are refused by another type of error, by their description.
OTHERWISE = {
    "betas must be either both floats or both Tensors": "a tensor is read as a number: they may be mixed",
    "lr as Tensor doesn't work with foreach & not capturable": "foreach=True is refused by a TypeError",
    r"betas\[0\] as a Tensor is not supported for capturable=False and foreach=True": "the same",
}
INFOS = {info.optim_cls.__name__: info for info in optim_db}
GOOD = [
    (name, given.desc, given.kwargs)
    for name, info in INFOS.items()
    if name not in ABSENT
    for given in info.optim_inputs_func("cpu")
]
BAD = [
    (name, given.optimizer_error_input.desc, given)
    for name, info in INFOS.items()
    if name not in ABSENT
    for given in info.optim_error_inputs_func("cpu", torch.float64)
]


def test_the_matrix_is_torchs_whole():
    assert {name for name in INFOS if not hasattr(optim, name)} == set(ABSENT)
    assert len(INFOS) - len(ABSENT) == len({name for name, *_ in GOOD}) == 11
    assert (len(GOOD), len(BAD)) == (70, 94)
    assert {description for _, description, _ in BAD} >= set(OTHERWISE)


def net(name):
    """A small net, of matrices only for Muon, and data."""
    torch.manual_seed(0)
    biased = name != "Muon"
    layers = torch.nn.Linear(4, 5, biased), torch.nn.Tanh(), torch.nn.Linear(5, 3, biased)
    return torch.nn.Sequential(*layers).double(), torch.randn(8, 4).double(), torch.randn(8, 3).double()


@pytest.mark.parametrize("execution", ["plain", "flat"])
@pytest.mark.parametrize(("name", "description", "kwargs"), GOOD, ids=lambda x: str(x)[:40])
def test_good_inputs_give_torchs_numbers(name, description, kwargs, execution):
    ends = []
    for module, more in ((optim, {"execution": execution}), (torch.optim, {})):
        model, x, y = net(name)
        optimizer = getattr(module, name)(model.parameters(), **copy.deepcopy(kwargs), **more)
        for _ in range(8):
            optimizer.zero_grad()
            ((model(x) - y) ** 2).mean().backward()
            optimizer.step()
        ends.append(list(model.parameters()))
    start = [p.detach() for p in net(name)[0].parameters()]
    assert any(not torch.equal(p, q) for p, q in zip(ends[0], start, strict=True))
    # torch computes Muon's products in bfloat16, and NAdam's momenta in single precision.
    tolerance = {"NAdam": 1e-8, "Muon": 0.1 * float(kwargs.get("lr", 1e-3))}.get(name, 1e-12)
    assert_same(*ends, tolerance)


@pytest.mark.parametrize("execution", ["plain", "flat"])
@pytest.mark.parametrize(("name", "description", "given"), BAD, ids=lambda x: str(x)[:40])
def test_bad_inputs_give_torchs_errors(name, description, given, execution):
    wrong = given.optimizer_error_input
    make = getattr(optim, name)
    if wrong.desc in OTHERWISE:
        params = [torch.ones(2, requires_grad=True)]
        if "foreach" not in wrong.kwargs:
            make(params, **wrong.kwargs, execution=execution)
        else:
            with pytest.raises(TypeError, match="takes no foreach"):
                make(params, **wrong.kwargs, execution=execution)
        return
    if given.error_on is OptimizerErrorEnum.STEP_ERROR:
        optimizer = make(wrong.params, **wrong.kwargs, execution=execution)
        for p in wrong.params:
            p.grad = torch.rand_like(p)
        with pytest.raises(given.error_type):
            optimizer.step()
        return
    if issubclass(given.error_type, Warning):
        with pytest.warns(given.error_type):
            make(wrong.params, **wrong.kwargs, execution=execution)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(given.error_type):
            make(wrong.params, **wrong.kwargs, execution=execution)
