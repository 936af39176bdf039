"""The monitor: what it writes, in closed forms, and that it changes nothing of what it watches."""

import json
import math

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from course_lib import optim
from course_lib.monitor import Monitor, read_log


def problem(seed=0, dropout=0.0):
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Dropout(dropout), nn.Linear(8, 3)).double()
    return net, torch.randn(20, 6, dtype=torch.float64), torch.randint(3, (20,))


def trained(net, x, y, optimizer, monitor=None, updates=5):
    for _ in range(updates):
        loss = cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        if monitor is None:
            optimizer.step()
        else:
            with monitor(loss, len(x)):
                optimizer.step()
    return [p.detach().clone() for p in net.parameters()]


def ratios(line):
    return part(line, "ratio")


def part(line, kind):
    return {name.partition("/")[2]: value for name, value in line.items() if name.startswith(f"{kind}/")}


# --- closed forms ------------------------------------------------------------------------------------------


def test_plain_descent_moves_the_weights_by_the_rate_times_gradient_over_weight():
    net, x, y = problem()
    monitor = Monitor(net, torch.optim.SGD(net.parameters(), lr=0.25))
    for _ in range(3):
        loss = cross_entropy(net(x), y)
        monitor.optimizer.zero_grad()
        loss.backward()
        expected = {
            name: 0.25 * (p.grad.norm() / p.detach().norm()).item()
            for name, p in net.named_parameters()
            if p.dim() > 1
        }
        squares = sum(p.grad.square().sum().item() for p in net.parameters())
        with monitor(loss, len(x)):
            monitor.optimizer.step()
        line = monitor.history[-1]
        assert ratios(line) == pytest.approx(expected, rel=1e-9)
        assert line["gradient"] == pytest.approx(math.sqrt(squares), rel=1e-12)
        assert line["loss"] == loss.item()
    assert set(expected) == {"0.weight", "3.weight"}  # biases begin at 0: their ratio says nothing


def test_adams_first_update_is_the_rate_over_the_weights_size():
    net, x, y = problem()
    sizes = {n: p.detach().square().mean().sqrt().item() for n, p in net.named_parameters() if p.dim() > 1}
    monitor = Monitor(net, torch.optim.Adam(net.parameters(), lr=0.01, eps=0))
    loss = cross_entropy(net(x), y)
    loss.backward()
    moved = {n: (p.grad != 0).double().mean().sqrt().item() for n, p in net.named_parameters() if p.dim() > 1}
    for p in net.parameters():
        p.grad[p.grad == 0] = 1e-300  # with ε = 0 a gradient of 0 would be 0/0
    with monitor(loss, len(x)):
        monitor.optimizer.step()
    assert min(moved.values()) > 0
    for name, ratio in ratios(monitor.history[0]).items():
        assert 0.01 * moved[name] / sizes[name] * 0.999 <= ratio <= 0.01 / sizes[name] * 1.001


def test_decay_alone_shrinks_by_the_rate_times_decay():
    net, x, y = problem()
    monitor = Monitor(net, optim.AdamW(net.parameters(), lr=0.1, weight_decay=0.5))
    loss = 0 * cross_entropy(net(x), y)
    loss.backward()
    with monitor(loss, len(x)):
        monitor.optimizer.step()
    assert ratios(monitor.history[0]) == pytest.approx({"0.weight": 0.05, "3.weight": 0.05}, rel=1e-6)
    assert monitor.history[0]["gradient"] == 0


def test_a_weight_without_a_gradient_stands_still():
    net, x, y = problem()
    monitor = Monitor(net, torch.optim.SGD(net.parameters(), lr=0.1))
    hidden = net[:3](x).detach()
    loss = cross_entropy(net[3](hidden), y)
    loss.backward()
    with monitor(loss, len(x)):
        monitor.optimizer.step()
    assert ratios(monitor.history[0])["0.weight"] == 0 < ratios(monitor.history[0])["3.weight"]


def test_a_weight_of_zeros_has_no_ratio_until_it_moves():
    net, x, y = problem()
    nn.init.zeros_(net[3].weight)
    monitor = Monitor(net, torch.optim.SGD(net.parameters(), lr=0.1))
    trained(net, x, y, monitor.optimizer, monitor, updates=1)
    assert ratios(monitor.history[0])["3.weight"] == math.inf
    assert ratios(monitor.history[0])["0.weight"] == 0


def test_the_rate_is_that_of_the_update_in_each_group():
    net, x, y = problem()
    groups = [{"params": net[0].parameters(), "lr": 0.5}, {"params": net[3].parameters()}]
    optimizer = torch.optim.SGD(groups, lr=0.25)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    monitor = Monitor(net, optimizer)
    for _ in range(3):
        trained(net, x, y, optimizer, monitor, updates=1)
        scheduler.step()
    rates = [list(part(line, "lr").values()) for line in monitor.history]
    assert rates == [[0.5, 0.25], [0.25, 0.125], [0.125, 0.0625]]


def test_examples_add_up_and_throughput_is_theirs_over_seconds():
    net, x, y = problem()
    monitor = Monitor(net, torch.optim.SGD(net.parameters(), lr=0.1), every=2)
    trained(net, x, y, monitor.optimizer, monitor, updates=5)
    assert [line["update"] for line in monitor.history] == [1, 3, 5]
    assert [line["examples"] for line in monitor.history] == [20, 60, 100]
    last, line = monitor.history[-2:]
    assert line["seconds"] > last["seconds"] > 0
    assert line["per_second"] == pytest.approx(40 / (line["seconds"] - last["seconds"]), rel=1e-9)


def test_activations_are_those_of_the_last_way_there():
    net, x, y = problem()
    monitor = Monitor(net, torch.optim.SGD(net.parameters(), lr=0.1), activations=True)
    with torch.no_grad():
        hidden = net[:2](x)
    trained(net, x, y, monitor.optimizer, monitor, updates=1)
    size, zeros = part(monitor.history[0], "size"), part(monitor.history[0], "zeros")
    assert set(size) == set(zeros) == {"0", "1", "2", "3"}
    assert size["1"] == pytest.approx(hidden.square().mean().sqrt().item(), rel=1e-12)
    assert zeros["1"] == (hidden == 0).double().mean().item() > 0.1
    assert zeros["0"] == 0


# --- it changes nothing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("activations", [False, True])
@pytest.mark.parametrize("make", [lambda p: torch.optim.SGD(p, 0.1, momentum=0.9), optim.Adam])
def test_the_weights_are_bit_for_bit_those_without_it(make, activations, tmp_path):
    ends = []
    for watched in (False, True):
        net, x, y = problem(dropout=0.5)
        optimizer, monitor = make(net.parameters()), None
        if watched:
            monitor = Monitor(net, optimizer, tmp_path / "log", every=2, activations=activations)
        ends.append((trained(net, x, y, optimizer, monitor), torch.get_rng_state()))
    for one, other in zip(*(weights for weights, _ in ends), strict=True):
        assert torch.equal(one, other)
    assert torch.equal(ends[0][1], ends[1][1])


def test_closed_it_leaves_no_hook():
    net, x, y = problem()
    with Monitor(net, torch.optim.SGD(net.parameters(), lr=0.1), activations=True):
        assert any(layer._forward_hooks for layer in net)
    assert not any(layer._forward_hooks for layer in net)


# --- the file, and TensorBoard -----------------------------------------------------------------------------


def test_between_its_lines_it_reads_nothing():
    """On a GPU each number that is read waits for all that was asked of it."""
    net, x, y = problem()
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    cross_entropy(net(x), y).backward()
    monitor = Monitor(net, sgd, every=3)

    class Loss:
        read = 0

        def item(self):
            self.read += 1
            return 1.0

    loss = Loss()
    wanted = []
    norm = torch.Tensor.norm
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.Tensor, "norm", lambda w, *a, **k: wanted.append(w) or norm(w, *a, **k))
        for update in range(1, 8):
            wanted.clear()
            with monitor(loss, 20):
                sgd.step()
            assert bool(wanted) == (update in (1, 4, 7))
    assert loss.read == len(monitor.history) == 3
    assert [line["examples"] for line in monitor.history] == [20, 80, 140]


def test_each_line_is_on_the_disk_as_soon_as_the_update_is_done(tmp_path):
    net, x, y = problem()
    monitor = Monitor(net, torch.optim.SGD(net.parameters(), lr=0.1), tmp_path / "log.jsonl")
    for updates in (1, 2):
        trained(net, x, y, monitor.optimizer, monitor, updates=1)
        lines = (tmp_path / "log.jsonl").read_text().splitlines()
        assert [json.loads(line) for line in lines] == monitor.history and len(lines) == updates
    assert read_log(tmp_path / "log.jsonl") == monitor.history


def test_more_numbers_go_into_the_line():
    net, x, y = problem()
    monitor = Monitor(net, torch.optim.SGD(net.parameters(), lr=0.1))
    loss = cross_entropy(net(x), y)
    loss.backward()
    with monitor(loss, len(x), epoch=3):
        monitor.optimizer.step()
    assert monitor.history[0]["epoch"] == 3
    with pytest.raises(TypeError, match="gradient"), monitor(loss, 1, gradient=3):
        pass


def test_what_is_not_finite_is_written_and_read(tmp_path):
    net, x, y = problem()
    x[0, 0] = math.nan
    monitor = Monitor(net, torch.optim.SGD(net.parameters(), lr=0.1), tmp_path / "log")
    trained(net, x, y, monitor.optimizer, monitor, updates=1)
    (line,) = read_log(tmp_path / "log")
    assert math.isnan(line["loss"]) and math.isnan(line["gradient"])


def test_a_resumed_run_goes_on_in_the_file(tmp_path):
    net, x, y = problem()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    with Monitor(net, optimizer, tmp_path / "log") as monitor:
        trained(net, x, y, optimizer, monitor, updates=4)
    # A checkpoint of update 2: what the broken run wrote after it is written again, and read once.
    with Monitor(net, optimizer, tmp_path / "log") as resumed:
        resumed.update, resumed.examples = 2, 40
        trained(net, x, y, optimizer, resumed, updates=3)
    assert len((tmp_path / "log").read_text().splitlines()) == 7
    log = read_log(tmp_path / "log")
    assert [line["update"] for line in log] == [1, 2, 3, 4, 5]
    assert [line["examples"] for line in log] == [20, 40, 60, 80, 100]
    assert log[:2] == monitor.history[:2] and log[2:] == resumed.history


def test_a_half_written_last_line_is_left_out(tmp_path):
    (tmp_path / "log").write_text('{"update": 1, "loss": 2.0}\n{"update": 2, "lo')
    assert read_log(tmp_path / "log") == [{"update": 1, "loss": 2.0}]
    (tmp_path / "log").write_text('{"update": 1, "lo\n{"update": 2, "loss": 2.0}\n')
    with pytest.raises(ValueError, match="line 1 .* is no line of a monitor"):
        read_log(tmp_path / "log")


class Recorder:
    def __init__(self):
        self.told = []

    def add_scalar(self, tag, value, step):
        self.told.append((tag, value, step))


def test_a_writer_is_told_each_number_once():
    net, x, y = problem()
    writer = Recorder()
    monitor = Monitor(net, torch.optim.SGD(net.parameters(), lr=0.1), writer=writer)
    trained(net, x, y, monitor.optimizer, monitor, updates=2)
    for line in monitor.history:
        assert {tag: value for tag, value, step in writer.told if step == line["update"]} == line
    assert len(writer.told) == sum(map(len, monitor.history))


# --- bad input ---------------------------------------------------------------------------------------------


def test_bad_input_is_refused():
    net, x, y = problem()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="every is a number of updates, at least 1, not 0"):
        Monitor(net, optimizer, every=0)
    other = nn.Linear(2, 2)
    with pytest.raises(ValueError, match="the optimizer holds no weight of the model"):
        Monitor(other, optimizer)
    monitor = Monitor(net, optimizer)
    loss = cross_entropy(net(x), y)
    with pytest.raises(ValueError, match="no parameter of the optimizer has a gradient"), monitor(loss, 20):
        pass
    loss.backward()
    with pytest.raises(RuntimeError, match="cannot be converted to Scalar"), monitor(net(x), 20):
        pass
    assert monitor.update == 0 and monitor.history == []
