"""The unseen tests of assignment 3.4."""

import functools
import math
import random

import torch
from torch import nn

from course_lib import optim
from course_lib.checks import module
from course_lib.checks.tools import close

the = module("3_4_deep_networks")


def batch_norm(batch_norm, seed=0):
    chance = random.Random(seed)
    for k in range(4):
        n, d = (2, 3) if k == 0 else (chance.randrange(3, 9), chance.choice((1, 4, 7)))
        k += 100 * seed
        x, gamma, beta = (
            the.random(n, d, seed=k, scale=3.0) + 2,
            the.random(d, seed=k + 1),
            the.random(d, seed=k + 2),
        )
        mean, var = the.random(d, seed=k + 3), the.random(d, seed=k + 4).square() + 0.1
        eps = chance.choice((1e-3, 0.2, 2.0))
        for training, mode in ((True, "training"), (False, "eval")):
            where = f"for {n} examples of {d} features, in {mode},"
            options = {"momentum": (0.0, 0.01, 0.6, 1.0)[k % 100], "eps": eps}
            the.batch_case(batch_norm, x, gamma, beta, mean, var, training, where, **options)
            the.batch_gradients(batch_norm, x, gamma, beta, mean, var, training, where, k + 5, eps)
        the.batch_case(batch_norm, x[:1], gamma, beta, mean, var, False, "for one example alone, in eval,")
    # A feature that is the same in all examples.
    flat = torch.full((6, 2), 5.0)
    gamma, beta, mean, var = torch.ones(2), torch.zeros(2), torch.zeros(2), torch.ones(2)
    the.batch_case(batch_norm, flat, gamma, beta, mean, var, True, "for features without any spread,")
    the.batch_gradients(
        batch_norm, flat, gamma, beta, mean, var, True, "for features without any spread,", seed
    )
    # Many batches, one after the other: the record converges, and is used.
    kept, theirs = [mean, var], [mean.clone(), var.clone()]
    for k in range(30):
        x = the.random(8, 2, seed=1000 * seed + k, scale=2.0) + 3
        y, *kept = the.normed(batch_norm, x.requires_grad_(), gamma, beta, *kept, True)
        nn.functional.batch_norm(x, *theirs, gamma, beta, True, 0.1)
    for name, got, want in zip(("mean", "variance"), kept, theirs, strict=True):
        the.agrees(f"after 30 batches, the running {name}", got, want)


def norm(norm, seed=0):
    chance = random.Random(seed)
    for k, shape in enumerate(((1,), (7,), (1, 5), (6, 6), (3, 1, 4), (2, 3, 2, 5), (0, 4))):
        k += 100 * seed
        d = shape[-1]
        weight, bias = the.random(d, seed=k + 1), the.random(d, seed=k + 2)
        x = the.random(*shape, seed=k, scale=3.0) + chance.choice((0.0, 5.0))
        eps = chance.choice((1e-8, 1e-5, 0.1, 3.0))
        for kind in ("layer", "rms"):
            for b in (None, bias):
                has = "no bias" if b is None else "a bias"
                where = f"for the shape {shape}, {has}, eps {eps:g} and {kind!r},"
                the.norm_case(norm, x, weight, b, eps, kind, where)
                if x.numel():
                    the.norm_gradients(norm, x, weight, b, eps, kind, where, k + 3)
    # Rows do not hang on each other.
    x, ones = the.random(4, 5, seed=seed), torch.ones(5)
    for kind in ("layer", "rms"):
        whole = the.rows(norm, x, ones, None, 1e-5, kind)
        alone = the.rows(norm, x[2], ones, None, 1e-5, kind)
        assert close(whole[2], alone), f"for {kind!r}, a row comes out otherwise when it is alone."
        flat = torch.full((2, 5), 3.0)
        the.norm_case(norm, flat, ones, None, 1e-5, kind, f"for rows of equal numbers, and {kind!r},")
        the.norm_gradients(
            norm, flat, ones, None, 1e-5, kind, f"for rows of equal numbers, and {kind!r},", seed
        )


def clip(clip_, seed=0):
    chance = random.Random(seed)
    for k in range(6):
        shapes = [tuple(chance.randrange(1, 5) for _ in range(chance.randrange(0, 4))) for _ in range(k + 1)]
        grads = [the.random(*shape, seed=100 * seed + 10 * k + i) for i, shape in enumerate(shapes)]
        size = the.length(grads)
        for share in (0.01, 0.7, 0.999999, 1.000001, 30):
            for form in (list, tuple, iter, lambda them: (p for p in them)):
                where = f"for gradients of the shapes {shapes}, and most = {share:g} of their norm,"
                with_none = [*grads, None] if k % 2 else [None, *grads]
                the.clip_case(clip_, with_none, share * size, where, form)
    big = [the.random(5, seed=seed, scale=1e6), the.random(2, 2, seed=seed + 1, scale=1e-6)]
    for most in (1, 1e-8, 1e3):
        the.clip_case(clip_, big, most, f"for a large and a small gradient, and most = {most:g},")
    the.clip_case(clip_, big, math.inf, "for most = inf,")
    tiny = [the.random(3, seed=seed, scale=1e-9)]
    the.clip_case(clip_, tiny, the.length(tiny) / 4, "for gradients of 1e-9, and a quarter of their norm,")
    # A gradient that lies in memory the other way round.
    turned = [the.random(3, 4, seed=seed).t(), the.random(2, seed=seed + 1)]
    the.clip_case(clip_, turned, 0.5, "for a gradient that is transposed in memory,")
    for bad in (math.nan, math.inf, -math.inf):
        for most in (0.5, 1e9, math.inf):
            sick = [None, the.random(4, seed=seed), the.random(2, 3, seed=seed + 1), None]
            sick[2][1, 2] = bad
            the.must_raise(clip_, sick, most, f"with one {bad} among the gradients, and most = {most:g},")
    both = [torch.tensor([math.inf, -math.inf]), torch.tensor([1.0])]
    the.must_raise(clip_, both, 1.0, "with inf and −inf among the gradients,")
    # A model's parameters, after a real backward pass.
    model = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 2))
    frozen = model[0].bias.requires_grad_(False)
    (100 * model(the.random(9, 4, seed=seed)).square().sum()).backward()
    before = [p.grad.clone() for p in model.parameters() if p.grad is not None]
    got = the.returned(clip_(model.parameters(), 0.25), "for the parameters of a model,")
    now = [p.grad for p in model.parameters() if p.grad is not None]
    assert frozen.grad is None, "a frozen parameter has a gradient now."
    assert close(got / the.length(before), 1.0), "for a model, what you return is not the norm before."
    assert close(the.length(now), 0.25), (
        f"for a model, the norm afterwards is {the.length(now):.6g}, not 0.25."
    )
    ratio = torch.cat([(new / old).flatten() for new, old in zip(now, before, strict=True)])
    assert close(ratio, ratio[0].item()), "for a model, the gradients' direction has changed."


def block(Block, seed=0):
    torch.manual_seed(seed)
    chance = random.Random(seed)
    for k in range(3):
        d, wide = chance.randrange(2, 9), chance.randrange(1, 12)
        one = the.stirred(the.made(Block, d, wide), 100 * seed + k)
        for shape in ((d,), (1, d), (6, d), (2, 1, 3, d)):
            where = f"for Block({d}, {wide}) and an input of shape {shape}, with random weights,"
            the.block_case(one, the.random(*shape, seed=k, scale=2.0) + 1, where)
            the.block_gradients(one, the.random(*shape, seed=k + 1), where, seed + k)
        one.eval()
        the.block_case(one, the.random(3, d, seed=k), f"for Block({d}, {wide}) in .eval(),")
    for d, wide in ((300, 60), (48, 500)):
        new = the.made(Block, d, wide)
        the.started(new, d, wide, f"in a new Block({d}, {wide})")
        x = the.random(2, 3, d, seed=seed, scale=5.0)
        assert torch.equal(new(x), x), f"a new Block({d}, {wide}) does not hand on its input as it is."
    # A copy by its numbers, and in float32.
    first, second = the.stirred(the.made(Block, 5, 7), seed), the.made(Block, 5, 7)
    second.load_state_dict(first.state_dict())
    x = the.random(4, 5, seed=seed)
    assert close(second(x), first(x)), "a block that loads another one's state_dict does not do the same."
    low = second.float()(x.float())
    assert low.dtype == torch.float32, f"after .float(), a block puts out {low.dtype} for float32."
    # Forty of them learn.
    net = nn.Sequential(*[Block(8, 16) for _ in range(40)], nn.Linear(8, 1))
    x, rule = the.random(64, 8, seed=seed), optim.Adam(net.parameters(), lr=0.003)
    y, losses = (x[:, :1] * x[:, 1:2]).sign(), []
    for _ in range(40):
        loss = (net(x) - y).square().mean()
        rule.zero_grad()
        loss.backward()
        rule.step()
        losses.append(loss.item())
    fall = losses[-1] / losses[0]
    assert fall < 0.5, f"forty blocks learn little: of the loss {fall:.0%} is left."


def scaled_step(scaled_step, seed=0):
    chance = random.Random(seed)
    rules = {
        "SGD": lambda weights: torch.optim.SGD(weights, lr=0.05, momentum=0.9, weight_decay=0.01),
        "Adam": lambda weights: torch.optim.Adam(weights, lr=0.05),
        "the course's AdamW": lambda weights: optim.AdamW(weights, lr=0.05),
    }

    def loss_of(them, sick=None, bad=0.0, place=0):
        them = [the.spoiled(w, bad, place) if k == sick else w for k, w in enumerate(them)]
        return sum(((w - 1).square() * (k + 1)).sum() for k, w in enumerate(them))

    for name, rule in rules.items():
        shapes = [(3,), (), (2, 4), (1,)]
        weights = [nn.Parameter(the.random(*shape, seed=seed + k)) for k, shape in enumerate(shapes)]
        twins = [nn.Parameter(w.detach().clone()) for w in weights]
        unused = nn.Parameter(torch.ones(2))
        unused.grad = torch.ones(2)
        mine, theirs = rule([unused, *weights]), rule(twins)
        scaler = {"scale": 2.0 ** chance.randrange(-3, 20), "good": 0, "every": chance.randrange(1, 5)}
        if name == "Adam":
            scaler |= {"scale": 1000.0, "good": 3, "every": 4}
        for update in range(16):
            sick = chance.choice((None, None, None, 0, 1, 2, 3))
            bad = chance.choice((math.nan, math.inf, -math.inf))
            place = chance.randrange(max(1, weights[sick or 0].numel()))

            where = f"with {name}, at call {update + 1},"
            run = the.settled if sick is None else the.skipped
            more = () if sick is None else (f"A gradient has one {bad}, of weight {sick + 1} of 4.",)
            once = functools.partial(loss_of, weights, sick, bad, place)
            run(scaled_step, once, [unused, *weights], mine, scaler, where, *more)
            if sick is None:
                theirs.zero_grad()
                loss_of(twins).backward()
                for w, twin in zip(weights, twins, strict=True):
                    the.agrees(f"{where} a gradient afterwards", w.grad, twin.grad)
                theirs.step()
            for w, twin in zip(weights, twins, strict=True):
                the.agrees(f"{where} a weight", w.detach(), twin.detach())
            kept = unused.grad is None and bool((unused == 1).all())
            assert kept, (
                f"{where} a parameter that the loss does not use was moved, or has a .grad afterwards."
            )
    # A network whose middle is float16, from a scale that is far too large to one that serves.
    torch.manual_seed(seed)
    W, aim = nn.Parameter(0.5 * the.random(6, 4, seed=seed)), the.random(6, 4, seed=seed + 1)
    v, x = the.random(4, seed=seed + 2), the.random(32, 6, seed=seed + 3)
    y = torch.tanh(x @ aim) @ v

    def small():
        a = torch.tanh(x.half() @ W.half())
        return 1e-7 * (a.double() @ v - y).square().mean()

    scaler, made = {"scale": 2.0**50, "good": 0, "every": 200}, []
    optimizer = torch.optim.SGD([W], lr=2e6)
    first = small().item()
    for _ in range(60):
        was = dict(scaler)
        said, _ = the.one_step(scaled_step, small, [W], optimizer, scaler, "through float16,")
        the.counted(scaler, the.after(was, said), was, said, "through float16,")
        made.append(said)
    assert not made[0], "through float16, with a scale of 2**50, the first update should have been skipped."
    assert sum(made) > 20, f"through float16, your function makes {sum(made)} of 60 updates."
    last = small().item()
    assert last < 0.9 * first, (
        f"through float16, the loss goes from {first:.3g} to {last:.3g}: are the gradients lost on the way?"
    )
    # The loss is infinite, its gradients are not: only these decide.
    w = nn.Parameter(torch.ones(2))
    scaler, rule = {"scale": 4.0, "good": 1, "every": 2}, torch.optim.SGD([w], lr=0.1)
    where = "where the loss is infinite and its gradients are not,"
    the.settled(scaled_step, lambda: w.square().sum() + math.inf, [w], rule, scaler, where)
