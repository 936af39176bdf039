"""The tests of assignment 3.9: one project, from raw visits to a judged comparison."""

import contextlib
import copy
import functools
import itertools
import math
import operator
import statistics

import numpy as np
import torch
from torch.nn.functional import layer_norm

from course_lib import rules
from course_lib.checks import module, question, tools
from course_lib.checks.tools import agrees, borrowed, close, explain, locked, parts_of, random, tensor, told

BY_HAND = 2  # points for the question that a person marks

# One update of a rule, and what is forbidden in it; and how a comparison is judged: both were asked before.
by_rule, by_pairs = module("3_1_optimizers"), module("3_7_generalization")

# --- what the tests share ----------------------------------------------------------------------------------

CHANCE = (
    "Torch's own chance is drawn from, or seeded. Draw from a generator of the seed's: "
    "torch.Generator().manual_seed(…)."
)


SWITCHED = tools.SWITCHED[0].upper() + tools.SWITCHED[1:]
COPIES = "Make new tensors and lists: no -=, no x[…] = …, no pop of what came in."


def call(function, *inputs, hint=by_pairs.hint_for, names=()):
    """:func:`tools.call_undisturbed`, with this assignment's words."""
    more = {"chance": CHANCE, "switched": SWITCHED, "names": names, "advice": COPIES}
    return tools.call_undisturbed(hint, function, *inputs, **more)


@contextlib.contextmanager
def right_before(where):
    """For a case that differs from one which just went well in its numbers alone, and not in its sizes."""
    try:
        yield
    except AssertionError as error:
        raise AssertionError(
            f"{where} that comes out wrong, and other numbers of the same sizes came out right just before. "
            f"Is something kept from one call to the next? ({str(error).strip()})"
        ) from error


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def first_of(found):
    """The words of the first pair that holds, or None."""
    return next((words for holds, words in found if holds), None)


# --- 1 -----------------------------------------------------------------------------------------------------

PARTS = ("fit", "val", "test")


def whole_numbers(what, answer):
    """See that an answer is a vector of row numbers."""
    assert isinstance(answer, torch.Tensor), f"{what} must be a tensor, not {type(answer).__name__}."
    assert answer.dtype != torch.bool, f"{what} is a mask. Return row numbers: mask.nonzero().flatten()."
    assert not answer.is_floating_point(), f"{what} holds {answer.dtype}. Row numbers are ints."
    assert answer.dim() == 1, f"{what} has shape {tuple(answer.shape)}. It is a vector: .flatten()."
    return answer.long()


def people_of(who, seed, count=len, order=None, people=None):
    """The people of each part, as they fall."""
    people = who.unique() if people is None else people
    order = torch.randperm(len(people), generator=seeded(seed)) if order is None else order
    fifth = count(people)
    return people[order[2 * fifth :]], people[order[fifth : 2 * fifth]], people[order[:fifth]]


def split_of(who, seed, **other):
    people = people_of(who, seed, **({"count": lambda people: len(people) // 5} | other))
    return [torch.isin(who, some).nonzero().flatten() for some in people]


def in_order_of_coming(who):
    return torch.tensor(list(dict.fromkeys(who.tolist())))


def split_slips(who, seed):
    fit, val, test = split_of(who, seed)
    people = who.unique()
    inverse = torch.argsort(torch.randperm(len(people), generator=seeded(seed)))
    reverse = torch.randperm(len(people), generator=seeded(seed)).flip(0)
    fifth = len(people) // 5
    last = split_of(who, seed, order=reverse)
    ahead = torch.randperm(len(people), generator=seeded(seed)).roll(2 * fifth)
    return [
        ([fit, test, val], "validation and test are exchanged: the first fifth is the test."),
        ([test, val, fit], "return fit, val, test, in this order."),
        ([test, fit, val], "return fit, val, test, in this order."),
        ([val, fit, test], "return fit, val, test, in this order."),
        ([val, test, fit], "return fit, val, test, in this order."),
        (
            split_of(who, seed, people=in_order_of_coming(who)),
            "people are numbered as they come. who.unique() sorts them.",
        ),
        (split_of(who, seed, order=torch.arange(len(people))), "people are not shuffled."),
        (split_of(who, seed, order=inverse), "order[i] is who comes i-th: people[order[:fifth]]."),
        (last, "the order is cut from its end. The first fifth is the test."),
        (split_of(who, seed, order=ahead), "the first people are to fit. The first fifth is the test."),
        (split_of(who, seed + 1), "that is the order of the seed + 1."),
        (split_of(who, 0), "that is the order of the seed 0. The seed is given."),
        (split_of(who.float(), seed), "numbers of people became floats, and some of them the same."),
        (split_of(who.double(), seed), "numbers of people became floats, and some of them the same."),
        (
            split_of(who, seed, count=lambda people: math.ceil(len(people) / 5)),
            "a fifth is rounded up. ⌊m/5⌋ rounds down.",
        ),
        (
            split_of(who, seed, count=lambda people: round(len(people) / 5)),
            "a fifth is rounded to the nearest. ⌊m/5⌋ rounds down.",
        ),
        (
            split_of(who, seed, count=lambda people: len(people) // 10),
            "the parts have the wrong size: a fifth of the people each.",
        ),
    ]


def split_case(split, who, seed, where):
    answer = parts_of(call(split, who, seed, names=("the who that split gets", "seed")), 3, "fit, val, test")
    parts = [whole_numbers(f"{where} {name}", part) for name, part in zip(PARTS, answer, strict=True)]
    for name, part in zip(PARTS, parts, strict=True):
        inside = bool(((part >= 0) & (part < len(who))).all())
        assert inside, f"{where} {name} names rows that are not there. Are those people? Return row numbers."
    for (one, a), (other, b) in itertools.combinations(zip(PARTS, parts, strict=True), 2):
        shared = set(who[a].tolist()) & set(who[b].tolist())
        assert not shared, (
            f"{where} person {min(shared)} is in {one} and in {other}: it leaks. Deal people to the parts, "
            "not visits, and no rows that stand for people."
        )
    together = torch.cat(parts).sort().values.tolist()
    assert len(together) == len(set(together)), f"{where} a row stands twice in a part."
    missing = sorted(set(range(len(who))) - set(together))
    assert not missing, (
        f"{where} row {missing[0]} is in no part. All visits of a person belong into its part."
    )
    want = split_of(who, seed)
    if all(map(torch.equal, parts, want)):
        return
    sorted_parts = [part.sort().values for part in parts]
    if all(map(torch.equal, sorted_parts, want)):
        raise AssertionError(f"{where} the right rows are in each part, and they do not ascend.")
    slips = split_slips(who, seed)
    words = first_of((all(map(torch.equal, sorted_parts, slip)), words) for slip, words in slips)
    sizes = ", ".join(str(len(who[part].unique())) for part in parts)
    due = ", ".join(str(len(who[part].unique())) for part in want)
    if words is None and sizes != due:
        words = f"the parts have {sizes} people, and should have {due}."
    words = words or "is it torch.randperm(m) of the seed's generator, and people[order[:m // 5]] the test?"
    raise AssertionError(f"{where} other people are in the parts: {words}")


def scaled_of(x, fit, stats=None, correction=0, gap=0.0, mean=True, size=True, filled=None):
    """The right answer; or, with other arguments, that of a slip."""
    seen = (x if filled is None else x.nan_to_num(filled))[fit if stats is None else stats]
    m = seen.nanmean(dim=0)
    n = (~seen.isnan()).sum(dim=0)
    s = ((seen - m).square().nansum(dim=0) / (n - correction)).sqrt()
    out = (x if filled is None else x.nan_to_num(filled)) - (m if mean else 0.0)
    return (out / s if size else out).nan_to_num(gap)


def scaled_spread(x):
    return (x - x.nanmean(dim=0)).square().nanmean(dim=0).sqrt()


def scaled_slips(x, fit):
    everyone = torch.arange(len(x))
    others = torch.tensor([k for k in range(len(x)) if k not in set(fit.tolist())], dtype=torch.long)
    whole = scaled_of(x, fit)
    m = x[fit].nanmean(dim=0)
    s = (x[fit] - m).square().nanmean(dim=0).sqrt()
    flat = x[fit].flatten()
    one = flat.nanmean(), (flat - flat.nanmean()).square().nanmean().sqrt()
    rows = x.nanmean(dim=1, keepdim=True)
    by_row = (x - rows) / (x - rows).square().nanmean(dim=1, keepdim=True).sqrt()
    low = torch.where(x.isnan(), math.inf, x)[fit].amin(dim=0)
    high = torch.where(x.isnan(), -math.inf, x)[fit].amax(dim=0)
    median = x[fit].nanmedian(dim=0).values
    leaks = "mean and spread are those of all rows: the test has a say. Take those of the rows to fit."
    by_zero = "a gap counts as 0 in mean and spread. Take those of the entries that are there."
    entry = "an entry that is 0 is there, and counts. A gap is a nan, and nothing else."
    holes = torch.where(x == 0, math.nan, x)
    hole_m = holes[fit].nanmean(dim=0)
    apart = (x - m)[fit].nan_to_num()
    slips = [
        (scaled_of(holes, fit), entry),
        (((x - hole_m) / (holes - hole_m)[fit].square().nanmean(dim=0).sqrt()).nan_to_num(), entry),
        (torch.where(x == 0, 0.0, whole), entry),
        (
            ((x - m) / (apart.square().sum(dim=0) / apart.count_nonzero(dim=0)).sqrt()).nan_to_num(),
            "an entry that is just the mean counts, too. Count what is not nan, not what is not 0.",
        ),
        (whole * s / scaled_spread(x), "the spread is that of all rows. Take that of the rows to fit."),
        (scaled_of(x, fit, stats=everyone), leaks),
        (((x - m) / (x - m).square().nanmean(dim=0).sqrt()).nan_to_num(), "the spread is that of all rows."),
        (((x - m) / x[fit].square().nanmean(dim=0).sqrt()).nan_to_num(), "a spread is that around the mean."),
        (
            torch.where(x[fit].isnan().any(dim=0), 0.0, whole),
            "a column with a gap is all zeros now: a mean over a nan is one. Leave gaps out: nanmean.",
        ),
        (scaled_of(x, fit, correction=1), "that divides by n − 1: correction=0."),
        (scaled_of(x, fit, size=False), "divide by the standard deviation, too."),
        (scaled_of(x, fit, mean=False), "take off the mean first."),
        (((x - m) * s).nan_to_num(), "divide by the standard deviation. You multiply."),
        (((x - m) / s**2).nan_to_num(), "that divides by the variance: the root is missing."),
        (((x + m) / s).nan_to_num(), "the mean is taken off, not added."),
        (((x - one[0]) / one[1]).nan_to_num(), "each column has a mean of its own: dim=0."),
        (by_row.nan_to_num(), "that is row by row. A column has a mean: dim=0."),
        (scaled_of(x, fit, filled=0.0), by_zero),
        (
            torch.where(x.isnan(), -m / s, whole),
            "a gap is the mean, 0 when all is done. You put the 0 in before.",
        ),
        (
            ((x.nan_to_num(0.0) - x[fit].nan_to_num(0.0).mean(dim=0)) / s).where(~x.isnan(), 0.0),
            by_zero,
        ),
        (
            torch.where(x.isnan(), (x.nanmean(dim=0) - m) / s, whole),
            "a gap becomes the mean of all rows. It leaks: the mean of the rows to fit, 0.",
        ),
        (torch.where(x.isnan(), 1.0, whole), "a gap becomes 0, not 1."),
        (((x - median) / s).nan_to_num(), "that takes off the median."),
        (((x - low) / (high - low)).nan_to_num(), "that is from the least to the largest: mean and spread."),
        (whole.clamp(-3, 3), "nothing is cut off."),
    ]
    # Gaps filled with the mean before the spread is taken: that makes it too small.
    filled = torch.where(x.isnan(), m, x)
    small = ((filled - m) / (filled[fit] - m).square().mean(dim=0).sqrt()).nan_to_num()
    slips.append((small, "gaps, filled with the mean, count in the spread: it becomes too small."))
    whole_rows = torch.tensor([k for k in fit.tolist() if not x[k].isnan().any()], dtype=torch.long)
    if len(whole_rows) > 1:
        slips.append(
            (
                scaled_of(x, fit, stats=whole_rows),
                "rows with a gap are left out, whole. Their other entries count.",
            )
        )
    if len(others) > 1:
        slips.append((scaled_of(x, fit, stats=others), "those are mean and spread of the rows *not* to fit."))
    slips.append((scaled_of(x, fit, stats=torch.arange(len(fit))), "fit holds row numbers: x[fit]."))
    return slips


ROUNDED = "it is rounded. Keep all digits."
SPREAD_OFF = (
    "its spread is right in its first digits only. Is an ε added? Is it E[x²] − mean², which loses digits?"
)
OFF_BY_FACTOR = "each column is off by a factor: its spread. Has that a least size, or is something added?"


def scaled_case(scaled, x, fit, where):
    want = scaled_of(x, fit)
    answer = call(scaled, x, fit, names=("the x that scaled gets", "the fit that scaled gets"))
    if isinstance(answer, torch.Tensor) and len(answer) == len(fit) != len(x):
        raise AssertionError(f"{where} scaled returns the rows to fit alone. Return all rows of x.")
    got = tensor(f"{where} what scaled returns", answer, want)
    gaps = int(got[x.isnan()].isnan().sum())
    spread_out = int(got.isnan().sum()) - gaps
    assert not spread_out, (
        f"{where} {spread_out} entries that are there become nan: a mean over a nan is one. Leave gaps out: "
        "nanmean."
    )
    assert not gaps, f"{where} {gaps} gaps are still nan. In the end a gap becomes 0."
    slips = scaled_slips(x, fit)
    # Each column is right but for a factor of its own: what is divided by is off.
    factors = (got * want).sum(dim=0) / want.square().sum(dim=0)
    if close(got, want, 1e-3):
        slips += [(want.round(decimals=digits), ROUNDED) for digits in range(3, 9)]
        slips.append((factors * want, SPREAD_OFF))
    slips.append((factors * want, OFF_BY_FACTOR))
    agrees(f"{where} scaled's", got, want, slips, "(x − mean)/spread, of the rows to fit.")


def dealt(fit, t, batch, seed, k=None, at=None, epoch=None):
    """The rows of update t; or, with other arguments, those of a slip."""
    k = math.ceil(len(fit) / batch) if k is None else k
    epoch = t // k if epoch is None else epoch
    order = torch.randperm(len(fit), generator=seeded(1000 * seed + epoch if at is None else at))
    place = t % k
    return fit[order][place * batch : (place + 1) * batch]


def dealt_slips(fit, t, batch, seed):
    n, k = len(fit), math.ceil(len(fit) / batch)
    e = t // k
    g = seeded(seed)
    orders = [torch.randperm(n, generator=g) for _ in range(e + 1)]
    h = seeded(1000 * seed)
    later = [torch.randperm(n, generator=h) for _ in range(e + 1)]
    place = slice(t % k * batch, (t % k + 1) * batch)
    whole = max(n // batch, 1)
    positions = torch.randperm(n, generator=seeded(1000 * seed + e))
    chained = fit
    for epoch in range(e + 1):
        chained = chained[torch.randperm(n, generator=seeded(1000 * seed + epoch))]
    equal = math.ceil(n / k)
    drop = "an epoch has ⌈n/batch⌉ updates: the smaller last batch is one of them."
    parts = "those are k equal parts. Only the last batch of an epoch may be smaller."
    same = "each epoch has the same order. Its generator's seed is 1000·seed + e."
    return [
        (positions[place], "those are places in fit. The rows are fit[…]."),
        (dealt(fit, t, batch, seed, at=1000 * seed), same),
        (dealt(fit, t, batch, seed, at=seed), same),
        (dealt(fit, t, batch, seed, at=seed + e), "the generator's seed is 1000·seed + e, not seed + e."),
        (dealt(fit, t, batch, seed, at=seed * e), "the generator's seed is 1000·seed + e."),
        (dealt(fit, t, batch, seed, at=1000 * seed * e), "the generator's seed is 1000·seed + e."),
        (dealt(fit, t, batch, seed, at=1000 * (seed + e)), "the generator's seed is 1000·seed + e."),
        (dealt(fit, t, batch, seed, at=1000 * seed + t), "that is a new order each update: e is ⌊t/k⌋."),
        (dealt(fit, t, batch, seed, at=1000 * e + seed), "seed and e are exchanged in 1000·seed + e."),
        (dealt(fit, t, batch, seed, at=1000 * seed + e + 1), "the first epoch is e = 0."),
        (fit[orders[-1]][place], "one generator for all epochs. Each has one of its own, of 1000·seed + e."),
        (fit[later[-1]][place], "one generator for all epochs. Each has one of its own, of 1000·seed + e."),
        (chained[place], "each epoch shuffles fit itself, not the last epoch's order."),
        (dealt(fit, t, batch, seed, k=whole), drop),
        (dealt(fit, t, batch, seed, k=n), "an epoch has ⌈n/batch⌉ updates, not n."),
        (dealt(fit, max(t - 1, 0), batch, seed), "update t is counted from 0."),
        (dealt(fit, t + 1, batch, seed), "that is the batch of update t + 1: t counts from 0."),
        (dealt(fit, t, batch, seed).sort().values, "keep the order in which they are dealt."),
        (dealt(fit, t, batch, seed).flip(0), "keep the order in which they are dealt."),
        (fit[place], "nothing is shuffled."),
        (fit[positions.argsort()][place], "shuffle: fit[order], with order = torch.randperm(…)."),
        (fit[positions].flip(0)[place], "cut from the front."),
        (fit[positions][t % k :: k], "a batch is cut off whole, not every k-th row."),
        (fit[positions][t % k * equal : (t % k + 1) * equal], parts),
        (fit[positions].tensor_split(k)[t % k], parts),
    ]


DEALT = "the fit that rows_at gets", "t", "batch", "seed"


def dealt_case(rows_at, fit, updates, batch, seed, where):
    wanted = {t: dealt(fit, t, batch, seed) for t in updates}
    found = {}
    for t in updates:
        at = f"{where} rows_at for update {t}"
        found[t] = whole_numbers(at, call(rows_at, fit, t, batch, seed, names=DEALT))
    off = [t for t in updates if not torch.equal(found[t], wanted[t])]
    if not off:
        return
    slips = {t: dealt_slips(fit, t, batch, seed) for t in updates}
    t = off[0]
    words = first_of(  # the slip that explains all updates
        (all(torch.equal(found[one], slips[one][place][0]) for one in updates), words)
        for place, (_, words) in enumerate(slips[t])
    )
    if words is None:
        if not set(found[t].tolist()) <= set(fit.tolist()):
            words = "there are rows among them that are not in fit: has another call left its order?"
        elif len(found[t]) != len(wanted[t]):
            words = f"that is {len(found[t])} rows, and should be {len(wanted[t])}."
        else:
            words = "fit, shuffled by the generator of 1000·seed + ⌊t/k⌋, and the batch t % k of it."
    shown = f"{found[t].tolist()[:8]}, not {wanted[t].tolist()[:8]}"
    raise AssertionError(f"{where} update {t} takes {shown}: {words}")


def visits(people, seed, most=4):
    """who, for so many people with odd numbers: each came once to ``most`` times, in any order."""
    g = seeded(seed)
    count = torch.randint(1, most + 1, (people,), generator=g)
    who = (50 - 7 * torch.arange(people)).repeat_interleave(count)
    return who[torch.randperm(len(who), generator=g)]


def with_gaps(n, D, seed, share=0.15):
    """Columns in units of their own, with gaps; its first three rows have none."""
    g = seeded(seed)
    x = torch.randn(n, D, generator=g) * 10.0 ** torch.arange(D) + 5.0 * torch.arange(1, D + 1)
    gaps = torch.rand(n, D, generator=g) < share
    gaps[:3] = False
    return torch.where(gaps, math.nan, x)


@question(points=4)
def data(split, scaled, rows_at):
    who = torch.tensor([8, 3, 8, 20, 3, 11, 5, 20, 8, 14, 5, 2, 14, 30, 6, 30, 9, 2])
    split_case(split, who, 4, "For the visits of ten people, who come up to three times,")
    who = visits(19, 1)
    split_case(split, who, 5, "For 19 people,")
    with right_before("For other people, who come as often, and the same seed,"):
        split_case(split, who.flip(0) * 3 + 1, 5, "")
    who.copy_(who.flip(0))  # in place
    with right_before("For the same visits in another order, and the same seed,"):
        split_case(split, who, 5, "")
    split_case(split, torch.tensor([8, 3, 20, 5, 11]), 6, "For five people, who come once,")

    x = with_gaps(20, 3, seed=2)
    scaled_case(scaled, x, torch.tensor([1, 0, 2, 6, 9, 12, 13, 17]), "For 20 rows, of which eight fit,")
    x = torch.tensor([[1.0, 10.0], [3.0, math.nan], [math.nan, 30.0], [9.0, 70.0], [math.nan, 20.0]])
    scaled_case(scaled, x, torch.tensor([0, 1, 2]), "For five rows with three gaps, of which 0, 1, 2 fit,")
    with right_before("For five other rows,"):
        scaled_case(scaled, (7.0 - x).flip(0), torch.tensor([4, 3, 2]), "")
    where = "For columns in tiny units, of which the deviations are near 1e-9 and 1e-4,"
    scaled_case(scaled, x * torch.tensor([1e-9, 1e-6]), torch.tensor([0, 1, 2]), where)
    x = torch.tensor([[0.0, 1.0], [2.0, 2.0], [4.0, 3.0], [math.nan, math.nan], [0.0, 0.0]])
    scaled_case(scaled, x, torch.arange(4), "For columns in which a 0 is an entry, or an entry is the mean,")

    fit = torch.tensor([10, 11, 12, 13, 14])
    dealt_case(rows_at, fit, range(9), 2, 3, "For the rows 10 to 14, batches of two and the seed 3,")
    with right_before("For the rows 20 to 24, and the same seed,"):
        fit += 10  # in place
        dealt_case(rows_at, fit, range(9), 2, 3, "")
    fit = torch.tensor([40, 7, 22, 31, 5, 90, 18])
    where = "For seven rows, batches of three and the seed 1, asked in any order,"
    dealt_case(rows_at, fit, (5, 0, 8, 3, 5, 1), 3, 1, where)
    where = "For nine rows, batches of four and the seed 2,"
    dealt_case(rows_at, torch.arange(60, 69), range(6), 4, 2, where)


# --- 2 -----------------------------------------------------------------------------------------------------

BROKEN = {
    "modified by an inplace operation": "h is changed in place, and backward() needs the old one: h = h + …",
    "does not require grad": "No gradient can flow: is there a detach, a no_grad, .item() or .data in it?",
}


def network_hint(error):
    said = str(error).splitlines()[0] if str(error) else ""
    return next((f"{words} ({said})" for part, words in BROKEN.items() if part in said), None) or (
        by_pairs.hint_for(error)
    )


def sized(h):
    return h / (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()


def network_of(weights, x, first=torch.relu, branch=None, norm=sized, join=None, order=1, last=None):
    """The right logits; or, with other parts, those of a slip."""
    V, h = weights[-1], first(x @ weights[0])
    pairs = [(weights[k], weights[k + 1]) for k in range(1, len(weights) - 1, 2)]
    for A, B in pairs[::order]:
        inner = branch(h, A, B) if branch else (norm(h) @ A).relu() @ B
        h = join(h, inner) if join else h + inner
    z = h @ V
    return last(z) if last else z


def network_slips(weights, x):
    def slip(words, weights=weights, **other):
        try:
            return network_of(weights, x, **other), words
        except RuntimeError:  # the shapes do not fit, and an answer could not have computed it
            return math.nan, words

    def by(size):
        """h, divided by what is made of it and of the mean of the squares of its rows."""
        return {"norm": lambda h: h / size(h, h.square().mean(dim=1, keepdim=True))}

    def inside(branch):
        """A branch made of n = norm(h)."""
        return {"branch": lambda h, A, B: branch(sized(h), A, B)}

    first, *inner, last = weights
    half = len(inner) // 2
    h_0 = (x @ first).relu()
    h_last = network_of([*weights[:-1], torch.eye(len(last), dtype=last.dtype)], x)
    row = "the mean of squares is that of a row: dim=1."
    around = "that is the standard deviation, around the mean."
    little = "what is added below the root is 10⁻⁶."
    below = "below the root stands + 10⁻⁶."
    return [
        slip("the norm is missing.", norm=lambda h: h),
        slip("the skip is missing: h + branch.", join=lambda h, b: b),
        slip("the branch is taken off. Add it.", join=lambda h, b: h - b),
        slip("behind the sum there is no ReLU.", join=lambda h, b: (h + b).relu()),
        slip("the skip goes around the norm: h + …, not norm(h) + ….", join=lambda h, b: sized(h) + b),
        slip("there is no norm behind the sum.", join=lambda h, b: sized(h + b)),
        slip("the skip takes h itself, not twice.", join=lambda h, b: 2 * h + b),
        slip("ReLU is missing in the branch.", **inside(lambda n, A, B: n @ A @ B)),
        slip("ReLU stands between A and B.", **inside(lambda n, A, B: (n @ A @ B).relu())),
        slip("ReLU stands between A and B.", **inside(lambda n, A, B: n.relu() @ A @ B)),
        slip("after B there is no ReLU.", **inside(lambda n, A, B: ((n @ A).relu() @ B).relu())),
        slip("before B there is no norm.", **inside(lambda n, A, B: sized((n @ A).relu()) @ B)),
        slip("the norm stands before A, not behind it.", branch=lambda h, A, B: sized(h @ A).relu() @ B),
        slip("A and B are exchanged.", **inside(lambda n, A, B: (n @ B).relu() @ A)),
        slip("A is used twice: B leads out.", **inside(lambda n, A, B: (n @ A).relu() @ A)),
        slip("B is used twice: A leads in.", **inside(lambda n, A, B: (n @ B).relu() @ B)),
        slip("matrices are turned: h @ A, not h @ A.T.", **inside(lambda n, A, B: (n @ A.T).relu() @ B)),
        slip("matrices are turned: @ B, not @ B.T.", **inside(lambda n, A, B: (n @ A).relu() @ B.T)),
        slip("the first ReLU is missing.", first=lambda h: h),
        slip("the bends are ReLUs.", first=torch.tanh),
        slip(row, **by(lambda h, q: (h.square().mean(dim=0, keepdim=True) + 1e-6).sqrt())),
        slip(row, **by(lambda h, q: (h.square().mean() + 1e-6).sqrt())),
        slip("below the root is a mean, not a sum.", **by(lambda h, q: (q * h.shape[1] + 1e-6).sqrt())),
        slip("the root is missing.", **by(lambda h, q: q + 1e-6)),
        slip("square, then take the mean.", **by(lambda h, q: (h.mean(1, True).square() + 1e-6).sqrt())),
        slip("divide by the root, do not multiply.", **by(lambda h, q: 1 / (q + 1e-6).sqrt())),
        slip("no mean is taken off: that is a layer norm.", norm=lambda h: layer_norm(h, h.shape[1:])),
        slip(
            "no mean is taken off: that is a layer norm.",
            norm=lambda h: layer_norm(h, h.shape[1:], eps=1e-6),
        ),
        slip(around, **by(lambda h, q: (h.var(dim=1, correction=0, keepdim=True) + 1e-6).sqrt())),
        slip(around, **by(lambda h, q: (h.var(dim=1, keepdim=True) + 1e-6).sqrt())),
        slip("10⁻⁶ stands below the root.", **by(lambda h, q: q.sqrt() + 1e-6)),
        slip("10⁻⁶ is added to the mean, not to the sum.", **by(lambda h, q: (q + 1e-6 / h.shape[1]).sqrt())),
        slip(
            "each branch begins at the h before it, not at h₀.",
            branch=lambda h, A, B: (sized(h_0) @ A).relu() @ B,
        ),
        (sized(h_last) @ last, "before V there is no norm."),
        *(slip(little, **by(lambda h, q, e=e: (q + e).sqrt())) for e in (1e-5, 1e-8, 1e-12, 0.0)),
        slip(below, **by(lambda h, q: q.clamp(min=1e-6).sqrt())),
        slip(below, **by(lambda h, q: q.sqrt().clamp(min=1e-6))),
        slip("branches come in the order of the list.", order=-1),
        slip("z are logits: no softmax.", last=lambda z: z.softmax(dim=1)),
        slip("z are logits: no softmax.", last=lambda z: z.log_softmax(dim=1)),
        slip("behind V there is no ReLU.", last=torch.relu),
        slip("no branch takes part.", [first, last]),
        slip("the last branch is left out.", [first, *inner[:-2], last]),
        *(
            slip(f"only {k} branches take part. There may be any number.", [first, *inner[: 2 * k], last])
            for k in range(1, half - 1)
        ),
        slip("the first branch is left out.", [first, *inner[2:], last]),
        slip("all branches use the weights of the first.", [first, *inner[:2] * half, last]),
        slip("all branches use the weights of the last.", [first, *inner[-2:] * half, last]),
        slip(
            "a pair is one A and the B behind it: A1, B1, A2, B2.",
            [first, *itertools.chain(*zip(inner[:half], inner[half:], strict=True)), last],
        ),
    ]


def logits_case(logits, weights, x, where, near=1e-9):
    leaves = [w.clone().requires_grad_() for w in weights]
    names = "the list of weights", "the x that logits gets"
    got = call(logits, leaves, x, hint=network_hint, names=names)
    want = network_of(weights, x)
    got = tensor(f"{where} what logits returns", got, want)
    assert got.dtype == want.dtype, f"{where} z is {got.dtype}. Weights and inputs are {want.dtype}."
    bad = int((~got.isfinite()).sum())
    assert not bad, f"{where} {bad} entries are not finite. Is the 10⁻⁶ there, below the root?"
    if not close(got.detach(), want, near):
        words = "relu(xW), then h + relu(norm(h)A)B for each branch, then hV."
        agrees(f"{where} z's", got.detach(), want, network_slips(weights, x), words, near=near)
    # Gradients, beside autograd's through the right network.
    twins = [w.clone().requires_grad_() for w in weights]
    pull = random(*want.shape, seed=99).to(want.dtype)
    wanted = torch.autograd.grad((network_of(twins, x) * pull).sum(), twins)
    assert got.requires_grad, f"{where} z hangs on no graph: no gradient flows. Is there a detach or no_grad?"
    try:
        slopes = torch.autograd.grad((got * pull).sum(), leaves, allow_unused=True)
    except RuntimeError as error:
        raise AssertionError(network_hint(error) or f"{where} backward() stops: {error}") from error
    skipped = (
        "" if all(map(torch.any, weights)) else " Is a branch left out where B is zero? It learns there."
    )
    for name, slope, right in zip(names_of(weights), slopes, wanted, strict=True):
        assert slope is not None, (
            f"{where} no gradient flows to {name}. Is there a detach, or .data?{skipped}"
        )
        assert close(slope, right, max(near, 1e-8)), (
            f"{where} z is right, the gradient of {name} is not autograd's. Is a part detached, or cut off?"
        )
    marks = [torch.ones_like(w) for w in leaves]
    plain = [w.clone() for w in weights]
    for w, mark in zip(leaves, marks, strict=True):
        w.grad = mark
    call(logits, leaves, x, hint=network_hint, names=names)
    call(logits, plain, x, hint=network_hint, names=names)
    kept = all(w.grad is mark and bool((mark == 1).all()) for w, mark in zip(leaves, marks, strict=True))
    assert kept and not any(w.requires_grad for w in plain), (
        f"{where} weights that came in ask for gradients now, or have lost theirs. Leave them as they are."
    )
    plain[0].mul_(2)
    assert close(call(logits, plain, x), network_of(plain, x), near), (
        f"{where} z is right, and when a weight has changed in place, it is not. Is something kept from one "
        "call to the next?"
    )


def names_of(weights):
    inner = [f"{name}{k + 1}" for k in range(len(weights) // 2 - 1) for name in "AB"]
    return ["W", *inner, "V"]


def some_weights(D, H, branches, C, seed):
    """Weights of which none is zero."""
    shapes = [(D, H), *[(H, H)] * (2 * branches), (H, C)]
    return [random(*shape, seed=100 * seed + k) / math.sqrt(shape[0]) for k, shape in enumerate(shapes)]


def start_of(D, H, branches, C, seed, dtype=torch.float64):
    g = seeded(seed)

    def drawn(rows, columns):
        return torch.randn(rows, columns, generator=g, dtype=dtype).double()

    weights = [drawn(D, H) * (2 / D) ** 0.5]
    for _ in range(branches):
        weights += [drawn(H, H) * (2 / H) ** 0.5, torch.zeros(H, H)]
    return [*weights, drawn(H, C) * 0.1 / H**0.5]


def deviations(name, rows, columns, branches):
    """What slips make of a weight's standard deviation, and the words."""
    he = (2 / rows) ** 0.5
    found = [
        (he / 2**0.5, "that is 1/√(rows): ReLU leaves half of the mean square, so 2/rows stands below."),
        (he**2, "that is the variance. The deviation is its root."),
        ((2 / (rows + columns)) ** 0.5, "that is Xavier's. Behind ReLU it is √(2/rows)."),
        ((2 / columns) ** 0.5, "count what comes in, the rows: √(2/rows)."),
        ((1 / columns) ** 0.5, "count what comes in, the rows: √(2/rows)."),
        (1.0, "the deviation is missing: it is 1 now."),
        (0.01, "it is 0.01, at any width. It must be √(2/rows)."),
        (2 / rows**0.5, "the 2 stands below the root, too: √(2/rows)."),
        *(
            (he * n**power, "it knows nothing of how many branches there are: √(2/rows).")
            for n in {branches, branches + 1, 2 * branches} - {0}
            for power in (-0.5, -1)
        ),
    ]
    if name == "V":
        found = [
            (he, "V starts small: 0.1/√H."),
            (1 / rows**0.5, "the 0.1 is missing."),
            (0.1, "the √H is missing."),
            (0.1 / rows, "divide by √H, not by H."),
            (0.1 / columns**0.5, "H is the number of its rows, not C."),
            (0.1 * he, "V's deviation is 0.1/√H. It is not behind a ReLU of its own: no 2."),
            (0.01 / rows**0.5, "the deviation is 0.1/√H. Is it squared?"),
            (0.0, "V starts small, and not at zero: no gradient would pass it."),
            (1.0, "the deviation is missing: it is 1 now."),
        ]
    return found


def start_case(start, D, H, branches, C, seed, where):
    answer = call(start, D, H, branches, C, seed)
    want = start_of(D, H, branches, C, seed)
    assert isinstance(answer, list), f"{where} start must return a list, not {type(answer).__name__}."
    assert len(answer) == len(want), (
        f"{where} the list has {len(answer)} weights, not {len(want)}: W, a pair for each branch, V."
    )
    names = names_of(want)
    for name, got, right in zip(names, answer, want, strict=True):
        tensor(f"{where} {name}", got, right)
    assert len({w.data_ptr() for w in answer}) == len(answer), (
        f"{where} two weights share their memory: an update in place would move both. Make each anew."
    )
    again = {w.data_ptr() for w in call(start, D, H, branches, C, seed)}
    assert again.isdisjoint(w.data_ptr() for w in answer), (
        f"{where} a second call returns the tensors of the first: who changes them in place changes both. "
        "Make each anew, in each call."
    )
    answer = [w.detach() for w in answer]
    for name, got in zip(names, answer, strict=True):
        if name[0] == "B":
            assert not got.any(), (
                f"{where} {name} is not all zeros: the branch adds something at the start. relu(…)B is 0 "
                "where B is."
            )
    for name, got, right in zip(names, answer, want, strict=True):
        if close(got, right):
            continue
        if name[0] == "A" and not got.any():
            raise AssertionError(
                f"{where} {name} is all zeros. With A and B at zero neither gets a gradient: only B is."
            )
        once = right / (0.1 / len(right) ** 0.5 if name == "V" else (2 / len(right)) ** 0.5)
        ratio = (got * once).sum().item() / (once * once).sum().item()
        if close(got, ratio * once):
            slips = deviations(name, *right.shape, branches)
            words = first_of((math.isclose(ratio, value, abs_tol=1e-12), words) for value, words in slips)
            due = "0.1/√H" if name == "V" else "√(2/rows)"
            wanted = 0.1 / len(right) ** 0.5 if name == "V" else (2 / len(right)) ** 0.5
            first = tools.FIRST_DIGITS if close(ratio, wanted, 1e-3) else None
            words = words or first or f"the deviation is {due}."
            what = f"{where} {name} is normal, and its deviation"
            raise AssertionError(explain(what, ratio, wanted, {}, otherwise=words))
        words = (
            "all come from one generator of the seed's, in the order of the list; what is 0 draws nothing."
        )
        low = start_of(D, H, branches, C, seed, dtype=torch.float32)[names.index(name)]
        if close(got / got.norm(), low / low.norm(), 1e-5):
            words = "they were drawn as float32, and those are other numbers. float64 is the default here."
        again = seeded(seed)
        fresh = torch.randn(right.shape, generator=again)
        if close(got / got.norm(), fresh / fresh.norm()):
            words = "it begins with the first number again. Make one generator, before the first weight."
        raise AssertionError(f"{where} {name} holds other numbers: {words}")
    for name, w in zip(names, answer, strict=True):
        try:
            w.add_(1.0)
        except RuntimeError as error:
            raise AssertionError(
                f"{where} {name} cannot be changed in place: its entries share their memory. Make each a "
                f"number of its own, as torch.zeros does. ({str(error).splitlines()[0][:80]})"
            ) from error


@question(points=4)
def network(logits, start):
    logits_case(logits, some_weights(3, 4, 2, 2, 1), random(5, 3, seed=2), "For two branches of four units,")
    weights = [
        torch.tensor([[1.0, -1.0]]),
        torch.tensor([[1.0, -1.0], [2.0, 1.0]]),
        torch.tensor([[0.5, 1.0], [0.0, 2.0]]),
        torch.tensor([[1.0], [3.0]]),
    ]
    x = torch.tensor([[2.0], [-3.0]])
    logits_case(logits, weights, x, "For two inputs, two units and one branch,")
    logits_case(logits, some_weights(3, 4, 0, 2, 3), random(2, 3, seed=4), "For a network without a branch,")
    x = torch.cat([1e-3 * random(2, 3, seed=6), torch.zeros(1, 3)])
    logits_case(logits, some_weights(3, 5, 1, 2, 5), x, "For rows that are tiny, or zero,")
    where = "For two branches at their start, where B is zero,"
    logits_case(logits, start_of(3, 4, 2, 2, 8), random(5, 3, seed=9), where)
    start_case(start, 3, 4, 3, 5, 7, "For D, H, C = 3, 4, 5, three branches and the seed 7,")
    start_case(start, 6, 2, 0, 3, 1, "For D, H, C = 6, 2, 3, no branch and the seed 1,")


# --- 3 -----------------------------------------------------------------------------------------------------


def believed(w, gradients, *, lr, betas, eps, weight_decay, slip="", times=None):
    """The weight after each update, with Python's floats; or, with a slip, what that makes of it.

    ``times`` are the values of t, 1, 2, … unless they are given.
    """
    beta1, beta2 = reversed(betas) if slip == "betas" else betas
    m = v = 0.0
    path = []
    for t, g in zip(times or itertools.count(1), gradients, strict=False):
        if slip == "l2":
            g = g + weight_decay * w
        share1 = 1.0 if slip in ("whole m", "whole") else 1 - beta1
        share2 = 1.0 if slip in ("whole v", "whole") else 1 - beta2
        old, m = m, beta1 * m + share1 * g
        against = {"old m": old, "square": 0.0, "hat m": m / (1 - beta1**t)}.get(slip, m)
        off = abs(g - against) if slip == "unsquared" else (g - against) ** 2
        inside = {"no eps in v": 0.0, "eps at v hat": 0.0, "eps in root": 0.0, "eps fixed in v": 1e-8}
        v = beta2 * v + share2 * off + inside.get(slip, eps)
        count = {"late": t + 1, "early": t - 1}.get(slip, t)
        right1, right2 = 1 - beta1**count, 1 - beta2**count
        if slip == "linear":
            right1, right2 = 1 - beta1 * t, 1 - beta2 * t
        m_hat = m if slip in ("no m hat", "no hats") else m / (right1 or math.nan)
        v_hat = v if slip in ("no v hat", "no hats") else v / (right2 or math.nan)
        if slip == "m kept":
            m = m_hat
        if slip == "v kept":
            v = v_hat
        if slip == "eps not kept":
            v = v - eps
        outside = {"no eps outside": 0.0, "eps in root": 0.0, "eps below": 0.0, "eps fixed outside": 1e-8}
        outside = outside.get(slip, eps)
        under = v_hat + (eps if slip in ("eps at v hat", "eps in root", "eps below") else 0.0)
        root = abs(under) ** 0.5 if slip != "no root" else under
        step = m_hat / root + outside if slip == "precedence" else m_hat / (root + outside or math.nan)
        if slip == "unrated":
            shrunk = w - weight_decay * w
        else:
            shrunk = w if slip in ("l2", "no decay", "decay last") else w - lr * weight_decay * w
        if slip == "grows":
            shrunk = w + lr * weight_decay * w
        w = shrunk + lr * step if slip == "up" else shrunk - lr * step
        if slip == "decay last":
            w = w - lr * weight_decay * w
        path.append(w)
    return path


BELIEF_SLIPS = {
    "square": "that divides by g², as Adam does. Here it is (g − m)².",
    "old m": "in (g − m)² the m is the new one.",
    "hat m": "in (g − m)² stands m, not m̂.",
    "unsquared": "g − m is squared.",
    "no m hat": "m is not corrected: m̂ = m/(1 − β₁ᵗ).",
    "no v hat": "v is not corrected: v̂ = v/(1 − β₂ᵗ).",
    "no hats": "m and v are not corrected: m/(1 − β₁ᵗ), v/(1 − β₂ᵗ).",
    "m kept": "keep m itself in the state, not m̂.",
    "v kept": "keep v itself in the state, not v̂.",
    "whole": "the new gradient counts with 1 − β, not in full.",
    "whole m": "in m the gradient counts with 1 − β₁.",
    "whole v": "in v the square counts with 1 − β₂.",
    "betas": "β₁ belongs to m, β₂ to v.",
    "late": "t is counted from 1 already: no t + 1.",
    "early": "t is 1 at the first update: no t − 1.",
    "linear": "βᵗ is a power: beta**t.",
    "no root": "the root of v̂ is missing.",
    "up": "that goes uphill: the step is taken off.",
    "no eps in v": "ε stands in two places: it is added to v, too, each time.",
    "no eps outside": "ε stands in two places: below, beside the root, too.",
    "eps in root": "ε stands beside the root, and in v; not below the root.",
    "eps at v hat": "ε is added to v, and stays in it: not to v̂, and not times 1 − β₂, which comes to "
    "the same.",
    "eps below": "ε stands beside the root, not below it.",
    "eps not kept": "the ε stays in the v that is kept.",
    "eps fixed in v": "ε is given. In v it is fixed.",
    "eps fixed outside": "ε is given. Beside the root it is fixed.",
    "precedence": "/ comes before +: put √v̂ + ε into brackets.",
    "no decay": "the decay is missing: − ηλw.",
    "l2": "the decay is not added to the gradient: it acts on w, − ηλw.",
    "unrated": "the decay is ηλw, not λw.",
    "grows": "the decay is taken off.",
    "decay last": "the decay is that of the old w, not of the one after the step.",
}


LEAPS = (
    "t leaps here, past updates that moved nothing. Take t as it is given: no count and no power of β in s, "
    "and nothing there that hangs on the t before."
)


def belief_case(belief, w, gradients, where, times=None, **hyper):
    want = believed(w, gradients, **hyper, times=times)
    s, path = {}, []
    for t, g in zip(times or itertools.count(1), gradients, strict=False):
        if times and not s:
            try:
                belief(w, g, {}, t, **hyper)
            except KeyError as error:
                raise AssertionError(
                    f"{where} s is {{}} at t = {t}, and has no {error}: updates before it may have moved "
                    f"nothing. {{}} means zeros at any t: s.get({error}, 0)."
                ) from error
        got, s = by_rule.one_update(belief, path[-1] if path else w, g, s, t, **hyper)
        path.append(tools.number(got, f"{where} the new w"))
    off = [t for t, pair in enumerate(zip(path, want, strict=True)) if not near(*pair)]
    if not off:
        return
    got, right = path[off[0]], want[off[0]]
    words = first_of(
        (all(map(near, path, believed(w, gradients, **hyper, slip=slip, times=times))), words)
        for slip, words in BELIEF_SLIPS.items()
    ) or first_of(
        (
            all(map(near, path, believed(w, gradients, **hyper | {name: value}, times=times))),
            f"{name} is given. Use it.",
        )
        for name, value in USUAL.items()
    )
    if words is None and math.isclose(got, right, rel_tol=1e-6):
        words = tools.FIRST_DIGITS
    words = words or (LEAPS if times else "go through the formulas line by line.")
    update = times[off[0]] if times else off[0] + 1
    raise AssertionError(explain(f"{where} w after update {update}", got, right, {}, otherwise=words))


def belief_steps(belief, steps, where, words, eps=0.04):
    """Updates of one state, each with a t, a w, a rate, a decay and betas of its own."""
    m = v = 0.0
    s = {}
    for (t, w, lr, weight_decay, *betas), g in zip(steps, itertools.cycle([2.0, -1.0, 3.0]), strict=False):
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * (g - m) ** 2 + eps
        step = m / (1 - betas[0] ** t) / ((v / (1 - betas[1] ** t)) ** 0.5 + eps)
        hyper = {"lr": lr, "betas": tuple(betas), "eps": eps, "weight_decay": weight_decay}
        new, again = (by_rule.one_update(belief, w, g, s, t, **hyper) for _ in range(2))
        want = w - lr * weight_decay * w - lr * step
        if not near(new[0], want):
            raise AssertionError(explain(f"{where} w after update {t}", new[0], want, {}, otherwise=words))
        s = new[1]
        outside = [
            k for k, value in s.items() if isinstance(value, (int, float)) and again[1].get(k) != value
        ]
        assert not outside, (
            f"{where} the same update, made twice, returns two states: {outside[0]!r} differs. All of the "
            "state lies in s, and nothing outside."
        )


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-11)


OF_YOUR_OWN = "A rule is arithmetic of your own. The library's rules are refused, under any name."
USUAL = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}
PLAIN = {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-12, "weight_decay": 0.0}


def on_arrays(belief, w, g, s, t, **hyper):
    """One update, on NumPy's arrays."""
    before = w.copy(), g.copy(), copy.deepcopy(s)
    new_w, new_s = parts_of(tools.call(by_pairs.hint_for, belief, w, g, s, t, **hyper), 2, "new_w, new_s")
    kept = np.array_equal(w, before[0]) and np.array_equal(g, before[1]) and s.keys() == before[2].keys()
    kept = kept and all(np.array_equal(s[key], before[2][key]) for key in s)
    assert kept, "With arrays of NumPy, an input has changed. Make new values, without -=, += and the like."
    assert isinstance(new_w, np.ndarray), f"With arrays of NumPy, w leaves as {type(new_w).__name__}."
    return new_w, new_s


class Bare:
    """A number that knows + - * / ** and nothing else."""

    def __init__(self, value):
        self.value = value

    def _with(self, operation, other):
        return Bare(operation(self.value, getattr(other, "value", other)))

    def __neg__(self):
        return Bare(-self.value)


for _name in ("add", "sub", "mul", "truediv", "pow"):
    _operation = getattr(operator, _name)
    setattr(Bare, f"__{_name}__", functools.partialmethod(Bare._with, _operation))
    setattr(Bare, f"__r{_name}__", functools.partialmethod(Bare._with, lambda a, b, of=_operation: of(b, a)))


def bare_case(belief, gradients, **hyper):
    """Arithmetic alone: on numbers that know nothing else."""
    w, s = Bare(1.0), {}
    for t, g in enumerate(gradients, start=1):
        try:
            w, s = belief(w, Bare(g), s, t, **hyper)
        except (TypeError, AttributeError, ValueError) as error:
            words = str(error).replace("Bare", "number")
            raise AssertionError(
                f"For a kind of number that knows + - * / ** and nothing else, it stops: {words}. Use "
                "arithmetic alone: ** 0.5 is the root."
            ) from error
    want = believed(1.0, gradients, **hyper)[-1]
    got = getattr(w, "value", w)
    assert near(got, want), "For a kind of number that knows + - * / ** and nothing else, w is another."


def belief_kinds(belief, seed):
    """NumPy, tensors, float32 and several weights in turn: all as floats."""
    hyper = {"lr": 0.05, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.2}
    gradients = random(4, 6, seed=seed)
    first = random(6, seed=seed + 1)
    paths = [believed(w, gradients[:, k].tolist(), **hyper) for k, w in enumerate(first.tolist())]
    want = torch.tensor([path[-1] for path in paths])
    for kind, make in (
        ("tensors of the shape (2, 3)", lambda v: v.view(2, 3).clone()),
        ("arrays of NumPy", lambda v: v.numpy().copy()),
        ("float32 tensors", lambda v: v.float()),
    ):
        w, s, low = make(first), {}, "float32" in kind
        for t, g in enumerate(gradients, start=1):
            if isinstance(w, np.ndarray):
                w, s = on_arrays(belief, w, make(g), s, t, **hyper)
            else:
                w, s = by_rule.one_update(belief, w, make(g), s, t, **hyper)
        assert close(torch.as_tensor(w).flatten(), want, 1e-4 if low else 1e-9), (
            f"With {kind}, w is not what floats give, one by one. Use arithmetic alone: + - * / **."
        )
    by_rule.one_update(belief, first[0], gradients[0, 0], {}, 1, **hyper)  # a tensor without dimensions
    states, ws = [{}, {}], [first[0].item(), first[1].item()]
    for t in range(1, 5):
        for k in range(2):
            g = gradients[t - 1, k].item()
            ws[k], states[k] = by_rule.one_update(belief, ws[k], g, states[k], t, **hyper)
    assert all(near(ws[k], paths[k][-1]) for k in range(2)), (
        "Two weights, updated in turn, disturb each other: keep all of the state in s, and nothing outside."
    )


@question(points=3)
def belief(belief):
    by_rule.own(belief)
    with locked((rules, rules.__all__), because=OF_YOUR_OWN):
        by_rule.one_update(belief, 1.0, 2.0, {}, 1, **PLAIN)
    where = "With β = (0.8, 0.9), η = 0.1, λ = 0, ε = 1e-12, from w = 1, for the gradients 2, −1, 3,"
    belief_case(belief, 1.0, [2.0, -1.0, 3.0], where, **PLAIN)
    where = "The same with ε = 0.04,"
    belief_case(belief, 1.0, [2.0, -1.0, 3.0], where, **PLAIN | {"eps": 0.04})
    where = "The same with ε = 0.04 and λ = 0.5,"
    belief_case(belief, 1.0, [2.0, -1.0, 3.0], where, **PLAIN | {"eps": 0.04, "weight_decay": 0.5})
    belief_kinds(belief, seed=5)
    bare_case(belief, [2.0, -1.0, 3.0], **PLAIN | {"eps": 0.04, "weight_decay": 0.5})
    leap = PLAIN | {"eps": 0.04, "weight_decay": 0.5}
    where = "The same, with the first gradient at t = 3, and the others at t = 4 and 7,"
    belief_case(belief, 1.0, [2.0, -1.0, 3.0], where, times=[3, 4, 7], **leap)
    steps = [(t, w, 0.1, 0.5, 0.8, 0.9) for t, w in ((1, 1.0), (2, 5.0), (3, -2.0))]
    words = "the w that is given counts: keep none in s."
    belief_steps(belief, steps, "For a w that is given anew each time,", words)
    words = "lr, λ and β may be others each time: m and v know nothing of lr and λ, and s keeps none of them."
    steps = [
        (1, 0.1, 0.5, 0.8, 0.9),
        (2, 0.3, 0.0, 0.7, 0.6),
        (3, 0.0, 0.5, 0.8, 0.9),
        (4, 0.1, 0.5, 0.8, 0.9),
    ]
    where = "For rates of 0.1, 0.3, 0 and 0.1, and a decay and betas that change,"
    belief_steps(belief, [(t, 1.0, *rest) for t, *rest in steps], where, words)
    words = "m̂ and v̂ are corrected by βᵗ at any t, however late."
    belief_steps(belief, [(20_000, 1.0, 0.1, 0.5, 0.9999, 0.9999)], "For a first update at t = 20000,", words)


# --- 4 -----------------------------------------------------------------------------------------------------

KEYS = ("t", "weights", "states", "log")
LINE = ("t", "loss", "gradient", "rate", "ratio")


def loop_hint(error):
    said = str(error)
    if isinstance(error, ZeroDivisionError):
        return (
            "Something is divided by 0: a gradient of zeros has the length 0, and so have weights of zeros. "
            f"Where nothing is moved, the ratio is 0.0. ({said})"
        )
    if "view size is not compatible" in said:
        return f"A gradient may lie in memory in another order: .flatten(), no .view(-1). ({said[:24]})"
    if "does not require grad" in said:
        return f"Nothing is recorded: loss_of needs weights that ask for gradients. ({said})"
    if "leaf" in said.lower():
        return f"Ask for gradients at a weight without a graph: w.detach().requires_grad_(). ({said})"
    if isinstance(error, KeyError):
        return f"A run has the keys {', '.join(KEYS)}, and no {said}."
    if "missing" in said and "lr" in said or "positional argument" in said:
        return f"The rule is called as rule(w, g, s, t + 1, lr=rate). ({said})"
    if "'NoneType'" in said and "grad" in said:
        return f"No gradient is there. Was backward() called? Or torch.autograd.grad. ({said})"
    return None if isinstance(error, AssertionError) else by_pairs.hint_for(error)


class Task:
    """A loss of several weights that uses t, and what was called with what.

    By the update: ``bad`` ones, ``flat`` ones with a gradient of zeros, the rate of ``still`` ones is 0, what
    the rule makes of the weights of ``burst`` ones is infinite, ``levels`` are losses, and ``steep`` ones are
    10³¹ times as steep.
    """

    def __init__(self, shapes, seed, bad=(), flat=(), still=(), burst=(), levels=(), steep=()):
        self.goals = [random(*shape, seed=seed + 10 * k) for k, shape in enumerate(shapes)]
        self.bad, self.flat, self.seed = dict(bad), set(flat), seed
        self.still, self.burst, self.levels, self.steep = set(still), set(burst), dict(levels), set(steep)
        self.asked, self.ruled, self.rates = [], [], []

    def loss_of(self, weights, t):
        self.asked.append(t)
        assert len(weights) == len(self.goals), f"loss_of gets {len(weights)} weights, of {len(self.goals)}."
        assert all(isinstance(w, torch.Tensor) for w in weights), "loss_of gets a weight that is no tensor."
        total = 0.0
        for k, (w, goal) in enumerate(zip(weights, self.goals, strict=True)):
            noise = random(*goal.shape, seed=self.seed + 1000 * t + k, scale=0.3)
            total = total + (k + 1) * ((w - goal - noise).square() / (1 + k)).sum()
        total = total * weights[0].square().mean().add(1.0)  # the weights meet
        if t in self.flat:
            return (0 * total).sum() + 2.0
        entry = weights[-1].flatten()[0]
        if self.bad.get(t) == "kink":  # the loss is finite, and an entry of the gradient is nan
            total = total + (entry - entry.detach()).abs().sqrt()
        elif self.bad.get(t) == "loss":  # the loss is infinite, and the gradient is finite
            total = total + math.inf
        elif t in self.bad:  # the loss and an entry of the gradient are nan, or infinite
            total = total + self.bad[t] * entry
        if t in self.steep:
            total = 1e31 * total
        return total - total.detach() + self.levels[t] if t in self.levels else total

    def schedule(self, t):
        self.rates.append(t)
        return 0.0 if t in self.still else 0.02 * (1 + t % 5) / (1 + 0.1 * t)

    def rule(self, w, g, s, t, *, lr):
        self.ruled.append((self.asked[-1] if self.asked else None, w, g, s, t, lr))
        alien = "m" in s and s["m"].shape != w.shape
        assert not alien, "The rule gets the state of another weight. Each has its own, and keeps it."
        m = 0.7 * s.get("m", 0.0) + g
        new = torch.full_like(w, math.inf) if t - 1 in self.burst else w - lr * m / (1 + 0.05 * t)
        return new, {"m": m, "seen": s.get("seen", 0) + 1, ("even", "odd")[t % 2]: True}


def fresh(task, seed):
    weights = [random(*goal.shape, seed=seed + k) for k, goal in enumerate(task.goals)]
    return {"t": 0, "weights": weights, "states": [{} for _ in weights], "log": []}


def length_of(vectors):
    return math.sqrt(sum(v.square().sum().item() for v in vectors))


def by_the_book(task, run, updates, clip):
    """The right run, and for each update what the rule got: independent of how an answer does it."""
    weights, states, log, calls = list(run["weights"]), list(run["states"]), list(run["log"]), []
    for t in range(run["t"], run["t"] + updates):
        with torch.enable_grad():
            leaves = [w.clone().requires_grad_() for w in weights]
            loss = task.loss_of(leaves, t)
            loss.backward()
        slopes = [w.grad for w in leaves]
        length = length_of(slopes)
        line = {"t": t, "loss": loss.item(), "gradient": length, "rate": task.schedule(t), "ratio": 0.0}
        if math.isfinite(length):
            factor = clip / length if length > clip else 1.0
            old = weights
            calls.append({"w": old, "raw": slopes, "g": [factor * g for g in slopes], "s": states, "t": t})
            pairs = [
                task.rule(w, g, s, t + 1, lr=line["rate"])
                for w, g, s in zip(old, calls[-1]["g"], states, strict=True)
            ]
            weights, states = ([pair[k] for pair in pairs] for k in range(2))
            moved = length_of(a - b for a, b in zip(weights, old, strict=True))
            line["ratio"] = moved / length_of(old) if moved else 0.0
        log.append(line)
    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}, calls


def deeply(value):
    """A copy of a run that no change in place reaches."""
    return copy.deepcopy(value)


def same_run(a, b, exact=True):
    """Whether two values are the same, deep down: bit for bit, or to 1e-9."""
    if isinstance(a, torch.Tensor) or isinstance(b, torch.Tensor):
        if not (isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor)) or a.shape != b.shape:
            return False
        return torch.equal(a, b) if exact else close(a.detach(), b.detach())
    if isinstance(b, dict):
        return isinstance(a, dict) and a.keys() == b.keys() and all(same_run(a[k], b[k], exact) for k in b)
    if isinstance(b, (list, tuple)):
        return isinstance(a, (list, tuple)) and len(a) == len(b) and all(
            same_run(x, y, exact) for x, y in zip(a, b, strict=True)
        )  # fmt: skip
    if isinstance(b, float) and math.isnan(b):
        return isinstance(a, float) and math.isnan(a)
    return a == b if exact else close(a, b)


def clipped_slips(raw, clip):
    """What slips make of the gradients that a rule gets."""
    length = length_of(raw)
    each = [v.norm().item() for v in raw]
    summed = sum(each)
    largest = max(v.abs().max().item() for v in raw)

    mean = math.sqrt(sum(v.square().mean().item() for v in raw))

    def scaled(factor):
        return [factor * v for v in raw]

    return [
        (raw, "it is not clipped."),
        (
            scaled(clip / length) if length <= clip else [math.nan] * len(raw),
            "it is shorter than clip, and is left as it is then.",
        ),
        *(
            (scaled(clip / (length + little)), f"{what} is added to ‖g‖: the factor is clip/‖g‖, without it.")
            for little, what in ((1e-6, "10⁻⁶, as in torch's own clipping,"), (1e-5, "10⁻⁵"), (1e-8, "10⁻⁸"))
        ),
        (
            [clip / a * v if a > clip else v for v, a in zip(raw, each, strict=True)],
            "each weight is clipped by itself. ‖g‖ is the length of all together.",
        ),
        ([v.clamp(-clip, clip) for v in raw], "entries are cut off. The whole gradient is scaled."),
        (scaled(length / clip), "the factor is clip/‖g‖, not ‖g‖/clip."),
        (scaled(1 / length), "it gets the length clip, not 1."),
        (scaled(clip), "the factor is clip/‖g‖."),
        (scaled(clip / length**2), "‖g‖ is the root of the sum of squares."),
        (scaled(min(1.0, clip / summed)), "‖g‖ is the root of the sum of squares, not the sum of lengths."),
        (scaled(min(1.0, clip / largest)), "‖g‖ is the length, not the largest entry."),
        (scaled(min(1.0, clip / max(each))), "‖g‖ is the length of all together, not of the longest."),
        (
            scaled(min(1.0, clip / (length / math.sqrt(len(raw))))),
            "‖g‖ is the root of the sum of squares, not of their mean.",
        ),
        (
            [
                v * min(1.0, clip / length_of(u if j != k else v for j, u in enumerate(raw[: k + 1])))
                for k, v in enumerate(raw)
            ],
            "‖g‖ is known when all squares are added up. Clip after that.",
        ),
        (scaled(min(1.0, clip / mean)), "squares add up. No mean."),
        (scaled(-min(1.0, clip / length)), "the gradient's sign is turned."),
    ]


def tensors_in(value):
    """All tensors in dicts, lists and tuples, deep down."""
    if isinstance(value, torch.Tensor):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [one for part in inside for one in tensors_in(part)]


def run_shaped(answer, want, run, where):
    """See that an answer is a run, with all that belongs into it."""
    assert answer is not None, f"{where} go_on returns None. Return a run, a dict."
    assert isinstance(answer, dict), f"{where} go_on must return a dict, not {type(answer).__name__}."
    missing = [key for key in KEYS if key not in answer]
    assert not missing, f"{where} the run that you return has no {missing[0]!r}."
    extra = [key for key in answer if key not in KEYS]
    assert not extra, f"{where} the run that you return has {extra[0]!r}, which is no key of a run."
    assert answer is not run, f"{where} you return the run that came in. Return a new dict."
    for key in ("weights", "states", "log"):
        value = answer[key]
        assert isinstance(value, list), f"{where} {key} must be a list, not {type(value).__name__}."
    for key in ("weights", "states"):
        count, due = len(answer[key]), len(want[key])
        assert count == due, f"{where} there are {count} {key}, not {due}."
    assert isinstance(answer["t"], int), f"{where} t must be an int, not {type(answer['t']).__name__}."
    for k, (w, right) in enumerate(zip(answer["weights"], want["weights"], strict=True)):
        tensor(f"{where} weight {k}", w, right)
    for s in answer["states"]:
        assert isinstance(s, dict), f"{where} a state must be a dict, not {type(s).__name__}."
    found = tensors_in([answer["weights"], answer["states"]])
    assert not any(v.requires_grad for v in found), (
        f"{where} a tensor that you return asks for gradients, or hangs on a graph: each update would keep "
        "all graphs before it. Call the rule with w.detach(), or under torch.no_grad()."
    )


def log_case(answer, want, run, where, task):
    """The log, line by line."""
    log, right = answer["log"], want["log"]
    old = len(run["log"])
    if len(log) == len(right) - old != len(right):
        raise AssertionError(f"{where} the lines of before are gone: the log goes on with new ones.")
    assert len(log) == len(right), (
        f"{where} the log has {len(log)} lines, not {len(right)}: a line for each update, also for one that "
        "moves nothing."
    )
    for k, (line, due) in enumerate(zip(log, right, strict=True)):
        assert isinstance(line, dict), f"{where} a line of the log is a dict, not {type(line).__name__}."
        absent = [key for key in LINE if key not in line]
        assert not absent, f"{where} line {k} has no {absent[0]!r}."
        more = [key for key in line if key not in LINE]
        assert not more, f"{where} line {k} has {more[0]!r}, which no line has."
        at = f"{where} in line {k}"
        for key in LINE:
            value = line[key]
            kind = int if key == "t" else float
            assert isinstance(value, kind) and not isinstance(value, bool), (
                f"{at}, {key} must be a Python {kind.__name__}, not {type(value).__name__}."
            )
        if line["t"] != due["t"]:
            words = "the number of the update that was made: run['t'], and on."
            if line["t"] == due["t"] - run["t"]:
                words = "updates are numbered from the start of the run, not of this call."
            elif line["t"] == due["t"] + 1:
                words = "updates count from 0."
            raise AssertionError(f"{at}, t is {line['t']}, not {due['t']}: {words}")
        for key in ("loss", "gradient", "rate", "ratio"):
            got, wanted = line[key], due[key]
            same = got == wanted if key == "rate" else close(got, wanted)  # the rate is handed on as it is
            if math.isnan(wanted) and math.isnan(got) or same:
                continue
            words = line_words(key, got, due, k, right, task, want, run)
            if not math.isfinite(got) or not math.isfinite(wanted):
                raise AssertionError(f"{at}, {key} is {got:.4g}, not {wanted:.4g}: {words}")
            raise AssertionError(explain(f"{at}, {key}", got, wanted, {}, otherwise=words))


def line_words(key, got, due, k, right, task, want, run):
    """What most likely made a number of a line wrong."""
    if key == "ratio":
        if not math.isfinite(due[key]):
            return "the new weights are what the rule returns, finite or not: ‖g‖ alone stops an update."
        if words := told(got, task.ratios.get(due["t"], [])):
            return words
    if math.isfinite(due[key]) and close(got, due[key], 1e-3):
        if any(got == round(due[key], digits) for digits in range(3, 12)):
            return ROUNDED
        if close(got, due[key], 1e-6):
            return tools.FIRST_DIGITS
    if key == "gradient":
        if close(got, task.clip):
            return "that is ‖g‖ after clipping. The line has the one before."
        if got >= 0 and close(math.sqrt(got), due["gradient"]):
            return "the root is missing."
        if not math.isfinite(due["gradient"]):
            return "the line says what it was, finite or not."
        for slip, words in task.lengths.get(due["t"], []):
            if close(got, slip):
                return words
        return "the root of the sum of all squared entries, over all weights."
    if key == "rate":
        return "that of schedule(t), for this update."
    if key == "loss":
        after = right[k + 1]["loss"] if k + 1 < len(right) else None
        if after is not None and close(got, after):
            return "that is the next update's."
        return "that of loss_of, before the update, with the weights that it begins with."
    if due["ratio"] == 0.0:
        return "nothing is moved in this update."
    return "the length of the move of all weights together, by that of all old weights together."


def ratio_slips(old, new, raw, rate):
    moves = [a - b for a, b in zip(new, old, strict=True)]
    if not length_of(moves):
        return []
    each = [m.norm().item() / w.norm().item() for m, w in zip(moves, old, strict=True)]
    together = length_of(moves) / length_of(old)
    return [
        (statistics.mean(each), "that is the mean of each weight's ratio. All together, squares add up."),
        (sum(each), "that is the sum of each weight's ratio. All together, squares add up."),
        (max(each), "that is the largest of each weight's ratio. All together, squares add up."),
        *(
            (length_of(moves) / (length_of(old) + little), "nothing is added to ‖w‖ below.")
            for little in (1e-8, 1e-7, 1e-6, 1e-5)
        ),
        (each[-1], "that is the last weight's ratio. All together, squares add up."),
        (each[0], "that is the first weight's ratio. All together, squares add up."),
        (length_of(moves) / length_of(new), "divide by the length of the old weights, not of the new ones."),
        (together**2, "the root is missing."),
        (length_of(moves), "divide by the length of the weights."),
        (1 / together, "it is the other way round: the move, by the weight."),
        (rate * length_of(raw) / length_of(old), "that is the rate times the gradient. Measure the move."),
        (
            sum(m.norm().item() for m in moves) / sum(w.norm().item() for w in old),
            "lengths do not add up. Squares do.",
        ),
        (
            sum(m.abs().sum().item() for m in moves) / sum(w.abs().sum().item() for w in old),
            "a length is the root of the sum of squares.",
        ),
        (length_of(new) / length_of(old), "that is new by old. The move is new minus old."),
        (
            abs(length_of(new) - length_of(old)) / length_of(old),
            "that is how much longer they are. The move is the length of new minus old.",
        ),
    ]


def length_slips(raw):
    each = [v.norm().item() for v in raw]
    return [
        (sum(each), "lengths do not add up. Squares do."),
        (max(each), "that is the longest one. It is the length of all together."),
        (each[-1], "that is the last weight's. It is the length of all together."),
        (each[0], "that is the first weight's. It is the length of all together."),
        (statistics.mean(each), "that is the mean of the lengths. Squares add up."),
        (sum(v.abs().sum().item() for v in raw), "a length is the root of the sum of squares."),
        (max(v.abs().max().item() for v in raw), "that is the largest entry."),
        (math.sqrt(statistics.mean(a * a for a in each)), "squares add up. No mean."),
        (math.sqrt(sum(v.square().mean().item() for v in raw)), "squares add up. No mean."),
    ]


def grouped(task, calls, ruled, count, where):
    """Update for update: what is wanted, each call of the rule, and all calls of that update."""
    for wanted in calls:
        t = wanted["t"]
        mine = [one for one in ruled if one[0] == t]
        if not mine:
            spoiled = [one[0] for one in task.ruled if one[0] in task.skips and one[0] < t]
            if spoiled:
                raise AssertionError(
                    f"{where} the rule is called at update {spoiled[0]}, and not at {t}. At update "
                    f"{spoiled[0]} ‖g‖ is not finite: it moves nothing."
                )
            why = "‖g‖ is finite"
            if not length_of(wanted["raw"]):
                why = "the gradient is zero, and finite"
            elif t in task.still:
                why = "the rate is 0, and ‖g‖, which decides, is finite"
            elif t in task.levels:
                why = f"the loss is {task.levels[t]:g}, and ‖g‖, which decides, is finite"
            elif task.bad.get(t) == "loss":
                why = "the loss is not finite, and ‖g‖, which decides, is"
            raise AssertionError(
                f"{where} at update {t} the rule is not called. There {why}: it is called then, for the "
                "decay and the momentum, too."
            )
        for one in mine[:count]:
            yield wanted, one[1:], mine[:count]
        assert len(mine) == count, (
            f"{where} at update {t} the rule is called {len(mine)} times, not {count}: once for each weight."
        )


def calls_case(task, calls, count, where, clip):
    """What the rule got, update for update."""
    made = {call["t"] for call in calls}
    # Who calls the rule all the same where ||g|| is not finite, and lets it lie, moves nothing.
    ruled = [one for one in task.ruled if one[0] in made or not task.skips]
    bad = f" At update {min(task.skips)} ‖g‖ is not finite: it moves nothing." if task.skips else ""
    for wanted, (w, g, s, t, lr), mine in grouped(task, calls, ruled, count, where):
        shapes = [tuple(v.shape) for v in wanted["w"]]
        if tuple(getattr(w, "shape", ())) not in shapes:
            raise AssertionError(f"{where} the rule gets a w that is no weight. Its inputs: w, g, s, t + 1.")
        k = shapes.index(tuple(w.shape))
        at = f"{where} at update {wanted['t']}, for weight {k}, the rule"
        if t != wanted["t"] + 1:
            still = [one["t"] for one in calls if not length_of(one["raw"])]
            idle = sorted(skip for skip in {*task.skips, *still} if skip < wanted["t"])
            words = "it gets t + 1, in any call of go_on."
            if t == wanted["t"] + 1 - len(idle) or t == wanted["t"] + 1 - len(task.skips & set(idle)):
                words = f"update {idle[0]} counts, too, and moved nothing." if idle else words
            if t == wanted["t"] and not idle:
                words = "rules count from 1: t + 1."
            raise AssertionError(f"{at} gets t = {t!r}, not {wanted['t'] + 1}: {words}")
        assert isinstance(g, torch.Tensor), f"{at} gets a g that is no tensor, but {type(g).__name__}."
        assert isinstance(s, dict), f"{at} gets a state that is no dict, but {type(s).__name__}."
        rate = task.schedule(wanted["t"])
        lr = tools.number(lr, f"{at}'s lr")
        if not math.isclose(lr, rate, rel_tol=1e-13):
            other = next((d for d in (1, -1) if close(lr, task.schedule(max(wanted["t"] + d, 0)))), 0)
            words = {1: "that is schedule(t + 1): ", -1: "that is schedule(t − 1): "}.get(other, "")
            words += "the rate of update t is schedule(t)."
            if math.isclose(lr, rate, rel_tol=1e-3):
                words = (
                    "it is right in its first digits only. Is it rounded, or float32? Hand on schedule(t)."
                )
            raise AssertionError(explain(f"{at}'s lr", lr, rate, {}, otherwise=words))
        if not close(w.detach(), wanted["w"][k]):
            raise AssertionError(f"{at} gets another w than the update before made.{bad}")
        if not same_run(s, wanted["s"][k], exact=False):
            other = any(same_run(s, one, exact=False) for j, one in enumerate(wanted["s"]) if j != k)
            words = "it gets another weight's." if other else "it gets its own, of the update before."
            words = "it begins anew. The run has it." if not s else words
            if s.keys() > wanted["s"][k].keys() > set():
                words = "it is what the rule returned last, and keeps no key that was there before."
            raise AssertionError(f"{at} gets a state that is not this weight's: {words}{bad}")
        if not close(g.detach(), wanted["g"][k]):
            got = {tuple(one[1].shape): one[2] for one in mine}
            slips = clipped_slips(wanted["raw"], clip)
            words = first_of(  # the slip that explains all gradients of this update
                (all(close(one.detach(), slip[shapes.index(shape)]) for shape, one in got.items()), words)
                for slip, words in slips
            )
            nearly = close(g.detach(), wanted["g"][k], 1e-5)
            words = words or (tools.FIRST_DIGITS if nearly else None)
            words = words or "the gradient of loss_of(weights, t), times clip/‖g‖ if ‖g‖ is above clip."
            raise AssertionError(f"{at} gets another gradient than it should: {words}")
    due = count * len(calls)
    assert len(ruled) == due, (
        f"{where} the rule is called {len(ruled)} times, not {due}: once for each weight and update.{bad}"
    )


def asked_words(task, asked, due):
    """What most likely made the updates others than those that are due."""
    if not due:
        return f"loss_of is asked for the updates {asked[:6]}. None is to be made: no update, no loss."
    if not asked:
        return f"loss_of is never asked. Updates to be made: {len(due)}."
    if asked == due[: len(asked)]:
        why = ""
        if asked[-1] in task.skips:
            why = ", where ‖g‖ is not finite. That update moves nothing, and the run goes on"
        elif asked[-1] in task.flat:
            why = ", where the gradient is zero. The run goes on"
        return (
            f"you stop at update {asked[-1]}{why}. Updates to be made: {len(due)}, and you make {len(asked)}."
        )
    first = next((k for k, pair in enumerate(zip(asked, due, strict=False)) if pair[0] != pair[1]), len(due))
    before = asked[first - 1] if first else None
    if before is not None and before == asked[min(first, len(asked) - 1)]:
        if before in task.skips:
            return f"loss_of is asked for update {before} again. An update that moves nothing counts, too."
        return f"loss_of is asked for update {before} more than once. Call it once an update."
    if first == len(due):
        more = " An update that moves nothing counts, too." if task.skips else ""
        return f"loss_of is asked for {len(asked)} updates, and {len(due)} are to be made.{more}"
    return f"loss_of is asked for the updates {asked[:6]}, not {due[:6]}: from run['t'] on, one by one."


def loop_case(go_on, task, run, updates, clip, where):
    """Some updates, beside those of the book."""
    want, calls = by_the_book(task, run, updates, clip)
    task.clip, task.ratios, task.lengths = clip, {}, {}
    made = range(run["t"], run["t"] + updates)
    task.skips = set(made) - {one["t"] for one in calls}
    for now, new in zip(calls, [*[then["w"] for then in calls[1:]], want["weights"]], strict=False):
        task.ratios[now["t"]] = ratio_slips(now["w"], new, now["raw"], task.schedule(now["t"]))
        task.lengths[now["t"]] = length_slips(now["raw"])
    task.asked, task.ruled, task.rates = [], [], []
    before, started = deeply(run), list(run["weights"])
    answer = call(go_on, run, updates, task.loss_of, task.rule, task.schedule, clip, hint=loop_hint)
    asked = list(task.asked)
    for key in KEYS:
        assert same_run(run.get(key), before[key]), (
            f"{where} {key} of the run that came in has changed. Make new lists and tensors: it may be "
            "somebody's checkpoint."
        )
    stays = all(
        a is b and not a.requires_grad and a.grad is None
        for a, b in zip(run["weights"], started, strict=True)
    )
    assert stays, f"{where} weights of the run that came in ask for gradients now, or have some."
    run_shaped(answer, want, run, where)
    for key in ("weights", "states", "log"):
        assert answer[key] is not run[key], (
            f"{where} {key} is the very list that came in. Make a new one: list(…)."
        )
    due = list(made)
    if asked != due:
        raise AssertionError(f"{where} {asked_words(task, asked, due)}")
    calls_case(task, calls, len(run["weights"]), where, clip)
    assert answer["t"] == want["t"], (
        f"{where} t of the new run is {answer['t']}, not {want['t']}: {run['t']} were made, then {updates}."
    )
    log_case(answer, want, run, where, task)
    for k, (w, right) in enumerate(zip(answer["weights"], want["weights"], strict=True)):
        assert close(w, right), f"{where} weight {k} is not what the rule made of it in the last update."
    assert same_run(answer["states"], want["states"], exact=False), (
        f"{where} the states are not what the rule returned in the last update."
    )
    return answer


def resume_case(go_on, task, run, first, then, clip, where):
    """In two parts as in one, bit for bit, from a run that was kept, and more than once."""

    def gone(run, updates):
        return call(go_on, run, updates, task.loss_of, task.rule, task.schedule, clip, hint=loop_hint)

    whole = gone(run, first + then)
    half = gone(run, first)
    kept = deeply(half)
    for turn in ("", ", for the second time,"):
        rest = gone(half, then)
        assert same_run(rest, whole), (
            f"{where} {first} updates and then {then}{turn} are not {first + then}, bit for bit. All "
            "that the next update needs is in the run."
        )
    assert same_run(half, kept), f"{where} the run in the middle has changed while another went on from it."


def shared_case(go_on):
    """Gradients that are one tensor, or lie in memory by columns; and a rule that keeps w in its state."""
    where = "For two weights that are only added, and a rule that keeps the w that it gets,"
    w, slope = torch.tensor([[3.0, 0.0], [0.0, 0.0]]), torch.tensor([1.0, 0.0, 4.0, 0.0])
    run = {"t": 0, "log": [], "states": [{}, {}, {}], "weights": [w, 0 * w, w.clone()]}

    def loss_of(weights, t):
        assert len(weights) == 3, (
            f"{where} loss_of gets {len(weights)} weights, of 3. Take what is in a run by its key, "
            "run['weights']: the order of its keys is not promised."
        )
        one, other, third = weights
        return (one + other).square().sum() * 4 / 6 + third.T.reshape(-1) @ slope

    def rule(w, g, s, t, *, lr):
        return (w if t == 2 else w - lr * g), {"past": [(w, g + 0.1 * w)]}

    answer = call(go_on, run, 2, loss_of, rule, lambda t: 0.1, 3.5, hint=loop_hint)
    run_shaped(answer, run, run, where)
    length = math.sqrt(2 * 4**2 + 1 + 4**2)
    for k, g in enumerate((4 * w / 3, 4 * w / 3, slope.view(2, 2).T)):
        assert close(answer["weights"][k], run["weights"][k] - 0.1 * 3.5 / length * g), (
            f"{where} weight {k} moves by another step. Is a gradient scaled in place? Those of two weights "
            "may be one tensor, and it is scaled twice then: g = factor * g makes a new one."
        )


SHAPES = ((3, 2), (4,), (2, 2))


@question(points=5)
def loop(go_on):
    ready = (torch.nn.utils, ("clip_grad_norm_", "clip_grad_value_"))  # it is written out here
    assert borrowed(go_on, ready) is None, "Clip by hand: the tests look at what the rule gets."
    # By hand: one weight of the length 5, with a gradient of the length 10.
    task = Task(((2,),), seed=0)
    task.goals = [torch.tensor([0.0, 0.0])]
    task.loss_of = lambda weights, t: task.asked.append(t) or weights[0].square().sum()
    task.schedule = lambda t: 0.1
    task.rule = lambda w, g, s, t, *, lr: task.ruled.append((0, w, g, s, t, lr)) or (w - lr * g, {"n": t})
    by_hand = {"t": 0, "weights": [torch.tensor([3.0, 4.0])], "states": [{}], "log": []}
    loop_case(go_on, task, by_hand, 1, 5.0, "For (3, 4), the gradient (6, 8) and clip 5,")
    task = Task(SHAPES, seed=3)
    loop_case(go_on, task, fresh(task, 4), 3, 1e9, "For three weights, three updates and no clipping,")
    run = loop_case(go_on, task, fresh(task, 4), 4, 20.0, "For three weights, four updates and clip 20,")
    loop_case(go_on, task, run, 3, 20.0, "For three updates more,")
    task = Task(SHAPES, seed=5, bad={2: math.nan, 5: "kink"}, flat={4})
    where = "For a gradient that is nan at the updates 2 and 5, and zero at 4,"
    loop_case(go_on, task, fresh(task, 6), 7, 15.0, where)
    task = Task(SHAPES, seed=9, bad={1: "loss"})
    where = "For a loss that is infinite at update 1, and a gradient that is finite,"
    loop_case(go_on, task, fresh(task, 10), 3, 15.0, where)
    task = Task(SHAPES, seed=11, levels={0: 0.0, 1: -1e7}, steep={3}, still={2})
    where = "For losses of 0 and −10⁷, a rate of 0 at update 2 and a gradient of 10³¹ at 3,"
    loop_case(go_on, task, fresh(task, 12), 5, 15.0, where)
    task = Task(SHAPES, seed=13, burst={1})
    where = "For a rule that returns infinite weights at update 1,"
    loop_case(go_on, task, fresh(task, 14), 2, 15.0, where)
    shared_case(go_on)
    task = Task(SHAPES, seed=7)
    resume_case(go_on, task, fresh(task, 8), 3, 4, 15.0, "For three weights,")
    loop_case(go_on, task, fresh(task, 8), 0, 15.0, "For no update at all,")


# --- 5 -----------------------------------------------------------------------------------------------------

WORDS = ("ahead", "behind", "not told apart", "widen")
SAME_COUNT = "Both get as many rates."
SEALED = "Seeds that tune do not judge."


def verdict_hint(error, world):
    said = str(error)
    if isinstance(error, (statistics.StatisticsError, ZeroDivisionError)):
        _, _, mean, spread = right_of(world)
        if mean is not None and spread == 0:
            return f"The error is 0 here: compare the mean with 2 · error, do not divide by it. ({said})"
        return f"Something is divided by 0: there may be one tuning seed only. ({said})"
    if "must be an integer" in said or "range" in said and "attribute" in said:
        return f"Seeds come in any sequence, such as range(4). ({said})"
    if "values to unpack" in said:
        return f"rates is a dict: its keys are the two names, rates.items() the lists, too. ({said})"
    if isinstance(error, ValueError):
        return f"A ValueError comes up, and nothing is unfair: as many rates, no seed in both. ({said})"
    return by_pairs.hint_for(error)


class World:
    """Losses by name, rate and seed, and a list of what was run.

    ``table`` is a dict of two names, in order; each has a dict of rates, with a row for each: the losses
    of the seeds that tune, then of those that judge.
    """

    def __init__(self, table, tuning, judging):
        self.table, self.tuning, self.judging = table, tuning, judging
        self.calls = []

    @property
    def rates(self):
        return {name: list(rows) for name, rows in self.table.items()}

    @property
    def lists(self):
        return {"rates": self.rates}

    def run(self, name, rate, seed):
        assert name in self.table, f"run gets the name {name!r}, which is none of {list(self.table)}."
        assert rate in self.table[name], f"run gets the rate {rate!r}, which is not in the list of {name}."
        seeds = [*self.tuning, *self.judging]
        assert seed in seeds, f"run gets the seed {seed!r}, which is neither in tuning nor in judging."
        self.calls.append((name, rate, seed))
        loss = self.table[name][rate][seeds.index(seed)]
        return float("nan") if math.isnan(loss) else loss  # each nan is one of its own

    def tuned(self, name, score=statistics.mean, pick=min):
        """The best rate by a score of the tuning losses, where no run died."""
        n = len(self.tuning)
        scores = by_pairs.finite([row[:n] for row in self.table[name].values()], score)
        return list(self.table[name])[by_pairs.first_best(scores, pick)]

    def judged(self, name, rate):
        return self.table[name][rate][len(self.tuning) :]


def deaf(row):
    left = [v for v in row if not math.isnan(v)]
    return statistics.mean(left) if left else math.inf


def tuning_slips(world, name):
    n = len(world.tuning)
    rows, rates = [row[:n] for row in world.table[name].values()], list(world.table[name])

    def least(score):
        return rates[by_pairs.first_best([score(row) for row in rows])]

    means = by_pairs.finite(rows, statistics.mean)
    last = rates[by_pairs.last_best(means)]
    worst = rates[by_pairs.first_best([-math.inf if v == math.inf else v for v in means], max)]
    judged = by_pairs.finite([row[n:] for row in world.table[name].values()], statistics.mean)
    rows_at = [v for row in rows for v in row if not math.isnan(v)]
    lowest = min(means)
    large = []
    if lowest >= 100:
        above = "the search begins at a number, or a death counts as one, that is too low here: math.inf."
        large = [
            (rate, above)
            for rate, mean in zip(rates, means, strict=True)
            if mean == math.inf or rate == rates[0]
        ]
    if lowest == 0:
        zero = "0 is a loss like any other, neither “none yet” nor a death. (`not 0.0` is True.)"
        large = [(rate, zero) for rate in rates]
    nearly = {
        rates[next(k for k, one in enumerate(means) if one <= lowest + share * abs(lowest))]
        for share in (1e-9, 1e-6, 1e-4, 1e-2)
    }
    return [
        *large,
        *((rate, "its mean is near the lowest one, and above it. Near is not equal.") for rate in nearly),
        (last, "of equals take the first."),
        (least(deaf), "a rate with which a run died (nan) is out, whatever its other runs say."),
        (
            least(statistics.mean),
            "min() of numbers with a nan among them is not the lowest: nan < 1 and 1 < nan are both False.",
        ),
        (worst, "the highest loss was taken. The lowest is best."),
        (world.tuned(name, min), "the lowest *mean* is best, not the lowest single loss."),
        (world.tuned(name, max), "the lowest mean is best, not the best worst run."),
        (world.tuned(name, statistics.median), "the lowest mean is best, not the lowest median."),
        (world.tuned(name, lambda row: row[0]), "all tuning seeds tune: their mean. You take the first one."),
        (world.tuned(name, lambda row: row[-1]), "all tuning seeds tune: their mean. You take the last one."),
        (rates[by_pairs.first_best(judged)], "the seeds that judge choose nothing."),
        (rates[0], "the first rate is taken, and not the best."),
        (rates[-1], "the last rate is taken, and not the best."),
        (rates[len(rates) // 2], "the middle rate is taken, and not the best."),
    ] if rows_at else []  # fmt: skip


def right_of(world):
    """best, word, mean, error."""
    mine, theirs = world.table
    best = {name: world.tuned(name) for name in (mine, theirs)}
    for name, rate in best.items():
        if rate in (world.rates[name][0], world.rates[name][-1]):
            return best, "widen", None, None
    a, b = (world.judged(name, best[name]) for name in (mine, theirs))
    dead = [any(map(math.isnan, losses)) for losses in (a, b)]
    if any(dead):
        word = "not told apart" if all(dead) else ("behind" if dead[0] else "ahead")
        return best, word, None, None
    mean, error = by_pairs.mean_error(a, b)
    return best, judged_word(mean, error), mean, error


def judged_word(mean, error):
    return "ahead" if mean < -2 * error else "behind" if mean > 2 * error else "not told apart"


def kept_words(verdict, world):
    """Whether an answer runs what it left out, where all names are new: then it kept results."""
    again = World({f"{name}, again": rows for name, rows in world.table.items()}, world.tuning, world.judging)
    with locked(*by_pairs.COMPARE, because=by_pairs.BY_YOURSELF):
        by_pairs.once_more(verdict, again.run, again.rates, again.tuning, again.judging)
    kept = len(again.calls) > len(world.calls)
    return " Results of an earlier call are kept, and this is another comparison." if kept else ""


def verdict_case(verdict, world, where):
    rates, before = world.rates, world.rates
    world.calls = []
    with locked(*by_pairs.COMPARE, because=by_pairs.BY_YOURSELF):
        hint = functools.partial(verdict_hint, world=world)
        answer = call(verdict, world.run, rates, world.tuning, world.judging, hint=hint)
    assert rates == before and list(rates) == list(before), f"{where} rates has changed. Only read it."
    shaped = isinstance(answer, (tuple, list)) and len(answer) == 4
    assert shaped, f"{where} return four things: best, word, mean, error"
    best, word, mean, error = answer
    right, due, want_mean, want_error = right_of(world)
    assert isinstance(best, dict) and set(best) == set(right), (
        f"{where} best must be a dict with the keys {' and '.join(right)}: the best rate of each."
    )
    assert isinstance(word, str) and word in WORDS, (
        f"{where} the word must be one of {', '.join(map(repr, WORDS))}, not {word!r}."
    )
    for name, rate in right.items():
        if best[name] == rate:
            continue
        ran = {one[1] for one in world.calls if one[0] == name and one[2] in world.tuning}
        never = [one for one in before[name] if one not in ran]
        if ran and never:
            raise AssertionError(
                f"{where} the best rate of {name} is {rate}, not {best[name]!r}: its rate {never[0]} was "
                "never run. Each rate of the list is tried."
            )
        words = first_of((best[name] == slip, words) for slip, words in tuning_slips(world, name))
        other = next(one for one in right if one != name)
        if words is None and best[name] == right[other]:
            words = f"that is the best rate of {other}."
        words = words or "the lowest mean loss over the tuning seeds."
        raise AssertionError(f"{where} the best rate of {name} is {rate}, not {best[name]!r}: {words}")
    opened = [one for one in world.calls if one[2] in set(world.judging)]
    if due == "widen":
        name = next(n for n, r in right.items() if r in (before[n][0], before[n][-1]))
        edge = f"{right[name]}, the best rate of {name}, is at the edge of its list"
        assert word == due, f"{where} {edge}: the word is 'widen', not {word!r}."
        assert not opened, (
            f"{where} {edge}, and {len(opened)} runs meet seeds that judge all the same. Leave them sealed."
        )
    chosen = {(name, rate) for name, rate in right.items()}
    stray = [one for one in opened if one[:2] not in chosen]
    if stray:
        name, rate, _ = stray[0]
        raise AssertionError(
            f"{where} {name} meets a seed that judges with the rate {rate}. Only best rates do: those seeds "
            "choose nothing."
        )
    assert word != "widen" or due == "widen", (
        f"{where} the word is 'widen', and both best rates, {' and '.join(map(str, right.values()))}, lie "
        "inside of their lists. (An equal mean at the edge comes second.)"
    )
    for name in right:
        for rate, row in world.table[name].items():
            met = {one[2] for one in world.calls if one[:2] == (name, rate)} & {*world.tuning}
            absent = [seed for seed in world.tuning if seed not in met]
            died = any(map(math.isnan, row[: len(world.tuning)]))
            assert met or died, (
                f"{where} the rate {rate} of {name} was never run. Each rate of the list is tried."
                f"{kept_words(verdict, world)}"
            )
            assert not absent or died, (
                f"{where} {name} with the rate {rate} does not meet the tuning seed {absent[0]}."
                f"{kept_words(verdict, world)}"
            )
        if due != "widen" and want_mean is not None:
            met = {one[2] for one in opened if one[0] == name}
            absent = [seed for seed in world.judging if seed not in met]
            assert not absent, (
                f"{where} {name} does not meet the judging seed {absent[0]}.{kept_words(verdict, world)}"
            )
    twice = len(world.calls) - len(set(world.calls))
    assert not twice, f"{where} {twice} of {len(world.calls)} runs are made twice. Keep what came out."
    numbers_case(world, right, word, mean, error, where)


LOST = "it is right in its first digits only. Is it float32? Is it Σd² − n·d̄², which loses digits?"


def numbers_case(world, best, word, mean, error, where):
    _, due, want_mean, want_error = right_of(world)
    if want_mean is None:
        why = "the judging seeds are sealed" if due == "widen" else "a run died while judging"
        for what, value in (("mean", mean), ("error", error)):
            unequal = isinstance(value, float) and math.isnan(value)
            unequal = " No nan equals another, nor is it in a list: math.isnan(loss)." if unequal else ""
            assert value is None, f"{where} {why}: {what} is None, not {value!r}.{unequal}"
        dead = [
            name
            for name, rate in best.items()
            if due != "widen" and any(map(math.isnan, world.judged(name, rate)))
        ]
        many = ", more or fewer" if len(dead) == 2 else ""
        assert word == due, (
            f"{where} runs of {' and '.join(dead)} died while judging{many}: the word is {due!r}, not "
            f"{word!r}."
        )
        return
    for what, value in (("mean", mean), ("error", error)):
        assert value is not None, (
            f"{where} no run died, and {what} is None. A run died where its loss is nan: 0, below 0 "
            "or large, it is a loss."
        )
        assert isinstance(value, float), (
            f"{where} {what} must be a Python float, not {type(value).__name__}. (.item() of a tensor.)"
        )
    mine, theirs = world.table
    a, b = (world.judged(name, best[name]) for name in (mine, theirs))
    slips = [
        (-want_mean, "that is the rival minus the challenger: the other way round."),
        (want_mean * len(a), "that is the sum. Take the mean."),
        (statistics.median(x - y for x, y in zip(a, b, strict=True)), "that is the median. Take the mean."),
        (statistics.mean(abs(x - y) for x, y in zip(a, b, strict=True)), "differences keep their signs."),
        (statistics.mean(a), "that is the challenger's loss alone."),
        (
            want_mean / (statistics.mean(b) or math.nan),
            "that is a share of the rival's loss. Take the difference.",
        ),
        (want_error, "the mean comes before the error."),
        (min(a) - min(b), "that is between the two best runs. Take pairs, and their mean."),
    ]
    n = len(world.tuning)
    tuned = [world.table[name][best[name]][:n] for name in (mine, theirs)]
    if n > 1:
        slips.append(
            (by_pairs.mean_error(*tuned)[0], "those are the losses that tuned. They flatter: judge anew.")
        )
    if not close(mean, want_mean):
        words = told(mean, slips) or (tools.FIRST_DIGITS if close(mean, want_mean, 1e-6) else None)
        words = words or "challenger minus rival, seed by seed, over the judging seeds."
        raise AssertionError(explain(f"{where} the mean", mean, want_mean, {}, otherwise=words))
    if not close(error, want_error):
        spreads = [pair for pair in by_pairs.spreads(a, b) if "alone" not in pair[1]]
        words = told(error, spreads) or (LOST if math.isclose(error, want_error, rel_tol=1e-3) else None)
        words = words or "√(Σ(d − d̄)² / (n(n − 1))), over the judging seeds."
        raise AssertionError(explain(f"{where} the error", error, want_error, {}, otherwise=words))
    words = f"the mean is {want_mean:.4g}, the error {want_error:.4g}: the word is {due!r}, not {word!r}."
    if word != due:
        turned = {"ahead": "behind", "behind": "ahead"}.get(word) == due
        if turned:
            words += " Lower is better."
        elif due == "not told apart":
            words += " The mean is not more than two errors from 0."
        else:
            words += " The mean is more than two errors from 0."
    assert word == due, f"{where} {words}"


def judged_world(a, b, tuning=(4,), judging=None):
    """Three rates each, of which the middle one is best, and judged losses a and b."""
    judging = range(50, 50 + len(a)) if judging is None else judging
    low, high = ([far] * (len(tuning) + len(a)) for far in (8.0, 9.0))
    table = {
        "New": {0.1: low, 0.2: [1.0] * len(tuning) + a, 0.4: high},
        "AdamW": {0.01: low, 0.03: [1.5] * len(tuning) + b, 0.1: high},
    }
    return World(table, tuning, judging)


def many_rates(seed):
    """Losses by lot for 13 rates: of five seeds that tune, and three that judge."""
    rows = (9 + random(13, 8, seed=seed)).mul(10).round().div(10)
    return {0.001 * 2**k: row for k, row in enumerate(rows.tolist())}


@question(points=4)
def verdict(verdict):
    assert borrowed(verdict, *by_pairs.COMPARE) is None, by_pairs.BY_YOURSELF
    nan = math.nan
    where = "For judged losses of 5, 9, 6 against 6, 7, 9,"
    verdict_case(verdict, judged_world([5.0, 9.0, 6.0], [6.0, 7.0, 9.0]), where)
    where = "For judged losses of 5, 7, 6 against 6, 9, 9,"
    verdict_case(verdict, judged_world([5.0, 7.0, 6.0], [6.0, 9.0, 9.0]), where)
    where = "For judged losses of 6, 9, 9 against 5, 7, 6,"
    verdict_case(verdict, judged_world([6.0, 9.0, 9.0], [5.0, 7.0, 6.0]), where)
    # Whole numbers all along, both roots, too: no processor rounds here.
    where = "For the differences 5, 1, 1, 1, of which the mean is two errors from 0,"
    verdict_case(verdict, judged_world([7.0, 3.0, 4.0, 5.0], [2.0, 2.0, 3.0, 4.0]), where)
    world = judged_world([5.0, 7.0], [6.0, 9.0])
    for name, rates in (("New", (0.05, 0.1, 0.2, 0.4, 0.8)), ("AdamW", (0.01, 0.02, 0.03, 0.1, 0.3))):
        rows = [9.0] * 3, [1.004] * 3, world.table[name][rates[2]], [8.0] * 3, [9.5] * 3
        world.table[name] = dict(zip(rates, rows, strict=True))
    world.table["AdamW"][0.02] = [8.0] * 3
    verdict_case(verdict, world, "For two rates that are nearly as good, 0.1 and 0.2,")
    # Drawn so that each way to choose, by the mean, the median, one seed, …, chooses another rate.
    table = {"Z": many_rates(3651), "A": many_rates(6684)}
    where = "For 13 rates each, five tuning and three judging seeds,"
    verdict_case(verdict, World(table, [7, 1, 3, 9, 4], range(20, 23)), where)
    equal = {
        "new": {
            1.0: [nan, 9.0, 1.0, 2.0],
            2.0: [3.0, 5.0, 4.0, 4.5],
            4.0: [5.0, 3.0, 9.0, 1.0],
            8.0: [9.0] * 4,
        },
        "old": {
            1.0: [8.0, 9.0, 1.0, 1.0],
            2.0: [6.0, 7.0, 8.0, 6.5],
            4.0: [7.0, 6.0, 2.0, 1.0],
            8.0: [nan, 1.0, 1.0, 2.0],
        },
    }
    verdict_case(
        verdict, World(equal, (0, 1), (2, 3)), "For two rates that are equally good, and one that died,"
    )
    for rate, place in ((0.1, "first"), (0.4, "last")):
        world = judged_world([5.0, 7.0], [6.0, 9.0])
        world.table["New"][rate] = [0.5, 5.0, 7.0]
        verdict_case(verdict, world, f"Where the {place} rate of the challenger is the best one,")
    world = judged_world([5.0, 7.0], [6.0, 9.0])
    world.table["AdamW"][0.1] = [0.5, 5.0, 7.0]
    verdict_case(verdict, world, "Where the last rate of the rival is the best one,")
    for a, b in (
        ([nan, 1.0, 1.0], [6.0, 6.5, 6.0]),
        ([6.0, 6.5, 6.0], [1.0, nan, 1.0]),
        ([nan, 1.0, 1.0], [6.0, nan, 6.0]),
        ([nan, 1.0, nan], [6.0, nan, 6.0]),
    ):
        where = f"For judged losses of {', '.join(map('{:g}'.format, a))} against "
        verdict_case(verdict, judged_world(a, b), f"{where}{', '.join(map('{:g}'.format, b))},")
    world = judged_world([5.0, 7.0], [6.0, 9.0])
    verdict_case(verdict, world, "For one tuning and two judging seeds,")
    world.table["New"] = {0.1: [9.0] * 3, 0.2: [5.0, 4.0, 1.0], 0.4: [7.0] * 3}
    with right_before("For other losses by the same function,"):
        verdict_case(verdict, world, "")
    world = judged_world([0.0, 1.0, -1.0], [0.0, 2.0, 3.0])
    world.table["New"] = {0.1: [3.0] * 4, 0.2: [0.0, 0.0, 1.0, -1.0], 0.3: [4.0] * 4, 0.4: [5.0] * 4}
    world.table["AdamW"] = {0.01: [6.0] * 4, 0.03: [1.5, 0.0, 2.0, 3.0], 0.1: [1.5] * 4, 0.2: [2.0] * 4}
    verdict_case(verdict, world, "For a lowest mean of 0, and one that comes again,")
    world = judged_world([5.0, 7.0], [6.0, 9.0])
    world.table["AdamW"][0.1] = [1.5, 5.0, 7.0]
    verdict_case(verdict, world, "For a last rate that is as good as the best one, in the middle,")
    for more in ("New", "AdamW"):
        world = judged_world([5.0, 7.0], [6.0, 9.0])
        world.table[more][0.8] = [9.0, 9.0, 9.0]
        by_pairs.refuses(verdict, world, f"For a rate more of {more}", SAME_COUNT)
    world = judged_world([5.0, 7.0], [6.0, 9.0], tuning=(51,))
    by_pairs.refuses(verdict, world, "For a tuning seed that judges, too", SEALED)
