"""Loads the checks that go beside nbval, puts the root on the path so that tests import `tools`, and has a
browser for the tests that open pages."""

import getpass
import os
import tempfile
from pathlib import Path

import pytest

pytest_plugins = ["tools.verify"]
# Passages that wait for the lesson which takes them.
collect_ignore = ["chapters/reference/kept"]

# torch keeps compiled code without asking for which instructions, and fails on finding it under another
# ATEN_CPU_CAPABILITY: a folder for each.
_instructions = os.environ.get("ATEN_CPU_CAPABILITY", "all")
_cache = Path(tempfile.gettempdir()) / f"torchinductor_{getpass.getuser()}_{_instructions}"
os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(_cache))
# What is compiled here is small: processes that would help have to import torch first.
os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")


def pytest_configure(config):
    config.addinivalue_line("markers", "deep: takes long, and hangs on no lesson: `make deep` runs it")
    config.addinivalue_line("markers", "sandboxed: grades in the sandbox; skipped, with the reason, without")


@pytest.hookimpl(tryfirst=True)  # before a fixture is made, which may grade a class
def pytest_runtest_setup(item):
    if item.get_closest_marker("sandboxed"):
        from tools.grading import sandbox

        if why := sandbox.why_not():
            pytest.skip(f"no sandbox: {why}")


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    """A headless Chromium that keeps a record of what pages ask the network for."""
    from tools import browser

    if missing := browser.missing():
        pytest.skip(f"{missing}: no page was tried in a browser")
    driver = browser.chromium(tmp_path_factory.mktemp("browser"))
    yield driver
    driver.quit()
