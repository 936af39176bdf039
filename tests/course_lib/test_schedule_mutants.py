"""The checks of the schedules can fail: each known mistake, made on purpose, is caught by a check."""

import pytest
from mutation import broken, passes, wrong
from test_schedules import CHECKS

from course_lib import schedules

#: mistake: (the function, or None for the tables below them; its text, what replaces it, who must notice).
MUTANTS = {
    # off by one
    "step one early": ("step", "t // step_size", "(t + 1) // step_size", "check_steps"),
    "step one late": ("step", "t // step_size", "max(t - 1, 0) // step_size", "check_steps"),
    "step in floats": ("step", "t // step_size", "(t / step_size)", "check_values_worked_out_by_hand"),
    "milestone one late": ("multi_step", "milestone <= t", "milestone < t", "check_steps"),
    "milestones used once": (
        "multi_step",
        "for milestone in milestones",
        "for milestone in set(milestones)",
        "check_schedules_are_torchs",
    ),
    "exponential from 1": ("exponential", "gamma**t", "gamma ** (t + 1)", "check_ends"),
    "cosine one early": ("cosine", "_progress(t, 0", "_progress(t + 1, 0", "check_schedules_are_torchs"),
    "cosine ends one early": ("cosine", "0, total)", "0, total - 1)", "check_continuity"),
    "cosine ends one late": ("cosine", "0, total)", "0, total + 1)", "check_ends"),
    "linear after warmup one late": (
        "warmup_linear",
        "_progress(t, warmup",
        "_progress(t - 1, warmup",
        "check_values_worked_out_by_hand",
    ),
    "Noam from 0": ("inverse_sqrt", "(t + 1) / warmup, ", "t / warmup, ", "check_inverse_sqrt_is_the_papers"),
    "wsd decays one early": (
        "wsd",
        "_progress(t, total - decay",
        "_progress(t, total - decay - 1",
        "check_wsd_needs_no_total_until_it_decays",
    ),
    # the warmup
    "warmup t/W": ("linear_warmup", "(t + 1) / warmup if", "t / warmup if", "check_peak_after_warmup"),
    "cosine warmup t/W": ("warmup_cosine", "(t + 1) / warmup", "t / warmup", "check_schedules_are_torchs"),
    "linear warmup t/(W−1)": (
        "warmup_linear",
        "(t + 1) / warmup",
        "t / (warmup - 1)",
        "check_values_worked_out_by_hand",
    ),
    "wsd warmup t/W": ("wsd", "(t + 1) / warmup", "t / warmup", "check_peak_after_warmup"),
    "warmup 0 divides by zero": (
        "linear_warmup",
        "(t + 1) / warmup if t < warmup else after",
        "min((t + 1) / warmup, 1) * after",
        "check_values_worked_out_by_hand",
    ),
    "Noam's warmup 0": ("inverse_sqrt", "max(warmup, 1)", "warmup", "check_values_worked_out_by_hand"),
    "warmup overshoots": ("linear_warmup", "t < warmup", "t <= warmup", "check_bounds"),
    "warmup is cut off": ("wsd", "t < warmup", "t < warmup // 2", "check_continuity"),
    "then goes on with t": ("linear_warmup", "max(t - warmup, 0)", "t", "check_warmup_then_anything"),
    "options not handed on": (
        "linear_warmup",
        "0), **options)",
        "0))",
        "check_warmup_then_anything",
    ),
    "warmup multiplies": (
        "warmup_cosine",
        "return (t + 1) / warmup",
        "return (t + 1) / warmup * _half_cosine(_progress(t, 0, total))",
        "check_peak_after_warmup",
    ),
    "decay counts the warmup": (
        "warmup_linear",
        "_progress(t, warmup, total)",
        "_progress(t, 0, total)",
        "check_continuity",
    ),
    "decay after the warmup is total long": (
        "warmup_cosine",
        "_progress(t, warmup, total)",
        "_progress(t, warmup, total + warmup)",
        "check_ends",
    ),
    # curves
    "cosine in degrees": ("_half_cosine", "math.pi * x", "180 * x", "check_values_worked_out_by_hand"),
    "whole cosine": ("_half_cosine", "math.pi * x", "2 * math.pi * x", "check_monotone"),
    "cosine not halved": (
        "_half_cosine",
        "(1 + math.cos(math.pi * x)) / 2",
        "1 + math.cos(math.pi * x)",
        "check_bounds",
    ),
    "cosine from −1": ("_half_cosine", "1 + math.cos", "1 - math.cos", "check_ends"),
    "sine": ("_half_cosine", "math.cos(math.pi * x)", "math.sin(math.pi * x)", "check_monotone"),
    "cosine unclamped": ("cosine", "_progress(t, 0, total)", "t / total", "check_ends"),
    "polynomial unclamped": ("polynomial", "_progress(t, 0, total)", "t / total", "check_ends"),
    "clamped one too far": ("_progress", "t >= last", "t > last + 1", "check_ends"),
    "not clamped before": ("_progress", " if t > first else 0.0", "", "check_bounds"),
    "clamped at 0, not at the floor": (
        "cosine",
        "return floor",
        "return 0.0 if t >= total else floor",
        "check_ends",
    ),
    "decay past the floor": ("polynomial", "floor + (1 - floor) *", "floor +", "check_bounds"),
    "decay to floor of floor": ("warmup_linear", "floor + (1 - floor)", "(1 - floor)", "check_bounds"),
    "floor as a lower bound": (
        "cosine",
        "floor + (1 - floor) * _half_cosine(_progress(t, 0, total))",
        "max(floor, _half_cosine(_progress(t, 0, total)))",
        "check_schedules_are_torchs",
    ),
    "power ignored": ("polynomial", " ** power", "", "check_schedules_are_torchs"),
    "power of the time gone": (
        "polynomial",
        "(1 - _progress(t, 0, total)) ** power",
        "(1 - _progress(t, 0, total) ** power)",
        "check_schedules_are_torchs",
    ),
    "gamma per update": ("step", "gamma ** (t // step_size)", "gamma ** (t / step_size)", "check_steps"),
    "constant 0": ("constant", "1.0", "0.0", "check_ends"),
    "Noam without root": (
        "inverse_sqrt",
        "math.sqrt(warmup / (t + 1))",
        "warmup / (t + 1)",
        "check_inverse_sqrt_is_the_papers",
    ),
    "Noam's other branch": ("inverse_sqrt", "return min(", "return max(", "check_bounds"),
    # restarts
    "restart by floats": (
        "cosine_restarts",
        "while s >= length:\n        s, length = s - length, length * T_mult",
        "if T_mult > 1 and t >= T_0:\n"
        "        n = int(math.log(t / T_0 * (T_mult - 1) + 1, T_mult))\n"
        "        s, length = t - T_0 * (T_mult**n - 1) / (T_mult - 1), T_0 * T_mult**n",
        "check_restarts",
    ),
    "restart one late": ("cosine_restarts", "s >= length", "s > length", "check_restarts"),
    "cycles grow too fast": ("cosine_restarts", "length * T_mult", "length * T_mult**2", "check_restarts"),
    "remainder in floats": ("cosine_restarts", "s = t % T_0", "s = float(t) % T_0", "check_restarts"),
    # one cycle
    "one cycle misses the peak": ("_cycle", "0, warmup - 1)", "0, warmup)", "check_peak_after_warmup"),
    "one cycle rises past the maximum": (
        "_cycle",
        "if t < warmup:\n        return _between(peak, start, _progress(t, 0, warmup - 1))",
        "if t <= warmup:\n        return start + (peak - start) * t / max(warmup - 1, 1)",
        "check_bounds",
    ),
    "one cycle above 1": ("one_cycle", "start, 1.0, floor", "start, 1.0 + start, floor", "check_bounds"),
    "one cycle, no end": (
        "_cycle",
        "_progress(t, warmup - 1, total - 1)",
        "((t + 1 - warmup) / (total - warmup))",
        "check_ends",
    ),
    "one cycle ends one late": ("_cycle", "total - 1)", "total)", "check_one_cycle_is_torchs"),
    "one cycle jumps": ("_cycle", "_between(end, peak,", "_between(end, start,", "check_continuity"),
    "one cycle begins beside its start": (
        "_between",
        "start * h + end * (1 - h)",
        "end + (start - end) * h",
        "check_ends",
    ),
    "one cycle rounds past its bounds": (
        "_between",
        "min(max(start * h + end * (1 - h), low), high)",
        "start * h + end * (1 - h)",
        "check_bounds",
    ),
    "one cycle without start": (
        "one_cycle",
        "warmup, start, 1.0",
        "warmup, 0.0, 1.0",
        "check_one_cycle_is_torchs",
    ),
    "momentum follows the rate": (
        "one_cycle_momentum",
        "max_momentum, base_momentum, max_momentum)",
        "base_momentum, max_momentum, base_momentum)",
        "check_momentum_mirrors_the_rate",
    ),
    "momentum stays low": (
        "one_cycle_momentum",
        "max_momentum, base_momentum, max_momentum)",
        "max_momentum, base_momentum, base_momentum)",
        "check_one_cycle_is_torchs",
    ),
    # wsd
    "wsd depends on total": (
        "wsd",
        "_progress(t, total - decay, total)",
        "_progress(t, warmup, total)",
        "check_wsd_needs_no_total_until_it_decays",
    ),
    "wsd never decays": ("wsd", "_progress(t, total - decay, total)", "0.0", "check_ends"),
    # a memory
    "remembers": (
        "cosine",
        "_check(",
        "cosine.calls = t = getattr(cosine, 'calls', -1) + 1\n    _check(",
        "check_nothing_is_remembered",
    ),
    "uses its options up": (
        "step",
        "_check(",
        "t = iter([t]).__next__() + (t in seen); seen.add(t)\n    _check(",
        "check_nothing_is_remembered",
    ),
    # bad input
    "a bool is an integer": (
        "_check_count",
        "isinstance(value, bool) or ",
        "",
        "check_an_index_is_a_whole_number",
    ),
    "fractions count": ("_check_count", "numbers.Integral", "numbers.Real", "check_nonsense_is_refused"),
    "only int is an integer": ("_check_count", "numbers.Integral", "int", "check_indices_of_numpy"),
    "negative counts": ("_check_count", "value < least", "value < -9", "check_an_index_is_a_whole_number"),
    "total 0": (None, '"total": 1', '"total": 0', "check_nonsense_is_refused"),
    "total below warmup": (None, '("warmup", "total"), ', "", "check_nonsense_is_refused"),
    "floor above start": (None, '("floor", "start"), ', "", "check_nonsense_is_refused"),
    "gamma 0": (None, "0 < x <= 1", "0 <= x <= 1", "check_nonsense_is_refused"),
    "NaN": (None, "lambda x: 0 < x <= 1", "lambda x: not (x <= 0 or x > 1)", "check_nonsense_is_refused"),
    "decay does not fit": (
        "_check",
        '+ options["decay"] > options["total"]',
        '> options["total"]',
        "check_nonsense_is_refused",
    ),
    "a generator of milestones": ("_check", "(list, tuple)", "object", "check_nonsense_is_refused"),
    "then's options unchecked": (
        "linear_warmup",
        "then(max(t - warmup, 0), **options)",
        "then(t - warmup, **options) if t >= warmup else None",
        "check_nonsense_is_refused",
    ),
    "step forgets to check": (
        "step",
        "_check(t=t, step_size=step_size, gamma=gamma)",
        "pass",
        "check_an_index_is_a_whole_number",
    ),
}


def mutant(name, old, new):
    """The module of schedules with one text in one function, or in the tables, replaced."""
    replacements = {old: new} if name is None else wrong(getattr(schedules, name), old, new)
    module = broken(schedules, replacements)
    module.seen = set()  # for the schedule that remembers
    return module


@pytest.mark.parametrize("mistake", MUTANTS)
def test_mistake_is_caught(mistake):
    name, old, new, check = MUTANTS[mistake]
    assert not passes(CHECKS[check], mutant(name, old, new)), f"{check} does not notice: {mistake}"


def test_every_check_catches_a_mistake():
    assert {check for *_, check in MUTANTS.values()} == CHECKS.keys()


def test_nothing_is_caught_where_nothing_is_wrong():
    same = mutant("step", "t // step_size", "t // step_size")
    for name in ("check_values_worked_out_by_hand", "check_restarts", "check_nonsense_is_refused"):
        assert passes(CHECKS[name], same)
