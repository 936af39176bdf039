"""The training loop, and descents on landscapes."""

import math
from collections import UserDict

import numpy as np
import pytest
import torch

from course_lib import datasets, lr_scheduler, optim, rules
from course_lib.landscapes import ravine
from course_lib.training import descend, fit

mse = torch.nn.functional.mse_loss


def line_model():
    torch.manual_seed(0)
    return torch.nn.Linear(1, 1, dtype=torch.float64)


def test_fit_does_what_the_loop_by_hand_does():
    x, y = datasets.noisy_line(20)
    data = [(x[:10], y[:10]), (x[10:], y[10:])]
    ours, by_hand = line_model(), line_model()
    history = fit(ours, mse, data, torch.optim.SGD(ours.parameters(), lr=0.1, momentum=0.9), epochs=3)

    optimizer, losses = torch.optim.SGD(by_hand.parameters(), lr=0.1, momentum=0.9), []
    for _ in range(3):
        for xb, yb in data:
            loss = mse(by_hand(xb), yb)
            optimizer.zero_grad()
            loss.backward()
            losses.append(loss.item())
            optimizer.step()
    assert history.loss == losses
    assert history.examples == [10, 20, 30, 40, 50, 60]
    for a, b in zip(ours.parameters(), by_hand.parameters(), strict=True):
        assert torch.equal(a, b)


def test_fit_records_the_rate_that_each_update_used():
    x, y = datasets.noisy_line(20)
    model = line_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
    history = fit(model, mse, [(x, y)], optimizer, epochs=5, scheduler=scheduler)
    assert history.lr == pytest.approx([0.1, 0.1, 0.05, 0.05, 0.025])


@pytest.mark.parametrize("of_tensor", [False, True])
def test_fit_records_rates_as_numbers(of_tensor):
    model = line_model()
    lr = torch.tensor(0.125) if of_tensor else 0.125
    optimizer = optim.Adam(model.parameters(), lr=lr)
    scheduler = lr_scheduler.Exponential(optimizer, gamma=0.5)
    x = torch.ones(4, 1, dtype=torch.float64)
    rates = fit(model, mse, [(x, x)], optimizer, epochs=4, scheduler=scheduler).lr
    assert rates == [0.125, 0.0625, 0.03125, 0.015625] and all(type(rate) is float for rate in rates)


ONES = torch.ones(4, 1, dtype=torch.float64)


@pytest.mark.parametrize(
    ("x", "count"),
    [
        (ONES, 4),
        ((ONES, ONES), 4),
        ([ONES, torch.ones(4, 7)], 4),
        ({"input": ONES, "mask": torch.ones(4)}, 4),
        (UserDict(input=ONES, more={"mask": torch.ones(4, 2)}), 4),
        ((ONES, {"mask": torch.ones(4)}), 4),
        ([torch.ones(3), torch.ones(2)], 2),  # two sentences of different lengths
        (["a sentence", "another", "a third"], 3),
        ((ONES, "train"), 4),
        (torch.tensor(1.0), 1),
        (object(), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_fit_counts_the_examples_whatever_x_is(x, count):
    weight = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    history = fit(lambda _: weight, lambda prediction, _: prediction.sum(), [(x, None)], optimizer, epochs=2)
    assert history.examples == [count, 2 * count]


def test_fit_counts_epochs_of_numpys():
    model = line_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    assert len(fit(model, mse, [(ONES, ONES)], optimizer, epochs=np.int64(2)).loss) == 2


@pytest.mark.parametrize("bad", ["loss", "gradient"])
@pytest.mark.parametrize("updates", [0, 2])
def test_fit_stops_before_a_bad_update_and_keeps_what_there_is(bad, updates):
    """The parameters, and the history; and the rate is blamed only if there was an update."""
    model, x = line_model(), torch.ones(4, 1, dtype=torch.float64)
    kept, losses = [], []

    def loss_fn(prediction, y):
        if len(losses) < updates:
            losses.append(mse(prediction, y))
            return losses[-1]
        kept.extend(p.detach().clone() for p in model.parameters())
        # √0 has the value 0 and the gradient ∞; 0 · ∞ is NaN.
        return prediction.sum() * math.nan if bad == "loss" else ((prediction - prediction) ** 2).sum() ** 0.5

    advice = "after 2 updates; try a smaller learning rate than 0.1$"
    if not updates:
        advice = "before any update: look for NaN or inf in the data, or for a log, root or division at 0$"
    with pytest.raises(FloatingPointError, match=advice) as caught:
        fit(model, loss_fn, [(x, 0 * x)], torch.optim.SGD(model.parameters(), lr=0.1), epochs=9)
    assert all(torch.equal(a, b) for a, b in zip(kept, model.parameters(), strict=True))
    history = caught.value.history
    assert history.loss == [loss.item() for loss in losses]
    assert history.lr == [0.1] * updates and history.examples == [4, 8][:updates]


def test_fit_says_at_once_what_it_cannot_drive():
    model = line_model()
    before = [p.detach().clone() for p in model.parameters()]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    refused = [
        (torch.optim.LBFGS(model.parameters()), None, r"LBFGS.step\(\) wants closure, which fit does not"),
        (
            optimizer,
            lr_scheduler.ReduceOnPlateau(optimizer),
            r"ReduceOnPlateau.step\(\) wants metrics, which",
        ),
    ]
    for driven, scheduler, message in refused:
        with pytest.raises(TypeError, match=message):
            fit(model, mse, [(ONES, ONES)], driven, scheduler=scheduler)
    assert all(p.grad is None for p in model.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))
    # What is driven after a scheduler has wrapped its step is still known.
    fit(model, mse, [(ONES, ONES)], optimizer, scheduler=lr_scheduler.Constant(optimizer))


def test_fit_says_that_an_optimizer_has_another_models_parameters():
    model, other = line_model(), line_model()
    with pytest.raises(ValueError, match="no parameter of the optimizer has a gradient: .* another model"):
        fit(model, mse, [(ONES, ONES)], optim.Adam(other.parameters(), lr=0.1))


def test_fit_refuses_nonsense():
    model = line_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = datasets.noisy_line(20)
    for epochs in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match="whole number, at least 1"):
            fit(model, mse, [(x, y)], optimizer, epochs=epochs)
    with pytest.raises(ValueError, match="no batches"):
        fit(model, mse, [], optimizer)
    with pytest.raises(ValueError, match="used up after one epoch"):
        fit(model, mse, iter([(x, y)]), optimizer, epochs=2)


def test_descend_follows_the_closed_form():
    path = descend(ravine(steep=10, flat=2), rules.sgd, (1.0, -3.0), 25, lr=0.05)
    assert len(path) == 26 and path[0] == (1.0, -3.0)
    for t, (x, y) in enumerate(path):
        assert x == pytest.approx((1 - 0.05 * 2) ** t) and y == pytest.approx(-3 * (1 - 0.05 * 10) ** t)


def test_descend_takes_a_gradient_and_ends_where_numbers_end():
    by_autograd = descend(ravine(), rules.adam, (1.0, 1.0), 10, lr=0.1)
    scale = torch.tensor([1.0, 100.0], dtype=torch.float64)
    by_hand = descend(None, rules.adam, (1.0, 1.0), 10, gradient=lambda w: scale * w, lr=0.1)
    assert torch.allclose(torch.tensor(by_autograd), torch.tensor(by_hand))
    diverged = descend(ravine(), rules.sgd, (1.0, 1.0), 5000, lr=1.0)
    assert 10 < len(diverged) < 5001 and all(math.isfinite(v) for v in diverged[-1])
    with pytest.raises(ValueError, match="at least 0"):
        descend(ravine(), rules.sgd, (1.0, 1.0), -1)
