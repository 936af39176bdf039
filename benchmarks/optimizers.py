"""How fast one readable rule is, beside torch's own optimizers.

``python -m benchmarks.optimizers`` times, on 10 million parameters in 100 tensors, the optimizer's step alone
and a whole training step (forward, backward, update). ``--quick`` does the same on a tiny model, in seconds:
to see that it runs, not for its numbers.

All contestants take turns, round after round, so that whatever else the machine does hits them alike. What
counts is the ratio to torch's fastest within a round; its median and quartiles over the rounds are printed.
The floor is the time that the memory alone needs: a step reads w, g, m, v and writes w, m, v.
"""

from __future__ import annotations

import argparse
import dataclasses
import platform
import statistics
import sys
import time

import torch

from course_lib import optim

RULES = ("Adam", "AdamW", "RAdam")
TORCHS = {
    "torch for-loop": dict(foreach=False),
    "torch foreach": dict(foreach=True),
    "torch fused": dict(fused=True),
}
OURS = {f"ours {execution}": dict(execution=execution) for execution in optim.EXECUTIONS}
#: The first updates compile, and RAdam takes its second branch at the sixth.
WARM_UP = 8
#: Tensors' worth of memory that a step moves (reads w, g, m, v; writes w, m, v), and a sum in place.
STEP_TRAFFIC, SUM_TRAFFIC = 7, 3


@dataclasses.dataclass(frozen=True)
class Size:
    """``layers`` layers of a weight and a bias, ``width`` wide; batches of ``batch``; rounds of timing."""

    layers: int
    width: int
    batch: int
    rounds: int


FULL = Size(layers=50, width=447, batch=64, rounds=25)
QUICK = Size(layers=3, width=8, batch=4, rounds=3)


class Residual(torch.nn.Module):
    """``layers`` times x ← x + ReLU(Wx + b)."""

    def __init__(self, size):
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(size.width, size.width) for _ in range(size.layers))

    def forward(self, x):
        for layer in self.layers:
            x = x + torch.relu(layer(x))
        return x


def contestants(rule):
    """Name → function (params) → optimizer, of everyone who can execute a rule."""
    theirs, ours = getattr(torch.optim, rule), getattr(optim, rule)
    makers = {}
    for name, switches in TORCHS.items():
        if name != "torch fused" or rule != "RAdam":  # torch has no fused RAdam
            makers[name] = lambda params, switches=switches: theirs(params, **switches)
    for name, switches in OURS.items():
        makers[name] = lambda params, switches=switches: ours(params, **switches)
    return makers


def update_only(make, size):
    """A function that makes one update, with gradients that are there already."""
    model = Residual(size)
    for p in model.parameters():
        p.grad = torch.randn_like(p)
    return make(model.parameters()).step


def training_step(make, size):
    """A function that makes one whole training step."""
    model = Residual(size)
    optimizer = make(model.parameters())
    x, y = torch.randn(size.batch, size.width), torch.randn(size.batch, size.width)

    def step():
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()

    return step


def summing(size):
    """A function that adds to as many numbers as the model has: what memory can do.

    A plain copy would not tell: the processor reads what a copy overwrites, which nobody asked for.
    """
    source = torch.randn(sum(p.numel() for p in Residual(size).parameters()))
    target = torch.zeros_like(source)
    return lambda: target.add_(source)


def take_turns(steps, rounds, label):
    """Time each of the functions once a round. Returns name → list of seconds, one a round."""
    for number, (name, step) in enumerate(steps.items(), start=1):
        say(f"{label}: warming up {number}/{len(steps)}, {name}")
        for _ in range(WARM_UP):
            step()
    seconds = {name: [] for name in steps}
    for number in range(1, rounds + 1):
        say(f"{label}: round {number}/{rounds}")
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            seconds[name].append(time.perf_counter() - start)
    say("")
    return seconds


def say(text):
    """Show progress on one line of the terminal."""
    print(f"\r{text:<70}", end="", file=sys.stderr, flush=True)


def ratios(times, base):
    """Quartiles of the ratio within a round: lower, median, upper."""
    within = sorted(a / b for a, b in zip(times, base, strict=True))
    return statistics.quantiles(within, n=4, method="inclusive")


def table(title, seconds, floor=None):
    """Print how long each contestant took. Returns name → median ratio to torch's fastest."""
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    best = min((name for name in seconds if name in TORCHS), key=medians.get)
    print(
        f"\n{title}\n  {'':<16}{'median':>11}   {'÷ ' + best:>20}   quartiles" + "      ÷ floor" * bool(floor)
    )
    result = {}
    for name, times in seconds.items():
        low, result[name], high = ratios(times, seconds[best])
        line = f"  {name:<16}{1e3 * medians[name]:8.2f} ms   {result[name]:20.2f}   {low:.2f} to {high:.2f}"
        print(line + (f"   {ratios(times, floor)[1]:8.2f}" if floor else ""))
    return result


def aim(text, value, met):
    print(f"  {text}: {value:.2f}, {'met' if met else 'missed'}")


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.optimizers", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--quick", action="store_true", help="a tiny model: see that it runs, in seconds")
    size = QUICK if parser.parse_args(arguments).quick else FULL
    tensors = list(Residual(size).parameters())
    print(f"torch {torch.__version__} on {cpu_name()}, {torch.get_num_threads()} threads, float32")
    print(
        f"{sum(p.numel() for p in tensors):,} parameters in {len(tensors)} tensors, batches of {size.batch}"
    )
    if size is QUICK:
        print("a quick run, to see that it runs: its times mean nothing")
    aims = []
    for rule in RULES:
        makers = contestants(rule)
        steps = {name: update_only(make, size) for name, make in makers.items()}
        seconds = take_turns({**steps, "sum": summing(size)}, size.rounds, f"{rule}, update alone")
        del steps
        sums = seconds.pop("sum")
        floor = [STEP_TRAFFIC / SUM_TRAFFIC * t for t in sums]
        alone = table(f"{rule}: the update alone", seconds, floor)
        moved = SUM_TRAFFIC * 4 * sum(p.numel() for p in tensors) / statistics.median(sums) / 1e9
        print(f"  floor {1e3 * statistics.median(floor):13.2f} ms   (memory moves {moved:.1f} GB/s)")

        steps = {name: training_step(make, size) for name, make in makers.items()}
        whole_seconds = take_turns(steps, size.rounds, f"{rule}, training step")
        del steps
        table(f"{rule}: a whole training step", whole_seconds)
        compiled = "ours compiled"
        if "torch fused" in makers:
            _, value, _ = ratios(whole_seconds[compiled], whole_seconds["torch fused"])
            text = f"{rule}, whole step, compiled ÷ torch fused, aim at most 1.15"
            aims.append((text, value, value <= 1.15))
        else:
            text = f"{rule}, update alone, torch's fastest ÷ compiled, aim at least 2"
            aims.append((text, 1 / alone[compiled], alone[compiled] <= 0.5))
    print("\nAims")
    for each in aims:
        aim(*each)


def cpu_name():
    """What /proc/cpuinfo calls the processor, or else its architecture."""
    try:
        with open("/proc/cpuinfo") as info:
            return next(line.split(":")[1].strip() for line in info if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
