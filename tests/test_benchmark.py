"""The benchmark runs, and prints what it promises."""

import re
import subprocess
import sys


def test_quick_benchmark_of_the_optimizers():
    command = [sys.executable, "-m", "benchmarks.optimizers", "--quick"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    for rule in ("Adam", "AdamW", "RAdam"):
        assert f"{rule}: the update alone" in run.stdout and f"{rule}: a whole training step" in run.stdout
    assert len(re.findall(r"ours compiled +[\d.]+ ms +[\d.]+ +[\d.]+ to [\d.]+", run.stdout)) == 6
    assert len(re.findall(r"torch fused +[\d.]+ ms", run.stdout)) == 4, "RAdam has no fused version"
    assert len(re.findall(r"(met|missed)$", run.stdout, re.MULTILINE)) == 3
    assert "round 3/3" in run.stderr
