"""The unseen tests of assignment 3.1."""

import copy
import functools

import torch

from course_lib.checks import module, tools

the = module("3_1_optimizers")

SHAPES = [(), (7,), (2, 1, 4)]


def against_torch(rule, name, seed, every_setting, rate):
    """Other shapes and settings; gradients of very different sizes; rates that fall."""
    rates = tuple(rate / t for t in range(1, 9))
    for number, shape in enumerate(SHAPES):
        for settings in every_setting:
            more = dict(updates=8, spread=True, **settings)
            try:
                t = the.parted(rule, name, shape, 100 * seed + number, rates, **more)
            except (IndexError, RuntimeError) as error:
                if isinstance(error, NotImplementedError):
                    raise
                raise AssertionError(f"with tensors of shape {shape} your rule stops. ({error})") from error
            assert t is None, (
                f"with shape {shape}, {settings}, gradients of very different sizes and a rate that falls as "
                f"{rate}/t, you and torch.optim.{name} part at update {t}."
            )


def defaults(rule, name, seed, what, **settings):
    """Called without hyperparameters, a rule takes those of its question."""
    start, pushes = the.journey((4,), 100 * seed + 40, 5, torch.float64, False)
    w, s = 3 * start, {}
    for t, g in enumerate(pushes, start=1):
        w, s = the.one_update(rule, w, g, s, t, **settings)
    theirs = the.follow_torch(
        getattr(torch.optim, name), 3 * start, pushes, lr=settings.get("lr", 1e-3), **what
    )
    assert the.first_difference([w], theirs[-1:]) is None, (
        "called without its hyperparameters, your rule must take the defaults of the question's first line."
    )


def in_float32(rule, name, seed, lr, **settings):
    t = the.parted(rule, name, (3,), 100 * seed + 50, lr, updates=10, dtype=torch.float32, **settings)
    assert t is None, f"in float32 you and torch.optim.{name} part at update {t}."


def in_turns(rule, seed):
    """Two weights that take turns, each with a state of its own; and a state that is used twice."""
    pushes = [g.item() for g in the.random_gradients(6, (), 100 * seed + 60)]
    alone = [the.follow(rule, 2.0, [k + k * g * g for g in pushes], lr=0.1)[-1] for k in (1, -5)]
    turns, states = [2.0, 2.0], [{}, {}]
    for t, g in enumerate(pushes, start=1):
        for i, k in enumerate((1, -5)):
            turns[i], states[i] = the.one_update(rule, turns[i], k + k * g * g, states[i], t, lr=0.1)
    assert all(map(tools.close, turns, alone)), (
        "two weights that take turns disturb each other: keep all memory in s, none in globals."
    )
    twice = [the.one_update(rule, 2.0, 1.0, states[0], 7, lr=0.1)[0] for _ in range(2)]
    assert twice[0] == twice[1], "called twice with the same w, g, s and t, your rule gives two answers."


def momentum(sgd_momentum, seed=0):
    settings = [dict(momentum=beta, nesterov=flag) for beta in (0.5, 0.99) for flag in (False, True)]
    against_torch(sgd_momentum, "SGD", seed, [dict(momentum=0.0), *settings], 0.1)

    # Without momentum there is nothing to look ahead to.
    start, pushes = the.journey((4,), 100 * seed + 7, 5, torch.float64, False)
    plain = the.follow_torch(torch.optim.SGD, start, pushes, lr=0.1)
    mine = the.follow(sgd_momentum, start, pushes, lr=0.1, momentum=0.0, nesterov=True)
    assert the.first_difference(mine, plain) is None, (
        "with momentum=0, nesterov=True is plain gradient descent; yours is not."
    )

    defaults(sgd_momentum, "SGD", seed, dict(momentum=0.9), lr=0.1)

    # A push, then silence: the weights coast.
    coast = the.follow(sgd_momentum, 0.0, [1.0, 0.0, 0.0], lr=1.0, momentum=0.5)
    the.step_is("after a push of 1 and two zero gradients, with lr = 1 and β = 0.5, w", coast[-1], -1.75)

    in_turns(sgd_momentum, seed)
    in_float32(sgd_momentum, "SGD", seed, 0.1, momentum=0.9, nesterov=True)


def rmsprop(rmsprop, seed=0):
    # From the tiniest gradient to the largest: ε counts, and where it stands counts more.
    for g in (1e-12, -5e-7, 1e-3, 1e6):
        the.step_is(
            f"for g = {g:g} your first step, in units of lr,",
            -the.one_update(rmsprop, 0.0, g, {}, 1, lr=1.0)[0],
            g / (0.1 * abs(g) + 1e-8),
            {g / (0.01 * g * g + 1e-8) ** 0.5: "ε is inside the root. It belongs outside: √v + ε."},
        )

    against_torch(
        rmsprop,
        "RMSprop",
        seed,
        [
            dict(alpha=0.5, eps=1e-8),
            dict(alpha=0.9, eps=1e-12),
            dict(alpha=0.99, eps=1.0),
            dict(alpha=0.999, eps=1e-3),
        ],
        0.05,
    )

    # Without ε, the size of the gradients does not matter.
    pushes = the.random_gradients(10, (4,), 100 * seed + 11)
    zeros = torch.zeros(4, dtype=torch.float64)
    small = the.follow(rmsprop, zeros, pushes, lr=0.1, eps=0.0)
    large = the.follow(rmsprop, zeros, [1e4 * g for g in pushes], lr=0.1, eps=0.0)
    assert the.first_difference(large, small) is None, (
        "with eps=0, gradients 10000 times as large give the same path; yours does not."
    )

    # Gradients, then zeros: the weights stop at once, while v fades.
    halt = the.follow(rmsprop, 0.0, [3.0, 0.0, 0.0], lr=0.1)
    assert halt[0] == halt[1] == halt[2], "with a zero gradient w does not move: RMSProp has no velocity."

    defaults(rmsprop, "RMSprop", seed, {}, lr=0.01)
    in_turns(rmsprop, seed)
    in_float32(rmsprop, "RMSprop", seed, 0.01)


def to_the_end(rule, **more):
    """A long run: under a constant gradient every step is lr, also where the correction hardly counts."""
    w, s = 0.0, {}
    for t in range(1, 3001):
        before = w
        w, s = rule(w, 2.0, s, t, lr=0.1, betas=(0.9, 0.999), eps=0.0, **more)
        assert tools.close(before - w, 0.1, 1e-6), (
            f"under a constant gradient each step is lr; at update {t} yours is {(before - w) / 0.1:.6g}·lr. "
            "The correction stays to the end."
        )


def adam(adam, seed=0):
    # The first step is −lr·g/(|g| + ε), from the tiniest gradient to the largest.
    for size in (1e-12, 5e-7, 1e-3, 1.0, 1e6):
        for g in (size, -size):
            step, want = -the.one_update(adam, 0.0, g, {}, 1, lr=1.0)[0], g / (size + 1e-8)
            inside = {g / (g * g + 1e-8) ** 0.5: "ε is inside the root. It belongs outside: √v̂ + ε."}
            what = f"for g = {g:g} your first step, in units of lr,"
            assert abs(step - want) <= 1e-6 * abs(want), tools.explain(what, step, want, inside)

    against_torch(
        adam,
        "Adam",
        seed,
        [
            dict(betas=(0.9, 0.999), eps=1e-12),
            dict(betas=(0.5, 0.9), eps=1e-8),
            dict(betas=(0.0, 0.99), eps=1e-3),
            dict(betas=(0.9, 0.5), eps=1.0),
            dict(betas=(0.95, 0.2), eps=1e-8),
        ],
        0.05,
    )
    to_the_end(adam)
    defaults(adam, "Adam", seed, {})
    the.stays(adam)
    in_turns(adam, seed)
    in_float32(adam, "Adam", seed, 0.01)


def adamw(adamw, seed=0):
    against_torch(
        adamw,
        "AdamW",
        seed,
        [
            dict(betas=(0.9, 0.999), eps=1e-12, weight_decay=0.5),
            dict(betas=(0.5, 0.9), eps=1e-8, weight_decay=0.0),
            dict(betas=(0.0, 0.99), eps=1.0, weight_decay=3.0),
            dict(betas=(0.95, 0.2), eps=1e-8, weight_decay=1e-2),
        ],
        0.2,
    )
    to_the_end(adamw, weight_decay=0.0)
    defaults(adamw, "AdamW", seed, {})
    in_turns(adamw, seed)
    in_float32(adamw, "AdamW", seed, 0.01)


# --- 5 -----------------------------------------------------------------------------------------------------


def race(optimizer_class, seed, dtype=torch.float64, interrupted=False):
    """The weights after 20 updates: three groups, missing gradients, a schedule, perhaps an interruption."""
    shapes = [(2, 3), (3,), (), (4, 1)]
    pushes = [the.random_gradients(21, shape, 10 * seed + j, dtype) for j, shape in enumerate(shapes)]
    params = [start.pop().requires_grad_() for start in pushes]
    groups = [
        {"params": params[:2]},
        {"params": params[2:3], "lr": 0.3, "betas": (0.5, 0.9)},
        {"params": params[3:], "eps": 1.0},
    ]
    optimizer = the.made(optimizer_class, groups, lr=0.05)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
    for i in range(20):
        the.give(params, [None if (i + j) % 5 == 0 else push[i] for j, push in enumerate(pushes)])
        the.step(optimizer)
        scheduler.step()
        if interrupted and i == 11:
            params = [p.detach().clone().requires_grad_() for p in params]
            groups = [{"params": params[:2]}, {"params": params[2:3]}, {"params": params[3:]}]
            fresh = the.made(optimizer_class, groups, lr=9.0)
            fresh.load_state_dict(copy.deepcopy(optimizer.state_dict()))
            memory = scheduler.state_dict()
            optimizer, scheduler = fresh, torch.optim.lr_scheduler.ExponentialLR(fresh, gamma=0.9)
            scheduler.load_state_dict(memory)
            for group, rate in zip(optimizer.param_groups, scheduler.get_last_lr(), strict=True):
                group["lr"] = rate
    return params


@functools.cache
def torchs_race(seed, dtype=torch.float64):
    return race(torch.optim.Adam, seed, dtype)


def adam_optimizer(MyAdam, seed=0):
    for number in (1, 2):
        straight = race(MyAdam, 100 * seed + number)
        for mine, theirs in zip(straight, torchs_race(100 * seed + number), strict=True):
            assert torch.allclose(mine, theirs, rtol=1e-9, atol=1e-12), (
                "over 20 updates with three groups, missing gradients and a schedule, you and "
                f"torch.optim.Adam part, in a parameter of shape {tuple(mine.shape)}."
            )
    for resumed, mine in zip(race(MyAdam, 100 * seed + 2, interrupted=True), straight, strict=True):
        assert torch.equal(resumed, mine), (
            "with groups and a schedule, an interrupted run does not go on bit for bit."
        )
    for mine, theirs in zip(
        race(MyAdam, 100 * seed + 4, torch.float32),
        torchs_race(100 * seed + 4, torch.float32),
        strict=True,
    ):
        assert mine.dtype == torch.float32, "with float32 parameters: they must stay float32."
        assert torch.allclose(mine, theirs, rtol=1e-5, atol=1e-6), "in float32 you and torch.optim.Adam part."

    for number in (4, 5, 6):
        straight, resumed = (race(MyAdam, 100 * seed + number, torch.float32, cut) for cut in (False, True))
        assert all(map(torch.equal, straight, resumed)), (
            "with float32 parameters, a run that is saved and resumed does not go on bit for bit. "
            "load_state_dict gives the tensors in self.state[p] the type of p: keep m and v in that type, "
            "and t as a plain number."
        )

    # A gradient of zeros is a gradient: m fades, and the parameter goes on by it.
    pushes = [2.0, 0.0, 1e-9, 0.0]
    t = the.first_difference(
        the.both_follow(MyAdam, pushes, lr=0.1), the.both_follow(torch.optim.Adam, pushes, lr=0.1)
    )
    assert t is None, (
        f"with the gradients 2, 0, 1e-9 and 0 you and torch.optim.Adam part at update {t}. Only None is "
        "skipped: after a gradient of zero, too, a parameter moves, by what is left in m."
    )

    # The defaults; and parameters from a generator, as model.parameters() is one.
    pushes = [2.0, -1.0, 0.5]
    mine = the.both_follow(lambda params: MyAdam(one for one in params), pushes)
    t = the.first_difference(mine, the.both_follow(torch.optim.Adam, pushes))
    assert t is None, (
        f"with MyAdam(params) and nothing else, you and torch.optim.Adam part at update {t}. Are lr, betas "
        "and eps handed to the base class as the first line has them?"
    )

    # A real loop: backward fills the same gradient tensors again and again (set_to_none=False), in a closure.
    ends = []
    for optimizer_class in (MyAdam, torch.optim.Adam):
        p, q = the.parameters([3.0, -2.0], [0.5])
        optimizer = the.made(optimizer_class, [p, q], lr=0.2, betas=(0.0, 0.9))

        def closure(p=p, q=q, optimizer=optimizer):
            optimizer.zero_grad(set_to_none=False)
            loss = ((p * torch.tensor([1.0, 5.0]) - q) ** 2).sum() + (q**4).sum()
            loss.backward()
            return loss

        losses = [the.step(optimizer, closure) for _ in range(20)]
        assert all(isinstance(loss, torch.Tensor) for loss in losses), (
            "with a closure, step(closure) must return what the closure returns: keep the line `return loss`."
        )
        before = [p.grad.clone(), q.grad.clone()]
        assert the.step(optimizer) is None, "without a closure, step() returns None: there is no loss."
        unchanged = torch.equal(p.grad, before[0]) and torch.equal(q.grad, before[1])
        assert unchanged, "in a real loop, step() changed p.grad. Only read it."
        ends.append(torch.cat([p.detach(), q.detach()]))
    assert torch.allclose(ends[0], ends[1], rtol=1e-9), (
        "in a loop with a closure and zero_grad(set_to_none=False) you and torch part."
    )

    # A group that joins later; an optimizer with nothing to do; state that is a matter of each optimizer.
    p, q = the.parameters([1.0], [1.0])
    optimizer = the.made(MyAdam, [p], lr=0.1)
    the.step(optimizer)
    assert p.item() == 1.0, "without any gradient nothing moves."
    the.give([p], [1.0])
    the.step(optimizer)
    optimizer.add_param_group({"params": [q], "lr": 0.01})
    the.give([p, q], [1.0, 1.0])
    try:
        the.step(optimizer)
    except (AssertionError, KeyError, AttributeError) as error:
        raise AssertionError(
            "with a group that joins later, optimizer.add_param_group(…), step() stops. Begin the state of a "
            f"parameter at its first update, not in __init__. ({error})"
        ) from error
    moved = 1.0 - p.item(), 1.0 - q.item()
    assert tools.close(moved[0], 0.2, 1e-6) and tools.close(moved[1], 0.01, 1e-6), (
        f"a group that joins at the second update moved by {moved[1]:.5g}, not 0.01, and the first one by "
        f"{moved[0]:.5g}, not 0.2."
    )
    other = the.made(MyAdam, [p], lr=0.1)
    the.give([p], [-1.0])
    the.step(other)
    assert tools.close(p.item(), 0.9, 1e-6), (
        "a second optimizer for the same parameter must start anew, with its own state."
    )
