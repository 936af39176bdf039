"""What the library's own tests share is at hand here, too, and shows its numbers when it fails."""

import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parent.parent / "tests" / "course_lib"
sys.path.insert(0, str(SHARED))
pytest.register_assert_rewrite("side_by_side", "problem")
