"""The unseen tests of assignment 2.2."""

import random

import torch
import torch.nn.functional as F

from course_lib.checks import module
from course_lib.checks.tools import close

the = module("2_2_forward_backward")


def linear_layer(linear_backward, seed=0):
    # Against autograd, for other shapes: one example, one input, one output, square ones.
    for k, (B, D, H) in enumerate(((1, 3, 4), (6, 1, 2), (2, 5, 1), (4, 4, 4), (32, 7, 11))):
        at = 1000 * seed + 10 * k
        dz, x, W = (the.random(*s, seed=at + j) for j, s in enumerate(((B, H), (B, D), (D, H))))
        found = the.three(linear_backward, dz, x, W)
        true = the.by_autograd(lambda x, W, b, dz=dz: ((x @ W + b) * dz).sum(), x, W, torch.zeros(H))
        for name, got, want in zip(("dx", "dW", "db"), found, true, strict=True):
            assert close(got, want), f"with B = {B}, D = {D}, H = {H}, your {name} and autograd differ."


def relu_layer(relu_backward, seed=0):
    for k, shape in enumerate(((1,), (5,), (4, 6), (2, 3, 4, 2), (0, 3))):
        da = the.random(*shape, seed=100 * seed + k)
        z = the.random(*shape, seed=100 * seed + 50 + k).round(decimals=0)  # some are exactly 0
        dz = the.tensor_like(f"with tensors of shape {shape}, dz", the.call(relu_backward, da, z), z)
        want = torch.where(z > 0, da, 0.0)
        assert close(dz, want), f"with tensors of shape {shape}, some z exactly 0, dz is not da where z > 0."
    da, z = the.random(3, seed=seed), torch.tensor([1e-30, -1e-30, 0.0])
    dz = the.tensor_like("with three numbers, dz", the.call(relu_backward, da, z), z)
    assert close(dz, torch.stack([da[0], da[1] * 0, da[2] * 0])), "with z = (1e-30, −1e-30, 0), dz is wrong."


def softmax_loss(cross_entropy, cross_entropy_backward, seed=0):
    # Against torch, for other shapes, sizes of scores and both precisions.
    for k, (B, C, size) in enumerate(
        ((1, 2, 1.0), (1, 1, 1.0), (7, 3, 1.0), (4, 4, 5.0), (3, 9, 300.0), (5, 5, 1e5), (6, 2, 1e-3))
    ):
        at = 1000 * seed + 10 * k
        z, y = size * the.random(B, C, seed=at), the.classes(B, C, seed=at + 1)
        z = z + 100 * the.random(B, 1, seed=at + 2)  # each row at a height of its own
        for dtype, tolerance in ((torch.float64, 1e-9), (torch.float32, 1e-4)):
            scores = z.to(dtype)
            where = (
                f"with {B} rows, {C} classes, scores of size {size:g}, {str(dtype).removeprefix('torch.')},"
            )
            loss = the.loss_of(cross_entropy, scores, y, where)
            the.no_number(where, loss)
            want = F.cross_entropy(scores, y).item()
            assert close(loss, want, tolerance), f"{where} your loss is {loss:.6g}, not {want:.6g}."
            (slip,) = the.by_autograd(lambda z, y=y: F.cross_entropy(z, y), scores)
            dz = the.slip_of(cross_entropy_backward, scores, y, where)
            assert not dz.isnan().any(), f"{where} dz holds nan."
            assert close(dz, slip, tolerance), f"{where} your dz and autograd differ."
    # A large difference of scores, where p is 0 in the computer.
    chance = random.Random(seed)
    far = chance.uniform(800, 2000)
    z, y = torch.tensor([[0.0, far], [far, 0.0]]), torch.tensor([0, 0])
    loss = the.loss_of(cross_entropy, z, y, "with far scores")
    assert close(loss, far / 2), (
        f"with scores (0, {far:.0f}), ({far:.0f}, 0) and y = (0, 0) your loss is {loss:.6g}."
    )


def unbroadcast(unbroadcast, seed=0):
    for k, (big, shape) in enumerate(
        (
            ((3,), (1,)),
            ((3,), ()),
            ((4,), (4,)),
            ((), ()),
            ((1, 5), (5,)),
            ((1, 5), (1, 5)),
            ((4, 1), (1, 1)),
            ((2, 3, 4, 5), (4, 1)),
            ((2, 3, 4, 5), (3, 1, 5)),
            ((2, 3, 4, 5), (2, 1, 1, 5)),
            ((5, 5, 5), (5, 1)),
            ((5, 5, 5), (1, 5, 1)),
        )
    ):
        d = the.random(*big, seed=100 * seed + k)
        got = the.narrowed(unbroadcast, d, shape)
        want = d.sum_to_size(shape)
        assert close(got, want), f"with d of shape {big}, for the shape {shape}, the numbers are wrong."
    d = the.random(4, 3, seed=seed)
    the.narrowed(unbroadcast, d, torch.Size((1, 3)))  # a shape as torch has it


def network(gradients, seed=0):
    for k, (B, D, H, C) in enumerate(
        ((1, 2, 3, 4), (7, 1, 5, 2), (4, 3, 1, 3), (3, 2, 4, 1), (5, 5, 5, 5), (32, 6, 10, 10))
    ):
        where = f"with B = {B}, D = {D}, H = {H}, C = {C},"
        the.agree(gradients, B, D, H, C, seed=1000 * seed + 20 * k + 100, where=where)
    the.agree(gradients, 6, 3, 4, 4, seed=1000 * seed + 500, where="with scores of about 1e5,", scale=1e5)
