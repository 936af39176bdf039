"""The tests of assignment 3.5: the mean of shards, a ring, accumulation, ZeRO's bytes, and real processes."""

import copy
import functools
import itertools
import math
import re

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.functional import cross_entropy

from course_lib import processes
from course_lib.checks import question, tools
from course_lib.checks.tools import OTHERWISE, close, expect, explain, flat_of, precise, random

# --- what the tests share ----------------------------------------------------------------------------------


def hint_for(error):
    """What most likely led to an error, or None where the error's own words say it best."""
    said = str(error)
    if "modified by an inplace operation" in said:
        return f"A tensor that autograd still needs is changed in place: make a new one. ({said})"
    if isinstance(error, ZeroDivisionError):
        return f"Something is divided by the size of an empty shard, 0. ({said})"
    if "'NoneType'" in said:
        return f"Something is None here, and is used all the same. ({said})"
    if "Boolean value" in said or "only tensors with one element" in said or "converted to Scalar" in said:
        return f"One number is wanted there, and there is a whole tensor. ({said})"
    return None


call = functools.partial(tools.call, hint_for)
agrees = functools.partial(tools.agrees, near=1e-7)


# --- 1 -----------------------------------------------------------------------------------------------------

ALWAYS = "that is the mean of the shards' means, as DDP takes it. A shard counts by its size, nᵢ/B."
NOT_A_NUMBER = (
    "0 · nan and 0 · inf are nan. Leave out the worker whose shard is empty, in place of multiplying its "
    "gradients by 0."
)


def mean_slips(gradients, sizes):
    """What slips make of one weight's gradients, and the sentence for each."""
    there = [(n, g) for n, g in zip(sizes, gradients, strict=True) if n]
    B, N, most = sum(sizes), len(sizes), len(there)
    weighted = sum(n * g for n, g in there)
    return [
        (sum(g for _, g in there) / most, ALWAYS),
        (sum(g for _, g in there) / N, ALWAYS),
        (weighted, "it is not divided by B, the examples of all shards."),
        (weighted / N, "it is divided by the number of workers, not by B, the examples of all shards."),
        (weighted / most, "it is divided by the number of workers, not by B, the examples of all shards."),
        (weighted / (B * N), "the shares nᵢ/B add up to 1: do not divide by the number of workers as well."),
        (sum(g for _, g in there), "that is the sum of the shards' means. Each counts by its share, nᵢ/B."),
        (sum(g * B / n for n, g in there), "the share is the other way round: nᵢ/B."),
        (sum(g / n for n, g in there), "each mean is divided by nᵢ once more: it is multiplied by nᵢ/B."),
        (sum(n * g for n, g in there[:-1]) / B, "the last worker is left out."),
        (sum(n * g for n, g in there[1:]) / B, "the first worker is left out."),
    ]


def mean_hint(error):
    if isinstance(error, IndexError):
        return f"There may be one worker only, and the first may have no examples. ({error})"
    if "must match the size" in str(error):
        return f"Two shapes do not fit. Each weight has a gradient of its own shape. ({error})"
    return hint_for(error)


def mean_case(mean_gradient, gradients, sizes, where):
    got = tools.call(
        mean_hint,
        mean_gradient,
        gradients,
        sizes,
        advice="Make new tensors, without += on theirs.",
        names=("gradients", "sizes"),
    )
    assert got is not None, f"{where} you return None. Is a line with return missing?"
    assert isinstance(got, (list, tuple)), f"{where} return a list of tensors, not a {type(got).__name__}."
    assert len(got) == len(gradients[0]), (
        f"{where} you return {len(got)} tensors. There is one for each of the {len(gradients[0])} weights."
    )
    given = {one.data_ptr() for shard in gradients for one in shard if one.numel()}
    for j, one in enumerate(got):
        what = f"{where} the gradient of weight {j}"
        like = gradients[0][j]
        tools.tensor(what, one, like)
        of_all = [shard[j] for shard in gradients]
        want = sum(n / sum(sizes) * g for n, g in zip(sizes, of_all, strict=True) if n)
        if one.isnan().any() and not want.isnan().any():
            raise AssertionError(f"{what} is nan: {NOT_A_NUMBER}")
        agrees(what, one, want, mean_slips(of_all, sizes))
        assert one.data_ptr() not in given, (
            f"{what} is a tensor that came in, and no new one: who changes it changes the worker's."
        )


def shards_of(sizes, shapes, seed):
    """Gradients of some workers; those of an empty shard are nan, 0 and inf, by turns."""
    gradients = [
        [random(*shape, seed=seed + 100 * i + j) for j, shape in enumerate(shapes)] for i in range(len(sizes))
    ]
    for i, n in enumerate(sizes):
        if n == 0:
            gradients[i] = [
                torch.full_like(g, (math.nan, 0.0, math.inf)[(i + j) % 3]) for j, g in enumerate(gradients[i])
            ]
    return gradients


@question(points=3)
def mean_gradient(mean_gradient):
    mean_case(
        mean_gradient,
        [[torch.tensor([2.0])], [torch.tensor([14.0])]],
        [3, 1],
        "For the slopes 2, of three examples, and 14, of one,",
    )
    shapes = [(2, 3), (3,), ()]
    for sizes in ([4, 4], [1, 5, 2], [7], [3, 0, 2], [0, 1]):
        where = f"For shards of {sizes} examples and weights of the shapes {shapes},"
        mean_case(mean_gradient, shards_of(sizes, shapes, seed=1), sizes, where)


# --- 2 -----------------------------------------------------------------------------------------------------


class Network:
    """The ring's ``send``: it knows what must be sent in each step, and says so where it is not.

    It also adds ``noise`` to what it carries, if told to: then only who uses what was carried ends right.
    """

    def __init__(self, mine, noise=0.0, seed=0):
        self.N, self.L = len(mine), len(mine[0])
        self.start = [one.clone() for one in mine]
        self.noise, self.seed, self.steps = noise, seed, 0
        self.carried = []
        self.want, self.before, self.final = self._played()
        halfway = self.before[self.N - 1] if self.N > 1 else [[one] for one in self.start]
        self.halfway = [torch.cat(row) for row in halfway]

    def _carried(self, out, step):
        got = [out[r - 1].clone() for r in range(self.N)]
        return [
            one + self.noise * random(*one.shape, seed=self.seed + 97 * step + r) for r, one in enumerate(got)
        ]

    def _played(self):
        N = self.N
        chunks = [list(one.clone().tensor_split(N)) for one in self.start]
        want, before = [], []
        for step in range(2 * (N - 1)):
            late = step >= N - 1
            s = step - (N - 1) * late
            which = [(r + late - s) % N for r in range(N)]
            want.append(which)
            before.append([[c.clone() for c in row] for row in chunks])
            got = self._carried([chunks[r][which[r]] for r in range(N)], step)
            self.carried.append(got)
            for r in range(N):
                c = which[r - 1]
                chunks[r][c] = got[r] if late else chunks[r][c] + got[r]
        return want, before, [torch.cat(row) for row in chunks]

    def __call__(self, out, *more):
        N, step = self.N, self.steps
        most = 2 * (N - 1)
        assert not more, "send takes one thing: the list of what each worker sends."
        assert step < most, (
            f"With {N} workers send is called more than {most} times. So many do it: N − 1 to add up, and "
            "N − 1 to pass the sums on."
            if most
            else "With one worker there is nobody to send to: send is not to be called."
        )
        assert isinstance(out, (list, tuple)) and len(out) == N, (
            f"send takes a list of {N} tensors, one for each worker, and got "
            + (f"{len(out)}." if isinstance(out, (list, tuple)) else f"a {type(out).__name__}.")
        )
        for r, chunk in enumerate(out):
            assert isinstance(chunk, torch.Tensor), f"send takes tensors, and got a {type(chunk).__name__}."
            self._see(r, chunk.detach(), step)
        self.steps += 1
        return self._carried([chunk.detach() for chunk in out], step)

    def _see(self, r, chunk, step):
        """See that worker r sends what it must in this step."""
        N, L, c = self.N, self.L, self.want[step][r]
        late = step >= N - 1
        want = self.before[step][r][c]
        s = step - (N - 1) * late
        name = "all-gather" if late else "reduce-scatter"
        where = f"With {N} workers and {L} entries, in step s = {s} of the {name}, worker {r}"
        if chunk.shape != want.shape:
            if chunk.numel() == L and N > 1:
                words = "that is the whole gradient. A chunk at a time is what makes the ring cheap."
            elif L % N and (
                chunk.numel() in (-(-L // N), L // N)
                or chunk.numel() in {one.numel() for one in torch.empty(L).chunk(N)}
            ):
                words = (
                    "sizes differ by one at most, and the first L mod N chunks are the longer ones. "
                    "Tensor.chunk cuts otherwise; tensor_split does it. Or is it another chunk's turn?"
                )
            else:
                words = "cut with tensor_split(N)."
            raise AssertionError(
                f"{where} sends {_entries(chunk)}, and its chunk {c} has {_entries(want)}: {words}"
            )
        precise(f"What worker {r} sends", chunk, want)
        if close(chunk, want):
            return
        raise AssertionError(
            f"{where} does not send its chunk {c} as it must be by now: {self._why(r, chunk, step)}"
        )

    def _why(self, r, chunk, step):
        N, c = self.N, self.want[step][r]
        late = step >= N - 1
        rows = self.before[step]
        for other in range(N):
            if other != c and close(chunk, rows[r][other]) and rows[r][other].shape == chunk.shape:
                return (
                    f"it sends its chunk {other}. (r + 1 − s) mod N is {c}."
                    if late
                    else (f"it sends its chunk {other}. (r − s) mod N is {c}.")
                )
        if not step:
            return f"it is none of its chunks. (r − s) mod N is {c}."
        own, sent = self.before[step - 1][r][c], self.before[step - 1][r - 1][c]
        into = (
            f"replaces its chunk (r − s) mod N, which was {c}"
            if step > N - 1
            else f"is added to its chunk (r − 1 − s) mod N, which was {c}"
        )
        if close(chunk, own):
            start = self.start[r].tensor_split(N)[c]
            when = "at the start" if close(own, start) else "in the step before"
            return (
                f"it still is what it was {when}. What worker {r} got in the step before {into}, in place: "
                + (".copy_ or [:]." if step > N - 1 else ".add_, or [:] with the sum.")
            )
        arrived = self.carried[step - 1]
        for one in (one for k, one in enumerate(arrived) if k != r):
            if one.shape == chunk.shape and close(chunk, one if step > N - 1 else own + one):
                return "it took what another worker got. What worker r gets is received[r]."
        first = self.start[r - 1].tensor_split(N)
        left = (sent, first[c]) if step > N - 1 else (*self.before[step - 1][r - 1], *first)
        for one in left:
            if one.shape == chunk.shape and close(chunk, one if step > N - 1 else own + one):
                return (
                    f"what {'replaced it' if step > N - 1 else 'was added'} is a chunk as its left neighbour "
                    "has it, and not what send returned. Workers learn of each other only through send: use "
                    "received[r]."
                )
        if late and self.noise:
            return "this network changes what it carries, and you do not use what send returns."
        if step > N - 1:
            return (
                "in the all-gather what a worker gets is a finished sum: it replaces the worker's own chunk, "
                "and is not added. Nor is it divided."
            )
        if late:
            return "is it the sum of all? In the last step of the reduce-scatter, too, what comes is added."
        if close(chunk, arrived[r]):
            return "it sends what it got. First that is added to the worker's own chunk."
        return f"what worker {r} got in the step before, received[{r}], {into}, once and as it is."


def _entries(chunk):
    shape = tuple(chunk.shape)
    count = chunk.numel() if len(shape) == 1 else shape
    return "1 entry" if count == 1 else f"{count} entries" if len(shape) == 1 else f"the shape {shape}"


def ring_hint(error):
    said = str(error)
    if "does not support item assignment" in said:
        return (
            f"tensor_split gives a tuple: chunks[r][i] = … sets an entry of it, and so does +=, which no "
            f"tuple allows. Change the piece itself, in place: .add_, .copy_ or [:]. ({said})"
        )
    if "must match the size" in said or "The expanded size" in said:
        return f"What came has another size than the chunk that it is put to: is it another chunk? ({said})"
    if isinstance(error, (IndexError, KeyError)):
        return f"There are N chunks, also where the length is below N, and indices are taken mod N. ({said})"
    if "modulo by zero" in said or isinstance(error, ZeroDivisionError):
        return f"For one worker there is nothing to divide by N − 1. ({said})"
    return hint_for(error)


IN_PLACE = (
    "If you write chunks[r][i] = …, that name means another tensor then, and mine[r] stays as it is: change "
    "the piece in place, with .add_, .copy_ or [:]."
)


def ring_case(ring, mine, noise=0.0, seed=0, where=""):
    N, L = len(mine), len(mine[0])
    where = where or f"With {N} worker{'s' * (N > 1)} and {L} entries,"
    network, same = Network(mine, noise, seed), list(mine)
    tools.call(ring_hint, ring, mine, network, may_change=(1,))
    most = 2 * (N - 1)
    assert network.steps == most, (
        f"{where} send was not called {most} times, but {network.steps}: it takes N − 1 calls to add up, and "
        "N − 1 to pass the sums on."
    )
    swapped = [r for r in range(N) if len(mine) != N or mine[r] is not same[r]]
    assert not swapped, (
        f"{where} the list mine holds other tensors now. The tensors themselves must hold the sum: write "
        "into them, in place."
    )
    for r in range(N):
        only_first = network.start[r].clone()  # what comes in the first step of the all-gather, into chunk r
        only_first.tensor_split(N)[r].copy_(network.final[r].tensor_split(N)[r])
        slips = [
            (
                network.start[r],
                "it is what it was at the start. What you changed are other tensors: copies, or new ones. "
                f"{IN_PLACE}",
            ),
            (network.halfway[r], f"it is what the reduce-scatter left. The all-gather is lost. {IN_PLACE}"),
            (only_first, f"what the reduce-scatter added is lost. {IN_PLACE}"),
            (network.final[r] / N, "that is the mean. Asked for is the sum."),
        ]
        if noise:
            slips.append(
                (
                    sum(network.start),
                    "that is the sum of what the others hold, and this network has changed what it carried. "
                    "Use what send returns.",
                )
            )
            slips.append(
                (
                    network.final[(r + 1) % N],
                    "that is what another worker has. This network changes what it carries: use what send "
                    "returns.",
                )
            )
        assert mine[r].shape == network.start[r].shape, (
            f"{where} worker {r}'s gradient has another shape now."
        )
        agrees(
            f"{where} worker {r}'s gradient",
            mine[r],
            network.final[r],
            slips,
            "this network changes what it carries, and you do not use what send returns."
            if noise
            else "in the all-gather what worker r gets replaces its chunk (r − s) mod N.",
        )


@question(points=5)
def ring(ring):
    ring_case(ring, [torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0])], where="For (1, 2) and (10, 20),")
    for N, L in ((3, 6), (4, 8), (1, 3), (4, 10), (3, 5), (4, 2)):
        ring_case(ring, [random(L, seed=10 * N + r) for r in range(N)])
    ring_case(ring, [random(9, seed=r) for r in range(4)], noise=1.0, seed=5)


# --- 3 -----------------------------------------------------------------------------------------------------


class Watched(nn.Module):
    """A net of tokens that counts what goes through it, and when ``backward`` comes back."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.log = []

    def forward(self, tokens):
        y = self.net(tokens)
        k = len([what for what, _ in self.log if what == "there"])
        self.log.append(("there", tokens))
        if y.requires_grad:
            y.register_hook(lambda _: self.log.append(("back", k)))
        return y


def small_net(seed, classes=5, width=4):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Embedding(7, width), nn.Tanh(), nn.Linear(width, classes))


def padded(lengths, longest, seed, classes=5):
    """Tokens and labels of some sequences, padded to one length."""
    chance = torch.Generator().manual_seed(seed)
    tokens = torch.randint(7, (len(lengths), longest), generator=chance)
    labels = torch.randint(classes, (len(lengths), longest), generator=chance)
    for row, length in zip(labels, lengths, strict=True):
        row[length:] = -100
    return tokens, labels


def accumulate_hint(error):
    said = str(error)
    if isinstance(error, ZeroDivisionError):
        return f"Something is divided by 0. A micro-batch may be all padding, also the first. ({said})"
    if "Expected target size" in said or "batch_size" in said or "0D or 1D target" in said:
        return f"cross_entropy wants (anything, classes) and (anything): flatten both. ({said})"
    if "does not require grad" in said:
        return (
            f"backward() is called on what is cut off from the net: no .item(), no .detach() before. ({said})"
        )
    if "second time" in said:
        return f"backward() is called twice through one graph. ({said})"
    if "size" in said and "must match" in said or "stack expects" in said or "Sizes of tensors" in said:
        return (
            f"Micro-batches differ in length, so they do not fit together. Take one after the other. ({said})"
        )
    return hint_for(error)


def parts(net, batches):
    """(sum of the losses, counted tokens, positions) of each micro-batch, with their graph.

    And the same without the tokens that are 0: (sum, counted tokens, positions).
    """
    found, without = [], []
    for tokens, labels in batches:
        flat, there = labels.flatten(), tokens.flatten() != 0
        losses = cross_entropy(net(tokens).flatten(end_dim=1), flat, reduction="none")
        counts = flat != -100
        found.append((losses.sum(), int(counts.sum()), flat.numel()))
        without.append((losses[there].sum(), int((counts & there).sum()), int(there.sum())))
    return found, without


def accumulate_slips(found, without):
    """What slips make of the loss: pairs of a loss, with its graph, and a sentence."""
    counted, positions = sum(n for _, n, _ in found), sum(p for _, _, p in found)
    there = [(one, n, p) for one, n, p in found if n]
    M, total = len(found), sum(one for one, _, _ in found)
    means = sum(one / n for one, n, _ in there)
    unequal = (
        "that is the mean of the micro-batches' means. Each counts by its counted tokens: take sums, and "
        "divide by the tokens of the whole batch."
    )
    padding = "padding was counted. Only labels other than −100 count, also in what you divide by."
    so_far = list(itertools.accumulate(n for _, n, _ in found))
    running = (
        "it is divided by the tokens counted so far. Divide by those of the whole batch: count them first."
    )
    by_turns = 0 * total
    for (one, _, _), n in zip(found, so_far, strict=True):
        by_turns = (by_turns + one) / max(n, 1)
    zeros = "tokens that are 0 are left out. 0 is a token like others: what does not count is labelled −100."
    left, counted_left, places_left = (sum(one[k] for one in without) for k in range(3))
    weighed = sum(one / n * k for (one, n, _), (_, _, k) in zip(found, without, strict=True) if n)
    of_left = [
        (one, n)
        for one in (total, left, weighed)
        for n in (counted_left, places_left, counted)
        if n and not (one is total and n == counted)
    ]
    return [
        *((one / n, zeros) for one, n in of_left if one is not weighed or n != counted),
        (sum(one / max(n, 1) for (one, _, _), n in zip(found, so_far, strict=True)), running),
        (by_turns, running),
        (total, "it is not divided by the counted tokens of the whole batch."),
        (
            means,
            "that is the sum of the micro-batches' means: nothing divides them by their number of tokens.",
        ),
        (means / len(there), unequal),
        (means / M, unequal),
        (total / positions, padding),
        (sum(one / n * p for one, n, p in there) / positions, padding),
        (sum(one / p for one, _, p in there) / M, padding),
        (sum(one / p for one, _, p in there), padding),
        (total / M, "it is divided by the number of micro-batches, not by the counted tokens."),
        (total / (counted * M), "do not divide by the number of micro-batches as well."),
        (there[-1][0] / there[-1][1], "that is the last micro-batch's alone."),
        (
            there[-1][0] / counted,
            "that is the last micro-batch's share alone. Is something cleared in the loop?",
        ),
        (
            found[-1][0] / counted,
            "that is the last micro-batch's share alone. Is something cleared in the loop?",
        ),
        (found[0][0] / counted, "that is the first micro-batch's share alone."),
    ]


def slopes(loss, net):
    found = torch.autograd.grad(loss, list(net.parameters()), retain_graph=True, allow_unused=True)
    return torch.cat([
        torch.zeros_like(p).flatten() if g is None else g.flatten()
        for p, g in zip(net.parameters(), found, strict=True)
    ])  # fmt: skip


def accumulate_case(accumulate, net, batches, where):
    twin, watched = copy.deepcopy(net), Watched(net)
    before = [p.detach().clone() for p in net.parameters()]
    old = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in net.parameters()])
    got = tools.call(accumulate_hint, accumulate, watched, batches, names=("net", "batches"))
    _order(watched.log, batches, where)
    found, without = parts(twin, batches)
    counted = sum(n for _, n, _ in found)
    want, slips = sum(one for one, _, _ in found) / counted, accumulate_slips(found, without)
    for p, then in zip(net.parameters(), before, strict=True):
        assert torch.equal(p, then), f"{where} a weight has moved. Only its .grad is asked for."
    assert got is not None, f"{where} you return None. Return the loss of the whole batch."
    grads = [p.grad for p in net.parameters()]
    if any(g is None for g in grads):
        raise AssertionError(f"{where} a parameter's .grad is None: is backward() called?")
    mine, right = torch.cat([g.flatten() for g in grads]), slopes(want, twin)
    if mine.isnan().any():
        raise AssertionError(
            f"{where} a gradient is nan. A micro-batch that is all padding has no mean: take the sum of its "
            "losses, which is 0, or leave it out."
        )
    cleared = "an old gradient was not cleared: backward() adds to what is there."
    off = ((slopes(one, twin), words) for one, words in slips)
    agrees(f"{where} .grad", mine, right, itertools.chain([(right + old, cleared)], off))
    assert not isinstance(got, torch.Tensor), (
        f"{where} you return a tensor. Return a Python float: a tensor may hold its whole graph, .item() "
        "does not."
    )
    got = tools.number(got, f"{where} the loss")
    assert not math.isnan(got), (
        f"{where} the loss is nan. A micro-batch that is all padding has no mean: its sum is 0."
    )
    known = [words for one, words in slips if close(got, one.item()) and not close(one.item(), want.item())]
    assert watched.training, f"{where} the net is in eval() mode now. It was in train() mode: leave it so."
    frozen = not all(p.requires_grad for p in net.parameters())
    assert not frozen, f"{where} a weight no longer asks for gradients, and did before."
    say = expect if known else tools.expect_all_digits
    say(f"{where} the loss", got, want.item(), otherwise=known[0] if known else OTHERWISE)


def _order(log, batches, where):
    """See that each micro-batch went there once, and back before the next."""

    def alike(a, b):
        return a.shape == b.shape and torch.equal(a, b)

    there = [tokens for what, tokens in log if what == "there"]
    for tokens in there:
        known = [k for k, (mine, _) in enumerate(batches) if alike(mine, tokens)]
        assert known, (
            f"{where} the net gets tokens of the shape {tuple(tokens.shape)} that are no micro-batch. Each "
            "goes through by itself, as it is."
        )
        times = sum(alike(one, tokens) for one in there)
        assert times <= len(known), (
            f"{where} batches[{known[0]}] goes through the net {times} times. Once is enough: labels "
            "tell how many tokens count."
        )
    for (what, tokens), (after, _) in itertools.pairwise(log):
        if what == after == "there":
            # What is all padding has no gradient: who leaves out backward() for it leaves out nothing.
            counts = all((labels != -100).any() for mine, labels in batches if alike(mine, tokens))
            assert not counts, (
                f"{where} two micro-batches go through the net one after the other, and backward() comes "
                "later. Then both graphs are in memory, which accumulation is there to avoid: call it for "
                "each."
            )


@question(points=4)
def accumulate(accumulate):
    # Two micro-batches without padding: 8 tokens and 2.
    batches = [padded([4, 4], 4, seed=1), padded([2], 2, seed=6)]
    accumulate_case(accumulate, small_net(1), batches, "For micro-batches of 8 and 2 tokens,")
    batches = [padded([3, 1], 4, seed=3), padded([6, 2, 5], 6, seed=4), padded([1], 3, seed=5)]
    net = small_net(2)
    accumulate_case(accumulate, net, batches, "For micro-batches of 4, 13 and 1 counted tokens, padded,")
    accumulate_case(accumulate, net, batches, "For a net with gradients of an earlier batch,")
    for place, what in ((1, "in the middle"), (2, "at the end"), (0, "at the beginning")):
        some = batches[:2]
        some.insert(place, padded([0, 0], 3, seed=6))
        where = f"With a micro-batch that is all padding {what},"
        accumulate_case(accumulate, small_net(3), some, where)
    accumulate_case(accumulate, small_net(4), batches[:1], "For one micro-batch,")


# --- 4 -----------------------------------------------------------------------------------------------------

STATE = {"SGD": 0, "momentum": 4, "Adam": 8}


def parts_of(stage, optimizer, mixed):
    """What there is for each weight: (what, bytes, whether the stage divides it)."""
    weight, gradient, copied = (2, 2, 4) if mixed else (4, 4, 0)
    found = [
        ("the weight", weight, stage >= 3),
        ("its gradient", gradient, stage >= 2),
        ("its float32 copy", copied, stage >= 1),
        (f"the state of {optimizer}", STATE[optimizer], stage >= 1),
    ]
    return [one for one in found if one[1]]


def bytes_of(weights, N, stage, optimizer, mixed):
    held = parts_of(stage, optimizer, mixed)
    return sum(weights * size / (N if divided else 1) for _, size, divided in held)


DIVIDES = (
    "stage 0 divides nothing",
    "stage 1 divides what is for the update, the copy and the state, and no more",
    "stage 2 divides what is for the update, and the gradients",
    "stage 3 divides everything",
)


UNROUNDED = "nothing is to be rounded: each worker holds an N-th of what is divided, exactly."


def memory_hint(error):
    if isinstance(error, ZeroDivisionError):
        return f"Something is divided by 0: stage may be 0. What is divided, is divided by N. ({error})"
    if isinstance(error, KeyError):
        return f"The optimizers are called SGD, momentum and Adam, and nothing else. ({error})"
    return hint_for(error)


def held_by(memory, weights, N, stage, optimizer, mixed):
    """What an answer says, as a number, and what it says it of."""
    how = "mixed precision" if mixed else "float32"
    what = (
        f"With {weights:,} weights, {N:,} worker{'s' * (N > 1)}, stage {stage}, {optimizer} and {how}, your "
        "number of bytes"
    )
    got = tools.call(memory_hint, memory, weights, N, stage, optimizer, mixed)
    assert got is not None, f"{what} is None. Is a line with return missing?"
    return tools.number(got, what), what


def memory_by_parts(memory, stage, optimizer, mixed):
    """1,000 weights and workers: the thousands are the bytes a weight that are whole, the rest the others."""
    got, what = held_by(memory, 1000, 1000, stage, optimizer, mixed)
    want = bytes_of(1000, 1000, stage, optimizer, mixed)
    if close(got, want):
        return
    held = parts_of(stage, optimizer, mixed)
    total, shared = sum(size for _, size, _ in held), sum(size for _, size, divided in held if divided)
    whole, rest = divmod(round(got, 6), 1000)
    pieces = sum(divided for *_, divided in held)
    lost = whole == total - shared and rest < shared
    up = not rest and total - shared < whole <= total - shared + pieces
    if lost:
        why = (
            f"{UNROUNDED} For each weight {shared} bytes are divided, and {rest:g} of them arrive: is "
            "there // or int, which round down?"
        )
    elif up or abs(got - want) <= 1:
        why = UNROUNDED
    elif close(got, 1000 * want):
        why = "that is what all workers hold together. Asked for is one of them."
    elif whole + rest == total:
        why = (
            f"{DIVIDES[stage]}. You divide {rest:g} of the {total} bytes that there are for each weight, in "
            f"place of {shared}."
        )
    else:
        each = ", ".join(f"{size} for {name}" for name, size, _ in held)
        why = f"for each weight there are {total} bytes, if nothing is divided: {each}."
        if stage:
            why = f"{DIVIDES[stage]}: {shared} of the {total} bytes for each weight ({each})."
    raise AssertionError(explain(what, got, want, {}, digits=12, otherwise=why))


def memory_case(memory, weights, N, stage, optimizer, mixed):
    got, what = held_by(memory, weights, N, stage, optimizer, mixed)
    want = bytes_of(weights, N, stage, optimizer, mixed)
    assert abs(got - want) <= 1e-12 * want, explain(what, got, want, {}, digits=12, otherwise=UNROUNDED)


@question(points=3)
def memory(memory):
    for stage, mixed, optimizer in itertools.product(range(4), (False, True), STATE):
        memory_by_parts(memory, stage, optimizer, mixed)
    memory_case(memory, 10, 4, 2, "momentum", False)
    for stage in range(4):  # the numbers of ZeRO's paper: 120, 31.4, 16.6 and 1.9 GB
        memory_case(memory, 7_500_000_000, 64, stage, "Adam", True)
    memory_case(memory, 101, 7, 3, "Adam", True)
    memory_case(memory, 101, 1, 3, "SGD", False)


# --- 5 -----------------------------------------------------------------------------------------------------

SECONDS = 15.0  # of wall, for processes that take a tenth of one


#: What in_a_process adds to an error's words, for worker_hint.
NO_GRADIENT = "(a parameter's .grad is None)"
EMPTY_SKIPPED = "(a parameter's .grad is None; the shard is empty)"
EMPTY = (
    "Without backward(), p.grad is None. Call it in all ranks, also where the shard is empty: a sum over no "
    "example is 0, and so are its gradients."
)


#: Where each call of torch.distributed takes what it sends: the position, and the names.
SENT = {
    **dict.fromkeys(("all_reduce", "reduce", "broadcast", "gather", "send", "isend"), (0, "tensor")),
    **dict.fromkeys(
        ("gather_object", "send_object_list", "broadcast_object_list"), (0, "obj", "object_list")
    ),
    **dict.fromkeys(("all_gather", "all_gather_object"), (1, "tensor", "obj")),
    "all_gather_into_tensor": (1, "input_tensor"),
}
LEAVES = (
    "An example leaves its rank, in {}. x and y are seen by their own worker only: send what is computed "
    "from them, such as sums and gradients."
)


def keep_here(x, rank):
    """From now on in this process, a call of torch.distributed that sends one of these numbers fails."""
    own = set(x.flatten().tolist())

    def numbers(given):
        if hasattr(given, "tolist"):
            given = given.tolist()
        if isinstance(given, float):
            yield given
        elif isinstance(given, (list, tuple, dict)):
            for part in given.values() if isinstance(given, dict) else given:
                yield from numbers(part)

    def guarded(name, call):
        position, *names = SENT[name]

        @functools.wraps(call)
        def made(*args, **kwargs):
            sent = [*args[position : position + 1], *(kwargs[key] for key in names if key in kwargs)]
            source = kwargs.get("src", args[1] if len(args) > 1 else None)
            receives = name.startswith("broadcast") and source != rank  # into whatever stands there
            if not receives and not own.isdisjoint(numbers(sent)):
                raise AssertionError(LEAVES.format(name))
            return call(*args, **kwargs)

        return made

    for name in SENT:
        call = guarded(name, getattr(dist, name))
        for module in (dist, dist.distributed_c10d):
            setattr(module, name, call)


def in_a_process(worker, rank, N, net, x, y, lr, steps):
    """What runs in each process: the answer, and a look at what it leaves behind."""
    before = x.clone(), y.clone()
    keep_here(x, rank)
    try:
        answer = worker(rank, N, net, x, y, lr, steps)
    except Exception as error:
        if "NoneType" in str(error) and any(p.grad is None for p in net.parameters()):
            error.args = (f"{error} {NO_GRADIENT if len(y) else EMPTY_SKIPPED}",)
        raise
    assert torch.equal(x, before[0]) and torch.equal(y, before[1]), "Your function changed x or y."
    return answer, [p.detach().clone() for p in net.parameters()]


WATCHED = "A weight is changed in place while autograd watches: use torch.no_grad()."
TENSORS = "broadcast and all_reduce take tensors, and change them in place. Put a number into a tensor first."
SIGNS = (
    (EMPTY_SKIPPED, EMPTY),
    (
        NO_GRADIENT,
        "Something is None here. Without backward(), p.grad is None; and all_reduce and broadcast work in "
        "place, and return nothing.",
    ),
    ("view of a leaf Variable", WATCHED),
    ("leaf Variable that requires grad", WATCHED),
    ("does not require grad", "backward() is called on what is cut off from the net."),
    ("second time", "backward() is called twice through one graph."),
    ("Invalid function argument", TENSORS),
    ("has no attribute 'is_complex'", TENSORS),
    ("NoneType", "Something is None here. all_reduce and broadcast work in place, and return nothing."),
    ("contiguous", "all_reduce and broadcast take tensors that lie in memory in order: .contiguous()."),
)


def worker_hint(error, empty=False):
    """The sentence for processes that were ended; ``empty``: whether a rank's shard is."""
    said, words = str(error), error.words
    if error.reason == "differs":
        said = re.sub(r"^call \d+ of torch.distributed is", "One call of torch.distributed is", said)
        if odd := re.search(r"\b(all_reduce|broadcast|reduce) in rank (\d+)", said):
            more = f"\nRank {odd[2]} calls {odd[1]} with what is no tensor. "
            return said + more + (EMPTY if empty else "Without backward(), p.grad is None.")
        return f"{said}\nIs a call left out where the shard is empty? {EMPTY}" if empty else said
    if error.reason == "fails":
        if "AssertionError" in error.kind:
            return words
        for sign, hint in SIGNS:
            if sign in words:
                return f"{hint}\n{said}"
        if error.kind == "ZeroDivisionError":
            return f"A shard may be empty: divide by the examples of the whole batch.\n{said}"
    if error.reason == "waits":
        return (
            f"{said}\nAll ranks must make the same calls, equally often: also rank 0, and also one whose "
            "shard is empty."
        )
    if error.reason == "ends":
        return f"{said} Return from worker; we end the processes."
    if error.reason == "time":
        return f"{said} Is there a loop that never ends?"
    return said


def trained(starts, shards, lr, steps, rule, kept_times=0, tell=None):
    """The weights and losses of each rank, where ``rule`` puts together what the ranks have, in one process.

    ``rule(sums, counts)`` gets the sum of losses, its gradients and the examples of each rank, as pairs
    (sum, count), and returns for each rank what it uses; ``tell`` does so for what it says of
    the loss. Of the gradient of the step before, ``kept_times`` as much is added.
    """
    nets = [copy.deepcopy(net) for net in starts]
    weights = [list(net.parameters()) for net in nets]
    kept = [[torch.zeros_like(p) for p in row] for row in weights]
    losses = [[] for _ in nets]
    for _ in range(steps):
        sums = []
        for net, row, (x, y) in zip(nets, weights, shards, strict=True):
            loss = cross_entropy(net(x), y, reduction="sum")
            grads = torch.autograd.grad(loss, row)
            sums.append([loss.detach(), *grads])
        counts = [len(y) for _, y in shards]
        used = [rule([one[k] for one in sums], counts) for k in range(len(sums[0]))]
        for r, row in enumerate(weights):
            losses[r].append((tell or rule)([one[0] for one in sums], counts)[r].item())
            for k, p in enumerate(row):
                kept[r][k] = used[k + 1][r] + kept_times * kept[r][k]
                with torch.no_grad():
                    p -= lr * kept[r][k]
    return [(torch.cat([p.detach().flatten() for p in row]), losses[r]) for r, row in enumerate(weights)]


def all_alike(value, counts):
    return [value] * len(counts)


def means(sums, counts):
    """The ranks' own means; of no example, 0."""
    return [one / n if n else 0 * one for one, n in zip(sums, counts, strict=True)]


SHARD_ONLY = "it holds this rank's shard only: all_reduce adds up what the ranks have."
UNSEEN = (
    " backward() does not see all_reduce: after all_reduce(loss), too, gradients are of this rank's shard."
)
RULES = {
    "that is the mean of the ranks' means. A shard counts by its size: divide sums by B, all examples.": (
        lambda sums, n: all_alike(sum(means(sums, n)) / len(n), n)
    ),
    "that is the sum of the ranks' means. Divide sums by B, the examples of all ranks.": (
        lambda sums, n: all_alike(sum(means(sums, n)), n)
    ),
    "that is the sum over all examples, and not their mean: divide by B, the examples of all ranks.": (
        lambda sums, n: all_alike(sum(sums), n)
    ),
    "it is divided by the number of ranks, not by B, the examples of all ranks.": (
        lambda sums, n: all_alike(sum(sums) / len(n), n)
    ),
    "it is divided by B, and by the number of ranks once more. The sum over the ranks is the mean already.": (
        lambda sums, n: all_alike(sum(sums) / sum(n) / len(n), n)
    ),
    "it is N times as large as it must be: divided by B, the sum over the ranks is the mean already. Is it "
    "added up twice, or multiplied by N?": (lambda sums, n: all_alike(sum(sums) * len(n) / sum(n), n)),
    "each rank goes its own way, by its own shard: all_reduce adds up what the ranks have.": means,
    SHARD_ONLY: (lambda sums, n: [one / sum(n) for one in sums]),
    "each rank divides by its own number of examples: B is that of all ranks, which all_reduce adds up.": (
        lambda sums, n: [sum(sums) / k if k else 0 * sums[0] for k in n]
    ),
}


def right_rule(sums, n):
    return all_alike(sum(sums) / sum(n), n)


def run(worker, nets, shards, lr, steps, where):
    """The answer's losses and weights, by rank."""
    N = len(nets)
    given = [(worker, r, N, nets[r], *shards[r], lr, steps) for r in range(N)]
    assert callable(worker), f"worker must be a function, and is a {type(worker).__name__}."
    try:
        done = processes.run(in_a_process, given, limit=SECONDS)
    except processes.RankError as error:
        empty = any(len(y) == 0 for _, y in shards)
        raise AssertionError(f"{where.rstrip(',')}: {worker_hint(error, empty)}") from None
    except TypeError as error:
        raise AssertionError(f"{where.rstrip(',')}: {error}") from None
    return [one.returned for one in done]


def worker_case(worker, nets, sizes, lr, steps, where, seed=0, features=3, classes=4):
    N, B = len(nets), sum(sizes)
    x = random(B, features, seed=seed)
    y = torch.randint(classes, (B,), generator=torch.Generator().manual_seed(seed))
    shards = list(zip(x.split(sizes), y.split(sizes), strict=True))
    got = run(worker, nets, [(a.clone(), b.clone()) for a, b in shards], lr, steps, where)
    same = [nets[0]] * N
    want = trained(same, shards, lr, steps, right_rule)
    flats = [torch.cat([one.flatten() for one in weights]) for _, weights in got]
    for r, flat in enumerate(flats):
        what = f"{where} a weight of rank {r} afterwards"
        assert not flat.isnan().any(), (
            f"{what} is nan. A mean over an empty shard is nan: take sums, and divide by B, all examples."
        )
        slips = worker_slips(nets, shards, lr, steps, r)
        agrees(what, flat, want[r][0], slips, _apart(flats, [flat_of(net) for net in nets]))
    for r in range(N):
        _losses(got[r][0], want[r][1], steps, r, where, same, shards, lr)


def _apart(flats, starts):
    """What is said of weights that no slip explains: first, whether the ranks end with the same."""
    if all(close(one, flats[0]) for one in flats):
        return OTHERWISE
    return "the ranks end with different weights: " + (
        "as far apart as they began. All take over rank 0's first, with broadcast."
        if all(
            close(one - flats[0], start - starts[0], 1e-7) for one, start in zip(flats, starts, strict=True)
        )
        else "all must begin with rank 0's, and take the same steps, by what all_reduce has added up."
    )


def worker_slips(nets, shards, lr, steps, r):
    """What slips make of rank r's weights, each when it is asked for."""
    N = len(nets)
    same = [nets[0]] * N

    def ends(begin=same, lr=lr, steps=steps, rule=right_rule, **more):
        return trained(begin, shards, lr, steps, rule, **more)[r][0]

    for words, rule in RULES.items():
        yield ends(rule=rule), words + UNSEEN * (words == SHARD_ONLY)
    yield flat_of(nets[r]), "it is what it was. Change the weights of net itself, in each step."
    yield flat_of(nets[0]), "it is rank 0's at the start: no update was made."
    yield ends(begin=nets), "this rank went on from its own start. All take over rank 0's weights first."
    another = "all began with another rank's weights. Those of rank 0 count: src=0."
    yield from ((ends(begin=[one] * N), another) for one in nets[1:])
    yield from ((ends(kept_times=times), "old gradients are not cleared.") for times in {1, N})
    yield ends(lr=-lr), "the update goes uphill: minus lr · gradient."
    yield ends(lr=1.0), "the step is lr times the gradient: lr is left out."
    yield ends(steps=steps + 1), "that is an update too many."
    yield ends(steps=steps - 1), "that is an update too few."
    for rule in (lambda one: sum(one) / N, sum):
        mixed = copy.deepcopy(nets[0])
        with torch.no_grad():
            for p, *others in zip(mixed.parameters(), *(net.parameters() for net in nets), strict=True):
                p.copy_(rule(others))
        yield ends(begin=[mixed] * N), "the starts were mixed. Rank 0's weights count: broadcast them."


def _losses(losses, want, steps, r, where, same, shards, lr):
    """See that rank r returns the batch's losses."""
    assert losses is not None, f"{where} rank {r} returns None. Return the list of the batch's losses."
    assert isinstance(losses, (list, tuple)), (
        f"{where} rank {r} returns a {type(losses).__name__}. Return a list of {steps} floats."
    )
    assert len(losses) == steps, (
        f"{where} rank {r} returns {len(losses)} losses. There is one for each of {steps} steps."
    )
    for k, loss in enumerate(losses):
        assert not isinstance(loss, torch.Tensor), (
            f"{where} rank {r} returns tensors. Return floats: .item()."
        )
        what = f"{where} losses[{k}] of rank {r}"
        loss = tools.number(loss, what)
        assert not math.isnan(loss), (
            f"{what} is nan. A mean over an empty shard is nan: take sums, and divide by B, all examples."
        )
        if close(loss, want[k]):
            continue
        told = [
            words
            for words, rule in RULES.items()
            if close(loss, trained(same, shards, lr, steps, right_rule, tell=rule)[r][1][k])
        ]
        if close(loss, trained(same, shards, lr, steps + 1, right_rule)[r][1][k + 1]):
            told = ["that is the loss after the update. Asked for is the one before it."]
        say = expect if told else tools.expect_all_digits
        say(what, loss, want[k], otherwise=told[0] if told else OTHERWISE)


def nets_of(N, seed, features=3, classes=4, wide=5):
    """Nets that begin differently."""
    torch.manual_seed(seed)
    return [nn.Sequential(nn.Linear(features, wide), nn.Tanh(), nn.Linear(wide, classes)) for _ in range(N)]


@question(points=5)
def worker(worker):
    # 7 examples. With 4, which are N², sums divided by N would be as large as N times the mean; and with
    # shards of 4 and 1, B − 1 would be the size of a shard.
    where = "With 2 processes, shards of 5 and 2 examples and one step,"
    worker_case(worker, nets_of(2, seed=1), [5, 2], 0.3, 1, where, seed=1)
    where = "With 2 processes, shards of 2 and 5 examples and 4 steps,"
    worker_case(worker, nets_of(2, seed=2), [2, 5], 0.3, 4, where, seed=2)
    where = "With 2 processes, of which one has no examples, and 2 steps,"
    worker_case(worker, nets_of(2, seed=3), [0, 4], 0.3, 2, where, seed=3)
