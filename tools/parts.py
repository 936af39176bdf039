"""Runs the parts of a long command one after the other, each to its end, and says how long each took."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-m"]
PYTEST = [*PYTHON, "pytest"]
# Every notebook executed again, and each output compared with the stored one: see tools/verify.py.
NBVAL = [*PYTEST, "--nbval", "--nbval-cell-timeout=120"]
# Two tests at a time; what one module or class shares stays together.
AT_ONCE = ["-n", "2", "--dist", "loadscope"]
# Three, for tests that wait more than they compute: for limits that run out, for processes that end.
WAITING = ["-n", "3", "--dist", "loadscope"]
# For many short tests in few modules: who has finished takes some of the other's.
SHARED_OUT = ["-n", "2", "--dist", "worksteal"]
# Strict: every dead reference and every warning is an error.
BOOK = [str(Path(sys.executable).with_name("jupyter-book")), "build", "-n", "-W", "--keep-going", "--quiet"]


@dataclass(frozen=True)
class Part:
    name: str
    what: str
    commands: list[list[str]]


def run(parts, root=ROOT):
    """Run all parts, whichever fail, and print their times. Returns (names of those that fail, seconds)."""
    times, failed = {}, []
    for number, part in enumerate(parts, start=1):
        print(f"{number}/{len(parts)} {part.name}: {part.what}", flush=True)
        start = time.perf_counter()
        if any([subprocess.run(command, cwd=root).returncode for command in part.commands]):
            failed.append(part.name)
        times[part.name] = time.perf_counter() - start
    print()
    for name, seconds in times.items():
        print(f"  {clock(seconds)}  {'FAILED' if name in failed else 'passed'}  {name}")
    print(f"  {clock(sum(times.values()))}  in all", flush=True)
    return failed, sum(times.values())


def clock(seconds):
    """Minutes and seconds: " 3:05"."""
    return "{:2d}:{:02d}".format(*divmod(round(seconds), 60))
