"""Devices: which processor this is, and whether there is a GPU for the sections that want one."""

from __future__ import annotations

import platform

import torch

__all__ = ["best", "describe", "gpu_or_skip"]


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


def gpu_or_skip(what: str) -> bool:
    """Whether a GPU is there; where none is, print one line, always the same, that says what is skipped."""
    if torch.cuda.is_available():
        return True
    print(f"No GPU here. Skipped: {what}.")
    return False
