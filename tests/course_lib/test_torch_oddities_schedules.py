"""Where torch's schedulers are odd: what torch does, pinned, and beside it what ours do.

A test that fails here after an update of torch is good news: change the docstring and the page that name the
oddity.
"""

import math
import warnings
from functools import partial

import pytest
import torch
from test_lr_scheduler import close, one_parameter, plateau, rates, run
from torch.optim import lr_scheduler as torchs

from course_lib import lr_scheduler, schedules


@pytest.fixture(autouse=True)
def quiet():
    """torch warns of step(epoch) and of get_lr(): here both are the subject."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def rates_of(make, updates, lr=1.0, **hyper):
    """The rates of the first updates under a scheduler made so."""
    optimizer = one_parameter(lr, **hyper)
    return run(optimizer, make(optimizer), updates)


def rate(optimizer):
    (lr,) = rates(optimizer)
    return lr


# --- past the end ------------------------------------------------------------------------------------------


def test_cosine_annealing_has_no_end():
    theirs = rates_of(lambda o: torchs.CosineAnnealingLR(o, 10), 41)
    assert close([theirs[t] for t in (10, 15, 20, 30, 40)], [0, 0.5, 1, 0, 1])
    # Its closed form, which step(epoch) uses, comes back too.
    optimizer = one_parameter()
    scheduler = torchs.CosineAnnealingLR(optimizer, 10)
    for t, expected in ((10, 0.0), (15, 0.5), (20, 1.0)):
        scheduler.step(t)
        assert close(rate(optimizer), expected)
    ours = rates_of(lambda o: lr_scheduler.Cosine(o, total=10), 41)
    assert ours[10:] == [0.0] * 31


def test_one_cycle_ends_in_an_error():
    optimizer = one_parameter(momentum=0.9)
    scheduler = torchs.OneCycleLR(optimizer, 1.0, total_steps=10)
    theirs = run(optimizer, scheduler, 10)
    assert close(theirs[9], 4e-6)
    # One step more than asked for brings the rate of the update before the last back, four orders higher.
    assert close(rate(optimizer), theirs[8]) and theirs[8] > 0.049
    optimizer.step()
    with pytest.raises(ValueError, match="Tried to step 11 times"):
        scheduler.step()
    ours = rates_of(lambda o: lr_scheduler.OneCycle(o, total=10, warmup=3), 30, momentum=0.9)
    assert close(ours[:10], theirs) and close(ours[9:], [4e-6] * 21)


def test_one_cycle_divides_by_zero():
    optimizer = one_parameter(momentum=0.9)
    with pytest.raises(ZeroDivisionError):
        torchs.OneCycleLR(optimizer, 1.0, total_steps=10, pct_start=0.1)  # a warmup of one update
    ours = rates_of(lambda o: lr_scheduler.OneCycle(o, total=10, warmup=1), 10, momentum=0.9)
    assert ours[0] == 1 and close(ours[9], 4e-6)


def test_one_cycle_misses_its_peak():
    theirs = rates_of(lambda o: torchs.OneCycleLR(o, 1.0, total_steps=10, pct_start=0.25), 10, momentum=0.9)
    assert round(max(theirs), 4) == 0.9891
    ours = rates_of(lambda o: lr_scheduler.OneCycle(o, total=10, warmup=2), 10, momentum=0.9)
    assert max(ours) == 1


# --- jumps and resuming ------------------------------------------------------------------------------------


def test_warm_restarts_find_the_wrong_cycle():
    """1, 3, 9, 27 and 81 updates: the sixth cycle begins at update 121. torch's logarithm says the fifth."""
    optimizer = one_parameter()
    scheduler = torchs.CosineAnnealingWarmRestarts(optimizer, T_0=1, T_mult=3)
    scheduler.step(121)
    assert (rate(optimizer), scheduler.T_cur, scheduler.T_i) == (0.0, 81.0, 81)
    assert schedules.cosine_restarts(121, T_0=1, T_mult=3) == 1
    # Stepped one by one, torch counts, and is right.
    theirs = rates_of(lambda o: torchs.CosineAnnealingWarmRestarts(o, T_0=1, T_mult=3), 123)
    assert close(theirs, [schedules.cosine_restarts(t, T_0=1, T_mult=3) for t in range(123)])
    wrong = 0
    for T_0 in range(1, 30):
        for T_mult in range(2, 8):
            begins, length = 0, T_0
            while begins < 3000:
                scheduler = torchs.CosineAnnealingWarmRestarts(optimizer, T_0, T_mult)
                scheduler.step(begins)
                wrong += rate(optimizer) < 0.5
                assert schedules.cosine_restarts(begins, T_0=T_0, T_mult=T_mult) == 1
                begins, length = begins + length, length * T_mult
    assert wrong == 24


def test_warm_restarts_resume_in_the_wrong_cycle():
    """Cycles of 4, 8, 16, … updates: update 14 is the third of a cycle of 16."""
    right = schedules.cosine_restarts(14, T_0=4, T_mult=2)
    assert right == schedules.cosine(2, total=16)
    optimizer = one_parameter()
    optimizer.param_groups[0]["initial_lr"] = 1.0
    torchs.CosineAnnealingWarmRestarts(optimizer, 4, 2, last_epoch=13)
    assert close(rate(optimizer), schedules.cosine(2, total=8)) and round(rate(optimizer), 4) == 0.8536
    lr_scheduler.CosineRestarts(optimizer, T_0=4, T_mult=2, last_epoch=13)
    assert rate(optimizer) == right and round(right, 4) == 0.9619


def halving(t):
    return 0.5**t


#: Three ways to halve the rate at every update.
HALVINGS = {
    "LambdaLR": lambda o, **more: torchs.LambdaLR(o, halving, **more),
    "ExponentialLR": lambda o, **more: torchs.ExponentialLR(o, 0.5, **more),
    "ours": lambda o, **more: lr_scheduler.Exponential(o, gamma=0.5, **more),
}


def test_last_epoch_means_two_things():
    """After five updates the rate is 1/32. What is it when resumed with ``last_epoch`` 4, and with 5?"""
    found = {}
    for name, make in HALVINGS.items():
        for last_epoch in (4, 5):
            optimizer = one_parameter(1 / 32)
            optimizer.param_groups[0]["initial_lr"] = 1.0
            make(optimizer, last_epoch=last_epoch)
            found[name, last_epoch] = 1 / rate(optimizer)
    # The scheduler's own last_epoch is 5 by then: taken literally, LambdaLR skips an update.
    assert found == {
        ("LambdaLR", 4): 32,
        ("LambdaLR", 5): 64,
        ("ExponentialLR", 4): 32,
        ("ExponentialLR", 5): 32,
        ("ours", 4): 32,
        ("ours", 5): 64,
    }


def test_a_state_loaded_alone():
    """The scheduler's state is loaded, the optimizer's is not."""
    resumed = {}
    for name, make in HALVINGS.items():
        optimizer = one_parameter()
        scheduler = make(optimizer)
        run(optimizer, scheduler, 5)
        fresh = one_parameter()
        other = make(fresh)
        other.load_state_dict(scheduler.state_dict())
        resumed[name] = [1 / lr for lr in run(fresh, other, 3)]
    assert resumed == {
        "LambdaLR": [1, 64, 128],  # one update at the peak
        "ExponentialLR": [1, 2, 4],  # 32 times too high for ever
        "ours": [32, 64, 128],
    }


def test_any_state_loads_into_anything():
    cosine = torchs.CosineAnnealingLR(one_parameter(), 100)
    longer = torchs.CosineAnnealingLR(one_parameter(), 200)
    longer.load_state_dict(cosine.state_dict())
    assert longer.T_max == 100  # what it was made with is gone
    step = torchs.StepLR(one_parameter(), 30)
    step.load_state_dict(cosine.state_dict())
    assert step.T_max == 100  # a StepLR with a cosine's period, and not a word
    optimizer = one_parameter()
    ours = lr_scheduler.Cosine(optimizer, total=100)
    run(optimizer, ours, 5)
    with pytest.raises(ValueError, match="of the schedule cosine; this scheduler's schedule is step"):
        lr_scheduler.Step(one_parameter(), step_size=30).load_state_dict(ours.state_dict())
    with pytest.raises(ValueError, match="with other options"):
        lr_scheduler.Cosine(one_parameter(), total=200).load_state_dict(ours.state_dict())


# --- chained and closed form -------------------------------------------------------------------------------


def test_a_change_by_hand():
    """After three updates the rate is multiplied by ten, by hand."""
    found = {}
    for name, make in HALVINGS.items():
        optimizer = one_parameter()
        scheduler = make(optimizer)
        run(optimizer, scheduler, 3)
        optimizer.param_groups[0]["lr"] *= 10
        found[name] = run(optimizer, scheduler, 3)
        scheduler.step(6)
        found[name].append(rate(optimizer))
    assert found == {
        "LambdaLR": [1.25, 0.0625, 0.03125, 0.015625],  # forgotten at the next step
        "ExponentialLR": [1.25, 0.625, 0.3125, 0.015625],  # kept, until step(epoch) takes the closed form
        "ours": [1.25, 0.625, 0.3125, 0.015625],
    }


def test_lambda_does_not_chain():
    chain = lambda o, first: torchs.ChainedScheduler([first(o), torchs.ExponentialLR(o, 0.5)])  # noqa: E731
    theirs = rates_of(partial(chain, first=lambda o: torchs.LambdaLR(o, lambda t: 1.0)), 5)
    assert theirs == [1, 0.5, 0.5, 0.5, 0.5]
    ours = rates_of(partial(chain, first=lr_scheduler.Constant), 5)
    assert ours == [0.5**t for t in range(5)]
    # A factor that ConstantLR takes back rises above the peak when its start was overwritten.
    start = lambda o: torchs.ChainedScheduler(  # noqa: E731
        [torchs.LambdaLR(o, halving), torchs.ConstantLR(o, 0.1, 3)]
    )
    assert rates_of(start, 5) == [0.1, 0.5, 0.25, 1.25, 0.0625]


def test_cosine_with_a_floor_does_not_chain():
    def product(t):
        return 0.9**t * schedules.cosine(t, total=4, floor=0.1)

    theirs = rates_of(
        lambda o: torchs.ChainedScheduler(
            [torchs.ExponentialLR(o, 0.9), torchs.CosineAnnealingLR(o, 4, eta_min=0.1)]
        ),
        4,
    )
    assert round(theirs[3], 4) == 0.1904 and round(product(3), 4) == 0.169
    ours = rates_of(
        lambda o: torchs.ChainedScheduler(
            [torchs.ExponentialLR(o, 0.9), lr_scheduler.Cosine(o, total=4, floor=0.1)]
        ),
        9,
    )
    assert close(ours, [product(t) for t in range(9)])


def test_get_lr_is_not_the_rate():
    found = {}
    for name, make in HALVINGS.items():
        optimizer = one_parameter()
        scheduler = make(optimizer)
        run(optimizer, scheduler, 1)
        found[name] = scheduler.get_lr(), scheduler.get_last_lr()
    assert found == {
        "LambdaLR": ([0.5], [0.5]),
        "ExponentialLR": ([0.25], [0.5]),
        "ours": ([0.5], [0.5]),
    }


def test_a_rate_once_noted_is_the_peak_for_ever():
    """A second scheduler reads ``initial_lr``, not the rate that you set. Ours begin at what they find."""
    for make, begins in ((lambda o: torchs.LambdaLR(o, lambda t: 1.0), 1.0), (lr_scheduler.Constant, 0.3)):
        optimizer = one_parameter()
        make(optimizer)
        optimizer.param_groups[0]["lr"] = 0.3
        make(optimizer)
        assert rate(optimizer) == begins and optimizer.param_groups[0]["initial_lr"] == 1.0
        del optimizer.param_groups[0]["initial_lr"]
        optimizer.param_groups[0]["lr"] = 0.3
        make(optimizer)
        assert rate(optimizer) == 0.3


def test_one_cycle_overwrites_the_peak():
    optimizer = one_parameter(momentum=0.9)
    torchs.OneCycleLR(optimizer, 1.0, total_steps=10)
    torchs.LambdaLR(optimizer, lambda t: 1.0)
    assert close(rate(optimizer), 1 / 25)
    optimizer = one_parameter(momentum=0.9)
    lr_scheduler.OneCycle(optimizer, total=10, warmup=3)
    torchs.LambdaLR(optimizer, lambda t: 1.0)
    assert rate(optimizer) == 1


def test_a_linear_warmup_made_twice():
    found = []
    for make in (torchs.LinearLR, partial(lr_scheduler.LinearWarmup, warmup=3)):
        optimizer = one_parameter()
        make(optimizer)
        make(optimizer)
        found.append(rate(optimizer))
    assert close(found, [1 / 9, 1 / 3])


def test_linear_ends_above_the_peak():
    theirs = rates_of(torchs.LinearLR, 8)
    assert theirs[5:] == [1.0000000000000002] * 3
    assert rates_of(lambda o: lr_scheduler.LinearWarmup(o, warmup=3), 8)[2:] == [1.0] * 6


def test_a_group_added_later():
    def add_and_step(make):
        optimizer = one_parameter()
        scheduler = make(optimizer)
        optimizer.step()
        optimizer.add_param_group({"params": [torch.zeros(1, requires_grad=True)], "lr": 1.0})
        scheduler.step()
        return rates(optimizer)

    assert add_and_step(HALVINGS["ExponentialLR"]) == [0.5, 0.5]
    with pytest.raises(ValueError, match=r"zip\(\) argument 2 is shorter than argument 1"):
        add_and_step(HALVINGS["LambdaLR"])
    with pytest.raises(RuntimeError, match="a parameter group was added after the scheduler was made"):
        add_and_step(HALVINGS["ours"])


# --- in sequence -------------------------------------------------------------------------------------------


def test_a_turn_in_sequence_resets_or_does_not():
    """At a milestone, a scheduler with a closed form starts from the peak; one without goes on from below."""

    def then(last):
        return rates_of(
            lambda o: torchs.SequentialLR(o, [torchs.ExponentialLR(o, 0.5), last(o)], milestones=[2]), 5
        )

    assert then(lambda o: torchs.ExponentialLR(o, 0.5)) == [1, 0.5, 1, 0.5, 0.25]
    assert then(lambda o: torchs.MultiplicativeLR(o, lambda t: 0.5)) == [1, 0.5, 0.25, 0.125, 0.0625]
    assert then(lambda o: lr_scheduler.Exponential(o, gamma=0.5)) == [1, 0.5, 1, 0.5, 0.25]


def test_a_chain_cannot_come_second_in_sequence():
    optimizer = one_parameter()
    parts = [torchs.ConstantLR(optimizer), torchs.ChainedScheduler([torchs.ExponentialLR(optimizer, 0.5)])]
    scheduler = torchs.SequentialLR(optimizer, parts, milestones=[2])
    run(optimizer, scheduler, 1)
    with pytest.raises(NotImplementedError):
        scheduler.step()
    both = partial(lr_scheduler.Schedule, schedule=lambda t: 1 / 3 if t < 2 else halving(t - 2))
    assert rates_of(both, 5) == [1 / 3, 1 / 3, 1, 0.5, 0.25]


def test_a_chain_that_comes_first_in_sequence_warns_for_nothing():
    optimizer = one_parameter()
    chain = torchs.ChainedScheduler([torchs.ExponentialLR(optimizer, 0.5)])
    with pytest.warns(UserWarning, match="before `optimizer.step"):
        torchs.SequentialLR(optimizer, [chain, torchs.ConstantLR(optimizer)], milestones=[2])


# --- bad input ---------------------------------------------------------------------------------------------


def test_nonsense_that_torch_takes():
    assert rates_of(lambda o: torchs.ExponentialLR(o, -1.0), 3) == [1, -1, 1]
    assert rates_of(lambda o: torchs.CosineAnnealingLR(o, 4, eta_min=2.0), 5)[4] == 2.0
    assert rates_of(lambda o: torchs.StepLR(o, -2, 0.5), 5) == [1, 1, 0.5, 0.5, 0.25]
    assert rates_of(lambda o: torchs.PolynomialLR(o, total_iters=0), 3) == [1, 1, 1]
    for make, message in (
        (partial(lr_scheduler.Exponential, gamma=-1.0), "gamma must be"),
        (partial(lr_scheduler.Cosine, total=4, floor=2.0), "floor must be"),
        (partial(lr_scheduler.Step, step_size=-2), "step_size must be"),
        (partial(lr_scheduler.Polynomial, total=0), "total must be"),
    ):
        with pytest.raises(ValueError, match=message):
            make(one_parameter())


def test_nonsense_that_torch_notices_late():
    """The scheduler is made without a word; training stops at its first step, or at its last."""
    for make, updates in (
        (lambda o: torchs.StepLR(o, 0), 0),
        (lambda o: torchs.CosineAnnealingLR(o, 0), 0),
        (lambda o: torchs.ConstantLR(o, factor=0.0, total_iters=3), 2),
    ):
        optimizer = one_parameter()
        scheduler = make(optimizer)
        run(optimizer, scheduler, updates)
        with pytest.raises(ZeroDivisionError):
            scheduler.step()


def test_half_steps_are_two_schedules():
    theirs = rates_of(lambda o: torchs.StepLR(o, 2.5, 0.5), 6)
    assert theirs == [1, 1, 1, 1, 1, 0.5]  # chained: multiples of 2.5 that are whole
    optimizer = one_parameter()
    torchs.StepLR(optimizer, 2.5, 0.5).step(3)
    assert rate(optimizer) == 0.5  # closed form: ⌊3/2.5⌋ = 1


# --- a plateau ---------------------------------------------------------------------------------------------

THEIRS, OURS = torchs.ReduceLROnPlateau, lr_scheduler.ReduceOnPlateau


@pytest.mark.parametrize(("mode", "worse"), [("min", 1), ("max", -1)])
def test_plateau_with_negative_metrics(mode, worse):
    """−10 for ever, and slowly worse than −10: torch sees an improvement each time, and never reduces."""
    for metrics in ([-10.0] * 100, [-10.0 + worse * 4e-4 * i for i in range(100)]):
        assert plateau(metrics, THEIRS, mode=mode, patience=2) == [1.0] * 100
        assert plateau(metrics, OURS, mode=mode, patience=2)[:5] == [1.0, 1.0, 1.0, 0.1, 0.1]
    # With a threshold of 10 %, a loss that rises from −10 to −0.1 is one long improvement.
    metrics = [-10 * 0.955**i for i in range(101)]
    assert -0.11 < metrics[-1] < -0.09
    if mode == "min":
        assert plateau(metrics, THEIRS, threshold=0.1, patience=2)[-1] == 1.0
        assert plateau(metrics, OURS, threshold=0.1, patience=2)[3] == 0.1


def test_plateau_after_infinity():
    metrics = [1.0, -math.inf, 0.5, 0.2, 0.1, 0.05]
    assert plateau(metrics, THEIRS, patience=2) == [1.0, 1.0, 1.0, 1.0, 0.1, 0.1]
    assert plateau(metrics, OURS, patience=2) == [1.0] * 6


def test_plateau_with_nan_is_alike():
    metrics = [1.0] + [math.nan] * 4
    assert plateau(metrics, THEIRS, patience=2) == plateau(metrics, OURS, patience=2) == [1, 1, 1, 0.1, 0.1]


def test_plateau_with_a_negative_factor():
    assert plateau([1.0] * 4, THEIRS, patience=2, factor=-1.0)[-1] == 0
    with pytest.raises(ValueError, match="factor must lie between 0 and 1"):
        OURS(one_parameter(), factor=-1.0)


def test_plateau_leaves_tiny_rates_alone():
    """A reduction by less than ``eps`` is left out, in both: give a smaller ``eps`` with a tiny rate."""
    for make in (THEIRS, OURS):
        assert plateau([1.0] * 9, make, lr=1e-8, patience=0)[-1] == 1e-8
        assert plateau([1.0] * 9, make, lr=1e-8, patience=0, eps=0.0)[-1] < 1e-15
