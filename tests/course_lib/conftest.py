"""Checks live in modules of their own: let a failing assertion in them show its numbers too."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
SHARED = [path.stem for path in HERE.glob("*.py") if not path.stem.startswith(("test_", "conftest"))]
pytest.register_assert_rewrite(*SHARED)
