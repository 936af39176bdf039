"""The unseen tests of assignment 3.2."""

import random
import warnings
from functools import partial

import torch

from course_lib import schedules
from course_lib.checks import module
from course_lib.checks.tools import close, explain

the = module("3_2_schedules")


PAPER = "work it out on paper and compare."


def agrees(answer, reference, updates, options, otherwise=PAPER, slips=None):
    """See that an answer is the reference's at all these updates, in this order."""
    with the.alone():
        found = [the.at(answer, t, **options) for t in updates]
    for t, got in zip(updates, found, strict=True):
        want = reference(t, **options)
        if abs(got - want) <= 1e-12:
            continue
        what = f"{the.said(t, options)} your multiplier"
        assert close(got, want), explain(what, got, want, (slips or {}).get(t, {}), otherwise=otherwise)


def against(answer, reference, seed, draw):
    """Options by lot, and each update to beyond the end, in an order by lot."""
    lot = random.Random(seed)
    for _ in range(12):
        options = draw(lot)
        last = options.get("total", 4 * options.get("step_size", 1))
        updates = list(range(last + 6)) + [2 * last, 3 * last + 1, 50 * last]
        lot.shuffle(updates)
        agrees(answer, reference, updates, options)


def at_the_edges(answer, reference, *edges):
    """Fixed options, each with the edge that it stands for, and all updates to beyond the end."""
    for edge, options in edges:
        for floor in (0.0, 0.25):
            updates = range(options["total"] + 3)
            agrees(
                answer,
                reference,
                updates,
                options | {"floor": floor},
                f"an edge, {edge}. Work it out on paper.",
            )


def defaults(answer, t, want, **options):
    got = the.at(answer, t, **options)
    what = f"Called with its default, at t = {t} your multiplier"
    assert close(got, want), explain(
        what, got, want, {}, otherwise="keep the first line of the question's cell."
    )


def step_decay(step_decay, seed=0):
    def draw(lot):
        return {"step_size": lot.randint(1, 40), "gamma": round(lot.uniform(0.2, 0.95), 2)}

    for step_size in (1, 2, 49, 98, 103):
        updates = [k * step_size - early for k in (1, 2, 3, 7) for early in (1, 0)]
        late = "the rate falls one update too late: divide t itself, with //."
        slips = {t: {0.5 ** (t // step_size - 1): late} for t in updates}
        agrees(step_decay, schedules.step, updates, {"step_size": step_size, "gamma": 0.5}, slips=slips)
    against(step_decay, schedules.step, seed, draw)
    against(step_decay, schedules.step, seed, lambda lot: {"step_size": lot.randint(1, 9), "gamma": 1.0})
    defaults(step_decay, 7, 0.01, step_size=3)


def some_floor(lot):
    return lot.choice([0.0, 1.0, round(lot.uniform(0.01, 0.9), 2)])


def cosine(cosine, seed=0):
    against(
        cosine, schedules.cosine, seed, lambda lot: {"total": lot.randint(1, 70), "floor": some_floor(lot)}
    )
    against(cosine, schedules.cosine, seed, lambda lot: {"total": 1, "floor": some_floor(lot)})
    defaults(cosine, 9, 0.0, total=9)


def warmup_cosine(warmup_cosine, seed=0):
    def draw(lot):
        total = lot.randint(1, 60)
        warmup = lot.choice([0, 1, total, lot.randint(0, total)])
        return {"total": total, "warmup": min(warmup, total), "floor": some_floor(lot)}

    at_the_edges(
        warmup_cosine,
        schedules.warmup_cosine,
        ("T − W = 1", {"total": 5, "warmup": 4}),
        ("W = T", {"total": 5, "warmup": 5}),
        ("W = 0", {"total": 5, "warmup": 0}),
        ("W = 0 and T = 1", {"total": 1, "warmup": 0}),
        ("W = 1", {"total": 5, "warmup": 1}),
        ("W = T = 1", {"total": 1, "warmup": 1}),
    )
    against(warmup_cosine, schedules.warmup_cosine, seed, draw)
    defaults(warmup_cosine, 9, 0.0, total=9, warmup=2)


def wsd(wsd, seed=0):
    def draw(lot):
        total = lot.randint(1, 60)
        warmup = lot.choice([0, min(1, total), total, lot.randint(0, total)])
        decay = lot.choice([0, total - warmup, lot.randint(0, total - warmup)])
        return {"total": total, "warmup": warmup, "decay": decay, "floor": some_floor(lot)}

    at_the_edges(
        wsd,
        schedules.wsd,
        ("D = 1", {"total": 8, "warmup": 2, "decay": 1}),
        ("T − W = 1", {"total": 5, "warmup": 4, "decay": 0}),
        ("T − W = D = 1", {"total": 5, "warmup": 4, "decay": 1}),
        ("W + D = T", {"total": 8, "warmup": 3, "decay": 5}),
        ("W = 0 and D = T", {"total": 8, "warmup": 0, "decay": 8}),
        ("W = 0 and D = 0", {"total": 5, "warmup": 0, "decay": 0}),
        ("W = T", {"total": 5, "warmup": 5, "decay": 0}),
        ("T = 1", {"total": 1, "warmup": 0, "decay": 1}),
    )
    against(wsd, schedules.wsd, seed, draw)
    defaults(wsd, 9, 0.0, total=9, warmup=2, decay=3)


def scheduler(MySchedule, seed=0):
    with the.ready_schedulers():
        any_schedule(MySchedule, seed)
        asked_twice(MySchedule)
        two_at_once(MySchedule)
        back_to_an_older(MySchedule)
        into_another(MySchedule)
        by_the_constructor(MySchedule)
        in_use(MySchedule)


def any_schedule(MySchedule, seed):
    lot = random.Random(seed)
    total = lot.randint(9, 14)
    kinds = [
        partial(schedules.warmup_cosine, total=total, warmup=lot.randint(0, 4), floor=0.1),
        partial(schedules.wsd, total=total, warmup=2, decay=lot.randint(1, 5)),
        lambda t: float(t % 3 != 1) * (1 + t) / 20,
        lambda t: 1,
    ]
    for schedule in kinds:
        peaks = tuple(round(lot.uniform(0.01, 2), 3) for _ in range(3))
        through = the.train(*the.made(MySchedule, schedule, peaks), total + 3)
        for t, row in enumerate(through):
            for lr, peak in zip(row, peaks, strict=True):
                want = peak * schedule(t)
                what = f"With another schedule and a peak of {peak:g}, the rate of update {t}"
                assert close(lr, want), explain(what, lr, want, {}, otherwise="the peak times f(t).")
        for after in range(total + 3):
            for both in (False, True):
                again = the.resumed(MySchedule, schedule, peaks, after, total + 3 - after, both)
                assert again == through[after:], (
                    f"stopped after {after} of {total + 3} updates, saved and resumed, "
                    "the rates are not those of a run that never stopped."
                )


def slowly(t):
    return 1 / (1 + t)


def these(optimizer, scheduler, want, when, why):
    """See that the rates, and those that the scheduler says, are as they must be."""
    for said, mine in (("the rate", the.rates(optimizer)), ("get_last_lr()", scheduler.get_last_lr())):
        for lr, right in zip(mine, want, strict=True):
            if said != "the rate":  # after a load: elsewhere torch sees to it
                why = "it is what the state's _last_lr says. Let the state hold it, or set it when you load."
            assert close(lr, right), explain(f"{when}, {said}", lr, right, {}, otherwise=why)


def by_the_constructor(MySchedule):
    """A run resumed by last_epoch, as torch has it: update last_epoch is over, and the groups know peaks."""
    why = (
        "the update's number is self.last_epoch, however the scheduler came there, and a peak is initial_lr."
    )
    for last in (-1, 1, 4999):
        try:
            optimizer, scheduler = the.made(
                MySchedule, slowly, (0.1, 0.3), initial=(0.4, 0.02), last_epoch=last
            )
            t, when = last + 1, f"Made with last_epoch={last}, in groups with an initial_lr"
            these(optimizer, scheduler, [0.4 * slowly(t), 0.02 * slowly(t)], when, why)
            the.train(optimizer, scheduler, 1)
            t, when = t + 1, f"{when}, after one more update"
            these(optimizer, scheduler, [0.4 * slowly(t), 0.02 * slowly(t)], when, why)
            state = the.saved(scheduler.state_dict())
            optimizer, scheduler = the.made(MySchedule, slowly, (0.4, 0.02))
            the.load(scheduler, state)
        except TypeError as error:
            if "last_epoch" not in str(error):
                raise
            raise AssertionError("MySchedule takes last_epoch, too: leave __init__ as it is.") from error
        except (IndexError, KeyError) as error:
            raise AssertionError(
                f"At update {last + 1} your scheduler stops: {error}. A run may be longer than any table: "
                "ask the function, for self.last_epoch."
            ) from error
        these(
            optimizer,
            scheduler,
            [0.4 * slowly(t), 0.02 * slowly(t)],
            f"Once the state of update {t} is loaded",
            "set the rates that belong to the state's last_epoch, whatever it is.",
        )


def asked_twice(MySchedule):
    """get_lr is a question, and changes nothing."""
    optimizer, scheduler = the.made(MySchedule, the.halving, (0.4, 0.02))
    the.train(optimizer, scheduler, 2)
    for _ in range(3):
        found = the.a_list(scheduler.get_lr(), 2)
        assert close(found, [0.1, 0.005]), (
            f"Asked more than once at update 2, get_lr returns {found}, and must return [0.1, 0.005] "
            "each time: let it count nothing, and ask self.last_epoch."
        )
    assert close(the.train(optimizer, scheduler, 2)[1], [0.05, 0.0025]), "get_lr must change nothing."


def two_at_once(MySchedule):
    """Two schedulers live side by side, each with its own function."""
    one, two = the.made(MySchedule, the.halving, (0.4,)), the.made(MySchedule, slowly, (0.6,))
    for t in range(4):
        for (optimizer, scheduler), want in ((one, 0.4 * the.halving(t)), (two, 0.6 * slowly(t))):
            these(
                optimizer,
                scheduler,
                [want],
                f"With two schedulers at once, at update {t}",
                "keep the function on the object, self.schedule, neither in a global nor on the class.",
            )
        for optimizer, scheduler in (one, two):
            the.train(optimizer, scheduler, 1)


def into_another(MySchedule):
    """The optimizer was made anew, with rates of its own. The peaks are those of the state."""
    for after in (0, 3):
        optimizer, scheduler = the.made(MySchedule, the.halving, (0.4, 0.02))
        the.train(optimizer, scheduler, after)
        state = the.saved(scheduler.state_dict())
        optimizer, scheduler = the.made(MySchedule, the.halving, (5.0, 3.0))
        the.load(scheduler, state)
        for t in (after, after + 1):
            these(
                optimizer,
                scheduler,
                [0.4 * the.halving(t), 0.02 * the.halving(t)],
                f"Loaded at update {after} into an optimizer with other rates, at update {t}",
                "the state holds the peaks and the last rates, and loading it takes them over.",
            )
            the.train(optimizer, scheduler, 1)


def back_to_an_older(MySchedule):
    """A state is a picture of its moment: nothing that is done later changes it."""
    optimizer, scheduler = the.made(MySchedule, the.halving, (0.4, 0.02))
    states = []
    for _ in range(4):
        states.append(scheduler.state_dict())
        the.train(optimizer, scheduler, 1)
    assert states[0] is not states[1], (
        "Asked twice, state_dict returns the same dict: the newer state has overwritten the older one. Let "
        "state_dict return a new dict each time."
    )
    for t in (2, 0, 3):
        the.load(scheduler, states[t])
        these(
            optimizer,
            scheduler,
            [0.4 * the.halving(t), 0.02 * the.halving(t)],
            f"Back at the state of update {t}, with newer states made since",
            "nothing that is done later may change a state, and loading sets the rates at update 0, too.",
        )


def in_use(MySchedule):
    # A state is loaded into a scheduler that has made updates of its own: what it loads counts.
    optimizer, scheduler = the.made(MySchedule, the.halving, (0.4, 0.02))
    the.train(optimizer, scheduler, 3)
    state = the.saved(scheduler.state_dict())
    other_optimizer, other = the.made(MySchedule, the.halving, (0.4, 0.02))
    the.train(other_optimizer, other, 6)
    the.load(other, state)
    wanted = [[0.05, 0.0025], [0.025, 0.00125]]
    assert all(map(close, the.train(other_optimizer, other, 2), wanted)), (
        "a state that is loaded into a scheduler in use must set it to where the state was made."
    )
    # The state that was handed over is the caller's.
    assert state == the.saved(scheduler.state_dict()), (
        "load_state_dict must not change the state that it is given."
    )

    # get_last_lr and torch's own optimizers with tensors of state go on as they do elsewhere.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        p = torch.nn.Parameter(torch.ones(2))
        optimizer = torch.optim.AdamW([p], lr=0.3)
        scheduler = MySchedule(optimizer, the.halving)
        for _ in range(3):
            p.grad = torch.ones(2)
            optimizer.step()
            scheduler.step()
    assert close(scheduler.get_last_lr()[0], 0.3 / 8), (
        "after three updates get_last_lr() is not the peak times f(3)."
    )
