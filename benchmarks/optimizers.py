"""How fast one readable rule is, beside torch's own optimizers.

``python -m benchmarks.optimizers`` times a whole training step (forward, backward, update) of models with
2 thousand, 0.3 million and 10 million parameters, for the rules that torch has fused kernels for, in each way
that we execute them; and with 10 million, in 100 tensors, each rule's update alone, and its memory.
``--quick`` does the same on a tiny model: to see that it runs, not for its numbers. ``--only Adam SGD``
chooses rules.

All contestants take turns, round after round, so that whatever else the machine does hits them alike. What
counts is the ratio to torch's fastest within a round; its median and quartiles over the rounds are printed.
The floor is the time that the memory alone needs: a step reads w, g and the states and writes w and the
states.
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

#: The rules, their options, and how many states they keep. torch has fused kernels for the first row.
RULES = {
    "SGD": (dict(momentum=0.9), 1), "Adam": ({}, 2), "AdamW": ({}, 2),
    "RMSprop": ({}, 1), "Adadelta": ({}, 2), "Adamax": ({}, 2), "NAdam": ({}, 2), "RAdam": ({}, 2),
}  # fmt: skip
FUSED = ("SGD", "Adam", "AdamW")
TORCHS = {
    "torch for-loop": dict(foreach=False),
    "torch foreach": dict(foreach=True),
    "torch fused": dict(fused=True),
}
EXECUTIONS = ("plain", "flat", "compiled")
OURS = "ours compiled"
#: The first updates compile, and RAdam takes its second branch at the sixth.
WARM_UP = 8


@dataclasses.dataclass(frozen=True)
class Size:
    """``layers`` layers of a weight and a bias, ``width`` wide; batches of ``batch``; rounds of timing."""

    layers: int
    width: int
    batch: int
    rounds: int


SMALL = Size(layers=2, width=31, batch=64, rounds=500)
MEDIUM = Size(layers=6, width=223, batch=64, rounds=100)
FULL = Size(layers=50, width=447, batch=64, rounds=25)
QUICK = Size(layers=3, width=8, batch=4, rounds=3)
#: What a whole step may take: of whom, and how many times as long.
AIMS = {SMALL: ("torch for-loop", 1.0), MEDIUM: ("torch fused", 1.05), FULL: ("torch fused", 1.05)}


class Residual(torch.nn.Module):
    """``layers`` times x ← x + ReLU(Wx + b)."""

    def __init__(self, size):
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(size.width, size.width) for _ in range(size.layers))

    def forward(self, x):
        for layer in self.layers:
            x = x + torch.relu(layer(x))
        return x


def contestants(rule, executions=("compiled",)):
    """Name → function (params) → optimizer, of everyone who can execute a rule."""
    theirs, ours = getattr(torch.optim, rule), getattr(optim, rule)
    options, _ = RULES[rule]
    makers = {}
    for name, switches in TORCHS.items():
        if name != "torch fused" or rule in FUSED:
            makers[name] = lambda params, switches=switches: theirs(params, **options, **switches)
    for how in executions:
        makers[f"ours {how}"] = lambda params, how=how: ours(params, **options, execution=how)
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


def peak_memory(make, size):
    """The most memory that an optimizer held during three steps, in bytes for each byte of parameters.

    What it keeps, and what it needs in between; not the parameters and gradients, which others hold.
    """
    model = Residual(size)
    for p in model.parameters():
        p.grad = torch.randn_like(p)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as run:
        optimizer = make(model.parameters())
        for _ in range(3):
            optimizer.step()
    held = most = 0
    for event in run.profiler.kineto_results.events():
        if event.name() == "[memory]":
            held += event.nbytes()
            most = max(most, held)
    return most / sum(p.numel() * p.element_size() for p in model.parameters())


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
    parser.add_argument("--only", nargs="+", choices=RULES, default=RULES, metavar="RULE", help="which rules")
    arguments = parser.parse_args(arguments)
    size = QUICK if arguments.quick else FULL
    tensors = list(Residual(size).parameters())
    print(f"torch {torch.__version__} on {cpu_name()}, {torch.get_num_threads()} threads, float32")
    print(
        f"{sum(p.numel() for p in tensors):,} parameters in {len(tensors)} tensors, batches of {size.batch}"
    )
    if size is QUICK:
        print("a quick run, to see that it runs: its times mean nothing")
    aims = []
    for each in (QUICK,) if size is QUICK else (SMALL, MEDIUM, FULL):
        aims += [whole_step(rule, each) for rule in arguments.only if rule in FUSED]
    for rule in arguments.only:
        makers = contestants(rule)
        steps = {name: update_only(make, size) for name, make in makers.items()}
        seconds = take_turns({**steps, "sum": summing(size)}, size.rounds, f"{rule}, update alone")
        del steps
        sums = seconds.pop("sum")
        # Reads w, g and the states, writes w and the states; a sum in place moves three tensors' worth.
        floor = [(3 + 2 * RULES[rule][1]) / 3 * t for t in sums]
        alone = table(f"{rule}: the update alone", seconds, floor)
        print(f"  floor {1e3 * statistics.median(floor):13.2f} ms")
        if rule not in FUSED:
            text = f"{rule}, update alone, torch's fastest ÷ compiled, aim at least 2.5"
            aims.append((text, 1 / alone[OURS], alone[OURS] <= 0.4))
        # Everything is compiled by now: the compiler's own memory does not count.
        memory = {name: peak_memory(make, size) for name, make in makers.items()}
        print(f"\n{rule}: memory at its peak, for each byte of parameters")
        for name, value in memory.items():
            print(f"  {name:<16}{value:8.2f}")
        value = memory[OURS] / memory["torch foreach"]
        aims.append((f"{rule}, memory, compiled ÷ torch foreach, aim at most 1.01", value, value <= 1.01))
    print("\nAims")
    for each in aims:
        aim(*each)


def whole_step(rule, size):
    """Time whole training steps, and print them. Returns the aim, (text, ratio, whether it is met)."""
    count = sum(p.numel() for p in Residual(size).parameters())
    makers = contestants(rule, EXECUTIONS)
    steps = {name: training_step(make, size) for name, make in makers.items()}
    seconds = take_turns(steps, size.rounds, f"{rule}, training step, {count:,} parameters")
    table(f"{rule}: a whole training step, {count:,} parameters", seconds)
    whom, most = AIMS.get(size, AIMS[FULL])
    _, value, _ = ratios(seconds[OURS], seconds[whom])
    text = f"{rule}, whole step, {count:,} parameters, compiled ÷ {whom}, aim at most {most}"
    return text, value, value <= most


def cpu_name():
    """What /proc/cpuinfo calls the processor, or else its architecture."""
    try:
        with open("/proc/cpuinfo") as info:
            return next(line.split(":")[1].strip() for line in info if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
