"""Errors say in one sentence what was wrong and what would be right, and change nothing."""

import copy
import inspect
from functools import partial

import pytest
import torch
from problem import Problem
from sphinx.util.inspect import signature as sphinx_signature
from test_optim import assert_identical

from course_lib import optim, rules

NONSENSE = [
    ("SGD", dict(lr=-1.0), ValueError, "lr must be at least 0, not -1.0"),
    ("SGD", dict(lr=float("nan")), ValueError, "lr must be finite, not nan"),
    ("SGD", dict(lr=float("inf")), ValueError, "lr must be finite, not inf"),
    ("SGD", dict(lr="0.1"), TypeError, "lr must be made of numbers, not '0.1'"),
    ("SGD", dict(lr=None), TypeError, "lr must be made of numbers, not None"),
    ("SGD", dict(lr=True), TypeError, "lr must be made of numbers, not True"),
    ("SGD", dict(lr=torch.tensor([0.1, 0.2])), ValueError, "lr must be a number, or a tensor with one entry"),
    ("SGD", dict(lr=torch.tensor(-0.1)), ValueError, "lr must be at least 0, not tensor"),
    ("SGD", dict(lr=torch.tensor(True)), TypeError, "lr must be made of numbers, not tensor"),
    ("SGD", dict(lr=torch.tensor(1j)), TypeError, "lr must be made of numbers, not tensor"),
    ("SGD", dict(momentum=-0.9), ValueError, "momentum must be at least 0"),
    ("SGD", dict(weight_decay=-1e-4), ValueError, "weight_decay must be at least 0"),
    ("SGD", dict(dampening=float("nan")), ValueError, "dampening must be finite"),
    ("SGD", dict(nesterov=True), ValueError, "nesterov=True needs a momentum above 0 and a dampening of 0"),
    ("SGD", dict(nesterov=True, momentum=0.9, dampening=0.1), ValueError, "a dampening of 0"),
    ("SGD", dict(momentum=0.9, nesterov=1), TypeError, "nesterov must be True or False, not 1"),
    ("SGD", dict(maximize="no"), TypeError, "maximize must be True or False, not 'no'"),
    ("Adagrad", dict(lr_decay=-1.0), ValueError, "lr_decay must be at least 0"),
    ("Adagrad", dict(initial_accumulator_value=-1.0), ValueError, "initial_accumulator_value must be"),
    ("Adagrad", dict(eps=-1.0), ValueError, "eps must be at least 0"),
    ("RMSprop", dict(alpha=1.0), ValueError, r"alpha must lie in \[0, 1\), not 1.0"),
    ("RMSprop", dict(alpha=-0.1), ValueError, r"alpha must lie in \[0, 1\)"),
    ("RMSprop", dict(centered=None), TypeError, "centered must be True or False"),
    ("Adam", dict(betas=(1.0, 0.9)), ValueError, r"betas must lie in \[0, 1\), not \(1.0, 0.9\)"),
    ("Adam", dict(betas=(0.9, -0.1)), ValueError, r"betas must lie in \[0, 1\)"),
    ("Adam", dict(betas=0.9), TypeError, r"betas must be a pair such as \(0.9, 0.999\), not 0.9"),
    ("Adam", dict(betas=(0.9, 0.99, 0.999)), TypeError, "betas must be a pair"),
    ("Adam", dict(betas=("0.9", 0.999)), TypeError, "betas must be made of numbers"),
    ("Adam", dict(betas=(0.9, torch.tensor(1.0))), ValueError, r"betas must lie in \[0, 1\), not"),
    ("Adam", dict(eps=-1e-8), ValueError, "eps must be at least 0"),
    ("Adam", dict(amsgrad=1), TypeError, "amsgrad must be True or False"),
    ("AdamW", dict(weight_decay=-1.0), ValueError, "weight_decay must be at least 0"),
    ("RAdam", dict(decoupled_weight_decay="yes"), TypeError, "decoupled_weight_decay must be True or False"),
    ("LARS", dict(trust_coefficient=-1.0), ValueError, "trust_coefficient must be at least 0"),
    ("AdEMAMix", dict(betas=(0.9, 0.999)), TypeError, "betas must be three numbers such as"),
    ("AdEMAMix", dict(betas=(0.9, 0.999, 1.0)), ValueError, r"betas must lie in \[0, 1\)"),
    ("AdEMAMix", dict(alpha=-1.0), ValueError, "alpha must be at least 0, not -1.0"),
    ("AdEMAMix", dict(alpha_warmup=2.5), TypeError, "alpha_warmup must be a whole number, not 2.5"),
    ("AdEMAMix", dict(beta3_warmup=-1), ValueError, "beta3_warmup must be at least 0, not -1"),
    ("AdEMAMix", dict(beta3_warmup=9, betas=(0.9, 0.9, 0.0)), ValueError, "needs a third beta above 0"),
    ("Adafactor", dict(lr=None), TypeError, "lr must be made of numbers, not None"),
    ("Adafactor", dict(eps=1e-3), TypeError, r"eps must be a pair such as \(None, 0.001\), not 0.001"),
    ("Adafactor", dict(eps=(1e-30, None)), TypeError, "eps must be made of numbers, not"),
    ("Adafactor", dict(eps=(-1e-30, 1e-3)), ValueError, "eps must be at least 0, not"),
    ("Adafactor", dict(d=0.5), ValueError, "d must be at least 1, not 0.5"),
    ("Adafactor", dict(beta2_decay=0.8), ValueError, "beta2_decay must be at most 0, not 0.8"),
    ("Adafactor", dict(beta2_decay=float("-inf")), ValueError, "beta2_decay must be finite"),
    ("SOAP", dict(precondition_frequency=0), ValueError, "precondition_frequency must be at least 1, not 0"),
    ("SOAP", dict(precondition_frequency=0.5), TypeError, "precondition_frequency must be a whole number"),
    ("SOAP", dict(betas=(0.95, 1.0)), ValueError, r"betas must lie in \[0, 1\)"),
    ("LAMB", dict(betas=(0.9, 1.0)), ValueError, r"betas must lie in \[0, 1\)"),
]


@pytest.mark.parametrize(("name", "hyper", "error", "message"), NONSENSE, ids=str)
def test_nonsense_is_refused(name, hyper, error, message):
    make = getattr(optim, name)
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(error, match=message) as as_default:
        make([w], **hyper)
    with pytest.raises(error, match=message):
        make([{"params": [w], **hyper}])
    # A default that every group overrides is still wrong.
    if len(hyper) == 1 and "nesterov" not in hyper:
        with pytest.raises(error, match=message):
            make([{"params": [w], **dict.fromkeys(hyper, make([w]).defaults[next(iter(hyper))])}], **hyper)
    assert "\n" not in str(as_default.value)
    optimizer = make([w])
    with pytest.raises(error, match=message):
        optimizer.add_param_group({"params": [torch.ones(1, requires_grad=True)], **hyper})
    assert len(optimizer.param_groups) == 1


@pytest.mark.parametrize("switch", ["foreach", "fused", "capturable", "differentiable"])
@pytest.mark.parametrize("make", [optim.Adam, partial(optim.Lookahead, rule=rules.adam)])
def test_torchs_switches_are_named_differently(switch, make):
    w = torch.ones(1, requires_grad=True)
    name = getattr(make, "__name__", "Lookahead")
    with pytest.raises(TypeError, match=f"{name} takes no {switch}: use execution=, one of 'plain', 'flat'"):
        make([w], **{switch: True})
    for nothing in (None, False):
        assert switch not in make([w], lr=0.1, **{switch: nothing}).defaults


@pytest.mark.parametrize("name", optim.__all__)
def test_signatures_are_those_that_were_written(name):
    """Although each takes the switches too: for help(), for Sphinx, and for those who look them up."""
    cls = getattr(optim, name)
    for signature in (inspect.signature(cls), sphinx_signature(cls.__init__, bound_method=True)):
        kinds = {p.kind for p in signature.parameters.values()}
        assert "params" in signature.parameters and "execution" in signature.parameters
        assert inspect.Parameter.VAR_POSITIONAL not in kinds
        assert name == "Lookahead" or inspect.Parameter.VAR_KEYWORD not in kinds
    assert "__new__" not in vars(optim.RuleOptimizer) and type(cls) is type(torch.optim.Adam)


def test_other_arguments():
    w = torch.ones(1, requires_grad=True)
    with pytest.raises(ValueError, match="execution must be one of plain, flat, compiled, not 'fast'"):
        optim.Adam([w], execution="fast")
    with pytest.raises(TypeError, match="unexpected keyword argument 'learning_rate'"):
        optim.Adam([w], learning_rate=0.1)
    with pytest.raises(ValueError, match="empty parameter list"):
        optim.Adam([])
    with pytest.raises(TypeError, match="iterable"):
        optim.Adam(w)
    with pytest.raises(ValueError, match="duplicate|more than one"):
        optim.Adam([{"params": [w]}, {"params": [w]}])


@pytest.mark.parametrize("execution", ["plain", "flat"])
@pytest.mark.parametrize("kind", ["sparse", "complex"])
def test_gradients_of_another_kind(kind, execution):
    # The odd one comes last: nothing before it may have moved when it is refused.
    first = torch.ones(3, requires_grad=True)
    last = torch.ones(3, dtype=torch.complex64 if kind == "complex" else torch.float32, requires_grad=True)
    optimizer = optim.Adam([{"params": [first]}, {"params": [last]}], execution=execution)
    first.grad = torch.ones(3)
    last.grad = torch.ones(3).to_sparse() if kind == "sparse" else torch.ones(3, dtype=torch.complex64)
    with pytest.raises(RuntimeError, match=f"Adam takes dense, real gradients; this one is {kind}"):
        optimizer.step()
    assert first.tolist() == [1.0, 1.0, 1.0]
    assert not optimizer.state_dict()["state"]


def bad_states():
    """Name, state_dict that a fresh ``Adam(Problem().groups())`` must refuse, words of the refusal."""
    problem = Problem()
    for other in (optim.AdamW, optim.RAdam, optim.SGD, optim.LAMB):
        state = other(problem.groups()).state_dict()
        yield other.__name__, state, f"of the rule {state['rule']}; this optimizer's rule is adam"
    yield "torch", torch.optim.Adam(problem.groups()).state_dict(), "another library's"
    yield "one group", optim.Adam(problem.params).state_dict(), "different number of parameter groups"
    moved = [{"params": problem.params[:1]}, {"params": problem.params[1:]}]
    yield "sizes", optim.Adam(moved).state_dict(), "doesn't match the size"

    optimizer = optim.Adam(problem.groups())
    problem.take(optimizer, range(2))
    state = copy.deepcopy(optimizer.state_dict())
    state["state"][1]["v"] = torch.zeros(7)
    yield "shape", state, r"another model's: v has shape \(7,\), its parameter \(5,\)"
    state = copy.deepcopy(optimizer.state_dict())
    state["param_groups"][1]["betas"] = (0.9, 2.0)
    yield "betas", state, r"betas must lie in \[0, 1\)"
    state = copy.deepcopy(optimizer.state_dict())
    state["state"][5] = state["state"][0]
    yield "stray", state, "a state for parameter 5, which is in no group"

    def unmarked():
        state = copy.deepcopy(optimizer.state_dict())
        for each in (state, *state["param_groups"]):
            del each["rule"]
        return state

    state = unmarked()
    del state["param_groups"][1]["eps"]
    yield "unmarked, eps", state, "another library's"
    state = unmarked()
    del state["state"][1]["v"]
    yield "unmarked, v", state, "another library's"
    state = copy.deepcopy(optimizer.state_dict())
    del state["rule"]
    state["param_groups"][1]["rule"] = "sgd"
    yield "group", state, "of the rule sgd; this optimizer's rule is adam"
    theirs = torch.optim.Adam(problem.groups())
    problem.take(theirs, range(2))
    yield "torch after two steps", theirs.state_dict(), "another library's"


@pytest.mark.parametrize("execution", ["plain", "flat"])
@pytest.mark.parametrize(
    ("state", "message"), [x[1:] for x in bad_states()], ids=[x[0] for x in bad_states()]
)
def test_another_optimizers_state_is_refused(state, message, execution):
    problem = Problem()
    optimizer = optim.Adam(problem.groups(lr=0.3), execution=execution)
    problem.take(optimizer, range(3))
    before = copy.deepcopy(optimizer.state_dict())
    with pytest.raises(ValueError, match=message):
        optimizer.load_state_dict(state)
    assert_identical(optimizer.state_dict(), before)
    problem.take(optimizer, range(3, 5))


@pytest.mark.parametrize("execution", ["plain", "flat"])
def test_parameters_of_integers(execution):
    """torch says that an argument alpha must not be a floating point number; truncated, 5 − 0.1 is 4."""
    w, odd = torch.ones(3, requires_grad=True), torch.tensor([5])
    optimizer = optim.SGD([w, odd], lr=0.1, execution=execution)  # as frozen ones of a quantized model
    w.grad, odd.grad = torch.ones(3), torch.tensor([1])
    with pytest.raises(RuntimeError, match="SGD takes dense, real gradients; this one is of int64"):
        optimizer.step()
    assert w.tolist() == [1.0] * 3 and odd.tolist() == [5]


def test_a_rule_of_ones_own_is_checked_too():
    w = torch.ones(1, requires_grad=True)
    with pytest.raises(ValueError, match="lr must be at least 0"):
        optim.RuleOptimizer([w], rules.sgd, dict(lr=-1))
    with pytest.raises(TypeError, match="RuleOptimizer takes no fused"):
        optim.RuleOptimizer([w], rules.sgd, dict(lr=1.0), fused=True)
