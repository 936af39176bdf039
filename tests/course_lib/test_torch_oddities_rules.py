"""Where torch's optimizers are odd: each difference from ours, or from the paper, with its size.

The reference page names these. When torch changes one of them, the test that fails says which.
"""

import inspect
import math

import pytest
import torch
from rule_agreement import in_own_precision

from course_lib import optim, rules


def noise(updates, shape, seed=0, dtype=torch.float64):
    """Random gradients, one an update."""
    return torch.randn(
        updates, *shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64
    ).to(dtype)


def zeros(*shape, dtype=torch.float64):
    return torch.zeros(shape, dtype=dtype, requires_grad=True)


def update(optimizer, p, g):
    """One update along g. Returns how far p went."""
    before = p.detach().clone()
    p.grad = torch.as_tensor(g, dtype=p.dtype).expand(p.shape).clone()
    optimizer.step()
    return p.detach() - before


# --- NAdam ------------------------------------------------------------------------------------------------


def nadam_gap(product):
    """How far torch's NAdam ends from ours in 50 updates, as a share of one step, with a given product."""
    p, w, s = zeros(6), torch.zeros(6, dtype=torch.float64), {}
    optimizer = torch.optim.NAdam([p], lr=0.01)
    moments = dict(exp_avg=torch.zeros_like(w), exp_avg_sq=torch.zeros_like(w))
    optimizer.state[p] = dict(step=torch.tensor(0.0), mu_product=product, **moments)
    gap = 0.0
    for t, g in enumerate(noise(50, (6,)), start=1):
        update(optimizer, p, g)
        w, s = rules.nadam(w, g, s, t, lr=0.01)
        gap = max(gap, ((w - p.detach()).abs().max() / 0.01).item())
    return gap


def test_nadam_multiplies_its_momenta_in_single_precision():
    p = zeros(6)
    optimizer = torch.optim.NAdam([p])
    update(optimizer, p, 1.0)
    assert p.dtype == torch.float64 and optimizer.state[p]["mu_product"].dtype == torch.float32
    assert 1e-9 < nadam_gap(torch.ones((), dtype=torch.float32)) < 1e-6
    assert nadam_gap(torch.ones((), dtype=torch.float64)) < 1e-13


# --- RMSprop ----------------------------------------------------------------------------------------------


def test_centered_rmsprop_becomes_nan_under_a_constant_gradient():
    """Rounding makes v − ḡ² negative. Ours counts that as 0 and steps by ηg/ε: far too far, but a number."""
    g = torch.linspace(0.1, 8, 40, dtype=torch.float64)
    p, w, s = zeros(40), torch.zeros(40, dtype=torch.float64), {}
    optimizer = torch.optim.RMSprop([p], centered=True, lr=1e-6)
    for t in range(1, 4001):
        update(optimizer, p, g)
        w, s = rules.rmsprop(w, g, s, t, centered=True, lr=1e-6)
    assert p.isnan().any() and w.isfinite().all()


def test_centered_rmsprop_with_a_variance_below_zero():
    p = zeros(1)
    optimizer = torch.optim.RMSprop([p], centered=True, lr=0.01, eps=1e-3)
    v, g_mean = torch.tensor([1 - 1e-12], dtype=torch.float64), torch.ones(1, dtype=torch.float64)
    optimizer.state[p] = dict(step=torch.tensor(9.0), square_avg=v.clone(), grad_avg=g_mean.clone())
    assert update(optimizer, p, 1.0).isnan()
    w, _ = rules.rmsprop(0.0 * v, g_mean, {"v": v, "g_mean": g_mean}, 10, centered=True, lr=0.01, eps=1e-3)
    assert w.item() == pytest.approx(-0.01 / 1e-3)


# --- SGD --------------------------------------------------------------------------------------------------


def test_sgds_first_velocity_is_not_dampened():
    p = zeros(1)
    optimizer = torch.optim.SGD([p], lr=1.0, momentum=0.9, dampening=0.5)
    assert update(optimizer, p, 1.0).item() == -1.0  # g, not (1 − d)g
    assert update(optimizer, p, 1.0).item() == pytest.approx(-(0.9 + 0.5))


def test_sgd_takes_up_an_old_velocity_after_momentum_was_zero():
    """torch keeps the velocity while momentum is 0, and goes on with it. Ours drops it, and starts anew."""
    p, w, s = zeros(1), 0.0, {}
    optimizer = torch.optim.SGD([p], lr=1.0)
    theirs, ours = [], []
    for t, (momentum, g) in enumerate([(0.9, 1.0), (0.0, 0.0), (0.0, 0.0), (0.9, 0.0), (0.9, 0.0)], start=1):
        optimizer.param_groups[0]["momentum"] = momentum
        theirs.append(update(optimizer, p, g).item())
        new_w, s = rules.sgd(w, g, s, t, lr=1.0, momentum=momentum)
        ours.append(new_w - w)
        w = new_w
    assert theirs == pytest.approx([-1, 0, 0, -0.9, -0.81])
    assert ours == [-1, 0, 0, 0, 0]


# --- RAdam ------------------------------------------------------------------------------------------------


def first_divided_update(beta2, threshold):
    """The first update at which ρ is above a threshold, if any."""
    longest = 2 / (1 - beta2) - 1
    rho = {t: longest - 2 * t * beta2**t / (1 - beta2**t) for t in range(1, 200)}
    return next((t for t in rho if rho[t] > threshold), None)


@pytest.mark.parametrize(
    ("beta2", "paper", "code"),
    [(0.6, None, None), (0.65, 8, None), (0.7, 6, 10), (0.8, 5, 7), (0.9, 5, 6), (0.99, 5, 6), (0.999, 5, 6)],
)
def test_radams_threshold_is_five(beta2, paper, code):
    """The paper divides from ρ > 4 on, torch and ours from ρ > 5: usually one update later."""
    assert first_divided_update(beta2, 4) == paper and first_divided_update(beta2, 5) == code
    p, w, s = zeros(1), 0.0, {}
    optimizer = torch.optim.RAdam([p], lr=1.0, betas=(0.9, beta2))
    divided, ours = None, None
    for t in range(1, 31):
        # Under a gradient of 1000 momentum alone moves by 1000, a divided step by less than 1.
        if update(optimizer, p, 1000.0).item() > -2:
            divided = divided or t
        new_w, s = rules.radam(w, 1000.0, s, t, lr=1.0, betas=(0.9, beta2))
        if new_w - w > -2:
            ours = ours or t
        w = new_w
    assert divided == ours == code


def test_radams_fifth_update_would_be_a_tiny_one():
    """With β₂ = 0.999 the paper's fifth step is 0.017η·sign(g); torch's is ηm̂, in the gradient's unit."""
    r = {}
    for t in (5, 6):
        rho = 1999 - 2 * t * 0.999**t / (1 - 0.999**t)
        r[t] = math.sqrt((rho - 4) * (rho - 2) * 1999 / (1995 * 1997 * rho))
    assert round(r[5], 4) == 0.0173 and round(r[6], 4) == 0.0258
    p = zeros(1)
    optimizer = torch.optim.RAdam([p], lr=1.0)
    steps = [update(optimizer, p, 1000.0).item() for _ in range(6)]
    assert steps == pytest.approx([-1000.0] * 5 + [-r[6]])


def test_radams_eps_weighs_more_than_adams():
    """RAdam adds ε to √v before the bias correction: at update 6 it counts 12.9 times as much as Adam's."""
    moves = {}
    for eps in (0.0, 1e-3):
        p = zeros(1)
        optimizer = torch.optim.RAdam([p], lr=1.0, eps=eps)
        moves[eps] = [update(optimizer, p, 1e-2).item() for _ in range(6)][5]
    factor = moves[0.0] / moves[1e-3]  # 1 + weight·ε/|g|
    assert round((factor - 1) * 1e-2 / 1e-3, 1) == round(1 / math.sqrt(1 - 0.999**6), 1) == 12.9


# --- Adam, AMSGrad and Adamax -----------------------------------------------------------------------------


def test_amsgrads_rates_rise_again():
    """torch takes the maximum of v, not of v̂: after one spike the rate grows 25-fold in 1000 updates.

    In the paper, which has no bias correction, rates never rise.
    """
    p = zeros(1)
    optimizer = torch.optim.Adam([p], lr=1.0, betas=(0.0, 0.999), eps=0.0, amsgrad=True)
    rates = [
        -update(optimizer, p, 1.0 if t == 1 else 1e-6).item() / (1.0 if t == 1 else 1e-6)
        for t in range(1, 1001)
    ]
    assert optimizer.state[p]["max_exp_avg_sq"].item() == pytest.approx(0.001)  # v, where v̂ is 1
    assert rates[0] == pytest.approx(1.0)
    assert round(rates[-1], 1) == 25.1
    assert all(later > sooner for sooner, later in zip(rates, rates[1:], strict=False))


def test_adamaxs_eps_is_inside_the_maximum():
    """u is |g| + ε, then falls to ε, and never below. The paper has no ε."""
    p = zeros(1)
    optimizer = torch.optim.Adamax([p], betas=(0.9, 0.5), eps=0.1)
    norms = []
    for g in (1.0, 0.0, 0.0, 0.0, 0.0, 0.0):
        update(optimizer, p, g)
        norms.append(optimizer.state[p]["exp_inf"].item())
    assert norms == pytest.approx([1.1, 0.55, 0.275, 0.1375, 0.1, 0.1])


@pytest.mark.parametrize("name", ["Adam", "Adamax", "NAdam", "RMSprop", "Adagrad"])
def test_without_eps_a_coordinate_without_gradient_becomes_nan(name):
    """0/0: neither torch nor ours guards against it. On floats ours raises ZeroDivisionError."""
    p = zeros(1)
    assert update(getattr(torch.optim, name)([p], eps=0.0), p, 0.0).isnan()
    zero = torch.zeros(1, dtype=torch.float64)
    assert getattr(rules, name.lower())(zero, zero, {}, 1, eps=0.0)[0].isnan()


# --- Adagrad and Adadelta -----------------------------------------------------------------------------------


def test_what_eps_means_differs_from_class_to_class():
    """The first step, with lr = 1 and each class's own ε, in tiny gradients: four meanings of one word."""
    first = {}
    for name in ("Adagrad", "RMSprop", "Adam", "Adadelta"):
        for g in (1e-12, 1e-10, 1e-8, 1e-3, 1.0):
            p = zeros(1)
            first[name, g] = -update(getattr(torch.optim, name)([p], lr=1.0), p, g).item()
    assert first["Adagrad", 1e-10] == pytest.approx(1 / 2)  # ε = 1e-10, beside |g|
    assert first["Adam", 1e-8] == pytest.approx(1 / 2)  # ε = 1e-8, beside |g|, after the correction
    assert first["RMSprop", 1e-8] == pytest.approx(1 / (0.1 + 1))  # ε = 1e-8, beside 0.1·|g|: not corrected
    # Adadelta: ε = 1e-6 under both roots. Tiny gradients are taken as they are; larger ones give √(ε/0.1).
    assert first["Adadelta", 1e-12] == pytest.approx(1e-12)
    assert first["Adadelta", 1.0] == pytest.approx(math.sqrt(1e-6 / 0.1), rel=1e-5)
    assert first["Adadelta", 1e-3] == pytest.approx(1e-3 / math.sqrt(1.1))


def test_adagrad_has_a_state_before_its_first_update():
    p = zeros(1)
    assert torch.optim.Adagrad([p], initial_accumulator_value=0.5).state[p]["sum"].item() == 0.5
    assert not torch.optim.Adam([p]).state and not torch.optim.Adadelta([p]).state


# --- counting ---------------------------------------------------------------------------------------------


def test_torch_counts_updates_up_to_sixteen_million():
    """``step`` is a float32 tensor: from 2²⁴ on adding 1 changes nothing, and lr_decay stands still."""
    p = zeros(1)
    optimizer = torch.optim.Adagrad([p], lr_decay=1e-6)
    optimizer.state[p]["step"].fill_(2.0**24 - 1)
    counts = []
    for _ in range(3):
        update(optimizer, p, 1.0)
        counts.append(optimizer.state[p]["step"].item())
    assert counts == [2**24] * 3


# --- Muon -------------------------------------------------------------------------------------------------


def muon_gap(dtype, shape=(8, 8)):
    """The largest difference of torch's first step from ours, as a share of it, over 20 random gradients."""
    gaps = []
    for seed in range(20):
        p = zeros(*shape, dtype=dtype)
        g = noise(1, shape, seed, dtype)[0]
        theirs = update(torch.optim.Muon([p], lr=1.0, weight_decay=0.0), p, g)
        ours, _ = rules.muon(torch.zeros(shape, dtype=dtype), g, {}, 1, lr=1.0, weight_decay=0.0)
        gaps.append((torch.linalg.norm(theirs - ours) / torch.linalg.norm(ours)).item())
    return max(gaps)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_muon_orthogonalizes_in_bfloat16(dtype):
    """Whatever the weights: its steps are some per cent off, up to 7 here. In their own precision, none."""
    assert 0.01 < muon_gap(dtype) < 0.15
    with in_own_precision():
        assert muon_gap(dtype) < (1e-4 if dtype == torch.float32 else 1e-12)


@pytest.mark.parametrize(("nesterov", "norm"), [(True, 5.0), (False, 1.0)])
def test_muon_overwrites_the_momentum_of_bfloat16_weights(nesterov, norm):
    """Asked for bfloat16, a bfloat16 tensor gives itself: without Nesterov torch then divides its own buffer.

    The buffer after one update is 0.05·g, here of norm 5; torch's is left with norm 1, so that the next
    gradient of norm 100 counts five times as much as it should. Ours is right.
    """
    g = 100 * torch.eye(4, dtype=torch.bfloat16)[:1].expand(1, 4)
    p = zeros(1, 4, dtype=torch.bfloat16)
    optimizer = torch.optim.Muon([p], nesterov=nesterov)
    update(optimizer, p, g)
    assert optimizer.state[p]["momentum_buffer"].norm().item() == pytest.approx(norm, rel=1e-2)
    _, s = rules.muon(torch.zeros_like(g), g, {}, 1, nesterov=nesterov)
    assert s["m"].norm().item() == pytest.approx(5.0, rel=1e-2)


def test_muons_momentum_is_a_mean_not_the_documented_sum():
    """Its documentation says B ← μB + g; its code does B ← μB + (1 − μ)g. The steps are the same."""
    p = zeros(2, 2)
    optimizer = torch.optim.Muon([p], momentum=0.75)
    update(optimizer, p, 1.0)
    assert torch.equal(optimizer.state[p]["momentum_buffer"], torch.full((2, 2), 0.25, dtype=torch.float64))
    assert r"B_t \leftarrow \mu B_{t-1} + g_t" in torch.optim.Muon.__doc__


def test_muon_knows_no_maximize():
    assert "maximize" not in inspect.signature(torch.optim.Muon).parameters


# --- Adafactor --------------------------------------------------------------------------------------------


def test_adafactors_eps_is_that_of_the_first_parameters_precision():
    """``eps=(None, …)`` is resolved once a group: float64 weights after float32 ones get float32's ε₁."""
    moved = {}
    for order in (1, -1):
        single, double = zeros(1, dtype=torch.float32), zeros(1)
        optimizer = torch.optim.Adafactor([single, double][::order], foreach=False)
        for p in (single, double):
            p.grad = torch.full_like(p, 1e-12)
        optimizer.step()
        moved[order] = -double.item()
    ours, _ = rules.adafactor(0.0, 1e-12, {}, 1)
    assert moved[-1] == pytest.approx(1e-2 * 1e-3) == pytest.approx(-ours)
    assert moved[1] == pytest.approx(1e-2 * 1e-3 * 1e-12 / torch.finfo(torch.float32).eps)


def test_adafactors_eps_of_the_paper_makes_zeros_nan_in_single_precision():
    """torch squares ε₁: (1e-30)² is 0 in float32, and zeros are then 0·∞. Ours does not square it."""
    p = zeros(3, dtype=torch.float32)
    update(torch.optim.Adafactor([p], eps=(1e-30, 1e-3), foreach=False), p, 0.0)
    assert p.isnan().all()
    zero = torch.zeros(3)
    assert torch.equal(rules.adafactor(zero, zero, {}, 1, eps=(1e-30, 1e-3))[0], zero)


def test_adafactor_stops_at_a_parameter_without_entries():
    """torch divides by their number, 0. Ours goes on to the next."""
    empty, full = zeros(0, 2), zeros(3)
    with pytest.raises(ZeroDivisionError):
        update(torch.optim.Adafactor([empty], foreach=False), empty, 1.0)
    optimizer = optim.Adafactor([empty, full])
    empty.grad = torch.zeros_like(empty)
    assert update(optimizer, full, 1.0).tolist() == pytest.approx([-1e-5] * 3)
