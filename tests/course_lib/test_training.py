"""The training loop, and descents on landscapes."""

import math

import pytest
import torch

from course_lib import datasets, rules
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


@pytest.mark.parametrize("bad", ["loss", "gradient"])
def test_fit_stops_before_a_bad_update_and_keeps_the_parameters(bad):
    model = line_model()
    before = [p.clone() for p in model.parameters()]
    x = torch.ones(4, 1, dtype=torch.float64)

    def loss_fn(prediction, y):
        # √0 has the value 0 and the gradient ∞; 0 · ∞ is NaN.
        return prediction.sum() * math.nan if bad == "loss" else ((prediction - prediction) ** 2).sum() ** 0.5

    with pytest.raises(FloatingPointError, match="smaller learning rate than 0.1"):
        fit(model, loss_fn, [(x, x)], torch.optim.SGD(model.parameters(), lr=0.1))
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


def test_fit_refuses_nonsense():
    model = line_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = datasets.noisy_line(20)
    for epochs in (0, -1, 1.5):
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
