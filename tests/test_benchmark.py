"""The benchmark runs, and prints what it promises."""

import re
import subprocess
import sys

import pytest

from benchmarks import optimizers

pytestmark = pytest.mark.deep


def test_quick_benchmark_of_the_optimizers():
    command = [sys.executable, "-m", "benchmarks.optimizers", "--quick", "--only", "SGD", "NAdam"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "SGD: the update alone" in run.stdout and "SGD: a whole training step" in run.stdout
    assert "NAdam: the update alone" in run.stdout and "NAdam: memory" in run.stdout
    assert len(re.findall(r"ours compiled +[\d.]+ ms +[\d.]+ +[\d.]+ to [\d.]+", run.stdout)) == 3
    assert len(re.findall(r"ours (plain|flat) +[\d.]+ ms", run.stdout)) == 2, "of the whole step"
    assert len(re.findall(r"torch fused +[\d.]+ ms", run.stdout)) == 2, "NAdam has no fused version"
    assert len(re.findall(r"(met|missed)$", run.stdout, re.MULTILINE)) == 4
    assert "round 3/3" in run.stderr


@pytest.mark.parametrize("rule", ["SGD", "Adam", "NAdam"])
def test_compiled_needs_no_more_memory_than_torchs_foreach(rule):
    # The gradients of small parameters are copied: that is what the last percent is for.
    size = optimizers.Size(layers=6, width=300, batch=4, rounds=1)
    makers = optimizers.contestants(rule)
    optimizers.peak_memory(makers[optimizers.OURS], size)  # the compiler needs memory too: have it run before
    peaks = {name: optimizers.peak_memory(make, size) for name, make in makers.items()}
    assert peaks[optimizers.OURS] <= 1.01 * peaks["torch foreach"], peaks
