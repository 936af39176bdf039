"""PyTorch's global switches: read them, set them, and put them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch


def switches() -> dict[str, Any]:
    """The switches as they are."""
    return {
        "grad": torch.is_grad_enabled(),
        "dtype": torch.get_default_dtype(),
        "threads": torch.get_num_threads(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
    }


def switch(to: Mapping[str, Any]) -> None:
    """Set the switches to what :func:`switches` returned."""
    torch.set_grad_enabled(to["grad"])
    torch.set_default_dtype(to["dtype"])
    if torch.get_num_threads() != to["threads"]:
        torch.set_num_threads(to["threads"])
    if torch.are_deterministic_algorithms_enabled() != to["deterministic"]:  # setting it takes seconds
        torch.use_deterministic_algorithms(to["deterministic"])


@contextmanager
def switches_kept() -> Iterator[None]:
    """Put the switches back afterwards: what comes next must not depend on what was switched here."""
    before = switches()
    try:
        yield
    finally:
        switch(before)
