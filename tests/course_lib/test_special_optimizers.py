"""Muon's fallback, Lookahead around any rule, and the two faces of Schedule-Free."""

import copy
import functools

import pytest
import torch
from problem import SHAPES, Problem, assert_same
from side_by_side import COMPILED, assert_half_precision_stays_half
from test_optim import assert_identical, saved_and_loaded

from course_lib import optim, rules, wrappers

EXECUTIONS = ["plain", "flat"]


# --- Muon --------------------------------------------------------------------------------------------------


def mixed():
    """Two matrices and two vectors, in double precision."""
    generator = torch.Generator().manual_seed(0)
    shapes = [(3, 4), (4,), (5, 2), (2,)]
    return [torch.randn(s, generator=generator, dtype=torch.float64).requires_grad_() for s in shapes]


def give_gradients(params, step):
    generator = torch.Generator().manual_seed(step)
    for p in params:
        p.grad = torch.randn(p.shape, generator=generator, dtype=p.dtype)


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_muon_leaves_the_rest_to_its_fallback(execution):
    params, twins = mixed(), mixed()
    options = dict(lr=3e-3, weight_decay=0.05)
    both = optim.Muon(params, lr=0.02, fallback="adamw", fallback_options=options, execution=execution)
    muon, adamw = optim.Muon(twins[::2], lr=0.02), optim.AdamW(twins[1::2], **options)
    assert [group["lr"] for group in both.param_groups] == [0.02, 3e-3]
    for step in range(8):
        give_gradients(params, step)
        give_gradients(twins, step)
        for each in (both, muon, adamw):
            each.step()
    assert_same(params, twins, 1e-12)
    assert set(both.state[params[1]]) == {"step", "m", "v"} and set(both.state[params[0]]) == {"step", "m"}


def test_a_scheduler_sees_both_of_muons_rates():
    both = optim.Muon(mixed(), lr=0.02, fallback="adamw", fallback_options=dict(lr=3e-3))
    schedule = torch.optim.lr_scheduler.LambdaLR(both, lambda t: 0.5)
    assert schedule.get_last_lr() == [0.01, 1.5e-3]


def test_a_group_may_name_its_rule():
    matrix, embedding = mixed()[0], mixed()[2]
    optimizer = optim.Muon([{"params": matrix}, {"params": [embedding], "rule": "lion", "lr": 0.5}])
    start = embedding.detach().clone()
    for p in (matrix, embedding):
        p.grad = p.detach().clone()
    optimizer.step()
    torch.testing.assert_close(embedding.detach(), start - 0.5 * start.sign(), rtol=0, atol=1e-12)


def test_muon_through_a_checkpoint_and_a_copy():
    params = mixed()
    make = dict(lr=0.02, fallback="nadam")
    optimizer = optim.Muon(params, **make)
    for step in range(3):
        give_gradients(params, step)
        optimizer.step()
    twins = [p.detach().clone().requires_grad_() for p in params]
    loaded = optim.Muon(twins, **make)
    loaded.load_state_dict(saved_and_loaded(optimizer.state_dict()))
    copies, copied = copy.deepcopy((params, optimizer))
    for its, each in ((params, optimizer), (twins, loaded), (copies, copied)):
        give_gradients(its, 7)
        each.step()
    assert_identical(params, twins)
    assert_identical(params, copies)


def test_named_parameters_are_shared_out_too():
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 1))
    optimizer = optim.Muon(model.named_parameters(), fallback="adamw")
    names = [group["param_names"] for group in optimizer.param_groups]
    assert names == [["0.weight", "1.weight"], ["0.bias", "1.bias"]]


def test_maximize_holds_for_the_fallback_too():
    params = mixed()
    optimizer = optim.Muon([{"params": params, "maximize": True}], fallback="sgd")
    assert [group["maximize"] for group in optimizer.param_groups] == [True, True]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: optim.Muon(mixed()),
            ValueError,
            r"Muon is for matrices; this parameter has shape \(4,\): .* fallback='adamw'",
        ),
        (lambda: optim.Muon(mixed(), fallback="adam2"), ValueError, "must be one of sgd, .*, not 'adam2'"),
        (lambda: optim.Muon(mixed(), fallback="lamb"), ValueError, "must be one of sgd, .*, not 'lamb'"),
        (
            lambda: optim.Muon(mixed(), fallback="adamw", fallback_options=dict(momentum=0.9)),
            TypeError,
            "the rule adamw has no momentum: it has lr, betas",
        ),
        (
            lambda: optim.Muon(mixed(), fallback="adamw", fallback_options=dict(lr=-1)),
            ValueError,
            "lr must be at least 0, not -1",
        ),
        (
            lambda: optim.Muon(mixed()[:1], fallback_options=dict(lr=1.0)),
            ValueError,
            "fallback_options need a fallback, such as 'adamw'",
        ),
        (lambda: optim.Muon(mixed()[:1], ns_steps=0), ValueError, "ns_steps must be at least 1, not 0"),
        (lambda: optim.Muon(mixed()[:1], ns_steps=2.0), TypeError, "ns_steps must be a whole number"),
        (lambda: optim.Muon(mixed()[:1], ns_coefficients=(1, 2)), TypeError, "must be three numbers"),
        (lambda: optim.Muon(mixed()[:1], adjust_lr_fn="rms"), ValueError, "must be one of None, 'original'"),
    ],
)
def test_what_muon_refuses(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_a_refused_vector_leaves_no_group_behind():
    optimizer = optim.Muon(mixed()[:1])
    with pytest.raises(ValueError, match="for matrices"):
        optimizer.add_param_group({"params": [mixed()[2], mixed()[1]]})
    assert len(optimizer.param_groups) == 1


def test_a_fallback_group_that_is_refused_takes_its_matrices_along():
    params = mixed()
    optimizer = optim.Muon(params[:2], fallback="adamw")
    with pytest.raises(ValueError, match="more than one parameter group"):
        optimizer.add_param_group({"params": params[1:3]})
    assert len(optimizer.param_groups) == 2


def test_muon_refuses_what_is_no_parameter_as_torch_does():
    with pytest.raises(TypeError, match="can only optimize Tensors"):
        optim.Muon([1, 2])


def test_a_fallbacks_hyperparameters_are_checked_as_its_own():
    """AdEMAMix has three betas, and an alpha above 1: neither is RMSProp's."""
    optimizer = optim.Muon(mixed(), fallback="ademamix", fallback_options=dict(alpha=8.0))
    assert optimizer.param_groups[1]["betas"] == (0.9, 0.999, 0.9999)
    with pytest.raises(TypeError, match="betas must be three numbers such as"):
        optim.Muon(mixed(), fallback="ademamix", fallback_options=dict(betas=(0.9, 0.999)))
    with pytest.raises(ValueError, match=r"alpha must lie in \[0, 1\), not 8.0"):
        optim.Muon(mixed(), fallback="rmsprop", fallback_options=dict(alpha=8.0))


# --- Adafactor and SOAP ------------------------------------------------------------------------------------


@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.parametrize("execution", EXECUTIONS)
def test_adafactor_is_torchs_through_a_checkpoint(execution, maximize, monkeypatch):
    # torch divides by the number of entries, and the last parameter has none.
    monkeypatch.setattr("problem.SHAPES", SHAPES[:-1])

    def make(problem, twin, **hyper):
        ours = optim.Adafactor(problem.groups(lr=0.03, eps=(1e-3, 0.1)), **hyper, execution=execution)
        return ours, torch.optim.Adafactor(twin.groups(lr=0.03, eps=(1e-3, 0.1)), **hyper, foreach=False)

    problem, twin = Problem(), Problem()
    ours, theirs = make(problem, twin, d=1.5, weight_decay=0.1, maximize=maximize)
    for step in range(25):
        problem.take(ours, [step])
        twin.take(theirs, [step])
        assert_same(problem.params, twin.params, 1e-12)
    problem, twin, old_ours, old_theirs = problem.copy(), twin.copy(), ours, theirs
    ours, theirs = make(problem, twin)
    ours.load_state_dict(saved_and_loaded(old_ours.state_dict()))
    theirs.load_state_dict(saved_and_loaded(old_theirs.state_dict()))
    for step in range(25, 50):
        problem.take(ours, [step])
        twin.take(theirs, [step])
        assert_same(problem.params, twin.params, 1e-12)


def test_adafactor_keeps_a_row_and_a_column():
    w = torch.ones(30, 50, requires_grad=True)
    w.grad = torch.ones(30, 50)
    optimizer = optim.Adafactor([w])
    optimizer.step()
    assert sum(x.numel() for x in optimizer.state[w].values() if isinstance(x, torch.Tensor)) == 30 + 50


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize(("make", "state"), [(optim.Adafactor, "row"), (optim.SOAP, "q")])
def test_states_of_shapes_of_their_own_must_fit(make, state, execution):
    def started(*shape):
        w = torch.randn(shape, requires_grad=True)
        w.grad = torch.randn(shape)
        optimizer = make([w], execution=execution)
        optimizer.step()
        return optimizer

    optimizer, other = started(3, 4), started(4, 3)
    before = copy.deepcopy(optimizer.state_dict())
    right = {"row": r"\(3, 1\)", "q": r"\(4, 4\)"}[state]
    with pytest.raises(ValueError, match="another model's: "):
        optimizer.load_state_dict(other.state_dict())
    mixed_up = copy.deepcopy(before)
    mixed_up["state"][0][state] = torch.zeros(2, 2)
    message = (
        rf"another model's: {state} has shape \(2, 2\), its parameter \(3, 4\), for which it would be {right}"
    )
    with pytest.raises(ValueError, match=message):
        optimizer.load_state_dict(mixed_up)
    assert_identical(optimizer.state_dict(), before)


def test_soap_waits_one_update_then_goes():
    params = mixed()
    start = copy.deepcopy(params)
    optimizer = optim.SOAP(params)
    for step in range(2):
        give_gradients(params, step)
        optimizer.step()
        moved = [not torch.equal(p, q) for p, q in zip(params, start, strict=True)]
        assert moved == ([False, True, False, True] if step == 0 else [True] * 4)


@pytest.mark.parametrize("make", [optim.Adafactor, optim.SOAP, optim.AdEMAMix])
@pytest.mark.parametrize("execution", [*EXECUTIONS, *COMPILED])
def test_half_precision_stays_half(make, execution):
    assert_half_precision_stays_half(make, execution)


# --- Lookahead ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("rule", [rules.sgd, rules.amsgrad, rules.lamb, rules.nadam])
def test_lookahead_wraps_any_rule(rule, execution):
    problem, twin = Problem(), Problem()
    ahead = optim.Lookahead(problem.groups(lr=0.02), rule, lr=0.1, k=4, alpha=0.7, execution=execution)
    states = [{} for _ in twin.params]
    for step in range(9):
        problem.take(ahead, [step])
        twin.set_gradients(step)
        for i, p in enumerate(twin.params):
            hyper = dict(lr=0.1 if i < 2 else 0.02, k=4, alpha=0.7)
            new, states[i] = wrappers.lookahead(p.detach(), p.grad, states[i], step + 1, rule=rule, **hyper)
            p.data = new
    assert_same(problem.params, twin.params, 1e-12)


def test_lookaheads_arguments_are_checked():
    w = [torch.ones(2, requires_grad=True)]
    with pytest.raises(ValueError, match="k must be at least 1, not 0"):
        optim.Lookahead(w, rules.adam, k=0)
    with pytest.raises(TypeError, match="k must be a whole number, not 2.5"):
        optim.Lookahead(w, rules.adam, k=2.5)
    with pytest.raises(ValueError, match=r"alpha must lie in \[0, 1\], not 1.5"):
        optim.Lookahead(w, rules.adam, alpha=1.5)
    with pytest.raises(TypeError, match="the rule adam has no momentum: it has lr, betas"):
        optim.Lookahead(w, rules.adam, momentum=0.9)
    optim.Lookahead(w, rules.adam, alpha=1.0, k=1)
    with pytest.raises(ValueError, match=r"of the rule lookahead\(adam\).*rule is lookahead\(sgd\)"):
        state = optim.Lookahead(w, rules.adam).state_dict()
        optim.Lookahead(w, rules.sgd).load_state_dict(state)


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("adam", "'adam'"),
        (optim.Adam, "Adam"),
        (torch.optim.Adam, "Adam"),
        (torch.optim.Adam([torch.ones(2, requires_grad=True)]), "an optimizer, Adam"),
        (None, "None"),
        (dict(lr=0.1), "{'lr': 0.1}"),
    ],
    ids=str,
)
def test_a_rule_is_a_function(rule, what):
    w = [torch.ones(2, requires_grad=True)]
    with pytest.raises(TypeError, match=rf"rule must be a function .* such as rules.adam, not {what}$"):
        optim.Lookahead(w, rule, lr=0.1)
    with pytest.raises(TypeError, match="rule must be a function"):
        optim.RuleOptimizer(w, rule, dict(lr=0.1))


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_lookahead_wraps_a_wrapper(execution):
    averaged = functools.partial(wrappers.schedule_free, rule=rules.sgd)
    problem, twin = Problem(), Problem()
    problem.take(optim.Lookahead(problem.params, averaged, lr=0.01, k=2, execution=execution), range(5))
    states = [{} for _ in twin.params]
    for step in range(5):
        twin.set_gradients(step)
        for i, p in enumerate(twin.params):
            w, states[i] = wrappers.lookahead(
                p.detach(), p.grad, states[i], step + 1, rule=averaged, k=2, lr=0.01
            )
            p.data = w
    assert_same(problem.params, twin.params, 1e-12)
    with pytest.raises(TypeError, match="the rule schedule_free needs rule="):
        optim.Lookahead(problem.params, wrappers.schedule_free, lr=0.01)


def test_a_rules_own_alpha_keeps_its_default_in_lookahead():
    """Both have an alpha: Lookahead's is the one that is given by name."""
    for rule, own in ((rules.rmsprop, 0.99), (rules.ademamix, 2.0)):
        problem, twin = Problem(), Problem()
        problem.take(optim.Lookahead(problem.params, rule, lr=0.1, k=3, alpha=0.7), range(7))
        fixed = functools.partial(rule, alpha=own)
        twin.take(optim.Lookahead(twin.params, fixed, lr=0.1, k=3, alpha=0.7), range(7))
        assert_identical(problem.params, twin.params)


def test_a_rule_of_ones_own_may_take_what_it_likes():
    """Where its signature says nothing of a hyperparameter, numbers and lists of numbers are taken."""

    def rule(w, g, s, t, *, betas, lr=0.1, more=None):
        return w - lr * betas[0] * g, {}

    w = [torch.ones(2, requires_grad=True)]
    optim.RuleOptimizer(w, rule, dict(betas=(0.9, 0.5, 0.1, 0.0), lr=0.2, more=None))
    with pytest.raises(ValueError, match=r"betas must lie in \[0, 1\)"):
        optim.RuleOptimizer(w, rule, dict(betas=[0.9, 1.0]))
    for bad in (dict(betas=None), dict(betas=[None]), dict(betas=[0.9], lr=(0.1, 0.2))):
        with pytest.raises(TypeError, match="must be made of numbers"):
            optim.RuleOptimizer(w, rule, bad)


def test_a_rule_with_a_fixed_hyperparameter_is_saved_under_its_name():
    rule = functools.partial(rules.adam, eps=1e-3)
    w = [torch.ones(2, requires_grad=True)]
    assert optim.RuleOptimizer(w, rule, dict(lr=0.1)).state_dict()["rule"] == "adam"
    assert optim.Lookahead(w, rule, lr=0.1).state_dict()["rule"] == "lookahead(adam)"


# --- Schedule-Free -----------------------------------------------------------------------------------------

SCHEDULE_FREE = [optim.SGDScheduleFree, optim.AdamWScheduleFree]


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("make", SCHEDULE_FREE)
def test_evaluating_in_between_changes_nothing(make, execution):
    problem, twin = Problem(), Problem()
    optimizer = make(problem.groups(lr=0.02), execution=execution)
    other = make(twin.groups(lr=0.02), execution=execution)
    for step in range(6):
        problem.take(optimizer, [step])
        twin.take(other, [step])
        optimizer.eval()
        optimizer.eval()
        for p, q in zip(problem.params, twin.params, strict=True):
            assert torch.equal(p, other.state[q]["x"])
        optimizer.train()
        optimizer.train()
    assert_identical(problem.params, twin.params)
    assert_identical(optimizer.state_dict(), other.state_dict())


def test_the_mean_of_the_path_is_what_is_evaluated():
    w = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
    optimizer = optim.SGDScheduleFree([w], lr=0.1, momentum=0.0)
    path = []
    for _ in range(20):
        w.grad = w.detach() * torch.tensor([1.0, 5.0], dtype=torch.float64)
        optimizer.step()
        path.append(w.detach().clone())
    optimizer.eval()
    torch.testing.assert_close(w.detach(), torch.stack(path).mean(0), rtol=1e-12, atol=0)


@pytest.mark.parametrize("make", SCHEDULE_FREE)
def test_stepping_while_evaluating_is_refused(make):
    problem = Problem()
    optimizer = make(problem.params)
    problem.take(optimizer, range(2))
    optimizer.eval()
    before = copy.deepcopy(problem.params)
    with pytest.raises(RuntimeError, match=r"call train\(\) before step\(\)"):
        problem.take(optimizer, [2])
    assert_identical(problem.params, before)


@pytest.mark.parametrize("make", SCHEDULE_FREE)
def test_hooks_are_called_once(make):
    w = torch.ones(1, requires_grad=True)
    w.grad = torch.ones(1)
    optim.RuleOptimizer([w], rules.sgd, dict(lr=0.1))  # torch now wraps this class's step
    optimizer, calls = make([w]), []
    optimizer.register_step_pre_hook(lambda *_: calls.append("before"))
    optimizer.register_step_post_hook(lambda *_: calls.append("after"))
    optimizer.step()
    assert calls == ["before", "after"]


@pytest.mark.parametrize("make", SCHEDULE_FREE)
def test_a_checkpoint_remembers_which_point_it_holds(make):
    problem = Problem()
    optimizer = make(problem.params)
    problem.take(optimizer, range(3))
    optimizer.eval()
    twin = problem.copy()
    other = make(twin.params)
    other.load_state_dict(saved_and_loaded(optimizer.state_dict()))
    for its, each in ((problem, optimizer), (twin, other)):
        each.train()
        its.take(each, range(3, 6))
    assert_identical(problem.params, twin.params)


def test_schedule_frees_arguments_are_checked():
    w = [torch.ones(2, requires_grad=True)]
    with pytest.raises(ValueError, match=r"momentum must lie in \[0, 1\), not 1.0"):
        optim.SGDScheduleFree(w, momentum=1.0)
    with pytest.raises(ValueError, match="warmup_steps must be at least 0, not -1"):
        optim.AdamWScheduleFree(w, warmup_steps=-1)
