"""The tests of assignment 3.8: a split, a baseline, a start, parameter groups, a loop, a judged run."""

import copy
import functools
import inspect
import math
import statistics
from collections import OrderedDict
from collections.abc import Iterable
from itertools import combinations, permutations
from types import SimpleNamespace

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from course_lib import compare, datasets, training
from course_lib.checks import question, tools
from course_lib.checks.tools import agrees, close, explain, flat_of, locked, parts_of, random, told

# --- what the tests share ----------------------------------------------------------------------------------

CHANCE = (
    "torch's own chance is drawn from, or seeded. Where a question needs chance, it comes from a generator "
    "with that seed: torch.Generator().manual_seed(seed)."
)


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if "Boolean value" in said or "only tensors with one element" in said or "converted to Scalar" in said:
        return f"One number is wanted there, and there is a whole tensor. ({said})"
    if "must match the size" in said or "mat1 and mat2" in said or "shape mismatch" in said:
        return f"Two shapes do not fit: write down the shape of each thing in that line. ({said})"
    return None


def call(function, *inputs, hint=hint_for, chance_words=CHANCE, **more):
    """:func:`tools.call_undisturbed`, with this assignment's words."""
    return tools.call_undisturbed(hint, function, *inputs, chance=chance_words, **more)


def kept_by(function):
    """The lists, dicts and sets that outlive an answer's call, by name: its defaults, the notebook's."""
    if not inspect.isfunction(function):
        return {}
    found = {name: one.default for name, one in inspect.signature(function).parameters.items()}
    codes = [function.__code__]
    for code in codes:
        codes += [const for const in code.co_consts if inspect.iscode(const)]
        found |= {name: function.__globals__.get(name) for name in code.co_names}
    return {name: one for name, one in found.items() if isinstance(one, (list, dict, set))}


def forgetful(case):
    """A case that is tried once more where it fails, without what the answer keeps from earlier calls."""

    @functools.wraps(case)
    def tried(function, *inputs, **more):
        kept = kept_by(function)
        anew = copy.deepcopy((inputs, more)) if kept else None
        try:
            return case(function, *inputs, **more)
        except Exception:
            saved = {name: copy.copy(one) for name, one in kept.items() if one}
            if not saved:
                raise
            for name in saved:
                kept[name].clear()
            try:
                case(function, *anew[0], **anew[1])
                passes = True
            except Exception:
                passes = False
            for name, one in saved.items():
                kept[name].clear()
                (kept[name].extend if isinstance(one, list) else kept[name].update)(one)
            if not passes:
                raise
        words = f"{' and '.join(saved)} outlives a call, and what an earlier call left in it spoils this one."
        raise AssertionError(f"{words} Make it anew in each call, inside the function.")

    return tried


def once_more(function, *inputs):
    """What an answer that is wrong says of other inputs, or None where it stops: that tells slips apart."""
    try:
        return call(function, *inputs)
    except Exception:  # its first mistake is what the learner hears of
        return None


def told_twice(value, slips, again, slips_again):
    """:func:`told`, for a slip that gives both values; where there is no second one, for the first alone."""
    known = [
        words
        for (one, words), (other, _) in zip(slips, slips_again, strict=True)
        if close(value, one) and (again is None or close(again, other))
    ]
    return known[0] if known else None


def python_float(what, value):
    assert not isinstance(value, torch.Tensor), f"{what} is a tensor. Return a float: .item()."
    return tools.number(value, what)


def modes_of(net):
    return [layer.training for layer in net.modules()]


def state_of(net):
    """What must stay: the numbers, the gradients, the modes, what learns."""
    tensors = [*net.parameters(), *net.buffers()]
    grads = [None if p.grad is None else p.grad.clone() for p in net.parameters()]
    flags = [p.requires_grad for p in net.parameters()]
    return [t.detach().clone() for t in tensors], grads, modes_of(net), flags


def unchanged(net, before, where):
    now = state_of(net)
    same = all(torch.equal(a, b) for a, b in zip(now[0], before[0], strict=True))
    assert same, f"{where} the weights or the buffers of net have changed. Work with a copy: copy.deepcopy."
    pairs = zip(now[1], before[1], strict=True)
    same = all(a is b if a is None or b is None else torch.equal(a, b) for a, b in pairs)
    assert same, f"{where} the gradients of net have changed. Only read net."
    assert now[2] == before[2], f"{where} layers of net are in another mode now. Leave them as they are."
    assert now[3] == before[3], f"{where} requires_grad of net's parameters has changed. Only read net."


# --- 1 -----------------------------------------------------------------------------------------------------

NAMES = ("training", "validation", "test")
LEAK = "standardize with the training leaves alone:"


def drawn(m, seed):
    return torch.randperm(m, generator=torch.Generator().manual_seed(seed))


def shuffled(units, seed):
    return units[drawn(len(units), seed)]


def rows_of(unit, order, fifth, places=(2, 1, 0)):
    """The rows of training, validation and test. ``places`` says where in the order each of them stands."""
    pieces = order[:fifth], order[fifth : 2 * fifth], order[2 * fifth :]
    return [torch.isin(unit, pieces[place]).nonzero().flatten() for place in places]


def divisions(tree, seed):
    """What slips make of the split: pairs of rows and a sentence. The first is right."""
    trees, n = tree.unique(), len(tree)
    order, fifth = shuffled(trees, seed), len(trees) // 5
    met = torch.tensor(list(dict.fromkeys(tree.tolist())))
    leaf = torch.arange(n)
    right = rows_of(tree, order, fifth)
    end = [order[: -2 * fifth], order[-2 * fifth : len(order) - fifth], order[len(order) - fifth :]]
    pieces = [torch.isin(tree, piece).nonzero().flatten() for piece in end]
    ends = order[:fifth], order[fifth : len(order) - fifth], order[len(order) - fifth :]
    between = [torch.isin(tree, piece).nonzero().flatten() for piece in ends]
    in_a_row = tree.unique_consecutive()
    by_leaf = (
        "the leaves are divided, and not the trees: twins of the training leaves are in the test. Draw trees."
    )
    found = [
        (right, ""),
        (rows_of(leaf, shuffled(leaf, seed), n // 5), by_leaf),
        (rows_of(leaf, leaf, n // 5), by_leaf),
        ([leaf[2 * (n // 5) :], leaf[n // 5 : 2 * (n // 5)], leaf[: n // 5]], by_leaf),
        (
            [rows.sort().values for rows in right[:1] + right[2:] + right[1:2]],
            "validation and test are swapped.",
        ),
        ([right[2], right[1], right[0]], "training and test are swapped."),
        (pieces, FIRST_IS_TEST),
        *((rows_of(tree, order, fifth, places), MIXED) for places in permutations(range(3))),
        *(
            ([*(one[k] for k in places)], MIXED)
            for one in (pieces, between)
            for places in permutations(range(3))
        ),
        (rows_of(tree, trees, fifth), "the trees are not shuffled: draw torch.randperm with the seed."),
        *(
            (
                rows_of(other, shuffled(other.unique(), seed), len(other.unique()) // 5),
                "a tree's number may be any int. In another dtype some become others: leave tree as it is.",
            )
            for other in (tree.double(), tree.float(), tree.int(), tree.short())
        ),
        (
            rows_of(tree, shuffled(met, seed), fifth),
            "sort the trees' numbers before you shuffle them: tree.unique() does. Yours come as met.",
        ),
        (
            rows_of(tree, shuffled(torch.tensor(list(set(tree.tolist()))), seed), fifth),
            "sort the trees' numbers before you shuffle them: a set has no order that one may rely on.",
        ),
        (rows_of(tree, shuffled(trees.flip(0), seed), fifth), "sort the trees from small to large."),
        (
            rows_of(tree, trees[drawn(len(trees), seed).argsort()], fifth),
            "randperm says which tree comes next: trees[order]. Yours says where each tree goes.",
        ),
        (
            rows_of(tree, shuffled(in_a_row, seed), len(in_a_row) // 5),
            "each tree counts once: tree.unique(). unique_consecutive drops neighbours alone.",
        ),
        (
            rows_of(tree, shuffled(torch.arange(len(trees)), seed), fifth),
            "what is shuffled are places. The trees' numbers may be any ints: trees[place].",
        ),
        (
            rows_of(tree, order, -(-len(trees) // 5)),
            "a fifth of the trees is rounded down: m // 5.",
        ),
        (rows_of(tree, order, round(len(trees) / 5)), "a fifth of the trees is rounded down: m // 5."),
        (rows_of(tree, order, len(trees) // 10), "that is a tenth. A fifth of the trees, m // 5, is meant."),
        (rows_of(tree, order, fifth + 1), "a fifth of the trees is m // 5, and you take one more."),
        (rows_of(tree, order, n // 5), "a fifth of the trees is meant, and not of the leaves."),
        (rows_of(tree, shuffled(trees, 0), fifth), "the order does not come from the seed that is given."),
        (rows_of(tree, shuffled(trees, seed + 1), fifth), "the seed is another one."),
        (
            [
                torch.cat([(tree == t).nonzero().flatten() for t in order[a:b].tolist()] or [leaf[:0]])
                for a, b in ((2 * fifth, len(order)), (fifth, 2 * fifth), (0, fifth))
            ],
            "inside a part, leaves stay in the order in which they came.",
        ),
    ]
    return found


FIRST_IS_TEST = "the first trees in the order are for the test, the next for validation. Yours end the order."
MIXED = "the parts stand otherwise in the order: first the test's trees, then validation's, then all others."


def guarded(size):
    return torch.where(size == 0, 1.0, size)


def scalings(x, rows):
    """What slips make of the statistics: pairs (means, sizes), one for each part, and a sentence."""
    known, val, test = (x[one] for one in rows)
    seen = torch.cat([known, val])

    def by(v, **more):
        return v.mean(dim=0), guarded(v.std(dim=0, **more))

    mean, size = by(known)
    same = [(mean, size)] * 3
    return [
        (same, ""),
        ([by(one) for one in (known, val, test)], f"{LEAK} each part has statistics of its own."),
        ([by(x)] * 3, f"{LEAK} those of all leaves are in it."),
        ([by(seen)] * 3, f"{LEAK} those for validation are in it."),
        ([by(torch.cat([known, test]))] * 3, f"{LEAK} the test's are in it."),
        ([by(val)] * 3, f"{LEAK} those for validation were taken."),
        ([by(test)] * 3, f"{LEAK} the test's were taken."),
        ([(0 * mean, 1 + 0 * size)] * 3, "nothing is standardized."),
        ([(mean, 1 + 0 * size)] * 3, "the mean is taken off. Divide by the standard deviation, too."),
        ([(0 * mean, size)] * 3, "subtract the mean first."),
        ([same[0], (0 * mean, 1 + 0 * size), (0 * mean, 1 + 0 * size)], "standardize all three parts."),
        ([same[0], same[0], (0 * mean, 1 + 0 * size)], "standardize all three parts."),
        ([by(known, correction=0)] * 3, "the deviation is that with n − 1, as std has it. Yours has n."),
        ([(mean, guarded(known.var(dim=0)))] * 3, "divide by the deviation. The variance is its square."),
        (
            [(mean, known.std(dim=0))] * 3,
            "0/0 is nan: where a measurement is the same in all training leaves, divide by 1.",
        ),
        *(
            (
                [(mean, torch.where(known[k] == known[0], 1.0, size))] * 3,
                "a deviation is 0 where a measurement is the same in all training leaves, not in two.",
            )
            for k in (1, -1)
        ),
        ([by(known.unique(dim=0))] * 3, "of equal leaves each one counts. Drop none."),
        *(
            ([(mean, known.std(dim=0) + e)] * 3, "the deviation is taken as it is: add nothing to it.")
            for e in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3, 1.0)
        ),
        *(
            (
                [(mean, known.std(dim=0).clamp(min=e))] * 3,
                "a deviation of 0 is replaced by 1, and by nothing else.",
            )
            for e in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3, 1.0)
        ),
        ([(known.mean(), known.std())] * 3, "each measurement has a mean and a deviation of its own: dim=0."),
        ([(mean, known.std())] * 3, "each measurement has a deviation of its own: dim=0."),
        ([(mean, (known - mean).abs().mean(dim=0))] * 3, "the deviation is a root of squares: std."),
        (
            [(known.amin(dim=0), guarded(known.amax(dim=0) - known.amin(dim=0)))] * 3,
            "that goes from 0 to 1. Mean and standard deviation are asked for.",
        ),
        ([(known.median(dim=0).values, size)] * 3, "that is the median. Take the mean."),
        ([(mean, 1 / size)] * 3, "divide by the deviation."),
    ]


def parted(x, y, rows, by):
    return [((x[one] - mean) / size, y[one]) for one, (mean, size) in zip(rows, by, strict=True)]


def alike(a, b):
    return all(
        one.shape == other.shape
        and close(torch.where(one.isnan(), 9e9, one), torch.where(other.isnan(), 9e9, other))
        for pair, wanted in zip(a, b, strict=True)
        for one, other in zip(pair, wanted, strict=True)
    )


def parts_hint(error):
    said = str(error)
    if "with size 0" in said:
        return f"One of your parts has no leaves. Are its trees among those of tree? ({said})"
    if "out of bounds" in said or "out of range" in said:
        return (
            "A tree's number is no place: it may be any int. Find its leaves by comparing: torch.isin(tree, "
            f"numbers). ({said})"
        )
    return hint_for(error)


def at_once(parts):
    """The answer, with three pairs that come one by one (a generator, a map) as a tuple."""
    if not callable(parts):
        return parts

    def unrolled(*inputs):
        answer = parts(*inputs)
        one_by_one = isinstance(answer, Iterable) and not isinstance(answer, (torch.Tensor, str, dict))
        return tuple(answer) if one_by_one else answer

    return unrolled


def parts_slips(got, x, y, tree, seed):
    """What may have led to these parts: lists of sentences, the likeliest first; [] where they are right."""
    rows = rows_of(tree, shuffled(tree.unique(), seed), len(tree.unique()) // 5)
    want = parted(x, y, rows, scalings(x, rows)[0][0])
    if alike(got, want):
        return [[]]
    pairs = []
    for rows_, first in divisions(tree, seed):
        if len(rows_[0]) < 2:
            continue  # nothing can be standardized with that
        pairs += [(rows_, by, [w for w in (first, second) if w]) for by, second in scalings(x, rows_)]
    pairs.sort(key=lambda one: len(one[2]))
    return [
        words
        for rows_, by, words in pairs
        if words and alike(got, wrong := parted(x, y, rows_, by)) and not alike(wrong, want)
    ]


def parts_words(parts, found, seed):
    """Of the slips that give the same, the one that gives what the answer says of more trees, too."""
    probe = *grove(31, 33), seed
    answer = once_more(at_once(parts), *probe)
    try:
        there = parts_slips(answer, *probe)
    except Exception:  # it is no three pairs of tensors
        there = [[]]
    both = [words for words in found if words in there]
    if both or there == [[]]:  # where it is right there, the slip shows in such data alone
        return (both or found)[0]
    return None


@forgetful
def parts_case(parts, x, y, tree, seed, where):
    answer = call(at_once(parts), x, y, tree, seed, hint=parts_hint)
    answer = parts_of(answer, 3, "training, validation, test")
    rows = rows_of(tree, shuffled(tree.unique(), seed), len(tree.unique()) // 5)
    want = parted(x, y, rows, scalings(x, rows)[0][0])
    got = []
    for name, pair in zip(NAMES, answer, strict=True):
        a, b = parts_of(pair, 2, f"for {name} the pair (x, y)")
        for what, one, like in ((f"x for {name}", a, x), (f"y for {name}", b, y)):
            assert isinstance(one, torch.Tensor), (
                f"{where} {what} must be a tensor, not {type(one).__name__}."
            )
            tools.precise(f"{where} {what}", one, like)
            assert one.shape[1:] == like.shape[1:] and one.dim() == like.dim(), (
                f"{where} {what} has the shape {tuple(one.shape)}. Its rows are leaves, as they came."
            )
        assert len(a) == len(b), f"{where} for {name} there are {len(a)} rows in x and {len(b)} in y."
        assert b.dtype == y.dtype, f"{where} y for {name} is {b.dtype}. Leave its ints."
        got.append((a, b))
    if alike(got, want):
        return
    if (found := parts_slips(got, x, y, tree, seed)) and (words := parts_words(parts, found, seed)):
        raise AssertionError(f"{where} {' And: '.join(words)}")
    for name, (a, b), (c, d) in zip(NAMES, got, want, strict=True):
        assert len(a) == len(c), (
            f"{where} there are {len(a)} leaves for {name}, and not {len(c)}: too many trees, or others. "
            "Of m trees, m // 5 are for the test, m // 5 for validation: the first and the next of the order."
        )
        assert torch.equal(b, d), f"{where} the leaves for {name} are others, or in another order."
    for name, (a, _), (c, _) in zip(NAMES, got, want, strict=True):
        agrees(f"{where} x for {name}", a, c, (), "it is (x − mean) / deviation, of the training leaves.")


def grove(seed, m, D=3, kinds=3, constant=None, units=1.0):
    """Leaves of m trees with any numbers, 1 to 4 of each, mixed; a column may be the same in all."""
    g = torch.Generator().manual_seed(seed)
    numbers = torch.randperm(10 * m, generator=g)[:m] - 3 * m
    tree = numbers.repeat_interleave(torch.randint(1, 5, (m,), generator=g))
    tree = tree[torch.randperm(len(tree), generator=g)]
    x = units * (random(len(tree), D, seed=seed + 1) + 3.0)
    if constant is not None:
        x[:, constant] = 4.0
    return x, torch.randint(kinds, (len(tree),), generator=g), tree


def still_in_training(seed, m, split_seed):
    """A grove, one measurement of which is the same in all training leaves, and only there."""
    x, y, tree = grove(seed, m)
    rows = rows_of(tree, shuffled(tree.unique(), split_seed), m // 5)
    x[rows[0], 1] = 2.0
    return x, y, tree


def huge(seed):
    """A grove whose trees' numbers are others in float64, or in 32 bits; and the higher half comes first."""
    x, y, tree = grove(seed, 12)
    _, place = tree.unique(return_inverse=True)
    return x, y, place + 2**53 * (place < 6)


def alike_in_part(seed, split_seed):
    """A grove: the first two training leaves and the last agree in a measurement, and three are equal."""
    x, y, tree = grove(seed, 14)
    known = rows_of(tree, shuffled(tree.unique(), split_seed), 14 // 5)[0]
    x[known[[0, 1, -1]], 1] = 2.0
    x[known[3:6]] = x[known[2]].clone()
    return x, y, tree


@question(points=4)
def parts(parts):
    tree = torch.tensor([3, 3, -2, 30, 30, 1, 4, -2])
    x = torch.arange(16.0).reshape(8, 2) ** 2
    parts_case(parts, x, torch.tensor([0, 0, 1, 2, 2, 0, 1, 1]), tree, 0, "For eight leaves of five trees,")
    parts_case(parts, *grove(1, 14), 5, "For fourteen trees with unlike many leaves,")
    parts_case(parts, *grove(2, 23, D=4, units=20.0), 8, "For 23 trees,")
    where = "For a measurement that is always 4,"
    parts_case(parts, *grove(3, 12, constant=1), 2, where)
    parts_case(parts, *still_in_training(4, 11, 3), 3, "For a measurement that differs in the test alone,")


# --- 2 -----------------------------------------------------------------------------------------------------


def counted(y, y_new, classes, add=1.0, of=None, seen=None):
    """The loss of counting."""
    n = torch.bincount(y if seen is None else seen, minlength=classes) + add
    return -(n / (n.sum() if of is None else of))[y_new].log().mean().item()


def means_of(x, y, classes):
    """Of each kind the mean; of one without leaves, inf."""
    return torch.stack(
        [x[y == c].mean(dim=0) if (y == c).any() else x[0] * 0 + math.inf for c in range(classes)]
    )


def far(x, means, p=2):
    """Distances by their definition; one to a mean that is not there is infinite."""
    return (x[:, None] - means).abs().pow(p).sum(dim=-1).nan_to_num(math.inf, posinf=math.inf)


def percent(said, y):
    return 100 * (said != y).double().mean().item()


def loss_slips(y, y_new, classes):
    n, want = len(y), counted(y, y_new, classes)
    raw = torch.bincount(y, minlength=classes).double()
    q = (raw + 1) / (n + classes)
    kinds = len(y.unique())
    return [
        (
            counted(y, y_new, classes, add=0.0),
            "add 1 to each count: a kind that was not seen yet is possible.",
        ),
        (
            -(raw.clamp(min=1) / n)[y_new].log().mean().item(),
            "add 1 to each count, and not only to those that are 0.",
        ),
        (counted(y, y_new, classes, of=n), "divide by n + C: the p of all kinds sum to 1."),
        (counted(y, y_new, classes, of=n + 1), "divide by n + C, not by n + 1: C ones were added."),
        (counted(y, y_new, classes, of=n + kinds), "C counts all kinds, also those without training leaves."),
        (
            counted(y, y_new, classes, of=n + 1 + max(int(y.max()), int(y_new.max()))),
            "C is classes: it counts all kinds, also those that no leaf has.",
        ),
        (counted(y, y_new, classes, of=len(y_new) + classes), "n counts the training leaves."),
        (counted(y, y_new, classes, add=1 / classes), "add 1 to each count, not 1/C."),
        (counted(y, y_new, classes, seen=y_new), "that is a leak: the kinds of the new leaves were counted."),
        (
            counted(y, y_new, classes, seen=torch.cat([y, y_new])),
            "that is a leak: the kinds of the new leaves were counted, too.",
        ),
        (math.log(classes), "that is a guess that knows nothing, ln C. Count the kinds."),
        (-want, "the sign is wrong: the loss is −ln p."),
        (want * len(y_new), "that is a sum. Take the mean over the new leaves."),
        (want / math.log(2), "that is in bits. Take the natural logarithm."),
        (want / math.log(10), "that is the logarithm to the base 10. Take the natural one."),
        (q[y_new].mean().item(), "that is a probability. The loss is −ln of it."),
        (1 - q[y_new].mean().item(), "that is one minus a probability. The loss is −ln p."),
        (-math.log(q[y_new].mean().item()), "the mean comes last: over the logarithms."),
        (counted(y, y, classes), "that is the loss on the training leaves. Judge the new ones."),
        (-q.log().mean().item(), "that is the mean over the kinds. Take it over the new leaves."),
        (-(q * q.log()).sum().item(), "that is the mean that p expects of itself. Look at the new leaves."),
        (math.exp(want), "that is e to the loss."),
        *(
            (
                -q[y_new].prod().clamp(min=least).log().item() / len(y_new),
                "a product of so many p is too small for a number. Add logarithms.",
            )
            for least in (0.0, 1e-300)
        ),
        (
            cross_entropy(q.expand(len(y_new), -1), y_new).item(),
            "cross_entropy wants logits, and takes a softmax: give it p.log(), or take −ln p yourself.",
        ),
        (
            cross_entropy((raw + 1).expand(len(y_new), -1), y_new).item(),
            "cross_entropy wants logits: counts are none.",
        ),
    ]


def error_slips(x, y, x_new, y_new, classes):
    means = means_of(x, y, classes)
    near = far(x_new, means).argmin(dim=1)
    share = percent(near, y_new)
    kinds = y.unique()
    place = far(x_new, means[kinds]).argmin(dim=1)
    filled = torch.where(means.isinf(), 0.0, means)
    size = x.std(dim=0)
    largest = torch.bincount(y, minlength=classes).argmax()
    coarse = far(x_new.float(), means.float()).argmin(dim=1)
    each = torch.stack([far(x_new, x[y == c]).sqrt().mean(dim=1) for c in kinds], dim=1)
    found = [
        (
            percent(kinds[each.argmin(dim=1)], y_new),
            "that is a mean of distances. Take the distance to the mean.",
        ),
        (
            percent(coarse, y_new),
            "two means are nearly equally near. In float32, or with something added, no hair is seen.",
        ),
        (100 - share, "that is the percentage of the right ones."),
        (share / 100, "that is a share. Percent are asked for: times 100."),
        (
            1 - share / 100,
            "that is the share of the right ones. The percentage of the wrong ones is asked for.",
        ),
        (share * len(y_new) / 100, "that is a count. Percent are asked for."),
        (percent(y[far(x_new, x).argmin(dim=1)], y_new), "that is the nearest leaf. Take the nearest mean."),
        (
            percent(far(x_new, means_of(x_new, y_new, classes)).argmin(dim=1), y_new),
            "that is a leak: the means are those of the new leaves.",
        ),
        (
            percent(
                far(x_new, means_of(torch.cat([x, x_new]), torch.cat([y, y_new]), classes)).argmin(dim=1),
                y_new,
            ),
            "that is a leak: the new leaves are in the means, too.",
        ),
        (
            percent(far(x, means).argmin(dim=1), y),
            "that is the error on the training leaves. Judge the new ones.",
        ),
        (
            percent(far(x_new, filled).argmin(dim=1), y_new),
            "a kind without training leaves has no mean, and is never said. Yours is at 0.",
        ),
        (percent(place, y_new), "the places among the kinds that are there are no kinds: kinds[place]."),
        (
            percent(far(x_new, means, p=1).argmin(dim=1), y_new),
            "the distance is Euclidean: squares, not absolute values.",
        ),
        (
            percent(kinds[(x_new @ means[kinds].T).argmax(dim=1)], y_new),
            "an inner product is no distance: ‖x − μ‖.",
        ),
        (
            percent(far(x_new / size, means / size).argmin(dim=1), y_new),
            "measurements are taken as they come in. Do not scale them again.",
        ),
        (
            percent(far(x_new, means).nan_to_num(posinf=-1.0).argmax(dim=1), y_new),
            "that is the farthest mean. Take the nearest.",
        ),
        (
            percent(largest.expand(len(y_new)), y_new),
            "that is the kind said most often. Take the nearest mean.",
        ),
    ]
    medians = torch.stack(
        [x[y == c].median(dim=0).values if (y == c).any() else x[0] * 0 + math.inf for c in range(classes)]
    )
    found.append((percent(far(x_new, medians).argmin(dim=1), y_new), "those are medians. Take means."))
    missing = [c for c in range(classes) if not (y == c).any()]
    said = percent(torch.full_like(y_new, missing[0]), y_new) if missing else math.nan
    words = "a kind without training leaves is never said. (The mean of nothing is nan, and argmin takes it.)"
    found.append((said, words))
    return [
        *found,
        *((float(round(share, digits)), "return it as it is. Do not round.") for digits in range(4)),
    ]


def baseline_hint(error):
    said = str(error)
    if "out of bounds" in said or "out of range" in said:
        return f"Not each kind has training leaves: bincount needs minlength=classes. ({said})"
    if "1D" in said or "nonempty" in said.lower() or "non-empty" in said:
        return f"A kind may have no training leaves: nothing can be made of none. ({said})"
    return hint_for(error)


@forgetful
def baseline_case(baseline, x, y, x_new, y_new, classes, where):
    answer = call(baseline, x, y, x_new, y_new, classes, hint=baseline_hint)
    loss, error = parts_of(answer, 2, "the loss of counting, the error of the nearest mean")
    loss, error = python_float(f"{where} the loss", loss), python_float(f"{where} the error", error)
    near = far(x_new, means_of(x, y, classes)).argmin(dim=1)
    want = counted(y, y_new, classes), percent(near, y_new)
    if close(loss, want[1]) and close(error, want[0]):
        raise AssertionError(f"{where} the loss comes first, then the error.")
    for k, (name, got, slips_of, otherwise) in enumerate(
        (
            ("loss", loss, loss_slips, "it is the mean of −ln p."),
            (
                "error",
                error,
                error_slips,
                "which mean is nearest to each new leaf? Each leaf counts in the mean of its kind.",
            ),
        )
    ):
        if close(got, want[k]):
            continue
        # Another time with many leaves, where two slips hardly give the same number.
        again = None
        for probe in (patches(97, 90, 997, 5, without=(1,)), patches(97, 90, 997, 5)):
            answer = once_more(baseline, *probe, 5)
            if answer is not None:
                again = answer[k] if isinstance(answer, (tuple, list)) and len(answer) == 2 else None
                break
        data = (x, y, x_new, y_new, classes), (*probe, 5)
        slips, there = (
            slips_of(b, d, e) if slips_of is loss_slips else slips_of(a, b, c, d, e) for a, b, c, d, e in data
        )
        slips = [(math.nan if close(value, want[k]) else value, words) for value, words in slips]
        words = told_twice(got, slips, again, there)
        if k and len(y.unique()) < classes:
            otherwise += " A kind without training leaves is never said, wherever a new leaf is."
        words = words or (tools.FIRST_DIGITS if close(got, want[k], 1e-6) else otherwise)
        raise AssertionError(explain(f"{where} the {name}", got, want[k], {}, otherwise=words))


def patches(seed, n, m, classes, D=3, without=(), spread=1.3):
    """Leaves around a mean for each kind, of which some have no training leaf; unlike many of each kind."""
    g = torch.Generator().manual_seed(seed)
    means = random(classes, D, seed=seed + 1, scale=1.5) + 1.0
    weights = torch.rand(classes, generator=g) + 0.2
    y_new = torch.multinomial(weights, m, replacement=True, generator=g)
    for c in without:
        weights[c] = 0.0
        y_new[:2] = c
    y = torch.multinomial(weights, n, replacement=True, generator=g)
    x = means[y] + spread * random(n, D, seed=seed + 2)
    return x, y, means[y_new] + spread * random(m, D, seed=seed + 3), y_new


def between(seed):
    """Two kinds, and new leaves in the middle between their means, but for a hair of 1e-8 to either side.

    They lie far from 0, where no hair is seen in float32.
    """
    x, y, _, _ = patches(seed, 30, 5, 2)
    x = x + 1000
    means = means_of(x, y, 2)
    y_new = torch.arange(24) % 2
    side = torch.where(y_new == 0, -1e-8, 1e-8)[:, None]
    y_new[:3] = 1 - y_new[:3]  # these are taken for the other kind
    return x, y, means.mean(dim=0) + side * (means[1] - means[0]), y_new


def at_their_own_means(x, y, x_new, y_new, classes):
    """Among the new leaves are those to learn from, each of the kind whose mean is the nearest.

    So whoever gives a kind without leaves a mean near some leaf of another kind is wrong about that leaf.
    """
    nearest = far(x, means_of(x, y, classes)).argmin(dim=1)
    return x, y, torch.cat([x_new, x]), torch.cat([y_new, nearest]), classes


def far_away():
    """Leaves of kind 1 of three, and new ones so far away that no number is large enough for "never said"."""
    x = random(9, 2, seed=1)
    new = torch.tensor([1e2, 1e5, 1e9, 1e15])[:, None].expand(4, 2)
    return x, torch.full((9,), 1), torch.cat([new, -new]), torch.full((8,), 1)


def long_row(seed):
    """Leaves of twelve kinds, many of the first: they come by size, and half of them twice. Many new ones."""
    x, y, x_new, y_new = patches(seed, 120, 900, 12)
    first = torch.arange(60.0)[:, None].expand(60, 3) / 20
    return torch.cat([x, first, first[::2]]), torch.cat([y, 0 * y[:60], 0 * y[:30]]), x_new, y_new


@question(points=3)
def baseline(baseline):
    x, y = torch.tensor([[0.0, 0.0], [2.0, 0.0], [9.0, 1.0]]), torch.tensor([0, 0, 1])
    new = torch.tensor([[4.0, 1.0], [5.5, 1.0]]), torch.tensor([0, 1])
    baseline_case(baseline, x, y, *new, 2, "For the kinds 0, 0, 1, and the new leaves 0 and 1,")
    baseline_case(baseline, *patches(11, 40, 33, 3), 3, "For 40 leaves of three kinds,")
    baseline_case(baseline, *patches(12, 60, 41, 5, D=2), 5, "For 60 leaves of five kinds,")
    where = "For five kinds, of which kind 1 has no training leaf,"
    baseline_case(baseline, *patches(15, 40, 35, 5, without=(1,)), 5, where)
    where = "For four kinds, of which the last has no training leaf,"
    baseline_case(baseline, *patches(14, 30, 27, 4, without=(3,)), 4, where)


# --- 3 -----------------------------------------------------------------------------------------------------


def by_heart(
    net,
    x,
    y,
    lr,
    updates,
    rule=torch.optim.AdamW,
    *,
    train=False,
    clear=True,
    reduction="mean",
    scale=1,
    rows=None,
    clip=math.inf,
    anew=False,
):
    """The losses before each update on one batch, and after the last one."""
    twin = copy.deepcopy(net).train(train)
    for p in twin.parameters():
        p.grad = None
    optimizer, losses = rule(twin.parameters(), lr=lr), []
    for update in range(updates + 1):
        loss = cross_entropy(twin(x), y, reduction=reduction)
        losses.append(loss.item())
        if update < updates:
            if clear:
                optimizer.zero_grad()
            if rows is not None:
                loss = cross_entropy(twin(x[:rows]), y[:rows])
            (scale * loss).backward()
            if clip < math.inf:
                nn.utils.clip_grad_norm_(twin.parameters(), clip)
            optimizer.step()
            if anew:
                optimizer = rule(twin.parameters(), lr=lr)
    return losses


def apart(layers):
    """A net of copies of the layers, one by one: what they share comes apart."""
    return nn.Sequential(*map(copy.deepcopy, layers))


def start_hint(error):
    said = str(error)
    if "second time" in said or "modified by an inplace" in said:
        return f"Each update takes a new loss: call the network again. ({said})"
    if "does not require grad" in said:
        return f"The loss that you learn from needs its graph: not under torch.no_grad(). ({said})"
    return hint_for(error)


def alike_to(a, b, near):
    """Whether two numbers agree in their first digits, however small they are."""
    return math.isclose(a, b, rel_tol=near, abs_tol=1e-14)


BEFORE_THE_LAST = "that is the loss before the last update. Take it anew, after it."
ONE_COPY = "where layers share weights, or one comes twice, copy net at once: copy.deepcopy(net)."
DRAWS = (
    "chance is drawn, or seeded, and this question needs none. Does dropout draw? It does in train mode. "
    "Put the copy into eval mode first, with all its layers: .eval() does."
)


@forgetful
def start_case(start, net, x, y, lr, updates, where):
    before, unchanged_by_us = state_of(net), copy.deepcopy(net)
    classes = copy.deepcopy(net).eval()(x).shape[1]
    answer = call(start, net, x, y, lr, updates, hint=start_hint, chance_words=f"{where} {DRAWS}")
    first, last = parts_of(answer, 2, "the first loss minus ln C, the last loss")
    first, last = python_float(f"{where} the first", first), python_float(f"{where} the last loss", last)
    unchanged(net, before, where)
    heart = functools.partial(by_heart, unchanged_by_us, x, y, lr)

    def heart_of(other, updates):
        try:
            return by_heart(other, x, y, lr, updates)
        except RuntimeError:  # without a layer the others may not fit
            return [math.nan]

    right = heart(updates)
    chance = torch.get_rng_state()
    want = right[0] - math.log(classes), right[-1]
    if not close(first, want[0]):
        there = len(y.unique())
        blurred = heart(1, train=True)[0]
        slips = [
            (right[0], "subtract ln C."),
            (abs(want[0]), "it keeps its sign."),
            (math.log(classes) - right[0], "the sign is wrong: the loss minus ln C."),
            (right[0] - math.log(there), "C is the number of logits. A batch need not hold all kinds."),
            (
                right[0] - math.log(int(y.max()) + 1),
                "C is the number of logits. A batch need not hold all kinds.",
            ),
            (right[0] - math.log(4), "C is the number of logits: net(x).shape[1]."),
            (right[0] - math.log(len(y)), "C is the number of kinds, not of leaves: net(x).shape[1]."),
            *(
                (
                    right[0] - math.log(len(p)),
                    "C is the number of logits, net(x).shape[1], and not of a layer.",
                )
                for p in net.parameters()
                if p.dim() > 0
            ),
            (right[0] - math.log2(classes), "take the natural logarithm of C."),
            (right[0] - math.log10(classes), "take the natural logarithm of C."),
            (right[0] - classes, "subtract ln C, not C."),
            (right[0] / math.log(classes), "subtract ln C. Yours divides."),
            (right[1] - math.log(classes), "take it before the first update."),
            (right[-1] - math.log(classes), "that is the last loss. Take the one before the first update."),
            (right[0] * len(y) - math.log(classes), "the loss is the mean over the batch."),
            (heart_of(apart(unchanged_by_us.children()), 0)[0] - math.log(classes), ONE_COPY),
            (blurred - math.log(classes), "take it in eval mode: net.eval(), of the copy."),
            (want[1], "first the one before any update, then the one after the last."),
        ]
        torch.set_rng_state(chance)
        words = told(first, slips) or (
            tools.FIRST_DIGITS if close(first, want[0], 1e-6) else "it is the loss on the batch, minus ln C."
        )
        raise AssertionError(explain(f"{where} the first", first, want[0], {}, otherwise=words))
    if close(last, want[1]):
        return
    slips = [
        (
            want[1] - math.log(classes),
            "the last loss is taken as it is. Only from the first one ln C is taken.",
        ),
        (right[-2], BEFORE_THE_LAST),
        (min(right), "that is the lowest of the losses. Take the last."),
        (right[0], "it is as if nothing had been learned. Does the optimizer hold the copy's parameters?"),
        (heart(updates + 1)[-1], "that is an update too many."),
        (heart(updates, clear=False)[-1], "gradients add up: clear them before each backward()."),
        (heart(updates, rule=torch.optim.Adam)[-1], "that is Adam. AdamW decays the weights a little."),
        (
            heart(updates, rule=functools.partial(torch.optim.Adam, weight_decay=0.01))[-1],
            "that is Adam, with the decay in its gradients. Take torch.optim.AdamW.",
        ),
        (
            heart(updates, rule=functools.partial(torch.optim.AdamW, amsgrad=True))[-1],
            "amsgrad was not asked for. Leave all but the rate as torch has it.",
        ),
        (heart(updates, anew=True)[-1], "make the optimizer once, before the loop: it remembers gradients."),
        *(
            (heart(updates, clip=clip)[-1], "clipping was not asked for.")
            for clip in (0.1, 1.0, 5.0, 10.0, 100.0)
        ),
        (
            heart_of(copy.deepcopy(unchanged_by_us).requires_grad_(True), updates)[-1],
            "a frozen layer stays as it is: leave requires_grad as it comes.",
        ),
        (heart_of(apart(unchanged_by_us), updates)[-1], ONE_COPY),
        (heart(updates, rule=torch.optim.SGD)[-1], "that is SGD. Take torch.optim.AdamW."),
        (
            heart(updates, rule=functools.partial(torch.optim.SGD, momentum=0.9))[-1],
            "that is SGD. Take torch.optim.AdamW.",
        ),
        (heart(updates, rule=lambda ps, lr: torch.optim.AdamW(ps))[-1], "the rate is given: lr=lr."),
        (sum(right) / len(right), "that is a mean over the updates. Take the last."),
        (heart(updates, reduction="sum")[-1], "the loss is the mean over the batch."),
        (heart(updates, scale=len(y))[-1], "learn from the mean over the batch, and not from the sum."),
        *(
            (heart(updates, rows=rows)[-1], "learn from all rows of the batch.")
            for rows in (1, 2, 4, 8, 16, 32)
            if rows < len(y)
        ),
        *(
            (early, "the updates end early. Make as many as are asked for, however small the loss is.")
            for early in right[1:-1]
        ),
        (heart(updates, train=True)[-1], "learn in eval mode, too: net.eval(), of the copy."),
        (right[updates // 2], "so many updates were not asked for."),
    ]
    torch.set_rng_state(chance)
    slips = [(value, words) for value, words in slips if not alike_to(value, want[1], 1e-9)]
    words = next((words for value, words in slips if alike_to(last, value, 1e-9)), None) or (
        tools.FIRST_DIGITS
        if alike_to(last, want[1], 1e-4)
        else "each update takes its own loss and gradient, by one AdamW, all but the rate as torch has it."
    )
    raise AssertionError(explain(f"{where} the last loss", last, want[1], {}, otherwise=words))


def small_net(seed=0, D=3, classes=4, hidden=5, drop=0.0, norm=False):
    layers = [nn.Linear(D, hidden), nn.Tanh(), nn.Linear(hidden, classes)]
    if norm:
        layers.insert(1, nn.BatchNorm1d(hidden))
    if drop:
        layers.insert(-1, nn.Dropout(drop))
    net = nn.Sequential(*layers)
    for k, p in enumerate(net.parameters()):
        p.data = random(*p.shape, seed=1000 * seed + k, scale=0.7)
    return net


def batch_of(seed, n=6, D=3, classes=4):
    y = torch.randint(classes, (n,), generator=torch.Generator().manual_seed(seed))
    return random(n, D, seed=seed), y


def soon_by_heart(seed):
    """A net and a leaf that it knows after few updates: the loss falls below 1e-6."""
    x, y = batch_of(seed, n=1)
    net = nn.Sequential(nn.Linear(3, 4))
    net[0].weight.data = random(4, 3, seed=seed, scale=0.01)
    net[0].bias.data.zero_()
    return net, 10 * x.sign(), y


def pooled(seed):
    """A net whose last layer takes the mean of each two logits."""
    net = small_net(seed, classes=6)
    net.append(nn.AvgPool1d(2))
    return net


def often_used(seed):
    """A net in which an activation comes twice, two layers share a weight, and another one is frozen."""
    net = small_net(seed, hidden=4, classes=5)
    one, other = nn.Linear(4, 4), nn.Linear(4, 4)
    one.load_state_dict({"weight": random(4, 4, seed=seed), "bias": random(4, seed=seed + 1)})
    other.load_state_dict({"weight": random(4, 4, seed=seed), "bias": random(4, seed=seed + 2)})
    other.weight = one.weight
    net[0].requires_grad_(False)
    return nn.Sequential(net[0], net[1], one, other, net[1], net[2])


def dropped(seed):
    """A net with dropout of a rarer kind, further in."""
    net = small_net(seed, classes=5)
    return nn.Sequential(nn.Sequential(net[0], nn.AlphaDropout(0.4), net[1]), net[2])


@question(points=2)
def start(start):
    x, y = batch_of(3, n=7, classes=5)
    where = "For a batch that holds three of five kinds,"
    start_case(start, small_net(5, classes=5), x, y.clamp(max=2), 0.05, 12, where)
    zero = nn.Sequential(nn.Linear(2, 4))
    for p in zero.parameters():
        p.data.zero_()
    two = torch.tensor([[1.0, 2.0], [-1.0, 0.5]])
    where = "For a net of zeros, whose first loss is a guess's,"
    start_case(start, zero, two, torch.tensor([0, 1]), 0.1, 5, where)
    x, y = batch_of(3)
    start_case(start, small_net(4), x, y.clamp(max=1), 0.2, 1, "For one update,")
    start_case(start, small_net(3), x, y, 1.5, 7, "For a rate that is far too high,")
    start_case(start, small_net(5, drop=0.5), x, y, 0.1, 4, "For a net with dropout,")
    net = small_net(6, norm=True)
    net[0].eval()
    for p in net.parameters():
        p.grad = torch.ones_like(p)
    start_case(start, net, x, y, 0.1, 3, "For a net with a batch norm, and gradients of before,")


# --- 4 -----------------------------------------------------------------------------------------------------

KEYS = {"params", "lr", "weight_decay"}


def groups_hint(error):
    said = str(error)
    if "unhashable" in said or "Boolean value" in said:
        return (
            "To ask whether a parameter is one of others, compare what they are, not their numbers: "
            f"id(p), or “is”. ({said})"
        )
    if "must match the size" in said or "size of tensor" in said:
        return f"“p in list” compares numbers. Compare what they are: id(p), or “is”. ({said})"
    return hint_for(error)


def other_heads(net):
    """What slips take for the parameters of the head, and a sentence."""
    last = next(reversed(net._modules))

    def named(fits):
        return {
            id(p) for name, p in net.named_parameters(remove_duplicate=False) if fits(name.split(".")[:-1])
        }

    deep = (
        "a name says where a layer is in its whole only. net[-1].parameters() are the head's, at any depth."
    )
    return [
        (
            {id(p) for p in list(net.children())[-1].parameters()},
            "children() leaves out a module that comes once more. net[-1] is the last one.",
        ),
        (
            named(lambda path: path[0] == str(len(net) - 1)),
            "the modules of a Sequential may have names in place of numbers. net[-1] is the last one.",
        ),
        (
            named(lambda path: path[0].startswith(last)),
            "another name may begin with the head's. Take net[-1].",
        ),
        (named(lambda path: last in path), deep),
        (named(lambda path: str(len(net) - 1) in path), deep),
    ]


@forgetful
def groups_case(groups, net, lr, factor, decay, where):
    before, called = state_of(net), [name for name, _ in net.named_modules()]
    found = call(groups, net, lr, factor, decay, hint=groups_hint)
    unchanged(net, before, where)
    assert [name for name, _ in net.named_modules()] == called, (
        f"{where} the layers of net have other names now, or another order. Only read net: net[-1] takes "
        "nothing out."
    )
    assert isinstance(found, (list, tuple)), f"{where} return a list of dicts, not {type(found).__name__}."
    names = {id(p): name for name, p in net.named_parameters()}
    head = {id(p) for p in net[-1].parameters()}
    inside = {id(p) for layer in net[:-1] for p in layer.parameters()}
    rates, decays = {}, {}
    for group in found:
        assert isinstance(group, dict), f"{where} each group is a dict, not {type(group).__name__}."
        extra, lacking = group.keys() - KEYS, KEYS - group.keys()
        assert not lacking, f"{where} a group lacks {', '.join(sorted(lacking))}."
        assert not extra, f"{where} a group has {', '.join(map(repr, extra))}, too. Three keys are asked for."
        held = group["params"]
        held = [held] if isinstance(held, torch.Tensor) else list(held)
        assert held, f"{where} a group is empty. Leave it out."
        assert all(isinstance(p, torch.Tensor) for p in held), (
            f"{where} params holds {type(held[0]).__name__}. It holds parameters, without their names."
        )
        for p in held:
            assert id(p) in names, (
                f"{where} params holds a tensor that is no parameter of net. Make no copies."
            )
            name = names[id(p)]
            assert id(p) not in rates, f"{where} {name} is in two groups, or twice in one."
            assert p.requires_grad, (
                f"{where} {name} has requires_grad=False, and is in a group. Leave it out."
            )
            rates[id(p)] = python_float(f"{where} the rate of {name}", group["lr"])
            decays[id(p)] = python_float(f"{where} the decay of {name}", group["weight_decay"])
    swapped = (
        factor != 1.0
        and bool(rates)
        and all(close(rate, factor * lr if key in head else lr, 1e-12) for key, rate in rates.items())
    )
    for p in net.parameters():
        name, key = names[id(p)], id(p)
        assert not p.requires_grad or key in rates, f"{where} {name} learns, and is in no group."
        if not p.requires_grad:
            continue
        want = lr if key in head else factor * lr
        whose = "head" if key in head else "body"
        shared = key in head and key in inside
        slips = {
            ("lr", "body"): [
                (lr, "that is the head's rate."),
                (factor, "the rate is factor · lr."),
                (lr / factor if factor else math.inf, "multiply by the factor. Yours divides."),
                (lr + factor, "the rate is factor · lr."),
                (factor * factor * lr, "the factor is taken once, however deep the layer is."),
                (factor**3 * lr, "the factor is taken once, however deep the layer is."),
            ],
            ("lr", "head"): [(factor * lr, "that is the body's rate.")],
        }
        words = told(rates[key], slips["lr", whose]) or f"{name} is in the {whose}."
        other = None
        if not close(rates[key], want, 1e-12):
            taken = {one for one, rate in rates.items() if factor != 1 and close(rate, lr, 1e-12)}
            other = next(
                (w for ids, w in other_heads(net) if ids != head and ids & rates.keys() == taken), None
            )
        if swapped:
            words = "head and body are swapped. The head is the last module, and learns at lr."
        elif other:
            words = other
        elif shared:
            words = "a parameter that head and body share belongs to the head."
        elif whose == "body" and not head:
            words = "the head is the last module, also where that has no parameters."
        elif whose == "body" and any(torch.equal(p, q) for q in net[-1].parameters()):
            words = (
                "its numbers are those of one of the head, and it is another. Compare id(p), or with “is”."
            )
        elif whose == "head" and close(rates[key], factor * lr):
            words = "that is the body's rate. The head is the last module, with all that is in it."
        assert close(rates[key], want, 1e-12), explain(
            f"{where} the rate of {name}", rates[key], want, {}, otherwise=words
        )
        own = decay if p.dim() > 1 else 0.0
        words = f"{name} has the shape {tuple(p.shape)}. "
        words += "Two or more dimensions decay." if p.dim() > 1 else "Only two or more dimensions decay."
        if p.dim() > 1 and close(decays[key], factor * decay):
            words = "the factor is for the rate. The decay is the same in head and body."
        assert close(decays[key], own, 1e-12), explain(
            f"{where} the decay of {name}", decays[key], own, {}, otherwise=words
        )
    try:
        torch.optim.AdamW(found, lr=7.0)
    except Exception as error:
        raise AssertionError(f"{where} AdamW does not take the groups: {error}") from error


class Tied(nn.Module):
    """A layer around a weight of another one."""

    def __init__(self, weight):
        super().__init__()
        self.weight = weight
        self.bias = nn.Parameter(torch.zeros(len(weight)))

    def forward(self, x):
        return nn.functional.linear(x, self.weight, self.bias)


def tower(frozen=()):
    """A convolution, norms, a scale without dimensions, and a head of two layers."""
    body = [nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(16, 8), nn.LayerNorm(8)]
    head = nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3))
    head.register_parameter("scale", nn.Parameter(torch.tensor(1.0)))
    net = nn.Sequential(*body, head)
    for name, p in net.named_parameters():
        p.requires_grad_(not name.startswith(tuple(frozen)) if frozen else True)
    return net


def tied():
    """A table of embeddings, a layer, and a head that uses the table."""
    table = nn.Embedding(7, 4)
    return nn.Sequential(table, nn.Linear(4, 4), Tied(table.weight))


def twins():
    """Two layers of the body share a weight."""
    net = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4), nn.Linear(4, 2))
    net[2].weight = net[0].weight
    return net


def narrow():
    """Weights of one row or column, and a last module without parameters."""
    return nn.Sequential(nn.Linear(4, 1), nn.Tanh(), nn.Conv1d(1, 1, 1), nn.Linear(1, 3), nn.Flatten())


class Table(nn.Module):
    """A module with parameters that are called as they like."""

    def __init__(self):
        super().__init__()
        self.table, self.bias = nn.Parameter(torch.ones(4, 2)), nn.Parameter(torch.ones(2, 3))
        self.weight = nn.Parameter(torch.ones(3))


def by_names():
    """A net whose modules have names, some of them those of others, and stand in one another."""
    deep = nn.Sequential(OrderedDict(out=nn.Sequential(nn.Sequential(nn.Linear(6, 6)))))
    return nn.Sequential(
        OrderedDict(
            out_norm=nn.LayerNorm((2, 3)), table=Table(), deep=deep, act=nn.Tanh(), out=nn.Linear(6, 2)
        )
    )


def again():
    """A net whose first and last layer are one."""
    layer = nn.Linear(3, 3)
    return nn.Sequential(
        layer, nn.ReLU(), nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3)), nn.Linear(3, 3), layer
    )


def alike_inside():
    """Body and head of the same numbers."""
    net = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 3))
    net[2].load_state_dict(net[0].state_dict())
    return net


@question(points=3)
def groups(groups):
    groups_case(groups, small_net(), 0.02, 0.1, 0.3, "For a body of one layer and its head,")
    groups_case(groups, tower(), 0.1, 0.25, 0.05, "For a convolution, norms, and a head of two layers,")
    where = "For a frozen convolution and a frozen bias of the head,"
    groups_case(groups, tower(("0.", "6.2.bias")), 0.1, 0.25, 0.05, where)
    groups_case(groups, tied(), 0.1, 0.5, 0.2, "For a head that shares a weight with the body,")


# --- 5 -----------------------------------------------------------------------------------------------------

FIT = ((training, ("fit",)),)
NO_FIT = "course_lib.training.fit does not do it for you: write the loop."


def multiplier(t, total, warmup):
    """The schedule, in the words of the question."""
    if t < warmup:
        return (t + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (t - warmup) / (total - warmup)))


ONCE_AN_EPOCH = (
    "a step of the schedule is an update, and not an epoch: it moves in the inner loop, and T counts updates."
)


def rate_slips(total, warmup, per_epoch, epochs):
    """Schedules that slips make, as functions of the update, and their sentences."""
    w, n = warmup, total

    def f(t, total=n, warmup=w):
        return multiplier(t, total, warmup) if t < max(total, warmup) else 0.0

    def after(g):
        """The right warmup, and then something else."""
        return lambda t: f(t) if t < w else g(t, (t - w) / (n - w))

    few = min(w, epochs - 1)
    return [
        (lambda t: 1.0, "that is the peak. The schedule's multiplier is missing."),
        (lambda t: f(t + 1), "that is the rate of the next update. Update t, from 0 on, is made at f(t)."),
        (
            lambda t: f(max(t - 1, 0)),
            "that is the rate of the update before. Update t, from 0 on, is made at f(t).",
        ),
        (
            lambda t: t / w if t < w else f(t),
            "the warmup begins with (t + 1)/W: t/W wastes the first update.",
        ),
        (lambda t: f(0), "the schedule stays where it begins. It makes a step after each update."),
        (lambda t: f(t // per_epoch, epochs, few), ONCE_AN_EPOCH),
        (lambda t: f(t // per_epoch), ONCE_AN_EPOCH),
        (lambda t: f(t, n, 0), "the warmup is missing."),
        (lambda t: f(t, epochs, few), "T counts updates, and not epochs."),
        (lambda t: f(t, epochs), "T counts updates, and not epochs."),
        (lambda t: f(t, n, min(w * per_epoch, n)), "W counts updates, and not epochs."),
        (
            lambda t: f(t, max(per_epoch, w)),
            "T counts the updates of the whole run, not of an epoch.",
        ),
        (
            lambda t: f(t % per_epoch, per_epoch, min(w, per_epoch - 1)),
            "T counts the updates of the whole run, not of an epoch.",
        ),
        (after(lambda t, way: 1.0), "after the warmup comes the cosine."),
        (after(lambda t, way: 1 - way), "that falls in a straight line. Take the cosine."),
        (lambda t: f(t, n - 1), "T counts all updates: one is missing."),
        (lambda t: f(t, n + 1), "T counts all updates: yours is one too many."),
        (
            lambda t: f(t, n + epochs),
            "T counts an update too many for each epoch: it is epochs · ⌈n / batch⌉.",
        ),
        (
            lambda t: f(t, n - epochs),
            "the last, smaller batch counts, too: T is epochs · ⌈n / batch⌉.",
        ),
        (
            after(lambda t, way: 0.5 * (1 + math.cos(math.pi * t / n))),
            "the cosine begins after the warmup: (t − W)/(T − W).",
        ),
        (
            after(lambda t, way: 0.5 * (1 + math.cos(math.pi * (t - w) / n))),
            "the cosine's way is T − W long.",
        ),
        (after(lambda t, way: 0.5 * (1 + math.cos(way))), "π is missing in the cosine."),
        (
            after(lambda t, way: math.cos(0.5 * math.pi * way)),
            "that is a quarter of a cosine. Take (1 + cos π…)/2.",
        ),
        (after(lambda t, way: 0.1 + 0.9 * f(t)), "the cosine falls to 0: there is no floor."),
        (lambda t: f(t) ** 2, "the multiplier is taken twice."),
        (lambda t: (t + 1) / (w + 1) if t < w else f(t), "the warmup has W updates: (t + 1)/W."),
        (lambda t: f(2 * t), "the schedule makes two steps at each update."),
        (
            lambda t: math.prod(f(k) for k in range(t + 1)),
            "each rate is f(t) times the peak, and not the rate of before.",
        ),
    ]


def train_hint(error, warmup=0, lengths=()):
    """``lengths`` are the updates of an epoch, and the epochs."""
    said = str(error)
    if isinstance(error, ZeroDivisionError) and warmup in lengths:
        return f"T counts the updates of all epochs, so T − W is not 0. Yours is. ({said})"
    if isinstance(error, ZeroDivisionError) and warmup:
        return f"A gradient may be 0: divide by its length only where that is more than clip. ({said})"
    if "NoneType" in said or "not to have been used" in said:
        return (
            "Is it p.grad? p.grad is None before the first backward(), and for a parameter that net does not "
            f"use: leave that one out. ({said})"
        )
    if isinstance(error, ZeroDivisionError):
        return f"With W = 0 there is no warmup: nothing may be divided by it. ({said})"
    if "second time" in said:
        return f"Each update takes a new loss: call the network again. ({said})"
    if isinstance(error, FloatingPointError):
        words = "You raise a FloatingPointError, and the gradient's length is finite."
        return f"{words} Is something 0/0, or inf/inf? ({said})"
    return hint_for(error)


def cut(grads, clip):
    """The gradients, together no longer than ``clip``."""
    length = math.sqrt(sum(g.square().sum().item() for g in grads))
    return [g * min(1.0, clip / length) if length else g for g in grads]


def clip_slips(grads, before, clip, group_of):
    """What slips make of the gradients of an update; ``before`` are those of the update before.

    ``group_of`` says of each in which of the optimizer's groups it is.
    """
    length = math.sqrt(sum(g.square().sum().item() for g in grads)) or 1.0
    total = sum(g.norm().item() for g in grads) or 1.0
    largest = max(g.abs().max().item() for g in grads) or 1.0
    by_group = list(grads)
    for group in set(group_of):
        places = [k for k, one in enumerate(group_of) if one == group]
        for k, g in zip(places, cut([grads[k] for k in places], clip), strict=True):
            by_group[k] = g
    found = [
        (grads, "it is not clipped."),
        (by_group, "each group is clipped by itself. Clip all of them together."),
        (
            [cut([g], clip)[0] for g in grads],
            "each parameter is clipped by itself. Clip all of them together.",
        ),
        ([g.clamp(-clip, clip) for g in grads], "each entry is clipped. Clip the length, of all together."),
        ([g * clip / length for g in grads], "a shorter gradient stays as it is. Yours is made longer."),
        (
            [g * min(1.0, clip / total) for g in grads],
            "‖g‖ is the root of a sum of squares, and not a sum of lengths.",
        ),
        (
            [g * min(1.0, clip / length**2) for g in grads],
            "you divide by the sum of squares. The length is its root.",
        ),
        ([g * min(1.0, clip / largest) for g in grads], "that is the largest entry. Clip the length."),
        (cut(grads, 1.0), "it is clipped at 1. The bound is given: clip."),
        ([g / length for g in grads], "it is made 1 long. The bound is given: clip."),
        ([0 * g for g in grads], "it is 0. Are gradients cleared after backward()?"),
    ]
    every = sorted(set(group_of))
    for some in (some for k in range(1, len(every)) for some in combinations(every, k)):
        places = [k for k, one in enumerate(group_of) if one in some]
        cut_ones = dict(zip(places, cut([grads[k] for k in places], clip), strict=True))
        words = "groups are left out of the clipping. Clip all of them together."
        found.append(([cut_ones.get(k, g) for k, g in enumerate(grads)], words))
    if before is not None:
        summed = [g + b for g, b in zip(grads, before, strict=True)]
        words = "gradients of before are in it. Clear them before each backward()."
        found += [(summed, words), (cut(summed, clip), words)]
    return found


def flat(tensors):
    return torch.cat([t.detach().flatten() for t in tensors])


class Watched:
    """Notes what an optimizer meets at each of its steps: rates, gradients, modes."""

    def __init__(self, net, optimizer):
        self.net, self.optimizer, self.steps, self.passes = net, optimizer, [], 0
        self.learns = [p for p in net.parameters() if p.requires_grad]

    def __enter__(self):
        def watched(optimizer, args, kwargs):
            grads = [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in self.learns]
            met = SimpleNamespace(grads=grads, modes=modes_of(self.net), passes=self.passes)
            met.rates = [float(group["lr"]) for group in optimizer.param_groups]
            met.bare = all(p.grad is None for p in self.learns)
            self.steps.append(met)
            assert len(self.steps) <= 500, "optimizer.step() is called over 500 times. Does a loop not end?"

        def called(module, *_):
            self.passes += module is self.net  # a copy has the hook, too

        self.hooks = self.optimizer.register_step_pre_hook(watched), self.net.register_forward_hook(called)
        return self

    def __exit__(self, *raised):
        for hook in self.hooks:
            hook.remove()


@forgetful
def train_case(train, make, x, y, epochs, batch, warmup, clip, seed, where, still=False):
    """A run beside that of a twin. ``make()`` gives a network and its optimizer.

    Where it is ``still``, a layer comes in eval mode.
    """
    (net, optimizer), (twin, its) = make(), make()
    if still:
        net.eval()
    flags, n = [p.requires_grad for p in net.parameters()], len(x)
    per_epoch = -(-n // batch)
    hint = functools.partial(train_hint, warmup=warmup, lengths=(per_epoch, epochs))
    total = epochs * per_epoch
    with Watched(net, optimizer) as watch, locked(*FIT, because=NO_FIT):
        losses = call(train, net, optimizer, x, y, epochs, batch, warmup, clip, seed, hint=hint)
    assert len(watch.steps) == total, (
        f"{where} optimizer.step() is called {len(watch.steps)} times, and not {total}: {epochs} epochs of "
        f"{per_epoch} batches, the last of which may be smaller."
    )
    assert losses is not None, f"{where} you return None. Return the list of losses."
    assert isinstance(losses, (list, tuple)), f"{where} return a list of floats, not {type(losses).__name__}."
    assert len(losses) == total, f"{where} there are {len(losses)} losses, not {total}: one for each update."
    tensors = [loss for loss in losses if isinstance(loss, torch.Tensor)]
    graphs = ", which keep their graphs" if any(loss.requires_grad for loss in tensors) else ""
    assert not tensors, f"{where} the losses are tensors{graphs}. Floats are asked for: loss.item()."
    for k, (group, old) in enumerate(zip(optimizer.param_groups, its.param_groups, strict=True)):
        for key in old.keys() - {"params", "lr", "initial_lr"}:
            assert group[key] == old[key], f"{where} {key} of group {k} has changed. Only the rate changes."
    # The twin, by definition.
    g = torch.Generator().manual_seed(seed)
    orders = [torch.randperm(n, generator=g) for _ in range(epochs)]
    peaks = [group["lr"] for group in its.param_groups]
    learns = [p for p in twin.parameters() if p.requires_grad]
    held = [{id(p) for p in group["params"]} for group in its.param_groups]
    group_of = [next(k for k, ids in enumerate(held) if id(p) in ids) for p in learns]
    twin.train()
    last_order = orders[0]
    for t in range(total):
        at = f"{where} update {t}:"
        epoch, place = divmod(t, per_epoch)
        rows = orders[epoch][place * batch : (place + 1) * batch]
        met = watch.steps[t]
        probe = copy.deepcopy(twin)
        loss = cross_entropy(twin(x[rows]), y[rows])
        if not close(losses[t], loss.item()):
            words = loss_words(
                probe, x, y, rows, orders, last_order, losses[t], loss.item(), batch, place, seed
            )
            if any(met.modes) and not all(met.modes):
                words = SOME_LAYERS
            raise AssertionError(explain(f"{at} the loss", losses[t], loss.item(), {}, otherwise=words))
        assert all(met.modes), f"{at} the network is not in train mode. net.train() comes before the loop."
        its.zero_grad()
        loss.backward()
        before = watch.steps[t - 1].grads if t else None
        raw = [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in learns]
        want = cut(raw, clip)
        if not close(flat(met.grads), flat(want), 1e-5):
            slips = clip_slips(raw, before, clip, group_of)
            slips = [(flat(v), w) for v, w in slips if not close(flat(v), flat(want))]
            words = told(flat(met.grads), slips, 1e-5) or "it is that of the batch's mean loss, clipped."
            if [p.requires_grad for p in net.parameters()] != flags:
                words = FROZEN
            if met.bare and not met.passes:
                words = "net itself is not called, and has no gradients. Is another network trained, a copy?"
            raise AssertionError(
                explain(
                    f"{at} the gradient's length",
                    flat(met.grads).norm(),
                    flat(want).norm().item(),
                    {},
                    otherwise=words,
                )
                if not close(flat(met.grads).norm(), flat(want).norm(), 1e-6)
                else f"{at} the gradient is another one. {words[0].upper()}{words[1:]}"
            )
        for k, (rate, peak) in enumerate(zip(met.rates, peaks, strict=True)):
            right = peak * multiplier(t, total, warmup)
            if not close(rate, right, 1e-12):
                words = rate_words(watch.steps, peaks, k, t, total, warmup, per_epoch, epochs)
                what = f"{at} the rate of group {k}"
                raise AssertionError(explain(what, rate, right, {}, otherwise=words))
        for group, peak in zip(its.param_groups, peaks, strict=True):
            group["lr"] = peak * multiplier(t, total, warmup)
        for p, grad in zip(learns, met.grads, strict=True):  # torch's clipping divides by 1e-6 more
            p.grad = grad
        its.step()
        last_order = orders[epoch]
    assert close(flat_of(net), flat_of(twin)), (
        f"{where} the weights are others in the end. Does something move them besides the {total} updates?"
    )
    for (name, mine), right in zip(net.named_buffers(), twin.buffers(), strict=True):
        assert close(mine, right), (
            f"{where} {name} is another one in the end. Each call of net in train mode moves what a batch "
            "norm remembers: call it once for each batch."
        )
    assert [p.requires_grad for p in net.parameters()] == flags, f"{where} {FROZEN}"
    assert not any(modes_of(net)), (
        f"{where} net is in train mode in the end. Leave it in eval mode, with all its layers: net.eval()."
    )


FROZEN = "a frozen layer learns. Leave requires_grad as it comes."
SOME_LAYERS = "some layers are not in train mode. net.train() reaches all of them, also those inside others."


def loss_words(net, x, y, rows, orders, last_order, got, want, batch, place, seed):
    """What most likely led to the loss of an update."""

    def of(rows, train=True, **more):
        return cross_entropy(copy.deepcopy(net).train(train)(x[rows]), y[rows], **more).item()

    g = torch.Generator().manual_seed(seed)
    piece = slice(place * batch, (place + 1) * batch)
    n = len(x)
    fresh = torch.randperm(n, generator=g)
    found = [
        (of(rows, train=False), "that is the loss in eval mode. net.train() comes before the loop."),
        (want * len(rows), "that is a sum. The loss is the mean over the batch."),
        (want * len(rows) / batch, "the last batch is smaller: its mean is over its own rows."),
        (of(torch.arange(n)[piece]), "the rows are not shuffled: they come in the order of torch.randperm."),
        (of(last_order[piece]), "each epoch has an order of its own: draw torch.randperm in each."),
        (of(fresh[piece]), "the generator is made once, before the first epoch: yours draws the same again."),
        (of(torch.arange(n)), "that is the loss of all rows. Take the batch's."),
        (of(fresh.argsort()[piece]), "the order says which row comes next: x[order], and so y."),
        (want / math.log(2), "take cross_entropy as it is."),
    ]
    if len(rows) == batch:
        found += [
            (of(order[piece]), "the generator is seeded with seed, and draws once an epoch.")
            for order in orders
        ]
    found = [(value, words) for value, words in found if not close(value, want)]
    words = told(got, found) or (tools.FIRST_DIGITS if close(got, want, 1e-5) else None)
    return words or "are batch, weights and mode those of the question? It is taken before the update."


def rate_words(steps, peaks, k, t, total, warmup, per_epoch, epochs):
    """Why the rate of group k is another one, from update t on."""
    rates, right = steps[t].rates, multiplier(t, total, warmup)
    if k and close(rates[k], peaks[0] * right, 1e-12):
        return "that is the first group's. Each group has a peak of its own."
    if close(rates[k], right):
        return "that is the multiplier. Multiply the peak by it."
    if k and close(rates[k], peaks[k]):
        return "it stays at its peak. All groups have the schedule."
    factors = torch.tensor([step.rates[k] / peaks[k] for step in steps])
    slips = []
    for slip, words in rate_slips(total, warmup, per_epoch, epochs):
        slips.append((torch.tensor([slip(t) for t in range(total)]), words))
    return told(factors, slips) or "it is f(t) times the peak that the group had at the call."


PLAIN = functools.partial(torch.optim.SGD, lr=0.3)


def made(rule=PLAIN, two=False, also=None, **kind):
    """What gives a network and its optimizer, each time the same; with ``two``, of two groups.

    ``also()`` gives a layer more.
    """

    def make():
        net = small_net(**kind)
        if also:
            net.insert(2, also())
        if not two:
            return net, rule([p for p in net.parameters() if p.requires_grad])
        return net, rule([{"params": net[:-1].parameters()}, {"params": net[-1].parameters(), "lr": 0.05}])

    return make


def in_four(seed):
    """:func:`made`, with a group for each parameter."""

    def make():
        net = small_net(seed)
        return net, PLAIN([{"params": [p], "lr": 0.1 * 3**-k} for k, p in enumerate(net.parameters())])

    return make


def half_still(seed):
    """:func:`made`, with a batch norm inside of a layer, which comes in eval mode; the net does not."""

    def make():
        net = small_net(seed, norm=True)
        net = nn.Sequential(nn.Sequential(net[0], net[1].eval()), *net[2:])
        return net, PLAIN(net.parameters())

    return make


class Draws(nn.Module):
    """It draws from torch's own chance, as dropout does, and hands on what comes in."""

    def forward(self, x):
        torch.rand(1)
        return x


class Spare(nn.Module):
    """It holds a parameter that it does not use."""

    def __init__(self):
        super().__init__()
        self.spare = nn.Parameter(torch.ones(2))

    def forward(self, x):
        return x


def straight(seed):
    """:func:`made`, with a net of one layer: its gradient is as long as its input."""

    def make():
        net = nn.Sequential(nn.Linear(3, 4))
        net[0].load_state_dict({"weight": random(4, 3, seed=seed), "bias": random(4, seed=seed + 1)})
        return net, PLAIN(net.parameters())

    return make


class Root(nn.Module):
    """A root: at 0 it is 0, and its slope is not finite."""

    def forward(self, x):
        return x.abs().sqrt()


def stops(train, net, x, y, where, at=0, *, epochs=2, batch=50, seed=0, spoil=None, finite=True):
    """See that a run dies with a FloatingPointError at update ``at``, before the weights move.

    ``spoil()``, if given, makes that gradient bad after the update before. ``finite`` says that the loss of
    that update is finite, which its gradient is not.
    """
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    with Watched(net, optimizer) as watch, locked(*FIT, because=NO_FIT):

        def after(*_):
            if spoil and len(watch.steps) == at:
                spoil()

        optimizer.register_step_post_hook(after)
        try:
            train(net, optimizer, x, y, epochs, batch, 1, 1.0, seed)
        except FloatingPointError:
            done = len(watch.steps)
            early = (
                f"you raise the error at update {done}, whose gradient is finite. That of update {at} is not."
            )
            assert done >= at, f"{where} {early}"
            late = "the weights have moved before you raised the error."
            if finite:
                late += (
                    " The loss was finite, the gradient was not: test the gradient's length, at each update."
                )
            assert done == at, f"{where} {late}"
            assert flat_of(net).isfinite().all(), f"{where} weights are nan when you raise the error."
            return
        except NotImplementedError:
            raise
        except Exception as error:
            kind = type(error).__name__
            raise AssertionError(
                f"{where} there is a {kind}: {error}. Raise a FloatingPointError."
            ) from error
    raise AssertionError(
        f"{where} no FloatingPointError is raised. Look at the gradient's length, in each update, and before "
        "it is clipped: it is nan or inf."
    )


def stops_late(train, n, batch, epochs, at, where, seed=0):
    """:func:`stops`, at any update: before it a unit of :func:`rooted` goes dead. Its slope is not finite."""
    net, (x, y) = rooted(seed), batch_of(seed, n=n, classes=3)

    def spoil():
        net[0].weight.data[1] = 0.0

    stops(train, net, x, y, where, at, epochs=epochs, batch=batch, seed=seed, spoil=spoil)


def rooted(seed=0):
    """A net with a root in it, whose slope at a blank row is not finite."""
    net = nn.Sequential(nn.Linear(3, 4, bias=False), Root(), nn.Linear(4, 3))
    for k, p in enumerate(net.parameters()):
        p.data = random(*p.shape, seed=1000 * seed + k)
    return net


def nowhere(seed):
    """A net and leaves: the loss is a number, and the gradient is longer than the largest number."""
    net = nn.Sequential(nn.Linear(3, 4, bias=False))
    net[0].weight.data = random(4, 3, seed=seed, scale=1e-300)
    x = torch.full((2, 3), 1.7e308)
    return net, x, net(x).argmin(dim=1)


def known_already(seed):
    """A net that says nearly the right kinds, its leaves, and an optimizer of two unlike rates."""
    net, (x, _) = small_net(seed), batch_of(seed, n=12)
    net[2].weight.data *= 10.0
    y = net(x).argmax(dim=1)

    def make():
        twin = copy.deepcopy(net)
        body, head = (
            {"params": twin[:-1].parameters(), "lr": 1e-6},
            {"params": twin[-1].parameters(), "lr": 0.5},
        )
        return twin, torch.optim.SGD([body, head], momentum=0.9)

    return make, x, y


@question(points=4)
def train(train):
    assert tools.borrowed(train, *FIT) is None, NO_FIT
    x, y = batch_of(7, n=8)
    train_case(train, made(), x, y, 3, 4, 2, 0.3, 5, "For 8 rows in batches of 4, W = 2,")
    x, y = batch_of(8, n=11)
    where = "For 11 rows in batches of 4, two groups, W = 3,"
    rule = functools.partial(torch.optim.AdamW, lr=0.02)
    train_case(train, made(rule, two=True, seed=1), x, y, 3, 4, 3, 0.5, 2, where)
    where = "For a net with a batch norm, which comes in eval mode, W = 0,"
    rule = functools.partial(torch.optim.SGD, lr=0.2, momentum=0.9)
    train_case(train, made(rule, norm=True, seed=2), x, y, 2, 4, 0, 1.0, 3, where, still=True)
    bad = x.clone()
    bad[2, 1] = math.nan
    stops(train, small_net(3), bad, y, "For a measurement that is nan,", finite=False)
    where = "For a measurement that is nan, in the last of all batches,"
    bad = x.clone()
    bad[drawn(11, 6)[-1]] = math.nan
    stops(train, small_net(3), bad, y, where, 2, epochs=1, batch=4, seed=6, finite=False)
    blank = random(5, 3, seed=4)
    blank[3] = 0.0
    where = "For a finite loss with a gradient that is not,"
    stops(train, rooted(), blank, torch.tensor([0, 1, 2, 0, 1]), where)
    where = "For measurements of size 1e7, and gradients that are long, and clipped,"
    train_case(train, straight(3), 1e7 * x, y, 2, 4, 2, 1.0, 4, where)


# --- 6 -----------------------------------------------------------------------------------------------------

COMPARE = ((compare, ("tune", "paired", "race")),)
NO_COMPARE = "course_lib.compare does not do it for you: write the sweep and the difference."
MOST = 300
PROBE = 2093  # one of few seeds for which slips differ so much
TEST_CHOOSES = (
    "The test error of the rate {:g} is read on a seed that tunes. "
    "The test chooses nothing: read r.validation."
)


class World:
    """Runs whose errors are known: ``valid`` and ``test`` map (rate, seed) to errors; it notes what happens.

    A run dies where ``valid`` gives infinity. Where ``breaks(rate, seed)`` gives an error, it is raised.
    """

    def __init__(self, valid, test, first, tuning, judging, base, floor, breaks=None):
        self.valid, self.tested, self.breaks = valid, test, breaks
        self.first, self.tuning, self.judging = first, tuning, judging
        self.base, self.floor = base, floor
        self.calls, self.read, self.endless = [], [], ""

    def run(self, rate, seed):
        self.calls.append((rate, seed))
        if len(self.calls) == MOST:
            rates = [rate for rate, _ in self.calls]
            self.endless = (
                f"For {self.first:g} to begin with, run is called {MOST} times, with rates from "
                f"{min(rates):g} to {max(rates):g}. Asked for are {listed(self.sweep()[0])}: the sweep ends "
                f"when it is worse on both sides.{self.dead()}"
            )
            raise AssertionError(self.endless)
        if self.endless:  # who catches that, too: worse and worse, so that it ends
            return Result(self, rate, seed, float(len(self.calls)))
        if self.breaks and (error := self.breaks(rate, seed)):
            raise error
        found = self.valid(rate, seed)
        if math.isinf(found):
            raise FloatingPointError("the run died")
        return Result(self, rate, seed, found)

    def dead(self):
        """A word on runs that die, where they do."""
        some = any(math.isinf(self.score(rate)) for rate in self.sweep()[0])
        return " (A rate whose run died has an infinite score.)" if some else ""

    def score(self, rate):
        return statistics.fmean(self.valid(rate, seed) for seed in self.tuning)

    def sweep(self, score=None, larger=False):
        """The rates that are tried, in order, and the best of them, by the question's words.

        With ``larger``, as a slip has it: of equals the larger is the best.
        """
        score = score or self.score
        tried = {rate: score(rate) for rate in (self.first / 2, self.first, 2 * self.first)}
        for _ in range(MOST):
            best = min(tried, key=lambda rate: (tried[rate], -rate if larger else rate))
            if best not in (min(tried), max(tried)):
                break
            rate = best / 2 if best == min(tried) else 2 * best
            tried[rate] = score(rate)
        return list(tried), best


class Result:
    """What a run returns. It notes who reads the test error."""

    def __init__(self, world, rate, seed, validation):
        self._world, self._rate, self._seed, self.validation = world, rate, seed, validation

    @property
    def test(self):
        self._world.read.append((self._rate, self._seed))
        assert self._seed not in self._world.tuning, TEST_CHOOSES.format(self._rate)
        return self._world.tested(self._rate, self._seed)


def verdict(base, errors, floor):
    d = [a - b for a, b in zip(base, errors, strict=True)]
    gain, error = statistics.fmean(d), statistics.stdev(d) / math.sqrt(len(d))
    if statistics.fmean(errors) < floor:
        return gain, error, "leak"
    return gain, error, "in the band" if gain > 2 * error else "too bad"


def listed(rates, others=()):
    """Rates in words, with so many digits that unlike ones look unlike; of many, the ends."""
    rates, digits = sorted(rates), 6
    every = {*rates, *others}
    while digits < 17 and len({f"{rate:.{digits}g}" for rate in every}) < len(every):
        digits += 1
    names = [f"{rate:.{digits}g}" for rate in rates]
    return ", ".join(names if len(names) <= 12 else [*names[:3], "…", *names[-3:]])


def sweep_slips(world):
    """What slips make of the sweep: the rates that are tried, the best of them, a sentence."""

    def by(choose):
        return lambda rate: choose([world.valid(rate, seed) for seed in world.tuning])

    def judged(rate):
        return statistics.fmean(world.tested(rate, seed) for seed in world.judging)

    def dead_as(number):
        return by(lambda v: statistics.fmean([number if math.isinf(e) else e for e in v]))

    others = (
        lambda v: math.inf if math.inf in v else v[0],
        lambda v: math.inf if math.inf in v else v[-1],
        lambda v: functools.reduce(lambda a, b: (a + b) / 2, v),
        lambda v: (min(v) + max(v)) / 2,
        lambda v: (statistics.fmean(v[:-1] or v) + v[-1]) / 2,
        lambda v: math.exp(statistics.fmean(math.log(max(e, 1e-9)) for e in v)),
        lambda v: math.hypot(*v),
    )
    tried, best = world.sweep()
    three = [world.first / 2, world.first, 2 * world.first]
    fixed = by(lambda v: statistics.fmean([e for e in v if math.isfinite(e)] or [math.inf]))
    return [
        (*world.sweep(judged), "the test errors have chosen. They choose nothing: validation does."),
        (tried, min(tried, key=judged), "the test errors have chosen. They choose nothing: validation does."),
        (tried, max(tried, key=world.score), "that is the worst rate."),
        *(
            (
                *world.sweep(by(other)),
                "that is not the mean: add the errors of all tuning seeds, divide by n.",
            )
            for other in others
        ),
        (*world.sweep(by(min)), "the lowest mean counts, and not the best single run."),
        (*world.sweep(by(max)), "the lowest mean counts, and not the best worst run."),
        (*world.sweep(by(statistics.median)), "the lowest mean counts, and not the median."),
        (
            *world.sweep(by(lambda v: v[0])),
            "the mean over all tuning seeds counts, not the first seed alone.",
        ),
        (
            *world.sweep(by(lambda v: v[-1])),
            "the mean over all tuning seeds counts, not the last seed alone.",
        ),
        (*world.sweep(dead_as(0.0)), "a run that died has no error of 0: its rate is out."),
        (*world.sweep(fixed), "a rate of which one run died is out, whatever the others say."),
        *(
            (*world.sweep(dead_as(number)), "a score is infinite where a run died. Yours is a number.")
            for number in (100.0, 101.0, 200.0, 1e3, 1e4, 1e6, 1e9, 1e12)
        ),
        *(
            (
                *world.sweep(lambda rate, k=k: round(world.score(rate), k)),
                "scores are compared as they are: no rounding.",
            )
            for k in (0, 1, 2, 3, 4, 6)
        ),
        (
            *world.sweep(lambda rate: world.score(rate) // 1),
            "scores are compared as they are: no rounding.",
        ),
        (three, min(three, key=world.score), "the best lies at an edge: go on beyond it."),
        (tried, world.first, "that is the rate to begin with."),
        (*world.sweep(larger=True), EQUALS),
        (tried, max(r for r in tried if world.score(r) == world.score(best)), EQUALS),
    ]


EQUALS = "of equals the smaller rate is the best."


def unlike(dies):
    """Runs by which slips of the sweep can be told apart: few of them try and choose the same."""
    luck = random(17, 6, seed=PROBE)

    def at(rate, place):
        k = round(math.log2(rate))
        return 50.0 + 1.5 * abs(k) + 15.0 * luck[k, place % 6].item() if abs(k) < 7 else 95.0

    def valid(rate, seed):
        return math.inf if dies and (rate, seed) == (2.0, 3) else at(rate, seed)

    return World(valid, lambda rate, seed: at(rate, 5), 1.0, range(5), [7, 8], [60.0, 62.0], 8.0)


def sweep_words(project, world, mine, rate=None):
    """Why other rates are tried than asked for, or another one chosen, or None; ``mine`` are those tried."""

    def fits(slip, mine, rate):
        return set(slip[0]) == set(mine) and rate in (None, slip[1])

    right = world.sweep()
    slips = sweep_slips(world)
    found = [
        k for k, slip in enumerate(slips) if fits(slip, mine, rate) and not fits(right, slip[0], slip[1])
    ]
    for probe in (unlike(dies=True), unlike(dies=False)) if found else ():
        answer = once_more(
            project, probe.run, probe.first, probe.tuning, probe.judging, probe.base, probe.floor
        )
        there = {r for r, _ in probe.calls}
        chosen = answer[0] if isinstance(answer, (tuple, list)) and answer else None
        again = sweep_slips(probe)
        found = [k for k in found if fits(again[k], there, chosen)]
    return slips[found[0]][2] if found else None


def project_hint(world, error):
    if isinstance(error, FloatingPointError) and world.calls:
        rate, seed = world.calls[-1]
        if seed in world.judging:
            words = f"The rate {rate:g} is judged, and its run dies. The best rate is {world.sweep()[1]:g}."
            return words + world.dead()
        return (
            f"For {world.first:g} to begin with, a run of the rate {rate:g} dies, and you let its "
            "FloatingPointError through. The score of its rate is infinite: go on."
        )
    if isinstance(error, ZeroDivisionError):
        return (
            f"Nothing may be divided by the gain's error: it is 0 where all differences are equal. ({error})"
        )
    if isinstance(error, AttributeError) and "Result" in str(error):
        return f"run returns a result: r.validation, r.test. ({error})"
    return hint_for(error)


GIVEN = {
    "names": ("run", "first", "tuning", "judging", "base", "floor"),
    "advice": "Leave it as it is: sorted(…) makes a new list, .sort() does not.",
}


FOREIGN = "you catch it. Catch FloatingPointError alone: any other error is a mistake, and must be seen."


def goes_through(project, world, kind, where, words):
    """See that an error of a run comes out of ``project``."""
    with locked(*COMPARE, because=NO_COMPARE):
        try:
            call(
                project, world.run, world.first, world.tuning, world.judging, world.base, world.floor, **GIVEN
            )
        except kind as error:
            if isinstance(error, AssertionError):
                raise
            twice = len(world.calls) - len(set(world.calls))
            assert not twice, f"{where} what has died is run once more. Nothing is run twice."
            return
    raise AssertionError(f"{where} {words}")


@forgetful
def project_case(project, world, where):
    tuning, judging = world.tuning, world.judging
    with locked(*COMPARE, because=NO_COMPARE):
        hint = functools.partial(project_hint, world)
        inputs = world.run, world.first, tuning, judging, world.base, world.floor
        answer = call(project, *inputs, hint=hint, **GIVEN)
    assert not world.endless, world.endless
    assert isinstance(answer, (tuple, list)) and len(answer) == 4, (
        f"{where} return four things: the rate, the gain, its error, a word."
    )
    rate, gain, error, word = answer
    rate, gain = python_float(f"{where} the rate", rate), python_float(f"{where} the gain", gain)
    error = python_float(f"{where} the gain's error", error)
    assert isinstance(word, str), f"{where} the last of the four is a word, not {type(word).__name__}."
    tried, best = world.sweep()
    swept = [one for one in world.calls if one[1] in tuning]
    mine = list(dict.fromkeys(r for r, _ in world.calls))
    odd = sorted({r for r, _ in world.calls} - set(tried))
    gone = [r for r in tried if r not in {r for r, _ in swept}]
    leaks = [one for one in world.read if one[1] in tuning]
    assert not leaks, TEST_CHOOSES.format(leaks[0][0])
    first_rates = {rate for rate, _ in world.read}
    assert len(first_rates) <= 1, (
        f"{where} the test errors of {len(first_rates)} rates are read. Only the best rate is judged."
    )
    judged = {r for r, seed in world.calls if seed in judging}
    assert len(judged) <= 1, (
        f"{where} {len(judged)} rates meet the seeds that judge. Only the best one does, after the sweep."
    )
    if odd or gone:
        words = f"the rates {listed(tried, mine)} are asked for, and you try {listed(mine, tried)}."
        slip = sweep_words(project, world, mine)
        if slip:
            words += f" {slip[0].upper()}{slip[1:]}"
        elif odd and min(odd) > min(tried) and max(odd) < max(tried):
            words += " Rates are half and twice of others."
        elif gone and not odd:
            words += " As long as the best one lies at an edge, go on beyond it."
        elif odd and min(odd) < min(tried) or odd and max(odd) > max(tried):
            words += " Go on only while the best is at that edge, by a factor of two."
        words += world.dead()
        if sum(world.score(r) == world.score(best) for r in tried) > 1 and not slip:
            words += f" ({EQUALS.capitalize()})"
        raise AssertionError(f"{where} {words}")
    for r in tried:
        seeds = [seed for seed in tuning if (r, seed) not in swept]
        assert not seeds or any(math.isinf(world.valid(r, seed)) for seed in tuning), (
            f"{where} the rate {r:g} does not meet the tuning seed {seeds[0]}. The mean is over all of them."
        )
    if rate != best:
        words = sweep_words(project, world, mine, rate) or "which has the lowest mean?"
        raise AssertionError(explain(f"{where} the rate", rate, best, {}, otherwise=words))
    wanted = [(best, seed) for seed in judging]
    missing = [seed for r, seed in wanted if (r, seed) not in world.read]
    assert not missing, (
        f"{where} the test error of the best rate, {best:g}, for the judging seed {missing[0]} is not read."
    )
    twice = len(world.calls) - len(set(world.calls))
    assert not twice, f"{where} {twice} of {len(world.calls)} runs are made twice. Keep what came out."
    errors = [world.tested(best, seed) for seed in judging]
    want = verdict(world.base, errors, world.floor)
    if not close(gain, want[0]):
        validated = [world.valid(best, seed) for seed in judging]
        d = [a - b for a, b in zip(world.base, errors, strict=True)]
        slips = [
            (-want[0], "the sign is wrong: baseline − network."),
            (sum(d), "that is a sum. Take the mean."),
            (statistics.median(d), "that is the median. Take the mean."),
            (statistics.median_low(d), "that is the median. Take the mean."),
            (statistics.fmean(map(abs, d)), "differences keep their signs."),
            (statistics.fmean(errors), "that is the network's error. The gain is baseline − network."),
            (
                statistics.fmean(a - b for a, b in zip(world.base, validated, strict=True)),
                "those are validation errors. The test judges.",
            ),
            (want[0] / statistics.fmean(world.base), "points are asked for, not a share."),
            (100 * want[0] / statistics.fmean(world.base), "points are asked for, not a share."),
            (max(d), "that is the luckiest seed. Take the mean."),
            (want[1], "the gain comes first, then its error."),
            (d[0], "all judging seeds count, and not the first alone."),
            (d[-1], "all judging seeds count, and not the last alone."),
        ]
        words = told(gain, [s for s in slips if not close(s[0], want[0])])
        if not words and close(gain, want[0], 1e-5):
            words = tools.FIRST_DIGITS
        raise AssertionError(
            explain(
                f"{where} the gain",
                gain,
                want[0],
                {},
                otherwise=words or "it is the mean of the differences.",
            )
        )
    if not close(error, want[1]):
        n = len(judging)
        d = [a - b for a, b in zip(world.base, errors, strict=True)]
        spread = statistics.stdev(d)
        apart = math.sqrt((statistics.variance(world.base) + statistics.variance(errors)) / n)
        slips = [
            (spread, "that is the spread of single differences: divide by √n."),
            (statistics.pstdev(d) / math.sqrt(n), "below the root stands n(n − 1), not n²."),
            (spread / n, "the spread is divided by √n, not by n."),
            (want[1] ** 2, "the root is missing."),
            (2 * want[1], "that is two standard errors. One is asked for."),
            (apart, "that is for runs that are no pairs. Take the spread of the differences."),
            (
                statistics.stdev(errors) / math.sqrt(n),
                "that is of the network's errors alone. Take the differences.",
            ),
            (
                statistics.stdev(world.base) / math.sqrt(n),
                "that is of the baseline's errors alone. Take the differences.",
            ),
            (statistics.pstdev(d), "that is the spread of single differences: divide by √n."),
            (spread / math.sqrt(n - 1), "the spread is divided by √n."),
            *(
                (
                    verdict(a, b, 0)[1],
                    "the pairs are others: base belongs to the judging seeds in their order.",
                )
                for a, b in (
                    (sorted(world.base), errors),
                    (sorted(world.base), sorted(errors)),
                    (world.base, [world.tested(best, seed) for seed in sorted(judging)]),
                    (world.base, [world.tested(best, seed) for seed in set(judging)]),
                    (world.base, errors[::-1]),
                )
            ),
            (math.sqrt(sum(v * v for v in d) / (n * (n - 1))), "subtract the mean of the differences first."),
            (sum(abs(v - want[0]) for v in d) / n, "square the distances, and take the root."),
        ]
        words = told(error, [s for s in slips if not close(s[0], want[1])])
        if not words and close(error, want[1], 1e-5):
            words = tools.FIRST_DIGITS
        what = f"{where} the gain's error"
        words = words or "it is √(Σ(d − d̄)² / (n(n − 1)))."
        raise AssertionError(explain(what, error, want[1], {}, otherwise=words))
    assert word in ("leak", "too bad", "in the band"), f"{where} {word!r} is none of the three words."
    mean = statistics.fmean(errors)
    floor, digits = world.floor, 4
    while mean != floor and f"{mean:.{digits}g}" == f"{floor:.{digits}g}":
        digits += 1
    facts = f"the network's mean error is {mean:.{digits}g}, the floor {floor:.{digits}g}, "
    facts += f"the gain {gain:.4g} ± {error:.4g}."
    rules = {
        "leak": "Below the floor is a leak, whatever else.",
        "too bad": "The gain is not more than two of its errors: too bad.",
        "in the band": "Not below the floor, and the gain is more than two of its errors: in the band.",
    }
    assert word == want[2], f"{where} you say {word!r}: {facts} {rules[want[2]]}"


def valley(at, width=5.0, low=10.0):
    """Validation errors with their lowest at the rate ``at``, and the luck of each seed."""

    def valid(rate, seed):
        return low + width * abs(math.log2(rate / at)) + math.sin(seed)

    return valid


def off(errors, judging):
    """Test errors: those for the judging seeds, whatever the rate."""
    known = dict(zip(judging, errors, strict=True))
    return lambda rate, seed: known.get(seed, 9.0)


@functools.cache
def real(rate, seed, by_tree):
    """Errors of a real run, leaves divided by trees or by themselves: validation, test, the baseline's."""
    x, y, tree = datasets.leaves(seed)
    unit = tree if by_tree else torch.arange(len(tree))
    rows = rows_of(unit, shuffled(unit.unique(), seed), len(unit.unique()) // 5)
    (x, y), val, test = parted(x, y, rows, scalings(x, rows)[0][0])
    base = percent(far(test[0], means_of(x, y, 4)).argmin(dim=1), test[1])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 4))
    adamw = torch.optim.AdamW(
        [{"params": net[:-1].parameters(), "lr": rate / 2}, {"params": net[-1].parameters()}], lr=rate
    )
    peaks, total = [group["lr"] for group in adamw.param_groups], 6 * -(-len(x) // 32)
    g = torch.Generator().manual_seed(seed)
    batches = [piece for _ in range(6) for piece in torch.randperm(len(x), generator=g).split(32)]
    for t, rows in enumerate(batches):
        adamw.zero_grad()
        cross_entropy(net(x[rows]), y[rows]).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        for group, peak in zip(adamw.param_groups, peaks, strict=True):
            group["lr"] = peak * multiplier(t, total, 8)
        adamw.step()
    with torch.no_grad():
        return *(percent(net(a).argmax(dim=1), b) for a, b in (val, test)), base


REAL_FLOOR = 8.0  # the leaves' own: nobody errs less, on trees that are new


def real_world(by_tree, tuning=range(2), judging=range(100, 106), first=0.02):
    return World(
        lambda rate, seed: real(rate, seed, by_tree)[0],
        lambda rate, seed: real(rate, seed, by_tree)[1],
        first,
        tuning,
        judging,
        [real(first, seed, by_tree)[2] for seed in judging],
        REAL_FLOOR,
    )


@question(points=4)
def project(project):
    assert tools.borrowed(project, *COMPARE) is None, NO_COMPARE
    base, judging = [30.0, 34.0, 35.0], [5, 6, 7]
    test = off([20.0, 22.0, 27.0], judging)
    for floor in (8.0, 25.0):
        where = f"For errors of 20, 22, 27 after 30, 34, 35, and a floor of {floor:g},"
        project_case(project, World(valley(0.25), test, 0.25, [0, 1], judging, base, floor), where)
    for at, first in ((1.0, 0.125), (0.0625, 1.0)):
        where = f"For a best rate of {at:g}, and {first:g} to begin with,"
        project_case(project, World(valley(at), test, first, range(3), judging, base, 8.0), where)

    def dies(rate, seed):
        return math.inf if rate > 0.3 and seed == 1 else 12.0 - 4.0 * math.log2(rate) + 9.0 * (rate < 0.1)

    where = "For runs of which one dies above the rate 0.3,"
    project_case(project, World(dies, test, 0.5, [0, 1, 2], judging, base, 8.0), where)

    def starves(rate, seed):
        return math.inf if rate < 0.2 and seed == 2 else valley(0.5)(rate, seed)

    where = "For runs of which one dies below the rate 0.2,"
    project_case(project, World(starves, test, 0.25, [0, 1, 2], judging, base, 8.0), where)

    def level(rate, seed):  # equals, and what is best in the mean alone
        found = {
            0.5: (9.0, 5.0, 22.0),
            1.0: (12.0, 12.0, 6.0),
            2.0: (10.0, 10.0, 10.0),
            0.25: (2.0, 40.0, 3.0),
        }
        return found.get(rate, (20.0, 20.0, 20.0))[seed % 3]

    where = "For two rates that are equally good on validation,"
    project_case(project, World(level, test, 1.0, [0, 1, 2], judging, base, 8.0), where)
    even = World(valley(0.25), off([20.0] * 3, judging), 0.25, [0, 1], judging, [30.0] * 3, 8.0)
    project_case(project, even, "For errors of 20, 20, 20 after 30, 30, 30, and a floor of 8,")

    def once(rate, seed):  # 0.5 dies once, and is good otherwise
        return math.inf if (rate, seed) == (0.5, 3) else {0.5: 10.0, 1.0: 60.0}.get(rate, 70.0)

    where = "For a rate of which one run of five dies, and the others err by 10,"
    project_case(project, World(once, test, 1.0, range(5, 0, -1), [11, 12, 13], base, 8.0), where)

    def missing(rate, seed):
        return ValueError("no such leaves") if rate == 0.125 else None

    broken = World(valley(0.25), test, 0.25, [0, 1], judging, base, 8.0, missing)
    goes_through(project, broken, ValueError, "For runs that raise a ValueError:", FOREIGN)
    base, test = [20.0, 25.0, 21.0, 30.0], off([19.0, 26.0, 24.0, 20.0], [1, 2, 3, 4])
    where = "For a gain that is within its errors,"
    project_case(project, World(valley(4.0), test, 2.0, [9, 8], [1, 2, 3, 4], base, 8.0), where)
    for by_tree, how in ((True, "trees"), (False, "leaves, and not trees,")):
        project_case(project, real_world(by_tree), f"For real runs, with {how} divided at random,")
