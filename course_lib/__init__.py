"""The library of the course "Learn the Training Loop with PyTorch".

For programs of one's own:

- ``course_lib.optim``: optimizers, in place of torch's
- ``course_lib.lr_scheduler``: schedulers, for torch's optimizers and these
- ``course_lib.rules``, ``course_lib.schedules``: what both compute, as pure functions
- ``course_lib.training``: the training loop

These need torch only; ``rules`` and ``schedules`` not even that. The other modules are the lessons' own:
data, figures and players. What they need beside torch comes with ``course-lib[notebooks]``.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """A module of the library, imported when it is first asked for."""
    if name in _modules():
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_modules()})


def _modules() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(__path__)]
