"""The schedulers are torch's: they drive its optimizers and ours, resume, and stand beside its own."""

import copy
import doctest
import gc
import inspect
import io
import itertools
import math
import pickle
import warnings
import weakref
from functools import partial

import pytest
import schedule_properties
import torch
from problem import Problem, assert_same
from torch.optim import lr_scheduler as torchs

from course_lib import lr_scheduler, optim, schedules
from course_lib.lr_scheduler import (
    Constant,
    Cosine,
    CosineRestarts,
    Exponential,
    InverseSqrt,
    LinearWarmup,
    OneCycle,
    Polynomial,
    ReduceOnPlateau,
    Schedule,
    Step,
    WarmupCosine,
)

#: Class, schedule, options.
CLASSES = [
    ("Constant", schedules.constant, {}),
    ("Step", schedules.step, dict(step_size=3, gamma=0.5)),
    ("MultiStep", schedules.multi_step, dict(milestones=[2, 5, 5], gamma=0.5)),
    ("Exponential", schedules.exponential, dict(gamma=0.8)),
    ("Polynomial", schedules.polynomial, dict(total=9, power=0.9, floor=0.1)),
    ("Cosine", schedules.cosine, dict(total=9, floor=0.1)),
    ("CosineRestarts", schedules.cosine_restarts, dict(T_0=2, T_mult=2, floor=0.1)),
    ("LinearWarmup", schedules.linear_warmup, dict(warmup=3, then=schedules.cosine, total=6)),
    ("WarmupCosine", schedules.warmup_cosine, dict(total=9, warmup=3)),
    ("WarmupLinear", schedules.warmup_linear, dict(total=9, warmup=3, floor=0.1)),
    ("InverseSqrt", schedules.inverse_sqrt, dict(warmup=4)),
    ("WSD", schedules.wsd, dict(total=9, warmup=2, decay=4)),
    ("OneCycle", schedules.one_cycle, dict(total=9, warmup=3, start=0.1, floor=0.01)),
]
of_every_class = pytest.mark.parametrize(
    ("name", "schedule", "options"), CLASSES, ids=[name for name, *_ in CLASSES]
)
OPTIMIZERS = [
    pytest.param(partial(make, **hyper), id=f"{make.__module__.split('.')[0]}-{make.__name__}")
    for make, hyper in (
        (torch.optim.SGD, dict(momentum=0.9)),
        (torch.optim.AdamW, {}),
        (optim.SGD, dict(momentum=0.9)),
        (optim.AdamW, {}),
    )
]
PEAKS = (0.1, 0.03)


@pytest.fixture(autouse=True)
def no_warnings():
    """Right use warns of nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def driven(name, options, make=optim.SGD, **more):
    """A problem in two groups with two peaks, its optimizer and its scheduler."""
    problem = Problem()
    optimizer = make(problem.groups(lr=PEAKS[1]), lr=PEAKS[0])
    return problem, optimizer, getattr(lr_scheduler, name)(optimizer, **options, **more)


def rates(optimizer):
    return [float(group["lr"]) for group in optimizer.param_groups]


def train(problem, optimizer, scheduler, updates):
    """Make the updates numbered so; return the rates at which each was made."""
    seen = []
    for update in updates:
        seen.append(rates(optimizer))
        problem.take(optimizer, [update])
        scheduler.step()
    return seen


def one_parameter(lr=1.0, make=torch.optim.SGD, **hyper):
    return make([torch.zeros(1, requires_grad=True)], lr=lr, **hyper)


def run(optimizer, scheduler, updates):
    """The rates of the next updates of an optimizer of one group."""
    seen = []
    for _ in range(updates):
        seen.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return seen


def saved_and_loaded(x):
    """What remains of x after ``torch.save`` and a ``torch.load`` that trusts nothing."""
    file = io.BytesIO()
    torch.save(x, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def close(actual, expected):
    return schedule_properties.close(actual, expected)


# --- the rate at update t is f(t) --------------------------------------------------------------------------


@pytest.mark.parametrize("make", OPTIMIZERS)
@of_every_class
def test_update_t_is_made_at_f_of_t(name, schedule, options, make):
    problem, optimizer, scheduler = driven(name, options, make)
    seen = train(problem, optimizer, scheduler, range(15))
    assert seen == [[peak * schedule(t, **options) for peak in PEAKS] for t in range(15)]
    assert scheduler.get_last_lr() == rates(optimizer) == scheduler.get_lr()


@pytest.mark.parametrize("name", ["SGD", "AdamW"])
def test_ours_and_torchs_optimizers_go_the_same_way(name):
    paths = []
    for make in (getattr(torch.optim, name), getattr(optim, name)):
        problem, optimizer, scheduler = driven("WarmupCosine", dict(total=20, warmup=4), make)
        train(problem, optimizer, scheduler, range(25))
        paths.append(problem.params)
    assert_same(*paths, 1e-12)


@of_every_class
def test_named_classes_take_what_their_functions_take(name, schedule, options):
    ours = inspect.signature(getattr(lr_scheduler, name)).parameters
    function = inspect.signature(schedule).parameters
    own = {"cycle_momentum", "base_momentum", "max_momentum"} if name == "OneCycle" else set()
    assert ours.keys() - own == {"optimizer", "last_epoch", *function} - {"t"}
    for option, parameter in function.items():
        if option != "t":
            assert ours[option].default == parameter.default and ours[option].kind == parameter.kind
    plain = Schedule(one_parameter(momentum=0.9), schedule, **options)
    named = getattr(lr_scheduler, name)(one_parameter(momentum=0.9), **options)
    assert [plain.multiplier(t) for t in range(20)] == [named.multiplier(t) for t in range(20)]


def test_every_schedule_has_its_class():
    functions = {f for _, f, _ in CLASSES}
    assert functions == {getattr(schedules, n) for n in schedules.__all__} - {schedules.one_cycle_momentum}
    assert {"Schedule", "ReduceOnPlateau", *(name for name, *_ in CLASSES)} == set(lr_scheduler.__all__)


def test_any_function_of_t_will_do():
    optimizer = one_parameter(0.5)
    assert run(optimizer, Schedule(optimizer, lambda t: 1 / (t + 1)), 4) == [0.5 / t for t in (1, 2, 3, 4)]


def test_examples_in_docstrings():
    assert doctest.testmod(lr_scheduler).failed == 0


# --- resuming ----------------------------------------------------------------------------------------------


@of_every_class
def test_last_epoch_resumes_at_any_update(name, schedule, options):
    expected = train(*driven(name, options), range(15))
    for t in range(12):
        problem, optimizer, scheduler = driven(name, options)
        train(problem, optimizer, scheduler, range(t + 1))
        resumed = Problem()
        fresh = optim.SGD(resumed.groups(lr=PEAKS[1]), lr=PEAKS[0])
        fresh.load_state_dict(saved_and_loaded(optimizer.state_dict()))
        scheduler = getattr(lr_scheduler, name)(fresh, **options, last_epoch=t)
        assert train(resumed, fresh, scheduler, range(t + 1, 15)) == expected[t + 1 :]


@pytest.mark.parametrize("order", ["scheduler alone", "optimizer first", "scheduler first"])
@of_every_class
def test_state_dict_resumes_at_any_update(name, schedule, options, order):
    expected = train(*driven(name, options), range(15))
    for t in range(12):
        problem, optimizer, scheduler = driven(name, options)
        train(problem, optimizer, scheduler, range(t))
        saved = saved_and_loaded((optimizer.state_dict(), scheduler.state_dict()))
        resumed, optimizer, scheduler = driven(name, options)
        if order == "optimizer first":
            optimizer.load_state_dict(saved[0])
        scheduler.load_state_dict(saved[1])
        if order == "scheduler first":
            optimizer.load_state_dict(saved[0])
        assert scheduler.get_last_lr() == rates(optimizer) == expected[t]
        assert train(resumed, optimizer, scheduler, range(t, 15)) == expected[t:]


def test_loading_leaves_the_saved_state_alone():
    _, optimizer, scheduler = driven("Cosine", dict(total=9))
    state = scheduler.state_dict()
    before = copy.deepcopy(state)
    scheduler.load_state_dict(state)
    assert state == before
    run(optimizer, scheduler, 2)
    assert state == before


def test_copies_and_pickles_go_on_alike():
    for duplicate in (copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))):
        problem, optimizer, scheduler = driven("WSD", dict(total=12, warmup=2, decay=6))
        train(problem, optimizer, scheduler, range(4))
        twins = duplicate((problem, optimizer, scheduler))
        assert train(*twins, range(4, 12)) == train(problem, optimizer, scheduler, range(4, 12))


def test_a_longer_stable_phase_can_go_on_from_the_same_state():
    _, optimizer, scheduler = driven("WSD", dict(total=12, warmup=2, decay=6))
    run(optimizer, scheduler, 5)
    _, optimizer, longer = driven("WSD", dict(total=20, warmup=2, decay=6))
    longer.load_state_dict(scheduler.state_dict())
    seen = run(optimizer, longer, 15)
    assert close(seen, [PEAKS[0] * schedules.wsd(t, total=20, warmup=2, decay=6) for t in range(5, 20)])


def test_step_takes_an_index_as_torchs_does():
    optimizer = one_parameter()
    scheduler = Cosine(optimizer, total=10)
    optimizer.step()
    for t in (7, 2, 10**15):
        with pytest.warns(UserWarning, match="epoch parameter"):
            scheduler.step(t)
        assert rates(optimizer) == [schedules.cosine(t, total=10)]


# --- beside torch's ----------------------------------------------------------------------------------------


def test_in_torchs_sequential():
    def make(optimizer):
        mine = [
            LinearWarmup(optimizer, warmup=4),
            torchs.ConstantLR(optimizer, factor=0.5, total_iters=100),
            Cosine(optimizer, total=6),
        ]
        return torchs.SequentialLR(optimizer, mine, milestones=[4, 7])

    expected = [schedules.linear_warmup(t, warmup=4) for t in range(4)]
    expected += [0.5] * 3 + [schedules.cosine(t, total=6) for t in range(9)]
    optimizer = one_parameter()
    assert run(optimizer, make(optimizer), 16) == expected
    for t in range(16):
        optimizer = one_parameter()
        scheduler = make(optimizer)
        run(optimizer, scheduler, t)
        state = saved_and_loaded(scheduler.state_dict())
        optimizer = one_parameter()
        scheduler = make(optimizer)
        scheduler.load_state_dict(state)
        assert run(optimizer, scheduler, 16 - t) == expected[t:]


@pytest.mark.parametrize("first", ["ours", "torch's"])
def test_in_torchs_chained(first):
    def make(optimizer):
        chain = [
            Cosine(optimizer, total=10, floor=0.1),
            torchs.ExponentialLR(optimizer, 0.9),
            Step(optimizer, step_size=4),
        ]
        return torchs.ChainedScheduler(chain if first == "ours" else chain[::-1])

    expected = [
        schedules.cosine(t, total=10, floor=0.1) * 0.9**t * schedules.step(t, step_size=4) for t in range(20)
    ]
    optimizer = one_parameter()
    assert close(run(optimizer, make(optimizer), 20), expected)
    for t in range(20):
        optimizer = one_parameter()
        scheduler = make(optimizer)
        run(optimizer, scheduler, t)
        state = saved_and_loaded(scheduler.state_dict())
        optimizer = one_parameter()
        scheduler = make(optimizer)
        scheduler.load_state_dict(state)
        assert close(run(optimizer, scheduler, 20 - t), expected[t:])


W, TOTAL = 5, 30

#: Ours, its multiplier, and torch's, where torch has it (up to the end: its cosine then rises).
CHAINABLE = {
    "warmup": (
        lambda o: LinearWarmup(o, warmup=W),
        partial(schedules.linear_warmup, warmup=W),
        lambda o: torchs.LinearLR(o, 1 / W, total_iters=W - 1),
    ),
    "cosine": (
        lambda o: Cosine(o, total=TOTAL),
        partial(schedules.cosine, total=TOTAL),
        lambda o: torchs.CosineAnnealingLR(o, TOTAL),
    ),
    "exponential": (
        lambda o: Exponential(o, gamma=0.9),
        partial(schedules.exponential, gamma=0.9),
        lambda o: torchs.ExponentialLR(o, 0.9),
    ),
    "steps": (
        lambda o: Step(o, step_size=4),
        partial(schedules.step, step_size=4),
        lambda o: torchs.StepLR(o, 4),
    ),
    "line": (
        lambda o: Polynomial(o, total=TOTAL),
        partial(schedules.polynomial, total=TOTAL),
        lambda o: torchs.PolynomialLR(o, TOTAL),
    ),
    "inverse root": (
        lambda o: InverseSqrt(o, warmup=W),
        partial(schedules.inverse_sqrt, warmup=W),
        None,
    ),
    "warmup, then cosine": (
        lambda o: WarmupCosine(o, total=TOTAL, warmup=W, floor=0.1),
        partial(schedules.warmup_cosine, total=TOTAL, warmup=W, floor=0.1),
        None,
    ),
    "one cycle": (
        lambda o: OneCycle(o, total=TOTAL, warmup=W, cycle_momentum=False),
        partial(schedules.one_cycle, total=TOTAL, warmup=W),
        None,
    ),
    "from nothing": (
        lambda o: Schedule(o, lambda t: min(t / W, 1)),
        lambda t: min(t / W, 1),
        None,
    ),
}


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(CHAINABLE, 2)))
@pytest.mark.parametrize("whose", ["ours", "torch's first", "torch's second"])
def test_two_in_a_chain_multiply(first, second, whose):
    """In either order, two of ours or one of torch's: the product, which is never above the peak."""
    (make_first, f, torchs_first), (make_second, g, torchs_second) = CHAINABLE[first], CHAINABLE[second]
    make_first = torchs_first if whose == "torch's first" else make_first
    make_second = torchs_second if whose == "torch's second" else make_second
    if make_first is None or make_second is None:
        return
    if "from nothing" in (first, second) and whose != "ours":
        return  # torch's divide by a rate of 0, or go on from it
    optimizer = one_parameter()
    seen = run(optimizer, torchs.ChainedScheduler([make_first(optimizer), make_second(optimizer)]), TOTAL)
    assert close(seen, [f(t) * g(t) for t in range(TOTAL)])
    assert max(seen) <= 1 + 1e-12
    if torchs_first and torchs_second:
        optimizer = one_parameter()
        chain = torchs.ChainedScheduler([torchs_first(optimizer), torchs_second(optimizer)])
        assert close(seen, run(optimizer, chain, TOTAL))


@pytest.mark.parametrize("warmup", [10, 100, 1000])
def test_a_long_warmup_in_a_chain_does_not_raise_the_rate(warmup):
    optimizer = one_parameter()
    chain = [LinearWarmup(optimizer, warmup=warmup), Cosine(optimizer, total=10 * warmup)]
    seen = run(optimizer, torchs.ChainedScheduler(chain), 2 * warmup)
    assert close(seen[0], 1 / warmup) and max(seen) < 1


def test_a_change_by_hand_stays_when_a_scheduler_is_made():
    optimizer = one_parameter()
    Constant(optimizer)
    optimizer.param_groups[0]["lr"] = 0.3
    assert close(run(optimizer, LinearWarmup(optimizer, warmup=4), 4), [0.3 * t / 4 for t in (1, 2, 3, 4)])


def test_a_second_training_begins_where_lr_is_put():
    optimizer = one_parameter()
    run(optimizer, Cosine(optimizer, total=4), 6)
    assert rates(optimizer) == [0.0]
    LinearWarmup(optimizer, warmup=4)
    assert rates(optimizer) == [0.0]
    optimizer.param_groups[0]["lr"] = optimizer.param_groups[0]["initial_lr"]
    again = Step(optimizer, step_size=2)
    assert run(optimizer, again, 4) == [1.0, 1.0, 0.1, 0.1]
    # One of the same schedule takes the place of the one before.
    optimizer = one_parameter()
    run(optimizer, Cosine(optimizer, total=4), 6)
    Cosine(optimizer, total=9)
    assert rates(optimizer) == [1.0]


def test_what_is_noted_keeps_no_optimizer():
    optimizer = one_parameter()
    Schedule(optimizer, partial(lambda t, of: float(bool(of.param_groups)), of=optimizer))
    assert copy.deepcopy(optimizer).state_dict() == optimizer.state_dict()
    gone = weakref.ref(optimizer)
    del optimizer
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("T_mult", [1, 2])
@pytest.mark.parametrize("floor", [0.0, 0.1])
def test_restarts_take_parts_of_epochs(T_mult, floor):
    """As torch's documentation steps them: ``scheduler.step(epoch + i / iters)``, then one by one."""
    ours, theirs = one_parameter(), one_parameter()
    schedulers = [
        CosineRestarts(ours, T_0=3, T_mult=T_mult, floor=floor),
        torchs.CosineAnnealingWarmRestarts(theirs, 3, T_mult, eta_min=floor),
    ]
    places = [epoch + i / 7 for epoch in range(12) for i in range(7)]
    for place in [*places, None, None, 26, None, 0.5]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for optimizer, scheduler in zip((ours, theirs), schedulers, strict=True):
                optimizer.step()
                scheduler.step(place)
        assert close(rates(ours), rates(theirs)), place
    resumed = one_parameter()
    scheduler = CosineRestarts(resumed, T_0=3, T_mult=T_mult, floor=floor)
    scheduler.load_state_dict(saved_and_loaded(schedulers[0].state_dict()))
    assert rates(resumed) == rates(ours)
    for bad, error in ((-0.5, ValueError), (math.inf, ValueError), ("1", TypeError), (True, TypeError)):
        with pytest.raises(error, match="t must be"):
            scheduler.step(bad)
        assert rates(resumed) == rates(ours)


def test_ours_in_sequential_in_chained():
    optimizer = one_parameter()
    steps = Step(optimizer, step_size=5)
    parts = [LinearWarmup(optimizer, warmup=3), Cosine(optimizer, total=8, floor=0.1)]
    chain = torchs.ChainedScheduler([torchs.SequentialLR(optimizer, parts, milestones=[3]), steps])
    seen = run(optimizer, chain, 14)
    both = partial(schedules.linear_warmup, warmup=3, then=schedules.cosine, total=8, floor=0.1)
    assert close(seen, [both(t) * schedules.step(t, step_size=5) for t in range(14)])


def test_ours_in_chained_in_sequential():
    optimizer = one_parameter()
    chain = [LinearWarmup(optimizer, warmup=4), Schedule(optimizer, lambda t: 0.5)]
    parts = [torchs.ChainedScheduler(chain), Step(optimizer, step_size=2)]
    with pytest.warns(UserWarning, match="before `optimizer.step"):  # torch's false alarm: see the oddities
        sequence = torchs.SequentialLR(optimizer, parts, milestones=[5])
    seen = run(optimizer, sequence, 9)
    assert close(seen, [1 / 8, 1 / 4, 3 / 8, 1 / 2, 1 / 2, 1, 1, 0.1, 0.1])


def test_what_another_hand_does_stays():
    optimizer = one_parameter()
    scheduler = Cosine(optimizer, total=10)
    run(optimizer, scheduler, 4)
    optimizer.param_groups[0]["lr"] *= 0.1
    expected = [0.1 * schedules.cosine(t, total=10) for t in range(4, 14)]
    assert close(run(optimizer, scheduler, 10), expected)


def test_after_a_rate_of_zero_it_starts_from_the_peak_again():
    optimizer = one_parameter()
    scheduler = Schedule(optimizer, lambda t: abs(t - 2) / 2)
    optimizer.param_groups[0]["lr"] *= 0.1
    assert run(optimizer, scheduler, 2) == [0.1, 0.05]
    assert rates(optimizer) == [0.0]
    optimizer.param_groups[0]["lr"] = 0.3
    assert run(optimizer, scheduler, 3) == [0.3, 0.5, 1.0]


def test_making_a_scheduler_twice_changes_nothing():
    optimizer = one_parameter()
    for _ in range(3):
        scheduler = LinearWarmup(optimizer, warmup=4)
    assert run(optimizer, scheduler, 5) == [0.25, 0.5, 0.75, 1.0, 1.0]


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_torchs_schedulers_drive_ours_and_torchs_alike(make):
    name = "SGD" if "SGD" in make.func.__name__ else "AdamW"
    for scheduled in (
        lambda o: torchs.OneCycleLR(o, 0.1, total_steps=30),
        lambda o: torchs.CosineAnnealingWarmRestarts(o, 3, 2),
        lambda o: schedule_properties.in_sequence(o, 4, torchs.PolynomialLR(o, 9)),
        lambda o: torchs.CyclicLR(o, 0.01, 0.1, step_size_up=4),
    ):
        warnings.simplefilter("ignore")
        paths = []
        for maker in (make, partial(getattr(torch.optim, name), **make.keywords)):
            problem = Problem()
            optimizer = maker(problem.groups(lr=0.03))
            paths.append((train(problem, optimizer, scheduled(optimizer), range(20)), problem.params))
        assert paths[0][0] == paths[1][0]
        assert_same(paths[0][1], paths[1][1], 1e-12)


def test_a_rate_that_is_a_tensor_stays_the_same_tensor():
    lr = torch.tensor(0.1, dtype=torch.float64)
    optimizer = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=lr, foreach=False)
    scheduler = Cosine(optimizer, total=5, floor=0.1)
    seen = run(optimizer, scheduler, 7)
    assert optimizer.param_groups[0]["lr"] is lr
    assert close(seen, [0.1 * schedules.cosine(t, total=5, floor=0.1) for t in range(7)])
    state = scheduler.state_dict()
    lr.fill_(7.0)
    assert close(state["lrs"], [0.01])  # a copy
    state = saved_and_loaded(state)
    other = torch.tensor(0.1, dtype=torch.float64)
    optimizer = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=other, foreach=False)
    scheduler = Cosine(optimizer, total=5, floor=0.1)
    scheduler.load_state_dict(state)
    assert optimizer.param_groups[0]["lr"] is other
    assert close(run(optimizer, scheduler, 2), [0.01, 0.01])


def test_the_wrong_order_is_noticed_as_torch_does():
    optimizer = one_parameter()
    scheduler = Cosine(optimizer, total=5)
    with pytest.warns(UserWarning, match="before `optimizer.step"):
        scheduler.step()


# --- one cycle ---------------------------------------------------------------------------------------------


def momenta(optimizer):
    return [g["betas"][0] if "betas" in g else g["momentum"] for g in optimizer.param_groups]


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_one_cycle_is_torchs_with_its_momentum(make):
    problem, optimizer, scheduler = driven("OneCycle", dict(total=20, warmup=6), make)
    twin = Problem()
    theirs = make(twin.groups(lr=PEAKS[1]), lr=PEAKS[0])
    its = torchs.OneCycleLR(theirs, list(PEAKS), total_steps=20, pct_start=0.3)
    for t in range(20):
        assert close(rates(optimizer), rates(theirs)) and close(momenta(optimizer), momenta(theirs))
        assert momenta(optimizer) == [schedules.one_cycle_momentum(t, total=20, warmup=6)] * 2
        problem.take(optimizer, [t])
        twin.take(theirs, [t])
        scheduler.step()
        if t < 19:
            its.step()
    assert_same(problem.params, twin.params, 1e-12)
    if "betas" in optimizer.param_groups[0]:
        assert optimizer.param_groups[0]["betas"][1] == 0.999


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_one_cycles_momentum_resumes(make):
    options = dict(total=9, warmup=4, base_momentum=0.5, max_momentum=0.9)
    for t in range(9):
        _, optimizer, scheduler = driven("OneCycle", options, make)
        run(optimizer, scheduler, t)
        state, expected = saved_and_loaded(scheduler.state_dict()), momenta(optimizer)
        _, fresh, resumed = driven("OneCycle", options, make)
        resumed.load_state_dict(state)
        assert momenta(fresh) == expected
        _, again, _ = driven("OneCycle", options, make)
        OneCycle(again, **options, last_epoch=t - 1)
        assert momenta(again) == expected


def test_one_cycle_leaves_the_momentum_alone_when_told_to():
    optimizer = one_parameter(momentum=0.7)
    scheduler = OneCycle(optimizer, total=9, warmup=4, cycle_momentum=False)
    run(optimizer, scheduler, 5)
    assert momenta(optimizer) == [0.7]
    without = torch.optim.Adagrad([torch.zeros(1, requires_grad=True)])
    OneCycle(without, total=9, warmup=4, cycle_momentum=False)
    with pytest.raises(ValueError, match="Adagrad has neither momentum nor betas: use cycle_momentum=False"):
        OneCycle(without, total=9, warmup=4)


# --- a plateau ---------------------------------------------------------------------------------------------


def plateau(metrics, make=ReduceOnPlateau, lr=1.0, **options):
    """The rates after each metric."""
    optimizer = one_parameter(lr)
    scheduler, seen = make(optimizer, **options), []
    for metric in metrics:
        scheduler.step(metric)
        seen.append(rates(optimizer)[0])
    return seen


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("threshold_mode", ["rel", "abs"])
def test_plateau_is_torchs_for_positive_metrics(mode, threshold_mode):
    generator = torch.Generator().manual_seed(0)
    metrics = (2 + torch.randn(200, generator=generator).cumsum(0).abs()).tolist()
    options = dict(
        mode=mode, threshold_mode=threshold_mode, patience=3, threshold=0.05, cooldown=2, factor=0.7
    )
    ours = plateau(metrics, **options)
    assert ours == plateau(metrics, torchs.ReduceLROnPlateau, **options)
    assert ours[-1] < 1


@pytest.mark.parametrize("mode", ["min", "max"])
def test_plateau_does_not_mind_the_sign(mode):
    """A metric that stands still, or grows worse, is no improvement, whatever its sign."""
    worse = 1 if mode == "min" else -1
    for level in (10.0, -10.0):
        for metrics in ([level] * 8, [level + worse * 1e-4 * i for i in range(8)]):
            assert close(plateau(metrics, mode=mode, patience=2), [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01])
        better = [level - worse * 0.01 * i for i in range(8)]
        assert plateau(better, mode=mode, patience=0) == [1.0] * 8
        too_little = [level - worse * 0.0001 * i for i in range(8)]
        assert plateau(too_little, mode=mode, patience=5)[-2:] == [0.1, 0.1]


@pytest.mark.parametrize("nonsense", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("mode", ["min", "max"])
def test_plateau_takes_nan_for_no_improvement(mode, nonsense):
    assert close(plateau([nonsense] * 4, mode=mode, patience=2), [1, 1, 0.1, 0.1])
    rising = 1.0 if mode == "max" else -1.0
    mended = [nonsense, *(rising * i for i in range(1, 7))]
    assert plateau(mended, mode=mode, patience=1) == [1.0] * 7


def test_plateau_beside_a_schedule():
    optimizer = one_parameter()
    warmup, reduce = LinearWarmup(optimizer, warmup=4), ReduceOnPlateau(optimizer, patience=1)
    seen = []
    for t in range(9):
        seen.append(rates(optimizer)[0])
        optimizer.step()
        warmup.step()
        reduce.step(1.0 if t >= 3 else 5.0 - t)
    assert close(seen, [0.25, 0.5, 0.75, 1, 1, 1, 0.1, 0.1, 0.01])


def test_plateau_resumes():
    metrics = [3.0, -1.0, -1.0, -2.0, -2.0, -2.0, math.nan, -1.0, -5.0, -5.0, -5.0, -5.0, -5.0]
    options = dict(patience=1, cooldown=1, factor=0.5)
    expected = plateau(metrics, **options)
    for t in range(len(metrics)):
        optimizer = one_parameter()
        scheduler = ReduceOnPlateau(optimizer, **options)
        for metric in metrics[:t]:
            scheduler.step(torch.tensor(metric))
        state = saved_and_loaded(scheduler.state_dict())
        optimizer = one_parameter()
        scheduler = ReduceOnPlateau(optimizer)
        scheduler.load_state_dict(state)
        seen = []
        for metric in metrics[t:]:
            scheduler.step(metric)
            seen.append(rates(optimizer)[0])
        assert seen == expected[t:]


def test_plateau_drives_ours_within_its_bounds():
    optimizer = optim.Adam(Problem().groups(lr=0.5), lr=1.0)
    scheduler = ReduceOnPlateau(optimizer, patience=0, min_lr=[0.2, 0.3])
    for _ in range(4):
        scheduler.step(1.0)
    assert rates(optimizer) == [0.2, 0.3]


# --- misuse ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [partial(Cosine, total=5), partial(OneCycle, total=5, warmup=1), ReduceOnPlateau]
)
@pytest.mark.parametrize("thing", [None, 0.1, [torch.zeros(1)], torch.optim.SGD])
def test_only_optimizers_are_driven(make, thing):
    with pytest.raises(TypeError, match="optimizer must be a torch.optim.Optimizer, not a "):
        make(thing)


@pytest.mark.parametrize(
    ("schedule", "error", "message"),
    [
        (lambda t: math.nan, ValueError, "a schedule is finite and at least 0; <lambda> gave nan at t="),
        (lambda t: math.inf, ValueError, "gave inf at t="),
        (lambda t: 1 - t, ValueError, "gave -1 at t=2"),
        (lambda t: None, TypeError, "a schedule gives numbers; <lambda> gave None at t=0"),
        (lambda t: True, TypeError, "gave True"),
        (lambda t: torch.tensor(1.0), TypeError, "gave tensor"),
        (0.5, TypeError, "schedule must be a function of t such as schedules.cosine, not 0.5"),
        (schedules.cosine, TypeError, "total"),
    ],
)
def test_only_numbers_are_rates(schedule, error, message):
    optimizer = one_parameter(0.3)
    with pytest.raises(error, match=message):
        run(optimizer, Schedule(optimizer, schedule), 5)
    assert 0 <= rates(optimizer)[0] <= 0.3


@pytest.mark.parametrize(("name", "options", "error", "message"), schedule_properties.NONSENSE)
def test_bad_options_are_refused_at_once(name, options, error, message):
    optimizer = one_parameter(0.3, momentum=0.6)
    if name == "one_cycle_momentum":
        make = OneCycle
    else:
        make = {function.__name__: getattr(lr_scheduler, cls) for cls, function, _ in CLASSES}[name]
    with pytest.raises(error, match=message):
        make(optimizer, **options)
    assert optimizer.param_groups[0]["lr"] == 0.3 and optimizer.param_groups[0]["momentum"] == 0.6
    assert "initial_lr" not in optimizer.param_groups[0]


@pytest.mark.parametrize("last_epoch", [-2, 1.0, True, None])
def test_last_epoch_is_an_index(last_epoch):
    with pytest.raises(ValueError, match=f"last_epoch must be an integer, at least -1, not {last_epoch}"):
        Cosine(one_parameter(), total=5, last_epoch=last_epoch)


def test_resuming_needs_to_know_the_peak():
    with pytest.raises(KeyError, match="initial_lr"):
        Cosine(one_parameter(), total=5, last_epoch=3)


def test_a_group_added_later_is_noticed():
    optimizer = one_parameter()
    scheduler = Cosine(optimizer, total=5)
    run(optimizer, scheduler, 2)
    optimizer.add_param_group({"params": [torch.zeros(2, requires_grad=True)], "lr": 0.5, "initial_lr": 0.5})
    optimizer.step()
    with pytest.raises(RuntimeError, match="a parameter group was added .* make a new .* last_epoch=2"):
        scheduler.step()
    Cosine(optimizer, total=5, last_epoch=2)
    assert rates(optimizer) == [peak * schedules.cosine(3, total=5) for peak in (1.0, 0.5)]


def states():
    """What a Cosine(total=10) must refuse, after five updates, and words of the refusal."""

    def state(make, updates=5, groups=1):
        optimizer = torch.optim.SGD(
            [{"params": [torch.zeros(1, requires_grad=True)]} for _ in range(groups)], 1.0
        )
        scheduler = make(optimizer)
        run(optimizer, scheduler, updates)
        return scheduler.state_dict()

    yield state(lambda o: Step(o, step_size=3)), "of the schedule step; this scheduler's schedule is cosine"
    yield state(lambda o: Step(o, step_size=30), 0), "of the schedule step"
    yield state(lambda o: Schedule(o, lambda t: 1.0)), "of the schedule <lambda>"
    yield state(lambda o: torchs.CosineAnnealingLR(o, 10)), "another library's"
    yield ReduceOnPlateau(one_parameter()).state_dict(), "of the schedule reduce_on_plateau"
    other = "of cosine with other options: at t=5 it gave 0.853553, this one gives 0.5; .* last_epoch=4"
    yield state(lambda o: Cosine(o, total=20)), other
    yield state(lambda o: Cosine(o, total=10), groups=2), "for 2 parameter groups; this optimizer has 1"


@pytest.mark.parametrize(("state", "message"), list(states()))
def test_another_schedules_state_is_refused(state, message):
    optimizer = one_parameter()
    scheduler = Cosine(optimizer, total=10)
    run(optimizer, scheduler, 2)
    before = copy.deepcopy(scheduler.state_dict())
    with pytest.raises(ValueError, match=message) as raised:
        scheduler.load_state_dict(state)
    assert "\n" not in str(raised.value)
    assert scheduler.state_dict() == before and run(optimizer, scheduler, 1) == [
        schedules.cosine(2, total=10)
    ]
    if "reduce" not in message:
        with pytest.raises(ValueError, match="this scheduler's schedule is reduce_on_plateau"):
            ReduceOnPlateau(optimizer).load_state_dict(state)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (dict(mode="least"), ValueError, "mode must be 'min' or 'max', not 'least'"),
        (dict(threshold_mode="relative"), ValueError, "threshold_mode must be 'rel' or 'abs'"),
        (dict(factor=1.0), ValueError, "factor must lie between 0 and 1, not 1.0"),
        (dict(factor=-0.5), ValueError, "factor must lie between 0 and 1, not -0.5"),
        (dict(factor=0.0), ValueError, "factor must lie between 0 and 1, not 0.0"),
        (dict(patience=-1), ValueError, "patience must be at least 0, not -1"),
        (dict(patience=1.5), TypeError, "patience must be an integer, not 1.5"),
        (dict(cooldown=True), TypeError, "cooldown must be an integer, not True"),
        (dict(threshold=-1e-4), ValueError, "threshold must be finite and at least 0"),
        (dict(eps=math.nan), ValueError, "eps must be finite and at least 0"),
        (dict(min_lr=[-1.0]), ValueError, "min_lr must be finite and at least 0, not -1.0"),
        (dict(min_lr=[0.0, 0.0]), ValueError, "expected 1 min_lrs, got 2"),
    ],
)
def test_plateaus_options_are_checked(options, error, message):
    with pytest.raises(error, match=message):
        ReduceOnPlateau(one_parameter(), **options)
