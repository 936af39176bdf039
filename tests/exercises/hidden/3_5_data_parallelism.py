"""The unseen tests of assignment 3.5: other numbers of workers, shards, lengths and nets."""

import math
import random

import torch
from torch import nn

from course_lib.checks import module

the = module("3_5_data_parallelism")


def mean_gradient(mean_gradient, seed=0):
    chance = random.Random(seed)
    for k in range(8):
        N = chance.randrange(1, 6)
        sizes = [chance.choice((0, 1, 2, 17, 1000)) for _ in range(N)]
        sizes[chance.randrange(N)] = chance.randrange(1, 9)
        shapes = [
            tuple(chance.randrange(1, 4) for _ in range(chance.randrange(0, 4))) for _ in range(k % 4 + 1)
        ]
        where = f"for shards of {sizes} examples and weights of the shapes {shapes},"
        the.mean_case(mean_gradient, the.shards_of(sizes, shapes, 1000 * seed + k), sizes, where)
    for sizes in ([0, 0, 1, 0], [1], [2, 2, 0]):
        where = f"for shards of {sizes} examples,"
        the.mean_case(mean_gradient, the.shards_of(sizes, [(2,), (1, 2)], seed), sizes, where)
    gradients = the.shards_of([3, 0, 2], [(2,)], seed)
    gradients[0][0][1] = math.nan
    got = the.call(mean_gradient, gradients, [3, 0, 2], names=("gradients", "sizes"))
    assert got[0][1].isnan() and not got[0][0].isnan(), (
        "a nan of a worker that has examples is gone, or has spread. It stays in its entry: only a worker "
        "without examples is left out."
    )


def ring(ring, seed=0):
    chance = random.Random(seed)
    for N in (2, 3, 5, 8):
        for L in (1, N - 1, N, N + 1, 3 * N - 1, 4 * N):
            mine = [the.random(L, seed=100 * seed + 10 * N + r, scale=3.0) for r in range(N)]
            the.ring_case(ring, mine, chance.choice((0.0, 0.5)), seed + L)
    the.ring_case(ring, [the.random(4, seed=seed)])
    # Gradients that are parts of other tensors, side by side in memory.
    whole = the.random(3, 7, seed=seed)
    the.ring_case(ring, list(whole.unbind()), 0.1, seed, "for gradients that are rows of one tensor,")


def accumulate(accumulate, seed=0):
    chance = random.Random(seed)
    for k in range(5):
        batches = []
        for m in range(chance.randrange(1, 5)):
            longest = chance.randrange(1, 7)
            lengths = [chance.randrange(0, longest + 1) for _ in range(chance.randrange(1, 4))]
            batches.append(the.padded(lengths, longest, 1000 * seed + 10 * k + m))
        batches.append(the.padded([2, 1], 3, seed))
        chance.shuffle(batches)
        where = f"for {len(batches)} micro-batches of random lengths,"
        the.accumulate_case(accumulate, the.small_net(seed + k), batches, where)
    # Labels that are padding in the middle, class 0, and a net with a layer more.
    tokens, labels = the.padded([5, 5], 5, seed)
    labels[0, 1:4], labels[1, :2] = -100, 0
    net = nn.Sequential(nn.Embedding(7, 3), nn.Linear(3, 6), nn.ReLU(), nn.Linear(6, 5))
    net[1].bias.grad = torch.ones(6)
    where = "for padding between tokens, and one old gradient,"
    the.accumulate_case(accumulate, net, [(tokens, labels), the.padded([0], 2, seed)], where)
    net = the.small_net(seed + 11)
    with torch.no_grad():
        net[2].weight.mul_(30)
    batches = [the.padded([4, 4], 4, seed + 1), the.padded([2], 2, seed + 6)]
    the.accumulate_case(accumulate, net, batches, "for gradients that are longer than 1 (they stay so),")


def memory(memory, seed=0):
    chance = random.Random(seed)
    for _ in range(40):
        weights, N = chance.randrange(1, 10**11), chance.choice((1, 2, 3, 7, 64, 1000, 16384))
        for mixed in (False, True):
            the.memory_case(memory, weights, N, chance.randrange(4), chance.choice(list(the.STATE)), mixed)
    for stage in range(4):
        for optimizer in the.STATE:
            the.memory_case(memory, 5, 12, stage, optimizer, True)


def worker(worker, seed=0):
    chance = random.Random(seed)
    sizes = [chance.randrange(1, 6), 0, chance.randrange(6, 9)]
    chance.shuffle(sizes)
    where = f"with 3 processes, shards of {sizes} examples and 3 steps,"
    the.worker_case(worker, the.nets_of(3, seed + 5, wide=3), sizes, 0.4, 3, where, seed)
    # A net of other layers, and shards as even as 9 examples allow.
    torch.manual_seed(seed)
    nets = [
        nn.Sequential(nn.Linear(3, 6, bias=False), nn.ReLU(), nn.LayerNorm(6), nn.Linear(6, 4)) for _ in "ab"
    ]
    where = "with 2 processes, a net with a norm, and shards of 5 and 4 examples,"
    the.worker_case(worker, nets, [5, 4], 0.1, 5, where, seed + 1)
    the.worker_case(worker, the.nets_of(1, seed), [4], 0.2, 2, "with 1 process,", seed)
    where = "with a rate at which the loss rises (all steps are made all the same),"
    the.worker_case(worker, the.nets_of(2, 7), [3, 5], 30.0, 4, where, 7)
    where = "with no step (all take over rank 0's weights all the same),"
    the.worker_case(worker, the.nets_of(2, seed + 9), [2, 3], 0.3, 0, where, seed + 9)
