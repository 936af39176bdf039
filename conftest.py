"""Loads the checks that go beside nbval, and puts the root on the path so that tests import `tools`."""

import getpass
import os
import tempfile
from pathlib import Path

pytest_plugins = ["tools.verify"]
# Passages that wait for the lesson which takes them.
collect_ignore = ["chapters/reference/kept"]

# torch keeps compiled code without asking for which instructions, and fails on finding it under another
# ATEN_CPU_CAPABILITY: a folder for each.
_instructions = os.environ.get("ATEN_CPU_CAPABILITY", "all")
_cache = Path(tempfile.gettempdir()) / f"torchinductor_{getpass.getuser()}_{_instructions}"
os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(_cache))
