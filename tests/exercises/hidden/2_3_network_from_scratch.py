"""The unseen tests of assignment 2.3."""

import torch
from torch import nn

from course_lib.checks import module
from course_lib.checks.tools import close, expect

the = module("2_3_network_from_scratch")


def layers(Linear, Tanh, seed=0):
    # Against autograd, for other shapes and both dtypes.
    for number, (B, inputs, outputs) in enumerate(((1, 1, 1), (1, 4, 3), (5, 2, 6), (8, 7, 1), (3, 3, 3))):
        for dtype in (torch.float64, torch.float32):
            tolerance = 1e-9 if dtype == torch.float64 else 1e-4
            start = 1000 * seed + 10 * number
            W = the.random(inputs, outputs, seed=start, dtype=dtype)
            b = the.random(outputs, seed=start + 1, dtype=dtype)
            layer = the.linear_of(Linear, W, b)
            where = f"for x of shape ({B}, {inputs}), {outputs} outputs and {str(dtype)[6:]},"
            for turn in range(2):  # the second batch has another size
                rows_of = B + turn
                x = the.random(rows_of, inputs, seed=start + 2 + turn, dtype=dtype)
                dz = the.random(rows_of, outputs, seed=start + 4 + turn, dtype=dtype)
                z, dx = the.there_and_back(layer, x, dz)
                leaves = [one.clone().requires_grad_() for one in (x, W, b)]
                leaf_x, leaf_W, leaf_b = leaves
                wanted = leaf_x @ leaf_W + leaf_b
                wanted.backward(dz)
                for name, got, leaf in (
                    ("dx", dx, leaf_x),
                    ("W.grad", W.grad, leaf_W),
                    ("b.grad", b.grad, leaf_b),
                ):
                    assert close(got, leaf.grad, tolerance), f"{where} Linear's {name} is not autograd's."
                assert close(z, wanted.detach(), tolerance), f"{where} Linear's forward is wrong."
            z = the.random(B, inputs, seed=start + 6, dtype=dtype)
            da = the.random(B, inputs, seed=start + 7, dtype=dtype)
            a, dz = the.there_and_back(the.call(Tanh), z, da, "Tanh")
            leaf = z.clone().requires_grad_()
            leaf.tanh().backward(da)
            assert close(a, z.tanh(), tolerance), f"{where} Tanh's forward is wrong."
            assert close(dz, leaf.grad, tolerance), f"{where} Tanh's backward is not autograd's."

    # Far out, where exp overflows.
    a, dz = the.there_and_back(the.call(Tanh), the.rows([1000.0, -1000.0]), the.rows([1.0, 1.0]), "Tanh")
    expect("the tanh of 1000", a[0, 0], 1.0)
    expect("the slope of tanh at −1000", dz[0, 1], 0.0)


def network(Network, seed=0):
    import random

    chance = random.Random(seed)
    for count in (1, 2, 6):
        log = []
        layers = [
            (the.Affine if chance.random() < 0.6 else the.Plain)(
                chance.randint(-3, 3), chance.randint(-3, 3), log
            )
            for _ in range(count)
        ]
        net = the.call(Network, list(layers))
        for _ in range(2):
            x = there = chance.uniform(-1, 1)
            for layer in layers:
                there = layer.a * there + layer.c
            expect(f"with {count} layers, forward", the.called(net, "forward", layers, log, x), there)
            back = dz = chance.uniform(-1, 1)
            for layer in reversed(layers):
                back = layer.a * back + 1
            expect(f"with {count} layers, backward", the.called(net, "backward", layers, log, dz), back)
        want = [p for layer in layers for p in layer.parameters()]
        listed = the.parameters_of(net)
        assert len(listed) == len(want) and all(p is q for p, q in zip(listed, want, strict=True)), (
            f"with {count} layers, parameters() does not list the layers' tensors, in order."
        )

    # The same layer in two places, and a network inside of a network.
    log = []
    shared = the.Affine(2, 1, log)
    net = the.call(Network, [shared, shared])
    expect("the same layer twice, forward", the.called(net, "forward", [shared, shared], log, 1.0), 7.0)
    log = []
    parts = [the.Affine(2, 1, log), the.Affine(3, 2, log)]
    inner = the.call(Network, [parts[1]])
    outer = the.call(Network, [parts[0], inner])
    expect("a network as a layer of another, forward", the.called(outer, "forward", parts, log, 1.0), 11.0)
    expect("a network as a layer of another, backward", the.called(outer, "backward", parts, log, 1.0), 9.0)
    assert len(the.call(outer.parameters)) == 4, "a network as a layer of another: it has 4 parameters."


def run_epoch(run_epoch, seed=0):
    for number, (n, size, lr, epochs) in enumerate(
        ((9, 4, 0.3, 3), (5, 5, 0.1, 2), (6, 1, 0.2, 2), (7, 3, 1.5, 3))
    ):
        start = 1000 * seed + 100 * number
        mine, reference = the.Scores(3, 4, start), the.Scores(3, 4, start)
        x = the.random(n, 3, seed=start + 10)
        y = torch.randint(0, 4, (n,), generator=torch.Generator().manual_seed(start + 11))
        for epoch in range(epochs):
            order = torch.randperm(n, generator=torch.Generator().manual_seed(start + 20 + epoch))
            batches = list(order.split(size))
            loss = the.epoch_of(run_epoch, mine, the.MeanCrossEntropy(), x, y, batches, lr)
            want = the.one_epoch(reference, the.MeanCrossEntropy(), x, y, batches, lr)
            where = f"with {n} examples in batches of {size}, lr {lr}, in epoch {epoch + 1}"
            expect(f"{where}, the mean loss", loss, want, tolerance=1e-8)
            for p, q in zip(mine.parameters(), reference.parameters(), strict=True):
                assert close(p, q, 1e-8), f"{where}, a weight is not the right one."
    # Some examples only, and a single batch.
    mine, reference = the.Scores(2, 3, seed + 7), the.Scores(2, 3, seed + 7)
    x, y = the.random(6, 2, seed=seed + 8), torch.tensor([0, 1, 2, 0, 1, 2])
    batches = [torch.tensor([5, 1])]
    loss = the.epoch_of(run_epoch, mine, the.MeanCrossEntropy(), x, y, batches, 0.4)
    want = the.one_epoch(reference, the.MeanCrossEntropy(), x, y, batches, 0.4)
    expect("with one batch of two of six examples, the mean loss", loss, want)


def evaluate(evaluate, seed=0):
    for number, (n, size) in enumerate(((1, 1), (10, 3), (10, 10), (10, 11), (101, 100), (64, 7))):
        start = 1000 * seed + 100 * number
        net = the.Scores(3, 4, start)
        x = the.random(n, 3, seed=start + 10)
        y = torch.randint(0, 4, (n,), generator=torch.Generator().manual_seed(start + 11))
        loss, percent = the.judged(evaluate, net, the.MeanCrossEntropy(), x, y, size)
        scores = net.forward(x)
        where = f"with {n} examples and size {size}"
        right = 100 * (scores.argmax(dim=1) == y).double().mean().item()
        expect(f"{where}, the percentage", percent, right, tolerance=1e-6)
        expect(f"{where}, the mean loss", loss, the.MeanCrossEntropy().forward(scores, y).item())
    # float32, scores below zero, and all right.
    net = the.Echo()
    net.w = net.w.float()
    net.w.grad = None
    x = -torch.eye(3, dtype=torch.float32) - 1
    y = torch.tensor([1, 2, 0])
    loss, percent = the.judged(evaluate, net, the.MeanCrossEntropy(), -(x + 1) - 3, torch.arange(3), 2)
    expect("with scores that are all negative, all right, the percentage", percent, 100.0)
    loss, percent = the.judged(evaluate, net, the.MeanCrossEntropy(), x + 0.1 * torch.eye(3), y.roll(1), 2)
    expect("with scores that are all negative, none right, the percentage", percent, 0.0)


def bridge(Net, convert, count, seed=0):
    for number, sizes in enumerate(([5, 1], [1, 6, 1], [4, 3, 2], [3, 3, 3, 3], [2, 7, 5, 3, 4])):
        the.a_net(Net, sizes)
        for dtype in (torch.float64, torch.float32):
            net, pairs = the.converted(Net, convert, sizes, 1000 * seed + 100 * number, dtype)
            numbers = sum(a * b + b for a, b in zip(sizes, sizes[1:], strict=False))
            expect(f"of Net({sizes}), count", the.counted(count, net), numbers)
        # It trains as the network from scratch does.
        net, pairs = the.converted(Net, convert, sizes, 1000 * seed + 100 * number + 50)
        leaves = [one.clone().requires_grad_() for pair in pairs for one in pair]
        x = the.random(4, sizes[0], seed=seed + 60)
        again = list(zip(leaves[::2], leaves[1::2], strict=True))
        the.scores_of(again, x).square().mean().backward()
        net(x).square().mean().backward()
        mine = sorted(p.grad.norm().item() for p in net.parameters())
        want = sorted(leaf.grad.norm().item() for leaf in leaves)
        assert close(mine, want, 1e-8), f"Net({sizes}) has other slopes than the network from scratch."
    # Other modules: a weight in two places is one weight.
    first, second = nn.Linear(3, 3), nn.Linear(3, 3)
    expect("of a layer that stands in two places, count", the.counted(count, nn.Sequential(first, first)), 12)
    second.weight = first.weight
    expect(
        "of two layers with one weight for both, count", the.counted(count, nn.Sequential(first, second)), 15
    )
    first.requires_grad_(False)
    expect("of a frozen layer, count", the.counted(count, first), 0)
    expect("of an embedding of 10 rows of 4, count", the.counted(count, nn.Embedding(10, 4)), 40)
    expect("of a convolution, count", the.counted(count, nn.Conv2d(2, 3, 3)), 57)
