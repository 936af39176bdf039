"""The records of 2.7's four broken runs are what their faults give."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_lib import datasets
from tools.bank import solution


def faulty(fault, epochs=40):
    """The losses of a network on digits, of training and of validation, after each epoch."""
    x, y, _, _ = datasets.digits(seed=3, dtype=torch.float64)
    x, y, x_val, y_val = x[:300], y[:300], x[300:600], y[300:600]
    generator = torch.Generator().manual_seed(0)
    if fault == "labels apart":
        y = y[torch.randperm(300, generator=generator)]
    if fault == "learns by heart":
        wrong = torch.rand(300, generator=generator) < 0.4
        y = torch.where(wrong, torch.randint(10, (300,), generator=generator), y)
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).double()
    if fault == "outputs dead":
        with torch.no_grad():
            net[2].bias -= 3
        net = nn.Sequential(*net, nn.ReLU())
    if fault == "softmax twice":
        net = nn.Sequential(*net, nn.Softmax(dim=1))
    sgd = torch.optim.SGD(net.parameters(), lr=2.0 if fault == "softmax twice" else 0.8)
    seen, new = [], []
    for _ in range(epochs):
        for rows in torch.randperm(300, generator=generator).split(20):
            loss = F.cross_entropy(net(x[rows]), y[rows])
            sgd.zero_grad()
            loss.backward()
            sgd.step()
        with torch.no_grad():
            seen.append(F.cross_entropy(net(x), y).item())
            new.append(F.cross_entropy(net(x_val), y_val).item())
    return seen, new


def test_the_records_are_what_these_faults_give():
    given, cells = {}, {cell.id: cell for cell in solution("2_7_recap").cells}
    exec(cells["records"].source, given)
    exec(cells["diagnosis-answer"].source, given)
    torch_type = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)  # the weights of the start were drawn so
    try:
        for name, fault in given["diagnosis"].items():
            for told, found in zip(given["records"][name], faulty(fault), strict=True):
                assert told == pytest.approx(found, rel=0.006), (name, fault)
    finally:
        torch.set_default_dtype(torch_type)
