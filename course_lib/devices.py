"""Devices: which processor this is, and what a GPU does, measured here or recorded where there was one."""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

__all__ = ["best", "describe", "gpu", "gpu_or_skip", "seconds"]

#: What was measured → the device, torch's version, the date, and the lines that were printed. Written by
#: ``python -m tools.record_gpu``.
RECORDINGS = Path(__file__).with_name("recordings.json")


def best() -> torch.device:
    """The fastest ``torch.device`` that torch can use here: ``cuda``, ``mps`` or ``cpu``."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def describe(device: torch.device | str | None = None) -> str:
    """One line on a device: its name, torch's version and, for a CPU, the number of threads."""
    device = torch.device(device) if device is not None else best()
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)}, torch {torch.__version__}"
    threads = torch.get_num_threads()
    return f"{platform.machine()} {device.type}, {threads} threads, torch {torch.__version__}"


def gpu(what: str) -> torch.device | None:
    """The GPU to measure ``what`` on, after a line that names it.

    Where there is none: ``None``, after printing what was recorded on one, or that nothing was yet.
    """
    if torch.cuda.is_available():
        device = torch.device("cuda")
        print(f"{what}, on {describe(device)}:")
        return device
    recorded: dict[str, Any] = json.loads(RECORDINGS.read_text(encoding="utf-8"))
    if what in recorded:
        found = recorded[what]
        print(f"No GPU here. {what}, recorded on {found['device']}, {found['date']}:")
        print("\n".join(found["lines"]))
    else:
        print(f"No GPU here, and no recording yet. Skipped: {what}.")
    return None


def gpu_or_skip(what: str) -> bool:
    """Whether a GPU is there; where none is, print one line, always the same, that says what is skipped."""
    if torch.cuda.is_available():
        return True
    print(f"No GPU here. Skipped: {what}.")
    return False


def seconds(work: Callable[[], Any], device: torch.device | str, repeats: int = 20) -> float:
    """The median time that ``work()`` takes on a device, in seconds, after three calls that do not count.

    A GPU works off a queue: the clock is read when the queue is empty.
    """
    if repeats < 1:
        raise ValueError(f"repeats must be at least 1, not {repeats}")
    device = torch.device(device)
    times = []
    for _ in range(3 + repeats):
        _wait_for(device)
        began = time.perf_counter()
        work()
        _wait_for(device)
        times.append(time.perf_counter() - began)
    return statistics.median(times[3:])


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
