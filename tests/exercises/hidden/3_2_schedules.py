"""The unseen tests of assignment 3.2."""

import random
import warnings
from functools import partial

import torch

from course_lib import schedules
from course_lib.checks import module
from course_lib.checks.tools import close

the = module("3_2_schedules")


def against(answer, reference, seed, draw):
    """Options by lot, and each update to beyond the end, in an order by lot."""
    lot = random.Random(seed)
    for _ in range(12):
        options = draw(lot)
        last = options.get("total", 4 * options.get("step_size", 1))
        updates = list(range(last + 6)) + [2 * last, 3 * last + 1, 50 * last]
        lot.shuffle(updates)
        for t in updates:
            got, want = the.at(answer, t, **options), reference(t, **options)
            assert close(got, want), f"{the.said(t, options)} your multiplier is {got:.6g}, not {want:.6g}."


def defaults(answer, t, want, **options):
    got = answer(t, **options)
    assert close(got, want), (
        f"Called with its default, at t = {t} your multiplier is {got:.6g}, not {want:.6g}: keep the first "
        "line of the question's cell."
    )


def step_decay(step_decay, seed=0):
    def draw(lot):
        return {"step_size": lot.randint(1, 40), "gamma": round(lot.uniform(0.2, 0.95), 2)}

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

    against(warmup_cosine, schedules.warmup_cosine, seed, draw)
    defaults(warmup_cosine, 9, 0.0, total=9, warmup=2)


def wsd(wsd, seed=0):
    def draw(lot):
        total = lot.randint(1, 60)
        warmup = lot.choice([0, min(1, total), total, lot.randint(0, total)])
        decay = lot.choice([0, total - warmup, lot.randint(0, total - warmup)])
        return {"total": total, "warmup": warmup, "decay": decay, "floor": some_floor(lot)}

    against(wsd, schedules.wsd, seed, draw)
    defaults(wsd, 9, 0.0, total=9, warmup=2, decay=3)


def scheduler(MySchedule, seed=0):
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
                assert close(lr, want), (
                    f"With another schedule and a peak of {peak:g}, the rate of update {t} is {lr:.6g}, "
                    f"not {want:.6g}."
                )
        for after in range(total + 3):
            for both in (False, True):
                again = the.resumed(MySchedule, schedule, peaks, after, total + 3 - after, both)
                assert again == through[after:], (
                    f"stopped after {after} of {total + 3} updates, saved and resumed, "
                    "the rates are not those of a run that never stopped."
                )

    # A state is loaded into a scheduler that has made updates of its own: what it loads counts.
    optimizer, scheduler = the.made(MySchedule, the.halving, (0.4, 0.02))
    the.train(optimizer, scheduler, 3)
    state = the.saved(scheduler.state_dict())
    other_optimizer, other = the.made(MySchedule, the.halving, (0.4, 0.02))
    the.train(other_optimizer, other, 6)
    other.load_state_dict(state)
    wanted = [[0.05, 0.0025], [0.025, 0.00125]]
    assert the.train(other_optimizer, other, 2) == wanted, (
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
